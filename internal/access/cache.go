package access

import (
	"sync"

	lru "github.com/hashicorp/golang-lru/v2"
)

// cache remembers what a load found, up to a number of entries. An entry that
// is forgotten while its load is under way isn't stored by that load: a reader
// never sees what was true before a change once the change has been answered.
type cache[K comparable, V any] struct {
	mu      sync.Mutex
	entries *lru.Cache[K, V]
	epoch   uint64 // counts the forgettings
}

func newCache[K comparable, V any](size int) *cache[K, V] {
	entries, err := lru.New[K, V](size)
	if err != nil {
		panic(err) // only for a size below one
	}
	return &cache[K, V]{entries: entries}
}

func (c *cache[K, V]) get(key K, load func() (V, error)) (V, error) {
	c.mu.Lock()
	v, ok := c.entries.Get(key)
	epoch := c.epoch
	c.mu.Unlock()
	if ok {
		return v, nil
	}
	v, err := load()
	if err != nil {
		return v, err
	}
	c.mu.Lock()
	if c.epoch == epoch {
		c.entries.Add(key, v)
	}
	c.mu.Unlock()
	return v, nil
}

func (c *cache[K, V]) forget(key K) {
	c.mu.Lock()
	c.epoch++
	c.entries.Remove(key)
	c.mu.Unlock()
}

// forgetWhere drops the entries that match; it looks at all of them.
func (c *cache[K, V]) forgetWhere(match func(K, V) bool) {
	c.mu.Lock()
	c.epoch++
	for _, k := range c.entries.Keys() {
		if v, ok := c.entries.Peek(k); ok && match(k, v) {
			c.entries.Remove(k)
		}
	}
	c.mu.Unlock()
}

func (c *cache[K, V]) clear() {
	c.mu.Lock()
	c.epoch++
	c.entries.Purge()
	c.mu.Unlock()
}

// replace swaps an entry for a newer one, unless it has changed since.
func (c *cache[K, V]) replace(key K, was, now V) {
	c.mu.Lock()
	if v, ok := c.entries.Peek(key); ok && any(v) == any(was) {
		c.entries.Add(key, now)
	}
	c.mu.Unlock()
}
