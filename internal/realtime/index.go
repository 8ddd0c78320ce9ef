package realtime

import (
	"context"
	"fmt"
	"time"
)

// user is somebody with at least one connection, be it inactive, or one that
// is just being registered. Guarded by Hub.mu.
type user struct {
	id     string
	conns  []*Conn
	active int // live sockets
	in     []place
	// loaded is closed when the memberships are known (or failed is set).
	// Until then changes go to changed, which overrules what was loaded: the
	// load may have read the database before or after the change.
	loaded  chan struct{}
	loading bool
	failed  error
	changed map[spot]bool
}

// group is a channel or a team with the connected ones of its members.
type group struct {
	spot    spot
	members []*user
}

type spot struct {
	team bool
	id   string
}

// place is a user's membership, with the user's position among the members.
type place struct {
	g  *group
	at int
}

func (h *Hub) groups(team bool) map[string]*group {
	if team {
		return h.teams
	}
	return h.channels
}

func (h *Hub) join(u *user, s spot) {
	m := h.groups(s.team)
	g := m[s.id]
	if g == nil {
		g = &group{spot: s}
		m[s.id] = g
	}
	for _, p := range u.in {
		if p.g == g {
			return
		}
	}
	u.in = append(u.in, place{g, len(g.members)})
	g.members = append(g.members, u)
}

func (h *Hub) leave(u *user, s spot) {
	for i, p := range u.in {
		if p.g.spot == s {
			h.unlist(p)
			last := len(u.in) - 1
			u.in[i] = u.in[last]
			u.in = u.in[:last]
			return
		}
	}
}

// unlist takes a member out of a group by moving the last one into its place.
func (h *Hub) unlist(p place) {
	g := p.g
	last := len(g.members) - 1
	moved := g.members[last]
	g.members[p.at] = moved
	g.members[last] = nil
	g.members = g.members[:last]
	for i := range moved.in {
		if moved.in[i].g == g {
			moved.in[i].at = p.at
			break
		}
	}
	if last == 0 {
		delete(h.groups(g.spot.team), g.spot.id)
	}
}

func (h *Hub) member(userID string, s spot, is bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	u := h.users[userID]
	if u == nil {
		return
	}
	if u.loading {
		if u.changed == nil {
			u.changed = map[spot]bool{}
		}
		u.changed[s] = is
	}
	if is {
		h.join(u, s)
	} else {
		h.leave(u, s)
	}
}

// hold adds c to its user, making the user when it is the first, and reports
// whether the caller must load the memberships.
func (h *Hub) hold(c *Conn) (u *user, load bool) {
	u = h.users[c.who.UserID]
	if u == nil {
		u = &user{id: c.who.UserID, loaded: make(chan struct{}), loading: true}
		h.users[u.id] = u
		load = true
	}
	u.conns = append(u.conns, c)
	return u, load
}

// release takes c from its user; a user without connections is forgotten.
func (h *Hub) release(c *Conn) {
	u := h.users[c.who.UserID]
	if u == nil {
		return
	}
	for i, other := range u.conns {
		if other == c {
			u.conns = append(u.conns[:i:i], u.conns[i+1:]...)
			break
		}
	}
	if len(u.conns) > 0 {
		return
	}
	for _, p := range u.in {
		h.unlist(p)
	}
	u.in = nil
	delete(h.users, u.id)
}

// load fills the index for a user. Changes that came meanwhile win.
func (h *Hub) load(u *user) {
	ctx, cancel := context.WithTimeout(h.ctx, 20*time.Second)
	defer cancel()
	channels, teams, err := h.memberships(ctx, u.id)
	h.mu.Lock()
	defer h.mu.Unlock()
	u.failed = err
	if h.users[u.id] == u && err == nil {
		for team, ids := range map[bool][]string{false: channels, true: teams} {
			for _, v := range ids {
				s := spot{team, v}
				if is, known := u.changed[s]; !known || is {
					h.join(u, s)
				}
			}
		}
	}
	u.loading, u.changed = false, nil
	close(u.loaded)
}

// memberships turns a panic into an error: others wait for this load to end.
func (h *Hub) memberships(ctx context.Context, userID string) (channels, teams []string, err error) {
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("realtime: memberships: %v", v)
		}
	}()
	return h.opt.Memberships(ctx, userID)
}

// JoinedChannel tells that a user is now a member of a channel, on all nodes.
func (h *Hub) JoinedChannel(userID, channelID string) {
	h.change(message{Kind: kindMember, User: userID, ID: channelID, Is: true})
}

// LeftChannel tells that a user is no longer a member of a channel. What is
// published after it returns doesn't reach the user by the channel.
func (h *Hub) LeftChannel(userID, channelID string) {
	h.change(message{Kind: kindMember, User: userID, ID: channelID})
}

// JoinedTeam tells that a user is now a member of a team.
func (h *Hub) JoinedTeam(userID, teamID string) {
	h.change(message{Kind: kindMember, User: userID, ID: teamID, Team: true, Is: true})
}

// LeftTeam tells that a user is no longer a member of a team. The team's
// channels are left one by one, with LeftChannel.
func (h *Hub) LeftTeam(userID, teamID string) {
	h.change(message{Kind: kindMember, User: userID, ID: teamID, Team: true})
}

// SetRoles tells what the user's roles now amount to, so that the filters for
// manage_system and guests hold for sockets that are open already.
func (h *Hub) SetRoles(userID string, admin, guest bool) {
	h.change(message{Kind: kindRoles, User: userID, Is: admin, Guest: guest})
}

// ExtendSession tells of a session's new end, Unix ms; 0 is never.
func (h *Hub) ExtendSession(sessionID string, expiresAt int64) {
	h.change(message{Kind: kindExtend, ID: sessionID, At: expiresAt})
}

// DropSession closes a session's sockets at once, on all nodes; nothing that
// waits for them is sent and they can't be resumed.
func (h *Hub) DropSession(sessionID, reason string) {
	h.change(message{Kind: kindDropSession, ID: sessionID, Reason: reason})
}

// DropUser closes all sockets of a user, as DropSession does.
func (h *Hub) DropUser(userID, reason string) {
	h.change(message{Kind: kindDropUser, User: userID, Reason: reason})
}
