package notify_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/x509"
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/golang-jwt/jwt/v5"

	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/db/dbtest"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/testkit"
)

// each runs fn on both engines, with a mail server and a push proxy.
func each(t *testing.T, fn func(t *testing.T, s *testkit.Server, office *postOffice, phones *proxy), opts ...testkit.Option) {
	for _, engine := range dbtest.Engines {
		t.Run(string(engine), func(t *testing.T) {
			t.Parallel()
			office, phones := newPostOffice(t), newProxy(t)
			opts := append([]testkit.Option{office.env(), phones.env(), loopback}, opts...)
			fn(t, testkit.Start(t, engine, opts...), office, phones)
		})
	}
}

var loopback = testkit.Env("MM_SERVICESETTINGS_ALLOWEDUNTRUSTEDINTERNALCONNECTIONS=127.0.0.1")

// props changes notify props of somebody.
func props(t *testing.T, a *testkit.Actor, pairs ...string) {
	t.Helper()
	p := model.DefaultUserNotifyProps()
	for i := 0; i < len(pairs); i += 2 {
		p[pairs[i]] = pairs[i+1]
	}
	a.PUT("/users/me/patch", map[string]any{"notify_props": p}).Want(t, 200)
}

// phone gives the actor's session a device.
func phone(t *testing.T, a *testkit.Actor) (token string) {
	t.Helper()
	token = "tok" + id.New()
	a.PUT("/users/sessions/device", map[string]string{"device_id": "android_rn-v2:" + token}).Want(t, 200)
	return token
}

func TestMailOfAMention(t *testing.T) {
	each(t, func(t *testing.T, s *testkit.Server, office *postOffice, _ *proxy) {
		alice, bob, carl := s.User("alice"), s.User("bob"), s.User("carl")
		team := s.Team(alice, bob, carl)
		room := s.Channel(alice, team, bob, carl)
		bob.PUT("/users/me/patch", map[string]any{"locale": "fr", "timezone": map[string]string{"useAutomaticTimezone": "false",
			"manualTimezone": "Europe/Paris", "automaticTimezone": ""}}).Want(t, 200)
		carl.Listen() // online: no mail
		post := alice.Say(room, "@"+bob.Username+" and @"+carl.Username+": <b>look</b>")
		l := office.wait(bob, 1)[0]
		link := "https://chat.example.com/" + team.Name + "/pl/" + post.ID
		if !strings.Contains(l.subject, alice.Username+" a écrit dans Room") || !strings.Contains(l.text, "> @"+bob.Username) ||
			!strings.Contains(l.text, link) || !strings.Contains(l.text, " CE") || !strings.Contains(l.html, "&lt;b&gt;look") || !strings.Contains(l.html, link) {
			t.Errorf("subject %q\n%s\n%s", l.subject, l.text, l.html)
		}
		reply := alice.Reply(post, "@"+bob.Username+" one more")
		second := office.wait(bob, 2)[1]
		if want := "<" + post.ID + "." + bob.ID + "@chat.example.com>"; l.header.Get("Message-ID") != want || second.header.Get("In-Reply-To") != want ||
			second.header.Get("References") != want || !strings.Contains(second.text, reply.ID) {
			t.Errorf("threading: %v, then %v", l.header, second.header)
		}
		if n := len(office.about(carl)); n != 0 {
			t.Errorf("%d mails to somebody who is online", n)
		}

		// One click in the mail program, without a login.
		at := strings.Trim(l.header.Get("List-Unsubscribe"), "<>")
		if l.header.Get("List-Unsubscribe-Post") != "List-Unsubscribe=One-Click" || !strings.HasPrefix(at, "https://chat.example.com/api/v4/") {
			t.Fatalf("header %v", l.header)
		}
		path := strings.TrimPrefix(at, "https://chat.example.com")
		if r := s.Nobody().GET(path).Want(t, 302); !strings.HasPrefix(r.Header.Get("Location"), "/unsubscribe?token="+bob.ID) {
			t.Errorf("a look at the link leads to %v", r.Header)
		}
		s.Nobody().POST(path[:len(path)-2]+"AA", "List-Unsubscribe=One-Click").Refused(t, 400, "notify.unsubscribe.token.app_error")
		s.Nobody().POST(strings.Replace(path, bob.ID, alice.ID, 1), "List-Unsubscribe=One-Click").Refused(t, 400, "notify.unsubscribe.token.app_error")
		s.Nobody().Do("POST", path, "List-Unsubscribe=One-Click", "Content-Type", "application/x-www-form-urlencoded").Want(t, 200)
		var u model.User
		bob.GET("/users/me").Into(t, &u)
		if u.NotifyProps["email"] != "false" || u.NotifyProps["push"] != "mention" {
			t.Errorf("props after unsubscribing: %v", u.NotifyProps)
		}
		alice.Say(room, "@"+bob.Username+" are you there?")
		dave := s.User("dave")
		direct := s.Direct(alice, dave)
		alice.Say(direct, "hi")
		if d := office.wait(dave, 1)[0]; !strings.Contains(d.subject, "wrote to you") || !strings.Contains(d.text, "/_redirect/pl/") {
			t.Errorf("direct: %q %s", d.subject, d.text)
		}
		office.wait(bob, 2)
	})
}

