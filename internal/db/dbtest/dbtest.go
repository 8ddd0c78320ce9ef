// Package dbtest gives tests databases of both engines, with the schema and
// the first rows in place, in a few milliseconds each.
//
// PostgreSQL is a private cluster below the system's temporary folder, found
// on a Unix socket. The first test binary that needs it starts it, the ones
// that run beside it share it, and a small shell loop stops it a moment after
// the last one has gone (see cluster.go). A test's database is made from a
// template database; a SQLite one is a copy of a template file. Both are
// removed when the test ends. Nothing is skipped: without the PostgreSQL 15
// programs (or PARLEY_TEST_PGBIN naming others) a test fails.
package dbtest

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/db/migrations"
)

// Engine is one of the two databases.
type Engine string

// The engines that everything is tested on.
const (
	SQLite   Engine = "sqlite"
	Postgres Engine = "postgres"
)

// Engines lists both.
var Engines = []Engine{SQLite, Postgres}

// Option changes what a test's database is.
type Option func(*choice)

type choice struct{ empty, durable bool }

// Empty leaves the schema out: db.Migrate has not run.
func Empty(c *choice) { c.empty = true }

// Durable turns fsync on, which ordinary tests do without.
func Durable(c *choice) { c.durable = true }

// Options returns how to open a new database of the engine. It is removed
// when t ends; whoever opens it closes it before.
func Options(t testing.TB, e Engine, options ...Option) db.Options {
	t.Helper()
	var c choice
	for _, o := range options {
		o(&c)
	}
	if e == SQLite {
		return sqliteOptions(t, c)
	}
	return postgresOptions(t, c)
}

// Open opens a new database of the engine and closes it when t ends.
func Open(t testing.TB, e Engine, options ...Option) *db.DB {
	t.Helper()
	d, err := db.Open(t.Context(), Options(t, e, options...))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	return d
}

// Each runs fn as a subtest on both engines.
func Each(t *testing.T, fn func(t *testing.T, d *db.DB), options ...Option) {
	t.Helper()
	for _, e := range Engines {
		t.Run(string(e), func(t *testing.T) { fn(t, Open(t, e, options...)) })
	}
}

func sqliteOptions(t testing.TB, c choice) db.Options {
	t.Helper()
	o := db.Options{Dir: t.TempDir(), UnsafeNoSync: !c.durable}
	if c.empty {
		return o
	}
	template, err := sqliteTemplate()
	if err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(template)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(o.Dir, "parley.db"), b, 0o600); err != nil {
		t.Fatal(err)
	}
	return o
}

// sqliteTemplate makes the file that tests copy, once for all processes.
func sqliteTemplate() (string, error) {
	dir, err := sharedDir("sqlite")
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "template-"+migrations.Fingerprint()+".db")
	unlock, err := lockFile(filepath.Join(dir, "lock"), true)
	if err != nil {
		return "", err
	}
	defer unlock()
	if _, err := os.Stat(path); err == nil {
		return path, nil
	}
	work, err := os.MkdirTemp(dir, "make")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(work)
	ctx := context.Background()
	d, err := db.Open(ctx, db.Options{Dir: work, UnsafeNoSync: true})
	if err != nil {
		return "", err
	}
	if err = d.Migrate(ctx); err != nil {
		d.Close()
		return "", err
	}
	// Closing the last connection moves the log into the file.
	if err := d.Close(); err != nil {
		return "", err
	}
	return path, os.Rename(filepath.Join(work, "parley.db"), path)
}

var serial atomic.Int64

func postgresOptions(t testing.TB, c choice) db.Options {
	t.Helper()
	cl, err := cluster(c.durable)
	if err != nil {
		t.Fatal(err)
	}
	name := fmt.Sprintf("t%d_%d_%d", os.Getpid(), time.Now().UnixMilli()%1e9, serial.Add(1))
	create := "CREATE DATABASE " + name
	if !c.empty {
		create += " TEMPLATE " + templateName()
	}
	if err := cl.admin(create); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := cl.admin("DROP DATABASE IF EXISTS " + name + " WITH (FORCE)"); err != nil {
			t.Error(err)
		}
	})
	return db.Options{URL: cl.url(name), MaxOpen: 20, MaxIdle: 20, ConnMaxIdleTime: 2 * time.Second}
}

func templateName() string { return "parley_template_" + migrations.Fingerprint() }

// UsesIndex fails t when the engine would read a whole table for the query.
// PostgreSQL is told to avoid that, since a small table is read whole anyway;
// reading a whole index in its order passes on both.
func UsesIndex(t testing.TB, d *db.DB, query string, args ...any) {
	t.Helper()
	plan := Plan(t, d, query, args...)
	for line := range strings.Lines(plan) {
		line = strings.TrimSpace(line)
		whole := strings.Contains(line, "Seq Scan on ")
		if d.SQLite() && strings.HasPrefix(line, "SCAN ") {
			whole = !strings.Contains(line, " USING ") && !strings.Contains(line, "json_each") &&
				!strings.Contains(line, "CONSTANT ROW") && !strings.Contains(line, "VIRTUAL TABLE") &&
				!strings.Contains(line, "SUBQUERY") && !strings.HasPrefix(line, "SCAN (")
		}
		if whole {
			t.Errorf("the query reads a whole table: %s\nquery: %s\nplan:\n%s", line, query, plan)
			return
		}
	}
}

// Plan returns how the engine would run the query, one step a line.
func Plan(t testing.TB, d *db.DB, query string, args ...any) string {
	t.Helper()
	var lines []string
	err := d.Tx(t.Context(), func(tx *db.Tx) (err error) {
		if tx.SQLite() {
			lines, err = db.List(t.Context(), tx, func(r db.Row) (s string, err error) {
				var id, parent, unused int64
				err = r.Scan(&id, &parent, &unused, &s)
				return s, err
			}, "EXPLAIN QUERY PLAN "+query, args...)
			return err
		}
		if _, err := tx.Exec(t.Context(), "SET LOCAL enable_seqscan = off"); err != nil {
			return err
		}
		lines, err = db.List(t.Context(), tx, db.One[string], "EXPLAIN "+query, args...)
		return err
	})
	if err != nil {
		t.Fatalf("explain %s: %v", query, err)
	}
	return strings.Join(lines, "\n")
}
