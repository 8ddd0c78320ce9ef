package webpublic

import (
	"context"
	"encoding/json"
	"hash/fnv"
	"html/template"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/files"
	"github.com/parley-chat/parley/internal/model"
)

// message is a post as a page shows it.
type message struct {
	ID, Author, Initial string
	Hue                 int // of the author's circle, 0 to 7
	ISO, When           string
	Edited, Me          bool
	Plain               string // the text in one line
	HTML                template.HTML
	Cards               []card
	Files               []attachment
	Reactions           []reaction
	Replies             int64
	Link                string
}

// card is an attachment that an integration wrote.
type card struct {
	Title, Link string
	HTML        template.HTML
	Fields      []struct {
		Title string
		HTML  template.HTML
	}
}

type attachment struct {
	Name, Size, Link, Picture string
	Width, Height             int
}

type reaction struct {
	Emoji template.HTML
	Name  string
	N     int64
}

// compose makes messages of posts: with names, files and reactions.
func (w *WebPublic) compose(ctx context.Context, v *view, pl *place, list []*entry) ([]*message, error) {
	ids := make([]string, len(list))
	for i, e := range list {
		ids[i] = e.ID
	}
	if len(ids) == 0 {
		return nil, nil
	}
	attached, err := w.attached(ctx, ids)
	if err != nil {
		return nil, err
	}
	tallies, err := w.reactions(ctx, ids)
	if err != nil {
		return nil, err
	}
	d, err := w.drawer(ctx, v, list, tallies)
	if err != nil {
		return nil, err
	}
	out := make([]*message, len(list))
	for i, e := range list {
		m := w.message(d, v, pl, e)
		for _, f := range attached[e.ID] {
			m.Files = append(m.Files, attachmentOf(pl, f))
		}
		for _, t := range tallies {
			if t.postID == e.ID {
				r := reaction{Emoji: d.emoji(t.name), Name: t.name, N: t.n}
				if r.Emoji == "" {
					r.Emoji = template.HTML(template.HTMLEscapeString(":" + t.name + ":")) //nolint:gosec // escaped
				}
				m.Reactions = append(m.Reactions, r)
			}
		}
		out[i] = m
	}
	return out, nil
}

// drawer looks up at once what the texts of a page name.
func (w *WebPublic) drawer(ctx context.Context, v *view, list []*entry, tallies []tally) (*drawer, error) {
	var names, emojis []string
	for _, e := range list {
		text := e.Message
		if raw, err := json.Marshal(e.Props[model.PostPropAttachments]); err == nil {
			text += " " + string(raw)
		}
		for _, m := range mention.FindAllStringSubmatch(text, 100) {
			name := strings.ToLower(m[2])
			names = append(names, name, strings.TrimRight(name, ".-_"))
		}
		for _, m := range shortName.FindAllStringSubmatch(text, 100) {
			emojis = append(emojis, m[1])
		}
	}
	for _, t := range tallies {
		emojis = append(emojis, t.name)
	}
	slices.Sort(names)
	slices.Sort(emojis)
	emojis = slices.DeleteFunc(slices.Compact(emojis), func(n string) bool { return emojiChars()[n] != "" })
	d := &drawer{somebody: strings.ReplaceAll(v.T("somebody"), " ", "\u00a0")}
	var err error
	if d.unnamed, err = w.unnamed(ctx, slices.Compact(names)); err != nil {
		return nil, err
	}
	d.pictures, err = w.pictures(ctx, emojis)
	return d, err
}

func (w *WebPublic) message(d *drawer, v *view, pl *place, e *entry) *message {
	at := time.UnixMilli(e.CreateAt).UTC()
	m := &message{ID: e.ID, Author: w.author(v, e), ISO: at.Format(time.RFC3339), When: v.moment(at), Edited: e.EditAt > 0,
		Me: e.Type == model.PostTypeMe, Plain: plain(d.words(e.Message), 200), HTML: d.html(e.Message), Replies: e.replies, Link: pl.Path() + "/p/" + e.ID}
	if m.Author != "" {
		for _, r := range m.Author {
			m.Initial = string(unicode.ToUpper(r))
			break
		}
	}
	sum := fnv.New32a()
	_, _ = sum.Write([]byte(m.Author))
	m.Hue = int(sum.Sum32() % 8)
	m.Cards = d.cards(e.Post)
	return m
}

// author is how who wrote a post is called here.
func (w *WebPublic) author(v *view, e *entry) string {
	set := w.cfg.Get()
	if name, _ := e.Props[model.PostPropOverrideUsername].(string); name != "" && e.Props[model.PostPropFromWebhook] == "true" &&
		set.ServiceSettings.EnablePostUsernameOverride {
		return name
	}
	if e.hidden || e.username == "" {
		return v.T("somebody")
	}
	if set.WebPublicSettings.NameDisplay == "full_name" {
		if e.nickname != "" {
			return e.nickname
		}
		if full := strings.TrimSpace(e.firstName + " " + e.lastName); full != "" && set.PrivacySettings.ShowFullName {
			return full
		}
	}
	return e.username
}

