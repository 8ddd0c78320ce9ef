package channels_test

import (
	"strings"
	"testing"

	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/testkit"
)

const (
	noPermission = "api.context.permissions.app_error"
	badBody      = "api.context.invalid_body_param.app_error"
	unknown      = "app.channel.get.existing.app_error"
)

func channel(t *testing.T, a *testkit.Actor, channelID string) model.Channel {
	t.Helper()
	var c model.Channel
	a.GET("/channels/"+channelID).Want(t, 200).Into(t, &c)
	return c
}

func list(t *testing.T, r *testkit.Response) (names []string) {
	t.Helper()
	var all []model.Channel
	r.Want(t, 200).Into(t, &all)
	for _, c := range all {
		names = append(names, c.Name)
	}
	return names
}

func townSquare(t *testing.T, a *testkit.Actor, team *model.Team) model.Channel {
	t.Helper()
	var c model.Channel
	a.GET("/teams/"+team.ID+"/channels/name/town-square").Want(t, 200).Into(t, &c)
	return c
}

func TestCreatingTakesOnlyWhatClientsMayChoose(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		alice := s.User("alice")
		team := s.Team(alice)
		var c model.Channel
		alice.POST("/channels", map[string]any{"team_id": team.ID, "name": "plain", "display_name": "Plain", "type": "O", "create_at": 5, "delete_at": 7,
			"creator_id": s.Admin.ID, "total_msg_count": 9, "scheme_id": id.New(), "shared": true, "policy_id": id.New()}).Want(t, 201).Into(t, &c)
		if c.CreateAt == 5 || c.DeleteAt != 0 || c.CreatorID != alice.ID || c.TotalMsgCount != 0 || c.SchemeID != nil || c.Shared != nil || c.PolicyID != nil {
			t.Errorf("created %+v", c)
		}
		for _, bad := range []struct {
			body  map[string]any
			error string
		}{
			{map[string]any{"name": "a b"}, "model.channel.is_valid.1_or_more.app_error"},
			{map[string]any{"name": strings.Repeat("n", 65)}, "model.channel.is_valid.1_or_more.app_error"},
			{map[string]any{"name": "-x"}, "model.channel.is_valid.1_or_more.app_error"},
			{map[string]any{"display_name": strings.Repeat("é", 65)}, "model.channel.is_valid.display_name.app_error"},
			{map[string]any{"type": "G"}, "api.channel.create_channel.direct_channel.app_error"},
			{map[string]any{"type": ""}, "model.channel.is_valid.type.app_error"},
			{map[string]any{"id": id.New()}, "store.sql_channel.save_channel.existing.app_error"},
			{map[string]any{"team_id": "short"}, badBody},
			{map[string]any{"team_id": 5}, badBody},
			{map[string]any{"banner_info": map[string]any{"enabled": true, "text": "x", "background_color": "red"}},
				"model.channel.is_valid.banner_info.background_color.invalid.app_error"},
		} {
			body := map[string]any{"team_id": team.ID, "name": "n" + id.New()[:8], "display_name": "N", "type": "O"}
			for k, v := range bad.body {
				body[k] = v
			}
			alice.POST("/channels", body).Refused(t, 400, bad.error)
		}
		alice.DELETE("/channels/"+c.ID).Want(t, 200)
		alice.POST("/channels", map[string]any{"team_id": team.ID, "name": "plain", "display_name": "Again", "type": "O"}).
			Refused(t, 400, "store.sql_channel.save_channel.exists.app_error")
	})
}

func TestATeamHoldsSoManyChannels(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		alice := s.User("alice")
		team := s.Team(alice)
		s.Channel(alice, team)
		alice.POST("/channels", map[string]any{"team_id": team.ID, "name": "more", "display_name": "More", "type": "O"}).
			Refused(t, 400, "api.channel.create_channel.max_channel_limit.app_error")
	}, testkit.Env("MM_TEAMSETTINGS_MAXCHANNELSPERTEAM=3"))
}

