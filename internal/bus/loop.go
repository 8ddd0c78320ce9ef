package bus

import "sync"

// Loop joins the nodes of one process. Delivery is synchronous, on the
// publisher's goroutine: when Publish returns, every other node has heard it.
// The zero value is ready to use.
type Loop struct {
	mu    sync.RWMutex
	nodes []*loopNode
}

type loopNode struct {
	loop   *Loop
	closed bool // guarded by loop.mu
	subs   map[string][]*subscription
	gaps   []func()
	// turn keeps the messages of this node in order, however many goroutines
	// of it publish at once.
	turn sync.Mutex
}

type subscription struct{ fn func([]byte) }

// Node adds a node to the loop and returns its end of the bus.
func (l *Loop) Node() Bus {
	n := &loopNode{loop: l, subs: map[string][]*subscription{}}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.nodes = append(l.nodes, n)
	return n
}

func (n *loopNode) Publish(topic string, body []byte) error {
	n.turn.Lock()
	defer n.turn.Unlock()
	n.loop.mu.RLock()
	if n.closed {
		n.loop.mu.RUnlock()
		return ErrClosed
	}
	var hear []*subscription
	for _, other := range n.loop.nodes {
		if other != n {
			hear = append(hear, other.subs[topic]...)
		}
	}
	n.loop.mu.RUnlock() // a subscriber may subscribe or cancel
	for _, s := range hear {
		s.fn(body)
	}
	return nil
}

func (n *loopNode) Subscribe(topic string, fn func([]byte)) (cancel func()) {
	s := &subscription{fn}
	n.loop.mu.Lock()
	defer n.loop.mu.Unlock()
	if n.closed {
		return func() {}
	}
	n.subs[topic] = append(n.subs[topic][:len(n.subs[topic]):len(n.subs[topic])], s)
	return func() {
		n.loop.mu.Lock()
		defer n.loop.mu.Unlock()
		var left []*subscription
		for _, other := range n.subs[topic] {
			if other != s {
				left = append(left, other)
			}
		}
		n.subs[topic] = left
	}
}

func (n *loopNode) OnGap(fn func()) {
	n.loop.mu.Lock()
	defer n.loop.mu.Unlock()
	n.gaps = append(n.gaps, fn)
}

// Gap tells every node that it may have missed messages, as an outage would.
func (l *Loop) Gap() {
	l.mu.RLock()
	var fns []func()
	for _, n := range l.nodes {
		fns = append(fns, n.gaps...)
	}
	l.mu.RUnlock()
	for _, fn := range fns {
		fn()
	}
}

func (n *loopNode) Close() error {
	n.loop.mu.Lock()
	defer n.loop.mu.Unlock()
	n.closed = true
	n.subs = map[string][]*subscription{}
	for i, other := range n.loop.nodes {
		if other == n {
			n.loop.nodes = append(n.loop.nodes[:i:i], n.loop.nodes[i+1:]...)
			break
		}
	}
	return nil
}

func (n *loopNode) Peers() bool {
	n.loop.mu.RLock()
	defer n.loop.mu.RUnlock()
	return len(n.loop.nodes) > 1 && !n.closed
}
