package oauthapps

import (
	"context"
	"slices"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
)

// codeSize is the length of an authorization code, in characters of 5 random bits.
const codeSize = 64

// asked is a request for authorization that may be answered.
type asked struct {
	model.AuthorizeRequest
	app  *model.OAuthApp
	tell string // what the application is told instead of a code, "" for nothing
}

// answer is the address that tells the application, with its state.
func (q *asked) answer(pairs ...string) string {
	return answerAt(q.RedirectURI, append(pairs, "state", q.State)...)
}

// ask holds a request against the application that it is of.
func (a *Apps) ask(ctx context.Context, q model.AuthorizeRequest) (*asked, error) {
	if err := a.on("api.oauth.authorize_oauth.disabled.app_error"); err != nil {
		return nil, err
	}
	if !id.Valid(q.ClientID) {
		return nil, fault.Invalid("model.authorize.is_valid.client_id.app_error")
	}
	app, err := load(ctx, a.DB, q.ClientID)
	if err != nil {
		return nil, err
	}
	if err := checkAddress(app, &q); err != nil {
		return nil, err
	}
	tell, err := checkAsked(app, &q, a.site())
	if err != nil {
		return nil, err
	}
	return &asked{q, app, tell}, nil
}

// decides refuses everybody but a person who has signed in: a program can't let
// another one in, and what came of a token would outlive it.
func decides(v access.Viewer) error {
	s := v.Session()
	if s == nil || v.Lent() || v.Bot() || s.IsUserAccessToken() {
		return fault.NoPermission("a person's own session").WithDetail("only by a person who is signed in")
	}
	return nil
}

// agreed reports whether the person need not be asked: the application is trusted
// by who runs the server, or the person has let it before and it still may. A
// public client is asked for each time: anybody can say that they are it.
func (a *Apps) agreed(ctx context.Context, v access.Viewer, app *model.OAuthApp) (bool, error) {
	if app.Public() {
		return false, nil
	}
	if app.IsTrusted && !app.IsDynamicallyRegistered {
		return true, nil
	}
	now, err := db.List(ctx, a.DB, db.One[string], `SELECT userid FROM parley_oauth_grants WHERE clientid = $1 AND userid = $2
		UNION SELECT userid FROM oauthaccessdata WHERE clientid = $1 AND userid = $2 LIMIT 1`, app.ID, v.UserID)
	return len(now) > 0, err
}

// allow notes that the person lets the application and returns the address with
// the code.
func (a *Apps) allow(ctx context.Context, v access.Viewer, q *asked) (string, error) {
	if err := decides(v); err != nil {
		return "", err
	}
	if q.tell != "" {
		return q.answer("error", q.tell), nil
	}
	consent := []model.Preference{{Category: model.PreferenceCategoryAuthorizedOAuthApp, Name: q.app.ID, Value: model.OAuthScope}}
	if err := a.Preferences.Put(ctx, v.UserID, consent); err != nil {
		return "", err
	}
	c := &code{AuthorizeRequest: q.AuthorizeRequest, userID: v.UserID, code: id.Token(codeSize), createAt: id.Now(), expiresIn: model.OAuthCodeLife}
	c.Scope = model.OAuthScope
	err := a.DB.Tx(ctx, func(tx *db.Tx) error {
		if err := lockApp(ctx, tx, c.ClientID); err != nil {
			return err
		}
		app, err := load(ctx, tx, c.ClientID)
		if err != nil {
			return err
		}
		if !slices.Contains(app.CallbackURLs, c.RedirectURI) {
			return checkAddress(app, &c.AuthorizeRequest)
		}
		return insertCode(ctx, tx, c)
	})
	if err != nil {
		return "", err
	}
	return q.answer("code", c.code), nil
}
