// Package blob keeps bytes that belong to rows of the database: profile
// pictures, team icons, uploaded files.
//
// A blob is named by a path with forward slashes below the data folder, such as
// teams/{id}/teamIcon.png or users/{id}/profile.png (the folders that a
// Mattermost installation has already). What a write has acknowledged survives
// power loss, and a reader never sees half of it. No path leads out of the
// folder, not even through a symbolic link that somebody put there.
package blob

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/parley-chat/parley/internal/id"
)

// ErrNotFound is the answer about a blob that isn't there.
var ErrNotFound = errors.New("blob: not found")

// temporary marks files that a write has not finished; it is no valid name.
const temporary = ".tmp-"

// Disk keeps blobs in a folder of the file system.
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
	return &Disk{root}, nil
}

// Close releases the folder.
func (d *Disk) Close() error { return d.root.Close() }

// Read returns all bytes of a blob; ErrNotFound when there is none.
func (d *Disk) Read(name string) ([]byte, error) {
	f, err := d.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(f)
}

// Open returns a blob for reading; the caller closes it. ErrNotFound when there
// is none.
func (d *Disk) Open(name string) (*os.File, error) {
	local, err := clean(name)
	if err != nil {
		return nil, err
	}
	f, err := d.root.Open(local)
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

// Exists reports whether there is a blob of that name.
func (d *Disk) Exists(name string) (bool, error) {
	local, err := clean(name)
	if err != nil {
		return false, err
	}
	info, err := d.root.Stat(local)
	if err = named(err); errors.Is(err, ErrNotFound) {
		return false, nil
	}
	return err == nil && info.Mode().IsRegular(), err
}

// Write stores what from yields under name, replacing what was there, and
// returns the number of bytes. When it fails, what was there remains.
func (d *Disk) Write(name string, from io.Reader) (n int64, err error) {
	local, err := clean(name)
	if err != nil {
		return 0, err
	}
	dir := filepath.Dir(local)
	if err := d.makeDirs(dir); err != nil {
		return 0, err
	}
	part := filepath.Join(dir, temporary+id.New())
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

// Delete removes a blob. One that isn't there is no error.
func (d *Disk) Delete(name string) error {
	local, err := clean(name)
	if err != nil {
		return err
	}
	if err := ignoreMissing(d.root.Remove(local)); err != nil {
		return fmt.Errorf("blob: %w", err)
	}
	return nil
}

// clean turns a blob's name into a path below the folder. Names of temporary
// files, ones that climb and ones that are not in their shortest form are refused.
func clean(name string) (string, error) {
	if name == "" || name == "." || path.Clean(name) != name || path.IsAbs(name) ||
		strings.HasPrefix(path.Base(name), temporary) || strings.ContainsAny(name, "\\\x00") || !filepath.IsLocal(filepath.FromSlash(name)) {
		return "", fmt.Errorf("blob: %q is no name of a blob", name)
	}
	return filepath.FromSlash(name), nil
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
