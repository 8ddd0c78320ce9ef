package webpublic

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"html/template"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/api"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/i18n"
	"github.com/parley-chat/parley/internal/id"
)

//go:embed page.html style.css live.js
var parts embed.FS

var pages = template.Must(template.ParseFS(parts, "page.html"))

// How much a page holds.
const (
	newestMost = 50  // the newest page
	monthMost  = 100 // a page of a month
	threadMost = 200 // a page of a thread's replies
)

// Browsers and caches on the way may keep a page for a moment, then ask again
// with its tag: what was deleted is gone everywhere within that time.
const cacheShort = "public, max-age=5, must-revalidate"

// policy lets a page load what this server has, and nothing more.
const policy = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; media-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

func (w *WebPublic) mountPages(r *access.Router) {
	const channel = "/public/{team_name}/{channel_name}"
	for path, fn := range map[string]page{
		"/public": func(rw http.ResponseWriter, r *http.Request, _ *view) error {
			http.Redirect(rw, r, "/public/", http.StatusMovedPermanently)
			return nil
		},
		"/public/":                         w.teams,
		"/public/sitemap.xml":              w.sitemap,
		"/public/-/{part}":                 w.part,
		"/public/-/emoji/{emoji_id}":       w.picture,
		"/public/{team_name}":              w.team,
		channel:                            w.newest,
		channel + "/{month}":               w.month,
		channel + "/feed.atom":             w.feed,
		channel + "/live":                  w.live,
		channel + "/p/{post_id}":           w.thread,
		channel + "/f/{file_id}":           w.file,
		channel + "/f/{file_id}/{variant}": w.file,
	} {
		for _, method := range []string{http.MethodGet, http.MethodHead} {
			api.Raw(r, method, path, access.World, w.world(fn))
		}
	}
}

// page answers one kind of request; an error becomes a page of its own.
type page func(rw http.ResponseWriter, r *http.Request, v *view) error

var errNone = fault.NotFound("api.context.404.app_error")

// world is around every page: off means that there is no such page at all, and
// an address gets so many.
func (w *WebPublic) world(fn page) func(http.ResponseWriter, *http.Request, access.Viewer) error {
	return func(rw http.ResponseWriter, r *http.Request, _ access.Viewer) error {
		set := w.cfg.Get()
		if !set.WebPublicSettings.Enable {
			w.router.Elsewhere(rw, r)
			return nil
		}
		h := rw.Header()
		h.Del("Expires")
		h.Del("X-Version-Id") // names a hash of the settings, which is nobody's business here
		h.Set("Content-Security-Policy", policy)
		h.Set("Cache-Control", cacheShort)
		h.Set("Vary", "Accept-Language")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		if !set.WebPublicSettings.AllowIndexing {
			h.Set("X-Robots-Tag", "noindex, nofollow")
		}
		v := w.view(r)
		if strings.ContainsFunc(r.URL.Path, unicode.IsControl) || !utf8.ValidString(r.URL.Path) {
			return w.refuse(rw, r, v, http.StatusNotFound, "missing") // PostgreSQL would fail on it
		}
		perMinute := set.WebPublicSettings.RequestsPerMinute
		if !w.allow("public "+neighbourhood(api.MetaOf(r.Context()).IP), float64(perMinute)/60, max(perMinute/4, 1)) {
			h.Set("Retry-After", "60")
			return w.refuse(rw, r, v, http.StatusTooManyRequests, "too_many")
		}
		err := fn(rw, r, v)
		switch {
		case err == nil || r.Context().Err() != nil:
			return nil
		case errors.Is(err, db.ErrNotFound) || fault.IsNotFound(err):
			return w.refuse(rw, r, v, http.StatusNotFound, "missing")
		}
		w.log.Error("a public page could not be made", "path", r.URL.Path, "error", err)
		return w.refuse(rw, r, v, http.StatusInternalServerError, "broken")
	}
}

// refuse answers with a page that says what is wrong; nobody keeps it.
func (w *WebPublic) refuse(rw http.ResponseWriter, r *http.Request, v *view, status int, what string) error {
	v.Kind, v.Title, v.Words, v.NoIndex = "refusal", v.T(what), v.T(what+"_words"), true
	v.Canonical, v.Description, v.Feed, v.Live, v.Place = "", "", "", "", nil
	var out bytes.Buffer
	if err := pages.ExecuteTemplate(&out, "page", v); err != nil {
		return err
	}
	h := rw.Header()
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Security-Policy", policy)
	for _, name := range []string{"Etag", "Last-Modified", "Content-Disposition"} {
		h.Del(name)
	}
	api.Send(rw, r, status, "text/html; charset=utf-8", out.Bytes())
	return nil
}

