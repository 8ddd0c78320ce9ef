package users_test

import (
	"strings"
	"sync"
	"testing"

	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/testkit"
)

func userOf(t *testing.T, by *testkit.Actor, userID string) *model.User {
	t.Helper()
	var u model.User
	by.GET("/users/"+userID).Want(t, 200).Into(t, &u)
	return &u
}

func TestPatch(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		alice, bob := s.User("alice"), s.User("bob")
		patch := func(a *testkit.Actor, body any) *testkit.Response { return a.PUT("/users/"+alice.ID+"/patch", body) }

		// What isn't part of a profile can't be patched.
		r := patch(alice, map[string]any{"roles": "system_user system_admin", "delete_at": 7, "email_verified": true, "auth_service": "saml",
			"auth_data": "x", "mfa_active": true, "remote_id": id.New(), "nickname": "Al"}).Want(t, 200)
		u := userOf(t, s.Admin, alice.ID)
		if u.Roles != "system_user" || u.DeleteAt != 0 || u.EmailVerified || u.AuthService != "" || u.MFAActive || *u.RemoteID != "" || u.Nickname != "Al" {
			t.Errorf("a patch changed more than the profile: %s", r)
		}
		patch(bob, map[string]any{"nickname": "x"}).Refused(t, 403, "api.context.permissions.app_error")
		bob.PUT("/users/"+id.New()+"/patch", map[string]any{"nickname": "x"}).Refused(t, 403, "api.context.permissions.app_error")
		s.Admin.PUT("/users/"+id.New()+"/patch", map[string]any{"nickname": "x"}).Refused(t, 404, "app.user.missing_account.const")
		patch(alice, map[string]any{"nickname": 5}).Refused(t, 400, "api.context.invalid_body_param.app_error")
		patch(alice, map[string]any{"email": bob.Username + "@example.com", "password": testkit.Password}).Refused(t, 400, "app.user.save.email_exists.app_error")
		patch(alice, map[string]any{"username": bob.Username}).Refused(t, 400, "app.user.save.username_exists.app_error")

		// One's own address is changed with one's password.
		fresh := word("fresh") + "@example.com"
		patch(alice, map[string]any{"email": fresh}).Refused(t, 400, "api.context.invalid_body_param.app_error")
		patch(alice, map[string]any{"email": fresh, "password": "wrong"}).Refused(t, 400, "api.context.invalid_body_param.app_error")
		patch(alice, map[string]any{"email": strings.ToUpper(fresh), "password": testkit.Password}).Want(t, 200)
		if u := userOf(t, bob, alice.ID); u.Email != fresh {
			t.Errorf("the address is %q", u.Email)
		}

		// PUT takes the same profile whole, and only that of the path.
		whole := map[string]any{"id": alice.ID, "username": alice.Username, "first_name": "Alice", "roles": "system_admin"}
		alice.PUT("/users/"+alice.ID, whole).Want(t, 200)
		if u := userOf(t, alice, alice.ID); u.FirstName != "Alice" || u.Nickname != "" || u.Roles != "system_user" || u.Email != fresh {
			t.Errorf("after PUT: %+v", u)
		}
		whole["id"] = bob.ID
		alice.PUT("/users/"+alice.ID, whole).Refused(t, 400, "api.context.invalid_body_param.app_error")
	})
}

// Wrong passwords count against the lock of the account, also here.
func TestChangingEmailIsNoWayToGuess(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		alice := s.User("alice")
		guess := func(p string) *testkit.Response {
			return alice.PUT("/users/me/patch", map[string]any{"email": word("x") + "@example.com", "password": p})
		}
		for range s.Config.Get().ServiceSettings.MaximumLoginAttempts {
			guess("wrong").Want(t, 400)
		}
		guess(testkit.Password).Refused(t, 401, "api.user.check_user_login_attempts.too_many.app_error")
		alice.POST("/users/"+alice.ID+"/reset_failed_attempts", nil).Refused(t, 403, "api.user.reset_password_failed_attempts.permissions.app_error")
		s.Admin.POST("/users/"+alice.ID+"/reset_failed_attempts", nil).Want(t, 200)
		guess(testkit.Password).Want(t, 200)
	})
}

