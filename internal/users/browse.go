package users

import (
	"context"
	"strings"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/api"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
)

// browseIn are the filters of GET /users; all that are given must hold.
type browseIn struct {
	api.Page
	InTeam           string `query:"in_team"`
	NotInTeam        string `query:"not_in_team"`
	InChannel        string `query:"in_channel"`
	NotInChannel     string `query:"not_in_channel"`
	InGroup          string `query:"in_group"`
	NotInGroup       string `query:"not_in_group"`
	GroupConstrained bool   `query:"group_constrained"`
	WithoutTeam      bool   `query:"without_team"`
	Active           bool   `query:"active"`
	Inactive         bool   `query:"inactive"`
	Role             string `query:"role"`
	Roles            string `query:"roles"`
	TeamRoles        string `query:"team_roles"`
	ChannelRoles     string `query:"channel_roles"`
	Sort             string `query:"sort"`
}

// browse answers GET /users.
func (u *Users) browse(ctx context.Context, v access.Viewer, in browseIn) (api.Tagged[userList], error) {
	var none api.Tagged[userList]
	if err := in.check(); err != nil {
		return none, err
	}
	if err := u.mayBrowse(ctx, v, scope{in.InTeam, in.NotInTeam, in.InChannel, in.NotInChannel, in.InGroup, in.NotInGroup, in.WithoutTeam}); err != nil {
		return none, err
	}
	f := u.newFilter()
	if err := u.narrow(ctx, v, f, in); err != nil {
		return none, err
	}
	found, err := u.page(ctx, f, in)
	if err != nil {
		return none, err
	}
	out := api.Tagged[userList]{Value: u.shownAll(ctx, v, found)}
	if in.InChannel == "" && in.NotInChannel == "" {
		out.Etag = u.etag(ctx, v, out.Value...)
	}
	return out, nil
}

// check refuses what contradicts itself, as the protocol says.
func (in *browseIn) check() error {
	for _, p := range []struct{ name, value string }{{"in_team", in.InTeam}, {"not_in_team", in.NotInTeam}, {"in_channel", in.InChannel},
		{"not_in_channel", in.NotInChannel}, {"in_group", in.InGroup}, {"not_in_group", in.NotInGroup}} {
		if p.value != "" && !id.Valid(p.value) {
			return fault.InvalidURLParam(p.name)
		}
	}
	if in.NotInChannel != "" && in.InTeam == "" {
		return fault.InvalidURLParam("team_id")
	}
	if in.Active && in.Inactive {
		return fault.InvalidURLParam("inactive")
	}
	if in.Role != "" && !model.ValidRoleName(in.Role) {
		return fault.InvalidURLParam("role")
	}
	for _, p := range []struct{ name, value string }{{"roles", in.Roles}, {"teamRoles", in.TeamRoles}, {"channelRoles", in.ChannelRoles}} {
		for _, name := range names(p.value) {
			if !model.ValidRoleName(name) {
				return fault.InvalidParam(p.name)
			}
		}
	}
	return in.checkSort()
}

func (in *browseIn) checkSort() error {
	ok := false
	switch in.Sort {
	case "":
		ok = true
	case "last_activity_at", "create_at": // of a team alone
		ok = in.InTeam != "" && in.NotInTeam == "" && in.InChannel == "" && in.NotInChannel == "" && in.InGroup == "" && in.NotInGroup == "" && !in.WithoutTeam
	case "status", "admin":
		ok = in.InChannel != ""
	case "display_name":
		ok = in.InGroup != "" && in.InTeam == "" && in.NotInTeam == "" && in.InChannel == "" && in.NotInChannel == "" && in.NotInGroup == "" && !in.WithoutTeam
	}
	if !ok {
		return fault.InvalidURLParam("sort")
	}
	return nil
}

// names splits a list of names at its commas.
func names(list string) []string {
	return strings.FieldsFunc(list, func(r rune) bool { return r == ',' || r == ' ' })
}

// scope are the places that a list of users is asked for.
type scope struct {
	inTeam, notInTeam, inChannel, notInChannel, inGroup, notInGroup string
	withoutTeam                                                     bool
}

