package notify

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/golang-jwt/jwt/v5"

	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/i18n"
	"github.com/parley-chat/parley/internal/metrics"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/outgoing"
)

// pushesAtOnce is how many messages are on their way to the proxy at the same moment.
const pushesAtOnce = 32

// pushTries is how often a message is sent that the proxy answers with an error.
const pushTries = 4

func (n *Notify) sendPushes(ctx context.Context) (int, error) {
	list, err := n.claim(ctx, kindPush, pushesAtOnce)
	if err != nil {
		return 0, err
	}
	return n.parallel(ctx, list, n.sendPush)
}

// phone is a session on a phone at this moment.
type phone struct{ deviceID, disabled string }

// phone returns the device of a session that lives, or, for news of its end, of one that has ended.
func (n *Notify) phone(ctx context.Context, sessionID string, ended bool) (phone, error) {
	return db.Get(ctx, n.db, func(r db.Row) (p phone, err error) {
		err = r.Scan(&p.deviceID, &p.disabled)
		return p, err
	}, `SELECT coalesce(deviceid,''), coalesce(props->>'device_notification_disabled','') FROM sessions
		WHERE id = $1 AND deviceid <> '' AND ($3 = 1 OR expiresat = 0 OR expiresat > $2)`, sessionID, n.now(), flag(ended))
}

// sendPush sends one message to the proxy.
func (n *Notify) sendPush(ctx context.Context, i *item) error {
	if !n.pushes() {
		i.result = ReasonOff
		return nil
	}
	ph, err := n.phone(ctx, i.Target, i.Type == typeSession)
	if errors.Is(err, db.ErrNotFound) || err == nil && ph.disabled == "true" {
		i.result = ReasonGone
		return nil
	}
	var m *model.PushNotification
	if err == nil {
		m, i.result, err = n.pushMessage(ctx, i)
	}
	if err != nil {
		return n.away(i, tooOld, ReasonFetch, err)
	}
	if m == nil {
		n.metrics.Notification(metrics.NoticeNotSent, kindPush, string(i.result), "")
		return nil
	}
	m.AckID = i.ID
	m.Platform, m.DeviceID, _ = strings.Cut(ph.deviceID, ":")
	if err := n.seal(ctx, m); err != nil {
		return n.away(i, tooOld, ReasonFetch, err)
	}
	return n.judgePush(ctx, i, ph, m)
}

// judgePush sends a message and takes in what the proxy answers.
func (n *Notify) judgePush(ctx context.Context, i *item, ph phone, m *model.PushNotification) error {
	answer, err := n.callProxy(ctx, "/api/v1/send_push", m)
	if err != nil {
		return n.away(i, tooOld, ReasonProxyError, err)
	}
	platform, _, _ := strings.Cut(m.Platform, "_")
	switch answer[model.PushResponseStatus] {
	case "OK":
		n.metrics.Notification(metrics.NoticeSucceeded, kindPush, "", platform)
		if i.Type != typeClear && i.Type != typeBadge {
			n.metrics.PushSent()
		}
	case model.PushResponseRemove:
		i.result = ReasonRemoved
		n.failed(kindPush, ReasonRemoved)
		if err := n.acc.ForgetDevice(ctx, i.Target, ph.deviceID); err != nil {
			n.log.Error("a device that is gone could not be forgotten", "session", i.Target, "error", err)
		}
		if err := n.drop(ctx, n.db, i.UserID, i.Target); err != nil {
			n.log.Error("what was queued for a device that is gone stays", "session", i.Target, "error", err)
		}
	default:
		n.log.Warn("the push proxy refused a notification", "error", answer[model.PushResponseError])
		i.result = ReasonSendError
		if i.Attempts < pushTries {
			n.retry(i, tooOld, ReasonSendError)
		}
		n.failed(kindPush, ReasonSendError)
	}
	return nil
}

// maxProxyAnswer bounds what is read of the proxy's answer, in bytes.
const maxProxyAnswer = 64 << 10

// callProxy posts JSON to the push proxy and returns its answer, a flat object
// with status and error.
func (n *Notify) callProxy(ctx context.Context, path string, body any) (map[string]string, error) {
	raw, err := json.Marshal(body)
	if err != nil {
		return nil, err
	}
	url := strings.TrimRight(n.cfg.Get().EmailSettings.PushNotificationServer, "/") + path
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(raw))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := n.proxy.Do(req)
	if err != nil {
		return nil, err
	}
	defer func() { _ = resp.Body.Close() }()
	text, err := outgoing.Read(resp.Body, maxProxyAnswer)
	if err != nil {
		return nil, err
	}
	if resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("the push proxy answered %s", resp.Status)
	}
	answer := map[string]string{}
	if err := json.Unmarshal(text, &answer); err != nil {
		return nil, fmt.Errorf("the push proxy's answer: %w", err)
	}
	return answer, nil
}

// seal names the server and signs what a phone checks: the ids of message and
// device, as an ES256 token.
func (n *Notify) seal(ctx context.Context, m *model.PushNotification) error {
	serverID, key, err := n.identity(ctx)
	if err != nil {
		return err
	}
	m.ServerID = serverID
	m.Signature, err = signature(key, m)
	return err
}

