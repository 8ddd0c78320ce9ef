package groups

import (
	"context"
	"fmt"
	"slices"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/api"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/model"
)

func (g *Groups) mountLinks(r *access.Router) {
	for word, k := range map[string]kind{"teams": ofTeam, "channels": ofChannel} {
		all, one := "/groups/{group_id}/"+word, "/groups/{group_id}/"+word+"/{syncable_id}"
		api.Get(r, all, access.Needs(access.PermSysconsoleReadUserManagementGroups), g.getLinks(k))
		api.Get(r, one, access.Needs(access.PermManageSystem), g.getOneLink(k))
		api.Post(r, one+"/link", access.Session, g.postLink(k), api.Created())
		api.Delete(r, one+"/link", access.Session, g.deleteLink(k))
		api.Put(r, one+"/patch", access.Session, g.putLink(k))
	}
	api.Get(r, "/teams/{team_id}/groups", access.Session, g.getOfTeam)
	api.Get(r, "/channels/{channel_id}/groups", access.Session, g.getOfChannel)
	api.Get(r, "/teams/{team_id}/groups_by_channels", access.Session, g.getByChannels)
}

type linkIn struct {
	groupIn
	Of string `path:"syncable_id"`
}

type linkBodyIn struct {
	linkIn
	Body model.GroupSyncablePatch `body:"json,syncable,optional"`
}

func (g *Groups) getLinks(k kind) func(context.Context, access.Viewer, groupIn) ([]*model.GroupSyncable, error) {
	return func(ctx context.Context, v access.Viewer, in groupIn) ([]*model.GroupSyncable, error) {
		if _, err := g.visible(ctx, v, in.GroupID); err != nil {
			return nil, err
		}
		return g.listLinks(ctx, k, in.GroupID)
	}
}

func (g *Groups) getOneLink(k kind) func(context.Context, access.Viewer, linkIn) (*model.GroupSyncable, error) {
	return func(ctx context.Context, _ access.Viewer, in linkIn) (*model.GroupSyncable, error) {
		return g.getLink(ctx, k, in.GroupID, in.Of)
	}
}

func (g *Groups) postLink(k kind) func(context.Context, access.Viewer, linkBodyIn) (*model.GroupSyncable, error) {
	return func(ctx context.Context, v access.Viewer, in linkBodyIn) (*model.GroupSyncable, error) {
		l, err := g.link(ctx, v, k, in.GroupID, in.Of, &in.Body)
		if err == nil {
			g.users.Audit(ctx, v, "/api/v4/groups/"+in.GroupID+"/link", k.name+"="+in.Of)
		}
		return l, err
	}
}

func (g *Groups) deleteLink(k kind) func(context.Context, access.Viewer, linkIn) (api.OK, error) {
	return func(ctx context.Context, v access.Viewer, in linkIn) (api.OK, error) {
		err := g.unlink(ctx, v, k, in.GroupID, in.Of)
		if err == nil {
			g.users.Audit(ctx, v, "/api/v4/groups/"+in.GroupID+"/unlink", k.name+"="+in.Of)
		}
		return api.Done(), err
	}
}

func (g *Groups) putLink(k kind) func(context.Context, access.Viewer, linkBodyIn) (*model.GroupSyncable, error) {
	return func(ctx context.Context, v access.Viewer, in linkBodyIn) (*model.GroupSyncable, error) {
		return g.patchLink(ctx, v, k, in.GroupID, in.Of, &in.Body)
	}
}

// linkedIn are the questions about the groups of a team or channel.
type linkedIn struct {
	listIn
	Paginate string `query:"paginate" default:"true"`
}

// linkedPage is such groups and how many there are in all.
type linkedPage struct {
	Groups []*model.GroupWithSchemeAdmin `json:"groups"`
	Count  int64                         `json:"total_group_count"`
}

type teamGroupsIn struct {
	TeamID string `path:"team_id"`
	linkedIn
}

func (g *Groups) getOfTeam(ctx context.Context, v access.Viewer, in teamGroupsIn) (*linkedPage, error) {
	if err := g.needTeamGroups(ctx, v, in.TeamID); err != nil {
		return nil, err
	}
	return g.listLinked(ctx, v, ofTeam, in.TeamID, &in.linkedIn)
}

func (g *Groups) needTeamGroups(ctx context.Context, v access.Viewer, teamID string) error {
	if reads(ctx, v) {
		return nil
	}
	return v.NeedTeam(ctx, teamID, access.PermListTeamChannels)
}

type channelGroupsIn struct {
	ChannelID string `path:"channel_id"`
	linkedIn
}

