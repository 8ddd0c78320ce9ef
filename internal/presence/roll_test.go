package presence

import (
	"testing"

	"github.com/parley-chat/parley/internal/bus"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/db/dbtest"
	"github.com/parley-chat/parley/internal/model"
)

// What a node that was killed had is offline after the next roll call; nobody else is.
func TestRollCall(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		var loop bus.Loop
		a, b := newNode(t, d, loop.Node()), newNode(t, d, loop.Node())
		end := loop.Node()
		killed := newNode(t, d, end)
		for who, n := range map[string]*node{"ann": a, "ben": b, "eve": killed} {
			n.connect(who)
			must(t, n.settle(t.Context()))
			must(t, n.flush(t.Context()))
		}
		must(t, killed.choose(t.Context(), "quiet", func(e *entry) { e.goQuiet(0) }))
		must(t, b.choose(t.Context(), "caller", func(e *entry) { e.goOnline(true, b.clock.Load()) })) // by the API alone
		must(t, end.Close())
		loop.Gap()
		for _, n := range []*node{a, b} {
			must(t, n.closeRoll(t.Context(), n.clock.Load()+rollMS-1))
			n.wants("eve", model.StatusOnline) // the lists aren't in
			for claimed := false; !claimed; {  // they come by themselves
				n.mu.Lock()
				claimed = len(n.claimed) >= 1
				n.mu.Unlock()
			}
		}
		for _, n := range []*node{a, b} {
			must(t, n.closeRoll(t.Context(), n.clock.Load()+rollMS))
			must(t, n.flush(t.Context()))
		}
		for _, n := range []*node{a, b} {
			n.wants("ann", model.StatusOnline)
			n.wants("ben", model.StatusOnline)
			n.wants("caller", model.StatusOnline)
			n.wants("eve", model.StatusOffline)
			n.wants("quiet", model.StatusDND)
		}
		a.wantsRow("eve", model.StatusOffline)
		a.wantsRow("ann", model.StatusOnline)
	})
}

// A node that did not answer in time has its people come back.
func TestRollCallObjection(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		var loop bus.Loop
		a := newNode(t, d, loop.Node())
		a.connect("ann")
		must(t, a.settle(t.Context()))
		must(t, a.flush(t.Context()))
		b := newNode(t, d, loop.Node())
		must(t, b.begin(t.Context()))
		b.mu.Lock()
		clear(b.claimed) // as if a's list had been late
		b.mu.Unlock()
		must(t, b.closeRoll(t.Context(), b.clock.Load()+rollMS))
		must(t, b.flush(t.Context()))
		for back := false; !back; { // a objects by itself
			b.mu.Lock()
			back = b.known["ann"].status == online
			b.mu.Unlock()
		}
		must(t, a.flush(t.Context()))
		must(t, b.flush(t.Context()))
		a.wants("ann", model.StatusOnline)
		b.wants("ann", model.StatusOnline)
		a.wantsRow("ann", model.StatusOnline)
	})
}
