package ircgate

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/parley-chat/parley/internal/model"
)

// topicMost is how much of a channel's header is its topic, in bytes, so that a line holds it.
const topicMost = 300

// sorted are the rooms by name.
func (c *conn) sorted() []*room {
	out := make([]*room, 0, len(c.rooms))
	for _, r := range c.rooms {
		out = append(out, r)
	}
	slices.SortFunc(out, func(a, b *room) int { return strings.Compare(a.name, b.name) })
	return out
}

// show puts the client into a channel: JOIN, the topic, the names and what was said last.
func (c *conn) show(ctx context.Context, r *room) {
	r.shown, r.members = true, map[string]bool{c.me.ID: false}
	c.tellJoin(r, c.me.ID)
	if r.topic != "" {
		c.tellTopic(r)
	}
	if c.caps["draft/read-marker"] {
		c.tellRead(ctx, r)
	}
	c.loadMembers(ctx, r)
	if !c.caps["draft/no-implicit-names"] {
		c.names(ctx, r)
	}
	if n := c.g.cfg.Get().IRCSettings.HistoryLines; n > 0 && !c.caps["draft/chathistory"] {
		c.replay(ctx, r, n)
	}
}

// tellJoin writes a JOIN, with account and real name for who asked for them.
func (c *conn) tellJoin(r *room, userID string) {
	p := &person{nick: c.me.Username, real: c.me.Username}
	if known, ok := c.people.Get(userID); ok {
		p = known
	}
	params := []string{r.name}
	if c.caps["extended-join"] {
		params = append(params, p.nick, p.real)
	}
	c.send(map[string]string{"account": p.nick}, c.maskOf(p.nick), "JOIN", params...)
}

func topicOf(header string) string { return cut(clean(strings.TrimSpace(header)), topicMost) }

func (c *conn) tellTopic(r *room) {
	if t := topicOf(r.topic); t != "" {
		c.numeric("332", r.name, t)
		return
	}
	c.numeric("331", r.name, "No topic is set")
}

// loadMembers reads who is in a channel, as far as they are listed.
func (c *conn) loadMembers(ctx context.Context, r *room) {
	for page := 0; page*200 < c.g.lim.names; page++ {
		var list []*model.ChannelMember
		path := "/channels/" + r.id + "/members?per_page=200&page=" + number(page)
		if err := c.session.api.call(ctx, http.MethodGet, path, nil, &list); err != nil {
			return
		}
		ids := make([]string, len(list))
		for i, m := range list {
			r.members[m.UserID], ids[i] = m.SchemeAdmin, m.UserID
		}
		c.learn(ctx, ids)
		if len(list) < 200 {
			return
		}
	}
}

// names writes 353 and 366 for a channel that is shown.
func (c *conn) names(ctx context.Context, r *room) {
	kind := "@" // secret
	if r.kind == model.ChannelOpen {
		kind = "="
	}
	row := ""
	flush := func() {
		if row != "" {
			c.numeric("353", kind, r.name, strings.TrimSpace(row))
		}
		row = ""
	}
	for _, p := range c.present(ctx, r) {
		name := p.nick
		if c.caps["userhost-in-names"] {
			name = c.maskOf(p.nick)
		}
		if r.members[p.id] {
			name = "@" + name
		}
		if len(row)+len(name) > 220 {
			flush()
		}
		row += name + " "
	}
	flush()
	c.numeric("366", r.name, "End of NAMES list")
}

// present are the listed members of a channel by name.
func (c *conn) present(ctx context.Context, r *room) []*person {
	out := make([]*person, 0, len(r.members))
	for v := range r.members {
		if p := c.person(ctx, v); !p.gone {
			out = append(out, p)
		}
	}
	slices.SortFunc(out, func(a, b *person) int { return strings.Compare(a.nick, b.nick) })
	return out
}

func (c *conn) namesCommand(ctx context.Context, m *message) {
	r := c.known(m.param(0))
	if r == nil || !r.shown {
		c.numeric("366", cut(word(m.param(0))+" ", longest), "End of NAMES list")
		return
	}
	c.names(ctx, r)
}

