package channels_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/testkit"
)

func unread(t *testing.T, a *testkit.Actor, channelID string) model.ChannelUnread {
	t.Helper()
	var u model.ChannelUnread
	a.GET("/users/me/channels/"+channelID+"/unread").Want(t, 200).Into(t, &u)
	return u
}

func TestCountsOfWhatIsUnread(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		alice, bob := s.User("alice"), s.User("bob")
		team := s.Team(alice, bob)
		c, d := s.Channel(alice, team, bob), s.Channel(alice, team, bob)
		bob.POST("/channels/members/me/view", map[string]string{"channel_id": c.ID, "prev_channel_id": d.ID}).Want(t, 200)
		root := alice.Say(c, "root")
		alice.Reply(root, "reply")
		alice.Say(d, "@"+bob.Username)
		if u := unread(t, bob, c.ID); u.MsgCount != 2 || u.MsgCountRoot != 1 || u.MentionCount != 0 {
			t.Errorf("two messages, one of them a reply: %+v", u)
		}
		if u := unread(t, bob, d.ID); u.MsgCount != 1 || u.MentionCount != 1 || u.MentionCountRoot != 1 {
			t.Errorf("a mention: %+v", u)
		}
		if u := unread(t, alice, c.ID); u.MsgCountRoot != 0 { // a reply marks its thread as read, not the channel
			t.Errorf("unread for their author: %+v", u)
		}
		socket := bob.Listen()
		var seen model.ChannelViewResponse
		bob.POST("/channels/members/me/mark_read", []string{c.ID, d.ID, id.New()}).Want(t, 200).Into(t, &seen)
		if len(seen.LastViewedAtTimes) != 2 || seen.LastViewedAtTimes[c.ID] == 0 {
			t.Errorf("read %+v", seen)
		}
		f := socket.Expect("multiple_channels_viewed", nil)
		if times, _ := f.Data["channel_times"].(map[string]any); len(times) != 2 {
			t.Errorf("told %v", f.Data)
		}
		for _, channelID := range []string{c.ID, d.ID} {
			if u := unread(t, bob, channelID); u.MsgCount != 0 || u.MsgCountRoot != 0 || u.MentionCount != 0 || u.MentionCountRoot != 0 {
				t.Errorf("after reading: %+v", u)
			}
		}
		bob.POST("/users/me/posts/"+root.ID+"/set_unread", "{}").Want(t, 200)
		if u := unread(t, bob, c.ID); u.MsgCount != 2 || u.MsgCountRoot != 1 {
			t.Errorf("after marking unread: %+v", u)
		}
	})
}

func TestReadingChecksItsInput(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		alice, bob := s.User("alice"), s.User("bob")
		team := s.Team(alice, bob)
		c := s.Private(alice, team)
		alice.POST("/channels/members/"+bob.ID+"/view", map[string]string{"channel_id": c.ID}).Refused(t, 403, noPermission)
		alice.POST("/channels/members/"+bob.ID+"/mark_read", []string{c.ID}).Refused(t, 403, noPermission)
		alice.GET("/users/"+bob.ID+"/channels/"+c.ID+"/unread").Refused(t, 403, noPermission)
		bob.GET("/users/me/channels/"+c.ID+"/unread").Refused(t, 403, noPermission)
		bob.POST("/channels/members/me/view", `{"channel_id":{}}`).Refused(t, 400, badBody)
		bob.POST("/channels/members/me/view", map[string]string{"prev_channel_id": "x"}).Refused(t, 400, badBody)
		bob.POST("/channels/members/me/mark_read", `{}`).Refused(t, 400, "api.payload.parse.error")
		bob.POST("/channels/members/me/mark_read", `[]`).Refused(t, 400, badBody)
		many := make([]string, 1001)
		for i := range many {
			many[i] = id.New()
		}
		bob.POST("/channels/members/me/mark_read", many).Refused(t, 400, "api.payload.parse.error")
		var seen model.ChannelViewResponse
		bob.POST("/channels/members/me/view", map[string]string{"channel_id": c.ID}).Want(t, 200).Into(t, &seen)
		if len(seen.LastViewedAtTimes) != 0 {
			t.Errorf("a private channel's times are told: %v", seen.LastViewedAtTimes)
		}
	})
}

