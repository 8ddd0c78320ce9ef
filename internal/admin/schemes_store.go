package admin

import (
	"context"
	"errors"
	"strings"

	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
)

const schemeColumns = `id, coalesce(name,''), coalesce(displayname,''), coalesce(description,''), coalesce(createat,0), coalesce(updateat,0),
	coalesce(deleteat,0), coalesce(scope,''), coalesce(defaultteamadminrole,''), coalesce(defaultteamuserrole,''), coalesce(defaultteamguestrole,''),
	coalesce(defaultchanneladminrole,''), coalesce(defaultchanneluserrole,''), coalesce(defaultchannelguestrole,''),
	coalesce(defaultplaybookadminrole,''), coalesce(defaultplaybookmemberrole,''), coalesce(defaultrunadminrole,''), coalesce(defaultrunmemberrole,'')`

func scanScheme(r db.Row) (*model.Scheme, error) {
	var s model.Scheme
	err := r.Scan(&s.ID, &s.Name, &s.DisplayName, &s.Description, &s.CreateAt, &s.UpdateAt, &s.DeleteAt, &s.Scope,
		&s.DefaultTeamAdminRole, &s.DefaultTeamUserRole, &s.DefaultTeamGuestRole,
		&s.DefaultChannelAdminRole, &s.DefaultChannelUserRole, &s.DefaultChannelGuestRole,
		&s.DefaultPlaybookAdminRole, &s.DefaultPlaybookMemberRole, &s.DefaultRunAdminRole, &s.DefaultRunMemberRole)
	return &s, err
}

// loadScheme returns a scheme that wasn't deleted.
func loadScheme(ctx context.Context, q db.Querier, schemeID string) (*model.Scheme, error) {
	s, err := db.Get(ctx, q, scanScheme, `SELECT `+schemeColumns+` FROM schemes WHERE id = $1 AND deleteat = 0`, schemeID)
	if errors.Is(err, db.ErrNotFound) {
		return nil, fault.NotFound("app.scheme.get.app_error")
	}
	return s, err
}

func insertScheme(ctx context.Context, q db.Querier, s *model.Scheme) error {
	_, err := db.Exec(ctx, q, `INSERT INTO schemes (id, name, displayname, description, createat, updateat, deleteat, scope, defaultteamadminrole,
		defaultteamuserrole, defaultteamguestrole, defaultchanneladminrole, defaultchanneluserrole, defaultchannelguestrole,
		defaultplaybookadminrole, defaultplaybookmemberrole, defaultrunadminrole, defaultrunmemberrole)
		VALUES ($1, $2, $3, $4, $5, $6, 0, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)`,
		s.ID, s.Name, s.DisplayName, s.Description, s.CreateAt, s.UpdateAt, s.Scope,
		s.DefaultTeamAdminRole, s.DefaultTeamUserRole, s.DefaultTeamGuestRole,
		s.DefaultChannelAdminRole, s.DefaultChannelUserRole, s.DefaultChannelGuestRole,
		s.DefaultPlaybookAdminRole, s.DefaultPlaybookMemberRole, s.DefaultRunAdminRole, s.DefaultRunMemberRole)
	return duplicateScheme(err)
}

func duplicateScheme(err error) error {
	if db.IsDuplicate(err) {
		return invalidScheme("name")
	}
	return err
}

// schemeRole pairs a field of a scheme with the built-in role it stands for.
type schemeRole struct {
	name    *string
	builtIn string
}

// fieldsOf lists the roles that a scheme of its scope has.
func fieldsOf(s *model.Scheme) []schemeRole {
	list := []schemeRole{
		{&s.DefaultChannelAdminRole, model.RoleChannelAdmin}, {&s.DefaultChannelUserRole, model.RoleChannelUser},
		{&s.DefaultChannelGuestRole, model.RoleChannelGuest},
	}
	if s.Scope != model.SchemeScopeTeam {
		return list
	}
	return append(list,
		schemeRole{&s.DefaultTeamAdminRole, model.RoleTeamAdmin}, schemeRole{&s.DefaultTeamUserRole, model.RoleTeamUser},
		schemeRole{&s.DefaultTeamGuestRole, model.RoleTeamGuest},
		schemeRole{&s.DefaultPlaybookAdminRole, model.RolePlaybookAdmin}, schemeRole{&s.DefaultPlaybookMemberRole, model.RolePlaybookMember},
		schemeRole{&s.DefaultRunAdminRole, model.RoleRunAdmin}, schemeRole{&s.DefaultRunMemberRole, model.RoleRunMember})
}

// rolesOf lists the names of a scheme's own roles.
func rolesOf(s *model.Scheme) []string {
	var out []string
	for _, f := range fieldsOf(s) {
		if *f.name != "" {
			out = append(out, *f.name)
		}
	}
	return out
}

// storeRolesOf makes the roles of a new scheme, copies of the built-in ones as
// they are now, and notes their names in the scheme.
func storeRolesOf(ctx context.Context, tx *db.Tx, s *model.Scheme) error {
	fields := fieldsOf(s)
	names := make([]string, len(fields))
	for i, f := range fields {
		names[i] = f.builtIn
	}
	list, err := db.List(ctx, tx, scanRole, `SELECT `+roleColumns+` FROM roles WHERE name = ANY($1) LIMIT $2`, names, len(names))
	if err != nil {
		return err
	}
	permits := make(map[string]string, len(list))
	for _, r := range list {
		permits[r.Name] = strings.Join(r.Permissions, " ")
	}
	for _, f := range fields {
		*f.name = id.New()
		title := strings.ReplaceAll(f.builtIn, "_", " ") + " of " + s.DisplayName
		if len(title) > model.RoleDisplayNameMaxLength {
			title = strings.ToValidUTF8(title[:model.RoleDisplayNameMaxLength], "")
		}
		_, err := db.Exec(ctx, tx, `INSERT INTO roles (id, name, displayname, description, createat, updateat, deleteat, permissions, schememanaged, builtin, schemeid)
			VALUES ($1, $2, $3, '', $4, $4, 0, $5, true, false, $6)`, id.New(), *f.name, title, s.CreateAt, permits[f.builtIn], s.ID)
		if err != nil {
			return err
		}
	}
	return nil
}
