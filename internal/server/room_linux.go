package server

import (
	"os"
	"path/filepath"
	"syscall"
)

// Room is how many bytes are free, and how many there are, where a folder lies or will lie.
func Room(folder string) (free, all int64, err error) {
	for {
		if _, err := os.Stat(folder); err == nil || folder == filepath.Dir(folder) {
			break
		}
		folder = filepath.Dir(folder)
	}
	var s syscall.Statfs_t
	if err := syscall.Statfs(folder, &s); err != nil {
		return 0, 0, err
	}
	return int64(s.Bavail) * s.Bsize, int64(s.Blocks) * s.Bsize, nil
}
