package threads_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/testkit"
)

const (
	noPermission = "api.context.permissions.app_error"
	notFollowed  = "app.user.get_threads_for_user.not_found"
	neverSat     = "app.user.get_thread_membership_for_user.not_found"
)

func path(teamID, threadID string, more ...string) string {
	return "/users/me/teams/" + teamID + "/threads/" + threadID + strings.Join(more, "")
}

// see returns a thread as one of its followers sees it.
func see(t *testing.T, a *testkit.Actor, teamID, threadID string) model.ThreadResponse {
	t.Helper()
	var out model.ThreadResponse
	a.GET(path(teamID, threadID)).Want(t, 200).Into(t, &out)
	return out
}

// list returns a page of threads with the totals.
func list(t *testing.T, a *testkit.Actor, teamID, query string) model.Threads {
	t.Helper()
	var out model.Threads
	a.GET("/users/me/teams/"+teamID+"/threads"+query).Want(t, 200).Into(t, &out)
	return out
}

func names(page model.Threads) (ids []string) {
	for _, th := range page.Threads {
		ids = append(ids, th.PostID)
	}
	return ids
}

// scene is a team with a channel that everybody is in, and a root of the first.
func scene(s *testkit.Server, people ...string) (team *model.Team, room *model.Channel, root *model.Post, who []*testkit.Actor) {
	for _, name := range people {
		who = append(who, s.User(name))
	}
	team = s.Team(who[0], who[1:]...)
	room = s.Channel(who[0], team, who[1:]...)
	return team, room, who[0].Say(room, "the root"), who
}

func TestWhoFollows(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		team, room, root, who := scene(s, "alice", "bob", "carol", "dave", "eager")
		alice, bob, carol, dave, eager := who[0], who[1], who[2], who[3], who[4]
		outside := s.User("outside")
		eager.PUT("/channels/"+room.ID+"/members/"+eager.ID+"/notify_props", map[string]string{"channel_auto_follow_threads": "on"}).Want(t, 200)
		bob.Reply(root, "hello @"+carol.Username+" and @"+outside.Username+" @channel")
		for _, a := range []*testkit.Actor{alice, bob, carol, eager} {
			see(t, a, team.ID, root.ID)
		}
		dave.GET(path(team.ID, root.ID)).Refused(t, 404, neverSat)
		outside.GET(path(team.ID, root.ID)).Refused(t, 403, noPermission)
		if got := see(t, carol, team.ID, root.ID); got.UnreadMentions != 1 || got.UnreadReplies != 1 || got.LastViewedAt != 0 {
			t.Errorf("carol, mentioned, sees %+v", got)
		}

		// Who gave up stays out until they are mentioned or write themselves.
		for _, a := range []*testkit.Actor{alice, carol, eager} {
			a.DELETE(path(team.ID, root.ID, "/following")).Want(t, 200)
		}
		bob.Reply(root, "nobody in particular, @all")
		for _, a := range []*testkit.Actor{alice, carol, eager} {
			a.GET(path(team.ID, root.ID)).Refused(t, 404, notFollowed)
		}
		alice.Reply(root, "back")
		bob.Reply(root, "@"+carol.Username)
		see(t, alice, team.ID, root.ID)
		if got := see(t, carol, team.ID, root.ID); got.ReplyCount != 4 || len(got.Participants) != 2 || got.Participants[1].ID != bob.ID {
			t.Errorf("carol sees %+v", got)
		}
		eager.PUT("/channels/"+room.ID+"/members/"+eager.ID+"/notify_props", map[string]string{"channel_auto_follow_threads": "off"}).Want(t, 200)
		next := alice.Say(room, "another root")
		bob.Reply(next, "x")
		eager.GET(path(team.ID, next.ID)).Refused(t, 404, neverSat)

		// In a conversation every reply is meant for everybody.
		talk := s.Direct(alice, bob)
		first := alice.Say(talk, "psst")
		alice.Reply(first, "again")
		if got := see(t, bob, team.ID, first.ID); got.UnreadMentions != 1 {
			t.Errorf("bob, in the conversation, sees %+v", got)
		}
		if all, without := list(t, bob, team.ID, ""), list(t, bob, team.ID, "?excludeDirect=true"); all.Total != without.Total+1 {
			t.Errorf("%d threads, %d without conversations", all.Total, without.Total)
		}
	})
}

