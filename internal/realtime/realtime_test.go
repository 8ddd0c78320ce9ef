package realtime

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"strings"
	"testing"

	"github.com/vmihailenco/msgpack/v5"

	"github.com/parley-chat/parley/internal/fault"
)

const ch, team = "channel1", "team1"

func TestHello(t *testing.T) {
	w := newWorld(t, nil)
	c := w.dial("alice", "connection_id=&sequence_number=0")
	s := c.event()
	want := fmt.Sprintf(`{"event":"hello","data":{"connection_id":"%v","server_hostname":"here","server_version":"11.6.0.1.hash.false"},`+
		`"broadcast":{"omit_users":null,"user_id":"alice","channel_id":"","team_id":"","connection_id":"","omit_connection_id":""},"seq":0}`+"\n",
		s.Data["connection_id"])
	if s.raw != want {
		t.Fatalf("%s\nwant %s", s.raw, want)
	}
	if !w.Online("alice") || w.Conns("alice") != 1 || w.Online("bob") || !reflect.DeepEqual(w.OnlineUsers(), []string{"alice"}) {
		t.Fatal("presence")
	}
	c.Close()
	until(t, "offline", func() bool { return !w.Online("alice") })
	until(t, "told", func() bool {
		w.mu.Lock()
		defer w.mu.Unlock()
		return reflect.DeepEqual(w.events, []string{"+alicetrue", "-alicetrue"})
	})
}

func TestRefusedUpgrades(t *testing.T) {
	w := newWorld(t, func(o *Options) {
		o.CheckOrigin = func(r *http.Request) bool { return r.Header.Get("Origin") == "" }
	})
	for _, head := range []http.Header{
		{},
		{"Connection": {"Upgrade"}, "Upgrade": {"websocket"}, "Sec-Websocket-Version": {"12"}, "Sec-Websocket-Key": {"dGhlIHNhbXBsZSBub25jZQ=="}},
		{"Connection": {"Upgrade"}, "Upgrade": {"websocket"}, "Sec-Websocket-Version": {"13"}, "Sec-Websocket-Key": {"x"}},
		{"Connection": {"Upgrade"}, "Upgrade": {"websocket"}, "Sec-Websocket-Version": {"13"}, "Sec-Websocket-Key": {"dGhlIHNhbXBsZSBub25jZQ=="}, "Origin": {"http://evil"}},
	} {
		req, _ := http.NewRequest("GET", "http://"+w.addr+"/", nil)
		req.Header = head
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		var body struct{ ID string }
		_ = json.NewDecoder(resp.Body).Decode(&body)
		resp.Body.Close()
		if resp.StatusCode != 400 || resp.Header.Get("Content-Type") != "application/json" || body.ID != "api.web_socket.connect.upgrade.app_error" {
			t.Fatal(head, resp.StatusCode, body)
		}
	}
}

func newEchoWorld(t *testing.T) *world {
	w := newWorld(t, nil)
	w.Handle("echo", func(_ context.Context, c *Conn, data json.RawMessage) (any, error) {
		if string(data) == `{"fail":true}` {
			return nil, fault.Invalid("api.web_socket_router.bad_seq.app_error")
		}
		if string(data) == `{"panic":true}` {
			panic("as asked")
		}
		return data, nil
	})
	w.HandlePrefix("custom_", func(_ context.Context, c *Conn, action string, _ json.RawMessage) (any, error) {
		return map[string]string{"action": action, "user": c.UserID(), "session": c.SessionID(), "id": c.ID()}, nil
	})
	return w
}

