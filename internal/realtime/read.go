package realtime

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"runtime/debug"

	"github.com/lxzan/gws"
)

// reader receives what the frame reader of all sockets reads.
type reader struct {
	gws.BuiltinEventHandler
	h *Hub
}

func newUpgrader(h *Hub) *gws.Upgrader {
	return gws.NewUpgrader(reader{h: h}, &gws.ServerOption{
		ReadMaxPayloadSize: maxFromClient,
		ReadBufferSize:     readBuffer,
		ParallelGolimit:    1,
		CheckUtf8Enabled:   true,
		NewSession:         func() gws.SessionStorage { return &session{} },
	})
}

// read is a socket's goroutine. The frame reader panics on lengths beyond 63
// bits; that ends the socket, not the server.
func (h *Hub) read(c *Conn, gc *gws.Conn) {
	defer h.gone(c)
	defer func() {
		if v := recover(); v != nil {
			h.log.Warn("realtime: unreadable frame", "panic", fmt.Sprint(v))
		}
	}()
	gc.ReadLoop()
}

// OnPing answers with the same payload.
func (r reader) OnPing(gc *gws.Conn, payload []byte) {
	c := gc.Session().(*session).conn
	if r.admits(c) {
		c.send(append(appendHeader(nil, opPong, len(payload)), payload...))
	}
}

// OnPong notes that everything sent before the last ping has arrived.
func (r reader) OnPong(gc *gws.Conn, _ []byte) {
	c := gc.Session().(*session).conn
	if r.admits(c) {
		c.mu.Lock()
		c.ponged = true
		c.mu.Unlock()
	}
}

// OnMessage runs one request to its end, so that a client's requests are done
// in their order. It runs on a goroutine of its own because the stack that a
// handler needs would otherwise stay with the idle socket.
func (r reader) OnMessage(gc *gws.Conn, msg *gws.Message) {
	defer msg.Close()
	c := gc.Session().(*session).conn
	if !r.admits(c) {
		return
	}
	r.h.Stats.Requests.Add(1)
	done := make(chan struct{})
	go func() {
		defer close(done)
		req, err := decodeRequest(msg.Opcode == gws.OpcodeBinary, msg.Bytes())
		if err != nil {
			c.close(CodeMalformed, "a message is neither a JSON nor a msgpack request", false)
			return
		}
		defer func() {
			if v := recover(); v != nil {
				r.h.log.Error("realtime: handler panicked", "action", req.Action, "panic", fmt.Sprint(v), "stack", string(debug.Stack()))
				c.close(CodeInternal, "internal error", false)
			}
		}()
		r.h.route(c, req)
	}()
	<-done
}

// admits reports whether a frame may be handled: not on a socket that is being
// closed, and not beyond the client's rate.
func (r reader) admits(c *Conn) bool {
	c.mu.Lock()
	w, closing := c.wire, c.bye != nil
	c.mu.Unlock()
	if w == nil || closing {
		return false
	}
	if !w.messages.spend(1, r.h.lim.messages, r.h.lim.messagesBurst, r.h.opt.Now()) {
		c.close(CodeFlood, "too many messages from this client", false)
		return false
	}
	return true
}

// request is what a client sends.
type request struct {
	Seq    int64           `json:"seq"`
	Action string          `json:"action"`
	Data   json.RawMessage `json:"data"`
}

var errShape = errors.New("realtime: not a request")

// decodeRequest reads a request from JSON or, if binary, msgpack. Data of the
// result is a JSON object.
func decodeRequest(binary bool, raw []byte) (request, error) {
	var req request
	if binary {
		var err error
		if raw, err = msgpackToJSON(raw); err != nil {
			return req, err
		}
	}
	raw = bytes.TrimSpace(raw)
	if len(raw) == 0 || raw[0] != '{' {
		return req, errShape
	}
	if err := json.Unmarshal(raw, &req); err != nil {
		return req, err
	}
	switch {
	case len(req.Data) == 0 || string(req.Data) == "null":
		req.Data = json.RawMessage("{}")
	case req.Data[0] != '{':
		return req, errShape
	}
	return req, nil
}
