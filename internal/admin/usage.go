package admin

import (
	"context"
	"sync"
	"time"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/api"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/model"
)

// figuresFresh is how long figures hold before they are counted again: they
// cost a walk through large tables, and any member may ask for some of them.
const figuresFresh = time.Minute

// maxFigures bounds how many answers are kept: each team has its own.
const maxFigures = 500

// figures remembers counted answers for a moment. One caller counts, the
// others wait for the result.
type figures struct {
	mu    sync.Mutex
	known map[string]*counted
}

type counted struct {
	mu   sync.Mutex
	at   time.Time
	what any
}

func (f *figures) forget() {
	f.mu.Lock()
	f.known = nil
	f.mu.Unlock()
}

func (f *figures) remember(ctx context.Context, key string, count func(context.Context) ([]model.AnalyticsRow, error)) ([]model.AnalyticsRow, error) {
	return remembered(ctx, f, key, count)
}

// remembered returns what was counted under a key a moment ago, or counts it now,
// once for all who ask at the same time.
func remembered[T any](ctx context.Context, f *figures, key string, count func(context.Context) (T, error)) (T, error) {
	f.mu.Lock()
	if f.known == nil || len(f.known) >= maxFigures {
		f.known = map[string]*counted{}
	}
	c := f.known[key]
	if c == nil {
		c = &counted{}
		f.known[key] = c
	}
	f.mu.Unlock()
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.at.IsZero() && time.Since(c.at) < figuresFresh {
		return c.what.(T), nil
	}
	what, err := count(ctx)
	if err == nil {
		c.what, c.at = what, time.Now()
	}
	return what, err
}

func (a *Admin) usage(ctx context.Context, name, sql string) (int64, error) {
	rows, err := a.figures.remember(ctx, "usage "+name, func(ctx context.Context) ([]model.AnalyticsRow, error) {
		n, err := db.Value[int64](ctx, a.db.Replica(), sql)
		return []model.AnalyticsRow{{Name: name, Value: float64(n)}}, err
	})
	if err != nil {
		return 0, err
	}
	return int64(rows[0].Value), nil
}

// postsUsage counts what people and bots wrote; messages of the system don't count.
func (a *Admin) postsUsage(ctx context.Context, _ access.Viewer, _ api.None) (model.PostsUsage, error) {
	n, err := a.usage(ctx, "posts", `SELECT count(*) FROM posts WHERE deleteat = 0 AND type = ''`)
	return model.PostsUsage{Count: n}, err
}

func (a *Admin) storageUsage(ctx context.Context, _ access.Viewer, _ api.None) (model.StorageUsage, error) {
	n, err := a.usage(ctx, "storage", `SELECT CAST(coalesce(sum(size), 0) AS bigint) FROM fileinfo WHERE deleteat = 0`)
	return model.StorageUsage{Bytes: n}, err
}

func (a *Admin) teamsUsage(ctx context.Context, _ access.Viewer, _ api.None) (model.TeamsUsage, error) {
	n, err := a.usage(ctx, "teams", `SELECT count(*) FROM teams WHERE deleteat = 0`)
	return model.TeamsUsage{Active: n}, err
}
