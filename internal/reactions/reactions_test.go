package reactions_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/testkit"
)

const noPermission = "api.context.permissions.app_error"

func react(a *testkit.Actor, postID, emoji string) *testkit.Response {
	return a.POST("/reactions", map[string]string{"user_id": a.ID, "post_id": postID, "emoji_name": emoji})
}

func unreact(a *testkit.Actor, userID, postID, emoji string) *testkit.Response {
	return a.DELETE("/users/" + userID + "/posts/" + postID + "/reactions/" + emoji)
}

// shown returns the emojis on a post, in order, and whether the post says that
// it has any.
func shown(t *testing.T, a *testkit.Actor, postID string) (emojis []string, has bool) {
	t.Helper()
	var list []model.Reaction
	a.GET("/posts/"+postID+"/reactions").Want(t, 200).Into(t, &list)
	for _, r := range list {
		emojis = append(emojis, r.EmojiName)
	}
	var p model.Post
	a.GET("/posts/"+postID).Want(t, 200).Into(t, &p)
	if p.HasReactions != (p.Metadata != nil && len(p.Metadata.Reactions) > 0) {
		t.Fatalf("has_reactions %v with %v", p.HasReactions, p.Metadata)
	}
	return emojis, p.HasReactions
}

func TestAddRemoveAndAddAgain(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		alice, bob := s.User("alice"), s.User("bob")
		room := s.Channel(alice, s.Team(alice, bob), bob)
		post := alice.Say(room, "react to this")
		alice.Listen()

		var first, again model.Reaction
		react(bob, post.ID, "+1").Want(t, 200).Into(t, &first)
		react(bob, post.ID, "+1").Want(t, 200).Into(t, &again)
		if first != again {
			t.Errorf("twice: %+v, then %+v", first, again)
		}
		react(alice, post.ID, "wave_dark_skin_tone").Want(t, 200)
		// Both may be of one millisecond.
		if got, has := shown(t, bob, post.ID); fmt.Sprint(slices.Sorted(slices.Values(got))) != "[+1 wave_dark_skin_tone]" || !has {
			t.Errorf("shown %v, %v", got, has)
		}
		var before, after model.Post
		alice.GET("/posts/"+post.ID).Into(t, &before)
		unreact(bob, "me", post.ID, "+1").Want(t, 200)
		unreact(bob, "me", post.ID, "+1").Want(t, 200)
		alice.GET("/posts/"+post.ID).Into(t, &after)
		if after.UpdateAt <= before.UpdateAt || !after.HasReactions {
			t.Errorf("one reaction left: updated %d, then %d; has %v", before.UpdateAt, after.UpdateAt, after.HasReactions)
		}
		unreact(alice, alice.ID, post.ID, "wave_dark_skin_tone").Want(t, 200)
		if got, has := shown(t, bob, post.ID); got != nil || has {
			t.Errorf("after removing all: %v, %v", got, has)
		}
		react(bob, post.ID, "+1").Want(t, 200)
		if got, has := shown(t, bob, post.ID); len(got) != 1 || !has {
			t.Errorf("after adding again: %v, %v", got, has)
		}
		var names []string
		for _, f := range alice.Listen().Events() {
			if strings.HasPrefix(f.Event, "reaction_") {
				names = append(names, f.Event)
			}
		}
		if want := "[reaction_added reaction_added reaction_removed reaction_removed reaction_added]"; fmt.Sprint(names) != want {
			t.Errorf("events %v, want %s", names, want)
		}
	})
}

func TestWhoMayReact(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		alice, bob, eve := s.User("alice"), s.User("bob"), s.User("eve")
		team := s.Team(alice, bob, eve)
		open, secret := s.Channel(alice, team, bob), s.Private(alice, team)
		talk := s.Direct(alice, bob)
		for name, post := range map[string]*model.Post{"open": alice.Say(open, "x"), "secret": alice.Say(secret, "x"), "direct": alice.Say(talk, "x")} {
			react(alice, post.ID, "smile").Want(t, 200)
			react(eve, post.ID, "smile").Refused(t, 403, noPermission)
			unreact(eve, eve.ID, post.ID, "smile").Refused(t, 403, noPermission)
			unreact(eve, alice.ID, post.ID, "smile").Refused(t, 403, noPermission)
			if name != "open" {
				eve.GET("/posts/"+post.ID+"/reactions").Refused(t, 403, noPermission)
				eve.POST("/posts/ids/reactions", []string{post.ID}).Refused(t, 403, noPermission)
			}
			s.Nobody().GET("/posts/"+post.ID+"/reactions").Refused(t, 401, "api.context.session_expired.app_error")
		}
		post := alice.Say(open, "whose?")
		react(alice, post.ID, "smile").Want(t, 200)
		unreact(bob, alice.ID, post.ID, "smile").Refused(t, 403, noPermission)
		unreact(s.Admin, alice.ID, post.ID, "smile").Want(t, 200)

		// Who has left can no longer react, nor take back.
		react(bob, post.ID, "smile").Want(t, 200)
		bob.DELETE("/channels/"+open.ID+"/members/"+bob.ID).Want(t, 200)
		unreact(bob, "me", post.ID, "smile").Refused(t, 403, noPermission)
		react(bob, post.ID, "cat").Refused(t, 403, noPermission)
	})
}

