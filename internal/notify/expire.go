package notify

import (
	"context"
	"time"

	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/i18n"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/posts"
)

const (
	// expiredLately is how long after its end a session is still told of.
	expiredLately = time.Hour
	expiredRows   = 500
)

// TellExpired queues the news for phones whose sessions have ended by age: from
// then on they hear of nothing, so they hear of that. Each is told once.
func (n *Notify) TellExpired(ctx context.Context) error {
	if !n.pushes() {
		return nil
	}
	now := n.now()
	list, err := db.List(ctx, n.db, func(r db.Row) (*item, error) {
		i := &item{Kind: kindPush, Type: typeSession, CreateAt: now, DueAt: now}
		return i, r.Scan(&i.Target, &i.UserID)
	}, `SELECT id, userid FROM sessions WHERE deviceid <> '' AND coalesce(expirednotify,false) = false AND expiresat <> 0
		AND expiresat <= $1 AND expiresat > $2 LIMIT $3`, now, now-expiredLately.Milliseconds(), expiredRows)
	if err != nil || len(list) == 0 {
		return err
	}
	if err := n.add(ctx, list); err != nil { // once: the queue remembers them by their sessions
		return err
	}
	ids := make([]string, len(list))
	for at, i := range list {
		ids[at] = i.Target
	}
	_, err = db.Exec(ctx, n.db, `UPDATE sessions SET expirednotify = true WHERE id = ANY($1)`, ids)
	return err
}

// sessionEnded is what a phone gets whose session has ended.
func (n *Notify) sessionEnded(ctx context.Context, i *item) (*model.PushNotification, Reason, error) {
	locale := n.cfg.Get().LocalizationSettings.DefaultClientLocale
	if u, err := n.users.ByID(ctx, i.UserID); err == nil {
		locale = u.Locale
	}
	return &model.PushNotification{Type: model.PushTypeSession, Version: model.PushMessageV2,
		Message: i18n.T(locale, "notify.push.session", map[string]any{"Site": n.cfg.Get().TeamSettings.SiteName})}, Told, nil
}

// markedUnread has the phones of somebody who marked something as unread show
// the new number.
func (n *Notify) markedUnread(_ context.Context, m posts.MarkedUnread) {
	n.read(reading{userID: m.UserID, channelID: m.Post.ChannelID, badge: true})
}
