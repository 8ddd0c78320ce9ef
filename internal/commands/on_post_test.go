package commands_test

import (
	"strings"
	"testing"

	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/testkit"
)

func onPost(a *testkit.Actor, cmd model.Command, postID string) *testkit.Response {
	return a.POST("/parley/commands/"+cmd.ID+"/on_post", map[string]string{"post_id": postID})
}

// offeredTo are the commands that somebody's menu of messages has.
func offeredTo(t *testing.T, a *testkit.Actor, team *model.Team) []model.MessageCommand {
	t.Helper()
	var list []model.MessageCommand
	a.GET("/parley/teams/"+team.ID+"/commands/on_posts").Want(t, 200).Into(t, &list)
	return list
}

// A command on a message is one that was typed beside it, and learns what the message says.
func TestACommandOnAMessage(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		i := newIntegration(t)
		ann, ben := s.User("ann"), s.User("ben")
		team := s.Team(ann, ben)
		room := s.Channel(ann, team, ben)
		task := command(t, s, team, "task", i.URL+"/task", "display_name", "Make a task", "on_messages", true)
		command(t, s, team, "typed", i.URL+"/task")
		list := offeredTo(t, ben, team)
		if len(list) != 1 || list[0] != (model.MessageCommand{ID: task.ID, TeamID: team.ID, Trigger: "task", DisplayName: "Make a task"}) {
			t.Fatalf("%+v", list)
		}
		root := ann.Say(room, "Water the *plants* @"+ben.Username)
		reply := ben.Reply(root, "on it")
		i.say("/task", `{"text":"noted","response_type":"in_channel"}`)
		for _, post := range []*model.Post{root, reply} {
			out := answer(t, onPost(ben, task, post.ID))
			got := i.last()
			for k, v := range map[string]string{"token": task.Token, "team_id": team.ID, "channel_id": room.ID, "user_id": ben.ID, "user_name": ben.Username, "command": "/task",
				"text": "", "post_id": post.ID, "root_id": post.RootID, "message": post.Message} {
				if got.form.Get(k) != v {
					t.Errorf("%s: %q, want %q", k, got.form.Get(k), v)
				}
			}
			if len(out.TriggerID) != 26 || got.form.Get("trigger_id") == "" || !strings.Contains(got.form.Get("response_url"), "/hooks/commands/") || got.form.Has("user_mentions") {
				t.Errorf("%+v, %v", out, got.form)
			}
			if said := said(t, ann, room)[0]; said.Message != "noted" || said.UserID != ben.ID || said.RootID != post.RootID {
				t.Errorf("said: %+v", said)
			}
		}
		talk := s.Direct(ann, ben)
		if onPost(ben, task, ann.Say(talk, "in private").ID).Want(t, 200); i.last().form.Get("channel_id") != talk.ID {
			t.Errorf("%v", i.last().form)
		}
		i.say("/task", "for you")
		ear := ben.Listen()
		onPost(ben, task, reply.ID).Want(t, 200)
		ear.Expect("ephemeral_message", func(f testkit.Frame) bool { return strings.Contains(f.Data["post"].(string), reply.RootID) })
		if run(ben, room, "/task x"); i.last().form.Has("post_id") || i.last().form.Has("message") {
			t.Errorf("typed: %v", i.last().form)
		}
	}, local)
}

