package backup_test

import (
	"archive/tar"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"filippo.io/age"

	"github.com/parley-chat/parley/internal/backup"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/db/dbcopy"
	"github.com/parley-chat/parley/internal/db/dbtest"
)

// shelfOf is a folder with archives, as a person who restores has it.
type shelfOf map[string][]byte

func (s shelfOf) open(_ context.Context, e backup.Earlier) (io.ReadCloser, error) {
	raw, ok := s[e.Name]
	if !ok {
		return nil, backup.ErrMissing
	}
	return io.NopCloser(bytes.NewReader(raw)), nil
}

// add puts an archive there that adds to an earlier one.
func (s shelfOf) add(t *testing.T, h *house, name, since string, own *age.X25519Identity) backup.Summary {
	t.Helper()
	source := backup.Source{DB: h.s.DB, Blobs: h.blobs, Scratch: t.TempDir()}
	var keys []age.Identity
	if own != nil {
		source.Recipients, keys = []age.Recipient{own.Recipient()}, []age.Identity{own}
	}
	if since != "" {
		held, err := backup.Scan(t.Context(), bytes.NewReader(s[since]), since, keys)
		if err != nil {
			t.Fatal(err)
		}
		source.Since = held
	}
	var out bytes.Buffer
	made, err := backup.Write(t.Context(), &out, source)
	if err != nil {
		t.Fatal(err)
	}
	s[name] = out.Bytes()
	return made
}

func (h *house) write(t *testing.T, name, text string) {
	t.Helper()
	if _, err := h.blobs.Write(t.Context(), name, strings.NewReader(text)); err != nil {
		t.Fatal(err)
	}
}

// chained is a house with three archives, each of which adds to the one before.
func chained(t *testing.T, engine dbtest.Engine, own *age.X25519Identity) (*house, shelfOf) {
	h, shelf := newHouse(t, engine), shelfOf{}
	h.write(t, "changes.bin", "first")
	h.write(t, "goes.bin", "soon")
	shelf.add(t, h, "a", "", own)
	h.write(t, "changes.bin", "other")
	h.write(t, "second.bin", strings.Repeat("second", 1000))
	h.alice.Say(h.room, "after the first archive")
	if made := shelf.add(t, h, "b", "a", own); made.Held < 6 || made.Held > made.Files-2 || strings.Join(made.Earlier, " ") != "a" {
		t.Errorf("the second: %+v", made)
	}
	if err := h.blobs.Delete(t.Context(), "goes.bin"); err != nil {
		t.Fatal(err)
	}
	h.write(t, "third.bin", "third")
	h.s.Stop()
	var err error
	if h.s.DB, err = db.Open(t.Context(), h.s.DB.Options()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = h.s.DB.Close() })
	if made := shelf.add(t, h, "c", "b", own); made.Held != made.Files-1 || strings.Join(made.Earlier, " ") != "b a" {
		t.Errorf("the third: %+v", made)
	}
	return h, shelf
}

// The last archive of a chain restores everything, each file from where it is.
func TestChain(t *testing.T) {
	t.Parallel()
	for _, engine := range dbtest.Engines {
		t.Run(string(engine), func(t *testing.T) {
			t.Parallel()
			own, err := age.GenerateX25519Identity()
			if err != nil {
				t.Fatal(err)
			}
			h, shelf := chained(t, engine, own)
			to, dir := empty(t, other(engine))
			to.Identities, to.Earlier = []age.Identity{own}, shelf.open
			got, err := backup.Restore(t.Context(), bytes.NewReader(shelf["c"]), to)
			if err != nil || got.Held < 7 || strings.Join(got.Earlier, " ") != "b a" {
				t.Fatalf("%+v %v", got, err)
			}
			differences, err := dbcopy.Compare(t.Context(), dbcopy.Options{From: h.s.DB, To: to.DB})
			if err != nil || len(differences) > 0 {
				t.Errorf("rows differ: %v %v", differences, err)
			}
			sameFiles(t, filepath.Join(h.dir, "files"), dir)
		})
	}
}

func TestBadChains(t *testing.T) {
	t.Parallel()
	_, shelf := chained(t, dbtest.SQLite, nil)
	t.Run("broken", func(t *testing.T) { brokenChains(t, shelf) })
	t.Run("hostile", func(t *testing.T) { hostileChains(t, shelf) })
	t.Run("named twice", func(t *testing.T) { namedTwice(t, shelf) })
	t.Run("nothing is added to", func(t *testing.T) { addedTo(t, shelf) })
}

