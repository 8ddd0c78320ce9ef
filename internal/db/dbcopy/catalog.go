package dbcopy

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/parley-chat/parley/internal/db"
)

// kind is how a column's values are written on both engines.
type kind uint8

const (
	kindText kind = iota
	kindInt
	kindBool
	kindReal
	kindJSON
	kindBytes
	kindPadded // text that PostgreSQL fills up with blanks
	kindTexts  // a list of texts: JSON on SQLite, an array on PostgreSQL
)

type column struct {
	name string
	kind kind
}

// table is a table that both databases have.
type table struct {
	name    string
	columns []column // of both
	key     []int    // which columns tell rows apart and order them
}

// derived are tables that are worked out of others, and those that say how.
var derived = []string{"db_migrations", "parley_migrations", "parley_posts_", "parley_files_fts", "parley_files_docs", stateTable}

func isDerived(name string) bool {
	return slices.ContainsFunc(derived, func(beginning string) bool { return strings.HasPrefix(name, beginning) })
}

// byTime are tables whose rows are copied in the order of their times: the
// search on SQLite takes posts as they come, and the newest are asked for most.
var byTime = map[string][]string{"posts": {"createat", "id"}}

// tablesOf lists the tables that are copied, parents before children, and those
// of the source that the target doesn't have.
func tablesOf(ctx context.Context, from, to db.Querier) (out []table, leftOut []string, err error) {
	source, err := columnsOf(ctx, from)
	if err != nil {
		return nil, nil, err
	}
	target, err := columnsOf(ctx, to)
	if err != nil {
		return nil, nil, err
	}
	keys, err := keysOf(ctx, from)
	if err != nil {
		return nil, nil, err
	}
	for _, name := range sorted(source) {
		switch {
		case isDerived(name):
		case target[name] == nil:
			leftOut = append(leftOut, name)
		default:
			t, err := join(name, source[name], target[name], keys[name])
			if err != nil {
				return nil, nil, err
			}
			out = append(out, t)
		}
	}
	parents, err := parentsOf(ctx, to)
	return parentsFirst(out, parents), leftOut, err
}

func sorted(of map[string]map[string]kind) []string {
	var names []string
	for name := range of {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// join makes a table of what both databases say of it. A column's kind is the
// narrower one: only PostgreSQL tells JSON from text.
func join(name string, source, target map[string]kind, key []string) (table, error) {
	t := table{name: name}
	for _, c := range sortedColumns(source) {
		k, both := target[c]
		if !both {
			return t, fmt.Errorf("dbcopy: the target's table %s has no column %s; start the newest Parley on both", name, c)
		}
		t.columns = append(t.columns, column{c, max(source[c], k)})
	}
	if order := byTime[name]; order != nil {
		key = order
	}
	for _, c := range key {
		at := slices.IndexFunc(t.columns, func(known column) bool { return known.name == c })
		if at < 0 {
			return t, fmt.Errorf("dbcopy: the source's table %s has no column %s", name, c)
		}
		t.key = append(t.key, at)
	}
	if len(t.key) == 0 {
		return t, fmt.Errorf("dbcopy: the table %s has no primary key", name)
	}
	return t, nil
}

func sortedColumns(of map[string]kind) []string {
	var names []string
	for name := range of {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// columnsOf returns the kinds of the columns of all tables.
func columnsOf(ctx context.Context, d db.Querier) (map[string]map[string]kind, error) {
	query := `SELECT c.relname, a.attname, CASE WHEN t.typtype = 'e' THEN 'text' ELSE t.typname END
		FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid JOIN pg_type t ON t.oid = a.atttypid
		WHERE c.relnamespace = CAST(current_schema() AS regnamespace) AND c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped`
	if d.SQLite() {
		query = `SELECT m.name, c.name, lower(c.type) FROM sqlite_master m JOIN pragma_table_info(m.name) c
			WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite\_%' ESCAPE '\'`
	}
	out := map[string]map[string]kind{}
	_, err := db.List(ctx, d, func(r db.Row) (struct{}, error) {
		var table, name, kindName string
		if err := r.Scan(&table, &name, &kindName); err != nil {
			return struct{}{}, err
		}
		if out[table] == nil {
			out[table] = map[string]kind{}
		}
		out[table][name] = kindOf(kindName)
		return struct{}{}, nil
	}, query)
	return out, err
}

func kindOf(name string) kind {
	name, _, _ = strings.Cut(name, "(")
	switch name {
	case "int2", "int4", "int8", "integer", "bigint", "smallint":
		return kindInt
	case "bool", "boolean":
		return kindBool
	case "float4", "float8", "real", "double precision", "numeric":
		return kindReal
	case "json", "jsonb":
		return kindJSON
	case "bytea", "blob":
		return kindBytes
	case "bpchar":
		return kindPadded
	case "_varchar", "_text":
		return kindTexts
	}
	return kindText
}

// keysOf returns the columns of each table's primary key, in its order.
func keysOf(ctx context.Context, d db.Querier) (map[string][]string, error) {
	query := `SELECT c.relname, a.attname FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
		CROSS JOIN LATERAL unnest(i.indkey) WITH ORDINALITY AS k(attnum, at)
		JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.attnum
		WHERE i.indisprimary AND c.relnamespace = CAST(current_schema() AS regnamespace) ORDER BY c.relname, k.at`
	if d.SQLite() {
		query = `SELECT m.name, c.name FROM sqlite_master m JOIN pragma_table_info(m.name) c
			WHERE m.type = 'table' AND c.pk > 0 ORDER BY m.name, c.pk`
	}
	return pairs(ctx, d, query)
}

// parentsOf returns the tables that each table refers to.
func parentsOf(ctx context.Context, d db.Querier) (map[string][]string, error) {
	query := `SELECT c.relname, p.relname FROM pg_constraint f JOIN pg_class c ON c.oid = f.conrelid JOIN pg_class p ON p.oid = f.confrelid
		WHERE f.contype = 'f' AND c.relnamespace = CAST(current_schema() AS regnamespace) ORDER BY 1, 2`
	if d.SQLite() {
		query = `SELECT m.name, f."table" FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) f WHERE m.type = 'table' ORDER BY 1, 2`
	}
	return pairs(ctx, d, query)
}

func pairs(ctx context.Context, d db.Querier, query string) (map[string][]string, error) {
	out := map[string][]string{}
	_, err := db.List(ctx, d, func(r db.Row) (struct{}, error) {
		var name, other string
		err := r.Scan(&name, &other)
		out[name] = append(out[name], other)
		return struct{}{}, err
	}, query)
	return out, err
}

// parentsFirst keeps the order but for tables that refer to later ones.
func parentsFirst(tables []table, parents map[string][]string) []table {
	var out []table
	placed := map[string]bool{}
	var place func(t table)
	place = func(t table) {
		if placed[t.name] {
			return
		}
		placed[t.name] = true
		for _, parent := range parents[t.name] {
			if at := slices.IndexFunc(tables, func(one table) bool { return one.name == parent }); at >= 0 {
				place(tables[at])
			}
		}
		out = append(out, t)
	}
	for _, t := range tables {
		place(t)
	}
	return out
}
