// Package receipts shows in a channel who has read up to where, if those who run
// the channel have switched that on. Nobody's reading is shown who has said so
// in a preference, and none in a channel of more than a few hundred people.
//
// No row is kept for a message: a member has read what is older than the time
// up to which they have viewed the channel.
package receipts

import (
	"context"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/api"
	"github.com/parley-chat/parley/internal/channels"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/posts"
	"github.com/parley-chat/parley/internal/realtime"
)

// Config is what the slice is made from.
type Config struct {
	DB       *db.DB
	Access   *access.Access
	Hub      *realtime.Hub
	Channels *channels.Channels
	Posts    *posts.Posts
	Log      *slog.Logger
}

// Receipts is the slice. Make it with New.
type Receipts struct {
	db  *db.DB
	acc *access.Access
	hub *realtime.Hub
	log *slog.Logger

	// any tells that some channel may show receipts: while none does, reading
	// costs nothing. Another node's first is heard of when looked is old.
	any    atomic.Bool
	looked atomic.Int64
}

// membersMost is the largest channel that shows who has read what.
const membersMost = 200

// lookEvery is how often it is looked whether any channel shows receipts.
const lookEvery = time.Minute

// The preference of who doesn't want their reading to be shown.
const (
	hideCategory = "parley"
	hideName     = "hide_read_receipts"
)

// Events for the channel; clients of the protocol leave them aside.
const (
	eventSwitched = "parley_receipts_switched"
	eventRead     = "parley_channel_read"
)

var errRefused = fault.Forbidden("api.context.permissions.app_error")

// New returns the slice over a migrated database. It follows what is read.
func New(c Config) *Receipts {
	r := &Receipts{db: c.DB, acc: c.Access, hub: c.Hub, log: c.Log}
	c.Channels.Viewed.Subscribe(r.viewed)
	c.Posts.MarkedUnread.Subscribe(func(ctx context.Context, m posts.MarkedUnread) {
		r.tell(ctx, m.UserID, []string{m.Post.ChannelID})
	})
	c.Channels.Deleted.Subscribe(func(ctx context.Context, e channels.Changed) {
		if _, err := r.db.Exec(context.WithoutCancel(ctx), `DELETE FROM parley_receipts WHERE channelid = $1`, e.Channel.ID); err != nil {
			r.log.Warn("a channel that is gone still shows receipts", "channel_id", e.Channel.ID, "error", err)
		}
	})
	return r
}

// Mount adds the routes. They are Parley's own.
func (r *Receipts) Mount(router *access.Router) {
	api.Get(router, "/parley/channels/{channel_id}/receipts", access.Session, r.get)
	api.Put(router, "/parley/channels/{channel_id}/receipts", access.Session, r.put)
}

type channelIn struct {
	ChannelID string `path:"channel_id"`
}

// reader is up to where somebody has read, in Unix milliseconds.
type reader struct {
	UserID string `json:"user_id"`
	ReadAt int64  `json:"read_at"`
}

// State is whether a channel shows receipts, whether the caller may change
// that, and who has read up to where.
type State struct {
	Enabled   bool     `json:"enabled"`
	MaySwitch bool     `json:"may_switch"`
	Readers   []reader `json:"readers"`
}

func (r *Receipts) get(ctx context.Context, v access.Viewer, in channelIn) (*State, error) {
	ch, err := r.readable(ctx, v, in.ChannelID)
	if err != nil {
		return nil, err
	}
	out := &State{MaySwitch: r.maySwitch(ctx, v, ch), Readers: []reader{}}
	if out.Enabled, err = r.enabled(ctx, ch.ID); err != nil || !out.Enabled {
		return out, err
	}
	out.Readers, err = r.readers(ctx, ch.ID)
	return out, err
}

// readable returns a channel whose messages v reads as a member.
func (r *Receipts) readable(ctx context.Context, v access.Viewer, channelID string) (*access.ChannelFacts, error) {
	ch, err := r.acc.Channel(ctx, channelID)
	if fault.IsNotFound(err) {
		return nil, errRefused
	}
	if err != nil {
		return nil, err
	}
	m, err := r.acc.ChannelMember(ctx, v.UserID, ch.ID)
	if err == nil && !m.Present {
		err = errRefused
	}
	return ch, err
}

// maySwitch reports whether v may have a channel show receipts: its
// administrators, and in a conversation everybody in it but guests.
func (r *Receipts) maySwitch(ctx context.Context, v access.Viewer, ch *access.ChannelFacts) bool {
	switch {
	case ch.DeleteAt != 0:
		return false
	case ch.Direct():
		return !v.Guest()
	}
	return v.CanChannel(ctx, ch.ID, access.PermManageChannelRoles)
}

