package teams

import (
	"context"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/api"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
)

// Mount adds the routes of the slice.
func (t *Teams) Mount(r *access.Router) {
	api.Post(r, "/teams", access.Session, t.postTeam, api.Created())
	api.Get(r, "/teams", access.Session, t.getTeams)
	api.Post(r, "/teams/search", access.Reading, t.searchTeams, api.Sheddable())
	api.Get(r, "/teams/{team_id}", access.Session, t.getTeam)
	api.Get(r, "/teams/name/{team_name}", access.Session, t.getTeamByName)
	api.Get(r, "/teams/name/{team_name}/exists", access.Session, t.getTeamExists)
	api.Put(r, "/teams/{team_id}", access.Session, t.putTeam)
	api.Put(r, "/teams/{team_id}/patch", access.Session, t.patchTeam)
	api.Put(r, "/teams/{team_id}/privacy", access.Session, t.putPrivacy)
	api.Delete(r, "/teams/{team_id}", access.Session, t.deleteTeam)
	api.Post(r, "/teams/{team_id}/restore", access.Session, t.restoreTeam)
	api.Post(r, "/teams/{team_id}/regenerate_invite_id", access.Session, t.regenerateInvite)
	api.Put(r, "/teams/{team_id}/scheme", access.Needs(access.PermSysconsoleWriteUserManagementPermissions), t.putScheme)
	api.Get(r, "/users/{user_id}/teams", access.Session, t.getUserTeams)
	t.mountMembers(r)
	t.mountInvites(r)
	t.mountUnread(r)
	t.mountIcon(r)
}

// teamIn is the input of routes that need no more than a team.
type teamIn struct {
	TeamID string `path:"team_id"`
}

type postTeamIn struct {
	Team model.Team `body:"json,team"`
}

func (t *Teams) postTeam(ctx context.Context, v access.Viewer, in postTeamIn) (*model.Team, error) {
	if !v.Can(ctx, access.PermCreateTeam) {
		return nil, fault.Forbidden("api.team.is_team_creation_allowed.disabled.app_error")
	}
	if in.Team.SchemeID != nil {
		if err := v.Need(ctx, access.PermSysconsoleWriteUserManagementPermissions); err != nil {
			return nil, err
		}
	}
	team, err := t.create(ctx, v, &in.Team)
	if err != nil {
		return nil, err
	}
	return t.shown(ctx, v, team), nil
}

type getTeamsIn struct {
	api.Page
	Count         bool `query:"include_total_count"`
	WithoutPolicy bool `query:"exclude_policy_constrained"`
}

// getTeams answers with a list, or with a model.TeamsWithCount when the total
// was asked for.
func (t *Teams) getTeams(ctx context.Context, v access.Viewer, in getTeamsIn) (any, error) {
	f, err := reach(ctx, v, in.WithoutPolicy)
	if err != nil {
		return nil, err
	}
	if f == nil {
		return nil, fault.Forbidden("api.team.get_all_teams.insufficient_permissions")
	}
	return t.page(ctx, v, *f, in.Page, in.Count)
}

// reach returns the filter of teams that v may list, nil for none.
func reach(ctx context.Context, v access.Viewer, withoutPolicy bool) (*filter, error) {
	f := &filter{withoutPolicy: withoutPolicy, policies: v.Can(ctx, access.PermSysconsoleReadComplianceDataRetentionPolicy)}
	if withoutPolicy && !f.policies {
		return nil, fault.NoPermission(string(access.PermSysconsoleReadComplianceDataRetentionPolicy))
	}
	private, public := v.Can(ctx, access.PermListPrivateTeams), v.Can(ctx, access.PermListPublicTeams)
	switch {
	case private && public:
	case private || public:
		f.open, f.live = &public, true
	default:
		return nil, nil
	}
	return f, nil
}

func (t *Teams) page(ctx context.Context, v access.Viewer, f filter, p api.Page, counted bool) (any, error) {
	list, err := t.list(ctx, f, p.Offset(), p.PerPage)
	if err == nil {
		list, err = t.shownAll(ctx, v, list)
	}
	if err != nil || !counted {
		return list, err
	}
	total, err := t.count(ctx, f)
	return model.TeamsWithCount{Teams: list, TotalCount: total}, err
}

type searchTeamsIn struct {
	Search model.TeamSearch `body:"json,team_search"`
}