func TestWhatCannotBeReactedTo(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		alice := s.User("alice")
		team := s.Team(alice)
		room := s.Channel(alice, team)
		gone, kept := alice.Say(room, "gone"), alice.Say(room, "kept")
		react(alice, gone.ID, "smile").Want(t, 200)
		react(alice, kept.ID, "smile").Want(t, 200)
		alice.DELETE("/posts/"+gone.ID).Want(t, 200)
		react(alice, gone.ID, "cat").Refused(t, 404, "app.post.get.app_error")
		unreact(alice, "me", gone.ID, "smile").Refused(t, 404, "app.post.get.app_error")
		react(alice, id.New(), "smile").Refused(t, 403, noPermission)
		alice.POST("/posts/ids/reactions", []string{kept.ID, id.New()}).Refused(t, 403, noPermission)
		alice.DELETE("/channels/"+room.ID).Want(t, 200)
		react(alice, kept.ID, "cat").Refused(t, 403, "api.reaction.save.archived_channel.app_error")
		unreact(alice, "me", kept.ID, "smile").Refused(t, 403, "api.reaction.delete.archived_channel.app_error")
	})
}

func TestNamesOfEmojis(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		alice := s.User("alice")
		post := alice.Say(s.Channel(alice, s.Team(alice)), "x")
		now := id.Now()
		if _, err := s.DB.Exec(t.Context(), `INSERT INTO emoji (id, createat, updateat, deleteat, creatorid, name)
			VALUES ($1, $3, $3, 0, $4, 'ours'), ($2, $3, $3, $3, $4, 'former')`, id.New(), id.New(), now, alice.ID); err != nil {
			t.Fatal(err)
		}
		react(alice, post.ID, "ours").Want(t, 200)
		const none = "app.emoji.get_by_name.no_result"
		for _, name := range []string{"former", "Smile", "a b", "smile\x01", "smile_dark_skin_tone", "%", strings.Repeat("x", 64)} {
			react(alice, post.ID, name).Refused(t, 404, none)
		}
		for _, name := range []string{"", strings.Repeat("x", 65), strings.Repeat("x", 100_000)} {
			react(alice, post.ID, name).Refused(t, 400, "api.reaction.save_reaction.invalid.app_error")
		}
		unreact(alice, "me", post.ID, strings.Repeat("x", 65)).Refused(t, 400, "api.context.invalid_url_param.app_error")
		unreact(alice, "me", post.ID, "a%20b").Refused(t, 404, "api.context.404.app_error")
	})
}

func TestBadInput(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		alice := s.User("alice")
		post := alice.Say(s.Channel(alice, s.Team(alice)), "x")
		for _, body := range []string{"", "null x", "[]", `"x"`, `{"post_id":7}`, `{"emoji_name":{}}`} {
			if r := alice.POST("/reactions", body); r.Status != 400 {
				t.Errorf("%q: %s", body, r)
			}
		}
		for _, body := range []string{"", "{}", "[7]", `"x"`, "[" + strings.Repeat(`"x",`, 2) + `"`} {
			alice.POST("/posts/ids/reactions", body).Refused(t, 400, "api.payload.parse.error")
		}
		many := make([]string, 1001)
		for i := range many {
			many[i] = id.New()
		}
		alice.POST("/posts/ids/reactions", many).Refused(t, 400, "api.payload.parse.error")
		alice.POST("/posts/ids/reactions", []string{"nothing like an id"}).Refused(t, 403, noPermission)
		var none, some map[string][]model.Reaction
		alice.POST("/posts/ids/reactions", []string{}).Want(t, 200).Into(t, &none)
		react(alice, post.ID, "cat").Want(t, 200)
		other := alice.Say(&model.Channel{ID: post.ChannelID}, "without")
		alice.POST("/posts/ids/reactions", []string{post.ID, other.ID, post.ID}).Want(t, 200).Into(t, &some)
		if len(none) != 0 || len(some[post.ID]) != 1 || some[other.ID] == nil || len(some) != 2 {
			t.Errorf("bulk: %v, %v", none, some)
		}
		alice.GET("/posts/xyz/reactions").Refused(t, 400, "api.context.invalid_url_param.app_error")
	})
}

