package db

import (
	"context"
	"database/sql"
	"errors"
)

// Moment runs fn with a reader that sees PostgreSQL as it is now, however long
// fn takes and whatever is written meanwhile. SQLite has Snapshot for that.
func (d *DB) Moment(ctx context.Context, fn func(at Querier) error) error {
	if d.lite != nil {
		return errors.New("db: a moment of SQLite is a snapshot")
	}
	tx, err := d.pg.BeginTx(ctx, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true})
	if err != nil {
		return err
	}
	defer tx.Rollback() // it only read
	return fn(&Tx{ctx: ctx, pg: tx, watch: d.watch})
}
