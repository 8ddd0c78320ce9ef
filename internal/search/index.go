package search

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/parley-chat/parley/internal/db"
)

// index fills the index of words. On SQLite that is parley_posts_fts: new posts
// are recognised by their row numbers, changed and deleted ones by the list that
// triggers keep. On PostgreSQL it is parley_posts_words: triggers list new posts
// as well, and older ones are read once, from the newest back. What is read and
// what is written is one transaction, so nothing is lost between.
type index struct {
	db  *db.DB
	log *slog.Logger
	// some indexes a batch, and tells whether there is more.
	some func(ctx context.Context, tx *db.Tx) (more bool, err error)
	from staleFloor // PostgreSQL only

	mu      sync.Mutex // one writes a batch, others wait for it
	pending atomic.Int64
	wake    chan struct{}
}

const (
	// indexBatch posts are written in a transaction: some 10 ms of the writer.
	indexBatch = 200
	// quiet is how long nothing must be posted before the background indexes,
	// and backlog how many posts it lets come together meanwhile.
	quiet   = time.Second
	backlog = 5000
	// maxCatchUp bounds how long a search waits for the index. It takes
	// hundreds of thousands of posts that came in another way than by posting
	// to get there, once.
	maxCatchUp = 20 * time.Second
)

func newIndex(d *db.DB, log *slog.Logger) *index {
	x := &index{db: d, log: log, wake: make(chan struct{}, 1)}
	x.some = x.indexPostgres
	if d.SQLite() {
		x.some = indexSome
	}
	return x
}

// touch notes that a post came or changed.
func (x *index) touch() {
	x.pending.Add(1)
	select {
	case x.wake <- struct{}{}:
	default:
	}
}

