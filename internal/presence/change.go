package presence

import (
	"context"

	"github.com/parley-chat/parley/internal/channels"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/realtime"
	"github.com/parley-chat/parley/internal/users"
)

// The rules of changing, each on an entry under the lock: what was chosen by the
// user is not overridden by what happens by itself.

// goOnline is for somebody who does something. Online is never a choice that
// lasts: choosing it returns to what happens by itself.
func (e *entry) goOnline(manual bool, now int64) {
	if e.manual && !manual {
		return
	}
	e.status, e.manual, e.dndEnd, e.active = online, false, 0, now
}

func (e *entry) goOffline(manual bool) {
	if e.manual && !manual {
		return
	}
	e.status, e.manual, e.dndEnd, e.channel = offline, manual, 0, ""
}

// goAway is for somebody who has done nothing for the time given, or chose it.
func (e *entry) goAway(manual bool, now, after int64) {
	if !manual && (e.manual || e.status == away || now-e.active <= after) {
		return
	}
	e.status, e.manual, e.dndEnd, e.channel = away, manual, 0, ""
}

// goQuiet is do-not-disturb until end, Unix seconds; 0 is without end. The
// protocol counts in whole minutes.
func (e *entry) goQuiet(end int64) {
	if e.status != dnd {
		e.prev = e.status
	}
	e.status, e.manual, e.dndEnd = dnd, true, end-end%60
}

func (e *entry) goOutOfOffice() { e.status, e.manual, e.dndEnd = ooo, true, 0 }

// look notes the channel that somebody has open now.
func (e *entry) look(channelID string, now int64) {
	e.goOnline(false, now)
	e.active, e.channel = now, channelID
}

// choose applies what a user, or somebody for them, wants. It is in the table
// when it returns.
func (p *Presence) choose(ctx context.Context, userID string, fn func(e *entry)) error {
	if !p.enabled() {
		return nil
	}
	if _, err := p.lookup(ctx, []string{userID}); err != nil {
		return err
	}
	p.alter(userID, fn)
	return p.save(ctx, []string{userID})
}

// alter changes an entry that is in memory, or makes one, and tells of it.
func (p *Presence) alter(userID string, fn func(e *entry)) {
	p.mu.Lock()
	e := p.known[userID]
	if e == nil {
		p.makeRoom()
		e = &entry{}
		p.known[userID] = e
	}
	was := *e
	fn(e)
	changed := e.status != was.status || e.manual != was.manual || e.dndEnd != was.dndEnd
	if changed || e.active-e.saved >= model.StatusMinUpdateInterval {
		e.mine, e.heard = true, p.now()
		p.dirty[userID] = struct{}{}
	}
	now := *e
	p.mu.Unlock()
	if changed {
		p.tellPeers(userID, &now)
	}
	if now.status != was.status {
		p.tell(userID, now.status)
	}
}

// tell sends a changed status to the user's own clients; others ask for it.
func (p *Presence) tell(userID string, c code) {
	if !p.Busy() {
		p.hub.Publish(realtime.Event{Name: model.EventStatusChange, To: realtime.Audience{UserID: userID},
			Data: map[string]any{"status": c.String(), "user_id": userID}})
	}
}

// arrival is a sign of life of somebody whose row may not have been read yet.
type arrival struct {
	here    bool   // by a websocket
	channel string // by looking at a channel, when not ""
}

func (a arrival) apply(e *entry, now int64) {
	if a.here {
		e.here = true
	}
	if a.channel != "" {
		e.look(a.channel, now)
		return
	}
	e.goOnline(false, now)
}

// arrive notes a sign of life. Of somebody unknown the row is read first, by the
// loop, together with those of all others who wait.
func (p *Presence) arrive(userID string, a arrival) {
	if !p.enabled() {
		return
	}
	p.mu.Lock()
	delete(p.leaving, userID)
	_, known := p.known[userID]
	if !known {
		before := p.waiting[userID]
		if before.here {
			a.here = true
		}
		if a.channel == "" {
			a.channel = before.channel
		}
		p.waiting[userID] = a
	}
	p.mu.Unlock()
	if known {
		p.alter(userID, func(e *entry) { a.apply(e, p.now()) })
		return
	}
	select {
	case p.wake <- struct{}{}:
	default:
	}
}

// leave notes that somebody's last websocket here ended. It counts after a
// moment: a page that is loaded again comes back at once.
func (p *Presence) leave(userID string) {
	p.mu.Lock()
	p.leaving[userID] = p.now() + graceMS
	p.mu.Unlock()
	p.askPeers(userID)
}

// viewed takes the channel that somebody opened from what they have read: of two
// the one that wasn't open before.
func (p *Presence) viewed(e channels.Viewed) {
	if len(e.Times) > 2 {
		return
	}
	p.mu.Lock()
	before := ""
	if k := p.known[e.UserID]; k != nil {
		before = k.channel
	}
	p.mu.Unlock()
	open := ""
	for channelID := range e.Times {
		if open == "" || open == before {
			open = channelID
		}
	}
	p.arrive(e.UserID, arrival{channel: open})
}

// autoResponder is out of the office while automatic replies are on.
func (p *Presence) autoResponder(ctx context.Context, c users.Change) {
	was, is := c.Old.NotifyProps[model.NotifyPropAutoResponderActive] == "true", c.New.NotifyProps[model.NotifyPropAutoResponderActive] == "true"
	if was == is {
		return
	}
	err := p.choose(ctx, c.New.ID, func(e *entry) {
		if is {
			e.goOutOfOffice()
		} else {
			e.goOnline(true, p.now())
		}
	})
	if err != nil {
		p.log.Error("automatic replies were switched but not the status", "user", c.New.ID, "error", err)
	}
}
