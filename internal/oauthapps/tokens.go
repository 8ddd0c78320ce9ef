package oauthapps

import (
	"context"
	"crypto/subtle"
	"errors"
	"slices"
	"time"

	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
)

// sameClientAgain is how long a client that has proven itself by its secret may
// show its code once more and is only refused: somebody has loaded the page of
// the answer twice. After that, and at once where anybody can say that they are
// the client, the tokens of the code end (RFC 6749, 4.1.2).
const sameClientAgain = 10 * time.Second

var (
	errCode    = fault.Invalid("api.oauth.get_access_token.expired_code.app_error")
	errRefresh = fault.NotFound("api.oauth.get_access_token.refresh_token.app_error")
	errClient  = fault.Invalid("api.oauth.get_access_token.client_id_mismatch.app_error")
	errSecret  = fault.Unauthenticated("model.oauth.validate_grant.credentials.app_error")
	errTarget  = fault.Invalid("api.oauth.get_access_token.resource_mismatch.app_error")
)

// client returns the application that a request comes from, which has proven
// itself if it can keep a secret.
func (a *Apps) client(ctx context.Context, q *tokenRequest) (*model.OAuthApp, error) {
	if !id.Valid(q.clientID) {
		return nil, fault.Invalid("api.oauth.get_access_token.bad_client_id.app_error")
	}
	app, err := load(ctx, a.DB, q.clientID)
	switch {
	case fault.IsNotFound(err):
		return nil, fault.NotFound("api.oauth.get_access_token.credentials.app_error")
	case err != nil:
		return nil, err
	case app.Public() && q.secret != "":
		return nil, fault.Invalid("model.oauth.validate_grant.public_client_secret.app_error")
	case !app.Public() && subtle.ConstantTimeCompare([]byte(app.ClientSecret), []byte(q.secret)) != 1:
		return nil, errSecret
	}
	return app, nil
}

// give answers a request for a token.
func (a *Apps) give(ctx context.Context, q *tokenRequest) (*model.AccessResponse, error) {
	if err := a.on("api.oauth.get_access_token.disabled.app_error"); err != nil {
		return nil, err
	}
	refresh := false
	switch q.form.Get("grant_type") {
	case model.OAuthGrantCode:
		if q.form.Get("code") == "" {
			return nil, fault.Invalid("api.oauth.get_access_token.missing_code.app_error")
		}
	case model.OAuthGrantRefresh:
		if refresh = true; q.form.Get("refresh_token") == "" {
			return nil, fault.Invalid("api.oauth.get_access_token.missing_refresh_token.app_error")
		}
	default:
		return nil, fault.Invalid("api.oauth.get_access_token.bad_grant.app_error")
	}
	app, err := a.client(ctx, q)
	switch {
	case err != nil:
		return nil, err
	case refresh && app.Public():
		return nil, fault.Invalid("model.oauth.validate_grant.public_client_refresh_token.app_error")
	case refresh:
		return a.refresh(ctx, app, q.form.Get("refresh_token"), q.form.Get("resource"))
	case app.Public() && q.form.Get("code_verifier") == "":
		return nil, fault.Invalid("model.oauth.validate_grant.pkce_required.app_error")
	}
	return a.exchange(ctx, app, q)
}

