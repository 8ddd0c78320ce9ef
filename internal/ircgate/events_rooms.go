package ircgate

import (
	"context"
	"encoding/json"
	"net/http"

	"github.com/parley-chat/parley/internal/model"
)

// onAdded tells of a new member, or takes this client into a channel that the account was added to.
func (c *conn) onAdded(ctx context.Context, n *news, r *room, e heard) {
	if n.UserID != c.me.ID {
		if r != nil {
			c.arrive(ctx, r, n.UserID)
		}
		return
	}
	if r == nil {
		var ch model.Channel
		if c.session.api.call(ctx, http.MethodGet, "/channels/"+e.Broadcast.ChannelID, nil, &ch) != nil || ch.DeleteAt != 0 {
			return
		}
		if ch.TeamID != "" && c.teams[ch.TeamID] == nil {
			if c.loadTeams(ctx) != nil {
				return
			}
		}
		r = c.addRoom(ctx, &ch)
	}
	if !r.shown && isChannel(r.name) {
		c.setHidden(ctx, r, false)
		c.show(ctx, r)
	}
}

// onRemoved tells of somebody who has left or was removed. The account itself is told by name, for
// it is no member any more.
func (c *conn) onRemoved(ctx context.Context, n *news, r *room) {
	if n.UserID == "" { // told by name
		if r = c.rooms[n.ChannelID]; r == nil {
			return
		}
		if n.RemoverID == c.me.ID || n.RemoverID == "" {
			c.gone(r, c.mask(c.me), "PART", r.name)
			return
		}
		c.gone(r, c.maskOf(c.person(ctx, n.RemoverID).nick), "KICK", r.name, c.me.Username, "Removed from the channel")
		return
	}
	if r == nil || !r.shown || n.UserID == c.me.ID {
		return
	}
	delete(r.members, n.UserID)
	nick := c.person(ctx, n.UserID).nick
	if n.RemoverID == n.UserID || n.RemoverID == "" {
		c.send(nil, c.maskOf(nick), "PART", r.name)
		return
	}
	c.send(nil, c.maskOf(c.person(ctx, n.RemoverID).nick), "KICK", r.name, nick, "Removed from the channel")
}

// onChannel tells of a changed topic and of a changed name.
func (c *conn) onChannel(ctx context.Context, n *news) {
	var ch model.Channel
	if n.Channel == "" || json.Unmarshal([]byte(n.Channel), &ch) != nil {
		return
	}
	r := c.rooms[ch.ID]
	if r == nil {
		return
	}
	if ch.TeamID != r.teamID || ch.DeleteAt != 0 {
		c.dropRoom(r)
		if r.shown {
			c.send(nil, c.mask(c.me), "PART", r.name, "The channel was moved")
		}
		c.reload(ctx)
		return
	}
	r.kind, r.title = ch.Type, ch.DisplayName
	if r.slug != ch.Name {
		r.slug = ch.Name
		if want := c.roomName(ctx, r); isChannel(want) && r.kind != model.ChannelGroup {
			c.rename(ctx, r, want)
		}
	}
	if r.topic != ch.Header {
		r.topic = ch.Header
		if r.shown {
			c.send(nil, c.g.serverName(), "TOPIC", r.name, topicOf(r.topic))
		}
	}
}

// rename gives a channel its new name: by RENAME to clients that know it, else by leaving the old
// name and entering the new one.
func (c *conn) rename(ctx context.Context, r *room, want string) {
	old := r.name
	delete(c.byName, fold(old))
	r.name = want
	c.byName[fold(want)] = r
	switch {
	case !r.shown:
	case c.caps["draft/channel-rename"]:
		c.send(nil, c.g.serverName(), "RENAME", old, want, "The channel was renamed")
	default:
		c.send(nil, c.mask(c.me), "PART", old, "The channel is now called "+want)
		c.tellJoin(r, c.me.ID)
		c.tellTopic(r)
		if !c.caps["draft/no-implicit-names"] {
			c.names(ctx, r)
		}
	}
}

