package backup_test

import (
	"bytes"
	"os"
	"path/filepath"
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
