package admin

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/api"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/outgoing"
)

func (a *Admin) invalidateCaches(ctx context.Context, v access.Viewer, _ api.None) (api.OK, error) {
	a.acc.ForgetEverything()
	a.figures.forget()
	a.users.Audit(ctx, v, "/api/v4/caches/invalidate", "")
	return api.Done(), nil
}

func (a *Admin) recycleDatabase(ctx context.Context, v access.Viewer, _ api.None) (api.OK, error) {
	a.db.Recycle()
	a.users.Audit(ctx, v, "/api/v4/database/recycle", "")
	return api.Done(), a.db.Ping(ctx)
}

// restartServer has the server drain and start anew; the answer goes out first.
func (a *Admin) restartServer(ctx context.Context, v access.Viewer, _ api.None) (api.OK, error) {
	a.users.Audit(ctx, v, "/api/v4/restart", "")
	a.log.Warn("an administrator restarts the server", "user_id", v.UserID)
	a.restart()
	return api.Done(), nil
}

type migration struct {
	Version int64  `json:"version"`
	Name    string `json:"name"`
}

// schemaVersion lists the steps that made the database's schema.
func (a *Admin) schemaVersion(ctx context.Context, v access.Viewer, _ api.None) ([]migration, error) {
	if err := a.anySection(ctx, v, "sysconsole_read_"); err != nil {
		return nil, err
	}
	return a.migrations(ctx)
}

func (a *Admin) migrations(ctx context.Context) ([]migration, error) {
	return db.List(ctx, a.db, func(r db.Row) (m migration, err error) {
		err = r.Scan(&m.Version, &m.Name)
		return m, err
	}, `SELECT version, name FROM db_migrations ORDER BY version LIMIT 10000`)
}

func (a *Admin) clusterStatus(context.Context, access.Viewer, api.None) ([]model.ClusterInfo, error) {
	return a.nodes(), nil
}

// releasesURL says which version of Parley is the latest.
const releasesURL = "https://api.github.com/repos/parley-chat/parley/releases/latest"

// release is a published version.
type release struct {
	ID          int64  `json:"id"`
	TagName     string `json:"tag_name"`
	Name        string `json:"name"`
	CreatedAt   string `json:"created_at"`
	PublishedAt string `json:"published_at"`
	Body        string `json:"body"`
	HTMLURL     string `json:"html_url"`
}

// latestRelease remembers the last answer, so that the page of a console that
// stays open asks once a day.
type latestRelease struct {
	mu    sync.Mutex
	at    time.Time
	known release
}

// latestVersion asks for the latest version, and only when an administrator
// does: nothing is sent that tells of this server.
func (a *Admin) latestVersion(ctx context.Context, _ access.Viewer, _ api.None) (release, error) {
	l := &a.release
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.at.IsZero() && time.Since(l.at) < 24*time.Hour {
		return l.known, nil
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, releasesURL, nil)
	if err != nil {
		return release{}, err
	}
	req.Header.Set("Accept", "application/vnd.github+json")
	known, err := a.fetchRelease(req)
	if err != nil {
		return release{}, fault.Unavailable("api.latest_version.unreachable.app_error").Wrap(err)
	}
	l.at, l.known = time.Now(), known
	return known, nil
}

func (a *Admin) fetchRelease(req *http.Request) (r release, err error) {
	resp, err := a.web.Do(req)
	if err != nil {
		return r, err
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode != http.StatusOK {
		return r, errors.New("the list of releases answered " + resp.Status)
	}
	raw, err := outgoing.Read(resp.Body, 1<<20)
	if err != nil {
		return r, err
	}
	err = api.DecodeJSON(raw, &r)
	if err == nil && !strings.HasPrefix(r.HTMLURL, "https://") {
		r.HTMLURL = ""
	}
	return r, err
}
