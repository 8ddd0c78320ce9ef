package commands

import (
	"context"
	"errors"
	"strings"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
)

var (
	errDisabled  = fault.NotImplemented("api.command.disabled.app_error")
	errNone      = fault.NotFound("store.sql_command.save.get.app_error")
	errDuplicate = fault.Invalid("api.command.duplicate_trigger.app_error")
)

// iconMost bounds the picture beside a suggestion, bytes.
const iconMost = 64 << 10

// enabled refuses everything about custom commands while they are switched off.
func (c *Commands) enabled() error {
	if !c.Settings.Get().ServiceSettings.EnableCommands {
		return errDisabled
	}
	return nil
}

// managed returns a command that v may manage. One of a team in which v manages
// none is as unknown as one that isn't there.
func (c *Commands) managed(ctx context.Context, v access.Viewer, commandID string) (*model.Command, error) {
	if err := c.enabled(); err != nil {
		return nil, err
	}
	cmd, err := load(ctx, c.DB, commandID)
	switch {
	case errors.Is(err, db.ErrNotFound):
		return nil, errNone
	case err != nil:
		return nil, err
	case !c.manages(ctx, v, cmd.TeamID):
		return nil, errNone
	case cmd.CreatorID != v.UserID || v.System():
		return cmd, v.NeedTeam(ctx, cmd.TeamID, access.PermManageOthersSlashCommands)
	}
	return cmd, nil
}

func (c *Commands) manages(ctx context.Context, v access.Viewer, teamID string) bool {
	return v.CanTeam(ctx, teamID, access.PermManageOwnSlashCommands) || v.CanTeam(ctx, teamID, access.PermManageOthersSlashCommands)
}

// check refuses what can't be a command.
func check(cmd *model.Command) error {
	if problem := cmd.Problem(); problem != "" {
		return fault.Invalid("model.command.is_valid." + problem + ".app_error")
	}
	if cmd.OnMessages != nil && !*cmd.OnMessages {
		cmd.OnMessages = nil
	}
	if cmd.OnMessages != nil && cmd.Method != model.CommandMethodPost {
		return fault.Invalid("parley.commands.on_messages.app_error") // an address is too short for what a message says
	}
	icon := cmd.AutocompleteIconData
	if len(icon) > iconMost || icon != "" && !strings.HasPrefix(icon, "data:image/svg+xml;base64,") && !strings.HasPrefix(icon, "data:image/png;base64,") {
		return fault.Invalid("model.command.is_valid.autocomplete_data.app_error")
	}
	return nil
}

// save writes a command, unless its trigger is taken: by the server's own
// commands or by another of the team. The team's row is locked, so of two that
// want the same trigger at once one gets it.
func (c *Commands) save(ctx context.Context, cmd *model.Command, write func(context.Context, *db.Tx, *model.Command) error) error {
	if c.own[cmd.Trigger] != nil {
		return errDuplicate
	}
	return c.DB.Tx(ctx, func(tx *db.Tx) error {
		if _, err := db.Exec(ctx, tx, `UPDATE teams SET id = id WHERE id = $1`, cmd.TeamID); err != nil {
			return err
		}
		taken, err := byTrigger(ctx, tx, cmd.TeamID, cmd.Trigger)
		if err != nil {
			return err
		}
		for _, other := range taken {
			if other.ID != cmd.ID {
				return errDuplicate
			}
		}
		return write(ctx, tx, cmd)
	})
}

