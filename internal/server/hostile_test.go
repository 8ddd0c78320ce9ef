package server_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/parley-chat/parley/internal/db/dbtest"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/testkit"
)

// hostileBodies are sent to every route that takes a body, whatever it expects.
var hostileBodies = []string{
	"", " ", "null", "true", "0", "-1", "1e999999", `"text"`, `""`, "[]", "{}", "[null]", "[[]]", "[{}]", "[1,2,3]", `[""]`, `[true,"x",null,{}]`,
	"{", "[", `{"a":`, `{"a"}`, `{"":null}`, `{"id":{"id":{"id":[]}}}`, "}{", "\xef\xbb\xbf{}", "\x00", "\xff\xfe\xfd", `{"a":"` + "\xff\xfe" + `"}`, `["` + "\xc3\x28" + `"]`,
	`{"message":"\u0000","name":"\u0000"}`, `["\u0000"]`, `["\ud800"]`, `{"message":"\ud800\udc00\udfff"}`, "{\"a\":\"\x00\"}",
	strings.Repeat("[", 20_000), strings.Repeat("[", 20_000) + strings.Repeat("]", 20_000), strings.Repeat(`{"a":`, 5_000) + "1" + strings.Repeat("}", 5_000),
	`"` + strings.Repeat("x", 400_000) + `"`, "[" + strings.Repeat(`"abcdefghijklmnopqrstuvwxyz",`, 9_000) + `"x"]`, "a=b&c=d", "<xml/>",
}

// hostileValues take the place of each value in a valid body.
var hostileValues = []string{
	"null", "true", "0", "-1", "1.5", "9223372036854775808", "1e400", `""`, `" "`, `"x"`, "[]", "{}", "[null]", `[""]`, `{"":""}`,
	`"\u0000"`, `"a\u0000b"`, "\"\xff\xfe\"", `"\ud800"`, `"\u202e\u0007\u001b[31m"`, `"me"`, `"abcdefghijklmnopqrstuvwxyz"`, `"' OR 1=1; --"`, `"../../etc/passwd"`,
	`"%00%ff"`, `"` + strings.Repeat("é", 3_000) + `"`, `"` + strings.Repeat("x", 100_000) + `"`, `"` + strings.Repeat("ab ", 20_000) + `"`, strings.Repeat("[", 400) + strings.Repeat("]", 400),
}

// twisted returns a valid JSON body with each of its values replaced by each
// hostile one, one at a time.
func twisted(valid string) []string {
	var v any
	if json.Unmarshal([]byte(valid), &v) != nil {
		return nil
	}
	var out []string
	spots, most := 0, 8
	if len(valid) > 10_000 {
		most = 1 // a whole configuration
	}
	const mark = "\"@here@\""
	var walk func(at any, set func(any))
	walk = func(at any, set func(any)) {
		if spots++; spots > most {
			return
		}
		switch at := at.(type) {
		case map[string]any:
			for _, k := range slices.Sorted(maps.Keys(at)) {
				walk(at[k], func(x any) { at[k] = x })
			}
		case []any:
			for i := range at {
				walk(at[i], func(x any) { at[i] = x })
			}
		}
		set("@here@")
		text, _ := json.Marshal(v)
		set(at)
		for _, bad := range hostileValues {
			out = append(out, strings.Replace(string(text), mark, bad, 1))
		}
	}
	walk(v, func(x any) { v = x })
	return out
}

// fromProtocol are the refusals that the protocol itself has at 500.
var fromProtocol = []string{"api.post.create_post.channel_root_id.app_error", "app.admin.test_email.failure", "api.file.test_connection.app_error",
	"api.user.upload_profile_user.parse.app_error", "api.system.logs.invalidFilter", "jobs.request_cancellation.status.error",
	"app.channel.move_channel.members_do_not_match.error"}

// survived fails unless an answer is a success or a refusal in the shape of all.
func survived(t *testing.T, what string, r *testkit.Response) {
	t.Helper()
	if r.Err != nil {
		t.Errorf("%s: %s: %v", r.Call, short(what), r.Err)
		return
	}
	if r.Status >= 500 && r.Status != http.StatusNotImplemented && !slices.Contains(fromProtocol, r.ErrorID()) {
		t.Errorf("%s: %s: %d %.200s", short(r.Call), short(what), r.Status, r.Body)
	}
	checkShape(t, r)
}

