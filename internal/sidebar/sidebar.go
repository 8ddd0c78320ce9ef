// Package sidebar arranges each person's channels in the categories that clients
// show beside the messages.
//
// In every team a person has three categories from the start: favourites,
// channels and direct messages; they are made when they are first needed
// (defaults in store.go). Custom ones come and go. A channel is listed in one
// category of a team at most; one that is listed nowhere shows in channels, or
// in direct messages, so that joining a channel writes nothing here (read.go).
//
// Favourites are also preferences (favorite_channel); favourites.go keeps both
// sides the same. A category that is muted mutes the channels that are moved into
// it (mute.go). Writes of one person come one after the other, under a lock.
package sidebar

import (
	"context"
	"log/slog"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/channels"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/preferences"
	"github.com/parley-chat/parley/internal/realtime"
	"github.com/parley-chat/parley/internal/teams"
	"github.com/parley-chat/parley/internal/users"
)

// Sidebar is the slice. Make it with New.
type Sidebar struct {
	db          *db.DB
	acc         *access.Access
	hub         *realtime.Hub
	channels    *channels.Channels
	preferences *preferences.Preferences
	log         *slog.Logger
}

// Config is what the slice is made from.
type Config struct {
	DB          *db.DB
	Access      *access.Access
	Hub         *realtime.Hub
	Users       *users.Users
	Teams       *teams.Teams
	Channels    *channels.Channels
	Preferences *preferences.Preferences
	Log         *slog.Logger
}

// New returns the slice over a migrated database. It follows what the slices
// below tell of people who come and go, and takes part when preferences are
// written.
func New(c Config) *Sidebar {
	s := &Sidebar{db: c.DB, acc: c.Access, hub: c.Hub, channels: c.Channels, preferences: c.Preferences, log: c.Log}
	c.Preferences.OnWriting(s.mirror)
	c.Users.OnDeleting(s.userDeleted)
	c.Teams.Left.Subscribe(s.teamLeft)
	c.Teams.Deleted.Subscribe(s.teamDeleted)
	c.Channels.Created.Subscribe(s.channelCreated)
	c.Channels.Joined.Subscribe(s.channelJoined)
	c.Channels.Left.Subscribe(s.channelLeft)
	c.Channels.Deleted.Subscribe(func(ctx context.Context, e channels.Changed) { s.unlistEverywhere(ctx, e.Channel.ID) })
	c.Channels.Moved.Subscribe(func(ctx context.Context, e channels.Moved) { s.unlistEverywhere(ctx, e.Channel.ID) })
	c.Channels.Converted.Subscribe(func(ctx context.Context, e channels.Converted) { s.unlistEverywhere(ctx, e.Channel.ID) })
	return s
}

// failed is a refusal of what was asked of the categories; the protocol has one
// id for all of them.
func failed(kind fault.Kind) *fault.Error {
	return fault.New(kind, "app.channel.sidebar_categories.app_error")
}

// maxCategories bounds a person's categories in one team.
const maxCategories = 250

// board is one person's categories in one team, in order.
type board struct {
	userID, teamID string
	list           []*model.SidebarCategoryWithChannels
}

// find returns the category of an id, nil when it isn't on the board.
func (b *board) find(categoryID string) *model.SidebarCategoryWithChannels {
	for _, c := range b.list {
		if c.ID == categoryID {
			return c
		}
	}
	return nil
}

// kind returns the category of a kind that there is one of.
func (b *board) kind(kind string) *model.SidebarCategoryWithChannels {
	return b.find(model.SidebarCategoryID(kind, b.userID, b.teamID))
}

func (b *board) order() []string {
	ids := make([]string, len(b.list))
	for i, c := range b.list {
		ids[i] = c.ID
	}
	return ids
}

// number gives the categories their places.
func (b *board) number() {
	for i, c := range b.list {
		c.SortOrder = int64(i) * model.SidebarOrderStep
	}
}

// tell sends an event about a board to its owner's clients.
func (s *Sidebar) tell(b *board, event string, data map[string]any) {
	s.hub.Publish(realtime.Event{Name: event, Data: data, To: realtime.Audience{UserID: b.userID, TeamID: b.teamID}})
}
