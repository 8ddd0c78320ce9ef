package backup

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// scratchName begins the names of folders that hold a copy of SQLite's file.
const scratchName = "parley-backup-"

// makingName begins the names of such folders until they are held, which takes
// far less than makingTime.
const (
	makingName = ".backup-"
	makingTime = time.Minute
)

// scratch makes such a folder, and removes those that killed backups left
// behind. done removes it.
func scratch(in string) (dir string, done func(), err error) {
	old, err := filepath.Glob(filepath.Join(in, scratchName+"*"))
	if err != nil {
		return "", nil, err
	}
	making, err := filepath.Glob(filepath.Join(in, makingName+"*"))
	if err != nil {
		return "", nil, err
	}
	for _, left := range making {
		if info, err := os.Stat(left); err == nil && time.Since(info.ModTime()) > makingTime {
			old = append(old, left)
		}
	}
	for _, left := range old {
		if free, err := hold(filepath.Join(left, "lock")); err == nil { // nobody alive holds it
			free()
			_ = os.RemoveAll(left)
		}
	}
	// It gets its name once it is held, or another backup might take it for left behind.
	unheld, err := os.MkdirTemp(in, makingName)
	if err != nil {
		return "", nil, err
	}
	free, err := hold(filepath.Join(unheld, "lock"))
	if err != nil && !errors.Is(err, errNoLocks) {
		return "", nil, errors.Join(err, os.RemoveAll(unheld))
	}
	dir = filepath.Join(in, scratchName+strings.TrimPrefix(filepath.Base(unheld), makingName))
	if err := os.Rename(unheld, dir); err != nil {
		return "", nil, errors.Join(err, os.RemoveAll(unheld))
	}
	return dir, func() {
		if free != nil {
			free()
		}
		_ = os.RemoveAll(dir)
	}, nil
}

// errNoLocks: this system has no locks that end with their process.
var errNoLocks = errors.New("backup: no locks here")
