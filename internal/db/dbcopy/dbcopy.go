// Package dbcopy carries the rows of one database over to another, whatever the
// engines: from SQLite to PostgreSQL and back, from one PostgreSQL to a later
// one. That is how a host changes its engine or its major version.
//
// Each table goes in batches in the order of its key. A batch and the key that
// it ended with are one transaction of the target, so a copy that was cut off
// goes on where it stopped. What the search works out of the rows
// is left out: the target works it out again.
package dbcopy

import (
	"context"
	"errors"
	"fmt"

	"github.com/parley-chat/parley/internal/db"
)

// Errors that callers compare with errors.Is.
var (
	// ErrNotEmpty: the target holds somebody's data already.
	ErrNotEmpty = errors.New("dbcopy: the target is not empty")
	// ErrOtherSource: the target holds a part of another database's copy.
	ErrOtherSource = errors.New("dbcopy: the target holds a part of a copy of another database")
	// ErrOldSource: the source's schema is older than the target's.
	ErrOldSource = errors.New("dbcopy: the source's schema is not up to date")
)

// Progress is how far a copy is.
type Progress struct {
	Table     string
	Rows      int64 // of the table, copied so far
	Total     int64 // rows copied so far, of all tables
	Of        int64 // rows of all tables when the copy began
	Comparing bool  // the second part: both are read and compared
}

// Options say what is copied where.
type Options struct {
	From, To *db.DB
	// Replace empties a target that holds something.
	Replace bool
	// Progress is told after each batch; may be nil.
	Progress func(Progress)
}

// Summary is what was copied.
type Summary struct {
	Tables  int
	Rows    int64
	Resumed bool
	// LeftOut are tables of the source that Parley doesn't know, such as those
	// of plugins.
	LeftOut []string
}

// Difference is a table that is not the same in both databases.
type Difference struct {
	Table    string
	From, To int64 // rows
}

// copier is a copy under way.
type copier struct {
	Options
	tables []table
	total  int64
	of     int64
}

// Run copies everything. The target's schema is made first. It fails with
// ErrNotEmpty or ErrOtherSource before anything was changed, and with
// ErrOldSource when the source has to be migrated first. After any other
// failure Run goes on where it stopped.
//
// Nobody may write to the source meanwhile: what changes behind the copy is
// not seen. Compare tells.
func Run(ctx context.Context, o Options) (Summary, error) {
	c := &copier{Options: o}
	if c.Progress == nil {
		c.Progress = func(Progress) {}
	}
	report, err := o.From.Check(ctx)
	if err != nil {
		return Summary{}, err
	}
	if !report.Complete() {
		return Summary{}, ErrOldSource
	}
	if err := o.To.Migrate(ctx); err != nil {
		return Summary{}, err
	}
	tables, leftOut, err := tablesOf(ctx, o.From, o.To)
	if err != nil {
		return Summary{}, err
	}
	c.tables = tables
	out := Summary{Tables: len(tables), LeftOut: leftOut}
	if out.Resumed, err = c.begin(ctx); err != nil {
		return out, err
	}
	if c.of, err = countAll(ctx, o.From, tables); err != nil {
		return out, err
	}
	for _, t := range tables {
		if err := c.copyTable(ctx, t); err != nil {
			return out, fmt.Errorf("dbcopy: table %s: %w", t.name, err)
		}
	}
	out.Rows = c.total
	return out, c.end(ctx)
}

func countAll(ctx context.Context, q db.Querier, tables []table) (int64, error) {
	var sum int64
	for _, t := range tables {
		n, err := db.Value[int64](ctx, q, "SELECT count(*) FROM "+t.name)
		if err != nil {
			return 0, err
		}
		sum += n
	}
	return sum, nil
}
