package search_test

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/testkit"
)

// found searches and returns the messages of the page in its order.
func found(t *testing.T, a *testkit.Actor, teamID, terms string, more ...any) []string {
	t.Helper()
	body := map[string]any{"terms": terms}
	for i := 0; i+1 < len(more); i += 2 {
		body[more[i].(string)] = more[i+1]
	}
	path := "/posts/search"
	if teamID != "" {
		path = "/teams/" + teamID + path
	}
	var out model.PostSearchResults
	a.POST(path, body).Want(t, 200).Into(t, &out)
	messages := []string{}
	for _, postID := range out.Order {
		messages = append(messages, out.Posts[postID].Message)
	}
	if len(out.Posts) != len(out.Order) {
		t.Errorf("%q: %d posts for %d places", terms, len(out.Posts), len(out.Order))
	}
	return messages
}

func expect(t *testing.T, terms string, got []string, want ...string) {
	t.Helper()
	if want == nil {
		want = []string{}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%q (-want +got):\n%s", terms, diff)
	}
}

func TestTermsAndFilters(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		alice, bob := s.User("alice"), s.User("bob")
		team := s.Team(alice, bob)
		one, two := s.Channel(alice, team, bob), s.Channel(alice, team, bob)
		dm := s.Direct(alice, bob)
		say := func(a *testkit.Actor, c *model.Channel, text string) string {
			for p := a.Say(c, text); id.Now() <= p.CreateAt; { // posts of one ms have an order of their own
				runtime.Gosched()
			}
			return text
		}
		pie := say(alice, one, "apple banana pie")
		tag := say(bob, two, "banana apple #Fruit and #fruit-salad")
		known := say(alice, two, "a well-known release of PLT-3699 at https://example.org/path")
		mail := say(bob, dm, "write to user@example.org, running late")
		cjk := say(bob, one, "今天发布了新版本")
		thai := say(bob, one, "สวัสดีชาวโลก")
		for terms, want := range map[string][]string{
			"apple": {tag, pie}, "apple banana": {tag, pie}, `"apple banana"`: {pie}, "apple -pie": {tag}, "ban*": {tag, pie},
			"#fruit": {tag}, "#FRUIT": {tag}, "#fru*": {tag}, "#fruit-salad": {tag}, "#salad": {}, "fruit": {tag}, "apple -#fruit": {pie},
			"well-known": {known}, "known": {known}, "PLT-3699": {known}, "plt": {known}, "releases": {known}, "example.org": {known},
			"user@example.org": {mail}, "runs": {mail}, "running*": {mail}, "late in:@" + bob.Username: {mail},
			"发布": {cjk}, "版本 今天": {cjk}, "版今": {}, "ชาว": {thai}, "apple from:" + bob.Username: {tag}, "from:@" + alice.Username + " in:~" + one.Name: {pie},
			"in:" + one.ID + " apple": {pie}, "apple in:" + one.Name + " in:" + two.Name: {tag, pie}, "apple -in:" + two.Name: {pie},
			"from:nobody-at-all": {}, "apple -from:nobody-at-all": {tag, pie}, "apple in:nowhere": {}, "the": {}, "the apple pie": {pie},
			"!!! ??": {}, "-apple from:" + alice.Username + " in:" + two.Name: {known}, "ext:pdf": {}, "apple -ext:pdf": {tag, pie},
			"on:2020-01-01": {}, "apple after:2020-01-01": {tag, pie}, "apple before:2020-01-01": {}, "apple -on:2020-01-01": {tag, pie}, "apple on:soon": {},
		} {
			expect(t, terms, found(t, alice, team.ID, terms), want...)
			expect(t, terms+" everywhere", found(t, alice, "", terms), want...)
		}
		expect(t, "or", found(t, alice, team.ID, "pie late 发布 #fruit", "is_or_search", true), cjk, mail, tag, pie)
		expect(t, "or, not", found(t, alice, team.ID, "pie late -apple", "is_or_search", true), mail)
		expect(t, "page 0", found(t, alice, team.ID, "apple", "per_page", 1), tag)
		expect(t, "page 1", found(t, alice, team.ID, "apple", "per_page", 1, "page", 1), pie)
		expect(t, "page 2", found(t, alice, team.ID, "apple", "per_page", 1, "page", 2))
		expect(t, "odd page", found(t, alice, team.ID, "apple", "per_page", -5, "page", -1), tag, pie)
	})
}

