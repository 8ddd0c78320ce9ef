package webhooks

import (
	"encoding/json"
	"regexp"
	"strings"

	"github.com/parley-chat/parley/internal/model"
)

// blocksMost bounds the blocks of one message.
const blocksMost = 100

// block is one of Slack's blocks or an element of one. Senders that know nothing
// else put all they say there, so it becomes text where there is no other; buttons
// that open an address become links, and those that only Slack could press are left
// out.
type block struct {
	Type      string  `json:"type"`
	Text      words   `json:"text"`
	Title     words   `json:"title"`
	Fields    []words `json:"fields"`
	Elements  []block `json:"elements"`
	Accessory *block  `json:"accessory"`
	URL       string  `json:"url"`
	ImageURL  string  `json:"image_url"`
	AltText   string  `json:"alt_text"`
	Name      string  `json:"name"`
	UserID    string  `json:"user_id"`
	Range     string  `json:"range"`
	Fallback  string  `json:"fallback"`
	Style     any     `json:"style"` // of words a set, of a list its kind
	Indent    int     `json:"indent"`
}

// words are a text object as Markdown; a bare text stays as it is.
type words string

// UnmarshalJSON reads a text object or a text; anything else says nothing.
func (w *words) UnmarshalJSON(raw []byte) error {
	var object struct{ Type, Text string }
	switch _ = json.Unmarshal(raw, &object); {
	case object.Type == "plain_text":
		*w = words(plainWords(clean(object.Text)))
	case object.Text != "":
		*w = words(strengthen(clean(object.Text)))
	default:
		*w = words(text(raw))
	}
	return nil
}

// fromBlocks is what blocks say, as Markdown with Slack's marks in it.
func fromBlocks(raw json.RawMessage) string {
	var list []json.RawMessage
	_ = json.Unmarshal(raw, &list)
	var out []string
	for _, one := range list[:min(len(list), blocksMost)] {
		var b block
		_ = json.Unmarshal(one, &b) // what is of another kind than it should be is absent
		out = append(out, b.markdown())
	}
	return joined(out, "\n\n")
}

func (b *block) markdown() string {
	switch b.Type {
	case "header":
		if b.Text == "" {
			return ""
		}
		return "#### " + strings.ReplaceAll(string(b.Text), "\n", " ")
	case "section":
		parts := []string{string(b.Text)}
		for _, f := range b.Fields {
			parts = append(parts, string(f))
		}
		if b.Accessory != nil {
			parts = append(parts, b.Accessory.picture(), b.Accessory.link())
		}
		return joined(parts, "\n")
	case "divider":
		return "---"
	case "image":
		return joined([]string{string(b.Title), b.picture()}, "\n")
	case "context", "actions":
		var parts []string
		for _, e := range b.Elements {
			switch e.Type { // a text among elements is one itself
			case "mrkdwn":
				parts = append(parts, strengthen(string(e.Text)))
			case "plain_text":
				parts = append(parts, plainWords(string(e.Text)))
			}
			parts = append(parts, e.link())
		}
		return joined(parts, " ")
	case "rich_text":
		var parts []string
		for _, e := range b.Elements {
			parts = append(parts, e.rich())
		}
		return strings.TrimRight(joined(parts, "\n"), "\n")
	}
	return string(b.Text)
}

// link is a button that opens an address.
func (b *block) link() string {
	if b.Type != "button" {
		return ""
	}
	return linked(string(b.Text), b.URL)
}

func (b *block) picture() string {
	if b.Type != "image" || b.ImageURL == "" {
		return ""
	}
	if to := linked(clean(b.AltText), b.ImageURL); to != "" {
		return "!" + to
	}
	return ""
}