func short(s string) string { return fmt.Sprintf("%.160q", s) }

// bodyRows are the rows of the matrix whose routes take a body: each route once,
// as somebody who may call it.
func bodyRows(t *testing.T) (rows []matrixRow, who []string) {
	t.Helper()
	seen := map[string]bool{}
	for _, r := range matrix(t) {
		// A backup or a list of people that was begun goes on while the next call is refused.
		if r.method == "GET" || seen[r.route()] || r.want["sysadmin"] == "-" || r.path == "/parley/backups" || r.path == "/reports/users/export" {
			continue
		}
		seen[r.route()] = true
		rows = append(rows, r)
		if r.want["sysadmin"] != "ok" && r.want["owner"] == "ok" {
			who = append(who, "owner")
		} else {
			who = append(who, "sysadmin")
		}
	}
	return rows, who
}

// batter sends every hostile body to a route. What is refused must not have
// changed anything.
func (w *world) batter(t *testing.T, s *testkit.Server, r matrixRow, role string) {
	t.Helper()
	before, refused := contents(t, s.DB), ""
	calm := func() {
		t.Helper()
		if after := contents(t, s.DB); refused != "" && before != after {
			t.Errorf("%s %s: refused, and yet something changed: %s; the last body was %s", r.method, r.path, before.differs(after), refused)
		}
		refused = ""
	}
	valid := w.fill(s, r.body, role)
	for _, body := range append(twisted(valid), hostileBodies...) {
		r.body = strings.ReplaceAll(body, "$", "")
		got := w.call(s, r, role)
		survived(t, body, got)
		if what := w.leak(role, string(got.Body)); what != "" {
			t.Errorf("%s %s: %s: leaks %s", r.method, r.path, short(body), what)
		}
		if got.Status < 400 {
			before = contents(t, s.DB)
			refused = ""
		} else {
			refused = short(body)
		}
		if got.Status == http.StatusUnauthorized { // the call ended the caller's own session
			return
		}
	}
	calm()
}

// Whatever JSON, or none, is sent to whichever route: it is done or refused as
// a whole, and nothing breaks.
func TestHostileBodies(t *testing.T) {
	w := sqliteWorld(t)
	rows, who := bodyRows(t)
	for i, r := range rows {
		t.Run(fmt.Sprintf("%03d %s %s", i, r.method, strings.ReplaceAll(r.path, "/", "·")), func(t *testing.T) {
			t.Parallel()
			s := w.open(t)
			w.batter(t, s, r, who[i])
			s.Stop()
		})
	}
}

// takesAway reports whether a row would end what the other rows need.
func (r matrixRow) takesAway() bool {
	for _, part := range []string{"/sessions/revoke", "/demote", "/active", "/config", "/roles", "/auth", "/password", "/logout", "/scheme", "/tokens/", "/server_busy"} {
		if strings.Contains(r.path, part) {
			return true
		}
	}
	return r.method == "DELETE"
}

// The same on PostgreSQL, which minds what SQLite lets pass: NUL, bytes that
// are no UTF-8, texts longer than their column.
func TestHostileBodiesOnPostgreSQL(t *testing.T) {
	t.Parallel()
	s := testkit.Start(t, dbtest.Postgres, worldSettings)
	w := newWorld(t, s)
	rows, who := bodyRows(t)
	for _, last := range []bool{false, true} {
		for i, r := range rows {
			if r.takesAway() == last && !strings.Contains(r.path, "/config") {
				w.batter(t, s, r, who[i])
			}
			if w.as(s, "sysadmin").GET("/users/me").Status == http.StatusUnauthorized {
				a := w.as(s, "sysadmin")
				if r := s.Nobody().POST("/users/login", map[string]string{"login_id": a.Username, "password": testkit.Password}); r.Status == 200 {
					a.Token = r.Header.Get("Token")
					w.people["sysadmin"] = *a
				}
			}
		}
	}
}

