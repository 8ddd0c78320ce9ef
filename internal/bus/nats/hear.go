package nats

import (
	"encoding/json"
	"time"

	client "github.com/nats-io/nats.go"

	"github.com/parley-chat/parley/internal/model"
)

// peer is another node, as it is heard.
type peer struct {
	about model.ClusterInfo
	next  uint64    // number of its next frame
	at    time.Time // when it was last heard
	// anew says that frames of it may have passed unheard and that this is known.
	anew bool
	part []byte // of a message of several frames; nil outside one
}

// hear takes in a frame. It runs on the subscription's one goroutine.
func (b *Bus) hear(m *client.Msg) {
	f, ok := decode(m.Data)
	if !ok || f.node == b.id {
		return
	}
	b.Stats.Received.Add(1)
	body, whole := b.follow(&f)
	if !whole {
		return
	}
	b.mu.Lock()
	subs := b.subs[f.topic]
	b.mu.Unlock()
	b.Stats.count(f.topic)
	for _, s := range subs {
		s.fn(body)
	}
}

// follow keeps account of the frames of a node, and returns a message when f
// completes one.
func (b *Bus) follow(f *frame) (body []byte, whole bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	now := time.Now()
	p := b.peers[f.node]
	switch {
	case p == nil:
		// A node that began while this one listened is heard from its first
		// frame on. One that is older has been heard soon after this one
		// began, or was cut off since.
		if f.number != 1 && now.After(b.settled) {
			b.doubt("a node is heard late")
		}
		p = &peer{about: model.ClusterInfo{ID: f.node}}
		b.peers[f.node] = p
		b.beatSoon()
	case p.anew:
		p.part = nil
	case f.number < p.next:
		return nil, false
	case f.number > p.next:
		p.part = nil
		b.doubt("messages of a node are missing")
	}
	p.next, p.at, p.anew = f.number+1, now, false
	return b.assemble(p, f)
}

func (b *Bus) assemble(p *peer, f *frame) (body []byte, whole bool) {
	switch f.kind {
	case kindWhole:
		return f.body, true
	case kindFirst:
		p.part = append(make([]byte, 0, 2*len(f.body)), f.body...)
	case kindNext, kindLast:
		if p.part == nil || len(p.part)+len(f.body) > messageBytes {
			p.part = nil // its beginning was missed, or it is nobody's message
			return nil, false
		}
		p.part = append(p.part, f.body...)
		if f.kind == kindLast {
			body, p.part = p.part, nil
			return body, true
		}
	case kindBeat:
		var about model.ClusterInfo
		if json.Unmarshal(f.body, &about) == nil {
			about.ID = f.node
			p.about = about
		}
	case kindBye:
		delete(b.peers, f.node)
	}
	return nil, false
}
