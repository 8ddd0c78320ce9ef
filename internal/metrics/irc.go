package metrics

import "github.com/prometheus/client_golang/prometheus"

// IRC is what the IRC gateway has counted.
type IRC struct {
	Connections int   // open now
	Registered  int   // of them, those of an account
	Taken       int64 // connections accepted so far
	Refused     int64 // of them, for lack of room
	Slow        int64 // ended because too much waited for them
	In, Out     int64 // lines
}

var (
	ircConnections = prometheus.NewDesc("parley_irc_connections", "Open IRC connections by state.", []string{"state"}, nil)
	ircTaken       = prometheus.NewDesc("parley_irc_connections_total", "IRC connections taken, and refused for lack of room.", []string{"result"}, nil)
	ircSlow        = prometheus.NewDesc("parley_irc_slow_readers_total", "IRC connections ended because too much waited for them.", nil, nil)
	ircLines       = prometheus.NewDesc("parley_irc_lines_total", "Lines of IRC from and to clients.", []string{"direction"}, nil)
)

// ircCounter shows IRC at a scrape.
type ircCounter struct{ count func() IRC }

// WatchIRC has count asked at a scrape. Call it before Apply.
func (m *Metrics) WatchIRC(count func() IRC) {
	if m == nil {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.irc = &ircCounter{count}
}

// Describe is what prometheus.Collector asks for.
func (c *ircCounter) Describe(to chan<- *prometheus.Desc) {
	for _, desc := range []*prometheus.Desc{ircConnections, ircTaken, ircSlow, ircLines} {
		to <- desc
	}
}

// Collect is what prometheus.Collector asks for.
func (c *ircCounter) Collect(to chan<- prometheus.Metric) {
	f := c.count()
	gauge := func(n int, state string) {
		to <- prometheus.MustNewConstMetric(ircConnections, prometheus.GaugeValue, float64(n), state)
	}
	counter := func(desc *prometheus.Desc, n int64, labels ...string) {
		to <- prometheus.MustNewConstMetric(desc, prometheus.CounterValue, float64(n), labels...)
	}
	gauge(f.Registered, "registered")
	gauge(f.Connections-f.Registered, "unregistered")
	counter(ircTaken, f.Taken-f.Refused, "taken")
	counter(ircTaken, f.Refused, "refused")
	counter(ircSlow, f.Slow)
	counter(ircLines, f.In, "in")
	counter(ircLines, f.Out, "out")
}
