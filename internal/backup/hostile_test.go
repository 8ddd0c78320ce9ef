package backup_test

import (
	"archive/tar"
	"bytes"
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"

	"github.com/parley-chat/parley/internal/backup"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/db/dbtest"
)

// edited is an archive with other entries: change gets each and returns what
// stands in its place.
func edited(t *testing.T, raw []byte, change func(h tar.Header, body []byte) []entry) []byte {
	t.Helper()
	unpacked, err := zstd.NewReader(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	defer unpacked.Close()
	var out bytes.Buffer
	packed, _ := zstd.NewWriter(&out)
	from, to := tar.NewReader(unpacked), tar.NewWriter(packed)
	for {
		h, err := from.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(from)
		for _, e := range change(*h, body) {
			e.h.Size = int64(len(e.body))
			if e.h.Typeflag != tar.TypeReg {
				e.h.Size = 0
			}
			if err := to.WriteHeader(&e.h); err != nil {
				t.Fatal(err)
			}
			if e.h.Size > 0 {
				_, _ = to.Write(e.body)
			}
		}
	}
	if err := errors.Join(to.Close(), packed.Close()); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

type entry struct {
	h    tar.Header
	body []byte
}

// before puts an entry before one whose name begins so.
func before(beginning string, e entry) func(tar.Header, []byte) []entry {
	done := false
	return func(h tar.Header, body []byte) []entry {
		if !done && strings.HasPrefix(h.Name, beginning) {
			done = true
			return []entry{e, {h, body}}
		}
		return []entry{{h, body}}
	}
}

// bad is an archive and what is said of it; nil is any error.
type bad struct {
	raw  []byte
	want error
}

// badArchives are made of a good one.
func badArchives(t *testing.T, raw []byte) map[string]bad {
	t.Helper()
	file := func(name string) entry {
		return entry{tar.Header{Typeflag: tar.TypeReg, Name: name, Mode: 0o600}, []byte("harm")}
	}
	replaced := func(name, old, with string) []byte {
		return edited(t, raw, func(h tar.Header, body []byte) []entry {
			if strings.HasPrefix(h.Name, name) {
				body = bytes.Replace(body, []byte(old), []byte(with), 1)
			}
			return []entry{{h, body}}
		})
	}
	return map[string]bad{
		"nothing":      {nil, backup.ErrNoArchive},
		"another file": {bytes.Repeat([]byte("no archive "), 1000), backup.ErrNoArchive},
		"half of it":   {raw[:len(raw)/2], backup.ErrDamaged},
		"without its end": {edited(t, raw, func(h tar.Header, b []byte) []entry {
			if h.Name == "end.json" {
				return nil
			}
			return []entry{{h, b}}
		}), backup.ErrDamaged},
		"a row is missing":   {replaced("tables/posts/", "reply", "other"), backup.ErrDamaged},
		"a file was changed": {replaced("files/", "\x00", "\x01"), backup.ErrDamaged},
		"a file is missing": {edited(t, raw, func(h tar.Header, b []byte) []entry {
			if strings.HasSuffix(h.Name, "é3.bin") {
				return nil
			}
			return []entry{{h, b}}
		}), backup.ErrDamaged},
		"a file too many":    {edited(t, raw, before("end.json", file("files/more.txt"))), backup.ErrDamaged},
		"a name that climbs": {edited(t, raw, before("end.json", file("files/../../climbed.txt"))), nil},
		"an absolute name":   {edited(t, raw, before("end.json", file("files//etc/parley-climbed"))), nil},
		"a place of its own": {edited(t, raw, before("end.json", file("climbed.txt"))), backup.ErrDamaged},
		"a link":             {edited(t, raw, before("files/", entry{tar.Header{Typeflag: tar.TypeSymlink, Name: "files/link", Linkname: "/etc/passwd"}, nil})), backup.ErrDamaged},
		"something after it": {append(bytes.Clone(edited(t, raw, func(h tar.Header, b []byte) []entry {
			if h.Name == "end.json" {
				return []entry{{h, b}, file("files/late.txt")}
			}
			return []entry{{h, b}}
		})), 0), backup.ErrDamaged},
		"of a later form":     {replaced("manifest.json", `"parley_backup":1`, `"parley_backup":9`), backup.ErrNewer},
		"rows of other width": {replaced("tables/teams/", `"kinds":["`, `"kinds":["int","`), backup.ErrDamaged},
	}
}

// Archives that were changed, cut off or made to do harm are refused; the
// database is as it was, and nothing is written outside.
func TestBadArchives(t *testing.T) {
	h := newHouse(t, dbtest.SQLite)
	raw, _ := h.archive(t)
	for name, c := range badArchives(t, raw) {
		t.Run(name, func(t *testing.T) {
			to, dir := empty(t, dbtest.SQLite)
			_, err := backup.Restore(t.Context(), bytes.NewReader(c.raw), to)
			if err == nil || c.want != nil && !errors.Is(err, c.want) {
				t.Errorf("%v, want %v", err, c.want)
			}
			if report, err := to.DB.Check(t.Context()); err == nil && report.Complete() {
				if n, err := db.Value[int64](t.Context(), to.DB, `SELECT count(*) FROM posts`); err != nil || n != 0 {
					t.Errorf("%d posts are left: %v", n, err)
				}
			}
			for _, path := range []string{filepath.Join(dir, "..", "climbed.txt"), filepath.Join(dir, "..", "..", "climbed.txt"), "/etc/parley-climbed", filepath.Join(dir, "climbed.txt")} {
				if _, err := os.Lstat(path); err == nil {
					t.Errorf("%s was written", path)
				}
			}
			if _, err := os.Lstat(filepath.Join(dir, "link")); err == nil {
				t.Error("a link was made")
			}
		})
	}
}

// However bytes of an archive are changed, restoring it ends with an error or
// with the same rows, and never panics.
func FuzzRestore(f *testing.F) {
	f.Add(uint64(1), 1)
	f.Add(uint64(7), 20)
	var raw []byte
	f.Fuzz(func(t *testing.T, seed uint64, changes int) {
		if raw == nil {
			d, err := db.Open(t.Context(), dbtest.Options(t, dbtest.SQLite))
			if err != nil {
				t.Fatal(err)
			}
			if err := d.Migrate(t.Context()); err != nil {
				t.Fatal(err)
			}
			var out bytes.Buffer
			if _, err := backup.Write(t.Context(), &out, backup.Source{DB: d, Scratch: t.TempDir()}); err != nil {
				t.Fatal(err)
			}
			raw = out.Bytes()
			_ = d.Close()
		}
		bad := bytes.Clone(raw)
		rng := rand.New(rand.NewPCG(seed, 1))
		for range min(max(changes, 1), 100) {
			bad[rng.IntN(len(bad))] ^= byte(1 + rng.IntN(255))
		}
		to, _ := empty(t, dbtest.SQLite)
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		_, _ = backup.Restore(ctx, bytes.NewReader(bad), to)
	})
}
