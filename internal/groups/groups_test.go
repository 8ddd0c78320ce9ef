package groups_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/testkit"
)

const noPermission = "api.context.permissions.app_error"

func body(name string, people ...*testkit.Actor) map[string]any {
	ids := []string{}
	for _, a := range people {
		ids = append(ids, a.ID)
	}
	return map[string]any{"name": name, "display_name": "Group " + name, "source": "custom", "allow_reference": true, "user_ids": ids}
}

func makeGroup(t *testing.T, a *testkit.Actor, people ...*testkit.Actor) *model.Group {
	t.Helper()
	var g model.Group
	a.POST("/groups", body("group"+id.New()[:8], people...)).Want(t, 201).Into(t, &g)
	return &g
}

// heard returns the events about groups that an actor got so far, as they came.
func heard(a *testkit.Actor) (names []string) {
	for _, f := range a.Listen().Events() {
		if strings.Contains(f.Event, "group") {
			names = append(names, f.Event)
		}
	}
	return names
}

func names(list []model.Group) (out []string) {
	for _, g := range list {
		out = append(out, *g.Name)
	}
	return out
}

func TestLifeOfAGroup(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		alice, bob, carol := s.User("alice"), s.User("bob"), s.User("carol")
		alice.Listen()
		bob.Listen()
		carol.Listen()
		g := makeGroup(t, alice, alice, bob)
		path := "/groups/" + g.ID
		if g.Source != "custom" || !g.AllowReference || g.DeleteAt != 0 || g.CreateAt == 0 {
			t.Errorf("made %+v", g)
		}
		var got model.Group
		carol.GET(path+"?include_member_count=true&include_member_ids=true").Want(t, 200).Into(t, &got)
		slices.Sort(got.MemberIDs)
		if *got.MemberCount != 2 || !slices.Equal(got.MemberIDs, slices.Sorted(slices.Values([]string{alice.ID, bob.ID}))) {
			t.Errorf("looked up: %v, %v", *got.MemberCount, got.MemberIDs)
		}
		var patched model.Group
		alice.PUT(path+"/patch", map[string]string{"display_name": "Design", "description": "who draws"}).Want(t, 200).Into(t, &patched)
		if patched.DisplayName != "Design" || patched.Description != "who draws" || *patched.Name != *g.Name || patched.UpdateAt <= g.UpdateAt {
			t.Errorf("patched %+v", patched)
		}
		var changed []model.GroupMember
		alice.POST(path+"/members", map[string]any{"user_ids": []string{carol.ID, bob.ID}}).Want(t, 200).Into(t, &changed)
		if len(changed) != 1 || changed[0].UserID != carol.ID || changed[0].DeleteAt != 0 {
			t.Errorf("added %+v", changed)
		}
		bob.Do("DELETE", path+"/members", map[string]any{"user_ids": []string{bob.ID}}).Want(t, 200).Into(t, &changed)
		if len(changed) != 1 || changed[0].UserID != bob.ID || changed[0].DeleteAt == 0 {
			t.Errorf("left %+v", changed)
		}
		var page struct {
			Members []model.User
			Count   int `json:"total_member_count"`
		}
		bob.GET(path+"/members?per_page=1&page=1").Want(t, 200).Into(t, &page)
		if page.Count != 2 || len(page.Members) != 1 || page.Members[0].ID != carol.ID || page.Members[0].Email != "" && page.Members[0].Password != "" {
			t.Errorf("members %+v", page)
		}
		alice.DELETE(path).Want(t, 200).Into(t, &got)
		if got.DeleteAt == 0 {
			t.Error("archived without a time")
		}
		alice.DELETE(path).Refused(t, 404, "app.group.no_rows")
		alice.POST(path+"/members", map[string]any{"user_ids": []string{bob.ID}}).Refused(t, 404, "app.group.no_rows")
		alice.POST(path+"/restore", nil).Want(t, 200).Into(t, &got)
		if got.DeleteAt != 0 || *got.MemberCount != 2 {
			t.Errorf("restored %+v", got)
		}
		alice.POST(path+"/restore", nil).Refused(t, 404, "app.group.no_rows")
		if got, want := fmt.Sprint(heard(carol)), "[received_group received_group received_group group_member_add received_group received_group received_group]"; got != want {
			t.Errorf("carol heard %s, want %s", got, want)
		}
		if got, want := fmt.Sprint(heard(bob)), "[received_group group_member_add received_group received_group received_group group_member_deleted received_group received_group]"; got != want {
			t.Errorf("bob heard %s, want %s", got, want)
		}
	})
}

