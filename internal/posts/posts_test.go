package posts_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
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

// room is a channel with alice, who made it, and bob in it.
func room(s *testkit.Server) (alice, bob *testkit.Actor, team *model.Team, ch *model.Channel) {
	alice, bob = s.User("alice"), s.User("bob")
	team = s.Team(alice, bob)
	return alice, bob, team, s.Channel(alice, team, bob)
}

func page(t *testing.T, a *testkit.Actor, ch *model.Channel, query string) *model.PostList {
	t.Helper()
	var list model.PostList
	a.GET("/channels/"+ch.ID+"/posts?"+query).Want(t, 200).Into(t, &list)
	return &list
}

func TestPagesWalkedEitherWayAreTheWholeChannel(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		alice, bob, _, ch := room(s)
		rng := rand.New(rand.NewPCG(1, 2))
		var roots []*model.Post
		var mine []*model.Post
		for range 60 {
			switch n := rng.IntN(10); {
			case n < 6 || len(roots) == 0:
				p := alice.Say(ch, "root")
				roots, mine = append(roots, p), append(mine, p)
			case n < 9:
				mine = append(mine, alice.Reply(roots[rng.IntN(len(roots))], "reply"))
			default:
				i := rng.IntN(len(mine))
				r := alice.DELETE("/posts/" + mine[i].ID)
				if r.Status != http.StatusOK && r.Status != http.StatusNotFound {
					t.Fatal(r)
				}
				roots = slices.DeleteFunc(roots, func(p *model.Post) bool { return p.ID == mine[i].ID })
			}
		}
		for _, kind := range []string{"", "&collapsedThreads=true", "&skipFetchThreads=true"} {
			all := page(t, bob, ch, "per_page=200"+kind)
			if len(all.Order) < 20 || all.PrevPostID != "" || all.NextPostID != "" {
				t.Fatalf("%d posts, prev %q, next %q", len(all.Order), all.PrevPostID, all.NextPostID)
			}
			if !slices.IsSortedFunc(all.Order, func(a, b string) int { return int(all.Posts[b].CreateAt - all.Posts[a].CreateAt) }) {
				t.Error("not newest first")
			}
			for _, size := range []int{1, 3, 7} {
				numbered(t, bob, ch, all.Order, size, kind)
				backward(t, bob, ch, all.Order, size, kind)
				forward(t, bob, ch, all.Order, size, kind)
			}
		}
	})
}

func numbered(t *testing.T, a *testkit.Actor, ch *model.Channel, want []string, size int, kind string) {
	t.Helper()
	var got []string
	for n := 0; ; n++ {
		list := page(t, a, ch, fmt.Sprintf("per_page=%d&page=%d%s", size, n, kind))
		if len(list.Order) == 0 {
			break
		}
		neighbours(t, list, want, len(got))
		got = append(got, list.Order...)
	}
	if !slices.Equal(got, want) {
		t.Errorf("pages of %d%s: got %d posts, want %d in order", size, kind, len(got), len(want))
	}
}

// neighbours checks the ids before and after a page that begins at want[from].
func neighbours(t *testing.T, list *model.PostList, want []string, from int) {
	t.Helper()
	next, prev := "", ""
	if from > 0 {
		next = want[from-1]
	}
	if end := from + len(list.Order); end < len(want) {
		prev = want[end]
	}
	if list.NextPostID != next || list.PrevPostID != prev {
		t.Errorf("page from %d: next %q, want %q; prev %q, want %q", from, list.NextPostID, next, list.PrevPostID, prev)
	}
}

func backward(t *testing.T, a *testkit.Actor, ch *model.Channel, want []string, size int, kind string) {
	t.Helper()
	got := want[:1]
	for at := want[0]; ; {
		list := page(t, a, ch, fmt.Sprintf("per_page=%d&before=%s%s", size, at, kind))
		if len(list.Order) == 0 {
			break
		}
		neighbours(t, list, want, len(got))
		got = append(slices.Clone(got), list.Order...)
		at = got[len(got)-1]
	}
	if !slices.Equal(got, want) {
		t.Errorf("backward by %d%s: %d posts, want %d in order", size, kind, len(got), len(want))
	}
}

func forward(t *testing.T, a *testkit.Actor, ch *model.Channel, want []string, size int, kind string) {
	t.Helper()
	got := want[len(want)-1:]
	for at := got[0]; ; {
		list := page(t, a, ch, fmt.Sprintf("per_page=%d&after=%s%s", size, at, kind))
		if len(list.Order) == 0 {
			break
		}
		neighbours(t, list, want, len(want)-len(got)-len(list.Order))
		got = append(slices.Clone(list.Order), got...)
		at = got[0]
	}
	if !slices.Equal(got, want) {
		t.Errorf("forward by %d%s: %d posts, want %d in order", size, kind, len(got), len(want))
	}
}

