package webpublic_test

import (
	"bufio"
	"bytes"
	"encoding/xml"
	"image"
	"image/png"
	"net/http"
	"strings"
	"testing"

	"github.com/mmcdole/gofeed"

	"github.com/parley-chat/parley/internal/testkit"
)

func TestTheFeedIsOne(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		r := newRoom(t, s)
		r.open(t, true)
		root := r.ann.Say(r.ch, "Tomatoes & **beans** <i>")
		reply := r.ben.Reply(root, "Both")
		got := r.page(t, r.path+"/feed.atom").Want(t, 200)
		feed, err := gofeed.NewParser().Parse(bytes.NewReader(got.Body))
		if err != nil {
			t.Fatal(err)
		}
		if feed.FeedType != "atom" || !strings.HasPrefix(feed.Title, r.ch.DisplayName) || len(feed.Items) != 2 || feed.UpdatedParsed == nil || !strings.HasSuffix(feed.FeedLink, r.path+"/feed.atom") {
			t.Fatalf("%+v", feed)
		}
		first, second := feed.Items[1], feed.Items[0]
		if first.Title != "Tomatoes & beans <i" || first.Content != `<div class="text"><p>Tomatoes &amp; <strong>beans</strong> &lt;i&gt;</p>`+"\n</div>" ||
			first.Authors[0].Name != r.ann.Username || !strings.HasSuffix(first.Link, r.path+"/p/"+root.ID) || first.GUID != first.Link {
			t.Errorf("%+v", first)
		}
		if second.Title != "Both" || !strings.HasSuffix(second.Link, reply.ID) {
			t.Errorf("%+v", second)
		}
		r.page(t, r.path+"/feed.atom", "If-None-Match", got.Header.Get("Etag")).Want(t, 304)
		var since string
		testkit.Eventually(t, "a time to ask by is told once it is settled", func() bool {
			since = r.page(t, r.path+"/feed.atom").Header.Get("Last-Modified")
			return since != ""
		})
		r.page(t, r.path+"/feed.atom", "If-Modified-Since", since).Want(t, 304)
		r.ben.DELETE("/posts/"+reply.ID).Want(t, 200)
		after := r.page(t, r.path+"/feed.atom", "If-Modified-Since", since).Want(t, 200)
		shows(t, after, false, "Both")
	}, on)
}

func TestTheSitemapNamesMonths(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		r := newRoom(t, s)
		r.open(t, true)
		// 1 March 2025, and 250 messages of June 2026.
		old := map[string]any{"channel_id": r.ch.ID, "message": "in March", "create_at": int64(1740787200000)}
		s.Admin.POST("/teams/"+r.team.ID+"/members", map[string]string{"team_id": r.team.ID, "user_id": s.Admin.ID}).Want(t, 201)
		s.Admin.POST("/channels/"+r.ch.ID+"/members", map[string]string{"user_id": s.Admin.ID}).Want(t, 201)
		s.Admin.POST("/posts", old).Want(t, 201)
		for i := range 120 {
			s.Admin.POST("/posts", map[string]any{"channel_id": r.ch.ID, "message": "June " + strings.Repeat("i", i+1) + ".", "create_at": int64(1780300000000 + i)}).Want(t, 201)
		}
		got := r.page(t, "/public/sitemap.xml").Want(t, 200)
		var list struct {
			URLs []struct {
				Loc string `xml:"loc"`
			} `xml:"url"`
		}
		if err := xml.Unmarshal(got.Body, &list); err != nil {
			t.Fatal(err)
		}
		var locs []string
		for _, u := range list.URLs {
			_, path, _ := strings.Cut(u.Loc, "/public/")
			locs = append(locs, "/public/"+path)
		}
		if got := strings.Join(locs, " "); !strings.HasPrefix(got, "/public/ "+r.path+" "+r.path+"/2025-03 "+r.path+"/2026-06") {
			t.Errorf("%s", got)
		}
		shows(t, r.page(t, r.path+"/2025-03").Want(t, 200), true, "in March", "March 2025")
		first := r.page(t, r.path+"/2026-06").Want(t, 200)
		shows(t, first, true, "June i.", "June "+strings.Repeat("i", 100)+".", `rel="next" href="`+r.path+`/2026-06?page=2"`)
		shows(t, first, false, "June "+strings.Repeat("i", 101)+".", "in March")
		shows(t, r.page(t, r.path+"/2026-06?page=2").Want(t, 200), true, "June "+strings.Repeat("i", 101)+".")
		r.page(t, r.path+"/2026-06?page=3").Want(t, 404)
		r.page(t, r.path+"/2026-06?page=-1").Want(t, 404)
		shows(t, r.page(t, r.path), true, `rel="prev" href="`+r.path+`/2026-06`)
	}, on, testkit.Env("MM_WEBPUBLICSETTINGS_ALLOWINDEXING=true"))
}

