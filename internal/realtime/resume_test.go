package realtime

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// back dials again with the connection id and the number expected next.
func (w *world) back(token string, old *client, seq int64) *client {
	w.t.Helper()
	c := w.dial(token, fmt.Sprintf("connection_id=%s&sequence_number=%d", old.id, seq))
	c.id, c.want = old.id, seq
	return c
}

func (w *world) away(c *client) {
	w.t.Helper()
	c.Close()
	until(w.t, "inactive", func() bool { return w.Stats.Away.Load() == 1 && w.Stats.Live.Load() == 0 })
}

func (w *world) number(i int) {
	w.Publish(Event{Name: "n", Data: map[string]int{"i": i}, To: Audience{ChannelID: ch}})
}

func TestResume(t *testing.T) {
	w := newWorld(t, nil)
	w.channels["alice"] = []string{ch}
	c := w.connect("alice")
	for i := 1; i <= 3; i++ {
		w.number(i)
		c.event()
	}
	w.away(c)
	w.number(4)
	w.JoinedChannel("alice", "later") // the index is kept while nobody is there
	w.Publish(Event{Name: "n", Data: map[string]int{"i": 5}, To: Audience{ChannelID: "later"}})
	c = w.back("alice", c, 3) // 3 is asked for again, 4 and 5 were missed
	for i := 3; i <= 5; i++ {
		if s := c.event(); s.Data["i"] != float64(i) {
			t.Fatal(s.raw)
		}
	}
	w.away(c)
	c = w.back("alice", c, 6) // nothing missed: neither replay nor hello
	c.quiet()
	w.number(6)
	if s := c.event(); s.Seq != 6 {
		t.Fatal(s.raw)
	}
	w.away(c)
	c = w.back("alice", c, 0) // from the very beginning, with the same hello
	if s := c.event(); s.Event != "hello" || s.Data["connection_id"] != c.id {
		t.Fatal(s.raw)
	}
	for i := 1; i <= 6; i++ {
		c.event()
	}
	if w.loads != 1 {
		t.Fatal("loads", w.loads)
	}
	// By challenge, while the server still thinks the old socket open.
	next := w.dial("", fmt.Sprintf("connection_id=%s&sequence_number=6", c.id))
	next.want = 6
	next.send(`{"seq":1,"action":"authentication_challenge","data":{"token":"alice"}}`)
	next.reply()
	if s := next.event(); s.Seq != 6 {
		t.Fatal(s.raw)
	}
	if _, err := c.next(); err == nil || w.Conns("alice") != 1 {
		t.Fatal("the old socket lives on", w.Conns("alice"))
	}
}

func TestResumeLost(t *testing.T) {
	w := newWorld(t, nil)
	w.channels["alice"] = []string{ch}
	for name, try := range map[string]func(c *client) *client{
		"number not reached":  func(c *client) *client { return w.back("alice", c, 151) },
		"number too old":      func(c *client) *client { return w.back("alice", c, 21) },
		"another session":     func(c *client) *client { return w.back("alice/other", c, 150) },
		"another user":        func(c *client) *client { return w.back("bob", c, 150) },
		"unknown connection":  func(c *client) *client { c.id = strings.Repeat("x", 26); return w.back("alice", c, 150) },
		"kept for 5 minutes":  func(c *client) *client { w.tick(w.opt.Now() + 300_000); return w.back("alice", c, 150) },
		"dropped session":     func(c *client) *client { w.DropSession("alice-session", "logout"); return w.back("alice", c, 150) },
		"dropped user":        func(c *client) *client { w.DropUser("alice", "deactivated"); return w.back("alice", c, 150) },
		"too much was missed": func(c *client) *client { flood(w, w.lim.awayFrames+1); return w.back("alice", c, 150) },
	} {
		c := w.connect("alice")
		for i := range 149 {
			w.number(i)
			c.event()
		}
		w.away(c)
		old := c.id
		c = try(c)
		c.want = 0
		if c.hello(); c.id == old {
			t.Fatal(name, "the same connection id")
		}
		w.DropUser("alice", "next case")
		w.DropUser("bob", "next case")
		c.Close()
		until(t, "empty", func() bool {
			w.Hub.mu.Lock()
			defer w.Hub.mu.Unlock()
			return len(w.sockets)+len(w.users)+len(w.conns)+len(w.Hub.channels)+w.inactive.Len()+w.inactiveBytes == 0
		})
	}
	for _, query := range []string{"connection_id=x&sequence_number=1", "connection_id=" + strings.Repeat("x", 26),
		"connection_id=" + strings.Repeat("x", 26) + "&sequence_number=-1", "connection_id=" + strings.Repeat("x", 26) + "&sequence_number=1x"} {
		w.dial("alice", query).closing(CodePolicy)
	}
}

func flood(w *world, n int) {
	for i := range n {
		w.number(i)
	}
}

// All inactive connections together are bounded: the oldest goes first. What
// they share is counted once.
func TestInactiveBytes(t *testing.T) {
	w := newWorld(t, nil)
	w.channels["alice"] = []string{ch}
	a, b := w.connect("alice"), w.connect("alice")
	a.Close()
	until(t, "first away", func() bool { return w.Stats.Away.Load() == 1 })
	b.Close()
	until(t, "both away", func() bool { return w.Stats.Away.Load() == 2 })
	w.Hub.mu.Lock()
	w.lim.awayTotal = 50_000
	w.Hub.mu.Unlock()
	big := Event{Name: "big", Data: map[string]string{"x": strings.Repeat("x", 20_000)}, To: Audience{ChannelID: ch}}
	w.Publish(big)
	w.Publish(big)
	if w.Stats.Away.Load() != 2 {
		t.Fatal("shared frames were counted twice")
	}
	c := w.back("alice", b, 1)
	c.event()
	c.event()
	w.away2(t, c, 2)
	w.Publish(big)
	if w.Stats.Away.Load() != 0 {
		t.Fatal("not bounded", w.inactiveBytes)
	}
	if w.inactiveBytes != 0 {
		t.Fatal("miscounted", w.inactiveBytes)
	}
}

