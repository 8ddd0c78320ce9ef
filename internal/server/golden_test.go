package server_test

import (
	"strings"
	"sync"
	"testing"

	"github.com/parley-chat/parley/internal/db/dbtest"
	"github.com/parley-chat/parley/internal/testkit"
	"github.com/parley-chat/parley/internal/testkit/golden"
)

// areas are the subjects whose recorded scenarios are met in full.
var areas = []string{"users", "admin", "auth", "sessions", "tokens", "teams", "channels", "members", "posts", "threads", "reactions",
	"preferences", "status", "sidebar", "roles", "permissions", "websocket", "limits", "errors", "system", "config", "search"}

// Every recorded answer and event of the areas is met, on both engines, except
// the steps that testdata/differs.tsv names with a reason; those still differ.
func TestRecordedScenariosAreMet(t *testing.T) {
	differs := map[string]string{}
	for _, row := range table(t, "testdata/differs.tsv") {
		differs[row["scenario"]+" · "+row["step"]] = row["reason"]
	}
	for _, engine := range dbtest.Engines {
		t.Run(string(engine), func(t *testing.T) {
			t.Parallel()
			s := testkit.Start(t, engine)
			// teams/list looks at the open teams of a server that has some.
			s.Admin.POST("/teams", map[string]any{"name": "everybody", "display_name": "Everybody", "type": "O", "allow_open_invite": true}).Want(t, 201)
			replay(t, golden.Target{BaseURL: s.URL, AdminLogin: s.Admin.Username, AdminPassword: testkit.Password, Dir: shared(t, "golden")}, differs)
		})
	}
}

func replay(t *testing.T, target golden.Target, differs map[string]string) {
	list, err := golden.Load(target.Dir)
	if err != nil {
		t.Fatal(err)
	}
	inAreas := golden.ByArea(areas...)
	var pick []golden.Scenario
	for _, sc := range list {
		if inAreas(sc) {
			pick = append(pick, sc)
		}
	}
	b, err := golden.Open(t.Context(), target)
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	var mu sync.Mutex
	met, total := 0, 0
	b.Run(t.Context(), pick, 4, func(r golden.Report) {
		mu.Lock()
		defer mu.Unlock()
		for _, step := range r.Steps {
			name := r.Scenario + " · " + step.Name
			reason, excepted := differs[name]
			switch {
			case step.State == golden.Excused:
			case excepted && step.State != golden.Failed:
				t.Errorf("%s is met, but listed as different (%s)", name, reason)
			case excepted:
			case step.State == golden.Failed:
				t.Errorf("%s:\n  %s", name, strings.Join(step.Diffs, "\n  "))
				total++
			default:
				met++
				total++
			}
		}
	})
	t.Logf("%d of %d check points met", met, total)
	if total < 500 {
		t.Errorf("only %d check points were replayed", total)
	}
}
