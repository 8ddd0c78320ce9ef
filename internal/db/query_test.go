package db_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/db/dbtest"
)

func TestListsAsArguments(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		for i, id := range []string{"a", "b", "c"} {
			if _, err := db.Exec(ctx, d, "INSERT INTO channels (id, name, teamid, createat) VALUES ($1, $1, '', $2)", id, i); err != nil {
				t.Fatal(err)
			}
		}
		type name string
		for _, c := range []struct {
			where string
			arg   any
			want  string
		}{
			{"id = ANY($1)", []string{"a", "c", "'"}, "a c"}, {"id = ANY($1)", []string{}, ""}, {"id = ANY($1)", []string(nil), ""},
			{"id <> ALL($1)", []string{"a"}, "b c"}, {"id <> ALL($1)", []string(nil), "a b c"}, {"id = ANY($1)", []name{"b"}, "b"},
			{"createat = ANY($1)", []int64{0, 2}, "a c"}, {"createat <> ALL($1)", []int64{0, 2}, "b"},
		} {
			got, err := db.List(ctx, d, db.One[string], "SELECT id FROM channels WHERE "+c.where+" ORDER BY id LIMIT 10", c.arg)
			if err != nil || got == nil || strings.Join(got, " ") != c.want {
				t.Errorf("%s %v: %v %v, want %q", c.where, c.arg, got, err, c.want)
			}
		}
		dbtest.UsesIndex(t, d, "SELECT name FROM channels WHERE id = ANY($1) LIMIT 10", []string{"a"})
	})
}

func TestValuesGoThroughBothEngines(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		props := map[string]any{"a": "é\"'", "n": float64(3)}
		n, err := db.Exec(ctx, d, `INSERT INTO users (id, username, email, emailverified, mfaactive, props, notifyprops, createat, lastlogin)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0), ($2, $1, $1, NULL, NULL, NULL, NULL, NULL, 0)`,
			"u1", "u2", "Éa@x", true, false, db.JSON(props), db.JSON(nil), 1<<53)
		if err != nil || n != 2 {
			t.Fatal(n, err)
		}
		type user struct {
			ID       string
			Verified bool
			MFA      bool
			Props    map[string]any
			Notify   map[string]string
			CreateAt int64
			Auth     string
		}
		scan := func(r db.Row) (u user, err error) {
			err = r.Scan(&u.ID, db.NullBool(&u.Verified), db.NullBool(&u.MFA), db.ScanJSON(&u.Props), db.ScanJSON(&u.Notify),
				db.NullInt64(&u.CreateAt), db.NullString(&u.Auth))
			return u, err
		}
		got, err := db.List(ctx, d, scan, `SELECT id, emailverified, mfaactive, props, notifyprops, createat, authdata FROM users
			WHERE id = ANY($1) ORDER BY id`, []string{"u1", "u2"})
		want := []user{{ID: "u1", Verified: true, Props: props, CreateAt: 1 << 53}, {ID: "u2"}}
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("%v (-want +got)\n%s", err, diff)
		}
		for query, want := range map[string]string{
			"SELECT id FROM users WHERE lower(email) = $1":                            "u1", // unicode
			"SELECT id FROM users WHERE lower(email) LIKE $1 ESCAPE '\\'":             "u1",
			"SELECT id FROM users WHERE emailverified AND NOT mfaactive AND $1 <> ''": "u1",
		} {
			if id, err := db.Value[string](ctx, d, query, "éa@x"); err != nil || id != want {
				t.Errorf("%s: %s %v", query, id, err)
			}
		}
		if _, err := db.Value[string](ctx, d, "SELECT id FROM users WHERE email LIKE $1", "éA%"); !errors.Is(err, db.ErrNotFound) {
			t.Errorf("LIKE must tell cases apart: %v", err)
		}
		big, err := db.Value[int64](ctx, d, "SELECT greatest(createat, CAST(NULL AS bigint), 5) - least(7, createat) FROM users WHERE id = $1", "u1")
		if err != nil || big != 1<<53-7 {
			t.Error(big, err)
		}
		var verified bool
		if err := d.QueryRow(ctx, "UPDATE users SET mfaactive = $2 WHERE id = $1 RETURNING emailverified AND mfaactive", "u1", true).Scan(&verified); err != nil || !verified {
			t.Error(verified, err)
		}
		if err := d.QueryRow(ctx, "SELECT 1 FROM users WHERE id = $1", "nobody").Scan(new(int)); !errors.Is(err, db.ErrNotFound) {
			t.Error(err)
		}
	})
}

