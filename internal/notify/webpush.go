package notify

import (
	"context"
	"crypto/ecdh"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	webpush "github.com/SherClockHolmes/webpush-go"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/i18n"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/metrics"
	"github.com/parley-chat/parley/internal/outgoing"
)

// Bounds of web push.
const (
	webAtOnce    = 16
	webTries     = 6
	webTTL       = 24 * 60 * 60 // seconds that a push service keeps a message for a device that is away
	maxWebText   = 300          // runes of a message, so that the payload stays far below the 4 kB of RFC 8030
	webRecord    = 3072         // bytes of every encrypted payload: padded, so that its length tells nothing
	maxPerPerson = 20           // subscriptions of one person
	maxEndpoint  = 1024         // bytes
	maxName      = 64           // runes
)

// Subscription is a browser or a UnifiedPush app that is told while Parley is closed.
type Subscription struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	CreateAt int64  `json:"create_at"`
	SentAt   int64  `json:"sent_at"` // of the last message, 0 for none
	Here     bool   `json:"here"`    // it belongs to the asking session

	userID, sessionID, endpoint, p256dh, auth string
}

const subscriptionColumns = `id, userid, sessionid, endpoint, p256dh, auth, name, createat, sentat`

func scanSubscription(r db.Row) (*Subscription, error) {
	s := &Subscription{}
	return s, r.Scan(&s.ID, &s.userID, &s.sessionID, &s.endpoint, &s.p256dh, &s.auth, &s.Name, &s.CreateAt, &s.SentAt)
}

// payload is what the service worker gets. Path is where a click leads.
type payload struct {
	Type      string `json:"type"` // message, or test
	Title     string `json:"title"`
	Body      string `json:"body"`
	Sender    string `json:"sender"` // for devices that don't show what was written
	Path      string `json:"path"`
	Tag       string `json:"tag"`
	ChannelID string `json:"channel_id,omitempty"`
	PostID    string `json:"post_id,omitempty"`
}

var (
	errEndpoint = fault.Invalid("notify.webpush.endpoint.app_error")
	errKeys     = fault.Invalid("notify.webpush.keys.app_error")
	errMany     = fault.Invalid("notify.webpush.many.app_error")
	errNoSub    = fault.NotFound("notify.webpush.missing.app_error")
	errService  = fault.New(fault.KindUnavailable, "notify.webpush.service.app_error")
)

// checkEndpoint refuses what is no address of a push service. Whether it leads
// into the server's own network is decided when a message is sent, after the
// name was resolved.
func checkEndpoint(endpoint string) error {
	u, err := url.Parse(endpoint)
	if err != nil || len(endpoint) > maxEndpoint || u.Fragment != "" || outgoing.Check(u) != nil {
		return errEndpoint
	}
	return nil
}

// checkKeys refuses keys that nothing can be encrypted with (RFC 8291): a point
// of P-256 and 16 secret bytes.
func checkKeys(p256dh, auth string) error {
	point, err := key(p256dh)
	if err != nil {
		return errKeys
	}
	if _, err := ecdh.P256().NewPublicKey(point); err != nil {
		return errKeys
	}
	if secret, err := key(auth); err != nil || len(secret) != 16 {
		return errKeys
	}
	return nil
}

func key(s string) ([]byte, error) {
	if len(s) > 128 {
		return nil, errKeys
	}
	return base64.RawURLEncoding.DecodeString(strings.TrimRight(strings.NewReplacer("+", "-", "/", "_").Replace(s), "="))
}

func endpointHash(endpoint string) string {
	sum := sha256.Sum256([]byte(endpoint))
	return hex.EncodeToString(sum[:])
}

