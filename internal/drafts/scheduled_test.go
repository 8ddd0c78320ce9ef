package drafts_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/db/dbtest"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/testkit"
)

const hour = int64(time.Hour / time.Millisecond)

type later map[string]any

func schedule(t *testing.T, a *testkit.Actor, c *model.Channel, more later) (m model.ScheduledPost) {
	t.Helper()
	body := later{"channel_id": c.ID, "message": "later", "scheduled_at": id.Now() + hour}
	for k, v := range more {
		body[k] = v
	}
	a.POST("/posts/schedule", body).Want(t, 201).Into(t, &m)
	return m
}

func scheduled(t *testing.T, a *testkit.Actor, teamID string) (out map[string][]model.ScheduledPost) {
	t.Helper()
	a.GET("/posts/scheduled/team/"+teamID+"?includeDirectChannels=true").Want(t, 200).Into(t, &out)
	return out
}

// deliver has a server send what is due at a time.
func deliver(t *testing.T, s *testkit.Server, now int64) {
	t.Helper()
	if err := s.Drafts().Deliver(t.Context(), now); err != nil {
		t.Fatal(err)
	}
}

// texts are the messages of people in a channel, the oldest first.
func texts(t *testing.T, a *testkit.Actor, c *model.Channel) (out []string) {
	t.Helper()
	var list model.PostList
	a.GET("/channels/"+c.ID+"/posts").Want(t, 200).Into(t, &list)
	for i := len(list.Order) - 1; i >= 0; i-- {
		if p := list.Posts[list.Order[i]]; p.Type == "" {
			out = append(out, p.Message)
		}
	}
	return out
}

func TestAScheduledMessageIsSentOnce(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		alice, bob := s.User("alice"), s.User("bob")
		team := s.Team(alice, bob)
		room, talk := s.Channel(alice, team, bob), s.Direct(alice, bob)
		alice.Listen()
		bob.Listen()
		m := schedule(t, alice, room, later{"message": "@" + bob.Username + " later"})
		alice.Expect("scheduled_post_created", nil)
		schedule(t, alice, talk, later{"message": "psst"})
		if got := scheduled(t, alice, team.ID); len(got[team.ID]) != 1 || len(got["directChannels"]) != 1 || got[team.ID][0].Message != m.Message {
			t.Fatalf("scheduled: %+v", got)
		}
		// A changed one goes at its new time, and keeps its place.
		alice.PUT("/posts/schedule/"+m.ID, later{"id": m.ID, "channel_id": talk.ID, "user_id": alice.ID, "message": "changed",
			"scheduled_at": m.ScheduledAt + hour}).Want(t, 201).Into(t, &m)
		alice.Expect("scheduled_post_updated", nil)
		deliver(t, s, m.ScheduledAt-1)
		if got := texts(t, bob, room); len(got) != 0 {
			t.Errorf("too early: %v", got)
		}
		// Two at once, and once more.
		var both sync.WaitGroup
		for range 2 {
			both.Go(func() { deliver(t, s, m.ScheduledAt) })
		}
		both.Wait()
		deliver(t, s, m.ScheduledAt+hour)
		bob.Expect("posted", func(f testkit.Frame) bool { return f.Data["channel_type"] == "O" })
		alice.Expect("scheduled_post_deleted", func(f testkit.Frame) bool {
			var gone model.ScheduledPost
			f.JSON(t, "scheduledPost", &gone)
			return gone.ID == m.ID
		})
		if got := fmt.Sprint(texts(t, bob, room), texts(t, bob, talk)); got != "[changed] [psst]" {
			t.Errorf("sent: %s", got)
		}
		if got := scheduled(t, alice, team.ID); len(got[team.ID])+len(got["directChannels"]) != 0 {
			t.Errorf("still scheduled: %+v", got)
		}
		alice.DELETE("/posts/schedule/"+m.ID).Refused(t, 404, "app.delete_scheduled_post.existing_scheduled_post.not_exist")
	})
}

