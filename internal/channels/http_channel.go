package channels

import (
	"context"
	"slices"
	"strings"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/api"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
)

func (c *Channels) mountChannel(r *access.Router) {
	api.Post(r, "/channels", access.Session, c.postChannel, api.Created())
	api.Post(r, "/channels/direct", access.Session, c.postDirect, api.Created())
	api.Post(r, "/channels/group", access.Session, c.postGroup, api.Created())
	api.Get(r, "/channels/{channel_id}", access.Session, c.getChannel)
	api.Put(r, "/channels/{channel_id}", access.Session, c.putChannel)
	api.Put(r, "/channels/{channel_id}/patch", access.Session, c.patchChannel)
	api.Put(r, "/channels/{channel_id}/privacy", access.Session, c.putPrivacy)
	api.Delete(r, "/channels/{channel_id}", access.Session, c.deleteChannel)
	api.Post(r, "/channels/{channel_id}/restore", access.Session, c.restoreChannel)
	api.Get(r, "/channels/{channel_id}/common_teams", access.Session, c.commonTeams)
	api.Post(r, "/channels/{channel_id}/convert_to_channel", access.Session, c.convert)
	api.Get(r, "/teams/{team_id}/channels/name/{channel_name}", access.Session, c.getByName)
	api.Get(r, "/teams/name/{team_name}/channels/name/{channel_name}", access.Session, c.getByTeamName)
}

type postChannelIn struct {
	Channel model.Channel `body:"json,channel"`
}

func (c *Channels) postChannel(ctx context.Context, v access.Viewer, in postChannelIn) (*model.Channel, error) {
	ch, err := c.Create(ctx, v, &in.Channel)
	if err == nil {
		c.users.Audit(ctx, v, "/api/v4/channels", "name="+ch.Name)
	}
	return ch, err
}

func (c *Channels) postDirect(ctx context.Context, v access.Viewer, in idsIn) (*model.Channel, error) {
	ids, err := in.inOrder()
	if err != nil {
		return nil, err
	}
	if len(ids) != 2 {
		return nil, fault.InvalidParam("user_ids")
	}
	for _, s := range ids {
		if !id.Valid(s) {
			return nil, fault.InvalidParam("user_id")
		}
	}
	return c.openDirect(ctx, v, ids)
}

func (c *Channels) openDirect(ctx context.Context, v access.Viewer, ids []string) (*model.Channel, error) {
	if err := v.Need(ctx, access.PermCreateDirectChannel); err != nil {
		return nil, err
	}
	if !slices.Contains(ids, v.UserID) {
		if err := v.Need(ctx, access.PermManageSystem); err != nil {
			return nil, err
		}
	}
	if err := c.maySeeAll(ctx, v, ids); err != nil {
		return nil, err
	}
	if c.cfg.Get().TeamSettings.RestrictDirectMessage == "team" && !v.Admin(ctx) {
		if err := c.shareTeam(ctx, ids[0], ids[1]); err != nil {
			return nil, err
		}
	}
	return c.Direct(ctx, ids[0], ids[1])
}

// maySeeAll refuses with 403 when there is somebody whom v may not know of.
func (c *Channels) maySeeAll(ctx context.Context, v access.Viewer, ids []string) error {
	if v.Can(ctx, access.PermViewMembers) {
		return nil
	}
	for _, userID := range ids { // at most eight
		ok, err := c.users.CanSee(ctx, v, userID)
		if err != nil {
			return err
		}
		if !ok {
			return fault.NoPermission(string(access.PermViewMembers))
		}
	}
	return nil
}

// shareTeam refuses a conversation between people without a team in common;
// talking to oneself, and to bots, is always fine.
func (c *Channels) shareTeam(ctx context.Context, a, b string) error {
	if a == b {
		return nil
	}
	found, err := db.List(ctx, c.db, db.One[string], `SELECT x.userid FROM teammembers x JOIN teammembers y ON y.teamid = x.teamid AND y.deleteat = 0
		WHERE x.userid = $1 AND y.userid = $2 AND x.deleteat = 0
		UNION SELECT userid FROM bots WHERE userid IN ($1, $2) LIMIT 1`, a, b)
	if err == nil && len(found) == 0 {
		return fault.Forbidden("api.channel.create_channel.direct_channel.team_restricted_error")
	}
	return err
}

func (c *Channels) postGroup(ctx context.Context, v access.Viewer, in idsIn) (*model.Channel, error) {
	ids, err := in.ids("user_ids")
	if err != nil {
		return nil, err
	}
	return c.openGroup(ctx, v, ids)
}

func (c *Channels) openGroup(ctx context.Context, v access.Viewer, ids []string) (*model.Channel, error) {
	if !slices.Contains(ids, v.UserID) {
		ids = append(ids, v.UserID)
	}
	if err := v.Need(ctx, access.PermCreateGroupChannel); err != nil {
		return nil, err
	}
	if len(ids) > model.ChannelGroupMaxUsers {
		return nil, fault.Invalid("api.channel.create_group.bad_size.app_error")
	}
	if err := c.maySeeAll(ctx, v, ids); err != nil {
		return nil, err
	}
	return c.Group(ctx, v.UserID, ids)
}

func (c *Channels) getChannel(ctx context.Context, v access.Viewer, in channelIn) (*model.Channel, error) {
	return c.Visible(ctx, v, in.ChannelID)
}

type putChannelIn struct {
	channelIn
	Channel model.Channel `body:"json,channel"`
}

