package ircgate

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/model"
)

// historyMost is how many messages one command may ask for.
const historyMost = 100

// replay writes the last messages of a channel that the client has just entered.
func (c *conn) replay(ctx context.Context, r *room, n int) {
	list, err := c.page(ctx, r.id, "", "", n)
	if err == nil && len(list) > 0 {
		c.playback(ctx, r, r.name, list)
	}
}

// playback writes messages as history: as a batch to clients that know batches.
func (c *conn) playback(ctx context.Context, r *room, target string, list []*model.Post) {
	how := manner{old: true}
	if c.caps["batch"] {
		how.batch = c.reference()
		c.send(nil, c.g.serverName(), "BATCH", "+"+how.batch, "chathistory", target)
	}
	ids := make([]string, len(list))
	for i, p := range list {
		ids[i] = p.UserID
	}
	c.learn(ctx, ids)
	for _, p := range list {
		if c.answer == nil && c.out.await(ctx) != nil {
			return
		}
		c.tell(ctx, p, r, how)
	}
	if how.batch != "" {
		c.send(nil, c.g.serverName(), "BATCH", "-"+how.batch)
	}
}

// pagesMost bounds how many pages are read for one answer when most of a channel is news of joining
// and leaving, which isn't shown.
const pagesMost = 5

// page reads n posts of a channel that can be shown, in the order of time: the newest, or those
// before or after the one named. Fewer mean that there are no more, as far as pagesMost pages tell.
func (c *conn) page(ctx context.Context, channelID, before, after string, n int) (out []*model.Post, err error) {
	for turn := 0; turn < pagesMost && len(out) < n; turn++ {
		list, err := c.fetch(ctx, channelID, before, after, max(n, 30))
		if err != nil || len(list) == 0 {
			return out, err
		}
		kept := slices.DeleteFunc(slices.Clone(list), func(p *model.Post) bool { return silent[p.Type] })
		if after != "" {
			out, after = append(out, kept...), list[len(list)-1].ID
		} else {
			out, before = append(kept, out...), list[0].ID
		}
		if len(list) < max(n, 30) {
			break
		}
	}
	if len(out) > max(n, 0) && after != "" {
		return out[:max(n, 0)], nil
	}
	return out[max(0, len(out)-max(n, 0)):], nil
}

// fetch reads one page of the API.
func (c *conn) fetch(ctx context.Context, channelID, before, after string, n int) ([]*model.Post, error) {
	var list model.PostList
	path := "/channels/" + channelID + "/posts?page=0&skipFetchThreads=true&per_page=" + number(min(n, 200))
	if before != "" {
		path += "&before=" + before
	} else if after != "" {
		path += "&after=" + after
	}
	if err := c.session.api.call(ctx, http.MethodGet, path, nil, &list); err != nil {
		return nil, err
	}
	var out []*model.Post
	for _, v := range list.Order {
		if p := list.Posts[v]; p != nil && p.DeleteAt == 0 {
			out = append(out, p)
		}
	}
	slices.SortStableFunc(out, func(a, b *model.Post) int {
		return cmp.Or(cmp.Compare(a.CreateAt, b.CreateAt), strings.Compare(a.ID, b.ID))
	})
	return out, nil
}

// point is a place in a channel's history: a message, or a time.
type point struct {
	id   string // "" for a time
	at   int64
	open bool // *: no bound
}

var errPoint = errors.New("ircgate: not a place in the history")

// pointOf reads a selector: timestamp=…, msgid=… or, where it may be, *.
func (c *conn) pointOf(ctx context.Context, channelID, s string) (point, error) {
	if s == "*" {
		return point{open: true}, nil
	}
	if at, ok := timestamp(s); ok {
		return point{at: at}, nil
	}
	msgid, ok := strings.CutPrefix(s, "msgid=")
	if !ok || channelID == "" {
		return point{}, errPoint
	}
	p, err := c.visible(ctx, msgid, channelID)
	if err != nil {
		return point{}, err
	}
	return point{id: p.ID, at: p.CreateAt}, nil
}

