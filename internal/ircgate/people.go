package ircgate

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"github.com/parley-chat/parley/internal/model"
)

// monitorMost is how many people a client may watch.
const monitorMost = 100

// who lists the members of a channel that is shown, or one person; with % it is WHOX.
func (c *conn) who(ctx context.Context, m *message) {
	mask := m.param(0)
	var list []*person
	r := (*room)(nil)
	switch {
	case isChannel(mask):
		if r = c.known(mask); r != nil && r.shown {
			list = c.present(ctx, r)
		}
	case mask != "":
		if p := c.byNick(ctx, mask); p != nil {
			list = []*person{p}
		}
	}
	ids := make([]string, len(list))
	for i, p := range list {
		ids[i] = p.id
	}
	c.statusesOf(ctx, ids)
	fields, token, _ := strings.Cut(m.param(1), ",")
	for _, p := range list {
		c.whoLine(r, p, fields, token)
	}
	if mask == "" {
		mask = "*"
	}
	c.numeric("315", cut(word(mask), longest), "End of WHO list")
}

func (c *conn) whoLine(r *room, p *person, fields, token string) {
	flags, name := "H", "*"
	if c.isAway(p.id) {
		flags = "G"
	}
	if p.bot {
		flags += "B"
	}
	if r != nil {
		name = r.name
		if r.members[p.id] {
			flags += "@"
		}
	}
	user, host := cut(p.nick, 10), c.g.serverName()
	if !strings.HasPrefix(fields, "%") {
		c.numeric("352", name, user, host, host, p.nick, flags, "0 "+p.real)
		return
	}
	values := map[rune]string{'t': token, 'c': name, 'u': user, 'i': "255.255.255.255", 'h': host, 's': host, 'n': p.nick, 'f': flags, 'd': "0", 'l': "0",
		'a': p.nick, 'o': "n/a", 'r': p.real}
	var out []string
	for _, f := range "tcuihsnfdlaor" {
		if strings.ContainsRune(fields, f) {
			out = append(out, values[f])
		}
	}
	c.numeric("354", out...)
}

func (c *conn) whois(ctx context.Context, m *message) {
	nick := m.params[len(m.params)-1]
	p := c.byNick(ctx, nick)
	if p == nil {
		c.noNick(nick)
		c.numeric("318", cut(word(nick), 64), "End of WHOIS list")
		return
	}
	c.numeric("311", p.nick, cut(p.nick, 10), c.g.serverName(), "*", p.real)
	var in []string
	for _, r := range c.sorted() {
		if admin, ok := r.members[p.id]; ok && r.shown {
			in = append(in, map[bool]string{true: "@"}[admin]+r.name)
		}
	}
	if len(in) > 0 {
		c.numeric("319", p.nick, cut(strings.Join(in, " "), 380))
	}
	c.numeric("312", p.nick, c.g.serverName(), c.g.network())
	c.statusesOf(ctx, []string{p.id})
	if c.isAway(p.id) {
		c.numeric("301", p.nick, c.statuses[p.id])
	}
	if p.bot {
		c.numeric("335", p.nick, "is a bot")
	}
	c.numeric("330", p.nick, p.nick, "is logged in as")
	c.numeric("318", p.nick, "End of WHOIS list")
}

func (c *conn) whowas(m *message) {
	c.numeric("406", cut(word(m.param(0)), 64), "There was no such nickname")
	c.numeric("369", cut(word(m.param(0)), 64), "End of WHOWAS")
}

func (c *conn) ison(ctx context.Context, m *message) {
	var here []string
	for _, p := range c.named(ctx, strings.Fields(strings.Join(m.params, " "))) {
		if !c.isOffline(p.id) {
			here = append(here, p.nick)
		}
	}
	c.numeric("303", strings.Join(here, " "))
}

func (c *conn) userhost(ctx context.Context, m *message) {
	var out []string
	for _, p := range c.named(ctx, m.params) {
		out = append(out, p.nick+"="+map[bool]string{true: "-", false: "+"}[c.isAway(p.id)]+cut(p.nick, 10)+"@"+c.g.serverName())
	}
	c.numeric("302", strings.Join(out, " "))
}

