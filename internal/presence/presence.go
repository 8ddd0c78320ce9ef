// Package presence knows who is there: online, away, not to be disturbed, out of
// the office or offline, what custom status people show, and who is typing.
//
// The statuses of those who are connected are kept in memory, some hundred bytes
// a person and nothing that runs for each of them; one loop (loop.go) does what
// time brings: away after the setting's minutes, offline after the last
// websocket, do-not-disturb that ends. The rules of changing are in change.go.
// What happens by itself reaches the table status in batches every two seconds
// and at the end; what a person chooses is in the table before they are answered.
// Connecting reads the table in batches too.
//
// Nodes tell each other of changes, ask each other before a user who left one of
// them counts as gone (peers.go), and call the roll when a node was lost (roll.go).
// The custom status lives in users.props.
package presence

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/bus"
	"github.com/parley-chat/parley/internal/channels"
	"github.com/parley-chat/parley/internal/config"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/posts"
	"github.com/parley-chat/parley/internal/preferences"
	"github.com/parley-chat/parley/internal/realtime"
	"github.com/parley-chat/parley/internal/users"
)

// Presence is the slice. Make it with New, have Run called, end it with Close.
type Presence struct {
	// Busy says that the server sheds what can wait: typing and the news of
	// statuses. The server sets it; without it the server is never busy.
	Busy func() bool

	db          *db.DB
	cfg         *config.Store
	acc         *access.Access
	hub         *realtime.Hub
	users       *users.Users
	preferences *preferences.Preferences
	bus         bus.Bus
	log         *slog.Logger
	now         func() int64             // Unix ms
	connected   func(userID string) bool // has a websocket on this node
	typists     typists

	wake     chan struct{}
	settling sync.Mutex // held while waiting arrivals are taken in; before mu

	mu       sync.Mutex
	known    map[string]*entry
	waiting  map[string]arrival // whose row is not read yet
	inFlight int                // of them, taken by settle but not done
	leaving  map[string]int64   // who left, and when it counts, Unix ms
	dirty    map[string]struct{}
	claimed  map[string]struct{} // whom other nodes have, during a roll call
	rollEnds int64               // Unix ms; 0: no roll call is under way
}

// Config is what the slice is made from.
type Config struct {
	DB          *db.DB
	Settings    *config.Store
	Access      *access.Access
	Hub         *realtime.Hub
	Users       *users.Users
	Channels    *channels.Channels
	Posts       *posts.Posts
	Preferences *preferences.Preferences
	Bus         bus.Bus
	Log         *slog.Logger
}

// New returns the slice over a migrated database. It follows who posts, reads
// and changes their automatic replies, and answers actions of websockets.
func New(c Config) *Presence {
	p := build(c)
	c.Posts.Created.Subscribe(func(_ context.Context, s *posts.Saving) {
		if s.SetOnline && !s.Post.IsSystem() {
			p.arrive(s.Post.UserID, arrival{})
		}
	})
	c.Channels.Viewed.Subscribe(func(_ context.Context, e channels.Viewed) { p.viewed(e) })
	c.Users.Updated.Subscribe(p.autoResponder)
	c.Users.OnDeleting(func(ctx context.Context, tx *db.Tx, user *model.User) error {
		tx.AfterCommit(func() { p.drop(user.ID) })
		_, err := tx.Exec(ctx, `DELETE FROM status WHERE userid = $1`, user.ID)
		return err
	})
	p.handleActions()
	return p
}

// build returns the slice by itself: it follows nobody but other nodes.
func build(c Config) *Presence {
	p := &Presence{db: c.DB, cfg: c.Settings, acc: c.Access, hub: c.Hub, users: c.Users, preferences: c.Preferences, bus: c.Bus,
		log: c.Log, now: id.Now, connected: c.Hub.Online, Busy: func() bool { return false }, wake: make(chan struct{}, 1),
		known: map[string]*entry{}, waiting: map[string]arrival{}, leaving: map[string]int64{}, dirty: map[string]struct{}{}}
	p.listen()
	return p
}

// enabled is the setting that has the server keep statuses at all.
func (p *Presence) enabled() bool { return p.cfg.Get().ServiceSettings.EnableUserStatuses }

// awayAfter is how long somebody may do nothing and still be online, in ms.
func (p *Presence) awayAfter() int64 {
	return int64(p.cfg.Get().TeamSettings.UserStatusAwayTimeout) * time.Second.Milliseconds()
}

// Connected notes that a websocket of a user is live; edge that it is the first
// on this node. The hub calls it; it does not block.
func (p *Presence) Connected(userID string, _ bool) { p.arrive(userID, arrival{here: true}) }

// Disconnected notes that a websocket of a user ended; edge that it was the last
// on this node.
func (p *Presence) Disconnected(userID string, edge bool) {
	if edge && p.enabled() {
		p.leave(userID)
	}
}

// Status returns a user's status. Somebody without one is offline; so is, while
// EnableUserStatuses is off, everybody.
func (p *Presence) Status(ctx context.Context, userID string) (model.Status, error) {
	list, err := p.Statuses(ctx, []string{userID})
	if err != nil {
		return model.Status{}, err
	}
	return list[0], nil
}

// Statuses returns the statuses of users in the order of ids. Of those that this
// node knows it costs no statement, of all others together one.
func (p *Presence) Statuses(ctx context.Context, ids []string) ([]model.Status, error) {
	out := make([]model.Status, len(ids))
	if !p.enabled() {
		for i, userID := range ids {
			out[i] = model.Status{UserID: userID, Status: model.StatusOffline}
		}
		return out, nil
	}
	found, err := p.lookup(ctx, ids)
	if err != nil {
		return nil, err
	}
	for i, userID := range ids {
		e := found[userID]
		out[i] = e.wire(userID)
	}
	return out, nil
}

// IsOnline reports whether a user is online, as @here asks. It looks at memory
// only: somebody of whom this node has heard nothing is not online.
func (p *Presence) IsOnline(userID string) bool {
	if !p.enabled() {
		return p.connected(userID)
	}
	p.mu.Lock()
	e, known := p.known[userID]
	online := known && e.status == online
	_, waiting := p.waiting[userID]
	p.mu.Unlock()
	return online || waiting || !known && p.connected(userID)
}
