package links_test

import (
	"bytes"
	"image"
	"image/color"
	"image/gif"
	"image/png"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/testkit"
)

// site is a web server of somebody else.
type site struct {
	*httptest.Server
	mu   sync.Mutex
	hits map[string]int
}

func newSite(t *testing.T, pages map[string]http.HandlerFunc) *site {
	s := &site{hits: map[string]int{}}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		s.hits[r.URL.Path]++
		s.mu.Unlock()
		if page := pages[r.URL.Path]; page != nil {
			page(w, r)
			return
		}
		http.NotFound(w, r)
	}))
	t.Cleanup(func() { s.CloseClientConnections(); s.Close() })
	return s
}

func (s *site) asked(path string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.hits[path]
}

// text answers with a body of a kind.
func text(kind, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", kind)
		_, _ = io.WriteString(w, body)
	}
}

const page = `<!doctype html><html><head><meta charset="utf-8"><title>Plain</title>
<meta property="og:type" content="article"><meta property="og:title" content="Bread &amp; butter">
<meta property="og:description" content="  How to   bake it "><meta property="og:site_name" content="Bakery">
<meta property="og:image" content="/loaf.png"><meta property="og:url" content="https://elsewhere.example/"></head><body>x</body></html>`

func pngOf(w, h int) string {
	var b bytes.Buffer
	_ = png.Encode(&b, image.NewGray(image.Rect(0, 0, w, h)))
	return b.String()
}

func gifOf(frames int) string {
	g := &gif.GIF{}
	for range frames {
		g.Image = append(g.Image, image.NewPaletted(image.Rect(0, 0, 30, 20), color.Palette{color.Black, color.White}))
		g.Delay = append(g.Delay, 5)
	}
	var b bytes.Buffer
	_ = gif.EncodeAll(&b, g)
	return b.String()
}

const allow = "MM_SERVICESETTINGS_ALLOWEDUNTRUSTEDINTERNALCONNECTIONS=127.0.0.1"

// embeds returns what a reader sees below a post.
func embeds(t *testing.T, a *testkit.Actor, postID string) model.PostMetadata {
	t.Helper()
	var p struct {
		Metadata struct {
			Embeds []struct {
				Type, URL string
				Data      *model.OpenGraph
			}
			Images map[string]*model.PostImage
		}
	}
	a.GET("/posts/"+postID).Want(t, 200).Into(t, &p)
	out := model.PostMetadata{Images: p.Metadata.Images}
	for _, e := range p.Metadata.Embeds {
		out.Embeds = append(out.Embeds, &model.PostEmbed{Type: e.Type, URL: e.URL, Data: e.Data})
	}
	return out
}

// told waits until a listener is told of the preview of a post.
func told(t *testing.T, a *testkit.Actor, postID string) model.Post {
	t.Helper()
	var p model.Post
	a.Expect("post_edited", func(f testkit.Frame) bool {
		f.JSON(t, "post", &p)
		return p.ID == postID
	})
	return p
}