// subscribe keeps a subscription of v's session. The same endpoint again
// replaces the one before, whoever had it: a browser belongs to who is signed in.
func (n *Notify) subscribe(ctx context.Context, v access.Viewer, s *Subscription) (*Subscription, error) {
	s.Name = strings.TrimSpace(s.Name)
	if err := checkEndpoint(s.endpoint); err != nil {
		return nil, err
	}
	if err := checkKeys(s.p256dh, s.auth); err != nil {
		return nil, err
	}
	if utf8.RuneCountInString(s.Name) > maxName {
		return nil, fault.InvalidParam("name")
	}
	s.ID, s.userID, s.sessionID, s.CreateAt, s.Here = id.New(), v.UserID, v.SessionID(), n.now(), true
	err := n.db.Tx(ctx, func(tx *db.Tx) error {
		if err := tx.Lock(ctx, "notify.subscriptions "+v.UserID); err != nil {
			return err
		}
		hash := endpointHash(s.endpoint)
		if _, err := db.Exec(ctx, tx, `DELETE FROM parley_push_subscriptions WHERE endpointhash = $1 OR userid = $2
			AND NOT EXISTS (SELECT 1 FROM sessions s WHERE s.id = sessionid)`, hash, v.UserID); err != nil {
			return err
		}
		count, err := db.Value[int64](ctx, tx, `SELECT count(*) FROM parley_push_subscriptions WHERE userid = $1`, v.UserID)
		if err != nil {
			return err
		}
		if count >= maxPerPerson {
			return errMany
		}
		_, err = db.Exec(ctx, tx, `INSERT INTO parley_push_subscriptions (id, userid, sessionid, endpoint, endpointhash, p256dh, auth, name, createat, sentat)
			VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,0)`, s.ID, s.userID, s.sessionID, s.endpoint, hash, s.p256dh, s.auth, s.Name, s.CreateAt)
		return err
	})
	return s, err
}

// subscriptions are those of a user whose sessions live.
func (n *Notify) subscriptions(ctx context.Context, userID string) ([]*Subscription, error) {
	return db.List(ctx, n.db, scanSubscription, `SELECT `+subscriptionColumns+` FROM parley_push_subscriptions
		WHERE userid = $1 AND EXISTS (SELECT 1 FROM sessions s WHERE s.id = sessionid) ORDER BY createat, id LIMIT $2`, userID, maxPerPerson)
}

func (n *Notify) subscription(ctx context.Context, userID, subscriptionID string) (*Subscription, error) {
	s, err := db.Get(ctx, n.db, scanSubscription, `SELECT `+subscriptionColumns+` FROM parley_push_subscriptions p
		WHERE p.id = $1 AND p.userid = $2 AND EXISTS (SELECT 1 FROM sessions s WHERE s.id = p.sessionid AND (s.expiresat = 0 OR s.expiresat > $3))`,
		subscriptionID, userID, n.now())
	if errors.Is(err, db.ErrNotFound) {
		err = errNoSub
	}
	return s, err
}

// unsubscribe removes a subscription and what waits for it.
func (n *Notify) unsubscribe(ctx context.Context, userID, subscriptionID string) error {
	return n.db.Tx(ctx, func(tx *db.Tx) error {
		count, err := db.Exec(ctx, tx, `DELETE FROM parley_push_subscriptions WHERE id = $1 AND userid = $2`, subscriptionID, userID)
		if err == nil && count == 0 {
			return errNoSub
		}
		if err != nil {
			return err
		}
		return n.drop(ctx, tx, userID, subscriptionID)
	})
}

func (n *Notify) sendWeb(ctx context.Context) (int, error) {
	list, err := n.claim(ctx, kindWeb, webAtOnce)
	if err != nil {
		return 0, err
	}
	return n.parallel(ctx, list, n.sendWebItem)
}

// sendWebItem sends one message to one subscription. A push service that can't
// be reached is its own trouble: the others are sent to.
func (n *Notify) sendWebItem(ctx context.Context, i *item) error {
	sub, err := n.subscription(ctx, i.UserID, i.Target)
	if fault.IsNotFound(err) {
		i.result = ReasonGone
		return nil
	}
	var s *subject
	if err == nil {
		s, i.result, err = n.subject(ctx, i)
	}
	if err != nil {
		return n.away(i, tooOld, ReasonFetch, err)
	}
	if s == nil {
		n.metrics.Notification(metrics.NoticeNotSent, kindWeb, string(i.result), "")
		return nil
	}
	status, err := n.sendPayload(ctx, sub, s.payload(n.cfg.Get().EmailSettings.PushNotificationContents))
	switch {
	case err == nil && status < 300:
		n.metrics.Notification(metrics.NoticeSucceeded, kindWeb, "", "")
	case err == nil && gone(status):
		i.result = ReasonRemoved
		if err := n.unsubscribe(ctx, i.UserID, i.Target); err != nil && !fault.IsNotFound(err) {
			n.log.Error("a subscription that is gone stays", "subscription", i.Target, "error", err)
		}
	default:
		i.result = ReasonSendError
		n.failed(kindWeb, ReasonSendError)
		busy := err != nil && !errors.Is(err, outgoing.ErrReserved) || status == http.StatusTooManyRequests || status >= 500
		if busy && i.Attempts < webTries {
			n.retry(i, tooOld, ReasonSendError)
		}
	}
	return nil
}

