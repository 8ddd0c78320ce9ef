package oauthapps_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/oauth2"

	"github.com/parley-chat/parley/internal/db/dbtest"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/testkit"
)

const back = "https://calendar.example/back"

func newApp(t *testing.T, s *testkit.Server, more map[string]any) *model.OAuthApp {
	t.Helper()
	body := map[string]any{"name": "Calendar", "description": "Shows what is planned", "homepage": "https://calendar.example", "callback_urls": []string{back}}
	for k, v := range more {
		body[k] = v
	}
	var app model.OAuthApp
	s.Admin.POST("/oauth/apps", body).Want(t, 201).Into(t, &app)
	return &app
}

// client is the application as a program that uses the common library.
func client(s *testkit.Server, app *model.OAuthApp, style oauth2.AuthStyle) *oauth2.Config {
	return &oauth2.Config{ClientID: app.ID, ClientSecret: app.ClientSecret, RedirectURL: app.CallbackURLs[0], Scopes: []string{"user"},
		Endpoint: oauth2.Endpoint{AuthURL: s.URL + "/oauth/authorize", TokenURL: s.URL + "/oauth/access_token", AuthStyle: style}}
}

// allowed has a person let the application by what stands in the address that it
// sends them to, and returns the address that they come back to.
func allowed(t *testing.T, who *testkit.Actor, address string) url.Values {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	body := map[string]string{}
	for k := range u.Query() {
		body[k] = u.Query().Get(k)
	}
	var answer struct{ Redirect string }
	who.POST("<site>/oauth/authorize", body).Want(t, 200).Into(t, &answer)
	to, err := url.Parse(answer.Redirect)
	if err != nil || !strings.HasPrefix(answer.Redirect, body["redirect_uri"]+"?") {
		t.Fatalf("%q, %v", answer.Redirect, err)
	}
	return to.Query()
}

// form sends a form as a client does.
func form(s *testkit.Server, path string, pairs ...string) *testkit.Response {
	q := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		q.Add(pairs[i], pairs[i+1])
	}
	return s.Nobody().Do("POST", "<site>/oauth/"+path, q.Encode(), "Content-Type", "application/x-www-form-urlencoded")
}

// as is the bearer of a token.
func as(s *testkit.Server, who *testkit.Actor, token string) *testkit.Actor {
	a := s.Nobody()
	a.ID, a.Username, a.Token = who.ID, who.Username, token
	return a
}

// dance gets a token for somebody, with PKCE.
func dance(t *testing.T, s *testkit.Server, app *model.OAuthApp, who *testkit.Actor) *oauth2.Token {
	t.Helper()
	c, verifier := client(s, app, oauth2.AuthStyleInParams), oauth2.GenerateVerifier()
	code := allowed(t, who, c.AuthCodeURL("s", oauth2.S256ChallengeOption(verifier))).Get("code")
	token, err := c.Exchange(t.Context(), code, oauth2.VerifierOption(verifier))
	if err != nil {
		t.Fatal(err)
	}
	return token
}

// The common library gets through all of it, however it proves itself.
func TestTheWholeDance(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		ann, app := s.User("ann"), newApp(t, s, nil)
		for _, style := range []oauth2.AuthStyle{oauth2.AuthStyleInParams, oauth2.AuthStyleInHeader} {
			c, verifier := client(s, app, style), oauth2.GenerateVerifier()
			got := allowed(t, ann, c.AuthCodeURL("a state", oauth2.S256ChallengeOption(verifier)))
			if got.Get("state") != "a state" {
				t.Errorf("%v", got)
			}
			token, err := c.Exchange(t.Context(), got.Get("code"), oauth2.VerifierOption(verifier))
			if err != nil {
				t.Fatal(err)
			}
			if token.Type() != "Bearer" || token.ExpiresIn < 3600 || token.Extra("scope") != "user" {
				t.Errorf("%+v", token)
			}
			as(s, ann, token.AccessToken).GET("/users/me").Want(t, 200)
			next, err := c.TokenSource(t.Context(), &oauth2.Token{RefreshToken: token.RefreshToken}).Token()
			if err != nil {
				t.Fatal(err)
			}
			as(s, ann, token.AccessToken).GET("/users/me").Want(t, 401)
			it := as(s, ann, next.AccessToken)
			it.GET("/users/me").Want(t, 200)
			// A refresh token that was used is shown again: all of it ends.
			form(s, "access_token", "grant_type", "refresh_token", "refresh_token", token.RefreshToken, "client_id", app.ID, "client_secret", app.ClientSecret).
				Refused(t, 400, "api.oauth.get_access_token.refresh_token.app_error")
			it.GET("/users/me").Want(t, 401)
			form(s, "access_token", "grant_type", "refresh_token", "refresh_token", next.RefreshToken, "client_id", app.ID, "client_secret", app.ClientSecret).
				Refused(t, 400, "api.oauth.get_access_token.refresh_token.app_error")
		}
	})
}

