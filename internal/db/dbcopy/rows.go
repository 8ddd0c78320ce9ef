package dbcopy

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/parley-chat/parley/internal/db"
)

// A batch is bounded by rows and by its size in memory.
const (
	batchRows  = 2_000
	batchBytes = 2 << 20
)

// copyTable copies what is missing of a table. The next batch is read while one is written.
func (c *copier) copyTable(ctx context.Context, t table) error {
	s, err := c.load(ctx, t)
	if err != nil {
		return err
	}
	c.total += s.copied
	if s.done {
		return nil
	}
	ctx, cancel := context.WithCancel(ctx)
	read := make(chan batch)
	failed := make(chan error, 1)
	go func() {
		defer close(read)
		failed <- c.readTable(ctx, t, s.key, read)
	}()
	err = c.writeTable(ctx, t, s, read)
	cancel()
	return errors.Join(err, <-failed)
}

// readTable hands on the rows after a key, and an empty batch when there are no more.
func (c *copier) readTable(ctx context.Context, t table, after []any, to chan<- batch) error {
	for {
		rows, err := readBatch(ctx, c.From, t, after, batchRows)
		if err != nil {
			return err
		}
		last := len(rows) == 0
		if !last {
			after = t.keyOf(rows[len(rows)-1])
		}
		select {
		case to <- batch{t, rows}: // and theirs from now on
		case <-ctx.Done():
			return nil // writing says why
		}
		if last {
			return nil
		}
	}
}

func (c *copier) writeTable(ctx context.Context, t table, s state, from <-chan batch) error {
	for b := range from {
		s = state{key: s.key, copied: s.copied + int64(len(b.rows)), done: len(b.rows) == 0}
		if !s.done {
			s.key = t.keyOf(b.rows[len(b.rows)-1])
		}
		err := c.To.Fill(ctx, func(tx *db.Tx) error {
			if err := t.insert(ctx, tx, b.rows); err != nil {
				return err
			}
			return save(ctx, tx, t, s)
		})
		if err != nil {
			return err
		}
		c.total += int64(len(b.rows))
		c.Progress(Progress{Table: t.name, Rows: s.copied, Total: c.total, Of: c.of})
	}
	return nil
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
	if _, err := t.canonical(row); err != nil {
		return nil, 0, err
	}
	for _, v := range row {
		switch v := v.(type) {
		case string:
			size += len(v)
		case []byte:
			size += len(v)
		}
	}
	return row, size, nil
}

// insert writes rows in the form that the target's engine takes them in.
func (t table) insert(ctx context.Context, tx *db.Tx, rows [][]any) error {
	for _, row := range rows {
		for i, c := range t.columns {
			var err error
			if row[i], err = written(c.kind, row[i], tx.SQLite()); err != nil {
				return fmt.Errorf("column %s: %w", c.name, err)
			}
		}
	}
	var names []string
	for _, c := range t.columns {
		names = append(names, c.name)
	}
	return tx.Load(ctx, t.name, names, rows)
}
