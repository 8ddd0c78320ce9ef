package backup

import (
	"archive/tar"
	"bytes"
	"errors"
	"io"
	"path/filepath"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"

	"github.com/parley-chat/parley/internal/id"
)

// packed is the beginning of an archive.
func packed(t *testing.T, entries ...[2]string) io.Reader {
	t.Helper()
	var out bytes.Buffer
	z, err := zstd.NewWriter(&out, zstd.WithEncoderConcurrency(1))
	if err != nil {
		t.Fatal(err)
	}
	w := tar.NewWriter(z)
	for _, e := range entries {
		if err := w.WriteHeader(&tar.Header{Typeflag: tar.TypeReg, Name: e[0], Size: int64(len(e[1])), Mode: 0o600}); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(e[1])); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(w.Close(), z.Close()); err != nil {
		t.Fatal(err)
	}
	return &out
}

// Whatever a manifest and the names of files in earlier archives say, what is
// taken from them names archives beside it and files in one of those.
func FuzzChain(f *testing.F) {
	a, b := id.New(), id.New()
	sum := strings.Repeat("ab", 32)
	f.Add(`{"parley_backup":2,"id":"`+a+`","earlier":[{"name":"a","id":"`+b+`"}]}`, `{"name":"x","size":1,"hash":"`+sum+`","in":0}`)
	f.Add(`{"parley_backup":2,"id":"`+a+`","earlier":[{"name":"../a","id":"`+b+`"}]}`, `{"name":"../x","size":-1,"hash":"zz","in":9}{`)
	f.Add(`{"parley_backup":2,"id":"`+a+`","earlier":[{"name":"a","id":"`+a+`"}]}`, `[]`)
	f.Add(`{"parley_backup":1}`, `{"in":0}`)
	f.Fuzz(func(t *testing.T, manifest, references string) {
		got, err := unpack(packed(t, [2]string{"manifest.json", manifest}, [2]string{"earlier/000000.json", references}), nil)
		if err != nil {
			return
		}
		defer got.close()
		for _, e := range got.manifest.Earlier {
			if filepath.Join("beside", e.Name) != "beside/"+e.Name || strings.Contains(e.Name, "/") || e.ID == got.manifest.ID || !id.Valid(e.ID) {
				t.Errorf("it needs %+v", e)
			}
		}
		h, err := got.next(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		err = got.references(h, func(r reference, digest []byte) error {
			if r.In < 0 || r.In >= len(got.manifest.Earlier) || r.Size < 0 || r.Name == "" || len(digest) != 32 {
				t.Errorf("it names %+v", r)
			}
			return nil
		})
		if err != nil && !errors.Is(err, ErrDamaged) {
			t.Error(err)
		}
	})
}
