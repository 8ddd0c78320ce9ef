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
	u.OnGuestChange(c.guestChanged)
	u.OnDeleting(c.forgetUser)
	t.Created.Subscribe(c.teamCreated)
	t.Joined.Subscribe(c.teamJoined)
	t.Left.Subscribe(c.teamLeft)
	t.Deleted.Subscribe(c.teamDeleted)
}

// guestChanged makes somebody a guest, or a full member, in all their channels.
func (c *Channels) guestChanged(ctx context.Context, tx *db.Tx, userID string, guest bool) error {
	ids, err := db.List(ctx, tx, db.One[string], `UPDATE channelmembers SET schemeguest = $2, schemeuser = $3,
		schemeadmin = (schemeadmin AND $3) WHERE userid = $1 RETURNING channelid`, userID, guest, !guest)
	tx.AfterCommit(func() {
		for _, channelID := range ids {
			c.acc.ForgetChannelMember(userID, channelID)
		}
	})
	return err
}

// forgetUser removes what a deleted account leaves in the tables of this slice.
func (c *Channels) forgetUser(ctx context.Context, tx *db.Tx, user *model.User) error {
	ids, err := db.List(ctx, tx, db.One[string], "DELETE FROM channelmembers WHERE userid = $1 RETURNING channelid", user.ID)
	if err != nil {
		return err
	}
	tx.AfterCommit(func() {
		for _, channelID := range ids {
			c.acc.ForgetChannelMember(user.ID, channelID)
			c.hub.LeftChannel(user.ID, channelID)
		}
	})
	_, err = tx.Exec(ctx, "DELETE FROM channelmemberhistory WHERE userid = $1", user.ID)
	return err
}

// teamDeleted removes the channels of a team that is gone for good.
func (c *Channels) teamDeleted(ctx context.Context, e teams.Changed) {
	list, err := db.List(ctx, c.db, scanChannel, selectChannels+"WHERE c.teamid = $1 LIMIT 100000", e.Team.ID)
	for _, ch := range list {
		if err == nil {
			err = c.remove(ctx, ch, e.ByID)
		}
	}
	if err != nil {
		c.log.Error("channels of a deleted team are left", "team", e.Team.ID, "error", err)
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
// Lists by age show off-topic first, as clients know it.
func (c *Channels) teamCreated(ctx context.Context, e teams.Created) {
	now := id.Now()
	err := c.db.Tx(ctx, func(tx *db.Tx) error {
		for i, made := range [...]struct{ name, text string }{
			{model.ChannelOffTopic, "Off-Topic"}, {model.ChannelTownSquare, "Town Square"},
		} {
			at := now + int64(i)
			if err := insertChannel(ctx, tx, &model.Channel{ID: id.New(), CreateAt: at, UpdateAt: at, TeamID: e.Team.ID, Type: model.ChannelOpen,
				Name: made.name, DisplayName: made.text, LastPostAt: at, LastRootPostAt: at}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		c.log.Error("a new team lacks its default channels", "team", e.Team.ID, "error", err)
	}
}

// teamJoined lets who entered a team into its default channels, and into those
// that their invitation names; a guest enters only the latter.
func (c *Channels) teamJoined(ctx context.Context, e teams.Joined) {
	names := c.defaultNames()
	if e.Guests {
		names = nil
	}
	list, err := db.List(ctx, c.db, db.One[string], `SELECT id FROM channels WHERE teamid = $1 AND deleteat = 0
		AND (type = 'O' AND name = ANY($2) OR id = ANY($3)) ORDER BY createat, id LIMIT 1000`, e.TeamID, names, e.Channels)
	for _, channelID := range list {
		if err == nil {
			_, err = c.admit(ctx, admission{channelID: channelID, userIDs: e.UserIDs, byID: e.ByID, admins: e.Admins, withTeam: true})
		}
	}
	if err != nil {
		c.log.Error("people entered a team but not all their channels", "team", e.TeamID, "users", e.UserIDs, "error", err)
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
