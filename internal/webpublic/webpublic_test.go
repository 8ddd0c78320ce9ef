package webpublic_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/testkit"
	"github.com/parley-chat/parley/internal/webpublic"
)

var on = testkit.Env("MM_WEBPUBLICSETTINGS_ENABLE=true", "MM_WEBPUBLICSETTINGS_REQUESTSPERMINUTE=100000")

// room is a channel on the web, of ann, with ben in it.
type room struct {
	*testkit.Server
	ann, ben *testkit.Actor
	team     *model.Team
	ch       *model.Channel
	path     string
}

func newRoom(t *testing.T, s *testkit.Server) *room {
	t.Helper()
	ann, ben := s.User("ann"), s.User("ben")
	team := s.Team(ann, ben)
	ch := s.Channel(ann, team, ben)
	return &room{s, ann, ben, team, ch, "/public/" + team.Name + "/" + ch.Name}
}

func (r *room) open(t *testing.T, history bool) {
	t.Helper()
	r.ann.PUT("/parley/channels/"+r.ch.ID+"/web_public", map[string]bool{"enabled": true, "history": history}).Want(t, 200)
}

func (r *room) state(t *testing.T, a *testkit.Actor) (out webpublic.State) {
	t.Helper()
	a.GET("/parley/channels/"+r.ch.ID+"/web_public").Want(t, 200).Into(t, &out)
	return out
}

// page asks for a page as a stranger's browser does.
func (r *room) page(t *testing.T, path string, headers ...string) *testkit.Response {
	t.Helper()
	return r.Nobody().Do(http.MethodGet, "<site>"+path, nil, headers...)
}

// shows asserts which texts a page has.
func shows(t *testing.T, got *testkit.Response, want bool, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if strings.Contains(string(got.Body), text) != want {
			t.Errorf("%q is there: %v, want %v", text, !want, want)
		}
	}
}

func TestAStrangerReadsAChannelThatWasOpened(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		r := newRoom(t, s)
		before := r.ann.Say(r.ch, "written before")
		r.page(t, r.path).Want(t, 404)
		if got := r.state(t, r.ben); got.Enabled || got.MaySwitch || !got.Available || !r.state(t, r.ann).MaySwitch {
			t.Errorf("before: %+v", got)
		}
		ear := r.ben.Listen()
		r.open(t, false)
		ear.Expect("posted", func(f testkit.Frame) bool { return strings.Contains(fmt.Sprint(f.Data["post"]), "readable by anybody") })
		ear.Expect("parley_web_public_changed", nil)
		if got := r.state(t, r.ben); !got.Enabled || got.Since == 0 || !strings.HasSuffix(got.URL, r.path) {
			t.Errorf("after: %+v", got)
		}
		root := r.ann.Say(r.ch, "Hello **world**, @"+r.ben.Username+" :tada:\n\n| a | b |\n|---|---|\n| 1 | 2 |")
		reply := r.ben.Reply(root, "I agree")
		late := r.ben.Reply(before, "to what nobody sees")
		page := r.page(t, r.path).Want(t, 200)
		shows(t, page, true, "<strong>world</strong>", "@"+r.ben.Username, "🎉", "<td>1</td>", "1 reply", "to what nobody sees", `name="robots" content="noindex`)
		shows(t, page, false, "written before", "I agree", "readable by anybody", r.ann.ID, "@example", "Set-Cookie", "joined")
		shows(t, r.page(t, r.path+"/p/"+root.ID).Want(t, 200), true, "I agree", "<strong>world</strong>")
		if got := r.page(t, r.path+"/p/"+reply.ID).Want(t, 302).Header.Get("Location"); got != r.path+"/p/"+root.ID+"#m-"+reply.ID {
			t.Errorf("a reply leads to %s", got)
		}
		shows(t, r.page(t, r.path+"/p/"+late.ID).Want(t, 200), true, "to what nobody sees")
		r.page(t, r.path+"/p/"+before.ID).Want(t, 404)
		shows(t, r.page(t, "/public/").Want(t, 200), true, r.path)
		shows(t, r.page(t, "/public/"+r.team.Name).Want(t, 200), true, r.path)

		// What is changed or deleted follows at once.
		r.ben.PUT("/posts/"+reply.ID+"/patch", map[string]string{"message": "I disagree"}).Want(t, 200)
		shows(t, r.page(t, r.path+"/p/"+root.ID), true, "I disagree", "edited")
		r.ben.DELETE("/posts/"+late.ID).Want(t, 200)
		shows(t, r.page(t, r.path), false, "to what nobody sees")
		r.page(t, r.path+"/p/"+late.ID).Want(t, 404)

		r.open(t, true)
		shows(t, r.page(t, r.path), true, "written before")
		r.ann.PUT("/parley/channels/"+r.ch.ID+"/web_public", map[string]bool{"enabled": false}).Want(t, 200)
		for _, path := range []string{r.path, r.path + "/p/" + root.ID, r.path + "/feed.atom", r.path + "/live", "/public/" + r.team.Name} {
			r.page(t, path).Want(t, 404)
		}
	}, on)
}

