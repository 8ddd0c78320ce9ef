package teams

import (
	"context"
	"strings"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/api"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
)

// checkGroups refuses people whom none of the groups of a constrained team
// holds. Bots are in no group and pass.
func (t *Teams) checkGroups(ctx context.Context, team *model.Team, userIDs []string) error {
	if team.GroupConstrained == nil || !*team.GroupConstrained {
		return nil
	}
	out, err := db.List(ctx, t.db, db.One[string], `SELECT u.id FROM users u LEFT JOIN bots b ON b.userid = u.id
		WHERE u.id = ANY($1) AND b.userid IS NULL AND NOT EXISTS (SELECT 1 FROM groupteams gt
			JOIN usergroups g ON g.id = gt.groupid AND g.deleteat = 0 JOIN groupmembers gm ON gm.groupid = gt.groupid AND gm.deleteat = 0
			WHERE gt.teamid = $2 AND gt.deleteat = 0 AND gm.userid = u.id) LIMIT $3`, userIDs, team.ID, len(userIDs))
	if err == nil && len(out) > 0 {
		err = fault.Invalid("api.team.add_members.user_denied")
	}
	return err
}

type minusGroupsIn struct {
	teamIn
	api.Page
	Groups string `query:"group_ids"`
}

// groupsMost bounds the groups of one question.
const groupsMost = 1_000

// getMinusGroups lists the members who would leave the team if it were for the
// people of the groups alone.
func (t *Teams) getMinusGroups(ctx context.Context, v access.Viewer, in minusGroupsIn) (*model.UsersWithGroupsAndCount, error) {
	groupIDs := strings.Split(in.Groups, ",")
	if len(groupIDs) > groupsMost {
		return nil, fault.InvalidParam("group_ids")
	}
	for _, g := range groupIDs {
		if !id.Valid(g) {
			return nil, fault.InvalidParam("group_ids")
		}
	}
	const from = ` FROM teammembers m JOIN users u ON u.id = m.userid LEFT JOIN bots b ON b.userid = u.id
		WHERE m.teamid = $1 AND m.deleteat = 0 AND u.deleteat = 0 AND b.userid IS NULL AND NOT EXISTS (SELECT 1 FROM groupmembers gm
			WHERE gm.groupid = ANY($2) AND gm.userid = u.id AND gm.deleteat = 0)`
	out := &model.UsersWithGroupsAndCount{}
	var err error
	if out.Count, err = db.Value[int64](ctx, t.db, "SELECT count(*)"+from, in.TeamID, groupIDs); err != nil {
		return nil, err
	}
	out.Users, err = db.List(ctx, t.db, func(r db.Row) (*model.UserWithGroups, error) {
		var u model.UserWithGroups
		return &u, r.Scan(&u.ID, &u.SchemeGuest, &u.SchemeUser, &u.SchemeAdmin)
	}, `SELECT u.id, coalesce(m.schemeguest,false), coalesce(m.schemeuser,false), coalesce(m.schemeadmin,false)`+from+`
		ORDER BY u.username LIMIT $3 OFFSET $4`, in.TeamID, groupIDs, in.PerPage, in.Offset())
	if err != nil {
		return nil, err
	}
	return out, t.FillUsers(ctx, v, out.Users)
}

// FillUsers completes rows that hold ids: with the users as v may see them and
// with their groups.
func (t *Teams) FillUsers(ctx context.Context, v access.Viewer, list []*model.UserWithGroups) error {
	ids := make([]string, len(list))
	rows := make(map[string]*model.UserWithGroups, len(list))
	for i, u := range list {
		ids[i], rows[u.ID] = u.ID, u
	}
	people, err := t.users.ByIDs(ctx, ids)
	if err != nil {
		return err
	}
	show := t.cfg.Get().PrivacySettings
	for _, u := range people {
		sight := model.Visibility{Email: show.ShowEmailAddress || v.Admin(ctx), FullName: show.ShowFullName || v.Admin(ctx)}
		rows[u.ID].User = u.ForOthers(sight)
	}
	type membership struct {
		userID string
		group  *model.Group
	}
	groups, err := db.List(ctx, t.db, func(r db.Row) (membership, error) {
		m := membership{group: &model.Group{}}
		g := m.group
		err := r.Scan(&m.userID, &g.ID, &g.Name, &g.DisplayName, &g.Description, &g.Source, &g.RemoteID,
			&g.CreateAt, &g.UpdateAt, &g.DeleteAt, &g.AllowReference)
		return m, err
	}, `SELECT gm.userid, g.id, g.name, coalesce(g.displayname,''), coalesce(g.description,''), coalesce(g.source,''), g.remoteid,
		coalesce(g.createat,0), coalesce(g.updateat,0), coalesce(g.deleteat,0), coalesce(g.allowreference,false)
		FROM groupmembers gm JOIN usergroups g ON g.id = gm.groupid AND g.deleteat = 0
		WHERE gm.userid = ANY($1) AND gm.deleteat = 0 ORDER BY g.displayname LIMIT $2`, ids, most)
	for _, m := range groups {
		rows[m.userID].Groups = append(rows[m.userID].Groups, m.group)
	}
	return err
}
