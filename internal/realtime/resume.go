package realtime

import (
	"context"
	"encoding/json"

	"github.com/parley-chat/parley/internal/id"
)

// entryCost is what an entry of an inactive connection's log is counted as,
// beside its bytes.
const entryCost = 48

// spell is an inactive connection's time without a socket.
type spell struct {
	c     *Conn
	since int64
}

// register makes an authenticated socket live: it loads the memberships, goes
// on with the connection that the client asked for or begins a new one with a
// hello, and closes the socket when that fails. first is sent before anything else.
func (h *Hub) register(ctx context.Context, c *Conn, who Identity, first []byte) {
	h.mu.Lock()
	c.who = who
	u, load := h.hold(c)
	h.mu.Unlock()
	if load {
		h.load(u)
	}
	var err error
	select {
	case <-u.loaded:
		err = u.failed
	case <-ctx.Done():
		err = ctx.Err()
	}
	code, reason := CodePolicy, "overtaken by a newer socket, or the server is stopping"
	if err != nil {
		code, reason = CodeInternal, "the memberships couldn't be loaded"
		h.log.Error("realtime: memberships not loaded", "user", who.UserID, "error", err)
	} else if h.opt.Recheck != nil {
		if err = h.opt.Recheck(ctx, who); err != nil {
			code, reason = CodeSessionEnded, "the session has ended"
		}
	}
	if err == nil && h.enlist(c, u, first) {
		return
	}
	h.mu.Lock()
	c.mu.Lock()
	c.phase = phaseGone
	c.mu.Unlock()
	h.release(c)
	h.mu.Unlock()
	c.close(code, reason, false)
}

// enlist is the moment from which c receives events. It reports false when the
// hub stops or the session was dropped meanwhile.
func (h *Hub) enlist(c *Conn, u *user, first []byte) bool {
	h.mu.Lock()
	c.mu.Lock()
	if h.closed || c.phase != phaseFresh || c.bye != nil || h.overtaken(c) {
		c.mu.Unlock()
		h.mu.Unlock()
		return false
	}
	c.mu.Unlock()
	edge := u.active == 0
	log, connID, resumed := h.takeOver(c)
	hello := !resumed || c.wish.seq == 0
	if !resumed {
		log, connID = newLog(), id.New()
	}
	c.mu.Lock()
	c.log, c.id, c.wish, c.phase = log, connID, nil, phaseLive
	if first != nil {
		c.out = appendText(c.out, first)
	}
	if hello {
		c.out = appendText(c.out, h.hello(c))
	}
	dirty := c.waiting() && c.claim()
	c.mu.Unlock()
	h.conns[c.id] = c
	delete(h.unauth, c)
	u.active++
	h.mu.Unlock()
	h.Stats.Live.Add(1)
	if dirty {
		h.mark(c)
	}
	if h.opt.Connected != nil {
		h.opt.Connected(u.id, edge)
	}
	return true
}

// overtaken reports whether a newer socket already goes on with the connection
// that c wishes for: its client has given c up.
func (h *Hub) overtaken(c *Conn) bool {
	if c.wish == nil {
		return false
	}
	other := h.conns[c.wish.id]
	return other != nil && other.serial > c.serial &&
		other.who.UserID == c.who.UserID && other.who.SessionID == c.who.SessionID
}

// hello is event number 0 of a connection.
func (h *Hub) hello(c *Conn) []byte {
	data, _ := json.Marshal(struct {
		ConnectionID string `json:"connection_id"`
		Hostname     string `json:"server_hostname"`
		Version      string `json:"server_version"`
	}{c.id, h.opt.Hostname, h.version()})
	f := newFrame("hello", data, &Audience{UserID: c.who.UserID})
	return append(f.body, "0}\n"...)
}

// takeOver moves the stream of the connection that c wishes to go on with, set
// to the number the client expects. The old socket, should the server still
// think it open, is closed. It reports false when the stream is unknown,
// another session's, or doesn't reach back far enough; then it is gone.
func (h *Hub) takeOver(c *Conn) (log eventLog, connID string, ok bool) {
	if c.wish == nil {
		return log, "", false
	}
	old := h.conns[c.wish.id]
	if old == nil || old.inside != nil || old.who.UserID != c.who.UserID || old.who.SessionID != c.who.SessionID {
		h.Stats.Lost.Add(1)
		return log, "", false
	}
	old.mu.Lock()
	wasLive := old.phase == phaseLive
	if old.away != nil {
		h.dropHolds(old)
	}
	log, connID = old.log, old.id
	ok = log.rewind(max(1, c.wish.seq)) && !old.spent
	old.log, old.phase = newLog(), phaseGone
	old.mu.Unlock()
	delete(h.conns, old.id)
	h.release(old)
	if wasLive {
		h.users[c.who.UserID].active--
		h.Stats.Live.Add(-1)
		old.abort()
	}
	if ok {
		h.Stats.Resumed.Add(1)
	} else {
		h.Stats.Lost.Add(1)
	}
	return log, connID, ok
}

