// Package db is the database floor: two engines behind one SQL text.
//
// PostgreSQL goes through pgx, SQLite through modernc.org/sqlite (no cgo).
// Slices write `$1` SQL that both understand; for SQLite the text is rewritten
// once and cached (see rewrite.go). Reads on *DB come from a pool; everything
// that writes runs inside Tx. On SQLite one goroutine owns the only writing
// connection and runs the transactions that wait at the same moment as
// savepoints of one commit (see writer.go), so a batch costs one fsync.
//
// A Tx function must not use *DB for writing: on SQLite that would wait for
// itself, and is refused with ErrNested. After a statement failed inside a Tx
// every later one fails too, on both engines, unless it ran inside Tx.Nested.
// The schema and its ledger live in the sub package migrations; see Migrate.
package db

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"sync/atomic"
	"time"
)

// Options say which database to open and how much of it to use.
type Options struct {
	// URL is postgres://… or postgresql://…, or sqlite:PATH, or empty for
	// the file parley.db in Dir.
	URL string
	// Dir holds parley.db when URL names no file.
	Dir string
	// Replicas are PostgreSQL URLs that Replica reads from in turn.
	Replicas []string
	// MaxOpen and MaxIdle bound the PostgreSQL pool (0: 100 and 10), and
	// MaxOpen bounds SQLite's readers as well, which are never more than 8.
	MaxOpen, MaxIdle int
	// ConnMaxLifetime and ConnMaxIdleTime close PostgreSQL connections that
	// are old or unused (0: one hour and five minutes).
	ConnMaxLifetime, ConnMaxIdleTime time.Duration
	// QueryTimeout ends a statement that runs longer (0: no limit but ctx).
	QueryTimeout time.Duration
	// CacheKiB is SQLite's page cache per connection (0: 4096 for the
	// writer, 2048 for a reader). It is filled as pages are read.
	CacheKiB int
	// Filling is for a database that this process fills and nobody else uses
	// meanwhile: SQLite keeps more pages, sorts in files beside its own instead of in
	// memory, and writes new pages once instead of through a log.
	Filling bool
	// UnsafeNoSync turns SQLite's fsync off. For throw-away test files only.
	UnsafeNoSync bool
}

// Errors that callers compare with errors.Is.
var (
	// ErrNotFound is returned by Get, Value and Row.Scan when no row matches.
	ErrNotFound = errors.New("db: no row matches")
	// ErrNested is returned when a Tx function starts another Tx, or writes
	// through *DB, instead of using the Tx it was given.
	ErrNested = errors.New("db: a transaction was started inside a transaction function; use its *Tx")
	// ErrClosed is returned by every call after Close.
	ErrClosed = errors.New("db: the database is closed")
)

// Row is what a scan function reads one result row from.
type Row interface{ Scan(dest ...any) error }

// Querier is satisfied by *DB (pool, autocommit), *Tx and Replica's result.
type Querier interface {
	// Query streams rows; the caller must Close them. Prefer List and Get.
	Query(ctx context.Context, query string, args ...any) (*Rows, error)
	// QueryRow runs the query when the returned row is scanned; Scan fails
	// with ErrNotFound when there is no row.
	QueryRow(ctx context.Context, query string, args ...any) Row
	// Exec returns how many rows the statement changed.
	Exec(ctx context.Context, query string, args ...any) (int64, error)
	// SQLite tells the engine, for the few statements that must differ.
	SQLite() bool

	run(ctx context.Context, query string, args []any, each func(*sql.Rows) error) error
}

// DB is an open database. It is safe for concurrent use.
type DB struct {
	opts     Options
	pg       *sql.DB
	replicas []*sql.DB
	next     atomic.Uint32
	lite     *lite
	watch    *watcher
}

// Open prepares the database that o names. SQLite's file is created when it
// is missing; PostgreSQL is not contacted until the first statement. The
// schema is not touched: see Migrate.
func Open(ctx context.Context, o Options) (*DB, error) {
	d := &DB{opts: o, watch: &watcher{engine: "postgresql"}}
	if path, ok := sqlitePath(o); ok {
		l, err := openLite(ctx, path, o)
		if err != nil {
			return nil, err
		}
		d.watch.engine = "sqlite"
		l.w.watch = d.watch
		d.lite = l
		return d, nil
	}
	if err := d.openPostgres(); err != nil {
		return nil, err
	}
	return d, nil
}

// Close waits for the running transaction batch and closes every connection.
func (d *DB) Close() error {
	if d.lite != nil {
		return d.lite.close()
	}
	err := d.pg.Close()
	for _, r := range d.replicas {
		err = errors.Join(err, r.Close())
	}
	return err
}

// Ping fails when the database can't be reached.
func (d *DB) Ping(ctx context.Context) error {
	_, err := Value[int64](ctx, d, "SELECT CAST(1 AS bigint)")
	return err
}

// SQLite tells the engine, for the few statements that must differ.
func (d *DB) SQLite() bool { return d.lite != nil }

// Options returns what the database was opened with.
func (d *DB) Options() Options { return d.opts }

// Path is the SQLite file, or "" on PostgreSQL.
func (d *DB) Path() string {
	if d.lite == nil {
		return ""
	}
	return d.lite.path
}

// Stats returns the pool's figures for the metrics page (of the writer and
// readers together on SQLite).
func (d *DB) Stats() sql.DBStats {
	if d.lite == nil {
		return d.pg.Stats()
	}
	w, r := d.lite.writeDB.Stats(), d.lite.readDB.Stats()
	w.OpenConnections += r.OpenConnections
	w.InUse += r.InUse
	w.MaxOpenConnections += cap(d.lite.slots)
	return w
}

func isPostgresURL(u string) bool {
	return strings.HasPrefix(u, "postgres://") || strings.HasPrefix(u, "postgresql://")
}
