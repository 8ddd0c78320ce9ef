package server_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/db/dbtest"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/testkit"
)

// Each text and each list has an end, beyond which it is refused.
func TestWhatClientsStoreIsBounded(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		alice := s.User("alice")
		team := s.Team(alice)
		room := s.Channel(alice, team)
		post := alice.Say(room, "hello")
		long := func(n int) string { return strings.Repeat("é", n) }
		prefs := make([]map[string]string, model.PreferencesPerRequest+1)
		for i := range prefs {
			prefs[i] = map[string]string{"user_id": alice.ID, "category": "c", "name": fmt.Sprint("n", i), "value": "v"}
		}
		channel := func(field string, n int) map[string]string {
			return map[string]string{"team_id": team.ID, "name": "a" + id.New(), "display_name": "x", "type": "O", field: long(n)}
		}
		for what, r := range map[string]*testkit.Response{
			"message":      alice.Post(room, long(model.PostMessageMaxRunes+1)),
			"props":        alice.POST("/posts", map[string]any{"channel_id": room.ID, "message": "x", "props": map[string]string{"a": strings.Repeat("x", model.PostPropsMaxRunes)}}),
			"files":        alice.POST("/posts", map[string]any{"channel_id": room.ID, "message": "x", "file_ids": newIDs(11)}),
			"emoji name":   alice.POST("/reactions", map[string]string{"user_id": alice.ID, "post_id": post.ID, "emoji_name": strings.Repeat("a", 65)}),
			"preferences":  alice.PUT("/users/me/preferences", prefs),
			"deletions":    alice.POST("/users/me/preferences/delete", prefs),
			"preference":   alice.PUT("/users/me/preferences", []map[string]string{{"user_id": alice.ID, "category": "c", "name": "n", "value": long(20_001)}}),
			"nickname":     alice.PUT("/users/me/patch", map[string]string{"nickname": long(65)}),
			"user props":   alice.PUT("/users/me/patch", map[string]any{"props": map[string]string{"a": strings.Repeat("x", 400_000)}}),
			"notify props": alice.PUT("/users/me/patch", map[string]any{"notify_props": map[string]string{"mention_keys": strings.Repeat("x,", 200_000)}}),
			"time zone":    alice.PUT("/users/me/patch", map[string]any{"timezone": map[string]string{"manualTimezone": long(100_000)}}),
			"header":       alice.POST("/channels", channel("header", 1025)),
			"purpose":      alice.POST("/channels", channel("purpose", 251)),
			"display name": alice.POST("/channels", channel("display_name", 65)),
			"team name":    alice.POST("/teams", map[string]string{"name": strings.Repeat("a", 65), "display_name": "x", "type": "O"}),
			"password":     s.Nobody().POST("/users", map[string]string{"username": "eve", "email": "eve@example.com", "password": strings.Repeat("Aa1-", 300_000)}),
			"group":        alice.POST("/channels/group", newIDs(9)),
			"device":       alice.PUT("/users/sessions/device", map[string]string{"device_id": strings.Repeat("x", 1_000)}),
			"category":     alice.POST("/users/me/teams/"+team.ID+"/channels/categories", map[string]any{"user_id": alice.ID, "team_id": team.ID, "display_name": long(100_000)}),
		} {
			if r.Status < 400 || r.Status >= 500 && r.Status != 501 {
				t.Errorf("%s: %v", what, r)
			}
			checkShape(t, r)
		}
		alice.PUT("/users/me/status/custom", map[string]string{"emoji": "tea", "text": long(50_000)})
		var u model.User
		if alice.GET("/users/me").Into(t, &u); utf8.RuneCountInString(u.Props["customStatus"]) > 2*model.CustomStatusTextMaxRunes {
			t.Errorf("a custom status of %d bytes is kept", len(u.Props["customStatus"]))
		}
	})
}

func newIDs(n int) []string {
	ids := make([]string, n)
	for i := range ids {
		ids[i] = id.New()
	}
	return ids
}

// Thousands of hashtags and mentions in one message cost no more than a message.
func TestThousandsOfHashtagsAndMentions(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		alice, bob := s.User("alice"), s.User("bob")
		room := s.Channel(alice, s.Team(alice, bob), bob)
		for _, word := range []string{"#abc%d ", "@abc%d ", "~abc%d ", ":abc%d: ", "http://a.b/%d ", "[a](%d) ", "`%d` ", "**%d ", "> %d\n", "@" + bob.Username + " %d "} {
			var b strings.Builder
			for i := 0; b.Len() < model.PostMessageMaxRunes-40; i++ {
				fmt.Fprintf(&b, word, i)
			}
			p := alice.Say(room, b.String())
			if len(p.Hashtags) > model.PostHashtagsMaxLength {
				t.Errorf("%s: %d bytes of hashtags", word, len(p.Hashtags))
			}
		}
	})
}