func TestMutedChannelsCountMentionsOnly(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		alice, bob := s.User("alice"), s.User("bob")
		team := s.Team(alice, bob)
		c := s.Channel(alice, team, bob)
		bob.POST("/channels/members/me/view", map[string]string{"channel_id": c.ID}).Want(t, 200)
		path := "/channels/" + c.ID + "/members/" + bob.ID + "/notify_props"
		alice.PUT(path, map[string]string{"mark_unread": "mention"}).Refused(t, 403, noPermission)
		bob.PUT(path, map[string]string{"mark_unread": "mention", "colour": "red"}).Want(t, 200)
		bob.PUT(path, `{"mark_unread":5}`).Refused(t, 400, badBody)
		bob.PUT(path, `null`).Refused(t, 400, badBody)
		if m := member(t, bob, c.ID, "me"); m.NotifyProps["mark_unread"] != "mention" || m.NotifyProps["colour"] != "" || m.NotifyProps["desktop"] != "default" {
			t.Errorf("props %v", m.NotifyProps)
		}
		if m := member(t, alice, c.ID, "me"); m.NotifyProps["mark_unread"] != "all" {
			t.Errorf("another member's props changed too: %v", m.NotifyProps)
		}
		alice.Say(c, "plain")
		alice.Say(c, "@"+bob.Username)
		if u := unread(t, bob, c.ID); u.MsgCount != 0 || u.MsgCountRoot != 0 || u.MentionCount != 1 {
			t.Errorf("muted: %+v", u)
		}
	})
}

