// Package blob keeps bytes that belong to rows of the database: profile
// pictures, team icons, uploaded files.
//
// A blob is named by a path with forward slashes, such as
// teams/{id}/teamIcon.png or users/{id}/profile.png (the folders that a
// Mattermost installation has already). What a write has acknowledged survives
// power loss, and a reader never sees half of it. Disk keeps blobs in a folder,
// S3 in a bucket; a name means the same in both.
package blob

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path"
	"path/filepath"
	"strings"
	"time"
)

// ErrNotFound is the answer about a blob that isn't there.
var ErrNotFound = errors.New("blob: not found")

// Store is where blobs are kept.
type Store interface {
	// Open returns a blob for reading; the caller closes it. ErrNotFound when
	// there is none. Reading ends with ctx at the latest.
	Open(ctx context.Context, name string) (io.ReadSeekCloser, error)
	// Read returns all bytes of a blob; ErrNotFound when there is none.
	Read(ctx context.Context, name string) ([]byte, error)
	// Exists reports whether there is a blob of that name.
	Exists(ctx context.Context, name string) (bool, error)
	// Write stores what from yields under name, replacing what was there, and
	// returns the number of bytes. When it fails, what was there remains. It
	// fails with what from fails with.
	Write(ctx context.Context, name string, from io.Reader) (int64, error)
	// Delete removes a blob. One that isn't there is no error.
	Delete(ctx context.Context, name string) error
	// List calls each for every blob, in any order, with its size in bytes,
	// until each fails.
	List(ctx context.Context, each func(name string, size int64) error) error
	// Sweep removes what writes left behind that were broken off longer ago
	// than given.
	Sweep(ctx context.Context, older time.Duration) error
	Close() error
}

func readAll(ctx context.Context, s Store, name string) ([]byte, error) {
	f, err := s.Open(ctx, name)
	if err != nil {
		return nil, err
	}
	raw, err := io.ReadAll(f)
	return raw, errors.Join(err, f.Close())
}

// temporary is the folder of files that a write has not finished.
const temporary = ".tmp"

// check refuses what is no name of a blob: names of temporary files, ones that
// climb and ones that are not in their shortest form.
func check(name string) error {
	first, _, _ := strings.Cut(name, "/")
	if name == "" || name == "." || path.Clean(name) != name || path.IsAbs(name) || first == temporary || strings.ContainsAny(name, "\\\x00") || !filepath.IsLocal(filepath.FromSlash(name)) {
		return fmt.Errorf("blob: %q is no name of a blob", name)
	}
	return nil
}
