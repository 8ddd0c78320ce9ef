package nats

import (
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
	natsserver "github.com/parley-chat/parley/internal/testkit/nats"
)

const quick = 50 * time.Millisecond

type listener struct {
	*Bus
	gaps atomic.Int64
	mu   sync.Mutex
	all  []string
}

func joinAt(t *testing.T, url, name string) *listener {
	t.Helper()
	b, err := Join(Options{Server: Server{URL: url}, Deployment: "d", Beat: quick,
		About: func() model.ClusterInfo { return model.ClusterInfo{Hostname: name} }})
	if err != nil {
		t.Fatal(err)
	}
	l := &listener{Bus: b}
	b.OnGap(func() { l.gaps.Add(1) })
	b.Subscribe("t", func(body []byte) {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.all = append(l.all, string(body))
	})
	t.Cleanup(func() { _ = b.Close() })
	return l
}

func (l *listener) heard() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.Join(l.all, " ")
}

func (l *listener) names() string {
	var out []string
	for _, n := range l.Nodes() {
		out = append(out, n.Hostname)
	}
	return strings.Join(out, " ")
}

func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); !ok(); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("never happened: ", what)
		}
	}
}

func says(t *testing.T, b *listener, words ...string) {
	t.Helper()
	for _, w := range words {
		if err := b.Publish("t", []byte(w)); err != nil {
			t.Fatal(err)
		}
	}
}

// A node that was cut off says afterwards what it kept; both sides know that
// they may have missed something.
func TestCutOff(t *testing.T) {
	server := natsserver.Start(t)
	relay := server.Relay()
	a, b := joinAt(t, server.URL(), "a"), joinAt(t, relay.URL(), "b")
	eventually(t, "they know each other", func() bool { return a.names() == "a b" && b.names() == "b a" })
	relay.Cut()
	eventually(t, "b notices", func() bool { return !b.Connected() })
	says(t, a, "missed")
	says(t, b, "kept", "in order")
	eventually(t, "a thinks b gone", func() bool { return a.names() == "a" && a.gaps.Load() == 1 })
	eventually(t, "b knows of itself only", func() bool { return b.names() == "b" })
	relay.Mend()
	eventually(t, "a hears", func() bool { return a.heard() == "kept in order" })
	eventually(t, "b has a gap", func() bool { return b.gaps.Load() == 1 })
	eventually(t, "a has another, having heard b late", func() bool { return a.gaps.Load() == 2 })
	says(t, a, "on")
	eventually(t, "b hears again", func() bool { return b.heard() == "on" })
	eventually(t, "they know each other again", func() bool { return a.names() == "a b" && b.names() == "b a" })
}

// After an outage of NATS itself everybody has a gap, also who started meanwhile.
func TestOutage(t *testing.T) {
	server := natsserver.Start(t)
	a, b := joinAt(t, server.URL(), "a"), joinAt(t, server.URL(), "b")
	eventually(t, "they know each other", func() bool { return a.names() == "a b" && b.names() == "b a" })
	server.Kill()
	eventually(t, "both notice", func() bool { return !a.Connected() && !b.Connected() })
	c := joinAt(t, server.URL(), "c") // starts all the same
	says(t, a, "one")
	says(t, c, "three")
	server.Run()
	for _, l := range []*listener{a, b, c} {
		eventually(t, "a gap", func() bool { return l.gaps.Load() > 0 })
	}
	eventually(t, "all are there", func() bool { return a.names() == "a b c" && b.names() == "b a c" && c.names() == "c a b" })
	says(t, b, "two")
	eventually(t, "a hears", func() bool { return strings.HasSuffix(a.heard(), "two") })
}

// A frame that is lost on the way, by whatever, is noticed by the next one.
func TestLostFrame(t *testing.T) {
	server := natsserver.Start(t)
	a, b := joinAt(t, server.URL(), "a"), joinAt(t, server.URL(), "b")
	says(t, a, "x")
	eventually(t, "b hears", func() bool { return b.heard() == "x" })
	a.queue.mu.Lock()
	a.queue.number++
	a.queue.mu.Unlock()
	eventually(t, "b has a gap", func() bool { return b.gaps.Load() == 1 }) // by the next beat
	if a.gaps.Load() != 0 {
		t.Error("a gap where nothing was missed")
	}
}