func TestConversations(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		alice, bob, carol, dave := s.User("alice"), s.User("bob"), s.User("carol"), s.User("dave")
		team := s.Team(alice, bob, carol)
		d := s.Direct(alice, bob)
		for _, r := range []*testkit.Response{carol.GET("/channels/" + d.ID), carol.GET("/channels/" + d.ID + "/members"), carol.Post(d, "hello"),
			carol.POST("/channels/direct", []string{alice.ID, bob.ID})} {
			r.Refused(t, 403, noPermission)
		}
		carol.PUT("/channels/"+d.ID+"/patch", map[string]string{"header": "x"}).Refused(t, 403, "api.channel.patch_update_channel.forbidden.app_error")
		carol.GET("/teams/"+team.ID+"/channels/name/"+d.Name).Refused(t, 404, "app.channel.get_by_name.missing.app_error")
		alice.GET("/teams/"+team.ID+"/channels/name/"+d.Name).Want(t, 200)
		alice.DELETE("/channels/"+d.ID+"/members/"+alice.ID).Refused(t, 400, "api.channel.remove_channel_member.type.app_error")
		alice.DELETE("/channels/"+d.ID).Refused(t, 400, "api.channel.delete_channel.type.invalid")
		alice.PUT("/channels/"+d.ID, map[string]string{"id": d.ID, "name": "other"}).
			Refused(t, 400, "api.channel.update_channel.update_direct_or_group_messages_not_allowed.app_error")
		s.Admin.POST("/channels/"+d.ID+"/move", map[string]string{"team_id": team.ID}).Refused(t, 403, "api.channel.move_channel.type.invalid")
		if got := list(t, alice.GET("/users/me/teams/"+team.ID+"/channels")); !contains(got, d.Name) {
			t.Errorf("a team's list lacks the conversation: %v", got)
		}

		alice.POST("/channels/group", []string{bob.ID}).Refused(t, 400, "api.channel.create_group.bad_size.app_error")
		alice.POST("/channels/group", []string{bob.ID, id.New()}).Refused(t, 400, "api.channel.create_group.bad_user.app_error")
		alice.POST("/channels/group", []string{bob.ID, "x"}).Refused(t, 400, badBody)
		alice.POST("/channels/group", `"x"`).Refused(t, 400, "api.payload.parse.error")
		socket := carol.Listen()
		var g, same model.Channel
		alice.POST("/channels/group", []string{bob.ID, carol.ID}).Want(t, 201).Into(t, &g)
		socket.Expect("group_added", func(f testkit.Frame) bool { return f.Broadcast["channel_id"] == g.ID })
		bob.POST("/channels/group", []string{carol.ID, alice.ID, bob.ID}).Want(t, 201).Into(t, &same)
		if same.ID != g.ID || g.Type != "G" || len(g.Name) != 40 {
			t.Errorf("group %+v and %+v", g, same)
		}
		var found []model.Channel
		alice.POST("/channels/group/search", map[string]string{"term": bob.Username + " " + carol.Username}).Want(t, 200).Into(t, &found)
		if len(found) != 1 || found[0].ID != g.ID {
			t.Errorf("finds %v", found)
		}
		dave.POST("/channels/group/search", map[string]string{"term": bob.Username}).Want(t, 200).Into(t, &found)
		if len(found) != 0 {
			t.Errorf("a stranger finds %v", found)
		}
		dave.GET("/channels/"+g.ID+"/common_teams").Refused(t, 403, noPermission)
		var teams []model.Team
		alice.GET("/channels/"+g.ID+"/common_teams").Want(t, 200).Into(t, &teams)
		if len(teams) != 1 || teams[0].ID != team.ID {
			t.Errorf("teams in common: %v", teams)
		}
		body := map[string]string{"channel_id": g.ID, "team_id": team.ID, "name": "former-group", "display_name": "Former"}
		dave.POST("/channels/"+g.ID+"/convert_to_channel", body).Refused(t, 403, "api.channel.gm_to_channel_conversion.not_allowed_for_user.request_error")
		alice.POST("/channels/"+d.ID+"/convert_to_channel", map[string]string{"team_id": team.ID, "name": "x", "display_name": "x"}).
			Refused(t, 404, "app.channel.group_message_conversion.original_channel_not_gm")
		alice.POST("/channels/"+g.ID+"/convert_to_channel", body).Want(t, 200)
		if c := channel(t, bob, g.ID); c.Type != "P" || c.TeamID != team.ID || c.Name != "former-group" {
			t.Errorf("converted to %+v", c)
		}
	})
}

func TestDirectMessagesWithinATeam(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		alice, bob, carol := s.User("alice"), s.User("bob"), s.User("carol")
		s.Team(alice, bob)
		alice.POST("/channels/direct", []string{alice.ID, carol.ID}).Refused(t, 403, "api.channel.create_channel.direct_channel.team_restricted_error")
		alice.POST("/channels/direct", []string{alice.ID, bob.ID}).Want(t, 201)
		alice.POST("/channels/direct", []string{alice.ID, alice.ID}).Want(t, 201)
	}, testkit.Env("MM_TEAMSETTINGS_RESTRICTDIRECTMESSAGE=team"))
}

func TestMovingToAnotherTeam(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		alice, bob := s.User("alice"), s.User("bob")
		from, to := s.Team(alice, bob), s.Team(alice)
		c := s.Channel(alice, from, bob)
		alice.POST("/channels/"+c.ID+"/move", map[string]string{"team_id": to.ID}).Refused(t, 403, noPermission)
		s.Admin.POST("/channels/"+c.ID+"/move", map[string]string{"team_id": "x"}).Refused(t, 400, badBody)
		s.Admin.POST("/channels/"+c.ID+"/move", map[string]string{"team_id": to.ID}).Refused(t, 500, "app.channel.move_channel.members_do_not_match.error")
		s.Admin.POST("/channels/"+c.ID+"/move", map[string]any{"team_id": to.ID, "force": true}).Want(t, 200)
		if got := channel(t, alice, c.ID); got.TeamID != to.ID {
			t.Errorf("is in %s", got.TeamID)
		}
		bob.GET("/channels/"+c.ID).Refused(t, 403, noPermission)
	})
}

