package channels_test

import (
	"fmt"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/testkit"
)

func add(by *testkit.Actor, channelID string, ids ...string) *testkit.Response {
	if len(ids) == 1 {
		return by.POST("/channels/"+channelID+"/members", map[string]string{"user_id": ids[0]})
	}
	return by.POST("/channels/"+channelID+"/members", map[string]any{"user_ids": ids})
}

func member(t *testing.T, a *testkit.Actor, channelID, userID string) model.ChannelMember {
	t.Helper()
	var m model.ChannelMember
	a.GET("/channels/"+channelID+"/members/"+userID).Want(t, 200).Into(t, &m)
	return m
}

func TestEnteringAndLeaving(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		alice, bob, carol, dave := s.User("alice"), s.User("bob"), s.User("carol"), s.User("dave")
		team := s.Team(alice, bob, carol)
		open, closed := s.Channel(alice, team), s.Private(alice, team)
		add(bob, closed.ID, bob.ID).Refused(t, 403, noPermission)
		add(carol, open.ID, bob.ID).Refused(t, 403, noPermission)
		add(bob, open.ID, bob.ID).Want(t, 201)
		add(bob, open.ID, carol.ID).Want(t, 201)
		add(dave, open.ID, dave.ID).Refused(t, 403, noPermission)
		add(alice, id.New(), bob.ID).Refused(t, 404, unknown)
		add(alice, closed.ID, "x").Refused(t, 400, badBody)
		alice.POST("/channels/"+closed.ID+"/members", map[string]any{"user_id": bob.ID, "post_root_id": id.New()}).Refused(t, 400, badBody)
		alice.POST("/channels/"+closed.ID+"/members", map[string]any{"user_id": 5}).Refused(t, 400, badBody)

		// Of several, those who can't be members are left out.
		var got []model.ChannelMember
		add(alice, closed.ID, bob.ID, dave.ID, id.New(), bob.ID, alice.ID).Want(t, 201).Into(t, &got)
		if len(got) != 2 || got[0].UserID != bob.ID || got[1].UserID != alice.ID || !got[1].SchemeAdmin || got[0].SchemeAdmin {
			t.Errorf("added %+v", got)
		}
		add(alice, closed.ID, dave.ID, id.New()).Want(t, 404)
		s.Admin.DELETE("/users/"+carol.ID).Want(t, 200)
		add(alice, closed.ID, carol.ID).Refused(t, 403, "app.channel.add_member.deleted_user.app_error")

		bob.DELETE("/channels/"+closed.ID+"/members/"+alice.ID).Want(t, 200) // members manage members
		dave.DELETE("/channels/"+open.ID+"/members/"+bob.ID).Refused(t, 403, noPermission)
		alice.GET("/channels/"+closed.ID).Refused(t, 403, noPermission)
		alice.GET("/channels/"+closed.ID+"/members/me").Refused(t, 403, noPermission)
	})
}

func TestSomebodyRemovedHearsNothingMore(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		alice, bob := s.User("alice"), s.User("bob")
		team := s.Team(alice, bob)
		c, common := s.Private(alice, team, bob), s.Channel(alice, team, bob)
		socket := bob.Listen()
		alice.DELETE("/channels/"+c.ID+"/members/"+bob.ID).Want(t, 200)
		socket.Expect("user_removed", nil)
		alice.Say(c, "now that he is gone")
		alice.PUT("/channels/"+c.ID+"/patch", map[string]string{"header": "secret"}).Want(t, 200)
		alice.Say(common, "the end")
		socket.Expect("posted", func(f testkit.Frame) bool { return f.Broadcast["channel_id"] == common.ID })
		for _, f := range socket.Events() {
			if f.Broadcast["channel_id"] == c.ID && f.Event != "user_removed" {
				t.Errorf("heard %s of the channel", f.Event)
			}
		}
		add(alice, c.ID, bob.ID).Want(t, 201)
		alice.Say(c, "welcome back")
		socket.Expect("posted", func(f testkit.Frame) bool { return f.Broadcast["channel_id"] == c.ID })
	})
}

