package db

import (
	"context"
	"errors"
	"sync/atomic"
	"time"

	"github.com/parley-chat/parley/internal/traces"
)

// watcher is told of each statement once it has ended.
type watcher struct {
	engine string // as traces name it
	fn     atomic.Pointer[func(query string, ok bool, took time.Duration)]
}

// Watch has fn told of each statement once it has ended: its text, whether it
// went well, and how long it took. What is streamed is not told.
func (d *DB) Watch(fn func(query string, ok bool, took time.Duration)) { d.watch.fn.Store(&fn) }

// ended is to be deferred. A nil watcher tells nobody.
func (w *watcher) ended(ctx context.Context, query string, begin time.Time, err *error) {
	if w == nil {
		return
	}
	failed := *err
	if errors.Is(failed, ErrNotFound) {
		failed = nil
	}
	if fn := w.fn.Load(); fn != nil {
		(*fn)(query, failed == nil, time.Since(begin))
	}
	traces.Statement(ctx, w.engine, query, begin, failed)
}
