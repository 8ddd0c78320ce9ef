package realtime

import (
	"bytes"
	"context"
	"encoding/json"
	"strings"
	"time"

	"github.com/parley-chat/parley/internal/fault"
)

// Handler does a client's request. data is a JSON object. A nil or empty reply
// leaves data out of the answer. ctx ends after 30 seconds or with the hub.
// Requests of one socket are handled one after the other.
type Handler func(ctx context.Context, c *Conn, data json.RawMessage) (reply any, err error)

// PrefixHandler does requests of all actions with a common prefix.
type PrefixHandler func(ctx context.Context, c *Conn, action string, data json.RawMessage) (reply any, err error)

// Handle has fn called for an action of authenticated clients. Call it while
// the server is being built.
func (h *Hub) Handle(action string, fn Handler) { h.handlers[action] = fn }

// HandleWriting is Handle for an action that others notice.
func (h *Hub) HandleWriting(action string, fn Handler) {
	h.Handle(action, func(ctx context.Context, c *Conn, data json.RawMessage) (any, error) {
		if c.who.ReadOnly {
			return nil, fault.Forbidden("api.context.token_scope.app_error")
		}
		return fn(ctx, c, data)
	})
}

// HandlePrefix has fn called for all actions with the prefix that have no
// handler of their own. Call it while the server is being built.
func (h *Hub) HandlePrefix(prefix string, fn PrefixHandler) { h.prefixes[prefix] = fn }

// answer is the frame that replies to a request.
type answer struct {
	Status   string          `json:"status"`
	SeqReply int64           `json:"seq_reply,omitempty"`
	Data     json.RawMessage `json:"data,omitempty"`
	Error    *wireError      `json:"error,omitempty"`
}

// wireError is an error as the API writes it.
type wireError struct {
	ID      string `json:"id"`
	Message string `json:"message"`
	Detail  string `json:"detailed_error"`
	Status  int    `json:"status_code"`
}

func (h *Hub) wireError(userID string, e *fault.Error) *wireError {
	text := e.ID
	if h.opt.ErrorText != nil {
		text = h.opt.ErrorText(userID, e)
	}
	return &wireError{e.ID, text, e.Detail, e.Status()}
}

// encodeReply is JSON with a newline: single frames end with one, events don't.
func encodeReply(v any) ([]byte, error) {
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	err := enc.Encode(v)
	return buf.Bytes(), err
}

// route checks a request, has it done and answers it.
func (h *Hub) route(c *Conn, req request) {
	authed := c.UserID() != ""
	switch {
	case req.Action == "":
		h.fail(c, req.Seq, fault.Invalid("api.web_socket_router.no_action.app_error"))
	case req.Seq <= 0:
		h.fail(c, req.Seq, fault.Invalid("api.web_socket_router.bad_seq.app_error"))
	case req.Action == "authentication_challenge":
		h.challenge(c, req, authed)
	case req.Action == "presence":
		c.show(req.Data)
		h.succeed(c, req.Seq, nil)
	case !authed:
		h.fail(c, req.Seq, fault.Unauthenticated("api.web_socket_router.not_authenticated.app_error"))
	case req.Action == "ping":
		h.succeed(c, req.Seq, map[string]any{
			"text": "pong", "version": h.version(), "server_time": h.opt.Now(), "node_id": "",
		})
	default:
		h.dispatch(c, req)
	}
}

func (h *Hub) dispatch(c *Conn, req request) {
	fn := h.handlers[req.Action]
	for prefix, p := range h.prefixes {
		if fn == nil && strings.HasPrefix(req.Action, prefix) {
			fn = func(ctx context.Context, c *Conn, data json.RawMessage) (any, error) {
				return p(ctx, c, req.Action, data)
			}
		}
	}
	if fn == nil {
		h.fail(c, req.Seq, fault.New(fault.KindInternal, "api.web_socket_router.bad_action.app_error"))
		return
	}
	ctx, cancel := context.WithTimeout(h.ctx, 30*time.Second)
	defer cancel()
	reply, err := fn(ctx, c, req.Data)
	if err != nil {
		h.fail(c, req.Seq, err)
		return
	}
	h.succeed(c, req.Seq, reply)
}

func (h *Hub) version() string {
	if h.opt.ServerVersion == nil {
		return ""
	}
	return h.opt.ServerVersion()
}

// challenge authenticates a socket by a token. A bad token closes it. On a
// socket that is authenticated already it changes nothing.
func (h *Hub) challenge(c *Conn, req request, authed bool) {
	ok, _ := encodeReply(answer{Status: "OK", SeqReply: req.Seq})
	if authed {
		c.send(appendText(nil, ok))
		return
	}
	var data struct {
		Token string `json:"token"`
	}
	ctx, cancel := context.WithTimeout(h.ctx, 30*time.Second)
	defer cancel()
	if json.Unmarshal(req.Data, &data) == nil && data.Token != "" {
		who, err := h.opt.Authenticate(ctx, data.Token)
		if err == nil && who.UserID != "" && who.MFAOK {
			h.register(ctx, c, who, ok)
			return
		}
	}
	c.close(CodePolicy, "authentication failed", false)
}

func (h *Hub) succeed(c *Conn, seq int64, data any) {
	a := answer{Status: "OK", SeqReply: seq}
	if data != nil {
		raw, err := encodeReply(data)
		if err != nil {
			h.fail(c, seq, err)
			return
		}
		if raw = bytes.TrimSpace(raw); string(raw) != "{}" && string(raw) != "null" {
			a.Data = raw
		}
	}
	_ = c.Send(a) // its parts are encoded already
}

func (h *Hub) fail(c *Conn, seq int64, err error) {
	e := fault.As(err)
	if e.Cause != nil && e.Status() >= 500 {
		h.log.Error("realtime: request failed", "user", c.UserID(), "error", err)
	}
	_ = c.Send(answer{Status: "FAIL", SeqReply: seq, Error: h.wireError(c.UserID(), e)})
}

// show takes over what the client says it displays. Members that are absent,
// or no strings, leave what was said before.
func (c *Conn) show(raw json.RawMessage) {
	var data map[string]any
	if json.Unmarshal(raw, &data) != nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.presence == nil {
		c.presence = &presence{}
	}
	p := c.presence
	if v, ok := data["channel_id"].(string); ok {
		p.channel, p.set = v, true
	}
	if v, ok := data["team_id"].(string); ok {
		p.team = v
	}
	if v, ok := data["thread_channel_id"].(string); ok {
		if inThreads, _ := data["is_thread_view"].(bool); inThreads {
			p.threads = v
		} else {
			p.rhs = v
		}
	}
}
