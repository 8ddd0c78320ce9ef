package oauthapps_test

import (
	"context"
	"encoding/json"
	"net/url"
	"strings"
	"sync"
	"testing"

	"golang.org/x/oauth2"

	"github.com/parley-chat/parley/internal/db/dbtest"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/testkit"
)

// exchange shows a code as app does; pairs replace what a well-meant request has.
func exchange(s *testkit.Server, app *model.OAuthApp, code string, pairs ...string) *testkit.Response {
	q := url.Values{"grant_type": {"authorization_code"}, "code": {code}, "redirect_uri": {back}, "client_id": {app.ID}}
	if app.ClientSecret != "" {
		q.Set("client_secret", app.ClientSecret)
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		q.Set(pairs[i], pairs[i+1])
		if pairs[i+1] == "" {
			q.Del(pairs[i])
		}
	}
	return s.Nobody().Do("POST", "<site>/oauth/access_token", q.Encode(), "Content-Type", "application/x-www-form-urlencoded")
}

func accessOf(t *testing.T, r *testkit.Response) string {
	t.Helper()
	var out model.AccessResponse
	r.Want(t, 200).Into(t, &out)
	if r.Header.Get("Cache-Control") != "no-store" {
		t.Error("tokens may be kept in a cache")
	}
	return out.AccessToken
}

// A code is worth something to one client, with one address and one verifier, once.
func TestStolenCodes(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		ann, app, other := s.User("ann"), newApp(t, s, nil), newApp(t, s, nil)
		public := newApp(t, s, map[string]any{"is_public": true})
		verifier := oauth2.GenerateVerifier()
		code := func(app *model.OAuthApp) string {
			return allowed(t, ann, client(s, app, 0).AuthCodeURL("s", oauth2.S256ChallengeOption(verifier))).Get("code")
		}
		mine := code(app)
		for id, r := range map[string]*testkit.Response{
			"api.oauth.get_access_token.client_id_mismatch.app_error":           exchange(s, other, mine, "code_verifier", verifier),
			"api.oauth.get_access_token.redirect_uri.app_error":                 exchange(s, app, mine, "code_verifier", verifier, "redirect_uri", back+"/"),
			"model.authorize.validate_pkce.verifier_required.app_error":         exchange(s, app, mine),
			"model.authorize.validate_pkce.verification_failed.app_error":       exchange(s, app, mine, "code_verifier", oauth2.GenerateVerifier()),
			"api.oauth.get_access_token.resource_mismatch.app_error":            exchange(s, app, mine, "code_verifier", verifier, "resource", "https://other.example"),
			"model.oauth.validate_grant.pkce_required.app_error":                exchange(s, public, code(public)),
			"model.oauth.validate_grant.public_client_secret.app_error":         exchange(s, public, mine, "client_secret", "x", "code_verifier", verifier),
			"model.oauth.validate_grant.public_client_refresh_token.app_error":  form(s, "access_token", "grant_type", "refresh_token", "refresh_token", "x", "client_id", public.ID),
			"api.oauth.get_access_token.expired_code.app_error":                 exchange(s, app, "0123456789", "code_verifier", verifier),
			"api.oauth.get_access_token.missing_code.app_error":                 exchange(s, app, ""),
			"api.oauth.get_access_token.missing_refresh_token.app_error":        form(s, "access_token", "grant_type", "refresh_token", "client_id", app.ID),
			"api.oauth.get_access_token.bad_client_id.app_error":                exchange(s, app, mine, "client_id", "x"),
			"api.oauth.get_access_token.bad_request.app_error":                  form(s, "access_token", "grant_type", "authorization_code", "code", "x", "code", mine),
			"model.authorize.validate_pkce.verification_failed.app_error plain": exchange(s, app, mine, "code_verifier", challengeOf(verifier)),
		} {
			id, _, _ = strings.Cut(id, " ")
			r.Refused(t, 400, id)
		}
		exchange(s, app, mine, "code_verifier", verifier, "client_secret", other.ClientSecret).Refused(t, 401, "model.oauth.validate_grant.credentials.app_error")
		exchange(s, app, mine, "code_verifier", verifier, "client_secret", "").Refused(t, 401, "model.oauth.validate_grant.credentials.app_error")
		exchange(s, app, mine, "client_id", strings.Repeat("z", 26)).Refused(t, 401, "api.oauth.get_access_token.credentials.app_error")
		it := as(s, ann, accessOf(t, exchange(s, app, mine, "code_verifier", verifier)))
		it.GET("/users/me").Want(t, 200)

		// Once more, by the same client at once: refused only. Later, its tokens end.
		exchange(s, app, mine, "code_verifier", verifier).Refused(t, 400, "api.oauth.get_access_token.expired_code.app_error")
		exchange(s, other, mine, "code_verifier", verifier).Want(t, 400)
		it.GET("/users/me").Want(t, 200)
		if _, err := s.DB.Exec(t.Context(), `UPDATE parley_oauth_spent SET spentat = spentat - 60000`); err != nil {
			t.Fatal(err)
		}
		exchange(s, app, mine, "code_verifier", verifier).Want(t, 400)
		it.GET("/users/me").Want(t, 401)

		// Anybody can say that they are a public client: the tokens end at once.
		mine = code(public)
		it = as(s, ann, accessOf(t, exchange(s, public, mine, "code_verifier", verifier)))
		it.GET("/users/me").Want(t, 200)
		exchange(s, public, mine, "code_verifier", verifier).Want(t, 400)
		it.GET("/users/me").Want(t, 401)

		mine = code(app)
		if _, err := s.DB.Exec(t.Context(), `UPDATE oauthauthdata SET createat = createat - 601000`); err != nil {
			t.Fatal(err)
		}
		exchange(s, app, mine, "code_verifier", verifier).Refused(t, 400, "api.oauth.get_access_token.expired_code.app_error")
	})
}

