package posts_test

import (
	"strings"
	"testing"

	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/testkit"
)

func moved(a *testkit.Actor, post *model.Post, to *model.Channel) *testkit.Response {
	return a.POST("/posts/"+post.ID+"/move", map[string]string{"channel_id": to.ID})
}

func copied(a *testkit.Actor, post *model.Post, to *model.Channel) *testkit.Response {
	return a.POST("/parley/posts/"+post.ID+"/copy", map[string]string{"channel_id": to.ID})
}

// thread is the messages of a thread, with their files, in order.
func thread(t *testing.T, a *testkit.Actor, rootID string) (words string, posts []*model.Post) {
	t.Helper()
	var list model.PostList
	a.GET("/posts/"+rootID+"/thread?direction=down&perPage=60").Want(t, 200).Into(t, &list)
	var out []string
	for _, postID := range list.Order {
		p := list.Posts[postID]
		posts = append(posts, p)
		text := p.Message
		for _, f := range p.Metadata.Files {
			text += "+" + f.Name
		}
		out = append(out, text)
	}
	return strings.Join(out, " | "), posts
}

var moving = testkit.Env("MM_FEATUREFLAGS_MOVETHREADSENABLED=true")

func TestThreadsAreMoved(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		alice, bob, eve := s.User("alice"), s.User("bob"), s.User("eve")
		team := s.Team(alice, bob, eve)
		from, to := s.Channel(alice, team, bob), s.Private(alice, team, bob)
		file := alice.Upload(from, "plan.txt", []byte("the plan"))
		root := alice.Show(from, file)
		reply := bob.Reply(root, "peas")
		bob.Listen()
		moved(bob, root, to).Refused(t, 403, "api.post.move_thread.no_permission")
		moved(eve, root, to).Want(t, 403)
		moved(alice, reply, to).Refused(t, 400, "app.post.move_thread_command.error")
		moved(alice, root, from).Refused(t, 400, "app.post.move_thread_command.error")
		moved(alice, root, to).Want(t, 200)

		bob.Expect("post_deleted", func(f testkit.Frame) bool { return strings.Contains(f.Data["post"].(string), root.ID) })
		bob.Expect("posted", func(f testkit.Frame) bool { return strings.Contains(f.Data["post"].(string), to.ID) })
		words, posts := thread(t, bob, root.ID)
		if words != "shown+plan.txt | peas" && !strings.HasSuffix(words, "+plan.txt | peas") {
			t.Errorf("the thread is %q", words)
		}
		for _, p := range posts {
			if p.ChannelID != to.ID {
				t.Errorf("%q is in %s", p.Message, p.ChannelID)
			}
		}
		eve.GET("/posts/"+root.ID).Want(t, 403)
		eve.GET("/files/"+file.ID).Want(t, 403)
		if body := string(bob.GET("/channels/"+from.ID+"/posts").Want(t, 200).Body); !strings.Contains(body, "system_wrangler") ||
			!strings.Contains(body, "/pl/"+root.ID) || strings.Contains(body, "peas") {
			t.Errorf("the channel that it left shows %s", body)
		}
	}, moving)
}

func TestThreadsAreCopied(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		alice, bob, eve := s.User("alice"), s.User("bob"), s.User("eve")
		team := s.Team(alice, bob, eve)
		from, to := s.Channel(alice, team, bob), s.Channel(eve, team, alice)
		file := alice.Upload(from, "plan.txt", []byte("the plan"))
		root := alice.Show(from, file)
		bob.Reply(root, "peas @"+eve.Username)
		alice.Reply(root, "and beans")
		eve.Listen()
		copied(bob, root, to).Refused(t, 403, "api.post.move_thread.no_permission")
		var made model.Post
		copied(alice, root, to).Want(t, 201).Into(t, &made)

		before, old := thread(t, alice, root.ID)
		after, posts := thread(t, eve, made.ID)
		if after != before || len(posts) != 3 {
			t.Errorf("%q was copied as %q", before, after)
		}
		for i, p := range posts {
			if p.UserID != old[i].UserID || p.ID == old[i].ID || p.ChannelID != to.ID {
				t.Errorf("copy %d: %+v", i, p)
			}
		}
		// The copy has files of its own.
		if len(made.FileIDs) != 1 || made.FileIDs[0] == file.ID {
			t.Fatalf("files of the copy: %v", made.FileIDs)
		}
		alice.DELETE("/posts/"+root.ID).Want(t, 200)
		if got := eve.GET("/files/"+made.FileIDs[0]).Want(t, 200); string(got.Body) != "the plan" {
			t.Errorf("the file of the copy holds %q", got.Body)
		}
		f := eve.Expect("posted", func(f testkit.Frame) bool { return strings.Contains(f.Data["post"].(string), "peas") })
		if f.Data["mentions"] != nil {
			t.Errorf("a copy mentions people once more: %v", f.Data["mentions"])
		}
	}, moving)
}

// A thread that is too long stays whole where it is.
func TestLongThreadsStay(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		alice := s.User("alice")
		team := s.Team(alice)
		from, to := s.Channel(alice, team), s.Channel(alice, team)
		root := alice.Say(from, "root")
		for range 3 {
			alice.Reply(root, "reply")
		}
		moved(alice, root, to).Refused(t, 400, "parley.post.move_thread.too_long")
		copied(alice, root, to).Refused(t, 400, "parley.post.move_thread.too_long")
		if _, posts := thread(t, alice, root.ID); len(posts) != 4 || posts[3].ChannelID != from.ID {
			t.Errorf("moved after all: %v", posts)
		}
	}, moving, testkit.Env("MM_WRANGLERSETTINGS_MOVETHREADMAXCOUNT=3"))
}