func TestWhoLeavesATeamLeavesItsChannels(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		alice, bob := s.User("alice"), s.User("bob")
		team := s.Team(alice, bob)
		c := s.Private(alice, team, bob)
		s.Admin.DELETE("/teams/"+team.ID+"/members/"+bob.ID).Want(t, 200)
		for _, path := range []string{"/channels/" + c.ID, "/channels/" + c.ID + "/members", "/channels/" + c.ID + "/stats", "/teams/" + team.ID + "/channels",
			"/users/me/teams/" + team.ID + "/channels", "/users/me/teams/" + team.ID + "/channels/members", "/teams/" + team.ID + "/channels/autocomplete?name=r"} {
			bob.GET(path).Refused(t, 403, noPermission)
		}
		if got := list(t, bob.GET("/users/me/channels")); len(got) != 0 {
			t.Errorf("still in %v", got)
		}
		left, err := db.Value[int64](t.Context(), s.DB, "SELECT count(*) FROM channelmemberhistory WHERE userid = $1 AND leavetime IS NULL", bob.ID)
		if err != nil || left != 0 {
			t.Errorf("the history says they are in %d channels (%v)", left, err)
		}
	})
}

func TestTownSquareHoldsEverybody(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		alice, bob := s.User("alice"), s.User("bob")
		team := s.Team(alice, bob)
		ts := townSquare(t, alice, team)
		bob.DELETE("/channels/"+ts.ID+"/members/"+bob.ID).Refused(t, 400, "api.channel.remove.default.app_error")
		s.Admin.DELETE("/channels/"+ts.ID+"/members/"+bob.ID).Refused(t, 400, "api.channel.remove.default.app_error")
		alice.PUT("/channels/"+ts.ID, map[string]string{"id": ts.ID, "name": "other"}).Refused(t, 400, "api.channel.update_channel.tried.app_error")
		s.Admin.POST("/channels/"+ts.ID+"/move", map[string]any{"team_id": s.Team(alice).ID, "force": true}).Refused(t, 403, "api.channel.move_channel.type.invalid")
		if m := member(t, bob, ts.ID, bob.ID); m.Roles != "channel_user" {
			t.Errorf("is %+v", m)
		}
	}, testkit.Env("MM_TEAMSETTINGS_EXPERIMENTALDEFAULTCHANNELS=off-topic"))
}

func TestGuestsSeeTheirChannelsOnly(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		alice, gus := s.User("alice"), s.User("gus")
		team := s.Team(alice, gus)
		mine, other := s.Channel(alice, team, gus), s.Channel(alice, team)
		s.Admin.POST("/users/"+gus.ID+"/demote", nil).Want(t, 200)
		if m := member(t, alice, mine.ID, gus.ID); !m.SchemeGuest || m.SchemeUser || m.Roles != "channel_guest" {
			t.Errorf("as a guest: %+v", m)
		}
		gus.GET("/channels/"+mine.ID).Want(t, 200)
		gus.GET("/channels/"+other.ID).Refused(t, 403, noPermission)
		gus.GET("/teams/"+team.ID+"/channels").Refused(t, 403, noPermission)
		gus.GET("/teams/"+team.ID+"/channels/name/"+other.Name).Refused(t, 403, noPermission)
		add(gus, other.ID, gus.ID).Refused(t, 403, noPermission)
		add(gus, mine.ID, alice.ID).Refused(t, 403, noPermission)
		gus.POST("/channels", map[string]any{"team_id": team.ID, "name": "guests", "display_name": "x", "type": "O"}).Refused(t, 403, noPermission)
		if got := list(t, gus.POST("/teams/"+team.ID+"/channels/search", map[string]string{"term": ""})); contains(got, other.Name) || !contains(got, mine.Name) {
			t.Errorf("a guest finds %v", got)
		}
		stranger := s.User("stranger")
		gus.POST("/channels/direct", []string{gus.ID, stranger.ID}).Refused(t, 403, noPermission)
		gus.POST("/channels/direct", []string{gus.ID, alice.ID}).Want(t, 201)
		alice.PUT("/channels/"+mine.ID+"/members/"+gus.ID+"/schemeRoles", model.SchemeRoles{SchemeUser: true, SchemeAdmin: true}).
			Refused(t, 400, "api.channel.update_channel_member_roles.guest.app_error")
		// The last channel takes the team with it.
		for _, name := range []string{"off-topic", "town-square"} {
			var c model.Channel
			alice.GET("/teams/"+team.ID+"/channels/name/"+name).Want(t, 200).Into(t, &c)
			alice.DELETE("/channels/"+c.ID+"/members/"+gus.ID).Want(t, 200)
		}
		alice.DELETE("/channels/"+mine.ID+"/members/"+gus.ID).Want(t, 200)
		gus.GET("/teams/"+team.ID).Refused(t, 403, noPermission)
	}, testkit.Env("MM_GUESTACCOUNTSSETTINGS_ENABLE=true"))
}

