package db_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/db/dbtest"
)

// What was acknowledged is in the files, as a kill -9 would leave them.
func TestAcknowledgedWritesAreInTheFiles(t *testing.T) {
	d := dbtest.Open(t, dbtest.SQLite, dbtest.Durable)
	if err := put(t.Context(), d, "survives"); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for _, suffix := range []string{"", "-wal"} {
		b, err := os.ReadFile(d.Path() + suffix)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, "parley.db"+suffix), b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	after, err := db.Open(t.Context(), db.Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	defer after.Close()
	if stored(t, after, "survives") != 1 {
		t.Error("an acknowledged write is missing")
	}
}

func TestSQLiteSettings(t *testing.T) {
	d := dbtest.Open(t, dbtest.SQLite, dbtest.Durable)
	err := d.Tx(t.Context(), func(tx *db.Tx) error {
		for pragma, want := range map[string]string{"synchronous": "2", "journal_mode": "wal", "foreign_keys": "1", "cache_size": "-4096"} {
			if got, err := db.Value[string](t.Context(), tx, "PRAGMA "+pragma); err != nil || got != want {
				t.Errorf("%s is %s (%v), want %s", pragma, got, err, want)
			}
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
	if s, err := os.Stat(d.Path()); err != nil || s.Mode().Perm() != 0o600 {
		t.Errorf("the file can be read by others: %v %v", s.Mode(), err)
	}
}

func TestDataSources(t *testing.T) {
	dir := t.TempDir()
	for source, want := range map[string]string{
		"": "parley.db", "sqlite:other.db": "other.db", "sqlite://x/y?z #1.db": "x/y?z #1.db", "sqlite:" + dir + "/abs.db": "abs.db",
	} {
		d, err := db.Open(t.Context(), db.Options{URL: source, Dir: dir})
		if err != nil {
			t.Errorf("%s: %v", source, err)
			continue
		}
		if err := d.Ping(t.Context()); err != nil {
			t.Error(err)
		}
		if _, err := os.Stat(filepath.Join(dir, want)); err != nil {
			t.Error(err)
		}
		d.Close()
	}
	for _, source := range []string{"mysql://x", "host=localhost"} {
		if d, err := db.Open(t.Context(), db.Options{URL: source, Dir: dir}); err == nil {
			t.Errorf("%s was opened", source)
			d.Close()
		}
	}
}

func TestSnapshot(t *testing.T) {
	d := dbtest.Open(t, dbtest.SQLite)
	dir := t.TempDir()
	path := filepath.Join(dir, "parley.db")
	err := d.Tx(t.Context(), func(tx *db.Tx) error {
		if err := put(t.Context(), tx, "open"); err != nil {
			return err
		}
		return d.Snapshot(t.Context(), path) // beside an open transaction
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Snapshot(t.Context(), path); err == nil {
		t.Error("a file was overwritten")
	}
	if s, err := os.Stat(path); err != nil || s.Mode().Perm() != 0o600 {
		t.Error(s, err)
	}
	copied, err := db.Open(t.Context(), db.Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	defer copied.Close()
	if r, err := copied.Check(t.Context()); err != nil || !r.Complete() || stored(t, copied, "open") != 0 {
		t.Error(r, err)
	}
}