// view is what a page shows.
type view struct {
	Lang, Site, SiteName      string
	Kind                      string // which template
	Title, Description, Words string
	Canonical, Feed, Live     string
	Older, Newer              string
	NoIndex, Bottom           bool
	Place                     *place
	Places                    []*place
	Messages                  []*message
	Months                    []month
	Now                       string // the month shown
	Heading                   string
	Target                    string // the post that a permalink leads to
}

// T is a text of the pages.
func (v *view) T(key string) string { return i18n.T(v.Lang, "webpublic.page."+key, nil) }

// Replies says how many replies there are.
func (v *view) Replies(n int64) string {
	if n == 1 {
		return v.T("replies.one")
	}
	return i18n.T(v.Lang, "webpublic.page.replies.many", map[string]any{"n": n})
}

// Times says how often an emoji was given.
func (v *view) Times(name string, n int64) string {
	return i18n.T(v.Lang, "webpublic.page.reacted", map[string]any{"name": name, "n": n})
}

// Path is the address of a channel, within the site.
func (p *place) Path() string { return "/public/" + p.Team + "/" + p.Channel }

func (w *WebPublic) view(r *http.Request) *view {
	set := w.cfg.Get()
	v := &view{Lang: i18n.Match(r.Header.Get("Accept-Language"), set.LocalizationSettings.DefaultServerLocale),
		Site: strings.TrimSuffix(set.ServiceSettings.SiteURL, "/"), SiteName: set.TeamSettings.SiteName, NoIndex: !set.WebPublicSettings.AllowIndexing}
	if v.SiteName == "" || v.SiteName == "Mattermost" { // the protocol's default: nobody has named the site
		v.SiteName = "Parley"
	}
	return v
}

// send answers with a page, or with 304 to who has it.
func (w *WebPublic) send(rw http.ResponseWriter, r *http.Request, v *view) error {
	var out bytes.Buffer
	if err := pages.ExecuteTemplate(&out, "page", v); err != nil {
		return err
	}
	return sendTagged(rw, r, "text/html; charset=utf-8", out.Bytes())
}

func sendTagged(rw http.ResponseWriter, r *http.Request, kind string, body []byte) error {
	sum := sha256.Sum256(body)
	tag := `"` + hex.EncodeToString(sum[:12]) + `"`
	rw.Header().Set("Etag", "W/"+tag)
	if strings.Contains(r.Header.Get("If-None-Match"), tag) {
		rw.WriteHeader(http.StatusNotModified)
		return nil
	}
	api.Send(rw, r, http.StatusOK, kind, body)
	return nil
}

// teams lists every channel that is on the web.
func (w *WebPublic) teams(rw http.ResponseWriter, r *http.Request, v *view) (err error) {
	v.Kind, v.Title, v.Canonical = "list", v.T("title"), v.Site+"/public/"
	v.Heading = v.Title
	if v.Places, err = w.places(r.Context(), ""); err != nil {
		return err
	}
	return w.send(rw, r, v)
}

// team lists the channels of one team; one that shows none doesn't exist here.
func (w *WebPublic) team(rw http.ResponseWriter, r *http.Request, v *view) (err error) {
	name := r.PathValue("team_name")
	if v.Places, err = w.places(r.Context(), name); err != nil {
		return err
	}
	if len(v.Places) == 0 || name == "" {
		return errNone
	}
	title := i18n.T(v.Lang, "webpublic.page.of_team", map[string]any{"team": v.Places[0].TeamTitle})
	v.Kind, v.Title, v.Heading, v.Canonical = "list", title, title, v.Site+"/public/"+url.PathEscape(name)
	return w.send(rw, r, v)
}

// at fills in the channel of the address.
func (w *WebPublic) at(r *http.Request, v *view) (*place, error) {
	pl, err := w.place(r.Context(), r.PathValue("team_name"), r.PathValue("channel_name"))
	if err != nil {
		return nil, err
	}
	v.Place, v.Heading, v.Title = pl, pl.Title, pl.Title+" · "+pl.TeamTitle
	v.Description, v.Feed = plain(pl.Purpose, 200), pl.Path()+"/feed.atom"
	if v.Description == "" {
		v.Description = v.T("about")
	}
	return pl, nil
}

func (w *WebPublic) newest(rw http.ResponseWriter, r *http.Request, v *view) error {
	pl, err := w.at(r, v)
	if err != nil {
		return err
	}
	list, err := w.latest(r.Context(), pl, roots, newestMost+1)
	if err != nil {
		return err
	}
	if len(list) > newestMost {
		list = list[:newestMost]
		if v.Older, err = w.monthOf(r.Context(), pl, list[newestMost-1]); err != nil {
			return err
		}
	}
	reverse(list)
	v.Kind, v.Canonical, v.Live, v.Bottom = "channel", v.Site+pl.Path(), pl.Path()+"/live", true
	if v.Months, err = w.months(r.Context(), v, pl); err != nil {
		return err
	}
	if v.Messages, err = w.compose(r.Context(), v, pl, list); err != nil {
		return err
	}
	return w.send(rw, r, v)
}