func TestChallengeAndRouter(t *testing.T) {
	w := newEchoWorld(t)
	c := w.dial("", "")
	for in, want := range map[string]string{
		`{"seq":1}`:                               "api.web_socket_router.no_action.app_error400",
		`{"seq":0,"action":"ping"}`:               "api.web_socket_router.bad_seq.app_error400",
		`{"seq":2,"action":"ping"}`:               "api.web_socket_router.not_authenticated.app_error401",
		`{"seq":3,"action":"nonsense"}`:           "api.web_socket_router.not_authenticated.app_error401",
		`{"seq":4,"action":"presence","data":{}}`: "0",
	} {
		c.send(in)
		if s := c.reply(); s.Error.ID+fmt.Sprint(s.Error.Status) != want {
			t.Fatal(in, s.raw)
		}
	}
	c.send(`{"seq":5,"action":"authentication_challenge","data":{"token":"alice"}}`)
	if s := c.reply(); s.raw != `{"status":"OK","seq_reply":5}`+"\n" {
		t.Fatalf("%q", s.raw)
	}
	c.hello()
	c.send(`{"seq":6,"action":"authentication_challenge","data":{"token":"bob"}}`)
	c.reply()
	c.send(`{"seq":7,"action":"ping","data":{}}`)
	if s := c.reply(); s.Data["text"] != "pong" || s.Data["node_id"] != "" || s.Data["server_time"].(float64) == 0 || s.SeqReply != 7 {
		t.Fatal(s.raw)
	}
	c.send(`{"seq":8,"action":"nonsense"}`)
	if s := c.reply(); s.Status != "FAIL" || s.Error.ID != "api.web_socket_router.bad_action.app_error" || s.Error.Status != 500 {
		t.Fatal(s.raw)
	}
	c.send(`{"seq":9,"action":"echo","data":{"a":[1,"<"]}}`)
	if s := c.reply(); s.raw != `{"status":"OK","seq_reply":9,"data":{"a":[1,"<"]}}`+"\n" {
		t.Fatal(s.raw)
	}
	c.send(`{"seq":10,"action":"echo"}`)
	if s := c.reply(); s.raw != `{"status":"OK","seq_reply":10}`+"\n" {
		t.Fatal(s.raw)
	}
	c.send(`{"seq":11,"action":"echo","data":{"fail":true}}`)
	if s := c.reply(); s.Status != "FAIL" || s.Error.Status != 400 {
		t.Fatal(s.raw)
	}
	c.send(`{"seq":12,"action":"custom_plug_do"}`)
	if s := c.reply(); s.Data["action"] != "custom_plug_do" || s.Data["user"] != "alice" || s.Data["session"] != "alice-session" || s.Data["id"] != c.id {
		t.Fatal(s.raw)
	}
	raw, _ := msgpack.Marshal(map[string]any{"seq": int64(13), "action": "echo", "data": map[string]any{"a": []any{1, "x", true, nil, -5, 1.5}}})
	_ = c.write(0x82, raw)
	if s := c.reply(); s.SeqReply != 13 || fmt.Sprint(s.Data) != "map[a:[1 x true <nil> -5 1.5]]" {
		t.Fatal(s.raw)
	}
	c.send(`{"seq":15,"action":"echo","data":{"panic":true}}`)
	c.closing(CodeInternal)
}

// Fragments, with a ping between them.
func TestFragments(t *testing.T) {
	c := newWorld(t, nil).connect("alice")
	_ = c.write(0x01, []byte(`{"seq":14,"act`))
	_ = c.write(0x89, []byte("mid"))
	_ = c.write(0x80, []byte(`ion":"ping"}`))
	if op, p, err := c.frame(); op != opPong || string(p) != "mid" || err != nil {
		t.Fatal(op, p, err)
	}
	if s := c.reply(); s.SeqReply != 14 {
		t.Fatal(s.raw)
	}
}

func TestChallengeRefused(t *testing.T) {
	w := newWorld(t, nil)
	for _, token := range []string{`"bad"`, `""`, `7`, `"alice/nomfa"`} {
		c := w.dial("", "")
		c.send(`{"seq":1,"action":"authentication_challenge","data":{"token":` + token + `}}`)
		c.closing(CodePolicy)
	}
	c := w.dial("alice/nomfa", "")
	c.send(`{"seq":1,"action":"ping"}`)
	if s := c.reply(); s.Error.Status != 401 {
		t.Fatal(s.raw)
	}
	if w.Online("alice") {
		t.Fatal("online without the second factor")
	}
	w.Publish(Event{Name: "x", To: Audience{Everyone: true}})
	w.tick(w.opt.Now() + 6000)
	c.closing(CodePolicy)
}