func TestWhatAGroupMayBe(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		alice := s.User("alice")
		taken := makeGroup(t, alice)
		long := strings.Repeat("x", 200)
		for errorID, change := range map[string]map[string]any{
			"app.group.crud_permission":                 {"source": "ldap"},
			"api.custom_groups.must_be_referenceable":   {"allow_reference": false},
			"api.custom_groups.no_remote_id":            {"remote_id": "x"},
			"app.custom_group.unique_name":              {"name": *taken.Name},
			"app.group.username_conflict":               {"name": alice.Username},
			"app.group.user_not_found":                  {"user_ids": []string{alice.ID, id.New()}},
			"model.group.display_name.app_error":        {"display_name": " "},
			"model.group.name.app_error":                {"name": nil},
			"model.group.name.invalid_length.app_error": {"name": long},
			"model.group.name.invalid_chars.app_error":  {"name": "Über uns"},
			"model.group.name.reserved_name.app_error":  {"name": "here"},
			"model.group.description.app_error":         {"description": strings.Repeat(long, 6)},
			"api.context.invalid_body_param.app_error":  {"user_ids": "x"},
		} {
			b := body("fresh" + id.New()[:8])
			for k, v := range change {
				b[k] = v
			}
			alice.POST("/groups", b).Refused(t, 400, errorID)
		}
		other := makeGroup(t, alice)
		alice.PUT("/groups/"+other.ID+"/patch", map[string]any{"name": *taken.Name}).Refused(t, 400, "app.custom_group.unique_name")
		alice.PUT("/groups/"+other.ID+"/patch", map[string]any{"allow_reference": false}).Refused(t, 400, "api.custom_groups.must_be_referenceable")
		for _, raw := range []string{"", "[]", `"x"`, `{"name":7}`} {
			alice.POST("/groups", raw).Want(t, 400)
		}
		alice.POST("/groups/names", "{}").Refused(t, 400, "api.payload.parse.error")
		alice.GET("/groups/"+id.New()).Refused(t, 404, "app.group.no_rows")
		alice.GET("/groups?not_associated_to_team=x").Refused(t, 400, "api.context.invalid_body_param.app_error")
	})
}

func TestListsOfGroups(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		alice, bob := s.User("alice"), s.User("bob")
		mine, archived := makeGroup(t, alice, alice), makeGroup(t, alice, alice, bob)
		hidden := id.New()
		if _, err := s.DB.Exec(t.Context(), `INSERT INTO usergroups (id, name, displayname, description, source, remoteid, createat, updateat, deleteat, allowreference)
			VALUES ($1, $2, 'Board', '', 'ldap', $2, 1, 1, 0, false)`, hidden, "board"+hidden[:6]); err != nil {
			t.Fatal(err)
		}
		alice.DELETE("/groups/"+archived.ID).Want(t, 200)
		ask := func(a *testkit.Actor, query string) []string {
			t.Helper()
			var list []model.Group
			a.GET("/groups?per_page=200&"+query).Want(t, 200).Into(t, &list)
			return names(list)
		}
		has := func(list []string, g *model.Group) bool { return slices.Contains(list, *g.Name) }
		all := ask(bob, "")
		if !has(all, mine) || has(all, archived) || slices.Contains(all, "board"+hidden[:6]) {
			t.Errorf("all: %v", all)
		}
		if list := ask(s.Admin, ""); !slices.Contains(list, "board"+hidden[:6]) {
			t.Errorf("an administrator sees %v", list)
		}
		if list := ask(bob, "q="+strings.ToUpper(*mine.Name)); len(list) != 1 {
			t.Errorf("found %v", list)
		}
		if list := ask(bob, "filter_archived=true"); has(list, mine) || !has(list, archived) {
			t.Errorf("archived: %v", list)
		}
		if list := ask(bob, "include_archived=true&filter_has_member="+bob.ID); len(list) != 1 || !has(list, archived) {
			t.Errorf("with bob: %v", list)
		}
		if list := ask(bob, fmt.Sprint("since=", mine.UpdateAt)); !has(list, archived) || has(list, mine) {
			t.Errorf("since: %v", list)
		}
		var counted model.GroupsWithCount
		bob.GET("/groups?include_total_count=true&include_member_count=true&per_page=1&q="+*mine.Name).Want(t, 200).Into(t, &counted)
		if counted.Count != 1 || *counted.Groups[0].MemberCount != 1 {
			t.Errorf("counted: %+v", counted)
		}
		var list []model.Group
		bob.POST("/groups/names", []string{*mine.Name, *archived.Name, "board" + hidden[:6]}).Want(t, 200).Into(t, &list)
		if fmt.Sprint(names(list)) != fmt.Sprint([]string{*mine.Name}) {
			t.Errorf("by names: %v", names(list))
		}
		alice.GET("/users/me/groups").Want(t, 200).Into(t, &list)
		if fmt.Sprint(names(list)) != fmt.Sprint([]string{*mine.Name}) {
			t.Errorf("alice's: %v", names(list))
		}
		bob.GET("/users/"+alice.ID+"/groups").Refused(t, 403, noPermission)
		bob.GET("/groups/"+hidden).Refused(t, 403, noPermission)
		bob.GET("/groups/"+hidden+"/members").Refused(t, 403, noPermission)
		bob.GET("/groups/"+mine.ID+"/stats").Refused(t, 403, noPermission)
		s.Admin.POST("/groups/"+hidden+"/members", map[string]any{"user_ids": []string{bob.ID}}).Refused(t, 400, "app.group.crud_permission")
		s.Admin.DELETE("/groups/"+hidden).Refused(t, 400, "app.group.crud_permission")
		s.Admin.POST("/groups/"+hidden+"/restore", nil).Refused(t, 501, "app.group.crud_permission")
	})
}