func TestSinceTellsOfEditsAndDeletions(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		alice, bob, _, ch := room(s)
		old, gone, edited := alice.Say(ch, "old"), alice.Say(ch, "gone"), alice.Say(ch, "before")
		mark := alice.Say(ch, "mark")
		alice.DELETE("/posts/"+gone.ID).Want(t, 200)
		alice.PUT("/posts/"+edited.ID+"/patch", map[string]string{"message": "after"}).Want(t, 200)
		list := page(t, bob, ch, fmt.Sprint("since=", mark.UpdateAt))
		if list.Posts[old.ID] != nil || list.Posts[edited.ID] == nil || list.Posts[edited.ID].Message != "after" {
			t.Errorf("changes since: %v", list.Order)
		}
		if p := list.Posts[gone.ID]; p == nil || p.DeleteAt == 0 || p.Message != "" {
			t.Errorf("the deleted post is told as %+v", p)
		}
		bob.GET("/channels/"+ch.ID+"/posts?since=x").Refused(t, 400, "api.context.invalid_body_param.app_error")
		bob.GET("/channels/"+ch.ID+"/posts?before=x").Refused(t, 400, "api.context.invalid_body_param.app_error")
	})
}

func TestAPageKnowsWhenNothingChanged(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		alice, bob, _, ch := room(s)
		post := alice.Say(ch, "one")
		path := "/channels/" + ch.ID + "/posts"
		tag := bob.GET(path).Want(t, 200).Header.Get("Etag")
		same := func() int { return bob.Do("GET", path, nil, "If-None-Match", tag).Status }
		if tag == "" || same() != http.StatusNotModified {
			t.Fatalf("tag %q not recognised", tag)
		}
		for what, change := range map[string]func(){
			"edit":   func() { alice.PUT("/posts/"+post.ID+"/patch", map[string]string{"message": id.New()}).Want(t, 200) },
			"pin":    func() { alice.POST("/posts/"+post.ID+"/pin", nil).Want(t, 200) },
			"new":    func() { alice.Say(ch, "two") },
			"delete": func() { alice.DELETE("/posts/"+alice.Say(ch, "x").ID).Want(t, 200) },
		} {
			tag = bob.GET(path).Want(t, 200).Header.Get("Etag")
			if change(); same() != http.StatusOK {
				t.Errorf("%s: still the old tag", what)
			}
		}
		var list model.PostList
		bob.GET(path).Want(t, 200).Into(t, &list)
		if p := list.Posts[post.ID]; p == nil || !p.IsPinned || p.Message == "one" {
			t.Errorf("an old page: %+v", p)
		}
	})
}

func unread(t *testing.T, a *testkit.Actor, ch *model.Channel) model.ChannelUnread {
	t.Helper()
	var u model.ChannelUnread
	a.GET("/users/me/channels/"+ch.ID+"/unread").Want(t, 200).Into(t, &u)
	return u
}

func TestCountersEqualARecountUnderConcurrency(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		people := make([]*testkit.Actor, 4)
		for i := range people {
			people[i] = s.User("p")
		}
		team := s.Team(people[0], people[1:]...)
		rooms := []*model.Channel{s.Channel(people[0], team, people[1:]...), s.Channel(people[0], team, people[1:]...)}
		const each = 20
		for _, a := range people { // to be added to a channel counts as a mention
			for _, ch := range rooms {
				a.POST("/channels/members/me/view", map[string]string{"channel_id": ch.ID}).Want(t, 200)
			}
		}
		var posts sync.Map
		var wg sync.WaitGroup
		for i, a := range people[:3] {
			wg.Go(func() {
				rng := rand.New(rand.NewPCG(uint64(i), 1))
				for range each {
					ch := rooms[rng.IntN(2)]
					var p model.Post
					a.Post(ch, "hello @"+people[3].Username+" and @"+people[(i+1)%3].Username).Want(t, 201).Into(t, &p)
					posts.Store(p.ID, &p)
				}
			})
		}
		wg.Wait()
		for _, ch := range rooms {
			recount(t, people, ch, &posts)
		}
	})
}

