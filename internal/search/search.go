// Package search finds posts by what is in them.
//
// parse.go reads what people type into a Query, a list of terms and filters
// that any text yields. find.go answers it from the channels that the viewer is
// in at that moment, newest first. The words of posts are in an index of this
// slice: an FTS5 table on SQLite (sqlite.go), tsvectors on PostgreSQL
// (postgres.go). index.go fills it from the posts in batches: in the background
// when it is quiet, and before each search, so that a search misses nothing.
// words.go says what the words of a text are and expr.go what is asked of the
// index for a query, the same on both. While the posts of an existing database
// are being read into it, the indexes of the schema answer (schema.go).
package search

import (
	"context"
	"log/slog"
	"time"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/config"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/posts"
	"github.com/parley-chat/parley/internal/users"
)

// Search is the slice. Make it with New; Run keeps the index current.
type Search struct {
	db       *db.DB
	cfg      *config.Store
	users    *users.Users
	posts    *posts.Posts
	index    *index
	common   commonness
	observed func(files bool, took time.Duration)
	log      *slog.Logger
}

// Config is what the slice is made from.
type Config struct {
	DB       *db.DB
	Settings *config.Store
	Users    *users.Users
	Posts    *posts.Posts
	Observed func(files bool, took time.Duration) // is told how long each search took; may be nil
	Log      *slog.Logger
}

// New returns the slice over a migrated database.
func New(c Config) *Search {
	s := &Search{db: c.DB, cfg: c.Settings, users: c.Users, posts: c.Posts, observed: c.Observed, log: c.Log}
	if s.observed == nil {
		s.observed = func(bool, time.Duration) {}
	}
	s.index = newIndex(c.DB, c.Log)
	c.Posts.Created.Subscribe(func(context.Context, *posts.Saving) { s.index.touch() })
	c.Posts.Edited.Subscribe(func(context.Context, posts.Edited) { s.index.touch() })
	c.Posts.Deleted.Subscribe(func(context.Context, posts.Deleted) { s.index.touch() })
	c.Posts.Restored.Subscribe(func(context.Context, posts.Restored) { s.index.touch() })
	return s
}

// Run keeps the index current until ctx ends.
func (s *Search) Run(ctx context.Context) {
	s.index.run(ctx)
}

// Mount adds the routes of the slice.
func (s *Search) Mount(r *access.Router) { s.mount(r) }
