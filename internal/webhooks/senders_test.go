package webhooks_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/testkit"
)

// What other programs send to Slack's webhooks, in the form that each of them has: GitLab, Grafana, Jenkins, Sentry, a GitHub
// action, a shell script. recorded_test.go has what was truly sent.
func TestWhatKnownProgramsSend(t *testing.T) {
	want := map[string][]string{
		"borg-backup":   {"Backup of `mail1` done\nArchive: mail1-2026-11-27\nTook: 4m 11s"},
		"github-action": {"Deployed to https://www.example.org by [ann](https://github.com/ann) :rocket:\n*Branch:* main"},
		"gitlab-push": {"Ann Ant (ann) pushed to branch [main](https://git.example.org/site/commits/main) of [Web / site](https://git.example.org/site) ([Compare changes](https://git.example.org/site/compare/0...1))",
			"|[7f9a1c3e](https://git.example.org/site/commit/7f9a1c3e): Mend the <b>menu</b> & the footer - Ann Ant\n\n[11aa22bb](https://git.example.org/site/commit/11aa22bb): Say why - Ben Bee"},
		"grafana-alert": {"", "[FIRING:1] DiskFull (node-1 /data)|**Firing**\n\nValue: A=97.2\nLabels:\n - alertname = DiskFull\n - instance = node-1\nSource: https://grafana.example.org/alerting/grafana/x/view\n"},
		"jenkins":       {"", "|site - #42 Failure after 3 min 2 sec ([Open](https://ci.example.org/job/site/42/))\nTest Status:\n\tPassed: 210, Failed: 2, Skipped: 0"},
		"sentry":        {"", "TypeError: x is undefined|render(menu.js)", "level=error", "count=17", "handled=false"},
	}
	files, err := filepath.Glob("testdata/senders/*")
	if err != nil || len(files) != len(want) {
		t.Fatal(len(files), err)
	}
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		ann := s.User("ann")
		room := s.Channel(ann, s.Team(ann))
		h := incoming(t, s, room, nil)
		named := strings.NewReplacer(`"builds"`, `"`+room.Name+`"`, `"#ops"`, `"#`+room.Name+`"`)
		for _, file := range files {
			body, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			kind := "application/json"
			if strings.HasSuffix(file, ".txt") {
				kind = "application/x-www-form-urlencoded"
			}
			name := strings.TrimSuffix(filepath.Base(file), filepath.Ext(file))
			before := len(said(t, ann, room))
			s.Nobody().Do("POST", "<site>/hooks/"+h.ID, named.Replace(string(body)), "Content-Type", kind).Want(t, 200)
			list := said(t, ann, room)[before:]
			if len(list) != 1 {
				t.Fatalf("%s: %d messages", name, len(list))
			}
			if diff := cmp.Diff(want[name], shown(t, list[0])); diff != "" {
				t.Errorf("%s:\n%s", name, diff)
			}
		}
	}, open)
}

// shown is what a message says: its text, each card's title and text, each field.
func shown(t *testing.T, p *model.Post) []string {
	t.Helper()
	var cards []struct {
		Title, Text string
		Fields      []struct {
			Title string
			Value any
		}
	}
	raw, err := json.Marshal(p.Props["attachments"])
	if err == nil {
		err = json.Unmarshal(raw, &cards)
	}
	if err != nil {
		t.Fatal(err)
	}
	out := []string{p.Message}
	for _, c := range cards {
		out = append(out, c.Title+"|"+c.Text)
		for _, f := range c.Fields {
			value, _ := json.Marshal(f.Value)
			out = append(out, f.Title+"="+strings.Trim(string(value), `"`))
		}
	}
	return out
}
