package transfer

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"path"
	"path/filepath"
	"strings"
)

// Bounds of what is taken from an archive: whoever made it may mean harm.
const (
	maxList    = 128 << 20 // bytes of the list of entries
	maxEntries = 2_000_000
	maxName    = 1024 // bytes
	// An archive that grows more than this when it is unpacked is a trap: text
	// shrinks to a fiftieth at the very most.
	maxGrowth  = 200
	freeGrowth = 1 << 30
)

// ErrArchive: the file is no archive that can be imported. The text says why.
var ErrArchive = errors.New("transfer: this archive can't be imported")

func refused(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrArchive, fmt.Sprintf(format, args...))
}

// Source is an opened file to import: an archive, or lines with a folder beside them.
type Source struct {
	zip     *zip.Reader
	entries map[string]*zip.File
	lines   string // path of a file of lines
	root    *os.Root
	closers []io.Closer
}

// OpenFile opens a zip, or a file of lines, whose files then lie in the folder
// data beside it.
func OpenFile(name string) (*Source, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	var head [2]byte
	if n, _ := f.ReadAt(head[:], 0); n == 2 && string(head[:]) == "PK" {
		s, err := OpenZip(f, info.Size())
		if err != nil {
			return nil, errors.Join(err, f.Close())
		}
		s.closers = append(s.closers, f)
		return s, nil
	}
	if err := f.Close(); err != nil {
		return nil, err
	}
	if first, ok := firstByte(name); ok && first != '{' {
		return nil, refused("it is neither a zip nor lines of JSON")
	}
	s := &Source{lines: name}
	if s.root, err = os.OpenRoot(filepath.Join(filepath.Dir(name), dataFolder)); err == nil {
		s.closers = append(s.closers, s.root)
	}
	return s, nil
}

func firstByte(name string) (byte, bool) {
	f, err := os.Open(name)
	if err != nil {
		return 0, false
	}
	defer func() { _ = f.Close() }()
	var b [1]byte
	n, _ := f.Read(b[:])
	return b[0], n == 1
}

// OpenZip reads the list of an archive and refuses one with names that climb,
// links, or sizes that are a trap. Nothing is unpacked to the disk, ever.
func OpenZip(from io.ReaderAt, size int64) (*Source, error) {
	list := &listReader{from: from, left: maxList}
	z, err := zip.NewReader(list, size)
	list.left = math.MaxInt64
	if err != nil {
		return nil, refused("it is damaged, cut off or no zip (%v)", err)
	}
	if len(z.File) > maxEntries {
		return nil, refused("it has more than %d entries", maxEntries)
	}
	s := &Source{zip: z, entries: make(map[string]*zip.File, len(z.File))}
	var unpacked uint64
	for _, f := range z.File {
		if err := checkEntryOf(f); err != nil {
			return nil, err
		}
		if s.entries[f.Name] != nil {
			return nil, refused("the name %s is in it twice", shown(f.Name))
		}
		s.entries[f.Name] = f
		unpacked += min(f.UncompressedSize64, 1<<50)
		if unpacked > uint64(size)*maxGrowth+freeGrowth {
			return nil, refused("it grows to more than %d times its size", maxGrowth)
		}
	}
	return s, nil
}

// listReader bounds what is read while the list of an archive is: that is kept in
// memory.
type listReader struct {
	from io.ReaderAt
	left int64
}

func (r *listReader) ReadAt(p []byte, at int64) (int, error) {
	if r.left != math.MaxInt64 {
		if r.left -= int64(len(p)); r.left < 0 {
			return 0, errors.New("the list is too long")
		}
	}
	return r.from.ReadAt(p, at)
}

func checkEntryOf(f *zip.File) error {
	name := strings.TrimSuffix(f.Name, "/")
	switch {
	case len(name) > maxName || name == "" || path.Clean(name) != name || !filepath.IsLocal(filepath.FromSlash(name)) || strings.ContainsAny(name, "\\\x00"):
		return refused("the name %s leads out of it", shown(f.Name))
	case f.Mode()&(fs.ModeType&^fs.ModeDir) != 0:
		return refused("%s is a link or a device", shown(f.Name))
	case f.Method != zip.Store && f.Method != zip.Deflate:
		return refused("%s is compressed in a way that isn't known", shown(f.Name))
	case f.Flags&1 != 0:
		return refused("%s is encrypted", shown(f.Name))
	}
	return nil
}

// shown is a name from an archive for a message: quoted, and not too long.
func shown(name string) string { return fmt.Sprintf("%q", cut(name, 80)) }

// Close ends the reading.
func (s *Source) Close() error {
	var err error
	for _, c := range s.closers {
		err = errors.Join(err, c.Close())
	}
	return err
}

// jsonl opens the lines and tells how many bytes there are.
func (s *Source) jsonl() (io.ReadCloser, int64, error) {
	if s.zip == nil {
		f, err := os.Open(s.lines)
		if err != nil {
			return nil, 0, err
		}
		info, err := f.Stat()
		if err != nil {
			return nil, 0, errors.Join(err, f.Close())
		}
		return f, info.Size(), nil
	}
	var found *zip.File
	for _, f := range s.zip.File {
		if strings.HasSuffix(f.Name, ".jsonl") && !strings.Contains(f.Name, "/") {
			if found != nil {
				return nil, 0, refused("it has two files of lines, %s and %s", shown(found.Name), shown(f.Name))
			}
			found = f
		}
	}
	if found == nil {
		return nil, 0, refused("it has no file of lines (name.jsonl) at its top")
	}
	return opened(found)
}

func opened(f *zip.File) (io.ReadCloser, int64, error) {
	r, err := f.Open()
	if err != nil {
		return nil, 0, refused("%s can't be read (%v)", shown(f.Name), err)
	}
	return &exact{r, int64(f.UncompressedSize64), f.Name}, int64(f.UncompressedSize64), nil
}

// exact reads as many bytes as an entry said that it has, and fails on more.
type exact struct {
	io.ReadCloser
	left int64
	name string
}

func (e *exact) Read(p []byte) (int, error) {
	n, err := e.ReadCloser.Read(p)
	if e.left -= int64(n); e.left < 0 {
		return 0, refused("%s is longer than it says", shown(e.name))
	}
	if err != nil && !errors.Is(err, io.EOF) {
		err = refused("%s can't be read (%v)", shown(e.name), err)
	}
	return n, err
}

// dataFolder is where the files of an archive lie.
const dataFolder = "data"

// errNoFile is the answer about a file that isn't there.
var errNoFile = errors.New("transfer: no such file")

// open opens a file that a line names. Paths are given with the folder or
// without it.
func (s *Source) open(name string) (io.ReadCloser, int64, error) {
	name = path.Clean(strings.TrimPrefix(strings.ReplaceAll(name, "\\", "/"), "/"))
	if !filepath.IsLocal(filepath.FromSlash(name)) || len(name) > maxName {
		return nil, 0, errNoFile
	}
	if s.zip != nil {
		for _, n := range []string{dataFolder + "/" + name, name} {
			if f := s.entries[n]; f != nil && f.Mode().IsRegular() {
				return opened(f)
			}
		}
		return nil, 0, errNoFile
	}
	if s.root == nil {
		return nil, 0, errNoFile
	}
	f, err := s.root.Open(filepath.FromSlash(strings.TrimPrefix(name, dataFolder+"/")))
	if err != nil {
		return nil, 0, errNoFile
	}
	info, err := f.Stat()
	if err != nil || !info.Mode().IsRegular() {
		return nil, 0, errors.Join(errNoFile, f.Close())
	}
	return f, info.Size(), nil
}
