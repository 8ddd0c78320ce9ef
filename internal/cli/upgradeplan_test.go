package cli

import (
	"strings"
	"testing"

	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/db/dbtest"
)

// A plan names the version that there is, the way and the way back; it has nothing
// to say where there is nothing to do.
func TestUpgradePlan(t *testing.T) {
	o := dbtest.Options(t, dbtest.Postgres)
	d, err := db.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	version, err := db.Value[string](t.Context(), d, `SELECT CAST(CAST(current_setting('server_version_num') AS integer) / 10000 AS text)`)
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	sh := &shell{t: t, flags: []string{"--data", t.TempDir(), "--db", o.URL}, environ: []string{"LANG=en_GB.UTF-8"}}
	contains(t, sh.want("", "db", "upgrade-plan", "--to", "99"), "PostgreSQL "+version, "minutes", "postgres:99-alpine", "db copy", "POSTGRES_HOST: postgres99", "The way back")
	contains(t, sh.want("", "db", "upgrade-plan", "--to", version), "nothing to do")
	lite := &shell{t: t, flags: []string{"--data", t.TempDir()}, environ: []string{"LANG=fr_FR.UTF-8"}}
	lite.want("", "db", "migrate")
	contains(t, lite.want("", "db", "upgrade-plan"), "aucune mise à niveau")
}

// The audit trail is checked from the command line, against a hash that was kept.
func TestAuditCommand(t *testing.T) {
	sh := &shell{t: t, flags: []string{"--data", t.TempDir()}, environ: []string{"LANG=en_GB.UTF-8"}}
	sh.want("", "db", "migrate")
	contains(t, sh.want("", "audit"), "0 lines")
	contains(t, sh.refused("", "audit", strings.Repeat("ab", 32)), "doesn’t know")
}
