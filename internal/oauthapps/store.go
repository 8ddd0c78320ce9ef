package oauthapps

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/model"
)

var errNoApp = fault.NotFound("app.oauth.get_app.find.app_error")

const appColumns = `a.id, coalesce(a.creatorid,''), coalesce(a.createat,0), coalesce(a.updateat,0), coalesce(a.clientsecret,''), coalesce(a.name,''),
	coalesce(a.description,''), coalesce(a.callbackurls,''), coalesce(a.homepage,''), coalesce(a.istrusted,false), coalesce(a.iconurl,''),
	coalesce(a.mattermostappid,''), coalesce(a.isdynamicallyregistered,false)`

func scanApp(r db.Row) (*model.OAuthApp, error) {
	a := &model.OAuthApp{CallbackURLs: []string{}}
	var urls string
	err := r.Scan(&a.ID, &a.CreatorID, &a.CreateAt, &a.UpdateAt, &a.ClientSecret, &a.Name, &a.Description, &urls, &a.Homepage, &a.IsTrusted,
		&a.IconURL, &a.MattermostAppID, &a.IsDynamicallyRegistered)
	if err != nil || urls == "" || urls == "null" { // as old rows have it
		return a, err
	}
	return a, json.Unmarshal([]byte(urls), &a.CallbackURLs)
}

// load returns an application; 404 app.oauth.get_app.find.app_error when there is
// none.
func load(ctx context.Context, q db.Querier, appID string) (*model.OAuthApp, error) {
	a, err := db.Get(ctx, q, scanApp, `SELECT `+appColumns+` FROM oauthapps a WHERE a.id = $1`, appID)
	switch {
	case errors.Is(err, db.ErrNotFound):
		return nil, errNoApp
	case err != nil:
		return nil, fault.Internal("app.oauth.get_app.finding.app_error", err)
	}
	return a, nil
}

func insert(ctx context.Context, q db.Querier, a *model.OAuthApp) error {
	urls, _ := json.Marshal(a.CallbackURLs) // texts always can be written
	_, err := db.Exec(ctx, q, `INSERT INTO oauthapps (id, creatorid, createat, updateat, clientsecret, name, description, callbackurls, homepage,
		istrusted, iconurl, mattermostappid, isdynamicallyregistered) VALUES `+db.Tuples(1, 13, 0), a.ID, a.CreatorID, a.CreateAt, a.UpdateAt,
		a.ClientSecret, a.Name, a.Description, string(urls), a.Homepage, a.IsTrusted, a.IconURL, a.MattermostAppID, a.IsDynamicallyRegistered)
	if err != nil {
		return fault.Internal("app.oauth.save_app.save.app_error", err)
	}
	return nil
}

func update(ctx context.Context, q db.Querier, a *model.OAuthApp) error {
	urls, _ := json.Marshal(a.CallbackURLs)
	n, err := db.Exec(ctx, q, `UPDATE oauthapps SET updateat = $2, clientsecret = $3, name = $4, description = $5, callbackurls = $6, homepage = $7,
		istrusted = $8, iconurl = $9 WHERE id = $1`, a.ID, a.UpdateAt, a.ClientSecret, a.Name, a.Description, string(urls), a.Homepage,
		a.IsTrusted, a.IconURL)
	switch {
	case err != nil:
		return fault.Internal("app.oauth.update_app.updating.app_error", err)
	case n == 0:
		return errNoApp
	}
	return nil
}

// listApps returns a page of the applications of a creator, of all with "".
func listApps(ctx context.Context, q db.Querier, creatorID string, limit, offset int) ([]*model.OAuthApp, error) {
	where, args := "", []any{limit, offset}
	if creatorID != "" {
		where, args = "WHERE a.creatorid = $3", append(args, creatorID)
	}
	list, err := db.List(ctx, q, scanApp, `SELECT `+appColumns+` FROM oauthapps a `+where+` ORDER BY a.id LIMIT $1 OFFSET $2`, args...)
	if err != nil {
		return nil, fault.Internal("app.oauth.get_apps.find.app_error", err)
	}
	return list, nil
}

// authorized returns a page of the applications that may act for a user, or that
// the user has said so of. What the applications have counts beside what the
// preferences say: those an application can delete.
func authorized(ctx context.Context, q db.Querier, userID string, limit, offset int) ([]*model.OAuthApp, error) {
	list, err := db.List(ctx, q, scanApp, `SELECT `+appColumns+` FROM oauthapps a WHERE a.id IN (
			SELECT name FROM preferences WHERE userid = $1 AND category = $2
			UNION SELECT clientid FROM parley_oauth_grants WHERE userid = $1
			UNION SELECT clientid FROM oauthaccessdata WHERE userid = $1)
		ORDER BY a.name, a.id LIMIT $3 OFFSET $4`, userID, model.PreferenceCategoryAuthorizedOAuthApp, limit, offset)
	if err != nil {
		return nil, fault.Internal("app.oauth.get_app_by_user.find.app_error", err)
	}
	return list, nil
}

// code is an authorization code that waits to be turned into a token.
type code struct {
	model.AuthorizeRequest
	userID, code string
	createAt     int64
	expiresIn    int64 // seconds
}

func (c *code) expired(now int64) bool { return now > c.createAt+c.expiresIn*1000 }

func scanCode(r db.Row) (*code, error) {
	c := &code{}
	return c, r.Scan(&c.ClientID, &c.userID, &c.code, &c.expiresIn, &c.createAt, &c.RedirectURI, &c.Scope, &c.CodeChallenge,
		&c.CodeChallengeMethod, &c.Resource)
}

func loadCode(ctx context.Context, q db.Querier, secret string) (*code, error) {
	return db.Get(ctx, q, scanCode, `SELECT coalesce(clientid,''), coalesce(userid,''), code, coalesce(expiresin,0), coalesce(createat,0),
		coalesce(redirecturi,''), coalesce(scope,''), coalesce(codechallenge,''), coalesce(codechallengemethod,''), coalesce(resource,'')
		FROM oauthauthdata WHERE code = $1`, secret)
}

func insertCode(ctx context.Context, q db.Querier, c *code) error {
	_, err := db.Exec(ctx, q, `INSERT INTO oauthauthdata (clientid, userid, code, expiresin, createat, redirecturi, state, scope, codechallenge,
		codechallengemethod, resource) VALUES `+db.Tuples(1, 11, 0), c.ClientID, c.userID, c.code, c.expiresIn, c.createAt, c.RedirectURI, c.State,
		c.Scope, c.CodeChallenge, c.CodeChallengeMethod, c.Resource)
	return err
}
