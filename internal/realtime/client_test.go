package realtime

import (
	"bufio"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
)

// world is a hub behind a real HTTP server. A token is "user" or
// "user/session", with /admin, /guest or /nomfa behind.
type world struct {
	*Hub
	t        testing.TB
	addr     string
	mu       sync.Mutex
	channels map[string][]string
	teams    map[string][]string
	loads    int
	events   []string // of Connected and Disconnected
}

func identify(token string) (Identity, error) {
	parts := strings.Split(token, "/")
	if parts[0] == "" || parts[0] == "bad" {
		return Identity{}, errors.New("no such token")
	}
	who := Identity{UserID: parts[0], SessionID: parts[0] + "-session", MFAOK: true}
	for _, p := range parts[1:] {
		switch p {
		case "admin":
			who.Admin = true
		case "guest":
			who.Guest = true
		case "nomfa":
			who.MFAOK = false
		default:
			who.SessionID = p
		}
	}
	return who, nil
}

func newWorld(t testing.TB, change func(*Options)) *world {
	w := &world{t: t, channels: map[string][]string{}, teams: map[string][]string{}}
	opt := Options{
		Authenticate: func(_ context.Context, token string) (Identity, error) { return identify(token) },
		Memberships: func(_ context.Context, userID string) ([]string, []string, error) {
			w.mu.Lock()
			defer w.mu.Unlock()
			w.loads++
			return w.channels[userID], w.teams[userID], nil
		},
		Connected:     func(u string, edge bool) { w.note(fmt.Sprint("+", u, edge)) },
		Disconnected:  func(u string, edge bool) { w.note(fmt.Sprint("-", u, edge)) },
		ServerVersion: func() string { return "11.6.0.1.hash.false" },
		Hostname:      "here",
		Log:           slog.New(slog.DiscardHandler),
	}
	if change != nil {
		change(&opt)
	}
	w.Hub = New(opt)
	srv := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok {
			who, _ := identify(token)
			w.Serve(rw, r, &who)
			return
		}
		w.Serve(rw, r, nil)
	}))
	w.addr = srv.Listener.Addr().String()
	t.Cleanup(func() {
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		_ = w.Close(ctx, "test over")
		srv.Close()
	})
	return w
}

func (w *world) note(s string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.events = append(w.events, s)
}

// until waits for a condition.
func until(t testing.TB, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); !ok(); {
		if time.Now().After(end) {
			t.Fatal("never: ", what)
		}
		time.Sleep(time.Millisecond)
	}
}

// client is a hand-made websocket client that can also do what no client should.
type client struct {
	net.Conn
	t    testing.TB
	br   *bufio.Reader
	id   string
	want int64 // number of the next event
}

func (w *world) dial(token, query string) *client {
	w.t.Helper()
	auth := ""
	if token != "" {
		auth = "Authorization: Bearer " + token + "\r\n"
	}
	return w.dialRaw(fmt.Sprintf("GET /api/v4/websocket?%s HTTP/1.1\r\nHost: x\r\nConnection: keep-alive, Upgrade\r\nUpgrade: websocket\r\n"+
		"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n%s\r\n", query, auth))
}

// dialRaw sends an upgrade request, and maybe more, in one piece.
func (w *world) dialRaw(request string) *client {
	w.t.Helper()
	conn, err := net.Dial("tcp", w.addr)
	if err != nil {
		w.t.Fatal(err)
	}
	return w.upgrade(conn, request)
}

func (w *world) upgrade(conn net.Conn, request string) *client {
	w.t.Helper()
	w.t.Cleanup(func() { conn.Close() })
	if _, err := io.WriteString(conn, request); err != nil {
		w.t.Fatal(err)
	}
	c := &client{Conn: conn, t: w.t, br: bufio.NewReaderSize(conn, 4096)}
	resp, err := http.ReadResponse(c.br, nil)
	if err != nil || resp.StatusCode != 101 {
		w.t.Fatalf("upgrade: %v %v", resp, err)
	}
	_ = conn.SetReadDeadline(time.Now().Add(60 * time.Second))
	return c
}

