package webhooks

import (
	"context"
	"crypto/rand"
	"net/http"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/api"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
)

// Mount adds the routes of the slice.
func (w *Webhooks) Mount(r *access.Router) {
	api.Raw(r.Root(), http.MethodPost, "/hooks/{incoming_id}", access.Signed, w.receive, api.MaxBody(payloadMost))
	api.Get(r, "/hooks/incoming", access.Session, w.listIncoming)
	api.Post(r, "/hooks/incoming", access.Session, w.postIncoming, api.Created())
	api.Get(r, "/hooks/incoming/{hook_id}", access.Session, w.getIncoming)
	api.Put(r, "/hooks/incoming/{hook_id}", access.Session, w.putIncoming, api.Created())
	api.Delete(r, "/hooks/incoming/{hook_id}", access.Session, w.deleteIncoming)
	api.Get(r, "/hooks/outgoing", access.Session, w.listOutgoing)
	api.Post(r, "/hooks/outgoing", access.Session, w.postOutgoing, api.Created())
	api.Get(r, "/hooks/outgoing/{hook_id}", access.Session, w.getOutgoing)
	api.Put(r, "/hooks/outgoing/{hook_id}", access.Session, w.putOutgoing)
	api.Delete(r, "/hooks/outgoing/{hook_id}", access.Session, w.deleteOutgoing)
	api.Post(r, "/hooks/outgoing/{hook_id}/regen_token", access.Session, w.postToken)
	api.Post(r, "/parley/hooks/outgoing/{hook_id}/secret", access.Session, w.postSecret, api.Created())
	api.Delete(r, "/parley/hooks/outgoing/{hook_id}/secret", access.Session, w.deleteSecret)
}

type listIn struct {
	api.Page
	TeamID    string `query:"team_id"`
	ChannelID string `query:"channel_id"`
	Total     bool   `query:"include_total_count"`
}

// mine selects what v may see of a team's hooks, or of all: everybody's to who
// manages others', one's own to who manages those.
func (w *Webhooks) mine(ctx context.Context, v access.Viewer, in listIn, column string, its rights) (page, error) {
	p := page{column: column, teamID: in.TeamID, channelID: in.ChannelID, limit: in.PerPage, offset: in.Offset()}
	may := func(perm access.Permission) bool { return v.Can(ctx, perm) }
	if in.TeamID != "" {
		may = func(perm access.Permission) bool { return v.CanTeam(ctx, in.TeamID, perm) }
	}
	switch {
	case may(its.others):
	case may(its.own):
		p.userID = v.UserID
	default:
		return p, fault.NoPermission(string(its.own))
	}
	return p, nil
}

func (w *Webhooks) listIncoming(ctx context.Context, v access.Viewer, in listIn) (any, error) {
	if err := w.incomingOn(); err != nil {
		return nil, err
	}
	in.ChannelID = ""
	p, err := w.mine(ctx, v, in, "userid", incomingRights)
	if err != nil {
		return nil, err
	}
	list, err := listOf(ctx, w.DB, scanIncoming, incomingColumns, "incomingwebhooks", p)
	if err != nil || !in.Total {
		return list, err
	}
	n, err := countIncoming(ctx, w.DB, p)
	return model.IncomingWebhooksWithCount{Webhooks: list, Total: n}, err
}

func (w *Webhooks) listOutgoing(ctx context.Context, v access.Viewer, in listIn) ([]*model.OutgoingWebhook, error) {
	if err := w.outgoingOn(); err != nil {
		return nil, err
	}
	if in.ChannelID != "" {
		ch, err := w.Access.Channel(ctx, in.ChannelID)
		if err != nil {
			return nil, err
		}
		in.TeamID = ch.TeamID
	}
	p, err := w.mine(ctx, v, in, "creatorid", outgoingRights)
	if err != nil {
		return nil, err
	}
	return listOf(ctx, w.DB, scanOutgoing, outgoingColumns, "outgoingwebhooks", p)
}

type incomingIn struct {
	Hook model.IncomingWebhook `body:"json,incoming_webhook"`
}

func (w *Webhooks) postIncoming(ctx context.Context, v access.Viewer, in incomingIn) (*model.IncomingWebhook, error) {
	h, err := w.createIncoming(ctx, v, &in.Hook)
	if err == nil {
		w.Users.Audit(ctx, v, "/api/v4/hooks/incoming", "id="+h.ID)
	}
	return h, err
}

type hookIn struct {
	HookID string `path:"hook_id"`
}

func (w *Webhooks) getIncoming(ctx context.Context, v access.Viewer, in hookIn) (*model.IncomingWebhook, error) {
	return w.ownIncoming(ctx, v, in.HookID)
}

