// Package notify tells people of posts while they aren't looking: by mail, on
// phones through the push proxy, and in browsers and apps by web push and
// UnifiedPush.
//
// Who is told, and how, is one pure function (decide.go); whom a text mentions
// is posts' to say. A new post only joins a list in memory (feed.go): the
// decision runs after the commit, in the background, with statements that don't
// depend on how many people there are (facts.go). How far posts are decided
// upon is noted, so that a server that died decides on the rest when it is
// back. The outcome is rows of a queue (queue.go), which a loop for each way
// out sends (deliver.go; mail.go, push.go, webpush.go): a row is claimed under a
// lease just before it is sent, tried again while the other side is down, and
// remembered for a day, so that nothing is sent twice.
package notify

import (
	"context"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/bus"
	"github.com/parley-chat/parley/internal/channels"
	"github.com/parley-chat/parley/internal/config"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/mail"
	"github.com/parley-chat/parley/internal/metrics"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/outgoing"
	"github.com/parley-chat/parley/internal/posts"
	"github.com/parley-chat/parley/internal/realtime"
	"github.com/parley-chat/parley/internal/threads"
	"github.com/parley-chat/parley/internal/traces"
	"github.com/parley-chat/parley/internal/users"
)

// Config is what the slice is made from.
type Config struct {
	DB       *db.DB
	Settings *config.Store
	Access   *access.Access
	Hub      *realtime.Hub
	Users    *users.Users
	Channels *channels.Channels
	Posts    *posts.Posts
	Threads  *threads.Threads
	Mail     *mail.Sender
	Metrics  *metrics.Metrics
	// Statuses are where people are at this moment; the server sets it from presence.
	Statuses func(ctx context.Context, ids []string) ([]model.Status, error)
	Bus      bus.Bus
	Log      *slog.Logger
}

// Notify is the slice. Make it with New, have Run called.
type Notify struct {
	// ReplyAddress is the mail address that a reader answers to when they were told of a post; "" for none. The
	// server sets it from the email gateway.
	ReplyAddress func(ctx context.Context, readerID, postID string) (string, error)

	db       *db.DB
	cfg      *config.Store
	acc      *access.Access
	hub      *realtime.Hub
	users    *users.Users
	posts    *posts.Posts
	mail     *mail.Sender
	metrics  *metrics.Metrics
	statuses func(ctx context.Context, ids []string) ([]model.Status, error)
	log      *slog.Logger
	now      func() int64 // Unix ms

	feed    *feed
	all     *bus.Memory[[]string]
	wakes   map[string]chan struct{} // by kind: there may be something to send
	proxy   *http.Client             // to the push proxy, which the administrator names
	outside *http.Client             // to endpoints that people name
	keys    keyring
	keysMu  sync.Mutex
}

// New returns the slice over a migrated database. It follows what posts,
// channels, threads and users tell of.
func New(c Config) *Notify {
	n := &Notify{db: c.DB, cfg: c.Settings, acc: c.Access, hub: c.Hub, users: c.Users, posts: c.Posts, mail: c.Mail, metrics: c.Metrics,
		statuses: c.Statuses, log: c.Log, now: id.Now, feed: newFeed(), all: newWantAll(c.Bus, c.Log), wakes: map[string]chan struct{}{}}
	for _, kind := range []string{kindEmail, kindPush, kindWeb} {
		n.wakes[kind] = make(chan struct{}, 1)
	}
	n.proxy = &http.Client{Timeout: sendTime, Transport: traces.Transport(http.DefaultTransport), CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	n.outside = outgoing.New(func() string { return c.Settings.Get().ServiceSettings.AllowedUntrustedInternalConnections }, sendTime)
	c.Posts.Created.Subscribe(n.created)
	c.Posts.MarkedUnread.Subscribe(n.markedUnread)
	c.Channels.Viewed.Subscribe(n.viewed)
	c.Threads.Read.Subscribe(n.threadRead)
	c.Users.Updated.Subscribe(func(context.Context, users.Change) { n.all.Forget("") })
	c.Users.Deleted.Subscribe(n.userDeleted)
	c.Channels.MemberChanged.Subscribe(func(_ context.Context, m *model.ChannelMember) { n.all.Forget(m.ChannelID) })
	c.Channels.Joined.Subscribe(func(_ context.Context, e *channels.Joined) { n.all.Forget(e.Channel.ID) })
	return n
}

// sendTime bounds one request to the push proxy or to an endpoint.
const sendTime = 10 * time.Second

// pruneEvery is how often the queue is tidied.
const pruneEvery = 30 * time.Second

// Run decides and sends until ctx ends; what is being sent at that moment is
// finished first.
func (n *Notify) Run(ctx context.Context) {
	var all sync.WaitGroup
	all.Go(func() { n.decide(ctx) })
	all.Go(func() { n.deliver(ctx, kindEmail, n.sendMails) })
	all.Go(func() { n.deliver(ctx, kindPush, n.sendPushes) })
	all.Go(func() { n.deliver(ctx, kindWeb, n.sendWeb) })
	all.Go(func() { n.remind(ctx) })
	all.Go(func() {
		tick := time.NewTicker(pruneEvery)
		defer tick.Stop()
		for {
			if err := n.TellExpired(ctx); err != nil && ctx.Err() == nil {
				n.log.Error("phones were not told that their sessions have ended", "error", err)
			}
			if err := n.prune(ctx); err != nil && ctx.Err() == nil {
				n.log.Error("the queue of notifications could not be tidied", "error", err)
			}
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			}
		}
	})
	all.Wait()
}

// userDeleted removes what is kept of an account that is removed for good.
func (n *Notify) userDeleted(ctx context.Context, u *model.User) {
	for _, table := range []string{"parley_notify_queue", "parley_push_subscriptions"} {
		if _, err := db.Exec(ctx, n.db, `DELETE FROM `+table+` WHERE userid = $1`, u.ID); err != nil {
			n.log.Error("notifications of a removed account stay", "user", u.ID, "error", err)
		}
	}
}

// rules are the settings at this moment.
func (n *Notify) rules() Rules {
	e := n.cfg.Get().EmailSettings
	return Rules{Email: e.SendEmailNotifications && n.mail.Configured(), Push: true, VerifiedEmails: e.RequireEmailVerification, Now: n.now()}
}

// pushes reports whether a push proxy is used. The protocol's default is
// somebody else's test service: nothing goes there unless a host has chosen it.
func (n *Notify) pushes() bool {
	e := n.cfg.Get().EmailSettings
	return e.SendPushNotifications && e.PushNotificationServer != "" &&
		n.cfg.Origin("EmailSettings.PushNotificationServer").Layer != config.LayerDefault
}
