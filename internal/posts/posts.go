// Package posts is the heart of the product: writing messages and reading them.
//
// Writing is create.go (who may, and what becomes of the text), batch.go (posts
// that wait at the same moment enter the database as one transaction, each
// answered after its commit) and publish.go (what clients are told). Reading is
// page.go and thread.go; what a client needs beside a post is put together in
// metadata.go, always for the one who looks. Whom a text mentions is worked out
// in mention*.go from a small index a channel; system.go writes the messages
// that tell of joining, leaving and changed channels.
//
// A post leaves the slice only through Prepare, which takes away what the
// viewer may not see. Later slices take part by the hooks OnSaving and
// OnDeleting inside the transaction, and by the topics after it.
package posts

import (
	"context"
	"log/slog"
	"sync/atomic"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/bus"
	"github.com/parley-chat/parley/internal/channels"
	"github.com/parley-chat/parley/internal/config"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/event"
	"github.com/parley-chat/parley/internal/files"
	"github.com/parley-chat/parley/internal/links"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/realtime"
	"github.com/parley-chat/parley/internal/teams"
	"github.com/parley-chat/parley/internal/users"
)

// Posts is the slice. Make it with New, end it with Close.
type Posts struct {
	// Created is published for each new post, after its commit and before
	// the request is answered.
	Created event.Topic[*Saving]
	// Edited is published when a message, its props, its files or its pin
	// changed.
	Edited event.Topic[Edited]
	// Deleted is published when a post and its replies were deleted.
	Deleted event.Topic[Deleted]
	// Restored is published when a deleted post and its replies are back.
	Restored event.Topic[Restored]
	// Moved is published when a thread went to another channel.
	Moved event.Topic[Moved]
	// MarkedUnread is published when somebody marked a post as unread.
	MarkedUnread event.Topic[MarkedUnread]

	// SealAction makes the text that a client sends back when an action of a
	// message is used that isn't stored. Set it while the server is being built.
	SealAction func(ctx context.Context, userID string, post *model.Post, action map[string]any) string
	// IsOnline says whether @here reaches a user. The server sets it from
	// presence; without it a live websocket counts.
	IsOnline func(userID string) bool
	// CollapsedThreads says whether a user sees replies only in threads. The
	// server sets it from preferences; without it the setting decides.
	CollapsedThreads func(ctx context.Context, userID string) bool

	db       *db.DB
	cfg      *config.Store
	acc      *access.Access
	hub      *realtime.Hub
	users    *users.Users
	teams    *teams.Teams
	channels *channels.Channels
	files    *files.Files
	links    *links.Links
	bus      bus.Bus
	log      *slog.Logger

	batcher   *batcher
	pending   *pendingPosts
	mentions  *mentionIndex
	names     *nameCache
	emojis    *emojiCache
	windows   *windows
	writing   []func(ctx context.Context, s *Saving) func(ctx context.Context, tx *db.Tx) error
	saving    []func(ctx context.Context, tx *db.Tx, batch []*Saving) error
	deleting  []func(ctx context.Context, tx *db.Tx, gone []*model.Post, permanent bool) error
	restoring []func(ctx context.Context, tx *db.Tx, back []*model.Post) error
	onChanged []func(channelID string)

	anyPriority atomic.Bool // there are priorities or acknowledgements
}

// Edited is a post before and after a change. Both are shared: don't change them.
type Edited struct {
	Old, New *model.Post
	ByID     string
}

// Deleted is a deleted post with the replies that went with it.
type Deleted struct {
	Post      *model.Post
	Replies   []*model.Post // without the deleted root itself
	ByID      string
	Permanent bool // the rows are gone
}

// Moved is a thread in its new channel.
type Moved struct {
	Root *model.Post
	From *access.ChannelFacts
	To   *access.ChannelFacts
	IDs  []string // of the root and its replies
	ByID string
}

// MarkedUnread is a post from which on a user has the channel unread.
type MarkedUnread struct {
	UserID    string
	Post      *model.Post
	Collapsed bool // the client keeps threads apart
}

// Config is what the slice is made from.
type Config struct {
	DB       *db.DB
	Settings *config.Store
	Access   *access.Access
	Hub      *realtime.Hub
	Users    *users.Users
	Teams    *teams.Teams
	Channels *channels.Channels
	Files    *files.Files
	Links    *links.Links
	Bus      bus.Bus
	Log      *slog.Logger
}

// New returns the slice over a migrated database. It follows what users and
// channels tell of.
func New(c Config) *Posts {
	p := &Posts{db: c.DB, cfg: c.Settings, acc: c.Access, hub: c.Hub, users: c.Users, teams: c.Teams,
		channels: c.Channels, files: c.Files, links: c.Links, bus: c.Bus, log: c.Log}
	if p.bus == nil {
		p.bus = bus.Alone{}
	}
	p.batcher = newBatcher(p.db, p.save, p.log)
	p.pending = newPendingPosts()
	p.mentions = newMentionIndex(p.db)
	p.names = newNameCache(p.users)
	p.emojis = newEmojiCache(p.db)
	p.windows = newWindows()
	p.IsOnline = p.hub.Online
	p.CollapsedThreads = func(context.Context, string) bool {
		set := p.cfg.Get().ServiceSettings.CollapsedThreads
		return set == "always_on" || set == "default_on"
	}
	p.OnDeleting(p.files.PostsDeleted)
	p.follow()
	p.listen()
	if err := p.warm(context.Background()); err != nil {
		p.anyPriority.Store(true) // costs a statement a page, and is never wrong
	}
	return p
}

// OnSaving has fn called inside the transaction that saves new posts, with
// those of the batch that are replies, in order of creation. It may set
// ReplyCount and Followers. Call it while the server is being built.
func (p *Posts) OnSaving(fn func(ctx context.Context, tx *db.Tx, batch []*Saving) error) {
	p.saving = append(p.saving, fn)
}

// OnWriting has fn asked about each post that somebody or something writes, the
// server's own messages aside. What fn returns, if not nil, is done in the
// transaction that saves the post. Call it while the server is being built.
func (p *Posts) OnWriting(fn func(ctx context.Context, s *Saving) func(ctx context.Context, tx *db.Tx) error) {
	p.writing = append(p.writing, fn)
}

// OnDeleting has fn called inside the transaction that deletes a post and its
// replies; permanent says that the rows go. Call it while the server is being
// built.
func (p *Posts) OnDeleting(fn func(ctx context.Context, tx *db.Tx, gone []*model.Post, permanent bool) error) {
	p.deleting = append(p.deleting, fn)
}

// Close waits for the posts that are under way.
func (p *Posts) Close(ctx context.Context) error { return p.batcher.drain(ctx) }