// month shows what was written in a month (UTC), oldest first: its pages stay
// the same once the month is over.
func (w *WebPublic) month(rw http.ResponseWriter, r *http.Request, v *view) error {
	pl, err := w.at(r, v)
	if err != nil {
		return err
	}
	from, err := time.Parse("2006-01", r.PathValue("month"))
	n := pageNumber(r)
	if err != nil || n == 0 {
		return errNone
	}
	list, err := w.during(r.Context(), pl, from.UnixMilli(), from.AddDate(0, 1, 0).UnixMilli(), monthMost+1, (n-1)*monthMost)
	if err != nil {
		return err
	}
	if len(list) == 0 {
		return errNone
	}
	path := pl.Path() + "/" + from.Format("2006-01")
	v.Kind, v.Canonical, v.Now = "channel", v.Site+numbered(path, n), from.Format("2006-01")
	v.Title, v.Heading = pl.Title+", "+v.monthName(from), pl.Title
	if n > 1 {
		v.Older = numbered(path, n-1)
	}
	if len(list) > monthMost {
		list, v.Newer = list[:monthMost], numbered(path, n+1)
	}
	if v.Months, err = w.months(r.Context(), v, pl); err != nil {
		return err
	}
	if v.Messages, err = w.compose(r.Context(), v, pl, list); err != nil {
		return err
	}
	return w.send(rw, r, v)
}

// thread shows a message with its replies. A reply leads to its thread.
func (w *WebPublic) thread(rw http.ResponseWriter, r *http.Request, v *view) error {
	pl, err := w.at(r, v)
	if err != nil {
		return err
	}
	n := pageNumber(r)
	if !id.Valid(r.PathValue("post_id")) || n == 0 {
		return errNone
	}
	list, err := w.one(r.Context(), pl, r.PathValue("post_id"))
	if err != nil || len(list) == 0 {
		return errors.Join(err, errNone)
	}
	root := list[0]
	if root.RootID != "" {
		if up, err := w.one(r.Context(), pl, root.RootID); err != nil {
			return err
		} else if len(up) > 0 {
			return w.toReply(rw, r, pl, root)
		}
	}
	replies, err := w.of(r.Context(), pl, root.ID, threadMost+1, (n-1)*threadMost)
	if err != nil {
		return err
	}
	if n > 1 && len(replies) == 0 {
		return errNone
	}
	path := pl.Path() + "/p/" + root.ID
	if n > 1 {
		v.Older = numbered(path, n-1)
	}
	if len(replies) > threadMost {
		replies, v.Newer = replies[:threadMost], numbered(path, n+1)
	}
	if v.Messages, err = w.compose(r.Context(), v, pl, append(list, replies...)); err != nil {
		return err
	}
	v.Kind, v.Canonical, v.Live = "thread", v.Site+numbered(path, n), pl.Path()+"/live"
	v.Heading = i18n.T(v.Lang, "webpublic.page.thread", map[string]any{"channel": pl.Title})
	if v.Description = v.Messages[0].Plain; v.Description == "" {
		v.Description = v.Heading
	}
	v.Title = plain(v.Description, 70) + " · " + pl.Title
	return w.send(rw, r, v)
}

// toReply sends to the page of a thread on which a reply stands.
func (w *WebPublic) toReply(rw http.ResponseWriter, r *http.Request, pl *place, reply *entry) error {
	before, err := db.Value[int64](r.Context(), w.db, `SELECT count(*) FROM posts p WHERE`+isShown("p")+
		` AND p.rootid = $3 AND (p.createat < $4 OR p.createat = $4 AND p.id < $5)`, pl.ChannelID, pl.Since, reply.RootID, reply.CreateAt, reply.ID)
	if err != nil {
		return err
	}
	http.Redirect(rw, r, numbered(pl.Path()+"/p/"+reply.RootID, int(before)/threadMost+1)+"#m-"+reply.ID, http.StatusFound)
	return nil
}

// pageNumber is the page asked for, from 1; 0 for nonsense.
func pageNumber(r *http.Request) int {
	text := r.URL.Query().Get("page")
	if text == "" {
		return 1
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > 100_000 {
		return 0
	}
	return n
}

func numbered(path string, n int) string {
	if n <= 1 {
		return path
	}
	return path + "?page=" + strconv.Itoa(n)
}

func reverse[T any](list []T) {
	for i, j := 0, len(list)-1; i < j; i, j = i+1, j-1 {
		list[i], list[j] = list[j], list[i]
	}
}
