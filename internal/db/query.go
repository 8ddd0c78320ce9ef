package db

import (
	"context"
	"database/sql"
	"time"
)

// List returns what scan makes of every row; the slice is never nil.
func List[T any](ctx context.Context, q Querier, scan func(Row) (T, error), query string, args ...any) ([]T, error) {
	out := []T{}
	err := q.run(ctx, query, args, func(rows *sql.Rows) error {
		out = out[:0]
		for rows.Next() {
			v, err := scan(rows)
			if err != nil {
				return err
			}
			out = append(out, v)
		}
		return rows.Err()
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// Get returns what scan makes of the first row, or ErrNotFound.
func Get[T any](ctx context.Context, q Querier, scan func(Row) (T, error), query string, args ...any) (T, error) {
	var out T
	err := q.run(ctx, query, args, func(rows *sql.Rows) (err error) {
		if !rows.Next() {
			if err := rows.Err(); err != nil {
				return err
			}
			return ErrNotFound
		}
		if out, err = scan(rows); err != nil {
			return err
		}
		// Draining matters for INSERT … RETURNING: the statement is
		// finished only when its rows are.
		for rows.Next() {
		}
		return rows.Err()
	})
	if err != nil {
		var zero T
		return zero, err
	}
	return out, nil
}

// Value returns the first column of the first row, or ErrNotFound. A NULL is
// an error unless T is a pointer; write COALESCE.
func Value[T any](ctx context.Context, q Querier, query string, args ...any) (T, error) {
	return Get(ctx, q, One[T], query, args...)
}

// One scans a row of a single column; the scan function of List for ids.
func One[T any](r Row) (T, error) {
	var v T
	err := r.Scan(&v)
	return v, err
}

// Exec runs a statement and returns how many rows it changed.
func Exec(ctx context.Context, q Querier, query string, args ...any) (int64, error) {
	return q.Exec(ctx, query, args...)
}

// Rows is a streamed result. Close returns its connection to the pool.
type Rows struct {
	*sql.Rows
	release func(error)
}

// Close ends the result; further calls do nothing.
func (r *Rows) Close() error {
	err := r.Rows.Close()
	if r.release != nil {
		r.release(err)
		r.release = nil
	}
	return err
}

// lazyRow runs its query when it is scanned, so that nothing stays open when
// a caller forgets to scan.
type lazyRow struct {
	ctx   context.Context
	q     Querier
	query string
	args  []any
}

func (r lazyRow) Scan(dest ...any) error {
	return r.q.run(r.ctx, r.query, r.args, func(rows *sql.Rows) error {
		if !rows.Next() {
			if err := rows.Err(); err != nil {
				return err
			}
			return ErrNotFound
		}
		if err := rows.Scan(dest...); err != nil {
			return err
		}
		for rows.Next() {
		}
		return rows.Err()
	})
}

// Query streams rows from the pool. It is for reading only.
func (d *DB) Query(ctx context.Context, query string, args ...any) (*Rows, error) {
	if d.lite != nil {
		return d.lite.stream(ctx, query, args)
	}
	return pgStream(ctx, d.pg, query, args)
}

// QueryRow runs the query when the returned row is scanned.
func (d *DB) QueryRow(ctx context.Context, query string, args ...any) Row {
	return lazyRow{ctx, d, query, args}
}

// Exec runs one statement as a transaction of its own.
func (d *DB) Exec(ctx context.Context, query string, args ...any) (n int64, err error) {
	ctx, cancel := d.limit(ctx)
	defer cancel()
	if d.lite == nil {
		defer d.watch.ended(ctx, query, time.Now(), &err)
		return pgExec(ctx, d.pg, query, args)
	}
	err = d.Tx(ctx, func(tx *Tx) error {
		n, err = tx.Exec(ctx, query, args...)
		return err
	})
	return n, err
}

func (d *DB) run(ctx context.Context, query string, args []any, each func(*sql.Rows) error) (err error) {
	ctx, cancel := d.limit(ctx)
	defer cancel()
	if d.lite == nil {
		defer d.watch.ended(ctx, query, time.Now(), &err)
		return pgRun(ctx, d.pg, query, args, each)
	}
	st := rewritten(query)
	if st.write {
		return d.Tx(ctx, func(tx *Tx) error { return tx.run(ctx, query, args, each) })
	}
	defer d.watch.ended(ctx, query, time.Now(), &err)
	return d.lite.read(ctx, st, args, each)
}

func (d *DB) limit(ctx context.Context) (context.Context, context.CancelFunc) {
	if d.opts.QueryTimeout <= 0 {
		return ctx, func() {}
	}
	return context.WithTimeout(ctx, d.opts.QueryTimeout)
}

// Replica returns a reader on one of the replicas in turn, or d itself when
// there is none. What it reads may be a moment old.
func (d *DB) Replica() Querier {
	if len(d.replicas) == 0 {
		return d
	}
	n := d.next.Add(1)
	return replica{d, d.replicas[int(n)%len(d.replicas)]}
}

type replica struct {
	*DB
	pool *sql.DB
}

func (r replica) Query(ctx context.Context, query string, args ...any) (*Rows, error) {
	return pgStream(ctx, r.pool, query, args)
}

func (r replica) QueryRow(ctx context.Context, query string, args ...any) Row {
	return lazyRow{ctx, r, query, args}
}

func (r replica) run(ctx context.Context, query string, args []any, each func(*sql.Rows) error) (err error) {
	ctx, cancel := r.limit(ctx)
	defer cancel()
	defer r.watch.ended(ctx, query, time.Now(), &err)
	return pgRun(ctx, r.pool, query, args, each)
}
