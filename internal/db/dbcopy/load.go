package dbcopy

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/parley-chat/parley/internal/db"
)

// ErrTwice: a stream can be read once only, and the database wanted it again.
var ErrTwice = errors.New("dbcopy: the database asked for the rows twice; start again")

// Loader writes a stream of rows into a database. Make it with Load.
type Loader struct {
	tx      *db.Tx
	tables  map[string]table // of the target
	sums    map[string]*sum  // as they came
	kept    map[string]*sum  // as the target has them
	joined  map[string]table
	order   []string
	leftOut []string
}

// Load writes what feed puts in, in one transaction: all of it or nothing. The
// target's schema is made first. It fails with ErrNotEmpty before anything was
// changed, unless replace says that what is there goes. When feed returns nil,
// what the target holds is read back and compared. leftOut are tables that Parley
// doesn't know.
func Load(ctx context.Context, to *db.DB, replace bool, feed func(*Loader) error) (sums []Sum, leftOut []string, err error) {
	if err := to.Migrate(ctx); err != nil {
		return nil, nil, err
	}
	if used, err := isUsed(ctx, to); err != nil || used && !replace {
		if err == nil {
			err = ErrNotEmpty
		}
		return nil, nil, err
	}
	tables, err := dumped(ctx, to)
	if err != nil {
		return nil, nil, err
	}
	l := &Loader{tables: map[string]table{}, sums: map[string]*sum{}, kept: map[string]*sum{}, joined: map[string]table{}}
	for _, t := range tables {
		l.tables[t.name] = t
	}
	begun := false
	err = to.Tx(ctx, func(tx *db.Tx) error {
		if begun {
			return ErrTwice
		}
		begun = true
		for _, t := range slices.Backward(tables) {
			if _, err := tx.Exec(ctx, "DELETE FROM "+t.name); err != nil {
				return err
			}
		}
		l.tx = tx
		if err := feed(l); err != nil {
			return err
		}
		return l.compare(ctx)
	})
	return l.Sums(), l.leftOut, err
}

// Put writes some rows of a table, in the form that Dump gives them.
func (l *Loader) Put(ctx context.Context, h Table, rows [][]any) error {
	if l.sums[h.Name] == nil {
		l.sums[h.Name], l.kept[h.Name] = &sum{}, &sum{}
		l.order = append(l.order, h.Name)
		t, err := l.meet(h)
		if err != nil {
			return err
		}
		l.joined[h.Name] = t
	}
	t := l.joined[h.Name]
	for _, row := range rows {
		if len(row) != len(h.Columns) {
			return fmt.Errorf("table %s: a row has %d values, not %d", h.Name, len(row), len(h.Columns))
		}
		l.sums[h.Name].add(row)
	}
	if len(t.columns) == 0 {
		return nil
	}
	most := max(1, min(batchRows, batchParams/len(t.columns)))
	for len(rows) > 0 {
		some := rows[:min(most, len(rows))]
		rows = rows[len(some):]
		for _, row := range some {
			for i, c := range t.columns {
				var err error
				if row[i], err = canonical(c.kind, row[i]); err != nil {
					return fmt.Errorf("table %s, column %s: %w", t.name, c.name, err)
				}
			}
			l.kept[t.name].add(row)
		}
		if err := insert(ctx, l.tx, t, some); err != nil {
			return fmt.Errorf("table %s: %w", t.name, err)
		}
	}
	return nil
}

// Sums are those of what came so far, in the order of the tables.
func (l *Loader) Sums() []Sum {
	var out []Sum
	for _, name := range l.order {
		out = append(out, l.sums[name].of(name))
	}
	return out
}

// meet makes a table of what the stream and the target say of it; one without
// columns when the target has none of that name.
func (l *Loader) meet(h Table) (table, error) {
	target, known := l.tables[h.Name]
	if !known {
		l.leftOut = append(l.leftOut, h.Name)
		return table{}, nil
	}
	if len(h.Columns) != len(h.Kinds) || !slices.IsSorted(h.Columns) {
		return table{}, fmt.Errorf("table %s: its columns can't be read", h.Name)
	}
	t := table{name: h.Name}
	for i, name := range h.Columns {
		at := slices.IndexFunc(target.columns, func(c column) bool { return c.name == name })
		k := slices.Index(kindNames[:], h.Kinds[i])
		if at < 0 || k < 0 {
			return t, fmt.Errorf("table %s has no column %s here: it comes from a newer Parley", h.Name, name)
		}
		t.columns = append(t.columns, column{name, max(kind(k), target.columns[at].kind)})
	}
	return t, nil
}

// compare reads back what was written.
func (l *Loader) compare(ctx context.Context) error {
	for _, name := range l.order {
		t := l.joined[name]
		if len(t.columns) == 0 {
			continue
		}
		have, err := sumOf(ctx, l.tx, t, func(int64) {})
		if err != nil {
			return fmt.Errorf("table %s: %w", name, err)
		}
		if have != *l.kept[name] {
			return fmt.Errorf("table %s: %d rows were written and %d differ or are missing", name, l.kept[name].rows, l.kept[name].rows-have.rows)
		}
	}
	return nil
}
