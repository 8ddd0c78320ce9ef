package users

import (
	"context"
	"fmt"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/api"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/model"
)

// stats counts the active accounts that the viewer may see.
func (u *Users) stats(ctx context.Context, v access.Viewer, _ api.None) (model.UsersStats, error) {
	f := u.newFilter()
	f.active()
	s, err := u.sight(ctx, v)
	if err != nil {
		return model.UsersStats{}, err
	}
	f.sight(s)
	n, err := u.count(ctx, f)
	return model.UsersStats{TotalUsersCount: n}, err
}

type statsIn struct {
	InTeam         string `query:"in_team"`
	InChannel      string `query:"in_channel"`
	IncludeDeleted bool   `query:"include_deleted"`
	IncludeBots    bool   `query:"include_bots"`
	IncludeRemote  bool   `query:"include_remote_users"`
	Roles          string `query:"roles"`
	TeamRoles      string `query:"team_roles"`
	ChannelRoles   string `query:"channel_roles"`
}

func (u *Users) statsFiltered(ctx context.Context, _ access.Viewer, in statsIn) (model.UsersStats, error) {
	var out model.UsersStats
	where := browseIn{InTeam: in.InTeam, InChannel: in.InChannel, Roles: in.Roles, TeamRoles: in.TeamRoles, ChannelRoles: in.ChannelRoles}
	if err := where.check(); err != nil {
		return out, err
	}
	f := u.newFilter()
	if in.InTeam != "" {
		f.inTeam(in.InTeam)
	}
	if in.InChannel != "" {
		f.inChannel(in.InChannel)
	}
	f.roles(names(in.Roles), names(in.TeamRoles), names(in.ChannelRoles))
	if !in.IncludeDeleted {
		f.active()
	}
	if !in.IncludeBots {
		f.and("b.userid IS NULL")
	}
	if !in.IncludeRemote {
		f.and("coalesce(u.remoteid, '') = ''")
	}
	var err error
	out.TotalUsersCount, err = u.count(ctx, f)
	return out, err
}

// invalidEmails lists the active people whose address lies outside of the
// domains that the settings allow.
func (u *Users) invalidEmails(ctx context.Context, v access.Viewer, in api.Page) (userList, error) {
	c := u.cfg.Get()
	if c.TeamSettings.EnableOpenServer {
		return nil, fault.Invalid("api.user.invalid_emails.enable_open_server.app_error")
	}
	f := u.newFilter()
	f.active()
	f.and("b.userid IS NULL AND coalesce(u.authservice, '') = '' AND coalesce(u.roles,'') NOT LIKE '%system_guest%'")
	for _, domain := range domains(c.TeamSettings.RestrictCreationToDomains) {
		f.and(`lower(u.email) NOT LIKE ? ESCAPE '\'`, "%@"+db.LikeEscape(domain))
	}
	if len(domains(c.TeamSettings.RestrictCreationToDomains)) == 0 {
		return userList{}, nil
	}
	found, err := u.find(ctx, f, "u.username", in.PerPage, in.Offset())
	if err != nil {
		return nil, err
	}
	return u.shownAll(ctx, v, found), nil
}

// limits answers GET /limits/server. Parley has no limits but the machine's.
func (u *Users) limits(ctx context.Context, v access.Viewer, _ api.None) (model.ServerLimits, error) {
	var out model.ServerLimits
	if !v.Can(ctx, access.PermManageSystem) && !v.Can(ctx, access.PermSysconsoleReadUserManagementUsers) {
		return out, nil
	}
	f := u.newFilter()
	f.active()
	f.and("b.userid IS NULL")
	var err error
	out.ActiveUserCount, err = u.count(ctx, f)
	return out, err
}

type auditsIn struct {
	api.Page
	UserID string `path:"user_id"`
}

// userAudits answers GET /users/{user_id}/audits.
func (u *Users) userAudits(ctx context.Context, v access.Viewer, in auditsIn) ([]model.Audit, error) {
	if err := v.NeedUser(ctx, in.UserID); err != nil {
		return nil, err
	}
	return u.auditLines(ctx, in.Page, "WHERE userid = $1", in.UserID)
}

// audits answers GET /audits, the whole trail.
func (u *Users) audits(ctx context.Context, v access.Viewer, in api.Page) ([]model.Audit, error) {
	lines, err := u.auditLines(ctx, in, "")
	if err == nil {
		u.Audit(ctx, v, "/api/v4/audits", fmt.Sprintf("page=%d per_page=%d", in.Page, in.PerPage))
	}
	return lines, err
}

// auditLines returns a page of the trail, the newest line first.
func (u *Users) auditLines(ctx context.Context, p api.Page, where string, args ...any) ([]model.Audit, error) {
	if err := u.trail.flush(ctx); err != nil {
		return nil, err
	}
	n := len(args)
	return db.List(ctx, u.db, func(r db.Row) (model.Audit, error) {
		var a model.Audit
		err := r.Scan(&a.ID, &a.CreateAt, db.NullString(&a.UserID), db.NullString(&a.Action), db.NullString(&a.ExtraInfo),
			db.NullString(&a.IPAddress), db.NullString(&a.SessionID))
		return a, err
	}, fmt.Sprintf(`SELECT id, coalesce(createat,0), userid, action, extrainfo, ipaddress, sessionid FROM audits %s
		ORDER BY createat DESC, id LIMIT $%d OFFSET $%d`, where, n+1, n+2), append(args, p.PerPage, p.Offset())...)
}