type putIncomingIn struct {
	hookIn
	incomingIn
}

func (w *Webhooks) putIncoming(ctx context.Context, v access.Viewer, in putIncomingIn) (*model.IncomingWebhook, error) {
	if in.Hook.ID != in.HookID {
		return nil, fault.InvalidParam("hook_id")
	}
	h, err := w.changeIncoming(ctx, v, in.HookID, &in.Hook)
	if err == nil {
		w.Users.Audit(ctx, v, "/api/v4/hooks/incoming/"+h.ID, "id="+h.ID)
	}
	return h, err
}

func (w *Webhooks) deleteIncoming(ctx context.Context, v access.Viewer, in hookIn) (api.OK, error) {
	h, err := w.ownIncoming(ctx, v, in.HookID)
	if err != nil {
		return api.OK{}, err
	}
	w.Users.Audit(ctx, v, "/api/v4/hooks/incoming/"+h.ID, "deleted")
	return api.Done(), w.removeIncoming(ctx, h)
}

type outgoingIn struct {
	Hook model.OutgoingWebhook `body:"json,outgoing_webhook"`
}

func (w *Webhooks) postOutgoing(ctx context.Context, v access.Viewer, in outgoingIn) (*model.OutgoingWebhook, error) {
	h, err := w.createOutgoing(ctx, v, &in.Hook)
	if err == nil {
		w.Users.Audit(ctx, v, "/api/v4/hooks/outgoing", "id="+h.ID)
	}
	return h, err
}

func (w *Webhooks) getOutgoing(ctx context.Context, v access.Viewer, in hookIn) (*model.OutgoingWebhook, error) {
	return w.ownOutgoing(ctx, v, in.HookID)
}

type putOutgoingIn struct {
	hookIn
	outgoingIn
}

func (w *Webhooks) putOutgoing(ctx context.Context, v access.Viewer, in putOutgoingIn) (*model.OutgoingWebhook, error) {
	if in.Hook.ID != in.HookID {
		return nil, fault.InvalidParam("hook_id")
	}
	h, err := w.changeOutgoing(ctx, v, in.HookID, &in.Hook)
	if err == nil {
		w.Users.Audit(ctx, v, "/api/v4/hooks/outgoing/"+h.ID, "id="+h.ID)
	}
	return h, err
}

func (w *Webhooks) deleteOutgoing(ctx context.Context, v access.Viewer, in hookIn) (api.OK, error) {
	h, err := w.ownOutgoing(ctx, v, in.HookID)
	if err != nil {
		return api.OK{}, err
	}
	w.Users.Audit(ctx, v, "/api/v4/hooks/outgoing/"+h.ID, "deleted")
	return api.Done(), w.removeOutgoing(ctx, h)
}

func (w *Webhooks) postToken(ctx context.Context, v access.Viewer, in hookIn) (*model.OutgoingWebhook, error) {
	old, err := w.ownOutgoing(ctx, v, in.HookID)
	if err != nil {
		return nil, err
	}
	h := *old
	h.Token = id.New()
	w.Users.Audit(ctx, v, "/api/v4/hooks/outgoing/"+h.ID+"/regen_token", "")
	return &h, w.keepOutgoing(ctx, &h, old)
}

type secretOut struct {
	Secret string `json:"secret"`
}

// postSecret has a hook's calls signed from now on. The secret is shown this once.
func (w *Webhooks) postSecret(ctx context.Context, v access.Viewer, in hookIn) (*secretOut, error) {
	h, err := w.ownOutgoing(ctx, v, in.HookID)
	if err != nil {
		return nil, err
	}
	out := &secretOut{Secret: rand.Text()}
	_, err = db.Exec(ctx, w.DB, `INSERT INTO parley_outgoing_secrets (hookid, secret, createat) VALUES ($1, $2, $3)
		ON CONFLICT (hookid) DO UPDATE SET secret = excluded.secret, createat = excluded.createat`, h.ID, out.Secret, id.Now())
	w.outgoing.Forget(h.TeamID)
	w.Users.Audit(ctx, v, "/api/v4/parley/hooks/outgoing/"+h.ID+"/secret", "")
	return out, err
}

func (w *Webhooks) deleteSecret(ctx context.Context, v access.Viewer, in hookIn) (api.OK, error) {
	h, err := w.ownOutgoing(ctx, v, in.HookID)
	if err != nil {
		return api.OK{}, err
	}
	_, err = db.Exec(ctx, w.DB, `DELETE FROM parley_outgoing_secrets WHERE hookid = $1`, h.ID)
	w.outgoing.Forget(h.TeamID)
	w.Users.Audit(ctx, v, "/api/v4/parley/hooks/outgoing/"+h.ID+"/secret", "deleted")
	return api.Done(), err
}
