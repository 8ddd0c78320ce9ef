package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"strings"
	"time"

	"filippo.io/age"

	"github.com/parley-chat/parley/internal/backup"
	"github.com/parley-chat/parley/internal/blob"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/db/dbcopy"
)

type restoreCommand struct {
	where
	File     string   `arg:"" help:"${restore_file}" placeholder:"FILE"`
	Replace  bool     `help:"${restore_replace}"`
	Identity string   `help:"${restore_identity}" placeholder:"FILE"`
	Earlier  []string `help:"${restore_earlier}" placeholder:"FILE"`
}

// Run reads an archive into an installation that has nobody yet.
func (c *restoreCommand) Run(s *session) error {
	d, blobs, err := c.stores(s, false)
	if err != nil {
		return err
	}
	defer func() { _ = errors.Join(blobs.Close(), d.Close()) }()
	out, err := c.restored(s, c.File, c.Identity, c.Earlier, backup.Target{DB: d, Blobs: blobs, Replace: c.Replace})
	if err != nil {
		return err
	}
	return s.say("restore_done", "Rows", out.Rows, "Files", out.Files, "MB", out.Bytes/1_000_000, "When", when(out))
}

func when(out backup.Summary) string {
	return time.UnixMilli(out.Created).UTC().Format("2006-01-02 15:04 UTC")
}

// identities reads the file with the keys of age; none without a file.
func identities(file string) ([]age.Identity, error) {
	if file == "" {
		return nil, nil
	}
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	keys, err := age.ParseIdentities(f)
	if err = errors.Join(err, f.Close()); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return keys, nil
}

// restored reads an archive, and says what is wrong with it so that one can act on it.
func (w where) restored(s *session, file, identity string, earlier []string, t backup.Target) (backup.Summary, error) {
	var err error
	if t.Identities, err = identities(identity); err != nil {
		return backup.Summary{}, err
	}
	if t.Earlier, err = w.earlier(s, file, earlier, t.Identities); err != nil {
		return backup.Summary{}, err
	}
	in, err := w.archive(s, file)
	if err != nil {
		return backup.Summary{}, err
	}
	defer func() { _ = in.Close() }()
	b := newBar(s)
	t.Progress = func(p backup.Progress) {
		b.tell(func() string { return s.text("restore_progress", "Rows", p.Rows, "MB", p.Bytes/1_000_000) })
	}
	out, err := backup.Restore(s.ctx, in, t)
	b.end()
	if errors.Is(err, dbcopy.ErrNotEmpty) {
		return out, s.problem("restore_not_empty")
	}
	if known := archiveProblem(s, file, err); known != nil {
		return out, known
	}
	if err != nil {
		return out, fmt.Errorf("%w\n%s", err, s.text("restore_nothing"))
	}
	if len(out.LeftOut) > 0 {
		err = s.say("copy_left_out", "Tables", strings.Join(out.LeftOut, ", "))
	}
	if len(out.Earlier) > 0 {
		err = errors.Join(err, s.say("restore_chain", "Files", out.Held, "MB", out.HeldBytes/1_000_000, "Earlier", strings.Join(out.Earlier, ", ")))
	}
	return out, err
}

// archiveProblem says what one can do about an archive that can't be read; nil
// about any other error.
func archiveProblem(s *session, file string, err error) error {
	var link *backup.ChainError
	if errors.As(err, &link) {
		for problem, key := range map[error]string{backup.ErrMissing: "chain_missing", backup.ErrAnother: "chain_another"} {
			if errors.Is(err, problem) {
				return s.problem(key, "File", file, "Earlier", link.Name)
			}
		}
		file = link.Name
	}
	for problem, key := range map[error]string{backup.ErrEncrypted: "restore_encrypted", backup.ErrNewer: "restore_newer", backup.ErrNoArchive: "restore_no_archive",
		backup.ErrOld: "chain_old", backup.ErrTooLong: "chain_too_long"} {
		if errors.Is(err, problem) {
			return s.problem(key, "File", file)
		}
	}
	return nil
}

// earlier finds the archives that one needs: among those named, whatever they
// are called now, else beside it.
func (w where) earlier(s *session, file string, named []string, keys []age.Identity) (func(context.Context, backup.Earlier) (io.ReadCloser, error), error) {
	at := map[string]string{}
	for _, one := range named {
		in, err := w.archive(s, one)
		if err != nil {
			return nil, err
		}
		archiveID, err := backup.Name(in, keys)
		_ = in.Close()
		if known := archiveProblem(s, one, err); known != nil {
			return nil, known
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", one, err)
		}
		at[archiveID] = one
	}
	beside := ""
	if bucket, _, ok := inBucket(file); ok {
		beside = bucket + "/"
	} else if file != "-" {
		beside = filepath.Dir(file) + string(filepath.Separator)
	}
	return func(_ context.Context, e backup.Earlier) (io.ReadCloser, error) {
		path, ok := at[e.ID]
		if !ok && beside == "" {
			return nil, backup.ErrMissing
		}
		if !ok {
			path = beside + e.Name
		}
		in, err := w.archive(s, path)
		if errors.Is(err, os.ErrNotExist) || errors.Is(err, blob.ErrNotFound) {
			return nil, backup.ErrMissing
		}
		return in, err
	}, nil
}

// since reads what an earlier archive holds, and those that it needs.
func (c *backupCommand) since(s *session) (*backup.Held, error) {
	keys, err := identities(c.Identity)
	if err != nil {
		return nil, err
	}
	if filepath.Clean(c.Since) == filepath.Clean(c.File) || c.Since == "-" {
		return nil, s.problem("chain_itself")
	}
	in, err := c.archive(s, c.Since)
	if err != nil {
		return nil, err
	}
	defer func() { _ = in.Close() }()
	held, err := backup.Scan(s.ctx, in, path.Base(filepath.ToSlash(c.Since)), keys)
	if known := archiveProblem(s, c.Since, err); known != nil {
		return nil, known
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", c.Since, err)
	}
	return held, nil
}

type verifyCommand struct {
	where
	File     string   `arg:"" help:"${restore_file}" placeholder:"FILE"`
	Identity string   `help:"${restore_identity}" placeholder:"FILE"`
	Earlier  []string `help:"${restore_earlier}" placeholder:"FILE"`
	Scratch  string   `help:"${verify_scratch}" placeholder:"DIR"`
}

// Run restores an archive into a place of its own, which compares every row and
// every file, and removes that again.
func (c *verifyCommand) Run(s *session) (err error) {
	dir, err := os.MkdirTemp(c.Scratch, "parley-verify-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	d, err := db.Open(s.ctx, db.Options{Dir: dir, Filling: true})
	if err != nil {
		return err
	}
	defer func() { _ = d.Close() }()
	blobs, err := blob.OpenDisk(filepath.Join(dir, "files"))
	if err != nil {
		return err
	}
	defer func() { _ = blobs.Close() }()
	out, err := c.restored(s, c.File, c.Identity, c.Earlier, backup.Target{DB: d, Blobs: blobs})
	if err != nil {
		return err
	}
	return s.say("verify_done", "File", c.File, "Rows", out.Rows, "Tables", out.Tables, "Files", out.Files, "MB", out.Bytes/1_000_000, "When", when(out),
		"Version", out.Version)
}
