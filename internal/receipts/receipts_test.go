package receipts_test

import (
	"testing"

	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/receipts"
	"github.com/parley-chat/parley/internal/testkit"
)

func path(ch *model.Channel) string { return "/parley/channels/" + ch.ID + "/receipts" }

func state(t *testing.T, a *testkit.Actor, ch *model.Channel) (receipts.State, map[string]int64) {
	t.Helper()
	var s receipts.State
	a.GET(path(ch)).Want(t, 200).Into(t, &s)
	at := map[string]int64{}
	for _, r := range s.Readers {
		at[r.UserID] = r.ReadAt
	}
	return s, at
}

func on(yes bool) any { return map[string]bool{"enabled": yes} }

func view(t *testing.T, a *testkit.Actor, ch *model.Channel) {
	t.Helper()
	a.POST("/channels/members/me/view", map[string]string{"channel_id": ch.ID}).Want(t, 200)
}

func TestReceiptsAreShownWhereTheyAreSwitchedOn(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		ann, ben, carl, dora := s.User("ann"), s.User("ben"), s.User("carl"), s.User("dora")
		team := s.Team(ann, ben, carl, dora)
		room := s.Private(ann, team, ben, carl)
		if got, _ := state(t, ann, room); got.Enabled || !got.MaySwitch || len(got.Readers) != 0 {
			t.Errorf("at first: %+v", got)
		}
		dora.GET(path(room)).Want(t, 403)
		dora.PUT(path(room), on(true)).Want(t, 403)
		ear := ann.Listen()
		ann.PUT(path(room), on(true)).Want(t, 200)
		ear.Expect("parley_receipts_switched", func(f testkit.Frame) bool { return f.Data["enabled"] == true })

		post := ann.Say(room, "Have you read this?")
		if _, at := state(t, ann, room); at[ben.ID] >= post.CreateAt || at[ann.ID] < post.CreateAt {
			t.Errorf("before anybody looked: %v, %d", at, post.CreateAt)
		}
		view(t, ben, room)
		f := ear.Expect("parley_channel_read", func(f testkit.Frame) bool { return f.Data["user_id"] == ben.ID })
		if at := int64(f.Data["read_at"].(float64)); at < post.CreateAt {
			t.Errorf("told %d of %d", at, post.CreateAt)
		}
		if _, at := state(t, ann, room); at[ben.ID] < post.CreateAt || at[carl.ID] >= post.CreateAt {
			t.Errorf("after Ben looked: %v", at)
		}

		// Marked as unread, it is unread for the others, too.
		ben.POST("/users/me/posts/"+post.ID+"/set_unread", nil).Want(t, 200)
		f = ear.Expect("parley_channel_read", func(f testkit.Frame) bool { return f.Data["user_id"] == ben.ID })
		if at := int64(f.Data["read_at"].(float64)); at >= post.CreateAt {
			t.Errorf("marked as unread: told %d of %d", at, post.CreateAt)
		}
		view(t, ben, room)
		ear.Expect("parley_channel_read", func(f testkit.Frame) bool { return f.Data["user_id"] == ben.ID })
		ben.PUT(path(room), on(false)).Want(t, 403)

		ann.PUT(path(room), on(false)).Want(t, 200)
		ann.Say(room, "And this?")
		view(t, ben, room)
		for _, f := range ear.Events() {
			if f.Event == "parley_channel_read" {
				t.Errorf("told after it was switched off: %v", f.Data)
			}
		}
		if got, _ := state(t, ben, room); got.Enabled || len(got.Readers) != 0 {
			t.Errorf("switched off: %+v", got)
		}
	})
}

// Whoever doesn't want to be shown is neither told of nor listed.
func TestReadingCanBeHidden(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		ann, carl := s.User("ann"), s.User("carl")
		room := s.Private(ann, s.Team(ann, carl), carl)
		ann.PUT(path(room), on(true)).Want(t, 200)
		ear := ann.Listen()
		ann.Say(room, "Have you read this?")
		carl.PUT("/users/"+carl.ID+"/preferences", []map[string]string{{"user_id": carl.ID, "category": "parley", "name": "hide_read_receipts", "value": "true"}}).Want(t, 200)
		view(t, carl, room)
		for _, f := range ear.Events() {
			if f.Event == "parley_channel_read" {
				t.Errorf("told of %v", f.Data)
			}
		}
		if _, at := state(t, ann, room); at[carl.ID] != 0 {
			t.Errorf("listed: %v", at)
		}
	})
}

func TestReceiptsInConversations(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		ann, ben, carl := s.User("ann"), s.User("ben"), s.User("carl")
		s.Team(ann, ben, carl)
		both := s.Direct(ann, ben)
		ben.PUT(path(both), on(true)).Want(t, 200)
		if got, _ := state(t, ann, both); !got.Enabled || len(got.Readers) != 2 {
			t.Errorf("%+v", got)
		}
		carl.GET(path(both)).Want(t, 403)
		carl.PUT(path(both), on(false)).Want(t, 403)
	})
}