func TestPreviewsComeAfterThePost(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		open := make(chan struct{})
		web := newSite(t, map[string]http.HandlerFunc{
			"/page":     func(w http.ResponseWriter, r *http.Request) { <-open; text("text/html", page)(w, r) },
			"/loaf.png": text("image/png", pngOf(120, 80)), "/anim.gif": text("image/gif", gifOf(3)),
		})
		alice, bob := s.User("alice"), s.User("bob")
		room := s.Channel(alice, s.Team(alice, bob), bob)
		bob.Listen()
		post := alice.Say(room, "look: "+web.URL+"/page, it is good") // answered though the page is not
		var first model.Post
		f := bob.Expect("posted", nil)
		if f.JSON(t, "post", &first); first.ID != post.ID || len(first.Metadata.Embeds) != 0 {
			t.Errorf("posted with %v", first.Metadata)
		}
		close(open)
		later := told(t, bob, post.ID)
		if len(later.Metadata.Embeds) != 1 || later.EditAt != 0 || later.UpdateAt <= post.UpdateAt || later.Message != post.Message {
			t.Errorf("told of %+v with %v", later, later.Metadata)
		}
		m := embeds(t, bob, post.ID)
		og := m.Embeds[0].Data.(*model.OpenGraph)
		if og.Title != "Bread & butter" || og.Description != "How to bake it" || og.SiteName != "Bakery" || og.Type != "article" || og.URL != web.URL+"/page" {
			t.Errorf("preview %+v", og)
		}
		if size := m.Images[web.URL+"/loaf.png"]; size == nil || *size != (model.PostImage{Width: 120, Height: 80, Format: "png"}) {
			t.Errorf("sizes %v", m.Images)
		}
		// A second post has it at once, and the page is asked once.
		bob.Listen().Events()
		alice.Say(room, web.URL+"/page")
		var second model.Post
		f = bob.Expect("posted", nil)
		if f.JSON(t, "post", &second); len(second.Metadata.Embeds) != 1 || web.asked("/page") != 1 {
			t.Errorf("again: %v, asked %d times", second.Metadata, web.asked("/page"))
		}
		// Images stand for themselves; those in the text have sizes and no preview of their own.
		moving := alice.Say(room, web.URL+"/anim.gif")
		if got := embeds(t, bob, moving.ID); len(got.Embeds) != 1 || got.Embeds[0].Type != "image" || *got.Images[web.URL+"/anim.gif"] != (model.PostImage{Width: 30, Height: 20, Format: "gif", FrameCount: 3}) {
			t.Errorf("an image: %+v %v", got.Embeds, got.Images)
		}
		inline := alice.Say(room, "![a loaf]("+web.URL+"/loaf.png \"bread\")")
		if got := embeds(t, bob, inline.ID); len(got.Embeds) != 0 || got.Images[web.URL+"/loaf.png"] == nil {
			t.Errorf("an image in the text: %+v %v", got.Embeds, got.Images)
		}
		// An edit leads elsewhere; code leads nowhere.
		alice.PUT("/posts/"+moving.ID+"/patch", map[string]string{"message": "rather " + web.URL + "/page"}).Want(t, 200)
		if got := embeds(t, bob, moving.ID); len(got.Embeds) != 1 || got.Embeds[0].Type != "opengraph" {
			t.Errorf("after the edit: %+v", got.Embeds)
		}
		code := alice.Say(room, "`"+web.URL+"/page`")
		if got := embeds(t, bob, code.ID); len(got.Embeds) != 0 {
			t.Errorf("code: %+v", got.Embeds)
		}
	}, testkit.Env(allow))
}

// TestWhatIsKept looks at the rows: failures are kept as well, for an hour.
func TestWhatIsKept(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		web := newSite(t, map[string]http.HandlerFunc{"/page": text("text/html", "<title>Only a title</title>")})
		room := s.Channel(s.Admin, s.Team(s.Admin))
		rows := func(path string) (kind string, n int64) {
			for _, k := range []string{"none", "opengraph", "image"} {
				c, err := db.Value[int64](t.Context(), s.DB, `SELECT count(*) FROM linkmetadata WHERE url = $1 AND type = $2`, web.URL+path, k)
				if err != nil {
					t.Fatal(err)
				}
				if n += c; c > 0 {
					kind = k
				}
			}
			return kind, n
		}
		for range 3 {
			s.Admin.Say(room, web.URL+"/page")
			s.Admin.Say(room, web.URL+"/gone")
		}
		testkit.Eventually(t, "both are kept", func() bool { _, a := rows("/page"); _, b := rows("/gone"); return a == 1 && b == 1 })
		if kind, _ := rows("/gone"); kind != "none" || web.asked("/gone") != 1 || web.asked("/page") != 1 {
			t.Errorf("%s, asked %d and %d times", kind, web.asked("/gone"), web.asked("/page"))
		}
		lost := s.Admin.Say(room, "see "+web.URL+"/gone")
		if got := embeds(t, s.Admin, lost.ID); len(got.Embeds) != 1 || got.Embeds[0].Type != "link" {
			t.Errorf("nothing there: %+v", got.Embeds)
		}
		// What another server, or a database from elsewhere, has kept is shown without asking.
		old := "http://old.example/page"
		if _, err := s.DB.Exec(t.Context(), `INSERT INTO linkmetadata (hash, url, "timestamp", type, data) VALUES (1, $1, 3600000, 'opengraph', $2), (2, $1, 7200000, 'opengraph', $3)`,
			old, `{"title":"Old","images":null}`, `{"title":"Newer","images":[]}`); err != nil {
			t.Fatal(err)
		}
		var p model.Post
		s.Admin.POST("/posts", map[string]any{"channel_id": room.ID, "message": old, "create_at": 1_600_000_000_000}).Want(t, 201).Into(t, &p)
		if got := embeds(t, s.Admin, p.ID); len(got.Embeds) != 1 || got.Embeds[0].Data.(*model.OpenGraph).Title != "Newer" {
			t.Errorf("kept before: %+v", got.Embeds)
		}
	}, testkit.Env(allow))
}

