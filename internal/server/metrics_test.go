package server_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/parley-chat/parley/internal/testkit"
)

// Made by `openssl passwd -apr1`, for the password "metrics pass", and with its dollar signs doubled as a compose file has it.
const metricsAuth = "METRICS_AUTH=prometheus:$$apr1$$abcdefgh$$Dk5vH.pJmiGr60ksMQlYj1"

func scrapeAs(t *testing.T, s *testkit.Server, name, password string) (int, string) {
	t.Helper()
	r, err := http.NewRequest("GET", s.URL+"/metrics", nil)
	if err != nil {
		t.Fatal(err)
	}
	if name != "" {
		r.SetBasicAuth(name, password)
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	var body bytes.Buffer
	if _, err := body.ReadFrom(answer.Body); err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, body.String()
}

func freePort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return strconv.Itoa(l.Addr().(*net.TCPAddr).Port)
}

func TestMetricsBehindAPassword(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		ann, ben := s.User("ann"), s.User("ben")
		team := s.Team(ann, ben)
		room := s.Private(ann, team, ben)
		ann.Post(room, "one").Want(t, 201)
		s.Admin.PUT("/users/"+ben.ID+"/active", map[string]any{"active": false}).Want(t, 200)
		for _, who := range [][2]string{{"", ""}, {"prometheus", "wrong"}, {"nobody", "metrics pass"}} {
			if status, body := scrapeAs(t, s, who[0], who[1]); status != 401 || strings.Contains(body, "mattermost_") {
				t.Errorf("%q: %d", who, status)
			}
		}
		status, body := scrapeAs(t, s, "prometheus", "metrics pass")
		if status != 200 {
			t.Fatal(status)
		}
		for _, line := range []string{
			`mattermost_users_total{state="active"} 2`, `mattermost_users_total{state="inactive"} 1`, `mattermost_users_total{state="guest"} 0`,
			`mattermost_teams_total{state="active"} 1`, `mattermost_channels_total{type="private"} 1`, `mattermost_channels_total{type="open"} 2`,
			`mattermost_active_users{period="day"}`, `mattermost_posts_total `, `mattermost_post_total `, `mattermost_login_logins_total 3`, `mattermost_login_logins_fail_total 0`, `mattermost_db_store_time_count{method="users.select",success="true"}`, `mattermost_http_websockets_total{`,
			`mattermost_db_active_users 2`,
		} {
			if !strings.Contains(body, "\n"+line) {
				t.Errorf("not told: %s", line)
			}
		}
	}, testkit.Env(metricsAuth))
}

func TestNoMetricsUnasked(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		if _, body := scrapeAs(t, s, "prometheus", "metrics pass"); strings.Contains(body, "mattermost_") {
			t.Error("metrics are shown to everybody")
		}
	})
}

// Prometheus itself reads what a host's own would.
func TestPrometheusReadsTheMetrics(t *testing.T) {
	program, err := exec.LookPath("prometheus")
	if err != nil {
		t.Fatal("prometheus is not installed; scripts/need.sh test installs it")
	}
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		site, err := url.Parse(s.URL)
		if err != nil {
			t.Fatal(err)
		}
		folder, port := t.TempDir(), freePort(t)
		settings := fmt.Sprintf("scrape_configs:\n- job_name: parley\n  scrape_interval: 200ms\n  scrape_timeout: 200ms\n"+
			"  basic_auth: {username: prometheus, password: metrics pass}\n  static_configs: [{targets: ['%s']}]\n", site.Host)
		if err := os.WriteFile(filepath.Join(folder, "prometheus.yml"), []byte(settings), 0o600); err != nil {
			t.Fatal(err)
		}
		cmd := exec.Command(program, "--config.file="+filepath.Join(folder, "prometheus.yml"), "--storage.tsdb.path="+filepath.Join(folder, "tsdb"),
			"--web.listen-address=127.0.0.1:"+port, "--log.level=warn")
		var said bytes.Buffer
		cmd.Stdout, cmd.Stderr = &said, &said
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		defer func() { _ = cmd.Process.Kill(); _ = cmd.Wait() }()
		asked := "http://127.0.0.1:" + port + "/api/v1/query?query=" + url.QueryEscape(`mattermost_users_total{state="active"}`)
		for end := time.Now().Add(time.Minute); ; time.Sleep(100 * time.Millisecond) {
			var got struct {
				Data struct{ Result []struct{ Value [2]any } }
			}
			if answer, err := http.Get(asked); err == nil {
				_ = json.NewDecoder(answer.Body).Decode(&got)
				answer.Body.Close()
			}
			if len(got.Data.Result) == 1 && got.Data.Result[0].Value[1] == "1" {
				return
			}
			if time.Now().After(end) {
				t.Fatalf("never read: %+v\n%s", got, said.String())
			}
		}
	}, testkit.Env(metricsAuth))
}
