package db

import (
	"errors"
	"sync/atomic"
	"time"
)

// watcher is told of each statement once it has ended.
type watcher struct {
	fn atomic.Pointer[func(query string, ok bool, took time.Duration)]
}

// Watch has fn told of each statement once it has ended: its text, whether it
// went well, and how long it took. What is streamed is not told.
func (d *DB) Watch(fn func(query string, ok bool, took time.Duration)) { d.watch.fn.Store(&fn) }

// ended is to be deferred. A nil watcher tells nobody.
func (w *watcher) ended(query string, begin time.Time, err *error) {
	if w == nil {
		return
	}
	if fn := w.fn.Load(); fn != nil {
		(*fn)(query, *err == nil || errors.Is(*err, ErrNotFound), time.Since(begin))
	}
}