// What must never be seen: other channels, what the server says, secrets, names
// of who doesn't want it.
func TestWhatAStrangerNeverSees(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		r := newRoom(t, s)
		closed := s.Private(r.ann, r.team, r.ben)
		other := s.Channel(r.ann, r.team, r.ben)
		secret, foreign := r.ann.Say(closed, "secret plan"), r.ann.Say(other, "not opened")
		hidden := r.ann.Upload(closed, "plan.txt", []byte("secret file"))
		shown := r.ann.Show(closed, hidden)
		r.open(t, true)
		for _, path := range []string{
			"/public/" + r.team.Name + "/" + closed.Name, "/public/" + r.team.Name + "/" + other.Name,
			r.path + "/p/" + secret.ID, r.path + "/p/" + foreign.ID, r.path + "/p/" + shown.ID, r.path + "/f/" + hidden.ID, r.path + "/f/" + hidden.ID + "/preview",
			r.path + "/p/x", r.path + "/p/" + strings.Repeat("z", 26), r.path + "/2026-13", r.path + "/1999-01", "/public/no-such-team", "/public/-/page.html",
			"/public/" + r.team.Name + "/%2e%2e", "/public/%00/x", "/public/" + r.team.Name + "/" + s.Direct(r.ann, r.ben).Name,
		} {
			if got := r.page(t, path); got.Status != 404 {
				t.Errorf("%s: %d", path, got.Status)
			}
		}
		r.ann.PUT("/parley/channels/"+closed.ID+"/web_public", map[string]bool{"enabled": true}).Refused(t, 400, "parley.web_public.private.app_error")
		r.ann.PUT("/parley/channels/"+s.Direct(r.ann, r.ben).ID+"/web_public", map[string]bool{"enabled": true}).Refused(t, 400, "parley.web_public.private.app_error")
		r.ben.PUT("/parley/channels/"+r.ch.ID+"/web_public", map[string]bool{"enabled": false}).Want(t, 403)
		s.User("stranger").GET("/parley/channels/"+closed.ID+"/web_public").Want(t, 403)

		burning := map[string]any{"channel_id": r.ch.ID, "message": "burn this", "type": model.PostTypeBurnOnRead}
		r.ann.POST("/posts", burning).Want(t, 201)
		r.ann.Say(r.ch, "ask @"+r.ben.Username+". Or not")
		r.ben.Say(r.ch, "by somebody")
		shows(t, r.page(t, r.path), true, r.ben.Username)
		r.ben.PUT("/users/"+r.ben.ID+"/preferences", []map[string]string{{"user_id": r.ben.ID, "category": "parley", "name": "hide_name_on_web", "value": "true"}}).Want(t, 200)
		page := r.page(t, r.path)
		shows(t, page, true, "Somebody", "by somebody", "ask @Somebody. Or not")
		shows(t, page, false, r.ben.Username, "burn this", "secret", "not opened", "joined the channel", "added to the channel")
		feed := r.page(t, r.path+"/feed.atom")
		shows(t, feed, false, r.ben.Username, "burn this")

		// Closing the channel takes it off, and opening it again doesn't put it back.
		r.ann.PUT("/channels/"+r.ch.ID+"/privacy", map[string]string{"privacy": "P"})
		s.Admin.PUT("/channels/"+r.ch.ID+"/privacy", map[string]string{"privacy": "P"}).Want(t, 200)
		r.page(t, r.path).Want(t, 404)
		s.Admin.PUT("/channels/"+r.ch.ID+"/privacy", map[string]string{"privacy": "O"}).Want(t, 200)
		r.page(t, r.path).Want(t, 404)
		r.open(t, true)
		r.page(t, r.path).Want(t, 200)
		s.Admin.DELETE("/channels/"+r.ch.ID).Want(t, 200)
		r.page(t, r.path).Want(t, 404)
	}, on, testkit.Env("MM_SERVICESETTINGS_ENABLEBURNONREAD=true"))
}

