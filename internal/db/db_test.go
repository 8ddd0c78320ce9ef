package db

import (
	"context"
	"errors"
	"testing"
)

func TestSmoke(t *testing.T) {
	ctx := context.Background()
	d, err := Open(ctx, Options{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if _, err := Exec(ctx, d, "CREATE TABLE a (id TEXT NOT NULL, n INTEGER, ok BOOLEAN, CONSTRAINT a_pkey PRIMARY KEY(id)) WITHOUT ROWID"); err != nil {
		t.Fatal(err)
	}
	if _, err := Exec(ctx, d, "INSERT INTO a (id, n, ok) VALUES ($1, $2, $3), ($4, $2, $3)", "x", 3, true, "y"); err != nil {
		t.Fatal(err)
	}
	ids, err := List(ctx, d, One[string], "SELECT id FROM a WHERE id = ANY($1) AND ok ORDER BY id", []string{"x", "y", "z"})
	if err != nil || len(ids) != 2 {
		t.Fatal(ids, err)
	}
	_, err = Exec(ctx, d, "INSERT INTO a (id, n, ok) VALUES ($1, $2, $3)", "x", 3, true)
	if !IsDuplicate(err, "a_pkey") {
		t.Fatal(err)
	}
	if _, err := Value[string](ctx, d, "SELECT id FROM a WHERE id = $1", "no"); !errors.Is(err, ErrNotFound) {
		t.Fatal(err)
	}
	n, err := Value[int64](ctx, d, "INSERT INTO a (id, n, ok) VALUES ($1, $2, $3) RETURNING greatest(n, 7, NULL)", "w", 3, true)
	if n != 7 || err != nil {
		t.Fatal(n, err)
	}
}
