package golden

import (
	"strings"
	"sync"
	"testing"
)

// RunT replays the scenarios of target.Dir that filter allows (nil: all) and makes subtests
// area/scenario/step of them. With no Dir it looks for the folder as FindDir does.
func RunT(t *testing.T, target Target, filter func(Scenario) bool) {
	t.Helper()
	if target.Dir == "" {
		dir, err := FindDir()
		if err != nil {
			t.Fatal(err)
		}
		target.Dir = dir
	}
	list, err := Load(target.Dir)
	if err != nil {
		t.Fatal(err)
	}
	var pick []Scenario
	for _, sc := range list {
		if filter == nil || filter(sc) {
			pick = append(pick, sc)
		}
	}
	b, err := Open(t.Context(), target)
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	if b.Note != "" {
		t.Log(b.Note)
	}
	var mu sync.Mutex
	reports := map[string]Report{}
	b.Run(t.Context(), pick, 4, func(r Report) {
		mu.Lock()
		defer mu.Unlock()
		reports[r.Scenario] = r
	})
	for _, sc := range pick {
		report(t, reports[sc.Name])
	}
}

func report(t *testing.T, r Report) {
	t.Run(r.Scenario, func(t *testing.T) {
		for _, s := range r.Steps {
			t.Run(s.Name, func(t *testing.T) {
				if s.State == Failed {
					t.Error(strings.Join(s.Diffs, "\n"))
				}
			})
		}
	})
}

// ByArea is a filter for RunT: the scenarios of some areas.
func ByArea(areas ...string) func(Scenario) bool {
	return func(sc Scenario) bool {
		for _, a := range areas {
			if sc.Area == a {
				return true
			}
		}
		return false
	}
}

// ByName is a filter for RunT: single scenarios, "area/what".
func ByName(names ...string) func(Scenario) bool {
	return func(sc Scenario) bool {
		for _, n := range names {
			if sc.Name == n {
				return true
			}
		}
		return false
	}
}
