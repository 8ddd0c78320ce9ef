package posts

import (
	"context"

	"github.com/parley-chat/parley/internal/db"
)

// groupsNamed returns the ids, by name, of the groups that may be mentioned.
func (p *Posts) groupsNamed(ctx context.Context, names []string) (map[string]string, error) {
	if len(names) == 0 {
		return nil, nil
	}
	type group struct{ id, name string }
	rows, err := db.List(ctx, p.db, func(r db.Row) (g group, err error) { err = r.Scan(&g.id, &g.name); return g, err },
		`SELECT id, name FROM usergroups WHERE name = ANY($1) AND allowreference = true AND coalesce(deleteat,0) = 0 LIMIT $2`,
		names, len(names))
	if err != nil {
		return nil, err
	}
	out := make(map[string]string, len(rows))
	for _, g := range rows {
		out[g.name] = g.id
	}
	return out, nil
}

// groupMembers adds the members of the named groups who are in the channel.
func (t *tally) groupMembers() {
	ids := make([]string, 0, len(t.groupIDs))
	for _, id := range t.groupIDs {
		ids = append(ids, id)
	}
	found, err := db.List(t.ctx, t.p.db, db.One[string], `SELECT DISTINCT gm.userid FROM groupmembers gm
		JOIN channelmembers cm ON cm.userid = gm.userid AND cm.channelid = $2 JOIN users u ON u.id = gm.userid
		WHERE gm.groupid = ANY($1) AND coalesce(gm.deleteat,0) = 0 AND u.deleteat = 0 LIMIT $3`,
		ids, t.channel.ID, keywordMembers)
	if err != nil {
		t.err = err
		return
	}
	t.mean(found)
}