// A server that died after the post was written, and before it noted that, is
// followed by one that writes nothing.
func TestACrashWhileSendingSendsOnce(t *testing.T) {
	for _, engine := range dbtest.Engines {
		t.Run(string(engine), func(t *testing.T) {
			t.Parallel()
			o := dbtest.Options(t, engine)
			s := testkit.StartOn(t, o)
			alice := s.User("alice")
			team := s.Team(alice)
			room := s.Channel(alice, team)
			m := schedule(t, alice, room, nil)
			deliver(t, s, m.ScheduledAt+1)
			if got := texts(t, alice, room); len(got) != 1 {
				t.Fatalf("sent: %v", got)
			}
			// It is put back as it was before the end was noted; beside it one that Mattermost left.
			exec(t, s.DB, `INSERT INTO scheduledposts (id, createat, updateat, userid, channelid, rootid, message, type, props, fileids, priority, scheduledat, processedat, errorcode)
				VALUES ($1, 1, 1, $2, $3, '', 'later', '', '{}', '[]', '{}', $4, 0, '')`, m.ID, alice.ID, room.ID, m.ScheduledAt)
			exec(t, s.DB, `INSERT INTO scheduledposts (id, createat, updateat, userid, channelid, rootid, message, type, props, fileids, priority, scheduledat, processedat, errorcode)
				VALUES ($1, 1, 1, $2, $3, '', 'adopted', '', '{}', '[]', '{}', $4, 0, '')`, id.New(), alice.ID, room.ID, id.Now()-1000)
			s.Stop()
			s = testkit.Bare(t, o)
			again := s.Nobody()
			again.ID, again.Username, again.Token = alice.ID, alice.Username, alice.Token
			alice = again
			testkit.Eventually(t, "the adopted message is sent", func() bool { return len(texts(t, alice, room)) == 2 })
			deliver(t, s, m.ScheduledAt+1)
			if got := fmt.Sprint(texts(t, alice, room)); got != "[later adopted]" {
				t.Errorf("after the crash: %s", got)
			}
			// The server notes by itself, a moment after it was seen, that the adopted one is sent.
			testkit.Eventually(t, "nothing is scheduled any more", func() bool { return len(scheduled(t, alice, team.ID)[team.ID]) == 0 })
		})
	}
}

func exec(t *testing.T, d *db.DB, query string, args ...any) {
	t.Helper()
	if _, err := d.Exec(t.Context(), query, args...); err != nil {
		t.Fatal(err)
	}
}

// What can't be sent stays listed with its reason, and goes when it can.
func TestWhatFailedSaysWhy(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		alice, bob := s.User("alice"), s.User("bob")
		team := s.Team(alice, bob)
		archived, left, threaded, open := s.Channel(alice, team, bob), s.Private(alice, team, bob), s.Channel(alice, team, bob), s.Channel(alice, team, bob)
		root := alice.Say(threaded, "soon gone")
		want := map[string]string{
			schedule(t, bob, archived, nil).ID:                       model.ScheduledPostErrorChannelArchived,
			schedule(t, bob, left, nil).ID:                           model.ScheduledPostErrorNoMember,
			schedule(t, bob, threaded, later{"root_id": root.ID}).ID: model.ScheduledPostErrorThreadDeleted,
			schedule(t, bob, open, later{"type": "custom_" + id.New()[:5], "priority": map[string]string{"priority": "odd"}}).ID: model.ScheduledPostErrorInvalidPost,
		}
		s.Admin.DELETE("/channels/"+archived.ID).Want(t, 200)
		alice.DELETE("/channels/"+left.ID+"/members/"+bob.ID).Want(t, 200)
		alice.DELETE("/posts/"+root.ID).Want(t, 200)
		bob.Listen()
		deliver(t, s, id.Now()+2*hour)
		got := map[string]string{}
		var failed model.ScheduledPost
		for _, m := range scheduled(t, bob, team.ID)[team.ID] {
			got[m.ID] = m.ErrorCode
			if m.ProcessedAt == 0 {
				t.Errorf("not processed: %+v", m)
			}
			if m.ChannelID == left.ID {
				failed = m
			}
		}
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("reasons %v, want %v", got, want)
		}
		bob.Expect("scheduled_post_updated", nil)
		deliver(t, s, id.Now()+3*hour)

		body := later{"id": failed.ID, "user_id": bob.ID, "channel_id": failed.ChannelID, "message": "again", "scheduled_at": id.Now() + hour}
		bob.PUT("/posts/schedule/"+failed.ID, body).Refused(t, 403, noPermission)
		alice.POST("/channels/"+left.ID+"/members", map[string]string{"user_id": bob.ID}).Want(t, 201)
		bob.PUT("/posts/schedule/"+failed.ID, body).Want(t, 201)
		deliver(t, s, id.Now()+4*hour)
		if got := fmt.Sprint(texts(t, alice, left)); got != "[again]" {
			t.Errorf("after trying again: %s", got)
		}
	})
}

