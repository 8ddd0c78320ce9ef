package db

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

// sqlitePath returns the file of a SQLite data source.
func sqlitePath(o Options) (string, bool) {
	switch {
	case o.URL == "":
		return filepath.Join(o.Dir, "parley.db"), true
	case strings.HasPrefix(o.URL, "sqlite:"):
		p := strings.TrimPrefix(o.URL, "sqlite:")
		if rest, ok := strings.CutPrefix(p, "//"); ok {
			p = rest
		}
		if p == "" {
			p = "parley.db"
		}
		if !filepath.IsAbs(p) {
			p = filepath.Join(o.Dir, p)
		}
		return p, true
	}
	return "", false
}

// lite is an open SQLite file: one writing connection owned by the writer
// goroutine and a few reading ones, opened as they are needed.
type lite struct {
	path            string
	writeDB, readDB *sql.DB
	w               *writer

	slots chan struct{} // one token for each reader that may be in use
	mu    sync.Mutex
	idle  []*session // the last one was used last
	timer *time.Timer
	shut  bool
}

const (
	maxReaders     = 8
	readerIdleTime = time.Minute
	closePatience  = 5 * time.Second
)

func openLite(ctx context.Context, path string, o Options) (*lite, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, fmt.Errorf("db: %w", err)
	}
	if err := createPrivate(path); err != nil {
		return nil, fmt.Errorf("db: %w", err)
	}
	readers := maxReaders
	if o.MaxOpen > 0 && o.MaxOpen < readers {
		readers = o.MaxOpen
	}
	sync := "FULL"
	if o.UnsafeNoSync {
		sync = "OFF"
	}
	common := []string{"busy_timeout(10000)", "foreign_keys(1)", "case_sensitive_like(1)"}
	cache := func(kib int) string { return fmt.Sprintf("cache_size(-%d)", orDefault(o.CacheKiB, kib)) }
	writing := append([]string{"temp_store(MEMORY)", cache(4096), "journal_mode(WAL)", "journal_size_limit(67108864)"}, common...)
	if o.Filling {
		writing = append([]string{"temp_store(FILE)", "temp_store_directory(" + quotedText(filepath.Dir(path)) + ")", cache(12 << 10), "journal_mode(DELETE)"}, common...)
	}
	l := &lite{
		path:    path,
		writeDB: sql.OpenDB(liteConnector{dsn(path, "rwc", append(writing, "synchronous("+sync+")"))}),
		readDB:  sql.OpenDB(liteConnector{dsn(path, "ro", append(common, "temp_store(MEMORY)", cache(2048)))}),
		slots:   make(chan struct{}, readers),
	}
	s, err := openSession(ctx, l.writeDB)
	if err != nil {
		l.writeDB.Close()
		return nil, fmt.Errorf("db: open %s: %w", path, err)
	}
	l.w = startWriter(l.writeDB, s)
	return l, nil
}

// createPrivate makes the file readable by its owner only; it holds secrets.
func createPrivate(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	return f.Close()
}

func dsn(path, mode string, pragmas []string) string {
	q := url.Values{"mode": {mode}, "_pragma": pragmas, "_dqs": {"0"}}
	return (&url.URL{Scheme: "file", Opaque: (&url.URL{Path: path}).EscapedPath(), RawQuery: q.Encode()}).String()
}