func TestDuplicatesNameTheirIndex(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		channel := func(id, name string) error {
			_, err := d.Exec(ctx, "INSERT INTO channels (id, name, teamid) VALUES ($1, $2, 'team')", id, name)
			return err
		}
		member := func() error {
			_, err := d.Exec(ctx, "INSERT INTO channelmembers (channelid, userid) VALUES ('c', 'u')")
			return err
		}
		if err := errors.Join(channel("1", "x"), member()); err != nil {
			t.Fatal(err)
		}
		for index, err := range map[string]error{
			"channels_pkey": channel("1", "y"), "channels_name_teamid_key": channel("2", "x"), "channelmembers_pkey": member(),
		} {
			if !db.IsDuplicate(err) || !db.IsDuplicate(err, "other", index) || db.IsDuplicate(err, "other") {
				t.Errorf("%s: %v", index, err)
			}
		}
		if _, err := d.Exec(ctx, "INSERT INTO channels (nothing) VALUES (1)"); err == nil || db.IsDuplicate(err) {
			t.Error(err)
		}
		_, err := d.Exec(ctx, "INSERT INTO retentionpoliciesteams (policyid, teamid) VALUES ('none', 't')")
		if !db.IsForeignKey(err) || db.IsDuplicate(err) {
			t.Error(err)
		}
	})
}

func TestStreamedRows(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		read := func(q db.Querier) (n int) {
			rows, err := q.Query(ctx, "SELECT name FROM roles ORDER BY name LIMIT 100")
			if err != nil {
				t.Fatal(err)
			}
			defer rows.Close()
			for rows.Next() {
				var name string
				if err := rows.Scan(&name); err != nil {
					t.Fatal(err)
				}
				n++
			}
			return n
		}
		for range 20 { // more than there are readers
			if n := read(d); n != 25 {
				t.Fatal(n)
			}
		}
		if !d.SQLite() {
			return
		}
		// The same text while its rows are open; PostgreSQL's protocol
		// allows one open result on a connection.
		err := d.Tx(ctx, func(tx *db.Tx) error {
			rows, err := tx.Query(ctx, "SELECT name FROM roles ORDER BY name LIMIT 100")
			if err != nil {
				return err
			}
			defer rows.Close()
			n := 0
			for rows.Next() {
				n++
				if inner := read(tx); inner != 25 {
					return fmt.Errorf("%d rows inside", inner)
				}
			}
			if n != 25 {
				return fmt.Errorf("%d rows outside", n)
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	})
}

func TestStatementCounts(t *testing.T) {
	for engine, want := range map[dbtest.Engine]int64{dbtest.SQLite: 1, dbtest.Postgres: 3} {
		d := dbtest.Open(t, engine)
		ctx, n := db.CountStatements(t.Context())
		if err := d.Tx(ctx, func(tx *db.Tx) error { return put(ctx, tx, "counted") }); err != nil || n.N() != want {
			t.Errorf("%s: %d statements, want %d (%v)", engine, n.N(), want, err)
		}
	}
}

func TestLockExcludes(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		inside := make(chan struct{})
		second := make(chan error, 1)
		var order []string
		err := d.Tx(ctx, func(tx *db.Tx) error {
			if err := tx.Lock(ctx, "k"); err != nil {
				return err
			}
			go func() {
				close(inside)
				second <- d.Tx(ctx, func(tx *db.Tx) error {
					err := tx.Lock(ctx, "k")
					order = append(order, "second")
					return err
				})
			}()
			<-inside
			order = append(order, "first")
			return put(ctx, tx, "locked")
		})
		if err := errors.Join(err, <-second); err != nil || strings.Join(order, " ") != "first second" {
			t.Error(order, err)
		}
	})
}

func TestSerializationFailureIsRetried(t *testing.T) {
	d := dbtest.Open(t, dbtest.Postgres)
	ctx := t.Context()
	runs, hooks := 0, 0
	err := d.Tx(ctx, func(tx *db.Tx) error {
		runs++
		tx.AfterCommit(func() { hooks++ })
		if runs < 3 {
			_, err := tx.Exec(ctx, "DO $$ BEGIN RAISE EXCEPTION 'again' USING ERRCODE = '40001'; END $$")
			return err
		}
		return put(ctx, tx, "retried")
	})
	if err != nil || runs != 3 || hooks != 1 {
		t.Error(err, runs, hooks)
	}
}

func TestLikeEscape(t *testing.T) {
	if got := db.LikeEscape(`50%_\`); got != `50\%\_\\` {
		t.Error(got)
	}
}

func TestReplicaReads(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := d.Options()
		if !d.SQLite() {
			o.Replicas = []string{o.URL + "&application_name=replica&binary_parameters=yes"}
		}
		r, err := db.Open(t.Context(), o)
		if err != nil {
			t.Fatal(err)
		}
		defer r.Close()
		if n, err := db.Value[int64](t.Context(), r.Replica(), "SELECT count(*) FROM roles"); err != nil || n != 25 {
			t.Error(n, err)
		}
		if !d.SQLite() {
			if name, err := db.Value[string](t.Context(), r.Replica(), "SHOW application_name"); err != nil || name != "replica" {
				t.Error(name, err)
			}
		}
	})
}