// What a cut-off node can't keep is dropped as a whole, and missed.
func TestFullQueue(t *testing.T) {
	server := natsserver.Start(t)
	relay := server.Relay()
	a, b := joinAt(t, relay.URL(), "a"), joinAt(t, server.URL(), "b")
	says(t, a, "x")
	eventually(t, "b hears", func() bool { return b.heard() == "x" })
	relay.Cut()
	eventually(t, "a notices", func() bool { return !a.Connected() })
	word := strings.Repeat("y", 1<<20)
	eventually(t, "a drops", func() bool { says(t, a, word); return a.Stats.Dropped.Load() > 0 })
	relay.Mend()
	eventually(t, "b has a gap", func() bool { return b.gaps.Load() > 0 })
	eventually(t, "b hears again", func() bool { says(t, a, "z"); return strings.HasSuffix(b.heard(), " z") })
}

// A node that dies without a word is noticed; one that takes leave is no gap.
func TestSilence(t *testing.T) {
	server := natsserver.Start(t)
	a, b, c := joinAt(t, server.URL(), "a"), joinAt(t, server.URL(), "b"), joinAt(t, server.URL(), "c")
	eventually(t, "they know each other", func() bool { return a.names() == "a b c" })
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	eventually(t, "b has left", func() bool { return a.names() == "a c" })
	if a.gaps.Load() != 0 {
		t.Error("leaving left a gap")
	}
	c.conn.Close() // as if it were killed
	eventually(t, "c is missed", func() bool { return a.names() == "a" && a.gaps.Load() == 1 })
}

// Two deployments on one server don't hear each other.
func TestDeployments(t *testing.T) {
	server := natsserver.Start(t)
	a := joinAt(t, server.URL(), "a")
	other, err := Join(Options{Server: Server{URL: server.URL()}, Deployment: "d.x"})
	if err != nil {
		t.Fatal(err)
	}
	other.Subscribe("t", func([]byte) { t.Error("heard another deployment") })
	says(t, a, "x")
	if err := other.conn.Flush(); err != nil {
		t.Fatal(err)
	}
	_ = other.Close()
}

// Name and password are needed where the server wants them, and wrong settings
// are told at the start.
func TestCredentials(t *testing.T) {
	server := natsserver.Start(t, "--user", "parley", "--pass", "s3cret")
	with := strings.Replace(server.URL(), "://", "://parley:s3cret@", 1)
	version, err := Check(Server{URL: with})
	if err != nil || version == "" {
		t.Error(version, err)
	}
	if _, err := Check(Server{URL: server.URL()}); err == nil {
		t.Error("let in without a password")
	}
	for _, s := range []Server{{URL: with, Credentials: "/nowhere"}, {URL: with, CA: "/nowhere"}, {URL: with, Cert: "/nowhere", Key: "/nowhere"}, {URL: "nats://u:s3cret@a b"}} {
		b, err := Join(Options{Server: s, Deployment: "d"})
		if err == nil {
			_ = b.Close()
			t.Errorf("%+v was taken", s)
		} else if strings.Contains(err.Error(), "s3cret") {
			t.Error("an error tells the password: ", err)
		}
	}
}

// Whatever comes over the wire, the node goes on.
func FuzzDecode(f *testing.F) {
	good := frame{kind: kindWhole, number: 7, node: id.New(), topic: "t", body: []byte("x")}
	f.Add(good.encode())
	f.Add([]byte(fmt.Sprint(good)))
	f.Fuzz(func(t *testing.T, raw []byte) {
		got, ok := decode(raw)
		if ok && string(got.encode()) != string(raw) {
			t.Errorf("%q is read as %+v", raw, got)
		}
	})
}
