package db_test

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/db/dbtest"
)

// noParley removes what Parley adds to the schema.
const noParley = `DO $$ DECLARE t text; BEGIN
	FOR t IN SELECT tablename FROM pg_tables WHERE tablename LIKE 'parley\_%' LOOP EXECUTE 'DROP TABLE ' || t || ' CASCADE'; END LOOP;
	END $$;`

// to1011 takes a complete schema back to the one that Mattermost 10.11 left
// (version 138), and to127 from there to the oldest that is accepted.
const to1011 = noParley + `
	DROP FUNCTION parley_posts_created, parley_posts_changed CASCADE;
	DELETE FROM db_migrations WHERE version > 138;
	ALTER TABLE remoteclusters DROP COLUMN lastglobalusersyncat;
	ALTER TABLE sharedchannelremotes DROP COLUMN lastmemberssyncat;
	ALTER TABLE sharedchannelusers DROP COLUMN lastmembershipsyncat;
	ALTER TABLE postacknowledgements DROP COLUMN remoteid, DROP COLUMN channelid;
	DROP TABLE contentflaggingcommonreviewers, contentflaggingteamreviewers, contentflaggingteamsettings;
	ALTER TABLE oauthapps DROP COLUMN isdynamicallyregistered;
	ALTER TABLE oauthauthdata DROP COLUMN codechallenge, DROP COLUMN codechallengemethod, DROP COLUMN resource;
	ALTER TABLE oauthaccessdata DROP COLUMN audience;
	DROP TABLE translations, readreceipts, temporaryposts, recapchannels, recaps;
	ALTER TABLE channels DROP COLUMN autotranslation;
	ALTER TABLE channelmembers DROP COLUMN autotranslation, DROP COLUMN autotranslationdisabled;
	ALTER TABLE drafts DROP COLUMN type;
	ALTER TABLE scheduledposts DROP COLUMN type;
	ALTER TABLE roles DROP COLUMN schemeid;
	DROP INDEX idx_accesscontrolpolicies_name_type;
	DELETE FROM systems WHERE name IN ('add_channel_auto_translation_permissions', 'content_flagging_setup_done');
	DELETE FROM propertyfields; DELETE FROM propertygroups WHERE name = 'content_flagging';
	DELETE FROM roles WHERE name LIKE 'shared_channel_manager';
	UPDATE roles SET permissions = replace(permissions, 'manage_public_channel_auto_translation', '');
	INSERT INTO schemes (id, name, deleteat, defaultchanneladminrole) VALUES (repeat('s', 26), 'scheme', 0, 'mine');
	INSERT INTO roles (id, name, permissions, deleteat) VALUES (repeat('r', 26), 'mine', 'create_post', 0);
	INSERT INTO accesscontrolpolicies (id, name, type, active, createat, revision, version)
		VALUES (repeat('a', 26), 'same', 'parent', true, 1, 1, 'v'), (repeat('b', 26), 'same', 'parent', true, 2, 1, 'v');`

const to127 = `
	DELETE FROM db_migrations WHERE version > 127;
	DROP MATERIALIZED VIEW attributeview, posts_by_team_day, bot_posts_by_team_day, file_stats;
	DROP TABLE scheduledposts, propertyfields, propertyvalues, propertygroups, accesscontrolpolicies, accesscontrolpolicyhistory;
	DROP TYPE property_field_type;
	ALTER TABLE channels DROP COLUMN bannerinfo, DROP COLUMN defaultcategoryname;
	DROP INDEX idx_sidebarchannels_categoryid;`

func script(t testing.TB, d *db.DB, text string) {
	t.Helper()
	if _, err := d.Exec(context.Background(), text); err != nil {
		t.Fatal(err)
	}
}

func TestAdoption(t *testing.T) {
	for last, undo := range map[int64]string{138: to1011, 127: to1011 + to127} {
		t.Run(strconv.FormatInt(last, 10), func(t *testing.T) {
			d := dbtest.Open(t, dbtest.Postgres)
			ctx := t.Context()
			script(t, d, undo)
			r, err := d.Check(ctx)
			if err != nil || r.Last != last || r.Complete() || r.Refused != nil || len(r.Parley) == 0 {
				t.Fatalf("check: %+v %v", r, err)
			}
			if err := d.Migrate(ctx); err != nil {
				t.Fatal(err)
			}
			requireReferenceSchema(t, d)
			perms, err := db.Value[string](ctx, d, "SELECT permissions FROM roles WHERE name = $1", "channel_admin")
			if err != nil || !slices.Contains(strings.Fields(perms), "manage_public_channel_auto_translation") {
				t.Errorf("channel_admin was not given what is new: %s %v", perms, err)
			}
			for query, want := range map[string]int64{
				"SELECT count(*) FROM roles":          26,
				"SELECT count(*) FROM propertyfields": 11,
				"SELECT count(*) FROM systems":        72,
				"SELECT count(*) FROM users":          1,
				"SELECT count(*) FROM roles WHERE name = 'mine' AND schemeid = repeat('s', 26)":  1,
				"SELECT count(DISTINCT name) - count(*) FROM accesscontrolpolicies":              0,
				"SELECT count(*) FROM pg_index WHERE NOT indisvalid":                             0,
				"SELECT count(*) FROM roles WHERE name = 'mine' AND permissions = 'create_post'": 1,
			} {
				if n, err := db.Value[int64](ctx, d, query); err != nil || n != want {
					t.Errorf("%s: %d %v, want %d", query, n, err, want)
				}
			}
			counting, n := db.CountStatements(ctx)
			if err := d.Migrate(counting); err != nil || n.N() != 1 {
				t.Errorf("a second Migrate took %d statements (%v)", n.N(), err)
			}
		})
	}
}

