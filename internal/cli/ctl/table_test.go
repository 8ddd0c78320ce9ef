package ctl

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/parley-chat/parley/internal/i18n"
)

// reference is the table of the official tool's commands, by name.
func reference(t *testing.T) map[string]map[string]string {
	t.Helper()
	root := os.Getenv("PARLEY_SHARED")
	if root == "" {
		root = filepath.Join("..", "..", "..", "..", "shared")
	}
	raw, err := os.ReadFile(filepath.Join(root, "reference", "mmctl.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(raw)), "\n")
	head := strings.Split(lines[0], "\t")
	list := map[string]map[string]string{}
	for _, line := range lines[1:] {
		row := map[string]string{}
		for i, cell := range strings.Split(line, "\t") {
			row[head[i]] = cell
		}
		if row["binary"] == "mmctl" && !strings.HasPrefix(row["command"], "(") {
			list[strings.TrimSpace(strings.TrimPrefix(row["command"], "mmctl"))] = row
		}
	}
	return list
}

// Every command of the reference is offered with its flags and aliases, or
// absent with a reason; nothing else is in either table.
func TestEveryCommandIsOfferedOrAbsentWithReason(t *testing.T) {
	known := reference(t)
	if len(known) < 150 {
		t.Fatalf("only %d commands in the reference", len(known))
	}
	offered := map[string]*spec{}
	flagRows := rows(commandsTSV)
	for i, s := range specs {
		offered[s.name] = s
		row, ok := known[s.name]
		if !ok {
			t.Errorf("offered, but not in the reference: %s", s.name)
			continue
		}
		if flagRows[i][3] != row["flags"] || flagRows[i][2] != row["aliases"] {
			t.Errorf("%s: flags or aliases differ from the reference: %q, %q", s.name, row["flags"], row["aliases"])
		}
		if s.group == (row["runnable"] == "yes") {
			t.Errorf("%s: a group, or none?", s.name)
		}
	}
	for _, a := range absences {
		if known[a.command] == nil || offered[a.command] != nil {
			t.Errorf("listed as absent, but offered or not in the reference: %s", a.command)
		}
		if k := "ctl.reason." + a.reason; i18n.T("en", k, nil) == k {
			t.Errorf("absent without a reason: %s", a.command)
		}
	}
	for name := range known {
		if offered[name] == nil && !slices.ContainsFunc(absences, func(a absence) bool { return a.command == name }) {
			t.Errorf("neither offered nor listed as absent: %s", name)
		}
	}
}

// What can be run does something, and everything has its help in each language.
func TestEveryCommandRunsAndHasHelp(t *testing.T) {
	for _, s := range specs {
		if _, ok := actions[s.name]; ok == s.group {
			t.Errorf("%q: no action, or one too many", s.name)
		}
		for _, locale := range i18n.Locales() {
			keys := []string{"ctl.help.command." + key(s.name)}
			for _, f := range s.flags {
				if !f.hidden {
					keys = append(keys, "ctl.help.flag."+key(f.name))
				}
			}
			for _, k := range keys {
				if i18n.T(locale, k, nil) == k {
					t.Errorf("no text: %s", k)
				}
			}
		}
	}
	for name := range actions {
		if !slices.ContainsFunc(specs, func(s *spec) bool { return s.name == name }) {
			t.Errorf("an action of no command: %s", name)
		}
	}
}

func TestFindAndParse(t *testing.T) {
	for line, want := range map[string]string{
		"user create --email a@b --system-admin":    "user create|email=a@b system-admin=true|",
		"--local user list":                         "user list|local=true|",
		"user --json list --per-page=7":             "user list|json=true per-page=7|",
		"--config file user activate ann bob":       "user activate|config=file|ann bob",
		"logs -ln 5":                                "logs|logrus=true number=5|",
		"logs -n5":                                  "logs|number=5|",
		"attrs":                                     "||attrs",
		"user attrs field ls":                       "user attributes field||ls",
		"export ls":                                 "export list||",
		"job list --ids a,b --ids c":                "job list|ids=a;b;c|",
		"webhook create-outgoing --url x,y --url z": "webhook create-outgoing|url=x,y;z|",
		"post delete -- -odd":                       "post delete||-odd",
		"config export --remove-masked=false":       "config export|remove-masked=false|",
		"user search create":                        "user search||create",
		"team archive list --confirm":               "team archive|confirm=true|list",
		"permissions role assign system_admin ann":  "permissions role assign||system_admin ann",
		"roles system_admin ann":                    "roles system-admin||ann",
	} {
		s, rest := find(strings.Fields(line))
		given, args, err := s.parse(rest, nil)
		if err != nil {
			t.Errorf("%s: %v", line, err)
			continue
		}
		var set []string
		for _, f := range s.all() {
			if v := given[f.name]; len(v) > 0 && (f.standard != strings.Join(v, ";")) {
				set = append(set, f.name+"="+strings.Join(v, ";"))
			}
		}
		slices.Sort(set)
		if got := s.name + "|" + strings.Join(set, " ") + "|" + strings.Join(args, " "); got != want {
			t.Errorf("%s: %s, want %s", line, got, want)
		}
	}
	for _, line := range []string{"user list --nonsense", "user list -z", "user list --page", "user list --page x", "user list --json=maybe", "logs -n"} {
		s, rest := find(strings.Fields(line))
		if _, _, err := s.parse(rest, nil); err == nil {
			t.Errorf("%s was understood", line)
		}
	}
	given, _, err := root().parse(nil, []string{"MMCTL_LOCAL=true", "MMCTL_JSON=true"})
	if err != nil || !given.on("local") || !given.on("json") {
		t.Errorf("the environment is not heard: %v %v", given, err)
	}
}