// rich is a part of a rich_text block.
func (b *block) rich() string {
	switch b.Type {
	case "rich_text_list":
		mark := "- "
		if b.Style == "ordered" {
			mark = "1. "
		}
		var items []string
		for _, e := range b.Elements {
			items = append(items, strings.Repeat("    ", max(0, min(b.Indent, 8)))+mark+e.inline())
		}
		return joined(items, "\n") + "\n"
	case "rich_text_quote":
		return "> " + strings.ReplaceAll(b.inline(), "\n", "\n> ") + "\n"
	case "rich_text_preformatted":
		var code strings.Builder
		for _, e := range b.Elements {
			code.WriteString(first(string(e.Text), clean(e.URL)))
		}
		fence := "```"
		for strings.Contains(code.String(), fence) {
			fence += "`"
		}
		return fence + "\n" + strings.TrimSuffix(code.String(), "\n") + "\n" + fence
	}
	return b.inline()
}

// inline is a line of rich text.
func (b *block) inline() string {
	var out strings.Builder
	for _, e := range b.Elements {
		said := string(e.Text)
		switch e.Type {
		case "text":
			said = styled(said, e.Style)
		case "link":
			said = first(linked(plainWords(said), e.URL), plainWords(said))
		case "emoji":
			said = ":" + clean(e.Name) + ":"
		case "user":
			said = "<@" + clean(e.UserID) + ">"
		case "broadcast":
			said = "<!" + clean(e.Range) + ">"
		default:
			said = plainWords(first(said, clean(e.Fallback)))
		}
		out.WriteString(said)
	}
	return out.String()
}

// styled sets words of rich text in bold, italics and the like: inside of the
// spaces around them, as Markdown wants it.
func styled(said string, style any) string {
	inner := strings.TrimSpace(said)
	set, _ := style.(map[string]any)
	if inner == "" {
		return said
	}
	before, after, _ := strings.Cut(said, inner)
	if set["code"] == true && !strings.Contains(inner, "`") {
		inner = "`" + inner + "`"
	} else {
		inner = plainWords(inner)
	}
	for _, one := range [][2]string{{"italic", "_"}, {"bold", "**"}, {"strike", "~~"}} {
		if set[one[0]] == true {
			inner = one[1] + inner + one[1]
		}
	}
	return before + inner + after
}

// linked is a link as Markdown; "" for what no browser should follow.
func linked(said, to string) string {
	if to = clean(to); !model.WebAddress(to) || strings.ContainsAny(to, "<>\n") {
		return ""
	}
	to = strings.NewReplacer(" ", "%20", "(", "%28", ")", "%29").Replace(to)
	said = strings.NewReplacer("\n", " ", "\\]", "\\]", "]", "\\]").Replace(said)
	return "[" + first(said, to) + "](" + to + ")"
}

// marksOfMarkdown are characters that mean themselves in a plain text. The
// underscore stays: names of emoji have it.
var marksOfMarkdown = strings.NewReplacer(`\`, `\\`, "*", `\*`, "`", "\\`", "~", `\~`, "[", `\[`, "]", `\]`, "<", "&lt;")

func plainWords(s string) string { return marksOfMarkdown.Replace(s) }

// Slack's *bold* and ~struck~, which Markdown writes with two marks.
var (
	slackBold   = regexp.MustCompile(`\B\*([^\s*](?:[^*\n]*[^\s*])?)\*\B`)
	slackStruck = regexp.MustCompile(`\B~([^\s~](?:[^~\n]*[^\s~])?)~\B`)
)

// strengthen writes Slack's bold and struck words as Markdown does, outside of code.
func strengthen(s string) string {
	if strings.Contains(s, "**") || strings.Contains(s, "~~") {
		return s // its sender took it for Markdown
	}
	parts := strings.Split(s, "`")
	for i := 0; i < len(parts); i += 2 {
		parts[i] = slackStruck.ReplaceAllString(slackBold.ReplaceAllString(parts[i], "**$1**"), "~~$1~~")
	}
	return strings.Join(parts, "`")
}

// joined puts together what is there.
func joined(parts []string, between string) string {
	var out []string
	for _, p := range parts {
		if p != "" {
			out = append(out, p)
		}
	}
	return strings.Join(out, between)
}
