package presence

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/parley-chat/parley/internal/bus"
	"github.com/parley-chat/parley/internal/config"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/db/dbtest"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/realtime"
)

// node is a Presence whose clock and websockets the test moves; what other nodes ask
// is answered beside the test.
type node struct {
	*Presence
	t     *testing.T
	clock atomic.Int64
	live  sync.Map // user ids
}

func newNode(t *testing.T, d *db.DB, b bus.Bus) *node {
	t.Helper()
	cfg, err := config.Open(config.Options{})
	if err != nil {
		t.Fatal(err)
	}
	hub := realtime.New(realtime.Options{Bus: b, Authenticate: func(context.Context, string) (realtime.Identity, error) { return realtime.Identity{}, nil },
		Memberships: func(context.Context, string) ([]string, []string, error) { return nil, nil, nil }})
	t.Cleanup(func() { _ = hub.Close(context.Background(), "the test is over") })
	n := &node{t: t}
	n.clock.Store(1_700_000_000_000)
	n.Presence = build(Config{DB: d, Settings: cfg, Hub: hub, Bus: b, Log: slog.New(slog.DiscardHandler)})
	n.now = n.clock.Load
	n.connected = func(userID string) bool { _, is := n.live.Load(userID); return is }
	return n
}

func (n *node) connect(userID string) {
	n.live.Store(userID, true)
	n.Connected(userID, true)
}

func (n *node) disconnect(userID string) {
	n.live.Delete(userID)
	n.Disconnected(userID, true)
}

func (n *node) wants(userID, status string) {
	n.t.Helper()
	s, err := n.Status(n.t.Context(), userID)
	if err != nil || s.Status != status {
		n.t.Errorf("%s is %q (%v), want %q", userID, s.Status, err, status)
	}
}

// wantsRow compares the table's status of a user; "" is no row.
func (n *node) wantsRow(userID, status string) {
	n.t.Helper()
	list, err := db.List(n.t.Context(), n.db, db.One[string], `SELECT status FROM status WHERE userid = $1 LIMIT 1`, userID)
	if got := fmt.Sprint(list); err != nil || got != fmt.Sprint([]string{status}) && (status != "" || len(list) > 0) {
		n.t.Errorf("the row of %s says %v (%v), want %q", userID, got, err, status)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestTimeBringsAwayAndOffline(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		n := newNode(t, d, bus.Alone{})
		after := n.awayAfter()
		n.connect("ann")
		n.wants("ann", model.StatusOnline)
		n.clock.Add(after)
		n.sweep(n.clock.Load())
		n.wants("ann", model.StatusOnline)
		n.clock.Add(1)
		n.sweep(n.clock.Load())
		n.wants("ann", model.StatusAway)
		n.arrive("ann", arrival{channel: "room"})
		n.wants("ann", model.StatusOnline)

		// A page that is loaded again is no departure; one that is closed is.
		n.disconnect("ann")
		n.connect("ann")
		n.clock.Add(graceMS)
		n.depart(n.clock.Load())
		n.wants("ann", model.StatusOnline)
		n.disconnect("ann")
		n.depart(n.clock.Load())
		n.wants("ann", model.StatusOnline)
		n.clock.Add(graceMS)
		n.depart(n.clock.Load())
		n.wants("ann", model.StatusOffline)

		// Who only calls the API has no websocket to lose.
		n.arrive("bot", arrival{})
		n.wants("bot", model.StatusOnline)
		n.clock.Add(after + 1)
		n.sweep(n.clock.Load())
		n.clock.Add(graceMS)
		n.depart(n.clock.Load())
		n.wants("bot", model.StatusOffline)
	})
}

func TestWhatIsChosenStays(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		n := newNode(t, d, bus.Alone{})
		for _, c := range []struct {
			status string
			set    func(e *entry)
		}{
			{model.StatusAway, func(e *entry) { e.goAway(true, n.clock.Load(), 0) }},
			{model.StatusOffline, func(e *entry) { e.goOffline(true) }},
			{model.StatusDND, func(e *entry) { e.goQuiet(0) }},
			{model.StatusOutOfOffice, func(e *entry) { e.goOutOfOffice() }},
		} {
			n.connect("ann")
			must(t, n.choose(t.Context(), "ann", c.set))
			n.wantsRow("ann", c.status) // before the answer, not with the next batch
			n.disconnect("ann")
			n.clock.Add(graceMS)
			n.depart(n.clock.Load())
			n.arrive("ann", arrival{here: true, channel: "room"})
			n.clock.Add(n.awayAfter() + 1)
			n.sweep(n.clock.Load())
			n.wants("ann", c.status)
		}
		must(t, n.choose(t.Context(), "ann", func(e *entry) { e.goOnline(true, n.clock.Load()) }))
		n.disconnect("ann")
		n.clock.Add(graceMS)
		n.depart(n.clock.Load())
		n.wants("ann", model.StatusOffline)
	})
}

