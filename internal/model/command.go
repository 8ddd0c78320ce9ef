package model

import (
	"encoding/json"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// How a command calls its integration.
const (
	CommandMethodGet  = "G"
	CommandMethodPost = "P"
)

// Who sees the answer of a command. Anything else counts as ephemeral.
const (
	CommandResponseEphemeral = "ephemeral"
	CommandResponseInChannel = "in_channel"
)

// Limits of commands (reference: limits.tsv, schema.tsv).
const (
	CommandTriggerMost      = 128  // bytes
	CommandURLMost          = 1024 // bytes
	CommandDescriptionMost  = 128  // characters
	CommandNameMost         = 64   // characters, of DisplayName and Username
	CommandAutocompleteMost = 1024 // characters, of AutoCompleteDesc and AutoCompleteHint
)

// Command is a slash command of a team that an integration answers, or one of
// the server's own, which has no id.
type Command struct {
	ID                   string            `json:"id"`
	Token                string            `json:"token"`
	CreateAt             int64             `json:"create_at"`
	UpdateAt             int64             `json:"update_at"`
	DeleteAt             int64             `json:"delete_at"`
	CreatorID            string            `json:"creator_id"`
	TeamID               string            `json:"team_id"`
	Trigger              string            `json:"trigger"`
	Method               string            `json:"method"`
	Username             string            `json:"username"`
	IconURL              string            `json:"icon_url"`
	AutoComplete         bool              `json:"auto_complete"`
	AutoCompleteDesc     string            `json:"auto_complete_desc"`
	AutoCompleteHint     string            `json:"auto_complete_hint"`
	DisplayName          string            `json:"display_name"`
	Description          string            `json:"description"`
	URL                  string            `json:"url"`
	PluginID             string            `json:"plugin_id"`
	AutocompleteData     *AutocompleteData `json:"autocomplete_data,omitempty"`
	AutocompleteIconData string            `json:"autocomplete_icon_data,omitempty"`
	// OnMessages has the command offered in the menu of messages, too (Parley's
	// own). Nil: it isn't, and for who changes a command: as before.
	OnMessages *bool `json:"on_messages,omitempty"`
}

// Sanitize takes away what only those who manage the command may know.
func (c *Command) Sanitize() {
	c.Token, c.CreatorID, c.URL, c.Method, c.Username, c.IconURL = "", "", "", "", "", ""
}

var commandTrigger = regexp.MustCompile(`^[A-Za-z0-9_./-]+$`)

// ValidCommandTrigger reports whether a text can stand behind the slash.
func ValidCommandTrigger(s string) bool {
	return len(s) <= CommandTriggerMost && !strings.HasPrefix(s, "/") && commandTrigger.MatchString(s)
}

// Problem names the first thing that is wrong with what somebody set of a
// command, as in the error ids model.command.is_valid.…; "" when nothing is.
func (c *Command) Problem() string {
	long := func(s string, most int) bool { return !utf8.ValidString(s) || utf8.RuneCountInString(s) > most }
	switch {
	case !ValidCommandTrigger(c.Trigger):
		return "trigger"
	case c.URL == "" || len(c.URL) > CommandURLMost:
		return "url"
	case !WebAddress(c.URL):
		return "url_http"
	case c.Method != CommandMethodGet && c.Method != CommandMethodPost:
		return "method"
	case long(c.DisplayName, CommandNameMost) || long(c.Username, CommandNameMost):
		return "display_name"
	case long(c.Description, CommandDescriptionMost):
		return "description"
	case c.IconURL != "" && (len(c.IconURL) > CommandURLMost || !WebAddress(c.IconURL)):
		return "icon_url"
	case long(c.AutoCompleteDesc, CommandAutocompleteMost) || long(c.AutoCompleteHint, CommandAutocompleteMost),
		c.AutocompleteData != nil && !c.AutocompleteData.valid(c):
		return "autocomplete_data"
	}
	return ""
}

// MessageCommand is what everybody in a team may know of a command that is
// offered in the menu of messages.
type MessageCommand struct {
	ID          string `json:"id"`
	TeamID      string `json:"team_id"`
	Trigger     string `json:"trigger"`
	DisplayName string `json:"display_name"`
}

// CommandArgs are a command that somebody runs.
type CommandArgs struct {
	ChannelID string `json:"channel_id"`
	TeamID    string `json:"team_id"`
	RootID    string `json:"root_id"`
	Command   string `json:"command"`
}

// CommandResponse is the answer to a command: of an integration to the server,
// and of the server to the client that ran it. (Reference: api-schemas.json.)
type CommandResponse struct {
	ResponseType     string               `json:"response_type"`
	Text             string               `json:"text"`
	Username         string               `json:"username"`
	ChannelID        string               `json:"channel_id"`
	IconURL          string               `json:"icon_url"`
	Type             string               `json:"type"`
	Props            map[string]any       `json:"props"`
	GotoLocation     string               `json:"goto_location"`
	TriggerID        string               `json:"trigger_id"`
	SkipSlackParsing bool                 `json:"skip_slack_parsing"`
	Attachments      []*MessageAttachment `json:"attachments"`
	ExtraResponses   []*CommandResponse   `json:"extra_responses"`
}

// CommandWebhook is where an integration may send further answers to one run of
// a command.
type CommandWebhook struct {
	ID        string
	CreateAt  int64
	CommandID string
	UserID    string
	ChannelID string
	RootID    string
	UseCount  int
}

// Further answers are taken for half an hour, and this many.
const (
	CommandWebhookLifetime = 30 * 60 * 1000 // ms
	CommandWebhookUses     = 5
)

// Types of arguments in AutocompleteArg.
const (
	AutocompleteText        = "TextInput"
	AutocompleteStaticList  = "StaticList"
	AutocompleteDynamicList = "DynamicList"
)

// AutocompleteData describes what may follow a command: other words, each with
// its own, or arguments. Its fields have no JSON names in the protocol.
type AutocompleteData struct {
	Trigger     string
	Hint        string
	HelpText    string
	RoleID      string // system_admin: shown to administrators only
	Arguments   []*AutocompleteArg
	SubCommands []*AutocompleteData
}

// AutocompleteArg is an argument: by position, or named as in "--name value".
type AutocompleteArg struct {
	Name     string
	HelpText string
	Type     string
	Required bool
	Data     AutocompleteArgData
}

// AutocompleteArgData holds the fields of every type of argument; those of
// others are empty.
type AutocompleteArgData struct {
	Hint              string                 `json:",omitempty"` // TextInput
	Pattern           string                 `json:",omitempty"` // TextInput
	PossibleArguments []AutocompleteListItem `json:",omitempty"` // StaticList
	FetchURL          string                 `json:",omitempty"` // DynamicList
}

// AutocompleteListItem is one value that a list offers.
type AutocompleteListItem struct {
	Item     string
	Hint     string
	HelpText string
}

// UnmarshalJSON takes the names in any case, as clients of both spellings send
// them (Item, item; HelpText, helptext, help_text).
func (i *AutocompleteListItem) UnmarshalJSON(raw []byte) error {
	var loose map[string]json.RawMessage
	if err := json.Unmarshal(raw, &loose); err != nil {
		return err
	}
	for key, value := range loose {
		var to *string
		switch strings.ReplaceAll(strings.ToLower(key), "_", "") {
		case "item":
			to = &i.Item
		case "hint":
			to = &i.Hint
		case "helptext":
			to = &i.HelpText
		default:
			continue
		}
		if err := json.Unmarshal(value, to); err != nil {
			return err
		}
	}
	return nil
}

// AutocompleteSuggestion is one line of what is offered while somebody types a
// command. Complete is the whole input, without the slash, once it is taken.
type AutocompleteSuggestion struct {
	Complete    string
	Suggestion  string
	Hint        string
	Description string
	IconData    string
}

// Bounds of a description; beyond them nobody finds anything in it.
const (
	autocompleteDepth = 8
	autocompleteNodes = 500
	autocompleteBytes = 64 << 10
)

// valid reports whether the description can be one of c.
func (d *AutocompleteData) valid(c *Command) bool {
	raw, err := json.Marshal(d)
	left := autocompleteNodes
	return err == nil && len(raw) <= autocompleteBytes && strings.EqualFold(d.Trigger, c.Trigger) && d.sound(c, autocompleteDepth, &left)
}

func (d *AutocompleteData) sound(c *Command, depth int, left *int) bool {
	*left--
	if d == nil || depth == 0 || *left < 0 || !ValidCommandTrigger(d.Trigger) || len(d.Arguments) > 0 && len(d.SubCommands) > 0 {
		return false
	}
	if !slices.Contains([]string{"", RoleSystemAdmin, RoleSystemUser}, d.RoleID) {
		return false
	}
	named := false
	for _, a := range d.Arguments {
		*left--
		if a == nil || *left < 0 || named && a.Name == "" || strings.ContainsAny(a.Name, " \t\n\"") || !a.sound(c) {
			return false // what stands by its place comes before what has a name
		}
		named = named || a.Name != ""
	}
	for _, sub := range d.SubCommands {
		if !sub.sound(c, depth-1, left) {
			return false
		}
	}
	return true
}

func (a *AutocompleteArg) sound(c *Command) bool {
	switch a.Type {
	case AutocompleteText:
		return true
	case AutocompleteStaticList:
		return len(a.Data.PossibleArguments) > 0 &&
			!slices.ContainsFunc(a.Data.PossibleArguments, func(i AutocompleteListItem) bool { return i.Item == "" })
	case AutocompleteDynamicList:
		_, ok := a.Data.FetchFrom(c.URL)
		return ok
	}
	return false
}

// FetchFrom is the address that a list is fetched from: FetchURL, on the host of
// the command itself, which the command's token may be shown to.
func (d *AutocompleteArgData) FetchFrom(commandURL string) (*url.URL, bool) {
	if d.FetchURL == "" || len(d.FetchURL) > CommandURLMost || !WebAddress(commandURL) {
		return nil, false
	}
	base, err := url.Parse(commandURL)
	if err != nil {
		return nil, false
	}
	u, err := base.Parse(d.FetchURL)
	if err != nil || u.Scheme != base.Scheme || u.Host != base.Host || !WebAddress(u.String()) {
		return nil, false
	}
	return u, true
}
