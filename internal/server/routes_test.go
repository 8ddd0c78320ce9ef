package server_test

import (
	"bufio"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/parley-chat/parley/internal/db/dbtest"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/testkit"
)

// shared is the folder of the protocol's facts, beside the repository.
func shared(t *testing.T, name string) string {
	t.Helper()
	root := os.Getenv("PARLEY_SHARED")
	if root == "" {
		root = filepath.Join("..", "..", "..", "shared")
	}
	return filepath.Join(root, name)
}

// table reads a tab separated file: the columns by the names of its first line.
func table(t *testing.T, path string) []map[string]string {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	var head []string
	var rows []map[string]string
	for lines.Scan() {
		cells := strings.Split(lines.Text(), "\t")
		if head == nil {
			head = cells
			continue
		}
		row := map[string]string{}
		for i, c := range cells {
			row[head[i]] = c
		}
		rows = append(rows, row)
	}
	return rows
}

var variable = regexp.MustCompile(`\{[^}]*\}`)

// routeKey names a route whatever its variables are called.
func routeKey(method, path string) string {
	return method + " " + variable.ReplaceAllString(path, "{}")
}

// Every route of the protocol is served, or listed as absent with a reason in
// absent.tsv; nothing is listed that is served or that the protocol lacks.
func TestEveryRouteIsServedOrAbsentWithReason(t *testing.T) {
	s := testkit.Start(t, dbtest.SQLite)
	served := map[string]bool{}
	for _, r := range s.Router().Routes() {
		if k := routeKey(r.Method, r.Path); served[k] {
			t.Errorf("mounted twice: %s", k)
		} else {
			served[k] = true
		}
	}
	absent := map[string]string{}
	for _, row := range table(t, "testdata/absent.tsv") {
		k := routeKey(row["method"], row["path"])
		if row["reason"] == "" {
			t.Errorf("absent without a reason: %s", k)
		}
		if served[k] {
			t.Errorf("listed as absent, but served: %s", k)
		}
		absent[k] = row["reason"]
	}
	known := map[string]bool{}
	for _, row := range table(t, shared(t, "reference/api-v4.tsv")) {
		if row["mode"] != "http" || row["method"] == "ANY" || row["tag"] == "web" {
			continue
		}
		k := routeKey(row["method"], row["path"])
		known[k] = true
		if !served[k] && absent[k] == "" {
			t.Errorf("neither served nor listed as absent: %s (%s)", k, row["tag"])
		}
	}
	for k := range absent {
		if !known[k] {
			t.Errorf("listed as absent, but not in the protocol: %s", k)
		}
	}
}

// Nobody without a session gets past a route that needs one.
func TestAnonymousCallsAreRefused(t *testing.T) {
	s := testkit.Start(t, dbtest.SQLite)
	for _, r := range s.Router().Routes() {
		if r.Policy.Anonymous {
			continue
		}
		path := variable.ReplaceAllStringFunc(r.Path, func(string) string { return id.New() })
		for _, token := range []string{"", id.New()} {
			a := s.Nobody()
			a.Token = token
			if got := a.Do(r.Method, "<site>"+path, "{}"); got.Status != http.StatusUnauthorized || r.Method != http.MethodHead && got.ErrorID() != "api.context.session_expired.app_error" {
				t.Errorf("%s %s with token %q: %d %s", r.Method, r.Path, token, got.Status, got.Body)
			}
		}
	}
}
