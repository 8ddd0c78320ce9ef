package groups

import (
	"context"
	"errors"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/realtime"
)

// kind is what a group is linked with.
type kind struct {
	name          string // as the protocol writes it
	table, column string
}

var (
	ofTeam    = kind{"Team", "groupteams", "teamid"}
	ofChannel = kind{"Channel", "groupchannels", "channelid"}
)

// needChannel refuses with 403 unless v manages the members of a channel.
func (g *Groups) needChannel(ctx context.Context, v access.Viewer, channelID string) error {
	p := access.PermManagePublicChannelMembers
	ch, err := g.acc.Channel(ctx, channelID)
	if err != nil && !fault.IsNotFound(err) {
		return err
	}
	if err == nil && ch.Type != model.ChannelOpen {
		p = access.PermManagePrivateChannelMembers
	}
	return v.NeedChannel(ctx, channelID, p)
}

// mayLink returns the group when v may link it with a team or channel: who lets
// people into it, or manages groups. Making its people administrators takes
// the latter.
func (g *Groups) mayLink(ctx context.Context, v access.Viewer, k kind, groupID, of string, p *model.GroupSyncablePatch) (*model.Group, error) {
	if !v.Can(ctx, access.PermSysconsoleWriteUserManagementGroups) {
		if p.SchemeAdmin != nil && *p.SchemeAdmin {
			return nil, fault.NoPermission(string(access.PermSysconsoleWriteUserManagementGroups))
		}
		err := v.NeedTeam(ctx, of, access.PermInviteUser)
		if k == ofChannel {
			err = g.needChannel(ctx, v, of)
		}
		if err != nil {
			return nil, err
		}
	}
	gr, err := g.visible(ctx, v, groupID)
	if err != nil {
		return nil, err
	}
	return gr, g.linkable(ctx, k, of)
}

// linkable refuses what is no team, or no channel of one.
func (g *Groups) linkable(ctx context.Context, k kind, of string) error {
	if k == ofTeam {
		_, err := g.acc.Team(ctx, of)
		return err
	}
	ch, err := g.acc.Channel(ctx, of)
	if err == nil && ch.Direct() {
		err = fault.InvalidURLParam("syncable_id")
	}
	return err
}

// link ties a group to a team or channel, whose people then follow it.
func (g *Groups) link(ctx context.Context, v access.Viewer, k kind, groupID, of string, p *model.GroupSyncablePatch) (*model.GroupSyncable, error) {
	gr, err := g.mayLink(ctx, v, k, groupID, of, p)
	if err != nil {
		return nil, err
	}
	if gr.DeleteAt != 0 {
		return nil, errNoGroup
	}
	now := id.Now()
	err = g.db.Tx(ctx, func(tx *db.Tx) error {
		if k == ofChannel {
			// Who is in a channel is in its team: the team knows the group too.
			ch, err := g.acc.Channel(ctx, of)
			if err != nil {
				return err
			}
			if _, err := tx.Exec(ctx, `INSERT INTO groupteams (groupid, teamid, autoadd, schemeadmin, createat, updateat, deleteat)
				VALUES ($1, $2, false, false, $3, $3, 0) ON CONFLICT (groupid, teamid) DO UPDATE SET deleteat = 0, updateat = excluded.updateat
				WHERE coalesce(groupteams.deleteat,0) <> 0`, groupID, ch.TeamID, now); err != nil {
				return err
			}
		}
		_, err := tx.Exec(ctx, `INSERT INTO `+k.table+` (groupid, `+k.column+`, autoadd, schemeadmin, createat, updateat, deleteat)
			VALUES ($1, $2, $3, $4, $5, $5, 0) ON CONFLICT (groupid, `+k.column+`) DO UPDATE SET
			autoadd = excluded.autoadd, schemeadmin = excluded.schemeadmin, updateat = excluded.updateat, deleteat = 0`,
			groupID, of, p.AutoAdd != nil && *p.AutoAdd, p.SchemeAdmin != nil && *p.SchemeAdmin, now)
		return err
	})
	if err != nil {
		return nil, err
	}
	g.tellLink(k, groupID, of, true)
	g.addToLinked(ctx, groupID, nil)
	l, err := g.getLink(ctx, k, groupID, of)
	return g.discreet(ctx, v, l), err
}

// discreet leaves out the name of a channel that v may manage but not read.
func (g *Groups) discreet(ctx context.Context, v access.Viewer, l *model.GroupSyncable) *model.GroupSyncable {
	if l != nil && l.ChannelID != "" && !reads(ctx, v) && !v.CanChannel(ctx, l.ChannelID, access.PermReadChannel) {
		l.ChannelDisplayName = ""
	}
	return l
}