// A chain of which one archive is missing, another or bad is refused, by name;
// the database is as it was.
func brokenChains(t *testing.T, shelf shelfOf) {
	without := func(change func(s shelfOf)) shelfOf {
		s := shelfOf{"a": shelf["a"], "b": shelf["b"], "c": shelf["c"]}
		change(s)
		return s
	}
	for name, c := range map[string]struct {
		shelf shelfOf
		which string
		want  error
	}{
		"the first is missing":   {without(func(s shelfOf) { delete(s, "a") }), "a", backup.ErrMissing},
		"the second is missing":  {without(func(s shelfOf) { delete(s, "b") }), "b", backup.ErrMissing},
		"one stands for another": {without(func(s shelfOf) { s["a"] = s["b"] }), "a", backup.ErrAnother},
		"it stands for itself":   {without(func(s shelfOf) { s["a"] = s["c"] }), "a", backup.ErrAnother},
		"no archive at all":      {without(func(s shelfOf) { s["b"] = []byte("nothing") }), "b", backup.ErrNoArchive},
		"half of one":            {without(func(s shelfOf) { s["a"] = s["a"][:len(s["a"])*2/3] }), "a", backup.ErrDamaged},
		"a file was changed": {without(func(s shelfOf) {
			s["a"] = edited(t, s["a"], func(h tar.Header, b []byte) []entry {
				if strings.HasSuffix(h.Name, "é3.bin") {
					b = append(b[:len(b)-1], 7)
				}
				return []entry{{h, b}}
			})
		}), "a", backup.ErrDamaged},
		"a file was taken out": {without(func(s shelfOf) {
			s["a"] = edited(t, s["a"], func(h tar.Header, b []byte) []entry {
				if strings.HasSuffix(h.Name, "é3.bin") {
					return nil
				}
				return []entry{{h, b}}
			})
		}), "a", backup.ErrDamaged},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			to, _ := empty(t, dbtest.SQLite)
			to.Earlier = c.shelf.open
			_, err := backup.Restore(t.Context(), bytes.NewReader(shelf["c"]), to)
			var link *backup.ChainError
			if !errors.As(err, &link) || link.Name != c.which || !errors.Is(err, c.want) {
				t.Errorf("%v", err)
			}
			nothingIn(t, to)
		})
	}
	to, _ := empty(t, dbtest.SQLite)
	if _, err := backup.Restore(t.Context(), bytes.NewReader(shelf["c"]), to); !errors.Is(err, backup.ErrMissing) {
		t.Errorf("alone: %v", err)
	}
}

func nothingIn(t *testing.T, to backup.Target) {
	t.Helper()
	if report, err := to.DB.Check(t.Context()); err == nil && report.Complete() {
		if n, err := db.Value[int64](t.Context(), to.DB, `SELECT count(*) FROM posts`); err != nil || n != 0 {
			t.Errorf("%d posts are left: %v", n, err)
		}
	}
}

func idIn(t *testing.T, raw []byte) string {
	t.Helper()
	got, err := backup.Name(bytes.NewReader(raw), nil)
	if err != nil || len(got) != 26 {
		t.Fatal(got, err)
	}
	return got
}

