package users

import (
	"context"
	"slices"
	"strings"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/api"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/realtime"
)

type rolesIn struct {
	UserID string `path:"user_id"`
	Body   struct {
		Roles string `json:"roles"`
	} `body:"json,roles"`
}

// putRoles answers PUT /users/{user_id}/roles.
func (u *Users) putRoles(ctx context.Context, v access.Viewer, in rolesIn) (api.OK, error) {
	list := strings.Fields(in.Body.Roles)
	for _, name := range list {
		if !model.ValidRoleName(name) {
			return api.OK{}, fault.InvalidParam("roles")
		}
	}
	if len(list) == 1 && list[0] == model.RoleSystemAdmin { // an administrator is a user as well
		return api.OK{}, fault.InvalidParam("roles")
	}
	user, err := u.ByID(ctx, in.UserID)
	if fault.IsNotFound(err) {
		return api.OK{}, fault.Invalid("app.user.missing_account.const")
	}
	if err != nil {
		return api.OK{}, err
	}
	// Who may manage roles but not the system can't make administrators, nor
	// unmake them.
	if slices.Contains(list, model.RoleSystemAdmin) && !v.Admin(ctx) {
		return api.OK{}, fault.NoPermission(string(access.PermManageSystem))
	}
	if err := adminsOnly(ctx, v, user); err != nil {
		return api.OK{}, err
	}
	if _, err := u.SetRoles(ctx, in.UserID, strings.Join(list, " ")); err != nil {
		return api.OK{}, err
	}
	u.Audit(ctx, v, "/api/v4/users/"+in.UserID+"/roles", "user_id="+in.UserID+" roles="+in.Body.Roles)
	return api.Done(), nil
}

// SetRoles gives a user the roles named, space separated, without asking who
// wants it. It fails with 400 for an unknown role and when nobody would be
// left to administer the system.
func (u *Users) SetRoles(ctx context.Context, userID, roles string) (Change, error) {
	c, err := u.edit(ctx, userID, func(tx *db.Tx, user *model.User) error {
		if err := rolesExist(ctx, tx, strings.Fields(roles)); err != nil {
			return err
		}
		if user.IsAdmin() && !model.HasRole(roles, model.RoleSystemAdmin) {
			if err := anotherAdmin(ctx, tx, userID); err != nil {
				return err
			}
		}
		return storeRoles(ctx, tx, user, roles)
	})
	if err != nil {
		return c, err
	}
	u.rolesHold(ctx, c)
	u.Updated.Publish(ctx, c)
	u.hub.Publish(realtime.Event{Name: "user_role_updated", Data: map[string]string{"user_id": userID, "roles": c.New.Roles},
		To: realtime.Audience{UserID: userID}})
	return c, nil
}

func rolesExist(ctx context.Context, q db.Querier, list []string) error {
	if len(list) == 0 {
		return nil
	}
	found, err := db.List(ctx, q, db.One[string], `SELECT name FROM roles WHERE name = ANY($1) AND deleteat = 0 LIMIT $2`, list, len(list))
	if err != nil {
		return err
	}
	for _, name := range list {
		if !slices.Contains(found, name) {
			return fault.Invalid("app.role.check_roles_exist.role_not_found", "Role", name)
		}
	}
	return nil
}

// anotherAdmin refuses to take the role from the last active administrator.
func anotherAdmin(ctx context.Context, tx *db.Tx, userID string) error {
	if err := tx.Lock(ctx, "administrators"); err != nil {
		return err
	}
	others, err := db.List(ctx, tx, db.One[string], `SELECT id FROM users WHERE id <> $1 AND deleteat = 0
		AND (' ' || roles || ' ') LIKE '% system\_admin %' ESCAPE '\' LIMIT 1`, userID)
	if err == nil && len(others) == 0 {
		return fault.Invalid("app.user.update.lastAdmin.app_error")
	}
	return err
}

// AnotherAdmin fails unless there is an active administrator beside a user, and
// holds that until the transaction ends.
func (u *Users) AnotherAdmin(ctx context.Context, tx *db.Tx, userID string) error {
	return anotherAdmin(ctx, tx, userID)
}