// Whom each audience reaches, and what they are told about it.
func TestAudience(t *testing.T) {
	w := newWorld(t, func(o *Options) {
		o.GuestSees = func(guest, user string) bool { return user == "alice" }
	})
	for _, u := range []string{"alice", "bob", "gina"} {
		w.channels[u], w.teams[u] = []string{ch}, []string{team}
	}
	all := map[string]*client{}
	for _, u := range []string{"alice", "bob/admin", "carol", "gina/guest"} {
		all[strings.Split(u, "/")[0]] = w.connect(u)
	}
	alice2 := w.connect("alice")
	all["alice2"] = alice2
	for _, tc := range []struct {
		e    Event
		want string
	}{
		{Event{Name: "a", To: Audience{ChannelID: ch}}, "alice alice2 bob gina"},
		{Event{Name: "b", To: Audience{TeamID: team}}, "alice alice2 bob gina"},
		{Event{Name: "c", To: Audience{UserID: "alice"}}, "alice alice2"},
		{Event{Name: "d", To: Audience{UserID: "carol", ChannelID: ch}}, "carol"},
		{Event{Name: "e", To: Audience{Everyone: true}}, "alice alice2 bob carol gina"},
		{Event{Name: "f", To: Audience{ChannelID: ch, OmitUsers: map[string]bool{"alice": true}}}, "bob gina"},
		{Event{Name: "g", To: Audience{ChannelID: ch, OmitConnectionID: alice2.id}}, "alice bob gina"},
		{Event{Name: "h", To: Audience{UserID: "alice", ConnectionID: alice2.id}}, "alice2"},
		{Event{Name: "i", To: Audience{ChannelID: ch, Sanitized: true}}, "alice alice2 gina"},
		{Event{Name: "j", To: Audience{ChannelID: ch, Sensitive: true}}, "bob"},
		{Event{Name: "k", To: Audience{ChannelID: "other"}}, ""},
		{Event{Name: "l", To: Audience{}}, ""},
		{Event{Name: "m", Data: []int{1}, To: Audience{Everyone: true}}, ""},
		{Event{Name: "new_user", About: "carol", To: Audience{Everyone: true}}, "alice alice2 bob carol"},
		{Event{Name: "user_updated", About: "gina", To: Audience{Everyone: true}}, "alice alice2 bob carol gina"},
		{Event{Name: "user_updated", About: "alice", To: Audience{Everyone: true}}, "alice alice2 bob carol gina"},
	} {
		w.Publish(tc.e)
		var got []string
		for _, name := range []string{"alice", "alice2", "bob", "carol", "gina"} {
			c := all[name]
			if !strings.Contains(" "+tc.want+" ", " "+name+" ") {
				c.quiet()
				continue
			}
			if s := c.event(); s.Event == tc.e.Name {
				got = append(got, name)
			} else {
				t.Fatalf("%s: %s", tc.e.Name, s.raw)
			}
		}
		if strings.Join(got, " ") != tc.want {
			t.Fatal(tc.e.Name, got)
		}
	}
	// The filter for admins follows the roles.
	w.SetRoles("bob", false, false)
	w.Publish(Event{Name: "secret", To: Audience{ChannelID: ch, Sensitive: true}})
	all["bob"].quiet()
}

func TestFrameAndExtra(t *testing.T) {
	w := newWorld(t, nil)
	w.channels["alice"], w.channels["bob"] = []string{ch}, []string{ch}
	alice := w.dial("alice", "posted_ack=true")
	alice.hello()
	bob := w.connect("bob")
	extra := func(to Receiver) []byte {
		if to.PostedAck {
			return []byte(`"should_ack":true`)
		}
		return nil
	}
	tail := `,"broadcast":{"omit_users":{"x":true},"user_id":"","channel_id":"channel1","team_id":"","connection_id":"","omit_connection_id":"oc","contains_sanitized_data":true},"seq":1}`
	w.Publish(Event{Name: "posted", Data: map[string]any{"post": "{\"<\"}"}, Extra: extra,
		To: Audience{ChannelID: ch, OmitUsers: map[string]bool{"x": true}, OmitConnectionID: "oc", Sanitized: true}})
	if got, want := alice.event().raw, `{"event":"posted","data":{"post":"{\"<\"}","should_ack":true}`+tail; got != want {
		t.Fatalf("%s\nwant %s", got, want)
	}
	if got, want := bob.event().raw, `{"event":"posted","data":{"post":"{\"<\"}"}`+tail; got != want {
		t.Fatalf("%s\nwant %s", got, want)
	}
	w.Publish(Event{Name: "bare", Extra: extra, To: Audience{ChannelID: ch}})
	if got := alice.event().raw; !strings.Contains(got, `"data":{"should_ack":true}`) {
		t.Fatal(got)
	}
	if got := bob.event().raw; !strings.Contains(got, `"data":{},`) {
		t.Fatal(got)
	}
	for _, n := range []int{100, 126, 60000, 70000} { // every form of length
		w.Publish(Event{Name: "long", Data: map[string]string{"x": strings.Repeat("y", n)}, To: Audience{ChannelID: ch}})
		if s := bob.event(); len(s.Data["x"].(string)) != n {
			t.Fatal(n)
		}
	}
	// A panic in Extra leaves the hub usable.
	func() {
		defer func() { _ = recover() }()
		w.Publish(Event{Name: "boom", To: Audience{ChannelID: ch}, Extra: func(Receiver) []byte { panic("x") }})
	}()
	bob.quiet()
}

