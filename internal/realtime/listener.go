package realtime

import (
	"context"
	"encoding/json"
	"fmt"
)

// Listener is a client inside the server, such as a gateway that speaks another
// protocol to its own clients. It is a Conn like that of a websocket, in the
// same index and behind the same checks at delivery, but its events are taken
// with Next instead of being written to a socket, and it can't be resumed.
type Listener struct{ c *Conn }

// Heard is one event as a websocket's client would have got it.
type Heard struct {
	Event     string          `json:"event"`
	Data      json.RawMessage `json:"data"`
	Broadcast struct {
		UserID    string `json:"user_id"`
		ChannelID string `json:"channel_id"`
		TeamID    string `json:"team_id"`
	} `json:"broadcast"`
}

// Ended is the error of Next when the hub has closed the listener, with the
// close code and the reason that a websocket would have been given.
type Ended struct {
	Code   int
	Reason string
}

func (e *Ended) Error() string { return fmt.Sprintf("realtime: closed with %d: %s", e.Code, e.Reason) }

// Listen registers a client inside the server: from then on its user counts as
// connected. It fails with *Ended when the session has ended, the memberships
// can't be loaded or the hub stops. The caller must Close the listener.
func (h *Hub) Listen(ctx context.Context, who Identity) (*Listener, error) {
	c := &Conn{hub: h, serial: h.serial.Add(1), inside: make(chan struct{}, 1)}
	h.mu.Lock()
	h.sockets[c] = struct{}{} // Close waits for it
	if h.closed {
		c.close(CodeGoingAway, "the server is stopping", false)
	}
	h.mu.Unlock()
	h.register(ctx, c, who, nil)
	c.mu.Lock()
	live, b := c.phase == phaseLive, c.bye
	c.out = nil // the hello
	c.mu.Unlock()
	l := &Listener{c}
	if live {
		return l, nil
	}
	l.Close()
	if b == nil {
		b = &bye{code: CodeInternal, reason: "not registered"}
	}
	return nil, &Ended{b.code, b.reason}
}

// Next returns the next event and waits for it. It fails with *Ended when the
// hub has closed the listener, among other reasons because more waits than a
// slow reader is allowed, and with ctx's error.
func (l *Listener) Next(ctx context.Context) (Heard, error) {
	c := l.c
	for {
		c.mu.Lock()
		switch {
		case c.bye != nil && (!c.bye.flush || c.log.pending() == 0):
			err := &Ended{c.bye.code, c.bye.reason}
			c.mu.Unlock()
			return Heard{}, err
		case c.phase == phaseLive && c.log.pending() > 0:
			e, _ := c.log.take()
			c.log.trim(c.log.sent)
			c.mu.Unlock()
			return heard(e)
		}
		c.mu.Unlock()
		select {
		case <-c.inside:
		case <-ctx.Done():
			return Heard{}, ctx.Err()
		}
	}
}

// heard decodes what a socket would have been sent.
func heard(e entry) (Heard, error) {
	var out Heard
	raw := append([]byte(nil), e.f.body[:e.f.cut]...)
	if len(e.extra) > 0 {
		if !e.f.bare {
			raw = append(raw, ',')
		}
		raw = append(raw, e.extra...)
	}
	raw = append(append(raw, e.f.body[e.f.cut:]...), "0}"...)
	return out, json.Unmarshal(raw, &out)
}

// Close ends the listener; closing it twice is no error.
func (l *Listener) Close() {
	c, h := l.c, l.c.hub
	h.mu.Lock()
	delete(h.sockets, c)
	c.mu.Lock()
	live := c.phase == phaseLive
	c.phase, c.log = phaseGone, newLog()
	c.closeLocked(CodeGoingAway, "closed by its owner", false)
	c.claim()
	c.mu.Unlock()
	edge := false
	if live {
		u := h.users[c.who.UserID]
		u.active--
		edge = u.active == 0
		h.Stats.Live.Add(-1)
		delete(h.conns, c.id)
		h.release(c)
	}
	h.mu.Unlock()
	if live && h.opt.Disconnected != nil {
		h.opt.Disconnected(c.who.UserID, edge)
	}
}
