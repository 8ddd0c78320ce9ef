package commands

import (
	"context"
	"strings"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
)

var (
	errStart     = fault.Invalid("api.command.execute_command.start.app_error")
	errForbidden = fault.NoPermission(string(access.PermCreatePost))
)

// run is one execution of a command.
type run struct {
	v       access.Viewer
	ch      *access.ChannelFacts
	team    *access.TeamFacts // of the channel, or the one a conversation is looked at from; nil for none
	rootID  string
	trigger string
	text    string // what follows the trigger
	locale  string
	// What an integration gets, and the client's part of it.
	triggerID, clientID string
	on                  *model.Post // the message that the command is run on; nil for one that was typed
}

// says is an answer for the typist alone.
func (r *run) says(key string, pairs ...any) *model.CommandResponse {
	return &model.CommandResponse{ResponseType: model.CommandResponseEphemeral, Text: text(r.locale, key, pairs...)}
}

// place is the address of a page of the team, for GotoLocation.
func (r *run) place(parts ...string) string {
	if r.team == nil {
		return ""
	}
	return "/" + strings.Join(append([]string{r.team.Name}, parts...), "/")
}

// execute runs what somebody typed and returns the answer for their client.
func (c *Commands) execute(ctx context.Context, v access.Viewer, a model.CommandArgs) (*model.CommandResponse, error) {
	r, err := c.begin(ctx, v, a)
	if err != nil {
		return nil, err
	}
	if own := c.own[r.trigger]; own != nil && (own.hidden == nil || !own.hidden(ctx, r.v, r.teamID())) {
		answer, err := own.do(ctx, r)
		if err != nil {
			if answer = c.explained(ctx, r, err); answer == nil {
				return nil, err
			}
		}
		return answer, c.respond(ctx, r, nil, answer)
	}
	return c.custom(ctx, r)
}

// begin finds out where a command is run, and refuses it where its typist can't
// write.
func (c *Commands) begin(ctx context.Context, v access.Viewer, a model.CommandArgs) (*run, error) {
	r := &run{v: v, locale: c.locale(ctx, v.UserID)}
	var ok bool
	if r.trigger, r.text, ok = split(a.Command); !ok || !id.Valid(a.ChannelID) {
		return nil, errStart
	}
	if err := c.enter(ctx, r, a.ChannelID, a.TeamID); err != nil {
		return nil, err
	}
	return r, c.inThread(ctx, r, a.RootID)
}

// enter notes the channel that a command is run in, and its team; for a
// conversation that is teamID, the one it is looked at from.
func (c *Commands) enter(ctx context.Context, r *run, channelID, teamID string) error {
	ch, err := c.Access.Channel(ctx, channelID)
	if fault.IsNotFound(err) {
		return errForbidden
	}
	if err != nil {
		return err
	}
	if !r.v.CanChannel(ctx, ch.ID, access.PermCreatePost) {
		return errForbidden
	}
	if ch.DeleteAt != 0 {
		return fault.Invalid("api.command.execute_command.deleted.error")
	}
	if restricted, err := c.Channels.Restricted(ctx, r.v, ch); err != nil {
		return err
	} else if restricted {
		return fault.Invalid("api.command.execute_command.restricted_dm.error")
	}
	r.ch = ch
	if !ch.Direct() {
		teamID = ch.TeamID
	}
	if teamID == "" {
		return nil
	}
	if !id.Valid(teamID) {
		return fault.InvalidParam("team_id")
	}
	if err := r.v.NeedTeam(ctx, teamID, access.PermViewTeam); err != nil {
		return err
	}
	r.team, err = c.Access.Team(ctx, teamID)
	return err
}

// inThread notes the thread that a command is typed in.
func (c *Commands) inThread(ctx context.Context, r *run, rootID string) error {
	if rootID == "" {
		return nil
	}
	if !id.Valid(rootID) {
		return fault.InvalidParam("root_id")
	}
	root, err := c.Posts.Visible(ctx, r.v, rootID)
	if fault.IsNotFound(err) || err == nil && (root.ChannelID != r.ch.ID || root.RootID != "") {
		return fault.InvalidParam("root_id")
	}
	r.rootID = rootID
	return err
}

func (r *run) teamID() string {
	if r.team == nil {
		return ""
	}
	return r.team.ID
}

// explained turns a refusal of what a built-in command wanted into words for the
// typist. Faults of the server itself stay errors.
func (c *Commands) explained(_ context.Context, r *run, err error) *model.CommandResponse {
	e := fault.As(err)
	if e.Kind == fault.KindInternal || e.Kind == fault.KindUnavailable {
		return nil
	}
	if e.ID == "api.context.permissions.app_error" {
		return r.says("commands.no_permission", "Command", "/"+r.trigger)
	}
	return &model.CommandResponse{ResponseType: model.CommandResponseEphemeral, Text: text(r.locale, e.ID, flat(e.Params)...)}
}

// flat are parameters as pairs.
func flat(params map[string]any) []any {
	var out []any
	for k, v := range params {
		out = append(out, k, v)
	}
	return out
}
