package groups

import (
	"context"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
)

// mostMembers bounds the people of one group.
const mostMembers = 10_000

// changeMembers adds people to a custom group or takes them out, and returns
// the memberships that changed. Who is in already, or not in, stays so.
func (g *Groups) changeMembers(ctx context.Context, v access.Viewer, groupID string, userIDs []string, add bool) ([]*model.GroupMember, error) {
	gr, err := g.own(ctx, v, groupID, access.PermManageCustomGroupMembers)
	if err != nil {
		return nil, err
	}
	if gr.DeleteAt != 0 {
		return nil, errNoGroup
	}
	people, err := g.people(ctx, v, userIDs)
	if err != nil {
		return nil, err
	}
	now := id.Now()
	var changed []*model.GroupMember
	err = g.db.Tx(ctx, func(tx *db.Tx) (err error) {
		if add {
			changed, err = enter(ctx, tx, groupID, people, now)
		} else {
			changed, err = leave(ctx, tx, groupID, people, now)
		}
		if err != nil || len(changed) == 0 {
			return err
		}
		gr.UpdateAt = max(now, gr.UpdateAt+1)
		return update(ctx, tx, gr)
	})
	if err != nil {
		return nil, err
	}
	if len(changed) == 0 {
		return changed, nil
	}
	if err := g.retell(ctx, gr); err != nil {
		return nil, err
	}
	event := model.EventGroupMemberDeleted
	if add {
		event = model.EventGroupMemberAdd
	}
	ids := make([]string, len(changed))
	for i, m := range changed {
		ids[i] = m.UserID
		g.tellMember(event, m)
	}
	if add {
		g.addToLinked(ctx, groupID, ids)
	} else {
		g.expelOutside(ctx, groupID)
	}
	return changed, nil
}

// memberIDs returns the members of each group whom v may know of, by username.
func (g *Groups) memberIDs(ctx context.Context, v access.Viewer, groupIDs []string) (map[string][]string, error) {
	type row struct{ group, user string }
	rows, err := db.List(ctx, g.db, func(r db.Row) (x row, err error) { return x, r.Scan(&x.group, &x.user) },
		`SELECT gm.groupid, gm.userid FROM groupmembers gm JOIN users u ON u.id = gm.userid AND u.deleteat = 0
		WHERE gm.groupid = ANY($1) AND coalesce(gm.deleteat,0) = 0 ORDER BY u.username LIMIT $2`, groupIDs, mostIDs)
	if err != nil {
		return nil, err
	}
	all := make([]string, len(rows))
	for i, x := range rows {
		all[i] = x.user
	}
	seen, err := g.users.Seen(ctx, v, all)
	if err != nil {
		return nil, err
	}
	known := make(map[string]bool, len(seen))
	for _, userID := range seen {
		known[userID] = true
	}
	out := make(map[string][]string, len(groupIDs))
	for _, x := range rows {
		if known[x.user] {
			out[x.group] = append(out[x.group], x.user)
		}
	}
	return out, nil
}
