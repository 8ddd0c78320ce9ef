package users_test

import (
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"golang.org/x/crypto/bcrypt"

	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/testkit"
)

const invalidLink = "api.user.reset_password.invalid_link.app_error"

// link asks for a link for a new password and returns its secret.
func link(t *testing.T, s *testkit.Server, a *testkit.Actor) (secret string) {
	t.Helper()
	email := a.Username + "@example.com"
	const stored = `SELECT token FROM tokens WHERE type = 'password_recovery' AND extra LIKE $1`
	before, _ := db.Value[string](t.Context(), s.DB, stored, "%"+email+"%")
	s.Nobody().POST("/users/password/reset/send", map[string]string{"email": strings.ToUpper(email)}).Want(t, 200)
	testkit.Eventually(t, "a token is stored", func() bool {
		var err error
		secret, err = db.Value[string](t.Context(), s.DB, stored, "%"+email+"%")
		return err == nil && secret != before
	})
	return secret
}

func reset(secret, password string) map[string]string {
	return map[string]string{"token": secret, "new_password": password}
}

func TestResetPassword(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		a, b, nobody := s.User("alice"), s.User("bob"), s.Nobody()
		first := link(t, s, a)
		secret := link(t, s, a) // a new link replaces the old one
		nobody.POST("/users/password/reset", reset(first, "Another-Pass-1")).Refused(t, 400, invalidLink)
		nobody.POST("/users/password/reset", reset(secret, "")).Refused(t, 400, "model.user.is_valid.pwd_min_length.app_error")
		nobody.POST("/users/password/reset", reset(secret, strings.Repeat("p", 73))).Refused(t, 400, "model.user.is_valid.pwd_max_length.app_error")
		nobody.POST("/users/password/reset", reset(strings.ToUpper(secret), "Another-Pass-1")).Refused(t, 400, invalidLink)

		// Of many who use one link at once, one sets the password.
		var set atomic.Int32
		var wg sync.WaitGroup
		for i := range 6 {
			wg.Go(func() {
				r := nobody.POST("/users/password/reset", reset(secret, fmt.Sprintf("Another-Pass-%d", i)))
				if r.Status == 200 {
					set.Add(1)
				} else if r.ErrorID() != invalidLink {
					t.Error(r)
				}
			})
		}
		wg.Wait()
		if set.Load() != 1 {
			t.Errorf("a link was used %d times", set.Load())
		}
		nobody.POST("/users/login", with(a.Username)).Refused(t, 401, badLogin)

		// A link dies with the address it went to, with time, and with the account.
		secret = link(t, s, b)
		for _, c := range []struct{ sql, undo, id string }{
			{`UPDATE users SET email = 'x' || email WHERE id = $1`, `UPDATE users SET email = substr(email, 2) WHERE id = $1`, invalidLink},
			{`UPDATE users SET deleteat = 1 WHERE id = $1`, `UPDATE users SET deleteat = 0 WHERE id = $1`, invalidLink},
			{`UPDATE users SET authservice = 'saml', authdata = id WHERE id = $1`, `UPDATE users SET authservice = '', authdata = NULL WHERE id = $1`,
				"api.user.reset_password.sso.app_error"},
			{`UPDATE tokens SET type = 'verify_email' WHERE extra LIKE '%' || $1 || '%'`, `UPDATE tokens SET type = 'password_recovery' WHERE extra LIKE '%' || $1 || '%'`,
				"api.user.reset_password.broken_token.app_error"},
			{`UPDATE tokens SET createat = createat - 86401000 WHERE extra LIKE '%' || $1 || '%'`, `UPDATE tokens SET createat = createat + 86401000 WHERE extra LIKE '%' || $1 || '%'`,
				"api.user.reset_password.link_expired.app_error"},
		} {
			exec(t, s, c.sql, b.ID)
			nobody.POST("/users/password/reset", reset(secret, "Another-Pass-1")).Refused(t, 400, c.id)
			exec(t, s, c.undo, b.ID)
		}
		nobody.POST("/users/password/reset", reset(secret, "Another-Pass-1")).Want(t, 200)
		// Only accounts that have a password of their own are sent a link.
		exec(t, s, `UPDATE users SET authservice = 'saml', authdata = id WHERE id = $1`, a.ID)
		nobody.POST("/users/password/reset/send", map[string]string{"email": a.Username + "@example.com"}).Want(t, 200)
		link(t, s, b)
		if n, err := db.Value[int](t.Context(), s.DB, `SELECT count(*) FROM tokens WHERE extra LIKE $1`, "%"+a.ID+"%"); err != nil || n != 0 {
			t.Errorf("%d links for an account without a password: %v", n, err)
		}
	})
}

