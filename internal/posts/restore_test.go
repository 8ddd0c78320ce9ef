package posts_test

import (
	"testing"

	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/testkit"
)

const gone = "parley.post.undo.app_error"

// Authors take a deletion back within a minute; the thread, the mark of a
// reaction and the search find the message again.
func TestAuthorsTakeADeletionBack(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		alice, bob := s.User("alice"), s.User("bob")
		team := s.Team(alice, bob)
		room := s.Channel(alice, team, bob)
		root := alice.Say(room, "kumquat root")
		first, second := bob.Reply(root, "first"), alice.Reply(root, "second")
		bob.POST("/reactions", map[string]string{"user_id": bob.ID, "post_id": root.ID, "emoji_name": "tada"}).Want(t, 200)
		undo := func(a *testkit.Actor, p *model.Post) *testkit.Response {
			return a.POST("/parley/posts/"+p.ID+"/restore", nil)
		}
		thread := func() (n int, replies int64) {
			t.Helper()
			var list model.PostList
			bob.GET("/posts/"+root.ID+"/thread").Want(t, 200).Into(t, &list)
			return len(list.Order), list.Posts[root.ID].ReplyCount
		}
		undo(alice, root).Refused(t, 404, gone) // it isn't deleted

		alice.DELETE("/posts/"+second.ID).Want(t, 200)
		undo(bob, second).Refused(t, 404, gone)
		undo(alice, second).Want(t, 200)
		if n, replies := thread(); n != 3 || replies != 2 {
			t.Errorf("a reply is back: %d posts, %d replies", n, replies)
		}
		alice.DELETE("/posts/"+second.ID).Want(t, 200) // it stays gone below
		bob.Listen()
		alice.DELETE("/posts/"+root.ID).Want(t, 200)
		bob.GET("/posts/"+first.ID).Refused(t, 404, "app.post.get.app_error")
		undo(bob, first).Refused(t, 404, gone)
		var back model.Post
		undo(alice, root).Want(t, 200).Into(t, &back)
		if n, replies := thread(); n != 2 || replies != 1 || back.DeleteAt != 0 || back.Props[model.PostPropDeleteBy] != nil || !back.HasReactions {
			t.Errorf("a root is back: %d posts, %d replies, %+v", n, replies, back)
		}
		var found model.PostList
		bob.POST("/teams/"+team.ID+"/posts/search", map[string]string{"terms": "kumquat"}).Want(t, 200).Into(t, &found)
		if len(found.Order) != 1 {
			t.Errorf("searched: %v", found.Order)
		}
		var events []string
		for _, f := range bob.Listen().Events() {
			if f.Event == "post_deleted" || f.Event == "post_edited" || f.Event == "parley_post_restored" {
				events = append(events, f.Event)
			}
		}
		if len(events) != 3 || events[2] != "parley_post_restored" {
			t.Errorf("bob heard %v", events)
		}
	})
}

func TestWhatIsNotTakenBack(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		alice := s.User("alice")
		room := s.Channel(alice, s.Team(alice))
		root, late := alice.Say(room, "deleted by somebody else"), alice.Say(room, "too late")
		undo := func(a *testkit.Actor, p *model.Post) *testkit.Response {
			return a.POST("/parley/posts/"+p.ID+"/restore", nil)
		}
		s.Admin.DELETE("/posts/"+root.ID).Want(t, 200)
		undo(alice, root).Refused(t, 404, gone)
		alice.DELETE("/posts/"+late.ID).Want(t, 200)
		if _, err := db.Exec(t.Context(), s.DB, `UPDATE posts SET deleteat = deleteat - 61000 WHERE id = $1`, late.ID); err != nil {
			t.Fatal(err)
		}
		undo(alice, late).Refused(t, 404, gone)
	})
}
