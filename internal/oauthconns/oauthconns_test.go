package oauthconns_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/db/dbtest"
	"github.com/parley-chat/parley/internal/deliveries"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/testkit"
)

var settings = testkit.Env("MM_SERVICESETTINGS_ALLOWEDUNTRUSTEDINTERNALCONNECTIONS=127.0.0.1", "MM_SERVICESETTINGS_ENABLEOUTGOINGOAUTHCONNECTIONS=true")

const (
	route    = "/oauth/outgoing_connections"
	secret   = "the-clients-own-secret"
	password = "the-password-of-robot"
)

// partner is the other program: its authorization server at /token and its API everywhere else, which wants a token.
type partner struct {
	*httptest.Server
	mu      sync.Mutex
	secret  string
	deaf    bool // the API takes no token
	inForm  bool // the client's secret is taken in the form only
	expires int
	refused int               // requests for tokens
	fetched int               // requests for tokens that were granted
	good    map[string]bool   // tokens
	heard   map[string]string // path of the API → Authorization
	grants  map[string]int
}

func newPartner(t *testing.T) *partner {
	p := &partner{secret: secret, expires: 3600, good: map[string]bool{}, heard: map[string]string{}, grants: map[string]int{}}
	p.Server = httptest.NewServer(p)
	t.Cleanup(p.Close)
	return p
}

func (p *partner) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	w.Header().Set("Content-Type", "application/json")
	if r.URL.Path == "/token" {
		p.token(w, r)
		return
	}
	p.heard[r.URL.Path] = r.Header.Get("Authorization")
	token, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if p.deaf || !p.good[token] {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	_, _ = fmt.Fprintf(w, `{"text":"you said %s"}`, r.Header.Get("Authorization"))
}

func (p *partner) token(w http.ResponseWriter, r *http.Request) {
	_ = r.ParseForm()
	client, shown, _ := r.BasicAuth()
	if p.inForm {
		client, shown = r.PostForm.Get("client_id"), r.PostForm.Get("client_secret")
	}
	grant := r.PostForm.Get("grant_type")
	if grant == "password" && (r.PostForm.Get("username") != "robot" || r.PostForm.Get("password") != password) {
		p.refused++
		w.WriteHeader(http.StatusBadRequest)
		_, _ = io.WriteString(w, `{"error":"invalid_grant"}`)
		return
	}
	if client != "parley" || shown != p.secret {
		p.refused++
		w.WriteHeader(http.StatusUnauthorized)
		_, _ = fmt.Fprintf(w, `{"error":"invalid_client","error_description":"I don't know %s of %s"}`, shown, client)
		return
	}
	p.fetched++
	p.grants[grant]++
	token := fmt.Sprintf("token-%d-abcdefghijk", p.fetched)
	p.good[token] = true
	_, _ = fmt.Fprintf(w, `{"access_token":%q,"token_type":"bearer","expires_in":%d}`, token, p.expires)
}

// forget makes all tokens worthless.
func (p *partner) forget() {
	p.mu.Lock()
	defer p.mu.Unlock()
	clear(p.good)
}

func (p *partner) said(path string) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.heard[path]
}

func (p *partner) count() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.fetched
}

// form is a connection to the partner, changed.
func (p *partner) form(more map[string]any) map[string]any {
	body := map[string]any{"name": "Partner", "client_id": "parley", "client_secret": secret, "oauth_token_url": p.URL + "/token",
		"grant_type": "client_credentials", "audiences": []string{p.URL + "/api"}}
	for k, v := range more {
		body[k] = v
	}
	return body
}

func (p *partner) connect(t *testing.T, s *testkit.Server, more map[string]any) *model.OutgoingOAuthConnection {
	t.Helper()
	var one model.OutgoingOAuthConnection
	s.Admin.POST(route, p.form(more)).Want(t, 201).Into(t, &one)
	return &one
}

// command makes a slash command that calls a path of the partner, and returns what runs it.
func command(t *testing.T, s *testkit.Server, room *model.Channel, trigger, url string) func(*testkit.Actor) *testkit.Response {
	t.Helper()
	s.Admin.POST("/commands", map[string]any{"team_id": room.TeamID, "trigger": trigger, "method": "P", "url": url}).Want(t, 201)
	return func(who *testkit.Actor) *testkit.Response {
		return who.POST("/commands/execute", map[string]any{"channel_id": room.ID, "team_id": room.TeamID, "command": "/" + trigger})
	}
}