func TestDigestAndGenericContents(t *testing.T) {
	each(t, func(t *testing.T, s *testkit.Server, office *postOffice, _ *proxy) {
		alice, bob, eve := s.User("alice"), s.User("bob"), s.User("eve")
		room := s.Channel(alice, s.Team(alice, bob, eve), bob, eve)
		eve.PUT("/users/me/preferences", []model.Preference{{UserID: eve.ID, Category: "notifications", Name: "email_interval", Value: "0"}}).Want(t, 200)
		first := alice.Say(room, "@"+bob.Username+" @"+eve.Username+" the secret word")
		alice.Say(room, "@"+bob.Username+" and another")
		gone := alice.Say(room, "@"+bob.Username+" a mistake")
		queued := func() int64 {
			n, err := db.Value[int64](t.Context(), s.DB, `SELECT count(*) FROM parley_notify_queue WHERE kind = 'email' AND doneat = 0`)
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
		testkit.Eventually(t, "three mails wait", func() bool { return queued() == 3 })
		alice.DELETE("/posts/"+gone.ID).Want(t, 200)
		due, err := db.Value[int64](t.Context(), s.DB, `SELECT min(dueat) - min(createat) FROM parley_notify_queue WHERE kind = 'email' AND doneat = 0 AND postid = $1`, first.ID)
		if err != nil || due < 899_000 || due > 960_000 {
			t.Errorf("due after %d ms (%v), want 900 s", due, err)
		}
		// The time comes for the first; the rest goes with it.
		if _, err := db.Exec(t.Context(), s.DB, `UPDATE parley_notify_queue SET dueat = 0 WHERE postid = $1`, first.ID); err != nil {
			t.Fatal(err)
		}
		dave := s.User("dave")
		alice.Say(s.Direct(alice, dave), "wakes the loop")
		l := office.wait(bob, 1)[0]
		if !strings.Contains(l.subject, "2 unread messages") || strings.Contains(l.text+l.html, "secret") || strings.Contains(l.text+l.html, "Room") ||
			!strings.Contains(l.text, alice.Username) {
			t.Errorf("%q\n%s", l.subject, l.text)
		}
		testkit.Eventually(t, "only dave's waits", func() bool { return queued() == 1 })
	}, testkit.Env("MM_EMAILSETTINGS_ENABLEEMAILBATCHING=true", "MM_EMAILSETTINGS_EMAILNOTIFICATIONCONTENTSTYPE=generic"))
}

// While the mail server is away nothing is lost; what was read meanwhile isn't
// sent; a restart sends nothing twice.
func TestMailServerAwayAndRestart(t *testing.T) {
	for _, engine := range dbtest.Engines {
		t.Run(string(engine), func(t *testing.T) {
			t.Parallel()
			office := newPostOffice(t)
			database := dbtest.Options(t, engine)
			s := testkit.StartOn(t, database, office.env())
			alice, bob, carl := s.User("alice"), s.User("bob"), s.User("carl")
			room := s.Channel(alice, s.Team(alice, bob, carl), bob, carl)
			alice.Say(room, "@"+bob.Username+" zero")
			office.wait(bob, 1)
			office.close()
			for i := range 3 {
				alice.Say(room, fmt.Sprintf("@%s @%s number %d", bob.Username, carl.Username, i))
			}
			testkit.Eventually(t, "all are decided upon", func() bool { return rows(t, s, `doneat = 0`) == 6 })
			carl.POST("/channels/members/me/view", map[string]string{"channel_id": room.ID}).Want(t, 200)
			carl.Listen()
			s.Stop()

			// A node that died while it was sending: whether that mail went out is unknown.
			office.open()
			s = testkit.Bare(t, database, office.env())
			office.wait(bob, 4)
			testkit.Eventually(t, "the queue is empty", func() bool { return rows(t, s, `doneat = 0`) == 0 })
			if n := len(office.about(carl)); n != 0 {
				t.Errorf("%d mails about what was read", n)
			}
			s.Stop()

			// Everything is decided upon once more, as after a crash: nothing is sent twice. What was never
			// decided upon is.
			s = testkit.Bare(t, database, office.env())
			execute(t, s, `DELETE FROM parley_notify_queue WHERE id = (SELECT max(id) FROM parley_notify_queue WHERE userid = '`+bob.ID+`')`)
			execute(t, s, `UPDATE parley_notify_queue SET doneat = 0, leaseuntil = 1 WHERE id = (SELECT max(id) FROM parley_notify_queue WHERE userid = '`+bob.ID+`')`)
			s.Stop()
			s = testkit.Bare(t, database)
			execute(t, s, `UPDATE parley_notify_state SET value = '0' WHERE name = 'decided'`)
			s.Stop()
			// The last run noted its own time when it stopped: take that back, too.
			rewind(t, database)
			s = testkit.Bare(t, database, office.env())
			office.wait(bob, 5)
			testkit.Eventually(t, "the lost one is given up", func() bool { return rows(t, s, `result = 'unknown'`) == 1 && rows(t, s, `doneat = 0`) == 0 })
			office.wait(bob, 5)
		})
	}
}

// rewind has the server believe that it has decided on nothing yet.
func rewind(t *testing.T, o db.Options) {
	t.Helper()
	d, err := db.Open(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = d.Close() }()
	if _, err := db.Exec(t.Context(), d, `UPDATE parley_notify_state SET value = '0' WHERE name = 'decided'`); err != nil {
		t.Fatal(err)
	}
}

func rows(t *testing.T, s *testkit.Server, where string) int64 {
	t.Helper()
	n, err := db.Value[int64](t.Context(), s.DB, `SELECT count(*) FROM parley_notify_queue WHERE `+where)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func execute(t *testing.T, s *testkit.Server, query string) {
	t.Helper()
	if _, err := db.Exec(t.Context(), s.DB, query); err != nil {
		t.Fatal(err)
	}
}

func TestAMailThatIsRefused(t *testing.T) {
	each(t, func(t *testing.T, s *testkit.Server, office *postOffice, _ *proxy) {
		alice, bob := s.User("alice"), s.User("bob")
		direct := s.Direct(alice, bob)
		office.mu.Lock()
		office.refuse = "550 no such box"
		office.mu.Unlock()
		alice.Say(direct, "one")
		testkit.Eventually(t, "given up", func() bool { return rows(t, s, `result = 'email_send_error'`) == 1 })
		office.mu.Lock()
		office.refuse = "451 later"
		office.mu.Unlock()
		alice.Say(direct, "two")
		testkit.Eventually(t, "tried", func() bool { return rows(t, s, `doneat = 0 AND attempts > 0 AND leaseuntil = 0`) == 1 })
		office.mu.Lock()
		office.refuse = ""
		office.mu.Unlock()
		if l := office.wait(bob, 1)[0]; !strings.Contains(l.text, "> two") {
			t.Error(l.text)
		}
	})
}

func TestPushToPhones(t *testing.T) {
	each(t, func(t *testing.T, s *testkit.Server, _ *postOffice, phones *proxy) {
		alice, bob, carl := s.User("alice"), s.User("bob"), s.User("carl")
		room := s.Channel(alice, s.Team(alice, bob, carl), bob, carl)
		bobs, carls := phone(t, bob), phone(t, carl)
		props(t, carl, "push", "all")
		post := alice.Say(room, "@"+bob.Username+" come")
		m := phones.wait(bobs, "message", 1)[0]
		if m.Platform != "android_rn-v2" || m.PostID != post.ID || m.ChannelID != room.ID || m.ChannelName != "Room" || m.Badge != 2 || // with being added
			m.Message != "@"+alice.Username+": @"+bob.Username+" come" || m.Version != "v2" || m.Category != "CAN_REPLY" || m.SenderID != alice.ID || m.ServerID == "" {
			t.Errorf("%+v", m)
		}
		checkSignature(t, s, m)
		phones.wait(carls, "message", 1)

		// Reading clears it on the phone, with the badge that is left.
		alice.Say(s.Direct(alice, bob), "direct")
		if d := phones.wait(bobs, "message", 2)[1]; d.Badge != 3 || d.Message != "direct" || d.ChannelName != alice.Username {
			t.Errorf("%+v", d)
		}
		bob.POST("/channels/members/me/view", map[string]string{"channel_id": room.ID}).Want(t, 200)
		if c := phones.wait(bobs, "clear", 1)[0]; c.ChannelID != room.ID || c.Badge != 1 || c.ContentAvailable != 1 || c.PostID != "" {
			t.Errorf("%+v", c)
		}

		// A phone whose notifications are turned off, and one that the proxy reports as gone.
		carl.PUT("/users/sessions/device", map[string]string{"deviceNotificationDisabled": "true"}).Want(t, 200)
		phones.set(0, func(m model.PushNotification) string {
			if m.DeviceID == bobs {
				return "REMOVE"
			}
			return "OK"
		})
		alice.Say(room, "not for who looks at the room: @"+bob.Username)
		alice.Say(s.Direct(alice, bob), "again")
		phones.wait(bobs, "message", 3)
		testkit.Eventually(t, "the device is forgotten", func() bool {
			n, err := db.Value[int64](t.Context(), s.DB, `SELECT count(*) FROM sessions WHERE userid = $1 AND deviceid <> ''`, bob.ID)
			return err == nil && n == 0
		})
		phones.wait(carls, "message", 1)

		// What comes is acknowledged, to the proxy too.
		bob.POST("/notifications/ack", model.PushNotificationAck{ID: m.AckID, ClientPlatform: "android", NotificationType: "message", PostID: post.ID}).Want(t, 200)
		phones.mu.Lock()
		defer phones.mu.Unlock()
		if len(phones.acks) != 1 || phones.acks[0].ID != m.AckID {
			t.Errorf("acks %+v", phones.acks)
		}
	})
}

// checkSignature does what a phone does before it shows a notification.
func checkSignature(t *testing.T, s *testkit.Server, m model.PushNotification) {
	t.Helper()
	var cfg map[string]string
	s.Admin.GET("/config/client?format=old").Want(t, 200).Into(t, &cfg)
	der, err := base64.StdEncoding.DecodeString(cfg["AsymmetricSigningPublicKey"])
	if err != nil {
		t.Fatal(err)
	}
	public, err := x509.ParsePKIXPublicKey(der)
	if err != nil {
		t.Fatal(err)
	}
	claims := jwt.MapClaims{}
	if _, err := jwt.ParseWithClaims(m.Signature, claims, func(*jwt.Token) (any, error) { return public.(*ecdsa.PublicKey), nil },
		jwt.WithValidMethods([]string{"ES256"})); err != nil || claims["ack_id"] != m.AckID || claims["device_id"] != m.DeviceID {
		t.Errorf("signature: %v, claims %v", err, claims)
	}
}

func TestNotificationsThatOnlyHaveAnID(t *testing.T) {
	each(t, func(t *testing.T, s *testkit.Server, _ *postOffice, phones *proxy) {
		alice, bob, eve := s.User("alice"), s.User("bob"), s.User("eve")
		token := phone(t, bob)
		post := alice.Say(s.Direct(alice, bob), "nobody between us reads this")
		m := phones.wait(token, "message", 1)[0]
		if !m.IsIDLoaded || strings.Contains(fmt.Sprint(m), "nobody") || strings.Contains(fmt.Sprint(m), alice.Username) || m.PostID != post.ID {
			t.Errorf("%+v", m)
		}
		ack := model.PushNotificationAck{ID: m.AckID, ClientPlatform: "ios", NotificationType: "message", PostID: post.ID, IsIDLoaded: true}
		var full model.PushNotification
		bob.POST("/notifications/ack", ack).Want(t, 200).Into(t, &full)
		if full.Message != post.Message || full.ChannelName != alice.Username || full.AckID != m.AckID {
			t.Errorf("%+v", full)
		}
		if r := eve.POST("/notifications/ack", ack); r.Status < 400 || strings.Contains(string(r.Body), "nobody between") {
			t.Errorf("somebody else gets %s", r)
		}
	}, testkit.Env("MM_EMAILSETTINGS_PUSHNOTIFICATIONCONTENTS=id_loaded"))
}

// A proxy that is away costs no notification, and one is not sent twice.
func TestPushProxyAway(t *testing.T) {
	each(t, func(t *testing.T, s *testkit.Server, _ *postOffice, phones *proxy) {
		alice, bob := s.User("alice"), s.User("bob")
		token := phone(t, bob)
		direct := s.Direct(alice, bob)
		phones.set(http.StatusBadGateway, nil)
		for i := range 5 {
			alice.Say(direct, fmt.Sprint(i))
		}
		testkit.Eventually(t, "five wait", func() bool { return rows(t, s, `kind = 'push' AND doneat = 0`) == 5 })
		phones.set(0, nil)
		phones.wait(token, "message", 5)
		testkit.Eventually(t, "all are done", func() bool { return rows(t, s, `kind = 'push' AND doneat = 0`) == 0 })
		phones.wait(token, "message", 5)
	})
}

// A proxy that doesn't answer delays neither authors nor mails.
func TestSlowProxy(t *testing.T) {
	each(t, func(t *testing.T, s *testkit.Server, office *postOffice, phones *proxy) {
		alice, bob := s.User("alice"), s.User("bob")
		token := phone(t, bob)
		direct := s.Direct(alice, bob)
		held, letGo := make(chan struct{}, 100), make(chan struct{})
		phones.set(0, func(model.PushNotification) string {
			held <- struct{}{}
			<-letGo
			return "OK"
		})
		alice.Say(direct, "first")
		<-held
		for i := range 3 {
			alice.Say(direct, fmt.Sprint("more ", i))
		}
		office.wait(bob, 4)
		close(letGo)
		phones.wait(token, "message", 4)
	})
}
