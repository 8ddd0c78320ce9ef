package cli

import (
	"context"
	"errors"
	"os"
	"os/signal"
	"path/filepath"
	"runtime/debug"
	"syscall"
	"time"

	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/server"
)

type serveCommand struct {
	where
	Listen string `help:"${listen}" placeholder:"HOST:PORT"`
}

// settleTime is when a started server gives back the memory that only its start
// needed.
const settleTime = 3 * time.Second

// Run serves until the context ends, and starts anew when an administrator asks
// for that.
func (c *serveCommand) Run(s *session) error {
	// A chat server's live heap is small against what its requests allocate:
	// a lower target trades a little CPU for a fraction of the memory.
	debug.SetGCPercent(75)
	defer time.AfterFunc(settleTime, settle).Stop()
	for {
		err := c.once(s)
		if !errors.Is(err, server.ErrRestart) {
			return err
		}
		if err := s.say("restarting"); err != nil {
			return err
		}
	}
}

func (c *serveCommand) once(s *session) error {
	if err := needTemporary(c.Data); err != nil {
		return err
	}
	srv, err := c.open(s)
	if err != nil {
		return err
	}
	if err := srv.Listen(); err != nil {
		srv.Close()
		return err
	}
	if err := c.welcome(s, srv); err != nil {
		srv.Close()
		return err
	}
	stop := reloadOnHangUp(s.ctx, srv)
	defer stop()
	return srv.Run(s.ctx)
}

// patience is how long a start waits for a database that doesn't answer yet:
// both may have been started at the same moment.
const patience = time.Minute

func (c *serveCommand) open(s *session) (*server.Server, error) {
	for end, told := time.Now().Add(patience), false; ; told = true {
		srv, err := server.New(s.ctx, server.Options{Listen: c.Listen, Data: c.Data, DB: c.DBURL, Configs: c.Config, Environ: s.environ, Console: s.console})
		if err == nil || !db.IsUnreachable(err) || time.Now().After(end) {
			return srv, err
		}
		if !told {
			if err := s.say("database_away", "Seconds", int(patience.Seconds())); err != nil {
				return nil, err
			}
		}
		select {
		case <-s.ctx.Done():
			return nil, err
		case <-time.After(500 * time.Millisecond):
		}
	}
}

// needTemporary sees to a folder for temporary files where the system has none,
// as in an image that holds the program alone: one in the data folder, emptied.
func needTemporary(data string) error {
	if f, err := os.CreateTemp("", "parley-"); err == nil {
		return errors.Join(f.Close(), os.Remove(f.Name()))
	}
	dir := filepath.Join(data, "tmp")
	if err := errors.Join(os.RemoveAll(dir), os.MkdirAll(dir, 0o700)); err != nil {
		return err
	}
	return os.Setenv("TMPDIR", dir)
}

// welcome prints the one line of a start.
func (c *serveCommand) welcome(s *session, srv *server.Server) error {
	empty, err := srv.Empty(s.ctx)
	if err != nil {
		return err
	}
	if empty {
		return s.say("welcome_first", "URL", srv.URL())
	}
	return s.say("welcome", "URL", srv.URL())
}

// reloadOnHangUp reads the settings again at each SIGHUP, and forgets what the
// server remembers of users, whom another command may have changed.
func reloadOnHangUp(ctx context.Context, srv *server.Server) (stop func()) {
	hangUps := make(chan os.Signal, 1)
	signal.Notify(hangUps, syscall.SIGHUP)
	ctx, cancel := context.WithCancel(ctx)
	go func() {
		for {
			select {
			case <-hangUps:
				srv.Reload(ctx)
			case <-ctx.Done():
				return
			}
		}
	}()
	return func() {
		signal.Stop(hangUps)
		cancel()
	}
}