func TestATokenIsFetchedOnceAndCarried(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		p, ann := newPartner(t), s.User("ann")
		room := s.Channel(ann, s.Team(ann, s.Admin), s.Admin)
		p.connect(t, s, nil)
		run := command(t, s, room, "ask", p.URL+"/api/ask")
		var all sync.WaitGroup
		for range 12 {
			all.Go(func() {
				// What a receiver says back of the token isn't told.
				if got := run(ann).Want(t, 200); strings.Contains(string(got.Body), "token-") || !strings.Contains(string(got.Body), "you said Bearer …") {
					t.Errorf("%s", got.Body)
				}
			})
		}
		all.Wait()
		if n := p.count(); n != 1 || p.said("/api/ask") != "Bearer token-1-abcdefghijk" {
			t.Errorf("%d tokens were fetched; the last call said %q", n, p.said("/api/ask"))
		}
		// A token that the receiver has forgotten is fetched anew within the same call.
		p.forget()
		if run(ann).Want(t, 200); p.count() != 2 {
			t.Errorf("%d tokens were fetched", p.count())
		}
		// Other addresses are called without.
		other := command(t, s, room, "other", p.URL+"/apiary")
		if other(ann).Want(t, 500); strings.Contains(p.said("/apiary"), "Bearer") {
			t.Errorf("another address heard %q", p.said("/apiary"))
		}
		var log struct{ Deliveries []*deliveries.Delivery }
		raw := s.Admin.GET("/parley/deliveries").Want(t, 200).Into(t, &log).Body
		if len(log.Deliveries) != 14 || strings.Contains(string(raw), "token-") || strings.Contains(string(raw), secret) {
			t.Errorf("the log of %d: %s", len(log.Deliveries), raw)
		}
		if n, err := db.Value[int](t.Context(), s.DB, `SELECT count(*) FROM parley_deliveries WHERE header LIKE '%token-%' OR answer LIKE '%token-%' OR answerheader LIKE '%token-%'`); err != nil || n != 0 {
			t.Errorf("%d rows of the log hold a token, %v", n, err)
		}
	}, settings)
}

// A token that has ended isn't used again, nor one of a connection that has changed or is gone.
func TestTokensEnd(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		p, ann := newPartner(t), s.User("ann")
		room := s.Channel(ann, s.Team(ann, s.Admin), s.Admin)
		one := p.connect(t, s, nil)
		run := command(t, s, room, "ask", p.URL+"/api/ask")
		p.expires = -1
		run(ann).Want(t, 200)
		p.expires = 3600
		run(ann).Want(t, 200)
		if run(ann).Want(t, 200); p.count() != 2 {
			t.Errorf("%d tokens were fetched", p.count())
		}
		s.Admin.PUT(route+"/"+one.ID, p.form(map[string]any{"client_secret": "", "grant_type": "password", "credentials_username": "robot", "credentials_password": password})).Want(t, 200)
		if run(ann).Want(t, 200); p.grants["password"] != 1 {
			t.Errorf("%v", p.grants)
		}
		// The one that names more of the address goes first.
		exact := p.connect(t, s, map[string]any{"name": "Exact", "audiences": []string{p.URL + "/api/ask"}})
		if run(ann).Want(t, 200); p.grants["client_credentials"] != 3 {
			t.Errorf("%v", p.grants)
		}
		s.Admin.DELETE(route+"/"+exact.ID).Want(t, 200)
		s.Admin.DELETE(route+"/"+one.ID).Want(t, 200)
		if run(ann).Want(t, 500); strings.Contains(p.said("/api/ask"), "Bearer") {
			t.Errorf("%q", p.said("/api/ask"))
		}
		s.Admin.DELETE(route+"/"+one.ID).Refused(t, 404, "parley.oauthconns.missing.app_error")
	}, settings)
}