func storeRoles(ctx context.Context, tx *db.Tx, user *model.User, roles string) error {
	user.Roles = roles
	if err := check(user); err != nil {
		return err
	}
	_, err := db.Exec(ctx, tx, `UPDATE users SET updateat = $2, roles = $3 WHERE id = $1`, user.ID, user.UpdateAt, roles)
	return err
}

// rolesHold has new roles hold at once on open websockets too.
func (u *Users) rolesHold(ctx context.Context, c Change) {
	admin, err := u.acc.Grants(ctx, strings.Fields(c.New.Roles), access.PermManageSystem)
	if err != nil {
		u.log.Error("the rights of a user's websockets could not be found out", "user_id", c.New.ID, "error", err)
	}
	u.hub.SetRoles(c.New.ID, admin, c.New.IsGuest())
}

// OnGuestChange has fn called in the transaction that makes a guest a member,
// or a member a guest: each slice changes the memberships in its tables. Call
// it while the server is being built.
func (u *Users) OnGuestChange(fn func(ctx context.Context, tx *db.Tx, userID string, guest bool) error) {
	u.guestChanges = append(u.guestChanges, fn)
}

// promote answers POST /users/{user_id}/promote: a guest becomes a member.
func (u *Users) promote(ctx context.Context, v access.Viewer, in userIn) (api.OK, error) {
	user, err := u.ByID(ctx, in.UserID)
	if err != nil {
		return api.OK{}, err
	}
	if !user.IsGuest() {
		return api.OK{}, fault.NotImplemented("api.user.promote_guest_to_user.no_guest.app_error")
	}
	c, err := u.setGuest(ctx, in.UserID, false)
	if err != nil {
		return api.OK{}, err
	}
	u.Promoted.Publish(ctx, c.New)
	u.Audit(ctx, v, "/api/v4/users/"+in.UserID+"/promote", "user_id="+in.UserID)
	return api.Done(), nil
}

// demote answers POST /users/{user_id}/demote: a member becomes a guest.
func (u *Users) demote(ctx context.Context, v access.Viewer, in userIn) (api.OK, error) {
	if !u.cfg.Get().GuestAccountsSettings.Enable {
		return api.OK{}, fault.NotImplemented("api.team.demote_user_to_guest.disabled.error")
	}
	user, err := u.ByID(ctx, in.UserID)
	if err != nil {
		return api.OK{}, err
	}
	if err := adminsOnly(ctx, v, user); err != nil {
		return api.OK{}, err
	}
	if user.IsGuest() {
		return api.OK{}, fault.NotImplemented("api.user.demote_user_to_guest.already_guest.app_error")
	}
	c, err := u.setGuest(ctx, in.UserID, true)
	if err != nil {
		return api.OK{}, err
	}
	u.Demoted.Publish(ctx, c.New)
	u.Audit(ctx, v, "/api/v4/users/"+in.UserID+"/demote", "user_id="+in.UserID)
	return api.Done(), nil
}

// setGuest changes what a user is, with all memberships, in one transaction. A
// guest keeps no other role: whatever else it was, it was a member's.
func (u *Users) setGuest(ctx context.Context, userID string, guest bool) (Change, error) {
	c, err := u.edit(ctx, userID, func(tx *db.Tx, user *model.User) error {
		roles := model.RoleSystemGuest
		if !guest {
			kept := slices.DeleteFunc(strings.Fields(user.Roles), func(r string) bool { return r == model.RoleSystemGuest || r == model.RoleSystemUser })
			roles = strings.Join(append([]string{model.RoleSystemUser}, kept...), " ")
		} else if user.IsAdmin() {
			if err := anotherAdmin(ctx, tx, userID); err != nil {
				return err
			}
		}
		for _, fn := range u.guestChanges {
			if err := fn(ctx, tx, userID, guest); err != nil {
				return err
			}
		}
		return storeRoles(ctx, tx, user, roles)
	})
	if err == nil {
		u.rolesHold(ctx, c)
		u.announce(ctx, c)
	}
	return c, err
}
