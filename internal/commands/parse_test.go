package commands

import (
	"context"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/parley-chat/parley/internal/model"
)

func TestSplit(t *testing.T) {
	for typed, want := range map[string][2]string{
		"/me waves": {"me", "waves"}, "/Me  waves ": {"me", "waves"}, "/code\nx = 1\n  y": {"code", "x = 1\n  y"}, "/away": {"away", ""},
		"/jira/x.y-z create\tnow": {"jira/x.y-z", "create\tnow"}, "/ spaced": {}, "/": {}, "": {}, "me waves": {}, " /me": {},
	} {
		trigger, rest, ok := split(typed)
		if ok != (want[0] != "") || ok && (trigger != want[0] || rest != want[1]) {
			t.Errorf("%q: %q %q %v", typed, trigger, rest, ok)
		}
	}
}

func TestArguments(t *testing.T) {
	for text, want := range map[string]struct {
		message string
		seconds int64
	}{`"Tea is ready" 60`: {"Tea is ready", 60}, `'x' 5`: {"x", 5}, "x": {"x", 0}, "5": {"5", 0}, "see you at 5": {"see you at", 5}, `"a 5"`: {"a 5", 0}, "": {}, "x -3": {"x", -3}} {
		if message, seconds := echoed(text); message != want.message || seconds != want.seconds {
			t.Errorf("%q: %q %d", text, message, seconds)
		}
	}
	for text, want := range map[string]string{"@ann,@ben 'hi all'": "ann ben|'hi all'", "@ann, @BEN hi": "ann ben|hi", "@ann @ann": "ann|", "hi": "|hi", "@ann,@ben": "ann ben|"} {
		if names, rest := people(text); strings.Join(names, " ")+"|"+rest != want {
			t.Errorf("%q: %v %q", text, names, rest)
		}
	}
	if users, rooms := invited("@ann ben, ~room ~room @ann"); strings.Join(users, " ") != "ann ben" || strings.Join(rooms, " ") != "room" {
		t.Error(users, rooms)
	}
	for text, want := range map[string][2]string{":palm_tree: On holiday": {"palm_tree", "On holiday"}, ":+1:": {"+1", ""}, "Busy: :x: y": {"", "Busy: :x: y"}} {
		if emoji, words := statusOf(text); emoji != want[0] || words != want[1] {
			t.Errorf("%q: %q %q", text, emoji, words)
		}
	}
	if got := mentioned("@", "ask @ann, @Ben. and x@y @ann"); strings.Join(got, " ") != "ann ben" {
		t.Error(got)
	}
}

// FuzzCommand reads any text as a command and as the arguments of each.
func FuzzCommand(f *testing.F) {
	for _, seed := range []string{"/echo 'x' 5", "/groupmsg @a,@b,, 'x", "/invite ~ @ ,", "/status :::", "/ \x00", "/\u2003x", "/a\xff b", "/jira create --x \"y z\" "} {
		f.Add(seed)
	}
	data := &model.AutocompleteData{Trigger: "jira", SubCommands: []*model.AutocompleteData{{Trigger: "create", Arguments: []*model.AutocompleteArg{
		{Type: model.AutocompleteText}, {Type: model.AutocompleteStaticList, Data: model.AutocompleteArgData{PossibleArguments: []model.AutocompleteListItem{{Item: "é b"}, {Item: "x"}}}},
		{Name: "x", Type: model.AutocompleteText}, {Name: "y", Type: model.AutocompleteText}}}}}
	list := []*model.Command{{Trigger: "jira", AutocompleteData: data}}
	f.Fuzz(func(t *testing.T, typed string) {
		trigger, rest, ok := split(typed)
		if ok && (trigger == "" || !strings.HasPrefix(typed, "/") || strings.TrimSpace(rest) != rest || utf8.ValidString(typed) && strings.ContainsAny(trigger, " \n\t")) {
			t.Errorf("%q: %q %q", typed, trigger, rest)
		}
		message, _ := echoed(rest)
		names, more := people(rest)
		users, rooms := invited(rest)
		statusOf(rest)
		if len(message) > len(rest) || len(more) > len(rest) || len(names)+len(users)+len(rooms) > len(rest)*3 || len(mentioned("~", rest)) > mentionedMost {
			t.Errorf("%q grew", typed)
		}
		input := strings.TrimPrefix(typed, "/")
		for _, one := range suggest(&typing{ctx: context.Background(), input: input}, list) {
			if !strings.HasPrefix(strings.ToLower(one.Complete), "jira") {
				t.Errorf("%q: completes to %q", typed, one.Complete)
			}
		}
	})
}