func TestRolesOfMembers(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		alice, bob := s.User("alice"), s.User("bob")
		team := s.Team(s.Admin, alice, bob) // alice is no administrator of the team
		c := s.Channel(alice, team, bob)
		path := "/channels/" + c.ID + "/members/" + bob.ID
		bob.PUT(path+"/roles", map[string]string{"roles": "channel_user channel_admin"}).Refused(t, 403, noPermission)
		bob.PUT(path+"/schemeRoles", model.SchemeRoles{SchemeUser: true, SchemeAdmin: true}).Refused(t, 403, noPermission)
		alice.PUT(path+"/roles", map[string]string{"roles": "system_admin"}).Refused(t, 400, "api.channel.update_channel_member_roles.scheme_role.app_error")
		alice.PUT(path+"/roles", map[string]string{"roles": "no_such_role"}).Refused(t, 400, "app.role.get_by_name.app_error")
		alice.PUT(path+"/roles", map[string]string{"roles": "channel_guest"}).Refused(t, 400, "api.channel.update_channel_member_roles.changing_guest_role.app_error")
		alice.PUT(path+"/roles", map[string]string{"roles": "Bad Role!"}).Refused(t, 400, badBody)
		alice.PUT(path+"/schemeRoles", model.SchemeRoles{SchemeAdmin: true}).Refused(t, 400, "api.channel.update_channel_member_roles.unset_user_scheme.app_error")
		alice.PUT(path+"/schemeRoles", model.SchemeRoles{SchemeUser: true, SchemeGuest: true}).Refused(t, 400, "api.channel.update_channel_member_roles.user_and_guest.app_error")
		socket := bob.Listen()
		alice.PUT(path+"/roles", map[string]string{"roles": "channel_user channel_admin"}).Want(t, 200)
		var told model.ChannelMember
		f := socket.Expect("channel_member_updated", nil)
		f.JSON(t, "channelMember", &told)
		if m := member(t, bob, c.ID, bob.ID); m.Roles != "channel_user channel_admin" || !m.SchemeAdmin || told.Roles != m.Roles {
			t.Errorf("is %+v, told %+v", m, told)
		}
		bob.PUT("/channels/"+c.ID+"/members/"+alice.ID+"/schemeRoles", model.SchemeRoles{SchemeUser: true}).Want(t, 200)
		alice.PUT(path+"/schemeRoles", model.SchemeRoles{SchemeUser: true}).Refused(t, 403, noPermission) // holds at once
	})
}

func TestTimesOfOthersAreHidden(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		alice, bob := s.User("alice"), s.User("bob")
		team := s.Team(alice, bob)
		c := s.Channel(alice, team, bob)
		alice.Say(c, "one")
		bob.POST("/channels/members/me/view", map[string]string{"channel_id": c.ID}).Want(t, 200)
		var page, byID, all []model.ChannelMember
		alice.GET("/channels/"+c.ID+"/members").Want(t, 200).Into(t, &page)
		alice.POST("/channels/"+c.ID+"/members/ids", []string{bob.ID}).Want(t, 200).Into(t, &byID)
		s.Admin.GET("/users/"+bob.ID+"/teams/"+team.ID+"/channels/members").Want(t, 200).Into(t, &all)
		for _, m := range append(append(append(page, byID...), all...), member(t, alice, c.ID, bob.ID)) {
			if m.UserID == bob.ID && (m.LastViewedAt != -1 || m.LastUpdateAt != -1) {
				t.Errorf("tells when bob read: %+v", m)
			}
		}
		if m := member(t, bob, c.ID, "me"); m.LastViewedAt <= 0 {
			t.Errorf("hides one's own: %+v", m)
		}
	})
}