func challengeOf(verifier string) string {
	c := oauth2.Config{Endpoint: oauth2.Endpoint{AuthURL: "https://x.example"}}
	u, _ := url.Parse(c.AuthCodeURL("s", oauth2.S256ChallengeOption(verifier)))
	return u.Query().Get("code_challenge")
}

// A verifier for a code that was asked for without a challenge: somebody may have
// taken the challenge out of the request.
func TestChallengeTakenAway(t *testing.T) {
	s := testkit.Start(t, dbtest.SQLite)
	ann, app := s.User("ann"), newApp(t, s, nil)
	code := allowed(t, ann, client(s, app, 0).AuthCodeURL("s")).Get("code")
	exchange(s, app, code, "code_verifier", oauth2.GenerateVerifier()).Refused(t, 400, "model.authorize.validate_pkce.not_used_in_auth.app_error")
	exchange(s, app, code).Want(t, 200)
}

// Refresh tokens are their client's, and of many who show one at once one gets new
// ones at most.
func TestRefreshingAtOnce(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		ann, app, other := s.User("ann"), newApp(t, s, nil), newApp(t, s, nil)
		token := dance(t, s, app, ann)
		refresh := func(app *model.OAuthApp) *testkit.Response {
			return form(s, "access_token", "grant_type", "refresh_token", "refresh_token", token.RefreshToken, "client_id", app.ID, "client_secret", app.ClientSecret)
		}
		refresh(other).Want(t, 400)
		form(s, "revoke", "token", token.AccessToken, "client_id", other.ID, "client_secret", other.ClientSecret).Want(t, 200)
		form(s, "revoke", "token", token.AccessToken, "client_id", app.ID, "client_secret", "wrong").Want(t, 401)
		as(s, ann, token.AccessToken).GET("/users/me").Want(t, 200)
		var mu sync.Mutex
		var won []string
		var all sync.WaitGroup
		for range 6 {
			all.Go(func() {
				if r := refresh(app); r.Status == 200 {
					var out model.AccessResponse
					_ = json.Unmarshal(r.Body, &out)
					mu.Lock()
					won = append(won, out.AccessToken)
					mu.Unlock()
				}
			})
		}
		all.Wait()
		if len(won) > 1 {
			t.Errorf("%d got tokens", len(won))
		}
		refresh(app).Want(t, 400)
		for _, access := range append(won, token.AccessToken) {
			as(s, ann, access).GET("/users/me").Want(t, 401)
		}
	})
}

// Whoever deactivates somebody while tokens are being made ends those, too.
func TestLeavingWhileTokensAreMade(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		ann, app := s.User("ann"), newApp(t, s, nil)
		var codes []string
		for range 6 {
			codes = append(codes, allowed(t, ann, client(s, app, 0).AuthCodeURL("s")).Get("code"))
		}
		var mu sync.Mutex
		var won []string
		var all sync.WaitGroup
		for _, code := range codes {
			all.Go(func() {
				if r := exchange(s, app, code); r.Status == 200 {
					var out model.AccessResponse
					_ = json.Unmarshal(r.Body, &out)
					mu.Lock()
					won = append(won, out.AccessToken)
					mu.Unlock()
				}
			})
		}
		s.Admin.PUT("/users/"+ann.ID+"/active", map[string]bool{"active": false}).Want(t, 200)
		all.Wait()
		s.Admin.PUT("/users/"+ann.ID+"/active", map[string]bool{"active": true}).Want(t, 200)
		for _, access := range won {
			as(s, ann, access).GET("/users/me").Want(t, 401)
		}
		for _, table := range []string{"parley_oauth_grants", "oauthaccessdata", "oauthauthdata"} {
			var n int
			if err := s.DB.QueryRow(context.Background(), "SELECT count(*) FROM "+table).Scan(&n); err != nil || n != 0 {
				t.Errorf("%s: %d left, %v", table, n, err)
			}
		}
	})
}

