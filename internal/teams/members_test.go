package teams_test

import (
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/testkit"
)

func add(by *testkit.Actor, teamID, userID string) *testkit.Response {
	return by.POST("/teams/"+teamID+"/members", map[string]string{"team_id": teamID, "user_id": userID})
}

func membership(t *testing.T, a *testkit.Actor, teamID, userID string) model.TeamMember {
	t.Helper()
	var m model.TeamMember
	a.GET("/teams/"+teamID+"/members/"+userID).Want(t, 200).Into(t, &m)
	return m
}

func TestJoining(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		owner, member, stranger := s.User("owner"), s.User("member"), s.User("stranger")
		team := s.Team(owner, member)
		add(stranger, team.ID, stranger.ID).Refused(t, 403, noPermission)
		add(stranger, team.ID, owner.ID).Refused(t, 403, noPermission)
		add(stranger, id.New(), s.Admin.ID).Refused(t, 403, noPermission)
		add(member, team.ID, id.New()).Refused(t, 404, "api.team.user.missing_account")
		add(member, team.ID, "short").Refused(t, 400, "api.context.invalid_body_param.app_error")
		member.POST("/teams/"+team.ID+"/members", `[`).Refused(t, 400, "api.team.add_team_member.invalid_body.app_error")
		patch(owner, team.ID, map[string]any{"allow_open_invite": true}).Want(t, 200)

		// What a client says of roles in a member counts for nothing.
		var m model.TeamMember
		stranger.POST("/teams/"+team.ID+"/members", map[string]any{"team_id": team.ID, "user_id": stranger.ID, "roles": "team_admin",
			"explicit_roles": "system_admin", "scheme_admin": true, "delete_at": 5}).Want(t, 201).Into(t, &m)
		if m.Roles != "team_user" || m.SchemeAdmin || m.ExplicitRoles != "" || m.DeleteAt != 0 {
			t.Errorf("joined as %+v", m)
		}
		if got := membership(t, stranger, team.ID, stranger.ID); got != m {
			t.Errorf("is %+v, was told %+v", got, m)
		}
		stranger.DELETE("/teams/"+team.ID+"/members/"+owner.ID).Refused(t, 403, noPermission)
		stranger.DELETE("/teams/"+team.ID+"/members/"+stranger.ID).Want(t, 200)
		stranger.GET("/teams/"+team.ID+"/members").Refused(t, 403, noPermission)
		s.Admin.DELETE("/teams/"+team.ID+"/members/"+s.Admin.ID).Refused(t, 400, "api.team.remove_user_from_team.missing.app_error")
		var left model.TeamMember
		owner.GET("/teams/"+team.ID+"/members/"+stranger.ID).Want(t, 200).Into(t, &left)
		if left.DeleteAt == 0 {
			t.Errorf("a former member: %+v", left)
		}
	})
}

func TestTheMakerComesBackAsAdministrator(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		owner := s.User("owner")
		team := s.Team(owner)
		owner.DELETE("/teams/"+team.ID+"/members/"+owner.ID).Want(t, 200)
		add(s.Admin, team.ID, owner.ID).Want(t, 201)
		if m := membership(t, owner, team.ID, owner.ID); !m.SchemeAdmin {
			t.Errorf("came back as %+v", m)
		}
		// The address alone proves nothing: somebody may take it later.
		owner.DELETE("/teams/"+team.ID+"/members/"+owner.ID).Want(t, 200)
		thief := s.User("thief")
		for _, move := range [][2]string{{owner.ID, "moved@example.com"}, {thief.ID, owner.Username + "@example.com"}} {
			if _, err := s.DB.Exec(t.Context(), `UPDATE users SET email = $2 WHERE id = $1`, move[0], move[1]); err != nil {
				t.Fatal(err)
			}
		}
		s.Access.ForgetEverything()
		add(s.Admin, team.ID, thief.ID).Want(t, 201)
		if m := membership(t, s.Admin, team.ID, thief.ID); m.SchemeAdmin {
			t.Errorf("who took the maker's address administers the team: %+v", m)
		}
	})
}

func TestBatch(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		owner, a, b := s.User("owner"), s.User("a"), s.User("b")
		team := s.Team(owner)
		batch := func(query string, users ...string) *testkit.Response {
			list := []map[string]string{}
			for _, u := range users {
				list = append(list, map[string]string{"team_id": team.ID, "user_id": u})
			}
			return owner.POST("/teams/"+team.ID+"/members/batch"+query, list)
		}
		const bad = "api.context.invalid_body_param.app_error"
		batch("").Refused(t, 400, bad)
		batch("", "x").Refused(t, 400, bad)
		many := make([]string, model.TeamAddMembersMax+1)
		for i := range many {
			many[i] = id.New()
		}
		batch("", many...).Refused(t, 400, bad)
		owner.POST("/teams/"+team.ID+"/members/batch", `[null]`).Refused(t, 400, bad)
		owner.POST("/teams/"+team.ID+"/members/batch", []map[string]string{{"team_id": id.New(), "user_id": a.ID}}).Refused(t, 400, bad)

		// One who can't come keeps all out, unless asked to be graceful.
		ghost := id.New()
		batch("", a.ID, ghost).Refused(t, 404, "api.team.user.missing_account")
		owner.GET("/teams/"+team.ID+"/members/"+a.ID).Refused(t, 404, "app.team.get_member.missing.app_error")
		var told []model.TeamMemberWithError
		batch("?graceful=true", a.ID, ghost, b.ID, a.ID).Want(t, 201).Into(t, &told)
		if len(told) != 3 || told[0].Member == nil || told[1].Error == nil || told[1].Error.ID != "api.team.user.missing_account" ||
			told[1].Error.Message == "" || told[2].Member == nil || told[2].Error != nil {
			t.Errorf("gracefully: %+v", told)
		}
		var members []model.TeamMember
		batch("", b.ID, a.ID).Want(t, 201).Into(t, &members)
		if len(members) != 2 || members[0].UserID != b.ID {
			t.Errorf("again: %+v", members)
		}
		a.POST("/teams/"+team.ID+"/members/ids", []string{a.ID, b.ID, ghost, b.ID}).Want(t, 200).Into(t, &members)
		if len(members) != 2 {
			t.Errorf("by ids: %+v", members)
		}
		a.POST("/teams/"+team.ID+"/members/ids", `"x"`).Refused(t, 400, bad)
	})
}

