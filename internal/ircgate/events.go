package ircgate

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/realtime"
)

// reshape reads a decoded JSON value as another type; false when it doesn't fit.
func reshape(from, into any) bool {
	raw, err := json.Marshal(from)
	return err == nil && json.Unmarshal(raw, into) == nil
}

// news is the data of an event, of whichever kind; texts hold JSON of their own.
type news struct {
	Post        string      `json:"post"`
	Reaction    string      `json:"reaction"`
	Channel     string      `json:"channel"`
	Member      string      `json:"channelMember"`
	UserID      string      `json:"user_id"`
	ChannelID   string      `json:"channel_id"`
	TeamID      string      `json:"team_id"`
	RemoverID   string      `json:"remover_id"`
	ChannelType string      `json:"channel_type"`
	Status      string      `json:"status"`
	User        *model.User `json:"user"`
}

// hear passes an event of the server on to the client.
func (c *conn) hear(ctx context.Context, e heard) {
	if e.err != nil {
		c.quit = "The server has closed your connection"
		var ended *realtime.Ended
		if errors.As(e.err, &ended) {
			c.quit = "Closed by the server: " + ended.Reason
		}
		return
	}
	var n news
	if json.Unmarshal(e.Data, &n) != nil {
		var raw map[string]json.RawMessage // fields of the same name have other shapes in other events
		if json.Unmarshal(e.Data, &raw) != nil {
			return
		}
		for k, v := range raw {
			one, _ := json.Marshal(map[string]json.RawMessage{k: v})
			_ = json.Unmarshal(one, &n) // what doesn't fit is not needed
		}
	}
	r := c.rooms[e.Broadcast.ChannelID]
	if fn := hearers[e.Event]; fn != nil {
		fn(c, ctx, &n, r, e)
	}
}

var hearers map[string]func(c *conn, ctx context.Context, n *news, r *room, e heard)

func init() {
	type fn = func(c *conn, ctx context.Context, n *news, r *room, e heard)
	reload := func(c *conn, ctx context.Context, _ *news, _ *room, _ heard) { c.reload(ctx) }
	hearers = map[string]fn{
		model.EventPosted:           func(c *conn, ctx context.Context, n *news, _ *room, _ heard) { c.onPosted(ctx, n) },
		model.EventPostEdited:       func(c *conn, ctx context.Context, n *news, r *room, _ heard) { c.onEdited(ctx, n, r) },
		model.EventPostDeleted:      func(c *conn, ctx context.Context, n *news, r *room, _ heard) { c.onDeleted(ctx, n, r) },
		model.EventEphemeralMessage: func(c *conn, _ context.Context, n *news, r *room, _ heard) { c.onEphemeral(n, r) },
		model.EventReactionAdded:    func(c *conn, ctx context.Context, n *news, r *room, _ heard) { c.onReaction(ctx, n, r, "+draft/react") },
		model.EventReactionRemoved: func(c *conn, ctx context.Context, n *news, r *room, _ heard) {
			c.onReaction(ctx, n, r, "+draft/unreact")
		},
		model.EventTyping:                 func(c *conn, ctx context.Context, n *news, r *room, _ heard) { c.onTyping(ctx, n, r) },
		model.EventUserAdded:              (*conn).onAdded,
		model.EventUserRemoved:            func(c *conn, ctx context.Context, n *news, r *room, _ heard) { c.onRemoved(ctx, n, r) },
		model.EventChannelUpdated:         func(c *conn, ctx context.Context, n *news, _ *room, _ heard) { c.onChannel(ctx, n) },
		model.EventChannelMemberUpdated:   func(c *conn, _ context.Context, n *news, _ *room, _ heard) { c.onMember(n) },
		model.EventUserUpdated:            func(c *conn, _ context.Context, n *news, _ *room, _ heard) { c.onUser(n) },
		model.EventStatusChange:           func(c *conn, _ context.Context, n *news, _ *room, _ heard) { c.onStatus(n) },
		model.EventMultipleChannelsViewed: func(c *conn, _ context.Context, n *news, _ *room, e heard) { c.onViewed(e) },
		model.EventLeaveTeam:              func(c *conn, ctx context.Context, n *news, _ *room, _ heard) { c.onLeaveTeam(ctx, n) },
		model.EventAddedToTeam:            reload, model.EventChannelDeleted: reload, model.EventChannelRestored: reload, model.EventChannelConverted: reload,
		model.EventGroupAdded: reload, model.EventDirectAdded: reload, model.EventChannelCreated: reload, "update_team": reload, "delete_team": reload,
	}
}

