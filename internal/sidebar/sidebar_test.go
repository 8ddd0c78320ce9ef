package sidebar_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/testkit"
)

// person is somebody with a sidebar in a team.
type person struct {
	*testkit.Actor
	t    *testing.T
	team string
}

func (p person) path() string { return "/users/" + p.ID + "/teams/" + p.team + "/channels/categories" }

func (p person) fixed(kind string) string { return model.SidebarCategoryID(kind, p.ID, p.team) }

// board is the channels of each category by its id.
func (p person) board() map[string][]string {
	p.t.Helper()
	var all model.OrderedSidebarCategories
	p.GET(p.path()).Want(p.t, 200).Into(p.t, &all)
	out := map[string][]string{}
	for i, c := range all.Categories {
		out[c.ID] = c.ChannelIDs
		if all.Order[i] != c.ID {
			p.t.Errorf("the order is %v", all.Order)
		}
	}
	return out
}

func (p person) body(categoryID, name string, channelIDs ...string) model.SidebarCategoryWithChannels {
	c := model.SidebarCategoryWithChannels{ChannelIDs: channelIDs}
	c.ID, c.UserID, c.TeamID, c.DisplayName = categoryID, p.ID, p.team, name
	return c
}

func (p person) create(name string, channelIDs ...string) string {
	p.t.Helper()
	var c model.SidebarCategory
	p.POST(p.path(), p.body("", name, channelIDs...)).Want(p.t, 200).Into(p.t, &c)
	return c.ID
}

// wants compares what a category lists, in any order.
func (p person) wants(categoryID string, channelIDs ...string) {
	p.t.Helper()
	got := slices.Sorted(slices.Values(p.board()[categoryID]))
	slices.Sort(channelIDs)
	if !slices.Equal(got, channelIDs) {
		p.t.Errorf("%s lists %v, want %v", categoryID, got, channelIDs)
	}
}

func (p person) favourite(channelID, value string) {
	p.t.Helper()
	p.PUT("/users/me/preferences", []model.Preference{{UserID: p.ID, Category: "favorite_channel", Name: channelID, Value: value}}).Want(p.t, 200)
}

func (p person) prefers(channelID string) bool {
	return p.GET("/users/me/preferences/favorite_channel/name/"+channelID).Status == 200
}

func start(t *testing.T, s *testkit.Server) (ann, bob person, team *model.Team) {
	a, b := s.User("ann"), s.User("bob")
	team = s.Team(a, b)
	return person{a, t, team.ID}, person{b, t, team.ID}, team
}

func TestWhereChannelsShow(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		ann, bob, team := start(t, s)
		room := s.Channel(bob.Actor, team)
		base := ann.board()[ann.fixed("channels")]
		ann.POST("/channels/"+room.ID+"/members", map[string]string{"user_id": ann.ID}).Want(t, 201)
		direct := s.Direct(ann.Actor, bob.Actor)
		other := person{ann.Actor, t, s.Team(ann.Actor).ID}
		ann.wants(ann.fixed("channels"), append([]string{room.ID}, base...)...)
		ann.wants(ann.fixed("direct_messages"), direct.ID)
		other.wants(other.fixed("direct_messages"), direct.ID)
		if slices.Contains(other.board()[other.fixed("channels")], room.ID) {
			t.Error("a channel shows in another team")
		}
		mine := ann.create("Mine", room.ID, direct.ID, id.New())
		ann.wants(mine, room.ID, direct.ID)
		ann.wants(ann.fixed("direct_messages"))
		ann.DELETE("/channels/"+room.ID+"/members/"+ann.ID).Want(t, 200)
		ann.wants(mine, direct.ID)
		ann.wants(ann.fixed("channels"), base...)
		ann.POST("/channels/"+room.ID+"/members", map[string]string{"user_id": ann.ID}).Want(t, 201)
		ann.wants(mine, direct.ID) // who comes back begins anew
		bob.DELETE("/channels/"+room.ID).Want(t, 200)
		ann.wants(ann.fixed("channels"), base...)
		ann.DELETE(ann.path()+"/"+mine).Want(t, 200)
		ann.wants(ann.fixed("direct_messages"), direct.ID)
	})
}

func TestFavouritesAreBoth(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		ann, bob, team := start(t, s)
		room, direct := s.Channel(ann.Actor, team), s.Direct(ann.Actor, bob.Actor)
		favourites := ann.fixed("favorites")
		ann.favourite(room.ID, "true") // before there is a board
		ann.wants(favourites, room.ID)
		ann.favourite(direct.ID, "true")
		ann.wants(favourites, room.ID, direct.ID)
		ann.favourite(room.ID, "false")
		ann.wants(favourites, direct.ID)

		ann.PUT(ann.path()+"/"+favourites, ann.body(favourites, "Best", room.ID)).Want(t, 200)
		ann.wants(favourites, room.ID)
		if !ann.prefers(room.ID) || ann.prefers(direct.ID) {
			t.Error("the preferences differ from the favourites")
		}
		mine := ann.create("Mine", room.ID)
		ann.wants(favourites)
		if ann.prefers(room.ID) {
			t.Error("what moved out of the favourites is still preferred")
		}
		ann.favourite(room.ID, "true")
		ann.wants(mine)
		ann.POST("/users/me/preferences/delete", []model.Preference{{UserID: ann.ID, Category: "favorite_channel", Name: room.ID}}).Want(t, 200)
		ann.wants(favourites)
		if !slices.Contains(ann.board()[ann.fixed("channels")], room.ID) {
			t.Error("a former favourite shows nowhere")
		}
		hidden := s.Private(bob.Actor, team)
		ann.favourite(hidden.ID, "true")
		ann.wants(favourites) // she isn't in it
	})
}

