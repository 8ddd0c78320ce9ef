package webhooks

import (
	"encoding/json"
	"errors"
	"strings"
	"unicode/utf8"

	"github.com/parley-chat/parley/internal/model"
)

// Programs send whatever their authors tried out against Slack. So what can be
// understood is, and a field of another kind than it should be counts as absent;
// only what is no JSON at all is refused.

var errNoPayload = errors.New("webhooks: the payload is no JSON object")

// attachmentsMost bounds the cards of one message.
const attachmentsMost = 100

// readPayload reads a payload.
func readPayload(raw []byte) (*model.WebhookMessage, error) {
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(raw, &fields); err != nil {
		// Line ends within texts, as shell scripts send them, are no JSON but clear.
		if json.Unmarshal(escaped(raw), &fields) != nil || fields == nil {
			return nil, errors.Join(errNoPayload, err)
		}
	}
	if fields == nil {
		return nil, errNoPayload
	}
	m := &model.WebhookMessage{Text: text(fields["text"]), Username: text(fields["username"]), IconURL: text(fields["icon_url"]),
		IconEmoji: strings.Trim(text(fields["icon_emoji"]), ": "), Channel: text(fields["channel"]), Type: text(fields["type"]),
		ResponseType: text(fields["response_type"])}
	if m.Text == "" {
		m.Text = fromBlocks(fields["blocks"])
	}
	_ = json.Unmarshal(fields["props"], &m.Props)
	m.Attachments = readAttachments(fields["attachments"])
	var p *model.PostPriority
	if json.Unmarshal(fields["priority"], &p) == nil {
		m.Priority = p
	}
	return m, nil
}

// text reads a text; a number is one, too.
func text(raw json.RawMessage) string {
	var s string
	if json.Unmarshal(raw, &s) == nil {
		return clean(s)
	}
	var n json.Number
	if json.Unmarshal(raw, &n) == nil {
		return n.String()
	}
	return ""
}

// clean leaves out what no database keeps.
func clean(s string) string { return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "") }

// readAttachments reads a list of cards, or one; what is none is left out.
func readAttachments(raw json.RawMessage) []*model.MessageAttachment {
	var list []json.RawMessage
	if json.Unmarshal(raw, &list) != nil {
		list = []json.RawMessage{raw}
	}
	var out []*model.MessageAttachment
	for _, one := range list {
		if a := readAttachment(one); a != nil && len(out) < attachmentsMost {
			out = append(out, a)
		}
	}
	return out
}

func readAttachment(raw json.RawMessage) *model.MessageAttachment {
	var fields map[string]json.RawMessage
	if json.Unmarshal(raw, &fields) != nil || len(fields) == 0 {
		return nil
	}
	a := &model.MessageAttachment{Fallback: text(fields["fallback"]), Color: text(fields["color"]), Pretext: text(fields["pretext"]),
		AuthorName: text(fields["author_name"]), AuthorLink: text(fields["author_link"]), AuthorIcon: text(fields["author_icon"]),
		Title: text(fields["title"]), TitleLink: text(fields["title_link"]), Text: text(fields["text"]), ImageURL: text(fields["image_url"]),
		ThumbURL: text(fields["thumb_url"]), Footer: text(fields["footer"]), FooterIcon: text(fields["footer_icon"])}
	_ = json.Unmarshal(fields["id"], &a.ID)
	var stamp any
	if json.Unmarshal(fields["ts"], &stamp) == nil {
		switch stamp.(type) {
		case string, float64:
			a.Timestamp = stamp
		}
	}
	var list []json.RawMessage
	_ = json.Unmarshal(fields["fields"], &list)
	for _, one := range list {
		if f := readField(one); f != nil {
			a.Fields = append(a.Fields, f)
		}
	}
	if a.Text == "" && a.Pretext == "" && a.Title == "" && a.Fields == nil {
		a.Text = fromBlocks(fields["blocks"])
	}
	readActions(a, fields["actions"])
	return a
}

// readActions reads the buttons and menus of a card. One of Slack's, which has a
// text, becomes a link below the card's text where it opens an address, and is left
// out where only Slack could press it.
func readActions(a *model.MessageAttachment, raw json.RawMessage) {
	var list []json.RawMessage
	_ = json.Unmarshal(raw, &list)
	var links []string
	for _, one := range list {
		var action *model.PostAction
		if json.Unmarshal(one, &action) != nil || action == nil {
			continue
		}
		var b block
		_ = json.Unmarshal(one, &b)
		if action.Integration != nil || b.Text == "" && b.URL == "" {
			a.Actions = append(a.Actions, action)
			continue
		}
		links = append(links, linked(plainWords(string(b.Text)), b.URL))
	}
	if said := joined(links, " "); said != "" {
		a.Text = joined([]string{strings.TrimRight(a.Text, "\n"), said}, "\n")
	}
}

func readField(raw json.RawMessage) *model.MessageAttachmentField {
	var fields map[string]json.RawMessage
	if json.Unmarshal(raw, &fields) != nil || len(fields) == 0 {
		return nil
	}
	f := &model.MessageAttachmentField{Title: text(fields["title"]), Value: ""}
	_ = json.Unmarshal(fields["short"], &f.Short)
	var value any
	if json.Unmarshal(fields["value"], &value) == nil && value != nil {
		if s, isText := value.(string); isText {
			value = s
		} else {
			value = strings.TrimSpace(string(fields["value"]))
		}
		f.Value = value
	}
	return f
}

// escaped writes control characters within JSON texts as they should be.
func escaped(raw []byte) []byte {
	var out []byte
	in, after := false, false
	for _, c := range raw {
		switch {
		case in && c == '\n':
			out = append(out, '\\', 'n')
			continue
		case in && c == '\t':
			out = append(out, '\\', 't')
			continue
		case in && c < ' ':
			continue
		case c == '"' && !after:
			in = !in
		}
		after = in && c == '\\' && !after
		out = append(out, c)
	}
	return out
}

// split cuts a text into pieces that fit into a message each, at the end of a
// line where there is one in the second half.
func split(message string, most int) []string {
	var out []string
	for utf8.RuneCountInString(message) > most {
		end := 0
		for range most {
			_, n := utf8.DecodeRuneInString(message[end:])
			end += n
		}
		if at := strings.LastIndexByte(message[:end], '\n'); at > end/2 {
			end = at + 1
		}
		out = append(out, strings.TrimRight(message[:end], "\n"))
		message = message[end:]
	}
	return append(out, message)
}