func (w *world) away2(t *testing.T, c *client, n int64) {
	c.Close()
	until(t, "away", func() bool { return w.Stats.Away.Load() == n })
}

// Whatever a client does, it sees each number once and in order, and the same
// events as everybody else, as long as it isn't told to begin anew.
func TestResumeProperty(t *testing.T) {
	w := newWorld(t, nil)
	rapid.Check(t, func(t *rapid.T) {
		user := fmt.Sprint("u", rand.Int64())
		w.mu.Lock()
		w.channels[user] = []string{user}
		w.mu.Unlock()
		c := w.dial(user, "")
		defer func() { c.Close() }()
		c.hello()
		published, read := 0, 0
		publish := func(n int) {
			for range n {
				w.Publish(Event{Name: "n", Data: map[string]int{"i": published}, To: Audience{ChannelID: user}})
				published++
			}
		}
		take := func(n int) {
			for n = min(n, published-read); n > 0 && read < published; n-- {
				s, err := c.next()
				if err != nil {
					t.Fatal(err)
				}
				if s.Event == "hello" && published-read > w.lim.dead {
					c.id, c.want = s.Data["connection_id"].(string), 1
					read = published // told to begin anew, and rightly so
					return
				}
				if s.Seq != c.want || s.Data["i"] != float64(read) {
					t.Fatalf("want number %d, event %d, got %s", c.want, read, s.raw)
				}
				c.want++
				read++
			}
		}
		for range rapid.IntRange(1, 8).Draw(t, "rounds") {
			publish(rapid.IntRange(0, 60).Draw(t, "before"))
			take(rapid.IntRange(0, 60).Draw(t, "take"))
			if rapid.Bool().Draw(t, "half open") { // else the server knows of the end, sooner or later
				defer c.Close()
			} else {
				c.Close()
			}
			publish(rapid.IntRange(0, 60).Draw(t, "after"))
			c = w.back(user, c, c.want)
			if published-read > w.lim.dead {
				take(1) // perhaps a hello
			}
		}
		take(published)
		c.quiet()
		w.DropUser(user, "done")
	})
}

// stalled reports whether a write hangs.
func (w *world) stalled() bool {
	w.Hub.mu.Lock()
	defer w.Hub.mu.Unlock()
	for _, c := range w.conns {
		c.mu.Lock()
		since := c.stalled
		c.mu.Unlock()
		if since != 0 {
			return true
		}
	}
	return false
}

// A client that doesn't read is closed with a reason, others get everything,
// and the slow one may go on where it stopped.
func TestSlowReader(t *testing.T) {
	var now = time.Now().UnixMilli()
	skew := make(chan int64, 1)
	skew <- 0
	w := newWorld(t, func(o *Options) {
		o.Now = func() int64 { s := <-skew; skew <- s; return now + s }
	})
	w.channels["slow"], w.channels["fast"] = []string{ch}, []string{ch}
	slow, fast := w.connect("slow"), w.connect("fast")
	big := Event{Name: "big", Data: map[string]string{"x": strings.Repeat("x", 8000)}, To: Audience{ChannelID: ch}}
	n := 0
	publish := func() {
		w.Publish(big)
		n++
		fast.event()
	}
	for w.Stats.Stalls.Load() == 0 {
		publish()
	}
	until(t, "a hanging write", w.stalled)
	<-skew
	skew <- 10_000
	for closed := false; !closed; {
		publish()
		w.Stats.EachClose(func(code int, _ int64) { closed = closed || code == CodeSlowReader })
	}
	for range 10 {
		publish() // while it is closing
	}
	// It begins to read again and finds why it was closed, without a gap.
	for {
		s, err := slow.next()
		if err != nil {
			if got, ok := err.(closed); !ok || got.code != CodeSlowReader {
				t.Fatal(err)
			}
			break
		}
		if s.Seq != slow.want {
			t.Fatal(s.Seq, slow.want)
		}
		slow.want++
	}
	slow = w.back("slow", slow, slow.want)
	for slow.want <= int64(n) {
		slow.event()
	}
	slow.quiet()
}

// A write that hangs for good is ended by the clock, and low-value events are
// left out while much is waiting.
func TestHangingWrite(t *testing.T) {
	w := newWorld(t, nil)
	w.channels["slow"] = []string{ch}
	w.connect("slow")
	big := Event{Name: "big", Data: map[string]string{"x": strings.Repeat("x", 8000)}, To: Audience{ChannelID: ch}}
	for w.Stats.Dropped.Load() == 0 || w.Stats.Stalls.Load() == 0 {
		w.Publish(big)
		w.Publish(Event{Name: "typing", To: Audience{ChannelID: ch}})
	}
	until(t, "a hanging write", w.stalled)
	if !w.Online("slow") {
		t.Fatal("closed too early")
	}
	for range wheelSlots {
		w.tick(w.opt.Now() + 31_000)
	}
	until(t, "closed", func() bool { return !w.Online("slow") })
}
