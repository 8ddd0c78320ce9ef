package channels

import (
	"context"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/api"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
)

func (c *Channels) mountMembers(r *access.Router) {
	api.Get(r, "/channels/{channel_id}/members", access.Session, c.getMembers)
	api.Post(r, "/channels/{channel_id}/members", access.Session, c.postMembers, api.Created())
	api.Post(r, "/channels/{channel_id}/members/ids", access.Reading, c.getMembersByIDs)
	api.Get(r, "/channels/{channel_id}/members/{user_id}", access.Session, c.getMember)
	api.Delete(r, "/channels/{channel_id}/members/{user_id}", access.Session, c.deleteMember)
	api.Put(r, "/channels/{channel_id}/members/{user_id}/roles", access.Session, c.putRoles)
	api.Put(r, "/channels/{channel_id}/members/{user_id}/schemeRoles", access.Session, c.putSchemeRoles)
	api.Put(r, "/channels/{channel_id}/members/{user_id}/notify_props", access.Session, c.putNotifyProps)
	api.Put(r, "/channels/{channel_id}/members/{user_id}/autotranslation", access.Session, c.putAutoTranslation)
	api.Get(r, "/channels/{channel_id}/timezones", access.Session, c.timezones)
	api.Get(r, "/channels/{channel_id}/stats", access.Session, c.stats)
	api.Post(r, "/channels/stats/member_count", access.Reading, c.memberCounts)
	api.Get(r, "/users/{user_id}/teams/{team_id}/channels/members", access.Session, c.getMyMemberships)
	api.Get(r, "/users/{user_id}/channel_members", access.Session, c.getMembershipsEverywhere)
}

// memberIn names a membership.
type memberIn struct {
	ChannelID string `path:"channel_id"`
	UserID    string `path:"user_id"`
}

type membersIn struct {
	channelIn
	api.Page
}

func (c *Channels) getMembers(ctx context.Context, v access.Viewer, in membersIn) (memberList, error) {
	if err := v.NeedChannel(ctx, in.ChannelID, access.PermReadChannel); err != nil {
		return nil, err
	}
	list, err := c.members(ctx, "cm.channelid = $1 ORDER BY cm.userid LIMIT $2 OFFSET $3", in.ChannelID, in.PerPage, in.Offset())
	return list.shownTo(v), err
}

type memberIDsIn struct {
	channelIn
	idsIn
}

func (c *Channels) getMembersByIDs(ctx context.Context, v access.Viewer, in memberIDsIn) (memberList, error) {
	ids, err := in.ids("user_ids")
	if err != nil {
		return nil, err
	}
	if err := v.NeedChannel(ctx, in.ChannelID, access.PermReadChannel); err != nil {
		return nil, err
	}
	list, err := c.members(ctx, "cm.channelid = $1 AND cm.userid = ANY($2) LIMIT $3", in.ChannelID, ids, len(ids))
	return list.shownTo(v), err
}

func (c *Channels) getMember(ctx context.Context, v access.Viewer, in memberIn) (*model.ChannelMember, error) {
	if err := v.NeedChannel(ctx, in.ChannelID, access.PermReadChannel); err != nil {
		return nil, err
	}
	m, err := c.Member(ctx, in.ChannelID, in.UserID)
	if err != nil {
		return nil, err
	}
	shown := m.For(v.UserID)
	return &shown, nil
}

type postMembersIn struct {
	channelIn
	Body struct {
		UserID     string   `json:"user_id"`
		UserIDs    []string `json:"user_ids"`
		PostRootID string   `json:"post_root_id"`
	} `body:"json,user_id or user_ids"`
}

// postMembers lets people into a channel: the viewer into an open one, or
// others by somebody who manages its members. Who can't be let in of several is
// left out. The answer is a list when the question was.
func (c *Channels) postMembers(ctx context.Context, v access.Viewer, in postMembersIn) (any, error) {
	ids, err := in.users()
	if err != nil {
		return nil, err
	}
	ch, err := c.acc.Channel(ctx, in.ChannelID)
	if err != nil {
		return nil, err
	}
	if ch.Direct() {
		return nil, fault.Invalid("api.channel.add_user_to_channel.type.app_error")
	}
	if err := c.mayAdd(ctx, v, ch, ids); err != nil {
		return nil, err
	}
	if err := c.rootIn(ctx, ch.ID, in.Body.PostRootID); err != nil {
		return nil, err
	}
	if ch.GroupConstrained {
		if err := c.checkGroups(ctx, ch.ID, ids); err != nil {
			return nil, err
		}
	}
	list, err := c.admit(ctx, admission{channelID: ch.ID, userIDs: ids, byID: v.UserID, rootID: in.Body.PostRootID})
	if err != nil {
		return nil, err
	}
	c.users.Audit(ctx, v, "/api/v4/channels/"+ch.ID+"/members", "name="+ch.Name)
	shown := memberList(list).shownTo(v)
	if len(in.Body.UserIDs) == 0 {
		if len(shown) == 0 { // a member all along, who has left meanwhile
			return nil, errNoMember
		}
		return shown[0], nil
	}
	return shown, nil
}

