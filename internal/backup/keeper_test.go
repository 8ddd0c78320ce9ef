package backup_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"filippo.io/age"

	"github.com/parley-chat/parley/internal/backup"
	"github.com/parley-chat/parley/internal/db/dbtest"
	"github.com/parley-chat/parley/internal/testkit"
)

type shelf struct {
	Archives []backup.Archive
	Problem  string
	Jobs     []struct {
		ID, Status string
		Data       map[string]string
	}
}

// laidOut names the folder in the settings, of which one archive is to be kept,
// and puts an old one there among files that are none.
func laidOut(t *testing.T, s *testkit.Server, folder, recipient string) (stale string, strangers []string) {
	if set := s.Config.Get().BackupSettings; set.Enable || set.Place != "" {
		t.Fatalf("defaults: %+v", set)
	}
	if _, err := s.Config.Patch(t.Context(), map[string]any{"BackupSettings": map[string]any{"Place": folder, "Keep": 1, "Recipients": []any{recipient}}}, ""); err != nil {
		t.Fatal(err)
	}
	stale, strangers = filepath.Join(folder, "parley-20200101-030000.tar.zst"), []string{"parley-notes.tar.zst", "parley-20200101-030000.tar.zst.sha256", "old.tar.zst"}
	for _, name := range strangers {
		if err := os.WriteFile(filepath.Join(folder, name), []byte("not ours"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(stale, []byte("an old one"), 0o600); err != nil {
		t.Fatal(err)
	}
	return stale, strangers
}

// TestTheConsoleMakesBackups makes two by hand, of which one is kept, restores
// it, and leaves alone what else lies in the folder.
func TestTheConsoleMakesBackups(t *testing.T) {
	for _, engine := range dbtest.Engines {
		t.Run(string(engine), func(t *testing.T) {
			s := testkit.Start(t, engine)
			identity, err := age.GenerateX25519Identity()
			if err != nil {
				t.Fatal(err)
			}
			folder := t.TempDir()
			stale, strangers := laidOut(t, s, folder, identity.Recipient().String())
			var got shelf
			s.Admin.GET("/parley/backups").Want(t, 200).Into(t, &got)
			if len(got.Archives) != 1 || len(got.Jobs) != 0 {
				t.Fatalf("before: %+v", got)
			}
			s.Admin.POST("/parley/backups", nil).Want(t, 201)
			testkit.Eventually(t, "the job has ended", func() bool {
				s.Admin.GET("/parley/backups").Want(t, 200).Into(t, &got)
				return len(got.Jobs) == 1 && got.Jobs[0].Status != "pending" && got.Jobs[0].Status != "in_progress"
			})
			if got.Jobs[0].Status != "success" || len(got.Archives) != 1 || time.Since(time.UnixMilli(got.Archives[0].Taken)) > time.Hour || got.Jobs[0].Data["rows"] == "" {
				t.Fatalf("after: %+v", got)
			}
			if _, err := os.Stat(stale); !os.IsNotExist(err) {
				t.Errorf("the old one: %v", err)
			}
			raw, err := os.ReadFile(filepath.Join(folder, got.Archives[0].Name))
			if err != nil {
				t.Fatal(err)
			}
			target, _ := empty(t, other(engine))
			target.Identities = []age.Identity{identity}
			if out, err := backup.Restore(t.Context(), bytes.NewReader(raw), target); err != nil || out.Rows == 0 {
				t.Errorf("restored %+v: %v", out, err)
			}
			s.Admin.DELETE("/parley/backups/"+strangers[0]).Want(t, 404)
			s.Admin.DELETE("/parley/backups/..%2F..%2Fparley.db").Want(t, 404)
			s.Admin.DELETE("/parley/backups/"+got.Archives[0].Name).Want(t, 200)
			s.Admin.DELETE("/parley/backups/"+got.Archives[0].Name).Want(t, 404)
			for _, name := range strangers {
				if raw, err := os.ReadFile(filepath.Join(folder, name)); string(raw) != "not ours" {
					t.Errorf("%s: %q, %v", name, raw, err)
				}
			}
		})
	}
}

// The console's backups add to those that are there; the eighth holds everything
// again. None goes that another one needs.
func TestTheConsolesBackupsAddUp(t *testing.T) {
	t.Parallel()
	for _, engine := range dbtest.Engines {
		t.Run(string(engine), func(t *testing.T) {
			t.Parallel()
			h := newHouse(t, engine)
			own, err := age.GenerateX25519Identity()
			if err != nil {
				t.Fatal(err)
			}
			folder := t.TempDir()
			if _, err := h.s.Config.Patch(t.Context(), map[string]any{"BackupSettings": map[string]any{"Place": folder, "Keep": 2, "Recipients": []any{own.Recipient().String()}}}, ""); err != nil {
				t.Fatal(err)
			}
			var got shelf
			backUp := func(n int) {
				h.write(t, fmt.Sprintf("more/%d.bin", n), strings.Repeat("more", n))
				h.s.Admin.POST("/parley/backups", nil).Want(t, 201)
				testkit.Eventually(t, "the job has ended", func() bool {
					h.s.Admin.GET("/parley/backups").Want(t, 200).Into(t, &got)
					return len(got.Jobs) == min(n, 10) && got.Jobs[0].Status == "success"
				})
			}
			for n := 1; n <= 7; n++ {
				backUp(n)
				if want := strconv.Itoa(n + 4); len(got.Archives) != n || (got.Archives[0].Since > 0) != (n > 1) || n > 1 && got.Jobs[0].Data["held"] != want {
					t.Fatalf("backup %d: %+v", n, got)
				}
			}
			h.s.Admin.DELETE("/parley/backups/"+got.Archives[6].Name).Refused(t, 409, "api.parley.backup.needed.app_error")
			if list, err := os.ReadFile(filepath.Join(folder, "parley-newest.files")); err != nil || bytes.Contains(list, []byte("more")) || bytes.Contains(list, []byte(".bin")) {
				t.Errorf("the list tells names: %v", err)
			}
			h.comesBack(t, engine, folder, got.Archives[0].Name, own)
			backUp(8) // holds everything; the seventh is kept, too, and needs the first six
			if len(got.Archives) != 8 || got.Archives[0].Since != 0 {
				t.Fatalf("the eighth: %+v", got)
			}
			backUp(9)
			if len(got.Archives) != 2 || got.Archives[0].Since != got.Archives[1].Taken {
				t.Fatalf("the ninth: %+v", got)
			}
			// Where an archive isn't as it was, the next one doesn't lean on it.
			if err := os.WriteFile(filepath.Join(folder, got.Archives[1].Name), []byte("gone"), 0o600); err != nil {
				t.Fatal(err)
			}
			if backUp(10); got.Archives[0].Since != 0 {
				t.Errorf("it adds to a bad one: %+v", got)
			}
		})
	}
}

// comesBack restores an archive of a folder on the other engine.
func (h *house) comesBack(t *testing.T, engine dbtest.Engine, folder, name string, own age.Identity) {
	t.Helper()
	to, dir := empty(t, other(engine))
	to.Identities = []age.Identity{own}
	to.Earlier = func(_ context.Context, e backup.Earlier) (io.ReadCloser, error) {
		return os.Open(filepath.Join(folder, e.Name))
	}
	newest, err := os.Open(filepath.Join(folder, name))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = newest.Close() }()
	if out, err := backup.Restore(t.Context(), newest, to); err != nil || len(out.Earlier) != 6 {
		t.Fatalf("%+v %v", out, err)
	}
	sameFiles(t, filepath.Join(h.dir, "files"), dir)
}

// TestAbsolutePlacesAreTheHosts: who administers through the web names buckets only.
func TestAbsolutePlacesAreTheHosts(t *testing.T) {
	s := testkit.Start(t, dbtest.SQLite)
	patch := func(place string) *testkit.Response {
		return s.Admin.PUT("/config/patch", map[string]any{"BackupSettings": map[string]any{"Place": place}})
	}
	patch("/etc").Refused(t, 403, "api.config.update_config.not_allowed_security.app_error")
	patch("relative").Refused(t, 400, "model.config.is_valid.backup_place.app_error")
	patch("s3://backups/parley").Want(t, 200)
	patch("").Want(t, 200)
}
