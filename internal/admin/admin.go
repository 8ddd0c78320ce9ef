// Package admin is what administrators do to the system itself, and what
// clients ask of it before anything else: the settings and their client view,
// roles and schemes, ping, logs, figures, the busy switch.
//
// It owns the tables roles, schemes and systems. Roles and schemes are read
// for every permission check by internal/access, which is told to forget them
// after each change. Settings lie in internal/config; this package only says
// who may read and write which of their keys.
package admin

import (
	"log/slog"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/api"
	"github.com/parley-chat/parley/internal/config"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/jobs"
	"github.com/parley-chat/parley/internal/mail"
	"github.com/parley-chat/parley/internal/realtime"
	"github.com/parley-chat/parley/internal/users"
)

// Admin is the slice.
type Admin struct {
	db    *db.DB
	cfg   *config.Store
	acc   *access.Access
	hub   *realtime.Hub
	users *users.Users
	mail  *mail.Sender
	jobs  *jobs.Runner
	log   *slog.Logger
	facts installation
}

// New returns the slice over a migrated database.
func New(d *db.DB, cfg *config.Store, acc *access.Access, hub *realtime.Hub, u *users.Users, mailer *mail.Sender, runner *jobs.Runner, log *slog.Logger) *Admin {
	a := &Admin{db: d, cfg: cfg, acc: acc, hub: hub, users: u, mail: mailer, jobs: runner, log: log}
	cfg.OnChange(a.tellClients)
	return a
}

// Mount mounts the routes.
func (a *Admin) Mount(r *access.Router) {
	api.Get(r, "/system/ping", access.Public, a.ping)
	api.Get(r, "/system/timezones", access.Session, a.timezones)
	api.Get(r, "/config", access.Session, a.readSettings)
	api.Put(r, "/config", access.Session, a.replaceSettings)
	api.Put(r, "/config/patch", access.Session, a.patchSettings)
	api.Get(r, "/config/environment", access.Session, a.environment)
	api.Post(r, "/config/reload", access.Needs(access.PermReloadConfig), a.reload)
	api.Get(r, "/config/client", access.Public, a.clientConfig)
	api.Get(r, "/license/client", access.Public, a.clientLicence)
	api.Get(r, "/roles", access.Needs(access.PermManageSystem), a.roles)
	api.Get(r, "/roles/{role_id}", access.Session, a.role)
	api.Get(r, "/roles/name/{role_name}", access.Session, a.roleByName)
	api.Post(r, "/roles/names", access.Session, a.rolesByNames)
}
