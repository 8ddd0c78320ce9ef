package server_test

import (
	"fmt"
	"math/rand/v2"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/testkit"
)

// starting is what clients ask for when they start.
func starting(teams []*model.Team) []string {
	paths := []string{"/users/me", "/users/me/preferences", "/users/me/teams", "/users/me/teams/members", "/users/me/teams/unread"}
	for _, team := range teams {
		base := "/users/me/teams/" + team.ID + "/channels"
		paths = append(paths, base, base+"?include_deleted=true", base+"/members", base+"/categories")
	}
	return paths
}

// deeds are done by chance, and may be refused.
type deeds struct {
	t        testing.TB
	rng      *rand.Rand
	turn     int // goes through all deeds, with leaps
	people   []*testkit.Actor
	admin    *testkit.Actor
	teams    []*model.Team
	channels []*model.Channel
}

func pick[T any](rng *rand.Rand, list []T) T { return list[rng.IntN(len(list))] }

// enter brings somebody back to all teams and channels.
func (w *deeds) enter(who *testkit.Actor) (last *testkit.Response) {
	for _, team := range w.teams {
		last = w.admin.POST("/teams/"+team.ID+"/members", map[string]string{"team_id": team.ID, "user_id": who.ID})
	}
	for _, ch := range w.channels {
		w.admin.POST("/channels/"+ch.ID+"/members", map[string]string{"user_id": who.ID})
	}
	return last
}

// act does one thing and says what.
func (w *deeds) act() string {
	by, of, ch, team := pick(w.rng, w.people), pick(w.rng, w.people), pick(w.rng, w.channels), pick(w.rng, w.teams)
	yes := w.rng.IntN(2) == 0
	categories := "/users/" + by.ID + "/teams/" + team.ID + "/channels/categories"
	list := []struct {
		name string
		do   func() *testkit.Response
	}{
		{"post", func() *testkit.Response { return by.Post(ch, "hello @"+of.Username+" "+id.New()) }},
		{"post to all", func() *testkit.Response { return by.Post(ch, "@all hear") }},
		{"direct message", func() *testkit.Response {
			var direct model.Channel
			r := by.POST("/channels/direct", []string{by.ID, of.ID})
			r.Into(w.t, &direct)
			return by.Post(&direct, "psst")
		}},
		{"view", func() *testkit.Response {
			return by.POST("/channels/members/me/view", map[string]string{"channel_id": ch.ID})
		}},
		{"join", func() *testkit.Response {
			return by.POST("/channels/"+ch.ID+"/members", map[string]string{"user_id": by.ID})
		}},
		{"add", func() *testkit.Response {
			return by.POST("/channels/"+ch.ID+"/members", map[string]string{"user_id": of.ID})
		}},
		{"leave", func() *testkit.Response { return by.DELETE("/channels/" + ch.ID + "/members/" + by.ID) }},
		{"rename", func() *testkit.Response {
			return w.admin.PUT("/channels/"+ch.ID+"/patch", map[string]string{"display_name": "n" + id.New()})
		}},
		{"archive or restore", func() *testkit.Response {
			if r := w.admin.POST("/channels/"+ch.ID+"/restore", nil); r.Status == 200 {
				return r
			}
			return w.admin.DELETE("/channels/" + ch.ID)
		}},
		{"move", func() *testkit.Response {
			return w.admin.POST("/channels/"+ch.ID+"/move", map[string]any{"team_id": team.ID, "force": true})
		}},
		{"notify props", func() *testkit.Response {
			return by.PUT("/channels/"+ch.ID+"/members/"+by.ID+"/notify_props",
				map[string]string{"user_id": by.ID, "channel_id": ch.ID, "mark_unread": map[bool]string{true: "all", false: "mention"}[yes]})
		}},
		{"channel admin", func() *testkit.Response {
			return w.admin.PUT("/channels/"+ch.ID+"/members/"+of.ID+"/schemeRoles", map[string]bool{"scheme_user": true, "scheme_admin": yes})
		}},
		{"team admin", func() *testkit.Response {
			return w.admin.PUT("/teams/"+team.ID+"/members/"+of.ID+"/schemeRoles", map[string]bool{"scheme_user": true, "scheme_admin": yes})
		}},
		{"come back", func() *testkit.Response { return w.enter(of) }},
		{"leave team", func() *testkit.Response {
			if w.rng.IntN(3) > 0 {
				return w.enter(of)
			}
			return w.admin.DELETE("/teams/" + team.ID + "/members/" + of.ID)
		}},
		{"team name", func() *testkit.Response {
			return w.admin.PUT("/teams/"+team.ID+"/patch", map[string]string{"display_name": "t" + id.New()})
		}},
		{"preference", func() *testkit.Response {
			one := []model.Preference{{UserID: by.ID, Category: "display_settings", Name: "n", Value: id.New()}}
			if by.GET("/users/me/preferences/display_settings/name/n").Status == 200 {
				return by.POST("/users/me/preferences/delete", one)
			}
			return by.PUT("/users/me/preferences", one)
		}},
		{"favourite", func() *testkit.Response {
			return by.PUT("/users/me/preferences", []model.Preference{{UserID: by.ID, Category: "favorite_channel", Name: ch.ID, Value: fmt.Sprint(yes)}})
		}},
		{"category", func() *testkit.Response {
			return by.POST(categories, map[string]any{"user_id": by.ID, "team_id": team.ID, "display_name": "c" + id.New(), "channel_ids": []string{ch.ID}})
		}},
		{"nickname", func() *testkit.Response {
			return by.PUT("/users/me/patch", map[string]string{"nickname": id.New()})
		}},
		{"unread from", func() *testkit.Response {
			post := model.Post{}
			w.admin.Post(ch, "x").Into(w.t, &post)
			return by.POST("/users/me/posts/"+post.ID+"/set_unread", map[string]bool{"collapsed_threads_supported": yes})
		}},
	}
	d := list[w.turn%len(list)]
	w.turn += 1 + w.rng.IntN(3)
	return fmt.Sprintf("%s: %d", d.name, d.do().Status)
}

