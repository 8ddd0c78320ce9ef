package bots_test

import (
	"strings"
	"testing"
	"time"

	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/testkit"
)

// noticesTo are the messages of the server's own account to somebody, the oldest first.
func noticesTo(t *testing.T, s *testkit.Server, who *testkit.Actor) []*model.Post {
	t.Helper()
	var bot model.User
	s.Admin.GET("/users/username/"+model.BotSystemUsername).Want(t, 200).Into(t, &bot)
	var list model.PostList
	who.GET("/channels/"+s.Direct(who, &testkit.Actor{ID: bot.ID}).ID+"/posts").Want(t, 200).Into(t, &list)
	var out []*model.Post
	for i := len(list.Order) - 1; i >= 0; i-- {
		out = append(out, list.Posts[list.Order[i]])
	}
	return out
}

// Whoever answers for a token is told once that it ends, in time and in their language.
func TestOwnersOfTokensThatEnd(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		const day = 24 * 60 * 60 * 1000
		ann, ben := s.User("ann"), s.User("ben")
		ann.PUT("/users/me/patch", map[string]any{"locale": "fr", "timezone": map[string]string{"useAutomaticTimezone": "false", "manualTimezone": "Europe/Paris"}}).Want(t, 200)
		hers, alone := bot(t, s.Admin, nil), bot(t, s.Admin, nil)
		s.Admin.POST("/bots/"+hers.UserID+"/assign/"+ann.ID, nil).Want(t, 200)
		s.Admin.POST("/bots/"+alone.UserID+"/assign/"+s.User("gone").ID, nil).Want(t, 200)
		now := id.Now()
		token := func(userID, description string, end int64) model.UserAccessToken {
			var got model.UserAccessToken
			s.Admin.POST("/users/"+userID+"/tokens", map[string]any{"description": description, "expires_at": end}).Want(t, 200).Into(t, &got)
			return got
		}
		long, short := token(ben.ID, "@here `nightly` [report](https://x.example)", now+60*day), token(ben.ID, "probe", now+10*day)
		token(ben.ID, "for an hour", now+day/24)
		token(ben.ID, "for ever", 0)
		off := token(ben.ID, "resting", now+60*day)
		s.Admin.POST("/users/tokens/disable", map[string]string{"token_id": off.ID}).Want(t, 200)
		of := token(hers.UserID, "deploy", now+60*day)
		token(alone.UserID, "nobody's", now+60*day)
		if _, err := s.DB.Exec(t.Context(), `UPDATE users SET deleteat = 1 WHERE username LIKE 'gone%'`); err != nil {
			t.Fatal(err)
		}
		s.Admin.POST("/caches/invalidate", nil).Want(t, 200)
		tell := func(days int64) {
			if err := s.Bots().TellOfEnds(t.Context(), now+days*day+60000); err != nil {
				t.Fatal(err)
			}
		}
		told := func(who *testkit.Actor, want ...string) {
			t.Helper()
			list := noticesTo(t, s, who)
			if len(list) != len(want) {
				t.Fatalf("%d notices, want %d", len(list), len(want))
			}
			for i, p := range list {
				if !strings.Contains(p.Message, want[i]) || strings.Contains(p.Message, long.Token) || strings.Contains(p.Message, of.Token) {
					t.Errorf("%q lacks %q, or says more than it may", p.Message, want[i])
				}
			}
		}
		for _, days := range []int64{0, 8, 9, 9} {
			tell(days)
		}
		told(ben, "`probe`")
		if p := noticesTo(t, s, ben)[0]; !strings.Contains(p.Message, time.UnixMilli(short.ExpiresAt).UTC().Format("2 Jan 2006, 15:04 MST")) || p.Props["from_bot"] != "true" {
			t.Errorf("%+v", p)
		}
		tell(52)
		told(ben, "`probe`")
		told(ann)
		for range 3 {
			tell(53)
		}
		told(ben, "`probe`", "`@here ’nightly’ [report](https://x.example)`")
		told(ann, "Le jeton d’accès `deploy` de votre robot @"+hers.Username+" expire le ")
		// It was written, but that wasn't noted: not again.
		if _, err := s.DB.Exec(t.Context(), `UPDATE parley_token_limits SET tellat = 1 WHERE tokenid = $1`, of.ID); err != nil {
			t.Fatal(err)
		}
		tell(54)
		told(ann, "`deploy`")
		// One that is set to work again is told of, too; one that has ended is not.
		s.Admin.POST("/users/tokens/enable", map[string]string{"token_id": off.ID}).Want(t, 200)
		tell(61)
		told(ben, "`probe`", "nightly")
		tell(55)
		told(ben, "`probe`", "nightly", "`resting`")
	}, allowed)
}

// A bot that can't be disabled keeps none of the others running.
func TestAllBotsOfWhoLeavesEnd(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		ann := s.User("ann")
		ghost := strings.Repeat("0", 26) // there is no account of this bot
		if _, err := s.DB.Exec(t.Context(), `INSERT INTO bots (userid, description, ownerid, createat, updateat, deleteat) VALUES ($1,'',$2,1,1,0)`, ghost, ann.ID); err != nil {
			t.Fatal(err)
		}
		one, two := bot(t, s.Admin, nil), bot(t, s.Admin, nil)
		for _, b := range []*model.Bot{one, two} {
			s.Admin.POST("/bots/"+b.UserID+"/assign/"+ann.ID, nil).Want(t, 200)
		}
		s.Admin.PUT("/users/"+ann.ID+"/active", map[string]bool{"active": false}).Want(t, 200)
		for _, b := range []*model.Bot{one, two} {
			testkit.Eventually(t, "the bot of who left ends", func() bool { return s.Admin.GET("/bots/"+b.UserID).Status == 404 })
		}
	}, allowed)
}
