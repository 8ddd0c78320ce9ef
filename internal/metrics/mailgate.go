package metrics

import "github.com/prometheus/client_golang/prometheus"

// MailGateway is how many mails came to the email gateway, by what became of them.
type MailGateway map[string]int64

var mailsIn = prometheus.NewDesc("parley_mail_received_total", "Mails that came to the email gateway, by what became of them.", []string{"result"}, nil)

// mailCounter shows the email gateway at a scrape.
type mailCounter struct{ count func() MailGateway }

// WatchMailGateway has count asked at a scrape. Call it before Apply.
func (m *Metrics) WatchMailGateway(count func() MailGateway) {
	if m == nil {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.mails = &mailCounter{count}
}

// Describe is what prometheus.Collector asks for.
func (c *mailCounter) Describe(to chan<- *prometheus.Desc) { to <- mailsIn }

// Collect is what prometheus.Collector asks for.
func (c *mailCounter) Collect(to chan<- prometheus.Metric) {
	for result, n := range c.count() {
		to <- prometheus.MustNewConstMetric(mailsIn, prometheus.CounterValue, float64(n), result)
	}
}
