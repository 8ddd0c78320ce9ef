package server

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/config"
	"github.com/parley-chat/parley/internal/fault"
)

// local is the server of the local socket, by which the host's own account, and
// nobody else, commands the server without credentials.
type local struct {
	mu     sync.Mutex
	http   *http.Server
	path   string
	socket fs.FileInfo // what was put at path
	closed bool
}

// listenLocally opens the local socket when the settings ask for it, and from
// then on follows them.
func (s *Server) listenLocally() error {
	if err := s.openLocal(); err != nil {
		return err
	}
	s.Config.OnChange(func(old, now *config.Config) {
		was, is := old.ServiceSettings, now.ServiceSettings
		if was.EnableLocalMode == is.EnableLocalMode && was.LocalModeSocketLocation == is.LocalModeSocketLocation {
			return
		}
		// Not here: the change may have come over the socket, which waits for its answer.
		go func() {
			drain, cancel := context.WithTimeout(context.Background(), s.opts.Drain)
			defer cancel()
			_ = s.local.end(drain)
			if err := s.openLocal(); err != nil {
				s.log.Error("the local socket was not opened", "error", err)
			}
		}()
	})
	return nil
}

func (s *Server) openLocal() error {
	l, set := &s.local, s.Config.Get().ServiceSettings
	path := set.LocalModeSocketLocation
	l.mu.Lock()
	defer l.mu.Unlock()
	if !set.EnableLocalMode || l.closed || l.http != nil {
		return nil
	}
	ln, socket, err := listenAt(path)
	if err != nil {
		return fmt.Errorf("can't listen on the local socket: %w", err)
	}
	srv := &http.Server{Handler: http.HandlerFunc(s.serveLocal), ErrorLog: slog.NewLogLogger(s.log.Handler(), slog.LevelDebug),
		ReadHeaderTimeout: 20 * time.Second, MaxHeaderBytes: 64 << 10,
		ReadTimeout:  time.Duration(set.ReadTimeout) * time.Second,
		WriteTimeout: time.Duration(set.WriteTimeout) * time.Second,
		IdleTimeout:  time.Duration(set.IdleTimeout) * time.Second,
		BaseContext:  func(net.Listener) context.Context { return access.Local(context.Background()) },
	}
	l.http, l.path, l.socket = srv, path, socket
	go func() { _ = srv.Serve(ln) }()
	s.log.Info("the local socket is open", "path", path)
	return nil
}

// serveLocal answers what comes over the socket: the API, and nothing else.
func (s *Server) serveLocal(w http.ResponseWriter, r *http.Request) {
	if !strings.HasPrefix(r.URL.Path, "/api/v4/") {
		s.router.Fail(w, r, fault.NotFound("api.context.404.app_error"))
		return
	}
	s.router.ServeHTTP(w, r)
}

// close ends the socket for good.
func (l *local) close(ctx context.Context) error {
	l.mu.Lock()
	l.closed = true
	l.mu.Unlock()
	return l.end(ctx)
}

// end takes the socket away, lets what is under way finish, and cuts the rest off.
func (l *local) end(ctx context.Context) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.http == nil {
		return nil
	}
	if now, err := os.Lstat(l.path); err == nil && os.SameFile(now, l.socket) {
		_ = os.Remove(l.path)
	}
	err := l.http.Shutdown(ctx)
	if err != nil {
		_ = l.http.Close()
	}
	l.http = nil
	return err
}

// listenAt opens a socket at path that only the server's own account may use.
// It comes into being inside a folder that is closed to others and is linked to
// its place from there: it is never open to anybody else, and takes nothing's
// place, neither a file's nor a link's.
func listenAt(path string) (net.Listener, fs.FileInfo, error) {
	if err := clearPlace(path); err != nil {
		return nil, nil, err
	}
	dir, err := os.MkdirTemp(filepath.Dir(path), ".s")
	if err != nil {
		return nil, nil, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	born := filepath.Join(dir, "s")
	ln, err := net.ListenUnix("unix", &net.UnixAddr{Name: born, Net: "unix"})
	if err != nil {
		return nil, nil, err
	}
	ln.SetUnlinkOnClose(false)
	err = os.Chmod(born, 0o600)
	if err == nil {
		err = os.Link(born, path)
	}
	var info fs.FileInfo
	if err == nil {
		info, err = os.Lstat(path)
	}
	if err != nil {
		_ = ln.Close()
		return nil, nil, err
	}
	return ln, info, nil
}

// clearPlace removes the socket that a server which is no more left at path.
// Anything else that is there stays, and is an error.
func clearPlace(path string) error {
	info, err := os.Lstat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return err
	case info.Mode().Type() != fs.ModeSocket:
		return fmt.Errorf("%s is there already and is no socket: move it away, or change ServiceSettings.LocalModeSocketLocation", path)
	}
	conn, err := net.DialTimeout("unix", path, time.Second)
	if err == nil {
		_ = conn.Close()
		return fmt.Errorf("another server listens at %s: stop it, or change ServiceSettings.LocalModeSocketLocation", path)
	}
	if !errors.Is(err, syscall.ECONNREFUSED) {
		return fmt.Errorf("whether another server listens at %s can't be told: %w", path, err)
	}
	return os.Remove(path)
}
