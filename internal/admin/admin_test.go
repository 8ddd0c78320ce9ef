package admin_test

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/testkit"
)

const forbidden = "api.context.permissions.app_error"

func TestBusyServerShedsWhatCanWait(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		alice := s.User("alice")
		for _, seconds := range []string{"x", "-1", "0", "86401"} {
			s.Admin.POST("/server_busy?seconds="+seconds, nil).Refused(t, 400, "api.context.invalid_url_param.app_error")
		}
		alice.POST("/server_busy", nil).Refused(t, 403, forbidden)
		search := func() *testkit.Response { return alice.POST("/users/search", map[string]string{"term": "a"}) }
		search().Want(t, 200)
		s.Admin.POST("/server_busy?seconds=60", nil).Want(t, 200)
		var b model.ServerBusy
		s.Admin.GET("/server_busy").Want(t, 200).Into(t, &b)
		if left := b.Expires - time.Now().Unix(); !b.Busy || left < 50 || left > 60 || b.ExpiresTS == "" {
			t.Errorf("%+v", b)
		}
		search().Refused(t, 503, "api.context.server_busy.app_error")
		s.Admin.DELETE("/server_busy").Want(t, 200)
		search().Want(t, 200)
		s.Admin.GET("/server_busy").Into(t, &b)
		s.Admin.POST("/server_busy?seconds=1", nil).Want(t, 200)
		testkit.Eventually(t, "the mark runs out by itself", func() bool { return search().Status == 200 })
	})
}

func TestLogs(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		alice := s.User("alice")
		alice.POST("/logs", map[string]string{"level": "ERROR", "message": "mine"}).Want(t, 200)
		s.Admin.POST("/logs", map[string]string{"level": "ERROR", "message": "the roof \x1b[31mburns\nagain"}).Want(t, 200)
		s.Nobody().POST("/logs", map[string]string{"level": "ERROR", "message": "x"}).Refused(t, 403, forbidden)
		long := s.Admin.POST("/logs", map[string]string{"level": "ERROR", "message": strings.Repeat("é", 5000)}).Want(t, 200)
		if len(long.Body) > 600 {
			t.Errorf("a line of %d bytes was kept", len(long.Body))
		}
		s.Admin.POST("/logs", "[1]").Want(t, 200)
		var got map[string][]map[string]any
		s.Admin.POST("/logs/query", model.LogFilter{LogLevels: []string{"error"}}).Want(t, 200).Into(t, &got)
		lines := got["default"]
		if len(lines) != 2 || !strings.Contains(lines[0]["msg"].(string), "burns\nagain") || lines[0]["level"] != "error" {
			t.Fatalf("%v", lines)
		}
		if raw := s.Admin.GET("/logs/download").Want(t, 200); bytes.ContainsRune(raw.Body, 0x1b) || raw.Header.Get("Content-Disposition") == "" {
			t.Error("the file of the log holds control characters or is no attachment")
		}
		s.Admin.POST("/logs/query", model.LogFilter{DateFrom: time.Now().Add(time.Hour).Format(time.RFC3339)}).Want(t, 200).Into(t, &got)
		if len(got["default"]) != 0 {
			t.Errorf("lines from the future: %v", got)
		}
		s.Admin.POST("/logs/query", model.LogFilter{ServerNames: []string{"elsewhere"}}).Want(t, 200).Into(t, &got)
		if len(got["default"]) != 0 {
			t.Errorf("lines of another server: %v", got)
		}
		s.Admin.POST("/logs/query", "{").Refused(t, 500, "api.system.logs.invalidFilter")
		s.Admin.POST("/logs/query", model.LogFilter{DateTo: "soon"}).Refused(t, 500, "api.system.logs.invalidFilter")
		var page []string
		s.Admin.GET("/logs?logs_per_page=1").Want(t, 200).Into(t, &page)
		if len(page) != 1 {
			t.Errorf("%d lines", len(page))
		}
		for _, path := range []string{"/logs", "/logs/download"} {
			alice.GET(path).Refused(t, 403, forbidden)
		}
	})
}

