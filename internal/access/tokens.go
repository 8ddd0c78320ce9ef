package access

import (
	"context"
	"errors"

	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
)

// openTokenSession stores the standing session of an active access token, so
// that the token is accepted like any session's; 401 when it is none. Access
// tokens of people need the setting; those of bots always work.
func (a *Access) openTokenSession(ctx context.Context, token string) error {
	return a.db.Tx(ctx, func(tx *db.Tx) error {
		var bot bool
		s := &model.Session{ID: id.New(), Token: token, CreateAt: id.Now(), Props: model.StringMap{}}
		var tokenID string
		err := tx.QueryRow(ctx, `SELECT t.id, u.id, coalesce(u.roles,''), b.userid IS NOT NULL
			FROM useraccesstokens t JOIN users u ON u.id = t.userid LEFT JOIN bots b ON b.userid = u.id
			WHERE t.token = $1 AND t.isactive = true AND u.deleteat = 0`, token).Scan(&tokenID, &s.UserID, &s.Roles, &bot)
		if errors.Is(err, db.ErrNotFound) || (err == nil && !bot && !a.cfg.Get().ServiceSettings.EnableUserAccessTokens) {
			return errNoSession
		}
		if err != nil {
			return err
		}
		s.Props[model.SessionPropType] = model.SessionTypeUserAccessToken
		s.Props[model.SessionPropUserAccessTokenID] = tokenID
		if bot {
			s.Props[model.SessionPropIsBot] = "true"
		}
		s.LastActivityAt = s.CreateAt
		s.ExpiresAt = s.CreateAt + a.length(s).Milliseconds()
		return insertSession(ctx, tx, s)
	})
}