func TestPrivacy(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		alice, bob := s.User("alice"), s.User("bob")
		alice.PUT("/users/me/patch", map[string]any{"first_name": "Alizée", "last_name": "Martin"}).Want(t, 200)
		bob.Listen()
		s.Admin.Listen()
		alice.PUT("/users/me/patch", map[string]any{"position": "Explorer"}).Want(t, 200)

		email := alice.Username + "@example.com"
		if u := userOf(t, bob, alice.ID); u.Email != "" || u.FirstName != "" || u.LastName != "" || len(u.NotifyProps) > 0 {
			t.Errorf("others see %+v", u)
		}
		for who, a := range map[string]*testkit.Actor{"herself": alice, "administrators": s.Admin} {
			if u := userOf(t, a, alice.ID); u.Email != email || u.FirstName != "Alizée" || len(u.NotifyProps) == 0 {
				t.Errorf("%s see %+v", who, u)
			}
		}
		seen := func(f testkit.Frame) *model.User {
			var u model.User
			(&testkit.Response{Body: mustJSON(t, f.Data["user"])}).Into(t, &u)
			return &u
		}
		if u := seen(bob.Expect("user_updated", nil)); u.Email != "" || u.FirstName != "" || len(u.NotifyProps) > 0 {
			t.Errorf("others are told %+v", u)
		}
		if u := seen(s.Admin.Expect("user_updated", nil)); u.Email != email || u.FirstName != "Alizée" {
			t.Errorf("administrators are told %+v", u)
		}
		// What isn't shown can't be searched for either.
		for _, term := range []string{"Alizée", "Martin", email} {
			if r := bob.POST("/users/search", map[string]any{"term": term}).Want(t, 200); string(r.Body) != "[]\n" && string(r.Body) != "[]" {
				t.Errorf("search for %q: %s", term, r)
			}
		}
		bob.GET("/users/email/"+email).Refused(t, 403, "api.user.get_user_by_email.permissions.app_error")
		s.Admin.GET("/users/email/"+email).Want(t, 200)
	}, testkit.Env("MM_PRIVACYSETTINGS_SHOWEMAILADDRESS=false", "MM_PRIVACYSETTINGS_SHOWFULLNAME=false"))
}

// No answer about a user holds a secret, whoever asks.
func TestSecretsStay(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		alice, bob := s.User("alice"), s.User("bob")
		for _, a := range []*testkit.Actor{alice, bob, s.Admin} {
			for _, r := range []*testkit.Response{a.GET("/users/" + alice.ID), a.GET("/users/username/" + alice.Username), a.GET("/users"),
				a.POST("/users/ids", []string{alice.ID}), a.POST("/users/usernames", []string{alice.Username}),
				a.POST("/users/search", map[string]any{"term": alice.Username}), a.GET("/users/autocomplete?name=" + alice.Username)} {
				r.Want(t, 200)
				for _, secret := range []string{"pbkdf2", `"password"`, "mfa_secret", "failed_attempts"} {
					if strings.Contains(string(r.Body), secret) {
						t.Errorf("%s shows %s: %s", r.Call, secret, r.Body)
					}
				}
			}
		}
	})
}

// Changes of one account at the same time don't undo each other.
func TestConcurrentPatches(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		alice := s.User("alice")
		fields := []string{"nickname", "first_name", "last_name", "position"}
		var wg sync.WaitGroup
		for _, f := range fields {
			wg.Go(func() { alice.PUT("/users/me/patch", map[string]any{f: "new"}).Want(t, 200) })
		}
		wg.Wait()
		if u := userOf(t, alice, alice.ID); u.Nickname+u.FirstName+u.LastName+u.Position != "newnewnewnew" {
			t.Errorf("lost: %+v", u)
		}
	})
}
