package ircgate

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"github.com/parley-chat/parley/internal/model"
)

// Names on the network:
//
//	#town-square         a channel of the team at home
//	#sales/town-square   a channel of another team, by the team's name
//	&ann+bob             a group message, by the others' names; long ones end in ~ and a part of its id
//	ann                  a direct message, and everybody's nickname: the username
//
// Neither names of channels nor of teams can hold a slash, so no two channels share a name.

// longest is the length of a channel's name in bytes: 64 of the team and of the channel, # and /.
const longest = 130

// fold is the case mapping ascii of ISUPPORT.
func fold(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'A' && r <= 'Z' {
			return r + 'a' - 'A'
		}
		return r
	}, s)
}

// roomName is the IRC name of a channel.
func (c *conn) roomName(ctx context.Context, r *room) string {
	switch r.kind {
	case model.ChannelDirect:
		return c.person(ctx, r.peer).nick
	case model.ChannelGroup:
		var others []string
		for _, n := range strings.Split(r.title, ",") {
			if n = word(strings.TrimSpace(n)); n != "" && n != c.user.Username {
				others = append(others, n)
			}
		}
		name := "&" + strings.Join(others, "+")
		if len(name) > 64 || len(others) == 0 || c.byName[fold(name)] != nil {
			name = cut(name, 56) + "~" + r.id[:6]
		}
		return name
	}
	if r.teamID == c.home {
		return "#" + word(r.slug)
	}
	team := r.teamID
	if t := c.teams[r.teamID]; t != nil {
		team = t.Name
	}
	return "#" + word(team) + "/" + word(r.slug)
}

// locate splits the name of a channel into the team and the channel's name.
func (c *conn) locate(name string) (teamID, slug string, ok bool) {
	rest, ok := strings.CutPrefix(fold(name), "#")
	if !ok || rest == "" {
		return "", "", false
	}
	team, slug, other := strings.Cut(rest, "/")
	if !other {
		return c.home, rest, c.home != ""
	}
	for _, t := range c.teams {
		if t.Name == team && slug != "" {
			return t.ID, slug, true
		}
	}
	return "", "", false
}

// known is a channel that the account is in, by its IRC name, shown or not; nil when there is none.
func (c *conn) known(name string) *room {
	if r := c.byName[fold(name)]; r != nil {
		return r
	}
	if teamID, slug, ok := c.locate(name); ok { // the long name of one at home
		for _, r := range c.rooms {
			if r.teamID == teamID && r.slug == slug {
				return r
			}
		}
	}
	return nil
}

// isChannel reports whether a target is written as a channel is.
func isChannel(target string) bool {
	return strings.HasPrefix(target, "#") || strings.HasPrefix(target, "&")
}

// mask is a person as the source of a line.
func (c *conn) mask(u *model.User) string { return c.maskOf(u.Username) }

func (c *conn) maskOf(nick string) string {
	nick = word(nick)
	return nick + "!" + cut(nick, 10) + "@" + c.g.serverName()
}

// know remembers a user.
func (c *conn) know(u *model.User) *person {
	p := &person{id: u.ID, nick: word(u.Username), bot: u.IsBot, gone: u.DeleteAt != 0}
	p.real = strings.TrimSpace(clean(u.FirstName + " " + u.LastName))
	if u.Nickname != "" {
		p.real = strings.TrimSpace(clean(u.Nickname))
	}
	if p.real == "" {
		p.real = p.nick
	}
	c.people.Add(u.ID, p)
	c.nicks.Add(p.nick, u.ID)
	return p
}

// person is somebody by id; of those whom the account may not know only a part of the id is shown.
func (c *conn) person(ctx context.Context, userID string) *person {
	if p, ok := c.people.Get(userID); ok {
		return p
	}
	c.learn(ctx, []string{userID})
	if p, ok := c.people.Get(userID); ok {
		return p
	}
	return &person{id: userID, nick: "user-" + word(cut(userID, 8)), real: "?"}
}

// learn loads the people among ids who aren't known yet.
func (c *conn) learn(ctx context.Context, ids []string) {
	var missing []string
	for _, v := range ids {
		if v != "" && !c.people.Contains(v) {
			missing = append(missing, v)
		}
	}
	for len(missing) > 0 {
		n := min(100, len(missing))
		var list []*model.User
		if err := c.session.api.call(ctx, http.MethodPost, "/users/ids", missing[:n], &list); err != nil {
			return
		}
		for _, u := range list {
			c.know(u)
		}
		missing = missing[n:]
	}
}

// byNick finds somebody whom the account may know by their username; nil when there is nobody.
func (c *conn) byNick(ctx context.Context, nick string) *person {
	nick = fold(nick)
	if v, ok := c.nicks.Get(nick); ok {
		if p, ok := c.people.Get(v); ok && p.nick == nick {
			return p
		}
	}
	if nick == "" || len(nick) > 64 || strings.ContainsAny(nick, "/?#*%") {
		return nil
	}
	var u model.User
	if err := c.session.api.call(ctx, http.MethodGet, "/users/username/"+url.PathEscape(nick), nil, &u); err != nil {
		return nil
	}
	return c.know(&u)
}
