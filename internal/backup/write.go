package backup

import (
	"archive/tar"
	"bytes"
	"context"
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
	Scratch  string
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
	w := &writer{Source: s, tar: tar.NewWriter(packed), now: time.Now(), out: Summary{Version: config.Version}}
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

	table string
	part  int
}

func (w *writer) all(ctx context.Context) error {
	w.out.Created = id.Now()
	engine := "postgresql"
	if w.DB.SQLite() {
		engine = "sqlite"
	}
	if err := w.document("manifest.json", manifest{format, config.Version, engine, w.out.Created}); err != nil {
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
	return w.Blobs.List(ctx, func(name string, _ int64) error { return w.file(ctx, name) })
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
	if err := w.tar.WriteHeader(&tar.Header{Typeflag: tar.TypeReg, Name: "files/" + name, Size: size, Mode: 0o600, ModTime: w.now, Format: tar.FormatPAX}); err != nil {
		return err
	}
	h := named(name)
	if _, err := io.Copy(io.MultiWriter(w.tar, h), io.LimitReader(f, size)); err != nil {
		return fmt.Errorf("file %s: %w", name, err)
	}
	w.files.add(h.Sum(nil))
	w.out.Files++
	w.out.Bytes += size
	w.p.Bytes += size
	w.Progress(w.p)
	return nil
}
