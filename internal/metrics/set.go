package metrics

import (
	"database/sql"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
)

const namespace = "mattermost"

// set is everything that is registered while metrics are on.
type set struct {
	registry *prometheus.Registry

	apiTime, storeTime, pluginAPI, pluginHooks         *prometheus.HistogramVec
	httpDuration, postSearchTime, fileSearchTime       prometheus.Histogram
	httpRequests, httpErrors, logins, loginsFailed     prometheus.Counter
	posts, postBroadcasts, postFiles, postWebhooks     prometheus.Counter
	postEmails, postPushes, postSearches, fileSearches prometheus.Counter
	broadcasts, delivered, reconnects                  *prometheus.CounterVec
	cacheHits, cacheMisses, cacheInvalidations         *prometheus.CounterVec
	etagHits, etagMisses                               *prometheus.CounterVec
	sockets, hubQueue, hubUsers, jobs                  *prometheus.GaugeVec
	replicaLagAbs, replicaLagTime                      *prometheus.GaugeVec
	deliveries                                         *prometheus.HistogramVec
	notices                                            [NoticeUnsupported + 1]*prometheus.CounterVec
	reports                                            map[string]*prometheus.HistogramVec
	reportCounters                                     map[string]*prometheus.CounterVec
}

// apiBuckets reach from answers out of memory to uploads, in seconds.
var apiBuckets = []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10}

// builder makes and registers metrics.
type builder struct{ reg *prometheus.Registry }

func (b builder) counter(sub, name, help string) prometheus.Counter {
	c := prometheus.NewCounter(prometheus.CounterOpts{Namespace: namespace, Subsystem: sub, Name: name, Help: help})
	b.reg.MustRegister(c)
	return c
}

func (b builder) counters(sub, name, help string, labels ...string) *prometheus.CounterVec {
	c := prometheus.NewCounterVec(prometheus.CounterOpts{Namespace: namespace, Subsystem: sub, Name: name, Help: help}, labels)
	b.reg.MustRegister(c)
	return c
}

func (b builder) gauges(sub, name, help string, labels ...string) *prometheus.GaugeVec {
	c := prometheus.NewGaugeVec(prometheus.GaugeOpts{Namespace: namespace, Subsystem: sub, Name: name, Help: help}, labels)
	b.reg.MustRegister(c)
	return c
}

func (b builder) gauge(sub, name, help string) prometheus.Gauge {
	c := prometheus.NewGauge(prometheus.GaugeOpts{Namespace: namespace, Subsystem: sub, Name: name, Help: help})
	b.reg.MustRegister(c)
	return c
}

func (b builder) times(sub, name, help string, labels ...string) *prometheus.HistogramVec {
	h := prometheus.NewHistogramVec(prometheus.HistogramOpts{Namespace: namespace, Subsystem: sub, Name: name, Help: help, Buckets: apiBuckets}, labels)
	b.reg.MustRegister(h)
	return h
}

func (b builder) time(sub, name, help string) prometheus.Histogram {
	h := prometheus.NewHistogram(prometheus.HistogramOpts{Namespace: namespace, Subsystem: sub, Name: name, Help: help, Buckets: apiBuckets})
	b.reg.MustRegister(h)
	return h
}

func newSet(stats map[string]func() sql.DBStats) *set {
	reg := prometheus.NewRegistry()
	b := builder{reg}
	s := &set{
		registry:     reg,
		apiTime:      b.times("api", "time", "Duration of API requests in seconds.", "handler", "method", "status_code", "origin_client", "page_load_context"),
		httpRequests: b.counter("http", "requests_total", "Requests answered."),
		httpErrors:   b.counter("http", "errors_total", "Requests answered with a status of 400 or more."),
		httpDuration: b.time("http", "request_duration_seconds", "Duration of requests in seconds."),
		sockets:      b.gauges("http", "websockets_total", "Open websockets.", "origin_client"),
		logins:       b.counter("login", "logins_total", "Successful logins."),
		loginsFailed: b.counter("login", "logins_fail_total", "Failed logins."),
	}
	s.addContent(b)
	s.addPlatform(b)
	s.addReports(b)
	s.deliveries = prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "parley_deliveries_seconds",
		Help: "Duration of calls to integrations in seconds, by kind and outcome.", Buckets: apiBuckets}, []string{"kind", "success"})
	reg.MustRegister(s.deliveries)
	b.addProcess(stats)
	return s
}

