package dbcopy

import (
	"context"
	"encoding/json"
	"slices"

	"github.com/parley-chat/parley/internal/db"
)

// stateTable stands in the target while a copy isn't finished: for each table
// the key of the last row, under "" which database it comes from, and under undoName
// the statements that give back what bare took.
const stateTable = "parley_copy"

const makeState = `CREATE TABLE IF NOT EXISTS parley_copy (
	name VARCHAR(64) NOT NULL, lastkey TEXT NOT NULL, copied BIGINT NOT NULL, done BOOLEAN NOT NULL,
	CONSTRAINT parley_copy_pkey PRIMARY KEY (name)
)`

const undoName = "*undo"

// state is how far a table is.
type state struct {
	key    []any // of the last row; nil before the first
	copied int64
	done   bool
}

// begin finds out whether a copy goes on, and otherwise empties the target.
func (c *copier) begin(ctx context.Context) (resumed bool, err error) {
	mark, err := sourceMark(ctx, c.From)
	if err != nil {
		return false, err
	}
	columns, err := columnsOf(ctx, c.To)
	if err != nil {
		return false, err
	}
	if columns[stateTable] != nil && !c.Replace {
		known, err := db.Value[string](ctx, c.To, "SELECT lastkey FROM parley_copy WHERE name = ''")
		if err != nil {
			return false, err
		}
		if known != mark {
			return false, ErrOtherSource
		}
		return true, nil
	}
	if used, err := isUsed(ctx, c.To); err != nil || used && !c.Replace {
		if err == nil {
			err = ErrNotEmpty
		}
		return false, err
	}
	return false, c.To.Tx(ctx, func(tx *db.Tx) error {
		for _, t := range slices.Backward(c.tables) {
			if _, err := tx.Exec(ctx, "DELETE FROM "+t.name); err != nil {
				return err
			}
		}
		if _, err := tx.Exec(ctx, makeState); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, "DELETE FROM parley_copy"); err != nil {
			return err
		}
		dress, err := bare(ctx, tx, c.tables)
		if err != nil {
			return err
		}
		undo, err := json.Marshal(dress)
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, "INSERT INTO parley_copy(name, lastkey, copied, done) VALUES ('', $1, 0, $2), ($3, $4, 0, $2)", mark, false, undoName, string(undo))
		return err
	})
}

// sourceMark tells a database from others: by its installation's id and its
// oldest account.
func sourceMark(ctx context.Context, d *db.DB) (string, error) {
	return db.Value[string](ctx, d, `SELECT coalesce((SELECT value FROM systems WHERE name = 'DiagnosticId'), '') || ' ' ||
		coalesce((SELECT id FROM users ORDER BY createat, id LIMIT 1), '')`)
}

// isUsed reports whether somebody has begun to use a database. A fresh one has
// one account, the system's own.
func isUsed(ctx context.Context, d *db.DB) (bool, error) {
	n, err := db.Value[int64](ctx, d, `SELECT (SELECT count(*) FROM (SELECT id FROM users LIMIT 2) u) - 1
		+ (SELECT count(*) FROM (SELECT id FROM teams LIMIT 1) t) + (SELECT count(*) FROM (SELECT id FROM posts LIMIT 1) p)`)
	return n > 0, err
}

// Unfinished reports whether a database holds a part of a copy: rows are missing in
// it, and indexes. It must not be served until Run has finished the copy.
func Unfinished(ctx context.Context, d *db.DB) (bool, error) {
	columns, err := columnsOf(ctx, d)
	return columns[stateTable] != nil, err
}

func (c *copier) load(ctx context.Context, t table) (state, error) {
	var raw string
	var s state
	err := c.To.QueryRow(ctx, "SELECT lastkey, copied, done FROM parley_copy WHERE name = $1", t.name).Scan(&raw, &s.copied, &s.done)
	if err == db.ErrNotFound {
		return s, nil
	}
	if err != nil {
		return s, err
	}
	var parts []json.RawMessage
	if err := json.Unmarshal([]byte(raw), &parts); err != nil {
		return s, err
	}
	for i, part := range parts {
		v, err := keyPart(t.columns[t.key[i]].kind, part)
		if err != nil {
			return s, err
		}
		s.key = append(s.key, v)
	}
	return s, nil
}

func keyPart(k kind, raw json.RawMessage) (any, error) {
	switch k {
	case kindInt:
		var n int64
		err := json.Unmarshal(raw, &n)
		return n, err
	case kindBool:
		var b bool
		err := json.Unmarshal(raw, &b)
		return b, err
	}
	var text string
	err := json.Unmarshal(raw, &text)
	return text, err
}

// save keeps the state of a table in the transaction of its rows.
func save(ctx context.Context, tx *db.Tx, t table, s state) error {
	raw, err := json.Marshal(s.key)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO parley_copy(name, lastkey, copied, done) VALUES ($1, $2, $3, $4)
		ON CONFLICT (name) DO UPDATE SET lastkey = excluded.lastkey, copied = excluded.copied, done = excluded.done`,
		t.name, string(raw), s.copied, s.done)
	return err
}

// end makes the target whole and forgets the state.
func (c *copier) end(ctx context.Context) error {
	return c.To.Fill(ctx, func(tx *db.Tx) error {
		var dress []string
		undo, err := db.Value[string](ctx, tx, "SELECT lastkey FROM parley_copy WHERE name = $1", undoName)
		if err != nil {
			return err
		}
		if err := json.Unmarshal([]byte(undo), &dress); err != nil {
			return err
		}
		if err := giveBack(ctx, tx, dress); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, "DROP TABLE parley_copy")
		return err
	})
}