// What an application writes says so, and what is its user's alone is not for it.
func TestWhatAnApplicationMayNot(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		app := newApp(t, s, nil)
		boss := as(s, s.Admin, dance(t, s, app, s.Admin).AccessToken)
		team := s.Team(s.Admin)
		if post := boss.Say(s.Channel(s.Admin, team), "hello"); post.Props["from_oauth_app"] != "true" {
			t.Errorf("%+v", post.Props)
		}
		for _, call := range []struct {
			method, path string
			body         any
		}{
			{"POST", "/users/me/tokens", map[string]string{"description": "mine"}},
			{"PUT", "/users/me/password", map[string]string{"current_password": testkit.Password, "new_password": "Another-Passw0rd"}},
			{"PUT", "/users/me/mfa", map[string]any{"activate": false}},
			{"GET", "/users/me/sessions", nil},
			{"POST", "/users/me/sessions/revoke/all", nil},
			{"GET", "/oauth/apps", nil},
			{"GET", "/oauth/apps/" + app.ID, nil},
			{"POST", "/oauth/apps/" + app.ID + "/regen_secret", nil},
			{"POST", "<site>/oauth/authorize", map[string]string{"client_id": app.ID, "response_type": "code", "redirect_uri": back, "state": "s"}},
			{"POST", "<site>/oauth/deauthorize", map[string]string{"client_id": app.ID}},
			{"DELETE", "/users/me", nil},
			{"PUT", "/users/me/active", map[string]bool{"active": false}},
			{"PUT", "/users/me/roles", map[string]string{"roles": "system_user"}},
			{"PUT", "/users/me/patch", map[string]string{"email": "other@example.com", "password": testkit.Password}},
			{"GET", "/parley/users/me/takeout", nil},
			{"GET", "/config", nil}, {"PUT", "/config/patch", map[string]any{"TeamSettings": map[string]any{"SiteName": "mine"}}},
			{"GET", "/audits", nil}, {"GET", "/logs", nil},
			{"POST", "/bots", map[string]string{"username": "helper"}},
		} {
			if got := boss.Do(call.method, call.path, call.body); got.Status != 403 {
				t.Errorf("%v", got)
			}
		}
		boss.GET("/users/me").Want(t, 200)
	}, testkit.Env("MM_SERVICESETTINGS_ENABLEUSERACCESSTOKENS=true", "MM_SERVICESETTINGS_ENABLEBOTACCOUNTCREATION=true"))
}

// Whatever ends what an application was let do ends it at once, websockets too.
func TestEnds(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		for name, end := range map[string]func(t *testing.T, who *testkit.Actor, app *model.OAuthApp, token *oauth2.Token){
			"taken back": func(t *testing.T, who *testkit.Actor, app *model.OAuthApp, _ *oauth2.Token) {
				who.POST("<site>/oauth/deauthorize", map[string]string{"client_id": app.ID}).Want(t, 200)
			},
			"app removed": func(t *testing.T, _ *testkit.Actor, app *model.OAuthApp, _ *oauth2.Token) {
				s.Admin.DELETE("/oauth/apps/"+app.ID).Want(t, 200)
			},
			"deactivated and back": func(t *testing.T, who *testkit.Actor, _ *model.OAuthApp, _ *oauth2.Token) {
				s.Admin.PUT("/users/"+who.ID+"/active", map[string]bool{"active": false}).Want(t, 200)
				s.Admin.PUT("/users/"+who.ID+"/active", map[string]bool{"active": true}).Want(t, 200)
			},
			"signed out everywhere": func(t *testing.T, who *testkit.Actor, _ *model.OAuthApp, _ *oauth2.Token) {
				who.POST("/users/me/sessions/revoke/all", nil).Want(t, 200)
			},
			"given back": func(t *testing.T, _ *testkit.Actor, app *model.OAuthApp, token *oauth2.Token) {
				form(s, "revoke", "token", token.RefreshToken, "client_id", app.ID, "client_secret", app.ClientSecret).Want(t, 200)
			},
			"given back by the access token": func(t *testing.T, _ *testkit.Actor, app *model.OAuthApp, token *oauth2.Token) {
				form(s, "revoke", "token", token.AccessToken, "client_id", app.ID, "client_secret", app.ClientSecret).Want(t, 200)
			},
		} {
			ann, app := s.User("ann"), newApp(t, s, nil)
			token := dance(t, s, app, ann)
			other := allowed(t, ann, client(s, app, 0).AuthCodeURL("s")).Get("code")
			it := as(s, ann, token.AccessToken)
			ear := it.Listen()
			end(t, ann, app, token)
			if it.GET("/users/me").Status != 401 || ear.Closed() == nil {
				t.Errorf("%s: the token works on", name)
			}
			if form(s, "access_token", "grant_type", "refresh_token", "refresh_token", token.RefreshToken, "client_id", app.ID, "client_secret", app.ClientSecret).Status < 400 {
				t.Errorf("%s: the refresh token works on", name)
			}
			if got := form(s, "access_token", "grant_type", "authorization_code", "code", other, "redirect_uri", back, "client_id", app.ID, "client_secret", app.ClientSecret); got.Status < 400 && !strings.HasPrefix(name, "given back") {
				t.Errorf("%s: an earlier code works: %v", name, got)
			}
		}
	})
}

