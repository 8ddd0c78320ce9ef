package notify_test

import (
	"strings"
	"testing"

	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/testkit"
)

// A phone whose session ends by age is told so once, and a number that changes
// without being read goes to the app's icon.
func TestPhonesAreToldOfEndsAndNumbers(t *testing.T) {
	each(t, func(t *testing.T, s *testkit.Server, _ *postOffice, phones *proxy) {
		alice, bob := s.User("alice"), s.User("bob")
		room := s.Channel(alice, s.Team(alice, bob), bob)
		device := phone(t, bob)
		post := alice.Say(room, "@"+bob.Username+" come")
		phones.wait(device, "message", 1)
		bob.POST("/channels/members/me/view", map[string]string{"channel_id": room.ID}).Want(t, 200)
		phones.wait(device, "clear", 1)
		bob.POST("/users/me/posts/"+post.ID+"/set_unread", map[string]bool{"collapsed_threads_supported": true}).Want(t, 200)
		if m := phones.wait(device, "update_badge", 1)[0]; m.Badge != 1 || m.Message != "" || m.PostID != "" {
			t.Errorf("the number: %+v", m)
		}
		end := func() {
			if _, err := db.Exec(t.Context(), s.DB, `UPDATE sessions SET expiresat = $2 WHERE userid = $1 AND deviceid <> ''`, bob.ID, id.Now()-1); err != nil {
				t.Fatal(err)
			}
		}
		end()
		for range 2 {
			if err := s.Notify().TellExpired(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		if m := phones.wait(device, "session", 1)[0]; !strings.Contains(m.Message, "Sign in") {
			t.Errorf("the end: %+v", m)
		}
		if err := s.Access.Sweep(t.Context()); err != nil {
			t.Fatal(err)
		}
	})
}
