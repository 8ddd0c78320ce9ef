package cli

import (
	"context"
	"syscall"

	"github.com/parley-chat/parley/internal/server"
)

// disk looks at the room where the data lies.
func (d *doctor) disk(context.Context) {
	place := d.where.Data
	free, all, err := server.Room(place)
	if err != nil {
		d.tell(wrong, "disk", "Path", place, "Error", err)
		return
	}
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
