package nats

import (
	"cmp"
	"encoding/json"
	"slices"
	"time"

	"github.com/parley-chat/parley/internal/model"
)

// beatEvery is how often a node says that it lives, and lostAfter how long it
// may be silent.
const (
	beatEvery = 2 * time.Second
	lostAfter = 10 * time.Second
)

// beatLoop says that this node lives, and finds out who doesn't any more.
func (b *Bus) beatLoop() {
	tick := time.NewTicker(b.beat)
	defer tick.Stop()
	for {
		select {
		case <-b.ended:
			return
		case <-tick.C:
		case <-b.soon:
		}
		b.tellBeat()
		b.bury(time.Now())
	}
}

// beatSoon has this node say that it lives, for somebody who hasn't heard it yet.
func (b *Bus) beatSoon() {
	select {
	case b.soon <- struct{}{}:
	default:
	}
}

func (b *Bus) tellBeat() {
	if !b.Connected() {
		return // a beat that is late says nothing
	}
	body, _ := json.Marshal(b.self()) // plain
	_ = b.send([]frame{{kind: kindBeat, body: body}})
}

// bury forgets nodes that ended without a word. What they did last may not have
// been heard.
func (b *Bus) bury(now time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !b.Connected() {
		return
	}
	for node, p := range b.peers {
		if now.Sub(p.at) > b.lost {
			delete(b.peers, node)
			b.doubt("a node has fallen silent")
		}
	}
}

func (b *Bus) self() model.ClusterInfo {
	about := b.about()
	about.ID = b.id
	return about
}

// Nodes describes the nodes that live, this one first.
func (b *Bus) Nodes() []model.ClusterInfo {
	var others []model.ClusterInfo
	b.mu.Lock()
	for _, p := range b.peers {
		if time.Since(p.at) <= b.lost {
			others = append(others, p.about)
		}
	}
	b.mu.Unlock()
	slices.SortFunc(others, func(x, y model.ClusterInfo) int {
		return cmp.Or(cmp.Compare(x.Hostname, y.Hostname), cmp.Compare(x.ID, y.ID))
	})
	return append([]model.ClusterInfo{b.self()}, others...)
}
