package commands

import (
	"context"
	"errors"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
)

// onMessages returns the commands of a team that are offered in the menu of messages.
func (c *Commands) onMessages(ctx context.Context, teamID string) ([]model.MessageCommand, error) {
	return db.List(ctx, c.DB, func(r db.Row) (x model.MessageCommand, err error) {
		err = r.Scan(&x.ID, &x.TeamID, &x.Trigger, &x.DisplayName)
		return x, err
	}, `SELECT c.id, coalesce(c.teamid,''), coalesce(c.trigger,''), coalesce(c.displayname,'')
		FROM commands c JOIN parley_message_commands m ON m.commandid = c.id
		WHERE c.teamid = $1 AND c.deleteat = 0 ORDER BY c.trigger, c.id LIMIT $2`, teamID, mostOfTeam)
}

// onPost runs a command on a message that v may read, as if it had been typed
// beside it: in its channel, and in its thread if it is a reply. A command that
// isn't offered on messages, or of a team that v isn't in or that the message isn't
// of, is unknown.
func (c *Commands) onPost(ctx context.Context, v access.Viewer, commandID, postID string) (*model.CommandResponse, error) {
	if err := c.enabled(); err != nil {
		return nil, err
	}
	if !id.Valid(postID) {
		return nil, fault.InvalidParam("post_id")
	}
	cmd, err := load(ctx, c.DB, commandID)
	switch {
	case errors.Is(err, db.ErrNotFound):
		return nil, errNone
	case err != nil:
		return nil, err
	case cmd.OnMessages == nil || !v.CanTeam(ctx, cmd.TeamID, access.PermViewTeam):
		return nil, errNone
	}
	post, err := c.Posts.Visible(ctx, v, postID)
	if err != nil {
		return nil, err
	}
	if post.IsSystem() || post.Type == model.PostTypeBurnOnRead {
		return nil, fault.Invalid("parley.commands.on_post.app_error")
	}
	r := &run{v: v, locale: c.locale(ctx, v.UserID), trigger: cmd.Trigger, on: post, rootID: post.RootID}
	if err := c.enter(ctx, r, post.ChannelID, cmd.TeamID); err != nil {
		return nil, err
	}
	if r.team == nil || r.team.ID != cmd.TeamID {
		return nil, errNone
	}
	if err := c.alive(ctx, cmd); err != nil {
		return nil, err
	}
	return c.answered(ctx, r, cmd)
}
