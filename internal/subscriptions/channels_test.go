package subscriptions_test

import (
	"strings"
	"testing"

	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/deliveries"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/testkit"
)

var ofChannels = []string{"channel_created", "channel_updated", "channel_deleted", "user_added", "user_removed"}

// asked is the test server that may call addresses of this machine.
var asked = testkit.Env("MM_SERVICESETTINGS_ALLOWEDUNTRUSTEDINTERNALCONNECTIONS=127.0.0.1")

// What happens to a channel and the word of it are stored together or not at all,
// as with messages: a stop between the two loses nothing.
func TestChannelsChangeWithTheirQueue(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		ann, ben, cat := s.User("ann"), s.User("ben"), s.User("cat")
		team := s.Team(s.Admin, ann, ben, cat)
		room := s.Channel(ann, team, ben)
		s.Admin.POST("/parley/subscriptions", map[string]any{"team_id": team.ID, "name": "Bridge", "url": newEar(t).URL, "enabled": true,
			"events": ofChannels}).Want(t, 201)
		steps := []struct {
			event string
			do    func() *testkit.Response
		}{
			{"channel_created", func() *testkit.Response {
				return ann.POST("/channels", map[string]string{"team_id": team.ID, "name": "plans", "display_name": "Plans", "type": "P"})
			}},
			{"channel_updated", func() *testkit.Response {
				return ann.PUT("/channels/"+room.ID+"/patch", map[string]string{"header": "new"})
			}},
			{"channel_updated", func() *testkit.Response {
				return s.Admin.PUT("/channels/"+room.ID+"/privacy", map[string]string{"privacy": "P"})
			}},
			{"user_added", func() *testkit.Response {
				return ann.POST("/channels/"+room.ID+"/members", map[string]string{"user_id": cat.ID})
			}},
			{"user_removed", func() *testkit.Response { return ann.DELETE("/channels/" + room.ID + "/members/" + ben.ID) }},
			{"channel_deleted", func() *testkit.Response { return s.Admin.DELETE("/channels/" + room.ID) }},
		}
		if _, err := s.DB.Exec(t.Context(), `ALTER TABLE parley_deliveries RENAME TO parley_elsewhere`); err != nil {
			t.Fatal(err)
		}
		for _, step := range steps {
			if r := step.do(); r.Status != 500 {
				t.Errorf("%s without a queue: %v", step.event, r)
			}
		}
		if _, err := s.DB.Exec(t.Context(), `ALTER TABLE parley_elsewhere RENAME TO parley_deliveries`); err != nil {
			t.Fatal(err)
		}
		var now model.Channel
		ann.GET("/channels/"+room.ID).Want(t, 200).Into(t, &now)
		if now.Header != "" || now.Type != model.ChannelOpen || now.DeleteAt != 0 {
			t.Errorf("%+v", now)
		}
		ann.GET("/teams/"+team.ID+"/channels/name/plans").Want(t, 404)
		ann.GET("/channels/"+room.ID+"/members/"+cat.ID).Want(t, 404)
		ann.GET("/channels/"+room.ID+"/members/"+ben.ID).Want(t, 200)
		queued := map[string]int{}
		for _, step := range steps {
			if r := step.do(); r.Status >= 300 {
				t.Fatalf("%s: %v", step.event, r)
			}
			queued[step.event]++
			n, err := db.Value[int](t.Context(), s.DB, `SELECT count(*) FROM parley_deliveries WHERE kind = $1 AND body LIKE $2`,
				deliveries.KindSubscription, `%"event":"`+step.event+`"%`)
			if err != nil || n < queued[step.event] {
				t.Errorf("%s: %d in the queue, want %d (%v)", step.event, n, queued[step.event], err)
			}
		}
	}, asked)
}

// A maker hears of a channel what they may read once it has happened: of one that
// they come into, not of one that they have left or that is closed to them.
func TestWhoHearsOfChannels(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		ann, ben := s.User("ann"), s.User("ben")
		team := s.Team(ann, ben)
		open, opens := s.Channel(ben, team), s.Private(ben, team)
		s.Admin.PUT("/teams/"+team.ID+"/members/"+ann.ID+"/roles", map[string]string{"roles": "team_user team_admin"}).Want(t, 200)
		ann.POST("/parley/subscriptions", map[string]any{"team_id": team.ID, "name": "Bridge", "url": newEar(t).URL, "enabled": true, "events": ofChannels}).Want(t, 201)
		all := func() string {
			t.Helper()
			list, err := db.List(t.Context(), s.DB, db.One[string], `SELECT body FROM parley_deliveries WHERE kind = $1 ORDER BY createat, id LIMIT 100`, deliveries.KindSubscription)
			if err != nil {
				t.Fatal(err)
			}
			return strings.Join(list, "\n")
		}
		hears := func(what string, channelID string, want int) {
			t.Helper()
			if n := strings.Count(all(), `"channel_id":"`+channelID+`","data"`); n != want {
				t.Errorf("%s: heard %d times, want %d", what, n, want)
			}
		}
		secret := s.Private(ben, team)
		hears("a private channel of others", secret.ID, 0)
		hers := s.Private(ann, team)
		hears("a private channel of hers", hers.ID, 1)
		ben.POST("/channels/"+secret.ID+"/members", map[string]string{"user_id": ann.ID}).Want(t, 201)
		hears("entering", secret.ID, 1)
		ben.DELETE("/channels/"+secret.ID+"/members/"+ann.ID).Want(t, 200)
		hears("leaving", secret.ID, 1)
		ben.PUT("/channels/"+secret.ID+"/patch", map[string]string{"header": "among us"}).Want(t, 200)
		hears("after leaving", secret.ID, 1)
		s.Admin.PUT("/channels/"+open.ID+"/privacy", map[string]string{"privacy": "P"}).Want(t, 200)
		hears("an open channel that is closed to her", open.ID, 0)
		s.Admin.PUT("/channels/"+opens.ID+"/privacy", map[string]string{"privacy": "O"}).Want(t, 200)
		hears("a private channel that opens", opens.ID, 1)
	}, asked)
}
