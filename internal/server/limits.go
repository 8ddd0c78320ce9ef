package server

import (
	"sync"

	lru "github.com/hashicorp/golang-lru/v2"
	"golang.org/x/time/rate"
)

// addressLimits keeps one rate for each key, for the most recently seen keys.
type addressLimits struct {
	mu   sync.Mutex
	seen *lru.Cache[string, *rate.Limiter]
}

// limitsKept bounds the memory that strangers can make the server spend.
const limitsKept = 10_000

func newAddressLimits() *addressLimits {
	seen, err := lru.New[string, *rate.Limiter](limitsKept)
	if err != nil {
		panic(err) // only for a size below one
	}
	return &addressLimits{seen: seen}
}

func (l *addressLimits) allow(key string, perSecond float64, burst int) bool {
	l.mu.Lock()
	r, ok := l.seen.Get(key)
	if !ok {
		r = rate.NewLimiter(rate.Limit(perSecond), burst)
		l.seen.Add(key, r)
	}
	l.mu.Unlock()
	return r.Allow()
}
