package commands

import (
	"context"
	"strings"
	"testing"

	"github.com/parley-chat/parley/internal/model"
)

func list(items ...string) model.AutocompleteArgData {
	var d model.AutocompleteArgData
	for _, i := range items {
		d.PossibleArguments = append(d.PossibleArguments, model.AutocompleteListItem{Item: i})
	}
	return d
}

var jira = &model.Command{Trigger: "jira", URL: "https://jira.example/cmd", AutoCompleteHint: "[action]", AutocompleteData: &model.AutocompleteData{Trigger: "jira",
	SubCommands: []*model.AutocompleteData{
		{Trigger: "create", HelpText: "Make an issue", Arguments: []*model.AutocompleteArg{
			{Type: model.AutocompleteText, HelpText: "Title", Data: model.AutocompleteArgData{Hint: "[title]"}},
			{Type: model.AutocompleteStaticList, Data: list("bug", "big task", "story")},
			{Name: "project", Type: model.AutocompleteDynamicList, Data: model.AutocompleteArgData{FetchURL: "/projects"}},
			{Name: "label", Type: model.AutocompleteText}}},
		{Trigger: "connect"},
		{Trigger: "install", RoleID: model.RoleSystemAdmin, SubCommands: []*model.AutocompleteData{{Trigger: "cloud"}, {Trigger: "server"}}},
	}}}

func TestSuggestions(t *testing.T) {
	commands := []*model.Command{{Trigger: "join"}, jira}
	ask := func(input string, admin bool) string {
		var out []string
		for _, s := range suggest(&typing{ctx: context.Background(), admin: admin, input: input, fetch: func(*typing, *model.Command, *model.AutocompleteArg, string) []model.AutocompleteListItem {
			return []model.AutocompleteListItem{{Item: "AB"}, {Item: "CD"}}
		}}, commands) {
			out = append(out, s.Complete)
		}
		return strings.Join(out, "|")
	}
	for input, want := range map[string]string{
		"j": "join|jira", "JI": "jira", "x": "", "jira ": "jira create|jira connect", "jira cr": "jira create", "JIRA  CON": "JIRA  connect",
		"jira create ": "jira create ", "jira create Tit": "jira create Tit", `jira create "A tit`: `jira create "A tit`,
		`jira create "A title" `:  `jira create "A title" bug|jira create "A title" big task|jira create "A title" story`,
		"jira create T b":         "jira create T bug|jira create T big task",
		"jira create T big task ": "jira create T big task --project |jira create T big task --label ",
		"jira create T bug --pro": "jira create T bug --project ", "jira create T bug --project ": "jira create T bug --project AB|jira create T bug --project CD",
		"jira create T bug --project CD ": "jira create T bug --project CD --label ", "jira create T bug --project CD --label x ": "",
		"jira install ": "", "jira none ": "", "join ": "",
	} {
		if got := ask(input, false); got != want {
			t.Errorf("%q: %q, want %q", input, got, want)
		}
	}
	if got := ask("jira install s", true); got != "jira install server" {
		t.Error(got)
	}
}

func TestWhatMayDescribeACommand(t *testing.T) {
	good := *jira
	good.Method, good.Trigger = "P", "jira"
	if p := good.Problem(); p != "" {
		t.Fatal(p)
	}
	deep := &model.AutocompleteData{Trigger: "x"}
	for range 20 {
		deep = &model.AutocompleteData{Trigger: "x", SubCommands: []*model.AutocompleteData{deep}}
	}
	arg := func(a model.AutocompleteArg) *model.AutocompleteData {
		return &model.AutocompleteData{Trigger: "x", Arguments: []*model.AutocompleteArg{&a}}
	}
	dynamic := func(where string) *model.AutocompleteData {
		return arg(model.AutocompleteArg{Type: model.AutocompleteDynamicList, Data: model.AutocompleteArgData{FetchURL: where}})
	}
	for name, d := range map[string]*model.AutocompleteData{
		"another trigger": {Trigger: "y"}, "too deep": deep, "a hole": {Trigger: "x", SubCommands: []*model.AutocompleteData{nil}},
		"no argument": {Trigger: "x", Arguments: []*model.AutocompleteArg{nil}}, "no such type": arg(model.AutocompleteArg{Type: "Other"}),
		"an empty list": arg(model.AutocompleteArg{Type: model.AutocompleteStaticList}), "another host": dynamic("https://evil.example/x"),
		"another scheme": dynamic("file:///etc/passwd"), "no scheme": dynamic("//evil.example/x"), "nothing": dynamic(""), "a role": {Trigger: "x", RoleID: "team_admin"},
	} {
		c := model.Command{Trigger: "x", URL: "https://here.example/cmd", Method: "P", AutocompleteData: d}
		if c.Problem() != "autocomplete_data" {
			t.Errorf("%s is fine", name)
		}
	}
}