func TestStatisticsOfChannelsAndTeams(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		alice, bob, eve := s.User("alice"), s.User("bob"), s.User("eve")
		team := s.Team(alice, bob)
		room, den := s.Channel(alice, team, bob), s.Private(alice, team)
		root := alice.Say(room, "one")
		alice.Say(room, "two")
		bob.Reply(root, "three")
		alice.Say(den, "quiet")
		alice.Show(room, alice.Upload(room, "a.txt", []byte("a")))
		var c, of model.Statistics
		bob.GET("/parley/channels/"+room.ID+"/statistics").Want(t, 200).Into(t, &c)
		today := time.Now().UTC().Format(time.DateOnly)
		if c.Members != 2 || c.Guests != 0 || c.Messages != 4 || c.Threads != 3 || c.Files != 1 || c.Channels != nil ||
			len(c.Days) != 1 || c.Days[0] != (model.StatisticsDay{Day: today, Messages: 4, Authors: 2}) ||
			len(c.Authors) != 2 || c.Authors[0] != (model.StatisticsAuthor{UserID: alice.ID, Messages: 3}) {
			t.Errorf("of the channel: %+v", c)
		}
		bob.GET("/parley/channels/"+den.ID+"/statistics").Refused(t, 403, forbidden)
		eve.GET("/parley/teams/"+team.ID+"/statistics").Refused(t, 403, forbidden)
		bob.GET("/parley/teams/"+team.ID+"/statistics").Refused(t, 403, forbidden)
		alice.GET("/parley/teams/"+team.ID+"/statistics").Want(t, 200).Into(t, &of)
		if of.Members != 2 || of.Messages != 5 || of.Files != 1 || of.OpenChannels != 3 || of.PrivateChannels != 1 || of.Authors != nil ||
			len(of.Days) != 1 || of.Days[0].Messages != 5 || len(of.Channels) != 1 ||
			of.Channels[0] != (model.StatisticsBusy{ChannelID: room.ID, DisplayName: room.DisplayName, Messages: 4}) {
			t.Errorf("of the team: %+v", of)
		}
	})
}

func TestFigures(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		alice := s.User("alice")
		room := s.Channel(alice, s.Team(alice))
		alice.Say(room, "one")
		s.Admin.POST("/caches/invalidate", nil).Want(t, 200)
		figures := func(query string) map[string]float64 {
			var rows []model.AnalyticsRow
			s.Admin.GET("/analytics/old?"+query).Want(t, 200).Into(t, &rows)
			out := map[string]float64{}
			for _, r := range rows {
				out[r.Name] = r.Value
			}
			return out
		}
		f := figures("team_id=" + room.TeamID)
		if f["unique_user_count"] != 1 || f["team_count"] != 1 || f["channel_open_count"] != 3 || f["post_count"] < 1 {
			t.Errorf("of the team: %v", f)
		}
		today := time.Now().UTC().Format(time.DateOnly)
		if n := figures("name=post_counts_day&team_id=" + room.TeamID)[today]; n < 1 {
			t.Errorf("posts of today: %v", n)
		}
		if n := figures("name=user_counts_with_posts_day&team_id=" + room.TeamID)[today]; n != 1 {
			t.Errorf("authors of today: %v", n)
		}
		if n := figures("name=bot_post_counts_day")[today]; n != 0 {
			t.Errorf("posts of bots: %v", n)
		}
		if f := figures("name=extra_counts"); f["session_count"] < 2 {
			t.Errorf("extra: %v", f)
		}
		s.Admin.GET("/analytics/old?team_id=../x").Refused(t, 400, "api.context.invalid_body_param.app_error")
		var load map[string]int64
		alice.GET("/license/load_metric").Want(t, 200).Into(t, &load)
		var used model.PostsUsage
		alice.GET("/usage/posts").Want(t, 200).Into(t, &used)
		if used.Count != 1 {
			t.Errorf("posts in use: %d", used.Count)
		}
	})
}