// Routes that take a list of ids or names bound it, or answer for a hundred
// thousand as they do for one; none fails.
func TestEndlessListsOfIDs(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		w := newWorld(t, s)
		raw, _ := json.Marshal(newIDs(10_000))
		for _, r := range matrix(t) {
			if !strings.HasPrefix(r.body, `["`) {
				continue
			}
			r.body = string(raw)
			got := w.call(s, r, "owner")
			survived(t, "ten thousand ids", got)
			if len(got.Body) > 4<<20 {
				t.Errorf("%s %s: answers with %d bytes", r.method, r.path, len(got.Body))
			}
		}
	}, worldSettings)
}

// No page is longer than 200, however many are asked for.
func TestPagesHaveAnEnd(t *testing.T) {
	s := testkit.Start(t, dbtest.SQLite, testkit.Env("MM_TEAMSETTINGS_MAXUSERSPERTEAM=1000"))
	team := s.Team(s.Admin)
	var more []map[string]string
	for range 230 {
		name := "u" + id.New()[:12]
		var u model.User
		s.Admin.POST("/users", map[string]string{"username": name, "email": name + "@example.com", "password": testkit.Password}).Want(t, 201).Into(t, &u)
		more = append(more, map[string]string{"team_id": team.ID, "user_id": u.ID})
	}
	s.Admin.POST("/teams/"+team.ID+"/members/batch", more).Want(t, 201)
	square := model.Channel{}
	s.Admin.GET("/teams/"+team.ID+"/channels/name/town-square").Want(t, 200).Into(t, &square)
	for range 230 {
		s.Admin.Say(&square, "x")
	}
	for _, path := range []string{"/users?", "/users?in_team=" + team.ID + "&", "/users?in_channel=" + square.ID + "&", "/teams/" + team.ID + "/members?",
		"/channels/" + square.ID + "/members?", "/channels/" + square.ID + "/posts?", "/audits?", "/users/me/audits?", "/jobs?", "/teams?", "/channels?", "/users/tokens?"} {
		for _, many := range []string{"201", "100000", "9223372036854775807", "99999999999999999999", "-1"} {
			r := s.Admin.GET(path+"per_page="+many+"&limit="+many+"&logs_per_page="+many).Want(t, 200)
			if n := entries(r.Body); n > 200 {
				t.Errorf("%s%s: %d entries", path, many, n)
			}
		}
	}
	if n := entries(s.Admin.GET("/users/autocomplete?name=u&limit=100000&in_team="+team.ID).Want(t, 200).Body); n > model.UserSearchMaxLimit {
		t.Errorf("%d suggestions", n)
	}
}

// entries counts the members of a list, or of the list of posts or users within.
func entries(body []byte) int {
	var list []json.RawMessage
	if json.Unmarshal(body, &list) == nil {
		return len(list)
	}
	var inner struct{ Order, Users []json.RawMessage }
	_ = json.Unmarshal(body, &inner)
	return max(len(inner.Order), len(inner.Users))
}

// An account keeps its newest 500 sessions.
func TestSessionsAreBounded(t *testing.T) {
	s := testkit.Start(t, dbtest.SQLite)
	alice := s.User("alice")
	first := *alice
	for range model.SessionsMaxPerUser + 5 {
		alice.Login()
	}
	n, err := db.Value[int](t.Context(), s.DB, "SELECT count(*) FROM sessions WHERE userid = $1", alice.ID)
	if err != nil || n > model.SessionsMaxPerUser {
		t.Errorf("%d sessions, %v", n, err)
	}
	alice.GET("/users/me").Want(t, 200)
	first.GET("/users/me").Want(t, 401)
}

