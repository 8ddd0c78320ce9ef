package cli

import (
	"fmt"
	"log/slog"
	"runtime/debug"

	"github.com/parley-chat/parley/internal/config"
	"github.com/parley-chat/parley/internal/server"
)

type serveCommand struct {
	where
	Listen string `help:"Address to listen on; without it the settings say (:8065)." placeholder:"HOST:PORT"`
}

// Run serves until the context ends.
func (c *serveCommand) Run(s *session) error {
	log := slog.New(slog.NewTextHandler(s.err, &slog.HandlerOptions{Level: slog.LevelInfo}))
	// A chat server's live heap is small against what its requests allocate:
	// a lower target trades a little CPU for a fraction of the memory.
	debug.SetGCPercent(75)
	srv, err := server.New(s.ctx, server.Options{Listen: c.Listen, Data: c.Data, DB: c.DB, Configs: c.Config, Environ: s.environ, Log: log})
	if err != nil {
		return err
	}
	if err := srv.Listen(); err != nil {
		srv.Close()
		return err
	}
	welcome, err := srv.Welcome(s.ctx)
	if err != nil {
		srv.Close()
		return err
	}
	_, _ = fmt.Fprintln(s.out, welcome)
	return srv.Run(s.ctx)
}

type versionCommand struct{}

// Run prints the version.
func (versionCommand) Run(s *session) error {
	_, err := fmt.Fprintf(s.out, "parley %s (speaks Mattermost %s)\n", config.Version, config.ProtocolVersion)
	return err
}