// recount holds the counters of three writers and a reader against the posts
// of a channel, each of which mentions the reader and one writer.
func recount(t *testing.T, people []*testkit.Actor, ch *model.Channel, acknowledged *sync.Map) {
	t.Helper()
	list := page(t, people[3], ch, "per_page=200")
	var total int64
	last := map[string]int64{} // by author, the index of the newest post
	for i, postID := range list.Order {
		p := list.Posts[postID]
		if p.Type != "" {
			continue
		}
		total++
		if _, ok := acknowledged.Load(p.ID); !ok {
			t.Errorf("post %s was never acknowledged", p.ID)
		}
		if _, ok := last[p.UserID]; !ok {
			last[p.UserID] = int64(i)
		}
	}
	if u := unread(t, people[3], ch); u.MsgCount != total || u.MsgCountRoot != total || u.MentionCount != total || u.MentionCountRoot != total {
		t.Errorf("%+v of %d posts", u, total)
	}
	for i, a := range people[:3] {
		later := last[a.ID]
		var mentions int64
		for _, postID := range list.Order[:later] {
			if strings.Contains(list.Posts[postID].Message, a.Username) {
				mentions++
			}
		}
		if u := unread(t, a, ch); u.MsgCount != later || u.MentionCount != mentions {
			t.Errorf("person %d: %+v, want %d unread and %d mentions", i, u, later, mentions)
		}
	}
}

func TestARepeatedPendingIDPostsOnce(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		alice, bob, _, ch := room(s)
		body := map[string]string{"channel_id": ch.ID, "message": "once", "pending_post_id": alice.ID + ":1"}
		ids := make([]string, 12)
		var wg sync.WaitGroup
		for i := range ids {
			wg.Go(func() {
				var p model.Post
				alice.POST("/posts", body).Want(t, 201).Into(t, &p)
				ids[i] = p.ID
			})
		}
		wg.Wait()
		if slices.Sort(ids); ids[0] != ids[len(ids)-1] || ids[0] == "" {
			t.Errorf("several posts: %v", slices.Compact(ids))
		}
		var other model.Post
		bob.POST("/posts", body).Want(t, 201).Into(t, &other)
		if other.ID == ids[0] || other.UserID != bob.ID {
			t.Errorf("bob got %+v", other)
		}
		body["channel_id"], body["pending_post_id"] = id.New(), alice.ID+":2"
		alice.POST("/posts", body).Refused(t, 403, noPermission)
		body["channel_id"] = ch.ID
		alice.POST("/posts", body).Want(t, 201) // a failed one doesn't claim the id
	})
}

// statements runs a request and returns how many statements it took.
func statements(t *testing.T, s *testkit.Server, a *testkit.Actor, method, path string, body any, status int) int64 {
	t.Helper()
	raw, _ := json.Marshal(body)
	ctx, counter := db.CountStatements(context.Background())
	req := httptest.NewRequestWithContext(ctx, method, "/api/v4"+path, bytes.NewReader(raw))
	req.Header.Set("Authorization", "Bearer "+a.Token)
	w := httptest.NewRecorder()
	s.Handler().ServeHTTP(w, req)
	if w.Code != status {
		t.Fatalf("%s %s: %d %s", method, path, w.Code, w.Body)
	}
	return counter.N()
}

func TestStatementBudgets(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		alice, bob, _, ch := room(s)
		root := alice.Say(ch, "warm")
		alice.Say(ch, "hello @"+bob.Username)
		alice.Reply(root, "reply")
		page(t, alice, ch, "")
		create := func(message string) int64 {
			return statements(t, s, alice, "POST", "/posts", map[string]string{"channel_id": ch.ID, "message": message}, 201)
		}
		if n := create("plain"); n > 3 {
			t.Errorf("a plain post took %d statements", n)
		}
		// SQLite has no round trips: there each member's counters are a statement.
		if n := create("hello @" + bob.Username); n > 3 && !s.DB.SQLite() {
			t.Errorf("a post with a mention took %d statements", n)
		}
		page(t, bob, ch, "")
		for _, query := range []string{"", "?per_page=7&page=1", "?collapsedThreads=true", "?skipFetchThreads=true&page=1&per_page=2"} {
			if n := statements(t, s, bob, "GET", "/channels/"+ch.ID+"/posts"+query, nil, 200); n > 2 {
				t.Errorf("the page %q took %d statements", query, n)
			}
		}
		if n := statements(t, s, bob, "GET", "/channels/"+ch.ID+"/posts", nil, 200); n != 0 {
			t.Errorf("the newest page took %d statements the second time", n)
		}
	})
}