// A client that starts while nothing has changed costs the database nothing.
func TestStartingAgainCostsNoStatement(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		ann := s.User("ann")
		team := s.Team(s.Admin, ann)
		s.Direct(ann, s.Admin)
		ctx, counter := db.CountStatements(t.Context())
		for round := range 2 {
			counter.Reset()
			ask := func(method, path, body string) {
				r := httptest.NewRequestWithContext(ctx, method, "/api/v4"+path, strings.NewReader(body))
				r.Header.Set("Authorization", "Bearer "+ann.Token)
				w := httptest.NewRecorder()
				s.Handler().ServeHTTP(w, r)
				if w.Code != 200 {
					t.Errorf("%s: %d %s", path, w.Code, w.Body)
				}
			}
			for range 2 { // the first time makes the categories
				for _, path := range append(starting([]*model.Team{team}), "/config/client?format=old", "/license/client?format=old") {
					ask("GET", path, "")
				}
				ask("POST", "/roles/names", `["system_user","team_user","channel_user"]`)
			}
			if round > 0 && counter.N() > 0 {
				t.Errorf("%d statements", counter.N())
			}
		}
	})
}

// Whatever people do, what the server remembers of its answers is what it would
// answer if it remembered nothing.
func TestRememberedAnswersAreFreshOnes(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		w := &deeds{t: t, rng: rand.New(rand.NewPCG(11, 7)), admin: s.Admin}
		for range 3 {
			w.people = append(w.people, s.User("writer"))
		}
		for range 2 {
			team := s.Team(s.Admin, w.people...)
			w.teams = append(w.teams, team)
			for range 2 {
				w.channels = append(w.channels, s.Channel(s.Admin, team, w.people...))
			}
		}
		paths := starting(w.teams)
		read := func() map[string]*testkit.Response {
			all := map[string]*testkit.Response{}
			for _, p := range w.people {
				for _, path := range paths {
					all[p.Username+" "+path] = p.GET(path)
				}
			}
			return all
		}
		read()
		for step := range 200 {
			did := w.act()
			remembered := read()
			s.Access.Answers.Changed(access.Anything)
			for what, fresh := range read() {
				was := remembered[what]
				if was.Status != fresh.Status || fresh.Status == 200 && string(was.Body) != string(fresh.Body) {
					t.Fatalf("step %d, %s\n%s\nremembered %s\nfresh      %s", step, did, what, was.Body, fresh.Body)
				}
			}
		}
	})
}
