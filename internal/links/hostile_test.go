package links_test

import (
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/testkit"
)

// to leads elsewhere.
func to(where string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, where, http.StatusFound) }
}

// endless sends until nobody reads any more, and counts the bytes.
func endless(sent *atomic.Int64, prefix, chunk string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		_, _ = io.WriteString(w, prefix)
		for r.Context().Err() == nil {
			n, err := io.WriteString(w, chunk)
			if sent.Add(int64(n)); err != nil {
				return
			}
		}
	}
}

// bomb is a gigabyte in a megabyte.
func bomb(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/html")
	w.Header().Set("Content-Encoding", "gzip")
	z := gzip.NewWriter(w)
	for range 1000 {
		if _, err := z.Write(make([]byte, 1<<20)); err != nil {
			return
		}
	}
	_ = z.Close()
}

// slow sends a little now and then.
func slow(w http.ResponseWriter, r *http.Request) {
	for r.Context().Err() == nil {
		_, _ = io.WriteString(w, "<p>")
		_ = http.NewResponseController(w).Flush()
		select {
		case <-r.Context().Done():
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// TestHostileSites are pages that mean harm: nothing is shown of them, nothing
// inside is reached, and the server goes on.
func TestHostileSites(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		var reached atomic.Int32
		inner := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { reached.Add(1); text("text/html", page)(w, r) }))
		inner.Start()
		defer inner.Close()
		inside := strings.Replace(inner.URL, "127.0.0.1", "127.0.0.2", 1)
		var sent atomic.Int64
		web := newSite(t, map[string]http.HandlerFunc{
			"/inside": to(inside + "/"), "/file": to("file:///etc/passwd"), "/user": to("http://a:b@127.0.0.1/"), "/round": to("/round"),
			"/decimal": to(strings.Replace(inside, "127.0.0.2", "2130706434", 1)), "/mapped": to(strings.Replace(inside, "127.0.0.2", "[::ffff:127.0.0.2]", 1)),
			"/endless": endless(&sent, "<html><head>", strings.Repeat("<meta name=x content=y>", 1000)), "/title": endless(&sent, "<title>", strings.Repeat("a", 1<<20)),
			"/bomb": bomb, "/slow": slow, "/mute": func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() },
			"/short": func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Length", "99")
				_, _ = io.WriteString(w, "<title>")
			},
			"/svg":     text("image/svg+xml", `<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`),
			"/lie.png": text("image/png", page), "/wide.png": text("image/png", "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x7f\xff\xff\xff\x7f\xff\xff\xff\x08\x02\x00\x00\x00"+"\xa7\xf7\xd1\x1e"),
			"/pdf": text("application/pdf", page), "/nothing": text("text/html", ""), "/fail": func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(500); _, _ = io.WriteString(w, page) },
			"/leads": text("text/html", `<meta property="og:title" content="Leads inside"><meta property="og:image" content="`+inside+`/x.png">`),
		})
		room := s.Channel(s.Admin, s.Team(s.Admin))
		s.Admin.Listen()
		for _, path := range []string{"/inside", "/file", "/user", "/round", "/decimal", "/mapped", "/endless", "/title", "/bomb", "/slow", "/mute", "/short", "/svg",
			"/lie.png", "/wide.png", "/pdf", "/nothing", "/fail"} {
			s.Admin.Say(room, web.URL+path)
		}
		s.Admin.Say(room, inside+"/direct")
		last := s.Admin.Say(room, web.URL+"/leads")
		if got := told(t, s.Admin, last.ID); len(got.Metadata.Embeds) != 1 || strings.Contains(fmt.Sprint(got.Metadata.Embeds[0].Data), inside) {
			t.Errorf("a picture inside: %+v", got.Metadata.Embeds[0].Data)
		}
		var kinds []string
		testkit.Eventually(t, "all have been asked", func() (done bool) {
			var err error
			kinds, err = db.List(t.Context(), s.DB, db.One[string], `SELECT type || ' ' || url FROM linkmetadata WHERE type <> 'none' ORDER BY url LIMIT 99`)
			n, err2 := db.Value[int64](t.Context(), s.DB, `SELECT count(*) FROM linkmetadata`)
			return err == nil && err2 == nil && n == 20
		})
		if want := "[opengraph " + web.URL + "/leads opengraph " + web.URL + "/title]"; fmt.Sprint(kinds) != want { // a long title is cut
			t.Errorf("previews %v, want %s", kinds, want)
		}
		if reached.Load() != 0 {
			t.Errorf("what is inside was reached %d times", reached.Load())
		}
		if sent.Load() > 64<<20 {
			t.Errorf("%d MB of endless pages were read", sent.Load()>>20)
		}
	}, testkit.Env(allow, "MM_EXPERIMENTALSETTINGS_LINKMETADATATIMEOUTMILLISECONDS=1500"))
}