// Concurrent writers of different emojis never pass the limit.
func TestLimitOfDifferentEmojis(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		alice, bob := s.User("alice"), s.User("bob")
		post := alice.Say(s.Channel(alice, s.Team(alice, bob), bob), "x")
		names := []string{"cat", "dog", "smile", "heart", "fire", "rocket", "tada", "eyes"}
		var wg sync.WaitGroup
		for _, name := range names {
			wg.Go(func() { react(alice, post.ID, name) })
		}
		wg.Wait()
		got, _ := shown(t, alice, post.ID)
		if len(got) != 3 {
			t.Fatalf("%v on a post that holds three", got)
		}
		react(bob, post.ID, got[0]).Want(t, 200)
		react(bob, post.ID, "taco").Refused(t, 400, "app.reaction.save.save.too_many_reactions")
		unreact(alice, "me", post.ID, got[1]).Want(t, 200)
		react(bob, post.ID, "taco").Want(t, 200)
	}, testkit.Env("MM_SERVICESETTINGS_UNIQUEEMOJIREACTIONLIMITPERPOST=3"))
}

// Whoever adds and removes at the same moment leaves the rows and the post's
// mark in accord, and each change told once.
func TestRaces(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		alice, bob := s.User("alice"), s.User("bob")
		room := s.Channel(alice, s.Team(alice, bob), bob)
		for round := range 8 {
			post := alice.Say(room, fmt.Sprint("round ", round))
			var wg sync.WaitGroup
			for _, a := range []*testkit.Actor{alice, bob} {
				for range 3 {
					wg.Go(func() { react(a, post.ID, "cat").Want(t, 200) })
					wg.Go(func() { unreact(a, a.ID, post.ID, "cat").Want(t, 200) })
				}
			}
			wg.Wait()
			if got, has := shown(t, alice, post.ID); has != (len(got) > 0) {
				t.Fatalf("has_reactions is %v with %v", has, got)
			}
			for _, a := range []*testkit.Actor{alice, bob} {
				unreact(a, a.ID, post.ID, "cat").Want(t, 200)
			}
			if got, has := shown(t, alice, post.ID); has || got != nil {
				t.Fatalf("removed by all, but %v (%v)", got, has)
			}
		}
	})
}

func TestRowsGoWithAPostForGood(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		alice := s.User("alice")
		post := alice.Say(s.Channel(alice, s.Team(alice)), "x")
		react(alice, post.ID, "cat").Want(t, 200)
		s.Admin.DELETE("/posts/"+post.ID+"?permanent=true").Want(t, 200)
		n, err := db.Value[int64](t.Context(), s.DB, `SELECT count(*) FROM reactions WHERE postid = $1`, post.ID)
		if err != nil || n != 0 {
			t.Errorf("%d rows are left (%v)", n, err)
		}
	}, testkit.Env("MM_SERVICESETTINGS_ENABLEAPIPOSTDELETION=true"))
}

// A reaction costs one reading and, on PostgreSQL, one writing statement;
// SQLite, which has no round trips, writes the post and the reaction apart.
func TestStatements(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		alice := s.User("alice")
		post := alice.Say(s.Channel(alice, s.Team(alice)), "x")
		react(alice, post.ID, "smile").Want(t, 200)
		most := int64(2)
		if s.DB.SQLite() {
			most = 3
		}
		for _, c := range []struct {
			emoji string
			most  int64
		}{{"cat", most}, {"cat", 1}} {
			ctx, counter := db.CountStatements(context.Background())
			body := fmt.Sprintf(`{"user_id":%q,"post_id":%q,"emoji_name":%q}`, alice.ID, post.ID, c.emoji)
			req := httptest.NewRequestWithContext(ctx, http.MethodPost, "/api/v4/reactions", strings.NewReader(body))
			req.Header.Set("Authorization", "Bearer "+alice.Token)
			rec := httptest.NewRecorder()
			s.Handler().ServeHTTP(rec, req)
			if rec.Code != 200 || counter.N() > c.most {
				t.Errorf("%d with %d statements, at most %d", rec.Code, counter.N(), c.most)
			}
		}
	})
}
