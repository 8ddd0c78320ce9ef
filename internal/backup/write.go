package backup

import (
	"archive/tar"
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"time"

	"filippo.io/age"
	"github.com/klauspost/compress/zstd"

	"github.com/parley-chat/parley/internal/blob"
	"github.com/parley-chat/parley/internal/config"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/db/dbcopy"
	"github.com/parley-chat/parley/internal/id"
)

// Source is what is written.
type Source struct {
	DB    *db.DB
	Blobs blob.Store // nil: without files
	// Recipients can read it, and nobody else; none: everybody who has the file.
	Recipients []age.Recipient
	// Scratch is a folder with room for a copy of SQLite's file.
	Scratch string
	// Since names what earlier archives hold: what didn't change isn't held again. nil: all is.
	Since *Held
	// Holds takes in what the new archive holds and needs, for the next one; may be nil.
	Holds    *Held
	Progress func(Progress) // may be nil
}

// Write writes an archive.
func Write(ctx context.Context, to io.Writer, s Source) (Summary, error) {
	if s.Progress == nil {
		s.Progress = func(Progress) {}
	}
	var encrypted io.WriteCloser = nopCloser{to}
	if len(s.Recipients) > 0 {
		var err error
		if encrypted, err = age.Encrypt(to, s.Recipients...); err != nil {
			return Summary{}, err
		}
	}
	packed, err := zstd.NewWriter(encrypted, zstd.WithEncoderCRC(true), zstd.WithEncoderConcurrency(1), zstd.WithWindowSize(1<<20))
	if err != nil {
		return Summary{}, err
	}
	w := &writer{Source: s, tar: tar.NewWriter(packed), now: time.Now(), out: Summary{Version: config.Version}, id: id.New()}
	if err := w.all(ctx); err != nil {
		return Summary{}, err
	}
	return w.out, errors.Join(w.tar.Close(), packed.Close(), encrypted.Close())
}

type nopCloser struct{ io.Writer }

func (nopCloser) Close() error { return nil }

type writer struct {
	Source
	tar   *tar.Writer
	now   time.Time
	p     Progress
	end   end
	files pile
	out   Summary
	id    string

	table string
	part  int
	refs  references
}

func (w *writer) all(ctx context.Context) error {
	w.out.Created = id.Now()
	engine := "postgresql"
	if w.DB.SQLite() {
		engine = "sqlite"
	}
	m := manifest{Parley: formatWhole, Version: config.Version, Engine: engine, Created: w.out.Created, ID: w.id}
	if w.Since != nil && len(w.Since.Archives) > 0 && w.Blobs != nil {
		m.Parley, m.Earlier = formatChain, w.Since.Archives
		for _, e := range m.Earlier {
			w.out.Earlier = append(w.out.Earlier, e.Name)
		}
	}
	w.Holds.begin(Earlier{ID: w.id}, m.Earlier)
	if err := w.document("manifest.json", m); err != nil {
		return err
	}
	if err := w.rows(ctx); err != nil {
		return err
	}
	if w.Blobs != nil {
		if err := w.allFiles(ctx); err != nil {
			return err
		}
	}
	w.end.Files, w.end.Bytes, w.end.Hash = w.out.Files, w.out.Bytes, w.files.String()
	return w.document("end.json", w.end)
}

func (w *writer) document(name string, v any) error {
	raw, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return w.entry(name, raw)
}

func (w *writer) entry(name string, raw []byte) error {
	if err := w.tar.WriteHeader(&tar.Header{Typeflag: tar.TypeReg, Name: name, Size: int64(len(raw)), Mode: 0o600, ModTime: w.now, Format: tar.FormatPAX}); err != nil {
		return err
	}
	_, err := w.tar.Write(raw)
	return err
}

// rows writes the database as it is at one moment.
func (w *writer) rows(ctx context.Context) error {
	dump := func(at db.Querier) (err error) {
		w.end.Tables, err = dbcopy.Dump(ctx, at, func(p dbcopy.Progress) {
			w.p.Rows, w.p.OfRows = p.Total, p.Of
			w.Progress(w.p)
		}, w.batch)
		return err
	}
	err := w.moment(ctx, dump)
	w.out.Tables = len(w.end.Tables)
	for _, t := range w.end.Tables {
		w.out.Rows += t.Rows
	}
	return err
}

