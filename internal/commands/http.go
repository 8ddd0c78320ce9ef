package commands

import (
	"context"
	"net/http"
	"strings"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/api"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
)

// Mount adds the routes of the slice.
func (c *Commands) Mount(r *access.Router) {
	api.Get(r, "/commands", access.Session, c.getList)
	api.Post(r, "/commands", access.Session, c.post, api.Created())
	api.Post(r, "/commands/execute", access.Session, c.postExecute)
	api.Get(r, "/commands/{command_id}", access.Session, c.getOne)
	api.Put(r, "/commands/{command_id}", access.Session, c.put)
	api.Delete(r, "/commands/{command_id}", access.Session, c.delete)
	api.Put(r, "/commands/{command_id}/move", access.Session, c.putMove)
	api.Put(r, "/commands/{command_id}/regen_token", access.Session, c.putToken)
	api.Get(r, "/teams/{team_id}/commands/autocomplete", access.Session, c.getAutocomplete)
	api.Get(r, "/teams/{team_id}/commands/autocomplete_suggestions", access.Session, c.getSuggestions)
	api.Get(r, "/parley/teams/{team_id}/commands/on_posts", access.Session, c.getOnPosts)
	api.Post(r, "/parley/commands/{command_id}/on_post", access.Session, c.postOnPost)
	api.Raw(r.Root(), http.MethodPost, "/hooks/commands/{response_id}", access.Signed, c.postLater, api.RateLimit(laterPerSecond, laterBurst))
}

// How often one address may answer later. An integration answers many people at
// once; somebody who guesses ids has 2^128 of them before them.
const (
	laterPerSecond = 50
	laterBurst     = 200
)

type listIn struct {
	TeamID     string `query:"team_id"`
	CustomOnly bool   `query:"custom_only"`
}

// getList lists the commands of a team: all of them to who manages commands, to
// others those that are offered.
func (c *Commands) getList(ctx context.Context, v access.Viewer, in listIn) ([]*model.Command, error) {
	if err := c.enabled(); err != nil {
		return nil, err
	}
	if !id.Valid(in.TeamID) {
		return nil, fault.InvalidParam("team_id")
	}
	if err := v.NeedTeam(ctx, in.TeamID, access.PermViewTeam); err != nil {
		return nil, err
	}
	manages := c.manages(ctx, v, in.TeamID)
	if in.CustomOnly && !manages {
		return nil, fault.NoPermission(string(access.PermManageOwnSlashCommands))
	}
	list := []*model.Command{}
	if !in.CustomOnly {
		offered, err := c.offered(ctx, v, in.TeamID, c.locale(ctx, v.UserID))
		if err != nil {
			return nil, err
		}
		for _, cmd := range offered {
			if cmd.ID == "" || !manages {
				cmd.Sanitize()
				list = append(list, cmd)
			}
		}
	}
	if !manages {
		return list, nil
	}
	custom, err := ofTeam(ctx, c.DB, in.TeamID)
	others := v.CanTeam(ctx, in.TeamID, access.PermManageOthersSlashCommands)
	for _, cmd := range custom {
		if others || cmd.CreatorID == v.UserID {
			list = append(list, cmd)
		}
	}
	return list, err
}

type postIn struct {
	Command model.Command `body:"json,command"`
}

func (c *Commands) post(ctx context.Context, v access.Viewer, in postIn) (*model.Command, error) {
	cmd, err := c.create(ctx, v, &in.Command)
	if err != nil {
		return nil, err
	}
	c.Users.Audit(ctx, v, "/api/v4/commands", "id="+cmd.ID)
	return cmd, nil
}

type commandIn struct {
	CommandID string `path:"command_id"`
}

func (c *Commands) getOne(ctx context.Context, v access.Viewer, in commandIn) (*model.Command, error) {
	cmd, err := c.managed(ctx, v, in.CommandID)
	if err != nil && fault.As(err).Kind == fault.KindForbidden {
		return nil, errNone // reading says less than changing
	}
	return cmd, err
}

type putIn struct {
	commandIn
	Command model.Command `body:"json,command"`
}

func (c *Commands) put(ctx context.Context, v access.Viewer, in putIn) (*model.Command, error) {
	if in.Command.ID != "" && in.Command.ID != in.CommandID {
		return nil, fault.InvalidParam("command")
	}
	cmd, err := c.change(ctx, v, in.CommandID, &in.Command)
	if err != nil {
		return nil, err
	}
	c.Users.Audit(ctx, v, "/api/v4/commands/"+cmd.ID, "id="+cmd.ID)
	return cmd, nil
}

