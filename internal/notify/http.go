package notify

import (
	"context"
	"errors"
	"net/http"
	"net/url"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/api"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/metrics"
	"github.com/parley-chat/parley/internal/model"
)

// Mount adds the routes of notifications. Those below /parley are Parley's own.
func (n *Notify) Mount(r *access.Router) {
	api.Post(r, "/notifications/ack", access.Session, n.ack)
	api.Get(r, "/parley/webpush/key", access.Session, n.getKey)
	api.Get(r, "/parley/webpush/subscriptions", access.Session, n.getSubscriptions)
	api.Post(r, "/parley/webpush/subscriptions", access.Session, n.postSubscription, api.Created())
	api.Delete(r, "/parley/webpush/subscriptions/{subscription_id}", access.Session, n.deleteSubscription)
	api.Post(r, "/parley/webpush/subscriptions/{subscription_id}/test", access.Session, n.postTest, api.RateLimit(1, 10))
	api.Get(r, "/parley/unsubscribe", access.Signed, n.showUnsubscribe)
	api.Post(r, "/parley/unsubscribe", access.Signed, n.postUnsubscribe, api.RateLimit(1, 10))
}

type ackIn struct {
	Body model.PushNotificationAck `body:"json,notification_ack"`
}

var (
	errPushOff  = fault.New(fault.KindNotImplemented, "api.push_notification.disabled.app_error")
	errAckFetch = fault.New(fault.KindInternal, "api.push_notification.id_loaded.fetch.app_error")
)

// ack takes a phone's word that a notification has come, and answers one that
// had only an id with what it says.
func (n *Notify) ack(ctx context.Context, v access.Viewer, in ackIn) (any, error) {
	if !n.cfg.Get().EmailSettings.SendPushNotifications {
		return nil, errPushOff
	}
	a := in.Body
	n.metrics.Notification(metrics.NoticeAcknowledged, kindPush, "", a.ClientPlatform)
	if n.pushes() {
		if _, err := n.callProxy(ctx, "/api/v1/ack", a); err != nil {
			n.log.Warn("the push proxy was not told that a notification has come", "error", err)
		}
	}
	if !a.IsIDLoaded {
		return api.Done(), nil
	}
	p, err := n.posts.Visible(ctx, v, a.PostID)
	if err != nil {
		return nil, errAckFetch.Wrap(err)
	}
	s, why, err := n.subjectFor(ctx, p, v.UserID)
	if err != nil || s == nil {
		return nil, errAckFetch.Wrap(errors.Join(err, errors.New(string(why))))
	}
	m := n.pushText(ctx, s, "full")
	m.AckID, m.Type, m.Version, m.PostID, m.Category = a.ID, model.PushTypeMessage, model.PushMessageV2, p.ID, "CAN_REPLY"
	m.IsIDLoaded, m.IsCRTEnabled = true, s.reader.collapsed
	m.Badge, err = n.badge(ctx, v.UserID, s.reader.collapsed)
	return m, err
}

// subjectFor is subject for a post that somebody may see, whether they have read it or not.
func (n *Notify) subjectFor(ctx context.Context, p *model.Post, userID string) (*subject, Reason, error) {
	return n.about(ctx, &item{UserID: userID, PostID: p.ID, ChannelID: p.ChannelID, RootID: p.RootID}, false)
}

type keyOut struct {
	PublicKey string `json:"public_key"` // of VAPID, base64url
}

func (n *Notify) getKey(ctx context.Context, _ access.Viewer, _ api.None) (keyOut, error) {
	k, err := n.vapid(ctx)
	if err != nil {
		return keyOut{}, err
	}
	return keyOut{k.Public}, nil
}

func (n *Notify) getSubscriptions(ctx context.Context, v access.Viewer, _ api.None) ([]*Subscription, error) {
	list, err := n.subscriptions(ctx, v.UserID)
	for _, s := range list {
		s.Here = s.sessionID == v.SessionID()
	}
	if list == nil {
		list = []*Subscription{}
	}
	return list, err
}

type subscriptionBody struct {
	Endpoint string `json:"endpoint"`
	Keys     struct {
		P256dh string `json:"p256dh"`
		Auth   string `json:"auth"`
	} `json:"keys"`
	Name string `json:"name"`
}

type subscribeIn struct {
	Body subscriptionBody `body:"json,subscription"`
}

func (n *Notify) postSubscription(ctx context.Context, v access.Viewer, in subscribeIn) (*Subscription, error) {
	b := in.Body
	return n.subscribe(ctx, v, &Subscription{Name: b.Name, endpoint: b.Endpoint, p256dh: b.Keys.P256dh, auth: b.Keys.Auth})
}

type subscriptionIn struct {
	ID string `path:"subscription_id"`
}

func (n *Notify) deleteSubscription(ctx context.Context, v access.Viewer, in subscriptionIn) (api.OK, error) {
	return api.Done(), n.unsubscribe(ctx, v.UserID, in.ID)
}

func (n *Notify) postTest(ctx context.Context, v access.Viewer, in subscriptionIn) (api.OK, error) {
	return api.Done(), n.tryOut(ctx, v, in.ID)
}

type unsubscribeIn struct {
	Token string `query:"token"`
}

// showUnsubscribe leads to the page that asks before anything changes: mail
// programs and scanners follow links on their own.
func (n *Notify) showUnsubscribe(_ context.Context, _ access.Viewer, in unsubscribeIn) (api.Reply, error) {
	to := "/unsubscribe?token=" + url.QueryEscape(in.Token)
	return api.Reply{Status: http.StatusFound, Header: http.Header{"Location": {to}}}, nil
}

var errToken = fault.Invalid("notify.unsubscribe.token.app_error")

// postUnsubscribe ends mails about messages for whom the link was sent to,
// without a login (RFC 8058).
func (n *Notify) postUnsubscribe(ctx context.Context, _ access.Viewer, in unsubscribeIn) (api.OK, error) {
	userID, ok, err := n.unsubscriber(ctx, in.Token)
	if err != nil {
		return api.OK{}, err
	}
	if !ok || !id.Valid(userID) {
		return api.OK{}, errToken
	}
	u, err := n.users.ByID(ctx, userID)
	if fault.IsNotFound(err) {
		return api.OK{}, errToken
	}
	if err != nil {
		return api.OK{}, err
	}
	props := u.NotifyProps.Clone()
	if props == nil {
		props = model.DefaultUserNotifyProps()
	}
	props[model.NotifyPropEmail] = "false"
	_, err = n.users.Patch(ctx, userID, &model.UserPatch{NotifyProps: props})
	return api.Done(), err
}