func TestAPersonsOwnList(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		ann, ben, app := s.User("ann"), s.User("ben"), newApp(t, s, nil)
		token := dance(t, s, app, ann)
		// An application can't hide by deleting what says that it was let in.
		as(s, ann, token.AccessToken).POST("/users/me/preferences/delete", []map[string]string{{"user_id": ann.ID, "category": "oauth_app", "name": app.ID}}).Want(t, 200)
		var list []*model.OAuthApp
		if ann.GET("/users/me/oauth/apps/authorized").Want(t, 200).Into(t, &list); len(list) != 1 || list[0].ID != app.ID || list[0].ClientSecret != "" {
			t.Errorf("%+v", list)
		}
		ben.GET("/users/"+ann.ID+"/oauth/apps/authorized").Want(t, 403)
		ann.POST("<site>/oauth/deauthorize", map[string]string{"client_id": app.ID}).Want(t, 200)
		if ann.GET("/users/me/oauth/apps/authorized").Want(t, 200).Into(t, &list); len(list) != 0 {
			t.Errorf("%+v", list)
		}
	})
}

// Applications, and tokens, that an existing database holds go on working.
func TestTokensOfBefore(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		ann, app := s.User("ann"), newApp(t, s, nil)
		token := dance(t, s, app, ann)
		for _, table := range []string{"parley_oauth_grants", "parley_oauth_spent"} { // which another server doesn't know
			if _, err := s.DB.Exec(t.Context(), "DELETE FROM "+table); err != nil {
				t.Fatal(err)
			}
		}
		as(s, ann, token.AccessToken).GET("/users/me").Want(t, 200)
		refresh := func() *testkit.Response {
			return form(s, "access_token", "grant_type", "refresh_token", "refresh_token", token.RefreshToken, "client_id", app.ID, "client_secret", app.ClientSecret)
		}
		var next model.AccessResponse
		refresh().Want(t, 200).Into(t, &next)
		as(s, ann, token.AccessToken).GET("/users/me").Want(t, 401)
		as(s, ann, next.AccessToken).GET("/users/me").Want(t, 200)
		refresh().Want(t, 400)
		as(s, ann, next.AccessToken).GET("/users/me").Want(t, 401)
	})
}

// A server that has applications switched off takes none of their tokens.
func TestSwitchedOff(t *testing.T) {
	s := testkit.Start(t, dbtest.SQLite)
	ann, app := s.User("ann"), newApp(t, s, nil)
	it := as(s, ann, dance(t, s, app, ann).AccessToken)
	it.GET("/users/me").Want(t, 200)
	s.Admin.PUT("/config/patch", map[string]any{"ServiceSettings": map[string]any{"EnableOAuthServiceProvider": false}}).Want(t, 200)
	it.GET("/users/me").Want(t, 401)
	s.Admin.GET("/oauth/apps").Refused(t, 501, "api.oauth.allow_oauth.turn_off.app_error")
	s.Nobody().GET("<site>/.well-known/oauth-authorization-server").Want(t, 501)
	form(s, "access_token", "grant_type", "refresh_token").Refused(t, 501, "api.oauth.get_access_token.disabled.app_error")
	if got := s.Nobody().GET("<site>/oauth/authorize?client_id=" + app.ID); got.Status != 501 || !strings.HasPrefix(got.Header.Get("Content-Type"), "text/html") {
		t.Errorf("%v", got)
	}
	s.Admin.PUT("/config/patch", map[string]any{"ServiceSettings": map[string]any{"EnableOAuthServiceProvider": true}}).Want(t, 200)
	it.GET("/users/me").Want(t, 200)
}

