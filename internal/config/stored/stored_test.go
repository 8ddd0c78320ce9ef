package stored

import (
	"context"
	"testing"

	"github.com/parley-chat/parley/internal/config"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/db/dbtest"
	"github.com/parley-chat/parley/internal/id"
)

func open(t *testing.T, d *db.DB) *config.Store {
	t.Helper()
	s, err := config.Open(config.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Attach(context.Background(), Console(d)); err != nil {
		t.Fatal(err)
	}
	return s
}

func TestConsoleSurvivesARestart(t *testing.T) {
	ctx, who := context.Background(), id.New()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := open(t, d)
		salt := s.Get().FileSettings.PublicLinkSalt
		for _, name := range []string{"A", "B"} {
			if _, err := s.Patch(ctx, map[string]any{"TeamSettings": map[string]any{"SiteName": name, "MaxUsersPerTeam": 9.0}}, who); err != nil {
				t.Fatal(err)
			}
		}
		s = open(t, d)
		c, o := s.Get(), s.Origin("TeamSettings.SiteName")
		if c.TeamSettings.SiteName != "B" || c.FileSettings.PublicLinkSalt != salt || o.Layer != config.LayerConsole || o.Who != who || o.At == 0 {
			t.Fatal(c.TeamSettings.SiteName, o)
		}
		if _, err := s.Reset(ctx, "", "TeamSettings.SiteName"); err != nil {
			t.Fatal(err)
		}
		if c := open(t, d).Get(); c.TeamSettings.SiteName != "Mattermost" || c.TeamSettings.MaxUsersPerTeam != 9 {
			t.Fatal(c.TeamSettings)
		}
	})
}

// TestMattermostsOwn reads a configuration that Mattermost keeps in its database.
func TestMattermostsOwn(t *testing.T) {
	ctx := context.Background()
	o := dbtest.Options(t, dbtest.Postgres, dbtest.Empty)
	if _, err := ReadMattermost(ctx, o.URL); err == nil {
		t.Fatal("read a table that isn't there")
	}
	d, err := db.Open(ctx, o)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	for _, q := range []string{
		"CREATE TABLE configurations (id VARCHAR(26) PRIMARY KEY, value TEXT NOT NULL, createat BIGINT NOT NULL, active BOOLEAN)",
		`INSERT INTO configurations VALUES ('a', '{"TeamSettings":{"SiteName":"old"}}', 1, NULL), ('b', '{"TeamSettings":{"SiteName":"new"}}', 2, true)`,
	} {
		if _, err := db.Exec(ctx, d, q); err != nil {
			t.Fatal(err)
		}
	}
	raw, err := ReadMattermost(ctx, o.URL)
	if err != nil {
		t.Fatal(err)
	}
	s, err := config.Open(config.Options{DatabaseConfig: raw, ConfigDSN: o.URL})
	if err != nil || s.Get().TeamSettings.SiteName != "new" || s.DatabaseURL() != o.URL {
		t.Fatal(err, s)
	}
}
