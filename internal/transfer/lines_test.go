package transfer_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/testkit"
	"github.com/parley-chat/parley/internal/transfer"
)

// people are a team with a channel and two members.
var people = []string{
	`{"type":"team","team":{"name":"acme","display_name":"Acme","type":"O"}}`,
	`{"type":"channel","channel":{"team":"acme","name":"beans","display_name":"Beans","type":"O"}}`,
	`{"type":"user","user":{"username":"Ann","email":"Ann@Example.com","password":"Probe-Passw0rd-1","theme":"{\"sidebarBg\":\"#fff\"}",
		"teams":[{"name":"acme","roles":"team_user team_admin","channels":[{"name":"beans","roles":"channel_user channel_admin","favorite":true}]}]}}`,
	`{"type":"user","user":{"username":"ben","email":"ben@example.com","auth_service":"ldap","auth_data":"b1",
		"teams":[{"name":"acme","channels":[{"name":"beans","last_viewed_at":1500,"mention_count":1,"mention_count_root":1}]}]}}`,
}

func init() {
	for i := range people {
		people[i] = strings.ReplaceAll(people[i], "\n", "")
	}
}

func post(at int, text, more string) string {
	return fmt.Sprintf(`{"type":"post","post":{"team":"acme","channel":"beans","user":"ann","message":%q,"create_at":%d%s}}`, text, at, more)
}

// Accounts sign in, and what was read, is unread and counts is what the lines say.
func TestCountersAreRight(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		lines := append(people[:len(people):len(people)],
			post(1000, "one", `,"replies":[{"user":"ben","message":"r1","create_at":1200},{"user":"ann","message":"r2","create_at":1800}]`),
			post(1100, "joined", `,"type":"system_join_channel"`),
			post(1400, "two", `,"reactions":[{"user":"ben","emoji_name":"tada","create_at":1500}],"flagged_by":["ben"],"is_pinned":true,"edit_at":1450`),
			post(2000, "@ben three #beans", ""))
		report, told := taken(t, s, transfer.Options{}, lines...)
		if len(told) > 0 || report.Made["post"] != 6 {
			t.Fatalf("%+v\n%s", report, strings.Join(told, "\n"))
		}
		ann := s.As("ann")
		var team model.Team
		var c model.Channel
		ann.GET("/teams/name/acme").Want(t, 200).Into(t, &team)
		ann.GET("/teams/"+team.ID+"/channels/name/beans").Want(t, 200).Into(t, &c)
		if c.TotalMsgCount != 5 || c.TotalMsgCountRoot != 3 || c.LastPostAt != 2000 || c.LastRootPostAt != 2000 {
			t.Errorf("the channel: %+v", c)
		}
		var m model.ChannelMember
		if ann.GET("/channels/"+c.ID+"/members/me").Want(t, 200).Into(t, &m); m.MsgCount != 5 || m.MsgCountRoot != 3 || !m.SchemeAdmin {
			t.Errorf("ann, who has read everything: %+v", m)
		}
		var ben model.User
		ann.GET("/users/username/ben").Want(t, 200).Into(t, &ben)
		if ann.GET("/channels/"+c.ID+"/members/"+ben.ID).Want(t, 200).Into(t, &m); m.MsgCount != 3 || m.MsgCountRoot != 2 || m.MentionCount != 1 || m.MentionCountRoot != 1 {
			t.Errorf("ben, who has read up to 1500: %+v", m)
		}
		var threads model.Threads
		ann.GET("/users/me/teams/"+team.ID+"/threads").Want(t, 200).Into(t, &threads)
		if len(threads.Threads) != 1 || threads.Threads[0].ReplyCount != 2 || threads.Threads[0].LastReplyAt != 1800 || threads.TotalUnreadThreads != 0 {
			t.Errorf("threads: %+v", threads)
		}
		var list model.PostList
		ann.GET("/channels/"+c.ID+"/posts").Want(t, 200).Into(t, &list)
		if len(list.Order) != 6 || list.Posts[list.Order[0]].Hashtags != "#beans" {
			t.Errorf("%d messages", len(list.Order))
		}
		var found model.PostList
		ann.POST("/teams/"+team.ID+"/posts/search", map[string]any{"terms": "three"}).Want(t, 200).Into(t, &found)
		if len(found.Order) != 1 {
			t.Errorf("found %d messages", len(found.Order))
		}
	})
}

// An import that broke off goes on without doubling anything, be it in the middle of a thread.
func TestGoingOn(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		lines := append([]string{}, people...)
		for i := range 1500 {
			lines = append(lines, post(1000+i, fmt.Sprint("message ", i), `,"replies":[{"user":"ben","message":"yes","create_at":5000}]`))
		}
		ctx, cancel := context.WithCancel(t.Context())
		o := transfer.Options{Progress: func(p transfer.Progress) {
			if p.Posts > 900 {
				cancel()
			}
		}}
		report, err := s.Transfer().ImportBulk(ctx, file(t, append([]string{`{"type":"version","version":1}`}, lines...)...), o)
		if !errors.Is(err, context.Canceled) || report.Made["post"] == 0 || report.Made["post"] >= 3000 {
			t.Fatalf("%+v %v", report, err)
		}
		before := report.Made["post"]
		report, told := taken(t, s, transfer.Options{}, lines...)
		if report.Made["post"] != 3000-before || report.Known["post"] != before || len(told) > 0 {
			t.Errorf("first %d, then %+v\n%v", before, report, told)
		}
		n, err := db.Value[int64](t.Context(), s.DB, `SELECT totalmsgcount FROM channels WHERE name = 'beans'`)
		if n != 3000 || err != nil {
			t.Errorf("%d messages count, %v", n, err)
		}
	})
}