// reload looks again what the account is in, and tells what has changed.
func (c *conn) reload(ctx context.Context) {
	if err := c.loadTeams(ctx); err != nil {
		return
	}
	came, gone, err := c.loadRooms(ctx)
	if err != nil {
		return
	}
	for _, r := range gone {
		c.gone(r, c.mask(c.me), "PART", r.name, "The channel is no longer there for you")
	}
	for _, r := range c.sorted() { // a team was renamed
		if want := c.roomName(ctx, r); isChannel(want) && r.kind != model.ChannelGroup && want != r.name {
			c.rename(ctx, r, want)
		}
	}
	for _, r := range came {
		if isChannel(r.name) && !c.hidden[r.id] && c.out.await(ctx) == nil {
			c.show(ctx, r)
		}
	}
}

// roomOf is the channel of a post, looked up when it is new to the connection.
func (c *conn) roomOf(ctx context.Context, channelID string) *room {
	if r := c.rooms[channelID]; r != nil {
		return r
	}
	c.reload(ctx)
	return c.rooms[channelID]
}

func (c *conn) onPosted(ctx context.Context, n *news) {
	var p model.Post
	if json.Unmarshal([]byte(n.Post), &p) != nil {
		return
	}
	r := c.roomOf(ctx, p.ChannelID)
	if r == nil {
		return
	}
	r.lastAt = p.CreateAt
	c.newcomer(ctx, &p, r)
	how := manner{}
	if label, own := c.echoes[p.ID]; own {
		delete(c.echoes, p.ID)
		if !c.caps["echo-message"] {
			c.remember(&p)
			return
		}
		how.label = label
	}
	switch {
	case r.shown:
	case r.kind == model.ChannelDirect:
	case r.kind == model.ChannelGroup: // who is written to sees it, as with direct messages
		c.setHidden(ctx, r, false)
		c.show(ctx, r)
		if !c.caps["draft/chathistory"] && c.g.cfg.Get().IRCSettings.HistoryLines > 0 {
			return // it was among the history
		}
	default:
		return
	}
	c.tell(ctx, &p, r, how)
}

// remember keeps what a message said, for replies to it.
func (c *conn) remember(p *model.Post) {
	if l := toIRC(p.Message); len(l) > 0 {
		c.said.Add(p.ID, quote{c.me.Username, cut(l[0], 60)})
	}
}

// newcomer tells of somebody who came with the team, which only the post about it says.
func (c *conn) newcomer(ctx context.Context, p *model.Post, r *room) {
	userID := p.UserID
	switch p.Type {
	case model.PostTypeAddToTeam, model.PostTypeAddToChannel:
		userID = p.Props.String(model.PostPropAddedUserID)
	case model.PostTypeJoinTeam, model.PostTypeJoinChannel:
	default:
		return
	}
	c.arrive(ctx, r, userID)
}

func (c *conn) arrive(ctx context.Context, r *room, userID string) {
	if _, known := r.members[userID]; known || !r.shown || userID == "" || userID == c.me.ID {
		return
	}
	if len(r.members) < c.g.lim.names {
		r.members[userID] = false
	}
	c.person(ctx, userID)
	c.tellJoin(r, userID)
}

