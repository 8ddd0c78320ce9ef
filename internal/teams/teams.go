// Package teams is about teams and who belongs to them: making, changing,
// archiving and removing a team, its invitations and its icon, joining, leaving
// and the roles of members, and what a member has not read in it.
//
// The rules of joining are in join.go, those of a team's own fields in edit.go.
// Every way into a team ends in admit, which takes any number of people in one
// transaction and knows the limit of members and the allowed mail domains; every
// way out ends in Leave. Channels follow by the topics: a new team gets its
// default channels, and people enter and leave channels, because the channels
// slice listens, before the request is answered.
//
// A team is loaded through Visible, unless a route's own rule is recorded
// otherwise; what leaves the server has passed shown, which takes away the owner's
// address and the invite id from those who may not know them.
package teams

import (
	"context"
	"log/slog"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/blob"
	"github.com/parley-chat/parley/internal/config"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/event"
	"github.com/parley-chat/parley/internal/mail"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/realtime"
	"github.com/parley-chat/parley/internal/users"
)

// Teams is the slice. Make it with New. Its topics are published after the
// commit and before the request is answered.
type Teams struct {
	// Created is published for a new team, before its creator joins.
	Created event.Topic[Created]
	// Joined is published for people who entered a team, those who came at once
	// together.
	Joined event.Topic[Joined]
	// Left is published for each person who is no longer in a team.
	Left event.Topic[Left]
	// Updated is published when a team's fields changed.
	Updated event.Topic[Updated]
	// Archived and Restored tell of teams that were closed and reopened.
	Archived, Restored event.Topic[Changed]
	// Deleted is published when a team has been removed for good: whoever keeps
	// rows of the team removes them.
	Deleted event.Topic[Changed]

	db    *db.DB
	cfg   *config.Store
	acc   *access.Access
	hub   *realtime.Hub
	users *users.Users
	mail  *mail.Sender
	blobs blob.Store
	log   *slog.Logger

	inviters inviters
}

// Created is a new team and who made it ("" for the server itself).
type Created struct {
	Team *model.Team
	ByID string
}

// Joined is people who entered a team at once: all guests, or none.
type Joined struct {
	TeamID  string
	UserIDs []string // at least one
	Admins  []string // of UserIDs: who is an administrator of the team
	ByID    string   // who let them in, "" or the user's own id when they came by themselves
	Guests  bool     // guests enter no channel but those of their invitation
	// Channels are those, by id, that the invitation named: they enter them too.
	Channels []string
}

// Left is somebody who is no longer in a team.
type Left struct{ TeamID, UserID, ByID string }

// Updated is a team before and after a change. Both are shared: don't change them.
type Updated struct {
	Old, New *model.Team
	ByID     string
}

// Changed is a team that was archived, restored or removed.
type Changed struct {
	Team *model.Team
	ByID string
}

// New returns the slice over a migrated database. Icons lie in blobs. It
// follows what users tells of invited, closed, promoted and demoted accounts.
func New(d *db.DB, cfg *config.Store, acc *access.Access, hub *realtime.Hub, u *users.Users, mailer *mail.Sender,
	blobs blob.Store, log *slog.Logger) *Teams {
	t := &Teams{db: d, cfg: cfg, acc: acc, hub: hub, users: u, mail: mailer, blobs: blobs, log: log,
		inviters: newInviters()}
	t.follow(u)
	return t
}

// Get returns a team as the database has it, archived ones too; 404
// app.team.get.find.app_error when there is none. It does not ask who looks.
func (t *Teams) Get(ctx context.Context, teamID string) (*model.Team, error) {
	return t.load(ctx, t.db, teamID)
}

// Visible returns a team that v may look at, as it is stored: pass it through
// shown before it leaves the server. 404 when there is none, 403 when v may not.
func (t *Teams) Visible(ctx context.Context, v access.Viewer, teamID string) (*model.Team, error) {
	team, err := t.load(ctx, t.db, teamID)
	if err != nil {
		return nil, err
	}
	return team, t.see(ctx, v, team)
}

// see refuses with 403 unless v may look at the team: its members, and for a
// team that is open to everybody those who may find such teams.
func (t *Teams) see(ctx context.Context, v access.Viewer, team *model.Team) error {
	if team.AllowOpenInvite && team.Type == model.TeamOpen && v.Can(ctx, access.PermListPublicTeams) {
		return nil
	}
	return v.NeedTeam(ctx, team.ID, access.PermViewTeam)
}
