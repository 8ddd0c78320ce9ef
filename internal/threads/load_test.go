package threads_test

import (
	"bytes"
	"context"
	"fmt"
	"net/http/httptest"
	"sync"
	"testing"

	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/testkit"
)

// statements runs a request and returns how many statements it took.
func statements(t *testing.T, s *testkit.Server, a *testkit.Actor, method, path, body string, status int) int64 {
	t.Helper()
	ctx, counter := db.CountStatements(context.Background())
	req := httptest.NewRequestWithContext(ctx, method, "/api/v4"+path, bytes.NewReader([]byte(body)))
	req.Header.Set("Authorization", "Bearer "+a.Token)
	w := httptest.NewRecorder()
	s.Handler().ServeHTTP(w, req)
	if w.Code != status {
		t.Fatalf("%s %s: %d %s", method, path, w.Code, w.Body)
	}
	return counter.N()
}

// followers gives a thread n followers more, who are in its channel.
func followers(t *testing.T, s *testkit.Server, root *model.Post, n int) {
	t.Helper()
	err := s.DB.Tx(t.Context(), func(tx *db.Tx) error {
		for range n {
			userID, name := id.New(), "f"+id.New()
			if _, err := tx.Exec(t.Context(), `INSERT INTO users (id, createat, updateat, deleteat, username, email, roles) VALUES ($1, 1, 1, 0, $2, $3, 'system_user')`,
				userID, name, name+"@example.com"); err != nil {
				return err
			}
			if _, err := tx.Exec(t.Context(), `INSERT INTO channelmembers (channelid, userid, schemeuser, notifyprops) VALUES ($1, $2, true, '{}')`, root.ChannelID, userID); err != nil {
				return err
			}
			if _, err := tx.Exec(t.Context(), `INSERT INTO threadmemberships (postid, userid, following, lastviewed, lastupdated, unreadmentions) VALUES ($1, $2, true, 0, 1, 0)`, root.ID, userID); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestStatementsDontGrowWithFollowers(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		team, _, root, who := scene(s, "alice", "bob")
		alice, bob := who[0], who[1]
		bob.Reply(root, "warm")
		alice.Listen()
		body := fmt.Sprintf(`{"channel_id":%q,"root_id":%q,"message":"another"}`, root.ChannelID, root.ID)
		few := statements(t, s, bob, "POST", "/posts", body, 201)
		followers(t, s, root, 500)
		many := statements(t, s, bob, "POST", "/posts", body, 201)
		if many > few || many > 14 {
			t.Errorf("a reply took %d statements, with 500 followers %d", few, many)
		}
		t.Logf("a reply takes %d statements", many)
		for _, query := range []string{"", "?extended=true", "?unread=true&per_page=5"} {
			if n := statements(t, s, alice, "GET", "/users/me/teams/"+team.ID+"/threads"+query, "", 200); n > 3 {
				t.Errorf("the list %q took %d statements", query, n)
			}
		}
	})
}

// Numbers stay exact whatever comes at the same moment: replies with mentions,
// marks of reading, deletions.
func TestConcurrentReplies(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		team, room, root, who := scene(s, "alice", "bob", "carol", "dave")
		alice := who[0]
		other := alice.Say(room, "another thread of the same channel")
		const each = 10
		var wg sync.WaitGroup
		for _, a := range who[1:] {
			wg.Go(func() {
				for i := range each {
					a.Reply(root, "hello @"+alice.Username)
					if p := a.Reply(other, "x"); i%2 == 0 {
						a.DELETE("/posts/"+p.ID).Want(t, 200)
					}
				}
			})
		}
		wg.Go(func() {
			for range each {
				alice.PUT(path(team.ID, root.ID, "/read/1"), nil)
			}
		})
		wg.Wait()
		got := see(t, alice, team.ID, root.ID)
		if got.ReplyCount != 3*each || got.UnreadReplies != 3*each || got.UnreadMentions != 3*each || len(got.Participants) != 3 {
			t.Errorf("%d replies, %d unread, %d mentions, %d participants", got.ReplyCount, got.UnreadReplies, got.UnreadMentions, len(got.Participants))
		}
		got = see(t, alice, team.ID, other.ID)
		last, err := db.Value[int64](t.Context(), s.DB, `SELECT max(createat) FROM posts WHERE rootid = $1 AND deleteat = 0`, other.ID)
		if err != nil || got.ReplyCount != 3*each/2 || got.LastReplyAt != last {
			t.Errorf("%d replies, the last at %d, want %d at %d (%v)", got.ReplyCount, got.LastReplyAt, 3*each/2, last, err)
		}
	})
}