func TestMetadata(t *testing.T) {
	s := testkit.Start(t, dbtest.SQLite)
	const path = "<site>/.well-known/oauth-authorization-server"
	s.Nobody().GET(path).Refused(t, 500, "api.oauth.authorization_server_metadata.site_url_required.app_error")
	set := func(values map[string]any) {
		s.Admin.PUT("/config/patch", map[string]any{"ServiceSettings": values}).Want(t, 200)
	}
	set(map[string]any{"SiteURL": "https://chat.example/"})
	var m map[string]any
	s.Nobody().GET(path).Want(t, 200).Into(t, &m)
	if m["issuer"] != "https://chat.example" || m["token_endpoint"] != "https://chat.example/oauth/access_token" || m["registration_endpoint"] != nil ||
		m["revocation_endpoint"] != "https://chat.example/oauth/revoke" {
		t.Errorf("%v", m)
	}
	set(map[string]any{"EnableDynamicClientRegistration": true})
	s.Nobody().GET(path).Want(t, 200).Into(t, &m)
	if m["registration_endpoint"] != "https://chat.example/api/v4/oauth/apps/register" {
		t.Errorf("%v", m)
	}
}

// Where browsers are sent: never further than the application's own address.
func TestThePage(t *testing.T) {
	s := testkit.Start(t, dbtest.SQLite, testkit.Env("MM_SERVICESETTINGS_SITEURL=https://chat.example"))
	ann, app := s.User("ann"), newApp(t, s, nil)
	trusted := newApp(t, s, map[string]any{"is_trusted": true})
	ask := func(who *testkit.Actor, app *model.OAuthApp, pairs ...string) *testkit.Response {
		q := url.Values{"client_id": {app.ID}, "redirect_uri": {back}, "response_type": {"code"}, "state": {"s&t"}}
		for i := 0; i+1 < len(pairs); i += 2 {
			q.Set(pairs[i], pairs[i+1])
		}
		return who.GET("<site>/oauth/authorize?" + q.Encode())
	}
	if got := ask(s.Nobody(), app); got.Status != 302 || !strings.HasPrefix(got.Header.Get("Location"), "/login?redirect_to=%2Foauth%2Fauthorize%3F") {
		t.Errorf("%v %v", got, got.Header)
	}
	for _, redirect := range []string{"https://evil.example/", back + "/more", back + "?x=1", back + "#f", "https://calendar.example", "javascript:alert(1)", "//calendar.example/back", "", back + "\x00"} {
		if got := ask(ann, app, "redirect_uri", redirect); got.Status != 400 || got.Header.Get("Location") != "" {
			t.Errorf("%q: %v", redirect, got)
		}
	}
	for name, tell := range map[string][]string{"unsupported_response_type": {"response_type", "token"}, "invalid_request": {"state", ""},
		"invalid_target": {"resource", "https://other.example/x"}} {
		got := ask(s.Nobody(), app, tell...)
		if to := got.Header.Get("Location"); got.Status != 302 || !strings.HasPrefix(to, back+"?error="+name) {
			t.Errorf("%s: %v %s", name, got, to)
		}
	}
	page := ask(ann, app)
	if policy := page.Header.Get("Content-Security-Policy"); page.Header.Get("Location") != "" || !strings.Contains(policy, "frame-ancestors 'none'") || page.Header.Get("X-Frame-Options") != "DENY" {
		t.Errorf("%d %s", page.Status, policy)
	}
	if to := ask(ann, trusted).Header.Get("Location"); !strings.HasPrefix(to, back+"?code=") || !strings.HasSuffix(to, "&state=s%26t") {
		t.Errorf("a trusted application: %q", to)
	}
	dance(t, s, app, ann)
	if to := ask(ann, app).Header.Get("Location"); !strings.HasPrefix(to, back+"?code=") {
		t.Errorf("let before: %q", to)
	}
	var seen struct {
		App    model.OAuthApp
		Agreed bool
		Deny   string
	}
	ben := s.User("ben")
	ben.GET("/parley/oauth/consent?client_id="+app.ID+"&response_type=code&state=x&redirect_uri="+url.QueryEscape(back)).Want(t, 200).Into(t, &seen)
	if seen.Agreed || seen.App.Name != app.Name || seen.App.ClientSecret != "" || seen.Deny != back+"?error=access_denied&state=x" {
		t.Errorf("%+v", seen)
	}
}

// A cookie alone lets nothing in: another site's page can send it.
func TestForgedConsent(t *testing.T) {
	s := testkit.Start(t, dbtest.SQLite)
	ann, app := s.User("ann"), newApp(t, s, nil)
	body, _ := json.Marshal(map[string]string{"client_id": app.ID, "response_type": "code", "redirect_uri": back, "state": "s"})
	cookie := []string{"Cookie", "MMAUTHTOKEN=" + ann.Token}
	s.Nobody().Do(http.MethodPost, "<site>/oauth/authorize", body, cookie...).Want(t, 401)
	s.Nobody().Do(http.MethodPost, "<site>/oauth/authorize", body, append(cookie, "X-Requested-With", "XMLHttpRequest")...).Want(t, 200)
}