// gone ends a socket. A registered connection becomes inactive, if what waits
// for it can be kept.
func (h *Hub) gone(c *Conn) {
	h.mu.Lock()
	delete(h.sockets, c)
	delete(h.unauth, c)
	delete(h.wheel[c.slot], c)
	c.mu.Lock()
	w := c.wire
	c.wire, c.gc, c.out, c.presence, c.state = nil, nil, nil, nil, writeFinished
	live := c.phase == phaseLive
	keep := live && !h.closed && !c.spent &&
		c.log.pending() <= h.lim.awayFrames && c.log.bytes <= h.lim.awayBytes
	switch {
	case keep:
		c.phase = phaseAway
		c.away = h.inactive.PushBack(&spell{c, h.opt.Now()})
		for n := c.log.first; n < c.log.next; n++ {
			h.holdEntry(*c.log.at(n))
		}
	default:
		c.phase, c.log = phaseGone, newLog()
	}
	c.bye = nil
	c.mu.Unlock()
	edge := false
	if live {
		u := h.users[c.who.UserID]
		u.active--
		edge = u.active == 0
		h.Stats.Live.Add(-1)
	}
	if keep {
		h.Stats.Away.Add(1)
		h.boundAway()
	} else if live {
		delete(h.conns, c.id)
		h.release(c)
	}
	h.mu.Unlock()
	w.abort()
	if live && h.opt.Disconnected != nil {
		h.opt.Disconnected(c.who.UserID, edge)
	}
}

// holdEntry counts an entry of an inactive connection's log. A frame that many
// of them hold is counted once.
func (h *Hub) holdEntry(e entry) {
	h.inactiveBytes += entryCost + len(e.extra)
	if e.f.held.Add(1) == 1 {
		h.inactiveBytes += len(e.f.body)
	}
}

// dropHolds takes a connection from the inactive ones. Its lock is held.
func (h *Hub) dropHolds(c *Conn) {
	for n := c.log.first; n < c.log.next; n++ {
		e := *c.log.at(n)
		h.inactiveBytes -= entryCost + len(e.extra)
		if e.f.held.Add(-1) == 0 {
			h.inactiveBytes -= len(e.f.body)
		}
	}
	h.inactive.Remove(c.away)
	c.away = nil
	h.Stats.Away.Add(-1)
}

// forget ends an inactive connection: it can't be resumed any more.
func (h *Hub) forget(c *Conn) {
	c.mu.Lock()
	if c.away == nil {
		c.mu.Unlock()
		return
	}
	h.dropHolds(c)
	c.phase, c.log = phaseGone, newLog()
	c.mu.Unlock()
	delete(h.conns, c.id)
	h.release(c)
}

// boundAway forgets the connections that are inactive longest while all of
// them together hold too much.
func (h *Hub) boundAway() {
	for h.inactiveBytes > h.lim.awayTotal && h.inactive.Len() > 0 {
		h.forget(h.inactive.Front().Value.(*spell).c)
	}
}

// DropAll closes all sockets of this node, and none of its connections can be
// resumed: their clients come back and load again. It is for when events may
// have been missed. Memberships are loaded again too.
func (h *Hub) DropAll(reason string) {
	h.end(CodeMissed, reason, func(*Conn) bool { return true })
}

// drop ends the connections of a user, or of a session of anybody.
func (h *Hub) drop(userID, sessionID, reason string) {
	h.end(CodeSessionEnded, reason, func(c *Conn) bool {
		return userID != "" && c.who.UserID == userID || sessionID != "" && c.who.SessionID == sessionID
	})
}

// end ends connections in any phase, those being registered included.
func (h *Hub) end(code int, reason string, which func(*Conn) bool) {
	type ended struct {
		userID string
		edge   bool
	}
	var live []ended
	h.mu.Lock()
	for _, c := range h.find(which) {
		if c.away != nil {
			h.forget(c)
			continue
		}
		c.mu.Lock()
		was := c.phase
		c.phase, c.log, c.out = phaseGone, newLog(), nil
		c.closeLocked(code, reason, false)
		c.hurry()
		dirty := c.claim()
		c.mu.Unlock()
		if dirty {
			h.mark(c)
		}
		if was == phaseLive {
			u := h.users[c.who.UserID]
			u.active--
			live = append(live, ended{u.id, u.active == 0})
			h.Stats.Live.Add(-1)
			delete(h.conns, c.id)
			h.release(c)
		}
	}
	h.mu.Unlock()
	for _, e := range live {
		if h.opt.Disconnected != nil {
			h.opt.Disconnected(e.userID, e.edge)
		}
	}
}

// find returns connections in any phase but gone.
func (h *Hub) find(which func(*Conn) bool) (out []*Conn) {
	for _, u := range h.users {
		for _, c := range u.conns {
			if which(c) {
				out = append(out, c)
			}
		}
	}
	return out
}
