package realtime

import (
	"bufio"
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"

	"github.com/lxzan/gws"

	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/id"
)

// readBuffer is small since it stays as long as the socket: client frames are
// few and short, and longer ones are read past it.
const readBuffer = 256

// maxFromClient is the largest message a client may send, in bytes.
const maxFromClient = 8192

// wire is the socket as the frame reader sees it. It carries the reader's
// limits and keeps the reader from sending a second close frame.
type wire struct {
	net.Conn
	raw    syscall.RawConn // nil when bytes must pass through TLS
	conn   *Conn
	early  []byte       // what the client sent right behind its request
	closed atomic.Bool  // a close frame was sent
	seen   atomic.Int64 // when something last came, Unix ms

	bytes, messages bucket // reading goroutine only
}

var errFlood = errors.New("realtime: too much from the client")

func (w *wire) Read(p []byte) (int, error) {
	if len(w.early) > 0 {
		n := copy(p, w.early)
		if w.early = w.early[n:]; len(w.early) == 0 {
			w.early = nil
		}
		return n, nil
	}
	n, err := w.Conn.Read(p)
	h := w.conn.hub
	now := h.opt.Now()
	w.seen.Store(now)
	if !w.bytes.spend(n, h.lim.bytes, h.lim.bytesBurst, now) {
		w.conn.close(CodeFlood, "too many bytes from this client", false)
		if w.bytes.left < -h.lim.bytesBurst {
			return n, errFlood
		}
	}
	return n, err
}

func (w *wire) Write(p []byte) (int, error) {
	if w.closed.Load() {
		return len(p), nil
	}
	return w.Conn.Write(p)
}

// abort closes the socket hard. Under TLS that may wait for the peer.
func (w *wire) abort() {
	if w.raw == nil {
		go w.Conn.Close()
		return
	}
	w.Conn.Close()
}

// bucket is a token bucket.
type bucket struct {
	left int
	at   int64
}

func (b *bucket) spend(n, perSecond, burst int, now int64) bool {
	if b.at == 0 {
		b.left, b.at = burst, now
	}
	if add := int((now - b.at) * int64(perSecond) / 1000); add > 0 {
		b.left, b.at = min(burst, b.left+add), now
	}
	b.left -= n
	return b.left >= 0
}

// Serve upgrades a request to a websocket and returns once the connection is
// registered; the socket then lives on its own. pre is who the request's
// cookie or header belongs to, or nil: then the client must send an
// authentication_challenge within five seconds, as must one whose second
// factor is missing. Requests that can't be upgraded are answered with an
// error: 400 for a bad handshake or a foreign origin.
func (h *Hub) Serve(w http.ResponseWriter, r *http.Request, pre *Identity) {
	if e := h.refusal(r); e != nil {
		h.refuse(w, r, e)
		return
	}
	sock, rw, err := http.NewResponseController(w).Hijack()
	if err != nil {
		h.refuse(w, r, fault.Internal("api.web_socket.connect.upgrade.app_error", err))
		return
	}
	c := &Conn{hub: h, serial: h.serial.Add(1)} // before the client can think itself connected
	wi := &wire{Conn: sock, conn: c}
	if tcp, ok := sock.(*net.TCPConn); ok {
		wi.raw, _ = tcp.SyscallConn()
	} else if ux, ok := sock.(*net.UnixConn); ok {
		wi.raw, _ = ux.SyscallConn()
	}
	if n := rw.Reader.Buffered(); n > 0 {
		early, _ := rw.Reader.Peek(n)
		wi.early = append([]byte(nil), early...)
	}
	wi.seen.Store(h.opt.Now())
	gc, err := h.upgrader.UpgradeFromConn(wi, bufio.NewReaderSize(wi, readBuffer), r)
	if err != nil {
		return // answered and closed
	}
	gc.Session().(*session).conn = c
	c.wire, c.gc = wi, gc
	h.Stats.Upgrades.Add(1)
	valid := c.readQuery(r)
	h.admit(c)
	switch {
	case !valid:
		c.close(CodePolicy, "invalid connection_id or sequence_number", false)
	case pre != nil && pre.MFAOK:
		h.register(r.Context(), c, *pre, nil)
	}
	go h.read(c, gc)
}

// readQuery takes the connection's wishes from the query; false means that the
// socket has to be closed.
func (c *Conn) readQuery(r *http.Request) bool {
	q := r.URL.Query()
	c.postedAck = q.Get("posted_ack") == "true"
	if code, err := strconv.Atoi(q.Get("disconnect_err_code")); err == nil &&
		(code >= 1000 && code <= 1016 || code == 4000 || code == 4001) {
		count(&c.hub.Stats.left, code)
	}
	connID := q.Get("connection_id")
	if connID == "" {
		return true // clients send the parameter empty the first time
	}
	seq, err := strconv.ParseInt(q.Get("sequence_number"), 10, 64)
	if err != nil || seq < 0 || !id.Valid(connID) {
		return false
	}
	c.wish = &wish{strings.Clone(connID), seq}
	return true
}

// admit notes a new socket; c isn't known to anybody else yet.
func (h *Hub) admit(c *Conn) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.sockets[c] = struct{}{}
	h.unauth[c] = h.opt.Now() + h.lim.authMS
	h.wheelNext = (h.wheelNext + 1) % wheelSlots
	c.slot = h.wheelNext
	h.wheel[c.slot][c] = struct{}{}
	if h.closed {
		c.close(CodeGoingAway, "the server is stopping", false)
	}
}

// refusal checks a handshake before the connection is taken over, so that the
// answer can be the API's usual error.
func (h *Hub) refusal(r *http.Request) *fault.Error {
	bad := func(why string) *fault.Error {
		return fault.Invalid("api.web_socket.connect.upgrade.app_error").Wrap(errors.New(why))
	}
	switch {
	case r.Method != http.MethodGet:
		return bad("method is not GET")
	case !token(r.Header, "Connection", "upgrade"), !token(r.Header, "Upgrade", "websocket"):
		return bad("no websocket upgrade requested")
	case r.Header.Get("Sec-WebSocket-Version") != "13":
		return bad("websocket version is not 13")
	case len(r.Header.Get("Sec-WebSocket-Key")) != 24:
		return bad("bad Sec-WebSocket-Key")
	case h.opt.CheckOrigin != nil && !h.opt.CheckOrigin(r):
		return bad("foreign origin")
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		return fault.Unavailable("api.web_socket.connect.upgrade.app_error").Wrap(errors.New("the hub is closed"))
	}
	return nil
}

// token reports whether a comma-separated header lists a word.
func token(head http.Header, name, word string) bool {
	for _, line := range head.Values(name) {
		for v := range strings.SplitSeq(line, ",") {
			if strings.EqualFold(strings.TrimSpace(v), word) {
				return true
			}
		}
	}
	return false
}

func (h *Hub) refuse(w http.ResponseWriter, r *http.Request, e *fault.Error) {
	if h.opt.Refuse != nil {
		h.opt.Refuse(w, r, e)
		return
	}
	body, _ := json.Marshal(h.wireError("", e))
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(e.Status())
	_, _ = w.Write(body)
}

// session links the frame reader's connection to ours.
type session struct {
	conn *Conn
}

// The reader wants a key-value store here; nobody uses it.
func (*session) Len() int                               { return 0 }
func (*session) Delete(string)                          {}
func (*session) Load(string) (any, bool)                { return nil, false }
func (*session) Store(string, any)                      {}
func (*session) Range(func(key string, value any) bool) {}

var _ gws.SessionStorage = (*session)(nil)
