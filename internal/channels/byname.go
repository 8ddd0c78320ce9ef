package channels

import (
	"context"
	"strings"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/model"
)

// byName finds a channel by its name in a team, or one of v's direct channels,
// which belong to every team. A private channel that v isn't in is as unknown
// as one that isn't there.
func (c *Channels) byName(ctx context.Context, v access.Viewer, in byNameIn, team string, arg string) (*model.Channel, error) {
	name := strings.ToLower(in.ChannelName)
	if model.IsDirectChannelName(in.ChannelName) {
		name, team = in.ChannelName, "(c.teamid = '' AND $1 <> '')"
	}
	if !in.IncludeDeleted {
		team += " AND c.deleteat = 0"
	}
	list, err := c.list(ctx, "WHERE c.name = $2 AND "+team+" LIMIT 1", arg, name)
	if err != nil {
		return nil, err
	}
	missing := fault.NotFound("app.channel.get_by_name.missing.app_error")
	if len(list) == 0 {
		return nil, missing
	}
	ch := list[0]
	if v.CanChannel(ctx, ch.ID, access.PermReadChannel) {
		return ch, nil
	}
	if ch.Type == model.ChannelOpen {
		return ch, v.NeedTeam(ctx, ch.TeamID, access.PermReadPublicChannel)
	}
	return nil, missing
}