func TestNoAutoFollow(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		team, _, root, who := scene(s, "alice", "bob")
		alice, bob := who[0], who[1]
		bob.Reply(root, "@"+alice.Username)
		for _, a := range who {
			a.GET(path(team.ID, root.ID)).Refused(t, 404, neverSat)
		}
		alice.PUT(path(team.ID, root.ID, "/following"), nil).Want(t, 200)
		bob.Reply(root, "@"+alice.Username)
		if got := see(t, alice, team.ID, root.ID); got.ReplyCount != 2 || got.UnreadMentions != 1 || got.UnreadReplies != 1 {
			t.Errorf("alice sees %+v", got)
		}
	}, testkit.Env("MM_SERVICESETTINGS_THREADAUTOFOLLOW=false", "MM_SERVICESETTINGS_COLLAPSEDTHREADS=disabled"))
}

func TestReading(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		team, room, root, who := scene(s, "alice", "bob")
		alice, bob := who[0], who[1]
		var replies []*model.Post
		for i := range 5 {
			replies = append(replies, bob.Reply(root, fmt.Sprintf("@%s number %d", alice.Username, i)))
		}
		check := func(what string, got model.ThreadResponse, n int64) {
			t.Helper()
			if got.UnreadReplies != n || got.UnreadMentions != n {
				t.Errorf("%s: %d unread replies, %d mentions, want %d", what, got.UnreadReplies, got.UnreadMentions, n)
			}
		}
		check("at first", see(t, alice, team.ID, root.ID), 5)
		alice.PUT(path(team.ID, root.ID, "/read/", fmt.Sprint(replies[2].CreateAt)), nil).Want(t, 200)
		check("read three", see(t, alice, team.ID, root.ID), 2)
		alice.Listen()
		var got model.ThreadResponse
		alice.POST(path(team.ID, root.ID, "/set_unread/"+replies[1].ID), nil).Want(t, 200).Into(t, &got)
		check("unread from the second", got, 4)
		alice.Expect("thread_follow_changed", nil)
		e := alice.Expect("thread_read_changed", nil)
		if e.Data["unread_replies"] != 4.0 || e.Data["unread_mentions"] != 4.0 || e.Data["timestamp"] != float64(replies[1].CreateAt-1) {
			t.Errorf("event %v", e.Data)
		}
		alice.PUT("/users/me/teams/"+team.ID+"/threads/read", nil).Want(t, 200)
		alice.Expect("thread_read_changed", nil)
		check("read all", see(t, alice, team.ID, root.ID), 0)

		// Viewing the channel reads its threads, for clients without threads.
		bob.Reply(root, "@"+alice.Username)
		alice.POST("/channels/members/me/view", map[string]any{"channel_id": room.ID, "collapsed_threads_supported": true}).Want(t, 200)
		check("channel viewed", see(t, alice, team.ID, root.ID), 1)
		bob.Reply(root, "@"+alice.Username)
		alice.POST("/channels/members/me/view", map[string]any{"channel_id": room.ID}).Want(t, 200)
		check("channel viewed by an old client", see(t, alice, team.ID, root.ID), 0)
		alice.POST("/users/me/posts/"+replies[3].ID+"/set_unread", map[string]any{}).Want(t, 200)
		check("marked unread by an old client", see(t, alice, team.ID, root.ID), 4)

		other := alice.Say(room, "no replies")
		alice.POST(path(team.ID, root.ID, "/set_unread/"+other.ID), nil).Refused(t, 400, "app.user.update_thread_read_for_user_by_post.app_error")
		alice.PUT(path(team.ID, other.ID, "/following"), nil).Want(t, 200)
		alice.GET(path(team.ID, other.ID)).Refused(t, 404, neverSat)
		alice.PUT(path(team.ID, root.ID, "/read/99999999999999999999"), nil).Refused(t, 404, "api.context.404.app_error")
	})
}

func TestDeletedRepliesAndRoots(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		team, _, root, who := scene(s, "alice", "bob", "carol")
		alice, bob, carol := who[0], who[1], who[2]
		first := bob.Reply(root, "@"+alice.Username)
		second := carol.Reply(root, "@"+alice.Username)
		bob.Reply(root, "last")
		carol.DELETE("/posts/"+second.ID).Want(t, 200)
		got := see(t, alice, team.ID, root.ID)
		if got.ReplyCount != 2 || got.UnreadReplies != 2 || got.UnreadMentions != 1 || len(got.Participants) != 1 {
			t.Errorf("without carol's reply: %+v", got)
		}
		bob.DELETE("/posts/"+first.ID).Want(t, 200)
		if got := see(t, alice, team.ID, root.ID); got.UnreadMentions != 0 || got.ReplyCount != 1 {
			t.Errorf("without the mention: %+v", got)
		}
		alice.DELETE("/posts/"+root.ID).Want(t, 200)
		if all := list(t, bob, team.ID, ""); all.Total != 0 || len(all.Threads) != 0 {
			t.Errorf("a deleted thread is listed: %+v", all)
		}
		if all := list(t, bob, team.ID, "?deleted=true"); len(all.Threads) != 1 || all.Threads[0].DeleteAt == 0 || all.Threads[0].Post.Message != "" {
			t.Errorf("deleted ones are asked for: %+v", all.Threads)
		}
	})
}

