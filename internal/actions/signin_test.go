package actions_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/parley-chat/parley/internal/deliveries"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/testkit"
)

// guarded is a program that an outgoing OAuth connection serves: it gives the tokens, too, and remembers who showed one.
type guarded struct {
	*httptest.Server
	mu       sync.Mutex
	signedIn map[string]bool
	trigger  string
	heard    int
}

func newGuarded(t *testing.T, s *testkit.Server) *guarded {
	t.Helper()
	p := &guarded{signedIn: map[string]bool{}}
	p.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		if r.URL.Path == "/token" {
			_, _ = io.WriteString(w, `{"access_token":"the-token","token_type":"Bearer","expires_in":3600}`)
			return
		}
		var heard struct {
			TriggerID string `json:"trigger_id"`
		}
		_ = json.NewDecoder(r.Body).Decode(&heard)
		p.mu.Lock()
		defer p.mu.Unlock()
		p.heard++
		p.signedIn[r.URL.String()] = r.Header.Get("Authorization") == "Bearer the-token"
		p.trigger = heard.TriggerID
		_, _ = io.WriteString(w, `{}`)
	}))
	t.Cleanup(p.Close)
	s.Admin.POST("/oauth/outgoing_connections", map[string]any{"name": "Guarded", "client_id": "c", "client_secret": "s", "oauth_token_url": p.URL + "/token",
		"grant_type": "client_credentials", "audiences": []string{p.URL + "/api"}}).Want(t, 201)
	return p
}

func (p *guarded) wants(t *testing.T, path string, signedIn bool) string {
	t.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	if got, heard := p.signedIn[path]; !heard || got != signedIn {
		t.Errorf("%s: heard %v, with the token %v", path, heard, got)
	}
	return p.trigger
}

// opened has the program open a dialog with a trigger id, and returns its address as the client hears it.
func (p *guarded) opened(t *testing.T, s *testkit.Server, who *testkit.Actor, trigger, address string) string {
	t.Helper()
	opened(s, address, trigger, map[string]any{"title": "Order", "elements": []any{map[string]any{"display_name": "What", "name": "what", "type": "text"}}}).Want(t, 200)
	var heard model.OpenDialogRequest
	frame := who.Expect("open_dialog", nil)
	frame.JSON(t, "dialog", &heard)
	return heard.URL
}

// Buttons and dialogs are told with a token only where somebody chose their address who may make integrations.
func TestWhoseButtonsSignIn(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		p, ann, ben := newGuarded(t, s), s.User("ann"), s.User("ben")
		room := s.Channel(ann, s.Team(s.Admin, ann, ben), ben, s.Admin)
		ben.Listen()
		press := func(author *testkit.Actor, path string) {
			t.Helper()
			post := card(t, author, room, p.URL+path)
			ben.POST("/posts/"+post.ID+"/actions/yes", map[string]any{}).Want(t, 200)
		}
		submit := func(who *testkit.Actor, address string) {
			t.Helper()
			who.POST("/actions/dialogs/submit", map[string]any{"url": address, "channel_id": room.ID, "team_id": room.TeamID, "submission": map[string]any{"what": "tea"}}).Want(t, 200)
		}
		press(ann, "/api/plain")
		trigger := p.wants(t, "/api/plain", false)
		if address := p.opened(t, s, ben, trigger, p.URL+"/api/order-plain"); address != p.URL+"/api/order-plain" {
			t.Errorf("%q", address)
		}
		submit(ben, p.URL+"/api/order-plain")
		p.wants(t, "/api/order-plain", false)

		press(s.Admin, "/api/boss")
		trigger = p.wants(t, "/api/boss", true)
		address := p.opened(t, s, ben, trigger, p.URL+"/api/order")
		submit(ben, address)
		p.wants(t, "/api/order", true)
		// The proof is for one person and one address.
		_, proof, _ := strings.Cut(address, "#")
		submit(ann, address)
		p.wants(t, "/api/order", false)
		for _, forged := range []string{p.URL + "/api/other#" + proof, p.URL + "/api/other#signs-in=", p.URL + "/api/other#signs-in=***"} {
			submit(ben, forged)
			p.wants(t, "/api/other", false)
		}
		// A bot is answered for by its owner.
		var bot model.Bot
		s.Admin.POST("/bots", map[string]string{"username": "robot"}).Want(t, 201).Into(t, &bot)
		var token model.UserAccessToken
		s.Admin.POST("/users/"+bot.UserID+"/tokens", map[string]string{"description": "its own"}).Want(t, 200).Into(t, &token)
		s.Admin.POST("/teams/"+room.TeamID+"/members", map[string]string{"team_id": room.TeamID, "user_id": bot.UserID}).Want(t, 201)
		s.Admin.POST("/channels/"+room.ID+"/members", map[string]string{"user_id": bot.UserID}).Want(t, 201)
		robot := s.Nobody()
		robot.ID, robot.Username, robot.Token = bot.UserID, bot.Username, token.Token
		press(robot, "/api/bot")
		p.wants(t, "/api/bot", true)
		s.Admin.POST("/bots/"+bot.UserID+"/assign/"+ann.ID, nil).Want(t, 200)
		press(robot, "/api/given-away")
		p.wants(t, "/api/given-away", false)
	}, allow, testkit.Env("MM_SERVICESETTINGS_ENABLEOUTGOINGOAUTHCONNECTIONS=true", "MM_SERVICESETTINGS_ENABLEBOTACCOUNTCREATION=true"))
}

// A button's call that is sent again has the token as the first had, by what the author of the message may then.
func TestButtonsSignInAgain(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		p, ann := newGuarded(t, s), s.User("ann")
		team := s.Team(s.Admin, ann)
		room := s.Channel(ann, team, s.Admin)
		role := func(roles string) {
			t.Helper()
			s.Admin.PUT("/teams/"+team.ID+"/members/"+ann.ID+"/roles", map[string]string{"roles": roles}).Want(t, 200)
		}
		role("team_user team_admin")
		post := card(t, ann, room, p.URL+"/api/go")
		s.Admin.POST("/posts/"+post.ID+"/actions/yes", map[string]any{}).Want(t, 200)
		p.wants(t, "/api/go", true)
		var log struct{ Deliveries []*deliveries.Delivery }
		ann.GET("/parley/deliveries").Want(t, 200).Into(t, &log)
		if len(log.Deliveries) != 1 {
			t.Fatalf("%d deliveries", len(log.Deliveries))
		}
		again := func(n int) {
			t.Helper()
			ann.POST("/parley/deliveries/"+log.Deliveries[0].ID+"/again", nil).Want(t, 201)
			testkit.Eventually(t, "another call", func() bool {
				p.mu.Lock()
				defer p.mu.Unlock()
				return p.heard == n
			})
		}
		again(2)
		p.wants(t, "/api/go", true)
		role("team_user")
		again(3)
		p.wants(t, "/api/go", false)
	}, allow, testkit.Env("MM_SERVICESETTINGS_ENABLEOUTGOINGOAUTHCONNECTIONS=true"))
}
