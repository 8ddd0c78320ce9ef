package users

import (
	"context"
	"strings"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/api"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/mail"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/realtime"
)

type activeIn struct {
	UserID string `path:"user_id"`
	Body   struct {
		Active *bool `json:"active"`
	} `body:"json,active"`
}

// putActive answers PUT /users/{user_id}/active.
func (u *Users) putActive(ctx context.Context, v access.Viewer, in activeIn) (api.OK, error) {
	if in.Body.Active == nil {
		return api.OK{}, fault.InvalidParam("active")
	}
	active := *in.Body.Active
	leaving := !active && in.UserID == v.UserID
	if !leaving && !v.Can(ctx, access.PermSysconsoleWriteUserManagementUsers) {
		return api.OK{}, fault.Forbidden("api.user.update_active.permissions.app_error")
	}
	if leaving {
		if err := u.mayLeave(ctx, v); err != nil {
			return api.OK{}, err
		}
	}
	user, err := u.ByID(ctx, in.UserID)
	if err != nil {
		return api.OK{}, err
	}
	switch err := adminsOnly(ctx, v, user); {
	case err != nil:
		return api.OK{}, err
	case active && user.IsGuest() && !u.cfg.Get().GuestAccountsSettings.Enable:
		return api.OK{}, fault.Unauthenticated("api.user.update_active.cannot_enable_guest_when_guest_feature_is_disabled.app_error")
	case user.AuthService == model.UserAuthServiceLDAP:
		return api.OK{}, fault.Forbidden("api.user.update_active.cannot_modify_status_when_user_is_managed_by_ldap.app_error")
	}
	if _, err := u.SetActive(ctx, in.UserID, active); err != nil {
		return api.OK{}, err
	}
	u.Audit(ctx, v, "/api/v4/users/"+in.UserID+"/active", "user_id="+in.UserID)
	if leaving {
		u.tell(user, user.Email, mail.Deactivated, "", map[string]any{"Username": user.Username})
	}
	return api.Done(), nil
}

// mayLeave refuses people who want to close their own account unless the
// settings let them.
func (u *Users) mayLeave(ctx context.Context, v access.Viewer) error {
	if !u.cfg.Get().TeamSettings.EnableUserDeactivation && !v.Admin(ctx) {
		return fault.Unauthenticated("api.user.update_active.not_enable.app_error")
	}
	return nil
}

// SetActive opens or closes an account without asking who wants it. Closing
// ends all its sessions, those of access tokens too, and its websockets.
func (u *Users) SetActive(ctx context.Context, userID string, active bool) (Change, error) {
	c, err := u.edit(ctx, userID, func(tx *db.Tx, user *model.User) error {
		switch {
		case active:
			user.DeleteAt = 0
		default:
			user.DeleteAt = user.UpdateAt
			if err := u.acc.EndSessions(ctx, tx, userID, ""); err != nil {
				return err
			}
		}
		_, err := db.Exec(ctx, tx, `UPDATE users SET updateat = $2, deleteat = $3 WHERE id = $1`, userID, user.UpdateAt, user.DeleteAt)
		return err
	})
	if err != nil {
		return c, err
	}
	if active {
		u.Activated.Publish(ctx, c.New)
	} else {
		u.hub.DropUser(userID, "account deactivated")
		u.Deactivated.Publish(ctx, c.New)
	}
	u.announce(ctx, c)
	u.hub.Publish(realtime.Event{Name: "user_activation_status_change", To: realtime.Audience{Everyone: true}})
	return c, nil
}

type deleteIn struct {
	UserID    string `path:"user_id"`
	Permanent bool   `query:"permanent"`
}

// delete answers DELETE /users/{user_id}: deactivation, or with ?permanent=true
// and the setting for it the end of everything that is the user's.
func (u *Users) delete(ctx context.Context, v access.Viewer, in deleteIn) (api.OK, error) {
	user, err := u.editable(ctx, v, in.UserID)
	if err != nil {
		return api.OK{}, err
	}
	if v.UserID == in.UserID {
		if err := u.mayLeave(ctx, v); err != nil {
			return api.OK{}, err
		}
	}
	if !in.Permanent {
		_, err = u.SetActive(ctx, in.UserID, false)
	} else {
		switch {
		case !v.Admin(ctx):
			return api.OK{}, fault.Unauthenticated("api.user.delete_user.not_enabled.app_error")
		case !v.System() && !u.cfg.Get().ServiceSettings.EnableAPIUserDeletion:
			return api.OK{}, fault.Unauthenticated("api.user.delete_user.not_enabled.for_admin.app_error")
		}
		err = u.Delete(ctx, user)
	}
	if err == nil {
		u.Audit(ctx, v, "/api/v4/users/"+in.UserID, "user_id="+in.UserID)
		return api.Done(), nil
	}
	return api.OK{}, err
}

// deleteAll answers DELETE /users: the end of every account but the system's
// own bot. Whoever signs up next is the first again.
func (u *Users) deleteAll(ctx context.Context, v access.Viewer, _ api.None) (api.OK, error) {
	u.Audit(ctx, v, "/api/v4/users", "all users are deleted")
	for {
		list, err := db.List(ctx, u.db, db.One[string], `SELECT id FROM users WHERE username <> $1 ORDER BY id LIMIT 100`, model.BotSystemUsername)
		if err != nil {
			return api.OK{}, err
		}
		if len(list) == 0 {
			u.somebody.Store(false)
			return api.Done(), nil
		}
		for _, userID := range list {
			user, err := u.ByID(ctx, userID)
			if err == nil {
				err = u.Delete(ctx, user)
			}
			if err != nil {
				return api.OK{}, err
			}
		}
	}
}

