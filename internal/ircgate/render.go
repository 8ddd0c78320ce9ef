package ircgate

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"github.com/parley-chat/parley/internal/model"
)

// linesMost bounds how many lines of one post are shown; the rest is behind a link.
const linesMost = 40

// manner is how a post is to be shown.
type manner struct {
	label  string // of the command that it is the echo of
	batch  string // that it is a part of
	edited bool   // it is shown again, changed
	old    bool   // it is history
}

// silent are the posts that tell of what IRC has commands for.
var silent = map[string]bool{
	model.PostTypeJoinChannel: true, model.PostTypeLeaveChannel: true, model.PostTypeAddToChannel: true, model.PostTypeRemoveFromChannel: true,
	model.PostTypeJoinTeam: true, model.PostTypeLeaveTeam: true, model.PostTypeAddToTeam: true, model.PostTypeRemoveFromTeam: true,
	model.PostTypeHeaderChange: true, model.PostTypeAddGuestToChannel: true, model.PostTypeGuestJoinChannel: true, model.PostTypeJoinLeave: true,
	model.PostTypeAddRemove: true,
}

// shown is a post as lines of IRC: who says what to whom.
type shown struct {
	source, command, target string
	nick                    string
	action                  bool
	lines                   []string
}

// render makes a post into lines. ok is false for what isn't shown.
func (c *conn) render(ctx context.Context, p *model.Post, r *room, how manner) (s shown, ok bool) {
	if silent[p.Type] || r == nil {
		return s, false
	}
	author := c.person(ctx, p.UserID)
	s = shown{source: c.maskOf(author.nick), command: "PRIVMSG", target: r.name, nick: author.nick}
	if r.kind == model.ChannelDirect {
		if s.target = r.name; p.UserID != c.me.ID {
			s.target = c.me.Username
		}
	}
	message := p.Message
	switch {
	case p.IsSystem():
		s.source, s.command = c.g.serverName(), "NOTICE"
	case p.Type == model.PostTypeMe:
		s.action = true
		message = strings.TrimSuffix(strings.TrimPrefix(message, "*"), "*")
	}
	s.lines = append(toIRC(message), c.attached(p)...)
	if !c.caps["message-tags"] {
		for i, l := range s.lines {
			s.lines[i] = oldFormats.Replace(l)
		}
	}
	if name := p.Props.String(model.PostPropOverrideUsername); name != "" && p.Props.String(model.PostPropFromWebhook) == "true" {
		s.lines = prefixed(s.lines, "<"+clean(name)+"> ")
	}
	if over := len(s.lines) - linesMost; over > 0 {
		s.lines = append(s.lines[:linesMost:linesMost], fmt.Sprintf("… %d more lines: %s", over, c.permalink(p)))
	}
	if len(s.lines) == 0 {
		return s, false
	}
	if p.Type == "" || p.Type == model.PostTypeMe {
		c.said.Add(p.ID, quote{author.nick, cut(s.lines[0], 60)})
	}
	if p.RootID != "" && !c.caps["message-tags"] {
		s.lines = prefixed(s.lines, c.replyHint(ctx, p.RootID))
	}
	if how.edited {
		s.lines = prefixed(s.lines, "* ")
	}
	return s, true
}

// oldFormats writes what clients of before IRCv3 would show as letters.
var oldFormats = strings.NewReplacer(string(mono), "`", string(strike), "~~")

func prefixed(lines []string, with string) []string {
	if len(lines) == 0 {
		return []string{strings.TrimSpace(with)}
	}
	lines[0] = with + lines[0]
	return lines
}

// replyHint tells clients without tags what a reply is about.
func (c *conn) replyHint(ctx context.Context, rootID string) string {
	q, ok := c.said.Get(rootID)
	if !ok {
		var root model.Post
		if err := c.session.api.call(ctx, http.MethodGet, "/posts/"+rootID, nil, &root); err != nil {
			return "↳ "
		}
		first := ""
		if l := toIRC(root.Message); len(l) > 0 {
			first = cut(l[0], 60)
		}
		q = quote{c.person(ctx, root.UserID).nick, first}
		c.said.Add(rootID, q)
	}
	return "↳ " + q.nick + ": “" + plain(q.text) + "” – "
}

// plain takes the formatting out of a line.
func plain(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' {
			return -1
		}
		return r
	}, s)
}

// attached are the lines for files and for what integrations attach.
func (c *conn) attached(p *model.Post) []string {
	var out []string
	for _, a := range attachmentsOf(p) {
		for _, part := range []string{a.Pretext, strings.TrimSpace(a.Title + " " + a.TitleLink), a.Text} {
			out = append(out, toIRC(part)...)
		}
		if a.Pretext+a.Title+a.Text == "" {
			out = append(out, toIRC(a.Fallback)...)
		}
		for _, f := range a.Fields {
			if f != nil {
				out = append(out, toIRC(fmt.Sprintf("%s: %v", f.Title, f.Value))...)
			}
		}
	}
	if p.Metadata == nil {
		return out
	}
	for _, f := range p.Metadata.Files {
		out = append(out, fmt.Sprintf("[file: %s, %s] %s (sign in to see it)", clean(f.Name), sizeOf(f.Size), c.permalink(p)))
	}
	return out
}