// cards are the attachments of an integration's post.
func (d *drawer) cards(post *model.Post) (out []card) {
	raw, err := json.Marshal(post.Props[model.PostPropAttachments])
	var list []*model.MessageAttachment
	if err != nil || json.Unmarshal(raw, &list) != nil {
		return nil
	}
	for _, a := range list[:min(len(list), 20)] {
		if a == nil {
			continue
		}
		c := card{Title: a.Title, Link: outside(a.TitleLink), HTML: d.html(strings.Trim(a.Pretext+"\n\n"+a.Text, "\n"))}
		for _, f := range a.Fields[:min(len(a.Fields), 20)] {
			if f == nil {
				continue
			}
			text, ok := f.Value.(string)
			if n, isNumber := f.Value.(float64); !ok && isNumber {
				text = strconv.FormatFloat(n, 'f', -1, 64)
			}
			c.Fields = append(c.Fields, struct {
				Title string
				HTML  template.HTML
			}{f.Title, d.html(text)})
		}
		if c.Title == "" && c.HTML == "" && len(c.Fields) == 0 {
			c.HTML = d.html(a.Fallback)
		}
		out = append(out, c)
	}
	return out
}

// outside is an address of the web, or "".
func outside(to string) string {
	u, err := url.Parse(to)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return ""
	}
	return u.String()
}

func attachmentOf(pl *place, f *model.FileInfo) attachment {
	a := attachment{Name: f.Name, Size: sizeOf(f.Size), Link: pl.Path() + "/f/" + f.ID}
	if f.HasPreviewImage && f.Width > 0 && f.Height > 0 {
		a.Picture = a.Link + "/" + files.Preview
		scale := min(1, 480/float64(f.Width), 320/float64(f.Height))
		a.Width, a.Height = max(int(float64(f.Width)*scale), 1), max(int(float64(f.Height)*scale), 1)
	}
	return a
}

func sizeOf(n int64) string {
	units := []string{"B", "kB", "MB", "GB"}
	i, f := 0, float64(n)
	for ; f >= 1000 && i < len(units)-1; i++ {
		f /= 1000
	}
	return strconv.FormatFloat(f, 'f', map[bool]int{true: 1, false: 0}[f < 10 && i > 0], 64) + "\u00a0" + units[i]
}

// moment is a time as a page writes it; a script shows it in the reader's zone.
func (v *view) moment(at time.Time) string {
	return strconv.Itoa(at.Day()) + " " + v.monthName(at) + at.Format(" 15:04 UTC")
}

func (v *view) monthName(at time.Time) string {
	names := strings.Fields(v.T("months"))
	return names[(int(at.Month())-1)%len(names)] + " " + strconv.Itoa(at.Year())
}

// month is one in which something was written.
type month struct{ Key, Name, Link string }

// monthsMost bounds the list of months: twenty years.
const monthsMost = 240

// months finds them by jumping from one to the next, an index look-up each.
func (w *WebPublic) months(ctx context.Context, v *view, pl *place) (out []month, err error) {
	from := int64(0)
	for len(out) < monthsMost {
		first, err := w.firstAt(ctx, pl, from)
		if err != nil || first == 0 {
			return out, err
		}
		at := time.UnixMilli(first).UTC()
		start := time.Date(at.Year(), at.Month(), 1, 0, 0, 0, 0, time.UTC)
		key := start.Format("2006-01")
		out = append(out, month{Key: key, Name: v.monthName(start), Link: pl.Path() + "/" + key})
		from = start.AddDate(0, 1, 0).UnixMilli()
	}
	return out, nil
}

// monthOf is the page of a month on which a post stands.
func (w *WebPublic) monthOf(ctx context.Context, pl *place, e *entry) (string, error) {
	at := time.UnixMilli(e.CreateAt).UTC()
	start := time.Date(at.Year(), at.Month(), 1, 0, 0, 0, 0, time.UTC)
	before, err := db.Value[int64](ctx, w.db, `SELECT count(*) FROM posts p WHERE`+shownFrom("p")+roots+` AND p.createat <= $4 AND (p.createat < $4 OR p.createat = $4 AND p.id < $5)`,
		pl.ChannelID, pl.Since, start.UnixMilli(), e.CreateAt, e.ID)
	return numbered(pl.Path()+"/"+start.Format("2006-01"), int(before)/monthMost+1), err
}

// file answers with a file of a post that is shown now.
func (w *WebPublic) file(rw http.ResponseWriter, r *http.Request, _ *view) error {
	pl, err := w.place(r.Context(), r.PathValue("team_name"), r.PathValue("channel_name"))
	if err != nil {
		return err
	}
	size := r.PathValue("variant")
	if ok, err := w.mayHave(r.Context(), pl, r.PathValue("file_id")); err != nil || !ok || size != files.Whole && size != files.Preview && size != files.Thumbnail {
		if err == nil {
			err = errNone
		}
		return err
	}
	reply, err := w.files.Deliver(r.Context(), r.PathValue("file_id"), size)
	if err != nil {
		return err
	}
	for name, values := range reply.Header {
		rw.Header()[name] = values
	}
	rw.Header().Set("Cache-Control", cacheShort)
	reply.Serve(rw, r)
	return nil
}

// picture answers with the picture of a custom emoji.
func (w *WebPublic) picture(rw http.ResponseWriter, r *http.Request, _ *view) error {
	reply, err := w.emoji.Picture(r.Context(), r.PathValue("emoji_id"))
	if err != nil {
		return err
	}
	for name, values := range reply.Header {
		rw.Header()[name] = values
	}
	rw.Header().Set("Cache-Control", "public, max-age=86400")
	_, err = rw.Write(reply.Body)
	return err
}

var partTypes = map[string]string{".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8"}

// part answers with the style sheet or the script of the pages.
func (w *WebPublic) part(rw http.ResponseWriter, r *http.Request, _ *view) error {
	name := r.PathValue("part")
	body, err := parts.ReadFile(name)
	kind := partTypes[path.Ext(name)]
	if err != nil || kind == "" {
		return errNone
	}
	rw.Header().Set("Cache-Control", "public, max-age=300")
	return sendTagged(rw, r, kind, body)
}