// patchLink changes how people follow a linked group.
func (g *Groups) patchLink(ctx context.Context, v access.Viewer, k kind, groupID, of string, p *model.GroupSyncablePatch) (*model.GroupSyncable, error) {
	if _, err := g.mayLink(ctx, v, k, groupID, of, p); err != nil {
		return nil, err
	}
	l, err := g.getLink(ctx, k, groupID, of)
	if err != nil {
		return nil, err
	}
	if l.DeleteAt != 0 {
		return nil, errNoGroup
	}
	if p.AutoAdd != nil {
		l.AutoAdd = *p.AutoAdd
	}
	if p.SchemeAdmin != nil {
		l.SchemeAdmin = *p.SchemeAdmin
	}
	l.UpdateAt = max(id.Now(), l.UpdateAt+1)
	if _, err := g.db.Exec(ctx, `UPDATE `+k.table+` SET autoadd = $3, schemeadmin = $4, updateat = $5
		WHERE groupid = $1 AND `+k.column+` = $2`, groupID, of, l.AutoAdd, l.SchemeAdmin, l.UpdateAt); err != nil {
		return nil, err
	}
	g.addToLinked(ctx, groupID, nil)
	return g.discreet(ctx, v, l), nil
}

func (g *Groups) unlink(ctx context.Context, v access.Viewer, k kind, groupID, of string) error {
	if _, err := g.mayLink(ctx, v, k, groupID, of, &model.GroupSyncablePatch{}); err != nil {
		return err
	}
	l, err := g.getLink(ctx, k, groupID, of)
	if err != nil {
		return err
	}
	if l.DeleteAt != 0 {
		return fault.Invalid("app.group.group_syncable_already_deleted")
	}
	if _, err := g.db.Exec(ctx, `UPDATE `+k.table+` SET deleteat = $3, updateat = $3 WHERE groupid = $1 AND `+k.column+` = $2`,
		groupID, of, id.Now()); err != nil {
		return err
	}
	g.tellLink(k, groupID, of, false)
	g.expelFrom(ctx, k, of)
	return nil
}

func (g *Groups) tellLink(k kind, groupID, of string, linked bool) {
	event, to := model.EventReceivedGroupAssociatedToTeam, realtime.Audience{TeamID: of}
	switch {
	case k == ofTeam && !linked:
		event = model.EventReceivedGroupNotAssociatedToTeam
	case k == ofChannel:
		to = realtime.Audience{ChannelID: of}
		if event = model.EventReceivedGroupNotAssociatedToChannel; linked {
			event = model.EventReceivedGroupAssociatedToChannel
		}
	}
	g.hub.Publish(realtime.Event{Name: event, Data: map[string]string{"group_id": groupID}, To: to})
}

const (
	teamLinks = `SELECT l.groupid, 'Team', t.id, coalesce(t.displayname,''), coalesce(CAST(t.type AS text),''), '', '', '',
		coalesce(l.autoadd,false), coalesce(l.schemeadmin,false), coalesce(l.createat,0), coalesce(l.updateat,0), coalesce(l.deleteat,0)
		FROM groupteams l JOIN teams t ON t.id = l.teamid WHERE l.groupid = $1 AND `
	channelLinks = `SELECT l.groupid, 'Channel', t.id, coalesce(t.displayname,''), coalesce(CAST(t.type AS text),''), c.id, coalesce(c.displayname,''),
		coalesce(CAST(c.type AS text),''),
		coalesce(l.autoadd,false), coalesce(l.schemeadmin,false), coalesce(l.createat,0), coalesce(l.updateat,0), coalesce(l.deleteat,0)
		FROM groupchannels l JOIN channels c ON c.id = l.channelid JOIN teams t ON t.id = c.teamid WHERE l.groupid = $1 AND `
)

func (k kind) links() string {
	if k == ofTeam {
		return teamLinks
	}
	return channelLinks
}

func scanLink(r db.Row) (*model.GroupSyncable, error) {
	l := &model.GroupSyncable{}
	return l, r.Scan(&l.GroupID, &l.Type, &l.TeamID, &l.TeamDisplayName, &l.TeamType, &l.ChannelID, &l.ChannelDisplayName, &l.ChannelType,
		&l.AutoAdd, &l.SchemeAdmin, &l.CreateAt, &l.UpdateAt, &l.DeleteAt)
}

func (g *Groups) getLink(ctx context.Context, k kind, groupID, of string) (*model.GroupSyncable, error) {
	l, err := db.Get(ctx, g.db, scanLink, k.links()+`l.`+k.column+` = $2`, groupID, of)
	if errors.Is(err, db.ErrNotFound) {
		return nil, errNoGroup
	}
	return l, err
}

func (g *Groups) listLinks(ctx context.Context, k kind, groupID string) ([]*model.GroupSyncable, error) {
	return db.List(ctx, g.db, scanLink, k.links()+`coalesce(l.deleteat,0) = 0 ORDER BY 4, 7 LIMIT $2`, groupID, mostLinks)
}