func timestamp(s string) (int64, bool) {
	text, ok := strings.CutPrefix(s, "timestamp=")
	if !ok {
		return 0, false
	}
	t, err := time.Parse("2006-01-02T15:04:05.999Z07:00", text)
	if err != nil || t.Year() < 1970 || t.Year() > 9999 {
		return 0, false
	}
	return t.UnixMilli(), true
}

// before are up to n messages before a point, the newest of them; after are those after it, the
// oldest of them. The posts themselves come from the API: here only the one next to a time is found.
func (c *conn) before(ctx context.Context, channelID string, p point, n int) ([]*model.Post, error) {
	if p.open {
		return c.page(ctx, channelID, "", "", n)
	}
	if p.id == "" {
		v, err := c.g.nextTo(ctx, `SELECT id FROM posts WHERE channelid = $1 AND deleteat = 0 AND createat >= $2 ORDER BY createat, id LIMIT 1`, channelID, p.at)
		if err != nil {
			return nil, err
		}
		if v == "" {
			return c.page(ctx, channelID, "", "", n)
		}
		p.id = v
	}
	return c.page(ctx, channelID, p.id, "", n)
}

func (c *conn) after(ctx context.Context, channelID string, p point, n int) ([]*model.Post, error) {
	if p.id == "" {
		v, err := c.g.nextTo(ctx, `SELECT id FROM posts WHERE channelid = $1 AND deleteat = 0 AND createat <= $2 ORDER BY createat DESC, id DESC LIMIT 1`, channelID, p.at)
		if err != nil {
			return nil, err
		}
		if v == "" { // from the beginning
			first, err := c.g.nextTo(ctx, `SELECT id FROM posts WHERE channelid = $1 AND deleteat = 0 AND createat >= $2 ORDER BY createat, id LIMIT 1`, channelID, 0)
			if err != nil || first == "" || n <= 0 {
				return nil, err
			}
			one, err := c.visible(ctx, first, channelID)
			if err != nil {
				return nil, err
			}
			rest, err := c.page(ctx, channelID, "", first, n-1)
			return append([]*model.Post{one}, rest...), err
		}
		p.id = v
	}
	return c.page(ctx, channelID, "", p.id, n)
}

// nextTo finds a post by its time; "" for none. Only of channels that the account is in, whose posts
// it then reads by the API.
func (g *Gate) nextTo(ctx context.Context, query, channelID string, at int64) (string, error) {
	v, err := db.Value[string](ctx, g.db, query, channelID, at)
	if errors.Is(err, db.ErrNotFound) {
		return "", nil
	}
	return v, err
}

// history answers CHATHISTORY, after https://ircv3.net/specs/extensions/chathistory.
func (c *conn) history(ctx context.Context, m *message) {
	sub := strings.ToUpper(m.param(0))
	need := map[string]int{"LATEST": 4, "BEFORE": 4, "AFTER": 4, "AROUND": 4, "BETWEEN": 5, "TARGETS": 4}[sub]
	switch {
	case need == 0:
		c.fail("CHATHISTORY", "INVALID_PARAMS", "Unknown subcommand", word(m.param(0)))
		return
	case len(m.params) < need:
		c.fail("CHATHISTORY", "NEED_MORE_PARAMS", "Missing parameters", sub)
		return
	}
	limit, err := strconv.Atoi(m.param(need - 1))
	if err != nil || limit < 1 {
		c.fail("CHATHISTORY", "INVALID_PARAMS", "Invalid limit", sub)
		return
	}
	limit = min(limit, historyMost)
	if sub == "TARGETS" {
		c.historyTargets(ctx, m, limit)
		return
	}
	target := m.param(1)
	r := c.conversation(ctx, target)
	if r == nil {
		if !isChannel(target) && c.byNick(ctx, target) != nil { // nothing was written yet
			c.playback(ctx, nil, target, nil)
			return
		}
		c.fail("CHATHISTORY", "INVALID_TARGET", "Messages could not be retrieved", sub, target)
		return
	}
	list, err := c.historyOf(ctx, sub, r.id, m, limit)
	switch {
	case errors.Is(err, errPoint) || hidden(err):
		c.fail("CHATHISTORY", "INVALID_PARAMS", "Invalid message id or timestamp", sub, target)
	case err != nil:
		c.fail("CHATHISTORY", "MESSAGE_ERROR", "Messages could not be retrieved", sub, target)
	default:
		c.playback(ctx, r, r.name, list)
	}
}

