package realtime

import (
	"sync"
	"sync/atomic"
)

// Stats counts what the hub does, for reading at any time. Live and Away are
// gauges, the rest only grows.
type Stats struct {
	Live     atomic.Int64 // authenticated sockets
	Away     atomic.Int64 // inactive connections that may be resumed
	Upgrades atomic.Int64 // sockets opened
	Resumed  atomic.Int64 // connections continued
	Lost     atomic.Int64 // resumes refused: unknown connection or number
	Events   atomic.Int64 // Publish calls, peers' included
	Frames   atomic.Int64 // event frames handed to connections
	Dropped  atomic.Int64 // low-value frames left out because a queue was over half full
	Invalid  atomic.Int64 // events without audience, or whose data isn't an object
	Writes   atomic.Int64 // write system calls
	Bytes    atomic.Int64 // bytes written
	Stalls   atomic.Int64 // writes that a socket didn't take at once
	Requests atomic.Int64 // frames from clients

	names sync.Map // event name → *atomic.Int64
	codes sync.Map // close code → *atomic.Int64
	left  sync.Map // code with which clients say they lost their last socket → *atomic.Int64
}

func count(m *sync.Map, key any) {
	n, ok := m.Load(key)
	if !ok {
		n, _ = m.LoadOrStore(key, new(atomic.Int64))
	}
	n.(*atomic.Int64).Add(1)
}

// EachEvent calls fn with each event name and how often it was published.
func (s *Stats) EachEvent(fn func(name string, n int64)) {
	s.names.Range(func(k, v any) bool { fn(k.(string), v.(*atomic.Int64).Load()); return true })
}

// EachClose calls fn with each code that the hub closed sockets with, and how often.
func (s *Stats) EachClose(fn func(code int, n int64)) {
	s.codes.Range(func(k, v any) bool { fn(k.(int), v.(*atomic.Int64).Load()); return true })
}

// EachLeft calls fn with each code that reconnecting clients gave for the end
// of their last socket (disconnect_err_code), and how often.
func (s *Stats) EachLeft(fn func(code int, n int64)) {
	s.left.Range(func(k, v any) bool { fn(k.(int), v.(*atomic.Int64).Load()); return true })
}
