package ircgate

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
)

// maxTargets is how many targets one message may have.
const maxTargets = 4

// say posts a message. A NOTICE is posted alike, but its failures are not answered: programs that
// answer notices would answer each other for ever.
func (c *conn) say(ctx context.Context, m *message) {
	quiet := m.command == "NOTICE"
	text := m.param(1)
	switch {
	case m.param(0) == "":
		c.numeric("411", "No recipient given ("+m.command+")")
		return
	case strings.Trim(text, " ") == "":
		if !quiet {
			c.numeric("412", "No text to send")
		}
		return
	}
	targets := strings.Split(m.param(0), ",")
	if len(targets) > maxTargets {
		c.numeric("407", cut(word(m.param(0)), 100), "Too many targets")
		return
	}
	kind := ""
	if rest, ok := strings.CutPrefix(text, "\x01"); ok {
		verb, action, _ := strings.Cut(strings.TrimSuffix(rest, "\x01"), " ")
		if !strings.EqualFold(verb, "ACTION") || quiet {
			return // other requests between clients, and answers to them, mean nothing here
		}
		kind, text = model.PostTypeMe, action
	}
	for _, target := range targets {
		c.post(ctx, target, text, kind, m.tags, quiet)
	}
}

// post writes one message to a target. The echo comes by the hub, in its place among the others.
func (c *conn) post(ctx context.Context, target, text, kind string, tags map[string]string, quiet bool) {
	channelID, r := c.target(ctx, target)
	if channelID == "" {
		if !quiet {
			c.noTarget(target)
		}
		return
	}
	text = c.mention(r, fromIRC(text))
	if kind == model.PostTypeMe {
		text = "*" + text + "*"
	}
	post := model.Post{ChannelID: channelID, Message: text, Type: kind, PendingPostID: id.New()}
	if ref := replyTag(tags); ref != "" {
		root, err := c.rootOf(ctx, ref, channelID)
		if err != nil {
			c.fail("PRIVMSG", "INVALID_REPLY", "The message that you reply to isn't there", target)
			return
		}
		post.RootID = root
	}
	var made model.Post
	label := tags["label"]
	if err := c.session.api.call(ctx, http.MethodPost, "/posts", &post, &made); err != nil {
		switch {
		case quiet:
		case isChannel(target):
			c.numeric("404", cut(word(target), longest), "Cannot send to channel: "+clean(err.Error()))
		default:
			c.numeric("531", cut(word(target), 64), "Cannot send: "+clean(err.Error()))
		}
		return
	}
	if len(c.echoes) > 1000 {
		clear(c.echoes)
	}
	c.echoes[made.ID] = label
	if c.answer != nil && c.caps["echo-message"] {
		c.answer.deferred = true
	}
}

func (c *conn) noTarget(target string) {
	if isChannel(target) {
		c.numeric("403", cut(word(target), longest), "No such channel")
		return
	}
	c.noNick(target)
}

// target is the channel that a message goes to: one that the account is in, or the direct messages
// with somebody. It is "" when there is none; r is nil for direct messages.
func (c *conn) target(ctx context.Context, name string) (channelID string, r *room) {
	if isChannel(name) {
		if r := c.known(name); r != nil {
			return r.id, r
		}
		return "", nil
	}
	return c.direct(ctx, name), nil
}

// direct is the channel of direct messages with somebody, which is made when there is none.
func (c *conn) direct(ctx context.Context, nick string) string {
	p := c.byNick(ctx, nick)
	if p == nil {
		return ""
	}
	for _, r := range c.rooms {
		if r.peer == p.id {
			return r.id
		}
	}
	var ch model.Channel
	if err := c.session.api.call(ctx, http.MethodPost, "/channels/direct", []string{c.me.ID, p.id}, &ch); err != nil {
		return ""
	}
	c.addRoom(ctx, &ch)
	return ch.ID
}

// mention makes the custom "name: " at the beginning of a line a mention, when it names a member of
// the channel.
func (c *conn) mention(r *room, text string) string {
	nick, _, ok := strings.Cut(text, " ")
	nick = strings.TrimRight(nick, ":,")
	if !ok || r == nil || nick == "" || !strings.HasPrefix(text[len(nick):], ":") && !strings.HasPrefix(text[len(nick):], ",") {
		return text
	}
	if v, ok := c.nicks.Get(fold(nick)); ok {
		if _, in := r.members[v]; in {
			return "@" + text
		}
	}
	return text
}