func TestArchivedChannelsRefuseChanges(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		alice, bob, carol := s.User("alice"), s.User("bob"), s.User("carol")
		team := s.Team(alice, bob, carol)
		for _, c := range []*model.Channel{s.Channel(alice, team, bob), s.Private(alice, team, bob)} {
			alice.DELETE("/channels/"+c.ID).Want(t, 200)
			alice.DELETE("/channels/"+c.ID).Refused(t, 400, "api.channel.delete_channel.deleted.app_error")
			alice.PUT("/channels/"+c.ID+"/patch", map[string]string{"header": "x"}).Refused(t, 400, "api.channel.update_channel.deleted.app_error")
			alice.PUT("/channels/"+c.ID, map[string]string{"id": c.ID, "header": "x"}).Refused(t, 400, "api.channel.update_channel.deleted.app_error")
			s.Admin.PUT("/channels/"+c.ID+"/privacy", map[string]string{"privacy": "P"}).Refused(t, 400, "api.channel.update_channel.deleted.app_error")
			alice.POST("/channels/"+c.ID+"/members", map[string]string{"user_id": carol.ID}).
				Refused(t, 400, "api.channel.add_user.to.channel.failed.deleted.app_error")
			if got := list(t, bob.GET("/users/me/teams/"+team.ID+"/channels")); contains(got, c.Name) {
				t.Errorf("an archived channel is listed: %v", got)
			}
			if got := list(t, bob.GET("/users/me/teams/"+team.ID+"/channels?include_deleted=true&last_delete_at=1")); !contains(got, c.Name) {
				t.Errorf("an archived channel that was asked for is not listed: %v", got)
			}
			bob.GET("/teams/"+team.ID+"/channels/name/"+c.Name).Refused(t, 404, "app.channel.get_by_name.missing.app_error")
			bob.GET("/teams/"+team.ID+"/channels/name/"+c.Name+"?include_deleted=true").Want(t, 200)
			seen := list(t, carol.GET("/teams/"+team.ID+"/channels/deleted"))
			if contains(seen, c.Name) != (c.Type == "O") {
				t.Errorf("an outsider sees archived %v", seen)
			}
			s.Admin.POST("/channels/"+c.ID+"/restore", nil).Want(t, 200)
			s.Admin.POST("/channels/"+c.ID+"/restore", nil).Refused(t, 400, "api.channel.restore_channel.restored.app_error")
			alice.PUT("/channels/"+c.ID+"/patch", map[string]string{"header": "x"}).Want(t, 200)
		}
	})
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

func TestDeletingForGoodIsASetting(t *testing.T) {
	for _, allowed := range []bool{false, true} {
		opt := testkit.Env("MM_SERVICESETTINGS_ENABLEAPICHANNELDELETION=" + map[bool]string{true: "true", false: "false"}[allowed])
		testkit.Each(t, func(t *testing.T, s *testkit.Server) {
			alice := s.User("alice")
			team := s.Team(alice)
			c := s.Channel(alice, team)
			alice.DELETE("/channels/"+c.ID+"?permanent=true").Refused(t, 401, "api.user.delete_channel.not_enabled.app_error")
			if !allowed {
				s.Admin.DELETE("/channels/"+c.ID+"?permanent=true").Refused(t, 401, "api.user.delete_channel.not_enabled.for_admin.app_error")
				return
			}
			s.Admin.DELETE("/channels/"+c.ID+"?permanent=true").Want(t, 200)
			alice.GET("/channels/"+c.ID).Refused(t, 404, unknown)
			for _, table := range []string{"channelmembers", "channelmemberhistory"} {
				n, err := db.Value[int64](t.Context(), s.DB, "SELECT count(*) FROM "+table+" WHERE channelid = $1", c.ID)
				if err != nil || n != 0 {
					t.Errorf("%s keeps %d rows (%v)", table, n, err)
				}
			}
			alice.POST("/channels", map[string]any{"team_id": team.ID, "name": c.Name, "display_name": "Again", "type": "O"}).Want(t, 201)
		}, opt)
	}
}

func TestEditing(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		alice, bob := s.User("alice"), s.User("bob")
		team := s.Team(alice, bob)
		c, other := s.Channel(alice, team, bob), s.Channel(alice, team)
		path := "/channels/" + c.ID
		alice.PUT(path, map[string]any{"id": other.ID, "header": "x"}).Refused(t, 400, badBody)
		alice.PUT(path, map[string]any{"id": c.ID, "type": "P"}).Refused(t, 400, "api.channel.update_channel.typechange.app_error")
		alice.PUT(path, map[string]any{"id": c.ID, "name": other.Name}).Refused(t, 400, "store.sql_channel.save_channel.exists.app_error")
		alice.PUT(path, map[string]any{"id": c.ID, "display_name": "New", "header": "h", "purpose": "p", "delete_at": 9, "team_id": id.New()}).Want(t, 200)
		if got := channel(t, alice, c.ID); got.DisplayName != "New" || got.Header != "h" || got.Purpose != "p" || got.DeleteAt != 0 || got.TeamID != team.ID || got.Name != c.Name {
			t.Errorf("edited to %+v", got)
		}
		alice.PUT(path+"/patch", "{}").Refused(t, 400, "api.channel.patch_update_channel.no_changes.app_error")
		alice.PUT(path+"/patch", `{"header":5}`).Refused(t, 400, badBody)
		alice.PUT(path+"/patch", `[`).Refused(t, 400, badBody)
		bob.PUT(path+"/patch", map[string]any{"banner_info": map[string]any{"enabled": true}}).Refused(t, 403, noPermission)
		banner := map[string]any{"enabled": true, "text": "Mind the gap", "background_color": "#ff8800"}
		alice.PUT(path+"/patch", map[string]any{"banner_info": banner}).Want(t, 200)
		alice.PUT(path+"/patch", map[string]any{"banner_info": map[string]any{"text": "Stand clear"}}).Want(t, 200)
		if b := channel(t, bob, c.ID).BannerInfo; b == nil || !*b.Enabled || *b.Text != "Stand clear" || *b.BackgroundColor != "#ff8800" {
			t.Errorf("the banner is %+v", b)
		}
	})
}