// hostileNames take the place of variables in paths, and of query parameters.
var hostileNames = []string{"abcdefghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "a", "abcdefghijklmnopqrstuvwxy", "abcdefghijklmnopqrstuvwxyza",
	"me", "..", ".", "-1", "0", "99999999999999999999", "\x00", "a\x00b", "\xff\xfe", "é日本語", "' OR 1=1; --", "%", "%00", "../../etc/passwd", "a/b", "a\\b",
	"<script>", "true", "null", " ", "\r\nX-Evil: 1", strings.Repeat("x", 5_000)}

// Whatever stands in a path or a query, nothing breaks.
func TestHostilePathsAndQueries(t *testing.T) {
	params := map[string][]string{}
	for _, row := range table(t, shared(t, "reference/api-v4.tsv")) {
		for _, p := range strings.Split(row["query_params"], ", ") {
			if name, _, _ := strings.Cut(p, ":"); name != "" {
				name, _, _ = strings.Cut(name, "(")
				k := routeKey(row["method"], row["path"])
				params[k] = append(params[k], name)
			}
		}
	}
	for _, engine := range dbtest.Engines {
		t.Run(string(engine), func(t *testing.T) {
			t.Parallel()
			s := testkit.Start(t, engine, worldSettings)
			w := newWorld(t, s)
			seen := map[string]bool{}
			for _, r := range matrix(t) {
				if k := r.route(); !seen[k] && r.want["sysadmin"] != "-" {
					seen[k] = true
					w.misname(t, s, r, params[k])
				}
			}
		})
	}
}

// misname calls a route with hostile names, in its path and, when it is a
// reading, in its query.
func (w *world) misname(t *testing.T, s *testkit.Server, r matrixRow, params []string) {
	t.Helper()
	path, _, _ := strings.Cut(r.path, "?")
	for _, bad := range hostileNames {
		bent := r
		bent.path = variableIn.ReplaceAllString(path, strings.ReplaceAll(url.PathEscape(bad), "$", ""))
		if bent.path != path && (r.method == "GET" || bad != "me") {
			survived(t, bad, w.call(s, bent, "sysadmin"))
		}
		if r.method != "GET" {
			continue
		}
		for _, name := range params {
			bent.path = path + "?" + name + "=" + url.QueryEscape(bad) + "&" + name + "=2"
			survived(t, bad, w.call(s, bent, "sysadmin"))
		}
		bent.path = path + "?page=" + url.QueryEscape(bad) + "&per_page=" + url.QueryEscape(bad)
		survived(t, bad, w.call(s, bent, "sysadmin"))
	}
}

// Paths, queries and headers without end are refused before they cost anything.
func TestEndlessPathsQueriesAndHeaders(t *testing.T) {
	s := testkit.Start(t, dbtest.SQLite)
	long := strings.Repeat("x", 300_000)
	for what, r := range map[string]*testkit.Response{
		"path":          s.Admin.GET("/users/" + long),
		"query":         s.Admin.GET("/users?in_team=" + long),
		"header":        s.Admin.Do("GET", "/users/me", nil, "X-Long", long),
		"token":         s.Nobody().Do("GET", "/users/me", nil, "Authorization", "Bearer "+long),
		"cookie":        s.Nobody().Do("GET", "/users/me", nil, "Cookie", "MMAUTHTOKEN="+long),
		"shorter path":  s.Admin.GET("/users/" + long[:30_000]),
		"shorter query": s.Admin.GET("/users?in_team=" + long[:30_000]),
		"shorter token": s.Nobody().Do("GET", "/users/me", nil, "Authorization", "Bearer "+long[:30_000]),
	} {
		if r.Err != nil {
			continue // cut off while it was still being sent
		}
		if r.Status < 400 || r.Status == 500 {
			t.Errorf("%s: %d %.100s", what, r.Status, r.Body)
		}
	}
	s.Admin.GET("/users/me").Want(t, 200)
}

// A body of hundreds of megabytes is not read.
func TestEndlessBodiesAreNotRead(t *testing.T) {
	s := testkit.Start(t, dbtest.SQLite)
	body := []byte(`{"message":"` + strings.Repeat("x", 8<<20) + `"}`)
	for _, path := range []string{"/posts", "/users/login", "/users/me/preferences", "/users/" + id.New() + "/image"} {
		if r := s.Admin.POST(path, body); r.Err == nil && r.Status < 400 {
			t.Errorf("%s: %d", path, r.Status)
		}
	}
}
