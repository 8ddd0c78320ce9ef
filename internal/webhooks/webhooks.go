// Package webhooks lets other programs take part without an account: an incoming
// webhook is an address that posts what it is sent (incoming.go, in the forms
// that Slack made common: payload.go), an outgoing one tells an address of the
// messages of public channels that begin with a word (outgoing.go), and may
// answer.
//
// Both speak in the name of who made them and can do no more than that person
// may now. What an outgoing webhook tells is put into the queue of deliveries in
// the transaction of the message itself: posting waits for nobody, and nothing
// is lost.
//
// It owns the tables incomingwebhooks, outgoingwebhooks and
// parley_outgoing_secrets.
package webhooks

import (
	"context"
	"log/slog"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/bus"
	"github.com/parley-chat/parley/internal/channels"
	"github.com/parley-chat/parley/internal/config"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/deliveries"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/posts"
	"github.com/parley-chat/parley/internal/teams"
	"github.com/parley-chat/parley/internal/users"
)

// Config is what the slice is made from.
type Config struct {
	DB         *db.DB
	Settings   *config.Store
	Access     *access.Access
	Users      *users.Users
	Teams      *teams.Teams
	Channels   *channels.Channels
	Posts      *posts.Posts
	Deliveries *deliveries.Deliveries
	Bus        bus.Bus
	Log        *slog.Logger
}

// Webhooks is the slice. Make it with New.
type Webhooks struct {
	Config
	incoming *bus.Memory[*model.IncomingWebhook] // by id; nil: there is none
	outgoing *bus.Memory[[]*listener]            // by team
}

// How many hooks, and teams with outgoing ones, are remembered.
const (
	incomingMost = 5000
	teamsMost    = 5000
)

// New returns the slice over a migrated database. It follows what is posted.
func New(c Config) *Webhooks {
	if c.Bus == nil {
		c.Bus = bus.Alone{}
	}
	w := &Webhooks{Config: c,
		incoming: bus.NewMemory[*model.IncomingWebhook](c.Bus, "webhooks.incoming", incomingMost, c.Log),
		outgoing: bus.NewMemory[[]*listener](c.Bus, "webhooks.outgoing", teamsMost, c.Log)}
	c.Posts.OnWriting(w.hear)
	c.Deliveries.OnAnswer(deliveries.KindOutgoingWebhook, w.answered)
	c.Deliveries.OnSending(deliveries.KindOutgoingWebhook, w.stillRight)
	c.Users.OnDeleting(func(ctx context.Context, tx *db.Tx, user *model.User) error {
		tx.AfterCommit(func() { w.incoming.Forget(""); w.outgoing.Forget("") })
		return dropOf(ctx, tx, "userid", "creatorid", user.ID)
	})
	c.Channels.Deleted.Subscribe(func(ctx context.Context, e channels.Changed) { w.drop(ctx, "channelid", e.Channel.ID) })
	c.Teams.Deleted.Subscribe(func(ctx context.Context, e teams.Changed) { w.drop(ctx, "teamid", e.Team.ID) })
	return w
}

// drop removes the hooks of a channel or a team that is gone.
func (w *Webhooks) drop(ctx context.Context, column, of string) {
	err := w.DB.Tx(context.WithoutCancel(ctx), func(tx *db.Tx) error {
		tx.AfterCommit(func() { w.incoming.Forget(""); w.outgoing.Forget("") })
		return dropOf(ctx, tx, column, column, of)
	})
	if err != nil {
		w.Log.Warn("webhooks of what is gone are left", column, of, "error", err)
	}
}

// acting is the viewer of the account that a hook speaks for; ok is false for one
// that is closed.
func (w *Webhooks) acting(ctx context.Context, userID string) (v access.Viewer, ok bool) {
	u, err := w.Users.ByID(ctx, userID)
	if err != nil || u.DeleteAt != 0 {
		return access.Viewer{}, false
	}
	return w.Access.Acting(u.ID, u.Username, u.Roles), true
}
