package users_test

import (
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/db/dbtest"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/server"
	"github.com/parley-chat/parley/internal/testkit"
)

func account(name string) map[string]any {
	return map[string]any{"username": name, "email": name + "@example.com", "password": testkit.Password}
}

// closed is a server that strangers need an invitation for.
func closed(o *server.Options) { o.Environ = []string{"MM_TEAMSETTINGS_ENABLEOPENSERVER=false"} }

func word(prefix string) string { return strings.ToLower(prefix + id.New()[:10]) }

func TestSignup(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		nobody := s.Nobody()
		var u model.User
		name := word("new")
		body := account(strings.ToUpper(name))
		body["roles"], body["auth_service"], body["auth_data"] = "system_user system_admin", "ldap", "cn=me"
		body["email_verified"], body["delete_at"], body["id"], body["mfa_secret"] = true, 5, id.New(), "x"
		r := nobody.POST("/users", body).Want(t, 201).Into(t, &u)
		if u.Username != name || u.Email != name+"@example.com" || u.Roles != "system_user" || u.AuthService != "" || u.AuthData != nil ||
			u.EmailVerified || u.DeleteAt != 0 || u.ID == body["id"] || u.MFAActive {
			t.Errorf("a stranger chose what is not theirs: %s", r.Body)
		}
		if strings.Contains(string(r.Body), "pbkdf2") || strings.Contains(string(r.Body), testkit.Password) {
			t.Errorf("the answer holds a password: %s", r.Body)
		}

		refuseSignups(t, s, name)
		nobody.POST("/users", "[]").Refused(t, 400, "api.context.invalid_body_param.app_error")
		big := account(word("x"))
		big["password"] = strings.Repeat("p", 1<<20)
		if r := nobody.POST("/users", big); r.Status != 413 {
			t.Errorf("a password of 1 MiB: %s", r)
		}
		var unnamed model.User
		body = account("")
		body["email"] = word("m") + "@example.com"
		nobody.POST("/users", body).Want(t, 201).Into(t, &unnamed)
		if unnamed.Username == "" {
			t.Error("an account without a name")
		}
	})
}

// refuseSignups tries what breaks a rule, beside somebody who has the name taken.
func refuseSignups(t *testing.T, s *testkit.Server, taken string) {
	for what, c := range map[string]struct {
		change map[string]any
		id     string
	}{
		"taken name, other case":  {map[string]any{"username": strings.ToUpper(taken)}, "app.user.save.username_exists.app_error"},
		"taken email, other case": {map[string]any{"email": strings.ToUpper(taken) + "@Example.com"}, "app.user.save.email_exists.app_error"},
		"reserved name":           {map[string]any{"username": "all"}, "model.user.is_valid.username.app_error"},
		"name with a blank":       {map[string]any{"username": "a b"}, "model.user.is_valid.username.app_error"},
		"name of 65":              {map[string]any{"username": strings.Repeat("n", 65)}, "model.user.is_valid.username.app_error"},
		"email with a name":       {map[string]any{"email": "Me <me@example.com>"}, "model.user.is_valid.email.app_error"},
		"email of 129":            {map[string]any{"email": strings.Repeat("e", 120) + "@long.test"}, "model.user.is_valid.email.app_error"},
		"long nickname":           {map[string]any{"nickname": strings.Repeat("é", 65)}, "model.user.is_valid.nickname.app_error"},
		"long first name":         {map[string]any{"first_name": strings.Repeat("f", 65)}, "model.user.is_valid.first_name.app_error"},
		"long last name":          {map[string]any{"last_name": strings.Repeat("l", 65)}, "model.user.is_valid.last_name.app_error"},
		"long position":           {map[string]any{"position": strings.Repeat("p", 129)}, "model.user.is_valid.position.app_error"},
		"unknown language":        {map[string]any{"locale": "xx-yy"}, "model.user.is_valid.locale.app_error"},
		"long time zone":          {map[string]any{"timezone": map[string]string{"manualTimezone": strings.Repeat("z", 300)}}, "model.user.is_valid.timezone_limit.app_error"},
		"huge props":              {map[string]any{"props": map[string]string{"x": strings.Repeat("p", 20_000)}}, "model.user.is_valid.props.app_error"},
		"short password":          {map[string]any{"password": "abc"}, "model.user.is_valid.pwd_min_length.app_error"},
		"password of 73 bytes":    {map[string]any{"password": strings.Repeat("p", 73)}, "model.user.is_valid.pwd_max_length.app_error"},
		"name of a wrong type":    {map[string]any{"username": 5}, "api.context.invalid_body_param.app_error"},
		"NUL":                     {map[string]any{"nickname": "a\x00b"}, "api.context.invalid_body_param.app_error"},
	} {
		body := account(word("x"))
		for k, v := range c.change {
			body[k] = v
		}
		if r := s.Nobody().POST("/users", body); r.Status != 400 || r.ErrorID() != c.id {
			t.Errorf("%s: %s", what, r)
		}
	}
}

