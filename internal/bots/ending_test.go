package bots_test

import (
	"strings"
	"testing"
	"time"

	"github.com/parley-chat/parley/internal/db"
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

const day = 24 * 60 * 60 * 1000

// endingIn makes a token of an account that ends so many days from now; 0 for never.
func endingIn(t *testing.T, s *testkit.Server, userID, description string, days float64) model.UserAccessToken {
	t.Helper()
	body := map[string]any{"description": description}
	if days != 0 {
		body["expires_at"] = id.Now() + int64(days*day)
	}
	var got model.UserAccessToken
	s.Admin.POST("/users/"+userID+"/tokens", body).Want(t, 200).Into(t, &got)
	return got
}

// tellIn is what the server does so many days from now.
func tellIn(t *testing.T, s *testkit.Server, days ...int64) {
	t.Helper()
	for _, n := range days {
		if err := s.Bots().TellOfEnds(t.Context(), id.Now()+n*day+60000); err != nil {
			t.Fatal(err)
		}
	}
}

// told asserts what stands in the notices that somebody has got.
func told(t *testing.T, s *testkit.Server, who *testkit.Actor, want ...string) {
	t.Helper()
	list := noticesTo(t, s, who)
	if len(list) != len(want) {
		t.Fatalf("%d notices, want %d", len(list), len(want))
	}
	for i, p := range list {
		if !strings.Contains(p.Message, want[i]) || p.Props["from_bot"] != "true" {
			t.Errorf("%+v lacks %q", p, want[i])
		}
	}
}

// A person is told once that a token of theirs ends, in time, whatever it is called.
func TestPeopleWhoseTokensEnd(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		ben := s.User("ben")
		endingIn(t, s, ben.ID, "@here `nightly` [report](https://x.example)", 60)
		short := endingIn(t, s, ben.ID, "probe", 10)
		endingIn(t, s, ben.ID, "for an hour", 1.0/24)
		endingIn(t, s, ben.ID, "for ever", 0)
		off := endingIn(t, s, ben.ID, "resting", 60)
		s.Admin.POST("/users/tokens/disable", map[string]string{"token_id": off.ID}).Want(t, 200)
		tellIn(t, s, 0, 8)
		told(t, s, ben)
		tellIn(t, s, 9, 9, 52)
		told(t, s, ben, "`probe` ends on "+time.UnixMilli(short.ExpiresAt).UTC().Format("2 Jan 2006, 15:04 MST"))
		tellIn(t, s, 53, 53)
		told(t, s, ben, "`probe`", "`@here ’nightly’ [report](https://x.example)`")
		// One that is set to work again is told of, too, but not when it has ended.
		s.Admin.POST("/users/tokens/enable", map[string]string{"token_id": off.ID}).Want(t, 200)
		tellIn(t, s, 61)
		told(t, s, ben, "`probe`", "nightly")
		tellIn(t, s, 55)
		told(t, s, ben, "`probe`", "nightly", "`resting`")
	}, allowed)
}

// Of a bot's token its owner is told, in their language, and nobody when they have left.
func TestOwnersOfBotsWhoseTokensEnd(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		ann, gone := s.User("ann"), s.User("gone")
		ann.PUT("/users/me/patch", map[string]any{"locale": "fr", "timezone": map[string]string{"useAutomaticTimezone": "false", "manualTimezone": "Europe/Paris"}}).Want(t, 200)
		hers, alone := bot(t, s.Admin, nil), bot(t, s.Admin, nil)
		s.Admin.POST("/bots/"+hers.UserID+"/assign/"+ann.ID, nil).Want(t, 200)
		s.Admin.POST("/bots/"+alone.UserID+"/assign/"+gone.ID, nil).Want(t, 200)
		one := endingIn(t, s, hers.UserID, "deploy", 60)
		endingIn(t, s, alone.UserID, "nobody's", 60)
		if _, err := s.DB.Exec(t.Context(), `UPDATE users SET deleteat = 1 WHERE id = $1`, gone.ID); err != nil {
			t.Fatal(err)
		}
		s.Admin.POST("/caches/invalidate", nil).Want(t, 200)
		tellIn(t, s, 52)
		told(t, s, ann)
		tellIn(t, s, 53)
		told(t, s, ann, "Le jeton d’accès `deploy` de votre robot @"+hers.Username+" expire le ")
		if p := noticesTo(t, s, ann)[0]; strings.Contains(p.Message, one.Token) {
			t.Error("the notice tells the token")
		}
		// It was written, but that wasn't noted: not again.
		if _, err := s.DB.Exec(t.Context(), `UPDATE parley_token_limits SET tellat = 1 WHERE tokenid = $1`, one.ID); err != nil {
			t.Fatal(err)
		}
		tellIn(t, s, 54)
		told(t, s, ann, "`deploy`")
		if n, err := db.Value[int64](t.Context(), s.DB, `SELECT count(*) FROM parley_token_limits WHERE tellat <> 0`); n != 0 || err != nil {
			t.Errorf("%d are to be told yet, %v", n, err)
		}
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