func (c *Channels) putChannel(ctx context.Context, v access.Viewer, in putChannelIn) (*model.Channel, error) {
	want := &in.Channel
	if want.ID != in.ChannelID {
		return nil, fault.InvalidParam("channel_id")
	}
	old, err := c.load(ctx, c.db, in.ChannelID)
	if err != nil {
		return nil, err
	}
	p := putPatch(old, want)
	if err := c.mayEdit(ctx, v, old, p); err != nil {
		if fault.Is(err, errPatchConversation.ID) {
			err = fault.Invalid("api.channel.update_channel.update_direct_or_group_messages_not_allowed.app_error")
		}
		return nil, err
	}
	return c.change(ctx, v.UserID, in.ChannelID, func(ch *model.Channel) error {
		if ch.DeleteAt > 0 {
			return fault.Invalid("api.channel.update_channel.deleted.app_error")
		}
		if want.Type != "" && want.Type != ch.Type {
			return fault.Invalid("api.channel.update_channel.typechange.app_error")
		}
		before := *ch
		p.Apply(ch)
		return editable(&before, ch.Name)
	})
}

// putPatch is what a whole channel that was put changes of the stored one:
// empty names are those that the client doesn't know.
func putPatch(old, want *model.Channel) *model.ChannelPatch {
	p := &model.ChannelPatch{Header: &want.Header, BannerInfo: want.BannerInfo}
	if !old.IsConversation() || want.Purpose != old.Purpose {
		p.Purpose = &want.Purpose
	}
	if want.DisplayName != "" && want.DisplayName != old.DisplayName {
		p.DisplayName = &want.DisplayName
	}
	if want.Name != "" && want.Name != old.Name {
		p.Name = &want.Name
	}
	if want.GroupConstrained != nil {
		p.GroupConstrained = want.GroupConstrained
	}
	return p
}

type patchChannelIn struct {
	channelIn
	Patch model.ChannelPatch `body:"json,channel"`
}

func (c *Channels) patchChannel(ctx context.Context, v access.Viewer, in patchChannelIn) (*model.Channel, error) {
	if in.Patch == (model.ChannelPatch{}) {
		return nil, fault.Invalid("api.channel.patch_update_channel.no_changes.app_error")
	}
	old, err := c.load(ctx, c.db, in.ChannelID)
	if err != nil {
		return nil, err
	}
	if err := c.mayEdit(ctx, v, old, &in.Patch); err != nil {
		return nil, err
	}
	return c.change(ctx, v.UserID, in.ChannelID, func(ch *model.Channel) error {
		before := *ch
		in.Patch.Apply(ch)
		return editable(&before, ch.Name)
	})
}

type putPrivacyIn struct {
	channelIn
	Body struct {
		Privacy string `json:"privacy"`
	} `body:"json,privacy"`
}

func (c *Channels) putPrivacy(ctx context.Context, v access.Viewer, in putPrivacyIn) (*model.Channel, error) {
	kind := in.Body.Privacy
	if kind != model.ChannelOpen && kind != model.ChannelPrivate {
		return nil, fault.InvalidParam("privacy")
	}
	ch, err := c.load(ctx, c.db, in.ChannelID)
	if err != nil {
		return nil, err
	}
	return c.setPrivacy(ctx, v, ch, kind)
}

type deleteChannelIn struct {
	channelIn
	Permanent bool `query:"permanent"`
}

func (c *Channels) deleteChannel(ctx context.Context, v access.Viewer, in deleteChannelIn) (api.OK, error) {
	ch, err := c.load(ctx, c.db, in.ChannelID)
	if err != nil {
		return api.OK{}, err
	}
	if ch.IsConversation() {
		return api.OK{}, fault.Invalid("api.channel.delete_channel.type.invalid")
	}
	perm := access.PermDeletePublicChannel
	if ch.Type == model.ChannelPrivate {
		perm = access.PermDeletePrivateChannel
	}
	if err := v.NeedChannel(ctx, ch.ID, perm); err != nil {
		return api.OK{}, err
	}
	if in.Permanent {
		err = c.deletePermanently(ctx, v, ch)
	} else {
		err = c.Archive(ctx, v.UserID, ch.ID)
	}
	if err == nil {
		c.users.Audit(ctx, v, "/api/v4/channels/"+ch.ID, "name="+ch.Name)
	}
	return api.Done(), err
}

func (c *Channels) restoreChannel(ctx context.Context, v access.Viewer, in channelIn) (*model.Channel, error) {
	ch, err := c.load(ctx, c.db, in.ChannelID)
	if err != nil {
		return nil, err
	}
	if !v.Can(ctx, access.PermSysconsoleWriteUserManagementChannels) {
		if err := v.NeedTeam(ctx, ch.TeamID, access.PermManageTeam); err != nil {
			return nil, err
		}
	}
	ch, err = c.Restore(ctx, v.UserID, ch.ID)
	if err == nil {
		c.users.Audit(ctx, v, "/api/v4/channels/"+ch.ID+"/restore", "name="+ch.Name)
	}
	return ch, err
}

type byNameIn struct {
	TeamID         string `path:"team_id"`
	ChannelName    string `path:"channel_name,text"`
	IncludeDeleted bool   `query:"include_deleted"`
}

func (c *Channels) getByName(ctx context.Context, v access.Viewer, in byNameIn) (*model.Channel, error) {
	return c.byName(ctx, v, in, "c.teamid = $1", in.TeamID)
}

type byTeamNameIn struct {
	TeamName       string `path:"team_name,text"`
	ChannelName    string `path:"channel_name,text"`
	IncludeDeleted bool   `query:"include_deleted"`
}

func (c *Channels) getByTeamName(ctx context.Context, v access.Viewer, in byTeamNameIn) (*model.Channel, error) {
	return c.byName(ctx, v, byNameIn{ChannelName: in.ChannelName, IncludeDeleted: in.IncludeDeleted},
		"c.teamid = (SELECT id FROM teams WHERE name = $1)", strings.ToLower(in.TeamName))
}
