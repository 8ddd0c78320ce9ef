package channels

import (
	"context"
	"strconv"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/api"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/model"
)

func (c *Channels) mountLists(r *access.Router) {
	api.Get(r, "/teams/{team_id}/channels", access.Session, c.getOpen)
	api.Get(r, "/teams/{team_id}/channels/private", access.Needs(access.PermManageSystem), c.getPrivate)
	api.Get(r, "/teams/{team_id}/channels/deleted", access.Session, c.getArchived)
	api.Post(r, "/teams/{team_id}/channels/ids", access.Reading, c.getByIDs)
	api.Get(r, "/teams/{team_id}/channels/autocomplete", access.Session, c.autocomplete)
	api.Get(r, "/teams/{team_id}/channels/search_autocomplete", access.Session, c.searchAutocomplete)
	api.Post(r, "/teams/{team_id}/channels/search", access.Reading, c.searchTeam, api.Sheddable())
	api.Post(r, "/channels/group/search", access.Reading, c.searchGroups, api.Sheddable())
	api.Get(r, "/users/{user_id}/channels", access.Session, c.getMineEverywhere)
	api.Get(r, "/users/{user_id}/teams/{team_id}/channels", access.Session, c.getMine)
}

type teamPageIn struct {
	TeamID string `path:"team_id"`
	api.Page
}

func (c *Channels) getOpen(ctx context.Context, v access.Viewer, in teamPageIn) (channelList, error) {
	if err := v.NeedTeam(ctx, in.TeamID, access.PermListTeamChannels); err != nil {
		return nil, err
	}
	return c.list(ctx, "WHERE c.teamid = $1 AND c.type = 'O' AND c.deleteat = 0 ORDER BY c.displayname, c.id LIMIT $2 OFFSET $3",
		in.TeamID, in.PerPage, in.Offset())
}

func (c *Channels) getPrivate(ctx context.Context, _ access.Viewer, in teamPageIn) (channelList, error) {
	return c.list(ctx, "WHERE c.teamid = $1 AND c.type = 'P' AND c.deleteat = 0 ORDER BY c.displayname, c.id LIMIT $2 OFFSET $3",
		in.TeamID, in.PerPage, in.Offset())
}

// getArchived lists the archived channels of a team: the open ones, and those
// private ones that the viewer is in; administrators see all.
func (c *Channels) getArchived(ctx context.Context, v access.Viewer, in teamPageIn) (channelList, error) {
	if err := v.NeedTeam(ctx, in.TeamID, access.PermListTeamChannels); err != nil {
		return nil, err
	}
	return c.list(ctx, `WHERE c.teamid = $1 AND c.deleteat > 0 AND (c.type = 'O' OR $2
		OR EXISTS (SELECT 1 FROM channelmembers cm WHERE cm.channelid = c.id AND cm.userid = $3))
		ORDER BY c.displayname, c.id LIMIT $4 OFFSET $5`, in.TeamID, v.Admin(ctx), v.UserID, in.PerPage, in.Offset())
}

type teamIDsIn struct {
	TeamID string `path:"team_id"`
	idsIn
}

func (c *Channels) getByIDs(ctx context.Context, v access.Viewer, in teamIDsIn) (channelList, error) {
	ids, err := in.ids("channel_ids")
	if err != nil {
		return nil, err
	}
	if err := v.NeedTeam(ctx, in.TeamID, access.PermViewTeam); err != nil {
		return nil, err
	}
	list, err := c.list(ctx, `WHERE c.id = ANY($1) AND c.teamid = $2 AND c.deleteat = 0 AND (c.type = 'O' AND $3
		OR EXISTS (SELECT 1 FROM channelmembers cm WHERE cm.channelid = c.id AND cm.userid = $4))
		ORDER BY c.displayname, c.id LIMIT $5`, ids, in.TeamID, v.CanTeam(ctx, in.TeamID, access.PermReadPublicChannel), v.UserID, len(ids))
	if err == nil && len(list) == 0 {
		err = fault.NotFound("app.channel.get_channels_by_ids.not_found.app_error")
	}
	return list, err
}

// alive is the condition for which archived channels to list: none, all, or
// those archived at a time or later. It uses two parameters from n on.
func alive(n int) string {
	p, q := "$"+strconv.Itoa(n), "$"+strconv.Itoa(n+1)
	return "(c.deleteat = 0 OR " + p + " AND c.deleteat >= " + q + ")"
}

// mostMine bounds how many channels of one person are listed.
const mostMine = 20000

type mineEverywhereIn struct {
	UserID         string `path:"user_id"`
	IncludeDeleted bool   `query:"include_deleted"`
	LastDeleteAt   int64  `query:"last_delete_at"`
}

func (c *Channels) getMineEverywhere(ctx context.Context, v access.Viewer, in mineEverywhereIn) (channelList, error) {
	if err := v.NeedUser(ctx, in.UserID); err != nil {
		return nil, err
	}
	return c.list(ctx, `JOIN channelmembers cm ON cm.channelid = c.id WHERE cm.userid = $1 AND `+alive(2)+` ORDER BY c.id LIMIT $4`,
		in.UserID, in.IncludeDeleted, in.LastDeleteAt, mostMine)
}

// withTeam scans a channel of a list that spans teams.
func scanWithTeam(r db.Row) (*model.ChannelWithTeamData, error) {
	var c model.ChannelWithTeamData
	fields := append(channelFields(&c.Channel), db.NullString(&c.TeamDisplayName), db.NullString(&c.TeamName), db.NullInt64(&c.TeamUpdateAt), &c.PolicyID)
	return &c, r.Scan(fields...)
}

// withTeamColumns belong to scanWithTeam.
const withTeamColumns = channelColumns + ", t.displayname, t.name, t.updateat, rp.policyid"

// withTeamList encodes itself.
type withTeamList []*model.ChannelWithTeamData

// AppendJSON appends the list as JSON.
func (l withTeamList) AppendJSON(dst []byte) []byte { return model.AppendList(dst, l) }
