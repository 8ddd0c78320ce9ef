package access

import (
	"context"
	"errors"

	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/model"
)

// TeamFacts are what rarely changes of a team.
type TeamFacts struct {
	ID, Name, DisplayName, Type, SchemeID string
	AllowedDomains, InviteID              string
	DeleteAt                              int64
	AllowOpenInvite, GroupConstrained     bool
}

// ChannelFacts are what rarely changes of a channel: everything but counters,
// times of the last posts and texts.
type ChannelFacts struct {
	ID, TeamID, Type, Name, DisplayName, SchemeID, CreatorID string
	CreateAt, DeleteAt                                       int64
	GroupConstrained, Shared                                 bool
}

// Direct reports whether the channel belongs to no team: a direct or group message.
func (c *ChannelFacts) Direct() bool {
	return c.Type == model.ChannelDirect || c.Type == model.ChannelGroup
}

// Team returns the facts of a team, archived ones too; fault app.team.get.find.app_error
// when there is none. It does not ask whether anybody may see the team.
func (a *Access) Team(ctx context.Context, teamID string) (*TeamFacts, error) {
	return a.teams.get(teamID, func() (*TeamFacts, error) {
		t, err := db.Get(ctx, a.db, func(r db.Row) (*TeamFacts, error) {
			var t TeamFacts
			err := r.Scan(&t.ID, &t.Name, &t.DisplayName, &t.Type, &t.SchemeID, &t.AllowedDomains, &t.InviteID,
				&t.DeleteAt, &t.AllowOpenInvite, &t.GroupConstrained)
			return &t, err
		}, `SELECT id, coalesce(name,''), coalesce(displayname,''), coalesce(CAST(type AS text),''), coalesce(schemeid,''),
			coalesce(alloweddomains,''), coalesce(inviteid,''), coalesce(deleteat,0), coalesce(allowopeninvite,false), coalesce(groupconstrained,false)
			FROM teams WHERE id = $1`, teamID)
		if errors.Is(err, db.ErrNotFound) {
			return nil, fault.NotFound("app.team.get.find.app_error")
		}
		return t, err
	})
}

// Channel returns the facts of a channel, archived ones too; fault
// app.channel.get.existing.app_error when there is none. It does not ask
// whether anybody may see the channel.
func (a *Access) Channel(ctx context.Context, channelID string) (*ChannelFacts, error) {
	return a.channels.get(channelID, func() (*ChannelFacts, error) {
		c, err := db.Get(ctx, a.db, func(r db.Row) (*ChannelFacts, error) {
			var c ChannelFacts
			err := r.Scan(&c.ID, &c.TeamID, &c.Type, &c.Name, &c.DisplayName, &c.SchemeID, &c.CreatorID,
				&c.CreateAt, &c.DeleteAt, &c.GroupConstrained, &c.Shared)
			return &c, err
		}, `SELECT id, coalesce(teamid,''), coalesce(CAST(type AS text),''), coalesce(name,''), coalesce(displayname,''), coalesce(schemeid,''),
			coalesce(creatorid,''), coalesce(createat,0), coalesce(deleteat,0), coalesce(groupconstrained,false), coalesce(shared,false)
			FROM channels WHERE id = $1`, channelID)
		if errors.Is(err, db.ErrNotFound) {
			return nil, fault.NotFound("app.channel.get.existing.app_error")
		}
		return c, err
	})
}