// join shows channels that the account is in and enters public ones. What isn't there and what the
// account may not see are answered alike.
func (c *conn) join(ctx context.Context, m *message) {
	if m.param(0) == "0" {
		for _, r := range c.sorted() {
			if r.shown {
				c.unshow(ctx, r, "")
			}
		}
		return
	}
	for i, name := range strings.Split(m.param(0), ",") {
		if i >= 50 || c.out.await(ctx) != nil {
			return
		}
		if r := c.known(name); r != nil {
			if !r.shown {
				c.setHidden(ctx, r, false)
				c.show(ctx, r)
			}
			continue
		}
		if r := c.discover(ctx, name); r != nil && !r.shown {
			c.show(ctx, r)
		} else if r == nil {
			c.noChannel(name)
		}
	}
}

// noChannel is the one answer for what isn't there and what isn't for the account.
func (c *conn) noChannel(name string) { c.numeric("403", cut(word(name), longest), "No such channel") }

// discover enters a public channel by its name; nil when the account can't.
func (c *conn) discover(ctx context.Context, name string) *room {
	teamID, slug, ok := c.locate(name)
	if !ok || strings.ContainsAny(slug, "?#%") {
		return nil
	}
	var ch model.Channel
	if err := c.session.api.call(ctx, http.MethodGet, "/teams/"+teamID+"/channels/name/"+url.PathEscape(slug), nil, &ch); err != nil || ch.DeleteAt != 0 ||
		ch.Type != model.ChannelOpen {
		return nil
	}
	if err := c.session.api.call(ctx, http.MethodPost, "/channels/"+ch.ID+"/members", map[string]string{"user_id": c.me.ID}, nil); err != nil {
		return nil
	}
	if r := c.rooms[ch.ID]; r != nil {
		return r
	}
	return c.addRoom(ctx, &ch)
}

// part hides channels, or leaves them where the settings say so.
func (c *conn) part(ctx context.Context, m *message) {
	for i, name := range strings.Split(m.param(0), ",") {
		r := c.known(name)
		switch {
		case i >= 50:
			return
		case r == nil:
			c.noChannel(name)
		case !r.shown:
			c.numeric("442", r.name, "You're not on that channel")
		default:
			c.unshow(ctx, r, clean(m.param(1)))
		}
	}
}

// unshow takes the client out of a channel. The account stays a member, unless PartLeaves says
// otherwise and the channel can be left.
func (c *conn) unshow(ctx context.Context, r *room, reason string) {
	if c.g.cfg.Get().IRCSettings.PartLeaves && strings.HasPrefix(r.name, "#") {
		err := c.session.api.call(ctx, http.MethodDelete, "/channels/"+r.id+"/members/"+c.me.ID, nil, nil)
		if err != nil {
			c.fail("PART", "CANNOT_LEAVE", err.Error(), r.name)
		} else {
			c.gone(r, c.mask(c.me), "PART", r.name, reason)
			return
		}
	}
	c.setHidden(ctx, r, true)
	r.shown, r.members = false, nil
	c.send(nil, c.mask(c.me), "PART", r.name, reason)
}

// gone forgets a channel that the account is no longer in, with the line that says why.
func (c *conn) gone(r *room, source, command string, params ...string) {
	c.dropRoom(r)
	if r.shown {
		r.shown = false
		c.send(nil, source, command, params...)
	}
}

// setHidden remembers, for all connections to come, whether a channel is shown.
func (c *conn) setHidden(ctx context.Context, r *room, hidden bool) {
	if c.hidden[r.id] == hidden {
		return
	}
	c.hidden[r.id] = hidden
	pref := []model.Preference{{UserID: c.me.ID, Category: hiddenCategory, Name: r.id, Value: "true"}}
	method, path := http.MethodPut, "/users/me/preferences"
	if !hidden {
		method, path = http.MethodPost, "/users/me/preferences/delete"
	}
	if err := c.session.api.call(ctx, method, path, pref, nil); err != nil {
		c.g.log.Debug("what is hidden on IRC was not kept", "error", err)
	}
}
