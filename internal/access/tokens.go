package access

import (
	"context"
	"errors"
	"strconv"
	"strings"

	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
)

// openTokenSession stores the standing session of an active access token, so
// that the token is accepted like any session's; 401 when it is none. Access
// tokens of people need the setting; those of bots always work.
func (a *Access) openTokenSession(ctx context.Context, token string) error {
	return a.db.Tx(ctx, func(tx *db.Tx) error {
		// Whoever disables the token waits, or is seen here.
		if err := lockToken(ctx, tx, token); err != nil {
			return err
		}
		var bot bool
		s := &model.Session{ID: id.New(), Token: token, CreateAt: id.Now(), Props: model.StringMap{}}
		var tokenID, scopes string
		var end int64
		err := tx.QueryRow(ctx, `SELECT t.id, u.id, coalesce(u.roles,''), b.userid IS NOT NULL, coalesce(l.scopes, ''), coalesce(l.expiresat, 0)
			FROM useraccesstokens t JOIN users u ON u.id = t.userid LEFT JOIN bots b ON b.userid = u.id LEFT JOIN parley_token_limits l ON l.tokenid = t.id
			WHERE t.token = $1 AND t.isactive = true AND u.deleteat = 0`, token).Scan(&tokenID, &s.UserID, &s.Roles, &bot, &scopes, &end)
		if errors.Is(err, db.ErrNotFound) || (err == nil && (!bot && !a.cfg.Get().ServiceSettings.EnableUserAccessTokens || end > 0 && end <= id.Now())) {
			return errNoSession
		}
		if err != nil {
			return err
		}
		there, err := db.List(ctx, tx, db.One[string], `SELECT id FROM sessions WHERE token = $1 LIMIT 1`, token)
		if err != nil || len(there) > 0 {
			return err // another request was first
		}
		s.Props[model.SessionPropType] = model.SessionTypeUserAccessToken
		s.Props[model.SessionPropUserAccessTokenID] = tokenID
		if bot {
			s.Props[model.SessionPropIsBot] = "true"
		}
		s.LastActivityAt = s.CreateAt
		s.ExpiresAt = s.CreateAt + a.length(s).Milliseconds()
		if scopes != "" {
			s.Props[model.SessionPropScopes] = scopes
		}
		if end > 0 {
			s.Props[model.SessionPropTokenExpiresAt] = strconv.FormatInt(end, 10)
			s.ExpiresAt = min(s.ExpiresAt, end)
		}
		return insertSession(ctx, tx, s)
	})
}

func lockToken(ctx context.Context, tx *db.Tx, token string) error {
	return tx.Lock(ctx, "access token "+token)
}

var errNoToken = fault.NotFound("app.user_access_token.get_by_user.app_error")

const tokenColumns = `t.id, coalesce(t.token,''), coalesce(t.userid,''), coalesce(t.description,''), coalesce(t.isactive,false),
	coalesce(l.expiresat, 0), coalesce(l.scopes, '')`

const tokenTables = ` FROM useraccesstokens t LEFT JOIN parley_token_limits l ON l.tokenid = t.id `

func scanToken(r db.Row) (model.UserAccessToken, error) {
	var t model.UserAccessToken
	var scopes string
	err := r.Scan(&t.ID, &t.Token, &t.UserID, &t.Description, &t.IsActive, &t.ExpiresAt, &scopes)
	t.Scopes = strings.Fields(scopes)
	return t, err
}

// CreateToken stores a new access token, of the user, with the description and
// the limits that t says, and returns it with its secret, which nobody is shown again.
func (a *Access) CreateToken(ctx context.Context, t model.UserAccessToken) (model.UserAccessToken, error) {
	t.ID, t.Token, t.IsActive = id.New(), id.New(), true
	err := a.db.Tx(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `INSERT INTO useraccesstokens (id, token, userid, description, isactive) VALUES ($1,$2,$3,$4,true)`,
			t.ID, t.Token, t.UserID, t.Description)
		if err != nil || t.ExpiresAt == 0 && len(t.Scopes) == 0 {
			return err
		}
		_, err = tx.Exec(ctx, `INSERT INTO parley_token_limits (tokenid, expiresat, scopes, tellat) VALUES ($1,$2,$3,$4)`,
			t.ID, t.ExpiresAt, strings.Join(t.Scopes, " "), tellAt(id.Now(), t.ExpiresAt))
		return err
	})
	return t, err
}