// searchTeams pages only for those who may list all teams, as clients know it.
func (t *Teams) searchTeams(ctx context.Context, v access.Viewer, in searchTeamsIn) (any, error) {
	s := in.Search
	f, err := reach(ctx, v, s.ExcludePolicyConstrained != nil && *s.ExcludePolicyConstrained)
	if err != nil {
		return nil, err
	}
	if f == nil {
		return []*model.Team{}, nil
	}
	f.term = s.Term
	paged := s.Page != nil || s.PerPage != nil
	switch {
	case f.open == nil:
		f.open, f.groupConstrained = s.AllowOpenInvite, s.GroupConstrained
		f.constrainedToo = s.IncludeGroupConstrained != nil && *s.IncludeGroupConstrained
	case paged && *f.open:
		return nil, fault.NotImplemented("api.team.search_teams.pagination_not_implemented.public_team_search")
	case paged:
		return nil, fault.NotImplemented("api.team.search_teams.pagination_not_implemented.private_team_search")
	}
	p := api.Page{PerPage: 100}
	if s.PerPage != nil {
		p.PerPage = min(max(*s.PerPage, 1), 200)
	}
	if s.Page != nil {
		p.Page = min(max(*s.Page, 0), 1<<20)
	}
	return t.page(ctx, v, *f, p, s.Page != nil && s.PerPage != nil)
}

func (t *Teams) getTeam(ctx context.Context, v access.Viewer, in teamIn) (*model.Team, error) {
	team, err := t.Visible(ctx, v, in.TeamID)
	if err != nil {
		return nil, err
	}
	return t.shown(ctx, v, team), nil
}

type teamNameIn struct {
	Name string `path:"team_name,text"`
}

func (t *Teams) byName(ctx context.Context, name string) (*model.Team, error) {
	return t.one(ctx, t.db, "app.team.get_by_name.missing.app_error", "t.name = $1", name)
}

func (t *Teams) getTeamByName(ctx context.Context, v access.Viewer, in teamNameIn) (*model.Team, error) {
	team, err := t.byName(ctx, in.Name)
	if err != nil {
		return nil, err
	}
	if err := t.see(ctx, v, team); err != nil {
		return nil, err
	}
	return t.shown(ctx, v, team), nil
}

// getTeamExists tells of a team that v doesn't see nothing but that there is none.
func (t *Teams) getTeamExists(ctx context.Context, v access.Viewer, in teamNameIn) (map[string]bool, error) {
	team, err := t.byName(ctx, in.Name)
	if fault.IsNotFound(err) {
		return map[string]bool{"exists": false}, nil
	}
	if err != nil {
		return nil, err
	}
	member, err := t.acc.InTeam(ctx, v.UserID, team.ID)
	if err != nil {
		return nil, err
	}
	listed := access.PermListPrivateTeams
	if team.AllowOpenInvite {
		listed = access.PermListPublicTeams
	}
	return map[string]bool{"exists": member || v.Can(ctx, listed)}, nil
}

type putTeamIn struct {
	teamIn
	Team model.Team `body:"json,team"`
}

// putTeam changes what a patch could: name, type, owner and invite id have ways
// of their own.
func (t *Teams) putTeam(ctx context.Context, v access.Viewer, in putTeamIn) (*model.Team, error) {
	if in.Team.ID != in.TeamID {
		return nil, fault.InvalidParam("id")
	}
	p := model.TeamPatch{DisplayName: &in.Team.DisplayName, Description: &in.Team.Description, CompanyName: &in.Team.CompanyName,
		AllowedDomains: &in.Team.AllowedDomains, AllowOpenInvite: &in.Team.AllowOpenInvite, GroupConstrained: in.Team.GroupConstrained}
	return t.patchTeam(ctx, v, patchTeamIn{in.teamIn, p})
}

type patchTeamIn struct {
	teamIn
	Patch model.TeamPatch `body:"json,team"`
}

func (t *Teams) patchTeam(ctx context.Context, v access.Viewer, in patchTeamIn) (*model.Team, error) {
	if err := v.NeedTeam(ctx, in.TeamID, access.PermManageTeam); err != nil {
		return nil, err
	}
	team, err := t.patch(ctx, v, in.TeamID, &in.Patch)
	if err != nil {
		return nil, err
	}
	return t.shown(ctx, v, team), nil
}

type putPrivacyIn struct {
	teamIn
	Body struct {
		Privacy string `json:"privacy"`
	} `body:"json,privacy"`
}

