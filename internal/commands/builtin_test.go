package commands_test

import (
	"strings"
	"testing"

	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/testkit"
)

// told runs a command that answers its typist alone, with words that hold want.
func told(t *testing.T, a *testkit.Actor, ch *model.Channel, typed, want string) {
	t.Helper()
	if out := answer(t, run(a, ch, typed)); out.ResponseType != "ephemeral" || !strings.Contains(out.Text, want) {
		t.Errorf("%s: %+v, want %q", typed, out, want)
	}
}

func TestCommandsThatSaySomething(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		ann := s.User("ann")
		room := s.Channel(ann, s.Team(ann))
		for typed, want := range map[string]string{"/me waves": "*waves*", "/shrug oh": `oh ¯\\\_(ツ)\_/¯`, "/code x\n  y": "    x\n      y"} {
			answer(t, run(ann, room, typed))
			if p := said(t, ann, room)[0]; p.Message != want {
				t.Errorf("%s: %q", typed, p.Message)
			}
		}
		answer(t, run(ann, room, `/echo "Tea is ready"`))
		if p := said(t, ann, room)[0]; p.Message != "Tea is ready" || p.UserID != ann.ID {
			t.Errorf("%+v", p)
		}
		answer(t, run(ann, room, `/echo 'Later' 1`))
		testkit.Eventually(t, "what was put by is said", func() bool { return said(t, ann, room)[0].Message == "Later" })
		told(t, ann, room, "/echo x 10001", "10000")
		told(t, ann, room, "/echo", "/echo")
		told(t, ann, room, "/code", "/code")
		told(t, ann, room, "/help", "`/shrug`")
		ann.PUT("/users/me/patch", map[string]string{"locale": "fr"}).Want(t, 200)
		told(t, ann, room, "/help", "Quitter ce canal")
	})
}

func TestStatusCommands(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		ann := s.User("ann")
		room := s.Channel(ann, s.Team(ann))
		for _, status := range []string{"away", "dnd", "offline", "online"} {
			if out := answer(t, run(ann, room, "/"+status)); out.ResponseType != "ephemeral" || out.Text == "" {
				t.Errorf("%+v", out)
			}
			var now model.Status
			ann.GET("/users/me/status").Want(t, 200).Into(t, &now)
			if now.Status != status || !now.Manual && status != "online" {
				t.Errorf("%s: %+v", status, now)
			}
		}
		custom := func() string {
			var u model.User
			ann.GET("/users/me").Want(t, 200).Into(t, &u)
			return u.Props["customStatus"]
		}
		told(t, ann, room, "/status :palm_tree: On holiday", "On holiday")
		if got := custom(); !strings.Contains(got, "palm_tree") || !strings.Contains(got, "On holiday") {
			t.Error(got)
		}
		told(t, ann, room, "/status :nosuchemoji: x", "emoji")
		told(t, ann, room, "/status clear", "cleared")
		if got := custom(); got != "" {
			t.Error(got)
		}
		told(t, ann, room, "/collapse", "hidden")
		var pref model.Preference
		ann.GET("/users/me/preferences/display_settings/name/collapse_previews").Want(t, 200).Into(t, &pref)
		if pref.Value != "true" {
			t.Errorf("%+v", pref)
		}
		told(t, ann, room, "/settings", "app")
		told(t, ann, room, "/marketplace", "no marketplace")
		run(ann, room, "/test posts 3").Refused(t, 404, "api.command.execute_command.not_found.app_error")
		run(ann, room, "/secure-connection create").Refused(t, 404, "api.command.execute_command.not_found.app_error")
		told(t, s.Admin, s.Channel(s.Admin, s.Team(s.Admin)), "/secure-connection status", "shared channels")
		if out := answer(t, run(ann, room, "/logout")); out.GotoLocation != "/login" {
			t.Errorf("%+v", out)
		}
	})
}

