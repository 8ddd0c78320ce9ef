package users_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/testkit"
)

const (
	badLogin = "api.user.login.invalid_credentials_email_username"
	tooMany  = "api.user.check_user_login_attempts.too_many.app_error"
	expired  = "api.context.session_expired.app_error"
)

// with is a login with the usual password.
func with(name string) map[string]string {
	return map[string]string{"login_id": name, "password": testkit.Password}
}

// set changes settings of a running server.
func set(t *testing.T, s *testkit.Server, section string, values map[string]any) {
	t.Helper()
	if _, err := s.Config.Patch(context.Background(), map[string]any{section: values}, "test"); err != nil {
		t.Fatal(err)
	}
}

// exec changes the database behind the server's back.
func exec(t *testing.T, s *testkit.Server, sql string, args ...any) {
	t.Helper()
	if _, err := db.Exec(t.Context(), s.DB, sql, args...); err != nil {
		t.Fatal(err)
	}
	s.Access.ForgetEverything()
}

func TestLoginNames(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		alice, nobody := s.User("alice"), s.Nobody()
		email := strings.ToUpper(alice.Username) + "@Example.com"
		for _, name := range []string{alice.Username, strings.ToUpper(alice.Username), email, "  " + alice.Username + " "} {
			nobody.POST("/users/login", with(name)).Want(t, 200)
		}
		nobody.POST("/users/login", map[string]string{"id": alice.ID, "password": testkit.Password}).Want(t, 200)
		nobody.POST("/users/login", with("")).Refused(t, 401, badLogin)
		nobody.POST("/users/login", with("%")).Refused(t, 401, badLogin)

		set(t, s, "EmailSettings", map[string]any{"EnableSignInWithEmail": false})
		nobody.POST("/users/login", with(email)).Refused(t, 401, "api.user.login.invalid_credentials_username")
		nobody.POST("/users/login", with(alice.Username)).Want(t, 200)
		set(t, s, "EmailSettings", map[string]any{"EnableSignInWithEmail": true, "EnableSignInWithUsername": false})
		nobody.POST("/users/login", with(alice.Username)).Refused(t, 401, "api.user.login.invalid_credentials_email")
		nobody.POST("/users/login", with(email)).Want(t, 200)
	})
}

func TestLoginRefused(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		nobody := s.Nobody()
		wrong := func(a *testkit.Actor) map[string]string {
			return map[string]string{"login_id": a.Username, "password": "not-it-at-all"}
		}
		// What is the matter with an account is told to its owner alone.
		for _, c := range []struct{ sql, id string }{
			{`UPDATE users SET deleteat = 1 WHERE id = $1`, "api.user.login.inactive.app_error"},
			{`UPDATE users SET roles = 'system_guest' WHERE id = $1`, "api.user.login.guest_accounts.disabled.error"},
			{`UPDATE users SET remoteid = 'remoteremoteremoteremotere' WHERE id = $1`, "api.user.login.remote_users.login.error"},
			{`UPDATE users SET authservice = 'saml', authdata = id WHERE id = $1`, badLogin},
			{`UPDATE users SET password = '' WHERE id = $1`, badLogin},
			{`UPDATE users SET password = 'plain' WHERE id = $1`, badLogin},
		} {
			a := s.User("alice")
			exec(t, s, c.sql, a.ID)
			nobody.POST("/users/login", with(a.Username)).Refused(t, 401, c.id)
			nobody.POST("/users/login", wrong(a)).Refused(t, 401, badLogin)
		}
		a := s.User("alice")
		set(t, s, "EmailSettings", map[string]any{"RequireEmailVerification": true})
		nobody.POST("/users/login", with(a.Username)).Refused(t, 401, "api.user.login.not_verified.app_error")
		nobody.POST("/users/login", wrong(a)).Refused(t, 401, badLogin)
		s.Admin.POST("/users/"+a.ID+"/email/verify/member", nil).Want(t, 200)
		nobody.POST("/users/login", with(a.Username)).Want(t, 200)
		nobody.POST("/users/login", map[string]string{"login_id": a.Username, "magic_link_token": "x"}).
			Refused(t, 401, "api.user.login.guest_magic_link.disabled.error")
	})
}

func TestLoginBadInput(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		a, nobody := s.User("alice"), s.Nobody()
		for _, path := range []string{"/users/login", "/users/login/type", "/users/login/switch", "/users/login/desktop_token",
			"/users/password/reset", "/users/password/reset/send", "/users/email/verify", "/users/email/verify/send"} {
			for _, body := range []string{"", "null", "[]", "7", `"x"`, "{", `{"login_id":7,"password":[],"token":{},"email":null}`,
				`{"login_id":"a\u0000b","password":"x","token":"\u0000","email":"\u0000"}`, strings.Repeat("[", 5000), "\xff\xfe", `{"password":"\ud800","email":"\ud800"}`} {
				if r := nobody.POST(path, body); r.Status >= 500 || r.Err != nil {
					t.Errorf("%s with %.40q: %s", path, body, r)
				}
			}
		}
		for _, long := range []string{strings.Repeat("p", 73), strings.Repeat("p", 200_000)} {
			nobody.POST("/users/login", map[string]string{"login_id": a.Username, "password": long}).Refused(t, 401, badLogin)
			nobody.POST("/users/login", with(long)).Refused(t, 401, badLogin)
		}
		nobody.POST("/users/login", with(strings.Repeat("p", 1<<20))).Refused(t, 413, "api.context.request_body_too_large.app_error")
		// A truth value in place of a word is what some clients send.
		nobody.POST("/users/login", `{"login_id":"`+a.Username+`","password":"`+testkit.Password+`","ldap_only":true}`).Want(t, 200)
	})
}

