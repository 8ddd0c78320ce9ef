package realtime

// wheelSlots is the number of seconds between two pings of one socket. Each
// second one slot's sockets are pinged and the opposite slot's are looked at,
// so that no socket needs a timer.
const wheelSlots = 60

// tick does what one second's passing asks for. now is Unix ms.
func (h *Hub) tick(now int64) {
	h.reap(now)
	h.mu.Lock()
	h.wheelAt = (h.wheelAt + 1) % wheelSlots
	for c := range h.wheel[h.wheelAt] {
		h.visit(c, now, true)
	}
	for c := range h.wheel[(h.wheelAt+wheelSlots/2)%wheelSlots] {
		h.visit(c, now, false)
	}
	for c, until := range h.unauth {
		if now >= until {
			c.close(CodePolicy, "not authenticated in time", false)
		}
	}
	for e := h.inactive.Front(); e != nil; e = h.inactive.Front() {
		s := e.Value.(*spell)
		if now-s.since < h.lim.awayMS {
			break
		}
		h.forget(s.c)
	}
	h.mu.Unlock()
}

// visit pings a socket, and ends it when its peer is silent or doesn't read.
func (h *Hub) visit(c *Conn, now int64, ping bool) {
	if c.who.ExpiresAt > 0 && now >= c.who.ExpiresAt {
		c.close(CodeSessionExpired, "the session has expired", false)
	}
	c.mu.Lock()
	w := c.wire
	if w == nil {
		c.mu.Unlock()
		return
	}
	dead := now-w.seen.Load() > h.lim.pongMS || c.stalled != 0 && now-c.stalled > h.lim.writeMS
	if ping && !dead && c.bye == nil {
		c.out = append(c.out, opPing, 0)
		c.acknowledge()
	}
	dirty := !dead && c.waiting() && c.claim()
	c.mu.Unlock()
	if dead {
		w.abort()
	} else if dirty {
		h.mark(c)
	}
}

// acknowledge forgets sent frames that are not needed for resuming any more:
// those that were out two pings ago, when both were answered since. The client
// has had them for more than a minute.
func (c *Conn) acknowledge() {
	if c.ponged {
		if c.acked[1] > c.log.first {
			c.log.trim(c.acked[1])
		}
		c.acked[1] = c.acked[0]
	}
	c.acked[0], c.ponged = c.log.sent, false
}

// reap closes the sockets whose peers haven't answered a close frame in time.
func (h *Hub) reap(now int64) {
	h.lingerMu.Lock()
	all := h.lingering
	h.lingering = nil
	h.lingerMu.Unlock()
	var later []*Conn
	for _, c := range all {
		c.mu.Lock()
		w, b := c.wire, c.bye
		c.mu.Unlock()
		switch {
		case w == nil || b == nil:
		case now-b.at >= h.lim.lingerMS && (!b.flush || now-b.at >= h.lim.writeMS):
			w.abort()
		default:
			later = append(later, c)
		}
	}
	h.lingerMu.Lock()
	h.lingering = append(h.lingering, later...)
	h.lingerMu.Unlock()
}
