// Package threads keeps the running summary of every root post with replies,
// and who follows it how far.
//
// Both tables are written in the transaction that saves a reply (saving.go),
// with a number of statements that doesn't depend on how many people follow;
// their state before the reply tells what each follower's client hears after
// the commit (updated.go). Removals and moves are in gone.go, following and
// reading in follow.go and read.go, lists in list.go.
//
// Unread mentions are stored with the membership and rise with it; unread
// replies are counted when somebody asks, from the index of posts by root. Who
// leaves a channel loses the memberships of its threads.
package threads

import (
	"context"
	"log/slog"
	"sync"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/bus"
	"github.com/parley-chat/parley/internal/channels"
	"github.com/parley-chat/parley/internal/config"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/event"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/posts"
	"github.com/parley-chat/parley/internal/realtime"
	"github.com/parley-chat/parley/internal/users"
)

// Threads is the slice. Make it with New. Who follows a new reply is in
// posts.Saving.Followers; the topics here are published after the commit and
// before the request is answered.
type Threads struct {
	// Followed is published when somebody began or ceased to follow a thread
	// by their own act.
	Followed event.Topic[Followed]
	// Read is published when somebody moved the mark up to which they have
	// read a thread.
	Read event.Topic[Read]

	db       *db.DB
	cfg      *config.Store
	acc      *access.Access
	hub      *realtime.Hub
	users    *users.Users
	channels *channels.Channels
	posts    *posts.Posts
	bus      bus.Bus
	log      *slog.Logger

	auto *bus.Memory[[]string]
	// updates are what followers are to hear of replies that are committed but
	// not published yet, by *posts.Saving.
	updates sync.Map
}

// Followed is a thread that a user follows now, or no longer.
type Followed struct {
	UserID, RootID string
	Following      bool
}

// Read is how far a user has read a thread; the zero RootID means all threads
// of a team.
type Read struct {
	UserID, RootID, TeamID string
	At                     int64 // Unix ms
}

// Config is what the slice is made from.
type Config struct {
	DB       *db.DB
	Settings *config.Store
	Access   *access.Access
	Hub      *realtime.Hub
	Users    *users.Users
	Channels *channels.Channels
	Posts    *posts.Posts
	Bus      bus.Bus
	Log      *slog.Logger
}

// New returns the slice over a migrated database. It takes part in the
// transactions of posts and follows what posts, channels and users tell of.
func New(c Config) *Threads {
	t := &Threads{db: c.DB, cfg: c.Settings, acc: c.Access, hub: c.Hub, users: c.Users, channels: c.Channels,
		posts: c.Posts, bus: c.Bus, log: c.Log}
	t.auto = newAutoFollowers(c.Bus, c.Log)
	c.Posts.OnSaving(t.saving)
	c.Posts.OnDeleting(t.deleting)
	c.Posts.OnRestoring(t.restoring)
	c.Posts.Created.Subscribe(t.replied)
	c.Posts.Deleted.Subscribe(t.replyDeleted)
	c.Posts.Moved.Subscribe(t.threadMoved)
	c.Posts.MarkedUnread.Subscribe(t.markedUnread)
	c.Channels.Viewed.Subscribe(t.viewed)
	c.Channels.MemberChanged.Subscribe(func(_ context.Context, m *model.ChannelMember) { t.auto.Forget(m.ChannelID) })
	t.followRemovals()
	return t
}

// autoFollow reports whether people follow the threads that concern them
// without doing anything.
func (t *Threads) autoFollow() bool { return t.cfg.Get().ServiceSettings.ThreadAutoFollow }

// collapsed reports whether a user sees replies in threads only.
func (t *Threads) collapsed(ctx context.Context, userID string) bool {
	return t.posts.CollapsedThreads(ctx, userID)
}
