package teams_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/testkit"
)

const noPermission = "api.context.permissions.app_error"

// read returns the team as somebody sees it.
func read(t *testing.T, a *testkit.Actor, teamID string) model.Team {
	t.Helper()
	var team model.Team
	a.GET("/teams/"+teamID).Want(t, 200).Into(t, &team)
	return team
}

func patch(a *testkit.Actor, teamID string, body any) *testkit.Response {
	return a.PUT("/teams/"+teamID+"/patch", body)
}

func TestFieldsOfANewTeam(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		alice := s.User("alice")
		for _, c := range []struct {
			key   string
			value any
			want  string
		}{
			{"name", "a", "model.team.is_valid.characters.app_error"},
			{"name", "under_score", "model.team.is_valid.characters.app_error"},
			{"name", "-dash", "model.team.is_valid.characters.app_error"},
			{"name", "signup-here", "model.team.is_valid.reserved.app_error"},
			{"name", strings.Repeat("n", 65), "model.team.is_valid.url.app_error"},
			{"display_name", "", "model.team.is_valid.name.app_error"},
			{"display_name", strings.Repeat("é", 65), "model.team.is_valid.name.app_error"},
			{"description", strings.Repeat("d", 256), "model.team.is_valid.description.app_error"},
			{"company_name", strings.Repeat("c", 65), "model.team.is_valid.company.app_error"},
			{"allowed_domains", strings.Repeat("d", 501), "model.team.is_valid.domains.app_error"},
			{"type", "", "model.team.is_valid.type.app_error"},
			{"type", "D", "model.team.is_valid.type.app_error"},
			{"name", 7, "api.context.invalid_body_param.app_error"},
			{"name", "a\x00b", "api.context.invalid_body_param.app_error"},
			{"scheme_id", id.New(), noPermission},
		} {
			body := map[string]any{"name": "t" + id.New(), "display_name": "Team", "type": "O", c.key: c.value}
			r := alice.POST("/teams", body)
			if r.ErrorID() != c.want {
				t.Errorf("%s=%v: %s, want %s", c.key, c.value, r, c.want)
			}
		}
		var team model.Team
		chosen := map[string]any{"name": "x" + id.New(), "display_name": strings.Repeat("é", 64), "type": "I", "id": id.New(),
			"invite_id": "guessable", "email": "someone@else.example", "delete_at": 7, "create_at": 7, "policy_id": id.New()}
		alice.POST("/teams", chosen).Want(t, 201).Into(t, &team)
		if team.ID == chosen["id"] || team.InviteID == "guessable" || team.Email != alice.Username+"@example.com" || team.DeleteAt != 0 ||
			team.CreateAt == 7 || team.PolicyID != nil {
			t.Errorf("a client chose what is the server's to choose: %+v", team)
		}
	})
}

func TestWhoSeesWhatOfATeam(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		owner, member, stranger := s.User("owner"), s.User("member"), s.User("stranger")
		team := s.Team(owner, member)
		if got := read(t, owner, team.ID); got.Email == "" || got.InviteID == "" {
			t.Errorf("who manages the team sees not all: %+v", got)
		}
		if got := read(t, member, team.ID); got.Email != "" || got.InviteID != team.InviteID {
			t.Errorf("a member sees %+v", got)
		}
		stranger.GET("/teams/"+team.ID).Refused(t, 403, noPermission)
		stranger.GET("/teams/name/"+team.Name).Refused(t, 403, noPermission)
		var exists map[string]bool
		stranger.GET("/teams/name/"+team.Name+"/exists").Want(t, 200).Into(t, &exists)
		if exists["exists"] {
			t.Error("a stranger is told of a closed team")
		}
		for _, path := range []string{"/members", "/stats", "/members/" + owner.ID, "/image"} {
			stranger.GET("/teams/"+team.ID+path).Refused(t, 403, noPermission)
		}
		stranger.GET("/users/"+owner.ID+"/teams").Refused(t, 403, noPermission)
		stranger.GET("/users/"+owner.ID+"/teams/members").Refused(t, 403, noPermission)
		stranger.GET("/users/"+owner.ID+"/teams/unread").Refused(t, 403, noPermission)
		stranger.GET("/users/"+owner.ID+"/teams/"+team.ID+"/unread").Refused(t, 403, noPermission)

		patch(owner, team.ID, map[string]any{"allow_open_invite": true}).Want(t, 200)
		if got := read(t, stranger, team.ID); got.InviteID != "" || got.Email != "" {
			t.Errorf("a stranger sees the invite id or the address of an open team: %+v", got)
		}
		for _, list := range []func() *testkit.Response{
			func() *testkit.Response { return stranger.GET("/teams?per_page=200") },
			func() *testkit.Response { return stranger.POST("/teams/search", map[string]any{"term": team.Name}) },
		} {
			var teams []model.Team
			list().Want(t, 200).Into(t, &teams)
			if len(teams) != 1 || teams[0].ID != team.ID || teams[0].InviteID != "" || teams[0].Email != "" {
				t.Errorf("open teams for a stranger: %+v", teams)
			}
		}
	})
}

