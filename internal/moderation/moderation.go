// Package moderation lets people report messages to moderators (content
// flagging). A reported message can be hidden until somebody has looked at it;
// a moderator keeps it, removes it for good, or assigns it to another one.
// Nobody but they learns who reported what.
//
// Who moderates a team stands in reviewers.go, the settings in settings.go, what
// becomes of a report in reports.go, the notices in notices.go, the queue and
// the rows in store.go, routes in http.go. What the protocol's clients read of a
// report are properties of the post, which are written beside the rows.
package moderation

import (
	"log/slog"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/channels"
	"github.com/parley-chat/parley/internal/config"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/posts"
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
	Channels *channels.Channels
	Posts    *posts.Posts
	Log      *slog.Logger
}

// Moderation is the slice. Make it with New.
type Moderation struct {
	db       *db.DB
	cfg      *config.Store
	acc      *access.Access
	hub      *realtime.Hub
	users    *users.Users
	channels *channels.Channels
	posts    *posts.Posts
	log      *slog.Logger
}

// New returns the slice over a migrated database.
func New(c Config) *Moderation {
	return &Moderation{db: c.DB, cfg: c.Settings, acc: c.Access, hub: c.Hub, users: c.Users, channels: c.Channels, posts: c.Posts, log: c.Log}
}

var (
	errOff         = fault.NotImplemented("api.data_spillage.error.disabled")
	errNotHere     = fault.Invalid("api.data_spillage.error.not_available_on_team")
	errKind        = fault.Invalid("api.data_spillage.error.invalid_post_type")
	errNoReason    = fault.Invalid("api.data_spillage.error.reason_required")
	errReason      = fault.Invalid("api.data_spillage.error.reason_invalid")
	errNoComment   = fault.Invalid("api.data_spillage.error.comment_required")
	errLongComment = fault.Invalid("api.data_spillage.error.comment_too_long", "Max", model.ReportCommentMaxRunes)
	errNoReviewer  = fault.Forbidden("api.data_spillage.error.user_not_reviewer")
	errDecided     = fault.Invalid("api.data_spillage.error.post_not_in_progress")
	errNoReport    = fault.NotFound("app.data_spillage.no_status_property.app_error")
	errAlready     = fault.Invalid("parley.moderation.already.app_error")
)

// switchedOn refuses everything while the feature is off.
func (m *Moderation) switchedOn() error {
	c := m.cfg.Get()
	if !c.FeatureFlags.ContentFlagging || !c.ContentFlaggingSettings.EnableContentFlagging {
		return errOff
	}
	return nil
}
