package users_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"image/png"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/testkit"
)

const badCode = "api.user.check_user_mfa.bad_code.app_error"

var mfaOn = testkit.Env("MM_SERVICESETTINGS_ENABLEMULTIFACTORAUTHENTICATION=true")

// code is the code of a secret, steps of half a minute from now.
func code(t *testing.T, secret string, steps int) string {
	t.Helper()
	c, err := totp.GenerateCode(secret, time.Now().Add(time.Duration(steps)*30*time.Second))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// secondFactor sets one up for an account.
func secondFactor(t *testing.T, a *testkit.Actor) (secret string) {
	t.Helper()
	var m model.MFASecret
	a.POST("/users/me/mfa/generate", nil).Want(t, 200).Into(t, &m)
	a.PUT("/users/me/mfa", map[string]any{"activate": true, "code": code(t, m.Secret, 0)}).Want(t, 200)
	return m.Secret
}

// withCode is a login with a code.
func withCode(name, code string) map[string]string {
	body := with(name)
	body["token"] = code
	return body
}

func TestMFA(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		a, b, nobody := s.User("alice"), s.User("bob"), s.Nobody()
		var m model.MFASecret
		a.POST("/users/me/mfa/generate", nil).Want(t, 200).Into(t, &m)
		raw, err := base64.StdEncoding.DecodeString(m.QRCode)
		if err != nil || len(m.Secret) != 32 {
			t.Fatalf("%q %v", m.Secret, err)
		}
		if _, err := png.Decode(bytes.NewReader(raw)); err != nil {
			t.Errorf("the picture: %v", err)
		}
		nobody.POST("/users/login", with(a.Username)).Want(t, 200) // a secret alone asks for nothing
		b.POST("/users/"+a.ID+"/mfa/generate", nil).Refused(t, 403, "api.context.permissions.app_error")
		a.PUT("/users/me/mfa", map[string]any{"activate": "yes"}).Refused(t, 400, "api.context.invalid_body_param.app_error")
		a.PUT("/users/me/mfa", map[string]any{"code": "123456"}).Refused(t, 400, "api.context.invalid_body_param.app_error")
		a.PUT("/users/me/mfa", map[string]any{"activate": true, "code": code(t, m.Secret, 5)}).Refused(t, 401, "mfa.activate.bad_token.app_error")
		a.PUT("/users/me/mfa", map[string]any{"activate": true, "code": code(t, m.Secret, 0)}).Want(t, 200)
		// A secret in use can't be swapped.
		a.POST("/users/me/mfa/generate", nil).Refused(t, 400, "mfa.generate.active.app_error")
		for _, r := range []*testkit.Response{a.GET("/users/me"), s.Admin.GET("/users/" + a.ID), b.GET("/users/" + a.ID)} {
			if strings.Contains(string(r.Body), m.Secret) {
				t.Errorf("%s shows the secret", r.Call)
			}
		}

		nobody.POST("/users/login", with(a.Username)).Refused(t, 401, "mfa.validate_token.authenticate.app_error")
		nobody.POST("/users/login", withCode(a.Username, code(t, m.Secret, 5))).Refused(t, 401, badCode)
		nobody.POST("/users/login", withCode(a.Username, "12345")).Refused(t, 401, badCode)
		wrong := withCode(a.Username, code(t, m.Secret, 0))
		wrong["password"] = "not-it-at-all"
		nobody.POST("/users/login", wrong).Refused(t, 401, badLogin)
		once := withCode(a.Username, code(t, m.Secret, 1))
		nobody.POST("/users/login", once).Want(t, 200)
		nobody.POST("/users/login", once).Refused(t, 401, badCode)
		nobody.POST("/users/login", withCode(a.Username, code(t, m.Secret, 0))).Want(t, 200)
		nobody.POST("/users/mfa", map[string]string{"login_id": a.Username}).Refused(t, 404, "api.context.404.app_error")

		a.PUT("/users/me/mfa", map[string]any{"activate": false}).Want(t, 200)
		nobody.POST("/users/login", with(a.Username)).Want(t, 200)
		exec(t, s, `UPDATE users SET authservice = 'saml', authdata = id WHERE id = $1`, b.ID)
		b.POST("/users/me/mfa/generate", nil).Refused(t, 400, "api.user.activate_mfa.email_and_ldap_only.app_error")
	}, mfaOn)
}

// TestCodeUsedAtOnce sends one code from everywhere: one of them gets in.
func TestCodeUsedAtOnce(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		a := s.User("alice")
		body := withCode(a.Username, code(t, secondFactor(t, a), 1))
		var in atomic.Int32
		var wg sync.WaitGroup
		for range 6 {
			wg.Go(func() {
				if s.Nobody().POST("/users/login", body).Status == 200 {
					in.Add(1)
				}
			})
		}
		wg.Wait()
		if in.Load() != 1 {
			t.Errorf("%d came in with one code", in.Load())
		}
	}, mfaOn)
}

func TestMFAGuesses(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		a := s.User("alice")
		secret := secondFactor(t, a)
		for range 3 {
			s.Nobody().POST("/users/login", with(a.Username)).Refused(t, 401, "mfa.validate_token.authenticate.app_error")
			s.Nobody().POST("/users/login", withCode(a.Username, code(t, secret, 9))).Refused(t, 401, badCode)
		}
		s.Nobody().POST("/users/login", withCode(a.Username, code(t, secret, 0))).Refused(t, 401, tooMany)
	}, mfaOn, attempts(3))
}

// TestMFAEnforced asks for a second factor: until it is set up nothing else
// works, over REST or websocket.
func TestMFAEnforced(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		a := s.User("alice")
		bot := s.User("robot")
		set(t, s, "ServiceSettings", map[string]any{"EnableUserAccessTokens": true})
		_, app := newToken(t, s, s.Admin, bot.ID)
		set(t, s, "ServiceSettings", map[string]any{"EnforceMultifactorAuthentication": true})
		const required = "api.context.mfa_required.app_error"
		a.GET("/users/me").Refused(t, 403, required)
		a.GET("/users?per_page=5").Refused(t, 403, required)
		a.POST("/users/search", map[string]string{"term": "a"}).Refused(t, 403, required)
		s.Nobody().Do("GET", "/users/me", nil, "Cookie", "MMAUTHTOKEN="+a.Token).Refused(t, 403, required)
		app.GET("/users/me").Want(t, 200) // integrations have no phone
		so := a.Dial("")
		if f := so.Call("get_statuses", nil); f.Status == "OK" {
			t.Errorf("a websocket without the second factor answers %+v", f)
		}
		so.Drop()
		so = s.Nobody().Dial("")
		raw, _ := json.Marshal(map[string]any{"seq": 1, "action": "authentication_challenge", "data": map[string]string{"token": a.Token}})
		if err := so.Write(string(raw)); err != nil {
			t.Fatal(err)
		}
		_ = so.Closed()
		secondFactor(t, a)
		a.GET("/users/me").Want(t, 200)
		a.Listen()
		s.Admin.GET("/users/me").Refused(t, 403, required)
	}, mfaOn)
}
