// Package ircgate lets IRC clients use Parley: teams and channels as one IRC network.
//
// A connection is two things at once. Towards the server it is one more client: it signs in, reads
// and writes through the same routes as a browser, called in this process (client.go), and hears
// what happens as a websocket does, by a realtime.Listener. So it can see and do what its account
// may, decided where that is decided for everybody. Towards its peer it is an IRC server after RFC
// 1459 and 2812 with the extensions of IRCv3 (caps.go).
//
// One goroutine owns a connection's state (conn.go): it takes lines from the reader, events from the
// hub and the ticks of a clock, one at a time. Lines go out through a queue that is bounded in bytes
// (out.go), and only through conn.send, which leaves no byte in a parameter that could end a line.
package ircgate

import (
	"context"
	"crypto/tls"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"sync"
	"sync/atomic"
	"time"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/config"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/metrics"
	"github.com/parley-chat/parley/internal/realtime"
)

// Config is what the gateway is made from.
type Config struct {
	DB       *db.DB
	Settings *config.Store
	Access   *access.Access
	Hub      *realtime.Hub
	API      http.Handler // the server's routes
	// Certificate is the server's own, for when the settings name none; nil when it has none.
	Certificate func() *tls.Config
	Log         *slog.Logger
}

// Gate is the gateway. Make it with New; it works while Run does.
type Gate struct {
	db     *db.DB
	cfg    *config.Store
	access *access.Access
	hub    *realtime.Hub
	api    http.Handler
	cert   func() *tls.Config
	log    *slog.Logger
	lim    limits
	began  time.Time

	mu        sync.Mutex
	conns     map[*conn]struct{}
	addresses map[string]int // connections by address
	accounts  map[string]int // registered connections by user
	open      []net.Listener
	changed   chan struct{}
	tasks     sync.WaitGroup

	linesIn, linesOut, taken, refused, flooded atomic.Int64
}

// limits are the bounds of a connection, variable for tests.
type limits struct {
	register    time.Duration // until registered
	ping        time.Duration // of silence, until the client is asked; as long again, until it is cut
	write       time.Duration // for a client to take what is written
	queue       int           // bytes that wait for a client
	linesPerSec float64
	linesBurst  int
	early       int // lines before registration
	names       int // members of a channel that are listed
	listed      int // channels in the answer to LIST, per team
	polled      int // people whose status is followed
	poll        time.Duration
}

var defaultLimits = limits{register: 30 * time.Second, ping: 90 * time.Second, write: 30 * time.Second, queue: 1 << 20,
	linesPerSec: 8, linesBurst: 60, early: 40, names: 1000, listed: 2000, polled: 500, poll: 30 * time.Second}

// New returns a gateway that isn't listening yet.
func New(c Config) *Gate {
	g := &Gate{db: c.DB, cfg: c.Settings, access: c.Access, hub: c.Hub, api: c.API, cert: c.Certificate, log: c.Log, lim: defaultLimits,
		began: time.Now(), conns: map[*conn]struct{}{}, addresses: map[string]int{}, accounts: map[string]int{}, changed: make(chan struct{}, 1)}
	g.cfg.OnChange(func(old, now *config.Config) {
		if old.IRCSettings != now.IRCSettings {
			select {
			case g.changed <- struct{}{}:
			default:
			}
		}
	})
	return g
}

// Figures are what the metrics show.
func (g *Gate) Figures() metrics.IRC {
	g.mu.Lock()
	defer g.mu.Unlock()
	f := metrics.IRC{Connections: len(g.conns), In: g.linesIn.Load(), Out: g.linesOut.Load(),
		Taken: g.taken.Load(), Refused: g.refused.Load(), Slow: g.flooded.Load()}
	for _, n := range g.accounts {
		f.Registered += n
	}
	return f
}

// Addrs are the addresses that the gateway listens on.
func (g *Gate) Addrs() []net.Addr {
	g.mu.Lock()
	defer g.mu.Unlock()
	out := make([]net.Addr, len(g.open))
	for i, ln := range g.open {
		out[i] = ln.Addr()
	}
	return out
}

// serverName is how the gateway calls itself in lines: the host of the site.
func (g *Gate) serverName() string {
	u, err := url.Parse(g.cfg.Get().ServiceSettings.SiteURL)
	if err != nil || u.Hostname() == "" || net.ParseIP(u.Hostname()) != nil {
		return "parley.local"
	}
	return cut(word(u.Hostname()), 63)
}

// network is the name of the network: that of the site, in one word.
func (g *Gate) network() string {
	if name := word(g.cfg.Get().TeamSettings.SiteName); name != "" {
		return cut(name, 30)
	}
	return "Parley"
}

// admit counts a connection of an address, or says why there is no room for it.
func (g *Gate) admit(c *conn) (refusal string) {
	set := g.cfg.Get().IRCSettings
	g.mu.Lock()
	defer g.mu.Unlock()
	switch {
	case len(g.conns) >= set.MaxConnections:
		return "This server has no room for more IRC connections; try again later"
	case g.addresses[c.ip] >= set.MaxPerAddress:
		return "Too many connections from your address"
	}
	g.conns[c] = struct{}{}
	g.addresses[c.ip]++
	return ""
}

func (g *Gate) leave(c *conn) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if _, in := g.conns[c]; !in {
		return
	}
	delete(g.conns, c)
	drop(g.addresses, c.ip)
	if c.counted != "" {
		drop(g.accounts, c.counted)
	}
}

// count notes whose a connection has become; false when the account has too many.
func (g *Gate) count(c *conn, userID string) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.accounts[userID] >= g.cfg.Get().IRCSettings.MaxPerAccount {
		return false
	}
	g.accounts[userID]++
	c.counted = userID
	return true
}

func drop(counts map[string]int, key string) {
	if counts[key]--; counts[key] <= 0 {
		delete(counts, key)
	}
}

// closeAll ends every connection with a reason and waits until they have ended, or ctx does.
func (g *Gate) closeAll(ctx context.Context, reason string) {
	g.mu.Lock()
	for c := range g.conns {
		c.end(reason)
	}
	g.mu.Unlock()
	done := make(chan struct{})
	go func() { g.tasks.Wait(); close(done) }()
	select {
	case <-done:
	case <-ctx.Done():
		g.mu.Lock()
		for c := range g.conns {
			_ = c.nc.Close()
		}
		g.mu.Unlock()
	}
}