func TestModeration(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		alice, bob, carol := s.User("alice"), s.User("bob"), s.User("carol")
		team := s.Team(s.Admin, alice, bob, carol)
		c, other := s.Channel(alice, team, bob), s.Channel(alice, team, bob)
		path := "/channels/" + c.ID + "/moderations"
		alice.GET(path).Refused(t, 403, noPermission)
		alice.PUT(path+"/patch", "[]").Refused(t, 403, noPermission)
		value := func(name string) (members, guests *model.ChannelModeratedRole) {
			var all []model.ChannelModeration
			s.Admin.GET(path).Want(t, 200).Into(t, &all)
			for _, m := range all {
				if m.Name == name {
					return m.Roles.Members, m.Roles.Guests
				}
			}
			t.Fatalf("%s is not moderated in %v", name, all)
			return nil, nil
		}
		if m, g := value("create_post"); !m.Value || !m.Enabled || !g.Value {
			t.Errorf("at first %+v %+v", m, g)
		}
		if m, g := value("manage_members"); !m.Value || g != nil {
			t.Errorf("at first %+v %+v", m, g)
		}
		set := func(name string, members bool) {
			s.Admin.PUT(path+"/patch", []any{map[string]any{"name": name, "roles": map[string]bool{"members": members}}}).Want(t, 200)
		}
		set("create_post", false)
		bob.Post(c, "hush").Refused(t, 403, noPermission)
		bob.Post(other, "fine").Want(t, 201)
		set("manage_members", false)
		add(bob, c.ID, carol.ID).Refused(t, 403, noPermission)
		if m, _ := value("create_post"); m.Value || !m.Enabled {
			t.Errorf("taken away: %+v", m)
		}
		if got := channel(t, alice, c.ID); got.SchemeID == nil {
			t.Error("the channel has no scheme of its own")
		}
		set("create_post", true)
		set("manage_members", true)
		bob.Post(c, "again").Want(t, 201)
		add(bob, c.ID, carol.ID).Want(t, 201)
		if got := channel(t, alice, c.ID); got.SchemeID != nil {
			t.Error("the scheme of its own is left")
		}
		s.Admin.PUT(path+"/patch", []any{map[string]any{"name": "nonsense", "roles": map[string]bool{"members": false}}}).Refused(t, 400, badBody)
		s.Admin.PUT(path+"/patch", "[null]").Refused(t, 400, badBody)
		if m := member(t, bob, c.ID, "me"); m.Roles != "channel_user" {
			t.Errorf("is %+v", m)
		}
	})
}