func (s *set) addContent(b builder) {
	s.posts = b.counter("post", "total", "Posts created.")
	s.postBroadcasts = b.counter("post", "broadcasts_total", "Posts told to the members of their channel.")
	s.postFiles = b.counter("post", "file_attachments_total", "Files attached to posts.")
	s.postWebhooks = b.counter("post", "webhooks_total", "Posts created by webhooks.")
	s.postEmails = b.counter("post", "emails_sent_total", "Mails about posts.")
	s.postPushes = b.counter("post", "pushes_sent_total", "Push messages about posts.")
	s.postSearches = b.counter("search", "posts_searches_total", "Searches for posts.")
	s.postSearchTime = b.time("search", "posts_searches_duration_seconds", "Duration of searches for posts in seconds.")
	s.fileSearches = b.counter("search", "files_searches_total", "Searches for files.")
	s.fileSearchTime = b.time("search", "files_searches_duration_seconds", "Duration of searches for files in seconds.")
	s.notices = [...]*prometheus.CounterVec{
		NoticeMade:         b.counters("notifications", "total", "Notifications made.", "type", "platform"),
		NoticeAcknowledged: b.counters("notifications", "total_ack", "Notifications that a device has acknowledged.", "type", "platform"),
		NoticeSucceeded:    b.counters("notifications", "success", "Notifications sent.", "type", "platform"),
		NoticeFailed:       b.counters("notifications", "error", "Notifications that could not be sent.", "type", "reason", "platform"),
		NoticeNotSent:      b.counters("notifications", "not_sent", "Notifications that nobody wanted.", "type", "reason", "platform"),
		NoticeUnsupported:  b.counters("notifications", "unsupported", "Notifications that the platform can't show.", "type", "reason", "platform"),
	}
}

func (s *set) addPlatform(b builder) {
	s.broadcasts = b.counters("websocket", "broadcasts_total", "Events published to clients.", "name")
	s.delivered = b.counters("websocket", "event_total", "Copies of events put into the queues of sockets.", "type")
	s.reconnects = b.counters("websocket", "reconnects_total", "Sockets that came back.", "type", "disconnect_err_code")
	s.hubQueue = b.gauges("websocket", "broadcast_buffer_size", "Events waiting in a hub.", "hub")
	s.hubUsers = b.gauges("websocket", "broadcast_buffer_users_registered", "Connections that a hub serves.", "hub")
	s.cacheHits = b.counters("cache", "mem_hit_total", "Look-ups that a cache answered.", "name")
	s.cacheMisses = b.counters("cache", "mem_miss_total", "Look-ups that a cache could not answer.", "name")
	s.cacheInvalidations = b.counters("cache", "mem_invalidation_total", "Entries of a cache thrown away.", "name")
	s.etagHits = b.counters("cache", "etag_hit_total", "Answers of 304.", "route")
	s.etagMisses = b.counters("cache", "etag_miss_total", "Full answers of routes with an entity tag.", "route")
	s.storeTime = b.times("db", "store_time", "Duration of database calls in seconds.", "method", "success")
	s.replicaLagAbs = b.gauges("db", "replica_lag_abs", "How far a replica is behind, in its own measure.", "node")
	s.replicaLagTime = b.gauges("db", "replica_lag_time", "How far a replica is behind, in seconds.", "node")
	s.jobs = b.gauges("jobs", "active", "Running jobs.", "type")
	s.pluginAPI = b.times("plugin", "api_time", "Duration of calls that plugins make, in seconds.", "plugin_id", "api_name", "success")
	s.pluginHooks = b.times("plugin", "hook_time", "Duration of plugins' hooks, in seconds.", "plugin_id", "hook_name", "success")
}

// report describes a measurement of clients.
type report struct {
	sub, name string
	labels    []string
	counter   bool
}

var webLabels = []string{"platform", "agent", "user_id"}