func TestLeavingAndArchiving(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		alice, bob := s.User("alice"), s.User("bob")
		team := s.Team(alice, bob)
		secret, open := s.Private(alice, team, bob), s.Channel(alice, team, bob)
		hidden, plain := alice.Say(secret, "hidden"), alice.Say(open, "plain")
		bob.Reply(hidden, "x")
		bob.Reply(plain, "x")
		bob.DELETE("/channels/"+secret.ID+"/members/"+bob.ID).Want(t, 200)
		so := bob.Listen()
		alice.Reply(hidden, "psst @"+bob.Username)
		if got := list(t, bob, team.ID, ""); got.Total != 1 || len(got.Threads) != 1 || got.Threads[0].PostID != plain.ID {
			t.Errorf("after leaving: %+v", got)
		}
		for _, f := range so.Events() {
			if f.Event == "thread_updated" || f.Event == "posted" {
				t.Errorf("who has left hears %v", f)
			}
		}
		for _, call := range []*testkit.Response{
			bob.GET(path(team.ID, hidden.ID)), bob.PUT(path(team.ID, hidden.ID, "/following"), nil), bob.DELETE(path(team.ID, hidden.ID, "/following")),
			bob.PUT(path(team.ID, hidden.ID, "/read/1"), nil), bob.POST(path(team.ID, hidden.ID, "/set_unread/"+hidden.ID), nil),
			bob.POST(path(team.ID, plain.ID, "/set_unread/"+hidden.ID), nil),
		} {
			if call.Status != 403 {
				t.Errorf("%s", call)
			}
		}
		alice.DELETE("/channels/"+open.ID).Want(t, 200)
		if got := list(t, bob, team.ID, ""); got.Total != 0 || len(got.Threads) != 0 {
			t.Errorf("after archiving: %+v", got)
		}
	})
}

func TestSomebodyElsesThreads(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		team, _, root, who := scene(s, "alice", "bob")
		alice, bob := who[0], who[1]
		bob.Reply(root, "x")
		his := "/users/" + bob.ID + "/teams/" + team.ID + "/threads"
		for _, r := range []*testkit.Response{
			alice.GET(his), alice.GET(his + "/mention_counts"), alice.PUT(his+"/read", nil), alice.GET(his + "/" + root.ID),
			alice.PUT(his+"/"+root.ID+"/following", nil), alice.DELETE(his + "/" + root.ID + "/following"),
			alice.PUT(his+"/"+root.ID+"/read/1", nil), alice.POST(his+"/"+root.ID+"/set_unread/"+root.ID, nil),
			s.User("eve").GET("/users/me/teams/" + team.ID + "/threads"), alice.GET("/users/me/teams/" + id.New() + "/threads"),
		} {
			r.Refused(t, 403, noPermission)
		}
		s.Admin.GET(his).Want(t, 200)
		s.Nobody().GET(his).Refused(t, 401, "api.context.session_expired.app_error")
	})
}