func TestChangingATeam(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		owner, member, stranger := s.User("owner"), s.User("member"), s.User("stranger")
		team := s.Team(owner, member)
		heard := member.Listen()
		for _, a := range []*testkit.Actor{member, stranger} {
			patch(a, team.ID, map[string]any{"display_name": "Mine"}).Refused(t, 403, noPermission)
			a.PUT("/teams/"+team.ID, team).Refused(t, 403, noPermission)
			a.PUT("/teams/"+team.ID+"/privacy", map[string]string{"privacy": "O"}).Refused(t, 403, noPermission)
			a.PUT("/teams/"+team.ID+"/scheme", map[string]string{"scheme_id": ""}).Refused(t, 403, noPermission)
			a.POST("/teams/"+team.ID+"/regenerate_invite_id", nil).Refused(t, 403, noPermission)
			a.DELETE("/teams/"+team.ID).Refused(t, 403, noPermission)
			a.POST("/teams/"+team.ID+"/restore", nil).Refused(t, 403, noPermission)
			a.DELETE("/teams/"+team.ID+"/image").Refused(t, 403, noPermission)
			a.DELETE("/teams/invites/email").Refused(t, 403, noPermission)
			a.GET("/teams/"+team.ID+"/members_minus_group_members?group_ids="+id.New()).Refused(t, 403, noPermission)
		}
		patch(s.Admin, id.New(), map[string]any{"display_name": "x"}).Refused(t, 404, "app.team.get.find.app_error")

		whole := *team
		whole.Name, whole.Email, whole.InviteID, whole.Type, whole.DeleteAt = "other"+id.New(), "a@b.example", id.New(), "I", 5
		whole.Description = "new"
		var got model.Team
		owner.PUT("/teams/"+team.ID, whole).Want(t, 200).Into(t, &got)
		if got.Name != team.Name || got.Email != owner.Username+"@example.com" || got.InviteID != team.InviteID || got.Type != "O" || got.DeleteAt != 0 {
			t.Errorf("an update changed what it must not: %+v", got)
		}
		if got.Description != "new" || got.UpdateAt <= team.UpdateAt {
			t.Errorf("an update did not take: %+v", got)
		}
		e := heard.Expect("update_team", nil)
		var told model.Team
		e.JSON(t, "team", &told)
		if told.Description != "new" || told.InviteID != "" || told.Email != "" || e.Broadcast["team_id"] != team.ID {
			t.Errorf("the event says %+v", e)
		}
	})
}