// What is asked for is what the protocol has, or nothing.
func TestBadRequests(t *testing.T) {
	s := testkit.Start(t, dbtest.SQLite, testkit.Env("MM_SERVICESETTINGS_ENABLEUSERACCESSTOKENS=true"))
	ann, app, public := s.User("ann"), newApp(t, s, nil), newApp(t, s, map[string]any{"is_public": true})
	ask := func(more map[string]any) *testkit.Response {
		body := map[string]any{"client_id": app.ID, "response_type": "code", "redirect_uri": back, "state": "s"}
		for k, v := range more {
			body[k] = v
		}
		return ann.POST("<site>/oauth/authorize", body)
	}
	challenge := strings.Repeat("a", 43)
	for id, more := range map[string]map[string]any{
		"api.oauth.allow_oauth.redirect_callback.app_error":                    {"redirect_uri": back + "/"},
		"api.oauth.allow_oauth.pkce_required_public.app_error":                 {"client_id": public.ID},
		"model.authorize.is_valid.client_id.app_error":                         {"client_id": "x"},
		"model.authorize.is_valid.response_type.app_error":                     {"response_type": ""},
		"model.authorize.is_valid.state.app_error":                             {"state": strings.Repeat("s", 1025)},
		"model.authorize.is_valid.scope.app_error":                             {"scope": strings.Repeat("s", 129)},
		"model.authorize.is_valid.code_challenge.app_error":                    {"code_challenge_method": "S256"},
		"model.authorize.is_valid.code_challenge_method.app_error":             {"code_challenge": challenge},
		"model.authorize.is_valid.code_challenge_method.unsupported.app_error": {"code_challenge": challenge, "code_challenge_method": "plain"},
		"model.authorize.is_valid.code_challenge.length.app_error":             {"code_challenge": challenge[1:], "code_challenge_method": "S256"},
		"model.authorize.is_valid.code_challenge.format.app_error":             {"code_challenge": challenge + "=", "code_challenge_method": "S256"},
		"model.authorize.is_valid.resource.not_absolute.app_error":             {"resource": "/x"},
		"model.authorize.is_valid.resource.has_fragment.app_error":             {"resource": "https://x.example/#y"},
		"model.authorize.is_valid.resource.length.app_error":                   {"resource": "https://x.example/" + strings.Repeat("y", 512)},
		"api.context.invalid_body_param.app_error":                             {"state": 7},
	} {
		ask(more).Refused(t, 400, id)
	}
	ask(map[string]any{"client_id": strings.Repeat("z", 26)}).Refused(t, 404, "app.oauth.get_app.find.app_error")
	// More than there is to give: what there is is given, and said.
	var answer struct{ Redirect string }
	ask(map[string]any{"scope": "user admin system:write"}).Want(t, 200).Into(t, &answer)
	u, _ := url.Parse(answer.Redirect)
	var out model.AccessResponse
	exchange(s, app, u.Query().Get("code"), "scope", "admin").Want(t, 200).Into(t, &out)
	if out.Scope != "user" {
		t.Errorf("%+v", out)
	}
	// Programs let no programs in.
	var token model.UserAccessToken
	s.Admin.POST("/users/me/tokens", map[string]string{"description": "x"}).Want(t, 200).Into(t, &token)
	as(s, s.Admin, token.Token).POST("<site>/oauth/authorize", map[string]any{"client_id": app.ID, "response_type": "code", "redirect_uri": back, "state": "s"}).Want(t, 403)
}

