package users_test

import (
	"testing"

	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/testkit"
)

func TestDesktopToken(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		a, b, nobody := s.User("alice"), s.User("bob"), s.Nobody()
		exec(t, s, `UPDATE users SET authservice = 'gitlab', authdata = id WHERE id = $1`, a.ID)
		issue := func(userID string, age int64) map[string]string {
			token := id.Token(model.TokenSize)
			exec(t, s, `INSERT INTO desktoptokens (token, createat, userid) VALUES ($1,$2,$3)`, token, id.Now()/1000-age, userID)
			return map[string]string{"token": token}
		}
		const invalid = "app.desktop_token.validate.invalid"
		old := issue(a.ID, 181)
		nobody.POST("/users/login/desktop_token", old).Refused(t, 401, invalid)
		nobody.POST("/users/login/desktop_token", issue(id.New(), 0)).Refused(t, 401, invalid)
		nobody.POST("/users/login/desktop_token", issue(b.ID, 0)).Refused(t, 401, "api.user.login_with_desktop_token.not_oauth_or_saml_user.app_error")
		body := issue(a.ID, 100)
		r := nobody.POST("/users/login/desktop_token", body).Want(t, 200)
		nobody.POST("/users/login/desktop_token", body).Refused(t, 401, invalid)
		app := s.Nobody()
		app.Token = r.Header.Get("Token")
		var list []model.Session
		app.GET("/users/me/sessions").Want(t, 200).Into(t, &list)
		if list[0].Props["isOAuthUser"] != "true" {
			t.Errorf("session: %+v", list[0])
		}
		exec(t, s, `UPDATE users SET deleteat = 1 WHERE id = $1`, a.ID)
		nobody.POST("/users/login/desktop_token", issue(a.ID, 0)).Refused(t, 401, "api.user.login.inactive.app_error")
	})
}

func TestSwitchLogin(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		a, b := s.User("alice"), s.User("bob")
		exec(t, s, `UPDATE users SET authservice = 'gitlab', authdata = id WHERE id = $1`, a.ID)
		back := map[string]string{"current_service": "gitlab", "new_service": "email", "email": a.Username + "@example.com", "new_password": "Another-Pass-1"}
		const path = "/users/login/switch"
		set(t, s, "ServiceSettings", map[string]any{"ExperimentalEnableAuthenticationTransfer": false})
		s.Nobody().POST(path, back).Refused(t, 401, expired)
		a.POST(path, back).Refused(t, 403, "api.user.oauth_to_email.not_available.app_error")
		set(t, s, "ServiceSettings", map[string]any{"ExperimentalEnableAuthenticationTransfer": true})
		b.POST(path, back).Refused(t, 403, "api.user.oauth_to_email.context.app_error")
		for _, bad := range []map[string]string{{}, {"current_service": "gitlab"}, {"current_service": "x", "new_service": "email"}, {"current_service": "gitlab", "new_service": "saml"}} {
			if r := a.POST(path, bad); r.Status != 400 && r.Status != 403 {
				t.Errorf("%v: %s", bad, r)
			}
		}
		back["new_password"] = "short"
		a.POST(path, back).Refused(t, 400, "model.user.is_valid.pwd_min_length.app_error")
		back["new_password"] = "Another-Pass-1"
		a.POST(path, back).Want(t, 200)
		a.GET("/users/me").Refused(t, 401, expired)
		s.Nobody().POST("/users/login", map[string]string{"login_id": a.Username, "password": "Another-Pass-1"}).Want(t, 200)
		own := map[string]string{"current_service": "gitlab", "new_service": "email", "email": b.Username + "@example.com", "new_password": "Another-Pass-1"}
		b.POST(path, own).Refused(t, 400, "api.user.oauth_to_email.not_oauth_user.app_error")
	})
}
