package nats

import (
	"sync"
	"sync/atomic"
)

// Stats counts what the bus does, for reading at any time.
type Stats struct {
	Sent, Received atomic.Int64 // frames
	Dropped        atomic.Int64 // messages that were too much to keep
	Gaps           atomic.Int64
	Reconnects     atomic.Int64

	topics sync.Map // topic → *atomic.Int64
}

func (s *Stats) count(topic string) {
	n, ok := s.topics.Load(topic)
	if !ok {
		n, _ = s.topics.LoadOrStore(topic, new(atomic.Int64))
	}
	n.(*atomic.Int64).Add(1)
}

// Topics returns how many messages came and went, by topic.
func (s *Stats) Topics() map[string]int64 {
	out := map[string]int64{}
	s.topics.Range(func(k, v any) bool { out[k.(string)] = v.(*atomic.Int64).Load(); return true })
	return out
}
