package db_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/parley-chat/parley/internal/db"
)

// shared finds the reference beside the repository.
func shared(t testing.TB, path ...string) string {
	t.Helper()
	dir := os.Getenv("PARLEY_SHARED")
	if dir == "" {
		dir = "../../../shared"
	}
	p := filepath.Join(append([]string{dir}, path...)...)
	if _, err := os.Stat(p); err != nil {
		t.Fatalf("%v (it stands beside the clone; PARLEY_SHARED names another place)", err)
	}
	return p
}

// table reads a reference table; rows whose store is not main are left out.
func table(t testing.TB, name string) []map[string]string {
	t.Helper()
	b, err := os.ReadFile(shared(t, "reference", name))
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimRight(string(b), "\n"), "\n")
	head := strings.Split(lines[0], "\t")
	var out []map[string]string
	for _, l := range lines[1:] {
		row := map[string]string{}
		for i, cell := range strings.Split(l, "\t") {
			row[head[i]] = cell
		}
		if s, ok := row["store"]; !ok || s == "main" {
			out = append(out, row)
		}
	}
	return out
}

// wantSchema is the reference as lines, sorted; gotSchema gives the same of a
// PostgreSQL database.
func wantSchema(t testing.TB) []string {
	var out []string
	for _, c := range table(t, "schema.tsv") {
		out = append(out, strings.Join([]string{"column", c["relation"], c["kind"], c["ordinal"], c["column"], c["type"],
			c["nullable"], c["default"]}, " | "))
	}
	for _, x := range table(t, "indexes.tsv") {
		out = append(out, strings.Join([]string{"index", x["relation"], x["index"], x["columns"], x["unique"], x["primary"],
			x["method"], x["predicate"], x["include"], x["constraint"]}, " | "))
	}
	for _, o := range table(t, "db-objects.tsv") {
		switch o["kind"] {
		case "enum", "enum_used_by", "matview", "foreign_key", "storage_parameter":
			out = append(out, strings.Join([]string{o["kind"], o["name"], o["relation"], o["detail"]}, " | "))
		}
	}
	slices.Sort(out)
	return out
}

var catalog = []string{`
	SELECT concat_ws(' | ', 'column', c.relname, CASE c.relkind WHEN 'm' THEN 'matview' ELSE 'table' END,
		row_number() OVER (PARTITION BY c.oid ORDER BY a.attnum), a.attname, format_type(a.atttypid, a.atttypmod),
		CASE WHEN a.attnotnull THEN 'NO' ELSE 'YES' END, coalesce(pg_get_expr(d.adbin, d.adrelid), ''))
	FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
	WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'm') AND a.attnum > 0 AND NOT a.attisdropped
		AND c.relname NOT LIKE 'parley\_%'`, `
	SELECT concat_ws(' | ', 'index', t.relname, i.relname, (SELECT string_agg(
			pg_get_indexdef(x.indexrelid, k, true)
			|| CASE WHEN o.opcdefault THEN '' ELSE ' ' || o.opcname END
			|| CASE WHEN x.indoption[k - 1] & 1 = 1 THEN ' DESC' ELSE '' END, ', ' ORDER BY k)
			FROM generate_series(1, x.indnkeyatts) k JOIN pg_opclass o ON o.oid = x.indclass[k - 1]),
		left(x.indisunique::text, 1), left(x.indisprimary::text, 1), m.amname,
		coalesce(pg_get_expr(x.indpred, x.indrelid, true), ''), '',
		CASE con.contype WHEN 'p' THEN 'primary key' WHEN 'u' THEN 'unique' ELSE '' END)
	FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class t ON t.oid = x.indrelid JOIN pg_am m ON m.oid = i.relam
	LEFT JOIN pg_constraint con ON con.conindid = i.oid AND con.contype IN ('p', 'u')
	WHERE t.relnamespace = 'public'::regnamespace AND t.relname NOT LIKE 'parley\_%' AND x.indisvalid`, `
	SELECT concat_ws(' | ', 'enum', t.typname, '', (SELECT string_agg(enumlabel, ',' ORDER BY enumsortorder) FROM pg_enum WHERE enumtypid = t.oid))
	FROM pg_type t WHERE t.typtype = 'e'`, `
	SELECT concat_ws(' | ', 'enum_used_by', t.typname, c.relname || '.' || a.attname, '')
	FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_type t ON t.oid = a.atttypid
	WHERE t.typtype = 'e' AND c.relkind = 'r' AND NOT a.attisdropped`, `
	SELECT DISTINCT concat_ws(' | ', 'matview', v.relname, s.relname, 'reads ' || s.relname)
	FROM pg_rewrite r JOIN pg_class v ON v.oid = r.ev_class JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = r.oid
	JOIN pg_class s ON s.oid = d.refobjid AND d.refclassid = 'pg_class'::regclass
	WHERE v.relkind = 'm' AND s.oid <> v.oid AND v.relnamespace = 'public'::regnamespace`, `
	SELECT concat_ws(' | ', 'foreign_key', con.conname, t.relname, 'references ' || f.relname || ' (' || fa.attname || '); columns (' || a.attname || '); on delete '
		|| CASE con.confdeltype WHEN 'c' THEN 'cascade' ELSE con.confdeltype::text END)
	FROM pg_constraint con JOIN pg_class t ON t.oid = con.conrelid JOIN pg_class f ON f.oid = con.confrelid
	JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = con.conkey[1] JOIN pg_attribute fa ON fa.attrelid = f.oid AND fa.attnum = con.confkey[1]
	WHERE con.contype = 'f'`, `
	SELECT concat_ws(' | ', 'storage_parameter', c.relname, c.relname, array_to_string(c.reloptions, ','))
	FROM pg_class c WHERE c.reloptions IS NOT NULL AND c.relnamespace = 'public'::regnamespace AND c.relname NOT LIKE 'parley\_%'`}

func gotSchema(t testing.TB, d *db.DB) []string {
	t.Helper()
	var out []string
	for _, q := range catalog {
		lines, err := db.List(context.Background(), d, db.One[string], q)
		if err != nil {
			t.Fatal(err, q)
		}
		out = append(out, lines...)
	}
	slices.Sort(out)
	return out
}

func requireReferenceSchema(t testing.TB, d *db.DB) {
	t.Helper()
	if diff := cmp.Diff(wantSchema(t), gotSchema(t, d)); diff != "" {
		t.Errorf("the schema differs from the reference (-want +got):\n%s", diff)
	}
	var want []string
	for _, m := range table(t, "migrations.tsv") {
		if m["migrations_table"] == "db_migrations" {
			want = append(want, m["version"]+" "+m["name"])
		}
	}
	got, err := db.List(context.Background(), d, func(r db.Row) (string, error) {
		var v int64
		var name string
		err := r.Scan(&v, &name)
		return fmt.Sprintf("%d %s", v, name), err
	}, "SELECT version, name FROM db_migrations ORDER BY version")
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("db_migrations (-want +got): %v\n%s", err, diff)
	}
}
