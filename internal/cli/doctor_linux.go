package cli

import (
	"context"
	"os"
	"path/filepath"
	"syscall"
)

// disk looks at the room where the data lies.
func (d *doctor) disk(context.Context) {
	place := d.where.Data
	for {
		if _, err := os.Stat(place); err == nil || place == filepath.Dir(place) {
			break
		}
		place = filepath.Dir(place)
	}
	var s syscall.Statfs_t
	if err := syscall.Statfs(place, &s); err != nil {
		d.tell(wrong, "disk", "Path", place, "Error", err)
		return
	}
	free, all := int64(s.Bavail)*s.Bsize, int64(s.Blocks)*s.Bsize
	if free < littleRoom || free < all/20 {
		d.tell(wrong, "disk_full", "Path", place, "MB", free/1_000_000)
		return
	}
	d.tell(fine, "disk_fine", "Path", place, "GB", free/1_000_000_000)
}

// openFiles looks at how many files and connections the process may have.
func (d *doctor) openFiles(context.Context) {
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit); err == nil && limit.Max < fewFiles {
		d.tell(doubtful, "open_files", "Limit", limit.Max, "Wanted", fewFiles)
	}
}
