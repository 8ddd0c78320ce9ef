package server_test

import (
	"context"
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/db/dbtest"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/testkit"
)

// A database that a running Mattermost left behind opens as it is: its people
// sign in, read what they had, and write on; nothing else changes.
func TestDatabaseOfMattermostGoesOn(t *testing.T) {
	t.Parallel()
	o := dbtest.Options(t, dbtest.Postgres)
	loadFixture(t, o)
	s := testkit.Bare(t, o)
	admin := signIn(t, s, "probeadmin")
	compareCounts(t, s.DB, map[string]int64{})
	var me model.User
	admin.GET("/users/me").Want(t, 200).Into(t, &me)
	if !strings.Contains(me.Roles, model.RoleSystemAdmin) {
		t.Fatalf("the administrator has the roles %q", me.Roles)
	}
	person, channel, posts := busyMember(t, s.DB)
	alice := signIn(t, s, person)
	var c model.Channel
	alice.GET("/channels/"+channel).Want(t, 200).Into(t, &c)
	var page model.PostList
	alice.GET("/channels/"+channel+"/posts?per_page=200").Want(t, 200).Into(t, &page)
	if int64(len(page.Order)) != min(posts, 200) {
		t.Errorf("a channel of %d posts shows %d", posts, len(page.Order))
	}
	for _, path := range []string{"/users/me", "/users/me/preferences", "/users/me/teams", "/users/me/teams/members", "/users/me/teams/unread",
		"/users/me/teams/" + c.TeamID + "/channels", "/users/me/teams/" + c.TeamID + "/channels/members",
		"/users/me/teams/" + c.TeamID + "/channels/categories", "/users/me/teams/" + c.TeamID + "/threads", "/users?per_page=200", "/teams?per_page=200"} {
		alice.GET(path).Want(t, 200)
	}
	root := alice.Say(&c, "Back again, @all")
	alice.Reply(root, "and so is the thread")
	alice.POST("/reactions", map[string]string{"user_id": alice.ID, "post_id": root.ID, "emoji_name": "tada"}).Want(t, 200)
	alice.GET("/posts/"+root.ID+"/thread").Want(t, 200)
	compareCounts(t, s.DB, map[string]int64{"posts": 2, "threads": 1, "threadmemberships": 1, "reactions": 1})
}

func loadFixture(t *testing.T, o db.Options) {
	t.Helper()
	d, err := db.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = d.Close() }()
	names, err := db.List(t.Context(), d, db.One[string], `SELECT relname FROM pg_class WHERE relkind = 'r'
		AND relnamespace = CAST('public' AS regnamespace) AND relname NOT LIKE 'parley\_%'`)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.Exec(t.Context(), "TRUNCATE "+strings.Join(names, ", ")); err != nil {
		t.Fatal(err)
	}
	load := exec.Command("sh", "-c", `xz -dc "$1" | psql -X -q -v ON_ERROR_STOP=1 "$2"`, "sh", shared(t, "fixtures/mattermost-11.6.data.sql.xz"), o.URL)
	if out, err := load.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
}

// signIn logs in with the password of the fixture, hashed at its full cost.
func signIn(t *testing.T, s *testkit.Server, name string) *testkit.Actor {
	t.Helper()
	var u model.User
	a := s.Nobody()
	r := a.POST("/users/login", map[string]string{"login_id": name, "password": testkit.Password}).Want(t, 200).Into(t, &u)
	a.ID, a.Username, a.Token = u.ID, u.Username, r.Header.Get("Token")
	return a
}

// busyMember finds an active person in a live public channel with many posts.
func busyMember(t *testing.T, d *db.DB) (username, channelID string, posts int64) {
	t.Helper()
	err := d.QueryRow(t.Context(), `SELECT u.username, c.id, count(*) FROM channels c
		JOIN posts p ON p.channelid = c.id AND p.deleteat = 0
		JOIN channelmembers cm ON cm.channelid = c.id JOIN users u ON u.id = cm.userid
		JOIN teammembers tm ON tm.teamid = c.teamid AND tm.userid = u.id AND tm.deleteat = 0
		WHERE c.type = 'O' AND c.deleteat = 0 AND u.deleteat = 0 AND u.mfaactive = false AND u.roles = 'system_user' AND u.password LIKE '$pbkdf2%'
		GROUP BY u.username, c.id ORDER BY 3 DESC, 1 LIMIT 1`).Scan(&username, &channelID, &posts)
	if err != nil {
		t.Fatal(err)
	}
	return username, channelID, posts
}

// compareCounts recounts every relation that the fixture counted; grown says
// how many rows were added since. What a running server writes by itself
// (sessions, the audit trail, statuses, sidebars) is left aside.
func compareCounts(t *testing.T, d *db.DB, grown map[string]int64) {
	t.Helper()
	aside := map[string]bool{"sessions": true, "audits": true, "status": true, "sidebarcategories": true, "sidebarchannels": true, "jobs": true}
	for _, row := range table(t, shared(t, "fixtures/mattermost-11.6.counts.tsv")) {
		relation := row["relation"]
		if aside[relation] {
			continue
		}
		want, err := strconv.ParseInt(row["rows"], 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		n, err := db.Value[int64](context.Background(), d, "SELECT count(*) FROM "+relation)
		if err != nil || n != want+grown[relation] {
			t.Errorf("%s has %d rows (%v), want %d", relation, n, err, want+grown[relation])
		}
	}
}
