package users

import (
	"context"
	"errors"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/api"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/mail"
	"github.com/parley-chat/parley/internal/model"
)

// loginType answers POST /users/login/type. Strangers ask, so the answer is the
// same for every name: how somebody signs in is told to themselves alone.
func (u *Users) loginType(_ context.Context, _ access.Viewer, in tokenBodyIn) (model.LoginType, error) {
	f := fieldsOf(in.Body)
	if f["login_id"] == "" && f["id"] == "" {
		return model.LoginType{}, fault.InvalidParam("login_id")
	}
	return model.LoginType{}, nil
}

// desktopLogin answers POST /users/login/desktop_token: a desktop app takes up
// the session that its user opened at a sign-on service in a browser.
func (u *Users) desktopLogin(ctx context.Context, _ access.Viewer, in loginIn) (api.Reply, error) {
	f := fieldsOf(in.Body)
	invalid := fault.Unauthenticated("app.desktop_token.validate.invalid")
	if len(f["token"]) != model.TokenSize {
		return api.Reply{}, invalid
	}
	// The column holds seconds.
	userID, err := db.Value[string](ctx, u.db, `DELETE FROM desktoptokens WHERE token = $1 AND createat >= $2 RETURNING userid`,
		f["token"], (id.Now()-model.DesktopTokenLifetime)/1000)
	if errors.Is(err, db.ErrNotFound) {
		return api.Reply{}, invalid
	}
	if err != nil {
		return api.Reply{}, err
	}
	user, err := u.ByID(ctx, userID)
	switch {
	case fault.IsNotFound(err):
		return api.Reply{}, invalid
	case err != nil:
		return api.Reply{}, err
	case user.AuthService == "" || user.AuthService == model.UserAuthServiceLDAP:
		return api.Reply{}, fault.Unauthenticated("api.user.login_with_desktop_token.not_oauth_or_saml_user.app_error")
	}
	s, err := u.SignIn(ctx, user, f["device_id"])
	if err != nil {
		return api.Reply{}, err
	}
	return u.loggedIn(in.Request.Request, user, s), nil
}

// cloudLogin answers POST /users/login/cws, which exists at the vendor's own
// hosting only.
func (u *Users) cloudLogin(context.Context, access.Viewer, api.None) (api.Reply, error) {
	return api.Reply{}, fault.Unauthenticated("api.user.login_cws.license.error")
}

// exchangeCode answers POST /users/login/sso/code-exchange, which the protocol
// has given up.
func (u *Users) exchangeCode(context.Context, access.Viewer, api.None) (api.Reply, error) {
	return api.Reply{}, fault.New(fault.KindInvalid, "api.user.login_sso_code_exchange.deprecated.app_error").WithStatus(410)
}

type followLink struct {
	FollowLink string `json:"follow_link"`
}

// switchLogin answers POST /users/login/switch: from a sign-on service back to
// a password. The ways to a service belong to the services.
func (u *Users) switchLogin(ctx context.Context, v access.Viewer, in struct {
	Switch model.SwitchRequest `body:"json,switch_request"`
}) (followLink, error) {
	q := &in.Switch
	local := func(service string) bool { return service == "" || service == model.UserAuthServiceEmail }
	external := func(service string) bool {
		switch service {
		case model.UserAuthServiceGitLab, model.UserAuthServiceGoogle, model.UserAuthServiceOffice365, model.UserAuthServiceOpenID, model.UserAuthServiceSAML:
			return true
		}
		return false
	}
	switch {
	case local(q.CurrentService) && external(q.NewService):
		return followLink{}, fault.Forbidden("api.user.email_to_oauth.not_available.app_error")
	case local(q.CurrentService) && q.NewService == model.UserAuthServiceLDAP:
		return followLink{}, fault.Forbidden("api.user.email_to_ldap.not_available.app_error")
	case q.CurrentService == model.UserAuthServiceLDAP && local(q.NewService):
		return followLink{}, fault.Forbidden("api.user.ldap_to_email.not_available.app_error")
	case !external(q.CurrentService) || !local(q.NewService):
		return followLink{}, fault.InvalidParam("switch_request")
	case v.Anonymous():
		return followLink{}, fault.Unauthenticated("api.context.session_expired.app_error")
	}
	return followLink{FollowLink: "/login?extra=signin_change"}, u.backToPassword(ctx, v, q)
}

// backToPassword gives an account that signs in elsewhere a password of its
// own. All its sessions end.
func (u *Users) backToPassword(ctx context.Context, v access.Viewer, q *model.SwitchRequest) error {
	if !u.cfg.Get().ServiceSettings.ExperimentalEnableAuthenticationTransfer {
		return fault.Forbidden("api.user.oauth_to_email.not_available.app_error")
	}
	user, err := u.load(ctx, u.db, "u.id = $1", v.UserID)
	switch {
	case err != nil:
		return err
	case user.Email != q.Email || v.Session().IsOAuth:
		return fault.Forbidden("api.user.oauth_to_email.context.app_error")
	case user.AuthService != q.CurrentService:
		return fault.Invalid("api.user.oauth_to_email.not_oauth_user.app_error")
	}
	hash, err := u.newHash(ctx, q.NewPassword)
	if err != nil {
		return err
	}
	_, err = u.edit(ctx, user.ID, func(tx *db.Tx, fresh *model.User) error {
		fresh.AuthService, fresh.AuthData = "", nil
		_, err := db.Exec(ctx, tx, `UPDATE users SET password = $2, lastpasswordupdate = $3, updateat = $3, failedattempts = 0,
			authservice = '', authdata = NULL WHERE id = $1`, fresh.ID, hash, fresh.UpdateAt)
		if err != nil {
			return err
		}
		return u.acc.EndSessions(ctx, tx, fresh.ID, "")
	})
	if err == nil {
		u.Audit(ctx, v, "/api/v4/users/login/switch", "success - email="+user.Email)
		u.tell(user, user.Email, mail.LoginMethod, "", map[string]any{"Username": user.Username, "Method": model.UserAuthServiceEmail})
	}
	return err
}
