package cli

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/db/dbtest"
)

// What Mattermost left is looked at, told of and taken over; nothing of it changes
// until then.
func TestAdopt(t *testing.T) {
	o := dbtest.Options(t, dbtest.Postgres)
	d, err := db.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = d.Close() }()
	run := func(sql string, args ...any) {
		t.Helper()
		if _, err := d.Exec(t.Context(), sql, args...); err != nil {
			t.Fatal(err)
		}
	}
	if err := d.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, sql := range []string{
		`DO $$ DECLARE t text; BEGIN FOR t IN SELECT tablename FROM pg_tables WHERE schemaname = current_schema() AND tablename LIKE 'parley\_%' LOOP
			EXECUTE 'DROP TABLE ' || t || ' CASCADE'; END LOOP; END $$`,
		`DROP FUNCTION parley_posts_created, parley_posts_changed CASCADE`,
		`INSERT INTO users (id, createat, updateat, deleteat, username, email, roles, authservice) VALUES ('u', 1, 1, 0, 'ada', 'ada@example.com', 'system_user', 'gitlab')`,
		`INSERT INTO pluginkeyvaluestore (pluginid, pkey, pvalue) VALUES ('playbooks', 'k', '\x01')`,
		`INSERT INTO commands (id, createat, updateat, deleteat) VALUES ('c', 1, 1, 0)`,
		`INSERT INTO fileinfo (id, creatorid, postid, createat, updateat, deleteat, path) VALUES ('f', 'u', 'p', 1, 1, 0, '20260101/f.txt'), ('g', 'u', 'p', 1, 1, 0, '20260101/g.txt')`,
	} {
		run(sql)
	}
	data := t.TempDir()
	sh := &shell{t: t, flags: []string{"--data", data, "--db", o.URL}, environ: []string{"LANG=en_GB.UTF-8"}}
	told := sh.refused("", "adopt", "--check")
	contains(t, told, "✓ The schema", "accounts", "2 files", "! 1 accounts sign in through another service", "of playbooks", "! 1 slash commands", "✗ None of 2 files", "20260101/f.txt")

	file := filepath.Join(data, "files", "20260101", "f.txt")
	if err := os.MkdirAll(filepath.Dir(file), 0o750); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	contains(t, sh.want("", "adopt", "--check"), "! 1 of 2 files", "The way back", "Nothing was changed")
	report, err := d.Check(t.Context())
	if err != nil || len(report.Parley) == 0 {
		t.Errorf("looking has changed the database: %+v %v", report, err)
	}
	contains(t, sh.want("", "adopt"), "Taken over")
	if report, err := d.Check(t.Context()); err != nil || !report.Complete() {
		t.Errorf("taken over, and yet %+v %v", report, err)
	}
	fresh := &shell{t: t, flags: []string{"--data", t.TempDir(), "--db", dbtest.Options(t, dbtest.Postgres, dbtest.Empty).URL}, environ: sh.environ}
	contains(t, fresh.refused("", "adopt", "--check"), "nothing to take over")
}
