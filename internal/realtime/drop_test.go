package realtime

import (
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// gated is a listener whose connections, like those of TLS, are written to by
// a goroutine, and whose writes wait at a gate after the test has shut it.
type gated struct {
	net.Listener
	gate chan struct{} // holds a token while open
}

func (l gated) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	return gatedConn{c, l.gate}, err
}

type gatedConn struct {
	net.Conn
	gate chan struct{}
}

func (c gatedConn) Write(p []byte) (int, error) {
	token := <-c.gate
	c.gate <- token
	return c.Conn.Write(p)
}

// A write that is under way when the session ends is followed by the close
// frame: without it the client wouldn't know that it has to log in again.
func TestDropDuringWrite(t *testing.T) {
	w := newWorld(t, nil)
	w.lim.flightMS = 60_000
	gate := make(chan struct{}, 1)
	gate <- struct{}{}
	srv := httptest.NewUnstartedServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		w.Serve(rw, r, &Identity{UserID: "alice", SessionID: "s", MFAOK: true})
	}))
	srv.Listener = gated{srv.Listener, gate}
	srv.Start()
	defer srv.Close()
	w.addr = srv.Listener.Addr().String()
	c := w.connect("alice")
	until(t, "the greeting written", func() bool { return !w.stalled() })
	<-gate
	w.Publish(Event{Name: "x", To: Audience{UserID: "alice"}})
	until(t, "a write under way", w.stalled)
	w.Publish(Event{Name: "y", To: Audience{UserID: "alice"}})
	w.DropUser("alice", "deactivated")
	gate <- struct{}{}
	if e := c.event(); e.Event != "x" {
		t.Fatal(e.raw)
	}
	if _, err := c.next(); err == nil || !strings.Contains(err.Error(), "4101") {
		t.Fatal(err)
	}
}

// A write that hangs when the session ends is cut off soon, without any help
// by the clock that looks after slow readers.
func TestDropHangingWrite(t *testing.T) {
	w := newWorld(t, func(o *Options) { o.Now = func() int64 { return 1_700_000_000_000 } })
	w.connect("alice")
	big := Event{Name: "big", Data: map[string]string{"x": strings.Repeat("x", 8000)}, To: Audience{UserID: "alice"}}
	for w.Stats.Stalls.Load() == 0 {
		w.Publish(big)
	}
	until(t, "a hanging write", w.stalled)
	w.DropUser("alice", "deactivated")
	until(t, "closed", func() bool {
		w.Hub.mu.Lock()
		defer w.Hub.mu.Unlock()
		return len(w.sockets) == 0
	})
}
