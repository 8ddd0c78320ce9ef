package db

import (
	"context"
	"sync/atomic"
)

// Counter counts the statements sent with its context, BEGIN and COMMIT on
// PostgreSQL included, so that tests can hold a request to its budget.
type Counter struct{ n atomic.Int64 }

// N is how many statements were sent so far.
func (c *Counter) N() int64 { return c.n.Load() }

// Reset starts counting anew.
func (c *Counter) Reset() { c.n.Store(0) }

type counterKey struct{}

// counting is set by the first CountStatements, so that a server that never
// counts doesn't look for a counter in every context.
var counting atomic.Bool

// CountStatements returns a context whose statements the counter counts.
func CountStatements(ctx context.Context) (context.Context, *Counter) {
	counting.Store(true)
	c := &Counter{}
	return context.WithValue(ctx, counterKey{}, c), c
}

func count(ctx context.Context) {
	if !counting.Load() {
		return
	}
	if c, ok := ctx.Value(counterKey{}).(*Counter); ok {
		c.n.Add(1)
	}
}
