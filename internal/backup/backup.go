// Package backup writes an installation into one archive and restores it, on
// the same engine or the other.
//
// An archive is a tar of regular files, compressed with Zstandard, and encrypted
// with age for those who are named. In this order it holds:
//
//	manifest.json          what wrote it, when, and which form this is
//	tables/NAME/000000.json   rows: a line that names columns and kinds, then a line each
//	files/NAME             every blob
//	end.json               how many rows and files there are, with their sums
//
// Rows are those of one moment, while the server goes on. Files come after them:
// a file is written before the row that names it, so none is missing that was
// there at that moment, but for what was deleted since. An archive without its end is
// not whole, and is refused.
package backup

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"math/bits"

	"github.com/parley-chat/parley/internal/db/dbcopy"
)

// format is the form that this package writes; it reads no later one.
const format = 1

// Errors that callers compare with errors.Is.
var (
	// ErrNoArchive: the file isn't one.
	ErrNoArchive = errors.New("backup: this is no archive of Parley")
	// ErrEncrypted: a key is needed to read it, or another one.
	ErrEncrypted = errors.New("backup: the archive is encrypted for another key")
	// ErrNewer: a later version wrote it.
	ErrNewer = errors.New("backup: a newer Parley wrote this archive")
	// ErrDamaged: it was changed or cut off. The text says where.
	ErrDamaged = errors.New("backup: the archive is damaged")
)

func damaged(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrDamaged, fmt.Sprintf(format, args...))
}

// manifest is the beginning of an archive.
type manifest struct {
	Parley  int    `json:"parley_backup"` // format
	Version string `json:"version"`       // of the program
	Engine  string `json:"engine"`
	Created int64  `json:"created"` // Unix ms
}

// end is what an archive has to hold.
type end struct {
	Tables []dbcopy.Sum `json:"tables"`
	Files  int64        `json:"files"`
	Bytes  int64        `json:"bytes"`
	Hash   string       `json:"hash"` // of all files, with their names
}

// Summary is what an archive holds, or what was restored from one.
type Summary struct {
	Version      string
	Created      int64 // Unix ms
	Tables       int
	Rows         int64
	Files, Bytes int64
	Gone         int64    // files that were deleted while the archive was written
	LeftOut      []string // tables that Parley doesn't know
}

// Progress is how far it is: rows first, then bytes of files.
type Progress struct {
	Rows, OfRows   int64
	Bytes, OfBytes int64
}

// pile is the sum of hashes of files, in whatever order they come.
type pile struct{ high, low uint64 }

func (p *pile) add(digest []byte) {
	var carry uint64
	p.low, carry = bits.Add64(p.low, binary.BigEndian.Uint64(digest[8:16]), 0)
	p.high, _ = bits.Add64(p.high, binary.BigEndian.Uint64(digest[:8]), carry)
}

func (p *pile) String() string {
	var raw [16]byte
	binary.BigEndian.PutUint64(raw[:8], p.high)
	binary.BigEndian.PutUint64(raw[8:], p.low)
	return hex.EncodeToString(raw[:])
}

// named begins the hash of a file with its name.
func named(name string) hash.Hash {
	h := sha256.New()
	_, _ = fmt.Fprintf(h, "%d %s ", len(name), name)
	return h
}