func TestSwitches(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		web := newSite(t, map[string]http.HandlerFunc{"/page": text("text/html", page), "/loaf.png": text("image/png", pngOf(5, 5)),
			"/away": func(w http.ResponseWriter, r *http.Request) {
				http.Redirect(w, r, "http://sub.secret.example/x", http.StatusFound)
			}})
		alice, bob := s.User("alice"), s.User("bob")
		room := s.Channel(alice, s.Team(alice, bob), bob)
		see := func(id string) int { return len(embeds(t, bob, id).Embeds) }
		post := alice.Say(room, web.URL+"/page")
		if see(post.ID) != 1 {
			t.Fatal("no preview to begin with")
		}
		// Its author takes the preview away, for good and for everybody; nobody else may.
		off := map[string]any{"props": map[string]string{"remove_link_preview": "true"}}
		bob.PUT("/posts/"+post.ID+"/patch", off).Want(t, 403)
		bob.Listen().Events()
		alice.PUT("/posts/"+post.ID+"/patch", off).Want(t, 200)
		var after model.Post // the preview itself may be told of until then
		bob.Expect("post_edited", func(f testkit.Frame) bool {
			after = model.Post{}
			f.JSON(t, "post", &after)
			return after.ID == post.ID && after.Props["remove_link_preview"] == "true"
		})
		if len(after.Metadata.Embeds) != 0 || after.EditAt != 0 || see(post.ID) != 0 {
			t.Errorf("taken away: %+v", after)
		}
		unsafe := map[string]any{"channel_id": room.ID, "message": web.URL + "/page", "props": map[string]string{"unsafe_links": "true"}}
		var p model.Post
		alice.POST("/posts", unsafe).Want(t, 201).Into(t, &p)
		if see(p.ID) != 0 {
			t.Error("links that are not to be trusted have a preview")
		}
		set := func(key string, v any) {
			s.Admin.PUT("/config/patch", map[string]any{"ServiceSettings": map[string]any{key: v}}).Want(t, 200)
		}
		post = alice.Say(room, "again "+web.URL+"/page")
		set("RestrictLinkPreviews", "example.net, 127.0.0.1")
		if see(post.ID) != 0 {
			t.Error("a domain that is named has a preview")
		}
		set("RestrictLinkPreviews", "secret.example")
		if alice.Say(room, "away "+web.URL+"/away"); see(post.ID) != 1 {
			t.Error("no preview once the domain is no longer named")
		}
		set("EnableLinkPreviews", false)
		if see(post.ID) != 0 {
			t.Error("previews are off, and yet there is one")
		}
		before := web.asked("/loaf.png")
		alice.Say(room, web.URL+"/loaf.png?new")
		if see(post.ID); web.asked("/loaf.png") != before {
			t.Error("asked though previews are off")
		}
	}, testkit.Env(allow))
}
