package realtime

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
)

func TestDrop(t *testing.T) {
	w := newWorld(t, nil)
	a, other, bob := w.connect("alice"), w.connect("alice/second"), w.connect("bob")
	w.DropSession("alice-session", "logged out")
	w.Publish(Event{Name: "x", To: Audience{Everyone: true}})
	a.closing(CodeSessionEnded)
	if s := other.event(); s.Event != "x" || w.Conns("alice") != 1 {
		t.Fatal(s.raw)
	}
	w.DropUser("alice", "deactivated")
	w.Publish(Event{Name: "y", To: Audience{UserID: "alice"}})
	other.closing(CodeSessionEnded)
	bob.event()
	bob.quiet()
	if w.Online("alice") {
		t.Fatal("online")
	}
}

// A session that ends while its socket is being registered.
func TestDropWhileRegistering(t *testing.T) {
	loading, goOn := make(chan struct{}), make(chan struct{})
	var revoked atomic.Bool
	w := newWorld(t, func(o *Options) {
		o.Memberships = func(_ context.Context, user string) ([]string, []string, error) {
			if user == "alice" {
				close(loading)
				<-goOn
			}
			return nil, nil, nil
		}
		o.Recheck = func(_ context.Context, who Identity) error {
			if revoked.Load() {
				return fmt.Errorf("revoked")
			}
			return nil
		}
	})
	done := make(chan *client)
	go func() { done <- w.dial("alice", "") }()
	<-loading
	w.DropSession("alice-session", "logged out")
	close(goOn)
	(<-done).closing(CodeSessionEnded)
	revoked.Store(true)
	w.dial("bob", "").closing(CodeSessionEnded)
	if w.Online("alice") || w.Online("bob") || len(w.users) > 0 {
		t.Fatal("online")
	}
}

func TestExpiry(t *testing.T) {
	w := newWorld(t, nil)
	a, b, c := w.connect("alice"), w.connect("bob"), w.connect("carol")
	w.ExtendSession("alice-session", w.opt.Now()-1)
	w.ExtendSession("bob-session", w.opt.Now()+3_600_000)
	w.ExtendSession("carol-session", w.opt.Now()+1000)
	w.Publish(Event{Name: "x", To: Audience{Everyone: true}})
	a.closing(CodeSessionExpired) // and not x
	b.event()
	c.event()
	for range wheelSlots {
		w.tick(w.opt.Now() + 2000)
	}
	c.closing(CodeSessionExpired) // also when nothing is delivered
}

func TestHalfOpen(t *testing.T) {
	w := newWorld(t, nil)
	c := w.connect("alice")
	for range wheelSlots {
		w.tick(w.opt.Now())
	}
	if op, p, err := c.frame(); op != opPing || len(p) != 0 || err != nil {
		t.Fatal(op, err)
	}
	for range wheelSlots {
		w.tick(w.opt.Now() + 90_000)
	}
	if !w.Online("alice") {
		t.Fatal("too early")
	}
	for range wheelSlots {
		w.tick(w.opt.Now() + 101_000)
	}
	until(t, "reaped", func() bool { return !w.Online("alice") && w.Stats.Away.Load() == 1 })
}

// Answered pings let the log be forgotten; what is recent stays.
func TestAcknowledge(t *testing.T) {
	w := newWorld(t, nil)
	w.channels["alice"] = []string{ch}
	c := w.connect("alice")
	for i := range 100 {
		w.number(i)
		c.event()
	}
	conn := w.conns[c.id]
	kept := func() int {
		conn.mu.Lock()
		defer conn.mu.Unlock()
		return int(conn.log.next - conn.log.first)
	}
	for range 3 {
		if kept() != 100 {
			t.Fatal("forgotten too early")
		}
		for range wheelSlots {
			w.tick(w.opt.Now())
		}
		if op, _, _ := c.frame(); op != opPing {
			t.Fatal(op)
		}
		_ = c.write(opPong, nil)
		c.quiet()
	}
	if kept() != 0 || conn.log.ring != nil {
		t.Fatal("not forgotten", kept())
	}
}

func TestCloseHub(t *testing.T) {
	w := newWorld(t, nil)
	c := w.connect("alice")
	fresh := w.dial("", "")
	for range 50 {
		w.Publish(Event{Name: "x", To: Audience{Everyone: true}})
	}
	done := make(chan error)
	go func() { done <- w.Close(t.Context(), "restarting") }()
	for range 50 {
		c.event()
	}
	c.closing(CodeGoingAway)
	fresh.closing(CodeGoingAway)
	_ = c.write(opClose, []byte{3, 232})
	_ = fresh.write(opClose, []byte{3, 232})
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	if rest, _ := c.br.ReadByte(); rest != 0 {
		t.Fatal("something follows the close frame", rest)
	}
}

func TestCloseReasonCut(t *testing.T) {
	b := appendClose(nil, 1000, strings.Repeat("é", 100))
	if int(b[1]) != len(b)-2 || b[1] > 125 || !bytes.HasSuffix(b, []byte("é")) {
		t.Fatal(b)
	}
}
