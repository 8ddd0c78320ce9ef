package metrics

import (
	"context"
	"database/sql"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

func scrape(t *testing.T, m *Metrics) (int, string) {
	t.Helper()
	w := httptest.NewRecorder()
	m.Handler().ServeHTTP(w, httptest.NewRequest("GET", "/metrics", nil))
	return w.Code, w.Body.String()
}

// observe calls everything once.
func observe(m *Metrics) {
	m.APIRequest("getUser", "GET", 200, "web", "page_load", time.Millisecond)
	m.HTTPRequest(time.Millisecond, true)
	m.SocketOpened("mobile")
	m.SocketOpened("<script>")
	m.SocketClosed("mobile")
	m.SetSockets("web", 3)
	m.Broadcast("posted")
	m.Delivered("posted", 5)
	m.Reconnected("resume", 1006)
	m.Reconnected("resume", 123456)
	m.HubQueue("0", 2)
	m.HubUsers("0", 4)
	m.CacheHit("session")
	m.CacheMiss("session")
	m.CacheInvalidated("session")
	m.Etag("/users/{user_id}", true)
	m.Etag("/users/{user_id}", false)
	m.Login(true)
	m.Login(false)
	m.Posted(2, true)
	m.PostBroadcast()
	m.EmailSent()
	m.PushSent()
	m.Store("posts.create", true, time.Millisecond)
	m.ReplicaLag("r1", 1, 2)
	m.Searched(false, time.Millisecond)
	m.Searched(true, time.Millisecond)
	m.JobActive("export_process", 1)
	m.Notification(NoticeMade, "push", "", "ios")
	m.Notification(NoticeFailed, "push", "gone", "nokia")
	m.Plugin("p", "OnActivate", false, true, time.Millisecond)
	m.Plugin("p", "GetUser", true, true, time.Millisecond)
	m.ClientReport(Report{Metric: "LCP", Value: 0.2, Platform: "linux", Agent: "netscape", Labels: map[string]string{"region": "'; drop"}})
	m.ClientReport(Report{Metric: "long_tasks", Value: 2, Platform: "linux", Agent: "firefox"})
}

func TestOff(t *testing.T) {
	observe(nil)
	m := New()
	observe(m)
	if code, _ := scrape(t, m); code != 404 {
		t.Fatal(code)
	}
	if n := testing.AllocsPerRun(100, func() { m.Posted(1, false); m.HTTPRequest(0, false) }); n > 0 {
		t.Errorf("%v allocations while off", n)
	}
	if m.ClientReport(Report{Metric: "nonsense"}) || !m.ClientReport(Report{Metric: "page_load"}) {
		t.Error("known names are not told apart")
	}
}

func TestOn(t *testing.T) {
	m := New()
	m.WatchDB("master", func() sql.DBStats { return sql.DBStats{OpenConnections: 3} })
	m.WatchCounts(func(context.Context) (Counts, error) {
		return Counts{Users: map[string]int64{"active": 7, "bot": 1}}, nil
	})
	m.WatchBus(func() Bus { return Bus{Connected: true, Nodes: 2, Gaps: 3, Topics: map[string]int64{"realtime": 4}} })
	m.Enable()
	observe(m)
	_, text := scrape(t, m)
	for _, want := range []string{
		`mattermost_api_time_count{handler="getUser",method="GET",origin_client="web",page_load_context="page_load",status_code="200"} 1`,
		"mattermost_http_requests_total 1", "mattermost_http_errors_total 1", "mattermost_http_request_duration_seconds_count 1",
		`mattermost_http_websockets_total{origin_client="web"} 3`, `mattermost_http_websockets_total{origin_client="unknown"} 1`,
		`mattermost_websocket_broadcasts_total{name="posted"} 1`, `mattermost_websocket_event_total{type="posted"} 5`,
		`mattermost_websocket_reconnects_total{disconnect_err_code="other",type="resume"} 1`,
		"mattermost_post_total 1", "mattermost_post_file_attachments_total 2", "mattermost_post_webhooks_total 1",
		"mattermost_login_logins_total 1", "mattermost_login_logins_fail_total 1",
		`mattermost_db_store_time_count{method="posts.create",success="true"} 1`, "mattermost_db_master_connections_total 3",
		`go_sql_open_connections{db_name="master"} 3`, "mattermost_process_resident_memory_bytes", "go_goroutines",
		"parley_bus_connected 1", "parley_bus_nodes 2", "parley_bus_gaps_total 3",
		`mattermost_cluster_cluster_event_type_totals{name="realtime"} 4`, "mattermost_cluster_cluster_health_score 0",
		`mattermost_jobs_active{type="export_process"} 1`, "mattermost_db_active_users 7",
		`mattermost_notifications_error{platform="other",reason="gone",type="push"} 1`,
		`mattermost_webapp_largest_contentful_paint_count{agent="other",platform="linux",region="other",user_id=""} 1`,
		`mattermost_webapp_long_tasks{agent="firefox",platform="linux",user_id=""} 2`,
	} {
		if !strings.Contains(text, want) {
			t.Errorf("lacks %s", want)
		}
	}
}

func TestApply(t *testing.T) {
	m := New()
	if err := m.Apply(true, false, "127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	url := "http://" + m.Addr().String() + "/metrics"
	res, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	body, _ := io.ReadAll(res.Body)
	res.Body.Close()
	if !strings.Contains(string(body), "mattermost_http_requests_total 0") {
		t.Fatalf("%d %.200s", res.StatusCode, body)
	}
	addr := m.Addr()
	if err := m.Apply(true, false, "127.0.0.1:0"); err != nil || m.Addr() != addr {
		t.Fatal("the listener moved without need", err)
	}
	if err := m.Apply(true, false, "127.0.0.1:99999"); err == nil {
		t.Fatal("an impossible address was accepted")
	}
	if err := m.Apply(false, false, ""); err != nil || m.Enabled() || m.Addr() != nil {
		t.Fatal("still on")
	}
}
