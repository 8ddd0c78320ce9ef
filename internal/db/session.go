package db

import (
	"container/list"
	"context"
	"database/sql"
	"time"
)

// session is one SQLite connection with its prepared statements. One
// goroutine uses it at a time.
type session struct {
	conn  *sql.Conn
	stmts map[string]*list.Element // of *prepared
	order *list.List               // the front was used last
	used  time.Time
}

// prepared is a cached statement. It holds one cursor, so while its rows are
// open (busy) the same text needs a second statement.
type prepared struct {
	text string
	stmt *sql.Stmt
	busy bool
}

const maxPrepared = 256

func openSession(ctx context.Context, pool *sql.DB) (*session, error) {
	c, err := pool.Conn(ctx)
	if err != nil {
		return nil, err
	}
	return &session{conn: c, stmts: map[string]*list.Element{}, order: list.New()}, nil
}

func (s *session) close() {
	for e := s.order.Front(); e != nil; e = e.Next() {
		e.Value.(*prepared).stmt.Close()
	}
	// The pool would keep the connection open; discard it.
	_ = s.conn.Raw(func(any) error { return errDiscard })
	s.conn.Close()
}

// prepare returns a statement that is not in use and how to give it back.
func (s *session) prepare(ctx context.Context, text string) (*prepared, func(), error) {
	if e := s.stmts[text]; e != nil {
		p := e.Value.(*prepared)
		if !p.busy {
			p.busy = true
			s.order.MoveToFront(e)
			return p, func() { p.busy = false }, nil
		}
		stmt, err := s.conn.PrepareContext(ctx, text)
		if err != nil {
			return nil, nil, err
		}
		return &prepared{stmt: stmt}, func() { stmt.Close() }, nil
	}
	stmt, err := s.conn.PrepareContext(ctx, text)
	if err != nil {
		return nil, nil, err
	}
	p := &prepared{text: text, stmt: stmt, busy: true}
	s.stmts[text] = s.order.PushFront(p)
	for e := s.order.Back(); s.order.Len() > maxPrepared && e != nil; {
		old := e.Value.(*prepared)
		prev := e.Prev()
		if !old.busy {
			s.order.Remove(e)
			delete(s.stmts, old.text)
			old.stmt.Close()
		}
		e = prev
	}
	return p, func() { p.busy = false }, nil
}

func (s *session) query(ctx context.Context, text string, args []any) (*sql.Rows, func(), error) {
	p, done, err := s.prepare(ctx, text)
	if err != nil {
		return nil, nil, err
	}
	rows, err := p.stmt.QueryContext(ctx, args...)
	if err != nil {
		done()
		return nil, nil, err
	}
	return rows, done, nil
}

func (s *session) each(ctx context.Context, text string, args []any, each func(*sql.Rows) error) error {
	rows, done, err := s.query(ctx, text, args)
	if err != nil {
		return err
	}
	defer done()
	defer rows.Close() // each may panic
	err = each(rows)
	if cerr := rows.Close(); err == nil {
		err = cerr
	}
	return err
}

func (s *session) exec(ctx context.Context, text string, args ...any) (int64, error) {
	p, done, err := s.prepare(ctx, text)
	if err != nil {
		return 0, err
	}
	defer done()
	res, err := p.stmt.ExecContext(ctx, args...)
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}