// reports are the measurements of clients by their name in a report.
var reports = map[string]report{
	"channel_switch":            {"webapp", "channel_switch", []string{"platform", "agent", "fresh", "user_id"}, false},
	"cumulative_layout_shift":   {"webapp", "cumulative_layout_shift", webLabels, false},
	"CLS":                       {"webapp", "cumulative_layout_shift", webLabels, false},
	"first_contentful_paint":    {"webapp", "first_contentful_paint", webLabels, false},
	"FCP":                       {"webapp", "first_contentful_paint", webLabels, false},
	"global_threads_load":       {"webapp", "global_threads_load", webLabels, false},
	"interaction_to_next_paint": {"webapp", "interaction_to_next_paint", []string{"platform", "agent", "interaction", "user_id"}, false},
	"INP":                       {"webapp", "interaction_to_next_paint", []string{"platform", "agent", "interaction", "user_id"}, false},
	"largest_contentful_paint":  {"webapp", "largest_contentful_paint", []string{"platform", "agent", "region", "user_id"}, false},
	"LCP":                       {"webapp", "largest_contentful_paint", []string{"platform", "agent", "region", "user_id"}, false},
	"long_tasks":                {"webapp", "long_tasks", webLabels, true},
	"page_load":                 {"webapp", "page_load", webLabels, false},
	"rhs_load":                  {"webapp", "rhs_load", webLabels, false},
	"team_switch":               {"webapp", "team_switch", []string{"platform", "agent", "fresh", "user_id"}, false},
	"TTFB":                      {"webapp", "time_to_first_byte", webLabels, false},
	"mobile_channel_switch":     {"mobileapp", "mobile_channel_switch", []string{"platform"}, false},
	"mobile_load":               {"mobileapp", "mobile_load", []string{"platform"}, false},
	"mobile_team_switch":        {"mobileapp", "mobile_team_switch", []string{"platform"}, false},
}

func (s *set) addReports(b builder) {
	s.reports, s.reportCounters = map[string]*prometheus.HistogramVec{}, map[string]*prometheus.CounterVec{}
	made := map[string]*prometheus.HistogramVec{}
	for key, r := range reports {
		full := r.sub + r.name
		switch {
		case r.counter:
			s.reportCounters[key] = b.counters(r.sub, r.name, "Reported by clients.", r.labels...)
			continue
		case made[full] == nil:
			made[full] = b.times(r.sub, r.name, "Reported by clients, in seconds.", r.labels...)
		}
		s.reports[key] = made[full]
	}
}

// addProcess registers what is read at the time of a scrape: process, Go runtime, database pools.
func (b builder) addProcess(stats map[string]func() sql.DBStats) {
	b.reg.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{Namespace: namespace}))
	b.gauge("system", "server_start_time", "When counting began, in Unix seconds.").Set(float64(time.Now().Unix()))
	for name, read := range stats {
		b.reg.MustRegister(pool{name, read})
		if name == "master" {
			b.reg.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Namespace: namespace, Subsystem: "db",
				Name: "master_connections_total", Help: "Open connections to the database."},
				func() float64 { return float64(read().OpenConnections) }))
		}
	}
}

// pool shows one database/sql pool.
type pool struct {
	name string
	read func() sql.DBStats
}

// poolMetrics pair the names that database/sql pools are commonly shown under with their figures.
var poolMetrics = []struct {
	name, help string
	kind       prometheus.ValueType
	value      func(sql.DBStats) float64
}{
	{"max_open_connections", "Most connections allowed.", prometheus.GaugeValue, func(s sql.DBStats) float64 { return float64(s.MaxOpenConnections) }},
	{"open_connections", "Open connections.", prometheus.GaugeValue, func(s sql.DBStats) float64 { return float64(s.OpenConnections) }},
	{"in_use_connections", "Connections in use.", prometheus.GaugeValue, func(s sql.DBStats) float64 { return float64(s.InUse) }},
	{"idle_connections", "Idle connections.", prometheus.GaugeValue, func(s sql.DBStats) float64 { return float64(s.Idle) }},
	{"wait_count_total", "Times that a connection was waited for.", prometheus.CounterValue, func(s sql.DBStats) float64 { return float64(s.WaitCount) }},
	{"wait_duration_seconds_total", "Time that connections were waited for.", prometheus.CounterValue, func(s sql.DBStats) float64 { return s.WaitDuration.Seconds() }},
	{"max_idle_closed_total", "Connections closed because enough were idle.", prometheus.CounterValue, func(s sql.DBStats) float64 { return float64(s.MaxIdleClosed) }},
	{"max_idle_time_closed_total", "Connections closed because they were idle too long.", prometheus.CounterValue, func(s sql.DBStats) float64 { return float64(s.MaxIdleTimeClosed) }},
	{"max_lifetime_closed_total", "Connections closed because they were too old.", prometheus.CounterValue, func(s sql.DBStats) float64 { return float64(s.MaxLifetimeClosed) }},
}

// Describe sends nothing: the names are fixed and the registry checks them at collection.
func (p pool) Describe(chan<- *prometheus.Desc) {}

// Collect reads the pool.
func (p pool) Collect(out chan<- prometheus.Metric) {
	stats := p.read()
	for _, m := range poolMetrics {
		desc := prometheus.NewDesc("go_sql_"+m.name, m.help, nil, prometheus.Labels{"db_name": p.name})
		out <- prometheus.MustNewConstMetric(desc, m.kind, m.value(stats))
	}
}
