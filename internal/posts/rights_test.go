package posts_test

import (
	"strings"
	"testing"

	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/testkit"
)

func TestNobodyOutsideReachesAPost(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		alice, bob, dave := s.User("alice"), s.User("bob"), s.User("dave")
		team := s.Team(alice, bob, dave)
		den := s.Private(alice, team, bob)
		post := alice.Say(den, "secret @"+dave.Username)
		open := s.Channel(dave, team)
		for _, outsider := range []*testkit.Actor{dave, s.Nobody()} {
			want := 403
			if outsider != dave {
				want = 401
			}
			for _, call := range [][2]string{
				{"GET", "/posts/" + post.ID}, {"GET", "/posts/" + post.ID + "/thread"}, {"GET", "/posts/" + post.ID + "/edit_history"},
				{"GET", "/posts/" + post.ID + "/files/info"}, {"PUT", "/posts/" + post.ID + "/patch"}, {"POST", "/posts/" + post.ID + "/pin"},
				{"POST", "/posts/" + post.ID + "/unpin"}, {"DELETE", "/posts/" + post.ID}, {"GET", "/channels/" + den.ID + "/posts"},
				{"GET", "/channels/" + den.ID + "/pinned"}, {"GET", "/posts/" + post.ID + "/reveal"}, {"DELETE", "/posts/" + post.ID + "/burn"},
				{"POST", "/users/me/posts/" + post.ID + "/set_unread"}, {"POST", "/users/me/posts/" + post.ID + "/ack"},
				{"DELETE", "/users/me/posts/" + post.ID + "/ack"}, {"GET", "/users/" + alice.ID + "/posts/flagged"},
				{"GET", "/users/" + alice.ID + "/channels/" + den.ID + "/posts/unread"},
			} {
				if r := outsider.Do(call[0], call[1], map[string]any{}); r.Status != want {
					t.Errorf("%s, want %d", r, want)
				}
			}
		}
		dave.GET("/posts/"+post.ID+"/info").Refused(t, 404, "app.post.get.app_error")
		dave.POST("/users/me/posts/"+post.ID+"/reminder", map[string]int64{"target_time": 4102444800}).Refused(t, 403, noPermission)
		dave.POST("/posts", map[string]string{"channel_id": open.ID, "root_id": post.ID, "message": "x"}).Want(t, 500)
		var mine []*model.Post
		dave.POST("/posts/ids", []string{post.ID}).Want(t, 200).Into(t, &mine)
		if len(mine) != 0 {
			t.Error("the post was given by its id")
		}
		dave.POST("/users/me/posts/"+id.New()+"/set_unread", map[string]any{}).Refused(t, 403, noPermission)
	})
}

func TestAPreviewIsForThoseWhoMayReadIt(t *testing.T) {
	site := "https://chat.example.com"
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		alice, bob, carol := s.User("alice"), s.User("bob"), s.User("carol")
		team := s.Team(alice, bob, carol)
		den, open := s.Private(alice, team, carol), s.Channel(alice, team, bob, carol)
		secret := alice.Say(den, "secret words")
		bob.Listen()
		carol.Listen()
		link := alice.Say(open, site+"/"+team.Name+"/pl/"+secret.ID)
		event := func(a *testkit.Actor) string {
			f := a.Expect("posted", func(f testkit.Frame) bool { return strings.Contains(f.Data["post"].(string), link.ID) })
			return f.Data["post"].(string)
		}
		if text := event(bob); strings.Contains(text, "secret words") || strings.Contains(text, "previewed_post") {
			t.Errorf("bob's event: %s", text)
		}
		if text := event(carol); !strings.Contains(text, "secret words") {
			t.Errorf("carol's event lacks the preview: %s", text)
		}
		for _, path := range []string{"/posts/" + link.ID, "/posts/" + link.ID + "/thread", "/channels/" + open.ID + "/posts"} {
			if body := string(bob.GET(path).Want(t, 200).Body); strings.Contains(body, "secret words") {
				t.Errorf("%s shows bob the preview", path)
			}
			if body := string(carol.GET(path).Want(t, 200).Body); !strings.Contains(body, "secret words") {
				t.Errorf("%s doesn't show carol the preview", path)
			}
		}
		alice.DELETE("/channels/"+den.ID+"/members/"+carol.ID).Want(t, 200)
		if body := string(carol.GET("/channels/"+open.ID+"/posts").Want(t, 200).Body); strings.Contains(body, "secret words") {
			t.Error("carol still sees the preview after she was removed")
		}
		forged := map[string]any{"channel_id": open.ID, "message": "x", "props": map[string]any{"previewed_post": secret.ID},
			"metadata": map[string]any{"embeds": []any{map[string]any{"type": "permalink", "data": map[string]any{"post_id": secret.ID}}}}}
		var p model.Post
		bob.POST("/posts", forged).Want(t, 201).Into(t, &p)
		if len(p.Props) != 0 || len(p.Metadata.Embeds) != 0 {
			t.Errorf("a forged preview: %+v", p)
		}
	}, testkit.Env("MM_SERVICESETTINGS_SITEURL="+site))
}