// onMember tells the account of its own new role in a channel.
func (c *conn) onMember(n *news) {
	var m model.ChannelMember
	if json.Unmarshal([]byte(n.Member), &m) != nil || m.UserID != c.me.ID {
		return
	}
	r := c.rooms[m.ChannelID]
	if r == nil || !r.shown || r.members[c.me.ID] == m.SchemeAdmin {
		return
	}
	r.members[c.me.ID] = m.SchemeAdmin
	sign := "-o"
	if m.SchemeAdmin {
		sign = "+o"
	}
	c.send(nil, c.g.serverName(), "MODE", r.name, sign, c.me.Username)
}

// onUser tells of a changed name, and of an account that was closed.
func (c *conn) onUser(n *news) {
	if n.User == nil || n.User.ID == "" {
		return
	}
	was, known := c.people.Peek(n.User.ID)
	if !known {
		return
	}
	old := *was
	c.nicks.Remove(old.nick)
	now := c.know(n.User)
	if n.User.ID == c.me.ID {
		fresh := *c.me
		fresh.Username = n.User.Username
		c.me, c.user = &fresh, &fresh
	}
	for _, r := range c.rooms {
		if r.peer == now.id {
			r.name = now.nick
		}
	}
	if now.id != c.me.ID && !c.shares(now.id) {
		return
	}
	if now.gone && !old.gone {
		for _, r := range c.rooms {
			delete(r.members, now.id)
		}
		c.send(nil, c.maskOf(old.nick), "QUIT", "The account was closed")
		return
	}
	if now.nick != old.nick {
		c.send(nil, c.maskOf(old.nick), "NICK", now.nick)
	}
	if now.real != old.real && c.caps["setname"] {
		c.send(nil, c.maskOf(now.nick), "SETNAME", now.real)
	}
}

// shares reports whether somebody is listed in a channel that is shown.
func (c *conn) shares(userID string) bool {
	for _, r := range c.rooms {
		if _, in := r.members[userID]; in && r.shown {
			return true
		}
	}
	return false
}

// onViewed tells what was read elsewhere.
func (c *conn) onViewed(e heard) {
	var data struct {
		Times map[string]int64 `json:"channel_times"`
	}
	if !c.caps["draft/read-marker"] || json.Unmarshal(e.Data, &data) != nil {
		return
	}
	for v, at := range data.Times {
		if r := c.rooms[v]; r != nil && at > 0 {
			c.send(nil, c.g.serverName(), "MARKREAD", r.name, "timestamp="+stamp(at))
		}
	}
}

// tellRead says until when a channel was read.
func (c *conn) tellRead(ctx context.Context, r *room) {
	var m model.ChannelMember
	at := "*"
	if c.session.api.call(ctx, http.MethodGet, "/channels/"+r.id+"/members/me", nil, &m) == nil && m.LastViewedAt > 0 {
		at = "timestamp=" + stamp(m.LastViewedAt)
	}
	c.send(nil, c.g.serverName(), "MARKREAD", r.name, at)
}

// markRead asks or says until when a channel was read, after
// https://ircv3.net/specs/extensions/read-marker. The server knows only what was read until now, so
// an earlier time than that of the last message changes nothing.
func (c *conn) markRead(ctx context.Context, m *message) {
	if m.param(0) == "" {
		c.fail("MARKREAD", "NEED_MORE_PARAMS", "Missing parameters")
		return
	}
	r := c.conversation(ctx, m.param(0))
	if r == nil {
		c.fail("MARKREAD", "INVALID_PARAMS", "Invalid target", m.param(0))
		return
	}
	if arg := m.param(1); arg != "" {
		at, ok := timestamp(arg)
		if !ok {
			c.fail("MARKREAD", "INVALID_PARAMS", "Invalid timestamp", m.param(0), arg)
			return
		}
		if at >= r.lastAt {
			_ = c.session.api.call(ctx, http.MethodPost, "/channels/members/me/view", map[string]string{"channel_id": r.id}, nil) // the answer tells what holds
		}
	}
	c.tellRead(ctx, r)
}

// conversation is a channel or the direct messages with somebody, if there are any.
func (c *conn) conversation(ctx context.Context, target string) *room {
	if isChannel(target) {
		return c.known(target)
	}
	p := c.byNick(ctx, target)
	if p == nil {
		return nil
	}
	for _, r := range c.rooms {
		if r.peer == p.id {
			return r
		}
	}
	return nil
}
