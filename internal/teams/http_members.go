package teams

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/api"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/i18n"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
)

func (t *Teams) mountMembers(r *access.Router) {
	api.Get(r, "/teams/{team_id}/members", access.Session, t.getMembers)
	api.Post(r, "/teams/{team_id}/members", access.Session, t.postMember, api.Created())
	api.Post(r, "/teams/{team_id}/members/ids", access.Reading, t.membersByIDs)
	api.Post(r, "/teams/{team_id}/members/batch", access.Session, t.postMembers, api.Created())
	api.Get(r, "/teams/{team_id}/members/{user_id}", access.Session, t.getMember)
	api.Delete(r, "/teams/{team_id}/members/{user_id}", access.Session, t.deleteMember)
	api.Put(r, "/teams/{team_id}/members/{user_id}/roles", access.Session, t.putRoles)
	api.Put(r, "/teams/{team_id}/members/{user_id}/schemeRoles", access.Session, t.putSchemeRoles)
	api.Get(r, "/teams/{team_id}/members_minus_group_members", access.Needs(access.PermSysconsoleReadUserManagementGroups), t.getMinusGroups)
	api.Get(r, "/teams/{team_id}/stats", access.Session, t.getStats)
	api.Get(r, "/users/{user_id}/teams/members", access.Session, t.getUserMembers)
}

// memberIn is the input of routes about one member.
type memberIn struct {
	TeamID string `path:"team_id"`
	UserID string `path:"user_id"`
}

type getMembersIn struct {
	teamIn
	api.Page
	Sort string `query:"sort"`
	Open bool   `query:"exclude_deleted_users"`
}

func (t *Teams) getMembers(ctx context.Context, v access.Viewer, in getMembersIn) ([]*model.TeamMember, error) {
	if err := v.NeedTeam(ctx, in.TeamID, access.PermViewTeam); err != nil {
		return nil, err
	}
	return t.listMembers(ctx, t.circle(ctx, v, in.TeamID), in.Open, strings.EqualFold(in.Sort, "username"), in.Offset(), in.PerPage)
}

type membersByIDsIn struct {
	teamIn
	IDs []string `body:"json,user_ids"`
}

// idsMost bounds a question about many members.
const idsMost = 5_000

func (t *Teams) membersByIDs(ctx context.Context, v access.Viewer, in membersByIDsIn) ([]*model.TeamMember, error) {
	if len(in.IDs) == 0 || len(in.IDs) > idsMost {
		return nil, fault.InvalidParam("user_ids")
	}
	if err := v.NeedTeam(ctx, in.TeamID, access.PermViewTeam); err != nil {
		return nil, err
	}
	slices.Sort(in.IDs)
	return t.someMembers(ctx, t.circle(ctx, v, in.TeamID), slices.Compact(in.IDs))
}

func (t *Teams) getMember(ctx context.Context, v access.Viewer, in memberIn) (*model.TeamMember, error) {
	if err := v.NeedTeam(ctx, in.TeamID, access.PermViewTeam); err != nil {
		return nil, err
	}
	if err := t.needSight(ctx, v, in.UserID); err != nil {
		return nil, err
	}
	return t.member(ctx, t.db, in.TeamID, in.UserID)
}

func (t *Teams) needSight(ctx context.Context, v access.Viewer, userID string) error {
	seen, err := t.users.CanSee(ctx, v, userID)
	if err == nil && !seen {
		err = fault.NoPermission(string(access.PermViewMembers))
	}
	return err
}

func (t *Teams) getUserMembers(ctx context.Context, v access.Viewer, in userIn) (access.Answer, error) {
	if err := v.NeedUser(ctx, in.UserID); err != nil && !v.Can(ctx, access.PermReadOtherUsersTeams) {
		return access.Answer{}, err
	}
	if v.UserID != in.UserID {
		if err := t.needSight(ctx, v, in.UserID); err != nil {
			return access.Answer{}, err
		}
	}
	return t.acc.Answers.Get(access.AnswerKey{What: "team members", User: in.UserID}, func() (any, []access.Fact, error) {
		list, err := t.members(ctx, t.db, "WHERE m.userid = $1 ORDER BY m.teamid LIMIT $2", in.UserID, most)
		from := []access.Fact{access.UserFact(in.UserID)}
		for _, m := range list {
			from = append(from, access.TeamFact(m.TeamID))
		}
		return list, from, err
	})
}

func (t *Teams) getStats(ctx context.Context, v access.Viewer, in teamIn) (model.TeamStats, error) {
	if err := v.NeedTeam(ctx, in.TeamID, access.PermViewTeam); err != nil {
		return model.TeamStats{}, err
	}
	if _, err := t.acc.Team(ctx, in.TeamID); err != nil {
		return model.TeamStats{}, err
	}
	return t.stats(ctx, t.circle(ctx, v, in.TeamID))
}

type postMemberIn struct {
	teamIn
	Raw []byte `body:"raw"`
}

