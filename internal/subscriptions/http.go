package subscriptions

import (
	"context"
	"crypto/rand"
	"errors"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/api"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/id"
)

var errMissing = fault.NotFound("parley.subscriptions.missing.app_error")

// Mount adds the routes of the slice. Who may have outgoing webhooks may have
// subscriptions: both carry messages out of the server.
func (s *Subscriptions) Mount(r *access.Router) {
	api.Get(r, "/parley/subscriptions", access.Session, s.getList)
	api.Post(r, "/parley/subscriptions", access.Session, s.post, api.Created())
	api.Put(r, "/parley/subscriptions/{listener_id}", access.Session, s.put)
	api.Delete(r, "/parley/subscriptions/{listener_id}", access.Session, s.delete)
	api.Post(r, "/parley/subscriptions/{listener_id}/secret", access.Session, s.postSecret)
	api.Post(r, "/parley/subscriptions/{listener_id}/replay", access.Session, s.postReplay)
}

// own is one that v may manage.
func (s *Subscriptions) own(ctx context.Context, v access.Viewer, subscriptionID string) (*Subscription, error) {
	one, err := db.Get(ctx, s.DB, scan, `SELECT `+columns+` FROM parley_subscriptions WHERE id = $1`, subscriptionID)
	if errors.Is(err, db.ErrNotFound) {
		return nil, errMissing
	}
	if err != nil {
		return nil, err
	}
	mine := one.CreatorID == v.UserID && v.CanTeam(ctx, one.TeamID, access.PermManageOwnOutgoingWebhooks)
	if !mine && !v.CanTeam(ctx, one.TeamID, access.PermManageOthersOutgoingWebhooks) {
		return nil, errMissing
	}
	return one, nil
}

// mine is one that v has made. Whoever manages those of others may remove them,
// and no more: another address or secret would hand them what its maker may read.
func (s *Subscriptions) mine(ctx context.Context, v access.Viewer, subscriptionID string) (*Subscription, error) {
	one, err := s.own(ctx, v, subscriptionID)
	if err == nil && (one.CreatorID != v.UserID || v.System()) {
		return nil, fault.Forbidden("parley.subscriptions.others.app_error")
	}
	return one, err
}

// check refuses what can't be a subscription of v's: a channel that v can't read
// isn't there.
func (s *Subscriptions) check(ctx context.Context, v access.Viewer, one *Subscription) error {
	if problem := one.problem(); problem != "" {
		return fault.Invalid("parley.subscriptions." + problem + ".app_error")
	}
	if one.ChannelID == "" {
		return nil
	}
	ch, err := s.Channels.Visible(ctx, v, one.ChannelID)
	if err != nil {
		return err
	}
	if ch.TeamID != one.TeamID {
		return fault.Invalid("parley.subscriptions.channel.app_error")
	}
	return nil
}

type listIn struct {
	TeamID string `query:"team_id"`
}

func (s *Subscriptions) getList(ctx context.Context, v access.Viewer, in listIn) ([]*Subscription, error) {
	if !id.Valid(in.TeamID) {
		return nil, fault.InvalidParam("team_id")
	}
	if err := v.NeedTeam(ctx, in.TeamID, access.PermManageOwnOutgoingWebhooks); err != nil {
		return nil, err
	}
	all, err := s.ofTeam(ctx, in.TeamID)
	others := v.CanTeam(ctx, in.TeamID, access.PermManageOthersOutgoingWebhooks)
	out := []*Subscription{}
	for _, one := range all {
		if others || one.CreatorID == v.UserID {
			out = append(out, one.withoutSecret())
		}
	}
	return out, err
}

func (one *Subscription) withoutSecret() *Subscription {
	c := *one
	c.Secret = ""
	return &c
}

type postIn struct {
	Subscription Subscription `body:"json,subscription"`
}

func (s *Subscriptions) post(ctx context.Context, v access.Viewer, in postIn) (*Subscription, error) {
	one := &in.Subscription
	if !id.Valid(one.TeamID) {
		return nil, fault.InvalidParam("team_id")
	}
	if err := v.NeedTeam(ctx, one.TeamID, access.PermManageOwnOutgoingWebhooks); err != nil {
		return nil, err
	}
	if err := s.check(ctx, v, one); err != nil {
		return nil, err
	}
	if all, err := s.ofTeam(ctx, one.TeamID); err != nil {
		return nil, err
	} else if len(all) >= ofTeamMost {
		return nil, fault.Invalid("parley.subscriptions.too_many.app_error", "Max", ofTeamMost)
	}
	one.ID, one.CreatorID, one.Secret, one.CreateAt = id.New(), v.UserID, rand.Text(), id.Now()
	one.UpdateAt = one.CreateAt
	if err := s.insert(ctx, one); err != nil {
		return nil, err
	}
	s.Users.Audit(ctx, v, "/api/v4/parley/subscriptions", "id="+one.ID)
	return one, nil
}

type oneIn struct {
	ID string `path:"listener_id"`
}

type putIn struct {
	oneIn
	postIn
}

func (s *Subscriptions) put(ctx context.Context, v access.Viewer, in putIn) (*Subscription, error) {
	old, err := s.mine(ctx, v, in.oneIn.ID)
	if err != nil {
		return nil, err
	}
	one := &in.Subscription
	one.ID, one.CreatorID, one.TeamID, one.Secret, one.CreateAt = old.ID, old.CreatorID, old.TeamID, old.Secret, old.CreateAt
	one.UpdateAt = max(id.Now(), old.UpdateAt+1)
	if err := s.check(ctx, v, one); err != nil {
		return nil, err
	}
	s.Users.Audit(ctx, v, "/api/v4/parley/subscriptions/"+one.ID, "changed")
	return one.withoutSecret(), s.update(ctx, one)
}

func (s *Subscriptions) delete(ctx context.Context, v access.Viewer, in oneIn) (api.OK, error) {
	one, err := s.own(ctx, v, in.ID)
	if err != nil {
		return api.OK{}, err
	}
	_, err = s.DB.Exec(ctx, `DELETE FROM parley_subscriptions WHERE id = $1`, one.ID)
	s.byTeam.Forget(one.TeamID)
	s.Users.Audit(ctx, v, "/api/v4/parley/subscriptions/"+one.ID, "deleted")
	return api.Done(), err
}

func (s *Subscriptions) postSecret(ctx context.Context, v access.Viewer, in oneIn) (*Subscription, error) {
	one, err := s.mine(ctx, v, in.ID)
	if err != nil {
		return nil, err
	}
	one.Secret, one.UpdateAt = rand.Text(), max(id.Now(), one.UpdateAt+1)
	s.Users.Audit(ctx, v, "/api/v4/parley/subscriptions/"+one.ID+"/secret", "")
	return one, s.update(ctx, one)
}

type replayIn struct {
	oneIn
	Body struct {
		Since int64 `json:"since"` // milliseconds
	} `body:"json,replay"`
}

type replayOut struct {
	Count int `json:"count"`
}

// postReplay sends again what happened since a time, in the order in which it
// happened, as far back as deliveries are kept.
func (s *Subscriptions) postReplay(ctx context.Context, v access.Viewer, in replayIn) (*replayOut, error) {
	one, err := s.mine(ctx, v, in.ID)
	if err != nil {
		return nil, err
	}
	if !one.Enabled {
		return nil, fault.Invalid("parley.subscriptions.disabled.app_error")
	}
	n, err := s.Deliveries.Replay(ctx, one.call(), in.Body.Since)
	s.Users.Audit(ctx, v, "/api/v4/parley/subscriptions/"+one.ID+"/replay", "")
	return &replayOut{n}, err
}
