package backup

import (
	"archive/tar"
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"

	"filippo.io/age"

	"github.com/parley-chat/parley/internal/blob"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/db/dbcopy"
)

// Bounds of what is taken from an archive: whoever made it may mean harm.
const (
	maxDocument = 64 << 20  // bytes of a file of rows, and of manifest and end
	maxWindow   = 128 << 20 // memory of the decompression
	maxName     = 1024      // bytes
)

// Target is where an archive is restored.
type Target struct {
	DB    *db.DB
	Blobs blob.Store
	// Replace removes what the database holds. Files that are there stay, unless
	// the archive has others of the same names.
	Replace    bool
	Identities []age.Identity
	// Earlier opens an archive that this one needs. It fails with ErrMissing when
	// there is none. nil: none can be had.
	Earlier  func(ctx context.Context, e Earlier) (io.ReadCloser, error)
	Progress func(Progress) // may be nil
}

// Restore reads an archive into an installation. The database is written in one
// transaction, which ends when all of the archive, files included, was found to be
// what was written: a bad one leaves the database as it was. It fails with the errors of
// this package, with a ChainError about an archive that this one needs, with
// dbcopy.ErrNotEmpty, and with what the stores fail with.
func Restore(ctx context.Context, from io.Reader, t Target) (Summary, error) {
	if t.Progress == nil {
		t.Progress = func(Progress) {}
	}
	a, err := unpack(from, t.Identities)
	if err != nil {
		return Summary{}, err
	}
	defer a.close()
	r := &reader{Target: t, archive: a, out: Summary{Version: a.manifest.Version, Created: a.manifest.Created}}
	if err := r.chain(ctx); err != nil {
		return Summary{}, err
	}
	sums, leftOut, err := dbcopy.Load(ctx, t.DB, t.Replace, func(l *dbcopy.Loader) error { return r.all(ctx, l) })
	r.out.LeftOut, r.out.Tables = leftOut, len(sums)
	for _, s := range sums {
		r.out.Rows += s.Rows
	}
	return r.out, err
}

type reader struct {
	Target
	*archive
	p      Progress
	files  pile
	wanted wanted
	out    Summary
}

// all takes in every entry, up to the end.
func (r *reader) all(ctx context.Context, l *dbcopy.Loader) error {
	for {
		h, err := r.next(ctx)
		if err != nil {
			return err
		}
		kind, name, _ := strings.Cut(h.Name, "/")
		switch {
		case kind == "tables":
			err = r.rows(l, h)
		case kind == "files":
			_, err = r.file(ctx, h, name)
		case kind == "earlier":
			err = r.refer(h)
		case h.Name == "end.json":
			return r.finish(ctx, h, l)
		default:
			err = damaged("%s has no place in an archive", shown(h.Name))
		}
		if err != nil {
			return err
		}
	}
}

// finish compares what came with what should have come.
func (r *reader) finish(ctx context.Context, h *tar.Header, s *dbcopy.Loader) error {
	var e end
	if err := r.document(h, &e); err != nil {
		return err
	}
	have := map[string]dbcopy.Sum{}
	for _, one := range s.Sums() {
		have[one.Table] = one
	}
	for _, want := range e.Tables {
		if want.Rows > 0 && have[want.Table] != want {
			return damaged("table %s has %d rows of %d, or others", shown(want.Table), have[want.Table].Rows, want.Rows)
		}
		delete(have, want.Table)
	}
	if len(have) > 0 {
		return damaged("there are tables that its end doesn't name")
	}
	if _, err := r.tar.Next(); !errors.Is(err, io.EOF) {
		return damaged("something follows its end")
	}
	if err := r.fetch(ctx); err != nil {
		return err
	}
	return e.files(r.out.Files, r.out.Bytes, &r.files)
}

// files compares those that came with those that should have come.
func (e end) files(n, bytes int64, sum *pile) error {
	if n != e.Files || bytes != e.Bytes || sum.String() != e.Hash {
		return damaged("%d files came of %d, or others", n, e.Files)
	}
	return nil
}

func (r *reader) rows(l *dbcopy.Loader, h *tar.Header) error {
	raw, err := r.text(h)
	if err != nil {
		return err
	}
	head := json.NewDecoder(bytes.NewReader(raw))
	var t dbcopy.Table
	if err := head.Decode(&t); err != nil || path.Dir(h.Name) != "tables/"+t.Name || len(t.Columns) != len(t.Kinds) {
		return damaged("%s doesn't say what it holds", shown(h.Name))
	}
	in := &rowsIn{raw: raw[head.InputOffset():], kinds: t.Kinds}
	rows := make([][]any, 0, rowsLikely)
	for {
		row, err := in.next()
		if err != nil {
			return damaged("%s: a row can't be read: %v", shown(h.Name), err)
		}
		if row == nil {
			break
		}
		rows = append(rows, row)
	}
	r.p.Rows += int64(len(rows))
	r.Progress(r.p)
	return l.Put(t, rows)
}

// rowsLikely is how many rows a file of rows has, usually.
const rowsLikely = 500

var errRow = errors.New("it has other columns")

// value is a value of a row as dbcopy has it.
func value(kind string, v any) (any, error) {
	switch v := v.(type) {
	case nil, bool:
		return v, nil
	case json.Number:
		if kind == "real" {
			return v.Float64()
		}
		return v.Int64()
	case string:
		if kind == "bytes" {
			return base64.StdEncoding.DecodeString(v)
		}
		return v, nil
	}
	return nil, fmt.Errorf("%T is no value", v)
}

// file stores a blob, under a name that the store accepts: none that climbs. It
// returns the sum of it.
func (r *reader) file(ctx context.Context, h *tar.Header, name string) ([]byte, error) {
	digest := named(name)
	n, err := r.Blobs.Write(ctx, name, io.TeeReader(r.tar, digest))
	if err != nil {
		return nil, fmt.Errorf("file %s: %w", shown(name), err)
	}
	if n != h.Size {
		return nil, damaged("file %s is shorter than it says", shown(name))
	}
	sum := digest.Sum(nil)
	r.files.add(sum)
	r.out.Files++
	r.out.Bytes += n
	r.p.Bytes += n
	r.Progress(r.p)
	return sum, nil
}

// shown is a name from an archive for a message: quoted, and not too long.
func shown(name string) string {
	if len(name) > 80 {
		name = name[:80] + "…"
	}
	return fmt.Sprintf("%q", name)
}
