package presence_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/parley-chat/parley/internal/db/dbtest"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/testkit"
)

const (
	denied = "api.context.permissions.app_error"
	param  = "api.context.invalid_body_param.app_error"
)

func status(t *testing.T, by, of *testkit.Actor) model.Status {
	t.Helper()
	var s model.Status
	by.GET("/users/"+of.ID+"/status").Want(t, 200).Into(t, &s)
	return s
}

func TestWebsocketsMakeOnline(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		ann, bob := s.User("ann"), s.User("bob")
		one := ann.Dial("")
		one.Expect("status_change", func(f testkit.Frame) bool { return f.Data["status"] == "online" && f.Data["user_id"] == ann.ID })
		two := ann.Dial("") // now: of two at once either may be the first, and the other not there yet
		two.Expect("hello", nil)
		if got := status(t, bob, ann); got.Status != "online" || got.Manual || got.ActiveChannel != "" {
			t.Errorf("seen as %+v", got)
		}
		one.Drop()
		one.Closed()
		if got := status(t, bob, ann); got.Status != "online" {
			t.Errorf("with one of two windows closed she is %s", got.Status)
		}
		two.Drop()
		testkit.Eventually(t, "offline", func() bool { return status(t, bob, ann).Status == "offline" })
		var row string
		testkit.Eventually(t, "it is written down", func() bool {
			_ = s.DB.QueryRow(t.Context(), `SELECT status FROM status WHERE userid = $1`, ann.ID).Scan(&row)
			return row == "offline"
		})
	})
}

func TestManyConnectAtOnce(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		ann := s.User("ann")
		var people []*testkit.Actor
		var ids []string
		for i := range 10 {
			u := s.User(fmt.Sprint("p", i))
			people, ids = append(people, u), append(ids, u.ID)
		}
		var all sync.WaitGroup
		for _, u := range people {
			for range 3 {
				all.Go(func() { u.Dial("").Expect("hello", nil) })
			}
		}
		all.Wait()
		var list []model.Status
		ann.POST("/users/status/ids", append(ids, ids...)).Want(t, 200).Into(t, &list)
		if len(list) != len(ids) {
			t.Fatalf("%d statuses of %d people", len(list), len(ids))
		}
		for _, one := range list {
			if one.Status != "online" {
				t.Errorf("%+v", one)
			}
		}
	})
}

func TestChoicesOutliveTheServer(t *testing.T) {
	for _, e := range dbtest.Engines {
		t.Run(string(e), func(t *testing.T) {
			t.Parallel()
			options := dbtest.Options(t, e)
			s := testkit.StartOn(t, options)
			people := map[string]*testkit.Actor{}
			for _, choice := range []string{"away", "dnd", "offline", "online", "timed"} {
				u := s.User(choice[:3])
				people[choice] = u
				body := map[string]any{"user_id": u.ID, "status": choice}
				if choice == "timed" {
					body["status"], body["dnd_end_time"] = "dnd", time.Now().Unix()-120
				}
				u.PUT("/users/me/status", body).Want(t, 200)
			}
			s.Stop()
			next := testkit.StartOn(t, options)
			for choice, u := range people {
				want := map[string]string{"online": "offline", "timed": "offline"}[choice]
				if want == "" {
					want = choice
				}
				testkit.Eventually(t, choice+" is "+want, func() bool { return status(t, next.Admin, u).Status == want })
			}
		})
	}
}

func TestBadStatuses(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		ann, bob := s.User("ann"), s.User("bob")
		for _, body := range []any{"", "null", "[]", `{"user_id":1}`, map[string]any{"user_id": ann.ID, "status": "ooo"},
			map[string]any{"user_id": ann.ID, "status": "dnd", "dnd_end_time": -1}, map[string]any{"user_id": ann.ID, "status": "dnd", "dnd_end_time": "x"}} {
			ann.PUT("/users/me/status", body).Refused(t, 400, param)
		}
		for _, body := range []any{"", "null", "{}", `["x"]`, `[1]`, "[]"} {
			ann.POST("/users/status/ids", body).Refused(t, 400, param)
		}
		bob.PUT("/users/"+ann.ID+"/status", map[string]any{"user_id": ann.ID, "status": "away"}).Refused(t, 403, denied)
		s.Admin.PUT("/users/"+ann.ID+"/status", map[string]any{"user_id": ann.ID, "status": "away"}).Want(t, 200)
		nobody := id.New()
		s.Admin.PUT("/users/"+nobody+"/status", map[string]any{"user_id": nobody, "status": "away"}).Refused(t, 404, "api.status.user_not_found.app_error")
	})
}

