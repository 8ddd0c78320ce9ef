package webpublic

import (
	"encoding/xml"
	"net/http"
	"strings"
	"time"

	"github.com/parley-chat/parley/internal/db"
)

// feedMost is how many messages a feed holds.
const feedMost = 30

// atomFeed and what belongs to it are a feed of RFC 4287.
type atomFeed struct {
	XMLName  xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
	Lang     string      `xml:"xml:lang,attr"`
	ID       string      `xml:"id"`
	Title    string      `xml:"title"`
	Subtitle string      `xml:"subtitle,omitempty"`
	Updated  string      `xml:"updated"`
	Links    []atomLink  `xml:"link"`
	Entries  []atomEntry `xml:"entry"`
}

type atomLink struct {
	Rel  string `xml:"rel,attr"`
	Href string `xml:"href,attr"`
	Type string `xml:"type,attr,omitempty"`
}

type atomEntry struct {
	ID        string   `xml:"id"`
	Title     string   `xml:"title"`
	Updated   string   `xml:"updated"`
	Published string   `xml:"published"`
	Author    string   `xml:"author>name"`
	Link      atomLink `xml:"link"`
	Content   struct {
		Type string `xml:"type,attr"`
		HTML string `xml:",chardata"`
	} `xml:"content"`
}

// settled is how old a change must be before its time, which is told in whole
// seconds, tells it from a later one.
const settled = 2 * time.Second

// feed answers with the newest messages, replies among them.
func (w *WebPublic) feed(rw http.ResponseWriter, r *http.Request, v *view) error {
	pl, err := w.at(r, v)
	if err != nil {
		return err
	}
	if v.Site == "" { // addresses in a feed are whole
		v.Site = "http://" + r.Host
	}
	changed, err := w.lastChange(r.Context(), pl)
	if err != nil {
		return err
	}
	if at := time.UnixMilli(changed); time.Since(at) > settled {
		rw.Header().Set("Last-Modified", at.UTC().Format(http.TimeFormat))
		since, err := http.ParseTime(r.Header.Get("If-Modified-Since"))
		if err == nil && r.Header.Get("If-None-Match") == "" && !at.Truncate(time.Second).After(since) {
			rw.WriteHeader(http.StatusNotModified)
			return nil
		}
	}
	list, err := w.latest(r.Context(), pl, "", feedMost)
	if err != nil {
		return err
	}
	messages, err := w.compose(r.Context(), v, pl, list)
	if err != nil {
		return err
	}
	raw, err := xml.Marshal(feedOf(v, pl, list, messages))
	if err != nil {
		return err
	}
	return sendTagged(rw, r, "application/atom+xml; charset=utf-8", append([]byte(xml.Header), raw...))
}

func feedOf(v *view, pl *place, list []*entry, messages []*message) *atomFeed {
	f := &atomFeed{Lang: v.Lang, ID: v.Site + pl.Path(), Title: pl.Title + " · " + pl.TeamTitle, Subtitle: pl.Purpose,
		Links: []atomLink{{"self", v.Site + pl.Path() + "/feed.atom", "application/atom+xml"}, {"alternate", v.Site + pl.Path(), "text/html"}}}
	latest := pl.Since
	for i, e := range list {
		updated := max(e.CreateAt, e.EditAt)
		latest = max(latest, updated)
		title := plain(messages[i].Plain, 80)
		if title == "" {
			title = messages[i].Author
		}
		one := atomEntry{ID: v.Site + messages[i].Link, Title: title, Updated: stamp(updated), Published: stamp(e.CreateAt),
			Author: messages[i].Author, Link: atomLink{"alternate", v.Site + messages[i].Link, "text/html"}}
		one.Content.Type, one.Content.HTML = "html", v.feedHTML(messages[i])
		f.Entries = append(f.Entries, one)
	}
	f.Updated = stamp(latest)
	return f
}

// feedHTML is a message without the page around it: pictures have whole addresses.
func (v *view) feedHTML(m *message) string {
	var out strings.Builder
	_ = pages.ExecuteTemplate(&out, "body", m) // a builder takes everything
	return strings.NewReplacer(`src="/public/`, `src="`+v.Site+`/public/`, `href="/public/`, `href="`+v.Site+`/public/`).Replace(out.String())
}

func stamp(ms int64) string { return time.UnixMilli(ms).UTC().Format(time.RFC3339) }

type sitemapURL struct {
	Loc     string `xml:"loc"`
	LastMod string `xml:"lastmod,omitempty"`
}

// sitemapMost is how many addresses a sitemap may name, by its protocol.
const sitemapMost = 50_000

// sitemap names the channels and the months of each; it exists where search
// engines are wanted.
func (w *WebPublic) sitemap(rw http.ResponseWriter, r *http.Request, v *view) error {
	if v.NoIndex {
		return errNone
	}
	if v.Site == "" {
		v.Site = "http://" + r.Host
	}
	list, err := w.places(r.Context(), "")
	if err != nil {
		return err
	}
	out := struct {
		XMLName xml.Name     `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 urlset"`
		URLs    []sitemapURL `xml:"url"`
	}{URLs: []sitemapURL{{Loc: v.Site + "/public/"}}}
	for _, pl := range list {
		one := sitemapURL{Loc: v.Site + pl.Path()}
		if pl.LastPostAt > 0 {
			one.LastMod = stamp(pl.LastPostAt)
		}
		out.URLs = append(out.URLs, one)
		months, err := w.months(r.Context(), v, pl)
		if err != nil {
			return err
		}
		for _, m := range months {
			out.URLs = append(out.URLs, sitemapURL{Loc: v.Site + m.Link})
		}
		if len(out.URLs) > sitemapMost-monthsMost {
			break
		}
	}
	raw, err := xml.Marshal(out)
	if err != nil {
		return err
	}
	return sendTagged(rw, r, "application/xml; charset=utf-8", append([]byte(xml.Header), raw...))
}

// isOn reports whether a channel is still on the web.
func (w *WebPublic) isOn(r *http.Request, channelID string) (bool, error) {
	if !w.cfg.Get().WebPublicSettings.Enable {
		return false, nil
	}
	list, err := db.List(r.Context(), w.db, scanPlace, placesSQL+` AND c.id = $1 LIMIT 1`, channelID)
	return len(list) > 0, err
}