func quotedText(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

// liteConnector opens connections of our own driver.
type liteConnector struct{ dsn string }

func (c liteConnector) Connect(context.Context) (driver.Conn, error) {
	return sqliteDriver().Open(c.dsn)
}
func (c liteConnector) Driver() driver.Driver { return sqliteDriver() }

// close ends the readers first: the connection that is closed last moves the
// log into the file, and a reading one could not.
func (l *lite) close() error {
	l.mu.Lock()
	if l.shut {
		l.mu.Unlock()
		return nil
	}
	l.shut = true
	idle := l.idle
	l.idle = nil
	if l.timer != nil {
		l.timer.Stop()
	}
	l.mu.Unlock()
	for _, s := range idle {
		s.close()
	}
	patience, cancel := context.WithTimeout(context.Background(), closePatience)
	defer cancel()
	for range cap(l.slots) {
		select {
		case l.slots <- struct{}{}:
		case <-patience.Done(): // somebody never closes his Rows
		}
	}
	l.w.stop()
	return errors.Join(l.readDB.Close(), l.writeDB.Close())
}

// acquire takes a reading connection, opening one when none is idle.
func (l *lite) acquire(ctx context.Context) (*session, error) {
	if err := l.slot(ctx); err != nil {
		return nil, err
	}
	l.mu.Lock()
	if l.shut {
		l.mu.Unlock()
		<-l.slots
		return nil, ErrClosed
	}
	if n := len(l.idle); n > 0 {
		s := l.idle[n-1]
		l.idle = l.idle[:n-1]
		l.mu.Unlock()
		return s, nil
	}
	l.mu.Unlock()
	s, err := openSession(ctx, l.readDB)
	if err != nil {
		<-l.slots
		return nil, err
	}
	return s, nil
}

func (l *lite) slot(ctx context.Context) error {
	select {
	case l.slots <- struct{}{}:
		return nil
	default:
	}
	select {
	case l.slots <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	case <-l.w.quit:
		return ErrClosed
	}
}

func (l *lite) release(s *session) {
	s.used = time.Now()
	l.mu.Lock()
	shut := l.shut
	if !shut {
		l.idle = append(l.idle, s)
		if l.timer == nil && len(l.idle) > 1 {
			l.timer = time.AfterFunc(readerIdleTime, l.reap)
		}
	}
	l.mu.Unlock()
	if shut {
		s.close()
	}
	<-l.slots
}

// reap closes the readers, all but one, that were not used for a while.
func (l *lite) reap() {
	limit := time.Now().Add(-readerIdleTime)
	l.mu.Lock()
	n := 0
	for n < len(l.idle)-1 && l.idle[n].used.Before(limit) {
		n++
	}
	old := append([]*session(nil), l.idle[:n]...)
	l.idle = append(l.idle[:0], l.idle[n:]...)
	l.timer = nil
	if len(l.idle) > 1 && !l.shut {
		l.timer = time.AfterFunc(readerIdleTime, l.reap)
	}
	l.mu.Unlock()
	for _, s := range old {
		s.close()
	}
}

func (l *lite) read(ctx context.Context, st *statement, args []any, each func(*sql.Rows) error) error {
	args, err := arguments(args, true)
	if err != nil {
		return err
	}
	s, err := l.acquire(ctx)
	if err != nil {
		return err
	}
	defer l.release(s)
	count(ctx)
	return s.each(ctx, st.text, args, each)
}

func (l *lite) stream(ctx context.Context, query string, args []any) (*Rows, error) {
	st := rewritten(query)
	if st.write {
		return nil, errors.New("db: Query on *DB only reads; use Get, List or Exec")
	}
	args, err := arguments(args, true)
	if err != nil {
		return nil, err
	}
	s, err := l.acquire(ctx)
	if err != nil {
		return nil, err
	}
	count(ctx)
	rows, done, err := s.query(ctx, st.text, args)
	if err != nil {
		l.release(s)
		return nil, err
	}
	return &Rows{rows, func(error) { done(); l.release(s) }}, nil
}

// Snapshot writes a consistent copy of a SQLite database to a new file while
// the server goes on. It fails when the file exists, and on PostgreSQL, whose
// own tools do that.
func (d *DB) Snapshot(ctx context.Context, path string) error {
	if d.lite == nil {
		return errors.New("db: a snapshot of PostgreSQL is made with pg_dump")
	}
	s, err := d.lite.acquire(ctx)
	if err != nil {
		return err
	}
	defer d.lite.release(s)
	if err := createPrivate(path); err != nil {
		return fmt.Errorf("db: %w", err)
	}
	if _, err = s.exec(ctx, "VACUUM INTO ?1", path); err != nil {
		return fmt.Errorf("db: snapshot: %w", err)
	}
	return nil
}
