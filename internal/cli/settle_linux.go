package cli

import (
	"bufio"
	"os"
	"runtime/debug"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// settle gives back what only the start needed: free heap, and the pages of the
// program file that were read then (tables of types, migrations, the parsing of
// settings). They stay in the system's cache and come back when they are used;
// what is used again at rest is a small part.
func settle() {
	debug.FreeOSMemory()
	self, err := os.Executable()
	if err != nil {
		return
	}
	f, err := os.Open("/proc/self/maps")
	if err != nil {
		return
	}
	defer func() { _ = f.Close() }()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		from, to, ok := readOnlyOf(lines.Text(), self)
		if ok {
			// The mapping can't be changed, so that nothing can be lost; and an
			// error only means that the pages stay.
			_, _, _ = unix.Syscall(unix.SYS_MADVISE, from, to-from, unix.MADV_DONTNEED)
		}
	}
}

// readOnlyOf reads a line of /proc/self/maps: the range of a read-only mapping
// of the file.
func readOnlyOf(line, file string) (from, to uintptr, ok bool) {
	fields := strings.Fields(line)
	if len(fields) != 6 || fields[5] != file || (fields[1] != "r--p" && fields[1] != "r-xp") {
		return 0, 0, false
	}
	first, last, found := strings.Cut(fields[0], "-")
	a, errA := strconv.ParseUint(first, 16, 64)
	b, errB := strconv.ParseUint(last, 16, 64)
	return uintptr(a), uintptr(b), found && errA == nil && errB == nil && b > a
}
