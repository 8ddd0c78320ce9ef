package admin

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/realtime"
)

// consoleRoles are those that open the console to people who aren't
// administrators; another permission guards them (reference: roles.json).
var consoleRoles = map[string]bool{
	model.RoleSystemUserManager: true, model.RoleSystemReadOnlyAdmin: true, model.RoleSystemManager: true,
	model.RoleSystemCustomGroupAdmin: true, model.RoleSharedChannelManager: true, model.RoleSecureConnectionManager: true,
}

// keptBack are the permissions that make an administrator, or that make one in
// two steps. They stay where the built-in roles put them.
var keptBack = []access.Permission{
	access.PermManageSystem, access.PermManageRoles, access.PermAssignSystemAdminRole,
	access.PermSysconsoleReadUserManagementSystemRoles, access.PermSysconsoleWriteUserManagementSystemRoles,
}

type patchRoleIn struct {
	roleIn
	Body model.RolePatch `body:"json,role"`
}

// patchRole changes what a role permits.
func (a *Admin) patchRole(ctx context.Context, v access.Viewer, in patchRoleIn) (*model.Role, error) {
	role, err := loadRole(ctx, a.db, in.RoleID)
	if err != nil {
		return nil, err
	}
	need := access.PermSysconsoleWriteUserManagementPermissions
	if consoleRoles[role.Name] {
		need = access.PermSysconsoleWriteUserManagementSystemRoles
	}
	if err := v.Need(ctx, need); err != nil {
		return nil, err
	}
	if in.Body.Permissions == nil {
		return role, nil
	}
	list := slices.Compact(slices.Sorted(slices.Values(*in.Body.Permissions)))
	if err := a.mayGrant(ctx, v, role, list); err != nil {
		return nil, err
	}
	err = a.db.Tx(ctx, func(tx *db.Tx) error {
		role.Permissions, role.UpdateAt = list, id.Now()
		tx.AfterCommit(a.acc.ForgetRoles)
		_, err := db.Exec(ctx, tx, `UPDATE roles SET permissions = $2, updateat = $3 WHERE id = $1`, role.ID, strings.Join(list, " "), role.UpdateAt)
		return err
	})
	if err != nil {
		return nil, err
	}
	a.users.Audit(ctx, v, "/api/v4/roles/"+role.ID+"/patch", "name="+role.Name)
	return role, a.tellRole(ctx, role)
}

// mayGrant refuses changes by which somebody would rise: administrators' role
// stays as it is, what makes an administrator goes into no other role, and who
// isn't one hands out no right over the system that they lack themselves.
func (a *Admin) mayGrant(ctx context.Context, v access.Viewer, role *model.Role, list []string) error {
	if len(list) > maxPermissions {
		return fault.InvalidParam("permissions")
	}
	admin := v.Admin(ctx)
	for _, p := range list {
		known, ok := permissions()[p]
		switch {
		case !ok:
			return fault.Invalid("app.role.save.invalid_role.app_error", "Permission", p)
		case slices.Contains(role.Permissions, p):
		case slices.Contains(keptBack, access.Permission(p)):
			return notGrantable(p)
		case !admin && known.scope == "system" && !v.Can(ctx, access.Permission(p)):
			return notGrantable(p)
		}
	}
	if role.Name != model.RoleSystemAdmin {
		return nil
	}
	for _, p := range role.Permissions {
		if !slices.Contains(list, p) {
			return notGrantable(p)
		}
	}
	return nil
}

// notGrantable has the status that the protocol gives it.
func notGrantable(p string) error {
	return fault.Forbidden("api.roles.patch_roles.not_allowed_permission.error", "Permission", p).WithStatus(http.StatusNotImplemented)
}

// tellRoles tells of roles that another slice changed.
func (a *Admin) tellRoles(ctx context.Context, names []string) {
	list, err := db.List(ctx, a.db, scanRole, `SELECT `+roleColumns+` FROM roles WHERE name = ANY($1) AND deleteat = 0 LIMIT $2`, names, len(names))
	for _, role := range list {
		err = errors.Join(err, a.tellRole(ctx, role))
	}
	if err != nil {
		a.log.Error("clients were not told of changed roles", "roles", names, "error", err)
	}
}

// tellRole tells those in whose teams or channels the role holds; a role that
// belongs to no scheme holds everywhere.
func (a *Admin) tellRole(ctx context.Context, role *model.Role) error {
	if err := a.lower(ctx, role); err != nil {
		return err
	}
	raw, err := json.Marshal(role)
	if err != nil {
		return err
	}
	data := map[string]string{"role": string(raw)}
	if role.BuiltIn {
		a.hub.Publish(realtime.Event{Name: "role_updated", Data: data, To: realtime.Audience{Everyone: true}})
		return nil
	}
	teams, channels, err := a.reach(ctx, role.Name)
	if err != nil {
		return err
	}
	for _, teamID := range teams {
		a.hub.Publish(realtime.Event{Name: "role_updated", Data: data, To: realtime.Audience{TeamID: teamID}})
	}
	for _, channelID := range channels {
		a.hub.Publish(realtime.Event{Name: "role_updated", Data: data, To: realtime.Audience{ChannelID: channelID}})
	}
	if teams == nil && channels == nil {
		a.hub.Publish(realtime.Event{Name: "role_updated", Data: data, To: realtime.Audience{Everyone: true}})
	}
	return nil
}

// maxReach bounds the teams or channels that are told of a changed role.
const maxReach = 100_000

// reach lists the teams or channels whose scheme gives members the role; both
// nil when the role is no scheme's.
func (a *Admin) reach(ctx context.Context, role string) (teams, channels []string, err error) {
	schemes, err := db.List(ctx, a.db, scanScheme, `SELECT `+schemeColumns+` FROM schemes WHERE deleteat = 0 AND $1 IN (defaultteamadminrole,
		defaultteamuserrole, defaultteamguestrole, defaultchanneladminrole, defaultchanneluserrole, defaultchannelguestrole) LIMIT 1`, role)
	if err != nil || len(schemes) == 0 {
		return nil, nil, err
	}
	table := map[string]string{model.SchemeScopeTeam: "teams", model.SchemeScopeChannel: "channels"}[schemes[0].Scope]
	if table == "" {
		return nil, nil, nil
	}
	ids, err := db.List(ctx, a.db, db.One[string], `SELECT id FROM `+table+` WHERE schemeid = $1 AND deleteat = 0 ORDER BY id LIMIT $2`, schemes[0].ID, maxReach)
	if table == "teams" {
		return ids, nil, err
	}
	return nil, ids, err
}
