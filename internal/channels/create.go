package channels

import (
	"context"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/realtime"
)

// indexName is the unique index that keeps names unique in a team.
const indexName = "channels_name_teamid_key"

var errNameTaken = fault.Invalid("store.sql_channel.save_channel.exists.app_error")

// Create makes an open or private channel of ch.TeamID with v in it, as its
// administrator unless v is a guest; the system makes it with nobody in it. Of ch the fields that a client may choose
// are taken. Fails with 400 for bad fields, a name that is taken in the team
// (be it by an archived channel) and a team that is full, 403 without the right.
func (c *Channels) Create(ctx context.Context, v access.Viewer, ch *model.Channel) (*model.Channel, error) {
	if err := c.mayCreate(ctx, v, ch); err != nil {
		return nil, err
	}
	now := id.Now()
	made := &model.Channel{ID: id.New(), CreateAt: now, UpdateAt: now, TeamID: ch.TeamID, Type: ch.Type, Name: ch.Name,
		DisplayName: ch.DisplayName, Header: ch.Header, Purpose: ch.Purpose, CreatorID: v.UserID,
		GroupConstrained: ch.GroupConstrained, BannerInfo: ch.BannerInfo, DefaultCategoryName: ch.DefaultCategoryName}
	if err := check(made); err != nil {
		return nil, err
	}
	var first []*model.User
	var firstIDs, admins []string
	if !v.System() {
		creator, err := c.users.ByID(ctx, v.UserID)
		if err != nil {
			return nil, err
		}
		first, firstIDs = []*model.User{creator}, []string{creator.ID}
		if !creator.IsGuest() {
			admins = firstIDs
		}
	}
	// Joining is a message of its own, which may be written a moment later: the
	// row says already that there was one.
	stored := *made
	stored.LastPostAt, stored.LastRootPostAt = now, now
	happens := Created{Channel: made, ByID: v.UserID, UserIDs: firstIDs}
	also := c.Created.Parts(ctx, happens)
	err := c.db.Tx(ctx, func(tx *db.Tx) error {
		if err := c.haveRoom(ctx, tx, made.TeamID); err != nil {
			return err
		}
		if err := insertChannel(ctx, tx, &stored); err != nil {
			return err
		}
		if _, err := insertMembers(ctx, tx, made.ID, first, admins, now); err != nil {
			return err
		}
		tx.AfterCommit(func() { c.entered(made.ID, firstIDs) })
		return also.In(ctx, tx)
	})
	if err != nil {
		if db.IsDuplicate(err, indexName) {
			return nil, errNameTaken
		}
		return nil, err
	}
	c.Created.Publish(ctx, happens)
	if !v.System() {
		c.hub.Publish(realtime.Event{Name: model.EventChannelCreated, To: realtime.Audience{UserID: v.UserID},
			Data: map[string]any{"channel_id": made.ID, "team_id": made.TeamID}})
	}
	return made, nil
}

// mayCreate refuses what the request alone shows to be wrong.
func (c *Channels) mayCreate(ctx context.Context, v access.Viewer, ch *model.Channel) error {
	if ch.IsConversation() {
		return fault.Invalid("api.channel.create_channel.direct_channel.app_error")
	}
	if !id.Valid(ch.TeamID) {
		return fault.InvalidParam("team_id")
	}
	perm := access.PermCreatePublicChannel
	if ch.Type == model.ChannelPrivate {
		perm = access.PermCreatePrivateChannel
	}
	if err := v.NeedTeam(ctx, ch.TeamID, perm); err != nil {
		return err
	}
	if ch.ID != "" {
		return fault.Invalid("store.sql_channel.save_channel.existing.app_error")
	}
	team, err := c.acc.Team(ctx, ch.TeamID)
	if err != nil {
		return err
	}
	if team.DeleteAt > 0 {
		return fault.NotFound("app.team.get.find.app_error")
	}
	return nil
}

// haveRoom refuses when a team has as many live channels as it may have.
func (c *Channels) haveRoom(ctx context.Context, tx *db.Tx, teamID string) error {
	most := c.cfg.Get().TeamSettings.MaxChannelsPerTeam
	n, err := db.Value[int64](ctx, tx,
		"SELECT count(*) FROM channels WHERE teamid = $1 AND deleteat = 0 AND type IN ('O','P')", teamID)
	if err == nil && n >= int64(most) {
		return fault.Invalid("api.channel.create_channel.max_channel_limit.app_error", "MaxChannelsPerTeam", most)
	}
	return err
}
