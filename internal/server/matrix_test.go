package server_test

import (
	"cmp"
	"context"
	"crypto/sha256"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/db/dbtest"
	"github.com/parley-chat/parley/internal/testkit"
)

// testdata/matrix.tsv says what becomes of a call in every role: one of nobody,
// a deactivated account, somebody in no team, a guest in one public channel,
// somebody in the team but not in the private channel, a member of the private
// channel, that member by access token, the channel's admin, a team admin who
// is not in the channel, the member whom the thing asked for belongs to, and
// the system admin. The cells follow from the permissions that the protocol
// names for each route: ok is 2xx, - is not called. {channel_id} in a path is
// the private channel, {user_id} the owner, and so on (see things);
// {channel_id=public} is another. The body is valid, so that a refusal is
// about rights.

// things are what the variables of paths stand for unless a row says otherwise.
var things = map[string]string{"channel_id": "private", "team_id": "team", "user_id": "owner", "post_id": "post", "thread_id": "post",
	"category_id": "category", "role_id": "role", "scheme_id": "teamscheme", "job_id": "job", "file_id": "file", "upload_id": "upload", "token_id": "ownerpat", "invite_id": "invite",
	"team_name": "teamname", "channel_name": "privatename", "username": "ownername", "email": "ownermail", "restore_version_id": "version",
	"scheduled_post_id": "scheduled", "emoji_id": "emoji", "bookmark_id": "bookmark",
	"command_id": "command", "hook_id": "hook", "bot_user_id": "bot", "listener_id": "listener", "app_id": "app", "outgoing_oauth_connection_id": "connection",
	"group_id": "group", "field_id": "field", "syncable_id": "team", "content_reviewer_id": "teamadmin"}

// words are the variables of paths that are no things of the world.
var words = map[string]string{"response_id": "nobodyexpectsthisanswer111", "incoming_id": "nobodyknowsofthishookhere1", "delivery_id": "nobodyhassentthisanywhere1", "action": "approve",
	"emoji_name": "smile", "timestamp": "4102444800000", "category": "drawer", "preference_name": "thing", "subscription_id": "subscriptionsubscription12",
	"role_name": "team_user", "part": "style.css", "month": "2026-11", "variant": "preview", "job_type": "import_process", "import_name": "some.zip", "export_name": "some.zip", "name": "parley-20200101-030000.tar.zst"}

var variableIn = regexp.MustCompile(`\{([a-z_]+)(?:=([a-z]+))?\}`)

type matrixRow struct {
	method, path, body, note string
	want                     map[string]string
}

func (r matrixRow) route() string {
	path, _, _ := strings.Cut(r.path, "?")
	if site, ok := strings.CutPrefix(path, "<site>"); ok {
		return routeKey(r.method, site)
	}
	return routeKey(r.method, "/api/v4"+path)
}

func matrix(t *testing.T) []matrixRow {
	t.Helper()
	var list []matrixRow
	for _, row := range table(t, "testdata/matrix.tsv") {
		list = append(list, matrixRow{row["method"], row["path"], row["body"], row["note"], row})
	}
	return list
}

// call sends a row's request in a role.
func (w *world) call(s *testkit.Server, r matrixRow, role string) *testkit.Response {
	path := variableIn.ReplaceAllStringFunc(w.fill(s, r.path, role), func(v string) string {
		m := variableIn.FindStringSubmatch(v)
		if word, ok := words[m[1]]; ok && m[2] == "" {
			return word
		}
		name := things[m[1]]
		if m[2] != "" {
			name = m[2]
		}
		if name == "me" {
			return cmp.Or(w.people[role].ID, "me")
		}
		if w.vars[name] == "" {
			panic(r.path + ": the world has no " + name)
		}
		return w.vars[name]
	})
	a := w.as(s, role)
	switch r.body {
	case "":
		return a.Do(r.method, path, nil)
	case "@image":
		return a.Do(r.method, path, picture, "Content-Type", pictureType)
	case "@emoji":
		body, kind := emojiForm(a.ID)
		return a.Do(r.method, path, body, "Content-Type", kind)
	case "@license":
		return a.Do(r.method, path, licence, "Content-Type", licenceType)
	}
	return a.Do(r.method, path, w.fill(s, r.body, role))
}

