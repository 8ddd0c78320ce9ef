// Package users is about accounts: people, guests and the accounts behind bots.
//
// It signs people up, lists and finds them, changes profiles, roles and
// activation, keeps profile pictures, terms of service and the audit trail, and
// says who may see whom and how much of them. How an account proves itself
// (sign-in, passwords, second factors, sessions, access tokens) is in the files
// signin*, passwords*, mfa*, sessions*, tokens* and verify*.
//
// A user is loaded through ByID, which remembers 20,000 of them; what it
// returns is shared and must not be changed. Before a user leaves the server
// they pass Shown, which takes away what the viewer may not know. Every change
// of a row goes through change, which keeps cache, sessions and clients right.
package users

import (
	"context"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/blob"
	"github.com/parley-chat/parley/internal/config"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/event"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/mail"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/realtime"
)

// Users is the slice. Make it with New, end it with Close.
type Users struct {
	// Created is published when an account has been made.
	Created event.Topic[*model.User]
	// Invited is published, before the request is answered, when somebody
	// signed up by an invitation and belongs into a team.
	Invited event.Topic[Invited]
	// Updated is published when a profile, roles or notify props changed.
	Updated event.Topic[Change]
	// Deactivated and Activated tell of accounts that were closed and reopened.
	Deactivated, Activated event.Topic[*model.User]
	// Promoted and Demoted tell of guests who became members and the reverse;
	// whoever owns memberships changes their scheme roles.
	Promoted, Demoted event.Topic[*model.User]
	// Deleted is published when an account was removed for good.
	Deleted event.Topic[*model.User]
	// LoginTried is published after each attempt to log in: whether it succeeded.
	LoginTried event.Topic[bool]

	db    *db.DB
	cfg   *config.Store
	acc   *access.Access
	hub   *realtime.Hub
	blobs blob.Store
	mails *mail.Sender
	log   *slog.Logger
	cache *cache
	trail *trail
	doors *doors
	posts sync.WaitGroup // mails on their way

	deleting     []func(ctx context.Context, tx *db.Tx, user *model.User) error
	guestChanges []func(ctx context.Context, tx *db.Tx, userID string, guest bool) error

	somebody atomic.Bool // there is an account of a person
}

// Change is a user before and after a change. Both are shared: don't change them.
type Change struct{ Old, New *model.User }

// Invited is somebody who signed up by an invitation.
type Invited struct {
	User     *model.User
	TeamID   string
	Channels []string // ids, of a guest's invitation
	ByID     string   // who invited, "" when the link doesn't say
}

// New returns the slice over a migrated database.
func New(d *db.DB, cfg *config.Store, acc *access.Access, hub *realtime.Hub,
	blobs blob.Store, mails *mail.Sender, log *slog.Logger) *Users {
	u := &Users{db: d, cfg: cfg, acc: acc, hub: hub, blobs: blobs, mails: mails, log: log, cache: newCache(), trail: newTrail(d, log), doors: newDoors(cfg)}
	acc.OnForgotten(u.cache.forget)
	return u
}

// Close waits for the mails on their way and writes what is left of the audit
// trail.
func (u *Users) Close(ctx context.Context) error {
	sent := make(chan struct{})
	go func() { u.posts.Wait(); close(sent) }()
	select {
	case <-sent:
	case <-ctx.Done():
	}
	return u.trail.flush(context.WithoutCancel(ctx))
}

var errNoUser = fault.NotFound("app.user.missing_account.const")

// ByID returns a user, active or not. The result is shared: copy it before
// changing it. Fails with 404 app.user.missing_account.const.
func (u *Users) ByID(ctx context.Context, userID string) (*model.User, error) {
	return u.cache.get(userID, func() (*model.User, error) { return u.load(ctx, u.db, "u.id = $1", userID) })
}

// ByIDs returns users in the order of ids; unknown ids are left out. The
// results are shared.
func (u *Users) ByIDs(ctx context.Context, ids []string) ([]*model.User, error) {
	known := make(map[string]*model.User, len(ids))
	var missing []string
	epoch := u.cache.now()
	for _, userID := range ids {
		if user := u.cache.peek(userID); user != nil {
			known[userID] = user
		} else {
			missing = append(missing, userID)
		}
	}
	if len(missing) > 0 {
		found, err := u.list(ctx, u.db, "u.id = ANY($1) LIMIT $2", missing, len(missing))
		if err != nil {
			return nil, err
		}
		u.cache.add(epoch, found...)
		for _, user := range found {
			known[user.ID] = user
		}
	}
	out := make([]*model.User, 0, len(ids))
	for _, userID := range ids {
		if user := known[userID]; user != nil {
			out = append(out, user)
			delete(known, userID) // each once
		}
	}
	return out, nil
}

// ByUsername returns the user of a name, whatever its case.
func (u *Users) ByUsername(ctx context.Context, name string) (*model.User, error) {
	return u.load(ctx, u.db, "u.username = $1", strings.ToLower(name))
}

// ByUsernames returns the users of names, by username; unknown ones are left out.
func (u *Users) ByUsernames(ctx context.Context, names []string) ([]*model.User, error) {
	lower := make([]string, len(names))
	for i, n := range names {
		lower[i] = strings.ToLower(n)
	}
	return u.list(ctx, u.db, "u.username = ANY($1) ORDER BY u.username LIMIT $2", lower, len(lower))
}

// ByEmail returns the user of an address, whatever its case.
func (u *Users) ByEmail(ctx context.Context, email string) (*model.User, error) {
	return u.load(ctx, u.db, "u.email = $1", strings.ToLower(email))
}