func TestFilesOfShownPosts(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		r := newRoom(t, s)
		r.open(t, false)
		var picture bytes.Buffer
		if err := png.Encode(&picture, image.NewRGBA(image.Rect(0, 0, 60, 40))); err != nil {
			t.Fatal(err)
		}
		photo := r.ann.Upload(r.ch, "photo.png", picture.Bytes())
		script := r.ann.Upload(r.ch, "evil.svg", []byte(`<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`))
		page := r.ann.Upload(r.ch, "evil.html", []byte(`<html><script>alert(1)</script>`))
		file := r.path + "/f/"
		r.page(t, file+photo.ID).Want(t, 404) // not posted yet
		post := r.ann.Show(r.ch, photo, script, page)
		shows(t, r.page(t, r.path), true, file+photo.ID, "evil.svg")
		got := r.page(t, file+photo.ID).Want(t, 200)
		if !bytes.Equal(got.Body, picture.Bytes()) || got.Header.Get("Content-Type") != "image/png" || got.Header.Get("Cache-Control") != "public, max-age=5, must-revalidate" {
			t.Errorf("%v", got.Header)
		}
		r.page(t, file+photo.ID+"/preview").Want(t, 200)
		r.page(t, file+photo.ID+"/other").Want(t, 404)
		for _, f := range []string{script.ID, page.ID} {
			got := r.page(t, file+f).Want(t, 200)
			if kind := got.Header.Get("Content-Type"); strings.Contains(kind, "html") || !strings.HasPrefix(got.Header.Get("Content-Disposition"), "attachment") ||
				!strings.Contains(strings.Join(got.Header.Values("Content-Security-Policy"), ";"), "sandbox") {
				t.Errorf("%v", got.Header)
			}
		}
		r.ann.DELETE("/posts/"+post.ID).Want(t, 200)
		r.page(t, file+photo.ID).Want(t, 404)
		r.page(t, file+photo.ID+"/preview").Want(t, 404)
	}, on)
}

// stream opens the stream of a channel and returns how to wait for an event.
func (r *room) stream(t *testing.T) (*http.Response, func() string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, r.URL+r.path+"/live", nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = resp.Body.Close() })
	lines := bufio.NewScanner(resp.Body)
	return resp, func() string {
		for lines.Scan() {
			if name, ok := strings.CutPrefix(lines.Text(), "event: "); ok {
				return name
			}
		}
		return "end"
	}
}

func TestPagesHearOfChanges(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		r := newRoom(t, s)
		r.open(t, false)
		resp, next := r.stream(t)
		if resp.StatusCode != 200 || resp.Header.Get("Content-Type") != "text/event-stream" {
			t.Fatalf("%d %v", resp.StatusCode, resp.Header)
		}
		post := r.ann.Say(r.ch, "news")
		if got := next(); got != "changed" {
			t.Errorf("of a message: %s", got)
		}
		r.ann.POST("/reactions", map[string]string{"user_id": r.ann.ID, "post_id": post.ID, "emoji_name": "tada"}).Want(t, 200)
		if got := next(); got != "changed" {
			t.Errorf("of a reaction: %s", got)
		}
		shows(t, r.page(t, r.path), true, `title="tada: 1"`)
		for range 7 {
			r.stream(t)
		}
		if resp, _ := r.stream(t); resp.StatusCode != 429 {
			t.Errorf("a ninth stream of an address: %d", resp.StatusCode)
		}
		r.ann.PUT("/parley/channels/"+r.ch.ID+"/web_public", map[string]bool{"enabled": false}).Want(t, 200)
		for name := next(); name != "gone"; name = next() {
			if name == "end" {
				t.Fatal("not told that the channel is gone")
			}
		}
		if got := next(); got != "end" {
			t.Errorf("after the end: %s", got)
		}
		r.open(t, false)
		testkit.Eventually(t, "places are free again", func() bool {
			resp, _ := r.stream(t)
			return resp.StatusCode == 200
		})
		s.Stop() // doesn't wait for those who watch
	}, on)
}
