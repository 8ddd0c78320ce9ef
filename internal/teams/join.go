package teams

import (
	"context"
	"strings"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/realtime"
)

// Join makes a user a member of a team and tells everybody who follows. byUserID
// is who let them in, "" when they came by themselves. A member stays one: that
// is no error and no news. Fails with 404 for an unknown team or user, 400 when
// the team is full or its allowed mail domains leave the user out.
func (t *Teams) Join(ctx context.Context, byUserID, userID, teamID string) (*model.TeamMember, error) {
	return t.join(ctx, way{byID: byUserID}, userID, teamID)
}

// way is how people come into a team.
type way struct {
	byID     string
	channels []string // ids, of an invitation
	// graceful lets those in who may enter, whatever becomes of the others.
	graceful bool
	// before runs in the transaction, before anybody enters.
	before func(tx *db.Tx) error
}

func (t *Teams) join(ctx context.Context, w way, userID, teamID string) (*model.TeamMember, error) {
	team, err := t.load(ctx, t.db, teamID)
	if err != nil {
		return nil, err
	}
	done, err := t.admit(ctx, w, team, []string{userID})
	if err != nil {
		return nil, err
	}
	return done[0].member, nil
}

// admission is what became of one person who wanted into a team.
type admission struct {
	userID string
	member *model.TeamMember
	err    error // why they were left out, of a graceful admission
	fresh  bool  // they were no member before
}

// admit makes people members of a team, in one transaction, and tells who
// follows. The results are in the order of userIDs. Unless the way is graceful,
// one who may not enter keeps all out.
func (t *Teams) admit(ctx context.Context, w way, team *model.Team, userIDs []string) ([]*admission, error) {
	if team.DeleteAt != 0 {
		return nil, fault.NotFound("app.team.get.find.app_error")
	}
	found, err := t.users.ByIDs(ctx, userIDs)
	if err != nil {
		return nil, err
	}
	people := make(map[string]*model.User, len(found))
	for _, u := range found {
		people[u.ID] = u
	}
	var done []*admission
	err = t.db.Tx(ctx, func(tx *db.Tx) (err error) {
		done, err = t.enter(ctx, tx, w, team, people, userIDs)
		if err != nil {
			return err
		}
		tx.AfterCommit(func() { t.entered(team.ID, done) })
		return nil
	})
	if err != nil {
		return nil, err
	}
	if err := t.welcome(ctx, w, team.ID, done); err != nil {
		return nil, err
	}
	return done, nil
}

// welcome tells who follows, and the newcomers themselves, that they are in.
func (t *Teams) welcome(ctx context.Context, w way, teamID string, done []*admission) error {
	people := Joined{TeamID: teamID, ByID: w.byID, Channels: w.channels}
	guests := Joined{TeamID: teamID, ByID: w.byID, Channels: w.channels, Guests: true}
	for _, a := range done {
		if !a.fresh {
			continue
		}
		if err := t.nameRoles(ctx, a.member); err != nil {
			return err
		}
		to := &people
		if a.member.SchemeGuest {
			to = &guests
		}
		to.UserIDs = append(to.UserIDs, a.userID)
		if a.member.SchemeAdmin {
			to.Admins = append(to.Admins, a.userID)
		}
	}
	for _, e := range []Joined{people, guests} {
		if len(e.UserIDs) == 0 {
			continue
		}
		t.Joined.Publish(ctx, e)
		for _, userID := range e.UserIDs {
			t.sayAdded(teamID, userID)
		}
	}
	return nil
}

// nameRoles fills in the names of a member's roles.
func (t *Teams) nameRoles(ctx context.Context, m *model.TeamMember) error {
	names, err := t.acc.TeamRoles(ctx, access.Member{Present: true, SchemeGuest: m.SchemeGuest, SchemeUser: m.SchemeUser,
		SchemeAdmin: m.SchemeAdmin, Explicit: m.ExplicitRoles}, m.TeamID)
	m.Roles = strings.Join(names, " ")
	return err
}

