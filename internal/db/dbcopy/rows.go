package dbcopy

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/parley-chat/parley/internal/db"
)

// A batch is bounded by rows, by what a statement takes of parameters, and by
// its size in memory.
const (
	batchRows   = 500
	batchParams = 30_000
	batchBytes  = 8 << 20
)

// copyTable copies what is missing of a table.
func (c *copier) copyTable(ctx context.Context, t table) error {
	s, err := c.load(ctx, t)
	if err != nil {
		return err
	}
	c.total += s.copied
	for !s.done {
		if s, err = c.copyBatch(ctx, t, s); err != nil {
			return err
		}
		c.Progress(Progress{Table: t.name, Rows: s.copied, Total: c.total, Of: c.of})
	}
	return nil
}

func (c *copier) copyBatch(ctx context.Context, t table, s state) (state, error) {
	rows, err := readBatch(ctx, c.From, t, s.key, min(batchRows, batchParams/len(t.columns)))
	if err != nil {
		return s, err
	}
	next := state{key: s.key, copied: s.copied + int64(len(rows)), done: len(rows) == 0}
	if len(rows) > 0 {
		next.key = t.keyOf(rows[len(rows)-1])
	}
	err = c.To.Tx(ctx, func(tx *db.Tx) error {
		if err := insert(ctx, tx, t, rows); err != nil {
			return err
		}
		return save(ctx, tx, t, next)
	})
	if err != nil {
		return s, err
	}
	c.total += int64(len(rows))
	return next, nil
}

func (t table) keyOf(row []any) []any {
	var key []any
	for _, at := range t.key {
		key = append(key, row[at])
	}
	return key
}

func (t table) names(of []int) string {
	var b strings.Builder
	for i, at := range of {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(`"` + t.columns[at].name + `"`)
	}
	return b.String()
}

// selection reads all columns; a list of texts as JSON.
func (t table) selection(d db.Querier) string {
	names := t.names(t.all())
	for _, c := range t.columns {
		if c.kind == kindTexts && !d.SQLite() {
			names = strings.ReplaceAll(names, `"`+c.name+`"`, `to_jsonb("`+c.name+`")`)
		}
	}
	return "SELECT " + names + " FROM " + t.name
}

func (t table) all() []int {
	out := make([]int, len(t.columns))
	for i := range out {
		out[i] = i
	}
	return out
}

// readBatch returns the rows after a key, in their canonical form. It ends early
// when they become large.
func readBatch(ctx context.Context, d db.Querier, t table, after []any, most int) ([][]any, error) {
	keys := t.names(t.key)
	query := t.selection(d)
	if after != nil {
		query += " WHERE (" + keys + ") > " + db.Tuples(1, len(t.key), 0)
	}
	query += " ORDER BY " + keys + " LIMIT " + strconv.Itoa(most)
	rows, err := d.Query(ctx, query, after...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out [][]any
	for size := 0; size < batchBytes && rows.Next(); {
		row, n, err := readRow(rows, t)
		if err != nil {
			return nil, err
		}
		out, size = append(out, row), size+n
	}
	return out, rows.Err()
}

func readRow(rows *db.Rows, t table) (row []any, size int, err error) {
	row = make([]any, len(t.columns))
	to := make([]any, len(row))
	for i := range row {
		to[i] = &row[i]
	}
	if err := rows.Scan(to...); err != nil {
		return nil, 0, err
	}
	for i, v := range row {
		if row[i], err = canonical(t.columns[i].kind, v); err != nil {
			return nil, 0, fmt.Errorf("column %s: %w", t.columns[i].name, err)
		}
		switch v := row[i].(type) {
		case string:
			size += len(v)
		case []byte:
			size += len(v)
		}
	}
	return row, size, nil
}

func insert(ctx context.Context, tx *db.Tx, t table, rows [][]any) error {
	if len(rows) == 0 {
		return nil
	}
	args := make([]any, 0, len(rows)*len(t.columns))
	for _, row := range rows {
		for i, v := range row {
			w, err := written(t.columns[i].kind, v, tx.SQLite())
			if err != nil {
				return fmt.Errorf("column %s: %w", t.columns[i].name, err)
			}
			args = append(args, w)
		}
	}
	_, err := tx.Exec(ctx, "INSERT INTO "+t.name+"("+t.names(t.all())+") VALUES "+db.Tuples(len(rows), len(t.columns), 0), args...)
	return err
}