// Applications are made by who may, and an address that runs a script is none.
func TestBadApplications(t *testing.T) {
	s := testkit.Start(t, dbtest.SQLite)
	ann := s.User("ann")
	good := map[string]any{"name": "Calendar", "description": "d", "homepage": "https://calendar.example", "callback_urls": []string{back}}
	ann.POST("/oauth/apps", good).Refused(t, 403, "api.context.permissions.app_error")
	for _, c := range []struct {
		problem, key string
		value        any
	}{
		{"callback", "callback_urls", []string{"javascript:alert(1)"}}, {"callback", "callback_urls", []string{"data:text/html,x"}},
		{"callback", "callback_urls", []string{"https://a.example/#x"}}, {"callback", "callback_urls", []string{"https://u:p@a.example/"}},
		{"callback", "callback_urls", []string{"https://a.example/" + strings.Repeat("x", 256)}}, {"callback", "callback_urls", nil},
		{"callback", "callback_urls", []string{"/relative"}}, {"homepage", "homepage", "javascript:alert(1)"}, {"icon_url", "icon_url", "javascript:alert(1)"},
		{"name", "name", strings.Repeat("n", 65)}, {"description", "description", strings.Repeat("n", 513)},
	} {
		body := map[string]any{}
		for k, v := range good {
			body[k] = v
		}
		body[c.key] = c.value
		s.Admin.POST("/oauth/apps", body).Refused(t, 400, "model.oauth.is_valid."+c.problem+".app_error")
	}
	// Who may have applications has theirs: not others', and not trusted ones.
	var role model.Role
	s.Admin.GET("/roles/name/system_user").Want(t, 200).Into(t, &role)
	s.Admin.PUT("/roles/"+role.ID+"/patch", map[string]any{"permissions": append(role.Permissions, "manage_oauth")}).Want(t, 200)
	good["is_trusted"] = true
	var hers model.OAuthApp
	if ann.POST("/oauth/apps", good).Want(t, 201).Into(t, &hers); hers.IsTrusted || hers.CreatorID != ann.ID {
		t.Errorf("%+v", hers)
	}
	hers.IsTrusted, hers.CreatorID, hers.ClientSecret = true, s.Admin.ID, "mine"
	var now model.OAuthApp
	if ann.PUT("/oauth/apps/"+hers.ID, hers).Want(t, 200).Into(t, &now); now.IsTrusted || now.CreatorID != ann.ID || now.ClientSecret == "mine" {
		t.Errorf("%+v", now)
	}
	bosses := newApp(t, s, nil)
	ann.GET("/oauth/apps/"+bosses.ID).Want(t, 403)
	ann.DELETE("/oauth/apps/"+bosses.ID).Want(t, 403)
	ann.POST("/oauth/apps/"+bosses.ID+"/regen_secret", nil).Want(t, 403)
	var list []model.OAuthApp
	if ann.GET("/oauth/apps").Want(t, 200).Into(t, &list); len(list) != 1 {
		t.Errorf("%+v", list)
	}
	newSecret := s.Admin.POST("/oauth/apps/"+newApp(t, s, map[string]any{"is_public": true}).ID+"/regen_secret", nil)
	newSecret.Refused(t, 400, "api.oauth.regenerate_secret.public_client.app_error")
	// A page of an error repeats nothing of the address.
	page := s.Nobody().GET("<site>/oauth/authorize?client_id=" + url.QueryEscape("<script>alert(1)</script>") + "&redirect_uri=" + url.QueryEscape("javascript:alert(1)"))
	if page.Status != 400 || strings.Contains(string(page.Body), "alert") || !strings.Contains(page.Header.Get("Content-Security-Policy"), "default-src 'none'") {
		t.Errorf("%v", page)
	}
}

// What registers itself is nobody's, is never trusted, and is sent only where the
// administrator allows.
func TestRegistration(t *testing.T) {
	s := testkit.Start(t, dbtest.SQLite, testkit.Env("MM_SERVICESETTINGS_ENABLEDYNAMICCLIENTREGISTRATION=true",
		`MM_SERVICESETTINGS_DCRREDIRECTURIALLOWLIST=https://*.tools.example/**`))
	register := func(body any) (r *testkit.Response) {
		testkit.Eventually(t, "the rate has room", func() bool { r = s.Nobody().POST("/oauth/apps/register", body); return r.Status != 429 })
		return r
	}
	var got model.ClientRegistrationResponse
	register(map[string]any{"client_name": "A <b>tool</b>", "redirect_uris": []string{"https://a.tools.example/cb"}, "token_endpoint_auth_method": "none"}).Want(t, 201).Into(t, &got)
	var app model.OAuthApp
	s.Admin.GET("/oauth/apps/"+got.ClientID).Want(t, 200).Into(t, &app)
	if got.ClientSecret != nil || app.CreatorID != "" || app.IsTrusted || !app.IsDynamicallyRegistered || !app.Public() {
		t.Errorf("%+v %+v", got, app)
	}
	for problem, body := range map[string]any{
		"invalid_redirect_uri": map[string]any{"redirect_uris": []string{"https://evil.example/cb"}}, "invalid_redirect_uri ": map[string]any{},
		"invalid_redirect_uri  ":   map[string]any{"redirect_uris": []string{"http://a.tools.example/cb"}},
		"invalid_client_metadata":  map[string]any{"redirect_uris": []string{"https://a.tools.example/cb"}, "token_endpoint_auth_method": "private_key_jwt"},
		"invalid_client_metadata ": map[string]any{"redirect_uris": []string{"https://a.tools.example/cb"}, "client_uri": "javascript:alert(1)"},
	} {
		var refused model.DCRError
		if register(body).Want(t, 400).Into(t, &refused); refused.Error != strings.TrimSpace(problem) {
			t.Errorf("%s: %+v", problem, refused)
		}
	}
}
