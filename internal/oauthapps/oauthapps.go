// Package oauthapps lets programs act for people by OAuth 2.0: a person is asked
// whether a program may, the program gets a code, and for the code a token, which
// is a session of that person's and can be taken back at any time.
//
// Only the code flow is there, with PKCE (S256), which public clients must use.
// An address that a code is sent to equals a registered one to the letter. A code
// belongs to one client, address and person and works once; a refresh token works
// once, too. Whoever shows a used one ends what was made from it (grants.go). An
// application gets its user's rights without those by which it could stay or let
// others in (access.Viewer.Lent).
//
// It owns oauthapps, oauthauthdata and oauthaccessdata, as the protocol has them,
// and parley_oauth_grants and parley_oauth_spent. Rules of applications are in
// apps.go, requests in request.go, consent in consent.go, tokens in tokens.go.
package oauthapps

import (
	"context"
	"log/slog"
	"strings"
	"time"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/config"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/jobs"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/preferences"
	"github.com/parley-chat/parley/internal/users"
)

// Config is what the slice is made from.
type Config struct {
	DB          *db.DB
	Settings    *config.Store
	Access      *access.Access
	Users       *users.Users
	Preferences *preferences.Preferences
	Jobs        *jobs.Runner
	// Allow keeps a rate for a key: so many calls per second, with bursts.
	Allow func(key string, perSecond float64, burst int) bool
	Log   *slog.Logger
}

// Apps is the slice. Make it with New.
type Apps struct {
	Config
	router *access.Router
}

// New returns the slice over a migrated database. When sessions of a person end,
// what applications could get new ones with ends in the same transaction.
func New(c Config) *Apps {
	a := &Apps{Config: c}
	c.Access.OnEnding(a.sessionsEnd)
	c.Users.OnDeleting(func(ctx context.Context, tx *db.Tx, user *model.User) error { return forgetUser(ctx, tx, user.ID) })
	c.Jobs.Every("parley_oauth_sweep", time.Hour, func(ctx context.Context, _ *jobs.Job) error { return a.sweep(ctx) })
	return a
}

// on refuses with errorID while the provider is switched off.
func (a *Apps) on(errorID string) error {
	if !a.Settings.Get().ServiceSettings.EnableOAuthServiceProvider {
		return fault.NotImplemented(errorID)
	}
	return nil
}

// site is the address of the server, "" when nobody has set it.
func (a *Apps) site() string {
	return strings.TrimRight(a.Settings.Get().ServiceSettings.SiteURL, "/")
}
