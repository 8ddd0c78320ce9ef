// Package metrics counts what the server does, under the names that Mattermost's dashboards read.
//
// A *Metrics is handed to everybody who has something to count. While metrics are off, which is
// the default, every method is one atomic load and nothing is registered or kept in memory;
// Apply turns them on and off while the server runs and moves the listener. A nil *Metrics is
// always off, so tests and tools need none.
//
// Names and labels: shared vocabulary of mattermost_api_time and so on. Label values come from
// code (route patterns, event names, job types) or are narrowed to a known list here, never
// straight from a client, so the number of series stays bounded.
package metrics

import (
	"database/sql"
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Metrics observes. The zero value is off and ready to use.
type Metrics struct {
	on atomic.Pointer[set]

	mu     sync.Mutex // guards the fields below
	stats  map[string]func() sql.DBStats
	before []func()
	counts *counter
	bus    *busCounter
	irc    *ircCounter
	mails  *mailCounter
	server *listener
}

// New returns Metrics that are off until Apply or Enable.
func New() *Metrics { return &Metrics{} }

func (m *Metrics) get() *set {
	if m == nil {
		return nil
	}
	return m.on.Load()
}

// Enabled reports whether anything is counted.
func (m *Metrics) Enabled() bool { return m.get() != nil }

// Enable starts counting from zero; it does nothing when metrics are on.
func (m *Metrics) Enable() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.enable()
}

func (m *Metrics) enable() {
	if m.on.Load() == nil {
		set := newSet(m.stats)
		if m.counts != nil {
			set.registry.MustRegister(m.counts)
		}
		if m.bus != nil {
			set.registry.MustRegister(m.bus)
		}
		if m.irc != nil {
			set.registry.MustRegister(m.irc)
		}
		if m.mails != nil {
			set.registry.MustRegister(m.mails)
		}
		m.on.Store(set)
	}
}

// WatchDB shows the pool of a database under the label db_name, and its open connections as
// mattermost_db_master_connections_total when the name is "master". Call it before Apply.
func (m *Metrics) WatchDB(name string, stats func() sql.DBStats) {
	if m == nil {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.stats == nil {
		m.stats = map[string]func() sql.DBStats{}
	}
	m.stats[name] = stats
}

// BeforeScrape has fn called before each answer to a scrape, to bring figures up to date that are
// counted elsewhere. Call it before Apply.
func (m *Metrics) BeforeScrape(fn func()) {
	if m == nil {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.before = append(m.before, fn)
}

// Handler answers a scrape; 404 while metrics are off.
func (m *Metrics) Handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s := m.get()
		if s == nil {
			http.NotFound(w, r)
			return
		}
		m.mu.Lock()
		before := m.before
		m.mu.Unlock()
		for _, fn := range before {
			fn()
		}
		promhttp.HandlerFor(s.registry, promhttp.HandlerOpts{MaxRequestsInFlight: 4, Timeout: 30 * time.Second}).ServeHTTP(w, r)
	})
}

// APIRequest counts and times one answered API request. handler is the route's pattern or operation id,
// never the path that was asked for.
func (m *Metrics) APIRequest(handler, method string, status int, originClient, pageLoad string, d time.Duration) {
	if s := m.get(); s != nil {
		s.apiTime.WithLabelValues(handler, method, strconv.Itoa(status), Client(originClient), pageLoadContext(pageLoad)).Observe(d.Seconds())
	}
}

// HTTPRequest counts and times any request, pages and files included; failed for a status of 400 and more.
func (m *Metrics) HTTPRequest(d time.Duration, failed bool) {
	s := m.get()
	if s == nil {
		return
	}
	s.httpRequests.Inc()
	s.httpDuration.Observe(d.Seconds())
	if failed {
		s.httpErrors.Inc()
	}
}

// SocketOpened and SocketClosed follow the number of open websockets by kind of client.
func (m *Metrics) SocketOpened(originClient string) {
	if s := m.get(); s != nil {
		s.sockets.WithLabelValues(Client(originClient)).Inc()
	}
}

// SocketClosed ends what SocketOpened began. A socket that was opened before metrics were turned on makes the
// gauge one too low; the server therefore reports open sockets again with SetSockets.
func (m *Metrics) SocketClosed(originClient string) {
	if s := m.get(); s != nil {
		s.sockets.WithLabelValues(Client(originClient)).Dec()
	}
}

// SetSockets corrects the number of open websockets of a kind of client.
func (m *Metrics) SetSockets(originClient string, n int) {
	if s := m.get(); s != nil {
		s.sockets.WithLabelValues(Client(originClient)).Set(float64(n))
	}
}

// Broadcast counts an event published to clients, whatever its audience.
func (m *Metrics) Broadcast(event string) {
	if s := m.get(); s != nil {
		s.broadcasts.WithLabelValues(event).Inc()
	}
}

// Broadcasts is Broadcast for n events at once.
func (m *Metrics) Broadcasts(event string, n int) {
	if s := m.get(); s != nil {
		s.broadcasts.WithLabelValues(event).Add(float64(n))
	}
}

// Delivered counts n copies of an event that went into sockets' queues.
func (m *Metrics) Delivered(event string, n int) {
	if s := m.get(); s != nil {
		s.delivered.WithLabelValues(event).Add(float64(n))
	}
}

// Reconnected counts a resumed or restarted socket; code is the close code that the client tells, kept if it is one.
func (m *Metrics) Reconnected(kind string, code int) {
	if s := m.get(); s != nil {
		text := "other"
		if code == 0 || code >= 1000 && code < 1016 || code >= 4000 && code < 4020 {
			text = strconv.Itoa(code)
		}
		s.reconnects.WithLabelValues(kind, text).Inc()
	}
}

// HubQueue and HubUsers show how much waits in a hub's queue and how many connections it serves.
func (m *Metrics) HubQueue(hub string, n int) {
	if s := m.get(); s != nil {
		s.hubQueue.WithLabelValues(hub).Set(float64(n))
	}
}

// HubUsers shows how many connections a hub serves.
func (m *Metrics) HubUsers(hub string, n int) {
	if s := m.get(); s != nil {
		s.hubUsers.WithLabelValues(hub).Set(float64(n))
	}
}

// CacheHit, CacheMiss and CacheInvalidated count what an in-memory cache does.
func (m *Metrics) CacheHit(cache string) {
	if s := m.get(); s != nil {
		s.cacheHits.WithLabelValues(cache).Inc()
	}
}

// CacheMiss counts a look-up that had to ask the database.
func (m *Metrics) CacheMiss(cache string) {
	if s := m.get(); s != nil {
		s.cacheMisses.WithLabelValues(cache).Inc()
	}
}

// CacheInvalidated counts an entry (or a whole cache) thrown away because its source changed.
func (m *Metrics) CacheInvalidated(cache string) {
	if s := m.get(); s != nil {
		s.cacheInvalidations.WithLabelValues(cache).Inc()
	}
}

// Etag counts an answer of a route that has one: hit for 304.
func (m *Metrics) Etag(route string, hit bool) {
	s := m.get()
	if s == nil {
		return
	}
	if hit {
		s.etagHits.WithLabelValues(route).Inc()
		return
	}
	s.etagMisses.WithLabelValues(route).Inc()
}

// Login counts an attempt to log in.
func (m *Metrics) Login(ok bool) {
	s := m.get()
	if s == nil {
		return
	}
	if ok {
		s.logins.Inc()
		return
	}
	s.loginsFailed.Inc()
}