func (g *Groups) getOfChannel(ctx context.Context, v access.Viewer, in channelGroupsIn) (*linkedPage, error) {
	p := access.PermReadPrivateChannelGroups
	if ch, err := g.acc.Channel(ctx, in.ChannelID); err == nil && ch.Type == model.ChannelOpen {
		p = access.PermReadPublicChannelGroups
	}
	if !reads(ctx, v) {
		if err := v.NeedChannel(ctx, in.ChannelID, p); err != nil {
			return nil, err
		}
	}
	return g.listLinked(ctx, v, ofChannel, in.ChannelID, &in.linkedIn)
}

// listLinked lists the groups of a team or channel.
func (g *Groups) listLinked(ctx context.Context, v access.Viewer, k kind, of string, in *linkedIn) (*linkedPage, error) {
	in.NotTeam, in.NotChannel, in.OfChannel = "", "", ""
	if err := g.allow(ctx, v, &in.listIn); err != nil {
		return nil, err
	}
	if in.Paginate == "false" {
		in.Page.Page, in.PerPage = 0, mostGroups
	}
	f := g.filterOf(&in.listIn)
	f.and("coalesce(l.deleteat,0) = 0 AND l."+k.column+" = ?", of)
	from := ` FROM ` + k.table + ` l JOIN usergroups g ON g.id = l.groupid` + f.sql()
	out := &linkedPage{}
	var err error
	if out.Count, err = db.Value[int64](ctx, g.db, `SELECT count(*)`+from, f.args...); err != nil {
		return nil, err
	}
	n := len(f.args)
	out.Groups, err = db.List(ctx, g.db, scanLinked, fmt.Sprintf(`SELECT %s, coalesce(l.schemeadmin,false)%s ORDER BY g.displayname, g.id LIMIT $%d OFFSET $%d`,
		counted, from, n+1, n+2), append(slices.Clone(f.args), in.PerPage, in.Offset())...)
	if err != nil || !in.MemberIDs {
		return out, err
	}
	list := make([]*model.Group, len(out.Groups))
	for i, gr := range out.Groups {
		list[i] = &gr.Group
	}
	return out, g.fillMembers(ctx, v, list)
}

func scanLinked(r db.Row) (*model.GroupWithSchemeAdmin, error) {
	gr := &model.GroupWithSchemeAdmin{SchemeAdmin: new(bool)}
	gr.MemberCount = new(int64)
	return gr, r.Scan(append(fields(&gr.Group), gr.MemberCount, gr.SchemeAdmin)...)
}

// byChannels are the groups of each channel of a team that has some.
type byChannels struct {
	Groups map[string][]*model.GroupWithSchemeAdmin `json:"groups"`
}

func (g *Groups) getByChannels(ctx context.Context, v access.Viewer, in teamGroupsIn) (*byChannels, error) {
	if err := g.needTeamGroups(ctx, v, in.TeamID); err != nil {
		return nil, err
	}
	in.NotTeam, in.NotChannel, in.OfChannel = "", "", ""
	if err := g.allow(ctx, v, &in.listIn); err != nil {
		return nil, err
	}
	if in.Paginate == "false" {
		in.Page.Page, in.PerPage = 0, mostGroups
	}
	f := g.filterOf(&in.listIn)
	f.and("coalesce(l.deleteat,0) = 0 AND c.teamid = ? AND c.deleteat = 0", in.TeamID)
	if !reads(ctx, v) {
		// What a private channel is linked with is its members' business.
		f.and("(c.type = 'O' OR EXISTS (SELECT 1 FROM channelmembers cm WHERE cm.channelid = c.id AND cm.userid = ?))", v.UserID)
	}
	type row struct {
		channel string
		group   *model.GroupWithSchemeAdmin
	}
	n := len(f.args)
	rows, err := db.List(ctx, g.db, func(r db.Row) (row, error) {
		x := row{group: &model.GroupWithSchemeAdmin{SchemeAdmin: new(bool)}}
		x.group.MemberCount = new(int64)
		return x, r.Scan(append(fields(&x.group.Group), x.group.MemberCount, x.group.SchemeAdmin, &x.channel)...)
	}, fmt.Sprintf(`SELECT %s, coalesce(l.schemeadmin,false), l.channelid FROM channels c JOIN groupchannels l ON l.channelid = c.id
		JOIN usergroups g ON g.id = l.groupid%s ORDER BY g.displayname, g.id, l.channelid LIMIT $%d OFFSET $%d`, counted, f.sql(), n+1, n+2),
		append(f.args, in.PerPage, in.Offset())...)
	out := &byChannels{Groups: map[string][]*model.GroupWithSchemeAdmin{}}
	for _, x := range rows {
		out.Groups[x.channel] = append(out.Groups[x.channel], x.group)
	}
	return out, err
}