// enter is the part of admit inside the transaction.
func (t *Teams) enter(ctx context.Context, tx *db.Tx, w way, team *model.Team, people map[string]*model.User, userIDs []string) ([]*admission, error) {
	if w.before != nil {
		if err := w.before(tx); err != nil {
			return nil, err
		}
	}
	// Two who enter at once must not both see the last free place.
	if err := tx.Lock(ctx, "members of team "+team.ID); err != nil {
		return nil, err
	}
	rows, err := t.members(ctx, tx, "WHERE m.teamid = $1 AND m.userid = ANY($2) LIMIT $3", team.ID, userIDs, len(userIDs))
	if err != nil {
		return nil, err
	}
	was := make(map[string]*model.TeamMember, len(rows))
	for _, m := range rows {
		was[m.UserID] = m
	}
	active, err := activeMembers(ctx, tx, team.ID)
	if err != nil {
		return nil, err
	}
	admins, err := groupAdmins(ctx, tx, team.ID, userIDs)
	if err != nil {
		return nil, err
	}
	now := id.Now()
	free := int64(t.cfg.Get().TeamSettings.MaxUsersPerTeam) - active
	done := make([]*admission, 0, len(userIDs))
	var fresh []*model.TeamMember
	for _, userID := range userIDs {
		a := &admission{userID: userID}
		done = append(done, a)
		u, m := people[userID], was[userID]
		if m != nil && m.DeleteAt == 0 {
			a.member = m
			continue
		}
		if a.err = t.refusal(team, u, m != nil, free); a.err != nil {
			if !w.graceful {
				return nil, a.err
			}
			continue
		}
		if u.DeleteAt == 0 {
			free--
		}
		a.fresh = true
		a.member = &model.TeamMember{TeamID: team.ID, UserID: userID, SchemeGuest: u.IsGuest(), SchemeUser: !u.IsGuest(),
			SchemeAdmin: !u.IsGuest() && (admins[userID] || owner(team, u)), CreateAt: now}
		fresh = append(fresh, a.member)
	}
	return done, putMembers(ctx, tx, fresh)
}

// owner reports whether the team is the user's own: who made it is its
// administrator whenever they come back. An account that is younger than the team
// can't have made it, whatever its address.
func owner(team *model.Team, u *model.User) bool {
	return team.Email != "" && team.Email == u.Email && u.CreateAt <= team.CreateAt
}

// refusal says why a user can't enter; nil when they can.
func (t *Teams) refusal(team *model.Team, u *model.User, again bool, free int64) error {
	switch {
	case u == nil:
		return fault.NotFound("api.team.user.missing_account")
	case !t.domainAllowed(team, u):
		return fault.Invalid("api.team.join_user_to_team.allowed_domains.app_error")
	case free <= 0 && u.DeleteAt == 0 && again:
		return fault.Invalid("app.team.join_user_to_team.max_accounts.app_error")
	case free <= 0 && u.DeleteAt == 0:
		return fault.Invalid("app.team.join_user_to_team.save_member.max_accounts.app_error")
	}
	return nil
}

// entered tells the caches and the websockets of new members.
func (t *Teams) entered(teamID string, done []*admission) {
	for _, a := range done {
		if a.fresh {
			t.acc.ForgetTeamMember(a.userID, teamID)
			t.hub.JoinedTeam(a.userID, teamID)
		}
	}
}

// sayAdded tells a user's clients that they are in a team.
func (t *Teams) sayAdded(teamID, userID string) {
	t.hub.Publish(realtime.Event{Name: "added_to_team", Data: map[string]string{"team_id": teamID, "user_id": userID},
		To: realtime.Audience{UserID: userID}})
}

// Leave ends a membership and tells everybody who follows; byUserID is who
// removed them, "" or the user when they went by themselves. One that has ended
// already is no error and no news. Fails with 400 when there never was one.
func (t *Teams) Leave(ctx context.Context, byUserID, userID, teamID string) error {
	gone := false
	err := t.db.Tx(ctx, func(tx *db.Tx) error {
		m, err := t.member(ctx, tx, teamID, userID)
		if fault.IsNotFound(err) {
			return fault.Invalid("api.team.remove_user_from_team.missing.app_error")
		}
		if err != nil || m.DeleteAt != 0 {
			return err
		}
		n, err := db.Exec(ctx, tx, `UPDATE teammembers SET deleteat = $3, roles = '' WHERE teamid = $1 AND userid = $2 AND deleteat = 0`,
			teamID, userID, id.Now())
		if err != nil || n == 0 {
			return err
		}
		tx.AfterCommit(func() {
			gone = true
			t.acc.ForgetTeamMember(userID, teamID)
			t.hub.LeftTeam(userID, teamID)
		})
		return nil
	})
	if err != nil || !gone {
		return err
	}
	t.Left.Publish(ctx, Left{TeamID: teamID, UserID: userID, ByID: byUserID})
	data := map[string]string{"team_id": teamID, "user_id": userID}
	t.hub.Publish(realtime.Event{Name: "leave_team", Data: data, To: realtime.Audience{UserID: userID}})
	t.hub.Publish(realtime.Event{Name: "leave_team", Data: data, To: realtime.Audience{TeamID: teamID, OmitUsers: map[string]bool{userID: true}}})
	return nil
}
