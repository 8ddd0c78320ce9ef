package admin

import (
	"context"
	"slices"
	"strings"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/api"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/metrics"
)

// sample is one measurement of a client.
type sample struct {
	Metric string            `json:"metric"`
	Value  float64           `json:"value"`
	Labels map[string]string `json:"labels"`
}

type performanceIn struct {
	Report struct {
		Version    string            `json:"version"`
		Labels     map[string]string `json:"labels"`
		Start      float64           `json:"start"`
		End        float64           `json:"end"`
		Counters   []sample          `json:"counters"`
		Histograms []sample          `json:"histograms"`
	} `body:"json,report"`
}

// maxSamples bounds each list of a report.
const maxSamples = 200

// scores are the measurements that aren't times; the others come in milliseconds.
var scores = map[string]bool{"CLS": true, "cumulative_layout_shift": true}

// clientPerformance takes a client's measurements of itself, and drops them
// unless the settings ask for them.
func (a *Admin) clientPerformance(_ context.Context, v access.Viewer, in performanceIn) (api.OK, error) {
	r := in.Report
	if !strings.HasPrefix(r.Version, "0.") || r.Start > r.End || len(r.Counters) > maxSamples || len(r.Histograms) > maxSamples {
		return api.OK{}, fault.InvalidParam("report")
	}
	set := a.cfg.Get().MetricsSettings
	if !set.Enable || !set.EnableClientMetrics {
		return api.Done(), nil
	}
	user := ""
	if slices.Contains(set.ClientSideUserIds, v.UserID) {
		user = v.UserID
	}
	for i := range r.Histograms {
		if !scores[r.Histograms[i].Metric] {
			r.Histograms[i].Value /= 1000
		}
	}
	for _, s := range slices.Concat(r.Counters, r.Histograms) {
		a.metrics.ClientReport(metrics.Report{Metric: s.Metric, Value: s.Value, Platform: r.Labels["platform"], Agent: r.Labels["agent"],
			Labels: s.Labels, UserID: user})
	}
	return api.Done(), nil
}
