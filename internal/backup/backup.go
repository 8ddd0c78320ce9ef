// Package backup writes an installation into one archive and restores it, on
// the same engine or the other.
//
// An archive is a tar, compressed with Zstandard, and encrypted with age for
// those who are named. In this order it holds:
//
//	manifest.json          what wrote it, when, and which form this is
//	tables/NAME/000000.json   rows: a line that names columns and kinds, then a line each
//	files/NAME             every blob
//	earlier/000000.json    blobs that an earlier archive holds: a line each
//	end.json               how many rows and files there are, with their sums
//
// Rows are those of one moment; files come after them, and are written before the
// row that names them: none is missing but what was deleted since. An archive
// without its end is refused. Its form is 1, or 2 when it needs earlier ones.
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

// Forms of archives; this package reads no later one. Who knows form 1 alone would
// restore one of form 2 without the files of the earlier ones.
const (
	formatWhole = 1
	formatChain = 2 // with files in earlier archives
)

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
	// ID tells the archive from others of its name; those of before there were chains have none.
	ID string `json:"id,omitempty"`
	// Earlier are all archives that hold files of this one. Those that they need in
	// turn are of no interest, so that a chain has no circle and no depth.
	Earlier []Earlier `json:"earlier,omitempty"`
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
	Held         int64    // files of those that earlier archives hold
	HeldBytes    int64    // and their bytes
	Earlier      []string // names of the earlier archives that it needs
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
