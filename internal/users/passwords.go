package users

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/api"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/mail"
	"github.com/parley-chat/parley/internal/model"
)

// putPassword answers PUT /users/{user_id}/password: one's own, with the
// current one, or another's, by who manages users.
func (u *Users) putPassword(ctx context.Context, v access.Viewer, in credentialIn) (api.OK, error) {
	f := fieldsOf(in.Body)
	var err error
	if in.UserID == v.UserID {
		err = u.changeOwnPassword(ctx, v, f)
	} else {
		err = u.changeAnothersPassword(ctx, v, in.UserID, f)
	}
	if err != nil {
		return api.OK{}, err
	}
	u.Audit(ctx, v, "/api/v4/users/"+in.UserID+"/password", "completed")
	return api.Done(), nil
}

func (u *Users) changeOwnPassword(ctx context.Context, v access.Viewer, f fields) error {
	switch {
	case f["already_hashed"] == "true": // whose strength nobody can tell
		return fault.Unauthenticated("api.user.update_password.user_and_hashed.app_error")
	case f["current_password"] == "":
		return fault.InvalidParam("current_password")
	}
	user, err := u.load(ctx, u.db, "u.id = $1", v.UserID)
	if err != nil {
		return err
	}
	if user.AuthService != "" {
		return fault.Invalid("api.user.update_password.oauth.app_error")
	}
	if err := u.provePassword(ctx, user, f["current_password"]); err != nil {
		if isWrong(err) {
			err = fault.Invalid("api.user.update_password.incorrect.app_error")
		}
		return err
	}
	hash, err := u.newHash(ctx, f["new_password"])
	if err != nil {
		return err
	}
	return u.storePassword(ctx, user, newPassword{hash: hash, was: user.Password, keep: v.SessionID(), end: u.endsSessions()})
}

// provePassword checks a password under the guard that login has. It fails with
// an error marked wrong for another password.
func (u *Users) provePassword(ctx context.Context, user *model.User, password string) error {
	return u.guarded(ctx, user, func() error {
		ok, _, err := u.acc.CheckPassword(ctx, passwordOf(user), password)
		switch {
		case err != nil:
			return err
		case !ok:
			return wrong{u.badCredentials()}
		}
		return u.forgive(ctx, user)
	})
}

// Prove checks that v is who they say they are, by their password, before
// something that can't be undone. An account that signs in elsewhere has none:
// its session is the proof. It fails as a login with a wrong password does.
func (u *Users) Prove(ctx context.Context, v access.Viewer, password string) error {
	user, err := u.load(ctx, u.db, "u.id = $1", v.UserID)
	if err != nil || user.AuthService != "" {
		return err
	}
	err = u.provePassword(ctx, user, password)
	if _, isWrong := errors.AsType[wrong](err); isWrong {
		return fault.Invalid("api.user.update_password.incorrect.app_error")
	}
	return err
}

func (u *Users) changeAnothersPassword(ctx context.Context, v access.Viewer, userID string, f fields) error {
	refused := fault.Forbidden("api.user.update_password.context.app_error")
	hashed := f["already_hashed"] == "true"
	if !v.Can(ctx, access.PermSysconsoleWriteUserManagementUsers) || hashed && !v.Admin(ctx) {
		return refused
	}
	user, err := u.load(ctx, u.db, "u.id = $1", userID)
	switch {
	case err != nil:
		return err
	case adminsOnly(ctx, v, user) != nil:
		return refused
	case user.AuthService != "":
		return fault.Invalid("api.user.update_password.oauth.app_error")
	}
	hash := f["new_password"]
	if hashed {
		if !access.KnownHash(hash) {
			return fault.InvalidParam("new_password")
		}
	} else if hash, err = u.newHash(ctx, hash); err != nil {
		return err
	}
	return u.storePassword(ctx, user, newPassword{hash: hash, end: u.endsSessions()})
}

func (u *Users) endsSessions() bool {
	return u.cfg.Get().ServiceSettings.TerminateSessionsOnPasswordChange
}

// newHash checks a new password against the rules and returns what is stored
// of it.
func (u *Users) newHash(ctx context.Context, plain string) (string, error) {
	if err := u.acc.CheckPasswordRules(plain); err != nil {
		return "", err
	}
	return u.acc.HashPassword(ctx, plain)
}

// newPassword is how an account gets a password.
type newPassword struct {
	hash string
	was  string // the hash that the change was proven with; "" for no matter
	end  bool   // whether sessions end
	keep string // id of the session that does not
	link string // secret of the one-time token that allows it, "" for none
}

// storePassword stores a password. Every link that could set another one stops
// working, failed attempts are forgotten, and the owner gets a mail.
func (u *Users) storePassword(ctx context.Context, user *model.User, p newPassword) error {
	_, err := u.edit(ctx, user.ID, func(tx *db.Tx, fresh *model.User) error {
		if fresh.AuthService != "" || fresh.Email != user.Email || p.was != "" && fresh.Password != p.was {
			return fault.Invalid("api.user.update_password.incorrect.app_error")
		}
		if p.link != "" {
			if err := u.acc.Spend(ctx, tx, p.link); err != nil {
				return err
			}
		}
		if err := dropResets(ctx, tx, fresh); err != nil {
			return err
		}
		_, err := db.Exec(ctx, tx, `UPDATE users SET password = $2, lastpasswordupdate = $3, updateat = $3, failedattempts = 0 WHERE id = $1`,
			fresh.ID, p.hash, fresh.UpdateAt)
		if err != nil || !p.end {
			return err
		}
		return u.acc.EndSessions(ctx, tx, fresh.ID, p.keep)
	})
	if err == nil {
		u.tell(user, user.Email, mail.PasswordChanged, "", map[string]any{"Username": user.Username})
	}
	return err
}

