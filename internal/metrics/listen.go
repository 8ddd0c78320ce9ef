package metrics

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"time"
)

// listener is the scrape port while it is open.
type listener struct {
	addr   string // as asked for
	server *http.Server
	bound  net.Addr
}

// Apply follows MetricsSettings: it turns counting on and listens on addr for GET /metrics, moves the
// listener when addr changes, and turns everything off again. Counting that somebody else needs, too, is kept on by
// always. It fails when addr can't be listened on; counting is on then, and Handler works.
func (m *Metrics) Apply(enable, always bool, addr string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if enable || always {
		m.enable()
	} else {
		m.on.Store(nil)
	}
	if !enable {
		m.stop()
		return nil
	}
	if m.server != nil && m.server.addr == addr {
		return nil
	}
	m.stop()
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return fmt.Errorf("metrics: %w", err)
	}
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", m.Handler())
	s := &http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 16 << 10}
	m.server = &listener{addr: addr, server: s, bound: l.Addr()}
	go s.Serve(l) // ends with ErrServerClosed when stop closes it
	return nil
}

// Addr is where the listener is bound, or nil.
func (m *Metrics) Addr() net.Addr {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.server == nil {
		return nil
	}
	return m.server.bound
}

// Close ends the listener and waits a moment for a scrape in progress.
func (m *Metrics) Close() { _ = m.Apply(false, false, "") }

func (m *Metrics) stop() {
	if m.server == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	if m.server.server.Shutdown(ctx) != nil {
		m.server.server.Close()
	}
	m.server = nil
}
