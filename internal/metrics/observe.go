package metrics

import (
	"strconv"
	"time"

	"github.com/parley-chat/parley/internal/traces"
)

// Posted counts a new post with its number of files; webhook for one that an integration made.
func (m *Metrics) Posted(files int, webhook bool) {
	s := m.get()
	if s == nil {
		return
	}
	s.posts.Inc()
	s.postFiles.Add(float64(files))
	if webhook {
		s.postWebhooks.Inc()
	}
}

// PostBroadcast counts a post told to the members of its channel.
func (m *Metrics) PostBroadcast() {
	if s := m.get(); s != nil {
		s.postBroadcasts.Inc()
	}
}

// EmailSent counts a mail about a post.
func (m *Metrics) EmailSent() {
	if s := m.get(); s != nil {
		s.postEmails.Inc()
	}
}

// PushSent counts a push message about a post.
func (m *Metrics) PushSent() {
	if s := m.get(); s != nil {
		s.postPushes.Inc()
	}
}

// Store times one statement or store method of the database.
func (m *Metrics) Store(method string, ok bool, d time.Duration) {
	if s := m.get(); s != nil {
		s.storeTime.WithLabelValues(method, strconv.FormatBool(ok)).Observe(d.Seconds())
	}
}

// Statement times one SQL statement, under the name "posts.select".
func (m *Metrics) Statement(query string, ok bool, d time.Duration) {
	if m.get() != nil {
		m.Store(traces.StatementName(query), ok, d)
	}
}

// ReplicaLag shows how far a replica is behind: in its own measure, and in seconds.
func (m *Metrics) ReplicaLag(node string, absolute, seconds float64) {
	if s := m.get(); s != nil {
		s.replicaLagAbs.WithLabelValues(node).Set(absolute)
		s.replicaLagTime.WithLabelValues(node).Set(seconds)
	}
}

// Called counts and times a call to an integration.
func (m *Metrics) Called(kind string, ok bool, d time.Duration) {
	if s := m.get(); s != nil {
		s.deliveries.WithLabelValues(kind, strconv.FormatBool(ok)).Observe(d.Seconds())
	}
}

// Searched counts and times a search for posts or for files.
func (m *Metrics) Searched(files bool, d time.Duration) {
	s := m.get()
	if s == nil {
		return
	}
	counter, times := s.postSearches, s.postSearchTime
	if files {
		counter, times = s.fileSearches, s.fileSearchTime
	}
	counter.Inc()
	times.Observe(d.Seconds())
}

// JobActive follows the number of running jobs of a type; delta is 1 or -1.
func (m *Metrics) JobActive(jobType string, delta int) {
	if s := m.get(); s != nil {
		s.jobs.WithLabelValues(jobType).Add(float64(delta))
	}
}

// Notice is what became of a notification.
type Notice uint8

// The outcomes of a notification, in the order of its life.
const (
	NoticeMade Notice = iota
	NoticeAcknowledged
	NoticeSucceeded
	NoticeFailed
	NoticeNotSent
	NoticeUnsupported
)

// Notification counts what became of a notification of a kind ("push", "email", "websocket"); reason is for the
// last three outcomes.
func (m *Metrics) Notification(outcome Notice, kind, reason, platform string) {
	s := m.get()
	if s == nil {
		return
	}
	platform = pick(platforms, platform)
	if outcome < NoticeFailed {
		s.notices[outcome].WithLabelValues(kind, platform).Inc()
		return
	}
	s.notices[outcome].WithLabelValues(kind, reason, platform).Inc()
}

// Plugin times a call of a plugin's hook, or with api its call of the server.
func (m *Metrics) Plugin(id, name string, api, ok bool, d time.Duration) {
	s := m.get()
	if s == nil {
		return
	}
	vec := s.pluginHooks
	if api {
		vec = s.pluginAPI
	}
	vec.WithLabelValues(id, name, strconv.FormatBool(ok)).Observe(d.Seconds())
}

// Report is one measurement that a client sends about itself (POST /client_perf).
type Report struct {
	Metric   string            // name in the report, such as "page_load"
	Value    float64           // seconds, or a plain number for counters and scores
	Platform string            // as the client says
	Agent    string            // as the client says
	Labels   map[string]string // further labels: fresh, region, interaction
	UserID   string            // only when MetricsSettings.ClientSideUserIds names this user, else ""
}

// ClientReport observes a client's measurement. It returns false for a name that isn't known.
// Everything that the client wrote is narrowed to known words.
func (m *Metrics) ClientReport(r Report) bool {
	def, ok := reports[r.Metric]
	s := m.get()
	if !ok || s == nil {
		return ok
	}
	labels := []string{pick(platforms, r.Platform)}
	for _, name := range def.labels[1:] {
		switch name {
		case "agent":
			labels = append(labels, pick(agents, r.Agent))
		case "user_id":
			labels = append(labels, r.UserID)
		default:
			labels = append(labels, pick(reportWords, r.Labels[name]))
		}
	}
	if def.counter {
		s.reportCounters[r.Metric].WithLabelValues(labels...).Add(max(0, r.Value))
		return true
	}
	s.reports[r.Metric].WithLabelValues(labels...).Observe(r.Value)
	return true
}

var (
	clients   = words("web", "desktop", "mobile", "mobilev2")
	platforms = words("linux", "macos", "windows", "ios", "android", "android_rn", "apple_rn", "mobile")
	agents    = words("desktop", "firefox", "chrome", "safari", "edge")
	pageLoads = words("page_load", "reconnect")
	// reportWords are the values of the labels fresh, region and interaction.
	reportWords = words("true", "false", "post", "post_textbox", "channel_sidebar", "team_sidebar", "channel_header",
		"global_header", "announcement_bar", "center_channel", "modal_content", "keyboard", "pointer")
)

func words(list ...string) map[string]bool {
	out := make(map[string]bool, len(list))
	for _, w := range list {
		out[w] = true
	}
	return out
}

func pick(known map[string]bool, word string) string {
	if known[word] {
		return word
	}
	return "other"
}

// Client narrows the kind of a client to web, desktop, mobile or unknown.
func Client(kind string) string {
	if clients[kind] {
		return kind
	}
	return "unknown"
}

func pageLoadContext(word string) string {
	if word == "" || pageLoads[word] {
		return word
	}
	return "other"
}
