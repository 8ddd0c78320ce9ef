package server_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/db/dbtest"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/testkit"
)

// grownTo is how many posts the fixture is made to have.
const grownTo = 100_000

// TestGrownDatabaseIsAdopted takes over the database and the files that a running
// Mattermost left, grown and with a row in every table, uses it, and looks whether
// it could go back: columns, indexes and the table of migrations are as they were.
func TestGrownDatabaseIsAdopted(t *testing.T) {
	t.Parallel()
	binary, o := built(t), dbtest.Options(t, dbtest.Postgres)
	loadFixture(t, o)
	d, err := db.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = d.Close() }()
	grow(t, d)
	before := shapeOf(t, d)
	p := &victim{t: t, binary: binary, dir: t.TempDir(), url: o.URL}
	files := filepath.Join(p.dir, "files")
	if err := os.MkdirAll(files, 0o750); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("tar", "-xJf", shared(t, "fixtures/mattermost-11.6.files.tar.xz"), "-C", files, "--strip-components=1").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, words := range [][]string{{"adopt", "--check"}, {"adopt"}} {
		out, err := p.command(append(words, "--db", o.URL, "--data", p.dir)).CombinedOutput()
		if err != nil || !strings.Contains(string(out), "files that were looked for are there") {
			t.Fatalf("%v: %v\n%s", words, err, out)
		}
	}
	s := testkit.Bare(t, o)
	person, channel, posts := busyMember(t, s.DB)
	alice := signIn(t, s, person)
	if posts < 20 {
		t.Errorf("the busiest channel has %d posts", posts)
	}
	c := &model.Channel{ID: channel}
	root := alice.Say(c, "Back again in the zoological garden")
	alice.Reply(root, "and so is the thread")
	// A hundred thousand posts came in another way than by posting. A search waits for some time until they are indexed, and says what it has.
	var found model.PostList
	for behind := true; behind; {
		alice.POST("/posts/search", map[string]any{"terms": `"zoological garden"`}).Want(t, 200).Into(t, &found)
		if behind, err = db.Value[bool](t.Context(), s.DB, `SELECT EXISTS (SELECT 1 FROM parley_posts_stale)`); err != nil {
			t.Fatal(err)
		}
	}
	if alice.POST("/posts/search", map[string]any{"terms": `"zoological garden"`}).Want(t, 200).Into(t, &found); len(found.Order) != 1 {
		t.Errorf("%d posts are found", len(found.Order))
	}
	alice.DELETE("/posts/"+root.ID).Want(t, 200)
	s.Stop()
	after := shapeOf(t, d)
	if diff := cmp.Diff(before, after); diff != "" {
		t.Errorf("it couldn't go back (-before +after):\n%s", diff)
	}
}

// grow copies posts until there are enough, and gives each empty table a row.
func grow(t *testing.T, d *db.DB) {
	t.Helper()
	run := func(sql string, args ...any) {
		t.Helper()
		if _, err := d.Exec(t.Context(), sql, args...); err != nil {
			t.Fatalf("%v\n%s", err, sql)
		}
	}
	have, err := db.Value[int64](t.Context(), d, `SELECT count(*) FROM posts`)
	if err != nil {
		t.Fatal(err)
	}
	run(`INSERT INTO posts (id, createat, updateat, editat, deleteat, ispinned, userid, channelid, rootid, originalid, message, type, props, hashtags, filenames, fileids, hasreactions)
		SELECT substr(md5(p.id || n), 1, 26), p.createat + n, p.updateat + n, 0, 0, false, p.userid, p.channelid, '', '', p.message || ' (' || n || ')', '', '{}', '', '[]', '[]', false
		FROM (SELECT * FROM posts WHERE type = '' AND deleteat = 0 AND originalid = '') p CROSS JOIN generate_series(1, 100) AS n
		ORDER BY n, p.id LIMIT $1`, grownTo-have)
	run(`UPDATE channels c SET totalmsgcount = x.n, totalmsgcountroot = x.n FROM (SELECT channelid, count(*) AS n FROM posts WHERE deleteat = 0 GROUP BY channelid) x WHERE x.channelid = c.id`)
	run(`DO $$ DECLARE t text; has boolean; cols text; vals text; BEGIN
		SET LOCAL session_replication_role = replica;
		FOR t IN SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = CAST(current_schema() AS regnamespace) AND relname NOT LIKE 'parley\_%' LOOP
			EXECUTE format('SELECT EXISTS (SELECT 1 FROM %I)', t) INTO has;
			CONTINUE WHEN has;
			SELECT string_agg(quote_ident(c.column_name), ', ' ORDER BY c.ordinal_position),
				string_agg(CASE WHEN e.label IS NOT NULL THEN quote_literal(e.label) WHEN c.data_type IN ('bigint', 'integer', 'smallint', 'numeric', 'real', 'double precision') THEN '1' WHEN c.data_type = 'boolean' THEN 'false'
					WHEN c.data_type IN ('json', 'jsonb', 'ARRAY') THEN quote_literal('{}') WHEN c.data_type = 'bytea' THEN quote_literal('x') WHEN c.data_type LIKE 'timestamp%' THEN 'now()'
					WHEN c.data_type = 'uuid' THEN 'gen_random_uuid()' ELSE quote_literal(left('xxxxxxxxxxxxxxxxxxxxxxxxxx', coalesce(c.character_maximum_length, 26))) END, ', ' ORDER BY c.ordinal_position)
				INTO cols, vals FROM information_schema.columns c
				LEFT JOIN LATERAL (SELECT min(l.enumlabel) AS label FROM pg_type y JOIN pg_enum l ON l.enumtypid = y.oid WHERE y.typname = c.udt_name) e ON true
				WHERE c.table_schema = current_schema() AND c.table_name = t AND c.is_generated = 'NEVER' AND c.is_identity = 'NO';
			EXECUTE format('INSERT INTO %I (%s) VALUES (%s)', t, cols, vals);
		END LOOP; END $$`)
	run(`VACUUM ANALYZE posts`) // as a database is that has been in use
}

// shapeOf is what has to stay as Mattermost knows it.
func shapeOf(t *testing.T, d *db.DB) map[string][]string {
	t.Helper()
	out := map[string][]string{}
	for name, sql := range map[string]string{
		"columns": `SELECT table_name || '.' || column_name || ' ' || udt_name || ' ' || coalesce(CAST(character_maximum_length AS text), '') || ' ' || is_nullable || ' ' || coalesce(column_default, '')
			FROM information_schema.columns WHERE table_schema = current_schema() AND table_name NOT LIKE 'parley\_%' ORDER BY 1 LIMIT 5000`,
		"indexes":    `SELECT indexdef FROM pg_indexes WHERE schemaname = current_schema() AND tablename NOT LIKE 'parley\_%' ORDER BY 1 LIMIT 2000`,
		"migrations": `SELECT version || ' ' || name FROM db_migrations ORDER BY version LIMIT 2000`,
	} {
		list, err := db.List(t.Context(), d, db.One[string], sql)
		if err != nil || len(list) < 100 {
			t.Fatalf("%s: %d, %v", name, len(list), err)
		}
		out[name] = list
	}
	return out
}