func TestWhatCanBeScheduled(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		alice, eve := s.User("alice"), s.User("eve")
		team := s.Team(alice, eve)
		secret := s.Private(alice, team)
		m := schedule(t, alice, secret, nil)
		body := func(more later) later {
			b := later{"channel_id": secret.ID, "message": "x", "scheduled_at": id.Now() + hour}
			for k, v := range more {
				b[k] = v
			}
			return b
		}
		eve.POST("/posts/schedule", body(nil)).Refused(t, 403, noPermission)
		eve.PUT("/posts/schedule/"+m.ID, body(nil)).Refused(t, 403, "app.update_scheduled_post.update_permission.error")
		eve.DELETE("/posts/schedule/"+m.ID).Refused(t, 403, "app.delete_scheduled_post.delete_permission.error")
		if got := scheduled(t, eve, team.ID); len(got[team.ID]) != 0 {
			t.Errorf("eve sees %+v", got)
		}
		s.User("stranger").GET("/posts/scheduled/team/"+team.ID).Refused(t, 403, noPermission)
		for name, c := range map[string]struct {
			more later
			id   string
		}{
			"nothing":       {later{"message": "  "}, "model.scheduled_post.is_valid.empty_post.app_error"},
			"the past":      {later{"scheduled_at": id.Now() - 10_000}, "model.scheduled_post.is_valid.scheduled_at.app_error"},
			"the far end":   {later{"scheduled_at": int64(1) << 62}, "model.scheduled_post.is_valid.scheduled_at.app_error"},
			"how often":     {later{"recurrence": "hourly"}, "parley.scheduled_post.recurrence"},
			"where":         {later{"recurrence": "daily", "timezone": "../../etc/passwd"}, "parley.scheduled_post.timezone"},
			"a system post": {later{"type": "system_join_channel"}, "api.context.invalid_param.app_error"},
			"no thread":     {later{"root_id": id.New()}, "model.draft.is_valid.root_id.app_error"},
		} {
			if got := alice.POST("/posts/schedule", body(c.more)); got.Status != 400 || got.ErrorID() != c.id {
				t.Errorf("%s: %v", name, got)
			}
		}
		alice.DELETE("/posts/schedule/"+m.ID).Want(t, 201)
		deliver(t, s, id.Now()+2*hour)
		if got := texts(t, alice, secret); len(got) != 0 {
			t.Errorf("deleted, but sent: %v", got)
		}
	})
}

// A recurring message comes back in its author's time zone, once a time, and
// a client that knows nothing of that changes its text without ending it.
func TestARecurringMessageComesBack(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		alice := s.User("alice")
		team := s.Team(alice)
		room := s.Channel(alice, team)
		paris, err := time.LoadLocation("Europe/Paris")
		if err != nil {
			t.Fatal(err)
		}
		tomorrow := time.Now().In(paris).AddDate(0, 0, 1)
		first := time.Date(tomorrow.Year(), tomorrow.Month(), tomorrow.Day(), 9, 0, 0, 0, paris)
		alice.PUT("/users/me/patch", map[string]any{"timezone": map[string]string{"useAutomaticTimezone": "true",
			"automaticTimezone": "Europe/Paris", "manualTimezone": ""}}).Want(t, 200)
		m := schedule(t, alice, room, later{"scheduled_at": first.UnixMilli(), "recurrence": "daily"})
		if m.TimeZone != "Europe/Paris" || m.Recurrence != "daily" {
			t.Fatalf("made %+v", m)
		}
		deliver(t, s, first.UnixMilli())
		deliver(t, s, first.UnixMilli()+hour)
		alice.PUT("/posts/schedule/"+m.ID, later{"id": m.ID, "user_id": alice.ID, "channel_id": room.ID, "message": "changed",
			"scheduled_at": first.AddDate(0, 0, 1).UnixMilli()}).Want(t, 201)
		now := scheduled(t, alice, team.ID)[team.ID]
		if len(now) != 1 || now[0].ScheduledAt != first.AddDate(0, 0, 1).UnixMilli() || now[0].Recurrence != "daily" {
			t.Fatalf("after the first: %+v", now)
		}
		// A server that slept for days sends the last one that isn't old, and goes on.
		deliver(t, s, first.AddDate(0, 0, 10).UnixMilli()+hour)
		now = scheduled(t, alice, team.ID)[team.ID]
		if len(now) != 1 || now[0].ScheduledAt != first.AddDate(0, 0, 11).UnixMilli() {
			t.Fatalf("after a long sleep: %+v", now)
		}
		deliver(t, s, first.AddDate(0, 0, 11).UnixMilli())
		if got := fmt.Sprint(texts(t, alice, room)); got != "[later changed]" {
			t.Errorf("sent %s", got)
		}
		alice.PUT("/posts/schedule/"+m.ID, later{"message": "last", "scheduled_at": first.AddDate(0, 0, 12).UnixMilli(), "recurrence": ""}).Want(t, 201)
		deliver(t, s, first.AddDate(0, 0, 12).UnixMilli())
		if got := scheduled(t, alice, team.ID)[team.ID]; len(got) != 0 {
			t.Errorf("after the last: %+v", got)
		}
	})
}

// Two servers on one database send each message once between them.
func TestTwoServersSendOnce(t *testing.T) {
	o := dbtest.Options(t, dbtest.Postgres)
	first := testkit.StartOn(t, o)
	second := testkit.Bare(t, o)
	alice := first.User("alice")
	room := first.Channel(alice, first.Team(alice))
	const many = 30
	for i := range many {
		schedule(t, alice, room, later{"message": fmt.Sprint("message ", i)})
	}
	var both sync.WaitGroup
	for _, s := range []*testkit.Server{first, second, first, second} {
		both.Go(func() {
			if err := s.Drafts().Deliver(t.Context(), id.Now()+2*hour); err != nil {
				t.Error(err)
			}
		})
	}
	both.Wait()
	testkit.Eventually(t, "all are sent", func() bool { return len(texts(t, alice, room)) >= many })
	if got := texts(t, alice, room); len(got) != many {
		t.Errorf("%d messages were sent, want %d", len(got), many)
	}
}
