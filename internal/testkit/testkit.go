// Package testkit runs a whole server for a test and talks to it as its
// clients do. Test only.
//
// Each starts the test once on either engine, on a database of its own:
//
//	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
//		alice, bob := s.User("alice"), s.User("bob")
//		room := s.Channel(alice, s.Team(alice, bob), bob)
//		bob.Listen()
//		alice.Say(room, "hello")
//		bob.Expect("posted", nil)
//	})
//
// The first user is s.Admin. Hashing passwords is made cheap here, and only here.
package testkit

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"log/slog"
	"net/http"
	"os"
	"testing"
	"time"

	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/db/dbtest"
	"github.com/parley-chat/parley/internal/server"
)

// Password is everybody's.
const Password = "Probe-Passw0rd-1"

// patience is how long a test waits for something that should happen at once.
const patience = 20 * time.Second

// Server is a running server with its administrator.
type Server struct {
	*server.Server
	t     testing.TB
	URL   string
	Admin *Actor
	stop  context.CancelFunc
	done  chan error
	// client is this server's only: a port may be another server's soon, and
	// what was kept open to this one must be closed with it.
	client http.Transport
}

// Option changes how a test's server is built.
type Option func(*server.Options)

// Env sets a setting as the environment does: "MM_SECTION_KEY=value".
func Env(pairs ...string) Option {
	return func(o *server.Options) { o.Environ = append(o.Environ, pairs...) }
}

// Each runs fn as two subtests, with a server on each engine.
func Each(t *testing.T, fn func(t *testing.T, s *Server), opts ...Option) {
	t.Helper()
	for _, engine := range dbtest.Engines {
		t.Run(string(engine), func(t *testing.T) {
			t.Parallel()
			fn(t, Start(t, engine, opts...))
		})
	}
}

// Start runs a server on a fresh database until the test ends.
func Start(t testing.TB, engine dbtest.Engine, opts ...Option) *Server {
	t.Helper()
	return StartOn(t, dbtest.Options(t, engine), opts...)
}

// StartOn runs a server on a database that exists.
func StartOn(t testing.TB, database db.Options, opts ...Option) *Server {
	t.Helper()
	s := Bare(t, database, opts...)
	s.Admin = s.User("root")
	return s
}

// Bare is StartOn without an administrator: the first user is yet to come.
func Bare(t testing.TB, database db.Options, opts ...Option) *Server {
	t.Helper()
	o := server.Options{Listen: "127.0.0.1:0", Data: t.TempDir(), Database: &database, Log: slog.New(slog.DiscardHandler),
		Environ: []string{"MM_TEAMSETTINGS_ENABLEOPENSERVER=true"}}
	if os.Getenv("PARLEY_TEST_LOG") != "" {
		o.Log = slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelDebug}))
	}
	for _, set := range opts {
		set(&o)
	}
	ctx, cancel := context.WithCancel(context.Background())
	built, err := server.New(ctx, o)
	if err != nil {
		cancel()
		t.Fatalf("building the server: %v", err)
	}
	built.Access.CheapPasswords()
	if err := built.Listen(); err != nil {
		cancel()
		t.Fatal(err)
	}
	s := &Server{Server: built, t: t, URL: "http://" + built.Addr(), stop: cancel, done: make(chan error, 1)}
	go func() { s.done <- built.Run(ctx) }()
	t.Cleanup(s.Stop)
	return s
}

// Behind is the server as clients meet it at another address: that of a proxy
// before it, whose certificate is one of roots.
func (s *Server) Behind(address string, roots *x509.CertPool) *Server {
	b := &Server{Server: s.Server, t: s.t, URL: address, stop: s.stop, done: s.done,
		client: http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}}}
	s.t.Cleanup(b.client.CloseIdleConnections)
	return b
}

// Stop ends the server as SIGTERM does, and waits until it has ended. A second
// call does nothing.
func (s *Server) Stop() {
	s.stop()
	defer s.client.CloseIdleConnections()
	select {
	case err, ok := <-s.done:
		if ok && err != nil {
			s.t.Errorf("the server ended with: %v", err)
		}
		if ok {
			close(s.done)
		}
	case <-time.After(patience):
		s.t.Error("the server did not stop")
	}
}

// Eventually waits until ok is true.
func Eventually(t testing.TB, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(patience); !ok(); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("never happened: %s", what)
		}
	}
}
