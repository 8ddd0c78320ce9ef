package topics

import (
	"context"
	"strings"

	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/id"
)

const columns = `t.rootid, t.channelid, t.title, t.creatorid, t.createat, t.updateat, t.resolvedat, t.resolvedby,
	coalesce(h.replycount, 0), coalesce(h.lastreplyat, 0)`

// from leaves out topics whose thread was deleted.
const from = ` FROM parley_topics t JOIN posts p ON p.id = t.rootid AND p.deleteat = 0 LEFT JOIN threads h ON h.postid = t.rootid `

func scan(r db.Row) (*Topic, error) {
	x := &Topic{}
	return x, r.Scan(&x.RootID, &x.ChannelID, &x.Title, &x.CreatorID, &x.CreateAt, &x.UpdateAt, &x.ResolvedAt, &x.ResolvedBy, &x.ReplyCount, &x.LastReplyAt)
}

// put keeps a title and reports whether the thread had none.
func put(ctx context.Context, d *db.DB, x *Topic) (made bool, err error) {
	err = d.Tx(ctx, func(tx *db.Tx) error {
		n, err := tx.Exec(ctx, `INSERT INTO parley_topics (rootid, channelid, title, creatorid, createat, updateat, resolvedat, resolvedby)
			VALUES ($1, $2, $3, $4, $5, $5, 0, '') ON CONFLICT (rootid) DO NOTHING`, x.RootID, x.ChannelID, x.Title, x.CreatorID, x.CreateAt)
		if made = n > 0; err != nil || made {
			return err
		}
		_, err = tx.Exec(ctx, `UPDATE parley_topics SET title = $2, updateat = greatest(updateat + 1, $3) WHERE rootid = $1`, x.RootID, x.Title, x.CreateAt)
		return err
	})
	return made, err
}

func setResolved(ctx context.Context, d *db.DB, rootID, userID string, resolved bool) error {
	at := int64(0)
	if resolved {
		at = id.Now()
	} else {
		userID = ""
	}
	n, err := d.Exec(ctx, `UPDATE parley_topics SET resolvedat = $2, resolvedby = $3, updateat = greatest(updateat + 1, $4) WHERE rootid = $1`,
		rootID, at, userID, id.Now())
	if err == nil && n == 0 {
		err = errNone
	}
	return err
}

// ask is which topics of a channel are listed.
type ask struct {
	channelID, state, term string
	limit, offset          int
}

// list returns topics, those with the latest activity first.
func list(ctx context.Context, d *db.DB, a ask) ([]*Topic, error) {
	cond := map[string]string{"open": ` AND t.resolvedat = 0`, "resolved": ` AND t.resolvedat > 0`}[a.state]
	term := "%" + strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(strings.ToLower(a.term)) + "%"
	return db.List(ctx, d, scan, `SELECT `+columns+from+`WHERE t.channelid = $1`+cond+` AND lower(t.title) LIKE $2 ESCAPE '\'
		ORDER BY greatest(coalesce(h.lastreplyat, 0), t.createat) DESC, t.rootid LIMIT $3 OFFSET $4`, a.channelID, term, a.limit, a.offset)
}

func (t *Topics) setFollowing(ctx context.Context, channelID, userID string, on bool) error {
	sql := `DELETE FROM parley_topic_followers WHERE channelid = $1 AND userid = $2`
	if on {
		sql = `INSERT INTO parley_topic_followers (channelid, userid) VALUES ($1, $2) ON CONFLICT (channelid, userid) DO NOTHING`
	}
	_, err := t.db.Exec(ctx, sql, channelID, userID)
	return err
}

func (t *Topics) following(ctx context.Context, channelID, userID string) (bool, error) {
	n, err := db.Value[int64](ctx, t.db, `SELECT count(*) FROM parley_topic_followers WHERE channelid = $1 AND userid = $2`, channelID, userID)
	return n > 0, err
}

// followers are those who are still in the channel.
func followers(ctx context.Context, d *db.DB, channelID string) ([]string, error) {
	return db.List(ctx, d, db.One[string], `SELECT f.userid FROM parley_topic_followers f
		JOIN channelmembers m ON m.channelid = f.channelid AND m.userid = f.userid
		WHERE f.channelid = $1 ORDER BY f.userid LIMIT $2`, channelID, followersMost)
}