// Many sign up with the same name at once: one of them gets it.
func TestSignupRace(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		name, mail := word("race"), word("race")
		var made atomic.Int32
		var wg sync.WaitGroup
		for i := range 12 {
			wg.Go(func() {
				body := account(name)
				want := "app.user.save.username_exists.app_error"
				if i%2 == 0 {
					body["email"] = word("m") + "@example.com"
				} else {
					body["username"], body["email"], want = word("u"), mail+"@example.com", "app.user.save.email_exists.app_error"
				}
				switch r := s.Nobody().POST("/users", body); {
				case r.Status == 201:
					made.Add(1)
				case r.Status != 400 || r.ErrorID() != want:
					t.Errorf("%s", r)
				}
			})
		}
		wg.Wait()
		if n := made.Load(); n != 2 {
			t.Errorf("%d accounts, want one for the name and one for the address", n)
		}
	})
}

// Whoever is first administers the system, however many come first at once.
func TestFirstUser(t *testing.T) {
	for _, engine := range dbtest.Engines {
		t.Run(string(engine), func(t *testing.T) {
			t.Parallel()
			s := testkit.Bare(t, dbtest.Options(t, engine), closed)
			var admins, refused atomic.Int32
			var wg sync.WaitGroup
			for range 8 {
				wg.Go(func() {
					var u model.User
					switch r := s.Nobody().POST("/users", account(word("first"))); {
					case r.Status == 201:
						r.Into(t, &u)
						if strings.Contains(u.Roles, "system_admin") {
							admins.Add(1)
						}
					case r.Status == 403 && r.ErrorID() == "api.user.create_user.no_open_server":
						refused.Add(1)
					default:
						t.Errorf("%s", r)
					}
				})
			}
			wg.Wait()
			if admins.Load() != 1 {
				t.Errorf("%d administrators", admins.Load())
			}
			s.Nobody().POST("/users", account(word("late"))).Refused(t, 403, "api.user.create_user.no_open_server")
		})
	}
}

func TestSignupDomains(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		rule := map[string]any{"TeamSettings": map[string]any{"RestrictCreationToDomains": "@corp.test, other.test"}}
		if _, err := s.Config.Patch(t.Context(), rule, s.Admin.ID); err != nil {
			t.Fatal(err)
		}
		s.Nobody().POST("/users", account(word("x"))).Refused(t, 400, "api.user.create_user.accepted_domain.app_error")
		body := account(word("x"))
		body["email"] = word("m") + "@Corp.test"
		s.Nobody().POST("/users", body).Want(t, 201)
		body["email"], body["username"] = word("m")+"@corp.test.evil.test", word("x")
		s.Nobody().POST("/users", body).Refused(t, 400, "api.user.create_user.accepted_domain.app_error")
	})
}

// invitation stores the token of a mail that somebody got.
func invitation(t *testing.T, s *testkit.Server, kind, teamID, email string, age int64) string {
	t.Helper()
	secret := id.Token(model.TokenSize)
	_, err := db.Exec(t.Context(), s.DB, `INSERT INTO tokens (token, createat, type, extra) VALUES ($1,$2,$3,$4)`, secret, id.Now()-age, kind,
		fmt.Sprintf(`{"teamId":%q,"email":%q,"channels":"","senderId":%q}`, teamID, email, s.Admin.ID))
	if err != nil {
		t.Fatal(err)
	}
	return secret
}

func TestSignupByMail(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		team := s.Team(s.Admin)
		body := account(word("inv"))
		mail := body["email"].(string)
		token := invitation(t, s, model.TokenTypeTeamInvitation, team.ID, mail, 0)
		other := account(word("other"))
		s.Nobody().POST("/users?t="+token, other).Refused(t, 400, "api.user.create_user.bad_token_email_data.app_error")
		var u model.User
		s.Nobody().POST("/users?t="+token, body).Want(t, 201).Into(t, &u)
		if !u.EmailVerified {
			t.Error("an address that got the link is confirmed by it")
		}
		s.Admin.GET("/teams/"+team.ID+"/members/"+u.ID).Want(t, 200)
		again := account(word("again"))
		again["email"] = mail
		s.Nobody().POST("/users?t="+token, again).Refused(t, 400, "api.user.create_user.signup_link_invalid.app_error")

		old := account(word("old"))
		token = invitation(t, s, model.TokenTypeTeamInvitation, team.ID, old["email"].(string), model.InvitationLifetime+1)
		s.Nobody().POST("/users?t="+token, old).Refused(t, 400, "api.user.create_user.signup_link_expired.app_error")
		token = invitation(t, s, model.TokenTypePasswordRecovery, team.ID, old["email"].(string), 0)
		s.Nobody().POST("/users?t="+token, old).Refused(t, 400, "api.user.create_user.invalid_invitation_type.app_error")
		token = invitation(t, s, model.TokenTypeGuestInvitation, team.ID, old["email"].(string), 0)
		s.Nobody().POST("/users?t="+token, old).Refused(t, 400, "api.user.create_user.guest_accounts.disabled.app_error")
	}, closed)
}