// Adding a hundred people is a handful of statements, whatever their number.
func TestAddingManyIsCheap(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		alice := s.User("alice")
		team := s.Team(alice)
		ids := make([]string, 100)
		now := id.Now()
		err := s.DB.Tx(t.Context(), func(tx *db.Tx) error {
			for i := range ids {
				ids[i] = id.New()
				if _, err := tx.Exec(t.Context(), `INSERT INTO users (id, createat, updateat, deleteat, username, email, roles, timezone, notifyprops, props)
					VALUES ($1,$2,$2,0,$3,$3,'system_user','{}','{}','{}')`, ids[i], now, fmt.Sprintf("crowd%d", i)); err != nil {
					return err
				}
				if _, err := tx.Exec(t.Context(), `INSERT INTO teammembers (teamid, userid, roles, deleteat, schemeuser, schemeadmin, schemeguest, createat)
					VALUES ($1,$2,'',0,true,false,false,$3)`, team.ID, ids[i], now); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		best := time.Hour
		for range 3 {
			c := s.Channel(alice, team)
			start := time.Now()
			var got []model.ChannelMember
			add(alice, c.ID, ids...).Want(t, 201).Into(t, &got)
			best = min(best, time.Since(start))
			if len(got) != 100 || got[7].UserID != ids[7] || got[7].Roles != "channel_user" {
				t.Fatalf("added %d", len(got))
			}
			var stats model.ChannelStats
			alice.GET("/channels/"+c.ID+"/stats").Want(t, 200).Into(t, &stats)
			if stats.MemberCount != 101 {
				t.Errorf("counts %+v", stats)
			}
		}
		t.Logf("a hundred people in %v", best)
	})
}

// What clients ask for when they start costs one statement each.
func TestStatementsOfHotRoutes(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		alice, bob := s.User("alice"), s.User("bob")
		team := s.Team(alice, bob)
		c := s.Channel(alice, team, bob)
		s.Direct(alice, bob)
		for _, path := range []string{"/users/me/teams/" + team.ID + "/channels", "/users/me/teams/" + team.ID + "/channels/members", "/channels/" + c.ID,
			"/channels/" + c.ID + "/stats", "/channels/" + c.ID + "/members/me", "/channels/" + c.ID + "/members", "/users/me/channels/" + c.ID + "/unread"} {
			alice.GET(path).Want(t, 200)
			s.Access.Answers.Changed(access.Anything)
			ctx, counter := db.CountStatements(t.Context())
			req := httptest.NewRequestWithContext(ctx, "GET", "/api/v4"+path, nil)
			req.Header.Set("Authorization", "Bearer "+alice.Token)
			w := httptest.NewRecorder()
			s.Handler().ServeHTTP(w, req)
			if w.Code != 200 || counter.N() != 1 {
				t.Errorf("%s: %d, %d statements", path, w.Code, counter.N())
			}
		}
	})
}

func TestOneChannelOfSeveralAtOnce(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		alice, bob, carol := s.User("alice"), s.User("bob"), s.User("carol")
		team := s.Team(alice, bob, carol)
		var mu sync.Mutex
		direct, group := map[string]int{}, map[string]int{}
		var made, taken atomic.Int32
		var wg sync.WaitGroup
		for i := range 12 {
			wg.Go(func() {
				a, b := alice, bob
				if i%2 == 1 {
					a, b = bob, alice
				}
				var d, g model.Channel
				a.POST("/channels/direct", []string{a.ID, b.ID}).Want(t, 201).Into(t, &d)
				a.POST("/channels/group", []string{b.ID, carol.ID}).Want(t, 201).Into(t, &g)
				mu.Lock()
				direct[d.ID]++
				group[g.ID]++
				mu.Unlock()
				switch r := a.POST("/channels", map[string]string{"team_id": team.ID, "name": "contested", "display_name": "x", "type": "O"}); r.Status {
				case 201:
					made.Add(1)
				default:
					r.Refused(t, 400, "store.sql_channel.save_channel.exists.app_error")
					taken.Add(1)
				}
			})
		}
		wg.Wait()
		if len(direct) != 1 || len(group) != 1 || made.Load() != 1 || taken.Load() != 11 {
			t.Errorf("direct %v, group %v, made %d, refused %d", direct, group, made.Load(), taken.Load())
		}
	})
}

func TestComingAndGoingAtOnce(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		alice, bob := s.User("alice"), s.User("bob")
		team := s.Team(alice, bob)
		c := s.Channel(alice, team)
		var wg sync.WaitGroup
		for i := range 16 {
			wg.Go(func() {
				var r *testkit.Response
				switch i % 4 {
				case 0, 1:
					r = add(bob, c.ID, bob.ID)
				case 2:
					r = bob.DELETE("/channels/" + c.ID + "/members/" + bob.ID)
				default:
					r = alice.PUT("/channels/"+c.ID+"/patch", map[string]string{"header": fmt.Sprint(i)})
				}
				if r.Status >= 500 {
					t.Errorf("%s", r)
				}
			})
		}
		wg.Wait()
		add(bob, c.ID, bob.ID).Want(t, 201)
		bob.Post(c, "hello").Want(t, 201)
		bob.DELETE("/channels/"+c.ID+"/members/"+bob.ID).Want(t, 200)
		bob.Post(c, "hello?").Refused(t, 403, noPermission)
		open, err := db.Value[int64](t.Context(), s.DB, "SELECT count(*) FROM channelmemberhistory WHERE channelid = $1 AND userid = $2 AND leavetime IS NULL", c.ID, bob.ID)
		if err != nil || open != 0 {
			t.Errorf("the history has %d open stays (%v)", open, err)
		}
	})
}