// Bytes that are no UTF-8 in headers that end up in the database or in a
// lookup do no harm.
func TestHeadersThatAreNoText(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		alice := s.User("alice")
		bad := "\xff\xfe\xc3("
		login := map[string]string{"login_id": alice.Username, "password": testkit.Password, "device_id": "apple:x"}
		for _, name := range []string{"User-Agent", "X-Forwarded-For", "X-Real-Ip", "Accept-Language", "X-Requested-With", "If-None-Match", "Origin", "Referer", "X-Csrf-Token", "Content-Type"} {
			survived(t, name, s.Nobody().Do("POST", "/users/login", login, name, bad))
			survived(t, name, alice.Do("GET", "/users/me", nil, name, bad))
			survived(t, name, alice.Do("PUT", "/users/me/patch", map[string]string{"nickname": "x"}, name, bad))
		}
		for _, r := range []*testkit.Response{
			s.Nobody().Do("GET", "/users/me", nil, "Authorization", "Bearer "+bad),
			s.Nobody().Do("GET", "/users/me", nil, "Cookie", "MMAUTHTOKEN="+bad),
			s.Nobody().GET("/users/me?access_token=" + url.QueryEscape(bad+"\x00")),
		} {
			r.Refused(t, http.StatusUnauthorized, "api.context.session_expired.app_error")
		}
	})
}

// While a channel is archived and brought back, people join, leave, post, reply,
// react and delete: nothing fails, and in the end every counter is what a
// recount says.
func TestEverythingAtOnceKeepsCountersRight(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		alice, bob, carol := s.User("alice"), s.User("bob"), s.User("carol")
		room := s.Channel(alice, s.Team(alice, bob, carol), bob)
		root := alice.Say(room, "root")
		c, p := "/channels/"+room.ID, "/posts/"+root.ID
		reply := func(a *testkit.Actor) *testkit.Response {
			return a.POST("/posts", map[string]string{"channel_id": room.ID, "root_id": root.ID, "message": "reply"})
		}
		acts := []func() *testkit.Response{
			func() *testkit.Response { return carol.POST(c+"/members", map[string]string{"user_id": carol.ID}) },
			func() *testkit.Response { return carol.DELETE(c + "/members/" + carol.ID) },
			func() *testkit.Response { return alice.DELETE(c) },
			func() *testkit.Response { return s.Admin.POST(c+"/restore", nil) },
			func() *testkit.Response { return reply(alice) },
			func() *testkit.Response { return reply(bob) },
			func() *testkit.Response {
				r := reply(carol)
				var mine model.Post
				if r.Status == 201 && json.Unmarshal(r.Body, &mine) == nil {
					return carol.DELETE("/posts/" + mine.ID)
				}
				return r
			},
			func() *testkit.Response {
				return bob.POST("/reactions", map[string]string{"user_id": bob.ID, "post_id": root.ID, "emoji_name": "smile"})
			},
			func() *testkit.Response { return bob.DELETE("/users/me/posts/" + root.ID + "/reactions/smile") },
			func() *testkit.Response { return alice.POST(p+"/pin", nil) },
			func() *testkit.Response {
				return bob.POST("/channels/members/me/view", map[string]string{"channel_id": room.ID})
			},
			func() *testkit.Response { return alice.PUT(c+"/patch", map[string]string{"header": id.New()}) },
		}
		var wg sync.WaitGroup
		for i := range acts {
			wg.Go(func() {
				for range 8 {
					if r := acts[i](); r.Err != nil || r.Status >= 500 {
						t.Error(r)
					}
				}
			})
		}
		wg.Wait()
		if r := s.Admin.POST(c+"/restore", nil); r.Status >= 500 {
			t.Error(r)
		}
		for what, query := range map[string]string{
			"replies of the thread":   `SELECT (SELECT replycount FROM threads WHERE postid = $1) - (SELECT count(*) FROM posts WHERE rootid = $1 AND deleteat = 0)`,
			"reactions of the root":   `SELECT CASE WHEN (SELECT hasreactions FROM posts WHERE id = $1) = EXISTS (SELECT 1 FROM reactions WHERE postid = $1 AND deleteat = 0) THEN 0 ELSE 1 END`,
			"memberships of the room": `SELECT count(*) FROM channelmembers WHERE channelid = (SELECT channelid FROM posts WHERE id = $1) AND userid NOT IN (SELECT id FROM users)`,
		} {
			if n, err := db.Value[int](t.Context(), s.DB, query, root.ID); err != nil || n != 0 {
				t.Errorf("%s: off by %d (%v)", what, n, err)
			}
		}
		var u model.ChannelUnread
		alice.GET("/users/me"+c+"/unread").Want(t, 200).Into(t, &u)
		if u.MsgCount < 0 || u.MentionCount < 0 {
			t.Errorf("counts below nothing: %+v", u)
		}
	})
}
