package db_test

import (
	"encoding/json"
	"math/big"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/db/dbtest"
)

func TestFreshDatabase(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		if r, err := d.Check(ctx); err != nil || !r.Fresh || r.Complete() {
			t.Fatalf("check of an empty database: %+v %v", r, err)
		}
		if err := d.Migrate(ctx); err != nil {
			t.Fatal(err)
		}
		for table, want := range map[string]int64{"db_migrations": 158, "roles": 25, "systems": 72, "propertyfields": 11,
			"propertygroups": 2, "users": 1, "bots": 1, "parley_settings": 0} {
			if n, err := db.Value[int64](ctx, d, "SELECT count(*) FROM "+table); err != nil || n != want {
				t.Errorf("%s has %d rows (%v), want %d", table, n, err, want)
			}
		}
		if r, err := d.Check(ctx); err != nil || !r.Complete() {
			t.Errorf("check: %+v %v", r, err)
		}
		ctx, n := db.CountStatements(ctx)
		if err := d.Migrate(ctx); err != nil || n.N() != 1 {
			t.Errorf("a second Migrate took %d statements (%v), want 1", n.N(), err)
		}
	}, dbtest.Empty)
}

func TestSchemaIsTheReference(t *testing.T) {
	requireReferenceSchema(t, dbtest.Open(t, dbtest.Postgres))
}

func TestSQLiteHasTheSameTables(t *testing.T) {
	d := dbtest.Open(t, dbtest.SQLite)
	var want []string
	for _, c := range table(t, "schema.tsv") {
		null := c["nullable"]
		if c["kind"] == "matview" {
			null = "YES"
		}
		want = append(want, strings.Join([]string{c["relation"], c["ordinal"], c["column"], null}, " "))
	}
	got, err := db.List(t.Context(), d, db.One[string], `SELECT m.name || ' ' || (c.cid + 1) || ' ' || c.name || ' ' ||
		CASE WHEN c."notnull" = 1 THEN 'NO' ELSE 'YES' END
		FROM sqlite_master m JOIN pragma_table_info(m.name) c
		WHERE m.type IN ('table', 'view') AND m.name NOT LIKE 'parley\_%' ESCAPE '\' AND m.name NOT LIKE 'sqlite\_%' ESCAPE '\'`)
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(want)
	slices.Sort(got)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	var wantIndexes []string
	for _, x := range table(t, "indexes.tsv") {
		if x["primary"] == "f" && x["method"] != "gin" && x["relation"] != "poststats" {
			wantIndexes = append(wantIndexes, x["relation"]+" "+x["index"])
		}
	}
	gotIndexes, err := db.List(t.Context(), d, db.One[string],
		`SELECT tbl_name || ' ' || name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name NOT LIKE 'parley\_%' ESCAPE '\'`)
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(wantIndexes)
	slices.Sort(gotIndexes)
	if diff := cmp.Diff(wantIndexes, gotIndexes); diff != "" {
		t.Errorf("indexes (-want +got):\n%s", diff)
	}
}

func TestSeedMatchesTheReference(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		var want []string
		for _, o := range table(t, "db-objects.tsv") {
			if o["kind"] == "seed_row" && o["relation"] == "systems" {
				want = append(want, o["name"])
			}
		}
		got, err := db.List(ctx, d, db.One[string], "SELECT name FROM systems")
		slices.Sort(want)
		slices.Sort(got)
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("systems (-want +got): %v\n%s", err, diff)
		}
		var key struct {
			Key struct {
				Curve   string   `json:"curve"`
				X, Y, D *big.Int `json:",omitempty"`
			} `json:"ecdsa_key"`
		}
		text, err := db.Value[string](ctx, d, "SELECT value FROM systems WHERE name = $1", "AsymmetricSigningKey")
		if err != nil || json.Unmarshal([]byte(text), &key) != nil || key.Key.Curve != "P-256" || key.Key.D.BitLen() < 200 || key.Key.X.BitLen() < 200 {
			t.Errorf("signing key %s: %v", text, err)
		}
		n, err := db.Value[int64](ctx, d, "SELECT count(*) FROM roles WHERE builtin AND schememanaged AND name = $1", "system_admin")
		if err != nil || n != 1 {
			t.Errorf("system_admin: %d %v", n, err)
		}
		perms, err := db.Value[string](ctx, d, "SELECT permissions FROM roles WHERE name = $1", "channel_guest")
		if err != nil || !slices.Contains(strings.Fields(perms), "create_post") {
			t.Errorf("channel_guest: %s %v", perms, err)
		}
	})
}
