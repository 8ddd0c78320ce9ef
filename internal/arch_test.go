// Package internal_test asserts the rules of the house on the whole module: which package may
// import which (the floors of docs/ARCHITECTURE.md), how long files and functions may get, that
// every package says what it is, and that no mark of unfinished work is left.
//
// The rules are pure functions in rules_test.go, tried on small inputs in rules_self_test.go.
// This file holds the tables: where a package stands, and each exception with its reason.
// An exception that is no longer needed fails the test too, so the tables stay short.
package internal_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

const module = "github.com/parley-chat/parley"

// floors lists the packages below internal/ from the ground up. A package imports what stands in an
// earlier row; one in the same row needs an entry in neighbours. A sub-package stands with its parent.
var floors = [][]string{
	{"model", "fault", "id", "traces"},
	{"config", "db", "api", "event", "realtime", "bus", "jobs", "blob", "mail", "i18n", "markdown", "imaging", "metrics", "outgoing", "certs"},
	{"access", "properties"},
	{"users"},
	{"teams"},
	{"channels"},
	{"files", "emoji", "links"},
	{"bookmarks"},
	{"posts"},
	{"threads", "reactions", "drafts", "search"},
	{"presence", "preferences", "sidebar", "notify"},
	{"groups", "attributes", "moderation", "topics", "receipts", "sso", "bots", "oauthapps", "oauthconns", "deliveries"},
	{"webhooks", "subscriptions", "commands", "actions", "mailgate", "ircgate", "mcp", "webpublic"},
	{"retention", "compliance", "transfer", "backup", "takeout", "reports", "plugins", "admin"},
	{"server"},
	{"cli", "testkit"},
}

// neighbours are the imports allowed within one row: importer, then imported.
// Go itself refuses circles, so each entry also says which of the two stands lower.
var neighbours = map[string]string{
	"blob config":  "where blobs lie, and how a bucket is reached, are settings",
	"config db":    "config/stored reads the settings that an existing database holds; config itself does not import db",
	"event db":     "what must be stored with the news is added to its transaction",
	"jobs db":      "the queue is a table",
	"jobs metrics": "runs are counted",
	"mail config":  "the SMTP server is a setting",
	"mail i18n":    "mails are translated",
	"realtime bus": "events go to the other nodes",

	"presence preferences": "the custom statuses that somebody had last are a preference",
	"sidebar preferences":  "favourites are both a category and preferences",
}

// commands lists what a program below cmd/ may import from the module.
var commands = map[string][]string{
	"cmd/parley":  {"internal/cli"},
	"cmd/loadgen": {"internal/model", "internal/id"},
}

// longFiles are the files over 400 lines (600 at most), each with the reason.
var longFiles = map[string]string{}

// longFuncs are the functions over 60 lines as "path.go Name" or "path.go Type.Name", each with the reason.
var longFuncs = map[string]string{
	"internal/server/answers_test.go deeds.act":                                      "a table of what people do, one case a deed",
	"internal/server/security_bounds_test.go TestEverythingAtOnceKeepsCountersRight": "one race told from its set-up to its recount",
}

func TestImportsGoDownward(t *testing.T) {
	used := map[string]bool{}
	for _, p := range packages(t) {
		report(t, checkImports(p, floors, neighbours, commands, used))
	}
	report(t, unused("neighbours", neighbours, used))
}

func TestEveryPackageSaysWhatItIs(t *testing.T) {
	for _, p := range packages(t) {
		report(t, checkName(p))
		report(t, checkDoc(p.path(), readAll(t, p.docFiles())))
	}
}

func TestSizes(t *testing.T) {
	usedFiles, usedFuncs := map[string]bool{}, map[string]bool{}
	for path, text := range sources(t) {
		if generated(text) {
			continue
		}
		report(t, checkFileSize(path, text, longFiles, usedFiles))
		if strings.HasSuffix(path, ".go") {
			report(t, checkFuncSizes(path, text, longFuncs, usedFuncs))
		}
	}
	report(t, unused("longFiles", longFiles, usedFiles))
	report(t, unused("longFuncs", longFuncs, usedFuncs))
}

func TestFormatAndUnfinishedWork(t *testing.T) {
	for path, text := range sources(t) {
		report(t, checkMarks(path, text))
		if strings.HasSuffix(path, ".go") {
			report(t, checkFormat(path, text))
		}
	}
}

// report makes each problem a line of its own, so that everybody finds theirs.
func report(t *testing.T, problems []string) {
	t.Helper()
	for _, p := range problems {
		t.Error(p)
	}
}

// packages asks the go command for every package of the module.
func packages(t *testing.T) []goPackage {
	t.Helper()
	cmd := exec.Command("go", "list", "-e", "-json=Dir,ImportPath,Name,Imports,GoFiles,TestGoFiles,XTestGoFiles", "./...")
	cmd.Dir = ".."
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var list []goPackage
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		var p goPackage
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			return list
		} else if err != nil {
			t.Fatal(err)
		}
		list = append(list, p)
	}
}

// sources reads every file that people write, by its path from the module's root.
func sources(t *testing.T) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			switch d.Name() {
			case ".git", "node_modules", "dist", "testdata", "data", "bin", "results":
				return filepath.SkipDir
			}
			return nil
		}
		if !written(path) {
			return nil
		}
		text, err := os.ReadFile(path)
		files[filepath.ToSlash(strings.TrimPrefix(path, "../"))] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func readAll(t *testing.T, paths []string) map[string]string {
	t.Helper()
	files := map[string]string{}
	for _, p := range paths {
		text, err := os.ReadFile(p)
		if err != nil {
			t.Fatal(err)
		}
		files[filepath.Base(p)] = string(text)
	}
	return files
}