func TestACollapsedPageShowsWhatEachReaderFollows(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		alice, bob, _, ch := room(s)
		carol := s.User("carol")
		alice.Say(ch, "first")
		root := alice.Say(ch, "root")
		bob.Reply(root, "reply")
		s.Admin.POST("/teams/"+ch.TeamID+"/members", map[string]string{"team_id": ch.TeamID, "user_id": carol.ID}).Want(t, 201)
		for range 2 { // read, then remembered
			for who, want := range map[*testkit.Actor]bool{alice: true, bob: true, carol: false} {
				list := page(t, who, ch, "collapsedThreads=true")
				p := list.Posts[root.ID]
				if got := p.IsFollowing != nil && *p.IsFollowing; got != want || p.ReplyCount != 1 || len(p.Participants) != 1 {
					t.Errorf("%s: following %v, want %v; %d replies", who.Username, got, want, p.ReplyCount)
				}
			}
		}
		bob.Reply(root, "another")
		if p := page(t, alice, ch, "collapsedThreads=true").Posts[root.ID]; p.ReplyCount != 2 {
			t.Errorf("%d replies after the second", p.ReplyCount)
		}
	})
}

func TestEditingRules(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		alice, bob, _, ch := room(s)
		post := alice.Say(ch, "first")
		patch := func(a *testkit.Actor, body any) *testkit.Response { return a.PUT("/posts/"+post.ID+"/patch", body) }
		patch(bob, map[string]bool{"is_pinned": true}).Refused(t, 403, noPermission)
		patch(alice, map[string]any{"props": map[string]any{"from_bot": "true", "deleteBy": "x", "k": "v"}}).Want(t, 200)
		var got model.Post
		patch(alice, map[string]any{"message": "second #tag", "has_reactions": true}).Want(t, 200).Into(t, &got)
		if len(got.Props) != 1 || got.Hashtags != "#tag" || got.HasReactions || got.EditAt == 0 || got.UserID != alice.ID {
			t.Errorf("edited: %+v", got)
		}
		var history []*model.Post
		alice.GET("/posts/"+post.ID+"/edit_history").Want(t, 200).Into(t, &history)
		if len(history) != 2 || history[0].Message != "first" || history[0].OriginalID != post.ID {
			t.Fatalf("history: %+v", history)
		}
		first := history[len(history)-1]
		bob.POST("/posts/"+post.ID+"/restore/"+first.ID, nil).Refused(t, 403, noPermission)
		other := alice.Say(ch, "other")
		alice.POST("/posts/"+other.ID+"/restore/"+first.ID, nil).Refused(t, 400, "app.post.restore_post_version.not_valid_post_history_item.app_error")
		alice.POST("/posts/"+other.ID+"/restore/"+post.ID, nil).Refused(t, 400, "app.post.restore_post_version.not_an_history_item.app_error")
		alice.POST("/posts/"+post.ID+"/restore/"+first.ID, nil).Want(t, 200).Into(t, &got)
		if got.Message != "first" || got.Hashtags != "" {
			t.Errorf("restored: %+v", got)
		}
		bob.GET("/posts/"+first.ID).Refused(t, 404, "app.post.get.app_error")
		bob.GET("/channels/"+ch.ID+"/posts?include_deleted=true").Refused(t, 403, noPermission)
		if list := page(t, s.Admin, ch, "include_deleted=true"); list.Posts[first.ID] != nil || list.Posts[post.ID] == nil {
			t.Error("a former version is in the page")
		}
		for _, p := range page(t, bob, ch, "").Posts {
			if p.Type == "system_join_channel" {
				bob.PUT("/posts/"+p.ID+"/patch", map[string]string{"message": "x"}).Refused(t, 403, noPermission)
				s.Admin.PUT("/posts/"+p.ID+"/patch", map[string]string{"message": "x"}).Refused(t, 400, "api.post.update_post.system_message.app_error")
				break
			}
		}
		alice.DELETE("/posts/"+post.ID).Want(t, 200)
		patch(alice, map[string]string{"message": "late"}).Refused(t, 403, noPermission)
		alice.DELETE("/channels/"+ch.ID).Want(t, 200)
		alice.PUT("/posts/"+other.ID+"/patch", map[string]string{"message": "x"}).Refused(t, 400, "api.post.patch_post.can_not_update_post_in_deleted.error")
		alice.DELETE("/posts/"+other.ID).Refused(t, 400, "api.post.delete_post.can_not_delete_post_in_deleted.error")
	})
}

