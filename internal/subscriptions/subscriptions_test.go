package subscriptions_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/parley-chat/parley/internal/deliveries"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/subscriptions"
	"github.com/parley-chat/parley/internal/testkit"
)

// ear is a program that is told of events.
type ear struct {
	*httptest.Server
	mu     sync.Mutex
	events []subscriptions.Event
	wrong  int // calls without a right signature
	secret string
}

func newEar(t *testing.T) *ear {
	e := &ear{}
	e.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		raw, _ := io.ReadAll(r.Body)
		var one subscriptions.Event
		e.mu.Lock()
		defer e.mu.Unlock()
		if json.Unmarshal(raw, &one) != nil || deliveries.Verify(r.Header, raw, e.secret, time.Now(), time.Minute) != nil {
			e.wrong++
		}
		e.events = append(e.events, one)
	}))
	t.Cleanup(e.Close)
	return e
}

// names counts what was heard by event.
func (e *ear) names() map[string]int {
	e.mu.Lock()
	defer e.mu.Unlock()
	out := map[string]int{}
	for _, one := range e.events {
		out[one.Name]++
	}
	return out
}

func (e *ear) wait(t *testing.T, name string, n int) {
	t.Helper()
	testkit.Eventually(t, name, func() bool { return e.names()[name] >= n })
}

func TestEventsAreTold(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		ann, ben := s.User("ann"), s.User("ben")
		team := s.Team(ann, ben)
		room, secret := s.Channel(ann, team, ben), s.Private(ben, team)
		s.Admin.PUT("/teams/"+team.ID+"/members/"+ann.ID+"/roles", map[string]string{"roles": "team_user team_admin"}).Want(t, 200)
		e := newEar(t)
		body := map[string]any{"team_id": team.ID, "name": "Bridge", "url": e.URL, "enabled": true,
			"events": []string{"posted", "post_edited", "post_deleted", "reaction_added", "reaction_removed", "channel_created", "user_added"}}
		ben.POST("/parley/subscriptions", body).Want(t, 403)
		var made subscriptions.Subscription
		ann.POST("/parley/subscriptions", body).Want(t, 201).Into(t, &made)
		e.mu.Lock()
		e.secret = made.Secret
		e.mu.Unlock()
		post := ben.Say(room, "hello")
		ben.Say(secret, "nothing for her") // ann isn't in there
		ben.PUT("/posts/"+post.ID+"/patch", map[string]string{"message": "hello again"}).Want(t, 200)
		ben.POST("/reactions", map[string]string{"user_id": ben.ID, "post_id": post.ID, "emoji_name": "smile"}).Want(t, 200)
		ben.DELETE("/users/me/posts/"+post.ID+"/reactions/smile").Want(t, 200)
		ben.DELETE("/posts/"+post.ID).Want(t, 200)
		s.Channel(ann, team, ben)
		for name, n := range map[string]int{"posted": 1, "post_edited": 1, "reaction_added": 1, "reaction_removed": 1, "post_deleted": 1, "channel_created": 1, "user_added": 1} {
			e.wait(t, name, n)
		}
		e.mu.Lock()
		for _, one := range e.events {
			if one.ChannelID == secret.ID || one.SubscriptionID != made.ID || one.ID == "" {
				t.Errorf("%+v", one)
			}
		}
		if e.wrong != 0 {
			t.Errorf("%d without a right signature", e.wrong)
		}
		e.mu.Unlock()
		var page []subscriptions.Subscription
		ann.GET("/parley/subscriptions?team_id="+team.ID).Want(t, 200).Into(t, &page)
		if len(page) != 1 || page[0].Secret != "" {
			t.Errorf("%+v", page)
		}

		s.Admin.POST("/parley/subscriptions/"+made.ID+"/secret", nil).Refused(t, 403, "parley.subscriptions.others.app_error")
		before := e.names()["posted"]
		var again struct{ Count int }
		ann.POST("/parley/subscriptions/"+made.ID+"/replay", map[string]int64{"since": 0}).Want(t, 200).Into(t, &again)
		if again.Count < 7 {
			t.Errorf("%d events", again.Count)
		}
		e.wait(t, "posted", before+1)
		refusals(t, ann, made.ID, secret.ID, body)
	}, asked)
}