func TestActions(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		ann, bob := s.User("ann"), s.User("bob")
		w := ann.Listen()
		if f := w.Call("user_update_active_status", map[string]any{"user_is_active": false}); f.Status != "OK" || status(t, bob, ann).Status != "online" {
			t.Errorf("somebody active a moment ago is %s", status(t, bob, ann).Status)
		}
		w.Call("user_update_active_status", map[string]any{"user_is_active": false, "manual": true})
		if got := status(t, bob, ann); got.Status != "away" || !got.Manual {
			t.Errorf("%+v", got)
		}
		f := w.Call("get_statuses_by_ids", map[string]any{"user_ids": []string{ann.ID, bob.ID}})
		if f.Data[ann.ID] != "away" || f.Data[bob.ID] != "offline" {
			t.Errorf("by ids: %v", f.Data)
		}
		if f = bob.Listen().Call("get_statuses", nil); f.Data[ann.ID] != "away" || f.Data[bob.ID] != "online" {
			t.Errorf("all: %v", f.Data)
		}
		w.Call("user_update_active_status", map[string]any{"user_is_active": true, "manual": true})
		if got := status(t, bob, ann); got.Status != "online" || got.Manual {
			t.Errorf("%+v", got)
		}
		for action, list := range map[string][]any{
			"user_update_active_status": {map[string]any{}, map[string]any{"user_is_active": "yes"}, map[string]any{"user_is_active": true, "manual": 1}},
			"get_statuses_by_ids":       {map[string]any{}, map[string]any{"user_ids": "x"}, map[string]any{"user_ids": []any{1}}, map[string]any{"user_ids": []string{"x"}}},
			"user_typing": {map[string]any{}, map[string]any{"channel_id": 1}, map[string]any{"channel_id": id.New()},
				map[string]any{"channel_id": id.New(), "parent_id": "x"}},
		} {
			for _, data := range list {
				if f := w.Call(action, data); f.Status != "FAIL" || f.Error["id"] != "api.websocket_handler.invalid_param.app_error" {
					t.Errorf("%s %v: %+v", action, data, f)
				}
			}
		}
	})
}

func TestTypingByREST(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		ann, bob, out := s.User("ann"), s.User("bob"), s.User("out")
		room := s.Private(ann, s.Team(ann, bob, out), bob)
		for _, u := range []*testkit.Actor{bob, out} {
			u.Listen()
		}
		body := map[string]string{"channel_id": room.ID}
		ann.POST("/users/me/typing", body).Want(t, 200)
		bob.Expect("typing", func(f testkit.Frame) bool { return f.Data["user_id"] == ann.ID })
		out.POST("/users/me/typing", body).Refused(t, 403, denied)
		out.POST("/users/"+ann.ID+"/typing", body).Refused(t, 403, denied)
		ann.POST("/users/me/typing", map[string]string{"channel_id": id.New()}).Refused(t, 403, denied)
		ann.POST("/users/me/typing", "[]").Refused(t, 400, param)
		s.Admin.POST("/users/"+bob.ID+"/typing", body).Want(t, 200)
		bob.Listen().Events()
		for range 30 {
			ann.POST("/users/me/typing", body).Want(t, 200)
		}
		n := 0
		for _, f := range bob.Listen().Events() {
			if f.Event == "typing" {
				n++
			}
		}
		if n > 5 {
			t.Errorf("%d of 30 signs came through", n)
		}
		ann.DELETE("/channels/"+room.ID).Want(t, 200)
		ann.POST("/users/me/typing", body)
		for _, f := range append(bob.Listen().Events(), out.Listen().Events()...) {
			if f.Event == "typing" {
				t.Error("typing in an archived channel is told")
			}
		}
	})
}