func TestSupportPacket(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		s.Admin.PUT("/config/patch", map[string]any{"EmailSettings": map[string]string{"SMTPPassword": "hush-hush"}}).Want(t, 200)
		r := s.Admin.GET("/system/support_packet").Want(t, 200)
		z, err := zip.NewReader(bytes.NewReader(r.Body), int64(len(r.Body)))
		if err != nil || r.Header.Get("Content-Type") != "application/zip" {
			t.Fatal(err, r.Header)
		}
		var names []string
		for _, f := range z.File {
			names = append(names, f.Name)
			in, err := f.Open()
			if err != nil {
				t.Fatal(err)
			}
			raw, err := io.ReadAll(in)
			if err != nil || bytes.Contains(raw, []byte("hush-hush")) || bytes.Contains(raw, []byte(s.Admin.Token)) {
				t.Errorf("%s: %v, or it holds a secret", f.Name, err)
			}
			if strings.HasSuffix(f.Name, ".json") && !json.Valid(raw) {
				t.Errorf("%s is no JSON", f.Name)
			}
		}
		slices.Sort(names)
		if !slices.Equal(names, []string{"diagnostics.json", "parley.log", "sanitized_config.json"}) {
			t.Error(names)
		}
		r = s.Admin.GET("/system/support_packet?basic_server_logs=false").Want(t, 200)
		if z, err = zip.NewReader(bytes.NewReader(r.Body), int64(len(r.Body))); err != nil || len(z.File) != 2 {
			t.Error("the log came although it wasn't wanted")
		}
		s.User("alice").GET("/system/support_packet").Refused(t, 403, forbidden)
	})
}

// A site's address is asked like any stranger's: not at private networks.
func TestSiteURLTest(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		hit := 0
		site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			hit++
			if r.URL.Path != "/sub/api/v4/system/ping" {
				w.WriteHeader(http.StatusNotFound)
			}
		}))
		defer site.Close()
		ask := func(url string) *testkit.Response {
			return s.Admin.POST("/site_url/test", map[string]string{"site_url": url})
		}
		for _, url := range []string{site.URL + "/sub", "http://169.254.169.254", "file:///etc/passwd", "http://[::ffff:127.0.0.1]:1", s.URL} {
			ask(url).Refused(t, 400, "app.admin.test_site_url.failure")
		}
		for _, url := range []string{"", "http://a b", strings.Repeat("x", 3000)} {
			ask(url).Refused(t, 400, "api.context.invalid_body_param.app_error")
		}
		if hit != 0 {
			t.Fatal("a private address was asked")
		}
		s.Admin.PUT("/config/patch", map[string]any{"ServiceSettings": map[string]string{"AllowedUntrustedInternalConnections": "127.0.0.1"}}).Want(t, 200)
		ask(site.URL+"/sub").Want(t, 200)
		ask(site.URL).Refused(t, 400, "app.admin.test_site_url.failure")
	})
}

func TestRedirectLocation(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		to := "https://example.com/long"
		short := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, to, http.StatusFound) }))
		defer short.Close()
		alice := s.User("alice")
		where := func(url string) string {
			var out struct{ Location string }
			alice.GET("/redirect_location?url="+url).Want(t, 200).Into(t, &out)
			return out.Location
		}
		if got := where(short.URL); got != "" {
			t.Errorf("a private address was followed to %q", got)
		}
		alice.GET("/redirect_location").Refused(t, 400, "api.context.invalid_body_param.app_error")
		s.Admin.PUT("/config/patch", map[string]any{"ServiceSettings": map[string]string{"AllowedUntrustedInternalConnections": "127.0.0.1"}}).Want(t, 200)
		if got := where(short.URL); got != to {
			t.Errorf("led to %q", got)
		}
		s.Admin.PUT("/config/patch", map[string]any{"ServiceSettings": map[string]bool{"EnableLinkPreviews": false}}).Want(t, 200)
		if got := where(short.URL); got != "" {
			t.Errorf("followed although link previews are off: %q", got)
		}
	})
}