// create makes a command of a team. Whoever manages those of others may make one
// in the name of somebody who is in the team.
func (c *Commands) create(ctx context.Context, v access.Viewer, cmd *model.Command) (*model.Command, error) {
	if err := c.enabled(); err != nil {
		return nil, err
	}
	if err := v.NeedTeam(ctx, cmd.TeamID, access.PermManageOwnSlashCommands); err != nil {
		return nil, err
	}
	if cmd.CreatorID == "" && !v.System() {
		cmd.CreatorID = v.UserID
	}
	if cmd.CreatorID != v.UserID || v.System() {
		if err := v.NeedTeam(ctx, cmd.TeamID, access.PermManageOthersSlashCommands); err != nil {
			return nil, err
		}
		if in, err := c.Access.InTeam(ctx, cmd.CreatorID, cmd.TeamID); err != nil || !in {
			return nil, errors.Join(fault.Invalid("model.command.is_valid.user_id.app_error"), err)
		}
	}
	if _, err := c.Teams.Visible(ctx, v, cmd.TeamID); err != nil {
		return nil, err
	}
	cmd.Trigger = strings.ToLower(cmd.Trigger)
	cmd.ID, cmd.Token, cmd.CreateAt, cmd.DeleteAt, cmd.PluginID = id.New(), id.New(), id.Now(), 0, ""
	cmd.UpdateAt = cmd.CreateAt
	if err := check(cmd); err != nil {
		return nil, err
	}
	if list, err := ofTeam(ctx, c.DB, cmd.TeamID); err != nil {
		return nil, err
	} else if len(list) >= mostOfTeam {
		return nil, fault.Invalid("parley.commands.too_many.app_error", "Max", mostOfTeam)
	}
	return cmd, c.save(ctx, cmd, insert)
}

// change rewrites a command; token, creator, team and age stay.
func (c *Commands) change(ctx context.Context, v access.Viewer, commandID string, want *model.Command) (*model.Command, error) {
	old, err := c.managed(ctx, v, commandID)
	if err != nil {
		return nil, err
	}
	if want.TeamID != old.TeamID {
		return nil, fault.Invalid("api.command.team_mismatch.app_error")
	}
	want.Trigger = strings.ToLower(want.Trigger)
	want.ID, want.Token, want.CreateAt, want.DeleteAt, want.CreatorID, want.PluginID = old.ID, old.Token, old.CreateAt, 0, old.CreatorID, old.PluginID
	want.UpdateAt = max(id.Now(), old.UpdateAt+1)
	if want.OnMessages == nil {
		want.OnMessages = old.OnMessages // a client that doesn't know of it
	}
	if err := check(want); err != nil {
		return nil, err
	}
	return want, c.save(ctx, want, update)
}

// move gives a command to another team, whose commands both v and its creator
// may manage.
func (c *Commands) move(ctx context.Context, v access.Viewer, commandID, teamID string) error {
	cmd, err := c.managed(ctx, v, commandID)
	if err != nil {
		return err
	}
	if err := v.NeedTeam(ctx, teamID, access.PermManageOwnSlashCommands); err != nil {
		return err
	}
	if cmd.CreatorID != v.UserID {
		if err := v.NeedTeam(ctx, teamID, access.PermManageOthersSlashCommands); err != nil {
			return err
		}
	}
	if team, err := c.Teams.Visible(ctx, v, teamID); err != nil {
		return err
	} else if team.DeleteAt != 0 {
		return fault.NotFound("app.team.get.find.app_error")
	}
	creator, err := c.Users.ByID(ctx, cmd.CreatorID)
	if err != nil && !fault.IsNotFound(err) {
		return err
	}
	if err != nil || !c.Access.Acting(creator.ID, creator.Username, creator.Roles).CanTeam(ctx, teamID, access.PermManageOwnSlashCommands) {
		return fault.Invalid("api.command.move_command.creator_no_permission.app_error")
	}
	cmd.TeamID, cmd.UpdateAt = teamID, max(id.Now(), cmd.UpdateAt+1)
	return c.save(ctx, cmd, update)
}

// newToken gives a command another token; the former one is worth nothing at once.
func (c *Commands) newToken(ctx context.Context, v access.Viewer, commandID string) (string, error) {
	cmd, err := c.managed(ctx, v, commandID)
	if err != nil {
		return "", err
	}
	token := id.New()
	_, err = c.DB.Exec(ctx, `UPDATE commands SET token = $2, updateat = $3 WHERE id = $1`, cmd.ID, token, max(id.Now(), cmd.UpdateAt+1))
	return token, err
}