func (c *Commands) delete(ctx context.Context, v access.Viewer, in commandIn) (api.OK, error) {
	cmd, err := c.managed(ctx, v, in.CommandID)
	if err != nil {
		return api.OK{}, err
	}
	c.Users.Audit(ctx, v, "/api/v4/commands/"+cmd.ID, "deleted")
	return api.Done(), c.remove(ctx, cmd.ID)
}

type moveIn struct {
	commandIn
	Body struct {
		TeamID string `json:"team_id"`
	} `body:"json,team_id"`
}

func (c *Commands) putMove(ctx context.Context, v access.Viewer, in moveIn) (api.OK, error) {
	if !id.Valid(in.Body.TeamID) {
		return api.OK{}, fault.InvalidParam("team_id")
	}
	return api.Done(), c.move(ctx, v, in.CommandID, in.Body.TeamID)
}

type tokenOut struct {
	Token string `json:"token"`
}

func (c *Commands) putToken(ctx context.Context, v access.Viewer, in commandIn) (tokenOut, error) {
	token, err := c.newToken(ctx, v, in.CommandID)
	if err == nil {
		c.Users.Audit(ctx, v, "/api/v4/commands/"+in.CommandID+"/regen_token", "")
	}
	return tokenOut{token}, err
}

type executeIn struct {
	Args model.CommandArgs `body:"json,command_args"`
}

func (c *Commands) postExecute(ctx context.Context, v access.Viewer, in executeIn) (*model.CommandResponse, error) {
	return c.execute(ctx, v, in.Args)
}

type teamIn struct {
	TeamID string `path:"team_id"`
}

func (c *Commands) getAutocomplete(ctx context.Context, v access.Viewer, in teamIn) ([]*model.Command, error) {
	if err := v.NeedTeam(ctx, in.TeamID, access.PermViewTeam); err != nil {
		return nil, err
	}
	list, err := c.offered(ctx, v, in.TeamID, c.locale(ctx, v.UserID))
	for _, cmd := range list {
		cmd.Sanitize()
		cmd.AutocompleteData = nil // how it goes on is what suggestions are for
	}
	return list, err
}

// getOnPosts lists what is offered in the menu of the messages of a team.
func (c *Commands) getOnPosts(ctx context.Context, v access.Viewer, in teamIn) ([]model.MessageCommand, error) {
	if err := v.NeedTeam(ctx, in.TeamID, access.PermViewTeam); err != nil {
		return nil, err
	}
	if c.enabled() != nil {
		return []model.MessageCommand{}, nil // there are none to run
	}
	return c.onMessages(ctx, in.TeamID)
}

type onPostIn struct {
	commandIn
	Body struct {
		PostID string `json:"post_id"`
	} `body:"json,post_id"`
}

func (c *Commands) postOnPost(ctx context.Context, v access.Viewer, in onPostIn) (*model.CommandResponse, error) {
	return c.onPost(ctx, v, in.CommandID, in.Body.PostID)
}

type suggestIn struct {
	teamIn
	UserInput string `query:"user_input"`
	ChannelID string `query:"channel_id"`
	RootID    string `query:"root_id"`
}

// inputMost bounds a text that suggestions are made for, bytes.
const inputMost = 4 << 10

func (c *Commands) getSuggestions(ctx context.Context, v access.Viewer, in suggestIn) ([]model.AutocompleteSuggestion, error) {
	if err := v.NeedTeam(ctx, in.TeamID, access.PermViewTeam); err != nil {
		return nil, err
	}
	if in.UserInput == "" || len(in.UserInput) > inputMost {
		return nil, fault.InvalidParam("userInput")
	}
	if in.ChannelID != "" && !v.CanChannel(ctx, in.ChannelID, access.PermReadChannel) {
		return nil, fault.NoPermission(string(access.PermReadChannel))
	}
	if in.RootID != "" {
		if _, err := c.Posts.Visible(ctx, v, in.RootID); err != nil {
			return nil, err
		}
	}
	list, err := c.offered(ctx, v, in.TeamID, c.locale(ctx, v.UserID))
	if err != nil {
		return nil, err
	}
	return suggest(&typing{ctx: ctx, admin: v.Admin(ctx), input: strings.TrimLeft(strings.TrimPrefix(in.UserInput, "/"), " "), channelID: in.ChannelID,
		rootID: in.RootID, teamID: in.TeamID, fetch: c.fetcher(v)}, list), nil
}