func TestTeamsHaveRoomForSoMany(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		owner := s.User("owner")
		team := s.Team(owner)
		patch(owner, team.ID, map[string]any{"allow_open_invite": true}).Want(t, 200)
		people := make([]*testkit.Actor, 6)
		for i := range people {
			people[i] = s.User(fmt.Sprint("p", i))
		}
		// They come at once, by two ways; two places are free.
		var in atomic.Int32
		var wg sync.WaitGroup
		for i, p := range people {
			wg.Go(func() {
				r := add(p, team.ID, p.ID)
				if i%2 == 0 {
					r = p.POST("/teams/members/invite?invite_id="+team.InviteID, nil)
				}
				switch {
				case r.Status == 201:
					in.Add(1)
				case r.Status != 400 && r.Status != 403:
					t.Error(r)
				}
			})
		}
		wg.Wait()
		var stats model.TeamStats
		owner.GET("/teams/"+team.ID+"/stats").Want(t, 200).Into(t, &stats)
		if in.Load() != 2 || stats.ActiveMemberCount != 3 {
			t.Errorf("%d were let in, %d are in", in.Load(), stats.ActiveMemberCount)
		}
		add(owner, team.ID, people[0].ID)
		outsider := s.User("late")
		add(owner, team.ID, outsider.ID).Refused(t, 400, "app.team.join_user_to_team.save_member.max_accounts.app_error")
		add(owner, team.ID, owner.ID).Want(t, 201) // who is in stays in
	}, testkit.Env("MM_TEAMSETTINGS_MAXUSERSPERTEAM=3"))
}

func TestJoiningAndLeavingAtOnce(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		owner, other := s.User("owner"), s.User("other")
		team := s.Team(owner)
		var wg sync.WaitGroup
		for i := range 4 {
			wg.Go(func() {
				for range 5 {
					r := add(owner, team.ID, other.ID)
					if i%2 == 0 {
						r = owner.DELETE("/teams/" + team.ID + "/members/" + other.ID)
					}
					if r.Status >= 500 {
						t.Error(r)
					}
				}
			})
		}
		wg.Wait()
		add(owner, team.ID, other.ID).Want(t, 201)
		other.GET("/teams/"+team.ID+"/members").Want(t, 200)
		owner.DELETE("/teams/"+team.ID+"/members/"+other.ID).Want(t, 200)
		other.GET("/teams/"+team.ID+"/members").Refused(t, 403, noPermission)
	})
}

func TestEventsOfMembership(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		owner, member, other := s.User("owner"), s.User("member"), s.User("other")
		team := s.Team(owner, member)
		socket := other.Listen()
		seen := member.Listen()
		add(owner, team.ID, other.ID).Want(t, 201)
		socket.Expect("added_to_team", nil)
		patch(owner, team.ID, map[string]any{"description": "one"}).Want(t, 200)
		socket.Expect("update_team", nil)
		owner.DELETE("/teams/"+team.ID+"/members/"+other.ID).Want(t, 200)
		socket.Expect("leave_team", nil)
		seen.Expect("leave_team", func(f testkit.Frame) bool { return f.Data["user_id"] == other.ID })
		// Nothing of the team reaches who has left it.
		patch(owner, team.ID, map[string]any{"description": "two"}).Want(t, 200)
		seen.Expect("update_team", func(f testkit.Frame) bool {
			var told model.Team
			f.JSON(t, "team", &told)
			return told.Description == "two"
		})
		for _, f := range socket.Events() {
			if f.Event == "update_team" && strings.Contains(f.Data["team"].(string), `"two"`) {
				t.Errorf("who left heard of %+v", f)
			}
		}
	})
}

func TestMailDomains(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		owner, other := s.User("owner"), s.User("other")
		team := s.Team(owner)
		patch(owner, team.ID, map[string]any{"allowed_domains": "@work.example, ample.com xample.com"}).Want(t, 200)
		add(owner, team.ID, other.ID).Refused(t, 400, "api.team.join_user_to_team.allowed_domains.app_error")
		other.POST("/teams/members/invite?invite_id="+team.InviteID, nil).Refused(t, 400, "api.team.join_user_to_team.allowed_domains.app_error")
		patch(owner, team.ID, map[string]any{"allowed_domains": "EXAMPLE.com"}).Want(t, 200)
		add(owner, team.ID, other.ID).Want(t, 201)
		other.POST("/teams", map[string]string{"name": "d" + id.New(), "display_name": "D", "type": "O", "allowed_domains": "work.example"}).
			Refused(t, 400, "api.team.is_team_creation_allowed.domain.app_error")
	})
}

func TestDomainsOfTheServerBoundThoseOfTeams(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		team := s.Team(s.Admin)
		patch(s.Admin, team.ID, map[string]any{"allowed_domains": "example.com evil.example"}).
			Refused(t, 400, "api.team.update_restricted_domains.mismatch.app_error")
		patch(s.Admin, team.ID, map[string]any{"allowed_domains": "example.com"}).Want(t, 200)
	}, testkit.Env("MM_TEAMSETTINGS_RESTRICTCREATIONTODOMAINS=example.com other.example"))
}
