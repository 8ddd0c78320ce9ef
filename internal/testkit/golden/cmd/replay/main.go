// Command replay replays recorded scenarios against a running server and tells the differences.
//
//	go run ./internal/testkit/golden/cmd/replay -url http://127.0.0.1:8065 [-user probeadmin] [-pass …]
//	    [-dir …] [-area posts,teams] [-scenario posts/create] [-n 4] [-v]
//
// On an empty server it creates the first user as the admin. Each difference is one line; at the end
// a table of the areas. The exit code is 1 when a check point failed, 2 when nothing could be replayed.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"strings"
	"time"

	"github.com/parley-chat/parley/internal/testkit/golden"
)

type flags struct {
	url, user, pass, dir, area, scenario string
	parallel, most                       int
	verbose                              bool
}

func main() {
	var f flags
	flag.StringVar(&f.url, "url", "http://127.0.0.1:8065", "base URL of the server")
	flag.StringVar(&f.user, "user", "probeadmin", "login name of the system admin")
	flag.StringVar(&f.pass, "pass", "Probe-Passw0rd-1", "password of the system admin")
	flag.StringVar(&f.dir, "dir", "", "folder of the scenarios (default: PARLEY_GOLDEN, or shared/golden somewhere above)")
	flag.StringVar(&f.area, "area", "", "only these areas, by commas")
	flag.StringVar(&f.scenario, "scenario", "", "only these scenarios, by commas (area/what, or a part of it)")
	flag.IntVar(&f.parallel, "n", 4, "how many scenarios at a time")
	flag.IntVar(&f.most, "most", 40, "at most this many differences of one step")
	flag.BoolVar(&f.verbose, "v", false, "tell every step")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	ok, err := replay(ctx, f)
	if err != nil {
		fmt.Fprintln(os.Stderr, "replay:", err)
		os.Exit(2)
	}
	if !ok {
		os.Exit(1)
	}
}

func replay(ctx context.Context, f flags) (bool, error) {
	if f.dir == "" {
		d, err := golden.FindDir()
		if err != nil {
			return false, err
		}
		f.dir = d
	}
	list, err := golden.Load(f.dir)
	if err != nil {
		return false, err
	}
	list = slices.DeleteFunc(list, func(sc golden.Scenario) bool {
		return f.area != "" && !slices.Contains(strings.Split(f.area, ","), sc.Area) || f.scenario != "" && !named(sc.Name, f.scenario)
	})
	if len(list) == 0 {
		return false, fmt.Errorf("no scenario is named so")
	}
	if err := golden.CreateAdmin(ctx, f.url, f.user, f.pass); err != nil {
		return false, err
	}
	b, err := golden.Open(ctx, golden.Target{BaseURL: f.url, AdminLogin: f.user, AdminPassword: f.pass, Dir: f.dir})
	if err != nil {
		return false, err
	}
	defer b.Close()
	if b.Note != "" {
		fmt.Fprintln(os.Stderr, "replay:", b.Note)
	}
	began := time.Now()
	table := map[string]*row{}
	b.Run(ctx, list, f.parallel, func(r golden.Report) {
		tell(r, f)
		t := table[r.Area]
		if t == nil {
			t = &row{}
			table[r.Area] = t
		}
		t.add(r)
	})
	return sum(table, time.Since(began)), nil
}

func named(name, want string) bool {
	for _, w := range strings.Split(want, ",") {
		if strings.Contains(name, w) {
			return true
		}
	}
	return false
}

// tell prints the failures of a scenario, or with -v every step.
func tell(r golden.Report, f flags) {
	for _, s := range r.Steps {
		if f.verbose {
			fmt.Printf("%-7s %s · step %q\n", s.State, r.Scenario, s.Name)
		}
		if s.State == golden.Met || s.State == golden.Excused && !f.verbose {
			continue
		}
		for i, d := range s.Diffs {
			if i == f.most {
				fmt.Printf("%s · step %q · … and %d more\n", r.Scenario, s.Name, len(s.Diffs)-i)
				break
			}
			fmt.Printf("%s · step %q · %s\n", r.Scenario, s.Name, d)
		}
	}
}

type row struct{ scenarios, whole, met, excused, total int }

func (t *row) add(r golden.Report) {
	met, excused, total := r.Count()
	t.scenarios++
	if !r.Failed() {
		t.whole++
	}
	t.met, t.excused, t.total = t.met+met, t.excused+excused, t.total+total
}

// sum prints the table and says whether all was met.
func sum(table map[string]*row, took time.Duration) bool {
	var areas []string
	for a := range table {
		areas = append(areas, a)
	}
	slices.Sort(areas)
	var all row
	fmt.Printf("\n%-14s %9s %9s %7s\n", "area", "scenarios", "met/total", "excused")
	line := func(name string, t *row) {
		fmt.Printf("%-14s %9s %9s %7d\n", name, fmt.Sprintf("%d/%d", t.whole, t.scenarios), fmt.Sprintf("%d/%d", t.met, t.total), t.excused)
	}
	for _, a := range areas {
		t := table[a]
		line(a, t)
		all = row{all.scenarios + t.scenarios, all.whole + t.whole, all.met + t.met, all.excused + t.excused, all.total + t.total}
	}
	line("all", &all)
	fmt.Printf("%.1f s\n", took.Seconds())
	return all.whole == all.scenarios
}
