package bus

import (
	"context"
	"log/slog"
	"sync"

	lru "github.com/hashicorp/golang-lru/v2"
)

// Memory remembers what was loaded under a key, up to a number of keys, and
// forgets it here and on the other nodes when it changes. What is loaded while
// something is forgotten isn't kept: nobody sees what was true before a change
// once the change has been answered.
type Memory[V any] struct {
	bus   Bus
	topic string
	log   *slog.Logger

	mu      sync.Mutex
	entries *lru.Cache[string, V]
	epoch   uint64 // counts the forgettings
}

// NewMemory returns an empty Memory that hears of other nodes' changes on topic.
func NewMemory[V any](b Bus, topic string, size int, log *slog.Logger) *Memory[V] {
	entries, err := lru.New[string, V](size)
	if err != nil {
		panic(err) // only for a size below one
	}
	m := &Memory[V]{bus: b, topic: topic, log: log, entries: entries}
	b.Subscribe(topic, func(body []byte) { m.forget(string(body)) })
	b.OnGap(func() { m.forget("") })
	return m
}

// Get returns what is remembered, or what load finds. A failed load is not remembered.
func (m *Memory[V]) Get(ctx context.Context, key string, load func(context.Context) (V, error)) (V, error) {
	m.mu.Lock()
	v, ok := m.entries.Get(key)
	epoch := m.epoch
	m.mu.Unlock()
	if ok {
		return v, nil
	}
	v, err := load(ctx)
	if err != nil {
		return v, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.epoch == epoch {
		m.entries.Add(key, v)
	}
	return v, nil
}

func (m *Memory[V]) forget(key string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.epoch++
	if key == "" {
		m.entries.Purge()
		return
	}
	m.entries.Remove(key)
}

// Forget drops a key, "" for all, on every node.
func (m *Memory[V]) Forget(key string) {
	m.forget(key)
	if !m.bus.Peers() {
		return
	}
	if err := m.bus.Publish(m.topic, []byte(key)); err != nil {
		m.log.Error("other nodes were not told to forget", "topic", m.topic, "key", key, "error", err)
	}
}