// Whether a command is offered stays when a client changes it that doesn't know of that.
func TestOfferingOnMessages(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		ann := s.User("ann")
		team := s.Team(s.Admin, ann)
		task := command(t, s, team, "task", "https://x.example/task", "on_messages", true)
		change := func(more ...any) *testkit.Response {
			body := map[string]any{"id": task.ID, "team_id": team.ID, "trigger": "task", "method": "P", "url": "https://x.example/task"}
			for n := 0; n+1 < len(more); n += 2 {
				body[more[n].(string)] = more[n+1]
			}
			return s.Admin.PUT("/commands/"+task.ID, body)
		}
		change().Want(t, 200)
		if len(offeredTo(t, ann, team)) != 1 {
			t.Error("a client that knows nothing of it took it away")
		}
		change("method", "G").Refused(t, 400, "parley.commands.on_messages.app_error")
		s.Admin.POST("/commands", map[string]any{"team_id": team.ID, "trigger": "get", "method": "G", "url": "https://x.example/", "on_messages": true}).
			Refused(t, 400, "parley.commands.on_messages.app_error")
		var now model.Command
		if change("on_messages", false, "method", "G").Want(t, 200).Into(t, &now); now.OnMessages != nil || len(offeredTo(t, ann, team)) != 0 {
			t.Errorf("%+v", now)
		}
		onPost(ann, task, ann.Say(s.Channel(ann, team), "x").ID).Refused(t, 404, "store.sql_command.save.get.app_error")
		change("on_messages", true).Want(t, 200)
		s.Admin.DELETE("/commands/"+task.ID).Want(t, 200)
		if len(offeredTo(t, ann, team)) != 0 {
			t.Error("one that is gone is offered")
		}
	})
}

// A command on a message does nothing that its caller may not, and tells no
// integration what they may not read.
func TestCommandsOnMessagesThatAreNoneOfYours(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		const missing, denied = "store.sql_command.save.get.app_error", "api.context.permissions.app_error"
		i := newIntegration(t)
		i.say("/task", "noted")
		ann, ben, eve := s.User("ann"), s.User("ben"), s.User("eve")
		team, others := s.Team(s.Admin, ann, ben), s.Team(s.Admin, ann, eve)
		task, foreign := command(t, s, team, "task", i.URL+"/task", "on_messages", true), command(t, s, others, "task", i.URL+"/task", "on_messages", true)
		room, secret, quiet, gone := s.Channel(ann, team, ben), s.Private(ann, team), s.Channel(ann, team, ben), s.Channel(ann, team, ben)
		post, old := ann.Say(room, "hello"), ann.Say(gone, "long ago")
		eve.GET("/parley/teams/"+team.ID+"/commands/on_posts").Refused(t, 403, denied)
		onPost(eve, task, post.ID).Refused(t, 404, missing)
		onPost(ann, foreign, post.ID).Refused(t, 404, missing) // of another team of hers
		onPost(ben, task, ann.Say(secret, "hush").ID).Want(t, 403)
		onPost(ben, task, "x").Refused(t, 400, "api.context.invalid_body_param.app_error")
		onPost(ben, task, task.ID).Want(t, 404)
		lost := ann.Say(room, "lost")
		ann.DELETE("/posts/"+lost.ID).Want(t, 200)
		onPost(ben, task, lost.ID).Want(t, 404)
		var page model.PostList
		ben.GET("/channels/"+room.ID+"/posts").Want(t, 200).Into(t, &page)
		onPost(ben, task, page.Order[len(page.Order)-1]).Refused(t, 400, "parley.commands.on_post.app_error") // somebody has joined
		read := ann.Say(quiet, "an announcement")
		s.Admin.PUT("/channels/"+quiet.ID+"/moderations/patch", []any{map[string]any{"name": "create_post", "roles": map[string]bool{"members": false}}}).Want(t, 200)
		onPost(ben, task, read.ID).Refused(t, 403, denied)
		ann.DELETE("/channels/"+gone.ID).Want(t, 200)
		if r := onPost(ben, task, old.ID); r.Status < 400 {
			t.Errorf("archived: %v", r)
		}
		if len(i.got) != 0 {
			t.Fatalf("the integration was told of %+v", i.got)
		}
		onPost(ben, task, post.ID).Want(t, 200)
		s.Admin.PUT("/config/patch", map[string]any{"ServiceSettings": map[string]any{"EnableCommands": false}}).Want(t, 200)
		onPost(ben, task, post.ID).Refused(t, 501, "api.command.disabled.app_error")
		if len(offeredTo(t, ben, team)) != 0 || len(i.got) != 1 {
			t.Error("they are switched off")
		}
	}, local)
}
