package channels

import (
	"context"
	"strings"

	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
)

// Mute mutes channels for a user, or makes them heard again, and tells the
// user's clients: what becomes of channels in a muted category of the sidebar.
// Channels that the user isn't in are passed over.
func (c *Channels) Mute(ctx context.Context, userID string, channelIDs []string, muted bool) error {
	value := model.ChannelMarkUnreadAll
	if muted {
		value = model.ChannelMarkUnreadMention
	}
	set := `jsonb_set(coalesce(notifyprops, '{}'), '{mark_unread}', '"` + value + `"')`
	if c.db.SQLite() { // the engines have different names for this
		set = `json_set(coalesce(notifyprops, '{}'), '$.mark_unread', '` + value + `')`
	}
	changed, err := db.List(ctx, c.db, db.One[string], strings.Replace(`UPDATE channelmembers SET notifyprops = #, lastupdateat = $3
		WHERE userid = $1 AND channelid = ANY($2) RETURNING channelid`, "#", set, 1), userID, channelIDs, id.Now())
	if err != nil || len(changed) == 0 {
		return err
	}
	for _, channelID := range changed {
		c.acc.ForgetChannelMember(userID, channelID)
	}
	list, err := c.members(ctx, "cm.userid = $1 AND cm.channelid = ANY($2) LIMIT $3", userID, changed, len(changed))
	for _, m := range list {
		c.tellMember(m)
	}
	return err
}
