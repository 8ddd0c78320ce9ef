package sidebar

import (
	"context"
	"slices"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/model"
)

// maxListed bounds the rows that one board is read from.
const maxListed = 50_000

// stored reads a board as its rows have it: without the channels that are listed
// nowhere, with those that the person has left meanwhile.
func stored(ctx context.Context, q db.Querier, userID, teamID string) (*board, error) {
	b := &board{userID: userID, teamID: teamID}
	type row struct {
		model.SidebarCategory
		channelID string
	}
	rows, err := db.List(ctx, q, func(r db.Row) (c row, err error) {
		err = r.Scan(&c.ID, &c.UserID, &c.TeamID, &c.SortOrder, &c.Sorting, &c.Type, &c.DisplayName, &c.Muted, &c.Collapsed, &c.channelID)
		return c, err
	}, `SELECT c.id, c.userid, c.teamid, coalesce(c.sortorder, 0), coalesce(c.sorting, ''), coalesce(c.type, ''), coalesce(c.displayname, ''),
		coalesce(c.muted, false), coalesce(c.collapsed, false), coalesce(l.channelid, '')
		FROM sidebarcategories c LEFT JOIN sidebarchannels l ON l.categoryid = c.id AND l.userid = c.userid
		WHERE c.userid = $1 AND c.teamid = $2 ORDER BY c.sortorder, c.id, l.sortorder, l.channelid LIMIT $3`, userID, teamID, maxListed)
	if err != nil {
		return nil, err
	}
	for _, r := range rows {
		if n := len(b.list); n == 0 || b.list[n-1].ID != r.ID {
			b.list = append(b.list, &model.SidebarCategoryWithChannels{SidebarCategory: r.SidebarCategory, ChannelIDs: []string{}})
		}
		if r.channelID != "" {
			last := b.list[len(b.list)-1]
			last.ChannelIDs = append(last.ChannelIDs, r.channelID)
		}
	}
	return b, nil
}

// whole reports whether the three categories that every board has are there.
func (b *board) whole() bool {
	return b.kind(model.SidebarFavorites) != nil && b.kind(model.SidebarChannels) != nil && b.kind(model.SidebarDirectMessages) != nil
}

// openBoard locks a person's sidebar until the end of tx and reads the board of
// a team, made now if it wasn't there.
func (s *Sidebar) openBoard(ctx context.Context, tx *db.Tx, userID, teamID string) (*board, error) {
	if err := s.lock(ctx, tx, userID); err != nil {
		return nil, err
	}
	b, err := stored(ctx, tx, userID, teamID)
	if err != nil || b.whole() {
		return b, err
	}
	if err := insertDefaults(ctx, tx, []string{userID}, teamID); err != nil {
		return nil, err
	}
	return stored(ctx, tx, userID, teamID)
}

// lock has the writes of these people's sidebars come one after the other, and
// what was remembered of them forgotten after the last.
func (s *Sidebar) lock(ctx context.Context, tx *db.Tx, userIDs ...string) error {
	tx.AfterCommit(func() { s.changed(userIDs) })
	userIDs = slices.Sorted(slices.Values(userIDs)) // in one order, or two could wait for each other
	for _, userID := range userIDs {
		if err := tx.Lock(ctx, "sidebar "+userID); err != nil {
			return err
		}
	}
	return nil
}

// changed has the boards of these people read anew.
func (s *Sidebar) changed(userIDs []string) {
	from := make([]access.Fact, len(userIDs))
	for i, userID := range userIDs {
		from[i] = boardsOf(userID)
	}
	s.acc.Answers.Changed(from...)
}

// defaults are the categories that every board begins with.
var defaults = []model.SidebarCategory{
	{Type: model.SidebarFavorites, DisplayName: "Favorites", SortOrder: model.SidebarOrderFavorites},
	{Type: model.SidebarChannels, DisplayName: "Channels", SortOrder: model.SidebarOrderChannels},
	{Type: model.SidebarDirectMessages, DisplayName: "Direct Messages", SortOrder: model.SidebarOrderDirectMessages, Sorting: model.SidebarSortRecent},
}

// insertDefaults makes the boards of people in a team as far as they aren't
// there. Favourites that they have already as preferences are listed.
func insertDefaults(ctx context.Context, tx *db.Tx, userIDs []string, teamID string) error {
	var list []*model.SidebarCategory
	for _, userID := range userIDs {
		for _, c := range defaults {
			c.ID, c.UserID, c.TeamID = model.SidebarCategoryID(c.Type, userID, teamID), userID, teamID
			list = append(list, &c)
		}
	}
	if err := saveCategories(ctx, tx, list, "NOTHING"); err != nil {
		return err
	}
	return listFavourites(ctx, tx, userIDs, teamID, nil)
}

// saveAll writes the categories of a board.
func (b *board) saveAll(ctx context.Context, tx *db.Tx) error {
	list := make([]*model.SidebarCategory, len(b.list))
	for i, c := range b.list {
		list[i] = &c.SidebarCategory
	}
	return saveCategories(ctx, tx, list, overwrite)
}

// overwrite is what a category takes over from a newer state of it.
const overwrite = `UPDATE SET sortorder = excluded.sortorder, sorting = excluded.sorting, displayname = excluded.displayname,
	muted = excluded.muted, collapsed = excluded.collapsed`

// inOneStatement is how many rows a statement inserts at most.
const inOneStatement = 1000

func saveCategories(ctx context.Context, tx *db.Tx, list []*model.SidebarCategory, conflict string) error {
	for part := range slices.Chunk(list, inOneStatement) {
		args := make([]any, 0, 9*len(part))
		for _, c := range part {
			args = append(args, c.ID, c.UserID, c.TeamID, c.SortOrder, c.Sorting, c.Type, c.DisplayName, c.Muted, c.Collapsed)
		}
		_, err := tx.Exec(ctx, `INSERT INTO sidebarcategories (id, userid, teamid, sortorder, sorting, type, displayname, muted, collapsed) VALUES `+
			db.Tuples(len(part), 9, 0)+` ON CONFLICT (id) DO `+conflict, args...)
		if err != nil {
			return err
		}
	}
	return nil
}

// relist writes the channels of some categories of b anew: each listed in its
// category and in no other of the board.
func (b *board) relist(ctx context.Context, tx *db.Tx, list []*model.SidebarCategoryWithChannels) error {
	var moved, emptied []string
	var args []any
	for _, c := range list {
		emptied = append(emptied, c.ID)
		moved = append(moved, c.ChannelIDs...)
		for i, channelID := range c.ChannelIDs {
			args = append(args, channelID, b.userID, c.ID, int64(i)*model.SidebarOrderStep)
		}
	}
	_, err := tx.Exec(ctx, `DELETE FROM sidebarchannels WHERE userid = $1 AND (categoryid = ANY($2) OR categoryid = ANY($3) AND channelid = ANY($4))`,
		b.userID, emptied, b.order(), moved)
	if err != nil {
		return err
	}
	for part := range slices.Chunk(args, 4*inOneStatement) {
		_, err := tx.Exec(ctx, `INSERT INTO sidebarchannels (channelid, userid, categoryid, sortorder) VALUES `+db.Tuples(len(part)/4, 4, 0)+
			` ON CONFLICT (channelid, userid, categoryid) DO UPDATE SET sortorder = excluded.sortorder`, part...)
		if err != nil {
			return err
		}
	}
	return nil
}