// judge holds an answer against its cell.
func (w *world) judge(t *testing.T, r matrixRow, role string, got *testkit.Response) {
	t.Helper()
	want := r.want[role]
	if ok := got.Status >= 200 && got.Status < 300; want == "ok" && !ok || want != "ok" && fmt.Sprint(got.Status) != want {
		t.Errorf("%s: %s %s: %d, want %s: %.300s", role, r.method, r.path, got.Status, want, got.Body)
	}
	checkShape(t, got)
	if at := credential(got.Body, r.body); at != "" {
		t.Errorf("%s: %s %s: tells a credential at %s", role, r.method, r.path, at)
	}
	if what := w.leak(role, string(got.Body)); what != "" && !r.reveals() {
		t.Errorf("%s: %s %s: leaks %s: %.600s", role, r.method, r.path, what, got.Body)
	}
}

func (r matrixRow) reveals() bool { return strings.HasPrefix(r.note, "reveals") }

// listeners hear what a change tells those outside of the private channel.
var listeners = []string{"stranger", "guest", "teammate", "teamadmin"}

// allowed makes the calls of a row that change something, and judges what everybody
// is told of them. They share a copy of the world as long as what one has changed
// leaves the next its answer: otherwise that one has a copy of its own.
func (w *world) allowed(t *testing.T, r matrixRow) {
	t.Helper()
	var c *worldCopy
	for _, role := range slices.Backward(roles) { // outsiders last: whoever calls listens no more
		if r.want[role] != "ok" {
			continue
		}
		if c == nil {
			c = w.copy(t, r)
		}
		delete(c.ears, role)
		got := w.call(c.s, r, role)
		if c.used && (got.Status < 200 || got.Status > 299) {
			c.s.Stop()
			c = w.copy(t, r)
			delete(c.ears, role)
			got = w.call(c.s, r, role)
		}
		c.used = true
		w.judge(t, r, role, got)
		for who, ear := range c.ears {
			for _, f := range ear.Events() {
				if what := w.leak(who, fmt.Sprint(f.Event, f.Data, f.Broadcast)); what != "" && !r.reveals() {
					t.Errorf("%s %s by %s: the event %s tells the %s of %s: %v", r.method, r.path, role, f.Event, who, what, f.Data)
				}
			}
		}
	}
	if c != nil {
		c.s.Stop()
	}
}

// worldCopy is a copy of the world in which a call has been made, or none yet, and
// the websockets of those who must not hear of the private channel.
type worldCopy struct {
	s    *testkit.Server
	ears map[string]*testkit.Socket
	used bool
}

func (w *world) copy(t *testing.T, r matrixRow) *worldCopy {
	t.Helper()
	c := &worldCopy{s: w.open(t), ears: map[string]*testkit.Socket{}}
	if !strings.HasPrefix(r.note, "quiet") {
		for _, who := range listeners {
			c.ears[who] = w.as(c.s, who).Listen()
		}
	}
	return c
}

// Every route has a row, whoever calls it gets what the row says, is told
// nothing that is not theirs, and what is refused leaves no trace.
func TestMatrixOfRolesAndObjects(t *testing.T) {
	w := sqliteWorld(t)
	s := w.open(t)
	rows := matrix(t)
	for _, r := range s.Router().Routes() {
		if key := routeKey(r.Method, r.Path); !slices.ContainsFunc(rows, func(row matrixRow) bool { return row.route() == key }) {
			t.Errorf("no row in testdata/matrix.tsv for %s %s", r.Method, r.Path)
		}
	}
	t.Run("refused", func(t *testing.T) { w.refusals(t, s, rows) })
	s.Stop()
	for i, r := range rows {
		if r.method == "GET" {
			continue
		}
		t.Run(fmt.Sprintf("%03d %s %s", i+2, r.method, strings.ReplaceAll(r.path, "/", "·")), func(t *testing.T) {
			t.Parallel()
			w.allowed(t, r)
		})
	}
}

