package transfer

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/model"
)

type slackMessage struct {
	Type        string `json:"type"`
	Subtype     string `json:"subtype"`
	Hidden      bool   `json:"hidden"`
	User        string `json:"user"`
	BotID       string `json:"bot_id"`
	Username    string `json:"username"`
	Text        string `json:"text"`
	TS          string `json:"ts"`
	ThreadTS    string `json:"thread_ts"`
	Edited      *struct{ TS string }
	PinnedTo    []string `json:"pinned_to"`
	UserProfile *struct {
		Name     string `json:"name"`
		RealName string `json:"real_name"`
	} `json:"user_profile"`
	BotProfile *struct{ Name string } `json:"bot_profile"`
	Comment    *struct {
		User    string `json:"user"`
		Comment string `json:"comment"`
	} `json:"comment"`
	Reactions []struct {
		Name  string   `json:"name"`
		Users []string `json:"users"`
	} `json:"reactions"`
	File        *slackFile       `json:"file"`
	Files       []slackFile      `json:"files"`
	Attachments []map[string]any `json:"attachments"`
}

type slackFile struct {
	ID        string `json:"id"`
	Name      string `json:"name"`
	Title     string `json:"title"`
	Permalink string `json:"permalink"`
	Private   string `json:"url_private"`
}

// slackTypes are the types here of messages that Slack made; "-" are those of
// people coming and going and the like, which aren't imported.
var slackTypes = map[string]string{
	"channel_join": "-", "channel_leave": "-", "group_join": "-", "group_leave": "-", "channel_archive": "-", "channel_unarchive": "-", "group_archive": "-",
	"group_unarchive": "-", "tombstone": "-", "message_deleted": "-", "message_changed": "-", "message_replied": "-", "bot_add": "-", "bot_remove": "-",
	"bot_enable": "-", "bot_disable": "-", "pinned_item": "-", "unpinned_item": "-", "channel_convert_to_private": "-", "channel_posting_permissions": "-",
	"reminder_add": "-", "huddle_thread": "-", "sh_room_created": "-",
	"me_message": model.PostTypeMe, "channel_topic": model.PostTypeHeaderChange, "channel_purpose": model.PostTypePurposeChange,
	"channel_name": model.PostTypeDisplayNameChange, "group_topic": model.PostTypeHeaderChange, "group_purpose": model.PostTypePurposeChange,
	"group_name": model.PostTypeDisplayNameChange,
}

// messages goes through the channels, the days of each in their order.
func (s *slackImport) messages(ctx context.Context) error {
	s.loader.lines = &lineReader{}
	for _, c := range s.channels {
		s.threads = map[string]*Entry{}
		days := s.days[c.folder]
		slices.Sort(days)
		for _, day := range days {
			if err := s.day(ctx, c, day); err != nil {
				return err
			}
		}
	}
	return nil
}

// day goes through one file, a message at a time.
func (s *slackImport) day(ctx context.Context, c *slackChannel, name string) error {
	r, size, err := opened(s.from.entries[s.top+name])
	if err != nil {
		return s.skip(Problem{At: name, Why: fault.Invalid("parley.transfer.slack_file.app_error", "Why", cut(err.Error(), 200))})
	}
	defer func() { _ = r.Close() }()
	s.loader.lines.read += size
	bad := func(err error) error {
		return s.skip(Problem{At: name, Why: fault.Invalid("parley.transfer.slack_file.app_error", "Why", cut(err.Error(), 200))})
	}
	if size > maxSlackFile {
		return bad(errors.New("too long"))
	}
	d := json.NewDecoder(io.LimitReader(r, maxSlackFile))
	if t, err := d.Token(); err != nil || t != json.Delim('[') {
		return bad(errors.New("not a list"))
	}
	for n := 1; d.More(); n++ {
		if err := ctx.Err(); err != nil {
			return err
		}
		var m slackMessage
		if err := d.Decode(&m); err != nil {
			var wrong *json.UnmarshalTypeError
			if !errors.As(err, &wrong) {
				return bad(err)
			}
			// A field of another form than usual: what could be read is taken.
		}
		s.report.Lines++
		if err := s.message(ctx, c, name+":"+strconv.Itoa(n), &m); err != nil {
			return err
		}
	}
	return nil
}

