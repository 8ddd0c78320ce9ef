package oauthapps

import (
	"context"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
)

const errOff = "api.oauth.allow_oauth.turn_off.app_error"

// create makes an application of v's.
func (a *Apps) create(ctx context.Context, v access.Viewer, in *model.OAuthAppRequest) (*model.OAuthApp, error) {
	app := in.OAuthApp
	app.ID, app.CreatorID, app.CreateAt, app.MattermostAppID, app.IsDynamicallyRegistered = id.New(), v.UserID, id.Now(), "", false
	app.UpdateAt = app.CreateAt
	app.IsTrusted = app.IsTrusted && v.Admin(ctx)
	app.ClientSecret = ""
	if !in.IsPublic {
		app.ClientSecret = id.New()
	}
	return &app, a.save(ctx, &app, insert)
}

func (a *Apps) save(ctx context.Context, app *model.OAuthApp, write func(context.Context, db.Querier, *model.OAuthApp) error) error {
	if problem := app.Problem(); problem != "" {
		return fault.Invalid("model.oauth.is_valid." + problem + ".app_error")
	}
	return write(ctx, a.DB, app)
}

// managed returns an application that v may manage: their own, or anybody's with
// the permission for that.
func (a *Apps) managed(ctx context.Context, v access.Viewer, appID string) (*model.OAuthApp, error) {
	if err := a.on(errOff); err != nil {
		return nil, err
	}
	if err := v.Need(ctx, access.PermManageOAuth); err != nil {
		return nil, err
	}
	app, err := load(ctx, a.DB, appID)
	if err != nil {
		return nil, err
	}
	if app.CreatorID != v.UserID || v.System() {
		return app, v.Need(ctx, access.PermManageSystemWideOAuth)
	}
	return app, nil
}

// change writes what may be changed of an application: whether it is public is
// not among that, and whether it is trusted only for who manages the system.
func (a *Apps) change(ctx context.Context, v access.Viewer, app, want *model.OAuthApp) (*model.OAuthApp, error) {
	now := *app
	now.Name, now.Description, now.IconURL = want.Name, want.Description, want.IconURL
	now.CallbackURLs, now.Homepage, now.UpdateAt = want.CallbackURLs, want.Homepage, id.Now()
	if v.Admin(ctx) {
		now.IsTrusted = want.IsTrusted
	}
	return &now, a.save(ctx, &now, update)
}

// renew gives an application another secret. The old one is worth nothing from
// then on; tokens that it was shown for stay.
func (a *Apps) renew(ctx context.Context, app *model.OAuthApp) (*model.OAuthApp, error) {
	if app.Public() {
		return nil, fault.Invalid("api.oauth.regenerate_secret.public_client.app_error")
	}
	now := *app
	now.ClientSecret, now.UpdateAt = id.New(), id.Now()
	return &now, update(ctx, a.DB, &now)
}

// removeAtOnce is for how many people an application is ended in one transaction.
const removeAtOnce = 200

// remove ends an application: all its tokens and codes first, so that it is gone
// only when nothing of it works any more.
func (a *Apps) remove(ctx context.Context, app *model.OAuthApp) error {
	for {
		left := 0
		err := a.DB.Tx(ctx, func(tx *db.Tx) error {
			// Whoever makes a token reads the application under this lock.
			if err := lockApp(ctx, tx, app.ID); err != nil {
				return err
			}
			people, err := db.List(ctx, tx, db.One[string], `SELECT userid FROM parley_oauth_grants WHERE clientid = $1
				UNION SELECT userid FROM oauthaccessdata WHERE clientid = $1 ORDER BY userid LIMIT $2`, app.ID, removeAtOnce)
			if err != nil {
				return err
			}
			for _, userID := range people {
				if err := a.withdraw(ctx, tx, app.ID, userID); err != nil {
					return err
				}
			}
			if left = len(people); left == removeAtOnce {
				return nil
			}
			left = 0
			if _, err := db.Exec(ctx, tx, `DELETE FROM oauthauthdata WHERE clientid = $1`, app.ID); err != nil {
				return err
			}
			_, err = db.Exec(ctx, tx, `DELETE FROM oauthapps WHERE id = $1`, app.ID)
			return err
		})
		if err != nil {
			return fault.Internal("app.oauth.delete_app.app_error", err)
		}
		if left == 0 {
			return nil
		}
	}
}

func lockApp(ctx context.Context, tx *db.Tx, appID string) error {
	return tx.Lock(ctx, "oauth app "+appID)
}