func TestPrivacyDecidesWhoFindsAChannel(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		alice, bob := s.User("alice"), s.User("bob")
		team := s.Team(alice, bob)
		c := s.Channel(alice, team)
		bob.GET("/channels/"+c.ID).Want(t, 200)
		s.Admin.PUT("/channels/"+c.ID+"/privacy", map[string]string{"privacy": "P"}).Want(t, 200)
		bob.GET("/channels/"+c.ID).Refused(t, 403, noPermission)
		bob.POST("/channels/"+c.ID+"/members", map[string]string{"user_id": bob.ID}).Refused(t, 403, noPermission)
		if got := list(t, bob.GET("/teams/"+team.ID+"/channels")); contains(got, c.Name) {
			t.Errorf("a private channel is listed: %v", got)
		}
		n, err := db.Value[int64](t.Context(), s.DB, "SELECT count(*) FROM publicchannels WHERE id = $1", c.ID)
		if err != nil || n != 0 {
			t.Errorf("publicchannels has it: %d, %v", n, err)
		}
		s.Admin.PUT("/channels/"+c.ID+"/privacy", map[string]string{"privacy": "O"}).Want(t, 200)
		bob.GET("/channels/"+c.ID).Want(t, 200)
	})
}

func TestSearchingLeavesOutCaseAndAccents(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		alice, bob := s.User("alice"), s.User("bob")
		team := s.Team(alice, bob)
		make := func(kind, name, display, purpose string) {
			alice.POST("/channels", map[string]any{"team_id": team.ID, "name": name, "display_name": display, "purpose": purpose, "type": kind}).Want(t, 201)
		}
		make("O", "cafe", "Café crème", "")
		make("O", "percent", "100% sure_thing", "where we are certain")
		make("P", "hidden-cafe", "Hidden CAFÉ", "")
		find := func(a *testkit.Actor, term string) string {
			return strings.Join(list(t, a.POST("/teams/"+team.ID+"/channels/search", map[string]string{"term": term})), " ")
		}
		for term, want := range map[string]string{"CAFE": "cafe", "café": "cafe", "creme caf": "cafe", "%": "percent", "e_t": "percent", "certain": "percent",
			`\`: "", "~cafe": "cafe", "o'r": "", "nothing": ""} {
			if got := find(bob, term); got != want {
				t.Errorf("search %q finds %q, want %q", term, got, want)
			}
		}
		complete := func(a *testkit.Actor, name string) string {
			return strings.Join(list(t, a.GET("/teams/"+team.ID+"/channels/autocomplete?name="+name)), " ")
		}
		if got := complete(bob, "cafe"); got != "cafe" {
			t.Errorf("somebody outside completes to %q", got)
		}
		if got := complete(alice, "cafe"); got != "cafe hidden-cafe" {
			t.Errorf("a member completes to %q", got)
		}
		bob.POST("/teams/"+team.ID+"/channels/search", `{"term":5}`).Refused(t, 400, badBody)
		var all []model.ChannelWithTeamData
		bob.POST("/channels/search?system_console=false", map[string]string{"term": "cafe"}).Want(t, 200).Into(t, &all)
		if len(all) != 1 || all[0].Name != "cafe" || all[0].TeamName != team.Name {
			t.Errorf("search everywhere finds %+v", all)
		}
	})
}

// The list of one's channels shows every change at once, though it is made of
// remembered channels.
func TestMyChannelsAreFresh(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		alice, bob := s.User("alice"), s.User("bob")
		team := s.Team(alice, bob)
		c := s.Channel(alice, team, bob)
		mine := func() model.Channel {
			var all []model.Channel
			bob.GET("/users/me/teams/"+team.ID+"/channels").Want(t, 200).Into(t, &all)
			for _, x := range all {
				if x.ID == c.ID {
					return x
				}
			}
			t.Fatalf("not among %v", all)
			return model.Channel{}
		}
		before := mine()
		alice.Say(c, "one more")
		if x := mine(); x.TotalMsgCount != before.TotalMsgCount+1 || x.LastPostAt < before.LastPostAt {
			t.Errorf("after a message %+v", x)
		}
		for _, header := range []string{"a", "b", "c"} {
			alice.PUT("/channels/"+c.ID+"/patch", map[string]string{"header": header}).Want(t, 200)
			if x := mine(); x.Header != header {
				t.Errorf("header %q, want %q", x.Header, header)
			}
		}
		s.Admin.PUT("/channels/"+c.ID+"/privacy", map[string]string{"privacy": "P"}).Want(t, 200)
		if x := mine(); x.Type != "P" {
			t.Errorf("is %+v", x)
		}
		r := bob.GET("/users/me/teams/" + team.ID + "/channels")
		etag := r.Header.Get("Etag")
		if got := bob.Do("GET", "/users/me/teams/"+team.ID+"/channels", nil, "If-None-Match", etag); got.Status != 304 || etag == "" {
			t.Errorf("with etag %q: %s", etag, got)
		}
	})
}
