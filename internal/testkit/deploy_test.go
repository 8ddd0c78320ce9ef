package testkit_test

import (
	"bytes"
	"crypto/x509"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/parley-chat/parley/internal/db/dbtest"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/testkit"
)

// around is what Debian's nginx.conf has around a file of conf.d, with all that
// nginx writes in the folder of the test.
const around = `daemon off; master_process off; pid nginx.pid; error_log nginx.log warn;
events {}
http {
	include /etc/nginx/mime.types;
	access_log off;
	client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi; uwsgi_temp_path uwsgi; scgi_temp_path scgi;
	include parley.conf;
}
`

// freePort is an address that nobody listens at.
func freePort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	return l.Addr().String()
}

// startNginx starts Debian's nginx with the example, other addresses and a
// certificate of its own, before s.
func startNginx(t *testing.T, s *testkit.Server) *testkit.Server {
	t.Helper()
	raw, err := os.ReadFile("../../deploy/nginx.conf")
	if err != nil {
		t.Fatal(err)
	}
	cert, key := testkit.Certificate(t)
	at, dir, example := freePort(t), t.TempDir(), string(raw)
	for _, swap := range [][2]string{{"server 127.0.0.1:8065;", "server " + s.Addr() + ";"}, {"listen 443 ", "listen " + at + " "},
		{"listen [::]:443 ssl http2;", ""}, {"/etc/ssl/chat.example.com.pem", cert}, {"/etc/ssl/chat.example.com.key", key}} {
		if strings.Count(example, swap[0]) != 1 {
			t.Fatalf("the example has not one %q", swap[0])
		}
		example = strings.Replace(example, swap[0], swap[1], 1)
	}
	for name, text := range map[string]string{"parley.conf": example, "nginx.conf": around} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var said bytes.Buffer
	nginx := exec.Command("/usr/sbin/nginx", "-p", dir, "-c", "nginx.conf") // where Debian has it, and no user's path
	nginx.Stdout, nginx.Stderr = &said, &said
	if err := nginx.Start(); err != nil {
		t.Fatalf("nginx: %v: scripts/need.sh test installs it", err)
	}
	ended := make(chan error, 1)
	go func() { ended <- nginx.Wait() }()
	t.Cleanup(func() {
		_ = nginx.Process.Kill()
		<-ended
	})
	testkit.Eventually(t, "nginx", func() bool {
		select {
		case err := <-ended:
			ended <- err
			t.Fatalf("nginx ended: %v: %s", err, said.String())
		default:
		}
		conn, err := net.Dial("tcp", at)
		if err == nil {
			_ = conn.Close()
		}
		return err == nil
	})
	if warned, _ := os.ReadFile(filepath.Join(dir, "nginx.log")); len(warned) > 0 || said.Len() > 0 {
		t.Errorf("nginx says of the example: %s%s", said.String(), warned)
	}
	text, err := os.ReadFile(cert)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(text)
	return s.Behind("https://"+at, roots)
}

// TestBehindNginx has people use Parley through the proxy that the example makes.
func TestBehindNginx(t *testing.T) {
	t.Parallel()
	s := testkit.Start(t, dbtest.SQLite, testkit.Env("MM_SERVICESETTINGS_TRUSTEDPROXYIPHEADER=X-Forwarded-For", "MM_FILESETTINGS_MAXFILESIZE=67108864"))
	via := startNginx(t, s)
	page := via.Nobody().GET("<site>/").Want(t, 200)
	if !strings.Contains(page.Header.Get("Content-Type"), "text/html") || page.Header.Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("the page: %v", page.Header)
	}
	ann := via.As(s.Admin.Username)
	room := s.Channel(s.Admin, s.Team(s.Admin))
	so := ann.Listen()
	said := s.Admin.Say(room, "through the proxy")
	so.Expect("posted", func(f testkit.Frame) bool {
		var p model.Post
		f.JSON(t, "post", &p)
		return p.ID == said.ID
	})
	large := make([]byte, 60<<20)
	file := ann.Upload(room, "large.bin", large)
	ann.Show(room, file)
	if got := ann.GET("/files/"+file.ID).Want(t, 200); !bytes.Equal(got.Body, large) {
		t.Errorf("%d bytes came back", len(got.Body))
	}
	// The refusal is Parley's, with its words, and not a broken connection.
	ann.Send(room, "larger.bin", make([]byte, 65<<20)).Refused(t, 413, "api.context.request_body_too_large.app_error")
	testTheCaller(t, s, via)
}

// testTheCaller sees which address the server believes that a caller has who
// claims another.
func testTheCaller(t *testing.T, s, via *testkit.Server) {
	t.Helper()
	claim := []string{"X-Forwarded-For", "203.0.113.7"}
	via.Nobody().Do("POST", "/users/login", map[string]string{"login_id": s.Admin.Username, "password": "wrong"}, claim...).Want(t, 401)
	via.Nobody().Do("POST", "/users/login", map[string]string{"login_id": s.Admin.Username, "password": testkit.Password}, claim...).Want(t, 200)
	var trail []model.Audit
	s.Admin.GET("/audits").Want(t, 200).Into(t, &trail)
	if slices.ContainsFunc(trail, func(a model.Audit) bool { return a.IPAddress == claim[1] }) {
		t.Error("an address that the caller made up is believed")
	}
	// Without the proxy the same header counts, as the setting says.
	s.Nobody().Do("POST", "/users/login", map[string]string{"login_id": s.Admin.Username, "password": testkit.Password}, claim...).Want(t, 200)
	s.Admin.GET("/audits").Want(t, 200).Into(t, &trail)
	if !slices.ContainsFunc(trail, func(a model.Audit) bool { return a.IPAddress == claim[1] }) {
		t.Error("the address that a trusted header says isn't used")
	}
}