func TestOpeningNeedsTheRightToInvite(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		owner := s.User("owner")
		team := s.Team(owner)
		// Administrators of teams manage, but nobody in a team may invite.
		for _, role := range []string{"team_admin", "team_user"} {
			if _, err := s.DB.Exec(t.Context(), `UPDATE roles SET permissions = replace(replace(permissions, ' invite_user', ''), 'invite_user ', '') WHERE name = $1`, role); err != nil {
				t.Fatal(err)
			}
		}
		s.Access.ForgetRoles()
		patch(owner, team.ID, map[string]any{"description": "x"}).Want(t, 200)
		patch(owner, team.ID, map[string]any{"allow_open_invite": true}).Refused(t, 403, noPermission)
		patch(owner, team.ID, map[string]any{"allowed_domains": "evil.example"}).Refused(t, 403, noPermission)
		whole := *team
		whole.AllowOpenInvite = true
		owner.PUT("/teams/"+team.ID, whole).Refused(t, 403, noPermission)
		owner.PUT("/teams/"+team.ID+"/privacy", map[string]string{"privacy": "O"}).Refused(t, 403, noPermission)
		owner.POST("/teams/"+team.ID+"/regenerate_invite_id", nil).Refused(t, 403, noPermission)
		owner.POST("/teams/"+team.ID+"/invite/email", []string{"x@example.com"}).Refused(t, 403, noPermission)
		if got := read(t, owner, team.ID); got.AllowOpenInvite || got.AllowedDomains != "" || got.InviteID != "" {
			t.Errorf("the team changed, or shows its link: %+v", got)
		}
	})
}

func TestPrivacy(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		owner := s.User("owner")
		team := s.Team(owner)
		set := func(kind any) *testkit.Response {
			return owner.PUT("/teams/"+team.ID+"/privacy", map[string]any{"privacy": kind})
		}
		set("X").Refused(t, 400, "api.context.invalid_body_param.app_error")
		set(3).Refused(t, 400, "api.context.invalid_body_param.app_error")
		set(nil).Refused(t, 400, "api.context.invalid_body_param.app_error")
		var open, closed model.Team
		set("O").Want(t, 200).Into(t, &open)
		set("I").Want(t, 200).Into(t, &closed)
		if !open.AllowOpenInvite || open.InviteID != team.InviteID {
			t.Errorf("opened: %+v", open)
		}
		if closed.AllowOpenInvite || closed.Type != "I" || closed.InviteID == team.InviteID {
			t.Errorf("closed: %+v", closed)
		}
		stranger := s.User("stranger")
		stranger.POST("/teams/members/invite?invite_id="+team.InviteID, nil).Refused(t, 404, "app.team.get_by_invite_id.finding.app_error")
		s.Nobody().GET("/teams/invite/"+closed.InviteID).Refused(t, 403, "api.team.get_invite_info.not_open_team")
	})
}

func TestArchiveAndRestore(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		owner, member, stranger := s.User("owner"), s.User("member"), s.User("stranger")
		team := s.Team(owner, member)
		patch(owner, team.ID, map[string]any{"allow_open_invite": true}).Want(t, 200)
		heard := member.Listen()
		owner.DELETE("/teams/"+team.ID).Want(t, 200)
		heard.Expect("delete_team", nil)
		var mine []model.Team
		member.GET("/users/me/teams").Want(t, 200).Into(t, &mine)
		if len(mine) != 0 {
			t.Errorf("an archived team is among one's teams: %+v", mine)
		}
		stranger.GET("/teams").Want(t, 200).Into(t, &mine)
		if len(mine) != 0 {
			t.Errorf("an archived team is listed: %+v", mine)
		}
		stranger.POST("/teams/members/invite?invite_id="+team.InviteID, nil).Refused(t, 404, "app.team.get_by_invite_id.finding.app_error")
		s.Nobody().GET("/teams/invite/"+team.InviteID).Refused(t, 404, "app.team.get_by_invite_id.finding.app_error")
		stranger.POST("/teams/"+team.ID+"/members", map[string]string{"team_id": team.ID, "user_id": stranger.ID}).
			Refused(t, 404, "app.team.get.find.app_error")
		owner.DELETE("/teams/"+team.ID+"?permanent=true").Refused(t, 401, "api.user.delete_team.not_enabled.app_error")
		s.Admin.DELETE("/teams/"+team.ID+"?permanent=true").Refused(t, 401, "api.user.delete_team.not_enabled.for_admin.app_error")
		var back model.Team
		owner.POST("/teams/"+team.ID+"/restore", nil).Want(t, 200).Into(t, &back)
		heard.Expect("restore_team", nil)
		if back.DeleteAt != 0 {
			t.Errorf("restored: %+v", back)
		}
	})
}

