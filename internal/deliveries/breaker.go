package deliveries

import (
	"sync"
	"time"
)

// When a breaker opens, and for how long.
const (
	failuresMost = 5 // in a row
	restFirst    = 2 * time.Second
	restMost     = 10 * time.Minute
	breakersMost = 10_000
)

// breakers keep calls from what fails again and again: after some failures in a
// row it rests, then one call tries it; its failure doubles the rest.
type breakers struct {
	mu sync.Mutex
	of map[string]*breaker
}

type breaker struct {
	failures int
	rest     time.Duration
	until    time.Time
	trying   bool
}

func newBreakers() *breakers { return &breakers{of: map[string]*breaker{}} }

// allow reports whether a call may be made. Each that may is followed by note.
func (b *breakers) allow(key string, now time.Time) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	one := b.of[key]
	if one == nil || one.failures < failuresMost {
		return true
	}
	if one.trying || now.Before(one.until) {
		return false
	}
	one.trying = true
	return true
}

// note tells how a call went.
func (b *breakers) note(key string, ok bool, now time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if ok {
		delete(b.of, key)
		return
	}
	one := b.of[key]
	if one == nil {
		if len(b.of) >= breakersMost {
			clear(b.of)
		}
		one = &breaker{rest: restFirst}
		b.of[key] = one
	}
	one.trying = false
	if one.failures++; one.failures < failuresMost {
		return
	}
	if one.failures > failuresMost {
		one.rest = min(2*one.rest, restMost)
	}
	one.until = now.Add(one.rest)
}

// rests returns until when a call would be refused; zero when it may be made.
func (b *breakers) rests(key string, now time.Time) time.Time {
	b.mu.Lock()
	defer b.mu.Unlock()
	one := b.of[key]
	switch {
	case one == nil || one.failures < failuresMost:
		return time.Time{}
	case one.trying:
		return now.Add(time.Second)
	case now.Before(one.until):
		return one.until
	}
	return time.Time{}
}

// failing reports whether the next call that may be made is a trial.
func (b *breakers) failing(key string) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	one := b.of[key]
	return one != nil && one.failures >= failuresMost
}
