package users

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/api"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
)

// mountCredentials mounts the routes by which accounts prove themselves.
func (u *Users) mountCredentials(r *access.Router) {
	api.Post(r, "/users/login", access.Public, u.login, api.RateLimit(5, 10))
	api.Post(r, "/users/login/type", access.Public, u.loginType)
	api.Post(r, "/users/login/switch", access.Public, u.switchLogin, api.RateLimit(5, 10))
	api.Post(r, "/users/login/desktop_token", access.Public, u.desktopLogin, api.RateLimit(2, 1))
	api.Post(r, "/users/login/cws", access.Signed, u.cloudLogin)
	api.Post(r, "/users/login/sso/code-exchange", access.Public, u.exchangeCode)
	api.Post(r, "/users/logout", access.Public, u.logout)

	api.Get(r, "/users/{user_id}/sessions", access.Personal, u.listSessions)
	api.Post(r, "/users/{user_id}/sessions/revoke", access.Personal, u.revokeSession)
	api.Post(r, "/users/{user_id}/sessions/revoke/all", access.Personal, u.revokeSessions)
	api.Post(r, "/users/sessions/revoke/all", access.Needs(access.PermManageSystem), u.revokeEverybodysSessions)
	api.Put(r, "/users/sessions/device", access.Personal, u.attachDevice)

	api.Post(r, "/users/{user_id}/tokens", access.Personal, u.createToken)
	api.Get(r, "/users/{user_id}/tokens", access.Personal, u.listTokens)
	api.Get(r, "/users/tokens", access.Needs(access.PermManageSystem), u.listAllTokens)
	api.Get(r, "/users/tokens/{token_id}", access.Personal, u.getToken)
	api.Post(r, "/users/tokens/search", access.Needs(access.PermManageSystem), u.searchTokens)
	api.Post(r, "/users/tokens/revoke", access.Personal, u.revokeToken)
	api.Post(r, "/users/tokens/disable", access.Personal, u.disableToken)
	api.Post(r, "/users/tokens/enable", access.Personal, u.enableToken)

	api.Post(r, "/users/{user_id}/mfa/generate", access.PersonalNoMFA, u.generateMFA)
	api.Put(r, "/users/{user_id}/mfa", access.PersonalNoMFA, u.putMFA)

	api.Put(r, "/users/{user_id}/password", access.Personal, u.putPassword)
	api.Post(r, "/users/password/reset", access.Public, u.resetPassword, api.RateLimit(5, 10))
	api.Post(r, "/users/password/reset/send", access.Public, u.sendReset, api.RateLimit(5, 10))
	api.Post(r, "/users/email/verify", access.Public, u.verifyEmail, api.RateLimit(5, 10))
	api.Post(r, "/users/email/verify/send", access.Public, u.sendVerification, api.RateLimit(5, 10))
}

type loginIn struct {
	Body    []byte `body:"raw"`
	Request api.Request
}

// login answers POST /users/login. The token comes in a header; a browser, which
// says so by another header, gets cookies as well.
func (u *Users) login(ctx context.Context, _ access.Viewer, in loginIn) (api.Reply, error) {
	f := fieldsOf(in.Body)
	if f["magic_link_token"] != "" {
		return api.Reply{}, fault.Unauthenticated("api.user.login.guest_magic_link.disabled.error")
	}
	if f["password"] == "" {
		return api.Reply{}, fault.Invalid("api.user.login.blank_pwd.app_error")
	}
	if u.doors.slowed(ctx) {
		return api.Reply{}, fault.TooMany("api.context.rate_limited.app_error")
	}
	user, err := u.forLogin(ctx, f["id"], f["login_id"])
	if err != nil && !fault.Is(err, errNoUser.ID) {
		return api.Reply{}, err
	}
	s, err := u.passwordLogin(ctx, user, f)
	if err != nil {
		// Not the name that was given: people type their password there, too.
		u.auditLogin(ctx, user, "", "failed error="+fault.As(err).ID)
		u.LoginTried.Publish(ctx, false)
		return api.Reply{}, err
	}
	u.auditLogin(ctx, user, s.ID, "success session_user="+user.ID)
	u.LoginTried.Publish(ctx, true)
	return u.loggedIn(in.Request.Request, user, s), nil
}

