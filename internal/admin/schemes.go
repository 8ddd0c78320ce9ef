package admin

import (
	"context"
	"slices"
	"strings"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/api"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
)

type schemesIn struct {
	api.Page
	Scope string `query:"scope"`
}

func (a *Admin) schemes(ctx context.Context, _ access.Viewer, in schemesIn) ([]*model.Scheme, error) {
	if in.Scope != "" && !slices.Contains(scopes, in.Scope) {
		return nil, fault.InvalidParam("scope")
	}
	return db.List(ctx, a.db, scanScheme, `SELECT `+schemeColumns+` FROM schemes WHERE deleteat = 0 AND ($1 = '' OR scope = $1)
		ORDER BY createat DESC, id LIMIT $2 OFFSET $3`, in.Scope, in.PerPage, in.Offset())
}

var scopes = []string{model.SchemeScopeTeam, model.SchemeScopeChannel, model.SchemeScopePlaybook, model.SchemeScopeRun}

type schemeIn struct {
	SchemeID string `path:"scheme_id"`
}

func (a *Admin) scheme(ctx context.Context, _ access.Viewer, in schemeIn) (*model.Scheme, error) {
	return loadScheme(ctx, a.db, in.SchemeID)
}

type createSchemeIn struct {
	Scheme model.Scheme `body:"json,scheme"`
}

// createScheme makes a scheme with roles of its own, which permit at first what
// the built-in ones do.
func (a *Admin) createScheme(ctx context.Context, v access.Viewer, in createSchemeIn) (*model.Scheme, error) {
	now := id.Now()
	s := &model.Scheme{ID: id.New(), Name: in.Scheme.Name, DisplayName: in.Scheme.DisplayName, Description: in.Scheme.Description,
		Scope: in.Scheme.Scope, CreateAt: now, UpdateAt: now}
	if s.Name == "" {
		s.Name = id.New()
	}
	if s.Scope != model.SchemeScopeTeam && s.Scope != model.SchemeScopeChannel {
		return nil, invalidScheme("scope")
	}
	if err := checkScheme(s); err != nil {
		return nil, err
	}
	err := a.db.Tx(ctx, func(tx *db.Tx) error {
		if err := storeRolesOf(ctx, tx, s); err != nil {
			return err
		}
		tx.AfterCommit(a.acc.ForgetSchemes)
		return insertScheme(ctx, tx, s)
	})
	if err != nil {
		return nil, err
	}
	a.users.Audit(ctx, v, "/api/v4/schemes", "created "+s.ID)
	return s, nil
}

func invalidScheme(field string) error {
	return fault.Invalid("app.scheme.save.invalid_scheme.app_error", "Field", field)
}

func checkScheme(s *model.Scheme) error {
	switch {
	case !model.ValidSchemeName(s.Name):
		return invalidScheme("name")
	case strings.TrimSpace(s.DisplayName) == "" || len(s.DisplayName) > model.SchemeDisplayNameMaxLength:
		return invalidScheme("display_name")
	case len(s.Description) > model.SchemeDescriptionMaxLength:
		return invalidScheme("description")
	}
	return nil
}

type patchSchemeIn struct {
	schemeIn
	Body model.SchemePatch `body:"json,scheme"`
}

func (a *Admin) patchScheme(ctx context.Context, v access.Viewer, in patchSchemeIn) (*model.Scheme, error) {
	var s *model.Scheme
	err := a.db.Tx(ctx, func(tx *db.Tx) (err error) {
		if s, err = loadScheme(ctx, tx, in.SchemeID); err != nil {
			return err
		}
		for to, from := range map[*string]*string{&s.Name: in.Body.Name, &s.DisplayName: in.Body.DisplayName, &s.Description: in.Body.Description} {
			if from != nil {
				*to = *from
			}
		}
		if err := checkScheme(s); err != nil {
			return err
		}
		s.UpdateAt = id.Now()
		_, err = db.Exec(ctx, tx, `UPDATE schemes SET name = $2, displayname = $3, description = $4, updateat = $5 WHERE id = $1`,
			s.ID, s.Name, s.DisplayName, s.Description, s.UpdateAt)
		return duplicateScheme(err)
	})
	if err != nil {
		return nil, err
	}
	a.users.Audit(ctx, v, "/api/v4/schemes/"+s.ID+"/patch", "")
	return s, nil
}

// deleteScheme takes a scheme away with its roles; its teams and channels go
// back to the roles that they had without it.
func (a *Admin) deleteScheme(ctx context.Context, v access.Viewer, in schemeIn) (api.OK, error) {
	err := a.db.Tx(ctx, func(tx *db.Tx) error {
		s, err := loadScheme(ctx, tx, in.SchemeID)
		if err != nil {
			return err
		}
		if err := a.teams.LeaveScheme(ctx, tx, s.ID); err != nil {
			return err
		}
		if err := a.channels.LeaveScheme(ctx, tx, s.ID); err != nil {
			return err
		}
		now := id.Now()
		tx.AfterCommit(a.acc.ForgetSchemes)
		if _, err := db.Exec(ctx, tx, `UPDATE roles SET deleteat = $2, updateat = $2 WHERE name = ANY($1)`, rolesOf(s), now); err != nil {
			return err
		}
		_, err = db.Exec(ctx, tx, `UPDATE schemes SET deleteat = $2, updateat = $2 WHERE id = $1`, s.ID, now)
		return err
	})
	if err == nil {
		a.users.Audit(ctx, v, "/api/v4/schemes/"+in.SchemeID, "deleted")
	}
	return api.Done(), err
}

type schemeUseIn struct {
	schemeIn
	api.Page
}

func (a *Admin) schemeTeams(ctx context.Context, v access.Viewer, in schemeUseIn) ([]*model.Team, error) {
	s, err := loadScheme(ctx, a.db, in.SchemeID)
	if err != nil {
		return nil, err
	}
	if s.Scope != model.SchemeScopeTeam {
		return nil, fault.Invalid("api.scheme.get_teams_for_scheme.scope.error")
	}
	return a.teams.OfScheme(ctx, v, s.ID, in.PerPage, in.Offset())
}

func (a *Admin) schemeChannels(ctx context.Context, _ access.Viewer, in schemeUseIn) ([]*model.Channel, error) {
	s, err := loadScheme(ctx, a.db, in.SchemeID)
	if err != nil {
		return nil, err
	}
	if s.Scope != model.SchemeScopeChannel {
		return nil, fault.Invalid("api.scheme.get_channels_for_scheme.scope.error")
	}
	return a.channels.OfScheme(ctx, s.ID, in.PerPage, in.Offset())
}