func TestThePostEditTimeLimit(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		alice, _, _, ch := room(s)
		var old model.Post
		s.Admin.POST("/posts", map[string]any{"channel_id": ch.ID, "message": "x"}).Want(t, 201)
		s.Admin.POST("/posts", map[string]any{"channel_id": ch.ID, "message": "old", "create_at": 1000}).Want(t, 201).Into(t, &old)
		patch := map[string]string{"message": "new"}
		s.Admin.PUT("/posts/"+old.ID+"/patch", patch).Refused(t, 400, "api.post.update_post.permissions_time_limit.app_error")
		s.Admin.PUT("/posts/"+old.ID, map[string]string{"id": old.ID, "message": "new"}).Refused(t, 400, "api.post.update_post.permissions_time_limit.app_error")
		fresh := alice.Say(ch, "fresh")
		alice.PUT("/posts/"+fresh.ID+"/patch", patch).Want(t, 200)
	}, testkit.Env("MM_SERVICESETTINGS_POSTEDITTIMELIMIT=60"))
}

func TestBurnOnReadKeepsItsText(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		alice, bob, _, ch := room(s)
		carol := s.User("carol")
		bob.Listen()
		var p model.Post
		alice.POST("/posts", map[string]string{"channel_id": ch.ID, "message": "burning words", "type": "burn_on_read"}).Want(t, 201).Into(t, &p)
		if p.Message != "burning words" {
			t.Errorf("the author sees %q", p.Message)
		}
		f := bob.Expect("posted", func(f testkit.Frame) bool { return strings.Contains(f.Data["post"].(string), p.ID) })
		if strings.Contains(f.Data["post"].(string), "burning") {
			t.Errorf("the event shows the text: %v", f.Data)
		}
		hidden := func() bool {
			body := string(bob.GET("/posts/"+p.ID).Want(t, 200).Body) + string(bob.GET("/channels/"+ch.ID+"/posts").Want(t, 200).Body)
			return !strings.Contains(body, "burning words")
		}
		if !hidden() {
			t.Error("bob sees the text before he reveals it")
		}
		bob.DELETE("/posts/"+p.ID+"/burn").Refused(t, 400, "app.burn_post.not_revealed.app_error")
		carol.GET("/posts/"+p.ID+"/reveal").Refused(t, 403, "api.post.reveal_post.user_not_in_channel.app_error")
		alice.GET("/posts/"+p.ID+"/reveal").Refused(t, 400, "api.post.reveal_post.cannot_reveal_own_post.app_error")
		var seen model.Post
		bob.GET("/posts/"+p.ID+"/reveal").Want(t, 200).Into(t, &seen)
		if seen.Message != "burning words" || seen.Metadata.ExpireAt == 0 || hidden() {
			t.Errorf("revealed: %+v", seen)
		}
		bob.DELETE("/posts/"+p.ID+"/burn").Want(t, 200)
		if !hidden() {
			t.Error("bob still sees the text after burning it")
		}
		bob.GET("/posts/"+p.ID+"/reveal").Refused(t, 400, "app.reveal_post.post_expired.app_error")
		bob.PUT("/posts/"+p.ID+"/patch", map[string]string{"message": "x"}).Refused(t, 403, noPermission)
		alice.PUT("/posts/"+p.ID+"/patch", map[string]string{"message": "x"}).Refused(t, 400, "api.post.patch_post.can_not_update_burn_on_read_post.error")
		alice.DELETE("/posts/"+p.ID+"/burn").Want(t, 200)
		alice.GET("/posts/"+p.ID).Refused(t, 404, "app.post.get.app_error")
	})
}

