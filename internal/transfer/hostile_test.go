package transfer_test

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/parley-chat/parley/internal/db/dbtest"
	"github.com/parley-chat/parley/internal/testkit"
	"github.com/parley-chat/parley/internal/transfer"
)

// entry is an archive of one entry beside the lines.
func entry(t *testing.T, h *zip.FileHeader, body string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, e := range []struct {
		h    *zip.FileHeader
		body string
	}{{&zip.FileHeader{Name: "import.jsonl"}, `{"type":"version","version":1}`}, {h, body}} {
		w, err := z.CreateHeader(e.h)
		if err == nil {
			_, err = w.Write([]byte(e.body))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// Archives that mean harm are refused with a word on why.
func TestBadArchives(t *testing.T) {
	link := &zip.FileHeader{Name: "data/link"}
	link.SetMode(fs.ModeSymlink | 0o777)
	twice := packed(t, map[string]string{"import.jsonl": "{}", "imporT.jsonl": "{}"})
	twice = bytes.ReplaceAll(twice, []byte("imporT"), []byte("import"))
	whole := entry(t, &zip.FileHeader{Name: "data/a.txt"}, "x")
	bomb := bytes.Clone(entry(t, &zip.FileHeader{Name: "data/bomb"}, "x"))
	if at := bytes.LastIndex(bomb, []byte("PK\x01\x02")); at > 0 { // what the list says of its size
		binary.LittleEndian.PutUint32(bomb[at+24:], 1<<31)
	}
	secret := bytes.Clone(entry(t, &zip.FileHeader{Name: "data/secret"}, "x"))
	secret[bytes.LastIndex(secret, []byte("PK\x01\x02"))+8] |= 1
	for name, c := range map[string]struct {
		raw  []byte
		want string
	}{
		"nothing":             {nil, "cut off"},
		"no zip":              {bytes.Repeat([]byte("no zip "), 100), "cut off"},
		"half of it":          {whole[:len(whole)/2], "cut off"},
		"a name that climbs":  {entry(t, &zip.FileHeader{Name: "data/../../climbed.txt"}, "x"), "leads out"},
		"an absolute name":    {entry(t, &zip.FileHeader{Name: "/etc/climbed"}, "x"), "leads out"},
		"a name with a slash": {entry(t, &zip.FileHeader{Name: `data\..\climbed`}, "x"), "leads out"},
		"an endless name":     {entry(t, &zip.FileHeader{Name: strings.Repeat("x", 2000)}, "x"), "leads out"},
		"a link":              {entry(t, link, "/etc/passwd"), "link"},
		"the same name twice": {twice, "twice"},
		"a bomb":              {bomb, "grows"},
		"something encrypted": {secret, "encrypted"},
		"an unknown packing":  {bytes.ReplaceAll(whole, []byte{0x14, 0x00, 0x08, 0x00, 0x00, 0x00}, []byte{0x14, 0x00, 0x08, 0x00, 0x63, 0x00}), "compressed"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := transfer.OpenZip(bytes.NewReader(c.raw), int64(len(c.raw)))
			if !errors.Is(err, transfer.ErrArchive) || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v, wanted %q", err, c.want)
			}
		})
	}
}

// Archives that look well and aren't end the import, or lose a file, and nothing else.
func TestDamagedArchives(t *testing.T) {
	s := testkit.Start(t, dbtest.SQLite)
	version := `{"type":"version","version":1}` + "\n"
	for name, c := range map[string]struct {
		files map[string]string
		want  string
	}{
		"no lines":      {map[string]string{"data/import.jsonl": version}, "no file of lines"},
		"two files":     {map[string]string{"a.jsonl": version, "b.jsonl": version}, "two files"},
		"no version":    {map[string]string{"a.jsonl": `{"type":"team"}`}, "version"},
		"another one":   {map[string]string{"a.jsonl": `{"type":"version","version":2}`}, "version"},
		"late":          {map[string]string{"a.jsonl": "\n" + `{"type":"team"}` + "\n" + version}, "version"},
		"an empty file": {map[string]string{"a.jsonl": ""}, "empty"},
	} {
		_, err := s.Transfer().ImportBulk(t.Context(), zipped(t, c.files), transfer.Options{})
		if !errors.Is(err, transfer.ErrArchive) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, wanted %q", name, err, c.want)
		}
	}

	// The bytes of a stored file were changed: its sum doesn't fit.
	lines := version + strings.Join(people, "\n") + "\n" +
		`{"type":"post","post":{"team":"acme","channel":"beans","user":"ann","message":"m","create_at":1000,"attachments":[{"path":"a.txt"},{"path":"../../../etc/passwd"}]}}`
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	w, _ := z.Create("import.jsonl")
	_, _ = w.Write([]byte(lines))
	w, _ = z.CreateHeader(&zip.FileHeader{Name: "data/a.txt", Method: zip.Store})
	_, _ = w.Write([]byte("rows of beans"))
	_ = z.Close()
	raw := bytes.Replace(b.Bytes(), []byte("rows of beans"), []byte("rows of peas!"), 1)
	from, err := transfer.OpenZip(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		t.Fatal(err)
	}
	var told []string
	report, err := s.Transfer().ImportBulk(t.Context(), from, transfer.Options{Skipped: func(p transfer.Problem) { told = append(told, p.Text("en")) }})
	if err != nil || report.Made["post"] != 1 || report.Files != 0 || len(told) != 2 || !strings.Contains(told[0], "damaged") || !strings.Contains(told[1], "passwd") {
		t.Errorf("%+v %v %v", report, told, err)
	}
}

// The files of plain lines lie in the folder data beside them, and nowhere else:
// neither a path nor a link leads out of it.
func TestFilesBesideLines(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{"secret.txt": "secret", "data/a.txt": "rows of beans"} {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink("../secret.txt", filepath.Join(dir, "data", "link.txt")); err != nil {
		t.Fatal(err)
	}
	post := `{"type":"post","post":{"team":"acme","channel":"beans","user":"ann","message":"m","create_at":1000,"attachments":[
		{"path":"a.txt"},{"path":"link.txt"},{"path":"../secret.txt"},{"path":"` + dir + `/secret.txt"}]}}`
	lines := append([]string{`{"type":"version","version":1}`}, append(people[:len(people):len(people)], strings.ReplaceAll(post, "\n", ""))...)
	name := filepath.Join(dir, "lines.jsonl")
	if err := os.WriteFile(name, []byte(strings.Join(lines, "\n")), 0o600); err != nil {
		t.Fatal(err)
	}
	from, err := transfer.OpenFile(name)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = from.Close() }()
	s := testkit.Start(t, dbtest.SQLite)
	report, err := s.Transfer().ImportBulk(t.Context(), from, transfer.Options{})
	if err != nil || report.Files != 1 || report.Skipped != 3 {
		t.Errorf("%+v %v", report, err)
	}
	if err := os.WriteFile(name, []byte("no lines at all"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := transfer.OpenFile(name); !errors.Is(err, transfer.ErrArchive) {
		t.Error(err)
	}
}
