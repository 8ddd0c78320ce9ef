package dbcopy

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/parley-chat/parley/internal/db"
)

// filler writes random rows into every table of a PostgreSQL database: only that knows how long texts may be.
type filler struct {
	t     *testing.T
	d     *db.DB
	rnd   *rand.Rand
	facts map[string]fact                    // by "table.column"
	links map[string]struct{ to, by string } // "table.column" → the parent's table and column
	made  map[string][]any                   // values of parents by "table.column"
}

type fact struct {
	most     int
	nullable bool
	labels   []string
}

func newFiller(t *testing.T, d *db.DB, seed uint64) *filler {
	t.Helper()
	f := &filler{t: t, d: d, rnd: rand.New(rand.NewPCG(seed, 1)), facts: map[string]fact{}, links: map[string]struct{ to, by string }{}, made: map[string][]any{}}
	f.read(`SELECT c.table_name || '.' || c.column_name, coalesce(c.character_maximum_length, 0), c.is_nullable,
		coalesce((SELECT string_agg(e.enumlabel, ',') FROM pg_enum e JOIN pg_type y ON y.oid = e.enumtypid WHERE y.typname = c.udt_name), '')
		FROM information_schema.columns c WHERE c.table_schema = current_schema()`, func(r db.Row) error {
		var name, nullable, labels string
		var one fact
		err := r.Scan(&name, &one.most, &nullable, &labels)
		if one.nullable = nullable == "YES"; labels != "" {
			one.labels = strings.Split(labels, ",")
		}
		f.facts[name] = one
		return err
	})
	f.read(`SELECT c.relname || '.' || a.attname, p.relname, b.attname FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
		JOIN pg_class p ON p.oid = k.confrelid JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.conkey[1]
		JOIN pg_attribute b ON b.attrelid = p.oid AND b.attnum = k.confkey[1] WHERE k.contype = 'f'`, func(r db.Row) error {
		var name, to, by string
		err := r.Scan(&name, &to, &by)
		f.links[name] = struct{ to, by string }{to, by}
		return err
	})
	return f
}

func (f *filler) read(query string, each func(db.Row) error) {
	f.t.Helper()
	if _, err := db.List(f.t.Context(), f.d, func(r db.Row) (struct{}, error) { return struct{}{}, each(r) }, query); err != nil {
		f.t.Fatal(err)
	}
}

// fill adds n rows to each table, and more to posts.
func (f *filler) fill(tables []table, n, posts int) {
	f.t.Helper()
	for _, t := range tables {
		most := n
		if t.name == "posts" {
			most = posts
		}
		var rows [][]any
		for range most {
			row := make([]any, len(t.columns))
			for i, c := range t.columns {
				row[i] = f.value(t, i, c)
				f.made[t.name+"."+c.name] = append(f.made[t.name+"."+c.name], row[i])
			}
			rows = append(rows, row)
		}
		for part := range slices.Chunk(rows, 100) {
			if err := f.d.Tx(f.t.Context(), func(tx *db.Tx) error { return t.insert(f.t.Context(), tx, part) }); err != nil {
				f.t.Fatalf("%s: %v", t.name, err)
			}
		}
	}
}

func (f *filler) value(t table, at int, c column) any {
	name := t.name + "." + c.name
	if to, ok := f.links[name]; ok {
		known := f.made[to.to+"."+to.by]
		return known[f.rnd.IntN(len(known))]
	}
	one := f.facts[name]
	isKey := false
	for _, k := range t.key {
		isKey = isKey || k == at
	}
	if one.nullable && !isKey && f.rnd.IntN(4) == 0 {
		return nil
	}
	switch c.kind {
	case kindInt:
		return int64(f.rnd.Int32N(30_000)) // some are of two bytes
	case kindBool:
		return f.rnd.IntN(2) == 0
	case kindReal:
		return float64(float32(f.rnd.Float64()))
	case kindJSON:
		quoted, _ := json.Marshal(f.text(8))
		return fmt.Sprintf(`{"b": [1, 2.50, 1e3, null], "a": {"é": %s, "<": true}, "n": %d}`, quoted, f.rnd.Int64())
	case kindTexts:
		list, _ := json.Marshal([]string{f.text(8), "", f.text(20)})
		return string(list)
	case kindBytes:
		return []byte{0, 255, byte(f.rnd.IntN(256)), '\'', '\\'}
	}
	if one.labels != nil {
		return one.labels[f.rnd.IntN(len(one.labels))]
	}
	most := one.most
	if most == 0 || most > 300 {
		most = 300
	}
	text := f.text(most)
	if isKey || f.rnd.IntN(8) > 0 {
		// Keys, and most others, have to differ.
		unique := fmt.Sprintf("%x", f.rnd.Uint64())
		text = string([]rune(unique + text)[:min(most, len([]rune(unique+text)))])
	}
	return text
}

var letters = []rune("abc XYZ09_-'\"\\%é中\U0001F389\n\t")

func (f *filler) text(most int) string {
	out := make([]rune, f.rnd.IntN(most+1))
	for i := range out {
		out[i] = letters[f.rnd.IntN(len(letters))]
	}
	return strings.TrimRight(string(out), " ")
}
