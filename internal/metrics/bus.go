package metrics

import (
	"github.com/prometheus/client_golang/prometheus"
)

// Bus is what was said between nodes since the start, and how it stands now.
type Bus struct {
	Connected        bool
	Nodes            int
	Sent, Received   int64 // frames
	Dropped          int64 // messages that found no room while nobody took them
	Gaps, Reconnects int64
	Topics           map[string]int64 // messages, by topic
}

var (
	busConnected  = prometheus.NewDesc("parley_bus_connected", "1 while the server of NATS is reached.", nil, nil)
	busNodes      = prometheus.NewDesc("parley_bus_nodes", "Nodes that live, this one included.", nil, nil)
	busFrames     = prometheus.NewDesc("parley_bus_frames_total", "Frames to and from other nodes.", []string{"direction"}, nil)
	busDropped    = prometheus.NewDesc("parley_bus_dropped_total", "Messages that found no room while nobody took them.", nil, nil)
	busGaps       = prometheus.NewDesc("parley_bus_gaps_total", "Times that messages of other nodes may have been missed.", nil, nil)
	busReconnects = prometheus.NewDesc("parley_bus_reconnects_total", "Times that the connection to NATS came back.", nil, nil)
	busTopics     = prometheus.NewDesc("mattermost_cluster_cluster_event_type_totals", "Messages between nodes.", []string{"name"}, nil)
	busHealth     = prometheus.NewDesc("mattermost_cluster_cluster_health_score", "0 while the other nodes can be heard.", nil, nil)
)

// busCounter shows Bus at a scrape.
type busCounter struct{ count func() Bus }

// WatchBus has count asked at a scrape. Call it before Apply.
func (m *Metrics) WatchBus(count func() Bus) {
	if m == nil {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.bus = &busCounter{count}
}

// Describe is what prometheus.Collector asks for.
func (c *busCounter) Describe(to chan<- *prometheus.Desc) {
	for _, desc := range []*prometheus.Desc{busConnected, busNodes, busFrames, busDropped, busGaps, busReconnects, busTopics, busHealth} {
		to <- desc
	}
}

// Collect is what prometheus.Collector asks for.
func (c *busCounter) Collect(to chan<- prometheus.Metric) {
	b := c.count()
	gauge := func(desc *prometheus.Desc, n int) {
		to <- prometheus.MustNewConstMetric(desc, prometheus.GaugeValue, float64(n))
	}
	counter := func(desc *prometheus.Desc, n int64, labels ...string) {
		to <- prometheus.MustNewConstMetric(desc, prometheus.CounterValue, float64(n), labels...)
	}
	connected := 0
	if b.Connected {
		connected = 1
	}
	gauge(busConnected, connected)
	gauge(busHealth, 1-connected)
	gauge(busNodes, b.Nodes)
	counter(busFrames, b.Sent, "sent")
	counter(busFrames, b.Received, "received")
	counter(busDropped, b.Dropped)
	counter(busGaps, b.Gaps)
	counter(busReconnects, b.Reconnects)
	for topic, n := range b.Topics {
		counter(busTopics, n, topic)
	}
}
