// Package s3 runs a real S3 server for a test: the Versity gateway
// (Apache-2.0), which is built once through the Go module proxy and kept in the
// user's cache folder. Test only.
package s3

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"
)

const gateway = "github.com/versity/versitygw/cmd/versitygw@v1.8.0"

// What the server's owner signs with, and the bucket that there is.
const (
	Key    = "parley-test"
	Secret = "parley-test-secret"
	Bucket = "files"
)

// Server is an S3 server that can be stopped and started again.
type Server struct {
	t        testing.TB
	program  string
	dir      string
	meta     string
	Endpoint string // host:port
	cmd      *exec.Cmd
}

// Start runs a server with an empty bucket until the test ends.
func Start(t testing.TB) *Server {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &Server{t: t, program: built(t), dir: t.TempDir(), meta: t.TempDir(), Endpoint: ln.Addr().String()}
	_ = ln.Close()
	if err := os.Mkdir(filepath.Join(s.dir, Bucket), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Stop)
	s.Run()
	return s
}

// built returns the path of the server's program.
func built(t testing.TB) string {
	t.Helper()
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Fatal("no folder to keep the S3 server in: ", err)
	}
	dir := filepath.Join(cache, "parley-test", "versitygw-1.8.0")
	program := filepath.Join(dir, "versitygw")
	if _, err := os.Stat(program); err == nil {
		return program
	}
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Minute)
	defer cancel()
	install := exec.CommandContext(ctx, "go", "install", gateway)
	install.Env = append(os.Environ(), "GOBIN="+dir, "GOFLAGS=")
	install.Dir = os.TempDir()
	if out, err := install.CombinedOutput(); err != nil {
		t.Fatalf("the S3 server could not be built: %v: %.300s", err, out)
	}
	return program
}

// Run starts the server, at the same address each time.
func (s *Server) Run() {
	s.t.Helper()
	s.cmd = exec.Command(s.program, "--port", s.Endpoint, "--access", Key, "--secret", Secret, "--quiet", "posix", "--sidecar", s.meta, s.dir)
	if err := s.cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	for end := time.Now().Add(20 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		conn, err := net.Dial("tcp", s.Endpoint)
		if err == nil {
			_ = conn.Close()
			return
		}
		if time.Now().After(end) {
			s.t.Fatal("the S3 server did not start: ", err)
		}
	}
}

// Stop kills the server. What it has acknowledged stays.
func (s *Server) Stop() {
	if s.cmd != nil {
		_ = s.cmd.Process.Kill()
		_ = s.cmd.Wait()
		s.cmd = nil
	}
}

// Env are the settings that have a server keep its files here.
func (s *Server) Env() []string {
	set := func(key, value string) string { return fmt.Sprintf("MM_FILESETTINGS_%s=%s", key, value) }
	return []string{set("DRIVERNAME", "amazons3"), set("AMAZONS3ENDPOINT", s.Endpoint), set("AMAZONS3SSL", "false"), set("AMAZONS3BUCKET", Bucket),
		set("AMAZONS3ACCESSKEYID", Key), set("AMAZONS3SECRETACCESSKEY", Secret), set("AMAZONS3REGION", "us-east-1"),
		set("AMAZONS3PATHPREFIX", "chat"), set("AMAZONS3REQUESTTIMEOUTMILLISECONDS", strconv.Itoa(5000))}
}
