package realtime

import (
	"sync"
	"time"
)

// pen is a buffer with what a non-blocking write needs, so that writing
// allocates nothing.
type pen struct {
	buf []byte
	n   int
	err error
	fn  func(fd uintptr) bool
}

var pens = sync.Pool{New: func() any {
	p := &pen{}
	p.fn = p.once
	return p
}}

// mark puts connections on the flusher's list; the caller has claimed them.
func (h *Hub) mark(conns ...*Conn) {
	if len(conns) == 0 {
		return
	}
	h.dirtyMu.Lock()
	h.dirty = append(h.dirty, conns...)
	h.dirtyMu.Unlock()
	select {
	case h.wake <- struct{}{}:
	default:
	}
}

func (h *Hub) nextDirty() *Conn {
	h.dirtyMu.Lock()
	defer h.dirtyMu.Unlock()
	if len(h.dirty) == 0 {
		return nil
	}
	c := h.dirty[h.dirtyAt]
	h.dirty[h.dirtyAt] = nil
	if h.dirtyAt++; h.dirtyAt == len(h.dirty) {
		h.dirty, h.dirtyAt = h.dirty[:0], 0
	} else if h.dirtyAt >= 1024 && 2*h.dirtyAt >= len(h.dirty) {
		n := copy(h.dirty, h.dirty[h.dirtyAt:])
		clear(h.dirty[n:])
		h.dirty, h.dirtyAt = h.dirty[:n], 0
	}
	return c
}

// flushLoop writes what waits: at once while there is little, and while there
// is much after a pause in which more frames gather for each system call.
func (h *Hub) flushLoop() {
	var rate rate
	for {
		select {
		case <-h.ctx.Done():
			return
		case <-h.wake:
		}
		if pause := rate.pause(time.Now(), h.Stats.Frames.Load()); pause > 0 {
			time.Sleep(pause)
		}
		rate.sockets = max(rate.sockets, h.drain())
	}
}

// rate measures, over windows of some 25 milliseconds, frames per second and
// how many sockets share them.
type rate struct {
	at      time.Time
	frames  int64
	sockets int // most that were written to in one go
	wait    time.Duration
}

// pause is how long the flusher gathers: long enough for about four frames to
// one socket, at most four milliseconds, and not at all while a core is far
// from busy or frames are too far apart for waiting to spare a system call.
func (r *rate) pause(now time.Time, frames int64) time.Duration {
	since := now.Sub(r.at)
	if since < 25*time.Millisecond {
		return r.wait
	}
	all := float64(frames-r.frames) / since.Seconds()
	each := all / float64(max(1, r.sockets))
	r.wait = 0
	if all > 30_000 && each > 400 {
		r.wait = min(4*time.Millisecond, time.Duration(4/each*float64(time.Second)))
	}
	r.at, r.frames, r.sockets = now, frames, 0
	return r.wait
}

// drain writes to the sockets that are on the list now and returns how many it
// wrote to. What comes meanwhile waits for the next go, so that it may gather.
// Several may drain at once: a connection is on the list once, and whoever
// takes it owns its writing.
func (h *Hub) drain() (n int) {
	h.dirtyMu.Lock()
	todo := len(h.dirty) - h.dirtyAt
	h.dirtyMu.Unlock()
	p := pens.Get().(*pen)
	defer pens.Put(p)
	for ; n < todo; n++ {
		c := h.nextDirty()
		if c == nil {
			break
		}
		h.write(c, p)
	}
	if cap(p.buf) > 4*maxWrite {
		p.buf = nil
	}
	return n
}

// write sends what waits for one connection without blocking. What the kernel
// doesn't take is left to a goroutine.
func (h *Hub) write(c *Conn, p *pen) {
	c.mu.Lock()
	if c.state != writeFinished {
		c.state = writeBusy
	}
	w := c.wire
	p.buf = c.fill(p.buf[:0])
	c.mu.Unlock()
	if w == nil || len(p.buf) == 0 {
		h.wrote(c)
		return
	}
	h.Stats.Bytes.Add(int64(len(p.buf)))
	n, err := 0, error(nil)
	if w.raw != nil {
		h.Stats.Writes.Add(1)
		n, err = p.try(w)
	}
	switch {
	case err != nil:
		w.abort()
	case n < len(p.buf):
		if w.raw != nil {
			h.Stats.Stalls.Add(1)
		}
		rest := pens.Get().(*pen)
		rest.buf = append(rest.buf[:0], p.buf[n:]...)
		go h.writeBlocking(c, w, rest)
	default:
		h.wrote(c)
	}
}

// wrote settles who writes next.
func (h *Hub) wrote(c *Conn) {
	c.mu.Lock()
	again := false
	if c.state != writeFinished {
		c.state = writeIdle
		again = c.waiting() && c.claim()
	}
	c.mu.Unlock()
	if again {
		h.mark(c)
	}
}

// hurry bounds a write that runs while the session ends: bytes that wait in a
// hanging write mustn't go out much later, but one that is just under way, as
// every write under TLS is for a moment, is followed by the close frame. The
// lock is held.
func (c *Conn) hurry() {
	if c.stalled == 0 || c.wire == nil {
		return
	}
	left := c.stalled + c.hub.lim.flightMS - c.hub.opt.Now()
	_ = c.wire.SetWriteDeadline(time.Now().Add(time.Duration(left) * time.Millisecond))
}

// writeBlocking owns a connection's writing until its client has caught up.
func (h *Hub) writeBlocking(c *Conn, w *wire, p *pen) {
	defer pens.Put(p)
	for len(p.buf) > 0 {
		c.mu.Lock()
		c.stalled = h.opt.Now()
		if c.phase == phaseGone {
			c.hurry()
		}
		c.mu.Unlock()
		h.Stats.Writes.Add(1)
		_, err := w.Conn.Write(p.buf)
		c.mu.Lock()
		c.stalled = 0
		if err != nil {
			c.state = writeFinished
			c.mu.Unlock()
			w.abort()
			return
		}
		p.buf = c.fill(p.buf[:0])
		h.Stats.Bytes.Add(int64(len(p.buf)))
		c.mu.Unlock()
	}
	h.wrote(c)
}