// loggedIn is the answer to who has signed in.
func (u *Users) loggedIn(r *http.Request, user *model.User, s *model.Session) api.Reply {
	h := http.Header{"Token": {s.Token}}
	if r.Header.Get(access.HeaderXHR) == "XMLHttpRequest" {
		u.acc.SetCookies(h, r, s)
	}
	shown := user.ForSelf()
	return api.Reply{Header: h, JSON: &shown}
}

// forLogin finds the account that a login names, by id or by what the settings
// allow. It asks the database once, whether or not there is one, and fails with
// errNoUser, together with an empty user that no password fits.
func (u *Users) forLogin(ctx context.Context, userID, name string) (*model.User, error) {
	set := u.cfg.Get().EmailSettings
	name = strings.ToLower(strings.TrimSpace(name))
	where := "u.id = $1"
	switch {
	case userID != "":
		name = userID
	case name == "":
	case set.EnableSignInWithUsername && set.EnableSignInWithEmail:
		where = "u.username = $1 OR u.email = $1"
	case set.EnableSignInWithUsername:
		where = "u.username = $1"
	case set.EnableSignInWithEmail:
		where = "u.email = $1"
	default:
		name = ""
	}
	user, err := u.load(ctx, u.db, where, name)
	if err != nil {
		return &model.User{Username: name}, err
	}
	return user, nil
}

// passwordLogin opens a session for who knows the password and, where one is
// set up, the second factor. Unknown accounts cost as much as known ones.
func (u *Users) passwordLogin(ctx context.Context, user *model.User, f fields) (*model.Session, error) {
	var s *model.Session
	err := u.guarded(ctx, user, func() error {
		ok, renew, err := u.acc.CheckPassword(ctx, passwordOf(user), f["password"])
		switch {
		case err != nil:
			return err
		case user.IsBot:
			return fault.Unauthenticated("api.user.login.bot_login_forbidden.app_error")
		case !ok:
			return wrong{u.badCredentials()}
		}
		if err := u.admitted(user); err != nil {
			return err
		}
		step, err := u.secondFactor(user, f["token"])
		if err != nil {
			return err
		}
		proof := proof{hash: user.Password, step: step}
		if renew {
			if proof.renewed, err = u.acc.HashPassword(ctx, f["password"]); err != nil {
				return err
			}
		}
		s, err = u.open(ctx, user, sessionKind{device: f["device_id"]}, &proof)
		return err
	})
	return s, err
}

// passwordOf is the hash that a password has to match; accounts that sign in
// elsewhere have none.
func passwordOf(user *model.User) string {
	if user.AuthService != "" {
		return ""
	}
	return user.Password
}

// badCredentials says that name or password are wrong, in the words that fit
// what may be used as a name; never which of the two.
func (u *Users) badCredentials() *fault.Error {
	c := u.cfg.Get()
	email, name := c.EmailSettings.EnableSignInWithEmail, c.EmailSettings.EnableSignInWithUsername
	switch {
	case c.SamlSettings.Enable || c.GitLabSettings.Enable || c.GoogleSettings.Enable || c.Office365Settings.Enable || c.OpenIdSettings.Enable:
		return fault.Unauthenticated("api.user.login.invalid_credentials_sso")
	case name && !email:
		return fault.Unauthenticated("api.user.login.invalid_credentials_username")
	case email && !name:
		return fault.Unauthenticated("api.user.login.invalid_credentials_email")
	}
	return fault.Unauthenticated("api.user.login.invalid_credentials_email_username")
}