// A delivery that has no token is made again, and says why it waits.
func TestADeliveryWaitsForItsToken(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		p, ann := newPartner(t), s.User("ann")
		room := s.Channel(ann, s.Team(ann, s.Admin), s.Admin)
		one := p.connect(t, s, map[string]any{"client_secret": "another secret"})
		s.Admin.POST("/hooks/outgoing", map[string]any{"team_id": room.TeamID, "channel_id": room.ID, "callback_urls": []string{p.URL + "/api/hook"}, "display_name": "Ear"}).Want(t, 201)
		ann.Say(room, "hello")
		list := func(outcome string) []*deliveries.Delivery {
			var log struct{ Deliveries []*deliveries.Delivery }
			s.Admin.GET("/parley/deliveries?outcome="+outcome).Want(t, 200).Into(t, &log)
			return log.Deliveries
		}
		testkit.Eventually(t, "an attempt", func() bool { got := list("waiting"); return len(got) == 1 && got[0].Attempts == 1 })
		if problem := list("waiting")[0].Problem; !strings.Contains(problem, `"Partner"`) || !strings.Contains(problem, "invalid_client") || strings.Contains(problem, "another secret") {
			t.Errorf("%q", problem)
		}
		if heard := p.said("/api/hook"); heard != "" {
			t.Errorf("the receiver was called with %q", heard)
		}
		s.Admin.PUT(route+"/"+one.ID, p.form(nil)).Want(t, 200)
		if err := s.DB.Tx(t.Context(), func(tx *db.Tx) error {
			_, err := tx.Exec(t.Context(), `UPDATE parley_deliveries SET nextat = 0 WHERE state = 'waiting'`)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		ann.Say(room, "wake up")
		testkit.Eventually(t, "both", func() bool { return len(list("ok")) == 2 })
		if heard := p.said("/api/hook"); heard != "Bearer token-1-abcdefghijk" {
			t.Errorf("%q", heard)
		}
	}, settings)
}

// However many calls are refused, by the receiver or for want of a token, the other server isn't asked for each.
func TestAServerIsNotAskedForEveryCall(t *testing.T) {
	t.Parallel()
	s := testkit.Start(t, dbtest.SQLite, settings)
	p, ann := newPartner(t), s.User("ann")
	room := s.Channel(ann, s.Team(ann, s.Admin), s.Admin)
	one := p.connect(t, s, nil)
	run := command(t, s, room, "ask", p.URL+"/api/ask")
	p.deaf = true
	for range 10 {
		run(ann).Want(t, 500)
	}
	if n := p.count(); n < 2 || n > 6 {
		t.Errorf("%d tokens were fetched", n)
	}
	s.Admin.PUT(route+"/"+one.ID, p.form(map[string]any{"client_secret": "wrong"})).Want(t, 200)
	for range 4 {
		run(ann).Want(t, 500)
	}
	if p.refused < 2 || p.refused > 4 {
		t.Errorf("the wrong secret was shown %d times", p.refused)
	}
}

// A client proves itself in the header, and in the form where that is refused; a wrong password is tried once.
func TestHowAClientProvesItself(t *testing.T) {
	t.Parallel()
	s := testkit.Start(t, dbtest.SQLite, settings)
	p := newPartner(t)
	p.inForm = true
	s.Admin.POST(route+"/validate", p.form(nil)).Want(t, 200)
	if p.refused != 1 || p.count() != 1 {
		t.Errorf("refused %d, given %d", p.refused, p.count())
	}
	wrong := map[string]any{"grant_type": "password", "credentials_username": "robot", "credentials_password": "a wrong one"}
	if s.Admin.POST(route+"/validate", p.form(wrong)).Refused(t, 400, validation); p.refused != 2 {
		t.Errorf("refused %d", p.refused)
	}
}