// TestOnlyWhatOneMayRead follows coming, going, editing, deleting and archiving.
func TestOnlyWhatOneMayRead(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		alice, bob, carol := s.User("alice"), s.User("bob"), s.User("carol")
		team, other := s.Team(alice, bob), s.Team(carol, alice)
		room, open := s.Private(alice, team), s.Channel(alice, team)
		post := alice.Say(room, "secret words")
		for id.Now() <= post.CreateAt { // posts of one ms have an order of their own
			runtime.Gosched()
		}
		alice.Say(open, "open words")
		alice.Say(s.Channel(carol, other, alice), "other words")
		expect(t, "not in", found(t, bob, team.ID, "words"))
		expect(t, "not in, everywhere", found(t, bob, "", "words"))
		expect(t, "an administrator", found(t, s.Admin, "", "words"))
		expect(t, "in a team", found(t, alice, team.ID, "words"), "open words", "secret words")
		expect(t, "in all teams", found(t, alice, "", "words"), "other words", "open words", "secret words")
		bob.POST("/teams/"+other.ID+"/posts/search", map[string]any{"terms": "words"}).Refused(t, 403, "api.context.permissions.app_error")
		bob.POST("/teams/"+id.New()+"/posts/search", map[string]any{"terms": "words"}).Want(t, 403)
		alice.POST("/channels/"+room.ID+"/members", map[string]string{"user_id": bob.ID}).Want(t, 201)
		expect(t, "joined", found(t, bob, team.ID, "words"), "secret words")
		alice.PUT("/posts/"+post.ID+"/patch", map[string]string{"message": "plain words #now"}).Want(t, 200)
		expect(t, "before the edit", found(t, bob, team.ID, "secret"))
		expect(t, "after the edit", found(t, bob, team.ID, "plain #now"), "plain words #now")
		bob.DELETE("/channels/"+room.ID+"/members/"+bob.ID).Want(t, 200)
		expect(t, "left", found(t, bob, team.ID, "words"))
		alice.DELETE("/channels/"+open.ID).Want(t, 200)
		expect(t, "archived", found(t, alice, team.ID, "words"), "plain words #now")
		expect(t, "archived, asked for", found(t, alice, team.ID, "words", "include_deleted_channels", true), "open words", "plain words #now")
		alice.DELETE("/posts/"+post.ID).Want(t, 200)
		expect(t, "deleted", found(t, alice, team.ID, "plain"))
	})
}

func TestBadBodies(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		const unread, noTerms = "api.post.search_posts.invalid_body.app_error", "api.context.invalid_body_param.app_error"
		for body, errorID := range map[string]string{"": unread, "{": unread, "[]": unread, `"x"`: unread, `{"terms":5}`: unread, `{"terms":"a","page":"x"}`: unread,
			`{}`: noTerms, `null`: noTerms, `{"terms":""}`: noTerms, `{"terms":null}`: noTerms} {
			s.Admin.POST("/posts/search", body).Refused(t, 400, errorID)
		}
		s.Nobody().POST("/posts/search", map[string]any{"terms": "x"}).Want(t, 401)
		s.Admin.POST("/teams/nonsense/posts/search", map[string]any{"terms": "x"}).Refused(t, 400, "api.context.invalid_url_param.app_error")
		room := s.Channel(s.Admin, s.Team(s.Admin))
		s.Admin.Say(room, "something")
		rng := rand.New(rand.NewPCG(3, 4))
		bits := strings.Split(`" ' \ * - # ( ) | & ! < > : @ ~ ^ % _ $ ? . , ; / + = é 中 ا ß ﬀ İ 😀 \u0000 � NOT AND OR NEAR words : from: in: in:@a,b on: ext: after:9999-99-99 `+
			`before:0001-01-01 a the x y' -"a "b" :* <-> {a} words:x 1.5 -3 a@b.c http://a/b?c&d=' ̈ \u202e `, " ")
		for range 300 {
			text := ""
			for range 1 + rng.IntN(9) {
				text += bits[rng.IntN(len(bits))] + strings.Repeat(" ", rng.IntN(2))
			}
			if text != "" {
				if r := s.Admin.POST("/posts/search", map[string]any{"terms": text, "is_or_search": rng.IntN(2) == 0}); r.Status != 200 {
					t.Errorf("%q: %s", text, r)
				}
			}
		}
		for _, text := range []string{strings.Repeat("word ", 10_000), strings.Repeat("x", 20_000), `"` + strings.Repeat("y", 9_000) + `"`, strings.Repeat("中", 5_000),
			strings.Repeat("from:a ", 2_000), strings.Repeat("-on:2020-01-01 ", 500) + "x", "a\x00b \"c\x00d\"", strings.Repeat(`-"a b" `, 99)} {
			s.Admin.POST("/posts/search", map[string]any{"terms": text, "time_zone_offset": 1 << 60, "page": 1 << 50, "per_page": 1 << 50}).Want(t, 200)
		}
	})
}

