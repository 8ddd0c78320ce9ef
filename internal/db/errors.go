package db

import (
	"database/sql/driver"
	"errors"
	"slices"
	"strings"
	"syscall"

	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"
)

// errDiscard makes database/sql drop a connection instead of keeping it.
var errDiscard = driver.ErrBadConn

// SQLite's extended result codes (sqlite.org/rescode.html).
const (
	codeNoMem      = 7
	codeInterrupt  = 9
	codeBusy       = 5
	codeLocked     = 6
	codeIOErr      = 10
	codeCorrupt    = 11
	codeFull       = 13
	codeForeignKey = 787
	codeIOWrite    = 778  // a write that the disk didn't take
	codeIOShmSize  = 4874 // no room for the index of the log
	codeIOShmMap   = 5386
	codePrimaryKey = 1555
	codeUnique     = 2067
)

// DuplicateError is SQLite's unique violation with the name of the index, as
// PostgreSQL would report it.
type DuplicateError struct {
	Index string
	err   error
}

func (e *DuplicateError) Error() string { return e.err.Error() }

// Unwrap returns the driver's error.
func (e *DuplicateError) Unwrap() error { return e.err }

// IsDuplicate tells whether err is a unique violation, of one of the named
// indexes or constraints when any are given. A primary key is TABLE_pkey.
func IsDuplicate(err error, index ...string) bool {
	var pe *pgconn.PgError
	if errors.As(err, &pe) {
		return pe.Code == "23505" && (len(index) == 0 || slices.Contains(index, pe.ConstraintName))
	}
	var de *DuplicateError
	if errors.As(err, &de) {
		return len(index) == 0 || slices.Contains(index, de.Index)
	}
	return false
}

// IsForeignKey tells whether err is a foreign key violation.
func IsForeignKey(err error) bool {
	var pe *pgconn.PgError
	if errors.As(err, &pe) {
		return pe.Code == "23503"
	}
	return liteCode(err) == codeForeignKey
}

// IsTooLong tells whether err says that a text is longer than its column.
// SQLite has no such limit.
func IsTooLong(err error) bool {
	var pe *pgconn.PgError
	return errors.As(err, &pe) && pe.Code == "22001"
}

// IsUnreachable tells whether err says that PostgreSQL doesn't answer, or not
// yet: it may be starting.
func IsUnreachable(err error) bool {
	var pe *pgconn.PgError
	if errors.As(err, &pe) {
		return pe.Code == "57P03"
	}
	var ce *pgconn.ConnectError
	return errors.As(err, &ce)
}

// retryable are PostgreSQL's serialization failure and deadlock.
func retryable(err error) bool {
	var pe *pgconn.PgError
	return errors.As(err, &pe) && (pe.Code == "40001" || pe.Code == "40P01")
}

// IsFull tells whether err says that the disk of the database takes no more: it is
// full, or a quota or a limit of the process is reached.
func IsFull(err error) bool {
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) || errors.Is(err, syscall.EFBIG) {
		return true
	}
	var pe *pgconn.PgError
	if errors.As(err, &pe) {
		return pe.Code == "53100" // disk_full
	}
	switch code := liteCode(err); code {
	case codeIOWrite, codeIOShmSize, codeIOShmMap:
		return true
	default:
		return code&0xff == codeFull
	}
}

// IsInUse tells whether err says that another process keeps SQLite's file.
func IsInUse(err error) bool {
	code := liteCode(err) & 0xff
	return code == codeBusy || code == codeLocked
}

func liteCode(err error) int {
	var le *sqlite.Error
	if errors.As(err, &le) {
		return le.Code()
	}
	return 0
}

// endsBatch are the failures after which SQLite may have rolled back the
// whole transaction by itself, with everybody's savepoints.
func endsBatch(err error) bool {
	switch liteCode(err) & 0xff {
	case codeNoMem, codeInterrupt, codeIOErr, codeCorrupt, codeFull:
		return true
	}
	return false
}

// violated returns what follows "UNIQUE constraint failed: " in SQLite's
// message: `table.column, table.column` or `index 'name'`.
func violated(err error) (string, bool) {
	if c := liteCode(err); c != codeUnique && c != codePrimaryKey {
		return "", false
	}
	_, what, ok := strings.Cut(err.Error(), "UNIQUE constraint failed: ")
	if !ok {
		return "", false
	}
	what, _, _ = strings.Cut(what, " (")
	return what, true
}
