// Package preferences keeps the small settings of each person: how clients look,
// which direct messages are shown, which posts are saved.
//
// A preference is a text under a category and a name. The server itself reads
// few of them (valid.go holds those to a form); the rest belongs to clients. A
// new account begins with those of model.DefaultPreferences. Everything is
// written in sets of up to a hundred, one statement each (store.go).
//
// favorite_channel is mirrored with the favourites of the sidebar slice: it takes
// part in the transaction through OnWriting, and writes its own side of the
// mirror with PutTx and DeleteTx, which call nobody back.
package preferences

import (
	"context"
	"log/slog"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/bus"
	"github.com/parley-chat/parley/internal/config"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/event"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/posts"
	"github.com/parley-chat/parley/internal/realtime"
	"github.com/parley-chat/parley/internal/users"
)

// Preferences is the slice. Make it with New.
type Preferences struct {
	// Changed is published after preferences were written or deleted.
	Changed event.Topic[Change]

	db      *db.DB
	cfg     *config.Store
	acc     *access.Access
	hub     *realtime.Hub
	posts   *posts.Posts
	bus     bus.Bus
	log     *slog.Logger
	modes   *modes
	writing []func(ctx context.Context, tx *db.Tx, c Change) error
}

// Change is what was written or deleted of one person's preferences.
type Change struct {
	UserID       string
	Set, Deleted []model.Preference
}

// Config is what the slice is made from.
type Config struct {
	DB       *db.DB
	Settings *config.Store
	Access   *access.Access
	Hub      *realtime.Hub
	Users    *users.Users
	Posts    *posts.Posts
	Bus      bus.Bus
	Log      *slog.Logger
}

// New returns the slice over a migrated database. New accounts get their first
// preferences; those of removed ones are removed.
func New(c Config) *Preferences {
	p := &Preferences{db: c.DB, cfg: c.Settings, acc: c.Access, hub: c.Hub, posts: c.Posts, bus: c.Bus, log: c.Log, modes: newModes()}
	c.Users.Created.Subscribe(p.begin)
	c.Users.OnDeleting(func(ctx context.Context, tx *db.Tx, user *model.User) error {
		tx.AfterCommit(func() { p.acc.Answers.Changed(preferencesOf(user.ID)) })
		_, err := tx.Exec(ctx, `DELETE FROM preferences WHERE userid = $1`, user.ID)
		return err
	})
	p.bus.Subscribe(modesTopic, func(body []byte) { p.modes.forget(string(body)) })
	p.bus.OnGap(p.modes.forgetAll)
	return p
}

// OnWriting has fn called inside the transaction that writes or deletes
// preferences at a person's wish, before the rows are touched: whoever locks
// something of their own and then writes preferences, as fn's slice does too,
// takes the locks in one order. Call it while the server is being built.
func (p *Preferences) OnWriting(fn func(ctx context.Context, tx *db.Tx, c Change) error) {
	p.writing = append(p.writing, fn)
}

// begin gives a new account its first preferences. The account is there and
// works without them, so a failure is only logged.
func (p *Preferences) begin(ctx context.Context, u *model.User) {
	if err := insertMissing(ctx, p.db, model.DefaultPreferences(u.ID)); err != nil {
		p.log.Error("a new account lacks its first preferences", "user", u.ID, "error", err)
	}
	p.acc.Answers.Changed(preferencesOf(u.ID))
}

// Put writes preferences of one user and tells their clients. All of list is
// written or nothing. Fails with 400 for what breaks a rule.
func (p *Preferences) Put(ctx context.Context, userID string, list []model.Preference) error {
	if err := p.put(ctx, userID, list); err != nil {
		return err
	}
	p.tell(userID, model.EventPreferencesChanged, list)
	return nil
}

// PutOne writes a single preference that the server changes by itself, such as
// by a command; clients hear it by the event for one.
func (p *Preferences) PutOne(ctx context.Context, one model.Preference) error {
	list := []model.Preference{one}
	if err := p.put(ctx, one.UserID, list); err != nil {
		return err
	}
	p.hub.Publish(realtime.Event{Name: model.EventPreferenceChanged, To: realtime.Audience{UserID: one.UserID},
		Data: map[string]any{"preference": encode(list[0])}})
	return nil
}

func (p *Preferences) put(ctx context.Context, userID string, list []model.Preference) error {
	for i := range list {
		list[i].UserID = userID
		if err := tidy(&list[i]); err != nil {
			return err
		}
	}
	return p.write(ctx, Change{UserID: userID, Set: list}, func(tx *db.Tx) error {
		if err := haveRoom(ctx, tx, userID); err != nil {
			return err
		}
		return p.PutTx(ctx, tx, list)
	})
}

// Delete removes preferences of one user, by category and name, and tells their
// clients. Those that aren't there are passed over.
func (p *Preferences) Delete(ctx context.Context, userID string, list []model.Preference) error {
	err := p.write(ctx, Change{UserID: userID, Deleted: list}, func(tx *db.Tx) error { return p.DeleteTx(ctx, tx, userID, list) })
	if err != nil {
		return err
	}
	p.tell(userID, model.EventPreferencesDeleted, list)
	return nil
}

func (p *Preferences) write(ctx context.Context, c Change, fn func(tx *db.Tx) error) error {
	err := p.db.Tx(ctx, func(tx *db.Tx) error {
		for _, hook := range p.writing {
			if err := hook(ctx, tx, c); err != nil {
				return err
			}
		}
		return fn(tx)
	})
	if err == nil {
		p.Changed.Publish(ctx, c)
	}
	return err
}

// tell sends what changed to the user's own clients. They are also to look at
// their categories again, because favourites may have come or gone.
func (p *Preferences) tell(userID, event string, list []model.Preference) {
	to := realtime.Audience{UserID: userID}
	p.hub.Publish(realtime.Event{Name: model.EventSidebarCategoryUpdated, To: to})
	p.hub.Publish(realtime.Event{Name: event, To: to, Data: map[string]any{"preferences": encode(list)}})
}