// Token returns an access token by id, with its secret; 404
// app.user_access_token.get_by_user.app_error when there is none.
func (a *Access) Token(ctx context.Context, tokenID string) (model.UserAccessToken, error) {
	t, err := db.Get(ctx, a.db, scanToken, `SELECT `+tokenColumns+tokenTables+`WHERE t.id = $1`, tokenID)
	if errors.Is(err, db.ErrNotFound) {
		return t, errNoToken
	}
	return t, err
}

// Tokens returns a page of access tokens, those of one user or with "" of all,
// without their secrets.
func (a *Access) Tokens(ctx context.Context, userID string, limit, offset int) ([]model.UserAccessToken, error) {
	where, args := "", []any{limit, offset}
	if userID != "" {
		where, args = "WHERE t.userid = $3", append(args, userID)
	}
	return a.tokens(ctx, where+` ORDER BY t.id LIMIT $1 OFFSET $2`, args...)
}

// FindTokens returns at most limit access tokens whose id, user id or username
// begins with term, without their secrets.
func (a *Access) FindTokens(ctx context.Context, term string, limit int) ([]model.UserAccessToken, error) {
	return a.tokens(ctx, `JOIN users u ON u.id = t.userid
		WHERE t.id LIKE $1 ESCAPE '\' OR t.userid LIKE $1 ESCAPE '\' OR u.username LIKE $1 ESCAPE '\' ORDER BY t.id LIMIT $2`,
		db.LikeEscape(term)+"%", limit)
}

func (a *Access) tokens(ctx context.Context, rest string, args ...any) ([]model.UserAccessToken, error) {
	return db.List(ctx, a.db, func(r db.Row) (model.UserAccessToken, error) {
		t, err := scanToken(r)
		return t.Sanitized(), err
	}, `SELECT `+tokenColumns+tokenTables+rest, args...)
}

// RevokeToken removes an access token, and its session with it.
func (a *Access) RevokeToken(ctx context.Context, t model.UserAccessToken) error {
	return a.db.Tx(ctx, func(tx *db.Tx) error {
		if err := a.endTokenSessions(ctx, tx, t.Token); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `DELETE FROM parley_token_limits WHERE tokenid = $1`, t.ID); err != nil {
			return err
		}
		n, err := db.Exec(ctx, tx, `DELETE FROM useraccesstokens WHERE id = $1`, t.ID)
		if err == nil && n == 0 {
			return errNoToken
		}
		return err
	})
}

// DropTokens forgets every access token of a user whose sessions EndSessions has
// ended in the same transaction.
func (a *Access) DropTokens(ctx context.Context, tx *db.Tx, userID string) error {
	_, err := tx.Exec(ctx, `DELETE FROM parley_token_limits WHERE tokenid IN (SELECT id FROM useraccesstokens WHERE userid = $1)`, userID)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `DELETE FROM useraccesstokens WHERE userid = $1`, userID)
	return err
}

// SetTokenActive lets an access token work, or has it rest: then its session
// ends.
func (a *Access) SetTokenActive(ctx context.Context, t model.UserAccessToken, active bool) error {
	return a.db.Tx(ctx, func(tx *db.Tx) error {
		if !active {
			if err := a.endTokenSessions(ctx, tx, t.Token); err != nil {
				return err
			}
		}
		_, err := db.Exec(ctx, tx, `UPDATE useraccesstokens SET isactive = $2 WHERE id = $1`, t.ID, active)
		return err
	})
}

func (a *Access) endTokenSessions(ctx context.Context, tx *db.Tx, token string) error {
	if err := lockToken(ctx, tx, token); err != nil {
		return err
	}
	list, err := db.List(ctx, tx, scanSession, `SELECT `+sessionColumns+` FROM sessions s WHERE s.token = $1 LIMIT 100`, token)
	if err != nil {
		return err
	}
	// The word goes out even when no session is stored: a request may just
	// have read the token as active.
	tx.AfterCommit(func() { a.forget(aSession, token) })
	return a.endSessions(ctx, tx, list)
}
