// Package channels is about channels and who is in them: open and private
// channels of a team, direct and group messages, their members, roles,
// notification settings, moderation, and what a member has not read.
//
// A channel's own rules are in create.go, edit.go and archive.go, those of
// direct and group messages in direct.go. Every way into a channel ends in
// admit (join.go), which takes any number of people in one transaction; every
// way out ends in expel (leave.go). Reading and unread counts are in view.go and
// unread.go; count.go counts new posts inside the transaction of the posts slice.
//
// A channel is loaded through Visible, unless a route's own rule is recorded
// otherwise. What happens is told by topics, after the commit and before the
// request is answered; the posts slice makes system messages of them.
package channels

import (
	"context"
	"errors"
	"log/slog"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/config"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/event"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/realtime"
	"github.com/parley-chat/parley/internal/teams"
	"github.com/parley-chat/parley/internal/users"
)

// Channels is the slice. Make it with New. Its topics are published after the
// commit and before the request is answered. Who adds to the transactions of
// Created, Joined, Left, Updated and Archived is asked with what is known before:
// who is to come or go; of a channel its id, and its type where that changes or the
// channel is new. Of conversations nobody is asked.
type Channels struct {
	// Created is published for a new channel of any kind, after its first
	// members are in (for those no Joined is published).
	Created event.Topic[Created]
	// Joined and Left are published for people who entered or left, those who
	// came or went at once together.
	Joined event.Topic[*Joined]
	Left   event.Topic[*Left]
	// Updated is published when fields or the privacy of a channel changed.
	Updated event.Topic[Updated]
	// Archived and Restored tell of channels that were closed and reopened.
	Archived, Restored event.Topic[Changed]
	// Deleted is published when a channel has been removed for good: whoever
	// keeps rows of the channel removes them.
	Deleted event.Topic[Changed]
	// Moved is published when a channel went to another team.
	Moved event.Topic[Moved]
	// Converted is published when a group message became a private channel.
	Converted event.Topic[Converted]
	// MemberChanged is published when roles or notify props of a membership
	// changed.
	MemberChanged event.Topic[*model.ChannelMember]
	// Viewed is published when somebody read channels.
	Viewed event.Topic[Viewed]
	// RolesChanged names roles of a channel's own scheme whose permissions changed.
	RolesChanged event.Topic[[]string]

	db    *db.DB
	cfg   *config.Store
	acc   *access.Access
	hub   *realtime.Hub
	users *users.Users
	teams *teams.Teams
	log   *slog.Logger
	shelf shelf
}

// Created is a new channel, who made it ("" for the server itself) and who is
// in it from the start.
type Created struct {
	Channel *model.Channel
	ByID    string
	UserIDs []string
}

// Joined is people who entered a channel.
type Joined struct {
	Channel  *access.ChannelFacts
	UserIDs  []string // at least one; each is a new member
	ByID     string   // who let them in, "" or the user's own id when they came by themselves
	RootID   string   // the post whose thread they were added from, or ""
	WithTeam bool     // they entered the team, and its default channels with it
}

// Left is people who are no longer in a channel.
type Left struct {
	Channel  *access.ChannelFacts
	UserIDs  []string
	ByID     string // who took them out, "" or the user's own id when they went by themselves
	WithTeam bool   // they left the team, and its channels with it
}

// Updated is a channel before and after a change. Both are shared: don't change them.
type Updated struct {
	Old, New *model.Channel
	ByID     string
	Privacy  bool // it was made open or private, be it what it was before
}

// Changed is a channel that was archived, restored or removed.
type Changed struct {
	Channel *model.Channel
	ByID    string
}

// Moved is a channel and the team it came from.
type Moved struct {
	Channel    *model.Channel
	FromTeamID string
	ByID       string
}

// Converted is a private channel that was a group message, with its members.
type Converted struct {
	Channel, Old *model.Channel
	ByID         string
	UserIDs      []string
}

// Viewed is what a user has read: the channels with the time of their last post.
type Viewed struct {
	UserID string
	Times  map[string]int64
	// Unread are those of the channels in which anything was new.
	Unread []string
	// ThreadsToo tells that the client shows no collapsed threads, so that
	// replies were read with the channel.
	ThreadsToo bool
}

// New returns the slice over a migrated database. It follows what teams and
// users tell: new teams get default channels, people enter and leave.
func New(d *db.DB, cfg *config.Store, acc *access.Access, hub *realtime.Hub, u *users.Users, t *teams.Teams, log *slog.Logger) *Channels {
	c := &Channels{db: d, cfg: cfg, acc: acc, hub: hub, users: u, teams: t, log: log, shelf: newShelf()}
	c.follow(u, t)
	return c
}

// Get returns a channel as the database has it, archived ones too; 404
// app.channel.get.existing.app_error when there is none. It does not ask who looks.
func (c *Channels) Get(ctx context.Context, channelID string) (*model.Channel, error) {
	return c.load(ctx, c.db, channelID)
}

// Visible returns a channel that v may read: a member, or somebody who may read
// the open channels of its team. 404 when there is none, 403 when v may not.
func (c *Channels) Visible(ctx context.Context, v access.Viewer, channelID string) (*model.Channel, error) {
	ch, err := c.load(ctx, c.db, channelID)
	if err != nil {
		return nil, err
	}
	if err := c.mayRead(ctx, v, ch); err != nil {
		return nil, err
	}
	return ch, nil
}

// mayRead refuses with 403 who may not look at a channel itself.
func (c *Channels) mayRead(ctx context.Context, v access.Viewer, ch *model.Channel) error {
	if ch.Type == model.ChannelOpen && v.CanTeam(ctx, ch.TeamID, access.PermReadPublicChannel) {
		return nil
	}
	return v.NeedChannel(ctx, ch.ID, access.PermReadChannel)
}

// Member returns a membership as the database has it; 404
// app.channel.get_member.missing.app_error when there is none.
func (c *Channels) Member(ctx context.Context, channelID, userID string) (*model.ChannelMember, error) {
	m, err := db.Get(ctx, c.db, scanMember, selectMembers+" WHERE cm.channelid = $1 AND cm.userid = $2", channelID, userID)
	if errors.Is(err, db.ErrNotFound) {
		return nil, errNoMember
	}
	if err != nil {
		return nil, err
	}
	return m, c.nameRoles(ctx, m)
}

var (
	errNoChannel = fault.NotFound("app.channel.get.existing.app_error")
	errNoMember  = fault.NotFound("app.channel.get_member.missing.app_error")
)