func (c *conn) historyOf(ctx context.Context, sub, channelID string, m *message, limit int) ([]*model.Post, error) {
	from, err := c.pointOf(ctx, channelID, m.param(2))
	if err != nil || from.open && sub != "LATEST" {
		return nil, errors.Join(err, errPoint)
	}
	switch sub {
	case "LATEST":
		list, err := c.page(ctx, channelID, "", "", limit)
		return between(list, from.at, 1<<62, from.open), err
	case "BEFORE":
		return c.before(ctx, channelID, from, limit)
	case "AFTER":
		return c.after(ctx, channelID, from, limit)
	case "AROUND":
		return c.around(ctx, channelID, from, limit)
	}
	to, err := c.pointOf(ctx, channelID, m.param(3))
	if err != nil || to.open {
		return nil, errors.Join(err, errPoint)
	}
	if from.at <= to.at {
		list, err := c.after(ctx, channelID, from, limit)
		return between(list, from.at, to.at, false), err
	}
	list, err := c.before(ctx, channelID, from, limit)
	return between(list, to.at, from.at, false), err
}

// around are messages on either side of a point, and the one that it is.
func (c *conn) around(ctx context.Context, channelID string, p point, limit int) ([]*model.Post, error) {
	older, err := c.before(ctx, channelID, p, limit/2)
	if err != nil {
		return nil, err
	}
	if p.id != "" {
		self, err := c.visible(ctx, p.id, channelID)
		if err != nil {
			return nil, err
		}
		older = append(older, self)
	} else {
		p.at-- // a message of that very moment is one after it
	}
	newer, err := c.after(ctx, channelID, p, limit-len(older))
	return append(older, newer...), err
}

// between leaves the messages between two times, both excluded.
func between(list []*model.Post, from, to int64, all bool) []*model.Post {
	return slices.DeleteFunc(list, func(p *model.Post) bool { return !all && (p.CreateAt <= from || p.CreateAt >= to) })
}

// historyTargets lists where something was written last between two times.
func (c *conn) historyTargets(ctx context.Context, m *message, limit int) {
	a, okA := timestamp(m.param(1))
	b, okB := timestamp(m.param(2))
	if !okA || !okB {
		c.fail("CHATHISTORY", "INVALID_PARAMS", "Invalid timestamp", "TARGETS")
		return
	}
	if _, _, err := c.loadRooms(ctx); err != nil {
		c.fail("CHATHISTORY", "MESSAGE_ERROR", "Targets could not be retrieved", "TARGETS")
		return
	}
	list := slices.DeleteFunc(c.sorted(), func(r *room) bool { return r.lastAt <= min(a, b) || r.lastAt >= max(a, b) })
	slices.SortFunc(list, func(x, y *room) int { return cmp.Compare(x.lastAt, y.lastAt) })
	if a > b {
		slices.Reverse(list)
	}
	list = list[:min(limit, len(list))]
	tags := map[string]string{}
	ref := c.reference()
	if c.caps["batch"] {
		c.send(nil, c.g.serverName(), "BATCH", "+"+ref, "draft/chathistory-targets")
		tags["batch"] = ref
	}
	for _, r := range list {
		c.send(tags, c.g.serverName(), "CHATHISTORY", "TARGETS", r.name, stamp(r.lastAt))
	}
	if c.caps["batch"] {
		c.send(nil, c.g.serverName(), "BATCH", "-"+ref)
	}
}