func TestLargeChannelsHearNoTyping(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		ann, bob, eve := s.User("ann"), s.User("bob"), s.User("eve")
		team := s.Team(ann, bob, eve)
		small, large := s.Private(ann, team, bob), s.Private(ann, team, bob, eve)
		bob.Listen()
		ann.POST("/users/me/typing", map[string]string{"channel_id": large.ID}).Want(t, 200)
		ann.POST("/users/me/typing", map[string]string{"channel_id": small.ID}).Want(t, 200)
		if f := bob.Expect("typing", nil); f.Broadcast["channel_id"] != small.ID {
			t.Error("a large channel hears of typing")
		}
	}, testkit.Env("MM_TEAMSETTINGS_MAXNOTIFICATIONSPERCHANNEL=2"))
}

func TestCustomStatuses(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		ann, bob := s.User("ann"), s.User("bob")
		const path = "/users/me/status/custom"
		set := func(c map[string]any) *testkit.Response { return ann.PUT(path, c) }
		set(map[string]any{"emoji": "no_such_emoji", "text": "x"}).Refused(t, 400, "api.custom_status.set_custom_statuses.emoji_not_found")
		for _, body := range []any{"", "null", "[]", `{"emoji":1}`, `{"text":"x","expires_at":"soon"}`, `{"text":"x","duration":"one_hour"}`,
			map[string]string{"emoji": strings.Repeat("a", 200)}} {
			ann.PUT(path, body).Refused(t, 400, param)
		}
		for i := range 7 {
			set(map[string]any{"text": fmt.Sprint("busy ", i)}).Want(t, 200)
		}
		set(map[string]any{"text": "busy 4"}).Want(t, 200)
		recent := func() (list []model.CustomStatus) {
			var p model.Preference
			ann.GET("/users/me/preferences/custom_status/name/recent_custom_statuses").Want(t, 200).Into(t, &p)
			if err := json.Unmarshal([]byte(p.Value), &list); err != nil {
				t.Fatal(err)
			}
			return list
		}
		list := recent()
		if len(list) != 5 || list[0].Text != "busy 4" || list[1].Text != "busy 6" || list[0].Emoji != "speech_balloon" {
			t.Errorf("recent: %+v", list)
		}
		ann.POST(path+"/recent/delete", list[1]).Want(t, 200)
		ann.Do("DELETE", path+"/recent", list[2]).Want(t, 200)
		ann.POST(path+"/recent/delete", list[1]).Refused(t, 400, "api.custom_status.recent_custom_statuses.delete.app_error")
		if left := recent(); len(left) != 3 {
			t.Errorf("left: %+v", left)
		}
		bob.POST(path+"/recent/delete", list[0]).Refused(t, 400, "app.preference.get.app_error")
		bob.DELETE("/users/"+ann.ID+"/status/custom").Refused(t, 403, denied)
		bob.POST("/users/"+ann.ID+"/status/custom/recent/delete", list[0]).Refused(t, 403, denied)
		ann.DELETE(path).Want(t, 200)
	})
}

func TestSwitchedOff(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		ann := s.User("ann")
		w := ann.Listen()
		const missing = "api.status.user_not_found.app_error"
		ann.GET("/users/me/status").Refused(t, 404, missing)
		ann.PUT("/users/me/status", map[string]any{"user_id": ann.ID, "status": "away"}).Refused(t, 404, missing)
		if r := ann.POST("/users/status/ids", []string{ann.ID}).Want(t, 200); strings.TrimSpace(string(r.Body)) != "[]" {
			t.Errorf("%s", r.Body)
		}
		if f := w.Call("get_statuses", nil); f.Status != "OK" || len(f.Data) != 0 {
			t.Errorf("%+v", f)
		}
		ann.PUT("/users/me/status/custom", map[string]any{"text": "x"}).Refused(t, 501, "api.custom_status.disabled")
		ann.DELETE("/users/me/status/custom").Refused(t, 501, "api.custom_status.disabled")
	}, testkit.Env("MM_SERVICESETTINGS_ENABLEUSERSTATUSES=false", "MM_TEAMSETTINGS_ENABLECUSTOMUSERSTATUSES=false"))
}