// Who administers a channel makes it one for announcements without anybody from
// the console: they write, the others read.
func TestChannelAdministratorsModerate(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		alice, bob := s.User("alice"), s.User("bob")
		team := s.Team(s.Admin, alice, bob)
		c := s.Channel(alice, team, bob)
		path := "/parley/channels/" + c.ID + "/moderations"
		bob.GET(path).Refused(t, 403, noPermission)
		quiet := []any{map[string]any{"name": "create_post", "roles": map[string]bool{"members": false, "guests": false}}}
		bob.PUT(path, quiet).Refused(t, 403, noPermission)
		bob.Listen()
		alice.PUT(path, quiet).Want(t, 200)
		bob.Expect("channel_scheme_updated", nil)
		bob.Post(c, "hush").Refused(t, 403, noPermission)
		alice.Post(c, "the announcement").Want(t, 201)
		var all []model.ChannelModeration
		alice.GET(path).Want(t, 200).Into(t, &all)
		if len(all) != 5 || all[0].Roles.Members.Value {
			t.Errorf("the switches are %+v", all)
		}
		// Clients, who look at the roles, see what remains of them.
		var roles []model.Role
		bob.POST("/roles/names", strings.Fields(member(t, bob, c.ID, "me").Roles)).Want(t, 200).Into(t, &roles)
		if len(roles) != 1 || slices.Contains(roles[0].Permissions, "create_post") || !slices.Contains(roles[0].Permissions, "upload_file") ||
			!slices.Contains(roles[0].Permissions, "add_reaction") {
			t.Errorf("bob's roles: %+v", roles)
		}
		alice.POST("/roles/names", strings.Fields(member(t, alice, c.ID, "me").Roles)).Want(t, 200).Into(t, &roles)
		if len(roles) != 2 || !slices.Contains(append(roles[0].Permissions, roles[1].Permissions...), "manage_channel_roles") {
			t.Errorf("alice's roles: %+v", roles)
		}
		alice.PUT(path, []any{map[string]any{"name": "create_reactions", "roles": map[string]bool{"members": false}}}).Want(t, 200)
		bob.Expect("role_updated", func(f testkit.Frame) bool {
			var r model.Role
			f.JSON(t, "role", &r)
			return r.Name == member(t, bob, c.ID, "me").Roles && !slices.Contains(r.Permissions, "add_reaction") && slices.Contains(r.Permissions, "upload_file")
		})
		talk := s.Direct(alice, bob)
		s.Admin.GET("/parley/channels/"+talk.ID+"/moderations").Refused(t, 400, "api.channel.add_user_to_channel.type.app_error")
	})
}

// What somebody may not know of looks the same whether or not it is there, as
// far as the protocol lets it.
func TestPrivateChannelsDontTellOfThemselves(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		alice, eve := s.User("alice"), s.User("eve")
		team := s.Team(alice, eve)
		c := s.Private(alice, team)
		ghost := id.New()
		same := func(method, there, gone string, body any) {
			t.Helper()
			a, b := eve.Do(method, there, body), eve.Do(method, gone, body)
			if a.Status != b.Status || a.ErrorID() != b.ErrorID() || a.Status < 400 {
				t.Errorf("%s and %s differ", a, b)
			}
		}
		for _, rest := range []string{"/members", "/members/me", "/stats", "/timezones", "/members/" + alice.ID, "/common_teams"} {
			same("GET", "/channels/"+c.ID+rest, "/channels/"+ghost+rest, nil)
		}
		same("GET", "/teams/"+team.ID+"/channels/name/"+c.Name, "/teams/"+team.ID+"/channels/name/ghost", nil)
		same("POST", "/teams/"+team.ID+"/channels/ids", "/teams/"+team.ID+"/channels/ids", []string{c.ID})
		same("POST", "/channels/"+c.ID+"/members/ids", "/channels/"+ghost+"/members/ids", []string{alice.ID})
		eve.POST("/channels/stats/member_count", []string{c.ID}).Refused(t, 403, noPermission)
		eve.POST("/channels/stats/member_count", []string{ghost}).Refused(t, 403, noPermission)
		for _, r := range []*testkit.Response{eve.PUT("/channels/"+c.ID+"/patch", map[string]string{"header": "x"}), eve.DELETE("/channels/" + c.ID),
			eve.PUT("/channels/"+c.ID+"/privacy", map[string]string{"privacy": "O"}), eve.POST("/channels/"+c.ID+"/restore", nil),
			eve.DELETE("/channels/" + c.ID + "/members/" + alice.ID), eve.PUT("/channels/"+c.ID+"/scheme", map[string]string{"scheme_id": ""}),
			eve.GET("/channels"), eve.POST("/channels/search", map[string]string{"term": ""}), eve.GET("/teams/" + team.ID + "/channels/private"),
			eve.GET("/channels/" + c.ID + "/member_counts_by_group"), eve.GET("/users/" + alice.ID + "/channels"), eve.GET("/users/" + alice.ID + "/channel_members")} {
			r.Refused(t, 403, noPermission)
		}
	})
}
