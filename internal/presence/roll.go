package presence

import (
	"context"
	"encoding/json"
	"slices"

	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/model"
)

// A roll call finds out who is there at all, when a node starts, when one has
// ended without a word and when news may have been missed: each node lists whom
// it has, and who is on nobody's list is offline.
const (
	topicCall = "presence.call"
	topicRoll = "presence.roll"
	// rollMS is how long the lists are waited for. A node that is slower than
	// that has its people come back: it hears of their leaving and objects.
	rollMS = 5_000
	// rollPart is how many people a message lists at most.
	rollPart = 500
)

func (p *Presence) listenToRolls() {
	p.bus.Subscribe(topicCall, func([]byte) { go p.tellRoll() }) // a subscriber must not block
	p.bus.Subscribe(topicRoll, p.hearRoll)
	p.bus.OnGap(p.callRoll)
}

// callRoll asks the other nodes whom they have, and tells them whom this one has.
func (p *Presence) callRoll() {
	if !p.enabled() {
		return
	}
	p.mu.Lock()
	p.claimed, p.rollEnds = map[string]struct{}{}, p.now()+rollMS
	for userID, e := range p.known {
		if e.here {
			p.dirty[userID] = struct{}{} // another node may have written that they left
		} else {
			e.heard = 0
		}
	}
	p.mu.Unlock()
	p.say(topicCall, nil)
	p.tellRoll()
}

// tellRoll lists whom this node has.
func (p *Presence) tellRoll() {
	var list []news
	p.mu.Lock()
	for userID, e := range p.known {
		if e.here || e.mine && (e.status == online || e.status == away) {
			list = append(list, news{userID, e.status, e.prev, e.manual, e.active, e.dndEnd})
		}
	}
	p.mu.Unlock()
	for part := range slices.Chunk(list, rollPart) {
		body, _ := json.Marshal(part) // plain
		p.say(topicRoll, body)
	}
}

// hearRoll takes over whom another node has.
func (p *Presence) hearRoll(body []byte) {
	var list []news
	if json.Unmarshal(body, &list) != nil {
		return
	}
	for _, n := range list {
		p.mu.Lock()
		if p.claimed != nil {
			p.claimed[n.UserID] = struct{}{}
		}
		e := p.known[n.UserID]
		older := e != nil && e.here && e.active > n.Active
		p.mu.Unlock()
		if !older {
			p.heed(n)
		}
	}
}

// closeRoll has those be offline whom no node has, once the lists are in.
func (p *Presence) closeRoll(ctx context.Context, now int64) error {
	p.mu.Lock()
	if p.rollEnds == 0 || now < p.rollEnds {
		p.mu.Unlock()
		return nil
	}
	claimed := p.claimed
	p.claimed, p.rollEnds = nil, 0
	p.mu.Unlock()
	ids, err := db.List(ctx, p.db, db.One[string], `SELECT userid FROM status WHERE status = ANY($1) AND manual = false LIMIT $2`,
		[]string{model.StatusOnline, model.StatusAway}, maxKnown)
	if err == nil {
		err = p.read(ctx, ids, map[string]entry{})
	}
	if err != nil {
		p.mu.Lock()
		if p.rollEnds == 0 { // or the next is under way
			p.claimed, p.rollEnds = claimed, now
		}
		p.mu.Unlock()
		return err
	}
	for _, userID := range ids {
		if _, ok := claimed[userID]; !ok && !p.has(userID) {
			p.alter(userID, func(e *entry) { e.goOffline(false) })
		}
	}
	return nil
}

// has reports whether this node answers for somebody.
func (p *Presence) has(userID string) bool {
	if p.connected(userID) {
		return true
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	_, arriving := p.waiting[userID]
	_, leaving := p.leaving[userID]
	e := p.known[userID]
	return arriving || leaving || e == nil || e.here || e.mine
}
