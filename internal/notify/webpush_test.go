package notify_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/parley-chat/parley/internal/notify"
	"github.com/parley-chat/parley/internal/testkit"
)

const subs = "/parley/webpush/subscriptions"

func TestWebPush(t *testing.T) {
	each(t, func(t *testing.T, s *testkit.Server, _ *postOffice, _ *proxy) {
		alice, bob := s.User("alice"), s.User("bob")
		b := newBrowser(t)
		var key struct {
			PublicKey string `json:"public_key"`
		}
		bob.GET("/parley/webpush/key").Want(t, 200).Into(t, &key)
		var sub notify.Subscription
		bob.POST(subs, b.subscription("Firefox")).Want(t, 201).Into(t, &sub)
		bob.POST(subs+"/"+sub.ID+"/test", nil).Want(t, 200)
		if m := b.wait(1)[0]; m["type"] != "test" || m["body"] == "" {
			t.Errorf("%v", m)
		}
		if h := b.header; !strings.HasPrefix(h.Get("Authorization"), "vapid t=") || !strings.HasSuffix(h.Get("Authorization"), "k="+key.PublicKey) ||
			h.Get("TTL") == "" || h.Get("Content-Encoding") != "aes128gcm" {
			t.Errorf("header %v", h)
		}
		team := s.Team(alice, bob)
		room := s.Channel(alice, team, bob)
		post := alice.Say(room, "@"+bob.Username+" "+strings.Repeat("é", 3000))
		m := b.wait(2)[1]
		if m["type"] != "message" || m["title"] != "Room" || m["path"] != "/"+team.Name+"/pl/"+post.ID || m["tag"] != post.ID || !strings.HasPrefix(m["body"], "@"+alice.Username+": ") {
			t.Errorf("%v", m)
		}
		for _, size := range b.sizes {
			if size != b.sizes[0] || size > 4096 {
				t.Errorf("payloads of %v bytes tell their length", b.sizes)
			}
		}

	})
}

// A UnifiedPush app gives the address that its distributor got from a push
// server of the user's choice: any path, a query, answers of its own. It gets
// what browsers get (unifiedpush.org, the specification of web push for apps).
func TestUnifiedPush(t *testing.T) {
	each(t, func(t *testing.T, s *testkit.Server, _ *postOffice, _ *proxy) {
		alice, bob := s.User("alice"), s.User("bob")
		app := newBrowser(t)
		sub := app.subscription("Phone with ntfy")
		sub["endpoint"] = app.srv.URL + "/upAbC123_-x?up=1&topic=%C3%A9"
		var made notify.Subscription
		bob.POST(subs, sub).Want(t, 201).Into(t, &made)
		app.answer = http.StatusOK // ntfy; browsers' services say 201
		talk := s.Direct(alice, bob)
		alice.Say(talk, "are you there?")
		if m := app.wait(1)[0]; m["type"] != "message" || m["body"] != "are you there?" {
			t.Errorf("the app was told %v", m)
		}
		if app.address != "/upAbC123_-x?up=1&topic=%C3%A9" {
			t.Errorf("called at %s", app.address)
		}
		// The distributor has given the address up: so does the server.
		app.set(http.StatusNotFound)
		alice.Say(talk, "hello?")
		testkit.Eventually(t, "the app is forgotten", func() bool {
			return strings.TrimSpace(string(bob.GET(subs).Want(t, 200).Body)) == "[]"
		})
	})
}

