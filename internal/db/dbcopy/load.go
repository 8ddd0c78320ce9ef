package dbcopy

import (
	"context"
	"fmt"
	"slices"

	"github.com/parley-chat/parley/internal/db"
)

// Loader writes a stream of rows into a database. Make it with Load.
type Loader struct {
	tables  map[string]table // of the target
	sums    map[string]*sum  // as they came
	kept    map[string]*sum  // as the target has them
	joined  map[string]table
	order   []string
	leftOut []string
	memory  []byte // of digestOf
	ready   chan batch
	gone    <-chan struct{} // nobody takes batches any more
}

// batch is rows that are ready to be written.
type batch struct {
	table table
	rows  [][]any
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
	err = to.Fill(ctx, func(tx *db.Tx) error {
		for _, t := range slices.Backward(tables) {
			if _, err := tx.Exec(ctx, "DELETE FROM "+t.name); err != nil {
				return err
			}
		}
		dress, err := bare(ctx, tx, tables)
		if err != nil {
			return err
		}
		if err := l.fill(ctx, tx, feed); err != nil {
			return err
		}
		if err := giveBack(ctx, tx, dress); err != nil {
			return err
		}
		return l.compare(ctx, tx)
	})
	return l.Sums(), l.leftOut, err
}

// fill reads the stream in a goroutine of its own, so that the next rows are made
// ready while the database takes in the ones before.
func (l *Loader) fill(ctx context.Context, tx *db.Tx, feed func(*Loader) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	l.ready, l.gone = make(chan batch, 2), ctx.Done()
	fed := make(chan error, 1)
	go func() {
		defer close(l.ready)
		fed <- feed(l)
	}()
	for b := range l.ready {
		if context.Cause(ctx) != nil {
			continue
		}
		if err := b.table.insert(ctx, tx, b.rows); err != nil {
			cancel(fmt.Errorf("table %s: %w", b.table.name, err))
		}
	}
	err := <-fed
	if failed := context.Cause(ctx); failed != nil {
		err = failed
	}
	cancel(nil)
	return err
}

// Put takes in some rows of a table, in the form that Dump gives them; they are the Loader's from then on.
func (l *Loader) Put(h Table, rows [][]any) error {
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
		var came digest
		came, l.memory = digestOf(l.memory, row)
		l.sums[h.Name].add(came)
		if len(t.columns) == 0 {
			continue
		}
		changed, err := t.canonical(row)
		if err != nil {
			return fmt.Errorf("table %s, %w", t.name, err)
		}
		if changed {
			came, l.memory = digestOf(l.memory, row)
		}
		l.kept[t.name].add(came)
	}
	if len(t.columns) == 0 {
		return nil
	}
	select {
	case l.ready <- batch{t, rows}:
		return nil
	case <-l.gone:
		return context.Canceled
	}
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
func (l *Loader) compare(ctx context.Context, tx *db.Tx) error {
	if !tx.SQLite() {
		for _, form := range readForms {
			if _, err := tx.Exec(ctx, form); err != nil {
				return err
			}
		}
	}
	for _, name := range l.order {
		t := l.joined[name]
		if len(t.columns) == 0 {
			continue
		}
		have, err := l.written(ctx, tx, t)
		if err != nil {
			return fmt.Errorf("table %s: %w", name, err)
		}
		if have != *l.kept[name] {
			return fmt.Errorf("table %s: %d rows were written and %d differ or are missing", name, l.kept[name].rows, l.kept[name].rows-have.rows)
		}
	}
	return nil
}