func TestMovesAndOrder(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		ann, _, team := start(t, s)
		one, two := s.Channel(ann.Actor, team), s.Channel(ann.Actor, team)
		a, b := ann.create("A", one.ID, one.ID, two.ID), ann.create("B")
		ann.wants(a, one.ID, two.ID)
		var out []model.SidebarCategoryWithChannels
		ann.PUT(ann.path(), []model.SidebarCategoryWithChannels{ann.body(a, "A", one.ID, two.ID), ann.body(b, "B2", two.ID)}).Want(t, 200).Into(t, &out)
		if len(out) != 2 || len(out[0].ChannelIDs) != 1 || out[1].DisplayName != "B2" {
			t.Errorf("answered %+v", out)
		}
		ann.wants(a, one.ID)
		ann.wants(b, two.ID)
		ann.Listen()
		ann.PUT(ann.path()+"/"+a, ann.body(a, "A", two.ID, one.ID)).Want(t, 200)
		f := ann.Expect("sidebar_category_updated", func(f testkit.Frame) bool { return f.Data["updatedCategories"] != nil })
		f.JSON(t, "updatedCategories", &out)
		if got := ann.board()[a]; !slices.Equal(got, []string{two.ID, one.ID}) || out[0].ID != a {
			t.Errorf("the order of channels is %v", got)
		}
		direct := ann.fixed("direct_messages")
		ann.PUT(ann.path()+"/"+direct, map[string]any{"user_id": ann.ID, "team_id": team.ID, "display_name": "x", "muted": true,
			"sorting": "alpha", "collapsed": true, "channel_ids": []string{one.ID}}).Want(t, 200).Into(t, &out[0])
		if c := out[0]; c.DisplayName != "Direct Messages" || c.Muted || c.Sorting != "alpha" || !c.Collapsed || len(c.ChannelIDs) != 0 {
			t.Errorf("direct messages became %+v", c)
		}

		order := []string{b, ann.fixed("channels"), a, direct, ann.fixed("favorites")}
		ann.PUT(ann.path()+"/order", order).Want(t, 200)
		ann.Expect("sidebar_category_order_updated", nil)
		var got []string
		ann.GET(ann.path()+"/order").Want(t, 200).Into(t, &got)
		if !slices.Equal(got, order) {
			t.Errorf("the order is %v", got)
		}
		const failed = "app.channel.sidebar_categories.app_error"
		ann.PUT(ann.path()+"/order", order[1:]).Refused(t, 400, failed)
		ann.PUT(ann.path()+"/order", append(order[:4:4], a)).Refused(t, 400, failed)
		ann.PUT(ann.path()+"/order", append(order[:4:4], id.New())).Refused(t, 403, "api.context.permissions.app_error")
		s.Admin.PUT(ann.path()+"/order", append(order[:4:4], id.New())).Refused(t, 400, failed)
		ann.DELETE(ann.path()+"/"+direct).Refused(t, 400, failed)
	})
}

func TestBadCategories(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		ann, bob, _ := start(t, s)
		const param = "api.context.invalid_body_param.app_error"
		sorted, foreign := ann.body("", "A"), ann.body("", "A")
		sorted.Sorting, foreign.UserID = "random", bob.ID
		for _, body := range []any{sorted, foreign, ann.body("", strings.Repeat("x", 65)), "", "null", "[]", `{"channel_ids":3}`, `{"display_name":{}}`} {
			ann.POST(ann.path(), body).Refused(t, 400, param)
		}
		ann.POST(ann.path(), ann.body("", "A", "x")).Refused(t, 400, "api.invalid_channel")
		ann.PUT(ann.path(), []any{ann.body(ann.fixed("channels"), ""), ann.body(ann.fixed("channels"), "")}).Refused(t, 400, param)
		ann.PUT(ann.path(), "null").Refused(t, 400, param)
		ann.PUT(ann.path()+"/order", "null").Refused(t, 400, param)
		ann.GET(ann.path()+"/favorites_x").Refused(t, 400, "api.context.invalid_url_param.app_error")
		ann.PUT(ann.path(), []any{ann.body(id.New(), "A")}).Refused(t, 403, "api.context.permissions.app_error")
		s.Admin.GET(ann.path()+"/"+id.New()).Refused(t, 404, "app.channel.sidebar_categories.app_error")
	})
}

