package commands

import (
	"cmp"
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/model"
)

// suggestionsMost bounds what is offered at once.
const suggestionsMost = 200

// offered are the commands that v is offered in a team while typing, by their
// trigger, in the language of v. They carry what only the server may know; see
// Sanitize.
func (c *Commands) offered(ctx context.Context, v access.Viewer, teamID, locale string) ([]*model.Command, error) {
	var list []*model.Command
	for trigger, own := range c.own {
		if !own.silent && (own.hidden == nil || !own.hidden(ctx, v, teamID)) {
			list = append(list, own.shown(trigger, locale))
		}
	}
	if teamID != "" && c.enabled() == nil {
		custom, err := ofTeam(ctx, c.DB, teamID)
		if err != nil {
			return nil, err
		}
		for _, cmd := range custom {
			if cmd.AutoComplete && c.own[cmd.Trigger] == nil {
				list = append(list, cmd)
			}
		}
	}
	slices.SortFunc(list, func(a, b *model.Command) int { return cmp.Compare(a.Trigger, b.Trigger) })
	return list, nil
}

// typing is a command that is being typed.
type typing struct {
	ctx       context.Context
	admin     bool
	input     string // without the slash
	channelID string
	rootID    string
	teamID    string
	fetch     func(t *typing, cmd *model.Command, arg *model.AutocompleteArg, parsed string) []model.AutocompleteListItem
}

// suggest returns how a typed text may go on.
func suggest(t *typing, list []*model.Command) []model.AutocompleteSuggestion {
	out := []model.AutocompleteSuggestion{}
	first, rest, more := cutWord(t.input)
	for _, cmd := range list {
		if t.hides(cmd.AutocompleteData) {
			continue
		}
		if !more {
			if hasPrefixFold(cmd.Trigger, first) {
				out = append(out, model.AutocompleteSuggestion{Complete: cmd.Trigger, Suggestion: cmd.Trigger, Hint: cmd.AutoCompleteHint,
					Description: cmd.AutoCompleteDesc, IconData: cmd.AutocompleteIconData})
			}
			continue
		}
		if strings.EqualFold(cmd.Trigger, first) && cmd.AutocompleteData != nil {
			out = append(out, t.follow(cmd, cmd.AutocompleteData, t.input[:len(t.input)-len(rest)], rest)...)
		}
	}
	return out[:min(len(out), suggestionsMost)]
}

func (t *typing) hides(d *model.AutocompleteData) bool {
	return d != nil && d.RoleID == model.RoleSystemAdmin && !t.admin
}

// follow suggests what may stand behind a word: parsed is the input up to here,
// with its blank, rest what follows.
func (t *typing) follow(cmd *model.Command, d *model.AutocompleteData, parsed, rest string) []model.AutocompleteSuggestion {
	if len(d.SubCommands) == 0 {
		return t.arguments(cmd, d.Arguments, parsed, rest)
	}
	first, behind, more := cutWord(rest)
	var out []model.AutocompleteSuggestion
	for _, sub := range d.SubCommands {
		switch {
		case t.hides(sub):
		case more && strings.EqualFold(sub.Trigger, first):
			return t.follow(cmd, sub, parsed+rest[:len(rest)-len(behind)], behind)
		case !more && hasPrefixFold(sub.Trigger, first):
			out = append(out, model.AutocompleteSuggestion{Complete: parsed + sub.Trigger, Suggestion: sub.Trigger, Hint: sub.Hint,
				Description: sub.HelpText, IconData: cmd.AutocompleteIconData})
		}
	}
	return out
}

// arguments passes over those that are complete and suggests the next. Those by
// their place come first; named ones, "--name value", in any order.
func (t *typing) arguments(cmd *model.Command, args []*model.AutocompleteArg, parsed, rest string) []model.AutocompleteSuggestion {
	for i, arg := range args {
		if arg.Name != "" {
			return t.named(cmd, args[i:], parsed, rest)
		}
		taken, behind, whole := t.take(cmd, arg, parsed, rest)
		if !whole {
			return t.values(cmd, arg, parsed, rest)
		}
		parsed, rest = parsed+taken, behind
	}
	return nil
}

// named suggests the arguments that have a name and aren't given yet.
func (t *typing) named(cmd *model.Command, args []*model.AutocompleteArg, parsed, rest string) []model.AutocompleteSuggestion {
	first, behind, more := cutWord(rest)
	if more {
		for i, arg := range args {
			if first != "--"+arg.Name {
				continue
			}
			parsed += rest[:len(rest)-len(behind)]
			taken, after, whole := t.take(cmd, arg, parsed, behind)
			if !whole {
				return t.values(cmd, arg, parsed, behind)
			}
			return t.named(cmd, slices.Delete(slices.Clone(args), i, i+1), parsed+taken, after)
		}
		return nil
	}
	var out []model.AutocompleteSuggestion
	for _, arg := range args {
		if name := "--" + arg.Name; hasPrefixFold(name, first) {
			out = append(out, model.AutocompleteSuggestion{Complete: parsed + name + " ", Suggestion: name, Hint: arg.Data.Hint,
				Description: arg.HelpText, IconData: cmd.AutocompleteIconData})
		}
	}
	return out
}

