package teams

import (
	"context"

	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/users"
)

// follow has memberships keep up with what happens to accounts.
func (t *Teams) follow(u *users.Users) {
	u.Invited.Subscribe(func(ctx context.Context, i users.Invited) {
		if _, err := t.join(ctx, way{byID: i.ByID, channels: i.Channels}, i.User.ID, i.TeamID); err != nil {
			t.log.Warn("who signed up by invitation could not enter the team", "user_id", i.User.ID, "team_id", i.TeamID, "error", err)
		}
	})
	u.OnGuestChange(t.changeGuest)
	u.OnDeleting(t.forgetUser)
	u.Promoted.Subscribe(t.sayNewRank)
	u.Demoted.Subscribe(t.sayNewRank)
}

// changeGuest makes somebody a guest, or a full member, in all their teams.
func (t *Teams) changeGuest(ctx context.Context, tx *db.Tx, userID string, guest bool) error {
	in, err := db.List(ctx, tx, db.One[string], `UPDATE teammembers SET schemeguest = $2, schemeuser = $3,
		schemeadmin = (coalesce(schemeadmin,false) AND $3) WHERE userid = $1 RETURNING teamid`, userID, guest, !guest)
	tx.AfterCommit(func() {
		for _, teamID := range in {
			t.acc.ForgetTeamMember(userID, teamID)
		}
	})
	return err
}

// sayNewRank tells somebody's clients of their roles in all their teams.
func (t *Teams) sayNewRank(ctx context.Context, user *model.User) {
	list, err := t.members(ctx, t.db, "WHERE m.userid = $1 AND m.deleteat = 0 ORDER BY m.teamid LIMIT $2", user.ID, most)
	if err != nil {
		t.log.Error("somebody was not told of their roles in teams", "user_id", user.ID, "error", err)
		return
	}
	for _, m := range list {
		t.sayRoles(m)
	}
}

// forgetUser removes the memberships of an account that is removed for good.
func (t *Teams) forgetUser(ctx context.Context, tx *db.Tx, user *model.User) error {
	in, err := db.List(ctx, tx, db.One[string], `DELETE FROM teammembers WHERE userid = $1 RETURNING teamid`, user.ID)
	tx.AfterCommit(func() {
		for _, teamID := range in {
			t.acc.ForgetTeamMember(user.ID, teamID)
			t.hub.LeftTeam(user.ID, teamID)
		}
	})
	return err
}
