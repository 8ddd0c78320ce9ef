package metrics

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestTheIRCGatewayIsShown(t *testing.T) {
	m := New()
	m.WatchIRC(func() IRC { return IRC{Connections: 5, Registered: 3, Taken: 9, Refused: 2, Slow: 1, In: 70, Out: 80} })
	m.Enable()
	w := httptest.NewRecorder()
	m.Handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	for _, want := range []string{`parley_irc_connections{state="registered"} 3`, `parley_irc_connections{state="unregistered"} 2`,
		`parley_irc_connections_total{result="taken"} 7`, `parley_irc_connections_total{result="refused"} 2`, "parley_irc_slow_readers_total 1",
		`parley_irc_lines_total{direction="in"} 70`, `parley_irc_lines_total{direction="out"} 80`} {
		if !strings.Contains(w.Body.String(), want) {
			t.Errorf("no %s", want)
		}
	}
}
