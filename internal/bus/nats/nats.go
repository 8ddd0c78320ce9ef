// Package nats is the bus of nodes on several hosts, over a server of NATS.
//
// All nodes of a deployment publish and subscribe to one subject, which keeps
// what a node says in order whatever the topic. NATS remembers nothing, so each
// node numbers its frames, and a node that misses a number, gets its connection
// back, or finds another silent that hasn't taken leave, reports a gap: caches
// are dropped and clients load again. A node that can't be heard for a while
// keeps some megabytes to say; what it drops beyond is missed by number.
//
// Nodes say every two seconds that they live and what they are; one that is
// silent for ten has ended.
package nats

import (
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	client "github.com/nats-io/nats.go"

	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
)

// Options say how to join.
type Options struct {
	Server Server
	// Deployment is what the nodes of one database have in common, and no two
	// databases: deployments on one server of NATS don't hear each other.
	Deployment string
	// About describes this node to the others; its ID is set by the bus.
	About func() model.ClusterInfo
	Log   *slog.Logger
	// Beat overrides how often a node says that it lives; for tests.
	Beat time.Duration
}

// heardBytes is how much that was heard may wait to be handled.
const heardBytes = 64 << 20

// Bus is one node's end of the bus. Make it with Join.
type Bus struct {
	Stats Stats

	id         string
	subject    string
	about      func() model.ClusterInfo
	log        *slog.Logger
	beat, lost time.Duration
	conn       *client.Conn
	queue      queue
	sending    sync.Mutex  // held while frames go to the connection
	late       atomic.Bool // NATS didn't answer at the start
	soon       chan struct{}
	gap        chan string
	ended      chan struct{}
	tasks      sync.WaitGroup

	mu      sync.Mutex
	subs    map[string][]*subscription
	gaps    []func()
	peers   map[string]*peer // by id
	settled time.Time        // from then on all nodes that lived when this one joined have been heard
}

type subscription struct{ fn func([]byte) }

// Join connects this node to the others. When NATS doesn't answer yet it is
// tried again for ever; an error is one of the options.
func Join(o Options) (*Bus, error) {
	b := &Bus{id: id.New(), subject: "parley." + token(o.Deployment), about: o.About, log: o.Log, beat: o.Beat, lost: lostAfter,
		soon: make(chan struct{}, 1), gap: make(chan string, 1), ended: make(chan struct{}),
		subs: map[string][]*subscription{}, peers: map[string]*peer{}}
	b.queue.wake = make(chan struct{}, 1)
	if b.log == nil {
		b.log = slog.New(slog.DiscardHandler)
	}
	if b.about == nil {
		b.about = func() model.ClusterInfo { return model.ClusterInfo{} }
	}
	if b.beat <= 0 {
		b.beat = beatEvery
	} else {
		b.lost = b.beat * (lostAfter / beatEvery)
	}
	b.settled = time.Now().Add(b.lost)
	if err := b.connect(o.Server); err != nil {
		return nil, err
	}
	b.tasks.Go(b.sendLoop)
	b.tasks.Go(b.beatLoop)
	b.tasks.Go(b.gapLoop)
	b.beatSoon()
	return b, nil
}

// token makes one word of a subject.
func token(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' {
			return r
		}
		return '_'
	}, s)
}

// ID names this node, until it ends.
func (b *Bus) ID() string { return b.id }

// Connected reports whether NATS is reached at this moment.
func (b *Bus) Connected() bool { return b.conn.IsConnected() }

// Peers is always true: another node may join at any moment.
func (b *Bus) Peers() bool { return true }

// Subscribe has fn called with what other nodes publish to topic.
func (b *Bus) Subscribe(topic string, fn func([]byte)) (cancel func()) {
	s := &subscription{fn}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.subs[topic] = append(b.subs[topic][:len(b.subs[topic]):len(b.subs[topic])], s)
	return func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		var left []*subscription
		for _, other := range b.subs[topic] {
			if other != s {
				left = append(left, other)
			}
		}
		b.subs[topic] = left
	}
}

// closeTime bounds how long leaving waits for NATS to take what is left to say.
const closeTime = 2 * time.Second

// Close says what is left to say, takes leave, and leaves.
func (b *Bus) Close() error {
	_ = b.send([]frame{{kind: kindBye}}) // closed before: nothing to say
	if b.queue.close() {
		return nil
	}
	b.mu.Lock()
	b.subs = map[string][]*subscription{}
	b.mu.Unlock()
	close(b.ended)
	if b.Connected() {
		b.flush()
		if err := b.conn.FlushTimeout(closeTime); err != nil {
			b.log.Warn("other nodes may not have heard the last of this one", "error", err)
		}
	}
	b.conn.Close()
	b.tasks.Wait()
	return nil
}
