// Package webpublic shows public channels to the whole web: as plain pages that
// need neither an account nor a script, as Atom feeds and in a sitemap. A
// channel is shown once somebody who runs it has switched that on, while the
// administrator's setting allows it; both are asked of the database on each
// request, so that switching off takes effect at once.
//
// What a stranger may see is one SQL condition (store.go): messages that people
// and integrations wrote, not deleted, not older than the channel's choice.
// What the server itself says, burn-on-read messages and everything of another
// channel don't meet it. Files go through the same condition.
//
// Rules are in this file, the switch in switch.go, SQL in store.go, markdown in
// render.go, pages in page.go, feeds in feed.go, news of changes in live.go.
package webpublic

import (
	"context"
	"log/slog"
	"net/netip"
	"strings"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/channels"
	"github.com/parley-chat/parley/internal/config"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/emoji"
	"github.com/parley-chat/parley/internal/files"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/posts"
	"github.com/parley-chat/parley/internal/realtime"
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
	Emoji    *emoji.Emoji
	Files    *files.Files
	Posts    *posts.Posts
	// Allow keeps a rate for a key: so many calls per second, with bursts.
	Allow func(key string, perSecond float64, burst int) bool
	Log   *slog.Logger
}

// WebPublic is the slice. Make it with New, end its streams with Close.
type WebPublic struct {
	db      *db.DB
	cfg     *config.Store
	acc     *access.Access
	hub     *realtime.Hub
	users   *users.Users
	emoji   *emoji.Emoji
	files   *files.Files
	posts   *posts.Posts
	allow   func(key string, perSecond float64, burst int) bool
	log     *slog.Logger
	streams *streams
	router  *access.Router
}

// New returns the slice over a migrated database. A channel that is made
// private, archived, moved or removed is taken off the web, and stays off when
// it comes back: showing it is a decision of its own.
func New(c Config) *WebPublic {
	w := &WebPublic{db: c.DB, cfg: c.Settings, acc: c.Access, hub: c.Hub, users: c.Users, emoji: c.Emoji, files: c.Files,
		posts: c.Posts, allow: c.Allow, log: c.Log, streams: newStreams()}
	c.Posts.OnChanged(w.streams.changed)
	c.Channels.Updated.Subscribe(func(ctx context.Context, e channels.Updated) {
		if e.New.Type != model.ChannelOpen {
			w.withdraw(ctx, e.New.ID)
		}
	})
	gone := func(ctx context.Context, e channels.Changed) { w.withdraw(ctx, e.Channel.ID) }
	c.Channels.Archived.Subscribe(gone)
	c.Channels.Deleted.Subscribe(gone)
	c.Channels.Moved.Subscribe(func(ctx context.Context, e channels.Moved) { w.withdraw(ctx, e.Channel.ID) })
	return w
}

// Close ends the streams of those who watch, so that the server can stop.
func (w *WebPublic) Close() { w.streams.close() }

// Robots is the text of /robots.txt: everything is closed but the public pages,
// and those only when the setting allows it.
func (w *WebPublic) Robots() string {
	set := w.cfg.Get()
	if !set.WebPublicSettings.Enable || !set.WebPublicSettings.AllowIndexing {
		return "User-agent: *\nDisallow: /\n"
	}
	text := "User-agent: *\nAllow: /public/\nDisallow: /\n"
	if site := strings.TrimSuffix(set.ServiceSettings.SiteURL, "/"); site != "" {
		text += "Sitemap: " + site + "/public/sitemap.xml\n"
	}
	return text
}

// hideCategory and hideName are the preference of who doesn't want to be named
// on the web; its value is "true".
const (
	hideCategory = "parley"
	hideName     = "hide_name_on_web"
)

// neighbourhood is what requests are counted by: an address, of IPv6 the /64
// that a subscriber has to themselves.
func neighbourhood(ip string) string {
	a, err := netip.ParseAddr(ip)
	if err != nil {
		return ip
	}
	if a = a.Unmap(); a.Is4() {
		return a.String()
	}
	p, err := a.WithZone("").Prefix(64)
	if err != nil {
		return ip
	}
	return p.String()
}