// exchange turns a code into a token.
func (a *Apps) exchange(ctx context.Context, app *model.OAuthApp, q *tokenRequest) (*model.AccessResponse, error) {
	secret := q.form.Get("code")
	c, err := loadCode(ctx, a.DB, secret)
	if errors.Is(err, db.ErrNotFound) {
		return nil, a.again(ctx, app, hashed(secret), errCode)
	}
	if err != nil {
		return nil, err
	}
	switch resource := q.form.Get("resource"); {
	case c.ClientID != app.ID:
		return nil, errClient
	case c.expired(id.Now()):
		return nil, errCode
	case c.RedirectURI != q.form.Get("redirect_uri"), !slices.Contains(app.CallbackURLs, c.RedirectURI):
		return nil, fault.Invalid("api.oauth.get_access_token.redirect_uri.app_error")
	case resource != "" && resource != c.Resource:
		return nil, errTarget
	}
	if err := proves(c.CodeChallenge, q.form.Get("code_verifier")); err != nil {
		return nil, err
	}
	g := &grant{id: id.New(), clientID: app.ID, userID: c.userID, redirectURI: c.RedirectURI, audience: c.Resource, createAt: id.Now()}
	var out *model.AccessResponse
	err = a.DB.Tx(ctx, func(tx *db.Tx) error {
		user, err := a.begin(ctx, tx, app.ID, g.userID)
		if err != nil {
			return err
		}
		n, err := db.Exec(ctx, tx, `DELETE FROM oauthauthdata WHERE code = $1`, secret)
		if err != nil {
			return err
		}
		if n == 0 {
			return errSpent
		}
		if err := a.makeRoom(ctx, tx, g); err != nil {
			return err
		}
		if err := spend(ctx, tx, hashed(secret), g.id); err != nil {
			return err
		}
		out, err = a.open(ctx, tx, app, g, user)
		return err
	})
	if errors.Is(err, errSpent) {
		return nil, a.again(ctx, app, hashed(secret), errCode)
	}
	return out, err
}

// errSpent is that another request was first to use a code or refresh token.
var errSpent = errors.New("used by another request")

// again is what becomes of a request with a secret that was used before: it is
// refused with refusal, and what the secret has become ends, if it was this
// client's.
func (a *Apps) again(ctx context.Context, app *model.OAuthApp, hash string, refusal error) error {
	grantID, at := "", int64(0)
	err := a.DB.QueryRow(ctx, `SELECT grantid, spentat FROM parley_oauth_spent WHERE secret = $1`, hash).Scan(&grantID, &at)
	if errors.Is(err, db.ErrNotFound) {
		return refusal
	}
	if err != nil {
		return err
	}
	g, err := grantOf(ctx, a.DB, "id", grantID)
	switch {
	case errors.Is(err, db.ErrNotFound):
		return refusal
	case err != nil:
		return err
	case g.clientID != app.ID:
		return refusal
	case refusal == error(errCode) && !app.Public() && id.Now()-at < sameClientAgain.Milliseconds():
		return refusal
	}
	if err := a.endOne(ctx, g); err != nil {
		return err
	}
	a.Log.Warn("a used code or refresh token was shown again; its tokens have ended", "app", app.ID, "user", g.userID)
	return refusal
}

// begin takes what must hold until a token is stored, and returns whom it is for.
func (a *Apps) begin(ctx context.Context, tx *db.Tx, appID, userID string) (*model.User, error) {
	if err := lockApp(ctx, tx, appID); err != nil {
		return nil, err
	}
	if _, err := load(ctx, tx, appID); err != nil {
		return nil, err
	}
	user, err := a.Users.Holding(ctx, tx, userID)
	if fault.IsNotFound(err) {
		return nil, fault.NotFound("api.oauth.get_access_token.internal_user.app_error")
	}
	if err != nil {
		return nil, err
	}
	return user, lockUser(ctx, tx, userID)
}

// makeRoom ends the oldest grants of who has too many.
func (a *Apps) makeRoom(ctx context.Context, tx *db.Tx, g *grant) error {
	old, err := db.List(ctx, tx, scanGrant, `SELECT `+grantColumns+` FROM parley_oauth_grants WHERE clientid = $1 AND userid = $2
		ORDER BY createat DESC, id LIMIT 100 OFFSET $3`, g.clientID, g.userID, grantsMost-1)
	if err != nil {
		return err
	}
	return a.end(ctx, tx, old)
}

// open gives a grant a new session and refresh token and tells them.
func (a *Apps) open(ctx context.Context, tx *db.Tx, app *model.OAuthApp, g *grant, user *model.User) (*model.AccessResponse, error) {
	s := &model.Session{UserID: user.ID, Roles: user.Roles, IsOAuth: true, Props: model.StringMap{
		model.SessionPropPlatform: app.Name, model.SessionPropOS: "OAuth2", model.SessionPropBrowser: "OAuth2",
		model.SessionPropOAuthAppID: app.ID,
	}}
	if err := a.Access.OpenSessionIn(ctx, tx, s); err != nil {
		return nil, err
	}
	refresh := ""
	if !app.Public() {
		refresh = id.New()
	}
	if err := store(ctx, tx, g, s, refresh); err != nil {
		return nil, err
	}
	return &model.AccessResponse{AccessToken: s.Token, TokenType: model.OAuthTokenType, ExpiresIn: int32((s.ExpiresAt - s.CreateAt) / 1000),
		Scope: model.OAuthScope, RefreshToken: refresh, Audience: g.audience}, nil
}