func (c *conn) onEdited(ctx context.Context, n *news, r *room) {
	var p model.Post
	if json.Unmarshal([]byte(n.Post), &p) != nil || r == nil || !r.shown && r.kind != model.ChannelDirect || p.EditAt == 0 {
		return // such as a post that got a reaction or a pin
	}
	if q, ok := c.said.Get("edit " + p.ID); ok && q.text == number(int(p.EditAt)) {
		return // told of again, with the same text
	}
	c.said.Add("edit "+p.ID, quote{text: number(int(p.EditAt))})
	c.tell(ctx, &p, r, manner{edited: true})
}

func (c *conn) onDeleted(ctx context.Context, n *news, r *room) {
	var p model.Post
	if json.Unmarshal([]byte(n.Post), &p) != nil || r == nil || !r.shown && r.kind != model.ChannelDirect || silent[p.Type] {
		return
	}
	c.said.Remove(p.ID)
	author := c.person(ctx, p.UserID)
	target := r.name
	if r.kind == model.ChannelDirect && p.UserID != c.me.ID {
		target = c.me.Username
	}
	if c.caps["draft/message-redaction"] {
		c.send(nil, c.maskOf(author.nick), "REDACT", target, p.ID)
		return
	}
	c.send(nil, c.g.serverName(), "NOTICE", target, "A message of "+author.nick+" of "+stamp(p.CreateAt)[11:16]+" UTC was deleted")
}

// onEphemeral shows what the server tells this account alone.
func (c *conn) onEphemeral(n *news, r *room) {
	var p model.Post
	if json.Unmarshal([]byte(n.Post), &p) != nil {
		return
	}
	target := c.me.Username
	if r != nil && r.shown {
		target = r.name
	}
	for _, l := range toIRC(p.Message) {
		for _, piece := range split(l, 400) {
			c.send(nil, c.g.serverName(), "NOTICE", target, piece)
		}
	}
}

func (c *conn) onReaction(ctx context.Context, n *news, r *room, tag string) {
	var re model.Reaction
	if json.Unmarshal([]byte(n.Reaction), &re) != nil || r == nil || !c.caps["message-tags"] || !r.shown && r.kind != model.ChannelDirect {
		return
	}
	if re.UserID == c.me.ID && !c.caps["echo-message"] {
		return
	}
	what := glyphOf(re.EmojiName)
	if what == "" {
		what = ":" + clean(re.EmojiName) + ":"
	}
	by := c.person(ctx, re.UserID)
	c.send(map[string]string{"+draft/reply": re.PostID, tag: what, "time": stamp(re.UpdateAt), "account": by.nick},
		c.maskOf(by.nick), "TAGMSG", c.towards(r, re.UserID))
}

// towards is the target of something that somebody does in a channel.
func (c *conn) towards(r *room, userID string) string {
	if r.kind == model.ChannelDirect && userID != c.me.ID {
		return c.me.Username
	}
	return r.name
}

func (c *conn) onTyping(ctx context.Context, n *news, r *room) {
	if r == nil || !c.caps["message-tags"] || !r.shown && r.kind != model.ChannelDirect {
		return
	}
	c.send(map[string]string{"+typing": "active"}, c.maskOf(c.person(ctx, n.UserID).nick), "TAGMSG", c.towards(r, n.UserID))
}

func (c *conn) onStatus(n *news) {
	if n.UserID != c.me.ID {
		return
	}
	away := ""
	if n.Status == model.StatusAway || n.Status == model.StatusDND || n.Status == model.StatusOutOfOffice {
		away = n.Status
	}
	if (away == "") != (c.away == "") {
		c.away = away
		c.tellAway()
	}
}

// onLeaveTeam takes somebody out of the team's channels, or this account out of the team.
func (c *conn) onLeaveTeam(ctx context.Context, n *news) {
	if n.UserID == c.me.ID {
		c.reload(ctx)
		return
	}
	for _, r := range c.sorted() {
		if _, in := r.members[n.UserID]; in && r.shown && r.teamID == n.TeamID {
			delete(r.members, n.UserID)
			c.send(nil, c.maskOf(c.person(ctx, n.UserID).nick), "PART", r.name, "Left the team")
		}
	}
}
