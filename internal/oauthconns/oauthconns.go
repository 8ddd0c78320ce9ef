// Package oauthconns gets the tokens that the server's own calls carry where
// another program asks for OAuth 2.0: a connection says where tokens come from,
// what the server proves itself with, and for which addresses they are.
//
// It is the client's side (oauthapps is the provider's): the grants by a client's
// secret and by a password (RFC 6749, 4.4 and 4.3). Tokens are kept in memory until
// shortly before they end, for one connection as it is: who changes it asks anew
// (tokens.go). Secrets are taken and never given out again, and go to no other
// server than the one that they were entered for (manage.go). Which address a
// connection serves is model.OutgoingOAuthConnection.Serves.
//
// It owns the table outgoingoauthconnections.
package oauthconns

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/config"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/outgoing"
	"github.com/parley-chat/parley/internal/users"
)

// Config is what the slice is made from.
type Config struct {
	DB       *db.DB
	Settings *config.Store
	Users    *users.Users
	Log      *slog.Logger
}

// Connections is the slice. Make it with New.
type Connections struct {
	Config
	client *http.Client
	mu     sync.Mutex
	kept   map[string]*kept // by the connection's id
}

// timeMost bounds a request for a token, whatever the settings say.
const timeMost = 30 * time.Second

// New returns the slice over a migrated database.
func New(c Config) *Connections {
	client := outgoing.New(func() string { return c.Settings.Get().ServiceSettings.AllowedUntrustedInternalConnections }, timeMost)
	// A secret goes where somebody has written that it goes.
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &Connections{Config: c, client: client, kept: map[string]*kept{}}
}

// on refuses while connections are switched off.
func (c *Connections) on() error {
	if !c.Settings.Get().ServiceSettings.EnableOutgoingOAuthConnections {
		return fault.NotImplemented("api.context.outgoing_oauth_connection.not_available.configuration_disabled")
	}
	return nil
}

// may refuses while connections are switched off, and who has none of the
// permissions in the team that they ask from.
func (c *Connections) may(ctx context.Context, v access.Viewer, teamID string, permissions ...access.Permission) error {
	if err := c.on(); err != nil {
		return err
	}
	return v.NeedTeam(ctx, teamID, permissions...)
}

// Bearer returns the token that a call of an address carries, and "" when no
// connection serves it. refused is a token that the receiver has just answered
// with 401: another one is returned, or "" when there is none to be had. It fails
// when there is no token, with the reason.
func (c *Connections) Bearer(ctx context.Context, address, refused string) (string, error) {
	if c.on() != nil {
		return "", nil
	}
	list, err := c.serving(ctx, address)
	if err != nil || len(list) == 0 {
		return "", err
	}
	token, err := c.token(ctx, list[0], refused)
	if err != nil {
		return "", fmt.Errorf("oauthconns: the connection %q has no token: %w", list[0].Name, err)
	}
	return token, nil
}
