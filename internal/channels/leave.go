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

// Leave ends a membership of an open or private channel and tells everybody who
// follows. byID is who took them out, "" or userID when they left by themselves.
// Fails with 404 when userID is no member, 400 for a conversation, an archived
// channel, and town-square, which only guests leave.
func (c *Channels) Leave(ctx context.Context, byID, userID, channelID string) error {
	ch, err := c.acc.Channel(ctx, channelID)
	if err != nil {
		return err
	}
	if ch.Direct() {
		return fault.Invalid("api.channel.remove_channel_member.type.app_error")
	}
	m, err := c.acc.ChannelMember(ctx, userID, channelID)
	if err != nil {
		return err
	}
	if ch.Name == model.ChannelTownSquare && !m.SchemeGuest {
		return fault.Invalid("api.channel.remove.default.app_error", "Channel", ch.Name)
	}
	if !m.Present {
		return errNoMember
	}
	return c.expel(ctx, ch, []string{userID}, byID, false)
}

// expel is every way out of a channel. Who is no member is passed over.
func (c *Channels) expel(ctx context.Context, ch *access.ChannelFacts, userIDs []string, byID string, withTeam bool) error {
	var gone []string
	happens := &Left{Channel: ch, UserIDs: userIDs, ByID: byID, WithTeam: withTeam}
	also := c.Left.Parts(ctx, happens)
	err := c.db.Tx(ctx, func(tx *db.Tx) (err error) {
		if gone, err = deleteMembers(ctx, tx, ch.ID, userIDs); err != nil || len(gone) == 0 {
			return err
		}
		happens.UserIDs = gone
		tx.AfterCommit(func() {
			for _, userID := range gone {
				c.acc.ForgetChannelMember(userID, ch.ID)
				c.hub.LeftChannel(userID, ch.ID)
			}
		})
		return also.In(ctx, tx)
	})
	if err != nil || len(gone) == 0 {
		return err
	}
	c.Left.Publish(ctx, happens)
	if withTeam {
		return nil // leave_team tells the clients
	}
	for _, userID := range gone {
		remover := byID
		if remover == "" {
			remover = userID
		}
		c.hub.Publish(realtime.Event{Name: model.EventUserRemoved, To: realtime.Audience{ChannelID: ch.ID},
			Data: map[string]any{"user_id": userID, "remover_id": remover}})
		c.hub.Publish(realtime.Event{Name: model.EventUserRemoved, To: realtime.Audience{UserID: userID},
			Data: map[string]any{"channel_id": ch.ID, "remover_id": remover}})
	}
	return nil
}

// deleteMembers ends memberships and notes it in the channel's history. It
// returns who was a member.
func deleteMembers(ctx context.Context, tx *db.Tx, channelID string, userIDs []string) ([]string, error) {
	gone, err := db.List(ctx, tx, db.One[string],
		"DELETE FROM channelmembers WHERE channelid = $1 AND userid = ANY($2) RETURNING userid", channelID, userIDs)
	if err != nil || len(gone) == 0 {
		return nil, err
	}
	_, err = tx.Exec(ctx, "UPDATE channelmemberhistory SET leavetime = $3 WHERE channelid = $1 AND userid = ANY($2) AND leavetime IS NULL",
		channelID, gone, id.Now())
	return inOrder(userIDs, gone), err
}
