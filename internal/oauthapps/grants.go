package oauthapps

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"time"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
)

// grant is what one authorization code has become. It lives until its user or an
// administrator ends it, until a used code or refresh token of it is shown again,
// or until nobody has refreshed it for refreshLife after its last token ended.
type grant struct {
	id, clientID, userID string
	sessionID            string // whose token is the access token
	refresh              string // hash of the refresh token; "" for public clients
	redirectURI          string
	audience             string
	createAt, expiresAt  int64
}

const refreshLife = 60 * 24 * time.Hour

const grantColumns = `id, clientid, userid, sessionid, refresh, redirecturi, audience, createat, expiresat`

func scanGrant(r db.Row) (*grant, error) {
	g := &grant{}
	return g, r.Scan(&g.id, &g.clientID, &g.userID, &g.sessionID, &g.refresh, &g.redirectURI, &g.audience, &g.createAt, &g.expiresAt)
}

// grantOf returns the one grant that where finds, db.ErrNotFound when it finds none.
func grantOf(ctx context.Context, q db.Querier, where string, arg any) (*grant, error) {
	return db.Get(ctx, q, scanGrant, `SELECT `+grantColumns+` FROM parley_oauth_grants WHERE `+where+` = $1`, arg)
}

// hashed is what is kept of a secret that is shown again.
func hashed(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

// spend notes that a secret has become what a grant is now.
func spend(ctx context.Context, tx *db.Tx, hash, grantID string) error {
	_, err := db.Exec(ctx, tx, `INSERT INTO parley_oauth_spent (secret, grantid, spentat) VALUES ($1, $2, $3)`, hash, grantID, id.Now())
	return err
}

// store writes a grant with the session that it has now, and the tokens of its
// client and user as the protocol's own table has them: the last ones.
func store(ctx context.Context, tx *db.Tx, g *grant, s *model.Session, refresh string) error {
	g.sessionID, g.expiresAt, g.refresh = s.ID, s.ExpiresAt+refreshLife.Milliseconds(), ""
	if refresh != "" {
		g.refresh = hashed(refresh)
	}
	_, err := db.Exec(ctx, tx, `INSERT INTO parley_oauth_grants (`+grantColumns+`) VALUES `+db.Tuples(1, 9, 0)+`
		ON CONFLICT (id) DO UPDATE SET sessionid = excluded.sessionid, refresh = excluded.refresh, expiresat = excluded.expiresat`,
		g.id, g.clientID, g.userID, g.sessionID, g.refresh, g.redirectURI, g.audience, g.createAt, g.expiresAt)
	if err != nil {
		return err
	}
	_, err = db.Exec(ctx, tx, `INSERT INTO oauthaccessdata (token, refreshtoken, redirecturi, clientid, userid, expiresat, scope, audience)
		VALUES `+db.Tuples(1, 8, 0)+` ON CONFLICT (clientid, userid) DO UPDATE SET token = excluded.token, refreshtoken = excluded.refreshtoken,
		redirecturi = excluded.redirecturi, expiresat = excluded.expiresat, scope = excluded.scope, audience = excluded.audience`,
		s.Token, refresh, g.redirectURI, g.clientID, g.userID, s.ExpiresAt, model.OAuthScope, g.audience)
	return err
}

// lockUser keeps apart who makes, renews and ends the grants of one person.
func lockUser(ctx context.Context, tx *db.Tx, userID string) error {
	return tx.Lock(ctx, "oauth grants "+userID)
}

// grantsMost bounds the grants of one application for one person; the oldest end.
const grantsMost = 50

// end ends grants and their sessions. The caller holds the lock of their user.
func (a *Apps) end(ctx context.Context, tx *db.Tx, list []*grant) error {
	if len(list) == 0 {
		return nil
	}
	var ids, sessions []string
	for _, g := range list {
		ids, sessions = append(ids, g.id), append(sessions, g.sessionID)
	}
	for _, sql := range []string{`DELETE FROM parley_oauth_spent WHERE grantid = ANY($1)`, `DELETE FROM parley_oauth_grants WHERE id = ANY($1)`} {
		if _, err := db.Exec(ctx, tx, sql, ids); err != nil {
			return err
		}
	}
	// The row of the protocol goes with its session: see sessionsEnd.
	return a.Access.EndIn(ctx, tx, sessions, []string{})
}

// endOne ends a grant by its id, if it is there.
func (a *Apps) endOne(ctx context.Context, g *grant) error {
	return a.DB.Tx(ctx, func(tx *db.Tx) error {
		if err := lockUser(ctx, tx, g.userID); err != nil {
			return err
		}
		list, err := db.List(ctx, tx, scanGrant, `SELECT `+grantColumns+` FROM parley_oauth_grants WHERE id = $1 LIMIT 1`, g.id)
		if err != nil {
			return err
		}
		return a.end(ctx, tx, list)
	})
}

// withdraw ends all that an application has of a person: codes, tokens, and that
// the person has let it.
func (a *Apps) withdraw(ctx context.Context, tx *db.Tx, appID, userID string) error {
	if err := lockUser(ctx, tx, userID); err != nil {
		return err
	}
	if _, err := db.Exec(ctx, tx, `DELETE FROM oauthauthdata WHERE clientid = $1 AND userid = $2`, appID, userID); err != nil {
		return err
	}
	list, err := db.List(ctx, tx, scanGrant, `SELECT `+grantColumns+` FROM parley_oauth_grants WHERE clientid = $1 AND userid = $2 LIMIT 1000`,
		appID, userID)
	if err != nil {
		return err
	}
	if err := a.end(ctx, tx, list); err != nil {
		return err
	}
	// A token of before this server kept grants.
	tokens, err := db.List(ctx, tx, db.One[string], `SELECT token FROM oauthaccessdata WHERE clientid = $1 AND userid = $2 LIMIT 1`, appID, userID)
	if err != nil {
		return err
	}
	if err := a.Access.EndIn(ctx, tx, []string{}, tokens); err != nil {
		return err
	}
	if _, err := db.Exec(ctx, tx, `DELETE FROM oauthaccessdata WHERE clientid = $1 AND userid = $2`, appID, userID); err != nil {
		return err
	}
	return a.Preferences.DeleteTx(ctx, tx, userID, []model.Preference{{Category: model.PreferenceCategoryAuthorizedOAuthApp, Name: appID}})
}

// sessionsEnd follows the ends of sessions: what could get a new one ends, too.
func (a *Apps) sessionsEnd(ctx context.Context, tx *db.Tx, e access.Ending) error {
	switch {
	case e.Everybody:
		for _, sql := range []string{`DELETE FROM parley_oauth_spent`, `DELETE FROM parley_oauth_grants`, `DELETE FROM oauthaccessdata`, `DELETE FROM oauthauthdata`} {
			if _, err := db.Exec(ctx, tx, sql); err != nil {
				return err
			}
		}
		return nil
	case e.UserID != "":
		if err := lockUser(ctx, tx, e.UserID); err != nil {
			return err
		}
		return forgetUser(ctx, tx, e.UserID)
	}
	var ids, tokens []string
	for _, s := range e.Sessions {
		if err := lockUser(ctx, tx, s.UserID); err != nil {
			return err
		}
		ids, tokens = append(ids, s.ID), append(tokens, s.Token)
	}
	for _, one := range []struct {
		sql  string
		keys []string
	}{
		{`DELETE FROM parley_oauth_spent WHERE grantid IN (SELECT id FROM parley_oauth_grants WHERE sessionid = ANY($1))`, ids},
		{`DELETE FROM parley_oauth_grants WHERE sessionid = ANY($1)`, ids},
		{`DELETE FROM oauthaccessdata WHERE token = ANY($1)`, tokens},
	} {
		if _, err := db.Exec(ctx, tx, one.sql, one.keys); err != nil {
			return err
		}
	}
	return nil
}

func forgetUser(ctx context.Context, tx *db.Tx, userID string) error {
	for _, sql := range []string{`DELETE FROM parley_oauth_spent WHERE grantid IN (SELECT id FROM parley_oauth_grants WHERE userid = $1)`,
		`DELETE FROM parley_oauth_grants WHERE userid = $1`, `DELETE FROM oauthaccessdata WHERE userid = $1`, `DELETE FROM oauthauthdata WHERE userid = $1`} {
		if _, err := db.Exec(ctx, tx, sql, userID); err != nil {
			return err
		}
	}
	return nil
}
