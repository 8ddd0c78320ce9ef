package commands_test

import (
	"fmt"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/testkit"
)

// later is where the run that an integration has just heard of may be answered.
func later(t *testing.T, i *integration) string {
	t.Helper()
	u, err := url.Parse(i.last().form.Get("response_url"))
	if err != nil {
		t.Fatal(err)
	}
	return "<site>" + u.Path
}

func TestFurtherAnswers(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		i := newIntegration(t)
		ann, ben := s.User("ann"), s.User("ben")
		team := s.Team(ann, ben)
		room := s.Private(ann, team, ben)
		command(t, s, team, "slow", i.URL+"/slow")
		i.say("/slow", "")
		hook := func() string { answer(t, run(ben, room, "/slow")); return later(t, i) }
		where, ear := hook(), ben.Listen()
		nobody := s.Nobody()
		if r := nobody.POST(where, map[string]string{"text": "done", "response_type": "in_channel"}).Want(t, 200); string(r.Body) != "ok" {
			t.Errorf("%s", r.Body)
		}
		if posts := said(t, ann, room); len(posts) != 1 || posts[0].Message != "done" || posts[0].UserID != ben.ID {
			t.Errorf("%+v", posts)
		}
		nobody.POST(where, map[string]string{"text": "for you"}).Want(t, 200)
		ear.Expect("ephemeral_message", func(f testkit.Frame) bool { return strings.Contains(fmt.Sprint(f.Data["post"]), "for you") })
		for _, bad := range []string{"", "{", `[1]`, `{"text":7}`} {
			nobody.POST(where, bad).Refused(t, 400, "web.command_webhook.parse.app_error")
		}
		// Of many that come at once as many succeed as are left.
		var wait sync.WaitGroup
		codes := make(chan int, 10)
		for range 10 {
			wait.Go(func() {
				codes <- nobody.POST(where, map[string]string{"text": "again", "response_type": "in_channel"}).Status
			})
		}
		wait.Wait()
		close(codes)
		good := 0
		for code := range codes {
			if code == 200 {
				good++
			}
		}
		if good != model.CommandWebhookUses-2 {
			t.Errorf("%d of %d", good, model.CommandWebhookUses-2)
		}
		nobody.POST(where, map[string]string{"text": "x"}).Refused(t, 400, "app.command_webhook.try_use.invalid")
		const missing = "app.command_webhook.get.missing"
		for _, guess := range []string{id.New(), "x", "..", strings.Repeat("a", 26)} {
			nobody.POST("<site>/hooks/commands/"+guess, map[string]string{"text": "x"}).Want(t, 404)
		}
		old := hook()
		if n, err := db.Exec(t.Context(), s.DB, `UPDATE commandwebhooks SET createat = createat - $1 WHERE usecount = 0`, model.CommandWebhookLifetime+1000); err != nil || n != 1 {
			t.Fatal(n, err)
		}
		nobody.POST(old, map[string]string{"text": "x"}).Refused(t, 404, missing)
	}, local)
}

// What changes between a command and its answer counts.
func TestFurtherAnswersAfterAChange(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		i := newIntegration(t)
		i.say("/slow", "")
		text := map[string]string{"text": "x", "response_type": "in_channel"}
		nobody := s.Nobody()
		for what, c := range map[string]struct {
			change func(cmd model.Command, room *model.Channel, ann, ben *testkit.Actor)
			status int
			err    string
		}{
			"left": {func(_ model.Command, room *model.Channel, ann, ben *testkit.Actor) {
				ann.DELETE("/channels/"+room.ID+"/members/"+ben.ID).Want(t, 200)
			}, 403, "api.context.permissions.app_error"},
			"archived": {func(_ model.Command, room *model.Channel, ann, _ *testkit.Actor) {
				ann.DELETE("/channels/"+room.ID).Want(t, 200)
			}, 400, "api.command.execute_command.deleted.error"},
			"closed account": {func(_ model.Command, _ *model.Channel, _, ben *testkit.Actor) {
				s.Admin.DELETE("/users/"+ben.ID).Want(t, 200)
			}, 403, "api.context.permissions.app_error"},
			"command deleted": {func(cmd model.Command, _ *model.Channel, _, _ *testkit.Actor) {
				s.Admin.DELETE("/commands/"+cmd.ID).Want(t, 200)
			}, 404, "app.command_webhook.get.missing"},
		} {
			ann, ben := s.User("ann"), s.User("ben")
			team := s.Team(ann, ben)
			room := s.Private(ann, team, ben)
			cmd := command(t, s, team, "slow", i.URL+"/slow")
			answer(t, run(ben, room, "/slow"))
			c.change(cmd, room, ann, ben)
			if r := nobody.POST(later(t, i), text); r.Status != c.status || r.ErrorID() != c.err {
				t.Errorf("%s: %d %s", what, r.Status, r.Body)
			}
		}
	}, local)
}

