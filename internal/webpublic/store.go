package webpublic

import (
	"context"
	"strings"

	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/posts"
)

// place is a channel that is on the web now.
type place struct {
	ChannelID, Channel, Title, Header, Purpose string
	Team, TeamTitle                            string
	Since, LastPostAt                          int64
}

const placesSQL = `SELECT c.id, c.name, coalesce(c.displayname,''), coalesce(c.header,''), coalesce(c.purpose,''),
	t.name, coalesce(t.displayname,''), w.since, coalesce(c.lastpostat,0)
	FROM parley_web_public w JOIN channels c ON c.id = w.channelid JOIN teams t ON t.id = c.teamid
	WHERE CAST(c.type AS text) = 'O' AND c.deleteat = 0 AND t.deleteat = 0`

func scanPlace(r db.Row) (*place, error) {
	p := &place{}
	return p, r.Scan(&p.ChannelID, &p.Channel, &p.Title, &p.Header, &p.Purpose, &p.Team, &p.TeamTitle, &p.Since, &p.LastPostAt)
}

// placesMost bounds the list of channels, and the sitemap.
const placesMost = 1000

// places are the channels of a team that are on the web; of all with "".
func (w *WebPublic) places(ctx context.Context, team string) ([]*place, error) {
	return db.List(ctx, w.db, scanPlace, placesSQL+` AND ($1 = '' OR t.name = $1) ORDER BY t.name, c.displayname, c.id LIMIT $2`, team, placesMost)
}

// place is one of them; db.ErrNotFound when it isn't, or isn't any more.
func (w *WebPublic) place(ctx context.Context, team, channel string) (*place, error) {
	return db.Get(ctx, w.db, scanPlace, placesSQL+` AND t.name = $1 AND c.name = $2`, team, channel)
}

// shown is what of a channel ($1, since $2) anybody may see, of posts by the
// name given, for lists by time: the index of the channel leads to them. What
// people and integrations write has one of three types.
func shown(p string) string {
	return strings.ReplaceAll(` p.channelid = $1 AND p.createat >= $2 AND p.deleteat = 0 AND p.originalid = ''`+looks, "p.", p+".")
}

// shownFrom is the same from a time ($3) on, by which the index is entered.
func shownFrom(p string) string {
	return strings.ReplaceAll(` p.channelid = $1 AND p.createat + 0 >= $2 AND p.createat >= $3 AND p.deleteat = 0 AND p.originalid = ''`+looks, "p.", p+".")
}

// isShown is the same of posts that are known by id or by thread. Its columns
// are hidden from the planner, which would otherwise go through the whole
// channel for each of them.
func isShown(p string) string {
	return strings.ReplaceAll(` p.channelid || '' = $1 AND p.createat + 0 >= $2 AND p.deleteat + 0 = 0 AND p.originalid || '' = ''`+looks, "p.", p+".")
}

// looks is written so that the planner's statistics of the column count.
const looks = ` AND (p.type IN ('','me','slack_attachment') OR p.type IS NULL)`

// roots leaves out the replies to what is shown; a reply to something that
// isn't stands by itself.
var roots = ` AND (p.rootid = '' OR NOT EXISTS (SELECT 1 FROM posts q WHERE q.id = p.rootid AND` + isShown("q") + `))`

// entry is a post as the store gives it.
type entry struct {
	*model.Post
	username, nickname, firstName, lastName string
	hidden                                  bool // its author isn't to be named
	replies, lastReply                      int64
}

// What belongs to each is looked up after the page has been cut.
var entryHead = `SELECT ` + posts.Columns + `, coalesce(u.username,''), coalesce(u.nickname,''), coalesce(u.firstname,''), coalesce(u.lastname,''),
	EXISTS (SELECT 1 FROM preferences h WHERE h.userid = p.userid AND h.category = '` + hideCategory + `' AND h.name = '` + hideName + `' AND h.value = 'true'),
	(SELECT count(*) FROM posts r WHERE r.rootid = p.id AND` + isShown("r") + `),
	(SELECT coalesce(max(r.createat),0) FROM posts r WHERE r.rootid = p.id AND` + isShown("r") + `)
	FROM (SELECT p.* FROM posts p WHERE`

// entriesSQL reads posts that meet a condition, in an order, so many.
func entriesSQL(condition, order, limit string) string {
	return entryHead + condition + order + limit + `) p LEFT JOIN users u ON u.id = p.userid` + order
}

const (
	newestFirst = ` ORDER BY p.createat DESC, p.id DESC`
	oldestFirst = ` ORDER BY p.createat, p.id`
)

func scanEntry(r db.Row) (*entry, error) {
	e := &entry{}
	var err error
	e.Post, err = posts.ScanPost(r, &e.username, &e.nickname, &e.firstName, &e.lastName, &e.hidden, &e.replies, &e.lastReply)
	return e, err
}

// latest reads the newest posts that are shown, further kept to by rest.
func (w *WebPublic) latest(ctx context.Context, pl *place, rest string, limit int) ([]*entry, error) {
	return db.List(ctx, w.db, scanEntry, entriesSQL(shown("p")+rest, newestFirst, ` LIMIT $3`), pl.ChannelID, pl.Since, limit)
}