// mayBrowse asks the permission for each place whose members are asked for.
func (u *Users) mayBrowse(ctx context.Context, v access.Viewer, s scope) error {
	if s.withoutTeam {
		if err := v.Need(ctx, access.PermListUsersWithoutTeam); err != nil {
			return err
		}
	}
	for _, channelID := range []string{s.inChannel, s.notInChannel} {
		if channelID != "" {
			if err := v.NeedChannel(ctx, channelID, access.PermReadChannel); err != nil {
				return err
			}
		}
	}
	for _, teamID := range []string{s.inTeam, s.notInTeam} {
		if teamID != "" {
			if err := v.NeedTeam(ctx, teamID, access.PermViewTeam); err != nil {
				return err
			}
		}
	}
	for _, groupID := range []string{s.inGroup, s.notInGroup} {
		if groupID != "" {
			if err := u.mayBrowseGroup(ctx, v, groupID); err != nil {
				return err
			}
		}
	}
	return nil
}

// mayBrowseGroup lets everybody see who is in a group that people made; those
// of a directory are for the console.
func (u *Users) mayBrowseGroup(ctx context.Context, v access.Viewer, groupID string) error {
	custom := false
	if u.cfg.Get().ServiceSettings.EnableCustomGroups {
		var err error
		if custom, err = db.Value[bool](ctx, u.db, `SELECT EXISTS (SELECT 1 FROM usergroups WHERE id = $1 AND source = $2)`,
			groupID, model.GroupSourceCustom); err != nil {
			return err
		}
	}
	if custom {
		return nil
	}
	return v.Need(ctx, access.PermSysconsoleReadUserManagementGroups)
}

func (u *Users) narrow(ctx context.Context, v access.Viewer, f *filter, in browseIn) error {
	if in.InTeam != "" {
		f.inTeam(in.InTeam)
	}
	if in.InChannel != "" {
		f.inChannel(in.InChannel)
	}
	if in.InGroup != "" {
		f.inGroup(in.InGroup)
	}
	if in.NotInTeam != "" {
		f.notInTeam(in.NotInTeam)
	}
	if in.NotInChannel != "" {
		f.notInChannel(in.NotInChannel)
	}
	if in.NotInGroup != "" {
		f.notInGroup(in.NotInGroup)
	}
	if in.WithoutTeam {
		f.withoutTeam()
	}
	if in.GroupConstrained {
		f.groupConstrained(firstOf(in.InTeam, in.NotInTeam), firstOf(in.InChannel, in.NotInChannel))
	}
	switch {
	case in.Active:
		f.active()
	case in.Inactive:
		f.inactive()
	}
	f.role(in.Role)
	f.roles(names(in.Roles), names(in.TeamRoles), names(in.ChannelRoles))
	s, err := u.sight(ctx, v)
	f.sight(s)
	return err
}

// page runs the query of a filter in the order that is asked for.
func (u *Users) page(ctx context.Context, f *filter, in browseIn) ([]*model.User, error) {
	order := "u.username"
	switch in.Sort {
	case "create_at":
		order = "u.createat DESC, u.username"
	case "last_activity_at":
		return u.recentlyActive(ctx, f, in.Page)
	case "status":
		f.join("LEFT JOIN status s ON s.userid = u.id")
		order = "CASE s.status WHEN 'online' THEN 1 WHEN 'away' THEN 2 WHEN 'dnd' THEN 3 ELSE 4 END, u.username"
	case "admin":
		order = "coalesce(cm.schemeadmin, false) DESC, u.username"
	case "display_name":
		order = "lower(coalesce(nullif(u.nickname, ''), nullif(trim(u.firstname || ' ' || u.lastname), ''), u.username)), u.username"
	}
	return u.find(ctx, f, order, in.PerPage, in.Offset())
}

// recentlyActive lists people by their last activity, which it fills in.
func (u *Users) recentlyActive(ctx context.Context, f *filter, p api.Page) ([]*model.User, error) {
	f.join("JOIN status s ON s.userid = u.id")
	return db.List(ctx, u.db, func(r db.Row) (*model.User, error) {
		var at int64
		user, err := scanUser(alsoScan{r, &at})
		user.LastActivityAt = at
		return user, err
	}, "SELECT "+userColumns+", coalesce(s.lastactivityat,0)"+f.text()+
		f.bind(" ORDER BY s.lastactivityat DESC, u.username LIMIT ? OFFSET ?", []any{p.PerPage, p.Offset()}), f.args...)
}

// alsoScan is a row whose last column goes to more.
type alsoScan struct {
	db.Row
	more any
}

func (r alsoScan) Scan(dest ...any) error { return r.Row.Scan(append(dest, r.more)...) }