// moment has fn read one moment of the database: on SQLite a copy of its file.
func (w *writer) moment(ctx context.Context, fn func(at db.Querier) error) error {
	if !w.DB.SQLite() {
		return w.DB.Moment(ctx, fn)
	}
	dir, done, err := scratch(w.Scratch)
	if err != nil {
		return err
	}
	defer done()
	path := filepath.Join(dir, "parley.db")
	if err := w.DB.Snapshot(ctx, path); err != nil {
		return err
	}
	still, err := db.Open(ctx, db.Options{URL: "sqlite:" + path})
	if err != nil {
		return err
	}
	return errors.Join(fn(still), still.Close())
}

// batch writes some rows as a file of lines.
func (w *writer) batch(t dbcopy.Table, rows [][]any) error {
	if t.Name != w.table {
		w.table, w.part = t.Name, 0
	}
	var b bytes.Buffer
	lines := json.NewEncoder(&b)
	lines.SetEscapeHTML(false)
	if err := lines.Encode(t); err != nil {
		return err
	}
	for _, row := range rows {
		if err := lines.Encode(row); err != nil { // bytes as base64
			return err
		}
	}
	name := fmt.Sprintf("tables/%s/%06d.json", t.Name, w.part)
	w.part++
	return w.entry(name, b.Bytes())
}

func (w *writer) allFiles(ctx context.Context) error {
	err := w.Blobs.List(ctx, func(_ string, size int64) error {
		w.p.OfBytes += size
		return nil
	})
	if err != nil {
		return err
	}
	if err := w.Blobs.List(ctx, func(name string, _ int64) error { return w.file(ctx, name) }); err != nil {
		return err
	}
	return w.refer()
}

func (w *writer) file(ctx context.Context, name string) error {
	f, err := w.Blobs.Open(ctx, name)
	if errors.Is(err, blob.ErrNotFound) {
		w.out.Gone++
		return nil
	}
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	size, err := f.Seek(0, io.SeekEnd)
	if err == nil {
		_, err = f.Seek(0, io.SeekStart)
	}
	if err != nil {
		return err
	}
	if held, err := w.held(name, size, f); held || err != nil {
		return err
	}
	if err := w.tar.WriteHeader(&tar.Header{Typeflag: tar.TypeReg, Name: "files/" + name, Size: size, Mode: 0o600, ModTime: w.now, Format: tar.FormatPAX}); err != nil {
		return err
	}
	h := named(name)
	if _, err := io.Copy(io.MultiWriter(w.tar, h), io.LimitReader(f, size)); err != nil {
		return fmt.Errorf("file %s: %w", name, err)
	}
	w.Holds.add(name, h.Sum(nil), 0)
	w.counted(h.Sum(nil), size)
	return nil
}

// counted adds a file to what the archive stands for.
func (w *writer) counted(digest []byte, size int64) {
	w.files.add(digest)
	w.out.Files++
	w.out.Bytes += size
	w.p.Bytes += size
	w.Progress(w.p)
}

// held names a file that an earlier archive holds as it is, and reports whether
// it did. Else f stands at its beginning.
func (w *writer) held(name string, size int64, f io.ReadSeeker) (bool, error) {
	if w.Since == nil {
		return false, nil
	}
	at, known := w.Since.find(name)
	if !known {
		return false, nil
	}
	h := named(name)
	if _, err := io.Copy(h, io.LimitReader(f, size)); err != nil {
		return false, fmt.Errorf("file %s: %w", name, err)
	}
	digest := h.Sum(nil)
	if !w.Since.same(at, digest) {
		_, err := f.Seek(0, io.SeekStart)
		return false, err
	}
	in := int(w.Since.list[at].in)
	w.Holds.add(name, digest, in+1)
	w.counted(digest, size)
	w.out.Held++
	w.out.HeldBytes += size
	if err := w.refs.put(reference{name, size, hex.EncodeToString(digest), in}); err != nil || w.refs.lines < refsAtOnce {
		return true, err
	}
	return true, w.refer()
}

// refer writes the names that wait as a file of lines.
func (w *writer) refer() error {
	if w.refs.lines == 0 {
		return nil
	}
	err := w.entry(fmt.Sprintf("earlier/%06d.json", w.refs.part), w.refs.b.Bytes())
	w.refs.b.Reset()
	w.refs.lines = 0
	w.refs.part++
	return err
}
