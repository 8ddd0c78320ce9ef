package links

import (
	"context"
	"net/url"
	"sync"
)

// Bounds of what is asked at the same moment.
const (
	maxAsking  = 8    // addresses
	maxPerHost = 2    // addresses of one host
	maxWaiting = 1000 // addresses that wait; what comes on top is not asked
)

// queue asks addresses in the background, each once however many want it.
type queue struct {
	learn func(context.Context, string) *Link
	ctx   context.Context
	stop  context.CancelFunc
	wg    sync.WaitGroup

	mu      sync.Mutex
	flights map[string]*flight
	waiting []*flight
	asking  int
	hosts   map[string]int
}

// flight is an address that waits or is being asked.
type flight struct {
	address, host string
	dones         []func(*Link)
	ended         chan struct{}
}

func newQueue(learn func(context.Context, string) *Link) *queue {
	q := &queue{learn: learn, flights: map[string]*flight{}, hosts: map[string]int{}}
	q.ctx, q.stop = context.WithCancel(context.Background())
	return q
}

// add reports whether an address will be asked and done be called.
func (q *queue) add(address string, done func(*Link)) bool {
	u, err := url.Parse(address)
	if err != nil {
		return false
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	if f := q.flights[address]; f != nil {
		f.dones = append(f.dones, done)
		return true
	}
	if len(q.waiting) >= maxWaiting || q.ctx.Err() != nil {
		return false
	}
	f := &flight{address: address, host: u.Host, dones: []func(*Link){done}, ended: make(chan struct{})}
	q.flights[address] = f
	q.waiting = append(q.waiting, f)
	q.start()
	return true
}

// start sets off those that have room, oldest first. q.mu is held.
func (q *queue) start() {
	for i := 0; i < len(q.waiting) && q.asking < maxAsking; {
		f := q.waiting[i]
		if q.hosts[f.host] >= maxPerHost {
			i++
			continue
		}
		q.waiting = append(q.waiting[:i], q.waiting[i+1:]...)
		q.asking++
		q.hosts[f.host]++
		q.wg.Go(func() { q.run(f) })
	}
}

func (q *queue) run(f *flight) {
	k := q.learn(q.ctx, f.address)
	q.mu.Lock()
	delete(q.flights, f.address)
	q.asking--
	if q.hosts[f.host]--; q.hosts[f.host] == 0 {
		delete(q.hosts, f.host)
	}
	if q.ctx.Err() == nil {
		q.start()
	}
	dones := f.dones
	q.mu.Unlock()
	close(f.ended)
	if q.ctx.Err() != nil {
		return
	}
	for _, done := range dones {
		done(k)
	}
}

// ready is closed once an address is known, or is not being asked.
func (q *queue) ready(address string) <-chan struct{} {
	q.mu.Lock()
	defer q.mu.Unlock()
	if f := q.flights[address]; f != nil {
		return f.ended
	}
	return idle
}

var idle = func() chan struct{} { c := make(chan struct{}); close(c); return c }()

// close forgets what waits and waits for what is being asked.
func (q *queue) close(ctx context.Context) {
	q.mu.Lock()
	q.stop()
	q.waiting = nil
	q.mu.Unlock()
	ended := make(chan struct{})
	go func() { q.wg.Wait(); close(ended) }()
	select {
	case <-ended:
	case <-ctx.Done():
	}
}
