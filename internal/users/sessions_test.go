package users_test

import (
	"strings"
	"testing"

	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/testkit"
)

// another opens a second session of an account; headers describe the client.
func another(t *testing.T, s *testkit.Server, a *testkit.Actor, body map[string]string, headers ...string) *testkit.Actor {
	t.Helper()
	if body == nil {
		body = with(a.Username)
	}
	r := s.Nobody().Do("POST", "/users/login", body, headers...).Want(t, 200)
	b := s.Nobody()
	b.ID, b.Username, b.Token = a.ID, a.Username, r.Header.Get("Token")
	return b
}

func sessionsOf(t *testing.T, a *testkit.Actor) []model.Session {
	t.Helper()
	var list []model.Session
	a.GET("/users/me/sessions").Want(t, 200).Into(t, &list)
	return list
}

func TestSessions(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		a, b := s.User("alice"), s.User("bob")
		phone := another(t, s, a, map[string]string{"login_id": a.Username, "password": testkit.Password, "device_id": "apple_rn:" + a.ID},
			"User-Agent", "Mattermost Mobile/2.18.0+5 (iOS; iPhone)")
		var own *model.Session
		for _, x := range sessionsOf(t, phone) {
			if x.Token != "" || strings.Contains(x.ID, phone.Token) {
				t.Errorf("a session shows its token: %+v", x)
			}
			if x.DeviceID != "" {
				own = &x
			}
		}
		if own == nil || own.Props["isMobile"] != "true" || own.Props["browser"] != "Mobile App/2.18.0" || own.Props["platform"] != "iPhone" ||
			own.ExpiresAt-own.CreateAt != 720*3600_000 || own.TeamMembers == nil {
			t.Fatalf("session of the phone: %+v", own)
		}
		b.GET("/users/"+a.ID+"/sessions").Refused(t, 403, "api.context.permissions.app_error")
		b.POST("/users/"+a.ID+"/sessions/revoke/all", nil).Refused(t, 403, "api.context.permissions.app_error")
		// Another's session isn't to be had by way of one's own path.
		b.POST("/users/me/sessions/revoke", map[string]string{"session_id": own.ID}).Refused(t, 400, "api.context.invalid_url_param.app_error")
		phone.GET("/users/me").Want(t, 200)

		socket := phone.Listen()
		a.POST("/users/me/sessions/revoke", map[string]string{"session_id": own.ID}).Want(t, 200)
		_ = socket.Closed()
		phone.GET("/users/me").Refused(t, 401, expired)
		a.POST("/users/me/sessions/revoke", map[string]string{"session_id": own.ID}).Refused(t, 400, "app.session.get.app_error")
		a.GET("/users/me").Want(t, 200)
	})
}

func TestSessionsEnd(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		a, b := s.User("alice"), s.User("bob")
		second := another(t, s, a, nil)
		socket := second.Listen()
		// A deactivated account has nothing left, nor when it is opened again.
		s.Admin.PUT("/users/"+a.ID+"/active", map[string]bool{"active": false}).Want(t, 200)
		_ = socket.Closed()
		a.GET("/users/me").Refused(t, 401, expired)
		s.Admin.PUT("/users/"+a.ID+"/active", map[string]bool{"active": true}).Want(t, 200)
		second.GET("/users/me").Refused(t, 401, expired)
		if n, err := db.Value[int](t.Context(), s.DB, `SELECT count(*) FROM sessions WHERE userid = $1`, a.ID); err != nil || n != 0 {
			t.Errorf("%d sessions are left: %v", n, err)
		}
		// A logout ends the websocket, and one session alone.
		other := another(t, s, b, nil)
		socket = b.Listen()
		b.POST("/users/logout", nil).Want(t, 200)
		_ = socket.Closed()
		other.GET("/users/me").Want(t, 200)
		other.POST("/users/sessions/revoke/all", nil).Refused(t, 403, "api.context.permissions.app_error")
		s.Admin.POST("/users/sessions/revoke/all", nil).Want(t, 200)
		other.GET("/users/me").Refused(t, 401, expired)
		s.Admin.GET("/users/me").Refused(t, 401, expired)
	})
}

