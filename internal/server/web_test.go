package server

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/parley-chat/parley/internal/config"
)

const testIndex = `<!doctype html><html><head><title>Parley</title><script>theme()</script></head><body><svg><title>mark</title></svg>` +
	`<script type="module" src="/assets/main-1a.js"></script></body></html>`

func zipped(text string) []byte {
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	_, _ = z.Write([]byte(text))
	_ = z.Close()
	return out.Bytes()
}

// builtClient is a client as the build leaves it, under some settings.
func builtClient(t *testing.T, environ ...string) *webClient {
	t.Helper()
	cfg, err := config.Open(config.Options{Environ: environ})
	if err != nil {
		t.Fatal(err)
	}
	return newWebClient(fstest.MapFS{
		".gitkeep":              {},
		"index.html":            {Data: []byte(testIndex)},
		"sw.js":                 {Data: []byte("worker")},
		"manifest.webmanifest":  {Data: []byte("{}")},
		"icons/icon-192.png":    {Data: []byte("png")},
		"assets/main-1a.js.br":  {Data: []byte("brotli of main")},
		"assets/main-1a.js.gz":  {Data: zipped("main()")},
		"assets/inter-2b.woff2": {Data: []byte("font")},
	}, cfg)
}

// ask sends a request with headers given as name, value, name, value.
func ask(c *webClient, method, path string, headers ...string) (*http.Response, string, bool) {
	r := httptest.NewRequest(method, path, nil)
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Add(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	served := c.serve(w, r)
	body, _ := io.ReadAll(w.Result().Body)
	return w.Result(), string(body), served
}

func TestClientFilesAreTypedCachedAndTagged(t *testing.T) {
	c := builtClient(t)
	for _, want := range [][4]string{
		{"/assets/inter-2b.woff2", "font/woff2", cacheForever, "font"},
		{"/sw.js", "text/javascript; charset=utf-8", cacheNever, "worker"},
		{"/manifest.webmanifest", "application/manifest+json", cacheNever, "{}"},
		{"/icons/icon-192.png", "image/png", cacheDay, "png"},
		{"/assets/main-1a.js", "text/javascript; charset=utf-8", cacheForever, "main()"},
	} {
		got, body, _ := ask(c, "GET", want[0])
		if h := got.Header; got.StatusCode != 200 || h.Get("Content-Type") != want[1] || h.Get("Cache-Control") != want[2] || body != want[3] {
			t.Errorf("%s: %d %v %q", want[0], got.StatusCode, h, body)
		}
		tag := got.Header.Get("ETag")
		if again, body, _ := ask(c, "GET", want[0], "If-None-Match", `"other", W/`+tag); again.StatusCode != http.StatusNotModified || body != "" {
			t.Errorf("%s is known as %s, and sent again: %d %q", want[0], tag, again.StatusCode, body)
		}
		if head, body, _ := ask(c, "HEAD", want[0]); head.StatusCode != 200 || body != "" || head.Header.Get("ETag") != tag {
			t.Errorf("HEAD %s: %d %v %q", want[0], head.StatusCode, head.Header, body)
		}
	}
}

func TestClientFilesComeAsTheBrowserLikesThem(t *testing.T) {
	c := builtClient(t)
	for accept, want := range map[string]string{
		"": "", "gzip, deflate, br, zstd": "br", "gzip": "gzip", "GZIP;q=0.5": "gzip", "br;q=0, gzip": "gzip", "br;q=0.2, gzip;q=0.8": "gzip",
		"*": "br", "*;q=0": "", "identity": "", "gzip;q=0.1, identity": "", "br;q=x, gzip": "gzip", "deflate": "", ",;,": "", "gzip; q=0.3": "gzip",
	} {
		got, body, _ := ask(c, "GET", "/assets/main-1a.js", "Accept-Encoding", accept)
		text := map[string]string{"": "main()", "br": "brotli of main", "gzip": string(zipped("main()"))}[want]
		if got.Header.Get("Content-Encoding") != want || body != text || got.Header.Get("Vary") != "Accept-Encoding" {
			t.Errorf("%q: %v %q, want %q", accept, got.Header, body, want)
		}
	}
	c = builtClient(t, "MM_SERVICESETTINGS_WEBSERVERMODE=uncompressed")
	if got, body, _ := ask(c, "GET", "/assets/main-1a.js", "Accept-Encoding", "br"); got.Header.Get("Content-Encoding") != "" || body != "main()" {
		t.Errorf("uncompressed: %v %q", got.Header, body)
	}
}

func TestThePageAnswersEveryOtherPath(t *testing.T) {
	c := builtClient(t)
	for _, p := range []string{"/", "/index.html", "/team/channels/town-square", "/team/messages/@a.b.js", "/landing", "/oauth/gitlab/login",
		"/assets/channels/town-square", "/assets", "/assets/threads", "/static/messages/@a.b", "/../../etc/passwd", "/.gitkeep", "/icons"} {
		got, body, served := ask(c, "GET", p)
		if !served || got.StatusCode != 200 || !strings.Contains(body, "main-1a.js") || got.Header.Get("Cache-Control") != cacheNever {
			t.Errorf("%s: %v %d %v %q", p, served, got.StatusCode, got.Header, body)
		}
		if head, body, _ := ask(c, "HEAD", p); head.Header.Get("Content-Length") != got.Header.Get("Content-Length") || body != "" {
			t.Errorf("HEAD %s: %v %q", p, head.Header, body)
		}
		if again, _, _ := ask(c, "GET", p, "If-None-Match", got.Header.Get("ETag")); again.StatusCode != http.StatusNotModified {
			t.Errorf("%s again: %d", p, again.StatusCode)
		}
	}
	for _, p := range []string{"/assets/main-0.js", "/assets/main-1a.js.br", "/assets/a.css", "/static/emoji/1f600.png", "/static/main.js"} {
		if got, body, served := ask(c, "GET", p); served {
			t.Errorf("%s isn't there, but: %d %q", p, got.StatusCode, body)
		}
	}
}

func TestThePageNamesTheSite(t *testing.T) {
	c := builtClient(t, "MM_TEAMSETTINGS_SITENAME=A <b>&\"c\" $1", "MM_TEAMSETTINGS_CUSTOMDESCRIPTIONTEXT=Where we talk")
	_, body, _ := ask(c, "GET", "/")
	for _, want := range []string{`<title>A &lt;b&gt;&amp;&#34;c&#34; $1</title>`, `og:title" content="A &lt;b&gt;&amp;&#34;c&#34; $1"`,
		`og:description" content="Where we talk"`, `<svg><title>mark</title></svg>`} {
		if !strings.Contains(body, want) {
			t.Errorf("no %s in %s", want, body)
		}
	}
	if _, body, _ := ask(builtClient(t), "GET", "/"); !strings.Contains(body, "<title>Parley</title>") || strings.Contains(body, "description") {
		t.Errorf("a site without a name: %s", body)
	}
}

func TestThePageFollowsTheSettings(t *testing.T) {
	file := filepath.Join(t.TempDir(), "config.json")
	named := func(name string) {
		if err := os.WriteFile(file, []byte(`{"TeamSettings":{"SiteName":"`+name+`"}}`), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	named("Here")
	cfg, err := config.Open(config.Options{Files: []string{file}})
	if err != nil {
		t.Fatal(err)
	}
	c := newWebClient(fstest.MapFS{"index.html": {Data: []byte(testIndex)}}, cfg)
	before, _, _ := ask(c, "GET", "/")
	named("There")
	if err := cfg.Reload(t.Context()); err != nil {
		t.Fatal(err)
	}
	after, body, _ := ask(c, "GET", "/", "If-None-Match", before.Header.Get("ETag"))
	if after.StatusCode != 200 || !strings.Contains(body, "<title>There</title>") {
		t.Errorf("%d %v %s", after.StatusCode, after.Header, body)
	}
}

func TestThePageIsGuarded(t *testing.T) {
	policy := func(host string, environ ...string) (string, http.Header) {
		c := builtClient(t, environ...)
		r := httptest.NewRequest("GET", "/", nil)
		r.Host = host
		w := httptest.NewRecorder()
		c.serve(w, r)
		return w.Header().Get("Content-Security-Policy") + ";", w.Header()
	}
	plain, h := policy("chat.example.com:8065")
	for _, want := range []string{"default-src 'self';", "object-src 'none';", "base-uri 'self';", "frame-ancestors 'self';", "form-action 'self';",
		"connect-src 'self' ws://chat.example.com:8065 wss://chat.example.com:8065;", "script-src 'self' 'sha256-"} {
		if !strings.Contains(plain, want) {
			t.Errorf("no %s in %s", want, plain)
		}
	}
	if script := plain[strings.Index(plain, "script-src"):]; strings.Contains(script[:strings.Index(script, ";")], "unsafe") {
		t.Errorf("scripts: %s", script)
	}
	if h.Get("X-Frame-Options") != "SAMEORIGIN" || h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Referrer-Policy") != "no-referrer" {
		t.Errorf("headers: %v", h)
	}
	framed, h := policy("a'; script-src *", "MM_SERVICESETTINGS_FRAMEANCESTORS=https://intranet.example.com x;script-src",
		"MM_SERVICESETTINGS_WEBSOCKETURL=wss://socket.example.com")
	if !strings.Contains(framed, "frame-ancestors 'self' https://intranet.example.com;") || h.Get("X-Frame-Options") != "" ||
		!strings.Contains(framed, "connect-src 'self' wss://socket.example.com;") || strings.Contains(framed, "*") {
		t.Errorf("framed: %s %v", framed, h)
	}
}

func TestAServerWithoutItsClientSaysSo(t *testing.T) {
	cfg, err := config.Open(config.Options{})
	if err != nil {
		t.Fatal(err)
	}
	c := newWebClient(fstest.MapFS{".gitkeep": {}}, cfg)
	got, body, served := ask(c, "GET", "/team/channels/town-square")
	if !served || got.StatusCode != http.StatusNotFound || !strings.Contains(body, "make web") || strings.Contains(got.Header.Get("Content-Security-Policy"), "sha256") {
		t.Errorf("%v %d %v %q", served, got.StatusCode, got.Header, body)
	}
	if _, _, served := ask(c, "GET", "/assets/main-1a.js"); served {
		t.Error("a file of a client that isn't there")
	}
}
