package files_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/db/dbtest"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/server"
	"github.com/parley-chat/parley/internal/testkit"
	"github.com/parley-chat/parley/internal/testkit/s3"
)

// What a server leaves that is killed in an upload: a temporary file, a blob
// that no row names, a session that nobody goes on with.
func TestLeftoversAreSwept(t *testing.T) {
	dir := t.TempDir()
	files := filepath.Join(dir, "files")
	old := time.Now().Add(-48 * time.Hour)
	for name, age := range map[string]time.Time{".tmp/old": old, ".tmp/new": time.Now(), "20260101/loose.txt": old, "20260101/young.txt": old, "uploads/s/part": old} {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(files, name)), 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(files, name), []byte("x"), 0o640); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(filepath.Join(files, name), age, age); err != nil {
			t.Fatal(err)
		}
	}
	database, inDir := dbtest.Options(t, dbtest.SQLite), func(o *server.Options) { o.Data = dir }
	s := testkit.StartOn(t, database, inDir)
	alice := s.User("alice")
	room := s.Channel(alice, s.Team(alice))
	kept := alice.Upload(room, "kept.txt", []byte("kept"))
	for _, row := range []struct {
		sql  string
		args []any
	}{
		{`INSERT INTO parley_loose_blobs VALUES ('20260101/loose.txt', $1), ('20260101/young.txt', $2)`, []any{id.Now() - 1, id.Now() + 3_600_000}},
		{`INSERT INTO uploadsessions (id, type, createat, userid, channelid, filename, path, filesize, fileoffset) VALUES ('s', 'attachment', $1, 'u', 'c', 'f', 'p', 2, 1)`, []any{id.Now() - 8*24*3_600_000}},
		{`INSERT INTO parley_upload_parts VALUES ('s', 0, 'uploads/s/part')`, nil},
		{`DELETE FROM jobs WHERE type = 'parley_files_sweep'`, nil},
	} {
		if _, err := db.Exec(t.Context(), s.DB, row.sql, row.args...); err != nil {
			t.Fatal(row.sql, err)
		}
	}
	s.Stop()
	s = testkit.Bare(t, database, inDir) // the sweep is due
	testkit.Eventually(t, "the sweep", func() bool {
		done, err := db.Value[int64](t.Context(), s.DB, `SELECT count(*) FROM jobs WHERE type = 'parley_files_sweep' AND status = 'success'`)
		return err == nil && done > 0
	})
	for name, want := range map[string]bool{".tmp/old": false, ".tmp/new": true, "20260101/loose.txt": false, "20260101/young.txt": true, "uploads/s/part": false} {
		if _, err := os.Stat(filepath.Join(files, name)); (err == nil) != want {
			t.Errorf("%s is there: %v", name, err == nil)
		}
	}
	again := s.Nobody()
	again.Token = alice.Token
	again.GET("/files/"+kept.ID).Want(t, 200)
}

func TestFilesInABucket(t *testing.T) {
	bucket := s3.Start(t)
	s := testkit.Start(t, "sqlite", testkit.Env(bucket.Env()...))
	alice := s.User("alice")
	room := s.Channel(alice, s.Team(alice))
	large := bytes.Repeat([]byte("0123456789abcdef"), 700_000) // of three parts
	text, picture := alice.Upload(room, "large.txt", large), alice.Upload(room, "wide.png", drawn(t, 2200, 100))
	us := begin(t, alice, room, "parts.bin", 2000)
	alice.POST("/uploads/"+us.ID, large[:1000]).Want(t, 204)
	alice.Show(room, text, picture)
	for range 2 {
		if got := alice.GET("/files/"+text.ID).Want(t, 200).Body; !bytes.Equal(got, large) {
			t.Errorf("%d bytes came back", len(got))
		}
		if got := alice.Do("GET", "/files/"+text.ID, nil, "Range", "bytes=6000000-6000009").Want(t, 206).Body; !bytes.Equal(got, large[6_000_000:6_000_010]) {
			t.Errorf("from the middle: %q", got)
		}
		alice.GET("/files/"+picture.ID+"/preview").Want(t, 200)
		bucket.Stop()
		alice.GET("/files/"+text.ID).Refused(t, 500, "api.file.read_file.app_error")
		alice.Send(room, "lost.txt", []byte("lost")).Refused(t, 500, "api.file.write_file.app_error")
		alice.POST("/uploads/"+us.ID, large[:500]).Refused(t, 500, "api.file.write_file.app_error")
		if n := arrived(t, alice, us); n != 1000 {
			t.Errorf("%d bytes of the upload have arrived", n)
		}
		bucket.Run()
	}
	alice.POST("/uploads/"+us.ID, large[1000:2000]).Want(t, 200)
	if got := alice.GET("/files/"+us.ID).Want(t, 200).Body; !bytes.Equal(got, large[:2000]) {
		t.Errorf("%d bytes of the upload came back", len(got))
	}
	rows, _ := db.Value[int64](t.Context(), s.DB, "SELECT count(*) FROM fileinfo")
	if rows != 3 {
		t.Errorf("%d files, want 3", rows)
	}
}