// users returns who is to be added, each once.
func (in *postMembersIn) users() ([]string, error) {
	ids := in.Body.UserIDs
	if len(ids) == 0 {
		ids = []string{in.Body.UserID}
	}
	if len(ids) > mostIDs {
		return nil, fault.InvalidParam("user_ids")
	}
	seen, once := map[string]bool{}, make([]string, 0, len(ids))
	for _, userID := range ids {
		if !id.Valid(userID) {
			return nil, fault.InvalidParam("user_id or user_ids")
		}
		if !seen[userID] {
			seen[userID] = true
			once = append(once, userID)
		}
	}
	if in.Body.PostRootID != "" && !id.Valid(in.Body.PostRootID) {
		return nil, fault.InvalidParam("post_root_id")
	}
	return once, nil
}

// mayAdd refuses who may not let ids into a channel.
func (c *Channels) mayAdd(ctx context.Context, v access.Viewer, ch *access.ChannelFacts, ids []string) error {
	if ch.Type == model.ChannelPrivate {
		return v.NeedChannel(ctx, ch.ID, access.PermManagePrivateChannelMembers)
	}
	if len(ids) == 1 && ids[0] == v.UserID {
		if member, err := c.acc.InChannel(ctx, v.UserID, ch.ID); err != nil || member {
			return err
		}
		return v.NeedTeam(ctx, ch.TeamID, access.PermJoinPublicChannels)
	}
	return v.NeedChannel(ctx, ch.ID, access.PermManagePublicChannelMembers)
}

// rootIn refuses a post that is not one of the channel.
func (c *Channels) rootIn(ctx context.Context, channelID, rootID string) error {
	if rootID == "" {
		return nil
	}
	found, err := db.List(ctx, c.db, db.One[string], "SELECT id FROM posts WHERE id = $1 AND channelid = $2 AND deleteat = 0 LIMIT 1", rootID, channelID)
	if err == nil && len(found) == 0 {
		return fault.InvalidParam("post_root_id")
	}
	return err
}

// checkGroups refuses people who are in none of the groups that a channel,
// whose members come from groups alone, is linked to. Bots are in no group and
// pass.
func (c *Channels) checkGroups(ctx context.Context, channelID string, ids []string) error {
	out, err := db.List(ctx, c.db, db.One[string], `SELECT u.id FROM users u LEFT JOIN bots b ON b.userid = u.id
		WHERE u.id = ANY($1) AND b.userid IS NULL AND NOT EXISTS (SELECT 1 FROM groupchannels gc
			JOIN usergroups g ON g.id = gc.groupid AND g.deleteat = 0 JOIN groupmembers gm ON gm.groupid = gc.groupid AND gm.deleteat = 0
			WHERE gc.channelid = $2 AND gc.deleteat = 0 AND gm.userid = u.id) LIMIT $3`, ids, channelID, len(ids))
	if err == nil && len(out) > 0 {
		err = fault.Invalid("api.channel.add_members.user_denied")
	}
	return err
}

func (c *Channels) deleteMember(ctx context.Context, v access.Viewer, in memberIn) (api.OK, error) {
	ch, err := c.acc.Channel(ctx, in.ChannelID)
	if err != nil {
		return api.OK{}, err
	}
	user, err := c.users.ByID(ctx, in.UserID)
	if err != nil {
		return api.OK{}, err
	}
	if ch.Direct() {
		return api.OK{}, fault.Invalid("api.channel.remove_channel_member.type.app_error")
	}
	if in.UserID != v.UserID {
		perm := access.PermManagePublicChannelMembers
		if ch.Type == model.ChannelPrivate {
			perm = access.PermManagePrivateChannelMembers
		}
		if err := v.NeedChannel(ctx, ch.ID, perm); err != nil {
			return api.OK{}, err
		}
	}
	if ch.GroupConstrained && in.UserID != v.UserID && !user.IsBot {
		return api.OK{}, fault.Invalid("api.channel.remove_member.group_constrained.app_error")
	}
	if err := c.Leave(ctx, v.UserID, in.UserID, ch.ID); err != nil {
		return api.OK{}, err
	}
	c.users.Audit(ctx, v, "/api/v4/channels/"+ch.ID+"/members/"+in.UserID, "name="+ch.Name)
	if user.IsGuest() {
		err = c.dropStrayGuest(ctx, v.UserID, in.UserID, ch.TeamID)
	}
	return api.Done(), err
}

// dropStrayGuest ends a guest's membership of a team in which they are in no
// channel any more.
func (c *Channels) dropStrayGuest(ctx context.Context, byID, userID, teamID string) error {
	left, err := db.List(ctx, c.db, db.One[string], `SELECT c.id FROM channels c JOIN channelmembers cm ON cm.channelid = c.id
		WHERE cm.userid = $1 AND c.teamid = $2 AND c.deleteat = 0 LIMIT 1`, userID, teamID)
	if err != nil || len(left) > 0 {
		return err
	}
	return c.teams.Leave(ctx, byID, userID, teamID)
}
