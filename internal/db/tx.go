package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/parley-chat/parley/internal/traces"
)

// Tx is a running transaction. It is valid only inside the function it was
// given to and only in that goroutine.
type Tx struct {
	ctx    context.Context
	pg     *sql.Tx
	conn   *sql.Conn // of Fill on PostgreSQL, otherwise nil
	lite   *session
	failed error // the first statement error; nothing runs after it
	fatal  bool  // failed, and SQLite may have dropped the whole batch
	depth  int   // open Nested savepoints
	hooks  []func()
	watch  *watcher
}

type txKey struct{}

// Context is the context given to DB.Tx, marked so that a nested DB.Tx fails
// instead of waiting for itself.
func (t *Tx) Context() context.Context { return context.WithValue(t.ctx, txKey{}, t) }

// SQLite tells the engine, for the few statements that must differ.
func (t *Tx) SQLite() bool { return t.lite != nil }

// AfterCommit runs fn in the caller's goroutine after the commit is durable,
// before DB.Tx returns. It doesn't run when the transaction fails.
func (t *Tx) AfterCommit(fn func()) { t.hooks = append(t.hooks, fn) }

// Tx runs fn in a transaction, which is committed when fn returns nil. On
// PostgreSQL fn runs again, at most three times, after a serialization failure
// or a deadlock, so it must not have effects outside tx but through
// AfterCommit. On SQLite fn runs in the writer's goroutine. Once fn has
// started, a done ctx fails its next statement. A panic in fn reaches the
// caller after the rollback.
func (d *DB) Tx(ctx context.Context, fn func(tx *Tx) error) error {
	if ctx.Value(txKey{}) != nil {
		return ErrNested
	}
	var hooks []func()
	var err error
	if d.lite != nil {
		hooks, err = d.lite.w.do(ctx, fn)
	} else {
		hooks, err = d.pgTx(ctx, fn)
	}
	if err != nil {
		return err
	}
	for _, h := range hooks {
		h()
	}
	return nil
}

const pgAttempts = 3

func (d *DB) pgTx(ctx context.Context, fn func(tx *Tx) error) (hooks []func(), err error) {
	for attempt := 1; ; attempt++ {
		hooks, err = d.pgTxOn(ctx, d.pg, fn)
		if err == nil || attempt == pgAttempts || !retryable(err) {
			return hooks, err
		}
		select {
		case <-time.After(time.Duration(attempt*attempt) * 5 * time.Millisecond):
		case <-ctx.Done():
			return nil, err
		}
	}
}

// beginner is a pool or one of its connections.
type beginner interface {
	BeginTx(ctx context.Context, o *sql.TxOptions) (*sql.Tx, error)
}

func (d *DB) pgTxOn(ctx context.Context, on beginner, fn func(tx *Tx) error) ([]func(), error) {
	count(ctx)
	tx, err := on.BeginTx(ctx, nil)
	if err != nil {
		return nil, err
	}
	defer tx.Rollback() // after a panic or an error; otherwise it does nothing
	t := &Tx{ctx: ctx, pg: tx, watch: d.watch}
	if err := fn(t); err != nil {
		return nil, err
	}
	if t.failed != nil {
		return nil, t.failed
	}
	count(ctx)
	began := time.Now()
	err = tx.Commit()
	traces.Commit(ctx, d.watch.engine, began, err)
	if err != nil {
		return nil, err
	}
	return t.hooks, nil
}

// Lock waits until no other transaction holds key, and holds it until the
// end. It does nothing on SQLite, which has one writer.
func (t *Tx) Lock(ctx context.Context, key string) error {
	if t.lite != nil {
		return nil
	}
	_, err := t.Exec(ctx, "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", key)
	return err
}

// Nested runs fn so that its statements, and only they, are undone when it
// fails; the transaction goes on. Hooks that fn added are dropped then.
func (t *Tx) Nested(ctx context.Context, fn func() error) error {
	t.depth++
	defer func() { t.depth-- }()
	name := fmt.Sprintf("nested%d", t.depth)
	if _, err := t.Exec(ctx, "SAVEPOINT "+name); err != nil {
		return err
	}
	hooks := len(t.hooks)
	err := fn()
	if err == nil {
		err = t.failed
	}
	if err != nil {
		if t.fatal {
			return err
		}
		t.failed = nil
		t.hooks = t.hooks[:hooks]
		// The context may be what ended fn; the undoing must happen.
		ctx = context.WithoutCancel(ctx)
		if _, rerr := t.Exec(ctx, "ROLLBACK TO SAVEPOINT "+name); rerr != nil {
			return errors.Join(err, rerr)
		}
	}
	if _, rerr := t.Exec(ctx, "RELEASE SAVEPOINT "+name); rerr != nil {
		return errors.Join(err, rerr)
	}
	return err
}

