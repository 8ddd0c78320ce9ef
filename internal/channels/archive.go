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

// Archive closes an open or private channel: it can be read, not written.
// Fails with 400 for a conversation, town-square, and a channel that is closed.
func (c *Channels) Archive(ctx context.Context, byID, channelID string) error {
	ch := &model.Channel{ID: channelID}
	happens := Changed{Channel: ch, ByID: byID}
	_, err := c.rewrite(ctx, ch, c.Archived.Parts(ctx, happens), func(ch *model.Channel) error {
		if ch.DeleteAt > 0 {
			return fault.Invalid("api.channel.delete_channel.deleted.app_error")
		}
		ch.DeleteAt = id.Now()
		return removable(ch)
	})
	if err != nil {
		return err
	}
	c.Archived.Publish(ctx, happens)
	c.hub.Publish(realtime.Event{Name: model.EventChannelDeleted, To: audienceOf(ch),
		Data: map[string]any{"channel_id": ch.ID, "delete_at": ch.DeleteAt}})
	return nil
}

// removable refuses channels that can't be archived.
func removable(ch *model.Channel) error {
	if ch.IsConversation() {
		return fault.Invalid("api.channel.delete_channel.type.invalid")
	}
	if ch.Name == model.ChannelTownSquare {
		return fault.Invalid("api.channel.delete_channel.cannot.app_error", "Channel", ch.Name)
	}
	return nil
}

// audienceOf is who may know that a channel is there: its team, of a private
// one its members.
func audienceOf(ch *model.Channel) realtime.Audience {
	if ch.Type == model.ChannelOpen {
		return realtime.Audience{TeamID: ch.TeamID}
	}
	return realtime.Audience{ChannelID: ch.ID}
}

// Restore opens an archived channel again; 400 when it is open.
func (c *Channels) Restore(ctx context.Context, byID, channelID string) (*model.Channel, error) {
	ch := &model.Channel{ID: channelID}
	_, err := c.rewrite(ctx, ch, nil, func(ch *model.Channel) error {
		if ch.DeleteAt == 0 {
			return fault.Invalid("api.channel.restore_channel.restored.app_error")
		}
		ch.DeleteAt = 0
		return nil
	})
	if err != nil {
		return nil, err
	}
	c.hub.Publish(realtime.Event{Name: model.EventChannelRestored, To: audienceOf(ch), Data: map[string]any{"channel_id": ch.ID}})
	c.Restored.Publish(ctx, Changed{Channel: ch, ByID: byID})
	return ch, nil
}

// deletePermanently removes a channel for good, where the settings allow it.
func (c *Channels) deletePermanently(ctx context.Context, v access.Viewer, ch *model.Channel) error {
	switch {
	case !v.Admin(ctx):
		return fault.Unauthenticated("api.user.delete_channel.not_enabled.app_error")
	case !v.System() && !c.cfg.Get().ServiceSettings.EnableAPIChannelDeletion:
		return fault.Unauthenticated("api.user.delete_channel.not_enabled.for_admin.app_error")
	}
	return c.remove(ctx, ch, v.UserID)
}

// remove deletes a channel and its memberships. Later slices remove what they
// keep of it when they hear of it.
func (c *Channels) remove(ctx context.Context, ch *model.Channel, byID string) error {
	var members []string
	err := c.db.Tx(ctx, func(tx *db.Tx) (err error) {
		if members, err = db.List(ctx, tx, db.One[string], "DELETE FROM channelmembers WHERE channelid = $1 RETURNING userid", ch.ID); err != nil {
			return err
		}
		for _, stmt := range [...]string{"DELETE FROM channelmemberhistory WHERE channelid = $1",
			"DELETE FROM publicchannels WHERE id = $1", "DELETE FROM channels WHERE id = $1"} {
			if _, err := tx.Exec(ctx, stmt, ch.ID); err != nil {
				return err
			}
		}
		tx.AfterCommit(func() { c.acc.ForgetChannel(ch.ID) })
		return nil
	})
	if err != nil {
		return err
	}
	c.Deleted.Publish(ctx, Changed{Channel: ch, ByID: byID})
	c.hub.Publish(realtime.Event{Name: model.EventChannelDeleted, To: audienceOf(ch),
		Data: map[string]any{"channel_id": ch.ID, "delete_at": id.Now()}})
	for _, userID := range members {
		c.acc.ForgetChannelMember(userID, ch.ID)
		c.hub.LeftChannel(userID, ch.ID)
	}
	return nil
}
