package realtime

import (
	"container/list"
	"sync"

	"github.com/lxzan/gws"
)

type phase uint8

const (
	phaseFresh phase = iota // has a socket, not registered
	phaseLive               // registered, has a socket
	phaseAway               // registered, without a socket: may be resumed
	phaseGone               // forgotten, or its stream was taken over by another Conn
)

type writeState uint8

const (
	writeIdle     writeState = iota
	writeQueued              // in Hub.dirty
	writeBusy                // somebody writes
	writeFinished            // nothing is written any more
)

// Conn is one client's connection.
type Conn struct {
	hub    *Hub
	serial int64 // sockets are numbered in the order of their requests

	// Guarded by Hub.mu; the ids don't change after registration.
	id        string
	who       Identity
	postedAck bool
	slot      uint8         // of the wheel
	away      *list.Element // while inactive

	mu       sync.Mutex
	phase    phase
	state    writeState
	wire     *wire // nil without a socket
	gc       *gws.Conn
	out      []byte // encoded frames that aren't events: replies, hello, pings
	log      eventLog
	bye      *bye
	spent    bool  // what was missed is too much: can't be resumed
	stalled  int64 // since when a blocking write runs, Unix ms; 0 when none does
	presence *presence
	wish     *wish
	inside   chan struct{} // of a Listener, which has no socket: told that something waits
	// acked are the numbers below which all was sent when a ping went out,
	// the newest first; ponged tells that the newest was answered.
	acked  [2]int64
	ponged bool
}

// bye is a wanted close.
type bye struct {
	code   int
	reason string
	flush  bool // send what waits first
	at     int64
}

// wish is the resume that a client asked for when it connected.
type wish struct {
	id  string
	seq int64
}

// presence is what the client says it shows.
type presence struct {
	set                         bool // channel was named at least once
	channel, team, rhs, threads string
}

// ID returns the connection id of the hello event.
func (c *Conn) ID() string { return c.id }

// UserID returns the user's id, "" before authentication.
func (c *Conn) UserID() string { return c.who.UserID }

// SessionID returns the session's id.
func (c *Conn) SessionID() string { return c.who.SessionID }

// Send sends a value as one JSON text frame that is no event: it carries no
// number and is not kept for resuming. It fails only when reply can't be encoded.
func (c *Conn) Send(reply any) error {
	raw, err := encodeReply(reply)
	if err != nil {
		return err
	}
	c.send(appendText(nil, raw))
	return nil
}

// send queues complete websocket frames.
func (c *Conn) send(frames []byte) {
	c.mu.Lock()
	if c.wire == nil || c.bye != nil {
		c.mu.Unlock()
		return
	}
	c.out = append(c.out, frames...)
	if len(c.out) > c.hub.lim.replyBytes {
		c.closeLocked(CodeSlowReader, "too many replies wait for this client", false)
	}
	dirty := c.claim()
	c.mu.Unlock()
	if dirty {
		c.hub.mark(c)
	}
}

// claim reports whether the caller must put the connection on the flusher's
// list. The lock is held.
func (c *Conn) claim() bool {
	if c.inside != nil {
		select {
		case c.inside <- struct{}{}:
		default:
		}
		return false
	}
	if c.state != writeIdle || c.wire == nil {
		return false
	}
	c.state = writeQueued
	return true
}

// looksAt is the filter for typing and reactions: a client that has said which
// channel it shows gets only those of that channel and of its open threads.
func (c *Conn) looksAt(channelID string) bool {
	p := c.presence
	return p == nil || !p.set || channelID == p.channel || channelID == p.rhs || channelID == p.threads
}

// close has the socket closed with a close frame. What waits is sent before
// only if flush is set; a registered connection stays resumable.
func (c *Conn) close(code int, reason string, flush bool) {
	c.mu.Lock()
	c.closeLocked(code, reason, flush)
	dirty := c.claim()
	c.mu.Unlock()
	if dirty {
		c.hub.mark(c)
	}
}

func (c *Conn) closeLocked(code int, reason string, flush bool) {
	if c.bye != nil || c.wire == nil && c.inside == nil || c.state == writeFinished {
		return
	}
	count(&c.hub.Stats.codes, code)
	c.bye = &bye{code, reason, flush, c.hub.opt.Now()}
	c.hub.lingerMu.Lock()
	c.hub.lingering = append(c.hub.lingering, c)
	c.hub.lingerMu.Unlock()
}

// abort closes the socket without a word; the reading goroutine then ends.
func (c *Conn) abort() {
	c.mu.Lock()
	w := c.wire
	c.mu.Unlock()
	if w != nil {
		w.abort()
	}
}

// maxWrite is about how much one system call may carry.
const maxWrite = 128 << 10

// fill moves what waits into buf, and the close frame when its turn has come.
// The lock is held.
func (c *Conn) fill(buf []byte) []byte {
	if c.wire == nil || c.state == writeFinished {
		return buf
	}
	if len(c.out) > 0 {
		buf, c.out = append(buf, c.out...), nil
	}
	if c.phase == phaseLive && (c.bye == nil || c.bye.flush) {
		for c.log.pending() > 0 && len(buf) < maxWrite {
			e, n := c.log.take()
			buf = appendEvent(buf, e, n)
		}
		if dead := int64(c.hub.lim.dead); c.log.sent-c.log.first > dead {
			c.log.trim(c.log.sent - dead)
		}
	}
	if c.bye != nil && (!c.bye.flush || c.phase != phaseLive || c.log.pending() == 0) {
		buf = appendClose(buf, c.bye.code, c.bye.reason)
		c.state = writeFinished
		c.wire.closed.Store(true)
	}
	return buf
}

// waiting reports whether fill would find anything. The lock is held.
func (c *Conn) waiting() bool {
	return len(c.out) > 0 || c.bye != nil || c.phase == phaseLive && c.log.pending() > 0
}