// gone reports whether a push service no longer knows the subscription.
func gone(status int) bool { return status == http.StatusNotFound || status == http.StatusGone }

// sendPayload encrypts and sends (RFC 8030, 8291, 8292) and returns the
// service's status.
func (n *Notify) sendPayload(ctx context.Context, sub *Subscription, p payload) (int, error) {
	keys, err := n.vapid(ctx)
	if err != nil {
		return 0, err
	}
	raw, err := json.Marshal(p)
	if err != nil {
		return 0, err
	}
	ctx, cancel := context.WithTimeout(ctx, sendTime)
	defer cancel()
	resp, err := webpush.SendNotificationWithContext(ctx, raw,
		&webpush.Subscription{Endpoint: sub.endpoint, Keys: webpush.Keys{Auth: sub.auth, P256dh: sub.p256dh}},
		&webpush.Options{HTTPClient: n.outside, RecordSize: webRecord, Subscriber: n.contact(), TTL: webTTL, Urgency: webpush.UrgencyHigh,
			VAPIDPublicKey: keys.Public, VAPIDPrivateKey: keys.Private, VapidExpiration: time.UnixMilli(n.now()).Add(12 * time.Hour)})
	if err != nil {
		return 0, fmt.Errorf("the push service: %w", err)
	}
	_, _ = outgoing.Read(resp.Body, 4<<10)
	_ = resp.Body.Close()
	if resp.StatusCode < 300 {
		_, err = db.Exec(ctx, n.db, `UPDATE parley_push_subscriptions SET sentat = $2 WHERE id = $1`, sub.ID, n.now())
	}
	return resp.StatusCode, err
}

// contact is whom a push service can turn to: the site, or its mail address.
func (n *Notify) contact() string {
	set := n.cfg.Get()
	if strings.HasPrefix(set.ServiceSettings.SiteURL, "https:") {
		return set.ServiceSettings.SiteURL
	}
	return set.EmailSettings.FeedbackEmail
}

// payload is what a browser shows of a post, as far as contents lets it.
func (s *subject) payload(contents string) payload {
	locale := s.reader.locale
	p := payload{Type: typeMessage, Tag: s.post.ID, ChannelID: s.post.ChannelID, PostID: s.post.ID, Path: s.link(""), Title: s.place}
	if contents == "id_loaded" {
		p.Title, p.Body = i18n.T(locale, "notify.push.title", nil), i18n.T(locale, "notify.push.id_loaded", nil)
		return p
	}
	p.Sender = s.sender
	if contents == "generic_no_channel" {
		p.Title = s.sender
	}
	short := *s
	post := *s.post
	post.Message = shorten(post.Message, maxWebText)
	short.post = &post
	p.Title, p.Body = shorten(p.Title, maxName), shorten(short.line(contents == "full"), maxWebText)
	return p
}

// tryOut sends a test message to one's own device, and says in words why it
// can't be done.
func (n *Notify) tryOut(ctx context.Context, v access.Viewer, subscriptionID string) error {
	sub, err := n.subscription(ctx, v.UserID, subscriptionID)
	if err != nil {
		return err
	}
	u, err := n.users.ByID(ctx, v.UserID)
	if err != nil {
		return err
	}
	status, err := n.sendPayload(ctx, sub, payload{Type: "test", Title: n.cfg.Get().TeamSettings.SiteName,
		Body: i18n.T(u.Locale, "notify.push.test", nil), Path: "/", Tag: "test"})
	switch {
	case errors.Is(err, outgoing.ErrReserved):
		return errEndpoint
	case err != nil:
		return errService.Wrap(err)
	case gone(status):
		if err := n.unsubscribe(ctx, v.UserID, subscriptionID); err != nil && !fault.IsNotFound(err) {
			return err
		}
		return errNoSub
	case status >= 300:
		return errService.Wrap(errors.New("status " + strconv.Itoa(status)))
	}
	return nil
}
