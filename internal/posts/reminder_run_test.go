package posts_test

import (
	"testing"
	"time"

	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/testkit"
)

// A reminder comes once, from the server's own account, and not for a post
// that the user may no longer read.
func TestRemindersComeDue(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		alice, bob := s.User("alice"), s.User("bob")
		team := s.Team(alice, bob)
		open, private := s.Channel(alice, team, bob), s.Private(alice, team, bob)
		kept, lost := alice.Say(open, "remember this"), alice.Say(private, "and that")
		in := time.Now().Add(time.Hour).Unix()
		for _, p := range []*model.Post{kept, lost} {
			bob.POST("/users/me/posts/"+p.ID+"/reminder", map[string]int64{"target_time": in}).Want(t, 200)
		}
		alice.DELETE("/channels/"+private.ID+"/members/"+bob.ID).Want(t, 200)
		bob.Listen()
		for _, now := range []int64{in - 10, in + 1, in + 2} {
			if err := s.Posts().SendReminders(t.Context(), now); err != nil {
				t.Fatal(err)
			}
		}
		f := bob.Expect("posted", func(f testkit.Frame) bool { return f.Data["channel_type"] == "D" })
		var got model.Post
		f.JSON(t, "post", &got)
		if got.Type != model.PostTypeReminder || got.Props[model.PostPropPostID] != kept.ID {
			t.Errorf("reminded with %+v", got)
		}
		for _, f := range bob.Listen().Events() {
			if f.Event == "posted" {
				t.Errorf("another reminder came: %v", f.Data["post"])
			}
		}
	})
}
