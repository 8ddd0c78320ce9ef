package users_test

import (
	"cmp"
	"slices"
	"strings"
	"testing"

	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/testkit"
)

func usersOf(t *testing.T, r *testkit.Response) []string {
	t.Helper()
	var list []model.User
	r.Want(t, 200).Into(t, &list)
	var out []string
	for _, u := range list {
		if u.Username != model.BotSystemUsername { // the server's own, there from the start
			out = append(out, u.Username)
		}
	}
	return out
}

func same(t *testing.T, what string, got []string, want ...*testkit.Actor) {
	t.Helper()
	var expected []string
	for _, a := range want {
		expected = append(expected, a.Username)
	}
	slices.Sort(expected)
	sorted := slices.Sorted(slices.Values(got))
	if !slices.Equal(sorted, expected) {
		t.Errorf("%s: %v, want %v", what, got, expected)
	}
}

func TestBrowse(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		alice, bob, carol, dave := s.User("alice"), s.User("bob"), s.User("carol"), s.User("dave")
		team := s.Team(alice, bob, carol)
		room := s.Private(alice, team, bob)
		get := func(a *testkit.Actor, query string) []string { t.Helper(); return usersOf(t, a.GET("/users?"+query)) }

		same(t, "in team", get(alice, "in_team="+team.ID), alice, bob, carol)
		same(t, "not in team", get(alice, "not_in_team="+team.ID), s.Admin, dave)
		same(t, "in channel", get(alice, "in_channel="+room.ID), alice, bob)
		same(t, "not in channel", get(alice, "in_team="+team.ID+"&not_in_channel="+room.ID), carol)
		same(t, "without team", get(s.Admin, "without_team=true"), s.Admin, dave)
		same(t, "role", get(alice, "role=system_admin"), s.Admin)
		same(t, "roles", get(alice, "roles=system_user"), alice, bob, carol, dave)
		same(t, "team admins", get(alice, "in_team="+team.ID+"&team_roles=team_admin"), alice)
		same(t, "just members of the team", get(alice, "in_team="+team.ID+"&team_roles=team_user"), bob, carol)
		same(t, "channel admins", get(alice, "in_channel="+room.ID+"&channel_roles=channel_admin"), alice)
		s.Admin.PUT("/users/"+carol.ID+"/active", map[string]any{"active": false}).Want(t, 200)
		same(t, "active", get(alice, "in_team="+team.ID+"&active=true"), alice, bob)
		same(t, "inactive", get(alice, "in_team="+team.ID+"&inactive=true"), carol)
		var byAge []model.User
		alice.GET("/users?in_team="+team.ID+"&sort=create_at").Want(t, 200).Into(t, &byAge)
		if !slices.IsSortedFunc(byAge, func(a, b model.User) int { return cmp.Compare(b.CreateAt, a.CreateAt) }) || len(byAge) != 3 {
			t.Errorf("newest first: %+v", byAge)
		}
		if got := get(alice, "in_channel="+room.ID+"&sort=admin"); got[0] != alice.Username {
			t.Errorf("administrators first: %v", got)
		}
		if got := get(alice, "in_channel="+room.ID+"&sort=status"); len(got) != 2 {
			t.Errorf("by status: %v", got)
		}
		get(alice, "in_team="+team.ID+"&sort=last_activity_at")

		if n := len(get(alice, "per_page=100000")); n != 5 {
			t.Errorf("%d users on one page", n)
		}
	})
}

func TestBrowseRefusals(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		alice, bob, dave := s.User("alice"), s.User("bob"), s.User("dave")
		team := s.Team(alice, bob)
		room := s.Private(alice, team, bob)
		for query, want := range map[string]string{
			"not_in_channel=" + room.ID:            "api.context.invalid_url_param.app_error",
			"in_team=short":                        "api.context.invalid_url_param.app_error",
			"active=true&inactive=true":            "api.context.invalid_url_param.app_error",
			"sort=nonsense":                        "api.context.invalid_url_param.app_error",
			"sort=create_at":                       "api.context.invalid_url_param.app_error",
			"sort=admin":                           "api.context.invalid_url_param.app_error",
			"sort=display_name&in_team=" + team.ID: "api.context.invalid_url_param.app_error",
			"role=No%20Role":                       "api.context.invalid_url_param.app_error",
			"roles=No-Role":                        "api.context.invalid_body_param.app_error",
		} {
			alice.GET("/users?"+query).Refused(t, 400, want)
		}
		for query, by := range map[string]*testkit.Actor{
			"in_team=" + team.ID: dave, "not_in_team=" + team.ID: dave, "in_channel=" + room.ID: dave, "without_team=true": alice,
			"in_team=" + id.New(): dave, "in_channel=" + id.New(): dave, "in_group=" + id.New(): alice, "not_in_group=" + id.New(): alice,
			"in_team=" + team.ID + "&not_in_channel=" + room.ID: dave,
		} {
			by.GET("/users?"+query).Refused(t, 403, "api.context.permissions.app_error")
			body := map[string]any{"term": "a"}
			for _, p := range strings.Split(query, "&") {
				k, v, _ := strings.Cut(p, "=")
				key := map[string]string{"in_team": "team_id", "not_in_team": "not_in_team_id", "in_channel": "in_channel_id",
					"not_in_channel": "not_in_channel_id", "in_group": "in_group_id", "not_in_group": "not_in_group_id", "without_team": "without_team"}[k]
				body[key] = v
				if v == "true" {
					body[key] = true
				}
			}
			by.POST("/users/search", body).Refused(t, 403, "api.context.permissions.app_error")
		}
	})
}