// attachmentsOf reads the attachments of a post's props, as far as they have the right shape.
func attachmentsOf(p *model.Post) []*model.MessageAttachment {
	raw, ok := p.Props[model.PostPropAttachments]
	if !ok {
		return nil
	}
	var list []*model.MessageAttachment
	if !reshape(raw, &list) {
		return nil
	}
	var out []*model.MessageAttachment
	for _, a := range list {
		if a != nil && len(out) < 20 {
			out = append(out, a)
		}
	}
	return out
}

func sizeOf(n int64) string {
	switch {
	case n < 1000:
		return fmt.Sprintf("%d B", n)
	case n < 1_000_000:
		return fmt.Sprintf("%d kB", n/1000)
	}
	return fmt.Sprintf("%.1f MB", float64(n)/1e6)
}

// permalink leads to a post on the web.
func (c *conn) permalink(p *model.Post) string {
	return strings.TrimRight(c.g.cfg.Get().ServiceSettings.SiteURL, "/") + "/_redirect/pl/" + p.ID
}

// tell writes a post to the client.
func (c *conn) tell(ctx context.Context, p *model.Post, r *room, how manner) {
	s, ok := c.render(ctx, p, r, how)
	if !ok {
		return
	}
	own := p.UserID == c.me.ID && r.kind == model.ChannelDirect
	if own && !c.caps["echo-message"] && !c.caps["znc.in/self-message"] {
		// Clients that don't know the echo would take it for a message of the account to itself.
		s.lines = prefixed(s.lines, "[to "+s.target+"] ")
		s.source, s.command, s.target, s.action = c.g.serverName(), "NOTICE", c.me.Username, false
	}
	if how.old && !c.caps["server-time"] {
		s.lines = prefixed(s.lines, "["+stamp(p.CreateAt)[:16]+"Z] ")
	}
	id, at := p.ID, p.CreateAt
	if how.edited {
		id, at = p.ID+"-e"+number(int(p.EditAt)), p.EditAt
	}
	tags := map[string]string{"time": stamp(at), "msgid": id, "account": s.nick}
	if p.RootID != "" {
		tags["+draft/reply"] = p.RootID
	}
	if how.edited {
		tags["+draft/reply"] = p.ID
	}
	if how.batch != "" {
		tags["batch"] = how.batch
	}
	c.write(s, tags, how)
}

// write sends a message in as many lines as it takes: as one batch to clients that can join them.
func (c *conn) write(s shown, tags map[string]string, how manner) {
	most := maxBody - 2 - len(":"+s.source+" "+s.command+" "+s.target+" :")
	if s.action {
		most -= len("\x01ACTION \x01")
	}
	if len(s.lines) == 1 && len(s.lines[0]) <= most || s.action || !c.caps["draft/multiline"] || !c.caps["batch"] || how.batch != "" {
		c.writeLines(s, tags, how, most)
		return
	}
	ref := c.reference()
	if how.label != "" {
		tags["label"] = how.label
	}
	c.send(tags, s.source, "BATCH", "+"+ref, "draft/multiline", s.target)
	for _, l := range s.lines {
		for i, piece := range pieces(l, most) {
			inner := map[string]string{"batch": ref}
			if i > 0 {
				inner["draft/multiline-concat"] = ""
			}
			c.send(inner, s.source, s.command, s.target, piece)
		}
	}
	c.send(nil, c.g.serverName(), "BATCH", "-"+ref)
}

// pieces cuts a line without losing a byte: they are put together again.
func pieces(l string, most int) []string {
	var out []string
	for len(l) > most {
		n := len(cut(l, most))
		out, l = append(out, l[:n]), l[n:]
	}
	return append(out, l)
}

func (c *conn) writeLines(s shown, tags map[string]string, how manner, most int) {
	var all []line
	for _, l := range s.lines {
		for _, piece := range split(l, most) {
			t := map[string]string{}
			for k, v := range tags {
				t[k] = v
			}
			if n := len(all); n > 0 { // a message id is one line's
				t["msgid"] = tags["msgid"] + "-" + number(n)
			}
			if s.action {
				piece = "\x01ACTION " + piece + "\x01"
			}
			all = append(all, line{c.wanted(t), s.source, s.command, []string{s.target, piece}})
		}
	}
	switch {
	case how.label == "" || !c.caps["labeled-response"]:
		for _, l := range all {
			c.pass(l)
		}
	case len(all) == 1:
		all[0].tags["label"] = how.label
		c.pass(all[0])
	default:
		c.bundle("labeled-response", map[string]string{"label": how.label}, nil, all)
	}
}

// pass queues a line, or adds it to the answer that is being gathered.
func (c *conn) pass(l line) {
	if c.answer != nil {
		c.answer.lines = append(c.answer.lines, l)
		return
	}
	c.emit(l)
}