func TestCommandsAboutChannels(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		ann, ben, carl, out := s.User("ann"), s.User("ben"), s.User("carl"), s.User("out")
		team := s.Team(ann, ben, carl)
		room, yard, vault := s.Channel(ann, team, ben), s.Channel(ann, team), s.Private(ann, team)
		now := func(id string) (c model.Channel) { ann.GET("/channels/"+id).Want(t, 200).Into(t, &c); return c }
		answer(t, run(ann, room, "/header Plans & news"))
		answer(t, run(ann, room, "/purpose Why"))
		answer(t, run(ann, room, "/rename Garden"))
		if c := now(room.ID); c.Header != "Plans & news" || c.Purpose != "Why" || c.DisplayName != "Garden" {
			t.Errorf("%+v", c)
		}
		if out := answer(t, run(ben, room, "/join ~"+yard.Name)); out.GotoLocation != "/"+team.Name+"/channels/"+yard.Name {
			t.Errorf("%+v", out)
		}
		ben.GET("/channels/"+yard.ID+"/members/me").Want(t, 200)
		told(t, ben, room, "/join ~"+vault.Name, "no channel")
		told(t, ben, room, "/join ~nothing", "no channel")
		told(t, ann, room, "/invite @"+carl.Username+" ~"+vault.Name+" ~"+yard.Name, "is now in ~"+vault.Name)
		carl.GET("/channels/"+vault.ID+"/members/me").Want(t, 200)
		told(t, ann, room, "/invite @"+carl.Username+" ~"+vault.Name, "already")
		told(t, ann, room, "/invite @nobody", "nobody")
		if text := answer(t, run(ann, room, "/invite @"+out.Username)).Text; strings.Contains(text, "is now") {
			t.Errorf("somebody outside the team: %s", text)
		}
		told(t, ann, vault, "/kick @"+carl.Username, "no longer")
		carl.GET("/channels/"+vault.ID+"/members/me").Want(t, 403)
		told(t, ben, room, "/mute ~"+room.Name, "is muted")
		told(t, ben, room, "/mute", "no longer muted")
		told(t, ben, room, "/mute ~"+vault.Name, "no channel")
		if out := answer(t, run(ben, yard, "/leave")); out.GotoLocation != "/"+team.Name+"/channels/town-square" {
			t.Errorf("%+v", out)
		}
		ann.GET("/channels/"+yard.ID+"/members/"+ben.ID).Want(t, 404)
		// Who has no right is told so, and nothing happens.
		s.Admin.PUT("/roles/"+role(t, s, "channel_user")+"/patch", map[string]any{"permissions": []string{"create_post", "read_channel", "read_channel_content"}}).Want(t, 200)
		s.Admin.PUT("/roles/"+role(t, s, "team_user")+"/patch", map[string]any{"permissions": []string{"view_team"}}).Want(t, 200)
		before := now(room.ID)
		for _, typed := range []string{"/header mine", "/purpose mine", "/rename mine", "/kick @" + ann.Username, "/invite @" + carl.Username} {
			told(t, ben, room, typed, "may not")
		}
		if after := now(room.ID); after.Header != before.Header || after.Purpose != before.Purpose || after.DisplayName != before.DisplayName {
			t.Errorf("%+v became %+v", before, after)
		}
	})
}

func TestCommandsThatWriteElsewhere(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		ann, ben, carl := s.User("ann"), s.User("ben"), s.User("carl")
		team := s.Team(ann, ben, carl)
		room := s.Channel(ann, team)
		if out := answer(t, run(ann, room, "/msg @"+ben.Username+" 'Hello you'")); out.GotoLocation != "/"+team.Name+"/messages/@"+ben.Username {
			t.Errorf("%+v", out)
		}
		if p := said(t, ben, s.Direct(ann, ben)); len(p) != 1 || p[0].Message != "Hello you" || p[0].UserID != ann.ID {
			t.Errorf("%+v", p)
		}
		out := answer(t, run(ann, room, "/groupmsg @"+ben.Username+",@"+carl.Username+" Hello all"))
		if !strings.HasPrefix(out.GotoLocation, "/"+team.Name+"/messages/") {
			t.Errorf("%+v", out)
		}
		var gm model.Channel
		ann.POST("/channels/group", []string{ben.ID, carl.ID}).Want(t, 201).Into(t, &gm)
		if p := said(t, carl, &gm); len(p) != 1 || p[0].Message != "Hello all" {
			t.Errorf("%+v", p)
		}
		told(t, ann, room, "/msg @nobodyatall hi", "nobody")
		told(t, ann, room, "/groupmsg hi", "/groupmsg")
		told(t, s.Admin, s.Channel(s.Admin, team), "/test posts 3", "3")
		told(t, s.Admin, s.Channel(s.Admin, team), "/test nonsense", "at most")
	}, testkit.Env("MM_SERVICESETTINGS_ENABLETESTING=true"))
}

func role(t *testing.T, s *testkit.Server, name string) string {
	t.Helper()
	var r model.Role
	s.Admin.GET("/roles/name/"+name).Want(t, 200).Into(t, &r)
	return r.ID
}
