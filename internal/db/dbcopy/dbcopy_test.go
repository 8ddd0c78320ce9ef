package dbcopy

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/db/dbtest"
	"github.com/parley-chat/parley/internal/id"
)

func mustRun(t *testing.T, o Options) Summary {
	t.Helper()
	out, err := Run(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func mustBeSame(t *testing.T, from, to *db.DB) {
	t.Helper()
	differences, err := Compare(t.Context(), Options{From: from, To: to})
	if err != nil || len(differences) > 0 {
		t.Fatalf("differences: %+v, %v", differences, err)
	}
}

// Every table, filled with values of all kinds, goes from PostgreSQL to SQLite, from there to PostgreSQL, and to another
// SQLite, and is the same each time.
func TestEveryTableThereAndBack(t *testing.T) {
	first := dbtest.Open(t, dbtest.Postgres)
	tables, leftOut, err := tablesOf(t.Context(), first, dbtest.Open(t, dbtest.SQLite))
	if err != nil || len(leftOut) > 0 {
		t.Fatalf("left out: %v, %v", leftOut, err)
	}
	newFiller(t, first, 7).fill(tables, 12, 1_300)
	from := first
	for _, engine := range []dbtest.Engine{dbtest.SQLite, dbtest.Postgres, dbtest.SQLite, dbtest.SQLite} {
		to := dbtest.Open(t, engine, dbtest.Empty)
		var last Progress
		out := mustRun(t, Options{From: from, To: to, Progress: func(p Progress) { last = p }})
		if out.Tables != len(tables) || out.Rows < 1_300 || last.Total != out.Rows || last.Of != out.Rows || out.Resumed {
			t.Errorf("to %s: %+v, last %+v", engine, out, last)
		}
		mustBeSame(t, from, to)
		mustBeSame(t, first, to)
		if r, err := to.Check(t.Context()); err != nil || !r.Complete() {
			t.Errorf("the target's schema: %+v, %v", r, err)
		}
		from = to
	}
}

// What one engine has alone is derived: nobody's data.
func TestTablesOfOneEngineAreDerived(t *testing.T) {
	pg, err := columnsOf(t.Context(), dbtest.Open(t, dbtest.Postgres))
	if err != nil {
		t.Fatal(err)
	}
	lite, err := columnsOf(t.Context(), dbtest.Open(t, dbtest.SQLite))
	if err != nil {
		t.Fatal(err)
	}
	for name := range pg {
		if lite[name] == nil && !isDerived(name) {
			t.Errorf("%s is on PostgreSQL only", name)
		}
	}
	for name := range lite {
		if pg[name] == nil && !isDerived(name) {
			t.Errorf("%s is on SQLite only", name)
		}
	}
}

// A copy that was cut off at any batch goes on and loses nothing.
func TestACopyThatWasCutOffGoesOn(t *testing.T) {
	from := dbtest.Open(t, dbtest.Postgres)
	to := dbtest.Open(t, dbtest.SQLite, dbtest.Empty)
	tables, _, err := tablesOf(t.Context(), from, from)
	if err != nil {
		t.Fatal(err)
	}
	newFiller(t, from, 11).fill(tables, 3, 1_300)
	cuts := 0
	for {
		ctx, cancel := context.WithCancel(t.Context())
		batches := 0
		out, err := Run(ctx, Options{From: from, To: to, Progress: func(Progress) {
			if batches++; batches == 40 {
				cancel()
			}
		}})
		cancel()
		if err == nil {
			if !out.Resumed || cuts < 2 {
				t.Errorf("after %d cuts: %+v", cuts, out)
			}
			break
		}
		if !errors.Is(err, context.Canceled) || cuts > 100 {
			t.Fatal(err)
		}
		cuts++
	}
	mustBeSame(t, from, to)
}

func TestWhatIsThereIsNotOverwritten(t *testing.T) {
	for _, engine := range dbtest.Engines {
		from, to, other := dbtest.Open(t, dbtest.SQLite), dbtest.Open(t, engine), dbtest.Open(t, dbtest.SQLite)
		team := func(d *db.DB) string {
			t.Helper()
			name := id.New()
			if _, err := d.Exec(t.Context(), `INSERT INTO teams(id, name, displayname, type, createat, updateat, deleteat, schemeid)
				VALUES ($1, $1, $1, 'O', 1, 1, 0, '')`, name); err != nil {
				t.Fatal(err)
			}
			return name
		}
		kept := team(to)
		team(from)
		if _, err := Run(t.Context(), Options{From: from, To: to}); !errors.Is(err, ErrNotEmpty) {
			t.Fatalf("into what is used: %v", err)
		}
		if n, err := db.Value[int64](t.Context(), to, "SELECT count(*) FROM teams WHERE id = $1", kept); n != 1 || err != nil {
			t.Fatalf("the team that was there: %d, %v", n, err)
		}
		mustRun(t, Options{From: from, To: to, Replace: true})
		mustBeSame(t, from, to)

		// Half a copy of one database is not finished with another.
		half := dbtest.Open(t, engine, dbtest.Empty)
		ctx, cancel := context.WithCancel(t.Context())
		_, _ = Run(ctx, Options{From: from, To: half, Progress: func(Progress) { cancel() }})
		cancel()
		if is, err := Unfinished(t.Context(), half); !is || err != nil {
			t.Errorf("half a copy passes for a whole one: %v", err)
		}
		if _, err := other.Exec(t.Context(), "UPDATE systems SET value = 'another' WHERE name = 'DiagnosticId'"); err != nil {
			t.Fatal(err)
		}
		if _, err := Run(t.Context(), Options{From: other, To: half}); !errors.Is(err, ErrOtherSource) {
			t.Errorf("half a copy of another database: %v", err)
		}
		if out := mustRun(t, Options{From: from, To: half}); !out.Resumed {
			t.Error("half a copy was begun anew")
		}
		if is, err := Unfinished(t.Context(), half); is || err != nil {
			t.Errorf("a whole copy passes for half of one: %v", err)
		}
	}
	if _, err := Run(t.Context(), Options{From: dbtest.Open(t, dbtest.SQLite, dbtest.Empty), To: dbtest.Open(t, dbtest.SQLite)}); !errors.Is(err, ErrOldSource) {
		t.Errorf("from an empty database: %v", err)
	}
}

// Compare sees one changed letter, one row more, and one row in place of another.
func TestCompareSeesEverything(t *testing.T) {
	from, to := dbtest.Open(t, dbtest.Postgres), dbtest.Open(t, dbtest.SQLite, dbtest.Empty)
	tables, _, err := tablesOf(t.Context(), from, from)
	if err != nil {
		t.Fatal(err)
	}
	newFiller(t, from, 3).fill(tables, 3, 40)
	mustRun(t, Options{From: from, To: to})
	for _, change := range []struct{ table, sql, back string }{
		{"posts", "UPDATE posts SET message = message || 'x' WHERE id = (SELECT min(id) FROM posts WHERE message <> '')",
			"UPDATE posts SET message = substr(message, 1, length(message) - 1) WHERE id = (SELECT min(id) FROM posts WHERE message <> '')"},
		{"preferences", "INSERT INTO preferences(userid, category, name, value) VALUES ('u', 'c', 'n', 'v')", "DELETE FROM preferences WHERE userid = 'u'"},
		{"drafts", "UPDATE drafts SET deleteat = deleteat + 1", "UPDATE drafts SET deleteat = deleteat - 1"},
	} {
		if _, err := to.Exec(t.Context(), change.sql); err != nil {
			t.Fatal(err)
		}
		differences, err := Compare(t.Context(), Options{From: from, To: to})
		if err != nil || !slices.ContainsFunc(differences, func(d Difference) bool { return d.Table == change.table }) || len(differences) != 1 {
			t.Errorf("%s: %+v, %v", change.table, differences, err)
		}
		if _, err := to.Exec(t.Context(), change.back); err != nil {
			t.Fatal(err)
		}
	}
	mustBeSame(t, from, to)
}

// Texts that PostgreSQL can't hold lose only what it can't.
func TestTextsThatPostgreSQLRefuses(t *testing.T) {
	from, to := dbtest.Open(t, dbtest.SQLite), dbtest.Open(t, dbtest.Postgres, dbtest.Empty)
	if _, err := from.Exec(t.Context(), "INSERT INTO preferences(userid, category, name, value) VALUES ('u', 'c', 'n', CAST(x'61006280' AS TEXT))"); err != nil {
		t.Fatal(err)
	}
	mustRun(t, Options{From: from, To: to})
	if got, err := db.Value[string](t.Context(), to, "SELECT value FROM preferences WHERE userid = 'u'"); got != "ab\uFFFD" || err != nil {
		t.Errorf("%q, %v", got, err)
	}
	mustBeSame(t, from, to)
}

func FuzzCanonicalJSON(f *testing.F) {
	for _, text := range []string{`{"b":1,"a":[1.0,2e5]}`, `"\u0000"`, "", "{", `{"a":1}{"b":2}`, "-0.0", "1e400"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		once := canonicalJSON(text)
		if twice := canonicalJSON(once); twice != once {
			t.Errorf("%q, then %q", once, twice)
		}
	})
}
