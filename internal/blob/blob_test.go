package blob_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/parley-chat/parley/internal/blob"
)

func open(t *testing.T) (*blob.Disk, string) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "data")
	d, err := blob.OpenDisk(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	return d, dir
}

func write(t *testing.T, d *blob.Disk, name, text string) {
	t.Helper()
	if n, err := d.Write(ctx, name, strings.NewReader(text)); err != nil || n != int64(len(text)) {
		t.Fatalf("write %s: %d, %v", name, n, err)
	}
}

func TestRoundTrip(t *testing.T) {
	d, _ := open(t)
	const name = "teams/abc/teamIcon.png"
	if _, err := d.Read(ctx, name); !errors.Is(err, blob.ErrNotFound) {
		t.Fatalf("read before write: %v", err)
	}
	if ok, err := d.Exists(ctx, name); ok || err != nil {
		t.Fatalf("exists before write: %v %v", ok, err)
	}
	for _, text := range []string{"one", "", "three"} {
		write(t, d, name, text)
		if got, err := d.Read(ctx, name); err != nil || string(got) != text {
			t.Fatalf("read: %q %v, want %q", got, err, text)
		}
	}
	if ok, err := d.Exists(ctx, name); !ok || err != nil {
		t.Fatalf("exists: %v %v", ok, err)
	}
	for range 2 {
		if err := d.Delete(ctx, name); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := d.Read(ctx, name); !errors.Is(err, blob.ErrNotFound) {
		t.Fatalf("read after delete: %v", err)
	}
	if _, err := d.Read(ctx, "teams/abc"); !errors.Is(err, blob.ErrNotFound) {
		t.Fatalf("a folder is no blob: %v", err)
	}
}

func TestNamesStayInside(t *testing.T) {
	d, dir := open(t)
	outside := filepath.Join(filepath.Dir(dir), "secret")
	if err := os.WriteFile(outside, []byte("secret"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(filepath.Dir(dir), filepath.Join(dir, "way")); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"", ".", "..", "../secret", "/secret", "a/../../secret", "a/../b", "a//b", "./a", "a/", "a\x00b", `..\secret`, "way/secret", ".tmp/x", ".tmp"} {
		if _, err := d.Read(ctx, name); err == nil {
			t.Errorf("read %q went through", name)
		}
		if _, err := d.Write(ctx, name, strings.NewReader("x")); err == nil {
			t.Errorf("write %q went through", name)
		}
		if err := d.Delete(ctx, name); err == nil {
			t.Errorf("delete %q went through", name)
		}
	}
	if got, err := os.ReadFile(outside); err != nil || string(got) != "secret" {
		t.Fatalf("the file outside: %q %v", got, err)
	}
}

var ctx = context.Background()

type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, errors.New("cut off") }

func TestFailedWriteLeavesTheOldBlobAndNoRest(t *testing.T) {
	d, dir := open(t)
	write(t, d, "a/b", "old")
	if _, err := d.Write(ctx, "a/b", io.MultiReader(strings.NewReader("new"), failing{})); err == nil {
		t.Fatal("a write that failed was acknowledged")
	}
	if got, err := d.Read(ctx, "a/b"); err != nil || string(got) != "old" {
		t.Fatalf("read: %q %v", got, err)
	}
	files, err := os.ReadDir(filepath.Join(dir, "a"))
	if err != nil || len(files) != 1 {
		t.Fatalf("left behind: %v %v", files, err)
	}
}

func TestReadersSeeWholeBlobs(t *testing.T) {
	d, _ := open(t)
	texts := [][]byte{bytes.Repeat([]byte("a"), 1<<16), bytes.Repeat([]byte("b"), 1<<16)}
	write(t, d, "x", string(texts[0]))
	var wg sync.WaitGroup
	for i := range 4 {
		wg.Go(func() {
			for range 20 {
				if _, err := d.Write(ctx, "x", bytes.NewReader(texts[i%2])); err != nil {
					t.Error(err)
				}
				if got, err := d.Read(ctx, "x"); err != nil || !bytes.Equal(got, texts[0]) && !bytes.Equal(got, texts[1]) {
					t.Errorf("read a torn blob of %d bytes: %v", len(got), err)
				}
			}
		})
	}
	wg.Wait()
}
