// Package transfer moves whole servers: it reads and writes Mattermost's bulk
// format, and reads what Slack exports.
//
// The bulk format is lines of JSON, alone or in a zip with a folder of files
// (format.go, archive.go). load.go goes through the lines and never holds more
// than a batch of them; slack.go makes such lines of a Slack export. A line that
// can't be taken is told of and passed over. What is there already is found by
// name, a message by channel, author, time and words: so an import that broke
// off is simply given again. export.go writes the same lines, in an order that
// depends on names and times only.
//
// Rows with times and ids of their own are no slice's daily business, so this
// one writes other slices' tables, in store.go and count.go and nowhere else;
// what a row may hold is asked of the slices.
package transfer

import (
	"log/slog"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/blob"
	"github.com/parley-chat/parley/internal/config"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/emoji"
	"github.com/parley-chat/parley/internal/files"
	"github.com/parley-chat/parley/internal/jobs"
	"github.com/parley-chat/parley/internal/preferences"
	"github.com/parley-chat/parley/internal/realtime"
	"github.com/parley-chat/parley/internal/users"
)

// Config is what the slice is made from.
type Config struct {
	DB       *db.DB
	Settings *config.Store
	Access   *access.Access
	Hub      *realtime.Hub
	Users    *users.Users
	Files    *files.Files
	Emoji    *emoji.Emoji
	Prefs    *preferences.Preferences
	Blobs    blob.Store
	Jobs     *jobs.Runner
	Log      *slog.Logger
}

// Transfer is the slice. Make it with New.
type Transfer struct {
	db    *db.DB
	cfg   *config.Store
	acc   *access.Access
	hub   *realtime.Hub
	users *users.Users
	files *files.Files
	emoji *emoji.Emoji
	prefs *preferences.Preferences
	blobs blob.Store
	jobs  *jobs.Runner
	log   *slog.Logger
}

// New returns the slice over a migrated database.
func New(c Config) *Transfer {
	t := &Transfer{db: c.DB, cfg: c.Settings, acc: c.Access, hub: c.Hub, users: c.Users, files: c.Files, emoji: c.Emoji, prefs: c.Prefs, blobs: c.Blobs, jobs: c.Jobs, log: c.Log}
	t.registerJobs()
	return t
}
