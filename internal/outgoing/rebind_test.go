package outgoing

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/net/dns/dnsmessage"
)

// nameServer answers every question for an address with the next of a list; the
// last one stays.
func nameServer(t *testing.T, answers ...[4]byte) (addr string, asked *atomic.Int32) {
	t.Helper()
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	asked = &atomic.Int32{}
	go func() {
		buf := make([]byte, 1500)
		for {
			n, from, err := conn.ReadFrom(buf)
			if err != nil {
				return
			}
			var m dnsmessage.Message
			if m.Unpack(buf[:n]) != nil || len(m.Questions) != 1 {
				continue
			}
			q := m.Questions[0]
			m.Response, m.RecursionAvailable, m.Additionals = true, true, nil
			if q.Type == dnsmessage.TypeA {
				next := answers[min(int(asked.Add(1))-1, len(answers)-1)]
				m.Answers = []dnsmessage.Resource{{Header: dnsmessage.ResourceHeader{Name: q.Name, Type: q.Type, Class: q.Class},
					Body: &dnsmessage.AResource{A: next}}}
			}
			if out, err := m.Pack(); err == nil {
				_, _ = conn.WriteTo(out, from)
			}
		}
	}()
	return conn.LocalAddr().String(), asked
}

// TestANameThatTurnsInward asks a name whose server first says an address that
// is let through and then one of this host: what counts is what is connected to.
func TestANameThatTurnsInward(t *testing.T) {
	reached := 0
	inner := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached++ }))
	defer inner.Close()
	addr, asked := nameServer(t, [4]byte{127, 0, 0, 2}, [4]byte{127, 0, 0, 1})
	former := net.DefaultResolver
	defer func() { net.DefaultResolver = former }()
	net.DefaultResolver = &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "udp", addr)
	}}
	outer, err := net.Listen("tcp", "127.0.0.2"+inner.Listener.Addr().String()[strings.LastIndexByte(inner.Listener.Addr().String(), ':'):])
	if err != nil {
		t.Fatal(err)
	}
	hello := &http.Server{Handler: http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}), ReadHeaderTimeout: time.Second}
	go func() { _ = hello.Serve(outer) }()
	defer func() { _ = hello.Close() }()
	c := New(func() string { return "127.0.0.2" }, 5*time.Second)
	where := "http://turns.example.:" + strings.TrimPrefix(inner.URL, "http://127.0.0.1:") + "/"
	r, err := c.Get(where)
	if err != nil {
		t.Fatal(err)
	}
	_ = r.Body.Close()
	c.CloseIdleConnections()
	if r, err := c.Get(where); err == nil {
		_ = r.Body.Close()
		t.Fatal("reached")
	} else if !errors.Is(err, ErrReserved) {
		t.Fatal(err)
	}
	if asked.Load() < 2 || reached != 0 {
		t.Fatalf("the name was asked %d times, the inside reached %d times", asked.Load(), reached)
	}
}