type putIn struct {
	channelIn
	Body struct {
		Enabled bool `json:"enabled"`
	} `body:"json,receipts"`
}

func (r *Receipts) put(ctx context.Context, v access.Viewer, in putIn) (api.OK, error) {
	ch, err := r.readable(ctx, v, in.ChannelID)
	if err == nil && !r.maySwitch(ctx, v, ch) {
		err = errRefused
	}
	if err != nil {
		return api.OK{}, err
	}
	if in.Body.Enabled {
		_, err = r.db.Exec(ctx, `INSERT INTO parley_receipts (channelid, enabledby, createat) VALUES ($1, $2, $3) ON CONFLICT (channelid) DO NOTHING`,
			ch.ID, v.UserID, id.Now())
		r.any.Store(true)
	} else {
		_, err = r.db.Exec(ctx, `DELETE FROM parley_receipts WHERE channelid = $1`, ch.ID)
	}
	if err == nil {
		r.hub.Publish(realtime.Event{Name: eventSwitched, Data: map[string]any{"channel_id": ch.ID, "enabled": in.Body.Enabled},
			To: realtime.Audience{ChannelID: ch.ID}})
	}
	return api.Done(), err
}

func (r *Receipts) enabled(ctx context.Context, channelID string) (bool, error) {
	n, err := db.Value[int64](ctx, r.db, `SELECT count(*) FROM parley_receipts WHERE channelid = $1`, channelID)
	return n > 0, err
}

// notHidden leaves out, of channelmembers m, who doesn't want to be shown.
const notHidden = ` AND NOT EXISTS (SELECT 1 FROM preferences h WHERE h.userid = m.userid AND h.category = '` + hideCategory +
	`' AND h.name = '` + hideName + `' AND h.value = 'true')`

// small keeps to channels m of at most membersMost people.
const small = ` AND (SELECT count(*) FROM (SELECT 1 AS one FROM channelmembers s WHERE s.channelid = m.channelid LIMIT 201) x) <= 200`

func (r *Receipts) readers(ctx context.Context, channelID string) ([]reader, error) {
	return db.List(ctx, r.db, func(row db.Row) (x reader, err error) {
		err = row.Scan(&x.UserID, &x.ReadAt)
		return x, err
	}, `SELECT m.userid, coalesce(m.lastviewedat, 0) FROM channelmembers m JOIN users u ON u.id = m.userid AND u.deleteat = 0
		WHERE m.channelid = $1`+notHidden+small+` ORDER BY m.userid LIMIT $2`, channelID, membersMost)
}

// viewed follows what is read.
func (r *Receipts) viewed(ctx context.Context, v channels.Viewed) {
	r.tell(ctx, v.UserID, v.Unread)
}

// tell tells channels, those that show receipts, how far somebody has read.
func (r *Receipts) tell(ctx context.Context, userID string, channelIDs []string) {
	if len(channelIDs) == 0 || !r.someShow(ctx) {
		return
	}
	type place struct {
		channelID string
		at        int64
	}
	list, err := db.List(ctx, r.db, func(row db.Row) (p place, err error) {
		err = row.Scan(&p.channelID, &p.at)
		return p, err
	}, `SELECT m.channelid, coalesce(m.lastviewedat, 0) FROM channelmembers m JOIN parley_receipts r ON r.channelid = m.channelid
		WHERE m.userid = $1 AND m.channelid = ANY($2)`+notHidden+small+` LIMIT $3`, userID, channelIDs, len(channelIDs))
	if err != nil {
		r.log.Warn("it could not be told who has read what", "error", err)
	}
	for _, p := range list {
		r.hub.Publish(realtime.Event{Name: eventRead, Data: map[string]any{"channel_id": p.channelID, "user_id": userID, "read_at": p.at},
			To: realtime.Audience{ChannelID: p.channelID, OmitUsers: map[string]bool{userID: true}}})
	}
}

func (r *Receipts) someShow(ctx context.Context) bool {
	now := time.Now().UnixMilli()
	if last := r.looked.Load(); now-last > lookEvery.Milliseconds() && r.looked.CompareAndSwap(last, now) {
		if n, err := db.Value[int64](ctx, r.db, `SELECT count(*) FROM (SELECT channelid FROM parley_receipts LIMIT 1) x`); err == nil {
			r.any.Store(n > 0)
		}
	}
	return r.any.Load()
}