// named are up to 15 people by their names, with their statuses.
func (c *conn) named(ctx context.Context, nicks []string) []*person {
	var out []*person
	var ids []string
	for i, n := range nicks {
		if p := c.byNick(ctx, n); p != nil && i < 15 {
			out, ids = append(out, p), append(ids, p.id)
		}
	}
	c.statusesOf(ctx, ids)
	return out
}

// monitor watches when people come online and go, after https://ircv3.net/specs/extensions/monitor.
func (c *conn) monitor(ctx context.Context, m *message) {
	names := strings.Split(m.param(1), ",")
	switch strings.ToUpper(m.param(0)) {
	case "+":
		var fresh []string
		for _, n := range names {
			n = cut(word(n), 64)
			if len(c.watched) >= monitorMost && c.watched[fold(n)] == "" {
				c.numeric("734", number(monitorMost), n, "Monitor list is full")
				break
			}
			if n != "" {
				c.watched[fold(n)] = n
				fresh = append(fresh, n)
			}
		}
		c.tellWatched(ctx, fresh, false)
	case "-":
		for _, n := range names {
			delete(c.watched, fold(n))
			delete(c.online, fold(n))
		}
	case "C":
		clear(c.watched)
		clear(c.online)
	case "L":
		all := slices.Sorted(keys(c.watched))
		for chunk := range slices.Chunk(all, 10) {
			c.numeric("732", strings.Join(chunk, ","))
		}
		c.numeric("733", "End of MONITOR list")
	case "S":
		c.tellWatched(ctx, slices.Sorted(keys(c.watched)), false)
	}
}

// tellWatched says who of names is online; only of those that have changed, if so asked.
func (c *conn) tellWatched(ctx context.Context, names []string, changed bool) {
	var ids []string
	found := map[string]*person{}
	for _, n := range names {
		if p := c.byNick(ctx, n); p != nil {
			found[fold(n)] = p
			ids = append(ids, p.id)
		}
	}
	c.statusesOf(ctx, ids)
	for _, n := range names {
		p := found[fold(n)]
		on := p != nil && !c.isOffline(p.id)
		if changed && c.online[fold(n)] == on {
			continue
		}
		c.online[fold(n)] = on
		if on {
			c.numeric("730", c.maskOf(p.nick))
		} else {
			c.numeric("731", cut(word(n), 64))
		}
	}
}

// statusesOf reads the statuses of people into c.statuses.
func (c *conn) statusesOf(ctx context.Context, ids []string) {
	for chunk := range slices.Chunk(ids, 200) {
		var list []model.Status
		if err := c.session.api.call(ctx, http.MethodPost, "/users/status/ids", chunk, &list); err != nil {
			return
		}
		if len(c.statuses) > peopleKept {
			clear(c.statuses)
		}
		for _, s := range list {
			c.statuses[s.UserID] = s.Status
		}
	}
}

func (c *conn) isAway(userID string) bool {
	s := c.statuses[userID]
	return s != "" && s != model.StatusOnline
}

func (c *conn) isOffline(userID string) bool {
	s := c.statuses[userID]
	return s == "" || s == model.StatusOffline
}

// poll asks how those are whom the client watches or meets in small channels: the server tells
// nobody of others' statuses.
func (c *conn) poll(ctx context.Context) {
	if len(c.watched) > 0 {
		c.tellWatched(ctx, slices.Sorted(keys(c.watched)), true)
	}
	if !c.caps["away-notify"] {
		return
	}
	seen := map[string]bool{}
	for _, r := range c.sorted() {
		for v := range r.members {
			if len(seen) < c.g.lim.polled && v != c.me.ID {
				seen[v] = true
			}
		}
	}
	ids := slices.Sorted(keys(seen))
	c.statusesOf(ctx, ids)
	for _, v := range ids {
		if c.toldAway[v] == c.isAway(v) {
			continue
		}
		if c.toldAway[v] = c.isAway(v); len(c.toldAway) > peopleKept {
			clear(c.toldAway)
		}
		var params []string
		if c.isAway(v) {
			params = []string{c.statuses[v]}
		}
		c.send(nil, c.maskOf(c.person(ctx, v).nick), "AWAY", params...)
	}
}
