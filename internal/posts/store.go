package posts

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"

	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/model"
)

// columns are those of a post, of the table called p.
const columns = `p.id, coalesce(p.createat,0), coalesce(p.updateat,0), coalesce(p.editat,0), coalesce(p.deleteat,0),
	coalesce(p.ispinned,false), coalesce(p.userid,''), coalesce(p.channelid,''), coalesce(p.rootid,''), coalesce(p.originalid,''),
	coalesce(p.message,''), coalesce(p.type,''), p.props, coalesce(p.hashtags,''), p.fileids, coalesce(p.hasreactions,false), p.remoteid`

// replyCount is the column that counts the replies of a post's thread.
const replyCount = `(SELECT count(*) FROM posts r WHERE r.rootid = CASE WHEN p.rootid = '' THEN p.id ELSE p.rootid END AND r.deleteat = 0)`

var noFiles = []string{}

// scanPost reads columns. Empty props stay nil, which is {} on the wire.
func scanPost(r db.Row) (*model.Post, error) { return scanMore(r) }

// scanCounted reads columns and replyCount.
func scanCounted(r db.Row) (*model.Post, error) {
	var n int64
	p, err := scanMore(r, &n)
	if p != nil {
		p.ReplyCount = n
	}
	return p, err
}

func scanMore(r db.Row, more ...any) (*model.Post, error) {
	p := &model.Post{}
	var props, files sql.RawBytes
	var remote sql.NullString
	dest := append([]any{&p.ID, &p.CreateAt, &p.UpdateAt, &p.EditAt, &p.DeleteAt, &p.IsPinned, &p.UserID, &p.ChannelID,
		&p.RootID, &p.OriginalID, &p.Message, &p.Type, &props, &p.Hashtags, &files, &p.HasReactions, &remote}, more...)
	if err := r.Scan(dest...); err != nil {
		return nil, err
	}
	if len(props) > 2 && string(props) != "null" {
		if err := json.Unmarshal(props, &p.Props); err != nil {
			return nil, err
		}
	}
	p.FileIDs = noFiles
	if len(files) > 2 {
		if err := json.Unmarshal(files, &p.FileIDs); err != nil {
			return nil, err
		}
	}
	if remote.Valid {
		p.RemoteID = &remote.String
	}
	return p, nil
}

var errNoPost = fault.NotFound("app.post.get.app_error")

// load returns a post with the number of replies of its thread; deleted ones
// only when asked for, and never former versions.
func (p *Posts) load(ctx context.Context, q db.Querier, postID string, deleted bool) (*model.Post, error) {
	post, err := db.Get(ctx, q, scanCounted, `SELECT `+columns+`, `+replyCount+` FROM posts p WHERE p.id = $1`, postID)
	if errors.Is(err, db.ErrNotFound) {
		return nil, errNoPost
	}
	if err != nil {
		return nil, err
	}
	if post.DeleteAt != 0 && (!deleted || post.OriginalID != "") {
		return nil, errNoPost
	}
	return post, nil
}

// list returns the posts of ids that exist and aren't deleted, newest first,
// each with the number of replies of its thread. The plus keeps SQLite from
// reading the index of all posts that aren't deleted.
func (p *Posts) list(ctx context.Context, q db.Querier, ids []string) ([]*model.Post, error) {
	return db.List(ctx, q, scanCounted, `SELECT `+columns+`, `+replyCount+` FROM posts p
		WHERE p.id = ANY($1) AND +p.deleteat = 0 ORDER BY p.createat DESC, p.id DESC LIMIT $2`, ids, len(ids))
}

// propsText and filesText are what the columns hold.
func propsText(props model.StringInterface) string {
	if len(props) == 0 {
		return "{}"
	}
	b, _ := props.MarshalJSON()
	return string(b)
}

func filesText(ids []string) string {
	if len(ids) == 0 {
		return "[]"
	}
	b, _ := json.Marshal(ids)
	return string(b)
}

// pgInsert is the insert of a batch as a table expression; its parameters are
// made by pgInsertValues. SQLite inserts row by row: it has no round trips.
const (
	pgInsertArgs = 16
	pgInsert     = `inserted AS (
	INSERT INTO posts (id, createat, updateat, editat, deleteat, ispinned, userid, channelid, rootid, originalid,
		message, type, props, hashtags, filenames, fileids, hasreactions, remoteid)
	SELECT id, createat, updateat, editat, 0, ispinned <> 0, userid, channelid, rootid, originalid,
		message, type, CAST(props AS jsonb), hashtags, filenames, fileids, false, nullif(remoteid, '-')
	FROM unnest(CAST($1 AS text[]), CAST($2 AS bigint[]), CAST($3 AS bigint[]), CAST($4 AS bigint[]), CAST($5 AS bigint[]),
		CAST($6 AS text[]), CAST($7 AS text[]), CAST($8 AS text[]), CAST($9 AS text[]), CAST($10 AS text[]), CAST($11 AS text[]),
		CAST($12 AS text[]), CAST($13 AS text[]), CAST($14 AS text[]), CAST($15 AS text[]), CAST($16 AS text[]))
		AS t(id, createat, updateat, editat, ispinned, userid, channelid, rootid, originalid, message, type, props, hashtags, filenames, fileids, remoteid))`
)

// noRemote stands for NULL in pgInsert, which a list of texts can't hold.
const noRemote = "-"

func pgInsertValues(batch []*Saving) []any {
	n := len(batch)
	texts := make([][]string, 11)
	for i := range texts {
		texts[i] = make([]string, n)
	}
	created, updated, edited, pinned := make([]int64, n), make([]int64, n), make([]int64, n), make([]int64, n)
	for i, s := range batch {
		p := s.Post
		created[i], updated[i], edited[i] = p.CreateAt, p.UpdateAt, p.EditAt
		if p.IsPinned {
			pinned[i] = 1
		}
		remote := noRemote
		if p.RemoteID != nil {
			remote = *p.RemoteID
		}
		for k, v := range [...]string{p.ID, p.UserID, p.ChannelID, p.RootID, p.OriginalID, s.stored(), p.Type,
			propsText(p.Props), p.Hashtags, filesText(p.FileIDs), remote} {
			texts[k][i] = v
		}
	}
	names := make([]string, n)
	for i := range names {
		names[i] = "[]"
	}
	return []any{texts[0], created, updated, edited, pinned, texts[1], texts[2], texts[3], texts[4], texts[5],
		texts[6], texts[7], texts[8], names, texts[9], texts[10]}
}

const insertOne = `INSERT INTO posts (id, createat, updateat, editat, deleteat, ispinned, userid, channelid, rootid, originalid,
	message, type, props, hashtags, filenames, fileids, hasreactions, remoteid)
	VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, '[]', $15, $16, $17)`

// insert writes one row as it stands.
func insert(ctx context.Context, q db.Querier, p *model.Post, message string) error {
	var remote any
	if p.RemoteID != nil {
		remote = *p.RemoteID
	}
	_, err := q.Exec(ctx, insertOne, p.ID, p.CreateAt, p.UpdateAt, p.EditAt, p.DeleteAt, p.IsPinned, p.UserID, p.ChannelID,
		p.RootID, p.OriginalID, message, p.Type, propsText(p.Props), p.Hashtags, filesText(p.FileIDs), p.HasReactions, remote)
	return err
}