func TestPages(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		team, room, _, who := scene(s, "alice", "bob")
		alice, bob := who[0], who[1]
		var ids []string // the latest first
		var third int64
		for i := range 7 {
			root := alice.Say(room, fmt.Sprint("root ", i))
			if r := bob.Reply(root, "reply"); i == 3 {
				third = r.CreateAt
			}
			ids = append([]string{root.ID}, ids...)
		}
		want := func(query string, wanted ...string) {
			t.Helper()
			if got := names(list(t, alice, team.ID, query)); fmt.Sprint(got) != fmt.Sprint(wanted) {
				t.Errorf("%s: %v, want %v", query, got, wanted)
			}
		}
		want("", ids...)
		want("?per_page=2", ids[0], ids[1])
		want("?pageSize=3&before="+ids[1], ids[2], ids[3], ids[4])
		want("?per_page=2&after="+ids[4], ids[3], ids[2])
		want("?per_page=2&page=1", ids[2], ids[3])
		want("?before=" + id.New())
		want(fmt.Sprint("?since=", third), ids[:4]...)
		alice.PUT(path(team.ID, ids[2], "/read/", fmt.Sprint(id.Now()+1000)), nil).Want(t, 200)
		want("?unread=true&per_page=3", ids[0], ids[1], ids[3])
		if got := list(t, alice, team.ID, "?totalsOnly=true"); got.Total != 7 || got.TotalUnreadThreads != 6 || got.Threads != nil {
			t.Errorf("totals %+v", got)
		}
		if got := list(t, alice, team.ID, "?unread=true&totalsOnly=true"); got.Total != 6 {
			t.Errorf("unread totals %+v", got)
		}
		base := "/users/me/teams/" + team.ID + "/threads"
		alice.GET(base+"?before="+ids[0]+"&after="+ids[1]).Refused(t, 400, "api.getThreadsForUser.bad_params")
		alice.GET(base+"?totalsOnly=true&threadsOnly=true").Refused(t, 400, "api.getThreadsForUser.bad_only_params")
		alice.GET(base+"?since=yesterday").Refused(t, 400, "api.context.invalid_body_param.app_error")
		alice.GET(base+"?per_page=-1&page=-5&before=%00%ff").Want(t, 200)
		bob.Reply(&model.Post{ID: ids[0], ChannelID: room.ID}, "@"+alice.Username)
		var counts map[string]int64
		alice.GET(base+"/mention_counts").Want(t, 200).Into(t, &counts)
		if len(counts) != 1 || counts[room.ID] != 1 {
			t.Errorf("mention counts %v", counts)
		}
	})
}

// A mention that an edit took away, or that is none any more, doesn't outlive the reply: no badge stays for what
// nobody can read.
func TestDeletedRepliesLeaveNoMentions(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		team, _, root, who := scene(s, "alice", "bob")
		alice, bob := who[0], who[1]
		for what, undo := range map[string]func(reply *model.Post){
			"edited": func(reply *model.Post) {
				bob.PUT("/posts/"+reply.ID+"/patch", map[string]string{"message": "nobody"}).Want(t, 200)
			},
			"another word": func(*model.Post) {
				alice.PUT("/users/me/patch", map[string]any{"notify_props": map[string]string{"mention_keys": ""}}).Want(t, 200)
			},
		} {
			alice.PUT("/users/me/patch", map[string]any{"notify_props": map[string]string{"mention_keys": "garden"}}).Want(t, 200)
			reply := bob.Reply(root, "about the garden")
			if got := see(t, alice, team.ID, root.ID); got.UnreadMentions != 1 {
				t.Fatalf("%s: %d mentions", what, got.UnreadMentions)
			}
			undo(reply)
			bob.DELETE("/posts/"+reply.ID).Want(t, 200)
			if got := see(t, alice, team.ID, root.ID); got.UnreadMentions != 0 || got.UnreadReplies != 0 {
				t.Errorf("%s: %d replies and %d mentions are left", what, got.UnreadReplies, got.UnreadMentions)
			}
			if got := list(t, alice, team.ID, "?totalsOnly=true"); got.TotalUnreadMentions != 0 || got.TotalUnreadThreads != 0 {
				t.Errorf("%s: totals %+v", what, got)
			}
		}
	})
}

// Threads whose last replies share their time are each on one page.
func TestPagesOfOneMoment(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		team, room, _, who := scene(s, "alice", "bob")
		alice, bob := who[0], who[1]
		want := map[string]bool{}
		for i := range 5 {
			root := alice.Say(room, fmt.Sprint("root ", i))
			bob.Reply(root, "reply")
			want[root.ID] = true
		}
		if _, err := s.DB.Exec(t.Context(), `UPDATE threads SET lastreplyat = 1000 WHERE channelid = $1`, room.ID); err != nil {
			t.Fatal(err)
		}
		for _, query := range []string{"before", "after"} {
			seen, last := map[string]bool{}, ""
			for range 10 {
				at := ""
				if last != "" {
					at = "&" + query + "=" + last
				} else if query == "after" {
					break
				}
				page := names(list(t, alice, team.ID, "?per_page=2"+at))
				if len(page) == 0 {
					break
				}
				for _, id := range page {
					if seen[id] {
						t.Errorf("%s: %s is on two pages", query, id)
					}
					seen[id] = true
				}
				last = page[len(page)-1]
			}
			if query == "before" && len(seen) != len(want) {
				t.Errorf("%d of %d threads are on a page", len(seen), len(want))
			}
		}
	})
}
