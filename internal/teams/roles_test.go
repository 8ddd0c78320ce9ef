package teams_test

import (
	"testing"

	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/testkit"
)

func setRoles(by *testkit.Actor, teamID, userID, roles string) *testkit.Response {
	return by.PUT("/teams/"+teamID+"/members/"+userID+"/roles", map[string]string{"roles": roles})
}

func setSchemeRoles(by *testkit.Actor, teamID, userID string, user, admin, guest bool) *testkit.Response {
	return by.PUT("/teams/"+teamID+"/members/"+userID+"/schemeRoles", map[string]bool{"scheme_user": user, "scheme_admin": admin, "scheme_guest": guest})
}

func TestRolesOfMembers(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		owner, member, stranger := s.User("owner"), s.User("member"), s.User("stranger")
		team := s.Team(owner, member)
		heard := member.Listen()
		for _, a := range []*testkit.Actor{member, stranger} {
			for _, of := range []string{a.ID, owner.ID} {
				setRoles(a, team.ID, of, "team_user team_admin").Refused(t, 403, noPermission)
				setSchemeRoles(a, team.ID, of, true, true, false).Refused(t, 403, noPermission)
			}
		}
		for roles, want := range map[string]string{
			"":                              "api.context.invalid_body_param.app_error",
			"Bad!":                          "api.context.invalid_body_param.app_error",
			"team_user nothing_of_the_kind": "app.role.get_by_name.app_error",
			"team_user system_admin":        "api.channel.update_team_member_roles.scheme_role.app_error",
			"team_user channel_admin":       "api.channel.update_team_member_roles.scheme_role.app_error",
			"team_guest":                    "api.channel.update_team_member_roles.changing_guest_role.app_error",
			"team_user team_guest":          "api.team.update_team_member_roles.guest_and_user.app_error",
		} {
			setRoles(owner, team.ID, member.ID, roles).Refused(t, 400, want)
		}
		// A role of the system, even one that no scheme gives, is not a team's to give.
		setRoles(owner, team.ID, member.ID, "team_user system_manager").Refused(t, 403, noPermission)
		setRoles(owner, team.ID, stranger.ID, "team_user").Refused(t, 404, "app.team.get_member.missing.app_error")
		setSchemeRoles(owner, team.ID, member.ID, false, true, false).Refused(t, 400, "api.team.update_team_member_roles.unset_user_scheme.app_error")
		setSchemeRoles(owner, team.ID, member.ID, true, false, true).Refused(t, 400, "api.team.update_team_member_roles.user_and_guest.app_error")

		setRoles(owner, team.ID, member.ID, "team_user team_admin").Want(t, 200)
		e := heard.Expect("memberrole_updated", nil)
		var told model.TeamMember
		e.JSON(t, "member", &told)
		if told.Roles != "team_user team_admin" || told.UserID != member.ID || e.Broadcast["user_id"] != member.ID {
			t.Errorf("told %+v", e)
		}
		patch(member, team.ID, map[string]any{"description": "now I may"}).Want(t, 200)
		setSchemeRoles(owner, team.ID, member.ID, true, false, false).Want(t, 200)
		patch(member, team.ID, map[string]any{"description": "no more"}).Refused(t, 403, noPermission)
	})
}

func TestSchemes(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		owner, member := s.User("owner"), s.User("member")
		team := s.Team(owner, member)
		heard := member.Listen()
		schemeID := id.New()
		if _, err := s.DB.Exec(t.Context(), `INSERT INTO schemes (id, name, displayname, description, createat, updateat, deleteat, scope,
			defaultteamadminrole, defaultteamuserrole, defaultteamguestrole) VALUES ($1, 'quiet', 'Quiet', '', 1, 1, 0, 'team', 'team_admin', 'quiet_user', 'team_guest')`,
			schemeID); err != nil {
			t.Fatal(err)
		}
		set := func(by *testkit.Actor, v any) *testkit.Response {
			return by.PUT("/teams/"+team.ID+"/scheme", map[string]any{"scheme_id": v})
		}
		set(owner, schemeID).Refused(t, 403, noPermission)
		set(s.Admin, "x").Refused(t, 400, "api.context.invalid_body_param.app_error")
		set(s.Admin, id.New()).Refused(t, 404, "app.scheme.get.app_error")
		set(s.Admin, schemeID).Want(t, 200)
		heard.Expect("update_team_scheme", nil)
		if m := membership(t, s.Admin, team.ID, member.ID); m.Roles != "quiet_user" {
			t.Errorf("in a scheme: %+v", m)
		}
		// The role has no rights: membership alone gives none.
		member.GET("/teams/"+team.ID).Refused(t, 403, noPermission)
		set(s.Admin, "").Want(t, 200)
		member.GET("/teams/"+team.ID).Want(t, 200)
	})
}

