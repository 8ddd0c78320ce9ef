package sidebar

import (
	"context"
	"slices"

	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/preferences"
)

// listFavourites lists channels that people are in as their favourites:
// channelIDs, or when it is nil those that they prefer. Conversations are listed
// in the board of teamID, or, with "", in all boards that there are.
func listFavourites(ctx context.Context, tx *db.Tx, userIDs []string, teamID string, channelIDs []string) error {
	_, err := tx.Exec(ctx, `INSERT INTO sidebarchannels (channelid, userid, categoryid, sortorder)
		SELECT c.id, m.userid, f.id, coalesce((SELECT max(l.sortorder) FROM sidebarchannels l WHERE l.categoryid = f.id), -10)
			+ 10 * row_number() OVER (PARTITION BY f.id ORDER BY c.id)
		FROM channelmembers m
		JOIN channels c ON c.id = m.channelid
		JOIN sidebarcategories f ON f.userid = m.userid AND f.type = 'favorites' AND coalesce(c.teamid, '') IN (f.teamid, '')
		WHERE m.userid = ANY($1) AND ($2 = '' OR f.teamid = $2) AND (c.id = ANY($3) OR $4 AND EXISTS (SELECT 1 FROM preferences p
			WHERE p.userid = m.userid AND p.category = 'favorite_channel' AND p.name = c.id AND p.value = 'true'))
		ON CONFLICT (channelid, userid, categoryid) DO NOTHING`, userIDs, teamID, channelIDs, channelIDs == nil)
	return err
}

// mirror takes part when preferences are written: what becomes a favourite moves
// from wherever it is listed to the favourites, what no longer is one leaves them.
func (s *Sidebar) mirror(ctx context.Context, tx *db.Tx, c preferences.Change) error {
	prefers := map[string]bool{} // the last word on each channel
	for _, one := range c.Set {
		if one.Category == model.PreferenceCategoryFavoriteChannel {
			prefers[one.Name] = one.Value == "true"
		}
	}
	for _, one := range c.Deleted {
		if one.Category == model.PreferenceCategoryFavoriteChannel {
			prefers[one.Name] = false
		}
	}
	var liked, disliked []string
	for channelID, yes := range prefers {
		if yes {
			liked = append(liked, channelID)
		} else {
			disliked = append(disliked, channelID)
		}
	}
	if len(liked)+len(disliked) == 0 {
		return nil
	}
	if err := s.lock(ctx, tx, c.UserID); err != nil {
		return err
	}
	if len(disliked) > 0 {
		_, err := tx.Exec(ctx, `DELETE FROM sidebarchannels WHERE userid = $1 AND channelid = ANY($2)
			AND categoryid IN (SELECT id FROM sidebarcategories WHERE userid = $1 AND type = 'favorites')`, c.UserID, disliked)
		if err != nil {
			return err
		}
	}
	if len(liked) == 0 {
		return nil
	}
	// Boards that aren't there yet list their favourites when they are made.
	_, err := tx.Exec(ctx, `DELETE FROM sidebarchannels WHERE userid = $1 AND channelid = ANY($2)
		AND categoryid IN (SELECT id FROM sidebarcategories WHERE userid = $1 AND type <> 'favorites')`, c.UserID, liked)
	if err != nil {
		return err
	}
	return listFavourites(ctx, tx, []string{c.UserID}, "", liked)
}

// favouritesMoved writes the preferences of channels that a change of the board
// moved into the favourites or out of them.
func (s *Sidebar) favouritesMoved(ctx context.Context, tx *db.Tx, before, after *board) error {
	was, is := before.kind(model.SidebarFavorites).ChannelIDs, after.kind(model.SidebarFavorites).ChannelIDs
	var liked, disliked []model.Preference
	for _, channelID := range is {
		if !slices.Contains(was, channelID) {
			liked = append(liked, model.Preference{UserID: after.userID, Category: model.PreferenceCategoryFavoriteChannel, Name: channelID, Value: "true"})
		}
	}
	for _, channelID := range was {
		if !slices.Contains(is, channelID) {
			disliked = append(disliked, model.Preference{Category: model.PreferenceCategoryFavoriteChannel, Name: channelID})
		}
	}
	for part := range slices.Chunk(liked, inOneStatement) {
		if err := s.preferences.PutTx(ctx, tx, part); err != nil {
			return err
		}
	}
	for part := range slices.Chunk(disliked, inOneStatement) {
		if err := s.preferences.DeleteTx(ctx, tx, after.userID, part); err != nil {
			return err
		}
	}
	return nil
}
