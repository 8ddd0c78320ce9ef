// Package takeout lets people leave: with an archive of all that is theirs, and
// by asking that their account be deleted. An administrator gets the archive of
// an account too: of somebody who can't sign in any more, or asks by letter.
//
// The archive is made while it is sent (archive.go, read.go), so that it takes
// no room on the server, however much somebody has written. It holds what the
// person wrote, set and sent, and of others no more than the names of the
// places. Requests to be deleted stand in deletion.go: an administrator carries
// one out or declines it.
package takeout

import (
	"log/slog"
	"sync"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/api"
	"github.com/parley-chat/parley/internal/blob"
	"github.com/parley-chat/parley/internal/config"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/users"
)

// Config is what the slice is made from.
type Config struct {
	DB       *db.DB
	Settings *config.Store
	Users    *users.Users
	Blobs    blob.Store
	Log      *slog.Logger
}

// Takeout is the slice. Make it with New.
type Takeout struct {
	db    *db.DB
	cfg   *config.Store
	users *users.Users
	blobs blob.Store
	log   *slog.Logger

	mu   sync.Mutex
	busy map[string]bool // to whom an archive is being sent
}

// New returns the slice over a migrated database.
func New(c Config) *Takeout {
	t := &Takeout{db: c.DB, cfg: c.Settings, users: c.Users, blobs: c.Blobs, log: c.Log, busy: map[string]bool{}}
	c.Users.OnDeleting(t.forget)
	return t
}

// Mount adds the routes. They are Parley's own.
func (t *Takeout) Mount(r *access.Router) {
	api.Get(r, "/parley/users/me/takeout", access.Personal, t.getArchive)
	api.Get(r, "/parley/users/{user_id}/takeout", access.Personal, t.getArchiveOf)
	api.Get(r, "/parley/users/me/deletion", access.Personal, t.getMine)
	api.Post(r, "/parley/users/me/deletion", access.Personal, t.ask, api.Created())
	api.Delete(r, "/parley/users/me/deletion", access.Personal, t.takeBack)
	api.Get(r, "/parley/deletions", access.Needs(access.PermManageSystem), t.list)
	api.Post(r, "/parley/deletions/{user_id}/carry_out", access.Needs(access.PermManageSystem), t.carryOut)
	api.Delete(r, "/parley/deletions/{user_id}", access.Needs(access.PermManageSystem), t.decline)
}
