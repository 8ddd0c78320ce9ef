package server_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// compatibility is the page that tells hosts what is left out.
var compatibility = filepath.Join("..", "..", "docs", "COMPATIBILITY.md")

// absentTable is the page's table of absent routes: a row for each reason, in
// the order in which absent.tsv first gives it.
func absentTable(rows []map[string]string) string {
	var order []string
	routes := map[string][]string{}
	for _, r := range rows {
		if routes[r["reason"]] == nil {
			order = append(order, r["reason"])
		}
		path, below := strings.CutPrefix(r["path"], "/api/v4")
		if !below {
			path = "<site>" + path
		}
		routes[r["reason"]] = append(routes[r["reason"]], "`"+r["method"]+" "+path+"`")
	}
	var b strings.Builder
	b.WriteString("| Routes | Reason |\n|---|---|\n")
	for _, reason := range order {
		fmt.Fprintf(&b, "| %s | %s |\n", strings.Join(routes[reason], ", "), reason)
	}
	return b.String()
}

// The page's table of absent routes says what absent.tsv says. To write it
// anew: PARLEY_WRITE_DOCS=1 go test ./internal/server -run TestCompatibilityPage
func TestCompatibilityPageListsAbsentRoutes(t *testing.T) {
	raw, err := os.ReadFile(compatibility)
	if err != nil {
		t.Fatal(err)
	}
	const heading = "## Absent routes\n"
	before, rest, found := strings.Cut(string(raw), heading)
	if !found {
		t.Fatalf("the page has no %q", heading)
	}
	text, listed, _ := strings.Cut(rest, "| Routes |")
	want := absentTable(table(t, "testdata/absent.tsv"))
	if "| Routes |"+listed == want {
		return
	}
	if os.Getenv("PARLEY_WRITE_DOCS") == "" {
		t.Fatalf("the table of absent routes in %s is out of date; write it with PARLEY_WRITE_DOCS=1", compatibility)
	}
	if err := os.WriteFile(compatibility, []byte(before+heading+text+want), 0o644); err != nil {
		t.Fatal(err)
	}
}
