package mailgate

import (
	"context"
	"errors"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/api"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/realtime"
)

// eventChanged tells a channel that its mail address is another one now.
const eventChanged = "parley_email_address_changed"

var (
	errRefused  = fault.Forbidden("api.context.permissions.app_error")
	errOff      = fault.Forbidden("parley.mailgate.off.app_error")
	errInside   = fault.Forbidden("parley.mailgate.outsiders.app_error")
	errDirect   = fault.Invalid("parley.mailgate.direct.app_error")
	errArchived = fault.Invalid("parley.mailgate.archived.app_error")
)

// State is the mail address of a channel as its members see it.
type State struct {
	Available        bool   `json:"available"` // the administrator's setting, and a channel that can have one
	Address          string `json:"address"`   // "" without one
	Outsiders        bool   `json:"outsiders"` // people without an account may write, too
	OutsidersAllowed bool   `json:"outsiders_allowed"`
	MayChange        bool   `json:"may_change"`
}

// Mount adds the routes.
func (g *Gate) Mount(r *access.Router) {
	api.Get(r, "/parley/channels/{channel_id}/email_address", access.Session, g.get)
	api.Put(r, "/parley/channels/{channel_id}/email_address", access.Session, g.put)
	api.Delete(r, "/parley/channels/{channel_id}/email_address", access.Session, g.delete)
}

type channelIn struct {
	ChannelID string `path:"channel_id"`
}

// readable is a channel that v takes part in: who only may look into a public one
// is not given its address.
func (g *Gate) readable(ctx context.Context, v access.Viewer, channelID string) (*access.ChannelFacts, error) {
	ch, err := g.Access.Channel(ctx, channelID)
	if fault.IsNotFound(err) || err == nil && !(v.MayRead(ctx, ch) && g.Posts.MayPost(ctx, v, ch)) {
		return nil, errRefused
	}
	return ch, err
}

func mayChange(ctx context.Context, v access.Viewer, ch *access.ChannelFacts) bool {
	return !ch.Direct() && !v.Guest() && v.CanChannel(ctx, ch.ID, access.PermManageChannelRoles)
}

func (g *Gate) state(ctx context.Context, v access.Viewer, ch *access.ChannelFacts) (*State, error) {
	out := &State{Available: g.ready() && !ch.Direct(), OutsidersAllowed: g.settings().AllowOutsiders, MayChange: mayChange(ctx, v, ch)}
	a, err := g.ofChannel(ctx, ch.ID)
	if errors.Is(err, db.ErrNotFound) || err == nil && (!out.Available || ch.DeleteAt != 0) {
		return out, nil
	}
	if err != nil {
		return nil, err
	}
	out.Address, out.Outsiders = g.written(ch, a.token), a.outsiders && out.OutsidersAllowed
	return out, nil
}

func (g *Gate) get(ctx context.Context, v access.Viewer, in channelIn) (*State, error) {
	ch, err := g.readable(ctx, v, in.ChannelID)
	if err != nil {
		return nil, err
	}
	return g.state(ctx, v, ch)
}

type putIn struct {
	channelIn
	Body struct {
		Outsiders bool `json:"outsiders"`
		Renew     bool `json:"renew"` // another address, so that the old one ends
	} `body:"json,email_address"`
}

// put gives a channel an address, or changes it.
func (g *Gate) put(ctx context.Context, v access.Viewer, in putIn) (*State, error) {
	ch, err := g.changeable(ctx, v, in.ChannelID)
	switch {
	case err != nil:
		return nil, err
	case !g.ready():
		return nil, errOff
	case in.Body.Outsiders && !g.settings().AllowOutsiders:
		return nil, errInside
	case ch.DeleteAt != 0:
		return nil, errArchived
	}
	if err := g.keep(ctx, ch.ID, v.UserID, in.Body.Outsiders, in.Body.Renew); err != nil {
		return nil, err
	}
	did := "members"
	if in.Body.Outsiders {
		did = "anybody"
	}
	if in.Body.Renew {
		did += ", renewed"
	}
	return g.told(ctx, v, ch, did)
}

// delete takes a channel's address away.
func (g *Gate) delete(ctx context.Context, v access.Viewer, in channelIn) (*State, error) {
	ch, err := g.changeable(ctx, v, in.ChannelID)
	if err != nil {
		return nil, err
	}
	if err := g.forget(ctx, ch.ID); err != nil {
		return nil, err
	}
	return g.told(ctx, v, ch, "removed")
}

func (g *Gate) changeable(ctx context.Context, v access.Viewer, channelID string) (*access.ChannelFacts, error) {
	ch, err := g.readable(ctx, v, channelID)
	switch {
	case err != nil:
		return nil, err
	case ch.Direct():
		return nil, errDirect
	case !mayChange(ctx, v, ch):
		return nil, errRefused
	}
	return ch, nil
}

// told notes who changed an address and has clients ask for it.
func (g *Gate) told(ctx context.Context, v access.Viewer, ch *access.ChannelFacts, did string) (*State, error) {
	g.Users.Audit(ctx, v, "/api/v4/parley/channels/"+ch.ID+"/email_address", did)
	g.Hub.Publish(realtime.Event{Name: eventChanged, Data: map[string]string{"channel_id": ch.ID}, To: realtime.Audience{ChannelID: ch.ID}})
	return g.state(ctx, v, ch)
}
