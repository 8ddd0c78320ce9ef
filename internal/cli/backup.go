package cli

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"

	"filippo.io/age"

	"github.com/parley-chat/parley/internal/backup"
	"github.com/parley-chat/parley/internal/blob"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/server"
)

type backupCommand struct {
	where
	File       string   `arg:"" help:"${backup_file}" placeholder:"FILE"`
	Recipients []string `help:"${backup_recipient}" name:"recipient" placeholder:"age1…"`
	NoFiles    bool     `help:"${backup_no_files}" name:"no-files"`
	Since      string   `help:"${backup_since}" placeholder:"EARLIER"`
	Identity   string   `help:"${backup_identity}" placeholder:"FILE"`
}

// Run writes an archive of the installation beside the running server.
func (c *backupCommand) Run(s *session) error {
	if c.File == "-" { // the output is the archive, and nothing else
		apart := *s
		apart.out = s.err
		s = &apart
	}
	recipients, err := c.recipients(s)
	if err != nil {
		return err
	}
	d, blobs, err := c.stores(s, true)
	if err != nil {
		return err
	}
	defer func() { _ = d.Close() }()
	if blobs != nil {
		defer func() { _ = blobs.Close() }()
	}
	source := backup.Source{DB: d, Recipients: recipients, Scratch: c.Data}
	if !c.NoFiles {
		source.Blobs = blobs
	}
	if c.Since != "" && !c.NoFiles {
		if source.Since, err = c.since(s); err != nil {
			return err
		}
	}
	b := newBar(s)
	source.Progress = func(p backup.Progress) {
		b.tell(func() string {
			return s.text("backup_progress", "Percent", p.Rows*100/max(p.OfRows, 1), "Rows", p.Rows, "MB", p.Bytes/1_000_000, "OfMB", p.OfBytes/1_000_000,
				"Rate", int64(float64(p.Rows)/max(b.took().Seconds(), 0.001)))
		})
	}
	out, err := c.write(s, source)
	b.end()
	if err != nil {
		return err
	}
	if out.Gone > 0 {
		if err := s.say("backup_gone", "Files", out.Gone); err != nil {
			return err
		}
	}
	if err := s.say("backup_done", "File", c.File, "Rows", out.Rows, "Files", out.Files, "MB", out.Bytes/1_000_000); err != nil || len(out.Earlier) == 0 {
		return err
	}
	return s.say("backup_chain", "Files", out.Held, "MB", out.HeldBytes/1_000_000, "Earlier", strings.Join(out.Earlier, ", "))
}

func (c *backupCommand) recipients(s *session) ([]age.Recipient, error) {
	var out []age.Recipient
	for _, text := range c.Recipients {
		r, err := age.ParseX25519Recipient(strings.TrimSpace(text))
		if err != nil {
			return nil, s.problem("backup_recipient_wrong", "Key", text)
		}
		out = append(out, r)
	}
	return out, nil
}

// write writes the archive to its place; "-" is the standard output.
func (c *backupCommand) write(s *session, source backup.Source) (backup.Summary, error) {
	if c.File == "-" {
		return backup.Write(s.ctx, s.raw, source)
	}
	if bucket, name, ok := inBucket(c.File); ok {
		place, err := c.bucket(s, bucket)
		if err != nil {
			return backup.Summary{}, err
		}
		out, _, err := backup.WriteTo(s.ctx, place, name, source)
		return out, errors.Join(err, place.Close())
	}
	var out backup.Summary
	err := writeWhole(c.File, func(to io.Writer) (err error) { out, err = backup.Write(s.ctx, to, source); return err })
	return out, err
}

// writeWhole has write fill a file beside its name first, so that the name is
// that of a whole one. Only its owner can read it.
func writeWhole(name string, write func(to io.Writer) error) error {
	part := name + ".part"
	f, err := os.OpenFile(part, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	if err = write(f); err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(part, name)
	}
	if err != nil {
		return errors.Join(err, os.Remove(part))
	}
	return nil
}

// inBucket splits s3://bucket/folder/name before the last slash.
func inBucket(file string) (bucket, name string, ok bool) {
	at := strings.LastIndexByte(file, '/')
	if !strings.HasPrefix(file, "s3://") || at < len("s3://x") || at == len(file)-1 {
		return "", "", false
	}
	return file[:at], file[at+1:], true
}

// bucket opens a bucket with the endpoint and the keys of the settings.
func (w where) bucket(s *session, url string) (blob.Store, error) {
	cfg, err := server.OpenConfig(s.ctx, w.options(s))
	if err != nil {
		return nil, err
	}
	return backup.OpenPlace(url, w.Data, &cfg.Get().FileSettings, slog.New(slog.DiscardHandler))
}

// archive opens one for reading: a file, "-" for the input, or in a bucket.
func (w where) archive(s *session, file string) (io.ReadCloser, error) {
	if file == "-" {
		return io.NopCloser(s.in), nil
	}
	bucket, name, ok := inBucket(file)
	if !ok {
		return os.Open(file)
	}
	place, err := w.bucket(s, bucket)
	if err != nil {
		return nil, err
	}
	in, err := place.Open(s.ctx, name)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", file, err), place.Close())
	}
	return in, nil
}

// stores opens what the installation keeps its data in: to read it, which must
// exist then, or to fill it.
func (w where) stores(s *session, mustExist bool) (*db.DB, blob.Store, error) {
	o := w.options(s)
	o.Filling = !mustExist
	cfg, d, err := w.existing(s, o)
	if err == nil && d == nil {
		if mustExist {
			return nil, nil, s.problem("no_database", "Data", w.Data)
		}
		cfg, d, err = server.OpenDatabase(s.ctx, o)
	}
	if err != nil {
		return nil, nil, err
	}
	blobs, err := server.OpenBlobs(w.options(s), cfg)
	if err != nil {
		return nil, nil, errors.Join(err, d.Close())
	}
	return d, blobs, nil
}
