package server

import (
	"net"
	"net/http"
	"sync"
)

// unused are the connections on which no request has come yet. Browsers open
// such ahead of need; http.Server waits seconds for them when it stops.
type unused struct {
	mu    sync.Mutex
	conns map[net.Conn]struct{}
}

// follow is the http.Server's ConnState.
func (u *unused) follow(c net.Conn, state http.ConnState) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if state != http.StateNew {
		delete(u.conns, c)
		return
	}
	if u.conns == nil {
		u.conns = map[net.Conn]struct{}{}
	}
	u.conns[c] = struct{}{}
}

// close ends them all.
func (u *unused) close() {
	u.mu.Lock()
	defer u.mu.Unlock()
	for c := range u.conns {
		_ = c.Close()
	}
}