// connect dials and reads the hello.
func (w *world) connect(token string) *client {
	w.t.Helper()
	c := w.dial(token, "")
	c.hello()
	return c
}

func (c *client) hello() {
	c.t.Helper()
	e := c.event()
	if e.Event != "hello" || e.Seq != 0 {
		c.t.Fatalf("no hello but %+v", e)
	}
	c.id, _ = e.Data["connection_id"].(string)
}

// frame reads one frame of any kind.
func (c *client) frame() (op byte, payload []byte, err error) {
	var head [10]byte
	if _, err = io.ReadFull(c.br, head[:2]); err != nil {
		return 0, nil, err
	}
	n := uint64(head[1])
	switch {
	case n > 127:
		return 0, nil, errors.New("the server masked a frame")
	case n == 127:
		_, err = io.ReadFull(c.br, head[2:10])
		n = binary.BigEndian.Uint64(head[2:10])
	case n == 126:
		_, err = io.ReadFull(c.br, head[2:4])
		n = uint64(binary.BigEndian.Uint16(head[2:4]))
	}
	if err != nil {
		return 0, nil, err
	}
	payload = make([]byte, n)
	_, err = io.ReadFull(c.br, payload)
	return head[0], payload, err
}

type seen struct {
	Event     string
	Data      map[string]any
	Broadcast map[string]any
	Seq       int64
	Status    string
	SeqReply  int64 `json:"seq_reply"`
	Error     struct {
		ID     string
		Status int `json:"status_code"`
	}
	raw string
}

func (c *client) next() (seen, error) {
	for {
		op, payload, err := c.frame()
		if err != nil {
			return seen{}, err
		}
		if op == opClose {
			return seen{}, closed{int(binary.BigEndian.Uint16(payload)), string(payload[2:])}
		}
		if op != opText {
			continue
		}
		var s seen
		if err := json.Unmarshal(payload, &s); err != nil {
			return s, fmt.Errorf("%w: %s", err, payload)
		}
		s.raw = string(payload)
		return s, nil
	}
}

type closed struct {
	code   int
	reason string
}

func (c closed) Error() string { return fmt.Sprint("closed: ", c.code, " ", c.reason) }

// event reads the next event, whose number must be the next one.
func (c *client) event() seen {
	c.t.Helper()
	s, err := c.next()
	if err != nil {
		c.t.Fatal(err)
	}
	if s.Event == "" || s.Seq != c.want {
		c.t.Fatalf("want event %d, got %s", c.want, s.raw)
	}
	c.want++
	return s
}

// reply reads the next frame, which must be a reply.
func (c *client) reply() seen {
	c.t.Helper()
	s, err := c.next()
	if err != nil || s.Status == "" {
		c.t.Fatalf("no reply: %v %s", err, s.raw)
	}
	return s
}

// closing reads up to the close frame and expects its code.
func (c *client) closing(code int) {
	c.t.Helper()
	for {
		_, err := c.next()
		var got closed
		if errors.As(err, &got) {
			if got.code != code || got.reason == "" && code != 1007 {
				c.t.Fatalf("want close %d: %v", code, err)
			}
			return
		}
		if err != nil {
			c.t.Fatalf("want close %d, got %v", code, err)
		}
	}
}

// write sends a masked frame; first is FIN and opcode.
func (c *client) write(first byte, payload []byte) error {
	b := appendHeader(nil, first, len(payload))
	b[1] |= 0x80
	b = append(b, 1, 2, 3, 4)
	for i, v := range payload {
		b = append(b, v^byte(i%4+1))
	}
	_, err := c.Conn.Write(b)
	return err
}

func (c *client) send(text string) {
	c.t.Helper()
	if err := c.write(opText, []byte(text)); err != nil {
		c.t.Fatal(err)
	}
}

// quiet checks that nothing was sent to the client before a ping's answer.
func (c *client) quiet() {
	c.t.Helper()
	c.send(`{"seq":99,"action":"ping"}`)
	if s := c.reply(); s.SeqReply != 99 {
		c.t.Fatal(s.raw)
	}
}