func TestWhoMayRunCommands(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		i := newIntegration(t)
		ann, ben, carl := s.User("ann"), s.User("ben"), s.User("carl")
		team, elsewhere := s.Team(ann, ben), s.Team(carl)
		room := s.Private(ann, team)
		talk := s.Direct(ann, carl)
		cmd := command(t, s, team, "dice", i.URL+"/dice")
		const denied = "api.context.permissions.app_error"
		run(ben, room, "/dice").Refused(t, 403, denied)
		run(carl, room, "/dice", "team_id", elsewhere.ID).Refused(t, 403, denied)
		run(carl, talk, "/dice", "team_id", team.ID).Refused(t, 403, denied)
		run(carl, talk, "/dice", "team_id", elsewhere.ID).Refused(t, 404, "api.command.execute_command.not_found.app_error")
		run(carl, talk, "/dice").Refused(t, 404, "api.command.execute_command.not_found.app_error")
		answer(t, run(ann, talk, "/dice", "team_id", team.ID))
		other := ann.Say(talk, "elsewhere")
		run(ann, room, "/dice", "root_id", other.ID).Refused(t, 400, "api.context.invalid_body_param.app_error")
		chief := s.User("chief")
		s.Admin.POST("/teams/"+team.ID+"/members", map[string]string{"team_id": team.ID, "user_id": chief.ID}).Want(t, 201)
		s.Admin.POST("/commands", map[string]string{"team_id": team.ID, "creator_id": chief.ID, "trigger": "rest", "method": "P", "url": i.URL}).Want(t, 201)
		answer(t, run(ann, room, "/rest"))
		s.Admin.DELETE("/users/"+chief.ID).Want(t, 200)
		run(ann, room, "/rest").Refused(t, 403, "parley.commands.creator.app_error")
		ann.DELETE("/channels/"+room.ID).Want(t, 200)
		run(ann, room, "/dice").Refused(t, 400, "api.command.execute_command.deleted.error")
		run(ann, room, "/me x").Refused(t, 400, "api.command.execute_command.deleted.error")
		s.Admin.DELETE("/commands/"+cmd.ID).Want(t, 200)
		run(ann, talk, "/dice", "team_id", team.ID).Refused(t, 404, "api.command.execute_command.not_found.app_error")
	}, local)
}

func TestListsThatAreFetched(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		i := newIntegration(t)
		ann := s.User("ann")
		team := s.Team(ann)
		room := s.Channel(ann, team)
		data := map[string]any{"Trigger": "jira", "Arguments": []any{map[string]any{"Type": "DynamicList", "Data": map[string]string{"FetchURL": "/projects?of=me"}}}}
		cmd := command(t, s, team, "jira", i.URL+"/cmd", "auto_complete", true, "autocomplete_data", data)
		i.say("/projects", `[{"item":"AB","hint":"[a]","helptext":"Alpha"},{"Item":"CD"},{"item":""}]`)
		ask := func() (list []model.AutocompleteSuggestion) {
			ann.GET("/teams/"+team.ID+"/commands/autocomplete_suggestions?user_input="+url.QueryEscape("/jira a")+"&channel_id="+room.ID).Want(t, 200).Into(t, &list)
			return list
		}
		got := ask()
		if len(got) != 1 || got[0].Complete != "jira AB" || got[0].Description != "Alpha" || got[0].Hint != "[a]" {
			t.Errorf("%+v", got)
		}
		h := i.last()
		if h.form.Get("of") != "me" || h.form.Get("user_input") != "/jira a" || h.form.Get("parsed") != "/jira " || h.form.Get("user_id") != ann.ID ||
			h.form.Get("channel_id") != room.ID || h.header.Get("Authorization") != "Token "+cmd.Token {
			t.Errorf("asked: %+v", h)
		}
		for _, bad := range []string{"no list", `{"item":"AB"}`, `[5]`, ""} {
			if i.say("/projects", bad); len(ask()) != 0 {
				t.Errorf("%q is a list", bad)
			}
		}
		hidden := s.Private(s.Admin, team)
		ann.GET("/teams/"+team.ID+"/commands/autocomplete_suggestions?user_input=/j&channel_id="+hidden.ID).Refused(t, 403, "api.context.permissions.app_error")
		ann.GET("/teams/"+team.ID+"/commands/autocomplete_suggestions").Want(t, 400)
	}, local)
}
