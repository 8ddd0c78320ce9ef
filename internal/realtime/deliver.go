package realtime

// Publish sends an event to its audience, here and on other nodes. Call it
// after the commit of what it tells. It doesn't wait for any client. Events
// published one after the other arrive in this order; events published at once
// arrive at all receivers in the same order.
func (h *Hub) Publish(e Event) {
	if e.To.empty() || e.Name == "" {
		h.invalid(&e)
		return
	}
	peers := h.opt.Bus.Peers()
	if !peers && !h.heard(&e.To) {
		h.Stats.Events.Add(1)
		count(&h.Stats.names, e.Name)
		return
	}
	data, ok := encodeData(e.Data)
	if !ok {
		h.invalid(&e)
		return
	}
	h.local(e.Name, data, &e.To, e.About, e.Extra)
	if peers {
		h.tellEvent(&e, data)
	}
}

func (h *Hub) invalid(e *Event) {
	h.Stats.Invalid.Add(1)
	h.log.Error("realtime: event without audience or with data that isn't an object", "event", e.Name)
}

// heard reports whether anybody here may be in the audience. Somebody who
// connects after this loads the state that the event tells of anyway.
func (h *Hub) heard(to *Audience) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	switch {
	case to.ConnectionID != "":
		return h.conns[to.ConnectionID] != nil
	case to.UserID != "":
		return h.users[to.UserID] != nil
	case to.ChannelID != "":
		return h.channels[to.ChannelID] != nil
	case to.TeamID != "":
		return h.teams[to.TeamID] != nil
	}
	return len(h.users) > 0
}

// delivery is one event on its way to the connections of this node.
type delivery struct {
	h     *Hub
	f     *frame
	to    *Audience
	about string
	extra func(Receiver) []byte
	now   int64
	dirty []*Conn // to be handed to the flusher
	over  []*Conn // inactive connections that hold too much
	ask   []*Conn // guests' connections, by GuestSees
	n     int64
	// urgent says that a queue has grown long although its reader keeps up:
	// the publisher is faster than the flusher and lends it a hand.
	urgent bool
}

func (h *Hub) local(name string, data []byte, to *Audience, about string, extra func(Receiver) []byte) {
	h.Stats.Events.Add(1)
	count(&h.Stats.names, name)
	d := delivery{h: h, f: newFrame(name, data, to), to: to, about: about, extra: extra, now: h.opt.Now()}
	defer d.settle() // also when Extra panics: what was claimed must be written
	d.run()
}

// settle hands what was pushed to the flusher.
func (d *delivery) settle() {
	h := d.h
	h.Stats.Frames.Add(d.n)
	h.mark(d.dirty...)
	if d.urgent {
		h.drain()
	}
	if len(d.ask) > 0 && h.opt.GuestSees != nil {
		go d.askGuests()
	}
}

func (d *delivery) run() {
	h, to := d.h, d.to
	h.mu.Lock()
	defer h.mu.Unlock() // Extra may panic
	switch {
	case to.ConnectionID != "":
		if c := h.conns[to.ConnectionID]; c != nil {
			d.conn(c)
		}
	case to.UserID != "":
		d.user(h.users[to.UserID])
	case to.ChannelID != "":
		d.group(h.channels[to.ChannelID])
	case to.TeamID != "":
		d.group(h.teams[to.TeamID])
	case to.Everyone:
		for _, u := range h.users {
			d.user(u)
		}
	}
	for _, c := range d.over {
		h.forget(c)
	}
	h.boundAway()
}

func (d *delivery) group(g *group) {
	if g == nil {
		return
	}
	if d.dirty == nil {
		d.dirty = make([]*Conn, 0, len(g.members)+8)
	}
	for _, u := range g.members {
		d.user(u)
	}
}

func (d *delivery) user(u *user) {
	if u == nil || d.to.OmitUsers[u.id] {
		return
	}
	for _, c := range u.conns {
		d.conn(c)
	}
}

// conn hands the frame to one connection, if it passes the filters.
func (d *delivery) conn(c *Conn) {
	if d.to.Sanitized && c.who.Admin || d.to.Sensitive && !c.who.Admin ||
		d.to.OmitConnectionID != "" && d.to.OmitConnectionID == c.id {
		return
	}
	if d.f.guests && c.who.Guest && c.who.UserID != d.about {
		d.ask = append(d.ask, c)
		return
	}
	if c.who.ExpiresAt > 0 && d.now >= c.who.ExpiresAt {
		c.close(CodeSessionExpired, "the session has expired", false)
	}
	var extra []byte
	if d.extra != nil {
		extra = d.extra(Receiver{c.who.UserID, c.id, c.postedAck})
	}
	d.push(c, entry{d.f, extra})
}

// push enqueues in a connection, and looks after the bounds of its queue.
func (d *delivery) push(c *Conn, e entry) {
	h := d.h
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.phase != phaseLive && c.phase != phaseAway || c.spent || d.f.scope && !c.looksAt(d.to.ChannelID) {
		return
	}
	waiting := c.log.pending()
	if d.f.low && waiting > h.lim.queueFrames/2 {
		h.Stats.Dropped.Add(1)
		return
	}
	c.log.push(e)
	d.n++
	waiting++
	if c.phase == phaseAway || c.bye != nil {
		c.spent = waiting > h.lim.awayFrames || c.log.bytes > h.lim.awayBytes
		if c.phase == phaseAway {
			h.holdEntry(e)
			if c.spent {
				d.over = append(d.over, c)
			}
		}
		return
	}
	stalled := c.stalled != 0 && d.now-c.stalled > h.lim.stalledMS
	if stalled && (waiting > h.lim.queueFrames || c.log.bytes > h.lim.queueBytes) ||
		waiting > h.lim.hardFrames || c.log.bytes > h.lim.hardBytes {
		c.closeLocked(CodeSlowReader, "too many messages wait for this client", false)
	}
	if c.stalled == 0 && waiting >= 64 {
		d.urgent = true
	}
	if c.claim() {
		d.dirty = append(d.dirty, c)
	}
}

// askGuests finishes a delivery for guests, whose right to see the user may
// have to be looked up and so isn't asked for under the lock.
func (d *delivery) askGuests() {
	sees := map[string]bool{}
	for _, c := range d.ask {
		if _, known := sees[c.who.UserID]; !known && d.about != "" {
			sees[c.who.UserID] = d.h.opt.GuestSees(c.who.UserID, d.about)
		}
	}
	again := delivery{h: d.h, f: d.f, to: d.to, about: d.about, extra: d.extra, now: d.now}
	func() {
		d.h.mu.Lock()
		defer d.h.mu.Unlock()
		for _, c := range d.ask {
			if sees[c.who.UserID] {
				again.push(c, entry{f: d.f})
			}
		}
		for _, c := range again.over {
			d.h.forget(c)
		}
	}()
	again.settle()
}