// message takes in one message, in several pieces when it is longer than one can be.
func (s *slackImport) message(ctx context.Context, c *slackChannel, at string, m *slackMessage) error {
	if m.Hidden || slackTypes[m.Subtype] == "-" || m.Type != "" && m.Type != "message" {
		return nil
	}
	created := milliseconds(m.TS)
	if created <= 0 {
		return s.skip(Problem{At: at, Kind: kindPost, Why: errSlackMessage})
	}
	e := &Entry{CreateAt: created, Type: slackTypes[m.Subtype], IsPinned: len(m.PinnedTo) > 0, Props: s.props(m)}
	if m.Edited != nil {
		e.EditAt = max(milliseconds(m.Edited.TS), 0)
	}
	if err := s.author(ctx, m, e); err != nil {
		return err
	}
	for _, r := range m.Reactions {
		for _, u := range r.Users {
			if name := s.users[u]; name != "" && model.ValidEmojiName(emojiName(r.Name)) {
				e.Reactions = append(e.Reactions, Reaction{User: name, CreateAt: created, EmojiName: emojiName(r.Name)})
			}
		}
	}
	text := s.text(m.Text)
	if m.Subtype == "file_comment" && m.Comment != nil {
		text = s.text(m.Comment.Comment)
	}
	var files []Attachment
	e.Text, files = s.filesOf(m, text)
	if e.Text == "" && len(files) == 0 && len(e.Props) == 0 {
		return nil
	}
	for i, piece := range pieces(e, files) {
		if i == 1 {
			err := s.skip(Problem{At: at, Kind: kindPost, Why: fault.Invalid("parley.transfer.slack_split.app_error", "Max", model.PostMessageMaxRunes)})
			if err != nil {
				return err
			}
		}
		if err := s.put(ctx, c, at, m, piece, i == 0); err != nil {
			return err
		}
	}
	return nil
}

// milliseconds reads a time of Slack's: seconds, a dot, and a number that makes
// it unique.
func milliseconds(ts string) int64 {
	seconds, fraction, _ := strings.Cut(ts, ".")
	n, err := strconv.ParseInt(seconds, 10, 64)
	if err != nil || n <= 0 || n > latest/1000 {
		return 0
	}
	ms, _ := strconv.ParseInt((fraction + "000")[:3], 10, 64)
	return n*1000 + max(ms, 0)
}

// author finds who wrote a message: an account, or by its own name the one that
// stands for all who have none.
func (s *slackImport) author(ctx context.Context, m *slackMessage, e *Entry) error {
	who := m.User
	if m.Subtype == "file_comment" && m.Comment != nil {
		who = m.Comment.User
	}
	if name := s.users[who]; name != "" {
		if _, err := s.names.user(ctx, name); err == nil {
			e.User = name
			return nil
		}
	}
	called := m.Username
	switch {
	case called != "":
	case m.BotProfile != nil:
		called = m.BotProfile.Name
	case m.UserProfile != nil:
		called = orElse(m.UserProfile.RealName, m.UserProfile.Name)
	}
	if e.Props == nil {
		e.Props = model.StringInterface{}
	}
	e.User = slackBot
	e.Props[model.PostPropFromWebhook] = "true"
	e.Props[model.PostPropOverrideUsername] = short(strings.ReplaceAll(orElse(called, orElse(who, orElse(m.BotID, "Slack"))), "\x00", ""), model.UserNameMaxLength)
	if s.hasBot {
		return nil
	}
	s.hasBot = true
	display := "Slack"
	return s.take(ctx, slackBot, &Line{Type: kindBot, Bot: &Bot{Username: slackBot, Owner: "slack", DisplayName: &display}}, 0)
}

