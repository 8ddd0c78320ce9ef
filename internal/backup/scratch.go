package backup

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
)

// scratchName begins the names of folders that hold a copy of SQLite's file.
const scratchName = "parley-backup-"

// scratch makes such a folder, and removes those that killed backups left
// behind. done removes it.
func scratch(in string) (dir string, done func(), err error) {
	old, err := filepath.Glob(filepath.Join(in, scratchName+"*"))
	if err != nil {
		return "", nil, err
	}
	for _, left := range old {
		if free, err := hold(filepath.Join(left, "lock")); err == nil { // nobody alive holds it
			free()
			_ = os.RemoveAll(left)
		}
	}
	// It gets its name once it is held, or another backup might take it for left behind.
	making, err := os.MkdirTemp(in, ".backup-")
	if err != nil {
		return "", nil, err
	}
	free, err := hold(filepath.Join(making, "lock"))
	if err != nil && !errors.Is(err, errNoLocks) {
		return "", nil, errors.Join(err, os.RemoveAll(making))
	}
	dir = filepath.Join(in, scratchName+strings.TrimPrefix(filepath.Base(making), ".backup-"))
	if err := os.Rename(making, dir); err != nil {
		return "", nil, errors.Join(err, os.RemoveAll(making))
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
