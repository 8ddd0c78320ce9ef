package teams

import (
	"context"
	"strings"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/model"
)

// shown returns a copy of team with what v may know of it.
func (t *Teams) shown(ctx context.Context, v access.Viewer, team *model.Team) *model.Team {
	c := team.Sanitized(v.CanTeam(ctx, team.ID, access.PermManageTeam), v.CanTeam(ctx, team.ID, access.PermInviteUser))
	return &c
}

// shownAll is shown for a list, with one statement for all of v's roles in it.
// It changes the list, which must be the caller's.
func (t *Teams) shownAll(ctx context.Context, v access.Viewer, list []*model.Team) ([]*model.Team, error) {
	manage, invite := v.Can(ctx, access.PermManageTeam), v.Can(ctx, access.PermInviteUser)
	if manage && invite || len(list) == 0 {
		return list, nil
	}
	ids := make([]string, len(list))
	for i, team := range list {
		ids[i] = team.ID
	}
	mine, err := t.members(ctx, t.db, "WHERE m.userid = $1 AND m.teamid = ANY($2) AND m.deleteat = 0 LIMIT $3", v.UserID, ids, len(ids))
	if err != nil {
		return nil, err
	}
	roles := make(map[string][]string, len(mine))
	for _, m := range mine {
		roles[m.TeamID] = strings.Fields(m.Roles)
	}
	for i, team := range list {
		canManage, err := t.acc.Grants(ctx, roles[team.ID], access.PermManageTeam)
		if err != nil {
			return nil, err
		}
		canInvite, err := t.acc.Grants(ctx, roles[team.ID], access.PermInviteUser)
		if err != nil {
			return nil, err
		}
		c := team.Sanitized(manage || canManage, invite || canInvite)
		list[i] = &c
	}
	return list, nil
}