func TestNothingIsShownUnlessAllowed(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		r := newRoom(t, s)
		r.ann.PUT("/parley/channels/"+r.ch.ID+"/web_public", map[string]bool{"enabled": true}).Refused(t, 403, "parley.web_public.off.app_error")
		shows(t, r.page(t, r.path), false, r.ch.DisplayName)
		set := func(on bool) {
			s.Admin.PUT("/config/patch", map[string]any{"WebPublicSettings": map[string]any{"Enable": on, "RequestsPerMinute": 100000, "AllowIndexing": on}}).Want(t, 200)
		}
		set(true)
		r.open(t, true)
		r.page(t, r.path).Want(t, 200)
		shows(t, r.page(t, "/robots.txt"), true, "Allow: /public/")
		shows(t, r.page(t, "/public/sitemap.xml").Want(t, 200), true, r.path)
		set(false)
		shows(t, r.page(t, r.path), false, r.ch.DisplayName)
		shows(t, r.page(t, "/robots.txt"), false, "Allow")
		if r.state(t, r.ann).Enabled {
			t.Error("off for all, but the channel says it is shown")
		}
	})
}

func TestHeadersOfAPage(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		r := newRoom(t, s)
		r.ann.Say(r.ch, "hello")
		r.open(t, true)
		signedIn := r.ann.Do(http.MethodGet, "<site>"+r.path, nil)
		page := r.page(t, r.path).Want(t, 200)
		if string(signedIn.Body) != string(page.Body) {
			t.Error("who is signed in sees another page")
		}
		for name, want := range map[string]string{"Content-Security-Policy": "default-src 'none'", "Cache-Control": "max-age=5", "Vary": "Accept-Language",
			"X-Robots-Tag": "noindex", "X-Content-Type-Options": "nosniff", "Content-Type": "text/html"} {
			if got := strings.Join(page.Header.Values(name), ","); !strings.Contains(got, want) {
				t.Errorf("%s: %q", name, got)
			}
		}
		for _, name := range []string{"Set-Cookie", "X-Version-Id", "Expires"} {
			if page.Header.Get(name) != "" {
				t.Errorf("there is %s", name)
			}
		}
		r.page(t, r.path, "If-None-Match", page.Header.Get("Etag")).Want(t, 304)
		r.ann.Say(r.ch, "news")
		r.page(t, r.path, "If-None-Match", page.Header.Get("Etag")).Want(t, 200)
		shows(t, r.page(t, r.path, "Accept-Language", "fr-CH, fr;q=0.9"), true, `lang="fr"`, "Par mois", "Se connecter")
		doc, err := html.Parse(strings.NewReader(string(page.Body)))
		if err != nil {
			t.Fatal(err)
		}
		found := map[string]int{}
		for n := range doc.Descendants() {
			found[n.Data]++
		}
		for _, tag := range []string{"h1", "main", "article", "title", "time"} {
			if found[tag] < 1 {
				t.Errorf("no %s: %v", tag, found)
			}
		}
	}, on)
}

func TestAnAddressGetsSoMany(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		r := newRoom(t, s)
		for range 10 {
			if r.page(t, "/public/").Status == 429 {
				return
			}
		}
		t.Error("never refused")
	}, testkit.Env("MM_WEBPUBLICSETTINGS_ENABLE=true", "MM_WEBPUBLICSETTINGS_REQUESTSPERMINUTE=12"))
}
