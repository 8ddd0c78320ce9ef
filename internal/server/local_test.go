package server_test

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/db/dbtest"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/server"
	"github.com/parley-chat/parley/internal/testkit"
)

// socketIn is a path for a local socket, short enough for one.
func socketIn(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "local")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	return filepath.Join(dir, "socket")
}

func localMode(path string) testkit.Option {
	return testkit.Env("MM_SERVICESETTINGS_ENABLELOCALMODE=true", "MM_SERVICESETTINGS_LOCALMODESOCKETLOCATION="+path)
}

// locally calls the API over the socket and returns the status and the body.
func locally(t *testing.T, path, method, route string, body any, headers ...string) (int, []byte) {
	t.Helper()
	raw, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	at, root := strings.CutPrefix(route, "<site>")
	if !root {
		at = "/api/v4" + at
	}
	req, err := http.NewRequestWithContext(t.Context(), method, "http://local"+at, strings.NewReader(string(raw)))
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	transport := &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "unix", path)
	}}
	defer transport.CloseIdleConnections()
	resp, err := transport.RoundTrip(req)
	if err != nil {
		t.Fatalf("%s %s: %v", method, route, err)
	}
	defer func() { _ = resp.Body.Close() }()
	answer, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, answer
}

// wantLocally is locally for a call that is granted.
func wantLocally(t *testing.T, path, method, route string, body, into any) {
	t.Helper()
	status, answer := locally(t, path, method, route, body)
	if status >= 300 {
		t.Fatalf("%s %s: %d %s", method, route, status, answer)
	}
	if into != nil {
		if err := json.Unmarshal(answer, into); err != nil {
			t.Fatal(err)
		}
	}
}

// Over the local socket the system itself acts: it needs no credentials, may do
// everything, is a member of nothing, and the audit trail says where it came from.
func TestLocalSocketActsAsTheSystem(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		path := s.Config.Get().ServiceSettings.LocalModeSocketLocation
		var team model.Team
		wantLocally(t, path, "POST", "/teams", map[string]string{"name": "harbour", "display_name": "Harbour", "type": "I"}, &team)
		var room model.Channel
		wantLocally(t, path, "POST", "/channels", map[string]string{"team_id": team.ID, "name": "quay", "display_name": "Quay", "type": "P"}, &room)
		if room.CreatorID != "" {
			t.Errorf("somebody made the channel: %s", room.CreatorID)
		}
		ann := s.User("ann")
		wantLocally(t, path, "POST", "/teams/"+team.ID+"/members", map[string]string{"team_id": team.ID, "user_id": ann.ID}, nil)
		wantLocally(t, path, "POST", "/channels/"+room.ID+"/members", map[string]string{"user_id": ann.ID}, nil)
		ann.Say(&room, "in")
		wantLocally(t, path, "PUT", "/channels/"+room.ID+"/patch", map[string]string{"display_name": "Pier"}, nil)
		wantLocally(t, path, "PUT", "/channels/"+room.ID+"/privacy", map[string]string{"privacy": "O"}, nil)
		wantLocally(t, path, "DELETE", "/channels/"+room.ID, nil, nil)
		wantLocally(t, path, "POST", "/channels/"+room.ID+"/restore", nil, nil)
		wantLocally(t, path, "DELETE", "/channels/"+room.ID+"/members/"+ann.ID, nil, nil)
		wantLocally(t, path, "PUT", "/users/"+ann.ID+"/roles", map[string]string{"roles": "system_user system_admin"}, nil)
		wantLocally(t, path, "PUT", "/users/"+ann.ID+"/active", map[string]bool{"active": false}, nil)
		wantLocally(t, path, "PUT", "/config/patch", map[string]any{"TeamSettings": map[string]any{"SiteName": "By the quay"}}, nil)
		for _, gone := range []string{"/users/" + ann.ID, "/channels/" + room.ID, "/teams/" + team.ID} {
			wantLocally(t, path, "DELETE", gone+"?permanent=true", nil, nil)
		}
		s.User("ben")
		wantLocally(t, path, "DELETE", "/users", nil, nil)
		if left, err := db.List(t.Context(), s.DB, db.One[string], `SELECT username FROM users LIMIT 10`); err != nil || len(left) != 1 || left[0] != model.BotSystemUsername {
			t.Errorf("left: %v %v", left, err)
		}
		if s.Config.Get().TeamSettings.SiteName != "By the quay" {
			t.Error("the setting was not kept")
		}
		testkit.Eventually(t, "the audit trail says that the system did it", func() bool {
			n, err := db.Value[int](t.Context(), s.DB, `SELECT count(*) FROM audits WHERE userid = '' AND ipaddress = $1 AND action LIKE '%/config'`, access.LocalAddress)
			return err == nil && n == 1
		})
	}, func(o *server.Options) { localMode(socketIn(t))(o) })
}