// Whoever makes an archive can't have others than those beside it opened, nor a
// chain without an end, nor files written elsewhere.
func hostileChains(t *testing.T, shelf shelfOf) {
	swapped := func(entryName, old, with string) []byte {
		found := false
		raw := edited(t, shelf["c"], func(h tar.Header, body []byte) []entry {
			if strings.HasPrefix(h.Name, entryName) {
				found = found || bytes.Contains(body, []byte(old))
				body = bytes.Replace(body, []byte(old), []byte(with), 1)
			}
			return []entry{{h, body}}
		})
		if !found {
			t.Fatalf("%s has no %s", entryName, old)
		}
		return raw
	}
	idOf := func(name string) string { return idIn(t, shelf[name]) }
	var many strings.Builder
	for n := range 200 {
		fmt.Fprintf(&many, `{"name":"m%d","id":"%026d"},`, n, n)
	}
	named := func(with string) []byte { return swapped("manifest.json", `"name":"a"`, `"name":`+with) }
	for name, raw := range map[string][]byte{
		"a name that climbs":       named(`"../a"`),
		"an absolute name":         named(`"/etc/passwd"`),
		"a hidden name":            named(`".."`),
		"a name of another system": named(`"..\\a"`),
		"no name":                  named(`""`),
		"a circle":                 swapped("manifest.json", idOf("a"), idOf("c")),
		"one twice":                swapped("manifest.json", idOf("a"), idOf("b")),
		"no id":                    swapped("manifest.json", idOf("a"), "x"),
		"an endless chain":         swapped("manifest.json", `"earlier":[`, `"earlier":[`+many.String()),
		"a file of no archive":     swapped("earlier/", `"in":1`, `"in":99`),
		"a file before the first":  swapped("earlier/", `"in":1`, `"in":-1`),
		"a sum that is none":       swapped("earlier/", `"hash":"`, `"hash":"zz`),
		"less than nothing":        swapped("earlier/", `"size":`, `"size":-`),
		"a file in another":        swapped("earlier/", `"in":1`, `"in":0`),
		"a file that climbs":       swapped("earlier/", `"name":"`, `"name":"../../`),
		"lines that are none":      swapped("earlier/", `{"name"`, `{{"name"`),
		"of the form without":      swapped("manifest.json", `"parley_backup":2`, `"parley_backup":7`),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			to, dir := empty(t, dbtest.SQLite)
			to.Earlier = func(ctx context.Context, e backup.Earlier) (io.ReadCloser, error) {
				if e.Name != "a" && e.Name != "b" {
					t.Errorf("%q was opened", e.Name)
				}
				return shelf.open(ctx, e)
			}
			if _, err := backup.Restore(t.Context(), bytes.NewReader(raw), to); !errors.Is(err, backup.ErrDamaged) && !errors.Is(err, backup.ErrNewer) {
				t.Errorf("%v", err)
			}
			nothingIn(t, to)
			if _, err := os.Lstat(filepath.Join(dir, "..", "..", "changes.bin")); err == nil {
				t.Error("a file was written outside")
			}
		})
	}
}

func namedTwice(t *testing.T, shelf shelfOf) {
	twice := edited(t, shelf["c"], func(h tar.Header, b []byte) []entry {
		if strings.HasPrefix(h.Name, "earlier/") {
			return []entry{{h, b}, {h, b}}
		}
		return []entry{{h, b}}
	})
	to, _ := empty(t, dbtest.SQLite)
	to.Earlier = shelf.open
	if _, err := backup.Restore(t.Context(), bytes.NewReader(twice), to); !errors.Is(err, backup.ErrDamaged) {
		t.Errorf("named twice: %v", err)
	}
}

// Nothing can be added to an archive of before there were chains, to a bad one
// or to one that can't be read.
func addedTo(t *testing.T, shelf shelfOf) {
	scan := func(raw []byte) error {
		_, err := backup.Scan(t.Context(), bytes.NewReader(raw), "x", nil)
		return err
	}
	old := edited(t, shelf["a"], func(h tar.Header, b []byte) []entry {
		if h.Name == "manifest.json" {
			b = []byte(`{"parley_backup":1,"version":"0.9","engine":"sqlite","created":1}`)
		}
		return []entry{{h, b}}
	})
	if err := scan(old); !errors.Is(err, backup.ErrOld) {
		t.Errorf("an old one: %v", err)
	}
	to, _ := empty(t, dbtest.SQLite)
	if _, err := backup.Restore(t.Context(), bytes.NewReader(old), to); err != nil {
		t.Errorf("an old one is restored as ever: %v", err)
	}
	if err := scan(shelf["a"][:len(shelf["a"])/2]); !errors.Is(err, backup.ErrDamaged) {
		t.Errorf("half of one: %v", err)
	}
	changed := edited(t, shelf["a"], func(h tar.Header, b []byte) []entry {
		if strings.HasSuffix(h.Name, "é3.bin") {
			b = append(b[:len(b)-1], 7)
		}
		return []entry{{h, b}}
	})
	if err := scan(changed); !errors.Is(err, backup.ErrDamaged) {
		t.Errorf("a changed one: %v", err)
	}
}