func TestQuietEnds(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		n := newNode(t, d, bus.Alone{})
		end := n.clock.Load()/1000 + 90
		quiet := func(end int64) func(e *entry) { return func(e *entry) { e.goQuiet(end) } }
		n.connect("ann")
		n.connect("eve")
		must(t, n.settle(t.Context()))
		n.alter("ann", func(e *entry) { e.goAway(true, n.clock.Load(), 0) })
		must(t, n.choose(t.Context(), "ann", quiet(end)))
		must(t, n.choose(t.Context(), "eve", quiet(0)))
		must(t, n.choose(t.Context(), "eve", quiet(end)))
		must(t, n.choose(t.Context(), "joe", quiet(0)))
		s, err := n.Status(t.Context(), "ann")
		must(t, err)
		if s.DNDEndTime%60 != 0 || s.DNDEndTime > end || s.DNDEndTime <= end-60 {
			t.Errorf("it ends at %d, want the minute of %d", s.DNDEndTime, end)
		}
		must(t, n.expire(t.Context()))
		n.wants("ann", model.StatusDND)

		// The server that ends it may be another than the one that was asked.
		later := newNode(t, d, bus.Alone{})
		later.clock.Store((end + 1) * 1000)
		must(t, later.begin(t.Context()))
		must(t, later.expire(t.Context()))
		later.wants("ann", model.StatusAway)
		later.wants("eve", model.StatusOnline)
		later.wants("joe", model.StatusDND)
		n.clock.Store(later.clock.Load())
		must(t, n.expire(t.Context())) // somebody else did it
	})
}

// Five thousand people who connect at once are a few statements, and so is
// writing down that they are there.
func TestManyAtOnceAreFewStatements(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		const many = 5000
		n := newNode(t, d, bus.Alone{})
		must(t, n.choose(t.Context(), "user7", func(e *entry) { e.goQuiet(0) }))
		must(t, n.flush(t.Context()))
		clear(n.known)
		var connecting sync.WaitGroup
		for part := range 10 {
			connecting.Go(func() {
				for i := part; i < many; i += 10 {
					n.Connected(fmt.Sprint("user", i), true)
				}
			})
		}
		connecting.Wait()
		ctx, counter := db.CountStatements(t.Context())
		must(t, n.settle(ctx))
		must(t, n.flush(ctx))
		if counter.N() > 20 {
			t.Errorf("%d statements for %d people", counter.N(), many)
		}
		n.wants("user1", model.StatusOnline)
		n.wantsRow("user1", model.StatusOnline)
		n.wants("user7", model.StatusDND)
		counter.Reset()
		for range 3 { // being active again is nothing new
			n.arrive("user1", arrival{})
			must(t, n.flush(ctx))
		}
		if counter.N() != 0 {
			t.Errorf("%d statements for activity", counter.N())
		}
		n.clock.Add(model.StatusMinUpdateInterval)
		n.arrive("user1", arrival{})
		must(t, n.flush(ctx))
		if counter.N() == 0 {
			t.Error("that somebody is still active is written down now and then")
		}
	})
}

func TestMemoryIsBounded(t *testing.T) {
	d := dbtest.Open(t, dbtest.SQLite)
	n := newNode(t, d, bus.Alone{})
	for i := range maxKnown + 5000 {
		n.alter(fmt.Sprint("user", i), func(e *entry) {})
	}
	if len(n.known) > maxKnown {
		t.Errorf("%d people are remembered", len(n.known))
	}
}

func TestStoppingWritesEverythingDown(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		n := newNode(t, d, bus.Alone{})
		n.connect("ann")
		n.connect("eve")
		n.disconnect("ann") // before her row was read
		must(t, n.Close(t.Context()))
		n.wantsRow("ann", model.StatusOffline)
		n.wantsRow("eve", model.StatusOnline)
		next := newNode(t, d, bus.Alone{})
		must(t, next.begin(t.Context()))
		next.wants("eve", model.StatusOffline) // her node died
	})
}

func TestNodesAgree(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		var loop bus.Loop
		a, b := newNode(t, d, loop.Node()), newNode(t, d, loop.Node())
		a.connect("ann")
		a.wants("ann", model.StatusOnline)
		if !b.IsOnline("ann") {
			t.Error("the other node has not heard")
		}
		must(t, b.choose(t.Context(), "eve", func(e *entry) { e.goQuiet(0) }))
		a.wants("eve", model.StatusDND)

		// Somebody with websockets on both nodes has not left with one of them.
		b.connect("ann")
		must(t, b.settle(t.Context()))
		a.disconnect("ann")
		for waiting := true; waiting; { // the answer comes by itself
			a.mu.Lock()
			_, waiting = a.leaving["ann"]
			a.mu.Unlock()
		}
		a.clock.Add(graceMS)
		a.depart(a.clock.Load())
		a.wants("ann", model.StatusOnline)
		b.disconnect("ann")
		b.clock.Add(graceMS)
		b.depart(b.clock.Load())
		a.wants("ann", model.StatusOffline)
		b.wants("ann", model.StatusOffline)

		// A node that starts later reads who is there.
		a.connect("joe")
		must(t, a.settle(t.Context()))
		must(t, a.flush(t.Context()))
		c := newNode(t, d, loop.Node())
		must(t, c.begin(t.Context()))
		if !c.IsOnline("joe") {
			t.Error("a new node does not know who is online")
		}
		// Lost news are noticed after a while.
		must(t, a.flush(t.Context()))
		_, err := d.Exec(t.Context(), `UPDATE status SET status = 'away' WHERE userid = 'joe'`)
		must(t, err)
		c.clock.Add(trustMS + 1)
		c.wants("joe", model.StatusAway)
	})
}

func TestTypistsAreHeldBack(t *testing.T) {
	var x typists
	passed := 0
	for range 100 {
		if x.admit("ann", 1000, 5000) {
			passed++
		}
	}
	if passed != signsAtOnce || !x.admit("eve", 1000, 5000) || !x.admit("ann", 6000, 5000) {
		t.Errorf("%d of 100 passed", passed)
	}
}