func TestOutOfOffice(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		ann, bob := s.User("ann"), s.User("bob")
		replies := func(on string) {
			var u model.User
			ann.GET("/users/me").Want(t, 200).Into(t, &u)
			u.NotifyProps["auto_responder_active"], u.NotifyProps["auto_responder_message"] = on, "back on Monday"
			ann.PUT("/users/me/patch", map[string]any{"notify_props": u.NotifyProps}).Want(t, 200)
		}
		replies("true")
		ann.Listen()
		if got := status(t, bob, ann); got.Status != "ooo" || !got.Manual {
			t.Errorf("%+v", got)
		}
		replies("false")
		if got := status(t, bob, ann); got.Status != "online" {
			t.Errorf("%+v", got)
		}
		replies("true")
		ann.PUT("/users/me/status", map[string]any{"user_id": ann.ID, "status": "dnd"}).Want(t, 200)
		var u model.User
		ann.GET("/users/me").Want(t, 200).Into(t, &u)
		if got := status(t, bob, ann); got.Status != "dnd" || u.NotifyProps["auto_responder_active"] != "false" {
			t.Errorf("%+v, replies %s", got, u.NotifyProps["auto_responder_active"])
		}
	})
}

// Guests learn nothing of people they share no channel with: these look like
// people who don't exist.
func TestGuestsSeeWhomTheyMeet(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		ann, bob, gus := s.User("ann"), s.User("bob"), s.User("gus")
		room := s.Private(ann, s.Team(ann, gus), gus)
		s.Admin.POST("/users/"+gus.ID+"/demote", nil).Want(t, 200)
		gus.Login()
		for _, u := range []*testkit.Actor{ann, bob, gus} {
			u.Listen()
		}
		if room.ID == "" || status(t, gus, ann).Status != "online" || status(t, gus, gus).Status != "online" {
			t.Error("a guest doesn't see whom they meet")
		}
		if got := status(t, gus, bob); got.Status != "offline" || got.LastActivityAt != 0 {
			t.Errorf("a guest sees a stranger: %+v", got)
		}
		f := gus.Listen().Call("get_statuses", nil)
		if f.Data[bob.ID] != nil || f.Data[ann.ID] != "online" {
			t.Errorf("all: %v", f.Data)
		}
		f = gus.Listen().Call("get_statuses_by_ids", map[string]any{"user_ids": []string{bob.ID}})
		if f.Data[bob.ID] != "offline" {
			t.Errorf("by ids: %v", f.Data)
		}
	}, testkit.Env("MM_GUESTACCOUNTSSETTINGS_ENABLE=true"))
}

func TestPostingAndReadingShowPresence(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		ann, bob, eve := s.User("ann"), s.User("bob"), s.User("eve")
		room := s.Channel(ann, s.Team(ann, bob, eve), bob, eve)
		ann.POST("/posts?set_online=false", map[string]string{"channel_id": room.ID, "message": "quiet"}).Want(t, 201)
		if got := status(t, bob, ann); got.Status != "offline" {
			t.Errorf("set_online=false made %s", got.Status)
		}
		ann.Say(room, "hello")
		bob.POST("/channels/members/me/view", map[string]string{"channel_id": room.ID}).Want(t, 200)
		if a, b, c := status(t, eve, ann), status(t, eve, bob), status(t, eve, eve); a.Status != "online" || b.Status != "online" || c.Status != "offline" {
			t.Errorf("%s %s %s", a.Status, b.Status, c.Status)
		}
		eve.PUT("/users/me/status", map[string]any{"user_id": eve.ID, "status": "offline"}).Want(t, 200)
		eve.Say(room, "you can't see me")
		if got := status(t, ann, eve); got.Status != "offline" {
			t.Errorf("who chose to be offline is %s", got.Status)
		}
	})
}
