package golden

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/lxzan/gws"
)

// sock is one websocket to the server. It keeps every event in the order of arrival.
type sock struct {
	gws.BuiltinEventHandler
	conn    *gws.Conn
	mu      sync.Mutex
	events  []map[string]any
	replies map[int64]map[string]any
	closed  bool
	wake    chan struct{}
	seq     int64
	noPing  bool // the server does not answer the ping action
}

// OnMessage keeps an event or a reply.
func (s *sock) OnMessage(_ *gws.Conn, m *gws.Message) {
	defer func() { _ = m.Close() }()
	v, err := decodeWhole(m.Bytes())
	obj, ok := v.(map[string]any)
	if err != nil || !ok {
		obj = map[string]any{"event": "(not JSON) " + brief(string(m.Bytes()))}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, isEvent := obj["event"]; isEvent {
		s.events = append(s.events, obj)
	} else if n, ok := number(obj["seq_reply"]); ok {
		s.replies[int64(n)] = obj
	} else if _, isReply := obj["status"]; isReply {
		s.replies[s.seq] = obj
	}
	s.tell()
}

// OnClose notes that nothing more comes.
func (s *sock) OnClose(*gws.Conn, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	s.tell()
}

func (s *sock) tell() {
	close(s.wake)
	s.wake = make(chan struct{})
}

// wait blocks until cond holds, with the lock held while it is asked; false at the end of ctx or
// of the socket.
func (s *sock) wait(ctx context.Context, cond func() bool) bool {
	for {
		s.mu.Lock()
		ok, closed, wake := cond(), s.closed, s.wake
		s.mu.Unlock()
		if ok || closed {
			return ok
		}
		select {
		case <-ctx.Done():
			return false
		case <-wake:
		}
	}
}

// dial opens a websocket; query may hold what resumes one.
func (b *Bench) dial(header http.Header, query string) (*sock, error) {
	s := &sock{replies: map[int64]map[string]any{}, wake: make(chan struct{})}
	if header == nil {
		header = http.Header{}
	}
	header.Set("User-Agent", "golden")
	conn, resp, err := gws.NewClient(s, &gws.ClientOption{
		Addr:             strings.Replace(b.target.BaseURL, "http", "ws", 1) + "/api/v4/websocket" + query,
		RequestHeader:    header,
		HandshakeTimeout: 5 * time.Second,
	})
	if err != nil {
		if resp != nil {
			return nil, fmt.Errorf("websocket: %w, status %d", err, resp.StatusCode)
		}
		return nil, fmt.Errorf("websocket: %w", err)
	}
	s.conn = conn
	go conn.ReadLoop()
	return s, nil
}

// open dials with a token and waits for hello and for being online.
func (b *Bench) open(ctx context.Context, token string) (*sock, error) {
	s, err := b.dial(http.Header{"Authorization": {"Bearer " + token}}, "")
	if err != nil {
		return nil, err
	}
	if _, err := s.event(ctx, b.target.Patience, "hello"); err != nil {
		return nil, err
	}
	// A server may find out aside that somebody is online now. Who asks for
	// the statuses hears it first, so that it isn't taken for a later act's.
	_, _ = s.ask(ctx, time.Second, "get_statuses", map[string]any{})
	return s, nil
}

// event waits for the first event of a name.
func (s *sock) event(ctx context.Context, patience time.Duration, name string) (map[string]any, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	var found map[string]any
	s.wait(ctx, func() bool {
		for _, e := range s.events {
			if e["event"] == name {
				found = e
				return true
			}
		}
		return false
	})
	if found == nil {
		return nil, fmt.Errorf("no %s event on the websocket", name)
	}
	return found, nil
}

// ask sends an action and waits for its reply.
func (s *sock) ask(ctx context.Context, patience time.Duration, action string, data any) (map[string]any, error) {
	s.mu.Lock()
	s.seq++
	seq := s.seq
	s.mu.Unlock()
	b, err := marshal(map[string]any{"seq": seq, "action": action, "data": data})
	if err != nil {
		return nil, err
	}
	if err := s.conn.WriteMessage(gws.OpcodeText, b); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	var reply map[string]any
	s.wait(ctx, func() bool { reply = s.replies[seq]; return reply != nil })
	if reply == nil {
		return nil, errors.New("no reply to the websocket action " + action)
	}
	return reply, nil
}

// barrier waits until all that the server sent up to now has come: it answers in order.
func (s *sock) barrier(ctx context.Context) {
	if s.noPing {
		return
	}
	if _, err := s.ask(ctx, time.Second, "ping", map[string]any{}); err != nil {
		s.noPing = true
	}
}

// count gives how many events have come.
func (s *sock) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.events)
}

// since gives the events from the n-th on.
func (s *sock) since(n int) []map[string]any {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]map[string]any{}, s.events[n:]...)
}

// close ends the socket properly and waits for the server's own close.
func (s *sock) close(ctx context.Context, patience time.Duration) {
	_ = s.conn.WriteClose(1000, nil)
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	s.wait(ctx, func() bool { return s.closed })
	_ = s.conn.NetConn().Close()
}