// refusals makes the calls that change nothing: all that are refused, and all
// readings.
func (w *world) refusals(t *testing.T, s *testkit.Server, rows []matrixRow) {
	w.as(s, "teamadmin").Do("POST", "/teams/"+w.vars["team"]+"/image", picture, "Content-Type", pictureType).Want(t, 200)
	before := contents(t, s.DB)
	for _, r := range rows {
		for _, role := range roles {
			if want := r.want[role]; want != "-" && want != "ok" {
				w.judge(t, r, role, w.call(s, r, role))
			}
		}
		if after := contents(t, s.DB); before != after && !strings.HasPrefix(r.note, "makes") {
			t.Errorf("%s %s: refused, and yet something changed: %s", r.method, r.path, before.differs(after))
		}
		if r.method == "GET" {
			for _, role := range roles {
				if r.want[role] == "ok" {
					w.judge(t, r, role, w.call(s, r, role))
				}
			}
		}
		before = contents(t, s.DB)
	}
}

// The same on PostgreSQL, for what is refused and what is read.
func TestMatrixOfRolesAndObjectsOnPostgreSQL(t *testing.T) {
	s := testkit.Start(t, dbtest.Postgres, worldSettings)
	newWorld(t, s).refusals(t, s, matrix(t))
}

// watched are the tables that a refused call must leave alone. Those that are
// written beside any call (sessions, status, audits) are not among them.
var watched = [...]string{"users", "teams", "teammembers", "channels", "channelmembers", "channelmemberhistory", "publicchannels", "posts",
	"threads", "threadmemberships", "fileinfo", "uploadsessions", "reactions", "drafts", "scheduledposts", "parley_scheduled", "emoji", "channelbookmarks", "preferences", "sidebarcategories", "sidebarchannels", "roles", "schemes", "jobs",
	"useraccesstokens", "oauthapps", "oauthauthdata", "oauthaccessdata", "parley_oauth_grants", "tokens", "postreminders", "postacknowledgements", "postspriority", "temporaryposts", "readreceipts",
	"termsofservice", "usertermsofservice", "usergroups", "groupmembers", "groupteams", "groupchannels", "propertyfields", "propertyvalues",
	"parley_reports", "parley_deletion_requests", "parley_topics", "parley_web_public", "parley_mail_addresses", "parley_receipts", "parley_topic_followers", "contentflaggingcommonreviewers", "contentflaggingteamreviewers", "contentflaggingteamsettings"}

// digest is what a database holds: for each watched table its rows, counted
// and summed up.
type digest [len(watched)]struct {
	rows int
	sum  [32]byte
}

func (d digest) differs(other digest) string {
	var names []string
	for i, table := range watched {
		if d[i] != other[i] {
			names = append(names, fmt.Sprintf("%s (%d rows, then %d)", table, d[i].rows, other[i].rows))
		}
	}
	return strings.Join(names, ", ")
}

func contents(t *testing.T, d *db.DB) digest {
	t.Helper()
	var out digest
	for i, name := range watched {
		rows, err := d.Query(context.Background(), "SELECT * FROM "+name)
		if err != nil {
			t.Fatal(err)
		}
		columns, err := rows.Columns()
		if err != nil {
			t.Fatal(err)
		}
		cells := make([]any, len(columns))
		for j := range cells {
			cells[j] = new(any)
		}
		var lines []string
		for rows.Next() {
			if err := rows.Scan(cells...); err != nil {
				t.Fatal(err)
			}
			var line strings.Builder
			for _, c := range cells {
				fmt.Fprintf(&line, "%v|", *c.(*any))
			}
			lines = append(lines, line.String())
		}
		if err := rows.Err(); err != nil {
			t.Fatal(err)
		}
		_ = rows.Close()
		slices.Sort(lines)
		out[i].rows, out[i].sum = len(lines), sha256.Sum256([]byte(strings.Join(lines, "\n")))
	}
	return out
}
