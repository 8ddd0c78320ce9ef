package presence

import (
	"context"
	"errors"
	"time"

	"github.com/parley-chat/parley/internal/model"
)

// How often the loop looks at what, and how long somebody who left may be away
// without being offline.
const (
	beat    = 500 * time.Millisecond
	graceMS = 500
	flushMS = 2_000
	sweepMS = 15_000
)

// Run does what time brings until ctx ends.
func (p *Presence) Run(ctx context.Context) {
	p.note("the statuses of the last run are as they were", p.begin(ctx))
	ticker := time.NewTicker(beat)
	defer ticker.Stop()
	var flushed, swept, ended int64
	for {
		select {
		case <-ctx.Done():
			return
		case <-p.wake:
			p.note("arrivals wait", p.settle(ctx))
			continue
		case <-ticker.C:
		}
		now := p.now()
		p.note("arrivals wait", p.settle(ctx))
		p.depart(now)
		p.note("who is online isn't known for certain", p.closeRoll(ctx, now))
		if now-flushed >= flushMS {
			flushed = now
			p.note("statuses are not written yet", p.flush(ctx))
		}
		if now-swept >= sweepMS {
			swept = now
			p.sweep(now)
		}
		if now-ended >= model.StatusDNDCheckInterval {
			ended = now
			p.note("do-not-disturbs don't end yet", p.expire(ctx))
		}
	}
}

func (p *Presence) note(what string, err error) {
	if err != nil && !errors.Is(err, context.Canceled) {
		p.log.Error(what, "error", err)
	}
}

// begin takes over what the last run left.
func (p *Presence) begin(ctx context.Context) error {
	if p.bus.Peers() {
		p.callRoll()
		return p.warm(ctx)
	}
	return p.reset(ctx)
}

// Close takes in who is still waiting, has those who left be offline, and writes
// everything down. Call it when the hub is closed and Run has returned.
func (p *Presence) Close(ctx context.Context) error {
	err := p.settle(ctx)
	p.depart(p.now() + graceMS)
	return errors.Join(err, p.flush(ctx))
}

// settleFor takes in the arrivals if one of ids is among them.
func (p *Presence) settleFor(ctx context.Context, ids []string) error {
	p.mu.Lock()
	wanted := p.inFlight > 0
	for i := 0; i < len(ids) && !wanted; i++ {
		_, wanted = p.waiting[ids[i]]
	}
	p.mu.Unlock()
	if !wanted {
		return nil
	}
	return p.settle(ctx)
}

// settle reads the rows of all who arrived and has them be there.
func (p *Presence) settle(ctx context.Context) error {
	p.settling.Lock()
	defer p.settling.Unlock()
	p.mu.Lock()
	batch := p.waiting
	p.waiting = map[string]arrival{}
	p.inFlight = len(batch)
	p.mu.Unlock()
	if len(batch) == 0 {
		return nil
	}
	ids := make([]string, 0, len(batch))
	for userID := range batch {
		ids = append(ids, userID)
	}
	err := p.read(ctx, ids, map[string]entry{})
	if err == nil {
		for userID, a := range batch {
			p.alter(userID, func(e *entry) { a.apply(e, p.now()) })
		}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.inFlight = 0
	if err != nil { // the next one who asks, or arrives, tries again
		for userID, a := range batch {
			if _, newer := p.waiting[userID]; !newer {
				p.waiting[userID] = a
			}
		}
	}
	return err
}

// depart has those be offline who left a moment ago and did not come back.
func (p *Presence) depart(now int64) {
	var gone []string
	p.mu.Lock()
	for userID, at := range p.leaving {
		if now >= at {
			delete(p.leaving, userID)
			gone = append(gone, userID)
		}
	}
	p.mu.Unlock()
	for _, userID := range gone {
		if !p.connected(userID) && p.knows(userID) {
			p.alter(userID, func(e *entry) {
				e.here = false
				e.goOffline(false)
			})
		}
	}
}

func (p *Presence) knows(userID string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.known[userID] != nil
}

// sweep finds who has done nothing for long: with a websocket they are away,
// without one, as callers of the API are, they have left.
func (p *Presence) sweep(now int64) {
	after := p.awayAfter()
	var idle, gone []string
	p.mu.Lock()
	for userID, e := range p.known {
		switch {
		case e.manual || now-e.active <= after || e.status != online && e.status != away:
		case e.here && e.status == online:
			idle = append(idle, userID)
		case !e.here && e.mine:
			gone = append(gone, userID)
		}
	}
	p.mu.Unlock()
	for _, userID := range idle {
		p.alter(userID, func(e *entry) { e.goAway(false, now, after) })
	}
	for _, userID := range gone {
		p.leave(userID)
	}
}

// expire ends do-not-disturbs whose time is over.
func (p *Presence) expire(ctx context.Context) error {
	rows, err := p.endQuiet(ctx)
	for _, x := range rows {
		p.mu.Lock()
		if e := p.known[x.userID]; e != nil {
			x.entry.here, x.entry.channel, x.entry.active = e.here, e.channel, max(e.active, x.entry.active)
			x.entry.mine, x.entry.heard = true, p.now()
			*e = x.entry
		}
		p.mu.Unlock()
		p.tellPeers(x.userID, &x.entry)
		p.tell(x.userID, x.entry.status)
	}
	return err
}
