// Package links knows what web addresses lead to: the title, the words and the
// picture that a page shows of itself, or the size of an image. Messages show
// it below a link. It also serves images of other sites in their stead
// (proxy.go), so that those who read don't show themselves to whoever wrote.
//
// fetch.go asks other servers in the background, never in a request's way, with
// a few connections at once, little time and few bytes. page.go reads a page's
// head, image.go an image's. What was learnt, failures included, is a row of
// linkmetadata (store.go) for an hour, after which a message that links there
// anew has it asked again; what older messages show stays as it was. Strangers
// write both the addresses and what stands there: everything goes out through
// package outgoing, and everything that comes in is bounded before it is read.
package links

import (
	"context"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"

	"github.com/parley-chat/parley/internal/config"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/outgoing"
)

// What an address leads to; the values of linkmetadata.type.
const (
	KindNone  = "none" // nothing that can be shown, or nobody answered
	KindPage  = "opengraph"
	KindImage = "image"
)

// Bounds (reference: limits.tsv, text-facts.json).
const (
	maxURL    = 2048      // bytes of an address
	maxImages = 5         // images of a page
	fresh     = time.Hour // how long an answer counts as new
	kept      = 2000      // answers in memory
)

// Link is what an address leads to. It is shared: don't change it.
type Link struct {
	Kind  string
	Page  *model.OpenGraph // of KindPage
	Image *model.PostImage // of KindImage
	At    int64            // Unix ms when it was asked
}

// Fresh reports whether a link was asked within the last hour.
func (k *Link) Fresh() bool { return k != nil && id.Now()-k.At < fresh.Milliseconds() }

// Links is the slice. Make it with New, end it with Close.
type Links struct {
	db     *db.DB
	cfg    *config.Store
	log    *slog.Logger
	web    *http.Client
	known  *lru.Cache[string, *Link]
	queue  *queue
	images chan struct{} // one token an image on its way through the proxy
}

// New returns the slice over a migrated database.
func New(d *db.DB, settings *config.Store, log *slog.Logger) *Links {
	l := &Links{db: d, cfg: settings, log: log, images: make(chan struct{}, maxProxied)}
	l.web = outgoing.New(func() string { return l.cfg.Get().ServiceSettings.AllowedUntrustedInternalConnections }, longest)
	follow := l.web.CheckRedirect
	l.web.CheckRedirect = func(r *http.Request, via []*http.Request) error {
		if l.restricted(r.URL.Hostname()) {
			return errRestricted
		}
		return follow(r, via)
	}
	known, err := lru.New[string, *Link](kept)
	if err != nil {
		panic(err) // only for a size below one
	}
	l.known = known
	l.queue = newQueue(l.learn)
	return l
}

// Close gives up what is being asked and waits for it to end.
func (l *Links) Close(ctx context.Context) { l.queue.close(ctx) }

// Allowed reports whether the server may ask what stands at an address: previews
// are on, it is of the web and neither this site's nor of a domain that
// RestrictLinkPreviews names.
func (l *Links) Allowed(address string) bool {
	set := &l.cfg.Get().ServiceSettings
	if !set.EnableLinkPreviews || len(address) > maxURL {
		return false
	}
	u, err := url.Parse(address)
	if err != nil || outgoing.Check(u) != nil || l.restricted(u.Hostname()) {
		return false
	}
	return !l.own(address)
}

// own reports whether an address is one of this site's.
func (l *Links) own(address string) bool {
	site := strings.TrimRight(l.cfg.Get().ServiceSettings.SiteURL, "/")
	return site != "" && (address == site || strings.HasPrefix(address, site+"/"))
}

// restricted reports whether a host is, or lies below, a domain of the setting
// RestrictLinkPreviews.
func (l *Links) restricted(host string) bool {
	host = strings.TrimSuffix(strings.ToLower(host), ".")
	for _, domain := range strings.FieldsFunc(l.cfg.Get().ServiceSettings.RestrictLinkPreviews, func(r rune) bool { return r == ',' || r == ' ' }) {
		domain = strings.Trim(strings.ToLower(domain), ".")
		if domain != "" && (host == domain || strings.HasSuffix(host, "."+domain)) {
			return true
		}
	}
	return false
}

// Remembered returns what is known of addresses without asking the database.
func (l *Links) Remembered(addresses []string) map[string]*Link {
	out := make(map[string]*Link, len(addresses))
	for _, a := range addresses {
		if k, ok := l.known.Get(a); ok {
			out[a] = k
		}
	}
	return out
}

// Recall returns what is known of addresses, with one statement at most.
func (l *Links) Recall(ctx context.Context, addresses []string) (map[string]*Link, error) {
	out := l.Remembered(addresses)
	var rest []string
	for _, a := range addresses {
		if out[a] == nil {
			rest = append(rest, a)
		}
	}
	if len(rest) == 0 {
		return out, nil
	}
	found, err := l.load(ctx, rest)
	for a, k := range found {
		out[a] = k
		l.known.Add(a, k)
	}
	return out, err
}

// Fetch has an address asked in the background, unless that was done within
// the last hour, and calls done with what it leads to; with nil when it could
// not be asked, which is before Fetch returns.
func (l *Links) Fetch(address string, done func(*Link)) {
	if !l.Allowed(address) || !l.queue.add(address, done) {
		done(nil)
	}
}

// Wait waits until addresses that are being asked are known, at most so long.
func (l *Links) Wait(ctx context.Context, addresses []string, most time.Duration) {
	ctx, cancel := context.WithTimeout(ctx, most)
	defer cancel()
	for _, a := range addresses {
		select {
		case <-l.queue.ready(a):
		case <-ctx.Done():
			return
		}
	}
}

// learn finds out what an address leads to and keeps it.
func (l *Links) learn(ctx context.Context, address string) *Link {
	known, err := l.Recall(ctx, []string{address})
	before := known[address]
	if err == nil && before.Fresh() {
		return before
	}
	k := l.ask(ctx, address)
	if ctx.Err() != nil {
		return nil // the server stops: that says nothing of the address
	}
	if k.Kind == KindNone && before != nil { // what was there is shown on while nobody answers
		again := *before
		k = &again
	}
	k.At = id.Now()
	l.known.Add(address, k)
	if err := l.save(ctx, address, k); err != nil {
		l.log.Error("what a link leads to was not kept", "error", err)
	}
	return k
}
