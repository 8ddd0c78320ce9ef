package channels

import (
	"context"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/model"
)

// What follows does what the routes do, under the same rights, for slices that
// act in somebody's name: a command that is typed is a request too.

// FindByName returns a channel of a team, or a direct channel, by its name; 404
// when v can't see one, archived ones among them.
func (c *Channels) FindByName(ctx context.Context, v access.Viewer, teamID, name string) (*model.Channel, error) {
	return c.byName(ctx, v, byNameIn{ChannelName: name}, "c.teamid = $1", teamID)
}

// Admit lets people into a channel, v into an open one among them. Fails as the
// route POST /channels/{channel_id}/members does.
func (c *Channels) Admit(ctx context.Context, v access.Viewer, channelID string, userIDs ...string) error {
	in := postMembersIn{channelIn: channelIn{channelID}}
	in.Body.UserIDs = userIDs
	if len(userIDs) == 1 {
		in.Body.UserIDs, in.Body.UserID = nil, userIDs[0]
	}
	_, err := c.postMembers(ctx, v, in)
	return err
}

// Remove takes somebody out of a channel, or v itself. Fails as the route DELETE
// /channels/{channel_id}/members/{user_id} does.
func (c *Channels) Remove(ctx context.Context, v access.Viewer, channelID, userID string) error {
	_, err := c.deleteMember(ctx, v, memberIn{channelID, userID})
	return err
}

// Edit changes what patch sets. Fails as the route PUT
// /channels/{channel_id}/patch does.
func (c *Channels) Edit(ctx context.Context, v access.Viewer, channelID string, patch model.ChannelPatch) error {
	_, err := c.patchChannel(ctx, v, patchChannelIn{channelIn{channelID}, patch})
	return err
}

// OpenDirect returns v's direct channel with a user. Fails as the route POST
// /channels/direct does.
func (c *Channels) OpenDirect(ctx context.Context, v access.Viewer, userID string) (*model.Channel, error) {
	return c.openDirect(ctx, v, []string{v.UserID, userID})
}

// OpenGroup returns the group message of v and others. Fails as the route POST
// /channels/group does.
func (c *Channels) OpenGroup(ctx context.Context, v access.Viewer, userIDs []string) (*model.Channel, error) {
	return c.openGroup(ctx, v, userIDs)
}
