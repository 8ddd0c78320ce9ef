package server

import (
	"net/http"
	"strings"
	"sync"

	"github.com/parley-chat/parley/internal/config"
	"github.com/parley-chat/parley/internal/metrics"
	"github.com/parley-chat/parley/internal/realtime"
)

// watchMetrics has the metrics follow the settings, the database's pool and
// the hub; the function returned ends it. Metrics whose port is taken are
// logged, and counted all the same.
func (s *Server) watchMetrics() (stop func()) {
	m := s.slices.metrics
	m.WatchDB("master", s.DB.Stats)
	s.DB.Watch(m.Statement)
	meter := hubMeter{hub: s.Hub, metrics: m, told: map[string]int64{}, left: map[int]int64{}}
	m.BeforeScrape(meter.report)
	m.WatchCounts(s.slices.admin.Counts)
	m.WatchIRC(s.slices.ircgate.Figures)
	m.WatchMailGateway(s.slices.mailgate.Figures)
	if s.cluster != nil {
		m.WatchBus(s.busFigures)
	}
	apply := func(c *config.Config) {
		if err := m.Apply(c.MetricsSettings.Enable, s.scrapes != nil, c.MetricsSettings.ListenAddress); err != nil {
			s.log.Error("the metrics can't be served", "error", err)
		}
	}
	apply(s.Config.Get())
	s.Config.OnChange(func(old, now *config.Config) {
		if old.MetricsSettings.Enable != now.MetricsSettings.Enable || old.MetricsSettings.ListenAddress != now.MetricsSettings.ListenAddress {
			apply(now)
		}
	})
	return m.Close
}

// scrapeHandler answers GET /metrics on the server's own address for those whom METRICS_AUTH or the file of
// METRICS_AUTH_FILE names; nil when they name nobody.
func (s *Server) scrapeHandler() (http.Handler, error) {
	limits := newAddressLimits()
	o := metrics.GuardOptions{Log: s.log, Allow: func(r *http.Request) bool {
		return limits.allow(clientIP(r, s.Config.Get()), 1.0/6, 10)
	}}
	for _, line := range s.opts.Environ {
		switch name, value, _ := strings.Cut(line, "="); name {
		case "METRICS_AUTH":
			o.Lines = value
		case "METRICS_AUTH_FILE":
			o.Path = value
		}
	}
	guard, err := metrics.NewGuard(o)
	if guard == nil || err != nil {
		return nil, err
	}
	return guard.Protect(s.slices.metrics.Handler()), nil
}

// hubMeter carries what the hub has counted over to the metrics, each time
// somebody is about to read them.
type hubMeter struct {
	hub     *realtime.Hub
	metrics *metrics.Metrics

	mu     sync.Mutex
	told   map[string]int64 // events already carried over
	left   map[int]int64    // returns after a lost socket, by its close code
	frames int64
}

func (m *hubMeter) report() {
	m.mu.Lock()
	defer m.mu.Unlock()
	stats := &m.hub.Stats
	m.metrics.SetSockets("unknown", int(stats.Live.Load()))
	m.metrics.HubUsers("0", int(stats.Live.Load()+stats.Away.Load()))
	stats.EachEvent(func(name string, n int64) {
		m.metrics.Broadcasts(name, int(n-m.told[name]))
		m.told[name] = n
	})
	stats.EachLeft(func(code int, n int64) {
		for range n - m.left[code] {
			m.metrics.Reconnected("lost", code)
		}
		m.left[code] = n
	})
	frames := stats.Frames.Load()
	m.metrics.Delivered("all", int(frames-m.frames))
	m.frames = frames
}