// recovery is what a token that resets a password says; the names of the keys
// are those of tokens that a Mattermost database may hold.
type recovery struct {
	UserID string `json:"UserId"`
	Email  string `json:"Email"`
}

// dropResets takes back the links that were sent to a user's address.
func dropResets(ctx context.Context, tx *db.Tx, user *model.User) error {
	_, err := db.Exec(ctx, tx, `DELETE FROM tokens WHERE type = $1 AND extra = $2`,
		model.TokenTypePasswordRecovery, db.JSON(recovery{UserID: user.ID, Email: user.Email}))
	return err
}

// sendReset answers POST /users/password/reset/send. The answer is the same,
// and as fast, whether or not there is such an account: the work comes after it.
func (u *Users) sendReset(ctx context.Context, v access.Viewer, in tokenBodyIn) (api.OK, error) {
	email := strings.ToLower(strings.TrimSpace(fieldsOf(in.Body)["email"]))
	if email == "" {
		return api.OK{}, fault.InvalidParam("email")
	}
	u.afterwards(ctx, "a link for a new password", func(ctx context.Context) error {
		user, err := u.ByEmail(ctx, email)
		if err != nil || !u.resettable(user) {
			return err
		}
		var secret string
		err = u.db.Tx(ctx, func(tx *db.Tx) error {
			if err := dropResets(ctx, tx, user); err != nil {
				return err
			}
			var err error
			secret, err = u.acc.Issue(ctx, tx, model.TokenTypePasswordRecovery, recovery{UserID: user.ID, Email: user.Email})
			return err
		})
		if err == nil {
			u.tell(user, user.Email, mail.PasswordReset, "/reset_password_complete?token="+secret, map[string]any{"Username": user.Username})
			u.Audit(ctx, access.Viewer{UserID: user.ID}, "/api/v4/users/password/reset/send", "sent")
		}
		return err
	})
	return api.Done(), nil
}

// resettable reports whether an account has a password that a link may reset.
func (u *Users) resettable(user *model.User) bool {
	return user.AuthService == "" && !user.IsBot && user.DeleteAt == 0 && u.doors.mayMail(user.ID)
}

// afterwards runs fn when the request no longer waits for it; what finds no
// user is no failure.
func (u *Users) afterwards(ctx context.Context, what string, fn func(ctx context.Context) error) {
	ctx = context.WithoutCancel(ctx)
	u.posts.Go(func() {
		ctx, cancel := context.WithTimeout(ctx, mailPatience)
		defer cancel()
		if err := fn(ctx); err != nil && !fault.IsNotFound(err) {
			u.log.Error(what+" was not sent", "error", err)
		}
	})
}

// resetPassword answers POST /users/password/reset: a new password by the link
// of a mail, which works once. Sessions go on; the protocol's clients rely on it.
func (u *Users) resetPassword(ctx context.Context, _ access.Viewer, in tokenBodyIn) (api.OK, error) {
	f := fieldsOf(in.Body)
	secret := f["token"]
	if len(secret) != model.TokenSize {
		return api.OK{}, fault.InvalidParam("token")
	}
	invalid := fault.Invalid("api.user.reset_password.invalid_link.app_error")
	t, err := u.acc.OneTime(ctx, u.db, secret)
	switch {
	case errors.Is(err, db.ErrNotFound):
		return api.OK{}, invalid
	case err != nil:
		return api.OK{}, err
	case t.Type != model.TokenTypePasswordRecovery:
		return api.OK{}, fault.Invalid("api.user.reset_password.broken_token.app_error")
	case id.Now()-t.CreateAt > model.PasswordRecoveryLifetime:
		return api.OK{}, fault.Invalid("api.user.reset_password.link_expired.app_error")
	}
	var said recovery
	if json.Unmarshal([]byte(t.Extra), &said) != nil {
		return api.OK{}, invalid
	}
	user, err := u.load(ctx, u.db, "u.id = $1", said.UserID)
	switch {
	case fault.IsNotFound(err), err == nil && (user.Email != said.Email || user.DeleteAt != 0):
		return api.OK{}, invalid
	case err != nil:
		return api.OK{}, err
	case user.AuthService != "":
		return api.OK{}, fault.Invalid("api.user.reset_password.sso.app_error")
	}
	hash, err := u.newHash(ctx, f["new_password"])
	if err != nil {
		return api.OK{}, err
	}
	err = u.storePassword(ctx, user, newPassword{hash: hash, link: secret})
	if errors.Is(err, db.ErrNotFound) { // somebody was faster with the same link
		return api.OK{}, invalid
	}
	if err != nil {
		return api.OK{}, err
	}
	u.Audit(ctx, access.Viewer{UserID: user.ID}, "/api/v4/users/password/reset", "success - "+time.UnixMilli(t.CreateAt).UTC().Format(time.RFC3339))
	return api.Done(), nil
}