// postMember adds one person: oneself to a team that lets everybody in, others
// with the permission.
func (t *Teams) postMember(ctx context.Context, v access.Viewer, in postMemberIn) (*model.TeamMember, error) {
	var m model.TeamMember
	if err := api.DecodeJSON(in.Raw, &m); err != nil {
		return nil, fault.Invalid("api.team.add_team_member.invalid_body.app_error").Wrap(err)
	}
	if m.TeamID != in.TeamID {
		return nil, fault.InvalidParam("team_id")
	}
	if !id.Valid(m.UserID) {
		return nil, fault.InvalidParam("user_id")
	}
	if err := t.mayAdd(ctx, v, in.TeamID, m.UserID); err != nil {
		return nil, err
	}
	done, err := t.add(ctx, v, in.TeamID, []string{m.UserID}, false)
	if err != nil {
		return nil, err
	}
	return done[0].member, nil
}

// mayAdd refuses who may not add a user to a team. Whether the team exists is
// told to those alone who may join teams of its kind.
func (t *Teams) mayAdd(ctx context.Context, v access.Viewer, teamID, userID string) error {
	if userID != v.UserID {
		return v.NeedTeam(ctx, teamID, access.PermAddUserToTeam)
	}
	team, err := t.acc.Team(ctx, teamID)
	if err != nil {
		return err
	}
	if team.AllowOpenInvite {
		return v.Need(ctx, access.PermJoinPublicTeams)
	}
	return v.Need(ctx, access.PermJoinPrivateTeams)
}

// add lets people in after the checks that the routes share: groups of a
// constrained team, and the right to bring guests.
func (t *Teams) add(ctx context.Context, v access.Viewer, teamID string, userIDs []string, graceful bool) ([]*admission, error) {
	team, err := t.load(ctx, t.db, teamID)
	if err != nil {
		return nil, err
	}
	if err := t.checkGroups(ctx, team, userIDs); err != nil {
		return nil, err
	}
	if !v.CanTeam(ctx, teamID, access.PermInviteGuest) {
		people, err := t.users.ByIDs(ctx, userIDs)
		if err != nil {
			return nil, err
		}
		if slices.ContainsFunc(people, (*model.User).IsGuest) {
			return nil, fault.NoPermission(string(access.PermInviteGuest))
		}
	}
	done, err := t.admit(ctx, way{byID: v.UserID, graceful: graceful}, team, userIDs)
	if err != nil {
		return nil, err
	}
	for _, a := range done {
		if a.err == nil {
			// These two routes tell the newcomer once more; clients of the
			// protocol have always been told twice.
			t.sayAdded(teamID, a.userID)
		}
	}
	return done, nil
}

type postMembersIn struct {
	teamIn
	Graceful bool                `query:"graceful"`
	Members  []*model.TeamMember `body:"json,members"`
}

// postMembers adds many, and answers with the members, or gracefully with what
// became of each.
func (t *Teams) postMembers(ctx context.Context, v access.Viewer, in postMembersIn) (any, error) {
	switch {
	case len(in.Members) == 0:
		return nil, fault.InvalidParam("members")
	case len(in.Members) > model.TeamAddMembersMax:
		return nil, fault.InvalidParam("too many members in batch")
	}
	ids := make([]string, 0, len(in.Members))
	seen := map[string]bool{}
	for _, m := range in.Members {
		switch {
		case m == nil || !id.Valid(m.UserID):
			return nil, fault.InvalidParam("user_id")
		case m.TeamID != in.TeamID:
			return nil, fault.InvalidParam(fmt.Sprintf("team_id for member with user_id=%s", m.UserID))
		case !seen[m.UserID]:
			seen[m.UserID] = true
			ids = append(ids, m.UserID)
		}
	}
	if err := v.NeedTeam(ctx, in.TeamID, access.PermAddUserToTeam); err != nil {
		return nil, err
	}
	done, err := t.add(ctx, v, in.TeamID, ids, in.Graceful)
	if err != nil {
		return nil, err
	}
	if in.Graceful {
		return gracefully(ctx, done), nil
	}
	list := make([]*model.TeamMember, len(done))
	for i, a := range done {
		list[i] = a.member
	}
	return list, nil
}

func gracefully(ctx context.Context, done []*admission) []model.TeamMemberWithError {
	list := make([]model.TeamMemberWithError, len(done))
	for i, a := range done {
		list[i] = model.TeamMemberWithError{UserID: a.userID, Member: a.member}
		if a.err != nil {
			list[i].Error = told(ctx, a.err)
		}
	}
	return list
}

// told is an error in the middle of an answer, in the reader's language.
func told(ctx context.Context, err error) *model.AppError {
	e := fault.As(err)
	return &model.AppError{ID: e.ID, Message: i18n.T(api.MetaOf(ctx).Locale, e.ID, e.Params), DetailedError: e.Detail, StatusCode: e.Status()}
}

func (t *Teams) deleteMember(ctx context.Context, v access.Viewer, in memberIn) (api.OK, error) {
	if in.UserID != v.UserID {
		if err := v.NeedTeam(ctx, in.TeamID, access.PermRemoveUserFromTeam); err != nil {
			return api.OK{}, err
		}
	}
	team, err := t.acc.Team(ctx, in.TeamID)
	if err != nil {
		return api.OK{}, err
	}
	user, err := t.users.ByID(ctx, in.UserID)
	if err != nil {
		return api.OK{}, err
	}
	if team.GroupConstrained && in.UserID != v.UserID && !user.IsBot {
		return api.OK{}, fault.Invalid("api.team.remove_member.group_constrained.app_error")
	}
	return api.Done(), t.Leave(ctx, v.UserID, in.UserID, in.TeamID)
}