// What needs somebody, or is no part of the API, is not served there.
func TestLocalSocketRefusesWhatBelongsToSomebody(t *testing.T) {
	path := socketIn(t)
	s := testkit.Start(t, dbtest.SQLite, localMode(path))
	for route, want := range map[string]string{
		"/users/me":         "api.context.session_expired.app_error",
		"/users/me/teams":   "parley.local.route.app_error",
		"/users/known":      "parley.local.route.app_error",
		"/websocket":        "parley.local.route.app_error",
		"/nothing":          "api.context.404.app_error",
		"/../../index.html": "api.context.404.app_error",
	} {
		status, body := locally(t, path, "GET", route, nil, "Authorization", "Bearer "+s.Admin.Token)
		var e model.AppError
		if err := json.Unmarshal(body, &e); err != nil || status < 400 || e.ID != want {
			t.Errorf("%s: %d %s", route, status, body)
		}
	}
	for _, r := range s.Router().Routes() {
		if r.Policy.Anonymous || access.LocallyServed(r.Method, r.Path) {
			continue
		}
		route, api := strings.CutPrefix(variable.ReplaceAllString(r.Path, "abcdefghijklmnopqrstuvwxyz"), "/api/v4")
		refusal := "parley.local.route"
		if !api { // the socket serves the API alone
			route, refusal = "<site>"+route, "api.context.404"
		}
		if status, body := locally(t, path, r.Method, route, nil); r.Method != "HEAD" && (status != http.StatusNotFound || !strings.Contains(string(body), refusal)) {
			t.Errorf("%s %s: %d %s", r.Method, r.Path, status, body)
		}
	}
}

// Nothing that a request over TCP carries makes it a local one.
func TestForgedHeadersAreNotLocal(t *testing.T) {
	path := socketIn(t)
	s := testkit.Start(t, dbtest.SQLite, localMode(path))
	for _, h := range [][]string{{"X-Forwarded-For", access.LocalAddress}, {"Host", "_"}, {"Host", path}, {"X-Real-Ip", "@"},
		{"X-Forwarded-Proto", "unix"}, {"Authorization", "Bearer local"}, {"X-Local-Mode", "true"}, {"Forwarded", "for=unix:" + path}} {
		s.Nobody().Do("GET", "/config", nil, h...).Refused(t, 401, "api.context.session_expired.app_error")
		if h[0] == "Authorization" {
			continue
		}
		s.Admin.Do("DELETE", "/users", nil, h...).Refused(t, 401, "api.context.local_origin_required.app_error")
	}
}

// The socket is its owner's alone, takes the place of one that is dead, of
// nothing else, and goes with the server.
func TestLocalSocketsPlace(t *testing.T) {
	path := socketIn(t)
	s := testkit.Start(t, dbtest.SQLite, localMode(path))
	info, err := os.Lstat(path)
	if err != nil || info.Mode() != fs600 {
		t.Fatalf("%v %v", info, err)
	}
	if left, _ := os.ReadDir(filepath.Dir(path)); len(left) != 1 {
		t.Errorf("left beside the socket: %v", left)
	}
	second := func() error {
		database := dbtest.Options(t, dbtest.SQLite)
		o := server.Options{Listen: "127.0.0.1:0", Data: t.TempDir(), Database: &database, Log: slog.New(slog.DiscardHandler)}
		localMode(path)(&o)
		built, err := server.New(t.Context(), o)
		if err != nil {
			t.Fatal(err)
		}
		defer built.Close()
		return built.Listen()
	}
	if err := second(); err == nil || !strings.Contains(err.Error(), "another server listens") {
		t.Errorf("a living socket: %v", err)
	}
	s.Stop()
	if _, err := os.Lstat(path); !os.IsNotExist(err) {
		t.Errorf("left after the end: %v", err)
	}
	ln, err := net.ListenUnix("unix", &net.UnixAddr{Name: path, Net: "unix"})
	if err != nil {
		t.Fatal(err)
	}
	ln.SetUnlinkOnClose(false)
	_ = ln.Close()
	if err := second(); err != nil {
		t.Errorf("a dead socket: %v", err)
	}
	precious := filepath.Join(filepath.Dir(path), "precious")
	if err := os.WriteFile(precious, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(precious, path); err != nil {
		t.Fatal(err)
	}
	if err := second(); err == nil || !strings.Contains(err.Error(), "is no socket") {
		t.Errorf("a link: %v", err)
	}
}

const fs600 = os.ModeSocket | 0o600

// The socket comes and goes with its setting.
func TestLocalSocketFollowsItsSetting(t *testing.T) {
	path := socketIn(t)
	s := testkit.Start(t, dbtest.SQLite)
	there := func() bool { _, err := os.Lstat(path); return err == nil }
	set := func(on bool) {
		s.Admin.PUT("/config/patch", map[string]any{"ServiceSettings": map[string]any{"EnableLocalMode": on, "LocalModeSocketLocation": path}}).Want(t, 200)
	}
	set(true)
	testkit.Eventually(t, "the socket is there", there)
	wantLocally(t, path, "GET", "/system/ping", nil, nil)
	wantLocally(t, path, "PUT", "/config/patch", map[string]any{"ServiceSettings": map[string]any{"EnableLocalMode": false}}, nil)
	testkit.Eventually(t, "the socket is gone", func() bool { return !there() })
}

// The list of local routes is the protocol's.
func TestLocalRoutesAreTheProtocols(t *testing.T) {
	n := 0
	for _, row := range table(t, shared(t, "reference/api-v4.tsv")) {
		if row["mode"] != "local" || row["method"] == "ANY" {
			continue
		}
		n++
		if !access.LocallyServed(row["method"], row["path"]) {
			t.Errorf("not in local.tsv: %s %s", row["method"], row["path"])
		}
	}
	if n < 100 {
		t.Errorf("only %d local routes in the reference", n)
	}
}
