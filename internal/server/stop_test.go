package server_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/lxzan/gws"

	"github.com/parley-chat/parley/internal/db/dbtest"
	"github.com/parley-chat/parley/internal/realtime"
	"github.com/parley-chat/parley/internal/server"
	"github.com/parley-chat/parley/internal/testkit"
)

// A stopping server ends websockets with a reason, waits for what is under way,
// and cuts off what doesn't come to an end.
func TestDrain(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		socket := s.User("alice").Listen()
		// A request whose body never comes to its end.
		stuck, err := net.Dial("tcp", s.Addr())
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = stuck.Close() }()
		_, err = io.WriteString(stuck, "POST /api/v4/users/login HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{")
		if err != nil {
			t.Fatal(err)
		}
		begin := time.Now()
		s.Stop()
		if took := time.Since(begin); took > 10*time.Second {
			t.Errorf("stopping took %v", took)
		}
		var closed *gws.CloseError
		if err := socket.Closed(); !errors.As(err, &closed) || closed.Code != realtime.CodeGoingAway || len(closed.Reason) == 0 {
			t.Errorf("the websocket ended with %v", err)
		}
		_ = stuck.SetReadDeadline(time.Now().Add(5 * time.Second))
		if _, err := bufio.NewReader(stuck).ReadByte(); errors.Is(err, os.ErrDeadlineExceeded) {
			t.Error("the stuck request is still open")
		}
	}, func(o *server.Options) { o.Drain = 500 * time.Millisecond })
}

// An administrator's restart is answered first, and then ends Run.
func TestRestart(t *testing.T) {
	database := dbtest.Options(t, dbtest.SQLite)
	built, err := server.New(t.Context(), server.Options{Listen: "127.0.0.1:0", Data: t.TempDir(), Database: &database})
	if err != nil {
		t.Fatal(err)
	}
	built.Access.CheapPasswords()
	if err := built.Listen(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- built.Run(t.Context()) }()
	call := func(path, token, body string) *http.Response {
		req, err := http.NewRequest(http.MethodPost, built.URL()+"/api/v4"+path, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Authorization", "Bearer "+token)
		resp, err := http.DefaultTransport.RoundTrip(req)
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		return resp
	}
	call("/users", "", `{"username":"root","email":"root@example.com","password":"`+testkit.Password+`"}`)
	token := call("/users/login", "", `{"login_id":"root","password":"`+testkit.Password+`"}`).Header.Get("Token")
	if got := call("/restart", token, "").StatusCode; got != http.StatusOK {
		t.Fatal(got)
	}
	select {
	case err := <-ended:
		if !errors.Is(err, server.ErrRestart) {
			t.Error(err)
		}
	case <-time.After(20 * time.Second):
		t.Fatal("the server goes on")
	}
}

// buffer is written by the server and read by the test.
type buffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

// The log goes where LogSettings say, also when they change; not to a place
// that only the console names.
func TestLogFollowsTheSettings(t *testing.T) {
	var console buffer
	var data string
	s := testkit.Start(t, dbtest.SQLite, func(o *server.Options) { o.Console, data = &console, o.Data })
	set := func(log map[string]any) {
		s.Admin.PUT("/config/patch", map[string]any{"LogSettings": log}).Want(t, 200)
	}
	note := func(text string) {
		s.Admin.POST("/logs", map[string]string{"level": "ERROR", "message": text}).Want(t, 200)
	}
	elsewhere := t.TempDir()
	set(map[string]any{"ConsoleJson": false, "ConsoleLevel": "ERROR", "EnableFile": true, "FileJson": true, "FileLocation": elsewhere})
	note("the first\x1b[2J")
	if got := console.String(); !strings.Contains(got, "level=ERROR") || strings.Contains(got, "\x1b") {
		t.Errorf("console: %q", got)
	}
	set(map[string]any{"ConsoleJson": true})
	note("the second")
	if got := console.String(); !strings.Contains(got, `"level":"ERROR"`) {
		t.Errorf("console: %q", got)
	}
	set(map[string]any{"EnableConsole": false, "EnableFile": false})
	note("the third")
	if got := console.String(); strings.Contains(got, "the third") {
		t.Errorf("console: %q", got)
	}
	raw, err := os.ReadFile(filepath.Join(data, "logs", "parley.log"))
	if err != nil || !bytes.Contains(raw, []byte("the second")) || bytes.Contains(raw, []byte("the third")) {
		t.Errorf("file: %v %s", err, raw)
	}
	if list, _ := os.ReadDir(elsewhere); len(list) != 0 {
		t.Error("the console chose where the log is written")
	}
}

// Metrics follow their settings and show what the hub has counted.
func TestMetricsFollowTheSettings(t *testing.T) {
	s := testkit.Start(t, dbtest.SQLite)
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := free.Addr().String()
	_ = free.Close()
	s.Admin.PUT("/config/patch", map[string]any{"MetricsSettings": map[string]any{"Enable": true, "ListenAddress": addr}}).Want(t, 200)
	alice := s.User("alice")
	alice.Listen()
	scrape := func() (string, error) {
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+addr+"/metrics", nil)
		if err != nil {
			return "", err
		}
		resp, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(req)
		if err != nil {
			return "", err
		}
		defer func() { _ = resp.Body.Close() }()
		raw, err := io.ReadAll(resp.Body)
		return string(raw), err
	}
	got, err := scrape()
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`mattermost_websocket_broadcasts_total{name="new_user"}`, `mattermost_websocket_broadcast_buffer_users_registered{hub="0"} 1`,
		"mattermost_api_time_bucket", `go_sql_open_connections{db_name="master"}`} {
		if !strings.Contains(got, want) {
			t.Errorf("no %s", want)
		}
	}
	s.Admin.PUT("/config/patch", map[string]any{"MetricsSettings": map[string]any{"Enable": false}}).Want(t, 200)
	if _, err := scrape(); err == nil {
		t.Error("metrics are served although they are off")
	}
}
