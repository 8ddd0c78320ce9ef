package db_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/db/dbtest"
)

// put adds a row to a table that has a key and little else.
func put(ctx context.Context, q db.Querier, name string) error {
	_, err := db.Exec(ctx, q, "INSERT INTO systems (name, value) VALUES ($1, $2)", name, "x")
	return err
}

func stored(t testing.TB, d *db.DB, prefix string) int64 {
	t.Helper()
	n, err := db.Value[int64](context.Background(), d, "SELECT count(*) FROM systems WHERE name LIKE $1", prefix+"%")
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestConcurrentTransactions(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		boom := errors.New("boom")
		var wg sync.WaitGroup
		var hooks atomic.Int64
		for i := range 300 {
			wg.Go(func() {
				name := fmt.Sprintf("c-%03d", i)
				err := d.Tx(ctx, func(tx *db.Tx) error {
					tx.AfterCommit(func() { hooks.Add(1) })
					if err := put(ctx, tx, name); err != nil {
						return err
					}
					if i%3 == 0 {
						return boom
					}
					return nil
				})
				switch {
				case i%3 == 0 && !errors.Is(err, boom), i%3 != 0 && err != nil:
					t.Errorf("%d: %v", i, err)
				}
				// What was acknowledged can be read at once.
				if n := stored(t, d, name); n == 1 == (i%3 == 0) {
					t.Errorf("%d: %d rows after the answer", i, n)
				}
			})
		}
		wg.Wait()
		if n := stored(t, d, "c-"); n != 200 || hooks.Load() != 200 {
			t.Errorf("%d rows and %d hooks, want 200 of each", n, hooks.Load())
		}
	})
}

// hold runs a transaction that keeps the writer until the others wait, so
// that they are in its batch or the next one.
func hold(d *db.DB, waiting func()) error {
	started, release := make(chan struct{}), make(chan struct{})
	done := make(chan error, 1)
	go func() {
		done <- d.Tx(context.Background(), func(*db.Tx) error {
			close(started)
			<-release
			return nil
		})
	}()
	<-started
	waiting()
	close(release)
	return <-done
}

func TestBatchIsolatesFailures(t *testing.T) {
	d := dbtest.Open(t, dbtest.SQLite)
	ctx := t.Context()
	var wg sync.WaitGroup
	err := hold(d, func() {
		for i := range 20 {
			wg.Go(func() {
				name := fmt.Sprintf("b-%02d", i)
				switch i % 4 {
				case 0:
					if err := d.Tx(ctx, func(tx *db.Tx) error { return put(ctx, tx, name) }); err != nil {
						t.Error(err)
					}
				case 1: // an error of the database
					err := d.Tx(ctx, func(tx *db.Tx) error {
						return errors.Join(put(ctx, tx, name), put(ctx, tx, name))
					})
					if !db.IsDuplicate(err, "systems_pkey") {
						t.Errorf("%v, want a duplicate", err)
					}
				case 2: // swallowing the error doesn't save the transaction
					err := d.Tx(ctx, func(tx *db.Tx) error {
						_, _ = put(ctx, tx, name), put(ctx, tx, name)
						return nil
					})
					if !db.IsDuplicate(err) {
						t.Errorf("%v, want a duplicate", err)
					}
				case 3:
					defer func() {
						if p := recover(); p != "oh" {
							t.Errorf("recovered %v", p)
						}
					}()
					_ = d.Tx(ctx, func(tx *db.Tx) error {
						if err := put(ctx, tx, name); err != nil {
							t.Error(err)
						}
						panic("oh")
					})
				}
			})
		}
	})
	wg.Wait()
	if n := stored(t, d, "b-"); n != 5 || err != nil {
		t.Errorf("%d rows, want 5 (%v)", n, err)
	}
}

func TestGoexitDoesNotStopTheWriter(t *testing.T) {
	d := dbtest.Open(t, dbtest.SQLite)
	err := d.Tx(t.Context(), func(tx *db.Tx) error {
		_ = put(t.Context(), tx, "goexit")
		runtime.Goexit()
		return nil
	})
	if err == nil {
		t.Error("a function that ended its goroutine was committed")
	}
	if err := put(t.Context(), d, "after"); err != nil || stored(t, d, "goexit") != 0 {
		t.Error(err)
	}
}

func TestAfterCommitSeesTheCommit(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		var order []string
		err := d.Tx(ctx, func(tx *db.Tx) error {
			tx.AfterCommit(func() {
				// Durable and visible, and free to use the database.
				if stored(t, d, "hook-row") != 1 {
					t.Error("the hook ran before the commit")
				}
				if err := put(ctx, d, "from-hook"); err != nil {
					t.Error(err)
				}
				order = append(order, "first")
			})
			tx.AfterCommit(func() { order = append(order, "second") })
			return put(ctx, tx, "hook-row")
		})
		if err != nil || len(order) != 2 || order[0] != "first" {
			t.Error(order, err)
		}
	})
}