func TestSearchWords(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		anna, ben := s.User("anna"), s.User("ben")
		anna.PUT("/users/me/patch", map[string]any{"first_name": "Änne", "last_name": "O'Hara_x", "nickname": "100%"}).Want(t, 200)
		search := func(term string, want ...*testkit.Actor) {
			t.Helper()
			same(t, term, usersOf(t, ben.POST("/users/search", map[string]any{"term": term})), want...)
			same(t, term, usersOf(t, ben.POST("/users/search", map[string]any{"term": strings.ToUpper(term)})), want...)
		}
		search(anna.Username, anna)
		search("@"+anna.Username, anna)
		search(anna.Username+"@example", anna)
		search("änne o'hara", anna)
		search("änne ben")
		search("o'hara_", anna)
		search("o'harax")
		search("%")
		search("_")
		search(`\`)
		search("100%", anna)
		search("' OR 1=1 --")
		var got struct{ Users []model.User }
		ben.GET("/users/autocomplete?name=%C3%84nn").Want(t, 200).Into(t, &got)
		if len(got.Users) != 1 {
			t.Errorf("autocomplete: %+v", got)
		}
		ben.GET("/users/autocomplete?name="+anna.Username+"@example").Want(t, 200).Into(t, &got)
		if len(got.Users) != 0 {
			t.Errorf("autocomplete looks at addresses: %+v", got)
		}
		s.Admin.PUT("/users/"+anna.ID+"/active", map[string]any{"active": false}).Want(t, 200)
		search(anna.Username)
		same(t, "inactive", usersOf(t, ben.POST("/users/search", map[string]any{"term": anna.Username, "allow_inactive": true})), anna)
	})
}

// guest makes a guest account, in no team.
func guest(t *testing.T, s *testkit.Server, name string) *testkit.Actor {
	t.Helper()
	a := s.User(name)
	s.Admin.POST("/users/"+a.ID+"/demote", nil).Want(t, 200)
	return a
}

func TestGuestsSeeTheirOwn(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		alice, bob, carol := s.User("alice"), s.User("bob"), s.User("carol")
		team := s.Team(alice, bob, carol)
		room := s.Channel(alice, team, bob)
		gus := s.User("gus")
		s.Admin.POST("/teams/"+team.ID+"/members", map[string]string{"team_id": team.ID, "user_id": gus.ID}).Want(t, 201)
		alice.POST("/channels/"+room.ID+"/members", map[string]string{"user_id": gus.ID}).Want(t, 201)
		s.Admin.POST("/users/"+gus.ID+"/demote", nil).Want(t, 200)
		// A member's default channels are left; the guest keeps the one room.
		if _, err := db.Exec(t.Context(), s.DB, `DELETE FROM channelmembers WHERE userid = $1 AND channelid <> $2`, gus.ID, room.ID); err != nil {
			t.Fatal(err)
		}
		s.Access.ForgetEverything()

		s.Admin.POST("/users/"+gus.ID+"/demote", nil).Refused(t, 501, "api.user.demote_user_to_guest.already_guest.app_error")
		gus.GET("/users/"+alice.ID).Want(t, 200)
		for _, path := range []string{"/users/" + carol.ID, "/users/" + id.New(), "/users/username/" + carol.Username, "/users/username/nobodyhere",
			"/users/email/" + carol.Username + "@example.com", "/users/email/nobody@example.com", "/users/" + carol.ID + "/image"} {
			gus.GET(path).Refused(t, 403, "api.context.permissions.app_error")
		}
		same(t, "list", usersOf(t, gus.GET("/users")), alice, bob, gus)
		same(t, "ids", usersOf(t, gus.POST("/users/ids", []string{alice.ID, carol.ID})), alice)
		same(t, "usernames", usersOf(t, gus.POST("/users/usernames", []string{alice.Username, carol.Username})), alice)
		same(t, "search", usersOf(t, gus.POST("/users/search", map[string]any{"term": carol.Username})))
		var stats model.UsersStats
		gus.GET("/users/stats").Want(t, 200).Into(t, &stats)
		if stats.TotalUsersCount != 3 {
			t.Errorf("a guest counts %d users", stats.TotalUsersCount)
		}
		gus.Listen()
		carol.PUT("/users/me/patch", map[string]any{"nickname": "c"}).Want(t, 200)
		bob.PUT("/users/me/patch", map[string]any{"nickname": "b"}).Want(t, 200)
		f := gus.Expect("user_updated", nil)
		if about, _ := f.Data["user"].(map[string]any); about["id"] != bob.ID {
			t.Errorf("a guest is told of %v", about["username"])
		}

		bob.POST("/users/"+gus.ID+"/promote", nil).Refused(t, 403, "api.context.permissions.app_error")
		s.Admin.POST("/users/"+bob.ID+"/promote", nil).Refused(t, 501, "api.user.promote_guest_to_user.no_guest.app_error")
		s.Admin.POST("/users/"+gus.ID+"/promote", nil).Want(t, 200)
		gus.GET("/users/"+carol.ID).Want(t, 200)
		if m, err := s.Access.TeamMember(t.Context(), gus.ID, team.ID); err != nil || m.SchemeGuest || !m.SchemeUser {
			t.Errorf("after promotion the membership is %+v %v", m, err)
		}
	}, testkit.Env("MM_GUESTACCOUNTSSETTINGS_ENABLE=true"))
}

func TestGuestWithoutAnybody(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		gus := guest(t, s, "gus")
		same(t, "list", usersOf(t, gus.GET("/users")), gus)
		s.Admin.POST("/users/"+s.Admin.ID+"/demote", nil).Refused(t, 400, "app.user.update.lastAdmin.app_error")
	}, testkit.Env("MM_GUESTACCOUNTSSETTINGS_ENABLE=true"))
}

func TestKnownAndGroups(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		alice, bob, carol, dave := s.User("alice"), s.User("bob"), s.User("carol"), s.User("dave")
		s.Team(alice, bob, carol)
		var known []string
		alice.GET("/users/known").Want(t, 200).Into(t, &known)
		if !slices.Contains(known, bob.ID) || slices.Contains(known, alice.ID) || slices.Contains(known, dave.ID) {
			t.Errorf("alice knows %v", known)
		}
		var group model.Channel
		alice.POST("/channels/group", []string{bob.ID, carol.ID}).Want(t, 201).Into(t, &group)
		var in map[string][]model.User
		alice.POST("/users/group_channels", []string{group.ID, id.New()}).Want(t, 200).Into(t, &in)
		if len(in) != 1 || len(in[group.ID]) != 2 {
			t.Errorf("%v", in)
		}
		for body, status := range map[string]int{`["x"]`: 200, `{}`: 400, `[]`: 400, `[5]`: 400, `null`: 400} {
			alice.POST("/users/group_channels", body).Want(t, status)
		}
	})
}

// Every list of users finds its rows by an index.
func TestListsUseIndexes(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		if !s.DB.SQLite() {
			return // with a handful of rows PostgreSQL rightly reads the table
		}
		for _, sql := range []string{
			`SELECT u.id FROM users u WHERE (lower(u.username) >= $1 AND lower(u.username) < $1) OR (lower(u.nickname) >= $1 AND lower(u.nickname) < $1)
				OR (lower(u.email) >= $1 AND lower(u.email) < $1)`,
			`SELECT u.id FROM users u WHERE u.username = $1 OR u.email = $1`,
			`SELECT id FROM audits WHERE userid = $1`,
		} {
			plan, err := db.List(t.Context(), s.DB, func(r db.Row) (string, error) {
				var a, b, c int
				var detail string
				err := r.Scan(&a, &b, &c, &detail)
				return detail, err
			}, "EXPLAIN QUERY PLAN "+sql, "x")
			if err != nil {
				t.Fatal(err)
			}
			if text := strings.Join(plan, "; "); strings.Contains(text, "SCAN") {
				t.Errorf("%s\n%s", sql, text)
			}
		}
	})
}
