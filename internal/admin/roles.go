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

const roleColumns = `id, coalesce(name,''), coalesce(displayname,''), coalesce(description,''), coalesce(createat,0), coalesce(updateat,0),
	coalesce(deleteat,0), coalesce(permissions,''), coalesce(schememanaged,false), coalesce(builtin,false), schemeid`

func scanRole(r db.Row) (*model.Role, error) {
	var role model.Role
	var list string
	err := r.Scan(&role.ID, &role.Name, &role.DisplayName, &role.Description, &role.CreateAt, &role.UpdateAt,
		&role.DeleteAt, &list, &role.SchemeManaged, &role.BuiltIn, &role.SchemeID)
	role.Permissions = strings.Fields(list)
	return &role, err
}

func (a *Admin) roles(ctx context.Context, _ access.Viewer, _ api.None) ([]*model.Role, error) {
	return db.List(ctx, a.db, scanRole, `SELECT `+roleColumns+` FROM roles WHERE deleteat = 0 ORDER BY name LIMIT 10000`)
}

type roleIn struct {
	RoleID string `path:"role_id"`
}

func (a *Admin) role(ctx context.Context, _ access.Viewer, in roleIn) (*model.Role, error) {
	return loadRole(ctx, a.db, in.RoleID)
}

func loadRole(ctx context.Context, q db.Querier, roleID string) (*model.Role, error) {
	role, err := db.Get(ctx, q, scanRole, `SELECT `+roleColumns+` FROM roles WHERE id = $1`, roleID)
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
	if err != nil {
		return nil, err
	}
	return role, a.lower(ctx, role)
}

type roleNamesIn struct {
	Raw []byte `body:"raw"`
}

// rolesByNames answers null when none of the names is a role's. All clients
// ask for the same few roles when they start.
func (a *Admin) rolesByNames(ctx context.Context, _ access.Viewer, in roleNamesIn) (access.Answer, error) {
	load := func() (any, []access.Fact, error) {
		list, err := a.findRoles(ctx, in.Raw)
		return list, nil, err // whoever changes a role or a scheme says that anything changed
	}
	if len(in.Raw) > rolesAsked {
		body, _, err := load()
		if err != nil {
			return access.Answer{}, err
		}
		raw, err := api.Encode(body)
		return access.Answer{Body: raw}, err
	}
	return a.acc.Answers.Get(access.AnswerKey{What: "roles", Of: string(in.Raw)}, load)
}

// rolesAsked bounds a question whose answer is remembered.
const rolesAsked = 1000

func (a *Admin) findRoles(ctx context.Context, raw []byte) ([]*model.Role, error) {
	var given, names []string
	if err := api.DecodeJSON(raw, &given); err != nil {
		return nil, fault.Invalid("api.payload.parse.error").Wrap(err)
	}
	for _, n := range given {
		if n = strings.TrimSpace(n); n == "" {
			continue
		}
		if !model.ValidRoleName(n) {
			return nil, fault.InvalidParam("rolename")
		}
		names = append(names, n)
	}
	switch {
	case len(names) == 0:
		return nil, fault.InvalidParam("rolenames")
	case len(names) > model.RolesByNamesMax:
		return nil, fault.Invalid("api.roles.get_multiple_by_name_too_many.request_error", "Max", model.RolesByNamesMax)
	}
	list, err := db.List(ctx, a.db, scanRole, `SELECT `+roleColumns+` FROM roles WHERE name = ANY($1) ORDER BY name LIMIT $2`, names, model.RolesByNamesMax)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return list, a.lower(ctx, list...)
}