// replyTag is the message that a line replies to, "" for none.
func replyTag(tags map[string]string) string {
	for _, name := range []string{"+reply", "+draft/reply"} {
		if v := tags[name]; v != "" {
			return v
		}
	}
	return ""
}

// postID is the post behind a message id: those of further lines and of edits go on after a dash.
func postID(msgid string) (string, bool) {
	v, _, _ := strings.Cut(msgid, "-")
	return v, id.Valid(v)
}

// visible is a post of a channel by message id; an error when the account doesn't see it there.
func (c *conn) visible(ctx context.Context, msgid, channelID string) (*model.Post, error) {
	v, ok := postID(msgid)
	if !ok {
		return nil, &refused{status: http.StatusNotFound, message: "no such message"}
	}
	var p model.Post
	if err := c.session.api.call(ctx, http.MethodGet, "/posts/"+v, nil, &p); err != nil {
		return nil, err
	}
	if p.ChannelID != channelID {
		return nil, &refused{status: http.StatusNotFound, message: "no such message"}
	}
	return &p, nil
}

func (c *conn) rootOf(ctx context.Context, msgid, channelID string) (string, error) {
	p, err := c.visible(ctx, msgid, channelID)
	if err != nil {
		return "", err
	}
	if p.RootID != "" {
		return p.RootID, nil
	}
	return p.ID, nil
}

// tagMessage carries typing and reactions; other tags between clients are not passed on.
func (c *conn) tagMessage(ctx context.Context, m *message) {
	if !c.caps["message-tags"] {
		c.numeric("421", "TAGMSG", "Ask for the capability message-tags first")
		return
	}
	typing := m.tags["+typing"] == "active" || m.tags["+draft/typing"] == "active"
	add, remove := m.tags["+draft/react"], m.tags["+draft/unreact"]
	if !typing && add == "" && remove == "" {
		return
	}
	channelID, _ := c.target(ctx, m.param(0))
	if channelID == "" {
		c.noTarget(m.param(0))
		return
	}
	if typing {
		_ = c.session.api.call(ctx, http.MethodPost, "/users/me/typing", map[string]string{"channel_id": channelID}, nil) // a sign that nobody waits for
	}
	if add+remove != "" {
		c.react(ctx, m, channelID, add, remove)
	}
}

func (c *conn) react(ctx context.Context, m *message, channelID, add, remove string) {
	name, ok := emojiName(add + remove)
	if !ok {
		c.fail("TAGMSG", "INVALID_REACTION", "A reaction is one emoji, or the name of one", m.param(0))
		return
	}
	p, err := c.visible(ctx, replyTag(m.tags), channelID)
	if err == nil && add != "" {
		err = c.session.api.call(ctx, http.MethodPost, "/reactions", map[string]string{"user_id": c.me.ID, "post_id": p.ID, "emoji_name": name}, nil)
	} else if err == nil {
		err = c.session.api.call(ctx, http.MethodDelete, "/users/me/posts/"+p.ID+"/reactions/"+url.PathEscape(name), nil, nil)
	}
	if err != nil {
		c.fail("TAGMSG", "CANNOT_REACT", err.Error(), m.param(0))
	}
}

// redact deletes a message, after https://ircv3.net/specs/extensions/message-redaction.
func (c *conn) redact(ctx context.Context, m *message) {
	target, msgid := m.param(0), m.param(1)
	channelID := ""
	if isChannel(target) {
		channelID, _ = c.target(ctx, target)
	} else if p := c.byNick(ctx, target); p != nil {
		channelID = c.direct(ctx, target)
	}
	if channelID == "" {
		c.fail("REDACT", "INVALID_TARGET", "You can't delete messages there", target)
		return
	}
	p, err := c.visible(ctx, msgid, channelID)
	if err != nil {
		c.fail("REDACT", "UNKNOWN_MSGID", "This message does not exist or is too old", target, msgid)
		return
	}
	if err := c.session.api.call(ctx, http.MethodDelete, "/posts/"+p.ID, nil, nil); err != nil {
		c.fail("REDACT", "REDACT_FORBIDDEN", "You may not delete this message", target, msgid)
	}
}
