package dbcopy

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/db/dbtest"
)

// shape is every index, constraint and trigger of a database, as it would be made.
func shape(t *testing.T, d *db.DB) []string {
	t.Helper()
	query := `SELECT indexdef FROM pg_indexes WHERE schemaname = current_schema()
		UNION ALL SELECT conname || ' ' || pg_get_constraintdef(oid) FROM pg_constraint WHERE connamespace = CAST(current_schema() AS regnamespace)
		UNION ALL SELECT pg_get_triggerdef(t.oid) || CAST(t.tgenabled AS text) FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
			WHERE c.relnamespace = CAST(current_schema() AS regnamespace) AND NOT t.tgisinternal ORDER BY 1`
	if d.SQLite() {
		query = `SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY 1`
	}
	out, err := db.List(t.Context(), d, func(r db.Row) (s string, err error) { return s, r.Scan(&s) }, query)
	if err != nil || len(out) < 100 {
		t.Fatal(len(out), err)
	}
	return out
}

// What filling a database takes away for its time is there again afterwards: after a copy, a copy that was cut off, and a
// stream that came whole or broke off.
func TestNothingIsMissingAfterwards(t *testing.T) {
	from := dbtest.Open(t, dbtest.Postgres)
	tables, _, err := tablesOf(t.Context(), from, from)
	if err != nil {
		t.Fatal(err)
	}
	newFiller(t, from, 5).fill(tables, 2, 1_300)
	broke := errors.New("broke off")
	stream := func(to *db.DB, after int) error {
		_, _, err := Load(t.Context(), to, true, func(l *Loader) error {
			_, err := Dump(t.Context(), from, func(Progress) {}, func(h Table, rows [][]any) error {
				if after--; after == 0 {
					return broke
				}
				return l.Put(h, rows)
			})
			return err
		})
		return err
	}
	for _, engine := range dbtest.Engines {
		to := dbtest.Open(t, engine)
		want := shape(t, to)
		like := func(when string) {
			t.Helper()
			if diff := cmp.Diff(want, shape(t, to)); diff != "" {
				t.Errorf("%s, %s:\n%s", engine, when, diff)
			}
		}
		if err := stream(to, 60); !errors.Is(err, broke) {
			t.Errorf("a stream that broke off: %v", err)
		}
		like("a stream that broke off")
		if err := stream(to, -1); err != nil {
			t.Error(err)
		}
		like("a stream")
		mustBeSame(t, from, to)
		ctx, cancel := context.WithCancel(t.Context())
		if _, err := Run(ctx, Options{From: from, To: to, Replace: true, Progress: func(Progress) { cancel() }}); !errors.Is(err, context.Canceled) {
			t.Errorf("a copy that was cut off: %v", err)
		}
		mustRun(t, Options{From: from, To: to})
		like("a copy that was cut off")
		mustBeSame(t, from, to)
	}
}

// Rows that the target refuses, a key that comes twice and texts with all that COPY gives a meaning, come out as they went in or not at all.
func TestAStreamOfStrangeTexts(t *testing.T) {
	texts := []string{"", `\N`, `\.`, "a\tb\nc\rd\\e", `\\x00`, "NULL", `"quoted"`, "é\u2028\U0001F600", "\x01\x7f", `\t`}
	header := Table{Name: "preferences", Columns: []string{"category", "name", "userid", "value"}, Kinds: []string{"text", "text", "text", "text"}}
	rows := func() (out [][]any) {
		for i, text := range texts {
			out = append(out, []any{"c", fmt.Sprint(i), "u", text})
		}
		return out
	}
	for _, engine := range dbtest.Engines {
		to := dbtest.Open(t, engine)
		_, _, err := Load(t.Context(), to, true, func(l *Loader) error { return errors.Join(l.Put(header, rows()), l.Put(header, rows())) })
		if err == nil {
			t.Errorf("%s: keys that came twice were taken", engine)
		}
		if _, _, err := Load(t.Context(), to, true, func(l *Loader) error { return l.Put(header, rows()) }); err != nil {
			t.Fatal(err)
		}
		got, err := db.List(t.Context(), to, func(r db.Row) (s string, err error) { return s, r.Scan(&s) },
			"SELECT value FROM preferences WHERE userid = 'u' ORDER BY CAST(name AS integer)")
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(texts, got); diff != "" {
			t.Errorf("%s:\n%s", engine, diff)
		}
	}
}
