package admin

import (
	"context"
	"errors"
	"strings"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/api"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/model"
)

// maxRoles bounds how many roles one call asks for by name.
const maxRoles = 100

const roleColumns = `id, coalesce(name,''), coalesce(displayname,''), coalesce(description,''), coalesce(createat,0), coalesce(updateat,0),
	coalesce(deleteat,0), coalesce(permissions,''), coalesce(schememanaged,false), coalesce(builtin,false), schemeid`

func scanRole(r db.Row) (*model.Role, error) {
	var role model.Role
	var permissions string
	err := r.Scan(&role.ID, &role.Name, &role.DisplayName, &role.Description, &role.CreateAt, &role.UpdateAt,
		&role.DeleteAt, &permissions, &role.SchemeManaged, &role.BuiltIn, &role.SchemeID)
	role.Permissions = strings.Fields(permissions)
	return &role, err
}

func (a *Admin) roles(ctx context.Context, _ access.Viewer, _ api.None) ([]*model.Role, error) {
	return db.List(ctx, a.db, scanRole, `SELECT `+roleColumns+` FROM roles WHERE deleteat = 0 ORDER BY name LIMIT 10000`)
}

type roleIn struct {
	RoleID string `path:"role_id"`
}

func (a *Admin) role(ctx context.Context, _ access.Viewer, in roleIn) (*model.Role, error) {
	role, err := db.Get(ctx, a.db, scanRole, `SELECT `+roleColumns+` FROM roles WHERE id = $1`, in.RoleID)
	if errors.Is(err, db.ErrNotFound) {
		return nil, fault.NotFound("app.role.get.app_error")
	}
	return role, err
}

type roleNameIn struct {
	Name string `path:"role_name,text"`
}

func (a *Admin) roleByName(ctx context.Context, _ access.Viewer, in roleNameIn) (*model.Role, error) {
	if !model.ValidRoleName(in.Name) {
		return nil, fault.NotFound("api.context.404.app_error")
	}
	role, err := db.Get(ctx, a.db, scanRole, `SELECT `+roleColumns+` FROM roles WHERE name = $1`, in.Name)
	if errors.Is(err, db.ErrNotFound) {
		return nil, fault.NotFound("app.role.get_by_name.app_error")
	}
	return role, err
}

type roleNamesIn struct {
	Names []string `body:"json,rolenames"`
}

// rolesByNames answers null when none of the names is a role's.
func (a *Admin) rolesByNames(ctx context.Context, _ access.Viewer, in roleNamesIn) ([]*model.Role, error) {
	var names []string
	for _, n := range in.Names {
		if n = strings.TrimSpace(n); n == "" {
			continue
		}
		if !model.ValidRoleName(n) {
			return nil, fault.InvalidParam("rolename")
		}
		names = append(names, n)
	}
	if len(names) == 0 || len(names) > maxRoles {
		return nil, fault.InvalidParam("rolenames")
	}
	list, err := db.List(ctx, a.db, scanRole, `SELECT `+roleColumns+` FROM roles WHERE name = ANY($1) ORDER BY name LIMIT $2`, names, maxRoles)
	if len(list) == 0 {
		return nil, err
	}
	return list, err
}