func TestMentionOfAGroup(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		alice, bob, eve := s.User("alice"), s.User("bob"), s.User("eve")
		team := s.Team(alice, bob, eve)
		room := s.Channel(alice, team, bob)
		g := makeGroup(t, alice, bob, eve) // eve is in the group, but not in the room
		unread := func() int64 {
			t.Helper()
			var m model.ChannelUnread
			bob.GET("/users/me/channels/"+room.ID+"/unread").Want(t, 200).Into(t, &m)
			return m.MentionCount
		}
		bob.POST("/channels/members/me/view", map[string]string{"channel_id": room.ID}).Want(t, 200) // of being added
		alice.Say(room, "hello @"+*g.Name+", look")
		if n := unread(); n != 1 {
			t.Errorf("bob counts %d mentions", n)
		}
		var m model.ChannelUnread
		eve.POST("/channels/"+room.ID+"/members", map[string]string{"user_id": eve.ID}).Want(t, 201)
		eve.GET("/users/me/channels/"+room.ID+"/unread").Want(t, 200).Into(t, &m)
		if m.MentionCount != 0 {
			t.Errorf("who came later counts %d mentions", m.MentionCount)
		}
		bob.Do("DELETE", "/groups/"+g.ID+"/members", map[string]any{"user_ids": []string{bob.ID}}).Want(t, 200)
		alice.Say(room, "@"+*g.Name+" again")
		alice.DELETE("/groups/"+g.ID).Want(t, 200)
		alice.Say(room, "@"+*g.Name+" a third time")
		if n := unread(); n != 1 {
			t.Errorf("bob, who has left, counts %d mentions", n)
		}
	})
}

// Guests read of groups, but not of people whom they share nothing with, and
// make or change none.
func TestGuestsAndGroups(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		alice, stranger, guest := s.User("alice"), s.User("stranger"), s.User("guest")
		team := s.Team(alice, guest)
		s.Admin.POST("/users/"+guest.ID+"/demote", nil).Want(t, 200)
		room := s.Channel(alice, team)
		s.Admin.POST("/channels/"+room.ID+"/members", map[string]string{"user_id": guest.ID}).Want(t, 201)
		g := makeGroup(t, alice, alice, stranger)
		var page struct {
			Members []model.User
			Count   int `json:"total_member_count"`
		}
		guest.GET("/groups/"+g.ID+"/members").Want(t, 200).Into(t, &page)
		if page.Count != 1 || len(page.Members) != 1 || page.Members[0].ID != alice.ID {
			t.Errorf("a guest sees %+v", page)
		}
		if r := guest.GET("/groups?include_member_ids=true").Want(t, 200); strings.Contains(string(r.Body), stranger.ID) {
			t.Errorf("a guest learns of a stranger: %s", r.Body)
		}
		guest.GET("/groups?filter_has_member="+stranger.ID).Refused(t, 403, noPermission)
		guest.POST("/groups", body("guests"+id.New()[:6])).Refused(t, 403, noPermission)
		guest.PUT("/groups/"+g.ID+"/patch", map[string]string{"display_name": "Ours"}).Refused(t, 403, noPermission)
		guest.POST("/groups/"+g.ID+"/members", map[string]any{"user_ids": []string{guest.ID}}).Refused(t, 403, noPermission)
		guest.DELETE("/groups/"+g.ID).Refused(t, 403, noPermission)
	}, testkit.Env("MM_GUESTACCOUNTSSETTINGS_ENABLE=true"))
}

func TestCustomGroupsSwitchedOff(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		alice := s.User("alice")
		alice.POST("/groups", body("off")).Refused(t, 400, "api.custom_groups.feature_disabled")
		alice.GET("/groups?group_source=custom").Refused(t, 400, "api.custom_groups.feature_disabled")
		alice.GET("/groups").Want(t, 200)
	}, testkit.Env("MM_SERVICESETTINGS_ENABLECUSTOMGROUPS=false"))
}

