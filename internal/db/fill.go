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

// Unload hands each row of a query, which has no parameters, to each, as a line of COPY's text
// format without its end: fields apart by tabs, \N for NULL, a backslash before what would be mistaken.
// The line is each's until it returns. Only in Fill on PostgreSQL. It fails as Query does, and with what each returns.
func (t *Tx) Unload(ctx context.Context, query string, each func(line []byte) error) (err error) {
	if err := t.ready(ctx); err != nil {
		return err
	}
	if t.conn == nil {
		return errors.New("db: Unload is for Fill on PostgreSQL")
	}
	command := "COPY (" + query + ") TO STDOUT"
	defer func() { t.note(err) }()
	defer t.watch.ended(ctx, command, time.Now(), &err)
	count(ctx)
	l := &lines{each: each}
	err = t.conn.Raw(func(driver any) error {
		c, ok := driver.(*stdlib.Conn)
		if !ok {
			return errors.New("db: the connection is of another driver")
		}
		_, err := c.Conn().PgConn().CopyTo(ctx, l, command)
		return err
	})
	if err == nil && len(l.rest) > 0 {
		err = errors.New("db: COPY ended within a row")
	}
	return err
}

// lines hands on each line that is written to it.
type lines struct {
	each func([]byte) error
	rest []byte // of a line whose end is yet to come
}

// Write is what io.Writer asks for. PostgreSQL sends a row a message, so there is seldom a rest.
func (l *lines) Write(p []byte) (int, error) {
	n := len(p)
	for {
		line, after, whole := bytes.Cut(p, []byte{'\n'})
		if !whole {
			l.rest = append(l.rest, p...)
			return n, nil
		}
		if len(l.rest) > 0 {
			line = append(l.rest, line...)
			l.rest = l.rest[:0]
		}
		if err := l.each(line); err != nil {
			return 0, err
		}
		p = after
	}
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
