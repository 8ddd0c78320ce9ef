package oauthconns

import (
	"context"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/api"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
)

const base = "/oauth/outgoing_connections"

// bodyMost bounds what a connection may be sent as, bytes.
const bodyMost = 64 << 10

// Mount adds the routes of the slice.
func (c *Connections) Mount(r *access.Router) {
	api.Get(r, base, access.Session, c.getList)
	api.Post(r, base, access.Session, c.post, api.Created(), api.MaxBody(bodyMost))
	api.Post(r, base+"/validate", access.Session, c.postValidate, api.MaxBody(bodyMost), api.RateLimit(1, 10))
	api.Get(r, base+"/{outgoing_oauth_connection_id}", access.Session, c.getOne)
	api.Put(r, base+"/{outgoing_oauth_connection_id}", access.Session, c.put, api.MaxBody(bodyMost))
	api.Delete(r, base+"/{outgoing_oauth_connection_id}", access.Session, c.delete)
}

type listIn struct {
	api.Page
	TeamID   string `query:"team_id"`
	Audience string `query:"audience"`
	After    string `query:"from_id"`
	Limit    int    `query:"limit" default:"0" max:"200"`
}

// getList returns a page of the connections, by limit and from_id or by page and per_page; with an audience those that
// serve that address. Who may only make integrations learns which there are and what they are for.
func (c *Connections) getList(ctx context.Context, v access.Viewer, in listIn) (list []*model.OutgoingOAuthConnection, err error) {
	if err := c.may(ctx, v, in.TeamID, access.PermManageOutgoingOAuthConnections, access.PermManageOwnOutgoingWebhooks, access.PermManageOwnSlashCommands); err != nil {
		return nil, err
	}
	if in.After != "" && !id.Valid(in.After) || in.Audience != "" && !model.WebAddress(in.Audience) {
		return nil, fault.Invalid("api.context.outgoing_oauth_connection.list_connections.input_error")
	}
	switch {
	case in.Audience == "" && in.Limit > 0:
		list, err = c.list(ctx, in.After, in.Limit, 0)
	case in.Audience == "":
		list, err = c.list(ctx, in.After, in.PerPage, in.Offset())
	default:
		if list, err = c.serving(ctx, in.Audience); in.Page.Page > 0 {
			list = nil
		}
	}
	out := make([]*model.OutgoingOAuthConnection, len(list))
	manages := v.CanTeam(ctx, in.TeamID, access.PermManageOutgoingOAuthConnections)
	for i, one := range list {
		if out[i] = one.Public(); manages {
			out[i] = one.Sanitized()
		}
	}
	return out, err
}

type bodyIn struct {
	TeamID     string                        `query:"team_id"`
	Connection model.OutgoingOAuthConnection `body:"json,outgoing_oauth_connection"`
}

func (c *Connections) post(ctx context.Context, v access.Viewer, in bodyIn) (*model.OutgoingOAuthConnection, error) {
	if err := c.may(ctx, v, in.TeamID, access.PermManageOutgoingOAuthConnections); err != nil {
		return nil, err
	}
	one, err := c.create(ctx, v, in.Connection)
	if err != nil {
		return nil, err
	}
	c.Users.Audit(ctx, v, "/api/v4"+base, "id="+one.ID)
	return one.Sanitized(), nil
}

func (c *Connections) postValidate(ctx context.Context, v access.Viewer, in bodyIn) (api.OK, error) {
	if err := c.may(ctx, v, in.TeamID, access.PermManageOutgoingOAuthConnections); err != nil {
		return api.OK{}, err
	}
	c.Users.Audit(ctx, v, "/api/v4"+base+"/validate", "id="+in.Connection.ID)
	return api.Done(), c.try(ctx, in.Connection)
}

type oneIn struct {
	TeamID string `query:"team_id"`
	ID     string `path:"outgoing_oauth_connection_id"`
}

func (c *Connections) getOne(ctx context.Context, v access.Viewer, in oneIn) (*model.OutgoingOAuthConnection, error) {
	if err := c.may(ctx, v, in.TeamID, access.PermManageOutgoingOAuthConnections); err != nil {
		return nil, err
	}
	one, err := load(ctx, c.DB, in.ID)
	if err != nil {
		return nil, err
	}
	return one.Sanitized(), nil
}

type putIn struct {
	oneIn
	Connection model.OutgoingOAuthConnection `body:"json,outgoing_oauth_connection"`
}

func (c *Connections) put(ctx context.Context, v access.Viewer, in putIn) (*model.OutgoingOAuthConnection, error) {
	if err := c.may(ctx, v, in.TeamID, access.PermManageOutgoingOAuthConnections); err != nil {
		return nil, err
	}
	if in.Connection.ID != "" && in.Connection.ID != in.ID {
		return nil, fault.InvalidParam("id")
	}
	one, err := c.change(ctx, in.ID, in.Connection)
	if err != nil {
		return nil, err
	}
	c.Users.Audit(ctx, v, "/api/v4"+base+"/"+in.ID, "changed")
	return one.Sanitized(), nil
}

func (c *Connections) delete(ctx context.Context, v access.Viewer, in oneIn) (api.OK, error) {
	if err := c.may(ctx, v, in.TeamID, access.PermManageOutgoingOAuthConnections); err != nil {
		return api.OK{}, err
	}
	if err := remove(ctx, c.DB, in.ID); err != nil {
		return api.OK{}, err
	}
	c.mu.Lock()
	delete(c.kept, in.ID)
	c.mu.Unlock()
	c.Users.Audit(ctx, v, "/api/v4"+base+"/"+in.ID, "deleted")
	return api.Done(), nil
}