// admitted refuses accounts that may not sign in although they have proven
// themselves.
func (u *Users) admitted(user *model.User) error {
	c := u.cfg.Get()
	switch {
	case user.DeleteAt != 0:
		return fault.Unauthenticated("api.user.login.inactive.app_error")
	case user.IsBot:
		return fault.Unauthenticated("api.user.login.bot_login_forbidden.app_error")
	case user.RemoteID != nil && *user.RemoteID != "":
		return fault.Unauthenticated("api.user.login.remote_users.login.error")
	case user.IsGuest() && !c.GuestAccountsSettings.Enable:
		return fault.Unauthenticated("api.user.login.guest_accounts.disabled.error")
	case c.EmailSettings.RequireEmailVerification && !user.EmailVerified:
		return fault.Unauthenticated("api.user.login.not_verified.app_error")
	}
	return nil
}

// proof is what a login has shown, to be held against the account once more
// when the session is stored.
type proof struct {
	hash    string // that the password matched
	renewed string // the hash to store in its place, "" to leave it
	step    int64  // time step of the one-time code, 0 for none
}

// open stores a session for an account. In the same transaction it makes sure
// that the account is still open and, with a proof, that neither the password
// has been changed nor the code been used meanwhile.
func (u *Users) open(ctx context.Context, user *model.User, kind sessionKind, p *proof) (*model.Session, error) {
	s := newSession(ctx, user, kind)
	err := u.db.Tx(ctx, func(tx *db.Tx) error {
		sql := `UPDATE users SET lastlogin = $2, failedattempts = 0 WHERE id = $1 AND deleteat = 0`
		args := []any{user.ID, id.Now()}
		if p != nil {
			if err := u.spendCode(ctx, tx, user.ID, p.step); err != nil {
				return err
			}
			sql = `UPDATE users SET lastlogin = $2, failedattempts = 0, password = $4 WHERE id = $1 AND deleteat = 0 AND password = $3`
			args = append(args, p.hash, firstOf(p.renewed, p.hash))
		}
		n, err := db.Exec(ctx, tx, sql, args...)
		if err != nil {
			return err
		}
		if n == 0 {
			return u.badCredentials()
		}
		tx.AfterCommit(func() { u.acc.ForgetProfile(user.ID) })
		return u.acc.OpenSessionIn(ctx, tx, s)
	})
	return s, err
}

// SignIn opens a session for an account that a sign-on service has proven, and
// fails with 401 for one that may not sign in.
func (u *Users) SignIn(ctx context.Context, user *model.User, deviceID string) (*model.Session, error) {
	if err := u.admitted(user); err != nil {
		return nil, err
	}
	s, err := u.open(ctx, user, sessionKind{device: deviceID, service: user.AuthService}, nil)
	if err == nil {
		u.auditLogin(ctx, user, s.ID, "success session_user="+user.ID)
	}
	return s, err
}

// logout answers POST /users/logout, with or without a session.
func (u *Users) logout(ctx context.Context, v access.Viewer, in struct{ Request api.Request }) (api.Reply, error) {
	h := http.Header{}
	u.acc.EndCookie(h, in.Request.Request)
	if !v.Anonymous() {
		if err := u.acc.EndSession(ctx, v.Session()); err != nil {
			return api.Reply{}, err
		}
		u.Audit(ctx, v, "/api/v4/users/logout", "")
	}
	return api.Reply{Header: h, JSON: api.Done()}, nil
}

// auditLogin notes an attempt to sign in with the account it was for, if any.
func (u *Users) auditLogin(ctx context.Context, user *model.User, sessionID, extra string) {
	u.trail.add(model.Audit{ID: id.New(), CreateAt: id.Now(), UserID: user.ID, SessionID: sessionID, Action: "/api/v4/users/login",
		ExtraInfo: cut(extra, model.AuditExtraInfoMaxLength), IPAddress: cut(api.MetaOf(ctx).IP, model.AuditIPAddressMaxLength)})
}

func firstOf(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// wrong marks an error as a failed attempt, which counts against the account.
type wrong struct{ error }

// Unwrap gives the error that clients see.
func (w wrong) Unwrap() error { return w.error }

func isWrong(err error) bool {
	var w wrong
	return errors.As(err, &w)
}