func TestSwitchedOff(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		s.Admin.POST("/posts/search", map[string]any{"terms": "x"}).Refused(t, 501, "store.sql_post.search.disabled")
	}, testkit.Env("MM_SERVICESETTINGS_ENABLEPOSTSEARCH=false"))
}

// TestSearchIsAScan compares with looking through all posts, after random
// posting, editing, deleting, moving in and out.
func TestSearchIsAScan(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		rng := rand.New(rand.NewPCG(uint64(time.Now().UnixNano()), 1))
		people := []*testkit.Actor{s.User("alice"), s.User("bob"), s.User("carol")}
		team := s.Team(people[0], people[1:]...)
		rooms := []*model.Channel{s.Channel(people[0], team, people[1:]...), s.Private(people[0], team, people[1:]...), s.Channel(people[0], team, people[1:]...)}
		vocabulary := []string{"kilo", "lima", "mango", "nectar", "oscar", "papa", "quark", "romeo"}
		text := func() string {
			w := make([]string, 1+rng.IntN(5))
			for i := range w {
				w[i] = vocabulary[rng.IntN(len(vocabulary))]
			}
			return strings.Join(w, " ")
		}
		var posts []*model.Post
		author := map[string]*testkit.Actor{}
		for range 4 {
			for range 25 {
				a := people[rng.IntN(len(people))]
				var p model.Post
				if r := a.Post(rooms[rng.IntN(len(rooms))], text()); r.Status == 201 {
					r.Into(t, &p)
					posts, author[p.ID] = append(posts, &p), a
				}
			}
			for range 5 {
				p := posts[rng.IntN(len(posts))]
				switch rng.IntN(3) {
				case 0:
					author[p.ID].DELETE("/posts/" + p.ID)
				case 1:
					author[p.ID].PUT("/posts/"+p.ID+"/patch", map[string]string{"message": text()})
				case 2:
					people[0].DELETE("/channels/" + rooms[1+rng.IntN(2)].ID + "/members/" + people[1+rng.IntN(2)].ID)
				}
			}
			for range 12 {
				v, wanted, banned, anyTerm := people[rng.IntN(len(people))], strings.Fields(text()), vocabulary[rng.IntN(len(vocabulary))], rng.IntN(2) == 0
				want := scan(t, s, v, wanted, banned, anyTerm)
				terms := strings.Join(wanted, " ") + " -" + banned
				got := found(t, v, team.ID, terms, "is_or_search", anyTerm, "per_page", 200)
				slices.Sort(got) // posts of one ms have an order of their own
				slices.Sort(want)
				expect(t, fmt.Sprint(terms, " ", anyTerm), got, want...)
			}
		}
	})
}

func scan(t *testing.T, s *testkit.Server, v *testkit.Actor, wanted []string, banned string, anyTerm bool) []string {
	t.Helper()
	all, err := db.List(t.Context(), s.DB, db.One[string], `SELECT p.message FROM posts p JOIN channelmembers cm ON cm.channelid = p.channelid
		WHERE cm.userid = $1 AND p.deleteat = 0 AND p.type = '' LIMIT 10000`, v.ID)
	if err != nil {
		t.Fatal(err)
	}
	out := []string{}
	for _, m := range all {
		words, hits := strings.Fields(m), 0
		for _, w := range wanted {
			if slices.Contains(words, w) {
				hits++
			}
		}
		if !slices.Contains(words, banned) && (hits == len(wanted) || anyTerm && hits > 0) {
			out = append(out, m)
		}
	}
	return out
}

// A thread that moved is found where it is now, by the channel's name as well.
func TestMovedMessagesAreFoundWhereTheyAre(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		alice := s.User("alice")
		team := s.Team(alice)
		from, to := s.Channel(alice, team), s.Channel(alice, team)
		root := alice.Say(from, "tulips by the gate")
		alice.Reply(root, "and roses by the gate")
		count := func(terms string) int {
			var list model.PostList
			alice.POST("/teams/"+team.ID+"/posts/search", map[string]any{"terms": terms}).Want(t, 200).Into(t, &list)
			return len(list.Order)
		}
		if a, b := count("gate in:"+from.Name), count("gate in:"+to.Name); a != 2 || b != 0 {
			t.Errorf("before: %d here and %d there", a, b)
		}
		alice.POST("/posts/"+root.ID+"/move", map[string]string{"channel_id": to.ID}).Want(t, 200)
		if a, b := count("gate in:"+from.Name), count("gate in:"+to.Name); a != 0 || b != 2 {
			t.Errorf("after: %d here and %d there", a, b)
		}
		if n := count("gate from:" + alice.Username); n != 2 {
			t.Errorf("%d from their author", n)
		}
	}, testkit.Env("MM_FEATUREFLAGS_MOVETHREADSENABLED=true"))
}