func TestGroupConstrainedTeams(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		owner, within, without := s.User("owner"), s.User("within"), s.User("without")
		team := s.Team(owner)
		group := id.New()
		for _, sql := range []string{
			`INSERT INTO usergroups (id, name, displayname, source, createat, updateat, deleteat, allowreference) VALUES ($1, 'crew', 'Crew', 'ldap', 1, 1, 0, true)`,
			`INSERT INTO groupmembers (groupid, userid, createat, deleteat) VALUES ($1, '` + within.ID + `', 1, 0)`,
			`INSERT INTO groupteams (groupid, teamid, autoadd, schemeadmin, createat, updateat, deleteat) VALUES ($1, '` + team.ID + `', false, true, 1, 1, 0)`,
		} {
			if _, err := s.DB.Exec(t.Context(), sql, group); err != nil {
				t.Fatal(err)
			}
		}
		patch(owner, team.ID, map[string]any{"group_constrained": true}).Want(t, 200)
		add(owner, team.ID, without.ID).Refused(t, 400, "api.team.add_members.user_denied")
		without.POST("/teams/members/invite?invite_id="+team.InviteID, nil).Refused(t, 403, "app.team.invite_id.group_constrained.error")
		add(owner, team.ID, within.ID).Want(t, 201)
		if m := membership(t, owner, team.ID, within.ID); !m.SchemeAdmin {
			t.Errorf("the group makes its people administrators: %+v", m)
		}
		owner.DELETE("/teams/"+team.ID+"/members/"+within.ID).Refused(t, 400, "api.team.remove_member.group_constrained.app_error")

		var rest model.UsersWithGroupsAndCount
		s.Admin.GET("/teams/"+team.ID+"/members_minus_group_members?group_ids="+group).Want(t, 200).Into(t, &rest)
		if rest.Count != 1 || len(rest.Users) != 1 {
			t.Errorf("outside of the group: %+v", rest)
		}
		var all struct {
			Users []struct {
				ID       string         `json:"id"`
				Groups   []*model.Group `json:"groups"`
				Admin    bool           `json:"scheme_admin"`
				Password *string        `json:"password"`
			} `json:"users"`
		}
		s.Admin.GET("/teams/"+team.ID+"/members_minus_group_members?group_ids="+id.New()).Want(t, 200).Into(t, &all)
		if len(all.Users) != 2 || all.Users[1].ID != within.ID || len(all.Users[1].Groups) != 1 || all.Users[1].Groups[0].DisplayName != "Crew" ||
			!all.Users[1].Admin || all.Users[0].Password != nil {
			t.Errorf("with groups: %+v", all)
		}
		s.Admin.GET("/teams/"+team.ID+"/members_minus_group_members?group_ids=x").Refused(t, 400, "api.context.invalid_body_param.app_error")
	})
}

func TestGuests(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		owner, guest := s.User("owner"), s.User("guest")
		team := s.Team(owner, guest)
		open := s.Team(owner)
		patch(owner, open.ID, map[string]any{"allow_open_invite": true}).Want(t, 200)
		heard := guest.Listen()
		s.Admin.POST("/users/"+guest.ID+"/demote", nil).Want(t, 200)
		heard.Expect("memberrole_updated", nil)
		if m := membership(t, guest, team.ID, guest.ID); !m.SchemeGuest || m.SchemeUser || m.Roles != "team_guest" {
			t.Errorf("a guest: %+v", m)
		}
		setSchemeRoles(owner, team.ID, guest.ID, true, true, false).Refused(t, 400, "api.team.update_team_member_roles.guest.app_error")
		setRoles(owner, team.ID, guest.ID, "team_user").Refused(t, 400, "api.channel.update_team_member_roles.changing_guest_role.app_error")
		guest.POST("/teams/members/invite?invite_id="+open.InviteID, nil).Refused(t, 403, "api.team.add_user_to_team_from_invite.guest.app_error")
		add(guest, open.ID, guest.ID).Refused(t, 403, noPermission)
		guest.POST("/teams", map[string]string{"name": "g" + id.New(), "display_name": "G", "type": "O"}).
			Refused(t, 403, "api.team.is_team_creation_allowed.disabled.app_error")
		guest.GET("/teams/"+open.ID).Refused(t, 403, noPermission)

		// Of the members a guest sees those with whom they share a channel.
		stranger := s.User("stranger")
		add(s.Admin, team.ID, stranger.ID).Want(t, 201)
		if _, err := s.DB.Exec(t.Context(), `DELETE FROM channelmembers WHERE userid = $1`, guest.ID); err != nil {
			t.Fatal(err)
		}
		var members []model.TeamMember
		guest.GET("/teams/"+team.ID+"/members").Want(t, 200).Into(t, &members)
		if len(members) != 1 || members[0].UserID != guest.ID {
			t.Errorf("a guest sees %+v", members)
		}
		guest.POST("/teams/"+team.ID+"/members/ids", []string{stranger.ID}).Want(t, 200).Into(t, &members)
		if len(members) != 0 {
			t.Errorf("a guest asked for %+v", members)
		}
		guest.GET("/teams/"+team.ID+"/members/"+stranger.ID).Refused(t, 403, noPermission)
		var stats model.TeamStats
		guest.GET("/teams/"+team.ID+"/stats").Want(t, 200).Into(t, &stats)
		if stats.TotalMemberCount != 1 {
			t.Errorf("a guest counts %+v", stats)
		}

		s.Admin.POST("/users/"+guest.ID+"/promote", nil).Want(t, 200)
		if m := membership(t, guest, team.ID, guest.ID); m.SchemeGuest || m.Roles != "team_user" {
			t.Errorf("a guest no more: %+v", m)
		}
	}, testkit.Env("MM_GUESTACCOUNTSSETTINGS_ENABLE=true"))
}