// attachmentKeys are the parts of a message attachment that have a meaning here,
// and whether they are written text.
var attachmentKeys = map[string]bool{"fallback": true, "color": false, "pretext": true, "author_name": false, "author_link": false, "author_icon": false,
	"title": false, "title_link": false, "text": true, "fields": false, "image_url": false, "thumb_url": false, "footer": false, "footer_icon": false}

// props are the message attachments of integrations. Previews of links are made
// anew when they are looked at.
func (s *slackImport) props(m *slackMessage) model.StringInterface {
	var list []any
	for _, a := range m.Attachments {
		if a["from_url"] != nil || a["original_url"] != nil {
			continue
		}
		out := map[string]any{}
		for key, written := range attachmentKeys {
			switch v := a[key].(type) {
			case string:
				if v = strings.ReplaceAll(v, "\x00", ""); written {
					v = s.text(v)
				}
				out[key] = v
			case []any:
				if key == "fields" {
					out[key] = s.fields(v)
				}
			}
		}
		list = append(list, out)
	}
	if len(list) == 0 {
		return nil
	}
	return model.StringInterface{model.PostPropAttachments: list}
}

func (s *slackImport) fields(list []any) []any {
	var out []any
	for _, v := range list {
		f, _ := v.(map[string]any)
		title, _ := f["title"].(string)
		value, _ := f["value"].(string)
		brief, _ := f["short"].(bool)
		out = append(out, map[string]any{"title": strings.ReplaceAll(title, "\x00", ""), "value": s.text(value), "short": brief})
	}
	return out
}

// filesOf finds the files of a message in the archive. Of one that isn't in it,
// the message gets a link to where it was.
func (s *slackImport) filesOf(m *slackMessage, text string) (string, []Attachment) {
	files := m.Files
	if m.File != nil {
		files = append(files, *m.File)
	}
	var out []Attachment
	for _, f := range files {
		if p := s.uploads[f.ID]; p != "" {
			out = append(out, Attachment{Path: p})
			continue
		}
		if at := orElse(f.Permalink, f.Private); at != "" {
			text = strings.TrimPrefix(text+"\n", "\n") + link(strings.ReplaceAll(at, "\x00", ""), strings.ReplaceAll(orElse(f.Title, orElse(f.Name, "file")), "\x00", ""))
		}
	}
	return text, out
}

// pieces makes of a message as many as it takes: each with the words and the
// files that one can have, a millisecond after the one before.
func pieces(e *Entry, files []Attachment) []*Entry {
	var out []*Entry
	rest := []rune(e.Text)
	for i := 0; i == 0 || len(rest) > 0 || len(files) > 0; i++ {
		one := &Entry{User: e.User, Type: e.Type, CreateAt: e.CreateAt + int64(i)}
		if i == 0 {
			*one = *e
		}
		n, k := min(len(rest), model.PostMessageMaxRunes), min(len(files), model.PostFilesMax)
		one.Text, one.Attachments = string(rest[:n]), files[:k]
		rest, files = rest[n:], files[k:]
		out = append(out, one)
	}
	return out
}

// put hands a piece on: as a root, or as a reply with the root that it is to.
func (s *slackImport) put(ctx context.Context, c *slackChannel, at string, m *slackMessage, e *Entry, first bool) error {
	p := &pendingPost{at: at, kind: kindPost, line: &Post{Team: s.team, Channel: c.name, Entry: *e}}
	if c.people != nil {
		p.kind, p.line.Team, p.line.Channel, p.line.ChannelMembers = kindDirectPost, "", "", c.people
	}
	switch root := s.threads[m.ThreadTS]; {
	case m.ThreadTS != "" && m.ThreadTS != m.TS && root != nil:
		p.line.Entry, p.line.Replies, p.again = *root, []Entry{*e}, true
	case m.ThreadTS != "" && m.ThreadTS == m.TS && first:
		s.threads[m.TS] = &Entry{User: e.User, Text: e.Text, CreateAt: e.CreateAt}
	}
	if why := checkPost(p.line); why != nil {
		return s.skip(Problem{At: at, Kind: p.kind, Why: why})
	}
	return s.addPost(ctx, p, len(e.Text))
}
