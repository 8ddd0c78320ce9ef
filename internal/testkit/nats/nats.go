// Package nats runs a real server of NATS for a test, the system's program
// nats-server, and relays through which single nodes can be cut off from it.
// Nothing is skipped: without the program (scripts/need.sh test installs it) a
// test fails. Test only.
package nats

import (
	"io"
	"net"
	"os/exec"
	"sync"
	"testing"
	"time"
)

// Server is a server of NATS that can be killed and started again.
type Server struct {
	t       testing.TB
	Address string // host:port
	args    []string
	cmd     *exec.Cmd
}

// Start runs a server until the test ends.
func Start(t testing.TB, args ...string) *Server {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &Server{t: t, Address: ln.Addr().String(), args: args}
	_ = ln.Close()
	t.Cleanup(s.Kill)
	s.Run()
	return s
}

// URL is where nodes reach the server.
func (s *Server) URL() string { return "nats://" + s.Address }

// Run starts the server, at the same address each time.
func (s *Server) Run() {
	s.t.Helper()
	host, port, err := net.SplitHostPort(s.Address)
	if err != nil {
		s.t.Fatal(err)
	}
	s.cmd = exec.Command("nats-server", append([]string{"-a", host, "-p", port}, s.args...)...)
	if err := s.cmd.Start(); err != nil {
		s.t.Fatal("nats-server can't be started: ", err)
	}
	for end := time.Now().Add(20 * time.Second); ; time.Sleep(5 * time.Millisecond) {
		conn, err := net.Dial("tcp", s.Address)
		if err == nil {
			_ = conn.Close()
			return
		}
		if time.Now().After(end) {
			s.t.Fatal("nats-server did not start: ", err)
		}
	}
}

// Kill ends the server as a power cut does.
func (s *Server) Kill() {
	if s.cmd != nil {
		_ = s.cmd.Process.Kill()
		_ = s.cmd.Wait()
		s.cmd = nil
	}
}

// Relay stands between one node and the server.
type Relay struct {
	to    string
	ln    net.Listener
	mu    sync.Mutex
	cut   bool
	conns map[net.Conn]struct{}
}

// Relay opens a way to the server that can be cut.
func (s *Server) Relay() *Relay {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		s.t.Fatal(err)
	}
	r := &Relay{to: s.Address, ln: ln, conns: map[net.Conn]struct{}{}}
	s.t.Cleanup(func() { _ = ln.Close(); r.Cut() })
	go func() {
		for {
			conn, err := ln.Accept()
			if err != nil {
				return
			}
			go r.carry(conn)
		}
	}()
	return r
}

// URL is where the node reaches the server by the relay.
func (r *Relay) URL() string { return "nats://" + r.ln.Addr().String() }

func (r *Relay) carry(in net.Conn) {
	out, err := net.Dial("tcp", r.to)
	if err != nil || !r.hold(in, out) {
		_ = in.Close()
		return
	}
	for _, way := range [][2]net.Conn{{in, out}, {out, in}} {
		go func() {
			_, _ = io.Copy(way[0], way[1])
			_ = way[0].Close()
		}()
	}
}

// hold notes the two ends, unless the way is cut.
func (r *Relay) hold(in, out net.Conn) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.cut {
		_ = out.Close()
		return false
	}
	r.conns[in], r.conns[out] = struct{}{}, struct{}{}
	return true
}

// Cut breaks what goes through the relay, until Mend.
func (r *Relay) Cut() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.cut = true
	for c := range r.conns {
		_ = c.Close()
	}
	clear(r.conns)
}

// Mend lets connections through again.
func (r *Relay) Mend() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.cut = false
}
