package links_test

import (
	"crypto/hmac"
	"crypto/sha1"
	"encoding/hex"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/testkit"
)

func TestImageProxy(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		inner := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("what is inside was reached") }))
		defer inner.Close()
		inside := strings.Replace(inner.URL, "127.0.0.1", "127.0.0.2", 1)
		loaf := pngOf(40, 30)
		var cookies atomic.Int32
		web := newSite(t, map[string]http.HandlerFunc{
			"/loaf.png": func(w http.ResponseWriter, r *http.Request) {
				if r.Header.Get("Cookie")+r.Header.Get("Authorization")+r.Header.Get("Referer") != "" {
					cookies.Add(1)
				}
				w.Header().Set("Set-Cookie", "spy=1")
				text("text/html", loaf)(w, r)
			},
			"/page": text("text/html", page), "/lie.png": text("image/png", "<html><script>alert(1)</script>"),
			"/x.svg": text("image/svg+xml", `<svg xmlns="http://www.w3.org/2000/svg"/>`), "/svg.png": text("image/png", `<?xml version="1.0"?><svg/>`),
			"/inside": func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, inside, http.StatusFound) },
			"/cut.png": func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Length", "5000")
				_, _ = io.WriteString(w, loaf)
			},
		})
		get := func(a *testkit.Actor, address string, headers ...string) *testkit.Response {
			return a.Do("GET", "/image?url="+url.QueryEscape(address), nil, headers...)
		}
		a := s.User("alice")
		const refused = "api.image.get.app_error"
		if r := get(a, web.URL+"/loaf.png").Want(t, 302); r.Header.Get("Location") != web.URL+"/loaf.png" {
			t.Errorf("without a proxy: %v", r.Header)
		}
		get(a, web.URL+"/loaf.png", "Sec-Fetch-Dest", "image").Want(t, 302)
		get(a, "https://phish.example/", "Sec-Fetch-Dest", "document").Refused(t, 400, refused)
		s.Admin.PUT("/config/patch", map[string]any{"ImageProxySettings": map[string]any{"Enable": true}}).Want(t, 200)
		r := get(a, web.URL+"/loaf.png").Want(t, 200)
		if string(r.Body) != loaf || r.Header.Get("Content-Type") != "image/png" || r.Header.Get("Set-Cookie") != "" || r.Header.Get("X-Content-Type-Options") != "nosniff" ||
			!strings.Contains(r.Header.Get("Content-Security-Policy"), "sandbox") || cookies.Load() != 0 {
			t.Errorf("%d bytes with %v", len(r.Body), r.Header)
		}
		for _, bad := range []string{"", "x", "/etc/passwd", "file:///etc/passwd", "javascript:alert(1)", "http://u:p@127.0.0.1/", web.URL + "/page", web.URL + "/lie.png", web.URL + "/x.svg",
			web.URL + "/svg.png", web.URL + "/inside", web.URL + "/none", inside, "http://[::1]:1/", strings.Replace(inside, "127.0.0.2", "2130706434", 1), "http://" + strings.Repeat("a", 3000)} {
			get(a, bad).Refused(t, 400, refused)
		}
		if r := get(a, web.URL+"/cut.png"); r.Err == nil {
			t.Errorf("half an image looks like a whole one: %s", r)
		}
		get(s.Nobody(), web.URL+"/loaf.png").Want(t, 401)
	}, testkit.Env(allow))
}

// TestWhatIsShownGoesThroughTheProxy looks at the addresses in previews.
func TestWhatIsShownGoesThroughTheProxy(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		web := newSite(t, map[string]http.HandlerFunc{"/page": text("text/html", page), "/loaf.png": text("image/png", pngOf(40, 30))})
		a := s.User("alice")
		set := func(values map[string]any) {
			s.Admin.PUT("/config/patch", map[string]any{"ImageProxySettings": values}).Want(t, 200)
		}
		set(map[string]any{"Enable": true})
		room := s.Channel(a, s.Team(a))
		post := a.Say(room, web.URL+"/page")
		m := embeds(t, a, post.ID)
		if got := m.Embeds[0].Data.(*model.OpenGraph).Images; len(got) != 1 || !strings.HasSuffix(got[0].URL, "/api/v4/image?url="+url.QueryEscape(web.URL+"/loaf.png")) || m.Images[got[0].URL] == nil {
			t.Errorf("picture of a page: %+v, sizes %v", got[0], m.Images)
		}
		set(map[string]any{"ImageProxyType": "atmos/camo", "RemoteImageProxyURL": "https://camo.example/", "RemoteImageProxyOptions": "the key"})
		mac := hmac.New(sha1.New, []byte("the key"))
		mac.Write([]byte(web.URL + "/loaf.png"))
		want := "https://camo.example/" + hex.EncodeToString(mac.Sum(nil)) + "/" + hex.EncodeToString([]byte(web.URL+"/loaf.png"))
		if r := a.GET("/image?url="+url.QueryEscape(web.URL+"/loaf.png")).Want(t, 302); r.Header.Get("Location") != want {
			t.Errorf("camo: %s, want %s", r.Header.Get("Location"), want)
		}
		if r := a.GET("/image?url="+url.QueryEscape(want)).Want(t, 302); r.Header.Get("Location") != want {
			t.Errorf("camo of camo: %s", r.Header.Get("Location"))
		}
		if got := embeds(t, a, post.ID).Embeds[0].Data.(*model.OpenGraph).Images[0].URL; got != want {
			t.Errorf("camo in a preview: %s", got)
		}
	}, testkit.Env(allow))
}
