package teams

import (
	"context"
	"fmt"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/model"
)

// circle is the members of a team whom a viewer may know of: all of them, or for
// guests themselves and those with whom they share a channel.
type circle struct {
	teamID string
	viewer string // "" when all may be seen
}

func (t *Teams) circle(ctx context.Context, v access.Viewer, teamID string) circle {
	if v.CanTeam(ctx, teamID, access.PermViewMembers) {
		return circle{teamID: teamID}
	}
	return circle{teamID: teamID, viewer: v.UserID}
}

// where is the condition over m that keeps to the circle, and its arguments.
func (c circle) where() (string, []any) {
	cond := `m.teamid = $1 AND m.deleteat = 0`
	if c.viewer == "" {
		return cond, []any{c.teamID}
	}
	return cond + ` AND (m.userid = $2 OR EXISTS (SELECT 1 FROM channelmembers mine JOIN channelmembers theirs ON theirs.channelid = mine.channelid
		WHERE mine.userid = $2 AND theirs.userid = m.userid))`, []any{c.teamID, c.viewer}
}

// listMembers returns a page of a circle, as they came or by name; open leaves
// closed accounts out.
func (t *Teams) listMembers(ctx context.Context, c circle, open, byName bool, offset, limit int) ([]*model.TeamMember, error) {
	cond, args := c.where()
	order, join := "m.createat, m.userid", ""
	if open || byName {
		join = "JOIN users u ON u.id = m.userid "
	}
	if open {
		cond += " AND u.deleteat = 0"
	}
	if byName {
		order = "u.username"
	}
	rest := fmt.Sprintf("%sWHERE %s ORDER BY %s LIMIT $%d OFFSET $%d", join, cond, order, len(args)+1, len(args)+2)
	return t.members(ctx, t.db, rest, append(args, limit, offset)...)
}

// someMembers returns those of a circle who are among userIDs.
func (t *Teams) someMembers(ctx context.Context, c circle, userIDs []string) ([]*model.TeamMember, error) {
	cond, args := c.where()
	rest := fmt.Sprintf("WHERE %s AND m.userid = ANY($%d) ORDER BY m.userid LIMIT $%d", cond, len(args)+1, len(args)+2)
	return t.members(ctx, t.db, rest, append(args, userIDs, len(userIDs))...)
}

// stats counts a circle.
func (t *Teams) stats(ctx context.Context, c circle) (model.TeamStats, error) {
	cond, args := c.where()
	return db.Get(ctx, t.db, func(r db.Row) (model.TeamStats, error) {
		s := model.TeamStats{TeamID: c.teamID}
		err := r.Scan(&s.TotalMemberCount, &s.ActiveMemberCount)
		return s, err
	}, `SELECT count(*), coalesce(sum(CASE WHEN u.deleteat = 0 THEN 1 ELSE 0 END),0) FROM teammembers m JOIN users u ON u.id = m.userid WHERE `+cond, args...)
}
