package server

import (
	"compress/gzip"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"html"
	"io"
	"io/fs"
	"net/http"
	"path"
	"regexp"
	"strconv"
	"strings"
	"sync/atomic"

	"github.com/parley-chat/parley/internal/config"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/oauthapps"
	"github.com/parley-chat/parley/web"
)

// How long a browser may keep a file. What lies in assets/ has a hash of its
// text in its name; the page, the worker and the manifest lead to the rest and
// are asked for anew each time; pictures change with a version, if ever.
const (
	cacheForever = "public, max-age=31536000, immutable"
	cacheDay     = "public, max-age=86400"
	cacheNever   = "no-cache"
)

// notBuilt is what a server answers that was compiled before its client.
const notBuilt = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Parley</title>
<p>This server was built without its web client. <code>make web</code> builds the client, <code>make build</code> both.</p></html>
`

// webTypes are the types of the client's files; a host's own table may differ.
var webTypes = map[string]string{
	".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".mjs": "text/javascript; charset=utf-8",
	".css": "text/css; charset=utf-8", ".json": "application/json", ".webmanifest": "application/manifest+json",
	".txt": "text/plain; charset=utf-8", ".svg": "image/svg+xml", ".png": "image/png", ".ico": "image/x-icon", ".webp": "image/webp",
	".woff2": "font/woff2", ".wasm": "application/wasm", ".mp3": "audio/mpeg", ".ogg": "audio/ogg", ".wav": "audio/wav",
}

// webFile is a file of the client: its name, and the form of it that each
// encoding has. The plain form is absent where the build compressed the file.
type webFile struct {
	kind, cache, etag string
	forms             map[string]string // encoding ("" is plain) → name in the file system
}

// webClient serves the client's files and its page.
type webClient struct {
	files  fs.FS
	byPath map[string]webFile // "/assets/main-1a2b.js"
	cfg    *config.Store
	page   atomic.Pointer[webPage]
}

// webPage is index.html as this site shows it.
type webPage struct {
	body, etag string
	scripts    string // what script-src allows beside 'self': the hashes of the page's own scripts
}

// mountWeb serves the web client: its files, and its page for every path that
// nothing else claims.
func (s *Server) mountWeb() {
	client := newWebClient(web.Files, s.Config)
	s.router.Fallback(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/robots.txt" {
			w.Header().Set("Content-Type", "text/plain")
			_, _ = io.WriteString(w, s.slices.webpublic.Robots())
			return
		}
		if r.URL.Path == "/metrics" && s.scrapes != nil && !notWeb(r) {
			s.scrapes.ServeHTTP(w, r)
			return
		}
		if notWeb(r) || s.Config.Get().ServiceSettings.WebserverMode == "disabled" || !client.serve(w, r) {
			s.router.Fail(w, r, fault.NotFound("api.context.404.app_error"))
		}
	}))
}

// notWeb says that a request isn't for the client: a call of the API or of a
// plugin, or anything but reading.
func notWeb(r *http.Request) bool {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		return true
	}
	for _, prefix := range []string{"/api/", "/plugins/"} {
		if strings.HasPrefix(r.URL.Path, prefix) {
			return true
		}
	}
	return false
}

// newWebClient lists the files, so that a request costs no look into the file
// system, and makes the page again whenever a setting that it shows changes.
func newWebClient(files fs.FS, cfg *config.Store) *webClient {
	c := &webClient{files: files, byPath: map[string]webFile{}, cfg: cfg}
	_ = fs.WalkDir(files, ".", func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && !strings.HasPrefix(d.Name(), ".") && name != "index.html" {
			c.add(name)
		}
		return nil
	})
	if raw, err := fs.ReadFile(files, "index.html"); err == nil {
		render := func(_, now *config.Config) { c.page.Store(newWebPage(string(raw), now)) }
		render(nil, cfg.Get())
		cfg.OnChange(render)
	}
	return c
}

// add lists a file, or one compressed form of it.
func (c *webClient) add(name string) {
	plain, encoding := name, ""
	for ending, e := range map[string]string{".br": "br", ".gz": "gzip"} {
		if p, ok := strings.CutSuffix(name, ending); ok {
			plain, encoding = p, e
		}
	}
	f, known := c.byPath["/"+plain]
	if !known {
		f = webFile{kind: webTypes[path.Ext(plain)], forms: map[string]string{}}
		switch {
		case strings.HasPrefix(plain, "assets/"):
			f.cache, f.etag = cacheForever, path.Base(plain) // the name holds a hash of the text
		case strings.HasSuffix(plain, ".js"), strings.HasSuffix(plain, ".webmanifest"):
			f.cache, f.etag = cacheNever, c.hash(name)
		default:
			f.cache, f.etag = cacheDay, c.hash(name)
		}
		if f.kind == "" {
			f.kind = "application/octet-stream"
		}
	}
	f.forms[encoding] = name
	c.byPath["/"+plain] = f
}

func (c *webClient) hash(name string) string {
	raw, _ := fs.ReadFile(c.files, name)
	return textHash(string(raw))
}

func textHash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:12])
}

var (
	titleElement = regexp.MustCompile(`(?s)<title>.*?</title>`)
	ownScript    = regexp.MustCompile(`(?s)<script>(.*?)</script>`)
)

// newWebPage puts the site's name and description into the page, for the tab
// and for who makes a preview of a link to it.
func newWebPage(index string, c *config.Config) *webPage {
	name := c.TeamSettings.SiteName
	if name == "" || name == "Mattermost" { // the protocol's default: nobody has named the site
		name = "Parley"
	}
	head := "<title>" + html.EscapeString(name) + "</title>"
	meta := func(key, property, content string) {
		if content != "" {
			head += "\n    <meta " + key + `="` + property + `" content="` + html.EscapeString(content) + `" />`
		}
	}
	meta("property", "og:type", "website")
	meta("property", "og:site_name", name)
	meta("property", "og:title", name)
	meta("property", "og:description", c.TeamSettings.CustomDescriptionText)
	meta("name", "description", c.TeamSettings.CustomDescriptionText)
	meta("name", "application-name", name)
	meta("name", "apple-mobile-web-app-title", name)
	done := false
	p := &webPage{body: titleElement.ReplaceAllStringFunc(index, func(old string) string {
		if done {
			return old
		}
		done = true
		return head
	})}
	for _, script := range ownScript.FindAllStringSubmatch(p.body, -1) {
		sum := sha256.Sum256([]byte(script[1]))
		p.scripts += " 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
	}
	p.etag = textHash(p.body)
	return p
}

// serve answers with a file, or with the page for any path that isn't one. It
// returns false where there is nothing: a chunk of another version must fail as
// such, not turn out to be the page.
func (c *webClient) serve(w http.ResponseWriter, r *http.Request) bool {
	if f, ok := c.byPath[r.URL.Path]; ok {
		c.serveFile(w, r, f)
		return true
	}
	if isAsset(r.URL.Path) {
		return false
	}
	page := c.page.Load()
	h := w.Header()
	h.Set("Content-Type", webTypes[".html"])
	h.Set("Cache-Control", cacheNever)
	if page == nil {
		c.guard(h, r, "")
		w.WriteHeader(http.StatusNotFound)
		if r.Method != http.MethodHead {
			_, _ = io.WriteString(w, notBuilt)
		}
		return true
	}
	c.guard(h, r, page.scripts)
	if unchanged(w, r, page.etag) {
		return true
	}
	h.Set("Content-Length", strconv.Itoa(len(page.body)))
	if r.Method != http.MethodHead {
		_, _ = io.WriteString(w, page.body)
	}
	return true
}

// isAsset says that a path can only be a file: of a build of this client, one
// name with a dot directly in assets/, or of another's, which apps and old
// messages may ask for below static/. Teams of these names have their addresses.
func isAsset(p string) bool {
	if name, ok := strings.CutPrefix(p, "/assets/"); ok {
		return !strings.Contains(name, "/") && strings.Contains(name, ".")
	}
	return strings.HasPrefix(p, "/static/") && webTypes[path.Ext(p)] != ""
}

func (c *webClient) serveFile(w http.ResponseWriter, r *http.Request, f webFile) {
	h := w.Header()
	h.Set("Content-Type", f.kind)
	h.Set("Cache-Control", f.cache)
	h.Set("X-Content-Type-Options", "nosniff")
	encoding := ""
	if len(f.forms) > 1 {
		h.Set("Vary", "Accept-Encoding")
		if c.cfg.Get().ServiceSettings.WebserverMode != "uncompressed" {
			encoding = preferred(strings.Join(r.Header.Values("Accept-Encoding"), ","), f.forms)
		}
	}
	tag := f.etag
	if encoding != "" {
		h.Set("Content-Encoding", encoding)
		tag += "." + encoding
	}
	if unchanged(w, r, tag) {
		h.Del("Content-Encoding")
		return
	}
	body, size, err := c.open(f, encoding)
	if err != nil {
		h.Del("Content-Encoding")
		h.Set("Cache-Control", "no-store")
		http.Error(w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
		return
	}
	defer func() { _ = body.Close() }()
	if size >= 0 {
		h.Set("Content-Length", strconv.FormatInt(size, 10))
	}
	if r.Method != http.MethodHead {
		_, _ = io.Copy(w, body)
	}
}

// open returns a form of a file and its size. The plain form of a compressed
// file is unpacked on the way, and its size is unknown (-1).
func (c *webClient) open(f webFile, encoding string) (io.ReadCloser, int64, error) {
	name, ok := f.forms[encoding]
	if !ok {
		name = f.forms["gzip"]
	}
	file, err := c.files.Open(name)
	if err != nil {
		return nil, 0, err
	}
	if ok {
		info, err := file.Stat()
		if err != nil {
			return nil, 0, err
		}
		return file, info.Size(), nil
	}
	plain, err := gzip.NewReader(file)
	return plain, -1, err
}

// unchanged sets the tag, and answers 304 to who has that text already.
func unchanged(w http.ResponseWriter, r *http.Request, tag string) bool {
	tag = `"` + tag + `"`
	w.Header().Set("ETag", tag)
	for _, known := range strings.Split(r.Header.Get("If-None-Match"), ",") {
		if known = strings.TrimPrefix(strings.TrimSpace(known), "W/"); known == tag || known == "*" {
			w.Header().Del("Content-Type")
			w.WriteHeader(http.StatusNotModified)
			return true
		}
	}
	return false
}

// preferred picks the encoding that a client likes best of those there are; of
// equals the smallest. "" is the plain text.
func preferred(accept string, forms map[string]string) string {
	weight := map[string]float64{}
	for _, part := range strings.Split(accept, ",") {
		name, parameters, _ := strings.Cut(part, ";")
		q := 1.0
		if value, ok := strings.CutPrefix(strings.ReplaceAll(parameters, " ", ""), "q="); ok {
			n, err := strconv.ParseFloat(value, 64)
			if err != nil {
				continue
			}
			q = n
		}
		weight[strings.ToLower(strings.TrimSpace(name))] = q
	}
	best, most := "", 0.0
	for _, encoding := range []string{"br", "gzip"} {
		q, named := weight[encoding]
		if !named {
			q = weight["*"]
		}
		if _, there := forms[encoding]; there && q > most {
			best, most = encoding, q
		}
	}
	if plain, named := weight["identity"]; named && plain > most {
		return ""
	}
	return best
}

// guard sets what keeps a page from doing what it isn't made for. Scripts come
// from this server only. Styles may stand on elements. Pictures may come from
// anywhere, because messages show them. Frames show only what the page itself has
// made a document of: the bytes of a PDF under that type, for the browser's own
// viewer, which a sandbox would keep from working; such a document is under this
// policy, too, and nothing of another address is framed. The socket is named beside 'self', which
// some browsers take for http only.
func (c *webClient) guard(h http.Header, r *http.Request, scripts string) {
	set := c.cfg.Get().ServiceSettings
	connect := " ws://" + r.Host + " wss://" + r.Host
	if !plainHost.MatchString(r.Host) {
		connect = ""
	}
	ancestors := "'self'" + sources(set.FrameAncestors)
	if r.URL.Path == oauthapps.ConsentPath { // nobody lets a program in by a button that another page covers
		ancestors = "'none'"
	}
	h.Set("Content-Security-Policy", strings.Join([]string{
		"default-src 'self'", "script-src 'self'" + scripts, "style-src 'self' 'unsafe-inline'",
		"img-src 'self' data: blob: https: http:", "media-src 'self' blob:", "font-src 'self'",
		"connect-src 'self'" + connect + sources(set.WebsocketURL), "frame-src blob:", "worker-src 'self'", "manifest-src 'self'",
		"object-src 'none'", "base-uri 'self'", "form-action 'self'", "frame-ancestors " + ancestors,
	}, "; "))
	switch {
	case ancestors == "'none'":
		h.Set("X-Frame-Options", "DENY")
	case set.FrameAncestors == "":
		h.Set("X-Frame-Options", "SAMEORIGIN")
	}
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
}

var plainHost = regexp.MustCompile(`^[A-Za-z0-9.\-:\[\]]+$`)

// sources are the words of a setting as a policy lists them. A word with a mark
// that would end the list is left out.
func sources(setting string) string {
	out := ""
	for _, word := range strings.Fields(setting) {
		if !strings.ContainsAny(word, ";,") {
			out += " " + word
		}
	}
	return out
}

// WebPackages are the npm packages that the web client is built from, a line
// each: name, version and licence, with tabs between.
func WebPackages() string { return web.Packages }