// Exec runs a statement and returns how many rows it changed.
func (t *Tx) Exec(ctx context.Context, query string, args ...any) (n int64, err error) {
	if err := t.ready(ctx); err != nil {
		return 0, err
	}
	defer func() { t.note(err) }()
	defer t.watch.ended(ctx, query, time.Now(), &err)
	if t.lite == nil {
		n, err = pgExec(ctx, t.pg, query, args)
		return n, err
	}
	if args, err = arguments(args, true); err != nil {
		return 0, err
	}
	count(ctx)
	n, err = t.lite.exec(context.Background(), rewritten(query).text, args...)
	err = t.named(err)
	return n, err
}

func (t *Tx) run(ctx context.Context, query string, args []any, each func(*sql.Rows) error) (err error) {
	if err := t.ready(ctx); err != nil {
		return err
	}
	defer t.watch.ended(ctx, query, time.Now(), &err)
	reading := false
	check := func(rows *sql.Rows) error {
		reading = true
		err := each(rows)
		reading = rows.Err() == nil
		return err
	}
	defer func() {
		// What each returns (not found, a scan error) fails no transaction.
		if !reading {
			t.note(err)
		}
	}()
	if t.lite == nil {
		return pgRun(ctx, t.pg, query, args, check)
	}
	if args, err = arguments(args, true); err != nil {
		return err
	}
	count(ctx)
	err = t.named(t.lite.each(context.Background(), rewritten(query).text, args, check))
	return err
}

// Query streams rows. They must be closed before the function returns.
func (t *Tx) Query(ctx context.Context, query string, args ...any) (*Rows, error) {
	if err := t.ready(ctx); err != nil {
		return nil, err
	}
	if t.lite == nil {
		rows, err := pgStream(ctx, t.pg, query, args)
		t.note(err)
		return rows, err
	}
	args, err := arguments(args, true)
	if err != nil {
		return nil, err
	}
	count(ctx)
	rows, done, err := t.lite.query(context.Background(), rewritten(query).text, args)
	if err != nil {
		err = t.named(err)
		t.note(err)
		return nil, err
	}
	return &Rows{rows, func(error) { t.note(rows.Err()); done() }}, nil
}

// QueryRow runs the query when the returned row is scanned.
func (t *Tx) QueryRow(ctx context.Context, query string, args ...any) Row {
	return lazyRow{ctx, t, query, args}
}

// ready refuses statements after a failure, as PostgreSQL does, and after
// ctx is done. SQLite's statements themselves run without ctx: interrupting
// one could roll back the other transactions of the batch.
func (t *Tx) ready(ctx context.Context) error {
	if t.failed != nil {
		return fmt.Errorf("db: the transaction has already failed: %w", t.failed)
	}
	return ctx.Err()
}

func (t *Tx) note(err error) {
	if err == nil {
		return
	}
	if t.failed == nil {
		t.failed = err
	}
	t.fatal = t.fatal || endsBatch(err)
}

// named gives a unique violation of SQLite the name of its index.
func (t *Tx) named(err error) error {
	what, ok := violated(err)
	if !ok {
		return err
	}
	if name, ok := strings.CutPrefix(what, "index '"); ok {
		return &DuplicateError{strings.TrimSuffix(name, "'"), err}
	}
	table, _, _ := strings.Cut(what, ".")
	want := strings.ReplaceAll(what, table+".", "")
	index := ""
	lookup := t.lite.each(context.Background(), `SELECT il.name, il.origin,
		(SELECT group_concat(name, ', ') FROM (SELECT name FROM pragma_index_info(il.name) ORDER BY seqno))
		FROM pragma_index_list(?1) il WHERE il."unique" = 1`, []any{table}, func(rows *sql.Rows) error {
		for rows.Next() {
			var name, origin, columns string
			if err := rows.Scan(&name, &origin, NullString(&columns)); err != nil {
				return err
			}
			if columns == want {
				if index = name; origin == "pk" {
					index = table + "_pkey"
				}
			}
		}
		return rows.Err()
	})
	if index == "" && lookup == nil {
		index = table + "_pkey" // a rowid key has no index of its own
	}
	return &DuplicateError{index, err}
}