// Who replies while others do doesn't miss what these write: it is unread, with
// its mentions, although all may share their time.
func TestRepliesAtOnce(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		team, room, _, who := scene(s, "alice", "bob", "carol", "dave")
		for range 5 {
			root := who[0].Say(room, "everybody at once")
			written := make([]*model.Post, len(who))
			var wg sync.WaitGroup
			for i, a := range who {
				wg.Go(func() { written[i] = a.Reply(root, "@"+who[(i+1)%len(who)].Username) })
			}
			wg.Wait()
			for i, a := range who {
				by := written[(i+len(who)-1)%len(who)] // who mentioned a
				got := see(t, a, team.ID, root.ID)
				var later int64
				for j, p := range written {
					if j != i && p.CreateAt >= written[i].CreateAt {
						later++
					}
				}
				mentions := int64(0)
				if by.CreateAt >= written[i].CreateAt {
					mentions = 1
				}
				if got.UnreadMentions != mentions || got.UnreadReplies < later || got.UnreadReplies > later+1 {
					t.Errorf("%d replies came with or after one's own, %d mentions: %d and %d unread", later, mentions, got.UnreadReplies, got.UnreadMentions)
				}
			}
		}
	})
}

// What clients count by events is what they would read.
func TestEventsAddUp(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		team, _, root, who := scene(s, "alice", "bob", "carol")
		alice, bob, carol := who[0], who[1], who[2]
		bob.Reply(root, "begin")
		alice.PUT(path(team.ID, root.ID, "/read/", fmt.Sprint(see(t, alice, team.ID, root.ID).LastReplyAt)), nil).Want(t, 200)
		alice.Listen()
		const each = 8
		var wg sync.WaitGroup
		for _, a := range []*testkit.Actor{bob, carol} {
			wg.Go(func() {
				for range each {
					a.Reply(root, "@"+alice.Username)
				}
			})
		}
		wg.Wait()
		seen := map[int64]bool{}
		for range 2 * each {
			var th model.ThreadResponse
			e := alice.Expect("thread_updated", nil)
			e.JSON(t, "thread", &th)
			if th.UnreadReplies != th.ReplyCount-1 || th.UnreadMentions != th.ReplyCount-1 || seen[th.ReplyCount] ||
				e.Data["previous_unread_replies"] != float64(th.UnreadReplies-1) || e.Data["previous_unread_mentions"] != float64(th.UnreadMentions-1) {
				t.Errorf("%+v with %v", th, e.Data)
			}
			seen[th.ReplyCount] = true
		}
		alice.PUT(path(team.ID, root.ID, "/read/", fmt.Sprint(id.Now()+1000)), nil).Want(t, 200)
		alice.Expect("thread_read_changed", nil)
	})
}

// Who replies while others do hears at the end of it what is unread, as they would read it.
func TestRepliesAtOnceAreTold(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		team, room, _, who := scene(s, "alice", "bob", "carol", "dave")
		for _, a := range who {
			a.Listen()
		}
		for range 5 {
			root := who[0].Say(room, "everybody at once")
			var wg sync.WaitGroup
			for i, a := range who {
				wg.Go(func() { a.Reply(root, "@"+who[(i+1)%len(who)].Username) })
			}
			wg.Wait()
			for _, a := range who {
				want := see(t, a, team.ID, root.ID)
				var last model.ThreadResponse
				for last.ReplyCount < int64(len(who)) {
					var th model.ThreadResponse
					e := a.Expect("thread_updated", nil)
					if e.JSON(t, "thread", &th); th.PostID == root.ID && th.ReplyCount > last.ReplyCount {
						last = th
					}
				}
				if last.UnreadReplies != want.UnreadReplies || last.UnreadMentions != want.UnreadMentions {
					t.Errorf("%s was told of %d unread replies and %d mentions, there are %d and %d", a.Username,
						last.UnreadReplies, last.UnreadMentions, want.UnreadReplies, want.UnreadMentions)
				}
			}
		}
	})
}
