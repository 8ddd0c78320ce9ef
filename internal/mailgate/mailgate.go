// Package mailgate is the email gateway: answers to notification mails become
// replies in their thread, and channels can have a mail address of their own.
//
// It is a mail server for itself alone, over SMTP or LMTP (listen.go, session.go).
// A mail is accepted once its post is committed, or refused in the dialogue with a
// sentence that its sender gets to read; the gateway never writes mail. The post's
// id follows from the Message-ID, so that a mail that comes twice is posted once.
//
// An answer shows by its address (address.go) that its sender had the notification;
// other mail must be proven to come from where it says (sender.go). What somebody
// may do is asked when the mail arrives, as everywhere (deliver.go). Mail is
// untrusted: parse.go bounds it, html.go and quote.go make a message of its text,
// flood.go stops loops and floods.
package mailgate

import (
	"context"
	"crypto/tls"
	"log/slog"
	"net"
	"reflect"
	"sync"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/channels"
	"github.com/parley-chat/parley/internal/config"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/files"
	"github.com/parley-chat/parley/internal/metrics"
	"github.com/parley-chat/parley/internal/posts"
	"github.com/parley-chat/parley/internal/realtime"
	"github.com/parley-chat/parley/internal/users"
)

// Config is what the gateway is made from.
type Config struct {
	DB       *db.DB
	Settings *config.Store
	Access   *access.Access
	Hub      *realtime.Hub
	Users    *users.Users
	Channels *channels.Channels
	Files    *files.Files
	Posts    *posts.Posts
	// Allow keeps a rate for a key: so many calls per second, with bursts.
	Allow func(key string, perSecond float64, burst int) bool
	// Certificate is the server's own, for when the settings name none; nil when it has none.
	Certificate func() *tls.Config
	Log         *slog.Logger
}

// Gate is the gateway. Make it with New; it works while Run does.
type Gate struct {
	Config
	changed chan struct{}

	mu       sync.Mutex
	open     net.Listener
	all      int // connections
	from     map[string]int
	outcomes metrics.MailGateway
}

// New returns a gateway that isn't listening yet.
func New(c Config) *Gate {
	g := &Gate{Config: c, changed: make(chan struct{}, 1), from: map[string]int{}, outcomes: metrics.MailGateway{}}
	c.Settings.OnChange(func(old, now *config.Config) {
		if reflect.DeepEqual(old.EmailGatewaySettings, now.EmailGatewaySettings) {
			return
		}
		select {
		case g.changed <- struct{}{}:
		default:
		}
	})
	c.Channels.Deleted.Subscribe(func(ctx context.Context, e channels.Changed) {
		if err := g.forget(context.WithoutCancel(ctx), e.Channel.ID); err != nil {
			c.Log.Error("the mail address of a deleted channel is left", "channel_id", e.Channel.ID, "error", err)
		}
	})
	return g
}

func (g *Gate) settings() *config.EmailGatewaySettings { return &g.Settings.Get().EmailGatewaySettings }

// ready reports whether the settings name what the gateway needs.
func (g *Gate) ready() bool { set := g.settings(); return set.Enable && set.Domain != "" }

// What becomes of mails, as the metrics call it.
const (
	outcomePosted   = "posted"
	outcomeRepeated = "repeated" // it was posted before
	outcomeIgnored  = "ignored"  // a program's answer, or of the server itself
	outcomeRefused  = "refused"
	outcomeDeferred = "deferred" // its sender will try again
)

func (g *Gate) count(outcome string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.outcomes[outcome]++
}

// Figures are what the metrics show: mails by what became of them.
func (g *Gate) Figures() metrics.MailGateway {
	g.mu.Lock()
	defer g.mu.Unlock()
	out := metrics.MailGateway{}
	for _, outcome := range []string{outcomePosted, outcomeRepeated, outcomeIgnored, outcomeRefused, outcomeDeferred} {
		out[outcome] = g.outcomes[outcome]
	}
	return out
}

// Addr is the address that the gateway listens on, nil while it doesn't.
func (g *Gate) Addr() net.Addr {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.open == nil {
		return nil
	}
	return g.open.Addr()
}