// TestResetUnlocks has the owner of the address open what guesses have closed.
func TestResetUnlocks(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		a, nobody := s.User("alice"), s.Nobody()
		for range 2 {
			nobody.POST("/users/login", guess(a.Username)).Want(t, 401)
		}
		nobody.POST("/users/login", with(a.Username)).Refused(t, 401, tooMany)
		nobody.POST("/users/password/reset", reset(link(t, s, a), "Another-Pass-1")).Want(t, 200)
		nobody.POST("/users/login", map[string]string{"login_id": a.Username, "password": "Another-Pass-1"}).Want(t, 200)
	}, attempts(2))
}

func TestChangePassword(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		a, b := s.User("alice"), s.User("bob")
		const refused = "api.user.update_password.context.app_error"
		second := another(t, s, a, nil)
		socket := second.Listen()
		secret := link(t, s, a)
		change := map[string]string{"current_password": testkit.Password, "new_password": "Another-Pass-1"}
		a.PUT("/users/"+a.ID+"/password", change).Want(t, 200)
		a.GET("/users/me").Want(t, 200) // one's own session goes on, all others end
		_ = socket.Closed()
		second.GET("/users/me").Refused(t, 401, expired)
		s.Nobody().POST("/users/password/reset", reset(secret, "Another-Pass-2")).Refused(t, 400, invalidLink)
		b.PUT("/users/"+a.ID+"/password", change).Refused(t, 403, refused)
		b.PUT("/users/"+id.New()+"/password", change).Refused(t, 403, refused)
		change["already_hashed"] = "true"
		a.PUT("/users/me/password", change).Refused(t, 401, "api.user.update_password.user_and_hashed.app_error")

		// Who manages users may set theirs, but not an administrator's.
		exec(t, s, `INSERT INTO roles (id, name, displayname, description, createat, updateat, deleteat, permissions, schememanaged, builtin)
			VALUES ($1, 'manages_people', '', '', 1, 1, 0, ' sysconsole_write_user_management_users edit_other_users ', false, false)`, id.New())
		s.Admin.PUT("/users/"+b.ID+"/roles", map[string]string{"roles": "system_user manages_people"}).Want(t, 200)
		b.PUT("/users/"+s.Admin.ID+"/password", map[string]string{"new_password": "Another-Pass-1"}).Refused(t, 403, refused)
		b.PUT("/users/"+a.ID+"/password", map[string]string{"new_password": "x", "already_hashed": "true"}).Refused(t, 403, refused)
		b.PUT("/users/"+a.ID+"/password", map[string]string{"new_password": "Another-Pass-3"}).Want(t, 200)
		a.GET("/users/me").Refused(t, 401, expired)

		// A hash of an older server, whose form looks at 72 bytes, is renewed at sign-in.
		long := strings.Repeat("a", 72)
		old, err := bcrypt.GenerateFromPassword([]byte(long), bcrypt.MinCost)
		if err != nil {
			t.Fatal(err)
		}
		s.Admin.PUT("/users/"+a.ID+"/password", map[string]string{"new_password": "$2a$x", "already_hashed": "true"}).
			Refused(t, 400, "api.context.invalid_body_param.app_error")
		s.Admin.PUT("/users/"+a.ID+"/password", map[string]string{"new_password": string(old), "already_hashed": "true"}).Want(t, 200)
		login := func(password string) *testkit.Response {
			return s.Nobody().POST("/users/login", map[string]string{"login_id": a.Username, "password": password})
		}
		login(long+"a").Refused(t, 401, badLogin)
		login(long).Want(t, 200)
		hash, err := db.Value[string](t.Context(), s.DB, `SELECT password FROM users WHERE id = $1`, a.ID)
		if err != nil || !strings.HasPrefix(hash, "$pbkdf2$") {
			t.Errorf("the hash was not renewed: %.20s %v", hash, err)
		}
		login(long).Want(t, 200)
		login(long+"a").Refused(t, 401, badLogin)
	})
}

func TestChangePasswordKeepsSessions(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		a := s.User("alice")
		second := another(t, s, a, nil)
		a.PUT("/users/me/password", map[string]string{"current_password": testkit.Password, "new_password": "Another-Pass-1"}).Want(t, 200)
		second.GET("/users/me").Want(t, 200)
	}, testkit.Env("MM_SERVICESETTINGS_TERMINATESESSIONSONPASSWORDCHANGE=false"))
}

// TestPasswordChangedDuringLogin has sign-ins with the old password race with
// its change: no session of the old password survives.
func TestPasswordChangedDuringLogin(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		a := s.User("alice")
		var tokens [6]string
		var wg sync.WaitGroup
		for i := range tokens {
			wg.Go(func() {
				tokens[i] = s.Nobody().POST("/users/login", with(a.Username)).Header.Get("Token")
			})
		}
		s.Admin.PUT("/users/"+a.ID+"/password", map[string]string{"new_password": "Another-Pass-1"}).Want(t, 200)
		wg.Wait()
		for _, token := range tokens {
			if token != "" {
				old := s.Nobody()
				old.Token = token
				old.GET("/users/me").Refused(t, 401, expired)
			}
		}
	})
}