func TestLinksWithTeamsAndChannels(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		alice, bob, carol, eve := s.User("alice"), s.User("bob"), s.User("carol"), s.User("eve")
		team := s.Team(alice)
		room := s.Private(alice, team)
		g := makeGroup(t, alice, alice, bob)
		links := "/groups/" + g.ID
		alice.Listen()
		eve.POST(links+"/teams/"+team.ID+"/link", map[string]bool{"auto_add": true}).Refused(t, 403, noPermission)
		eve.POST(links+"/channels/"+room.ID+"/link", map[string]bool{"auto_add": true}).Refused(t, 403, noPermission)
		alice.POST(links+"/teams/"+team.ID+"/link", map[string]bool{"scheme_admin": true}).Refused(t, 403, noPermission)

		var l model.GroupSyncable
		alice.POST(links+"/channels/"+room.ID+"/link", map[string]bool{"auto_add": true}).Want(t, 201).Into(t, &l)
		if l.ChannelID != room.ID || l.TeamID != team.ID || !l.AutoAdd || l.SchemeAdmin || l.Type != "Channel" {
			t.Errorf("linked %+v", l)
		}
		bob.GET("/channels/"+room.ID).Want(t, 200)
		alice.POST(links+"/members", map[string]any{"user_ids": []string{carol.ID}}).Want(t, 200)
		carol.GET("/channels/"+room.ID).Want(t, 200)

		var list []model.GroupSyncable
		s.Admin.GET(links+"/teams").Want(t, 200).Into(t, &list)
		if len(list) != 1 || list[0].TeamID != team.ID || list[0].AutoAdd {
			t.Errorf("teams %+v", list)
		}
		s.Admin.GET(links+"/channels/"+room.ID).Want(t, 200)
		alice.GET(links+"/channels").Refused(t, 403, noPermission)
		var page struct {
			Groups []model.GroupWithSchemeAdmin
			Count  int `json:"total_group_count"`
		}
		bob.GET("/channels/"+room.ID+"/groups").Want(t, 200).Into(t, &page)
		if page.Count != 1 || page.Groups[0].ID != g.ID || *page.Groups[0].MemberCount != 3 || !page.Groups[0].HasSyncables {
			t.Errorf("groups of the channel: %+v", page)
		}
		eve.GET("/channels/"+room.ID+"/groups").Refused(t, 403, noPermission)
		eve.GET("/teams/"+team.ID+"/groups").Refused(t, 403, noPermission)
		bob.GET("/teams/"+team.ID+"/groups?paginate=false").Want(t, 200).Into(t, &page)
		var by struct {
			Groups map[string][]model.GroupWithSchemeAdmin
		}
		bob.GET("/teams/"+team.ID+"/groups_by_channels").Want(t, 200).Into(t, &by)
		if page.Count != 1 || len(by.Groups[room.ID]) != 1 {
			t.Errorf("of the team %+v, by channels %+v", page, by)
		}
	})
}

// Kept to its groups, a channel loses who leaves them.
func TestWhoIsInNoGroupIsTakenOut(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		alice, bob, carol := s.User("alice"), s.User("bob"), s.User("carol")
		team := s.Team(alice)
		room := s.Private(alice, team)
		g := makeGroup(t, alice, alice, bob, carol)
		links := "/groups/" + g.ID
		alice.Listen()
		var l model.GroupSyncable
		alice.POST(links+"/channels/"+room.ID+"/link", map[string]bool{"auto_add": true}).Want(t, 201)
		alice.PUT("/channels/"+room.ID+"/patch", map[string]bool{"group_constrained": true}).Want(t, 200)
		alice.Do("DELETE", links+"/members", map[string]any{"user_ids": []string{bob.ID}}).Want(t, 200)
		bob.GET("/channels/"+room.ID).Refused(t, 403, noPermission)
		carol.GET("/channels/"+room.ID).Want(t, 200)
		alice.PUT(links+"/channels/"+room.ID+"/patch", map[string]bool{"auto_add": false}).Want(t, 200).Into(t, &l)
		if l.AutoAdd {
			t.Error("patched, but still adding")
		}
		s.Admin.PUT("/channels/"+room.ID+"/patch", map[string]bool{"group_constrained": false}).Want(t, 200)
		alice.DELETE(links+"/channels/"+room.ID+"/link").Want(t, 200)
		alice.DELETE(links+"/channels/"+room.ID+"/link").Refused(t, 400, "app.group.group_syncable_already_deleted")
		s.Admin.DELETE(links+"/channels/"+s.Direct(alice, bob).ID+"/link").Refused(t, 400, "api.context.invalid_url_param.app_error")
		want := []string{"received_group_associated_to_channel", "received_group_not_associated_to_channel"}
		got := slices.DeleteFunc(heard(alice), func(e string) bool { return !strings.Contains(e, "associated") })
		if !slices.Equal(got, want) {
			t.Errorf("alice heard %v, want %v", got, want)
		}
	})
}
