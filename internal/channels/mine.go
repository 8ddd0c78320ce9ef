package channels

import (
	"context"
	"strconv"

	lru "github.com/hashicorp/golang-lru/v2"
	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/api"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/model"
)

// shelf remembers channels, to spare reading all their columns again. Nobody
// has to tell it of changes: updateat grows with every change but that of the
// counters, so a row that was read with the same updateat differs in these alone.
type shelf struct {
	known *lru.Cache[string, *model.Channel]
}

// channelsKept bounds the shelf; a channel takes some 500 bytes and its texts.
const channelsKept = 20_000

func newShelf() shelf {
	known, err := lru.New[string, *model.Channel](channelsKept)
	if err != nil {
		panic(err) // only for a size below one
	}
	return shelf{known}
}

// counted is what of a channel's row changes with every message.
type counted struct {
	id                               string
	updateAt                         int64
	lastPostAt, lastRootPostAt       int64
	totalMsgCount, totalMsgCountRoot int64
}

const countedColumns = `c.id, coalesce(c.updateat,0), coalesce(c.lastpostat,0), coalesce(c.lastrootpostat,0), coalesce(c.totalmsgcount,0), coalesce(c.totalmsgcountroot,0)`

func scanCounted(r db.Row) (*counted, error) {
	x := &counted{}
	return x, r.Scan(&x.id, &x.updateAt, &x.lastPostAt, &x.lastRootPostAt, &x.totalMsgCount, &x.totalMsgCountRoot)
}

// find returns the channel of a row as far as it is on the shelf, nil otherwise.
func (s shelf) find(x *counted) *model.Channel {
	ch, ok := s.known.Get(x.id)
	if !ok || ch.UpdateAt != x.updateAt {
		return nil
	}
	return ch
}

// encode returns the channels of rows as a JSON list. Those that are not on the
// shelf cost one statement together.
func (c *Channels) encode(ctx context.Context, rows []*counted) (encoded, error) {
	found := make([]*model.Channel, len(rows))
	var missing []string
	for i, x := range rows {
		if found[i] = c.shelf.find(x); found[i] == nil {
			missing = append(missing, x.id)
		}
	}
	fresh := map[string]*model.Channel{}
	if len(missing) > 0 {
		list, err := c.list(ctx, "WHERE c.id = ANY($1) LIMIT $2", missing, len(missing))
		if err != nil {
			return nil, err
		}
		for _, ch := range list {
			fresh[ch.ID] = ch
			c.shelf.known.Add(ch.ID, ch)
		}
	}
	body := append(make(encoded, 0, 2+640*len(rows)), '[')
	for i, x := range rows {
		known := found[i]
		if known == nil {
			known = fresh[x.id]
		}
		if known == nil {
			continue // deleted meanwhile
		}
		if len(body) > 1 {
			body = append(body, ',')
		}
		ch := *known
		ch.LastPostAt, ch.LastRootPostAt = x.lastPostAt, x.lastRootPostAt
		ch.TotalMsgCount, ch.TotalMsgCountRoot = x.totalMsgCount, x.totalMsgCountRoot
		body = ch.AppendJSON(body)
	}
	return append(body, ']'), nil
}

type mineIn struct {
	UserID         string `path:"user_id"`
	TeamID         string `path:"team_id"`
	IncludeDeleted bool   `query:"include_deleted"`
	LastDeleteAt   int64  `query:"last_delete_at"`
}

// getMine lists the channels of somebody in a team, with their conversations,
// which are in every team. Clients ask for it whenever they start.
func (c *Channels) getMine(ctx context.Context, v access.Viewer, in mineIn) (api.Tagged[access.Answer], error) {
	var none api.Tagged[access.Answer]
	if err := v.NeedUser(ctx, in.UserID); err != nil {
		return none, err
	}
	if err := v.NeedTeam(ctx, in.TeamID, access.PermViewTeam); err != nil {
		return none, err
	}
	key := access.AnswerKey{What: "channels", User: in.UserID, Of: in.TeamID}
	if in.IncludeDeleted {
		key.Of += "," + strconv.FormatInt(in.LastDeleteAt, 36)
	}
	answer, err := c.acc.Answers.Get(key, func() (any, []access.Fact, error) { return c.loadMine(ctx, in) })
	return api.Tagged[access.Answer]{Etag: answer.Etag, Value: answer}, err
}

func (c *Channels) loadMine(ctx context.Context, in mineIn) (any, []access.Fact, error) {
	rows, err := db.List(ctx, c.db, scanCounted, "SELECT "+countedColumns+` FROM channelmembers cm JOIN channels c ON c.id = cm.channelid
		WHERE cm.userid = $1 AND (c.teamid = $2 OR c.teamid = '') AND `+alive(3)+` ORDER BY c.displayname, c.id LIMIT $5`,
		in.UserID, in.TeamID, in.IncludeDeleted, in.LastDeleteAt, mostMine)
	if err != nil {
		return nil, nil, err
	}
	if len(rows) == 0 {
		return nil, nil, fault.NotFound("app.channel.get_channels.not_found.app_error")
	}
	from := make([]access.Fact, 0, 1+2*len(rows))
	from = append(from, access.UserFact(in.UserID))
	for _, x := range rows {
		from = append(from, access.ChannelFact(x.id), access.CountFact(x.id))
	}
	body, err := c.encode(ctx, rows)
	return body, from, err
}

// encoded is an answer that is JSON already.
type encoded []byte

// AppendJSON appends the text.
func (e encoded) AppendJSON(dst []byte) []byte { return append(dst, e...) }
