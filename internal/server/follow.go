package server

import (
	"context"
	"time"

	"github.com/parley-chat/parley/internal/db"
)

// followEvery is how soon a change of the settings that a command or another
// node made holds here.
const followEvery = 3 * time.Second

// followSettings reads the settings again when somebody else has changed them
// in the database, until ctx ends. While other nodes can't be heard it has
// sessions and rights read again as well.
func (s *Server) followSettings(ctx context.Context) {
	mark := func() (int64, error) {
		return db.Value[int64](ctx, s.DB, `SELECT coalesce(max(changedat), 0) FROM parley_settings_history`)
	}
	known, err := mark()
	tick := time.NewTicker(followEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if s.cluster != nil && !s.cluster.Connected() {
			s.Access.Distrust()
		}
		now, merr := mark()
		if merr != nil {
			continue // the database is away; others say so
		}
		if now == known && err == nil {
			continue
		}
		if err = s.Config.Reload(ctx); err != nil && ctx.Err() == nil {
			s.log.Error("changed settings could not be read; the former hold on", "error", err)
		}
		known = now
	}
}
