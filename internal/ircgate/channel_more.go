package ircgate

import (
	"context"
	"net/http"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/parley-chat/parley/internal/model"
)

func number(n int) string { return strconv.Itoa(n) }

// topic shows or changes the header of a channel.
func (c *conn) topic(ctx context.Context, m *message) {
	r := c.known(m.param(0))
	switch {
	case r == nil:
		c.noChannel(m.param(0))
		return
	case len(m.params) < 2:
		c.tellTopic(r)
		return
	}
	header := clean(m.param(1))
	if err := c.session.api.call(ctx, http.MethodPut, "/channels/"+r.id+"/patch", map[string]string{"header": header}, nil); err != nil {
		c.numeric("482", r.name, "You may not change the topic: "+clean(err.Error()))
		return
	}
	if r.topic != header { // else the event was faster
		r.topic = header
		c.send(nil, c.mask(c.me), "TOPIC", r.name, topicOf(header))
	}
}

// list writes the public channels of the account's teams, all or those whose name fits a mask.
func (c *conn) list(ctx context.Context, m *message) {
	masks := []string{}
	if m.param(0) != "" {
		masks = strings.Split(fold(m.param(0)), ",")
	}
	c.numeric("321", "Channel", "Users  Name")
	for _, t := range c.sortedTeams() {
		for page := 0; page*200 < c.g.lim.listed; page++ {
			var channels []*model.Channel
			err := c.session.api.call(ctx, http.MethodGet, "/teams/"+t.ID+"/channels?per_page=200&page="+number(page), nil, &channels)
			if err != nil || c.out.await(ctx) != nil {
				break
			}
			c.listPage(ctx, channels, masks)
			if len(channels) < 200 {
				break
			}
		}
	}
	c.numeric("323", "End of LIST")
}

func (c *conn) listPage(ctx context.Context, channels []*model.Channel, masks []string) {
	var shown []*room
	var ids []string
	for _, ch := range channels {
		r := &room{id: ch.ID, teamID: ch.TeamID, slug: ch.Name, kind: ch.Type, topic: ch.Header, title: ch.DisplayName}
		r.name = c.roomName(ctx, r)
		if len(masks) == 0 || slices.ContainsFunc(masks, func(mask string) bool { return fits(mask, fold(r.name)) }) {
			shown, ids = append(shown, r), append(ids, r.id)
		}
	}
	counts := map[string]int{}
	if len(ids) > 0 {
		_ = c.session.api.call(ctx, http.MethodPost, "/channels/stats/member_count", ids, &counts) // without counts it lists zeros
	}
	for _, r := range shown {
		text := clean(r.title)
		if t := topicOf(r.topic); t != "" {
			text += " – " + t
		}
		c.numeric("322", r.name, number(counts[r.id]), cut(text, topicMost))
	}
}

// fits matches a name with a mask of * and ?; a slash is a character like any other.
func fits(mask, name string) bool {
	flat := strings.NewReplacer("/", "\x01", "[", "\x02", "\\", "\x03")
	ok, err := path.Match(flat.Replace(mask), flat.Replace(name))
	return ok && err == nil
}

func (c *conn) sortedTeams() []*model.Team {
	out := make([]*model.Team, 0, len(c.teams))
	for _, t := range c.teams {
		out = append(out, t)
	}
	slices.SortFunc(out, func(a, b *model.Team) int { return strings.Compare(a.Name, b.Name) })
	return out
}

// invite adds somebody to a channel.
func (c *conn) invite(ctx context.Context, m *message) {
	if len(m.params) < 2 {
		c.numeric("337", "End of INVITE list")
		return
	}
	r, who := c.known(m.param(1)), c.byNick(ctx, m.param(0))
	switch {
	case who == nil:
		c.noNick(m.param(0))
	case r == nil:
		c.noChannel(m.param(1))
	default:
		var was model.ChannelMember
		if c.session.api.call(ctx, http.MethodGet, "/channels/"+r.id+"/members/"+who.id, nil, &was) == nil && was.UserID == who.id {
			c.numeric("443", who.nick, r.name, "is already on channel")
			return
		}
		if err := c.session.api.call(ctx, http.MethodPost, "/channels/"+r.id+"/members", map[string]string{"user_id": who.id}, nil); err != nil {
			c.numeric("482", r.name, "You may not add people: "+clean(err.Error()))
			return
		}
		c.numeric("341", who.nick, r.name)
	}
}

func (c *conn) noNick(nick string) { c.numeric("401", cut(word(nick), 64), "No such nick") }

// kick removes somebody from a channel; the event of it is what everybody sees.
func (c *conn) kick(ctx context.Context, m *message) {
	r, who := c.known(m.param(0)), c.byNick(ctx, m.param(1))
	switch {
	case r == nil:
		c.noChannel(m.param(0))
	case who == nil:
		c.noNick(m.param(1))
	default:
		err := c.session.api.call(ctx, http.MethodDelete, "/channels/"+r.id+"/members/"+who.id, nil, nil)
		switch {
		case statusOf(err) == http.StatusNotFound:
			c.numeric("441", who.nick, r.name, "They aren't on that channel")
		case err != nil:
			c.numeric("482", r.name, "You may not remove people: "+clean(err.Error()))
		}
	}
}

// mode shows modes; they follow from roles and are changed on the web.
func (c *conn) mode(_ context.Context, m *message) {
	target := m.param(0)
	if !isChannel(target) {
		if fold(target) != c.me.Username {
			c.numeric("502", "You can't look at or change modes of others")
			return
		}
		c.numeric("221", "+")
		return
	}
	r := c.known(target)
	switch {
	case r == nil:
		c.noChannel(target)
	case len(m.params) == 1:
		modes := "+nt"
		if r.kind != model.ChannelOpen {
			modes = "+inst"
		}
		c.numeric("324", r.name, modes)
		c.numeric("329", r.name, unixTime(r.created))
	case strings.Trim(m.param(1), "+-beI") == "" && len(m.params) == 2: // clients ask for the lists of bans
		c.numeric("368", r.name, "End of channel ban list")
	default:
		c.numeric("482", r.name, "Roles are changed on the web")
	}
}
