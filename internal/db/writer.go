package db

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/parley-chat/parley/internal/traces"
)

// writer owns SQLite's writing connection. Its goroutine takes a waiting
// transaction, begins, runs it and every other one that waits by then, each
// in a savepoint, commits once, and only then answers all of them.
type writer struct {
	pool *sql.DB
	s    *session
	reqs chan *request // unbuffered: a sent request is a started one
	quit chan struct{}
	once sync.Once
	done chan struct{}
	gid  atomic.Uint64 // the goroutine that runs transaction functions, 0 when idle

	watch *watcher // nil until the database is open
}

// request is one transaction on its way through the writer.
type request struct {
	ctx      context.Context
	fn       func(*Tx) error
	tx       *Tx
	err      error
	panicked any
	ran      time.Time // when fn was through
	done     chan struct{}
}

// A batch is bounded so that the first in it doesn't wait for ever.
const (
	maxBatch     = 128
	maxBatchTime = 10 * time.Millisecond
)

var errGoexit = errors.New("db: the transaction function ended its goroutine")

func startWriter(pool *sql.DB, s *session) *writer {
	w := &writer{pool: pool, s: s, reqs: make(chan *request), quit: make(chan struct{}), done: make(chan struct{})}
	go w.loop()
	return w
}

func (w *writer) stop() {
	w.once.Do(func() { close(w.quit) })
	<-w.done
}

// do hands fn to the writer and waits until its commit is durable.
func (w *writer) do(ctx context.Context, fn func(*Tx) error) ([]func(), error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if g := w.gid.Load(); g != 0 && g == goroutineID() {
		return nil, ErrNested
	}
	r := &request{ctx: ctx, fn: fn, done: make(chan struct{})}
	select {
	case w.reqs <- r:
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-w.quit:
		return nil, ErrClosed
	}
	// From here on the outcome is decided by the commit, not by ctx.
	<-r.done
	if r.panicked != nil {
		panic(r.panicked)
	}
	if r.tx != nil {
		traces.Commit(ctx, w.watch.engine, r.ran, r.err)
	}
	if r.err != nil {
		return nil, r.err
	}
	return r.tx.hooks, nil
}

func (w *writer) loop() {
	finished := false
	var batch []*request
	defer func() {
		if finished {
			w.s.close()
			close(w.done)
			return
		}
		// A function called runtime.Goexit (t.FailNow in a test): give up
		// its batch and go on in a new goroutine.
		w.fail(batch, errGoexit)
		w.answer(batch)
		go w.loop()
	}()
	for {
		select {
		case <-w.quit:
			finished = true
			return
		case r := <-w.reqs:
			batch = w.collect(append(batch[:0], r), &batch)
			w.answer(batch)
		}
	}
}

// collect runs the batch that starts with its only member; track lets the
// caller see the members should a function end the goroutine.
func (w *writer) collect(batch []*request, track *[]*request) []*request {
	*track = batch
	if w.gid.Load() == 0 {
		w.gid.Store(goroutineID())
	}
	defer w.gid.Store(0)
	if err := w.command("BEGIN IMMEDIATE"); err != nil {
		w.reopen()
		batch[0].err = fmt.Errorf("db: begin: %w", err)
		return batch
	}
	deadline := time.Now().Add(maxBatchTime)
	for r := batch[0]; r != nil; r = w.next(&batch, track, deadline) {
		if err := w.runOne(r); err != nil {
			w.fail(batch, err)
			return batch
		}
	}
	if err := w.command("COMMIT"); err != nil {
		w.fail(batch, fmt.Errorf("db: commit: %w", err))
	}
	return batch
}

// next takes one more transaction that waits already, if the batch has room.
func (w *writer) next(batch, track *[]*request, deadline time.Time) *request {
	if len(*batch) >= maxBatch || time.Now().After(deadline) {
		return nil
	}
	select {
	case r := <-w.reqs:
		*batch = append(*batch, r)
		*track = *batch
		return r
	default:
		return nil
	}
}

// runOne runs r in a savepoint of its own. An error means that the whole
// batch is lost; r's own failure is in r.
func (w *writer) runOne(r *request) error {
	if r.err = r.ctx.Err(); r.err != nil {
		return nil
	}
	if err := w.command("SAVEPOINT one"); err != nil {
		return err
	}
	r.tx = &Tx{ctx: r.ctx, lite: w.s, watch: w.watch}
	w.call(r)
	if r.tx.fatal {
		return r.tx.failed
	}
	if r.err == nil && r.panicked == nil {
		r.err = r.tx.failed
	}
	if r.err != nil || r.panicked != nil {
		if err := w.command("ROLLBACK TO one"); err != nil {
			return err
		}
	}
	return w.command("RELEASE one")
}

func (w *writer) call(r *request) {
	defer func() {
		if p := recover(); p != nil {
			r.panicked = p
		}
		r.ran = time.Now()
	}()
	r.err = r.fn(r.tx)
}

// fail rolls everything back and gives err to those that have none yet.
func (w *writer) fail(batch []*request, err error) {
	// SQLite may have rolled back by itself. After any other failure a new
	// connection is clean.
	if rerr := w.command("ROLLBACK"); rerr != nil && !strings.Contains(rerr.Error(), "no transaction is active") {
		w.reopen()
	}
	for _, r := range batch {
		if r.err == nil && r.panicked == nil {
			r.err = err
		}
	}
}

func (w *writer) answer(batch []*request) {
	for _, r := range batch {
		close(r.done)
	}
}

// reopen replaces the connection. When that fails the old one stays and the
// next batch tries again.
func (w *writer) reopen() {
	s, err := openSession(context.Background(), w.pool)
	if err != nil {
		return
	}
	w.s.close()
	w.s = s
}

func (w *writer) command(text string) error {
	_, err := w.s.exec(context.Background(), text)
	return err
}

// goroutineID reads the number from the first line of the stack, the only
// place that tells it. It guards against a transaction that would wait for
// itself for ever; nothing else depends on it.
func goroutineID() uint64 {
	var buf [64]byte
	line := buf[:runtime.Stack(buf[:], false)]
	line = bytes.TrimPrefix(line, []byte("goroutine "))
	if i := bytes.IndexByte(line, ' '); i > 0 {
		line = line[:i]
	}
	id, _ := strconv.ParseUint(string(line), 10, 64)
	return id
}
