package channels

import (
	"context"

	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/teams"
	"github.com/parley-chat/parley/internal/users"
)

// follow has channels and memberships keep up with teams and accounts.
func (c *Channels) follow(u *users.Users, t *teams.Teams) {
	u.Promoted.Subscribe(func(ctx context.Context, user *model.User) { c.setGuest(ctx, user, false) })
	u.Demoted.Subscribe(func(ctx context.Context, user *model.User) { c.setGuest(ctx, user, true) })
	t.Created.Subscribe(c.teamCreated)
	t.Joined.Subscribe(c.teamJoined)
	t.Left.Subscribe(c.teamLeft)
}

// setGuest makes somebody a guest, or a full member, in all their channels.
func (c *Channels) setGuest(ctx context.Context, u *model.User, guest bool) {
	ids, err := db.List(ctx, c.db, db.One[string], `UPDATE channelmembers SET schemeguest = $2, schemeuser = $3,
		schemeadmin = CASE WHEN $2 THEN false ELSE schemeadmin END WHERE userid = $1 RETURNING channelid`, u.ID, guest, !guest)
	if err != nil {
		c.log.Error("the memberships of a changed account stay as they were", "user", u.ID, "error", err)
		return
	}
	for _, channelID := range ids {
		c.acc.ForgetChannelMember(u.ID, channelID)
	}
}

// defaultNames are the names of the channels that everybody in a team enters,
// town-square first.
func (c *Channels) defaultNames() []string {
	names := []string{model.ChannelTownSquare}
	more := c.cfg.Get().TeamSettings.ExperimentalDefaultChannels
	if len(more) == 0 {
		more = []string{model.ChannelOffTopic}
	}
	for _, n := range more {
		if n != model.ChannelTownSquare && n != "" {
			names = append(names, n)
		}
	}
	return names
}

// teamCreated gives a new team the two channels that every team begins with.
func (c *Channels) teamCreated(ctx context.Context, e teams.Created) {
	for _, made := range [...]struct{ name, text string }{
		{model.ChannelTownSquare, "Town Square"}, {model.ChannelOffTopic, "Off-Topic"},
	} {
		now := id.Now()
		ch := &model.Channel{ID: id.New(), CreateAt: now, UpdateAt: now, TeamID: e.Team.ID, Type: model.ChannelOpen,
			Name: made.name, DisplayName: made.text}
		if err := c.db.Tx(ctx, func(tx *db.Tx) error { return insertChannel(ctx, tx, ch) }); err != nil {
			c.log.Error("a new team lacks a default channel", "team", e.Team.ID, "channel", made.name, "error", err)
		}
	}
}

// teamJoined lets who entered a team into its default channels; guests enter
// channels by invitation only.
func (c *Channels) teamJoined(ctx context.Context, e teams.Joined) {
	if e.Guest {
		return
	}
	list, err := db.List(ctx, c.db, db.One[string], "SELECT id FROM channels WHERE teamid = $1 AND name = ANY($2) AND deleteat = 0 AND type = 'O' LIMIT 100",
		e.TeamID, c.defaultNames())
	for _, channelID := range list {
		if err != nil {
			break
		}
		a := admission{channelID: channelID, userIDs: []string{e.UserID}, byID: e.ByID, withTeam: true}
		if e.Admin {
			a.admins = a.userIDs
		}
		_, err = c.admit(ctx, a)
	}
	if err != nil {
		c.log.Error("somebody entered a team but not all its default channels", "team", e.TeamID, "user", e.UserID, "error", err)
	}
}

// teamLeft takes who left a team out of its channels.
func (c *Channels) teamLeft(ctx context.Context, e teams.Left) {
	list, err := db.List(ctx, c.db, scanChannel, selectChannels+`JOIN channelmembers cm ON cm.channelid = c.id
		WHERE cm.userid = $1 AND c.teamid = $2 ORDER BY c.id LIMIT 100000`, e.UserID, e.TeamID)
	for _, ch := range list {
		if err == nil {
			err = c.expel(ctx, facts(ch), []string{e.UserID}, e.ByID, true)
		}
	}
	if err != nil {
		c.log.Error("somebody left a team but is still in channels of it", "team", e.TeamID, "user", e.UserID, "error", err)
	}
}
