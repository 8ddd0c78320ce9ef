package ircgate

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"strings"

	lru "github.com/hashicorp/golang-lru/v2"

	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/realtime"
)

// session is what a connection knows once somebody has signed in. me is set when it is registered.
type session struct {
	user *model.User
	me   *model.User
	api  *client
	own  bool // the session was opened by this connection, and ends with it

	listener *realtime.Listener
	events   chan heard

	teams  map[string]*model.Team // by id
	home   string                 // id of the team whose channels have short names
	rooms  map[string]*room       // by id of the channel
	byName map[string]*room       // by folded IRC name; direct messages are in rooms only
	hidden map[string]bool        // ids of channels that were parted

	people *lru.Cache[string, *person] // by id
	nicks  *lru.Cache[string, string]  // ids by username
	said   *lru.Cache[string, quote]   // what was shown lately, by id of the post

	away     string            // what AWAY said
	watched  map[string]string // MONITOR: what was asked for, by folded name
	online   map[string]bool   // of those
	statuses map[string]string // of people who were asked about, by id
	toldAway map[string]bool   // whom away-notify has shown as away, by id
}

// room is a channel that the account is a member of.
type room struct {
	id, name        string // name is the IRC one; of a direct message the other's nickname
	teamID, slug    string
	kind            string // as model.ChannelOpen
	topic, title    string
	peer            string // of a direct message: id of the other
	created, lastAt int64
	shown           bool            // the client is in it
	members         map[string]bool // ids of members that were listed; true for channel administrators
}

// person is what is shown of a user.
type person struct {
	id, nick, real string
	bot, gone      bool
}

// quote is a message as a reply shows it to clients without tags.
type quote struct{ nick, text string }

// Bounds of what a connection remembers.
const (
	peopleKept = 5000
	saidKept   = 500
)

// enter loads what the account is in and begins to hear of it. It returns why it can't.
func (c *conn) enter(ctx context.Context) (why string) {
	s := &c.session
	s.people, _ = lru.New[string, *person](peopleKept) // New fails only for a size below one
	s.nicks, _ = lru.New[string, string](peopleKept)
	s.said, _ = lru.New[string, quote](saidKept)
	s.watched, s.online, s.statuses, s.hidden = map[string]string{}, map[string]bool{}, map[string]string{}, map[string]bool{}
	s.toldAway = map[string]bool{}
	v, err := c.g.access.ViewerOf(ctx, s.api.token)
	if err != nil {
		return "your session has ended"
	}
	who := c.g.access.Identity(ctx, v)
	if !who.MFAOK {
		return "this server asks for a second factor: sign in with a personal access token as the password"
	}
	// Listening begins before loading: what changes in between is heard after it.
	if s.listener, err = c.g.hub.Listen(ctx, who); err != nil {
		return "the server can't be listened to; try again later"
	}
	s.events = make(chan heard)
	go follow(ctx, s.listener, s.events)
	if err := c.loadTeams(ctx); err != nil {
		return c.trouble("loading the teams", err)
	}
	if c.reg.team != "" && s.home == "" {
		return "you are in no team " + word(c.reg.team)
	}
	var prefs []model.Preference
	if err := s.api.call(ctx, http.MethodGet, "/users/me/preferences/"+hiddenCategory, nil, &prefs); err == nil {
		for _, p := range prefs {
			s.hidden[p.Name] = p.Value == "true"
		}
	}
	s.rooms, s.byName = map[string]*room{}, map[string]*room{}
	if _, _, err := c.loadRooms(ctx); err != nil {
		return c.trouble("loading the channels", err)
	}
	s.me = s.user
	c.know(s.me)
	return ""
}

// hiddenCategory holds a preference for each channel that was parted, by its id.
const hiddenCategory = "parley_irc_hidden"

func (c *conn) trouble(doing string, err error) string {
	if statusOf(err) != 0 {
		return err.Error()
	}
	c.g.log.Error("an IRC connection failed", "doing", doing, "error", err)
	return "the server has a problem; try again later"
}

// loadTeams reads the account's teams; the one at home is chosen by the login, else it is the first
// by name.
func (c *conn) loadTeams(ctx context.Context) error {
	var list []*model.Team
	if err := c.session.api.call(ctx, http.MethodGet, "/users/me/teams", nil, &list); err != nil {
		return err
	}
	slices.SortFunc(list, func(a, b *model.Team) int {
		return cmp.Or(strings.Compare(strings.ToLower(a.DisplayName), strings.ToLower(b.DisplayName)), strings.Compare(a.ID, b.ID))
	})
	c.teams = map[string]*model.Team{}
	chosen := ""
	for _, t := range list {
		c.teams[t.ID] = t
		if t.Name == c.reg.team {
			chosen = t.ID
		}
	}
	if c.home == "" || c.teams[c.home] == nil {
		c.home = chosen
		if chosen == "" && c.reg.team == "" && len(list) > 0 {
			c.home = list[0].ID
		}
	}
	return nil
}

// loadRooms reads the channels that the account is in and returns which came and which went.
func (c *conn) loadRooms(ctx context.Context) (came, gone []*room, err error) {
	var list []*model.Channel
	if err := c.session.api.call(ctx, http.MethodGet, "/users/me/channels", nil, &list); err != nil && statusOf(err) != http.StatusNotFound {
		return nil, nil, err
	}
	seen := map[string]bool{}
	for _, ch := range list {
		if ch.DeleteAt != 0 || ch.TeamID != "" && c.teams[ch.TeamID] == nil {
			continue
		}
		seen[ch.ID] = true
		if r := c.rooms[ch.ID]; r != nil {
			r.lastAt = ch.LastPostAt
			continue
		}
		if r := c.addRoom(ctx, ch); r != nil {
			came = append(came, r)
		}
	}
	for _, r := range c.rooms {
		if !seen[r.id] {
			gone = append(gone, r)
		}
	}
	slices.SortFunc(came, func(a, b *room) int { return strings.Compare(a.name, b.name) })
	return came, gone, nil
}

// addRoom notes a channel that the account is in.
func (c *conn) addRoom(ctx context.Context, ch *model.Channel) *room {
	r := &room{id: ch.ID, teamID: ch.TeamID, slug: ch.Name, kind: ch.Type, topic: ch.Header, title: ch.DisplayName, created: ch.CreateAt, lastAt: ch.LastPostAt}
	if ch.Type == model.ChannelDirect {
		r.peer = peerOf(ch.Name, c.user.ID)
	}
	r.name = c.roomName(ctx, r)
	c.rooms[r.id] = r
	if r.kind != model.ChannelDirect {
		c.byName[fold(r.name)] = r
	}
	return r
}

func (c *conn) dropRoom(r *room) {
	delete(c.rooms, r.id)
	if c.byName[fold(r.name)] == r {
		delete(c.byName, fold(r.name))
	}
}

// peerOf is who else is in a direct channel, by its name of two ids.
func peerOf(name, me string) string {
	a, b, _ := strings.Cut(name, "__")
	if a == me {
		return b
	}
	return a
}

// close ends what the connection has opened.
func (c *conn) close() {
	if c.session.listener != nil {
		c.session.listener.Close()
	}
	if c.session.own {
		c.signOut(c.session.api)
	}
}
