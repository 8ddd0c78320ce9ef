package groups

import (
	"context"

	"github.com/parley-chat/parley/internal/db"
)

// What follows from a group's links is done after the change, person by
// person: somebody who can't enter (a full team, a closed account) keeps
// nobody else out. The next change of the group tries again.

// addToLinked adds people of a group (nil: all of them) to the teams and
// channels that take its people in.
func (g *Groups) addToLinked(ctx context.Context, groupID string, userIDs []string) {
	ctx = context.WithoutCancel(ctx)
	teamIDs, err := g.taking(ctx, ofTeam, groupID)
	if err != nil {
		g.log.Error("a group's people were not added to its teams", "group", groupID, "error", err)
		return
	}
	channelIDs, err := g.taking(ctx, ofChannel, groupID)
	if err != nil {
		g.log.Error("a group's people were not added to its channels", "group", groupID, "error", err)
		return
	}
	if len(teamIDs)+len(channelIDs) == 0 {
		return
	}
	if userIDs == nil {
		if userIDs, err = g.everybody(ctx, groupID); err != nil {
			g.log.Error("a group's people were not added", "group", groupID, "error", err)
			return
		}
	}
	for _, teamID := range teamIDs {
		g.joinTeam(ctx, teamID, userIDs)
	}
	for _, channelID := range channelIDs {
		ch, err := g.acc.Channel(ctx, channelID)
		if err != nil || len(userIDs) == 0 {
			continue
		}
		g.joinTeam(ctx, ch.TeamID, userIDs)
		if _, err := g.channels.JoinMany(ctx, "", userIDs, channelID); err != nil {
			g.log.Warn("a group's people could not enter its channel", "channel", channelID, "error", err)
		}
	}
}

func (g *Groups) joinTeam(ctx context.Context, teamID string, userIDs []string) {
	for _, userID := range userIDs {
		if in, err := g.acc.InTeam(ctx, userID, teamID); err == nil && in {
			continue
		}
		if _, err := g.teams.Join(ctx, "", userID, teamID); err != nil {
			g.log.Warn("somebody could not enter their group's team", "team", teamID, "user", userID, "error", err)
		}
	}
}

// taking returns the teams or channels that a group's people are added to.
func (g *Groups) taking(ctx context.Context, k kind, groupID string) ([]string, error) {
	return db.List(ctx, g.db, db.One[string], `SELECT l.`+k.column+` FROM `+k.table+` l JOIN usergroups g ON g.id = l.groupid AND g.deleteat = 0
		WHERE l.groupid = $1 AND l.autoadd = true AND coalesce(l.deleteat,0) = 0 LIMIT $2`, groupID, mostLinks)
}

func (g *Groups) everybody(ctx context.Context, groupID string) ([]string, error) {
	return db.List(ctx, g.db, db.One[string], `SELECT gm.userid FROM groupmembers gm JOIN users u ON u.id = gm.userid AND u.deleteat = 0
		WHERE gm.groupid = $1 AND coalesce(gm.deleteat,0) = 0 LIMIT $2`, groupID, mostMembers)
}

// expelOutside takes people who are in none of their groups any more out of
// the teams and channels that are for the people of a group alone.
func (g *Groups) expelOutside(ctx context.Context, groupID string) {
	ctx = context.WithoutCancel(ctx)
	for _, k := range []kind{ofChannel, ofTeam} {
		list, err := db.List(ctx, g.db, db.One[string], `SELECT `+k.column+` FROM `+k.table+`
			WHERE groupid = $1 AND coalesce(deleteat,0) = 0 LIMIT $2`, groupID, mostLinks)
		if err != nil {
			g.log.Error("people outside of their groups were left in", "group", groupID, "error", err)
		}
		for _, of := range list {
			g.expelFrom(ctx, k, of)
		}
	}
}

// expelFrom is expelOutside for one team or channel. Bots are in no group and
// stay.
func (g *Groups) expelFrom(ctx context.Context, k kind, of string) {
	ctx = context.WithoutCancel(ctx)
	members, whole := `teammembers m JOIN teams w ON w.id = m.teamid`, `coalesce(m.deleteat,0) = 0 AND m.teamid = $1`
	if k == ofChannel {
		members, whole = `channelmembers m JOIN channels w ON w.id = m.channelid`, `m.channelid = $1`
	}
	out, err := db.List(ctx, g.db, db.One[string], `SELECT m.userid FROM `+members+` WHERE `+whole+` AND w.groupconstrained = true
		AND NOT EXISTS (SELECT 1 FROM bots b WHERE b.userid = m.userid)
		AND NOT EXISTS (SELECT 1 FROM `+k.table+` l JOIN usergroups g ON g.id = l.groupid AND g.deleteat = 0
			JOIN groupmembers gm ON gm.groupid = l.groupid AND gm.userid = m.userid AND coalesce(gm.deleteat,0) = 0
			WHERE l.`+k.column+` = $1 AND coalesce(l.deleteat,0) = 0) LIMIT $2`, of, mostIDs)
	if err != nil {
		g.log.Error("people outside of their groups were left in", "of", of, "error", err)
		return
	}
	for _, userID := range out {
		leave := g.teams.Leave
		if k == ofChannel {
			leave = g.channels.Leave
		}
		if err := leave(ctx, "", userID, of); err != nil {
			g.log.Warn("somebody outside of the groups could not be taken out", "of", of, "user", userID, "error", err)
		}
	}
}
