package notify_test

import (
	"strings"
	"testing"

	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/testkit"
)

// An urgent message that asks for it is told again to whom it mentions, until they acknowledge or answer it, and no more
// often than the settings say.
func TestUrgentMessagesRemind(t *testing.T) {
	each(t, func(t *testing.T, s *testkit.Server, _ *postOffice, _ *proxy) {
		alice, bob, carl, dora := s.User("alice"), s.User("bob"), s.User("carl"), s.User("dora")
		team := s.Team(alice, bob, carl, dora)
		room := s.Channel(alice, team, bob, carl, dora)
		ears := map[*testkit.Actor]*testkit.Socket{bob: bob.Listen(), carl: carl.Listen(), dora: dora.Listen(), alice: alice.Listen()}
		var p model.Post
		alice.POST("/posts", map[string]any{"channel_id": room.ID, "message": "Fire! @" + bob.Username + " @" + carl.Username,
			"metadata": map[string]any{"priority": map[string]any{"priority": "urgent", "requested_ack": true, "persistent_notifications": true}}}).
			Want(t, 201).Into(t, &p)
		age := func() {
			t.Helper()
			if _, err := s.DB.Exec(t.Context(), `UPDATE persistentnotifications SET createat = createat - 400000, lastsentat = CASE WHEN lastsentat > 0
				THEN lastsentat - 400000 ELSE 0 END WHERE postid = $1`, p.ID); err != nil {
				t.Fatal(err)
			}
		}
		again := func(f testkit.Frame) bool { return strings.Contains(f.Data["post"].(string), p.ID) }
		none := func(who *testkit.Actor) {
			t.Helper()
			for _, f := range ears[who].Events() {
				if f.Event == model.EventPersistentNotificationTriggered {
					t.Errorf("%s is reminded", who.Username)
				}
			}
		}

		age()
		f := ears[bob].Expect(model.EventPersistentNotificationTriggered, again)
		if f.Data["mentions"] != `["`+bob.ID+`"]` {
			t.Errorf("mentions: %v", f.Data["mentions"])
		}
		ears[carl].Expect(model.EventPersistentNotificationTriggered, again)
		none(dora)
		none(alice)

		bob.POST("/users/me/posts/"+p.ID+"/ack", nil).Want(t, 200)
		age()
		ears[carl].Expect(model.EventPersistentNotificationTriggered, again)
		none(bob)

		carl.Reply(&p, "On my way")
		age()
		testkit.Eventually(t, "nobody is left to remind", func() bool {
			n, err := db.Value[int64](t.Context(), s.DB, `SELECT count(*) FROM persistentnotifications WHERE postid = $1 AND coalesce(deleteat, 0) > 0`, p.ID)
			return err == nil && n == 1
		})
		none(carl)
	})
}

// The last round ends it, and a deleted message reminds of nothing.
func TestRemindersEnd(t *testing.T) {
	each(t, func(t *testing.T, s *testkit.Server, _ *postOffice, phones *proxy) {
		alice, bob := s.User("alice"), s.User("bob")
		room := s.Channel(alice, s.Team(alice, bob), bob)
		token := phone(t, bob)
		ask := func(message string) (p model.Post) {
			t.Helper()
			alice.POST("/posts", map[string]any{"channel_id": room.ID, "message": message + " @" + bob.Username,
				"metadata": map[string]any{"priority": map[string]any{"priority": "urgent", "requested_ack": false, "persistent_notifications": true}}}).
				Want(t, 201).Into(t, &p)
			return p
		}
		p, gone := ask("Once more"), ask("Never mind")
		alice.DELETE("/posts/"+gone.ID).Want(t, 200)
		if _, err := s.DB.Exec(t.Context(), `UPDATE persistentnotifications SET createat = createat - 400000`); err != nil {
			t.Fatal(err)
		}
		// A second message to the phone about the same post.
		about := func(id string) (n int) {
			for _, m := range phones.to(token, model.PushTypeMessage) {
				if m.PostID == id {
					n++
				}
			}
			return n
		}
		testkit.Eventually(t, "a second message about the same post", func() bool { return about(p.ID) == 2 })
		testkit.Eventually(t, "the reminders end", func() bool {
			n, err := db.Value[int64](t.Context(), s.DB, `SELECT count(*) FROM persistentnotifications WHERE coalesce(deleteat, 0) > 0`)
			return err == nil && n == 2
		})
		if n := about(gone.ID); n > 1 {
			t.Errorf("%d messages about a deleted one", n)
		}
	}, testkit.Env("MM_SERVICESETTINGS_PERSISTENTNOTIFICATIONMAXCOUNT=1"))
}