func TestSessionLengths(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		const minute = 60_000
		session := func(expires, active int64) *testkit.Actor {
			a := s.User("alice")
			now := id.Now()
			exec(t, s, `UPDATE sessions SET expiresat = $2, lastactivityat = $3 WHERE userid = $1`, a.ID, now+expires, now+active)
			return a
		}
		session(-minute, 0).GET("/users/me").Refused(t, 401, expired)
		// Activity lengthens a session, and then the browser is told to keep its cookies.
		a := session(minute, -10*minute)
		r := s.Nobody().Do("GET", "/users/me", nil, "Cookie", "MMAUTHTOKEN="+a.Token).Want(t, 200)
		if len(r.Header["Set-Cookie"]) != 3 {
			t.Errorf("cookies of a longer session: %v", r.Header["Set-Cookie"])
		}
		if x := sessionsOf(t, a)[0]; x.ExpiresAt < id.Now()+719*60*minute || x.LastActivityAt < id.Now()-minute {
			t.Errorf("a session in use did not grow: %+v", x)
		}
		set(t, s, "ServiceSettings", map[string]any{"ExtendSessionLengthWithActivity": false, "SessionIdleTimeoutInMinutes": 30})
		a = session(60*minute, -10*minute)
		before := sessionsOf(t, a)[0].ExpiresAt
		if after := sessionsOf(t, a)[0].ExpiresAt; after != before {
			t.Errorf("a session grew by %d", after-before)
		}
		session(60*minute, -31*minute).GET("/users/me").Refused(t, 401, expired)
	})
}

func TestDevices(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		a, b := s.User("alice"), s.User("bob")
		const device = "android_rn:pushtoken"
		second := another(t, s, a, nil)
		bobs := another(t, s, b, map[string]string{"login_id": b.Username, "password": testkit.Password, "device_id": device})
		a.PUT("/users/sessions/device", map[string]string{"device_id": device}).Want(t, 200)
		second.PUT("/users/sessions/device", map[string]string{"device_id": device, "deviceNotificationDisabled": "true", "mobileVersion": "2.18.0"}).Want(t, 200)
		a.GET("/users/me").Refused(t, 401, expired) // the app has left it behind
		bobs.GET("/users/me").Want(t, 200)          // another account on the same device
		x := sessionsOf(t, second)
		if len(x) != 1 || x[0].DeviceID != device || x[0].Props["device_notification_disabled"] != "true" || x[0].Props["mobile_version"] != "2.18.0" || x[0].Props["csrf"] == "" {
			t.Errorf("session with a device: %+v", x)
		}
		second.PUT("/users/sessions/device", map[string]string{}).Want(t, 200)
		for _, bad := range []map[string]string{{"device_id": strings.Repeat("d", 513)}, {"deviceNotificationDisabled": "yes"}, {"mobileVersion": "two"}} {
			second.PUT("/users/sessions/device", bad).Refused(t, 400, "api.context.invalid_body_param.app_error")
		}
		s.Nobody().PUT("/users/sessions/device", map[string]string{"device_id": device}).Refused(t, 401, expired)
	})
}

func TestSweep(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		a, b := s.User("alice"), s.User("bob")
		now := id.Now()
		exec(t, s, `UPDATE sessions SET expiresat = $2 WHERE userid = $1`, a.ID, now-1)
		exec(t, s, `UPDATE sessions SET expiresat = 0 WHERE userid = $1`, b.ID) // never
		for _, age := range []int64{0, model.TokenLifetimeMax + 1000} {
			exec(t, s, `INSERT INTO tokens (token, createat, type, extra) VALUES ($1,$2,'verify_email','')`, id.Token(model.TokenSize), now-age)
			exec(t, s, `INSERT INTO desktoptokens (token, createat, userid) VALUES ($1,$2,$3)`, id.Token(model.TokenSize), (now-age)/1000, a.ID)
		}
		if err := s.Access.Sweep(t.Context()); err != nil {
			t.Fatal(err)
		}
		for sql, want := range map[string]int{
			`SELECT count(*) FROM sessions WHERE userid = '` + a.ID + `'`: 0,
			`SELECT count(*) FROM sessions WHERE userid = '` + b.ID + `'`: 1,
			`SELECT count(*) FROM tokens`:                                 1,
			`SELECT count(*) FROM desktoptokens`:                          1,
		} {
			if n, err := db.Value[int](t.Context(), s.DB, sql); err != nil || n != want {
				t.Errorf("%s: %d %v, want %d", sql, n, err, want)
			}
		}
		b.GET("/users/me").Want(t, 200)
	})
}