// A burn-on-read post goes when its time is over, sooner when everybody has
// read it, and nothing of it is left in the database.
func TestBurnOnReadIsSwept(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		alice, bob, _, ch := room(s)
		alice.Listen()
		bob.Listen()
		burning := func(text string) (p model.Post) {
			alice.POST("/posts", map[string]string{"channel_id": ch.ID, "message": text, "type": "burn_on_read"}).Want(t, 201).Into(t, &p)
			return p
		}
		left := func(p model.Post) int64 {
			n, err := db.Value[int64](t.Context(), s.DB, `SELECT (SELECT count(*) FROM temporaryposts WHERE postid = $1) +
				(SELECT count(*) FROM readreceipts WHERE postid = $1) + (SELECT count(*) FROM posts WHERE id = $1)`, p.ID)
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
		read, unread, taken := burning("read"), burning("unread"), burning("taken back")
		alice.DELETE("/posts/"+taken.ID).Want(t, 200)
		if left(taken) != 0 {
			t.Error("a secret that was taken back is kept")
		}
		var seen model.Post
		bob.GET("/posts/"+read.ID+"/reveal").Want(t, 200).Into(t, &seen)
		f := alice.Expect("burn_on_read_all_revealed", nil)
		till := int64(f.Data["sender_expire_at"].(float64))
		if f.Data["post_id"] != read.ID || till != seen.Metadata.ExpireAt {
			t.Errorf("the author heard %v, the reader %d", f.Data, seen.Metadata.ExpireAt)
		}
		var own model.Post
		alice.GET("/posts/"+read.ID).Want(t, 200).Into(t, &own)
		if own.Metadata.ExpireAt != till || len(own.Metadata.Recipients) != 1 || own.Metadata.Recipients[0] != bob.ID {
			t.Errorf("the author sees %+v", own.Metadata)
		}
		bob.DELETE("/posts/"+read.ID+"/burn").Want(t, 200)
		bob.GET("/posts/"+read.ID).Want(t, 200).Into(t, &seen)
		if seen.Message != "" || seen.Metadata.ExpireAt == 0 || seen.Metadata.ExpireAt > id.Now() {
			t.Errorf("after burning: %q, %+v", seen.Message, seen.Metadata)
		}
		if err := s.Posts().SweepBurned(t.Context(), till-1); err != nil || left(read) != 3 || left(unread) != 2 {
			t.Errorf("before its time: %v, %d and %d rows", err, left(read), left(unread))
		}
		if err := s.Posts().SweepBurned(t.Context(), till+1); err != nil || left(read) != 0 || left(unread) != 2 {
			t.Errorf("swept: %v, %d and %d rows", err, left(read), left(unread))
		}
		bob.Expect("post_deleted", func(f testkit.Frame) bool { return strings.Contains(f.Data["post"].(string), read.ID) })
		if err := s.Posts().SweepBurned(t.Context(), unread.CreateAt+8*24*3600*1000); err != nil || left(unread) != 0 {
			t.Errorf("a week later: %v, %d rows", err, left(unread))
		}
	})
}
