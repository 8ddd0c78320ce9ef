package testkit

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/lxzan/gws"
)

// Frame is a frame from the server: an event, or a reply (SeqReply).
type Frame struct {
	Event     string         `json:"event"`
	Data      map[string]any `json:"data"`
	Broadcast map[string]any `json:"broadcast"`
	Seq       int64          `json:"seq"`
	Status    string         `json:"status"`
	SeqReply  int64          `json:"seq_reply"`
	Error     map[string]any `json:"error"`
}

// JSON decodes the JSON text under a key of the event's data.
func (f *Frame) JSON(t testing.TB, key string, into any) {
	t.Helper()
	text, _ := f.Data[key].(string)
	if err := json.Unmarshal([]byte(text), into); err != nil {
		t.Fatalf("%s: data.%s: %v in %q", f.Event, key, err, text)
	}
}

// Socket is a websocket of an actor. It keeps all it received.
type Socket struct {
	gws.BuiltinEventHandler
	t      testing.TB
	conn   *gws.Conn
	mu     sync.Mutex
	frames []Frame
	seen   int // frames that Expect has passed
	closed error
	seq    int64
	news   chan struct{}
}

// Listen opens the actor's websocket, if it isn't open, and waits for hello.
func (a *Actor) Listen() *Socket {
	a.s.t.Helper()
	if a.socket == nil {
		a.socket = a.Dial("")
		a.socket.Expect("hello", nil)
	}
	return a.socket
}

// Dial opens a websocket with a query such as "?connection_id=…".
func (a *Actor) Dial(query string) *Socket {
	a.s.t.Helper()
	so := &Socket{t: a.s.t, news: make(chan struct{}, 1)}
	header := http.Header{}
	if a.Token != "" {
		header.Set("Authorization", "Bearer "+a.Token)
	}
	conn, resp, err := gws.NewClient(so, &gws.ClientOption{Addr: "ws" + strings.TrimPrefix(a.s.URL, "http") + "/api/v4/websocket" + query, RequestHeader: header,
		TlsConfig: a.s.client.TLSClientConfig})
	if err != nil {
		a.s.t.Fatalf("websocket: %v (%v)", err, resp)
	}
	so.conn = conn
	go conn.ReadLoop()
	a.s.t.Cleanup(so.Drop)
	return so
}

// OnMessage notes a frame.
func (so *Socket) OnMessage(_ *gws.Conn, m *gws.Message) {
	defer func() { _ = m.Close() }()
	var f Frame
	err := json.Unmarshal(m.Bytes(), &f)
	so.mu.Lock()
	if err != nil {
		so.t.Errorf("a frame that is no JSON: %q", m.Bytes())
	}
	so.frames = append(so.frames, f)
	so.mu.Unlock()
	so.wake()
}

// OnClose notes the end.
func (so *Socket) OnClose(_ *gws.Conn, err error) {
	so.mu.Lock()
	so.closed = err
	so.mu.Unlock()
	so.wake()
}

func (so *Socket) wake() {
	select {
	case so.news <- struct{}{}:
	default:
	}
}

// Drop breaks the connection without a word.
func (so *Socket) Drop() { _ = so.conn.NetConn().Close() }

// Write sends a text frame as it is.
func (so *Socket) Write(text string) error { return so.conn.WriteString(text) }

// Call sends an action and waits for its reply.
func (so *Socket) Call(action string, data any) Frame {
	so.t.Helper()
	so.mu.Lock()
	so.seq++
	seq := so.seq
	so.mu.Unlock()
	raw, err := json.Marshal(map[string]any{"seq": seq, "action": action, "data": data})
	if err == nil {
		err = so.Write(string(raw))
	}
	if err != nil {
		so.t.Fatalf("websocket write: %v", err)
	}
	return so.wait("reply to "+action+" "+strconv.FormatInt(seq, 10), func() (Frame, bool) {
		for _, f := range so.frames {
			if f.SeqReply == seq {
				return f, true
			}
		}
		return Frame{}, false
	})
}

// Expect waits for the next event of that name for which match, if any, says
// yes; events before it are passed.
func (so *Socket) Expect(event string, match func(Frame) bool) Frame {
	so.t.Helper()
	return so.wait("event "+event, func() (Frame, bool) {
		for i := so.seen; i < len(so.frames); i++ {
			if f := so.frames[i]; f.Event == event && (match == nil || match(f)) {
				so.seen = i + 1
				return f, true
			}
		}
		return Frame{}, false
	})
}

// Expect is Socket.Expect on the actor's own socket.
func (a *Actor) Expect(event string, match func(Frame) bool) Frame {
	a.s.t.Helper()
	return a.Listen().Expect(event, match)
}

// Events returns the events since the last Expect or Events, all that were
// published before included: a reply may overtake the events that wait with it,
// the reply to the next request can't.
func (so *Socket) Events() []Frame {
	so.t.Helper()
	so.Call("ping", map[string]any{})
	so.Call("ping", map[string]any{})
	so.mu.Lock()
	defer so.mu.Unlock()
	var out []Frame
	for _, f := range so.frames[so.seen:] {
		if f.Event != "" {
			out = append(out, f)
		}
	}
	so.seen = len(so.frames)
	return out
}

// Closed waits for the end of the connection.
func (so *Socket) Closed() error {
	so.t.Helper()
	so.wait("end of the connection", func() (Frame, bool) { return Frame{}, so.closed != nil })
	return so.closed
}

func (so *Socket) wait(what string, ok func() (Frame, bool)) Frame {
	so.t.Helper()
	deadline := time.After(patience)
	for {
		so.mu.Lock()
		f, done := ok()
		closed := so.closed
		so.mu.Unlock()
		if done {
			return f
		}
		if closed != nil && !strings.HasPrefix(what, "end") {
			so.t.Fatalf("waiting for %s: the connection ended: %v", what, closed)
		}
		select {
		case <-so.news:
		case <-deadline:
			so.t.Fatalf("never came: %s", what)
		}
	}
}