// take splits the value of an argument off a text, with the blank behind it;
// whole is false while it is still being typed. Values with blanks stand in
// quotation marks, or are an item of the list.
func (t *typing) take(cmd *model.Command, arg *model.AutocompleteArg, parsed, rest string) (taken, behind string, whole bool) {
	if arg.Type == model.AutocompleteText {
		if strings.HasPrefix(rest, `"`) {
			end := strings.Index(rest[1:], `"`)
			if end < 0 || end+2 >= len(rest) || !unicode.IsSpace(rune(rest[end+2])) {
				return "", rest, false
			}
			return rest[:end+3], rest[end+3:], true
		}
		_, behind, more := cutWord(rest)
		return rest[:len(rest)-len(behind)], behind, more
	}
	best := ""
	for _, item := range t.items(cmd, arg, parsed) {
		if len(item.Item) > len(best) && len(rest) > len(item.Item) && strings.EqualFold(rest[:len(item.Item)], item.Item) && unicode.IsSpace(rune(rest[len(item.Item)])) {
			best = rest[:len(item.Item)]
		}
	}
	if best != "" {
		return rest[:len(best)+1], rest[len(best)+1:], true
	}
	return "", rest, false
}

// values suggests what an argument may be.
func (t *typing) values(cmd *model.Command, arg *model.AutocompleteArg, parsed, rest string) []model.AutocompleteSuggestion {
	if arg.Type == model.AutocompleteText {
		return []model.AutocompleteSuggestion{{Complete: parsed + rest, Hint: arg.Data.Hint, Description: arg.HelpText, IconData: cmd.AutocompleteIconData}}
	}
	var out []model.AutocompleteSuggestion
	for _, item := range t.items(cmd, arg, parsed) {
		if hasPrefixFold(item.Item, rest) {
			out = append(out, model.AutocompleteSuggestion{Complete: parsed + item.Item, Suggestion: item.Item, Hint: item.Hint,
				Description: item.HelpText, IconData: cmd.AutocompleteIconData})
		}
	}
	return out
}

func (t *typing) items(cmd *model.Command, arg *model.AutocompleteArg, parsed string) []model.AutocompleteListItem {
	if arg.Type == model.AutocompleteDynamicList {
		return t.fetch(t, cmd, arg, parsed)
	}
	return arg.Data.PossibleArguments
}

// cutWord takes the first word off a text that is being typed; more says that a
// blank has ended it.
func cutWord(text string) (first, behind string, more bool) {
	at := strings.IndexFunc(text, unicode.IsSpace)
	if at < 0 {
		return text, "", false
	}
	return text[:at], strings.TrimLeftFunc(text[at:], unicode.IsSpace), true
}

func hasPrefixFold(s, prefix string) bool {
	return len(s) >= len(prefix) && strings.EqualFold(s[:len(prefix)], prefix)
}

// Bounds of lists that integrations give while somebody types.
const (
	listMost    = 256 << 10       // bytes
	fetchTime   = 3 * time.Second // afterwards one has typed on
	fetchesMost = 4               // of one question
)

// fetcher asks the integration for the items of a list. One that doesn't answer
// has none: typing goes on. Within one question each list is fetched once.
func (c *Commands) fetcher(v access.Viewer) func(*typing, *model.Command, *model.AutocompleteArg, string) []model.AutocompleteListItem {
	seen := map[*model.AutocompleteArg][]model.AutocompleteListItem{}
	return func(t *typing, cmd *model.Command, arg *model.AutocompleteArg, parsed string) []model.AutocompleteListItem {
		if items, ok := seen[arg]; ok || len(seen) >= fetchesMost {
			return items
		}
		seen[arg] = nil
		u, ok := arg.Data.FetchFrom(cmd.URL)
		if !ok {
			return nil
		}
		query := u.Query()
		for k, s := range map[string]string{"user_input": "/" + t.input, "parsed": "/" + parsed, "channel_id": t.channelID, "team_id": t.teamID,
			"root_id": t.rootID, "user_id": v.UserID, "command": "/" + cmd.Trigger} {
			query[k] = []string{s}
		}
		u.RawQuery = query.Encode()
		one := call(cmd, http.MethodGet, u.String())
		one.Timeout, one.Limit = fetchTime, listMost
		got, err := c.Deliveries.Do(t.ctx, one)
		var items []model.AutocompleteListItem
		if err != nil || got.Status != http.StatusOK || json.Unmarshal(got.Body, &items) != nil {
			return nil
		}
		items = slices.DeleteFunc(items, func(i model.AutocompleteListItem) bool { return i.Item == "" })
		seen[arg] = items[:min(len(items), suggestionsMost)]
		return seen[arg]
	}
}