// refusals tries what can't be a subscription.
func refusals(t *testing.T, ann *testkit.Actor, madeID, secretID string, body map[string]any) {
	t.Helper()
	body["enabled"] = false
	ann.PUT("/parley/subscriptions/"+madeID, body).Want(t, 200)
	ann.POST("/parley/subscriptions/"+madeID+"/replay", map[string]int64{"since": 0}).Refused(t, 400, "parley.subscriptions.disabled.app_error")
	for name, bad := range map[string]any{"url": "file:///etc/passwd", "events": []string{"nothing"}, "name": ""} {
		wrong := map[string]any{}
		for k, v := range body {
			wrong[k] = v
		}
		wrong[name] = bad
		ann.POST("/parley/subscriptions", wrong).Refused(t, 400, "parley.subscriptions."+name+".app_error")
	}
	body["channel_id"] = secretID
	ann.POST("/parley/subscriptions", body).Want(t, 403)
}

// What happens to a message and the word of it are stored together or not at all:
// while the queue takes nothing, nothing happens.
func TestEventsHappenWithTheirQueue(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		ann := s.User("ann")
		team := s.Team(s.Admin, ann)
		room := s.Channel(ann, team)
		e := newEar(t)
		s.Admin.POST("/parley/subscriptions", map[string]any{"team_id": team.ID, "name": "Bridge", "url": e.URL, "enabled": true,
			"events": []string{"post_edited", "post_deleted", "reaction_added", "reaction_removed"}}).Want(t, 201)
		post := ann.Say(room, "hello")
		react := func(name string) *testkit.Response {
			return ann.POST("/reactions", map[string]string{"user_id": ann.ID, "post_id": post.ID, "emoji_name": name})
		}
		react("smile").Want(t, 200)
		all := func(want int) {
			t.Helper()
			for _, r := range []*testkit.Response{ann.PUT("/posts/"+post.ID+"/patch", map[string]string{"message": "changed"}), ann.POST("/posts/"+post.ID+"/pin", nil),
				react("tada"), ann.DELETE("/users/me/posts/" + post.ID + "/reactions/smile"), ann.DELETE("/posts/" + post.ID)} {
				if r.Status != want {
					t.Errorf("%v, want %d", r, want)
				}
			}
		}
		rename := func(from, to string) {
			t.Helper()
			if _, err := s.DB.Exec(t.Context(), `ALTER TABLE `+from+` RENAME TO `+to); err != nil {
				t.Fatal(err)
			}
		}
		rename("parley_deliveries", "parley_elsewhere")
		all(500)
		rename("parley_elsewhere", "parley_deliveries")
		var now model.Post
		if ann.GET("/posts/"+post.ID).Want(t, 200).Into(t, &now); now.Message != "hello" || now.IsPinned || len(now.Metadata.Reactions) != 1 {
			t.Errorf("%+v", now)
		}
		all(200)
		for name, n := range map[string]int{"post_edited": 2, "reaction_added": 2, "reaction_removed": 1, "post_deleted": 1} {
			e.wait(t, name, n)
		}
	}, asked)
}

// Who may no longer read a channel isn't told again what was said there.
func TestReplayAfterLeaving(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		ann, ben := s.User("ann"), s.User("ben")
		team := s.Team(ann, ben)
		room := s.Private(ben, team, ann)
		s.Admin.PUT("/teams/"+team.ID+"/members/"+ann.ID+"/roles", map[string]string{"roles": "team_user team_admin"}).Want(t, 200)
		e := newEar(t)
		var made subscriptions.Subscription
		ann.POST("/parley/subscriptions", map[string]any{"team_id": team.ID, "name": "Bridge", "url": e.URL, "enabled": true, "events": []string{"posted"}}).
			Want(t, 201).Into(t, &made)
		ben.Say(room, "among us")
		e.wait(t, "posted", 1)
		ben.DELETE("/channels/"+room.ID+"/members/"+ann.ID).Want(t, 200)
		var again struct{ Count int }
		ann.POST("/parley/subscriptions/"+made.ID+"/replay", map[string]int64{"since": 0}).Want(t, 200).Into(t, &again)
		var page struct{ Deliveries []*deliveries.Delivery }
		testkit.Eventually(t, "their end", func() bool {
			ann.GET("/parley/deliveries?of="+made.ID+"&outcome=failed").Want(t, 200).Into(t, &page)
			return len(page.Deliveries) == again.Count
		})
		if n := e.names()["posted"]; n != 1 || again.Count == 0 {
			t.Errorf("heard %d times, %d again", n, again.Count)
		}
	}, asked)
}
