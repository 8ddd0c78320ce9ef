package access

import (
	"context"

	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
)

// Issue stores a new one-time token of a type (model.TokenType…) that says
// extra, as JSON, and returns its secret of 64 characters.
func (a *Access) Issue(ctx context.Context, q db.Querier, kind string, extra any) (secret string, err error) {
	secret = id.Token(model.TokenSize)
	_, err = db.Exec(ctx, q, `INSERT INTO tokens (token, createat, type, extra) VALUES ($1,$2,$3,$4)`, secret, id.Now(), kind, db.JSON(extra))
	return secret, err
}

// OneTime returns the token with a secret, whatever its type and age;
// db.ErrNotFound when there is none.
func (a *Access) OneTime(ctx context.Context, q db.Querier, secret string) (model.Token, error) {
	if len(secret) != model.TokenSize {
		return model.Token{}, db.ErrNotFound
	}
	return db.Get(ctx, q, func(r db.Row) (model.Token, error) {
		var t model.Token
		err := r.Scan(&t.Token, &t.CreateAt, &t.Type, &t.Extra)
		return t, err
	}, `SELECT token, coalesce(createat,0), coalesce(type,''), coalesce(extra,'') FROM tokens WHERE token = $1`, secret)
}

// Spend uses a token up. Of several transactions that spend the same token one
// alone succeeds; the others get db.ErrNotFound and must undo what they did.
func (a *Access) Spend(ctx context.Context, tx *db.Tx, secret string) error {
	n, err := db.Exec(ctx, tx, `DELETE FROM tokens WHERE token = $1`, secret)
	if err == nil && n == 0 {
		return db.ErrNotFound
	}
	return err
}

// sweepBatch bounds how many rows one statement of Sweep removes.
const sweepBatch = 1000

// Sweep removes sessions that have expired, and tokens that nobody can use any
// more. It is for a job that runs now and then.
func (a *Access) Sweep(ctx context.Context) error {
	now := id.Now()
	for _, old := range []struct {
		sql    string
		before int64
	}{
		{`DELETE FROM sessions WHERE id IN (SELECT id FROM sessions WHERE expiresat <> 0 AND expiresat < $1
			AND (coalesce(deviceid,'') = '' OR coalesce(expirednotify,false) = true OR expiresat < $1 - 7200000) LIMIT $2)`, now}, // phones are told first
		{`DELETE FROM tokens WHERE token IN (SELECT token FROM tokens WHERE createat < $1 LIMIT $2)`, now - model.TokenLifetimeMax},
		// createat of desktop tokens is in seconds
		{`DELETE FROM desktoptokens WHERE token IN (SELECT token FROM desktoptokens WHERE createat < $1 LIMIT $2)`, (now - model.DesktopTokenLifetime) / 1000},
	} {
		for {
			n, err := db.Exec(ctx, a.db, old.sql, old.before, sweepBatch)
			if err != nil {
				return err
			}
			if n < sweepBatch {
				break
			}
		}
	}
	return nil
}
