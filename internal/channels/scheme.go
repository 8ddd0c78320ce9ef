package channels

import (
	"context"

	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
)

// OfScheme lists the channels that have a scheme of their own, by name.
func (c *Channels) OfScheme(ctx context.Context, schemeID string, limit, offset int) ([]*model.Channel, error) {
	return db.List(ctx, c.db, scanChannel, selectChannels+"WHERE c.schemeid = $1 ORDER BY c.displayname, c.id LIMIT $2 OFFSET $3", schemeID, limit, offset)
}

// LeaveScheme gives the channels of a scheme that goes their team's roles back.
func (c *Channels) LeaveScheme(ctx context.Context, tx *db.Tx, schemeID string) error {
	ids, err := db.List(ctx, tx, db.One[string], `UPDATE channels SET schemeid = '', updateat = $2 WHERE schemeid = $1 RETURNING id`, schemeID, id.Now())
	tx.AfterCommit(func() {
		for _, channelID := range ids {
			c.acc.ForgetChannel(channelID)
		}
	})
	return err
}