// A subscription is its session's, and nobody else's.
func TestWhoseSubscription(t *testing.T) {
	each(t, func(t *testing.T, s *testkit.Server, _ *postOffice, _ *proxy) {
		alice, bob, eve := s.User("alice"), s.User("bob"), s.User("eve")
		b := newBrowser(t)
		var sub notify.Subscription
		bob.POST(subs, b.subscription("Firefox")).Want(t, 201).Into(t, &sub)
		eve.POST(subs+"/"+sub.ID+"/test", nil).Refused(t, 404, "notify.webpush.missing.app_error")
		eve.DELETE(subs+"/"+sub.ID).Refused(t, 404, "notify.webpush.missing.app_error")
		if r := eve.GET(subs).Want(t, 200); strings.TrimSpace(string(r.Body)) != "[]" {
			t.Errorf("eve sees %s", r.Body)
		}
		if r := bob.GET(subs).Want(t, 200); strings.Contains(string(r.Body), b.srv.URL) || !strings.Contains(string(r.Body), `"here":true`) {
			t.Errorf("bob sees %s", r.Body)
		}

		// The same browser for somebody else: the first one hears no more.
		eve.POST(subs, b.subscription("Firefox")).Want(t, 201)
		if r := bob.GET(subs); strings.TrimSpace(string(r.Body)) != "[]" {
			t.Errorf("bob still has %s", r.Body)
		}
		// Signing out ends it.
		alice.Say(s.Direct(alice, eve), "before")
		b.wait(1)
		eve.POST("/users/logout", nil).Want(t, 200)
		eve.Login()
		alice.Say(s.Direct(alice, eve), "after")
		bob.POST(subs, b.subscription("Firefox")).Want(t, 201).Into(t, &sub)
		alice.Say(s.Direct(alice, bob), "the last")
		if m := b.wait(2)[1]; m["body"] != "the last" {
			t.Errorf("%v", m)
		}
		// A service that no longer knows it.
		b.mu.Lock()
		b.status = http.StatusGone
		b.mu.Unlock()
		alice.Say(s.Direct(alice, bob), "nobody hears")
		testkit.Eventually(t, "the subscription is gone", func() bool { return strings.TrimSpace(string(bob.GET(subs).Body)) == "[]" })
		bob.DELETE(subs+"/"+sub.ID).Refused(t, 404, "notify.webpush.missing.app_error")
	})
}

func TestWhatIsNoSubscription(t *testing.T) {
	s := testkit.Start(t, "sqlite")
	bob, b := s.User("bob"), newBrowser(t)
	refuse := func(change func(m map[string]any), errorID string) {
		t.Helper()
		m := b.subscription("x")
		change(m)
		bob.POST(subs, m).Refused(t, 400, errorID)
	}
	for _, endpoint := range []string{"", "ftp://x.example/", "https://u:p@x.example/", "javascript:alert(1)", "https://x.example/#a", "/relative",
		"https://x.example/" + strings.Repeat("a", 1024)} {
		refuse(func(m map[string]any) { m["endpoint"] = endpoint }, "notify.webpush.endpoint.app_error")
	}
	keys := b.subscription("x")["keys"].(map[string]string)
	for _, bad := range []map[string]string{nil, {"p256dh": keys["p256dh"]}, {"p256dh": keys["auth"], "auth": keys["auth"]},
		{"p256dh": keys["p256dh"], "auth": "AAAA"}, {"p256dh": strings.Repeat("A", 87), "auth": keys["auth"]}, {"p256dh": "%%%", "auth": keys["auth"]}} {
		refuse(func(m map[string]any) { m["keys"] = bad }, "notify.webpush.keys.app_error")
	}
	refuse(func(m map[string]any) { m["name"] = strings.Repeat("n", 65) }, "api.context.invalid_body_param.app_error")
	// An address inside the server's own network is refused when it is used.
	var sub notify.Subscription
	bob.POST(subs, b.subscription("mine")).Want(t, 201).Into(t, &sub)
	bob.POST(subs+"/"+sub.ID+"/test", nil).Refused(t, 400, "notify.webpush.endpoint.app_error")
	if len(b.got) != 0 || b.header != nil {
		t.Error("the server called into its own network")
	}
	for i := range 25 {
		m := b.subscription("many")
		m["endpoint"] = fmt.Sprintf("https://push.example.com/%d", i)
		if r := bob.POST(subs, m); i >= 19 {
			r.Refused(t, 400, "notify.webpush.many.app_error")
		} else {
			r.Want(t, 201)
		}
	}
}
