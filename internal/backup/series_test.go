package backup

import (
	"bytes"
	"errors"
	"testing"
	"time"

	"github.com/parley-chat/parley/internal/blob"
	"github.com/parley-chat/parley/internal/id"
)

func TestNamesOfArchives(t *testing.T) {
	t.Parallel()
	at, since := time.Date(2026, 11, 28, 3, 0, 0, 0, time.UTC), time.Date(2026, 11, 25, 3, 0, 0, 0, time.UTC)
	for name, want := range map[string]Archive{
		nameAt(at, time.Time{}, false):                                 {Taken: at.UnixMilli()},
		nameAt(at, time.Time{}, true):                                  {Taken: at.UnixMilli()},
		nameAt(at, since, true):                                        {Taken: at.UnixMilli(), Since: since.UnixMilli()},
		nameAt(since, at, true):                                        {},
		nameAt(at, at, false):                                          {},
		"parley-20261128-030000-since-.tar.zst":                        {},
		"parley-20261128-030000-since-20261125-030000-since-1.tar.zst": {},
		"parley-20261128-030000.tar.zst.files":                         {},
		"../parley-20261128-030000.tar.zst":                            {},
		"parley-20261128-030000-since-19000101-000000.tar.zst":         {},
		listName: {},
	} {
		got, ours := read(name)
		if ours != (want.Taken > 0) || ours && (got.Taken != want.Taken || got.Since != want.Since || got.Name != name) {
			t.Errorf("%s: %+v %v", name, got, ours)
		}
	}
}

// A list of files that anybody else wrote, or changed, isn't taken.
func FuzzList(f *testing.F) {
	f.Add(0, byte(1), 10)
	f.Add(200, byte(128), 0)
	own := []byte("the installation's key")
	f.Fuzz(func(t *testing.T, at int, flip byte, cut int) {
		place, err := blob.OpenDisk(t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = place.Close() }()
		h := &Held{secret: own}
		h.begin(Earlier{ID: id.New()}, []Earlier{{Name: "b", ID: id.New(), Size: 3}})
		h.Archives[0].Name = "a"
		h.add("one", []byte("digest of one"), 0)
		h.add("two", []byte("digest of two"), 1)
		if err := h.save(t.Context(), place, "us"); err != nil {
			t.Fatal(err)
		}
		got, forWhom, err := loadHeld(t.Context(), place, own)
		if err != nil || forWhom != "us" || !got.ready() || len(got.list) != 2 || len(got.Archives) != 2 {
			t.Fatalf("%+v %q %v", got, forWhom, err)
		}
		if i, ok := got.find("two"); !ok || !got.same(i, []byte("digest of two")) || got.same(i, []byte("digest of one")) || got.list[i].in != 1 {
			t.Errorf("two: %v", ok)
		}
		if _, ok := got.find("three"); ok {
			t.Error("three is known")
		}
		if _, _, err := loadHeld(t.Context(), place, []byte("another key")); !errors.Is(err, errList) {
			t.Errorf("another installation's: %v", err)
		}
		raw, err := place.Read(t.Context(), listName)
		if err != nil {
			t.Fatal(err)
		}
		bad := bytes.Clone(raw)
		bad[uint(at)%uint(len(bad))] ^= flip
		bad = bad[:len(bad)-int(uint(cut)%uint(len(bad)))]
		if bytes.Equal(bad, raw) {
			return
		}
		if _, err := place.Write(t.Context(), listName, bytes.NewReader(bad)); err != nil {
			t.Fatal(err)
		}
		if _, _, err := loadHeld(t.Context(), place, own); !errors.Is(err, errList) {
			t.Errorf("a changed one: %v", err)
		}
	})
}