func TestNestedUseIsRefused(t *testing.T) {
	d := dbtest.Open(t, dbtest.SQLite)
	ctx := t.Context()
	for name, use := range map[string]func(tx *db.Tx) error{
		"Tx":                func(*db.Tx) error { return d.Tx(ctx, func(*db.Tx) error { return nil }) },
		"Exec on DB":        func(*db.Tx) error { return put(ctx, d, "nested") },
		"context of the Tx": func(tx *db.Tx) error { return d.Tx(tx.Context(), func(*db.Tx) error { return nil }) },
	} {
		if err := d.Tx(ctx, use); !errors.Is(err, db.ErrNested) {
			t.Errorf("%s: %v", name, err)
		}
	}
	// Reading beside the transaction works, and sees what was committed.
	err := d.Tx(ctx, func(tx *db.Tx) error {
		if err := put(ctx, tx, "beside"); err != nil {
			return err
		}
		if stored(t, d, "beside") != 0 {
			t.Error("a reader saw an open transaction")
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

func TestNestedSavepoint(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		hooks := 0
		err := d.Tx(ctx, func(tx *db.Tx) error {
			if err := put(ctx, tx, "n-outer"); err != nil {
				return err
			}
			err := tx.Nested(ctx, func() error {
				tx.AfterCommit(func() { hooks += 100 })
				if err := put(ctx, tx, "n-inner"); err != nil {
					return err
				}
				return put(ctx, tx, "n-outer")
			})
			if !db.IsDuplicate(err, "systems_pkey") {
				t.Errorf("%v, want a duplicate", err)
			}
			return tx.Nested(ctx, func() error {
				tx.AfterCommit(func() { hooks++ })
				return put(ctx, tx, "n-second")
			})
		})
		if err != nil || stored(t, d, "n-") != 2 || hooks != 1 {
			t.Error(err, stored(t, d, "n-"), hooks)
		}
	})
}

func TestCanceledContext(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, cancel := context.WithCancel(t.Context())
		err := d.Tx(ctx, func(tx *db.Tx) error {
			if err := put(ctx, tx, "canceled"); err != nil {
				return err
			}
			cancel()
			return put(ctx, tx, "canceled-2")
		})
		if !errors.Is(err, context.Canceled) || stored(t, d, "canceled") != 0 {
			t.Error(err)
		}
		ran := false
		if err := d.Tx(ctx, func(*db.Tx) error { ran = true; return nil }); !errors.Is(err, context.Canceled) || ran {
			t.Error(err, ran)
		}
	})
}

func TestWaitingTransactionCanBeCanceled(t *testing.T) {
	d := dbtest.Open(t, dbtest.SQLite)
	err := hold(d, func() {
		ctx, cancel := context.WithCancel(t.Context())
		go cancel()
		if err := d.Tx(ctx, func(*db.Tx) error { t.Error("it ran"); return nil }); !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	})
	if err != nil {
		t.Error(err)
	}
}

func TestClosedDatabase(t *testing.T) {
	d, err := db.Open(t.Context(), dbtest.Options(t, dbtest.SQLite))
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	}
	if err := put(t.Context(), d, "x"); !errors.Is(err, db.ErrClosed) {
		t.Error(err)
	}
	if err := d.Ping(t.Context()); !errors.Is(err, db.ErrClosed) {
		t.Error(err)
	}
}

// A full disk fails the whole batch, nothing of it stays, and the writer
// works again when there is room.
func TestFullDiskFailsTheBatch(t *testing.T) {
	d := dbtest.Open(t, dbtest.SQLite)
	ctx := t.Context()
	limit := func(pages string) {
		if _, err := db.Value[int64](ctx, d, "PRAGMA max_page_count = "+pages); err != nil {
			t.Fatal(err)
		}
	}
	limit("1")
	big := make([]byte, 1<<20)
	var failed atomic.Int64
	var wg sync.WaitGroup
	_ = hold(d, func() { // it shares the fate of its batch
		for i := range 4 {
			wg.Go(func() {
				err := d.Tx(ctx, func(tx *db.Tx) error {
					if err := put(ctx, tx, fmt.Sprintf("f-%d", i)); err != nil {
						return err
					}
					_, err := tx.Exec(ctx, "INSERT INTO licenses (id, createat, bytes) VALUES ($1, 0, $2)", fmt.Sprint(i), string(big))
					_ = err // even when it is swallowed
					return nil
				})
				if err != nil {
					failed.Add(1)
				}
			})
		}
	})
	wg.Wait()
	if n := stored(t, d, "f-"); n != 0 || failed.Load() != 4 {
		t.Errorf("%d rows, %d failures; want none and 4", n, failed.Load())
	}
	limit("1000000")
	if err := put(ctx, d, "f-again"); err != nil || stored(t, d, "f-") != 1 {
		t.Error(err)
	}
}