func signature(key *ecdsa.PrivateKey, m *model.PushNotification) (string, error) {
	return jwt.NewWithClaims(jwt.SigningMethodES256, jwt.MapClaims{"ack_id": m.AckID, "device_id": m.DeviceID}).SignedString(key)
}

// pushMessage composes what a phone gets; nil with the reason when there is
// nothing to tell any more.
func (n *Notify) pushMessage(ctx context.Context, i *item) (*model.PushNotification, Reason, error) {
	switch i.Type {
	case typeSession:
		return n.sessionEnded(ctx, i)
	case typeClear, typeBadge:
		m := &model.PushNotification{Type: model.PushTypeClear, Version: model.PushMessageV2, ChannelID: i.ChannelID, RootID: i.RootID,
			ContentAvailable: 1}
		if i.Type == typeBadge {
			m.Type = model.PushTypeUpdateBadge
		}
		r, err := n.reader(ctx, i)
		if errors.Is(err, db.ErrNotFound) {
			r, err = &reader{collapsed: n.posts.CollapsedThreads(ctx, i.UserID)}, nil
		}
		if err != nil {
			return nil, Told, err
		}
		m.IsCRTEnabled = r.collapsed
		m.Badge, err = n.badge(ctx, i.UserID, r.collapsed)
		return m, Told, err
	}
	s, why, err := n.subject(ctx, i)
	if s == nil || err != nil {
		return nil, why, err
	}
	contents := n.cfg.Get().EmailSettings.PushNotificationContents
	m := &model.PushNotification{}
	if contents == "id_loaded" {
		m.IsIDLoaded, m.Message = true, i18n.T(s.reader.locale, "notify.push.id_loaded", nil)
		m.ChannelID, m.SenderID = i.ChannelID, s.post.UserID
	} else {
		m = n.pushText(ctx, s, contents)
	}
	m.Type, m.Version, m.PostID, m.Category = model.PushTypeMessage, model.PushMessageV2, i.PostID, "CAN_REPLY"
	m.IsCRTEnabled = s.reader.collapsed
	m.Badge, err = n.badge(ctx, i.UserID, s.reader.collapsed)
	return m, Told, err
}

// pushText fills in what a notification says, as far as contents lets it.
func (n *Notify) pushText(ctx context.Context, s *subject, contents string) *model.PushNotification {
	p := s.post
	m := &model.PushNotification{ChannelID: p.ChannelID, RootID: p.RootID, SenderID: p.UserID, SenderName: s.sender}
	if ch, err := n.acc.Channel(ctx, p.ChannelID); err == nil {
		m.TeamID = ch.TeamID
	}
	if s.kind == model.ChannelDirect || contents != "generic_no_channel" {
		m.ChannelName = s.place
	}
	if s.webhook {
		m.FromWebhook = "true"
		m.OverrideUsername, m.OverrideIconURL = p.Props.String(model.PostPropOverrideUsername), p.Props.String(model.PostPropOverrideIconURL)
	}
	m.Message = s.line(contents == "full")
	return m
}

// maxLine bounds the text of a push message, in runes.
const maxLine = 400

// line is what a push message says: the post, or only who wrote.
func (s *subject) line(full bool) string {
	locale := s.reader.locale
	text := strings.TrimSpace(s.post.Message)
	who := map[string]any{"Sender": s.sender}
	switch {
	case !full || text == "" && len(s.post.FileIDs) == 0:
		return i18n.T(locale, "notify.push.generic", who)
	case text == "":
		text = i18n.T(locale, "notify.push.file", nil)
	}
	text = shorten(text, maxLine)
	if s.kind == model.ChannelDirect {
		return text
	}
	return "@" + s.sender + ": " + text
}

// shorten cuts a text to so many runes.
func shorten(s string, limit int) string {
	if r := []rune(s); len(r) > limit {
		return string(r[:limit]) + "…"
	}
	return s
}

// badge is the number of unread mentions of somebody, as apps show it on their icon.
func (n *Notify) badge(ctx context.Context, userID string, collapsed bool) (int, error) {
	count, err := db.Value[int64](ctx, n.db, `SELECT CAST(coalesce(sum(CASE WHEN $2 = 1 THEN coalesce(cm.mentioncountroot,0) ELSE coalesce(cm.mentioncount,0) END), 0) AS bigint)
		FROM channelmembers cm JOIN channels c ON c.id = cm.channelid WHERE cm.userid = $1 AND c.deleteat = 0`, userID, flag(collapsed))
	if err != nil || !collapsed {
		return int(count), err
	}
	inThreads, err := db.Value[int64](ctx, n.db, `SELECT CAST(coalesce(sum(unreadmentions), 0) AS bigint) FROM threadmemberships
		WHERE userid = $1 AND following = true`, userID)
	return int(count + inThreads), err
}

func flag(b bool) int {
	if b {
		return 1
	}
	return 0
}
