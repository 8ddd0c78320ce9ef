package teams

import (
	"context"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
)

// OfScheme lists the teams that use a scheme, by name, as v may see them.
func (t *Teams) OfScheme(ctx context.Context, v access.Viewer, schemeID string, limit, offset int) ([]*model.Team, error) {
	list, err := db.List(ctx, t.db, scanTeam, fromTeams+"WHERE t.schemeid = $1 ORDER BY t.displayname, t.id LIMIT $2 OFFSET $3", schemeID, limit, offset)
	if err != nil {
		return nil, err
	}
	return t.shownAll(ctx, v, list)
}

// LeaveScheme gives the teams of a scheme that goes the built-in roles back.
func (t *Teams) LeaveScheme(ctx context.Context, tx *db.Tx, schemeID string) error {
	ids, err := db.List(ctx, tx, db.One[string], `UPDATE teams SET schemeid = '', updateat = $2 WHERE schemeid = $1 RETURNING id`, schemeID, id.Now())
	tx.AfterCommit(func() {
		for _, teamID := range ids {
			t.acc.ForgetTeam(teamID)
		}
	})
	return err
}