// A bad line is told of, with its number and what to do, and costs nothing but itself.
func TestBadLines(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		bad := map[string]string{
			`{"type":"post","post":`: "no JSON", `{"type":"dance"}`: "isn't one of this format", `{"type":"post"}`: "missing", `{"type":"post","post":{"team":"acme","channel":"beans","user":"ann","message":"a\u0000","create_at":5}}`: "NUL",
			post(0, "x", ""): "time", post(5, "x", `,"replies":[{"user":"ann","message":"r","create_at":1}]`): "older", post(5, strings.Repeat("x", 17_000), ""): "too long",
			`{"type":"post","post":{"team":"acme","channel":"nowhere","user":"ann","message":"x","create_at":5}}`:  "no channel acme/nowhere",
			`{"type":"post","post":{"team":"acme","channel":"beans","user":"nobody","message":"x","create_at":5}}`: "no account nobody",
			post(5, "y", `,"attachments":[{"path":"gone.txt"}]`):                                                   "gone.txt", post(6, "y", `,"reactions":[{"user":"zoe","emoji_name":"tada","create_at":7}]`): "zoe",
			`{"type":"user","user":{"username":"cem","email":"ann@example.com"}}`: "that of the account ann", `{"type":"user","user":{"username":"a b","email":"ab@example.com"}}`: "username",
			`{"type":"user","user":{"username":"dee","email":"dee@example.com","password":"short"}}`: "password", `{"type":"user","user":{"username":"eve","email":"eve@example.com","roles":"king"}}`: "no role king",
			`{"type":"team","team":{"name":"admin","display_name":"A","type":"O"}}`: "reserved", `{"type":"channel","channel":{"team":"acme","name":"A B","display_name":"x","type":"O"}}`: "lowercase",
			`{"type":"direct_channel","direct_channel":{"members":["a","b","c","d","e","f","g","h","i"]}}`: "conversation", `{"type":"emoji","emoji":{"name":"bean","image":"bean.png"}}`: "bean.png",
			`{"type":"bot","bot":{"username":"ann","owner":"ben"}}`: "person", `{"type":"scheme","scheme":{"name":"s1","display_name":"S","scope":"team"}}`: "scope",
		}
		for line, want := range bad {
			_, told := taken(t, s, transfer.Options{}, append(people[:len(people):len(people)], line, post(900, "the next", ""))...)
			if len(told) != 1 || !strings.Contains(strings.ToLower(told[0]), strings.ToLower(want)) || !strings.HasPrefix(told[0], "line 6") {
				t.Errorf("%.100s\ntold %q, wanted %q", line, told, want)
			}
			if n, err := db.Value[int64](t.Context(), s.DB, `SELECT count(*) FROM posts WHERE message = 'the next'`); n != 1 || err != nil {
				t.Fatalf("after %.80s: %d, %v", line, n, err)
			}
		}
		var strict transfer.Problem
		_, err := s.Transfer().ImportBulk(t.Context(), file(t, `{"type":"version","version":1}`, `{"type":"dance"}`), transfer.Options{Strict: true})
		if !errors.As(err, &strict) || strict.At != "2" {
			t.Error(err)
		}
		// Nothing is written by a dry run.
		before, _ := db.Value[int64](t.Context(), s.DB, `SELECT count(*) FROM users`)
		report, told := taken(t, s, transfer.Options{DryRun: true}, `{"type":"team","team":{"name":"new","display_name":"New","type":"O"}}`,
			`{"type":"user","user":{"username":"new","email":"new@example.com","teams":[{"name":"new"}]}}`,
			`{"type":"post","post":{"team":"new","channel":"town-square","user":"new","message":"x","create_at":5}}`)
		if after, _ := db.Value[int64](t.Context(), s.DB, `SELECT count(*) FROM users`); after != before || len(told) > 0 || report.Made["post"] != 1 {
			t.Errorf("%d accounts, then %d: %+v %v", before, after, report, told)
		}
	})
}

// Who is connected while a server goes on hears of what is said in imported places.
func TestConnectedPeopleHear(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		ann, ben := s.User("ann"), s.User("ben")
		ann.Listen()
		lines := append([]string{}, people[:2]...)
		for _, a := range []*testkit.Actor{ann, ben} {
			lines = append(lines, fmt.Sprintf(`{"type":"user","user":{"username":%q,"email":"%s@example.com","teams":[{"name":"acme","channels":[{"name":"beans"}]}]}}`, a.Username, a.Username))
		}
		if _, told := taken(t, s, transfer.Options{}, lines...); len(told) > 0 {
			t.Fatal(told)
		}
		var team model.Team
		var c model.Channel
		ben.GET("/teams/name/acme").Want(t, 200).Into(t, &team)
		ben.GET("/teams/"+team.ID+"/channels/name/beans").Want(t, 200).Into(t, &c)
		ben.Say(&c, "hello")
		ann.Expect("posted", nil)
	})
}
