package oauthapps

import (
	"context"
	"time"

	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
)

// unusedLife is how long an application that has registered itself is kept while
// nobody lets it do anything.
const unusedLife = 30 * 24 * time.Hour

// sweepBatch bounds how many rows one statement removes.
const sweepBatch = 1000

// sweep removes codes that nobody can use any more, grants that nobody has
// refreshed in time, and applications that have registered themselves for nothing.
func (a *Apps) sweep(ctx context.Context) error {
	now := id.Now()
	for _, old := range []struct {
		sql    string
		before int64
	}{
		{`DELETE FROM oauthauthdata WHERE code IN (SELECT code FROM oauthauthdata WHERE createat < $1 LIMIT $2)`, now - model.OAuthCodeLife*1000},
		{`DELETE FROM parley_oauth_grants WHERE id IN (SELECT id FROM parley_oauth_grants WHERE expiresat < $1 LIMIT $2)`, now},
		{`DELETE FROM parley_oauth_spent WHERE secret IN (SELECT s.secret FROM parley_oauth_spent s LEFT JOIN parley_oauth_grants g ON g.id = s.grantid
			WHERE g.id IS NULL AND s.spentat < $1 LIMIT $2)`, now},
		{`DELETE FROM oauthapps WHERE id IN (SELECT a.id FROM oauthapps a WHERE a.isdynamicallyregistered = true AND a.createat < $1
			AND NOT EXISTS (SELECT 1 FROM parley_oauth_grants g WHERE g.clientid = a.id)
			AND NOT EXISTS (SELECT 1 FROM oauthaccessdata d WHERE d.clientid = a.id) LIMIT $2)`, now - unusedLife.Milliseconds()},
	} {
		for {
			n, err := db.Exec(ctx, a.DB, old.sql, old.before, sweepBatch)
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