// Who makes integrations learns which connections there are; who manages them all but the secrets.
func TestManaging(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		p, ann, ben := newPartner(t), s.User("ann"), s.User("ben")
		team := s.Team(ann, ben)
		one := p.connect(t, s, map[string]any{"grant_type": "password", "credentials_username": "robot", "credentials_password": password})
		if one.CreatorID != s.Admin.ID || one.CreateAt == 0 || one.UpdateAt != one.CreateAt || one.ClientID != "parley" || *one.CredentialsUsername != "robot" {
			t.Errorf("%+v", one)
		}
		kept := p.form(map[string]any{"id": one.ID, "name": "Renamed", "client_secret": "", "grant_type": "password"})
		for _, got := range []*testkit.Response{s.Admin.GET(route).Want(t, 200), s.Admin.GET(route+"?team_id="+team.ID+"&page=0&per_page=5").Want(t, 200),
			s.Admin.GET(route+"/"+one.ID+"?team_id="+team.ID).Want(t, 200), s.Admin.PUT(route+"/"+one.ID, kept).Want(t, 200),
			s.Admin.POST(route+"/validate", kept).Want(t, 200), s.Admin.GET("/audits").Want(t, 200), s.Admin.GET("/users/me/audits").Want(t, 200)} {
			if strings.Contains(string(got.Body), secret) || strings.Contains(string(got.Body), password) || strings.Contains(string(got.Body), "_secret") {
				t.Errorf("a secret in %v", got)
			}
		}
		ids := func(who *testkit.Actor, query string) (list []model.OutgoingOAuthConnection) {
			who.GET(route+query).Want(t, 200).Into(t, &list)
			return list
		}
		second := p.connect(t, s, map[string]any{"audiences": []string{"https://elsewhere.example"}})
		for query, want := range map[string]int{"": 2, "?limit=1": 1, "?page=2&per_page=1": 0, "?audience=" + p.URL + "/api/x": 1, "?audience=" + p.URL: 0,
			"?audience=https://elsewhere.example.evil/": 0, "?from_id=" + max(one.ID, second.ID): 0, "?from_id=" + min(one.ID, second.ID): 1} {
			if got := ids(s.Admin, query); len(got) != want {
				t.Errorf("%s: %+v", query, got)
			}
		}
		if raw := s.Admin.GET(route+"?page=9").Want(t, 200).Body; strings.TrimSpace(string(raw)) != "[]" {
			t.Errorf("%s", raw)
		}
		for _, query := range []string{"?from_id=x", "?audience=x"} {
			s.Admin.GET(route+query).Refused(t, 400, "api.context.outgoing_oauth_connection.list_connections.input_error")
		}
		ben.GET(route+"?team_id="+team.ID).Want(t, 403)
		s.Admin.PUT("/teams/"+team.ID+"/members/"+ben.ID+"/roles", map[string]string{"roles": "team_user team_admin"}).Want(t, 200)
		ben.GET(route).Want(t, 403)
		for _, got := range ids(ben, "?team_id="+team.ID) {
			if got.ClientID != "" || got.OAuthTokenURL != "" || got.CredentialsUsername != nil || got.Name == "" || len(got.Audiences) != 1 {
				t.Errorf("%+v", got)
			}
		}
		ben.GET(route+"/"+one.ID+"?team_id="+team.ID).Want(t, 403)
		ben.PUT(route+"/"+one.ID+"?team_id="+team.ID, kept).Want(t, 403)
		ben.POST(route+"/validate?team_id="+team.ID, kept).Want(t, 403)
	}, settings)
}

// Secrets that are kept go to no other server.
func TestSecretsStayWithTheirServer(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		p := newPartner(t)
		one := p.connect(t, s, nil)
		thief := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			raw, _ := io.ReadAll(r.Body)
			t.Errorf("the thief heard %v %s", r.Header, raw)
		}))
		defer thief.Close()
		away := p.form(map[string]any{"id": one.ID, "client_secret": "", "oauth_token_url": thief.URL + "/token"})
		s.Admin.PUT(route+"/"+one.ID, away).Refused(t, 400, "parley.oauthconns.elsewhere.app_error")
		s.Admin.POST(route+"/validate", away).Refused(t, 400, "parley.oauthconns.elsewhere.app_error")
		nowhere := p.form(map[string]any{"client_secret": "", "oauth_token_url": thief.URL + "/token"})
		s.Admin.POST(route+"/validate", nowhere).Refused(t, 400, "model.outgoing_oauth_connection.is_valid.client_secret.error")
		// On the same server they may go to another address; with new ones anywhere.
		s.Admin.PUT(route+"/"+one.ID, p.form(map[string]any{"client_secret": "", "oauth_token_url": p.URL + "/token?x"})).Want(t, 200)
		s.Admin.PUT(route+"/"+one.ID, p.form(map[string]any{"oauth_token_url": thief.URL + "/token"})).Want(t, 200)
		s.Admin.PUT(route+"/"+one.ID, p.form(map[string]any{"id": thiefID})).Want(t, 400)
		s.Admin.PUT(route+"/"+thiefID, p.form(nil)).Refused(t, 404, "parley.oauthconns.missing.app_error")
		s.Admin.POST(route+"/validate", p.form(map[string]any{"id": "x\x00"})).Want(t, 400)
		s.Admin.POST(route, p.form(map[string]any{"audiences": []string{p.URL + "/a/../b"}})).Refused(t, 400, "model.outgoing_oauth_connection.is_valid.audience.error")
		s.Admin.POST(route, json.RawMessage(`[]`)).Want(t, 400)
	}, settings)
}

const thiefID = "nobodyhasthisconnection123"
