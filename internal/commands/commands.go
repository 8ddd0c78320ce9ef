// Package commands is what people type behind a slash: the server's own
// commands and those that integrations answer.
//
// A built-in command does what the routes do, with the rights of who types it
// (builtin*.go); it says so in the typist's language, to them alone. A custom
// command belongs to a team (manage.go, store.go) and calls its integration
// (call.go), on a message, too, if it is offered there (on_post.go). The answers,
// at once or within half an hour (hook.go), become messages (respond.go).
// execute.go is the way from a text to either; parse.go reads the text;
// suggest.go says how it may go on.
//
// It owns the tables commands, commandwebhooks, parley_command_autocomplete,
// parley_command_echoes and parley_message_commands.
package commands

import (
	"context"
	"log/slog"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/channels"
	"github.com/parley-chat/parley/internal/config"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/deliveries"
	"github.com/parley-chat/parley/internal/i18n"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/posts"
	"github.com/parley-chat/parley/internal/preferences"
	"github.com/parley-chat/parley/internal/presence"
	"github.com/parley-chat/parley/internal/teams"
	"github.com/parley-chat/parley/internal/users"
)

// Config is what the slice is made from.
type Config struct {
	DB          *db.DB
	Settings    *config.Store
	Access      *access.Access
	Users       *users.Users
	Teams       *teams.Teams
	Channels    *channels.Channels
	Posts       *posts.Posts
	Presence    *presence.Presence
	Preferences *preferences.Preferences
	Deliveries  *deliveries.Deliveries
	Log         *slog.Logger
}

// Commands is the slice. Make it with New.
type Commands struct {
	Config
	own  map[string]*builtin // by trigger
	wake chan struct{}       // an echo was put by
}

// New returns the slice over a migrated database.
func New(c Config) *Commands {
	m := &Commands{Config: c, wake: make(chan struct{}, 1)}
	m.own = m.builtins()
	c.Users.OnDeleting(func(ctx context.Context, tx *db.Tx, user *model.User) error {
		for _, sql := range []string{`DELETE FROM parley_command_echoes WHERE userid = $1`, `DELETE FROM commandwebhooks WHERE userid = $1`,
			`UPDATE commands SET deleteat = updateat WHERE creatorid = $1 AND deleteat = 0`} {
			if _, err := db.Exec(ctx, tx, sql, user.ID); err != nil {
				return err
			}
		}
		return nil
	})
	c.Teams.Deleted.Subscribe(func(ctx context.Context, e teams.Changed) {
		if err := m.dropTeam(context.WithoutCancel(ctx), e.Team.ID); err != nil {
			c.Log.Warn("commands of a team that is gone are left", "team_id", e.Team.ID, "error", err)
		}
	})
	return m
}

// locale is the language of a user, the server's for one who chose none.
func (c *Commands) locale(ctx context.Context, userID string) string {
	if u, err := c.Users.ByID(ctx, userID); err == nil && u.Locale != "" {
		return u.Locale
	}
	return c.Settings.Get().LocalizationSettings.DefaultClientLocale
}

// text is a text of the catalogue; pairs are names and values.
func text(locale, key string, pairs ...any) string {
	params := map[string]any{}
	for i := 0; i+1 < len(pairs); i += 2 {
		params[pairs[i].(string)] = pairs[i+1]
	}
	return i18n.T(locale, key, params)
}
