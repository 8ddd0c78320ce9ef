package metrics

import (
	"context"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// Counts is how much there is, as the exporters that hosts have beside their server tell it.
type Counts struct {
	Users    map[string]int64 `json:"users"`    // by state: active, inactive, guest, bot
	Teams    map[string]int64 `json:"teams"`    // by state: active, archived
	Channels map[string]int64 `json:"channels"` // by type: open, private, direct, group, archived
	Active   map[string]int64 `json:"active"`   // people seen, by period: day, week, month
	Posts    int64            `json:"posts"`    // messages in all channels
}

// countsFresh is for how long counts are shown again instead of counted anew.
const countsFresh = time.Minute

var (
	usersDesc    = prometheus.NewDesc("mattermost_users_total", "Accounts by state.", []string{"state"}, nil)
	teamsDesc    = prometheus.NewDesc("mattermost_teams_total", "Teams by state.", []string{"state"}, nil)
	channelsDesc = prometheus.NewDesc("mattermost_channels_total", "Channels by type.", []string{"type"}, nil)
	activeDesc   = prometheus.NewDesc("mattermost_active_users", "People seen within a period.", []string{"period"}, nil)
	enabledDesc  = prometheus.NewDesc("mattermost_db_active_users", "Accounts that are not deactivated.", nil, nil)
	postsDesc    = prometheus.NewDesc("mattermost_posts_total", "Messages in all channels.", nil, nil)
)

// counter shows Counts at a scrape; what can't be counted is left out.
type counter struct {
	count func(context.Context) (Counts, error)

	mu   sync.Mutex
	at   time.Time
	last Counts
}

// WatchCounts has count asked at a scrape, once a minute at most. Call it before Apply.
func (m *Metrics) WatchCounts(count func(context.Context) (Counts, error)) {
	if m == nil {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.counts = &counter{count: count}
}

// Describe is what prometheus.Collector asks for.
func (c *counter) Describe(to chan<- *prometheus.Desc) {
	for _, desc := range []*prometheus.Desc{usersDesc, teamsDesc, channelsDesc, activeDesc, enabledDesc, postsDesc} {
		to <- desc
	}
}

// Collect is what prometheus.Collector asks for.
func (c *counter) Collect(to chan<- prometheus.Metric) {
	counts, ok := c.get()
	if !ok {
		return
	}
	for desc, values := range map[*prometheus.Desc]map[string]int64{
		usersDesc: counts.Users, teamsDesc: counts.Teams, channelsDesc: counts.Channels, activeDesc: counts.Active,
	} {
		for label, n := range values {
			to <- prometheus.MustNewConstMetric(desc, prometheus.GaugeValue, float64(n), label)
		}
	}
	enabled := counts.Users["active"] + counts.Users["guest"]
	to <- prometheus.MustNewConstMetric(enabledDesc, prometheus.GaugeValue, float64(enabled))
	to <- prometheus.MustNewConstMetric(postsDesc, prometheus.GaugeValue, float64(counts.Posts))
}

func (c *counter) get() (Counts, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.at.IsZero() && time.Since(c.at) < countsFresh {
		return c.last, true
	}
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	counts, err := c.count(ctx)
	if err != nil {
		return Counts{}, false
	}
	c.at, c.last = time.Now(), counts
	return counts, true
}