func TestDeletingForGood(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		owner, member := s.User("owner"), s.User("member")
		team := s.Team(owner, member)
		heard := member.Listen()
		member.DELETE("/teams/"+team.ID+"?permanent=true").Refused(t, 403, noPermission)
		owner.DELETE("/teams/"+team.ID+"?permanent=true").Want(t, 200)
		heard.Expect("delete_team", nil)
		s.Admin.GET("/teams/"+team.ID).Refused(t, 404, "app.team.get.find.app_error")
		member.GET("/teams/"+team.ID+"/members").Refused(t, 403, noPermission)
		var members []model.TeamMember
		member.GET("/users/me/teams/members").Want(t, 200).Into(t, &members)
		if len(members) != 0 {
			t.Errorf("memberships are left: %+v", members)
		}
		// The address is free again.
		owner.POST("/teams", map[string]string{"name": team.Name, "display_name": "Again", "type": "O"}).Want(t, 201)
	}, testkit.Env("MM_SERVICESETTINGS_ENABLEAPITEAMDELETION=true"))
}

func TestListsOfAdministrators(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		owner := s.User("owner")
		for range 3 {
			s.Team(owner)
		}
		policy := id.New()
		team := s.Team(owner)
		for _, sql := range []string{`INSERT INTO retentionpolicies (id, displayname, postduration) VALUES ($1, 'short', 7)`,
			`INSERT INTO retentionpoliciesteams (policyid, teamid) VALUES ($1, '` + team.ID + `')`} {
			if _, err := s.DB.Exec(t.Context(), sql, policy); err != nil {
				t.Fatal(err)
			}
		}
		var page model.TeamsWithCount
		s.Admin.GET("/teams?per_page=2&page=1&include_total_count=true").Want(t, 200).Into(t, &page)
		if len(page.Teams) != 2 || page.TotalCount != 4 {
			t.Errorf("a page: %d of %d", len(page.Teams), page.TotalCount)
		}
		s.Admin.GET("/teams?exclude_policy_constrained=true&include_total_count=true").Want(t, 200).Into(t, &page)
		if page.TotalCount != 3 || len(page.Teams) != 3 {
			t.Errorf("without policies: %d of %d", len(page.Teams), page.TotalCount)
		}
		s.Admin.POST("/teams/search", map[string]any{"term": strings.ToUpper(team.Name), "page": 0, "per_page": 5}).Want(t, 200).Into(t, &page)
		if len(page.Teams) != 1 || page.TotalCount != 1 || page.Teams[0].PolicyID == nil || *page.Teams[0].PolicyID != policy {
			t.Errorf("a search: %+v", page)
		}
		owner.GET("/teams?exclude_policy_constrained=true").Refused(t, 403, noPermission)
		owner.POST("/teams/search", map[string]any{"term": "", "exclude_policy_constrained": true}).Refused(t, 403, noPermission)
		var teams []model.Team
		s.Admin.POST("/teams/search", map[string]any{"term": "%_\\"}).Want(t, 200).Into(t, &teams)
		if len(teams) != 0 {
			t.Errorf("wildcards are taken for wildcards: %+v", teams)
		}
		owner.POST("/teams/search", `{"term": 7}`).Refused(t, 400, "api.context.invalid_body_param.app_error")
	})
}

func TestEveryRouteNeedsASession(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		team := s.Team(s.Admin)
		for _, call := range [][2]string{{"GET", "/teams"}, {"POST", "/teams"}, {"POST", "/teams/search"}, {"PUT", "/teams/" + team.ID},
			{"DELETE", "/teams/" + team.ID}, {"GET", "/teams/" + team.ID + "/image"}, {"POST", "/teams/" + team.ID + "/members/batch"},
			{"POST", "/teams/members/invite?invite_id=" + team.InviteID}, {"POST", "/teams/" + team.ID + "/invite/email"}} {
			s.Nobody().Do(call[0], call[1], "{}").Refused(t, http.StatusUnauthorized, "api.context.session_expired.app_error")
		}
	})
}
