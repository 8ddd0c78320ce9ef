package realtime

import (
	"strings"
	"testing"

	"github.com/parley-chat/parley/internal/bus"
)

// Two nodes: events, memberships, roles and dropped sessions reach clients of
// the other one.
func TestPeers(t *testing.T) {
	var loop bus.Loop
	a := newWorld(t, func(o *Options) { o.Bus = loop.Node() })
	b := newWorld(t, func(o *Options) { o.Bus = loop.Node() })
	there := b.connect("alice/admin")
	ack := b.dial("bob", "posted_ack=true")
	ack.hello()

	a.JoinedChannel("alice", ch)
	a.JoinedChannel("bob", ch)
	a.Publish(Event{Name: "posted", Data: map[string]string{"post": "x"}, To: Audience{ChannelID: ch},
		ExtraUsers: []string{"alice"},
		Extra: func(to Receiver) []byte {
			switch {
			case to.UserID == "alice":
				return []byte(`"mentions":"[\"alice\"]"`)
			case to.PostedAck:
				return []byte(`"should_ack":true`)
			}
			return nil
		}})
	if s := there.event(); !strings.HasPrefix(s.raw, `{"event":"posted","data":{"post":"x","mentions":"[\"alice\"]"},"broadcast":{"omit_users":null,`) {
		t.Fatal(s.raw)
	}
	if s := ack.event(); s.Data["should_ack"] != true || s.Data["mentions"] != nil {
		t.Fatal(s.raw)
	}
	a.Publish(Event{Name: "one", To: Audience{ConnectionID: there.id}})
	if s := there.event(); s.Event != "one" {
		t.Fatal(s.raw)
	}
	a.LeftChannel("bob", ch)
	a.Publish(Event{Name: "later", To: Audience{ChannelID: ch, OmitConnectionID: there.id}})
	there.quiet()
	ack.quiet()
	a.Publish(Event{Name: "secret", To: Audience{Everyone: true, Sensitive: true}})
	there.event()
	a.SetRoles("alice", false, false)
	a.Publish(Event{Name: "secret", To: Audience{Everyone: true, Sensitive: true}})
	there.quiet()
	a.JoinedTeam("alice", team)
	a.Publish(Event{Name: "team", To: Audience{TeamID: team}})
	there.event()
	a.LeftTeam("alice", team)
	a.Publish(Event{Name: "team", To: Audience{TeamID: team}})
	there.quiet()
	a.ExtendSession("bob-session", 1)
	a.Publish(Event{Name: "x", To: Audience{UserID: "bob"}})
	ack.closing(CodeSessionExpired)
	a.DropSession("alice-session", "logged out")
	there.closing(CodeSessionEnded)
	carol := b.connect("carol")
	a.DropUser("carol", "deactivated")
	carol.closing(CodeSessionEnded)
	if a.Online("alice") || b.Online("alice") {
		t.Fatal("online")
	}
}

// Whatever comes over the bus, the hub goes on.
func TestPeersNonsense(t *testing.T) {
	var loop bus.Loop
	w := newWorld(t, func(o *Options) { o.Bus = loop.Node() })
	other := loop.Node()
	c := w.connect("alice")
	for _, s := range []string{"", "{", "[]", `{"k":"future"}`, `{"k":"event"}`, `{"k":"event","to":{"all":true},"d":[]}`,
		`{"k":"drop_session"}`, `{"k":"drop_user"}`, `{"k":"extend","id":""}`} {
		_ = other.Publish(busTopic, []byte(s))
	}
	c.quiet()
}

// After a gap all sockets are closed, and no stream goes on, neither theirs nor
// that of a client that is away.
func TestDropAll(t *testing.T) {
	w := newWorld(t, nil)
	gone := w.connect("bob")
	w.away(gone)
	here := w.connect("alice")
	w.DropAll("events may have been missed")
	here.closing(CodeMissed)
	for name, old := range map[string]*client{"alice": here, "bob": gone} {
		again := w.dial(name, "connection_id="+old.id+"&sequence_number=1")
		again.hello()
		if again.id == old.id {
			t.Errorf("%s's stream went on", name)
		}
	}
	if w.Stats.Live.Load() != 2 || w.Stats.Away.Load() != 0 {
		t.Error(w.Stats.Live.Load(), w.Stats.Away.Load())
	}
}
