package teams

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/model"
)

// filter narrows a list of teams.
type filter struct {
	term             string // part of a name or display name
	open             *bool  // allows everybody in, or doesn't
	live             bool   // not archived
	groupConstrained *bool
	constrainedToo   bool // with groupConstrained: those as well
	withoutPolicy    bool // no retention policy applies
	policies         bool // fill in PolicyID
}

// where returns the condition over t and its arguments.
func (f filter) where() (string, []any) {
	var conds []string
	var args []any
	add := func(cond string, arg ...any) {
		args = append(args, arg...)
		conds = append(conds, strings.ReplaceAll(cond, "$?", fmt.Sprintf("$%d", len(args))))
	}
	if f.term != "" {
		add(`(lower(t.name) LIKE $? ESCAPE '\' OR lower(t.displayname) LIKE $? ESCAPE '\')`, "%"+db.LikeEscape(strings.ToLower(f.term))+"%")
	}
	if f.open != nil {
		add(`coalesce(t.allowopeninvite,false) = $?`, *f.open)
	}
	if f.live {
		add(`t.deleteat = 0`)
	}
	switch {
	case f.groupConstrained == nil:
	case *f.groupConstrained:
		add(`t.groupconstrained = true`)
	case !f.constrainedToo:
		add(`coalesce(t.groupconstrained,false) = false`)
	}
	if f.withoutPolicy {
		add(`NOT EXISTS (SELECT 1 FROM retentionpoliciesteams p WHERE p.teamid = t.id)`)
	}
	if len(conds) == 0 {
		return "1 = 1", nil
	}
	return strings.Join(conds, " AND "), args
}

// list returns a page of the teams that f lets through, by display name.
func (t *Teams) list(ctx context.Context, f filter, offset, limit int) ([]*model.Team, error) {
	from := fromTeams
	if f.policies {
		from = fromTeamsPolicies
	}
	cond, args := f.where()
	rest := fmt.Sprintf("WHERE %s ORDER BY t.displayname, t.id LIMIT $%d OFFSET $%d", cond, len(args)+1, len(args)+2)
	return db.List(ctx, t.db, scanTeam, from+rest, append(args, limit, offset)...)
}

// count counts the teams that f lets through.
func (t *Teams) count(ctx context.Context, f filter) (int64, error) {
	cond, args := f.where()
	return db.Value[int64](ctx, t.db, "SELECT count(*) FROM teams t WHERE "+cond, args...)
}

// most bounds lists that the protocol doesn't page.
const most = 10_000

// ofUser returns the live teams that a user is in, by display name.
func (t *Teams) ofUser(ctx context.Context, userID string) ([]*model.Team, error) {
	return db.List(ctx, t.db, scanTeam, fromTeams+`JOIN teammembers m ON m.teamid = t.id
		WHERE m.userid = $1 AND m.deleteat = 0 AND t.deleteat = 0 ORDER BY t.displayname, t.id LIMIT $2`, userID, most)
}

// schemeNames are the names of the roles that members of a team get.
type schemeNames struct{ guest, user, admin string }

func (t *Teams) schemeNames(ctx context.Context, q db.Querier, teamID string) (schemeNames, error) {
	n, err := db.Get(ctx, q, func(r db.Row) (schemeNames, error) {
		var n schemeNames
		err := r.Scan(&n.guest, &n.user, &n.admin)
		return n, err
	}, `SELECT coalesce(s.defaultteamguestrole,'team_guest'), coalesce(s.defaultteamuserrole,'team_user'), coalesce(s.defaultteamadminrole,'team_admin')
		FROM teams t LEFT JOIN schemes s ON s.id = t.schemeid AND s.deleteat = 0 WHERE t.id = $1`, teamID)
	if errors.Is(err, db.ErrNotFound) {
		err = fault.NotFound("app.team.get.find.app_error")
	}
	return n, err
}

// teamScheme returns the id of a scheme that a team may use, nil for "".
func (t *Teams) teamScheme(ctx context.Context, schemeID string) (*string, error) {
	if schemeID == "" {
		return nil, nil
	}
	scope, err := db.Value[string](ctx, t.db, `SELECT coalesce(scope,'') FROM schemes WHERE id = $1 AND deleteat = 0`, schemeID)
	switch {
	case errors.Is(err, db.ErrNotFound):
		return nil, fault.NotFound("app.scheme.get.app_error")
	case err != nil:
		return nil, err
	case scope != model.SchemeScopeTeam:
		return nil, fault.Invalid("api.team.update_team_scheme.scheme_scope.error")
	}
	return &schemeID, nil
}