func TestNobodyElsesSidebar(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		ann, bob, _ := start(t, s)
		mine := ann.create("Mine")
		const denied = "api.context.permissions.app_error"
		outside := person{s.User("out"), t, ann.team}
		for _, try := range []struct {
			who  person
			base string
		}{{bob, ann.path()}, {outside, outside.path()}} {
			try.who.GET(try.base).Refused(t, 403, denied)
			try.who.POST(try.base, ann.body("", "A")).Refused(t, 403, denied)
			try.who.PUT(try.base, []any{ann.body(mine, "A")}).Refused(t, 403, denied)
			try.who.GET(try.base+"/order").Refused(t, 403, denied)
			try.who.PUT(try.base+"/order", []string{mine}).Refused(t, 403, denied)
			try.who.GET(try.base+"/"+mine).Refused(t, 403, denied)
			try.who.PUT(try.base+"/"+mine, ann.body(mine, "A")).Refused(t, 403, denied)
			try.who.DELETE(try.base+"/"+mine).Refused(t, 403, denied)
		}
		// Through one's own path it isn't there either.
		bob.GET(bob.path()+"/"+mine).Refused(t, 403, denied)
		bob.PUT(bob.path()+"/"+mine, bob.body(mine, "Stolen")).Refused(t, 403, denied)
		bob.DELETE(bob.path()+"/"+mine).Refused(t, 403, denied)
		s.Admin.GET(ann.path()+"/"+mine).Want(t, 200)
		s.Nobody().GET(ann.path()).Refused(t, 401, "api.context.session_expired.app_error")
	})
}

func TestMutedCategoriesMute(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		ann, _, team := start(t, s)
		room := s.Channel(ann.Actor, team)
		muted := func(want bool) {
			t.Helper()
			var m model.ChannelMember
			ann.GET("/channels/"+room.ID+"/members/me").Want(t, 200).Into(t, &m)
			if m.Muted() != want {
				t.Errorf("muted is %v", m.Muted())
			}
		}
		mine, heard := ann.create("Mine", room.ID), ann.create("Heard")
		quiet := ann.body(mine, "Mine", room.ID)
		quiet.Muted = true
		ann.Listen()
		ann.PUT(ann.path()+"/"+mine, quiet).Want(t, 200)
		ann.Expect("channel_member_updated", nil)
		muted(true)
		ann.PUT(ann.path()+"/"+heard, ann.body(heard, "Heard", room.ID)).Want(t, 200)
		muted(false)
		ann.PUT(ann.path()+"/"+mine, quiet).Want(t, 200)
		muted(true)
	})
}

func TestChannelsThatNameTheirCategory(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		ann, bob, team := start(t, s)
		var room model.Channel
		ann.POST("/channels", map[string]string{"team_id": team.ID, "name": "project" + id.New()[:8], "display_name": "Project", "type": "O",
			"default_category_name": "Projects"}).Want(t, 201).Into(t, &room)
		own := bob.create("Projects")
		for _, p := range []person{bob, {s.User("eve"), t, team.ID}} {
			s.Admin.POST("/teams/"+team.ID+"/members", map[string]string{"team_id": team.ID, "user_id": p.ID}).Want(t, 201)
			ann.POST("/channels/"+room.ID+"/members", map[string]string{"user_id": p.ID}).Want(t, 201)
			at := ""
			for categoryID, list := range p.board() {
				if slices.Contains(list, room.ID) {
					at = categoryID
				}
			}
			if p.ID == bob.ID && at != own || at == p.fixed("channels") || at == "" {
				t.Errorf("the channel is in %q", at)
			}
		}
	})
}

func TestLeavingTheTeamClearsTheBoard(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		ann, bob, _ := start(t, s)
		bob.create("Mine")
		s.Admin.DELETE("/teams/"+bob.team+"/members/"+bob.ID).Want(t, 200)
		s.Admin.GET(bob.path()).Want(t, 200)
		ann.POST("/teams/"+bob.team+"/members", map[string]string{"team_id": bob.team, "user_id": bob.ID}).Want(t, 201)
		if got := bob.board(); len(got) != 3 {
			t.Errorf("the new board is %v", got)
		}
	})
}

// However many windows arrange at once, a channel is in one place.
func TestWritesAtOnce(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		ann, _, team := start(t, s)
		room := s.Channel(ann.Actor, team)
		var first, all sync.WaitGroup
		for range 10 {
			first.Go(func() { ann.board() })
		}
		first.Wait()
		var ids []string
		for i := range 4 {
			ids = append(ids, ann.create(fmt.Sprint(i)))
		}
		for i := range 16 {
			all.Go(func() {
				c := ids[i%4]
				if r := ann.PUT(ann.path()+"/"+c, ann.body(c, "x", room.ID)); r.Status != 200 {
					t.Error(r)
				}
				ann.PUT("/users/me/preferences", []model.Preference{{UserID: ann.ID, Category: "favorite_channel", Name: room.ID, Value: "true"}})
			})
		}
		all.Wait()
		rows := 0
		if err := s.DB.QueryRow(t.Context(), `SELECT count(*) FROM sidebarchannels WHERE channelid = $1`, room.ID).Scan(&rows); err != nil || rows != 1 {
			t.Errorf("the channel is listed %d times (%v)", rows, err)
		}
	})
}
