package teams

import (
	"context"
	"errors"
	"strconv"
	"strings"

	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/model"
)

// A member, with the names of the roles that the team's scheme (or the built-in
// one) gives: columns and joins belong together.
const (
	memberColumns = `m.teamid, m.userid, coalesce(m.roles,''), coalesce(m.deleteat,0), coalesce(m.schemeguest,false), coalesce(m.schemeuser,false),
	coalesce(m.schemeadmin,false), coalesce(m.createat,0), coalesce(s.defaultteamguestrole,'team_guest'), coalesce(s.defaultteamuserrole,'team_user'),
	coalesce(s.defaultteamadminrole,'team_admin')`
	fromMembers = `SELECT ` + memberColumns + ` FROM teammembers m JOIN teams t ON t.id = m.teamid
	LEFT JOIN schemes s ON s.id = t.schemeid AND s.deleteat = 0 `
)

func scanMember(r db.Row) (*model.TeamMember, error) {
	var m model.TeamMember
	var guest, user, admin string
	err := r.Scan(&m.TeamID, &m.UserID, &m.ExplicitRoles, &m.DeleteAt, &m.SchemeGuest, &m.SchemeUser, &m.SchemeAdmin, &m.CreateAt,
		&guest, &user, &admin)
	var names []string
	if m.SchemeGuest {
		names = append(names, guest)
	}
	if m.SchemeUser {
		names = append(names, user)
	}
	if m.SchemeAdmin {
		names = append(names, admin)
	}
	m.Roles = strings.Join(append(names, strings.Fields(m.ExplicitRoles)...), " ")
	return &m, err
}

// members returns the members that rest (a condition over m, ORDER BY, LIMIT) finds.
func (t *Teams) members(ctx context.Context, q db.Querier, rest string, args ...any) ([]*model.TeamMember, error) {
	return db.List(ctx, q, scanMember, fromMembers+rest, args...)
}

// member returns a membership, one that has ended too.
func (t *Teams) member(ctx context.Context, q db.Querier, teamID, userID string) (*model.TeamMember, error) {
	m, err := db.Get(ctx, q, scanMember, fromMembers+"WHERE m.teamid = $1 AND m.userid = $2", teamID, userID)
	if errors.Is(err, db.ErrNotFound) {
		return nil, fault.NotFound("app.team.get_member.missing.app_error")
	}
	return m, err
}

// putMembers stores memberships, over what an earlier time in the team left.
func putMembers(ctx context.Context, q db.Querier, list []*model.TeamMember) error {
	if len(list) == 0 {
		return nil
	}
	const width = 8
	var sql strings.Builder
	sql.WriteString("INSERT INTO teammembers (teamid, userid, roles, deleteat, schemeguest, schemeuser, schemeadmin, createat) VALUES ")
	args := make([]any, 0, width*len(list))
	for i, m := range list {
		if i > 0 {
			sql.WriteByte(',')
		}
		sql.WriteByte('(')
		for c := range width {
			if c > 0 {
				sql.WriteByte(',')
			}
			sql.WriteString("$" + strconv.Itoa(width*i+c+1))
		}
		sql.WriteByte(')')
		args = append(args, m.TeamID, m.UserID, m.ExplicitRoles, m.DeleteAt, m.SchemeGuest, m.SchemeUser, m.SchemeAdmin, m.CreateAt)
	}
	sql.WriteString(` ON CONFLICT (teamid, userid) DO UPDATE SET roles = excluded.roles, deleteat = excluded.deleteat,
		schemeguest = excluded.schemeguest, schemeuser = excluded.schemeuser, schemeadmin = excluded.schemeadmin, createat = excluded.createat`)
	_, err := db.Exec(ctx, q, sql.String(), args...)
	return err
}

// activeMembers counts the members whose account is open.
func activeMembers(ctx context.Context, q db.Querier, teamID string) (int64, error) {
	return db.Value[int64](ctx, q, `SELECT count(*) FROM teammembers m JOIN users u ON u.id = m.userid
		WHERE m.teamid = $1 AND m.deleteat = 0 AND u.deleteat = 0`, teamID)
}

// groupAdmins returns which of the users a group makes administrators of the team.
func groupAdmins(ctx context.Context, q db.Querier, teamID string, userIDs []string) (map[string]bool, error) {
	ids, err := db.List(ctx, q, db.One[string], `SELECT DISTINCT gm.userid FROM groupteams gt JOIN groupmembers gm ON gm.groupid = gt.groupid
		WHERE gt.teamid = $1 AND gt.schemeadmin = true AND gt.deleteat = 0 AND gm.deleteat = 0 AND gm.userid = ANY($2) LIMIT $3`,
		teamID, userIDs, len(userIDs))
	return set(ids), err
}

func set(ids []string) map[string]bool {
	out := make(map[string]bool, len(ids))
	for _, v := range ids {
		out[v] = true
	}
	return out
}