// restrict is a line with a random word that newer pg_dump writes.
var restrict = regexp.MustCompile(`(?m)^\\(un)?restrict .*$`)

func dump(t testing.TB, d *db.DB) string {
	t.Helper()
	out, err := exec.Command("pg_dump", d.Options().URL).Output()
	if err != nil {
		t.Fatal(err)
	}
	return restrict.ReplaceAllString(string(out), "")
}

func TestRefusedDatabasesStayUntouched(t *testing.T) {
	for name, c := range map[string]struct{ change, says string }{
		"newer version":    {"INSERT INTO db_migrations VALUES (160, 'from_the_future')", "160 from_the_future"},
		"other name":       {"UPDATE db_migrations SET name = 'other' WHERE version = 150", "150 other"},
		"a gap":            {"DELETE FROM db_migrations WHERE version = 150", "150 add_translation_state"},
		"too old":          {"DELETE FROM db_migrations WHERE version > 126", "version 126"},
		"newer Parley":     {"INSERT INTO parley_migrations VALUES (9999, 'later', 0)", "9999 later"},
		"somebody else's":  {"DROP TABLE db_migrations", "no db_migrations"},
		"no parley, newer": {noParley + "INSERT INTO db_migrations VALUES (160, 'x')", "160 x"},
	} {
		t.Run(name, func(t *testing.T) {
			d := dbtest.Open(t, dbtest.Postgres)
			script(t, d, c.change)
			before := dump(t, d)
			err := d.Migrate(t.Context())
			var se *db.SchemaError
			if !errors.Is(err, db.ErrUnknownSchema) || !errors.As(err, &se) || !strings.Contains(err.Error(), c.says) || se.Advice == "" {
				t.Errorf("Migrate: %v, want a refusal that says %q", err, c.says)
			}
			if dump(t, d) != before {
				t.Error("the database was changed")
			}
			if r, err := d.Check(t.Context()); err != nil || r.Refused == nil || r.Complete() {
				t.Errorf("check: %+v %v", r, err)
			}
		})
	}
}

func TestConfigurationTablesDontHinderAFreshStart(t *testing.T) {
	d := dbtest.Open(t, dbtest.Postgres, dbtest.Empty)
	script(t, d, "CREATE TABLE configurations (id text); CREATE TABLE db_config_migrations (version bigint)")
	if err := d.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// The rows that a running Mattermost 11.6 left go into our schema unchanged.
func TestFixtureLoads(t *testing.T) {
	d := dbtest.Open(t, dbtest.Postgres)
	ctx := t.Context()
	names, err := db.List(ctx, d, db.One[string], `SELECT relname FROM pg_class WHERE relkind = 'r'
		AND relnamespace = CAST('public' AS regnamespace) AND relname NOT LIKE 'parley\_%'`)
	if err != nil {
		t.Fatal(err)
	}
	script(t, d, "TRUNCATE "+strings.Join(names, ", "))
	load := exec.Command("sh", "-c", `xz -dc "$1" | psql -X -q -v ON_ERROR_STOP=1 "$2"`, "sh",
		shared(t, "fixtures", "mattermost-11.6.data.sql.xz"), d.Options().URL)
	if out, err := load.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	counts, err := os.ReadFile(shared(t, "fixtures", "mattermost-11.6.counts.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range strings.Split(strings.TrimSpace(string(counts)), "\n")[1:] {
		relation, want, _ := strings.Cut(line, "\t")
		n, err := db.Value[int64](ctx, d, "SELECT count(*) FROM "+relation)
		if err != nil || strconv.FormatInt(n, 10) != want {
			t.Errorf("%s has %d rows (%v), want %s", relation, n, err, want)
		}
	}
	for range 2 {
		if err := d.Migrate(ctx); err != nil {
			t.Error(err)
		}
	}
	requireReferenceSchema(t, d)
	if n, err := db.Value[int64](ctx, d, "SELECT count(*) FROM users"); err != nil || n != 2723 {
		t.Errorf("opening it added users: %d %v", n, err)
	}
}