func (t *Teams) putPrivacy(ctx context.Context, v access.Viewer, in putPrivacyIn) (*model.Team, error) {
	kind := in.Body.Privacy
	if kind != model.TeamOpen && kind != model.TeamInvite {
		return nil, fault.InvalidParam("privacy")
	}
	if err := t.needManageAndInvite(ctx, v, in.TeamID); err != nil {
		return nil, err
	}
	team, err := t.setPrivacy(ctx, v, in.TeamID, kind)
	if err != nil {
		return nil, err
	}
	return t.shown(ctx, v, team), nil
}

// needManageAndInvite guards what decides who gets in without being asked.
func (t *Teams) needManageAndInvite(ctx context.Context, v access.Viewer, teamID string) error {
	if err := v.NeedTeam(ctx, teamID, access.PermManageTeam); err != nil {
		return err
	}
	return v.NeedTeam(ctx, teamID, access.PermInviteUser)
}

type deleteTeamIn struct {
	teamIn
	Permanent bool `query:"permanent"`
}

func (t *Teams) deleteTeam(ctx context.Context, v access.Viewer, in deleteTeamIn) (api.OK, error) {
	if err := v.NeedTeam(ctx, in.TeamID, access.PermManageTeam); err != nil {
		return api.OK{}, err
	}
	if !in.Permanent {
		return api.Done(), t.archive(ctx, v, in.TeamID)
	}
	if !v.System() && !t.cfg.Get().ServiceSettings.EnableAPITeamDeletion {
		if v.Admin(ctx) {
			return api.OK{}, fault.Unauthenticated("api.user.delete_team.not_enabled.for_admin.app_error")
		}
		return api.OK{}, fault.Unauthenticated("api.user.delete_team.not_enabled.app_error")
	}
	return api.Done(), t.remove(ctx, v, in.TeamID)
}

func (t *Teams) restoreTeam(ctx context.Context, v access.Viewer, in teamIn) (*model.Team, error) {
	if err := v.NeedTeam(ctx, in.TeamID, access.PermManageTeam); err != nil {
		return nil, err
	}
	team, err := t.restore(ctx, v, in.TeamID)
	if err != nil {
		return nil, err
	}
	return t.shown(ctx, v, team), nil
}

func (t *Teams) regenerateInvite(ctx context.Context, v access.Viewer, in teamIn) (*model.Team, error) {
	if err := t.needManageAndInvite(ctx, v, in.TeamID); err != nil {
		return nil, err
	}
	team, err := t.change(ctx, v, in.TeamID, func(team *model.Team) error {
		team.InviteID = id.New()
		return nil
	})
	if err != nil {
		return nil, err
	}
	return t.shown(ctx, v, team), nil
}

type putSchemeIn struct {
	teamIn
	Body model.SchemeIDPatch `body:"json,scheme_id"`
}

func (t *Teams) putScheme(ctx context.Context, v access.Viewer, in putSchemeIn) (api.OK, error) {
	if in.Body.SchemeID == nil || *in.Body.SchemeID != "" && !id.Valid(*in.Body.SchemeID) {
		return api.OK{}, fault.InvalidParam("scheme_id")
	}
	return api.Done(), t.setScheme(ctx, v, in.TeamID, *in.Body.SchemeID)
}

type userIn struct {
	UserID string `path:"user_id"`
}

func (t *Teams) getUserTeams(ctx context.Context, v access.Viewer, in userIn) (any, error) {
	if v.UserID != in.UserID {
		if err := v.Need(ctx, access.PermSysconsoleReadUserManagementUsers); err != nil {
			return nil, err
		}
		return t.shownOf(ctx, v, in.UserID)
	}
	return t.acc.Answers.Get(access.AnswerKey{What: "teams", User: v.UserID}, func() (any, []access.Fact, error) {
		list, err := t.shownOf(ctx, v, v.UserID)
		from := []access.Fact{access.UserFact(v.UserID)}
		for _, team := range list {
			from = append(from, access.TeamFact(team.ID))
		}
		return list, from, err
	})
}

// shownOf returns the teams of a user as v sees them.
func (t *Teams) shownOf(ctx context.Context, v access.Viewer, userID string) ([]*model.Team, error) {
	list, err := t.ofUser(ctx, userID)
	if err != nil {
		return nil, err
	}
	return t.shownAll(ctx, v, list)
}
