package blob

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/parley-chat/parley/internal/id"
)

// Disk keeps blobs in a folder of the file system. No path leads out of the
// folder, not even through a symbolic link that somebody put there.
type Disk struct{ root *os.Root }

// OpenDisk opens the folder dir, which it makes when it is missing.
func OpenDisk(dir string) (*Disk, error) {
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return nil, fmt.Errorf("blob: the folder: %w", err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("blob: the folder: %w", err)
	}
	if err := root.Mkdir(temporary, 0o750); err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, errors.Join(fmt.Errorf("blob: the folder: %w", err), root.Close())
	}
	return &Disk{root}, nil
}

// Close releases the folder.
func (d *Disk) Close() error { return d.root.Close() }

// Read is Store's.
func (d *Disk) Read(ctx context.Context, name string) ([]byte, error) { return readAll(ctx, d, name) }

// Open is Store's; what it returns is an *os.File.
func (d *Disk) Open(_ context.Context, name string) (io.ReadSeekCloser, error) {
	if err := check(name); err != nil {
		return nil, err
	}
	f, err := d.root.Open(filepath.FromSlash(name))
	if err != nil {
		return nil, named(err)
	}
	info, err := f.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = ErrNotFound
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// Exists is Store's.
func (d *Disk) Exists(_ context.Context, name string) (bool, error) {
	if err := check(name); err != nil {
		return false, err
	}
	info, err := d.root.Stat(filepath.FromSlash(name))
	if err = named(err); errors.Is(err, ErrNotFound) {
		return false, nil
	}
	return err == nil && info.Mode().IsRegular(), err
}

// Write is Store's: into a temporary file that is synced, then renamed, and its
// folder synced.
func (d *Disk) Write(_ context.Context, name string, from io.Reader) (n int64, err error) {
	if err := check(name); err != nil {
		return 0, err
	}
	local := filepath.FromSlash(name)
	dir := filepath.Dir(local)
	if err := d.makeDirs(dir); err != nil {
		return 0, err
	}
	part := filepath.Join(temporary, id.New())
	n, err = d.writeNew(part, from)
	if err == nil {
		err = d.root.Rename(part, local)
	}
	if err != nil {
		return n, errors.Join(fmt.Errorf("blob: %w", err), ignoreMissing(d.root.Remove(part)))
	}
	return n, d.syncDir(dir)
}

// writeNew writes a file that doesn't exist yet and waits until the disk has it.
func (d *Disk) writeNew(local string, from io.Reader) (int64, error) {
	f, err := d.root.OpenFile(local, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o640)
	if err != nil {
		return 0, err
	}
	n, err := io.Copy(f, from)
	if err == nil {
		err = f.Sync()
	}
	return n, errors.Join(err, f.Close())
}

// makeDirs makes dir and what it lies in. A new folder's name is on the disk
// when its parent has been synced.
func (d *Disk) makeDirs(dir string) error {
	if _, err := d.root.Stat(dir); err == nil {
		return nil
	}
	if parent := filepath.Dir(dir); parent != dir {
		if err := d.makeDirs(parent); err != nil {
			return err
		}
	}
	if err := d.root.Mkdir(dir, 0o750); err != nil && !errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("blob: %w", err)
	}
	return d.syncDir(filepath.Dir(dir))
}

func (d *Disk) syncDir(dir string) error {
	f, err := d.root.Open(dir)
	if err != nil {
		return fmt.Errorf("blob: %w", err)
	}
	return errors.Join(f.Sync(), f.Close())
}

// List is Store's.
func (d *Disk) List(ctx context.Context, each func(name string, size int64) error) error {
	return fs.WalkDir(d.root.FS(), ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case errors.Is(err, fs.ErrNotExist): // removed meanwhile
			return nil
		case err != nil:
			return fmt.Errorf("blob: %w", err)
		case ctx.Err() != nil:
			return ctx.Err()
		case entry.IsDir() && name == temporary:
			return fs.SkipDir
		case !entry.Type().IsRegular() || check(name) != nil:
			return nil
		}
		info, err := entry.Info()
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("blob: %w", err)
		}
		return each(name, info.Size())
	})
}

// Delete is Store's.
func (d *Disk) Delete(_ context.Context, name string) error {
	if err := check(name); err != nil {
		return err
	}
	local := filepath.FromSlash(name)
	if err := ignoreMissing(d.root.Remove(local)); err != nil {
		return fmt.Errorf("blob: %w", err)
	}
	return nil
}

// Sweep is Store's.
func (d *Disk) Sweep(ctx context.Context, older time.Duration) error {
	dir, err := d.root.Open(temporary)
	if err != nil {
		return fmt.Errorf("blob: %w", err)
	}
	names, err := dir.Readdirnames(-1)
	err = errors.Join(err, dir.Close())
	for _, name := range names {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		part := filepath.Join(temporary, name)
		info, statErr := d.root.Stat(part)
		if statErr == nil && time.Since(info.ModTime()) > older {
			err = errors.Join(err, ignoreMissing(d.root.Remove(part)))
		}
	}
	return err
}

func named(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, fs.ErrNotExist):
		return ErrNotFound
	}
	return fmt.Errorf("blob: %w", err)
}

func ignoreMissing(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}
