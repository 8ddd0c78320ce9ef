package dbcopy

import (
	"context"
	"fmt"

	"github.com/parley-chat/parley/internal/db"
)

// Table is a table in a stream of rows: its columns in the order of a row's
// values, with their kinds.
type Table struct {
	Name    string   `json:"table"`
	Columns []string `json:"columns"`
	Kinds   []string `json:"kinds"`
}

// Sum tells the rows of a table from others: their number and the sum of their
// hashes, in whatever order they come.
type Sum struct {
	Table string `json:"table"`
	Rows  int64  `json:"rows"`
	Hash  string `json:"hash"`
}

func (s sum) of(table string) Sum {
	return Sum{table, s.rows, fmt.Sprintf("%016x%016x", s.high, s.low)}
}

// A batch of a stream is bounded by rows and by its size in memory.
const (
	streamRows  = 500
	streamBytes = 1 << 20
)

// Dump reads every row of a database, parents before children, and hands them on
// in batches: values are nil, int64, bool, float64, string or []byte. What is
// worked out of other rows is left out. from should see one moment.
func Dump(ctx context.Context, from db.Querier, told func(Progress), emit func(t Table, rows [][]any) error) ([]Sum, error) {
	tables, err := dumped(ctx, from)
	if err != nil {
		return nil, err
	}
	of, err := countAll(ctx, from, tables)
	if err != nil {
		return nil, err
	}
	var sums []Sum
	p := Progress{Of: of}
	for _, t := range tables {
		p.Table, p.Rows = t.name, 0
		s, err := dumpTable(ctx, from, t, func(rows [][]any) error {
			p.Rows += int64(len(rows))
			p.Total += int64(len(rows))
			told(p)
			return emit(t.header(), rows)
		})
		if err != nil {
			return nil, fmt.Errorf("table %s: %w", t.name, err)
		}
		sums = append(sums, s.of(t.name))
	}
	return sums, nil
}

// dumped are the tables of a database by itself.
func dumped(ctx context.Context, from db.Querier) ([]table, error) {
	columns, err := columnsOf(ctx, from)
	if err != nil {
		return nil, err
	}
	var out []table
	for _, name := range sorted(columns) {
		if isDerived(name) {
			continue
		}
		t := table{name: name}
		for _, c := range sortedColumns(columns[name]) {
			t.columns = append(t.columns, column{c, columns[name][c]})
		}
		out = append(out, t)
	}
	parents, err := parentsOf(ctx, from)
	return parentsFirst(out, parents), err
}

func (t table) header() Table {
	h := Table{Name: t.name}
	for _, c := range t.columns {
		h.Columns, h.Kinds = append(h.Columns, c.name), append(h.Kinds, kindNames[c.kind])
	}
	return h
}

var kindNames = [...]string{kindText: "text", kindInt: "int", kindBool: "bool", kindReal: "real", kindJSON: "json", kindBytes: "bytes",
	kindPadded: "padded", kindTexts: "texts"}

func dumpTable(ctx context.Context, from db.Querier, t table, emit func([][]any) error) (sum, error) {
	var s sum
	query := t.selection(from)
	if order := byTime[t.name]; order != nil {
		query += " ORDER BY " + order[0] + ", " + order[1]
	}
	rows, err := from.Query(ctx, query)
	if err != nil {
		return s, err
	}
	defer func() { _ = rows.Close() }()
	var batch [][]any
	var d digest
	var memory []byte
	size := 0
	for rows.Next() {
		row, n, err := readRow(rows, t)
		if err != nil {
			return s, err
		}
		d, memory = digestOf(memory, row)
		s.add(d)
		if batch, size = append(batch, row), size+n; len(batch) == streamRows || size >= streamBytes {
			if err := emit(batch); err != nil {
				return s, err
			}
			batch, size = nil, 0
		}
	}
	if err := rows.Err(); err != nil {
		return s, err
	}
	if len(batch) > 0 {
		err = emit(batch)
	}
	return s, err
}