// run indexes in the background: what there is at the start, then whenever it
// has become quiet.
func (x *index) run(ctx context.Context) {
	for {
		if err := x.trickle(ctx); err != nil && ctx.Err() == nil {
			x.log.Error("posts could not be indexed for search", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-x.wake:
		}
		x.settle(ctx)
	}
}

// trickle indexes until there is nothing more and leaves the writer to others
// for nine tenths of the time. A search meanwhile does the rest at once.
func (x *index) trickle(ctx context.Context) error {
	for {
		started := time.Now()
		more, err := x.batch(ctx)
		if err != nil || !more {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(9 * time.Since(started)):
		}
	}
}

// settle waits until nothing came for a while.
func (x *index) settle(ctx context.Context) {
	timer := time.NewTimer(quiet)
	defer timer.Stop()
	for x.pending.Load() < backlog {
		before := x.pending.Load()
		select {
		case <-ctx.Done():
			return
		case <-timer.C:
		}
		if x.pending.Load() <= before {
			return
		}
		timer.Reset(quiet)
	}
}

// sameRows tells whether the last indexed row is still the post that it was.
const sameRows = `(lastrow = 0 OR EXISTS (SELECT 1 FROM posts WHERE rowid = lastrow AND id = lastid))`

// current makes the index hold every post that is committed now. whole is
// false while older posts are still being read into it.
func (x *index) current(ctx context.Context) (whole bool, err error) {
	sql := `SELECT true, coalesce((SELECT max(rowid) FROM posts), 0) > lastrow
		OR EXISTS (SELECT 1 FROM parley_posts_stale) OR NOT ` + sameRows + ` FROM parley_posts_indexed`
	var args []any
	if !x.db.SQLite() {
		sql = `SELECT done, (SELECT min(n) FROM parley_posts_stale WHERE n > $1) IS NOT NULL FROM parley_posts_indexed`
		args = []any{x.from.begin()}
	}
	type state struct{ whole, behind bool }
	at, err := db.Get(ctx, x.db, func(r db.Row) (s state, err error) { return s, r.Scan(&s.whole, &s.behind) }, sql, args...)
	if err != nil || !at.whole || !at.behind {
		return at.whole, err
	}
	bounded, cancel := context.WithTimeout(ctx, maxCatchUp)
	defer cancel()
	err = x.catchUp(bounded)
	if err != nil && ctx.Err() == nil && errors.Is(bounded.Err(), context.DeadlineExceeded) {
		x.log.Warn("a search was answered before all posts were indexed")
		return true, nil
	}
	return true, err
}

// catchUp indexes batch by batch until there is nothing more.
func (x *index) catchUp(ctx context.Context) error {
	for {
		if more, err := x.batch(ctx); err != nil || !more {
			return err
		}
	}
}

// batch indexes some posts and tells whether there are more.
func (x *index) batch(ctx context.Context) (more bool, err error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.pending.Store(0)
	err = x.db.Tx(ctx, func(tx *db.Tx) (err error) {
		more, err = x.some(ctx, tx)
		return err
	})
	return more, err
}

// indexSome writes a batch into the index and tells whether it was a full one.
func indexSome(ctx context.Context, tx *db.Tx) (more bool, err error) {
	last, err := lastIndexed(ctx, tx)
	if err != nil {
		return false, err
	}
	fresh, err := db.List(ctx, tx, scanSource, `SELECT `+sourceColumns+` FROM posts p WHERE p.rowid > $1 ORDER BY p.rowid LIMIT $2`, last, indexBatch)
	if err != nil {
		return false, err
	}
	if n := len(fresh); n > 0 {
		last = fresh[n-1].row
		if _, err := tx.Exec(ctx, `UPDATE parley_posts_indexed SET lastrow = $1, lastid = $2`, last, fresh[n-1].id); err != nil {
			return false, err
		}
	}
	more = len(fresh) == indexBatch
	if err := writeAll(ctx, tx, fresh); err != nil || more {
		return more, err
	}
	changed, err := refresh(ctx, tx, last)
	return changed == indexBatch, err
}

// lastIndexed is the last row in the index. When another post is there now the
// rows were numbered anew, as by restoring a dump, and everything is indexed
// again.
func lastIndexed(ctx context.Context, tx *db.Tx) (last int64, err error) {
	type mark struct {
		row   int64
		valid bool
	}
	m, err := db.Get(ctx, tx, func(r db.Row) (m mark, err error) { return m, r.Scan(&m.row, &m.valid) },
		`SELECT lastrow, `+sameRows+` FROM parley_posts_indexed`)
	if err != nil || m.valid {
		return m.row, err
	}
	for _, sql := range []string{`INSERT INTO parley_posts_fts (parley_posts_fts) VALUES ('delete-all')`, `DELETE FROM parley_posts_docs`,
		`DELETE FROM parley_posts_stale`, `UPDATE parley_posts_indexed SET lastrow = 0, lastid = ''`} {
		if _, err := tx.Exec(ctx, sql); err != nil {
			return 0, err
		}
	}
	return 0, nil
}

// refresh indexes again what changed, up to a row, and returns how many posts
// there were.
func refresh(ctx context.Context, tx *db.Tx, last int64) (int, error) {
	list, err := db.List(ctx, tx, func(r db.Row) (s stamp, err error) { return s, r.Scan(&s.id, &s.createAt) },
		`DELETE FROM parley_posts_stale WHERE (postid, createat) IN (SELECT postid, createat FROM parley_posts_stale LIMIT $1)
		RETURNING postid, createat`, indexBatch)
	if err != nil || len(list) == 0 {
		return 0, err
	}
	changed := len(list)
	ids := make([]string, changed)
	for i, s := range list {
		ids[i] = s.id
	}
	now, err := db.List(ctx, tx, scanSource, `SELECT `+sourceColumns+` FROM posts p WHERE p.id = ANY($1) AND p.rowid <= $2 LIMIT $3`,
		ids, last, changed)
	if err != nil {
		return 0, err
	}
	for i := range now { // it may be there under its new time, if that changed twice
		list = append(list, stamp{now[i].id, now[i].createAt})
	}
	if err := forget(ctx, tx, list); err != nil {
		return 0, err
	}
	return changed, writeAll(ctx, tx, now)
}