// during reads the roots that were written in a span of time (Unix ms), oldest first.
func (w *WebPublic) during(ctx context.Context, pl *place, from, before int64, limit, offset int) ([]*entry, error) {
	return db.List(ctx, w.db, scanEntry, entriesSQL(shownFrom("p")+roots+` AND p.createat < $4`, oldestFirst, ` LIMIT $5 OFFSET $6`),
		pl.ChannelID, pl.Since, from, before, limit, offset)
}

// one is a post by its id, if it is shown; of, the replies of a thread.
func (w *WebPublic) one(ctx context.Context, pl *place, postID string) ([]*entry, error) {
	return db.List(ctx, w.db, scanEntry, entriesSQL(isShown("p")+` AND p.id = $3`, oldestFirst, ` LIMIT 1`), pl.ChannelID, pl.Since, postID)
}

func (w *WebPublic) of(ctx context.Context, pl *place, rootID string, limit, offset int) ([]*entry, error) {
	return db.List(ctx, w.db, scanEntry, entriesSQL(isShown("p")+` AND p.rootid = $3`, oldestFirst, ` LIMIT $4 OFFSET $5`),
		pl.ChannelID, pl.Since, rootID, limit, offset)
}

// firstAt is when the first post after a time (Unix ms) was written; 0 for none.
func (w *WebPublic) firstAt(ctx context.Context, pl *place, from int64) (int64, error) {
	list, err := db.List(ctx, w.db, db.One[int64], `SELECT p.createat FROM posts p WHERE`+shownFrom("p")+` ORDER BY p.createat LIMIT 1`,
		pl.ChannelID, pl.Since, from)
	if len(list) == 0 {
		return 0, err
	}
	return list[0], err
}

// lastChange is when anything in a place's channel changed last: a deletion
// counts, too (Unix ms).
func (w *WebPublic) lastChange(ctx context.Context, pl *place) (int64, error) {
	return db.Value[int64](ctx, w.db, `SELECT coalesce(max(updateat),0) FROM posts WHERE channelid = $1`, pl.ChannelID)
}

// attached are the files of posts.
func (w *WebPublic) attached(ctx context.Context, postIDs []string) (map[string][]*model.FileInfo, error) {
	out := map[string][]*model.FileInfo{}
	list, err := db.List(ctx, w.db, func(r db.Row) (*model.FileInfo, error) {
		f := &model.FileInfo{}
		return f, r.Scan(&f.ID, &f.PostID, &f.Name, &f.Extension, &f.Size, &f.MimeType, &f.Width, &f.Height, &f.HasPreviewImage)
	}, `SELECT f.id, f.postid, coalesce(f.name,''), coalesce(f.extension,''), coalesce(f.size,0), coalesce(f.mimetype,''), coalesce(f.width,0), coalesce(f.height,0),
		coalesce(f.haspreviewimage,false) FROM fileinfo f WHERE f.postid = ANY($1) AND f.deleteat = 0 ORDER BY f.createat, f.id LIMIT $2`,
		postIDs, len(postIDs)*model.PostFilesMax)
	for _, f := range list {
		out[f.PostID] = append(out[f.PostID], f)
	}
	return out, err
}

// mayHave reports whether a file belongs to a post that is shown now.
func (w *WebPublic) mayHave(ctx context.Context, pl *place, fileID string) (bool, error) {
	n, err := db.Value[int64](ctx, w.db, `SELECT count(*) FROM fileinfo f JOIN posts p ON p.id = f.postid WHERE`+isShown("p")+` AND f.id = $3 AND f.deleteat = 0`,
		pl.ChannelID, pl.Since, fileID)
	return n > 0, err
}

// tally is how often an emoji was put to a post.
type tally struct {
	postID, name string
	n            int64
}

func (w *WebPublic) reactions(ctx context.Context, postIDs []string) ([]tally, error) {
	return db.List(ctx, w.db, func(r db.Row) (t tally, err error) {
		err = r.Scan(&t.postID, &t.name, &t.n)
		return t, err
	}, `SELECT postid, emojiname, count(*) FROM reactions WHERE postid = ANY($1) AND coalesce(deleteat,0) = 0
		GROUP BY postid, emojiname ORDER BY postid, min(createat), emojiname LIMIT $2`, postIDs, len(postIDs)*50)
}

// pictures are the ids of custom emojis by name.
func (w *WebPublic) pictures(ctx context.Context, names []string) (map[string]string, error) {
	out := map[string]string{}
	if len(names) == 0 || !w.cfg.Get().ServiceSettings.EnableCustomEmoji {
		return out, nil
	}
	type row struct{ id, name string }
	list, err := db.List(ctx, w.db, func(r db.Row) (x row, err error) {
		err = r.Scan(&x.id, &x.name)
		return x, err
	}, `SELECT id, name FROM emoji WHERE name = ANY($1) AND deleteat = 0 LIMIT $2`, names, len(names))
	for _, x := range list {
		out[x.name] = x.id
	}
	return out, err
}

// unnamed are those of usernames who don't want to be named.
func (w *WebPublic) unnamed(ctx context.Context, usernames []string) (map[string]bool, error) {
	out := map[string]bool{}
	if len(usernames) == 0 {
		return out, nil
	}
	list, err := db.List(ctx, w.db, db.One[string], `SELECT u.username FROM users u JOIN preferences h ON h.userid = u.id
		WHERE u.username = ANY($1) AND h.category = '`+hideCategory+`' AND h.name = '`+hideName+`' AND h.value = 'true' LIMIT $2`, usernames, len(usernames))
	for _, name := range list {
		out[name] = true
	}
	return out, err
}
