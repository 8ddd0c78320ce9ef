package users_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/testkit"
)

// attempts is a server that closes an account after n wrong passwords.
func attempts(n int) testkit.Option {
	return testkit.Env(fmt.Sprintf("MM_SERVICESETTINGS_MAXIMUMLOGINATTEMPTS=%d", n))
}

func guess(name string) map[string]string {
	return map[string]string{"login_id": name, "password": "not-it-at-all"}
}

// TestUnknownAccountsLookTheSame compares what an attempt on an account that
// exists and on one that doesn't costs and answers: statements, hashes, text.
func TestUnknownAccountsLookTheSame(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		a := s.User("alice")
		try := func(name string) string {
			ctx, statements := db.CountStatements(t.Context())
			hashes := s.Access.HashesMade()
			w := httptest.NewRecorder()
			body := strings.NewReader(`{"login_id":"` + name + `","password":"not-it-at-all"}`)
			s.Handler().ServeHTTP(w, httptest.NewRequestWithContext(ctx, http.MethodPost, "/api/v4/users/login", body))
			text, _, _ := strings.Cut(w.Body.String(), `"request_id"`)
			return fmt.Sprintf("%d %s: %d statements, %d hashes", w.Code, text, statements.N(), s.Access.HashesMade()-hashes)
		}
		for i := range 5 { // the lock comes for both at the same attempt
			known, unknown := try(a.Username), try("ghost"+a.Username)
			if known != unknown {
				t.Errorf("attempt %d\n  known: %s\nunknown: %s", i+1, known, unknown)
			}
			if i == 4 && !strings.Contains(known, tooMany) {
				t.Errorf("no lock: %s", known)
			}
		}
		for _, path := range []string{"/users/password/reset/send", "/users/email/verify/send"} {
			known := s.Nobody().POST(path, map[string]string{"email": a.Username + "@example.com"}).Want(t, 200)
			unknown := s.Nobody().POST(path, map[string]string{"email": "ghost" + a.Username + "@example.com"}).Want(t, 200)
			if string(known.Body) != string(unknown.Body) {
				t.Errorf("%s tells who exists", path)
			}
		}
		known := s.Nobody().POST("/users/login/type", map[string]string{"login_id": a.Username}).Want(t, 200)
		unknown := s.Nobody().POST("/users/login/type", map[string]string{"login_id": "ghost"}).Want(t, 200)
		if string(known.Body) != string(unknown.Body) {
			t.Error("login/type tells who exists")
		}
	}, attempts(4))
}

func TestLockout(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		a, nobody := s.User("alice"), s.Nobody()
		for range 2 {
			nobody.POST("/users/login", guess(a.Username)).Refused(t, 401, badLogin)
		}
		nobody.POST("/users/login", with(a.Username)).Want(t, 200) // starts anew
		// Every way to try a password counts.
		nobody.POST("/users/login", guess(a.Username+"@example.com")).Refused(t, 401, badLogin)
		a.PUT("/users/me/password", map[string]string{"current_password": "not-it", "new_password": "Another-Pass-1"}).
			Refused(t, 400, "api.user.update_password.incorrect.app_error")
		a.PUT("/users/me/patch", map[string]string{"email": "new" + a.Username + "@example.com", "password": "not-it"}).
			Refused(t, 400, "api.context.invalid_body_param.app_error")
		nobody.POST("/users/login", with(a.Username)).Refused(t, 401, tooMany)
		nobody.POST("/users/login", map[string]string{"id": a.ID, "password": testkit.Password}).Refused(t, 401, tooMany)
		a.PUT("/users/me/password", map[string]string{"current_password": testkit.Password, "new_password": "Another-Pass-1"}).Refused(t, 401, tooMany)
		told := func(want string) {
			t.Helper()
			if got := string(s.Admin.GET("/parley/users/"+a.ID+"/lock").Want(t, 200).Body); strings.TrimSpace(got) != want {
				t.Errorf("what the console is told: %s, not %s", got, want)
			}
		}
		told(`{"failed":3,"most":3,"locked":true}`)
		a.GET("/parley/users/"+a.ID+"/lock").Want(t, 403)
		a.POST("/users/"+a.ID+"/reset_failed_attempts", nil).Want(t, 403)
		s.Admin.POST("/users/"+a.ID+"/reset_failed_attempts", nil).Want(t, 200)
		told(`{"failed":0,"most":3,"locked":false}`)
		nobody.POST("/users/login", with(a.Username)).Want(t, 200)
	}, attempts(3))
}

// TestFloodOfGuesses has many guess at once: no more than the limit are even
// looked at, however they name the account.
func TestFloodOfGuesses(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		a, nobody := s.User("alice"), s.Nobody()
		before := s.Access.HashesMade()
		var refused, locked atomic.Int32
		var wg sync.WaitGroup
		for i := range 60 {
			wg.Go(func() {
				body := guess(a.Username)
				switch i % 3 {
				case 1:
					body = guess(a.Username + "@example.com")
				case 2:
					body = map[string]string{"id": a.ID, "password": "not-it-at-all"}
				}
				switch nobody.POST("/users/login", body).ErrorID() {
				case badLogin:
					refused.Add(1)
				case tooMany:
					locked.Add(1)
				}
			})
		}
		wg.Wait()
		if refused.Load() != 5 || locked.Load() != 55 || s.Access.HashesMade()-before != 5 {
			t.Errorf("%d refused, %d locked out, %d hashes", refused.Load(), locked.Load(), s.Access.HashesMade()-before)
		}
		n, err := db.Value[int](t.Context(), s.DB, `SELECT failedattempts FROM users WHERE id = $1`, a.ID)
		if err != nil || n != 5 {
			t.Errorf("%d failed attempts: %v", n, err)
		}
	}, attempts(5))
}

// TestManyLogins has an account sign in many times at once: nobody is refused.
func TestManyLogins(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		a, nobody := s.User("alice"), s.Nobody()
		var wg sync.WaitGroup
		for range 20 {
			wg.Go(func() {
				if r := nobody.POST("/users/login", with(a.Username)); r.Status != 200 {
					t.Error(r)
				}
			})
		}
		wg.Wait()
	}, attempts(3))
}

func TestAddressThatFails(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		a := s.User("alice")
		from := func(ip, name string) *testkit.Response {
			return s.Nobody().Do("POST", "/users/login", with(name), "X-Forwarded-For", ip)
		}
		for i := range 20 {
			r := from("192.0.2.1", fmt.Sprintf("ghost%d", i))
			for ; r.Status == 429; r = from("192.0.2.1", fmt.Sprintf("ghost%d", i)) { // five a second, of any kind
			}
			r.Want(t, 401)
		}
		testkit.Eventually(t, "the address is slowed down", func() bool {
			return from("192.0.2.1", a.Username).Status == 429 && from("192.0.2.2", a.Username).Status == 200
		})
	}, testkit.Env("MM_RATELIMITSETTINGS_ENABLE=true", "MM_SERVICESETTINGS_TRUSTEDPROXYIPHEADER=X-Forwarded-For"))
}
