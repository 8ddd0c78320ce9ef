package sidebar

import (
	"context"
	"slices"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/channels"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/realtime"
	"github.com/parley-chat/parley/internal/teams"
)

func (s *Sidebar) channelCreated(ctx context.Context, e channels.Created) {
	s.categorise(ctx, e.Channel.ID, e.Channel.TeamID, e.Channel.DefaultCategoryName, e.UserIDs)
}

func (s *Sidebar) channelJoined(ctx context.Context, e *channels.Joined) {
	name, err := db.Value[string](ctx, s.db, `SELECT coalesce(defaultcategoryname, '') FROM channels WHERE id = $1`, e.Channel.ID)
	if err != nil {
		s.log.Error("a channel was joined without looking for its category", "channel", e.Channel.ID, "error", err)
		return
	}
	s.categorise(ctx, e.Channel.ID, e.Channel.TeamID, name, e.UserIDs)
}

// categorise lists a channel that people entered in their category of a name,
// which is made for those who have none. A name of "" leaves it unlisted.
func (s *Sidebar) categorise(ctx context.Context, channelID, teamID, name string, userIDs []string) {
	if name == "" || teamID == "" || len(userIDs) == 0 {
		return
	}
	var made []*model.SidebarCategory
	err := s.db.Tx(ctx, func(tx *db.Tx) (err error) {
		if err = s.lock(ctx, tx, userIDs...); err != nil {
			return err
		}
		if err = insertDefaults(ctx, tx, userIDs, teamID); err != nil {
			return err
		}
		if made, err = insertNamed(ctx, tx, userIDs, teamID, name); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `INSERT INTO sidebarchannels (channelid, userid, categoryid, sortorder)
			SELECT $1, c.userid, min(c.id), coalesce((SELECT max(l.sortorder) FROM sidebarchannels l WHERE l.categoryid = min(c.id)), -10) + 10
			FROM sidebarcategories c WHERE c.userid = ANY($2) AND c.teamid = $3 AND c.type = 'custom' AND c.displayname = $4 GROUP BY c.userid
			ON CONFLICT (channelid, userid, categoryid) DO NOTHING`, channelID, userIDs, teamID, name)
		return err
	})
	if err != nil {
		s.log.Error("a channel is not in the category that it names", "channel", channelID, "error", err)
		return
	}
	for _, c := range made {
		s.hub.Publish(realtime.Event{Name: model.EventSidebarCategoryCreated, Data: map[string]any{"category_id": c.ID},
			To: realtime.Audience{UserID: c.UserID, TeamID: teamID}})
	}
}

// insertNamed makes a custom category after the favourites for those who have
// none of that name, and room for one more.
func insertNamed(ctx context.Context, tx *db.Tx, userIDs []string, teamID, name string) ([]*model.SidebarCategory, error) {
	lacking, err := db.List(ctx, tx, db.One[string], `SELECT userid FROM sidebarcategories WHERE userid = ANY($1) AND teamid = $2
		GROUP BY userid HAVING count(*) < $4 AND max(CASE WHEN type = 'custom' AND displayname = $3 THEN 1 ELSE 0 END) = 0 LIMIT $5`,
		userIDs, teamID, name, maxCategories, len(userIDs))
	if err != nil || len(lacking) == 0 {
		return nil, err
	}
	_, err = tx.Exec(ctx, `UPDATE sidebarcategories SET sortorder = sortorder + 10 WHERE userid = ANY($1) AND teamid = $2 AND sortorder >= 10`,
		lacking, teamID)
	if err != nil {
		return nil, err
	}
	made := make([]*model.SidebarCategory, len(lacking))
	for i, userID := range lacking {
		made[i] = &model.SidebarCategory{ID: id.New(), UserID: userID, TeamID: teamID, Type: model.SidebarCustom, DisplayName: name,
			SortOrder: model.SidebarOrderStep}
	}
	return made, saveCategories(ctx, tx, made, "NOTHING")
}

// channelLeft takes a channel off the boards of those who left it.
func (s *Sidebar) channelLeft(ctx context.Context, e *channels.Left) {
	for part := range slices.Chunk(e.UserIDs, inOneStatement) {
		_, err := s.db.Exec(ctx, `DELETE FROM sidebarchannels WHERE channelid = $1 AND userid = ANY($2)`, e.Channel.ID, part)
		s.changed(part)
		if err != nil {
			s.log.Error("a channel is still listed for those who left it", "channel", e.Channel.ID, "error", err)
		}
	}
}

// unlistEverywhere takes a channel off all boards.
func (s *Sidebar) unlistEverywhere(ctx context.Context, channelID string) {
	if _, err := s.db.Exec(ctx, `DELETE FROM sidebarchannels WHERE channelid = $1`, channelID); err != nil {
		s.log.Error("a channel is still listed in sidebars", "channel", channelID, "error", err)
	}
	s.acc.Answers.Changed(access.Anything)
}

// teamLeft removes the board of who left a team.
func (s *Sidebar) teamLeft(ctx context.Context, e teams.Left) {
	s.removeBoards(ctx, `userid = $1 AND teamid = $2`, e.UserID, e.TeamID)
}

// teamDeleted removes everybody's boards in a team.
func (s *Sidebar) teamDeleted(ctx context.Context, e teams.Changed) {
	s.removeBoards(ctx, `teamid = $1`, e.Team.ID)
}

func (s *Sidebar) removeBoards(ctx context.Context, where string, args ...any) {
	err := s.db.Tx(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `DELETE FROM sidebarchannels WHERE categoryid IN (SELECT id FROM sidebarcategories WHERE `+where+`)`, args...)
		if err == nil {
			_, err = tx.Exec(ctx, `DELETE FROM sidebarcategories WHERE `+where, args...)
		}
		return err
	})
	if err != nil {
		s.log.Error("categories are left behind", "of", args, "error", err)
	}
	s.acc.Answers.Changed(access.Anything)
}

// userDeleted removes what a removed account had.
func (s *Sidebar) userDeleted(ctx context.Context, tx *db.Tx, user *model.User) error {
	for _, sql := range []string{`DELETE FROM sidebarchannels WHERE categoryid IN (SELECT id FROM sidebarcategories WHERE userid = $1)`,
		`DELETE FROM sidebarcategories WHERE userid = $1`} {
		if _, err := tx.Exec(ctx, sql, user.ID); err != nil {
			return err
		}
	}
	return nil
}