// OnDeleting has fn called in the transaction that removes a user for good:
// each slice removes what is the user's in its tables. Call it while the
// server is being built.
func (u *Users) OnDeleting(fn func(ctx context.Context, tx *db.Tx, user *model.User) error) {
	u.deleting = append(u.deleting, fn)
}

// Delete removes a user and all that is theirs, for good.
func (u *Users) Delete(ctx context.Context, user *model.User) error {
	err := u.db.Tx(ctx, func(tx *db.Tx) error {
		if err := u.acc.EndSessions(ctx, tx, user.ID, ""); err != nil {
			return err
		}
		for _, fn := range u.deleting {
			if err := fn(ctx, tx, user); err != nil {
				return err
			}
		}
		if err := u.acc.DropTokens(ctx, tx, user.ID); err != nil {
			return err
		}
		for _, sql := range []string{`DELETE FROM usertermsofservice WHERE userid = $1`, `DELETE FROM audits WHERE userid = $1`, `DELETE FROM users WHERE id = $1`} {
			if _, err := db.Exec(ctx, tx, sql, user.ID); err != nil {
				return err
			}
		}
		tx.AfterCommit(func() { u.acc.ForgetUser(user.ID) })
		return nil
	})
	if err != nil {
		return err
	}
	u.hub.DropUser(user.ID, "account deleted")
	u.Deleted.Publish(ctx, user)
	if err := u.blobs.Delete(ctx, picturePath(user.ID)); err != nil {
		u.log.Warn("the picture of a deleted account is left", "user_id", user.ID, "error", err)
	}
	return nil
}

// verifyMember answers POST /users/{user_id}/email/verify/member: an
// administrator vouches for an address.
func (u *Users) verifyMember(ctx context.Context, v access.Viewer, in userIn) (*model.User, error) {
	c, err := u.edit(ctx, in.UserID, func(tx *db.Tx, user *model.User) error {
		user.EmailVerified = true
		return update(ctx, tx, user)
	})
	if err != nil {
		return nil, err
	}
	u.announce(ctx, c)
	u.Audit(ctx, v, "/api/v4/users/"+in.UserID+"/email/verify/member", "user_id="+in.UserID)
	return u.Shown(ctx, v, c.New), nil
}

// resetFailedAttempts opens an account that too many wrong passwords closed.
func (u *Users) resetFailedAttempts(ctx context.Context, v access.Viewer, in userIn) (api.OK, error) {
	if !v.Can(ctx, access.PermSysconsoleWriteUserManagementUsers) {
		return api.OK{}, fault.Forbidden("api.user.reset_password_failed_attempts.permissions.app_error")
	}
	user, err := u.ByID(ctx, in.UserID)
	if err != nil {
		return api.OK{}, err
	}
	if err := adminsOnly(ctx, v, user); err != nil {
		return api.OK{}, err
	}
	if user.AuthService != "" && user.AuthService != model.UserAuthServiceLDAP {
		return api.OK{}, fault.Invalid("api.user.reset_password_failed_attempts.ldap_and_email_only.app_error")
	}
	if _, err := db.Exec(ctx, u.db, `UPDATE users SET failedattempts = 0 WHERE id = $1`, in.UserID); err != nil {
		return api.OK{}, err
	}
	u.acc.ForgetProfile(in.UserID)
	u.Audit(ctx, v, "/api/v4/users/"+in.UserID+"/reset_failed_attempts", "user_id="+in.UserID)
	return api.Done(), nil
}

type authIn struct {
	UserID string         `path:"user_id"`
	Auth   model.UserAuth `body:"json,user"`
}

// putAuth answers PUT /users/{user_id}/auth: how an account signs in from now
// on. An account that leaves its password behind loses it; one that gets none
// back has to set a new one through a link.
func (u *Users) putAuth(ctx context.Context, v access.Viewer, in authIn) (model.UserAuth, error) {
	a := in.Auth
	service := strings.TrimSpace(a.AuthService)
	known := map[string]bool{"": true, model.UserAuthServiceEmail: true, model.UserAuthServiceGitLab: true, model.UserAuthServiceGoogle: true,
		model.UserAuthServiceOffice365: true, model.UserAuthServiceOpenID: true, model.UserAuthServiceLDAP: true, model.UserAuthServiceSAML: true}
	local := service == "" || service == model.UserAuthServiceEmail
	given := a.AuthData != nil && *a.AuthData != ""
	if !known[service] || local == given || given && len(*a.AuthData) > model.UserAuthDataMaxLength {
		return model.UserAuth{}, fault.Invalid("api.user.update_user_auth.invalid_request")
	}
	if local {
		service, a.AuthData = "", nil
	}
	_, err := u.edit(ctx, in.UserID, func(tx *db.Tx, user *model.User) error {
		user.AuthService, user.AuthData = service, a.AuthData
		if err := u.acc.EndSessions(ctx, tx, in.UserID, keptSession(v, in.UserID)); err != nil {
			return err
		}
		_, err := db.Exec(ctx, tx, `UPDATE users SET updateat = $2, authservice = $3, authdata = $4, password = '' WHERE id = $1`,
			in.UserID, user.UpdateAt, service, a.AuthData)
		return duplicate(err)
	})
	if err != nil {
		return model.UserAuth{}, err
	}
	u.Audit(ctx, v, "/api/v4/users/"+in.UserID+"/auth", "user_id="+in.UserID)
	return model.UserAuth{AuthData: a.AuthData, AuthService: service}, nil
}

// keptSession is the session that survives a change of one's own account.
func keptSession(v access.Viewer, userID string) string {
	if v.UserID == userID {
		return v.SessionID()
	}
	return ""
}