func TestPresenceScope(t *testing.T) {
	w := newWorld(t, nil)
	w.channels["alice"] = []string{"c1", "c2", "c3", "c4"}
	c := w.connect("alice")
	publish := func() {
		for _, id := range []string{"c1", "c2", "c3", "c4"} {
			w.Publish(Event{Name: "typing", Data: map[string]string{"in": id}, To: Audience{ChannelID: id}})
			w.Publish(Event{Name: "posted", Data: map[string]string{"in": id}, To: Audience{ChannelID: id}})
		}
	}
	read := func(typings int) string {
		out := ""
		for range typings + 4 {
			if s := c.event(); s.Event == "typing" {
				out += s.Data["in"].(string)
			}
		}
		return out
	}
	publish()
	if got := read(4); got != "c1c2c3c4" {
		t.Fatal(got)
	}
	for _, data := range []string{`{"channel_id":"c1","team_id":"t"}`, `{"thread_channel_id":"c2","is_thread_view":false}`, `{"thread_channel_id":"c3","is_thread_view":true}`} {
		c.send(`{"seq":1,"action":"presence","data":` + data + `}`)
		c.reply()
	}
	publish()
	if got := read(3); got != "c1c2c3" {
		t.Fatal(got)
	}
	c.quiet()
}

// A removal holds from the moment it returns, whatever is going on meanwhile.
func TestRemovalAtOnce(t *testing.T) {
	w := newWorld(t, nil)
	c := w.connect("alice")
	stop := make(chan struct{})
	go func() {
		for {
			select {
			case <-stop:
				return
			default:
				w.Publish(Event{Name: "noise", To: Audience{ChannelID: "n"}})
			}
		}
	}()
	defer close(stop)
	for i := range 300 {
		w.JoinedChannel("alice", ch)
		w.Publish(Event{Name: "in", Data: map[string]int{"i": i}, To: Audience{ChannelID: ch}})
		w.LeftChannel("alice", ch)
		w.Publish(Event{Name: "out", To: Audience{ChannelID: ch}})
	}
	for i := range 300 {
		if s := c.event(); s.Event != "in" || s.Data["i"] != float64(i) {
			t.Fatal(s.raw)
		}
	}
	c.quiet()
	w.JoinedTeam("alice", team)
	w.Publish(Event{Name: "team", To: Audience{TeamID: team}})
	c.event()
	w.LeftTeam("alice", team)
	w.Publish(Event{Name: "team", To: Audience{TeamID: team}})
	c.quiet()
}

// Changes that race with the loading of memberships win over what was loaded.
func TestMembershipsRace(t *testing.T) {
	loading, goOn := make(chan struct{}), make(chan struct{})
	w := newWorld(t, func(o *Options) {
		o.Memberships = func(context.Context, string) ([]string, []string, error) {
			close(loading)
			<-goOn
			return []string{"old", "left"}, nil, nil
		}
	})
	done := make(chan *client)
	go func() { done <- w.dial("alice", "") }()
	<-loading
	w.JoinedChannel("alice", "new")
	w.LeftChannel("alice", "left")
	close(goOn)
	c := <-done
	c.hello()
	for _, id := range []string{"left", "new", "old"} {
		w.Publish(Event{Name: id, To: Audience{ChannelID: id}})
	}
	if a, b := c.event(), c.event(); a.Event != "new" || b.Event != "old" {
		t.Fatal(a.raw, b.raw)
	}
	c.quiet()
}

func TestMembershipsFail(t *testing.T) {
	fail := true
	w := newWorld(t, func(o *Options) {
		o.Memberships = func(context.Context, string) ([]string, []string, error) {
			if fail {
				return nil, nil, errors.New("no database")
			}
			return nil, nil, nil
		}
	})
	w.dial("alice", "").closing(CodeInternal)
	fail = false
	w.connect("alice")
	if len(w.users) != 1 || w.Conns("alice") != 1 {
		t.Fatal(w.users)
	}
}
