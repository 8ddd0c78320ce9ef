package db

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/stdlib"
)

// Fill is Tx for a transaction that writes very many rows: Tx.Load is fast in it.
// Unlike Tx it never runs fn a second time.
func (d *DB) Fill(ctx context.Context, fn func(tx *Tx) error) (err error) {
	if d.lite != nil || ctx.Value(txKey{}) != nil {
		return d.Tx(ctx, fn)
	}
	conn, err := d.pg.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }()
	hooks, err := d.pgTxOn(ctx, conn, func(tx *Tx) error {
		tx.conn = conn
		return fn(tx)
	})
	for _, h := range hooks {
		h()
	}
	return err
}

// insertParams is how many parameters one statement of Load has at most.
const insertParams = 30_000

// Load inserts rows whose values, in the order of the columns, are nil, int64, bool,
// float64, string or []byte. In Fill on PostgreSQL they go by COPY, whose text form
// every type of column reads. It fails as Exec does.
func (t *Tx) Load(ctx context.Context, table string, columns []string, rows [][]any) error {
	if t.conn != nil {
		return t.copyIn(ctx, table, columns, rows)
	}
	into := "INSERT INTO " + table + "(" + quoted(columns) + ") VALUES "
	most := max(1, insertParams/len(columns))
	for len(rows) > 0 {
		some := rows[:min(most, len(rows))]
		rows = rows[len(some):]
		args := make([]any, 0, len(some)*len(columns))
		for _, row := range some {
			args = append(args, row...)
		}
		if _, err := t.Exec(ctx, into+Tuples(len(some), len(columns), 0), args...); err != nil {
			return err
		}
	}
	return nil
}

func quoted(columns []string) string { return `"` + strings.Join(columns, `","`) + `"` }

// copyIn sends rows in the text format of https://www.postgresql.org/docs/current/sql-copy.html.
func (t *Tx) copyIn(ctx context.Context, table string, columns []string, rows [][]any) (err error) {
	if err := t.ready(ctx); err != nil {
		return err
	}
	command := "COPY " + table + "(" + quoted(columns) + ") FROM STDIN"
	defer func() { t.note(err) }()
	defer t.watch.ended(ctx, command, time.Now(), &err)
	var text []byte
	for _, row := range rows {
		for i, v := range row {
			if i > 0 {
				text = append(text, '\t')
			}
			if text, err = appendCopied(text, v); err != nil {
				return err
			}
		}
		text = append(text, '\n')
	}
	count(ctx)
	return t.conn.Raw(func(driver any) error {
		c, ok := driver.(*stdlib.Conn)
		if !ok {
			return errors.New("db: the connection is of another driver")
		}
		_, err := c.Conn().PgConn().CopyFrom(ctx, bytes.NewReader(text), command)
		return err
	})
}

func appendCopied(to []byte, v any) ([]byte, error) {
	switch v := v.(type) {
	case nil:
		return append(to, `\N`...), nil
	case int64:
		return strconv.AppendInt(to, v, 10), nil
	case bool:
		return strconv.AppendBool(to, v), nil
	case float64:
		return strconv.AppendFloat(to, v, 'g', -1, 64), nil
	case []byte:
		return hex.AppendEncode(append(to, `\\x`...), v), nil
	case string:
		for i := 0; i < len(v); i++ {
			switch c := v[i]; c {
			case '\\':
				to = append(to, '\\', '\\')
			case '\n':
				to = append(to, '\\', 'n')
			case '\r':
				to = append(to, '\\', 'r')
			case '\t':
				to = append(to, '\\', 't')
			default:
				to = append(to, c)
			}
		}
		return to, nil
	}
	return to, fmt.Errorf("db: %T can't be loaded", v)
}