func TestLoginCookies(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		a, nobody := s.User("alice"), s.Nobody()
		cookies := func(method, path string, body any, headers ...string) []string {
			return nobody.Do(method, path, body, headers...).Want(t, 200).Header["Set-Cookie"]
		}
		if got := cookies("POST", "/users/login", with(a.Username)); len(got) != 0 {
			t.Errorf("cookies for what is no browser: %v", got)
		}
		const xhr = "XMLHttpRequest"
		got := cookies("POST", "/users/login", with(a.Username), "X-Requested-With", xhr)
		if len(got) != 3 {
			t.Fatalf("cookies: %v", got)
		}
		for _, c := range got {
			hidden := strings.HasPrefix(c, "MMAUTHTOKEN=")
			if strings.Contains(c, "HttpOnly") != hidden || !strings.Contains(c, "Path=/;") || !strings.Contains(c, "SameSite=Lax") ||
				!strings.Contains(c, "Max-Age=2591") && !strings.Contains(c, "Max-Age=2592") || strings.Contains(c, "Secure") {
				t.Errorf("cookie %s", c)
			}
		}
		set(t, s, "ServiceSettings", map[string]any{"SiteURL": "https://chat.example.com/talk", "AllowCookiesForSubdomains": true})
		for _, c := range append(cookies("POST", "/users/login", with(a.Username), "X-Requested-With", xhr), cookies("POST", "/users/logout", nil)...) {
			for _, part := range []string{"Path=/talk;", "Domain=chat.example.com", "Secure", "SameSite=Lax"} {
				if !strings.Contains(c, part) {
					t.Errorf("cookie %s lacks %s", c, part)
				}
			}
		}
	})
}

func TestForgedRequests(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		a, browser := s.User("alice"), s.Nobody()
		jar := "MMAUTHTOKEN=" + a.Token + "; MMUSERID=" + a.ID
		var list []model.Session
		a.GET("/users/me/sessions").Want(t, 200).Into(t, &list)
		csrf := list[0].Props["csrf"]
		patch := func(headers ...string) *testkit.Response {
			return browser.Do("PUT", "/users/me/patch", map[string]string{"nickname": "x"}, append(headers, "Cookie", jar)...)
		}
		patch().Refused(t, 401, expired)
		patch("X-CSRF-Token", "").Refused(t, 401, expired)
		patch("X-CSRF-Token", csrf[:25]).Refused(t, 401, expired)
		patch("X-CSRF-Token", csrf).Want(t, 200)
		patch("X-Requested-With", "XMLHttpRequest").Want(t, 200)
		// Nor does a page elsewhere sign anybody out.
		browser.Do("POST", "/users/logout", nil, "Cookie", jar).Want(t, 200)
		a.GET("/users/me").Want(t, 200)
		set(t, s, "ServiceSettings", map[string]any{"ExperimentalStrictCSRFEnforcement": true})
		patch("X-Requested-With", "XMLHttpRequest").Refused(t, 401, expired)
		patch("X-CSRF-Token", csrf).Want(t, 200)
		browser.Do("POST", "/users/logout", nil, "Cookie", jar, "X-CSRF-Token", csrf).Want(t, 200)
		a.GET("/users/me").Refused(t, 401, expired)
	})
}

func TestLoginHistory(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		a, nobody := s.User("alice"), s.Nobody()
		nobody.POST("/users/login", map[string]string{"login_id": a.Username, "password": "wrong password"}).Want(t, 401)
		r := nobody.POST("/users/login", with(a.Username)).Want(t, 200)
		for _, secret := range []string{"pbkdf2", "mfa_secret", "last_login", "auth_data"} {
			if strings.Contains(string(r.Body), secret) {
				t.Errorf("the answer holds %s: %s", secret, r.Body)
			}
		}
		if at, err := db.Value[int64](t.Context(), s.DB, `SELECT lastlogin FROM users WHERE id = $1`, a.ID); err != nil || at == 0 {
			t.Errorf("last login %d %v", at, err)
		}
		var lines []model.Audit
		testkit.Eventually(t, "the audit trail names both", func() bool {
			lines = nil
			a.GET("/users/me/audits").Want(t, http.StatusOK).Into(t, &lines)
			failed, succeeded := false, false
			for _, l := range lines {
				failed = failed || strings.Contains(l.ExtraInfo, "failed") && strings.Contains(l.ExtraInfo, badLogin)
				succeeded = succeeded || strings.Contains(l.ExtraInfo, "success") && l.SessionID != ""
			}
			return failed && succeeded
		})
		for _, l := range lines {
			if strings.Contains(l.ExtraInfo, "wrong password") || strings.Contains(l.ExtraInfo, testkit.Password) {
				t.Errorf("a password in the audit trail: %s", l.ExtraInfo)
			}
		}
	})
}