// refresh turns a refresh token into new tokens; the old ones end.
func (a *Apps) refresh(ctx context.Context, app *model.OAuthApp, token, resource string) (*model.AccessResponse, error) {
	hash := hashed(token)
	g, err := a.refreshed(ctx, app, token, hash)
	if errors.Is(err, db.ErrNotFound) {
		return nil, a.again(ctx, app, hash, errRefresh)
	}
	switch {
	case err != nil:
		return nil, err
	case g.clientID != app.ID, g.expiresAt < id.Now():
		return nil, errRefresh
	case resource != "" && resource != g.audience:
		return nil, errTarget
	}
	var out *model.AccessResponse
	err = a.DB.Tx(ctx, func(tx *db.Tx) error {
		user, err := a.begin(ctx, tx, app.ID, g.userID)
		if err != nil {
			return err
		}
		if g.refresh != "" { // else it is of before this server kept grants
			now, err := grantOf(ctx, tx, "id", g.id)
			if errors.Is(err, db.ErrNotFound) || err == nil && now.refresh != hash {
				return errSpent
			}
			if err != nil {
				return err
			}
		} else if err := takeOver(ctx, tx, app.ID, token); err != nil {
			return err
		}
		if err := spend(ctx, tx, hash, g.id); err != nil {
			return err
		}
		was := g.sessionID
		if out, err = a.open(ctx, tx, app, g, user); err != nil {
			return err
		}
		return a.Access.EndIn(ctx, tx, []string{was}, []string{})
	})
	if errors.Is(err, errSpent) {
		return nil, a.again(ctx, app, hash, errRefresh)
	}
	return out, err
}

// takeOver uses up a refresh token of before this server kept grants.
func takeOver(ctx context.Context, tx *db.Tx, appID, token string) error {
	n, err := db.Exec(ctx, tx, `UPDATE oauthaccessdata SET refreshtoken = '' WHERE clientid = $1 AND refreshtoken = $2`, appID, token)
	if err == nil && n == 0 {
		err = errSpent
	}
	return err
}

// refreshed finds what a refresh token belongs to: a grant, or a row of before
// this server kept grants, which becomes one. db.ErrNotFound says that it was
// used or never given.
func (a *Apps) refreshed(ctx context.Context, app *model.OAuthApp, token, hash string) (*grant, error) {
	g, err := grantOf(ctx, a.DB, "refresh", hash)
	if !errors.Is(err, db.ErrNotFound) {
		return g, err
	}
	return db.Get(ctx, a.DB, func(r db.Row) (*grant, error) {
		g := &grant{id: id.New(), clientID: app.ID, createAt: id.Now(), expiresAt: id.Now() + 1000}
		return g, r.Scan(&g.userID, &g.redirectURI, &g.audience, &g.sessionID)
	}, `SELECT coalesce(d.userid,''), coalesce(d.redirecturi,''), coalesce(d.audience,''), coalesce(s.id,'')
		FROM oauthaccessdata d LEFT JOIN sessions s ON s.token = d.token WHERE d.refreshtoken = $1 AND d.clientid = $2`, token, app.ID)
}

// revoke ends the grant that a token is of, if it is this client's (RFC 7009).
func (a *Apps) revoke(ctx context.Context, app *model.OAuthApp, token string) error {
	g, err := db.Get(ctx, a.DB, scanGrant, `SELECT `+grantColumns+` FROM parley_oauth_grants WHERE clientid = $1 AND (refresh = $2
		OR sessionid IN (SELECT id FROM sessions WHERE token = $3))`, app.ID, hashed(token), token)
	if errors.Is(err, db.ErrNotFound) {
		return nil // to who asked it is as if it had ended
	}
	if err != nil {
		return err
	}
	return a.endOne(ctx, g)
}
