package drafts

import (
	"context"
	"encoding/json"

	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/model"
)

// maxList bounds the lists of drafts and of scheduled messages.
const maxList = 1000

const draftColumns = `drafts.createat, drafts.updateat, coalesce(drafts.deleteat,0), drafts.userid, drafts.channelid, drafts.rootid,
	coalesce(drafts.message,''), coalesce(drafts.type,''), drafts.props, drafts.fileids, drafts.priority`

func scanDraft(r db.Row) (*model.Draft, error) {
	m := &model.Draft{}
	return m, r.Scan(&m.CreateAt, &m.UpdateAt, &m.DeleteAt, &m.UserID, &m.ChannelID, &m.RootID, &m.Message,
		&m.Type, db.ScanJSON(&m.Props), db.ScanJSON(&m.FileIDs), db.ScanJSON(&m.Priority))
}

// list returns the drafts of a user in the channels of a team and in
// conversations, the latest first. What can't be sent any more, because the
// channel or the thread is gone or no longer the user's, is left out.
func (d *Drafts) list(ctx context.Context, userID, teamID string) ([]*model.Draft, error) {
	return db.List(ctx, d.db, scanDraft, `SELECT `+draftColumns+` FROM drafts
		JOIN channelmembers cm ON cm.channelid = drafts.channelid AND cm.userid = drafts.userid
		JOIN channels c ON c.id = drafts.channelid AND c.deleteat = 0 AND coalesce(c.teamid,'') IN ($2, '')
		LEFT JOIN posts p ON p.id = drafts.rootid
		WHERE drafts.userid = $1 AND coalesce(drafts.deleteat,0) = 0 AND (drafts.rootid = '' OR p.deleteat = 0)
		ORDER BY drafts.updateat DESC LIMIT $3`, userID, teamID, maxList)
}

// put keeps a draft in the place of the one before.
func (d *Drafts) put(ctx context.Context, m *model.Draft) error {
	kept, err := db.Value[int64](ctx, d.db, `INSERT INTO drafts (createat, updateat, deleteat, userid, channelid, rootid, message, type, props, fileids, priority)
		VALUES ($1, $2, 0, $3, $4, $5, $6, $7, $8, $9, $10)
		ON CONFLICT (userid, channelid, rootid) DO UPDATE SET updateat = excluded.updateat, deleteat = 0, message = excluded.message,
			type = excluded.type, props = excluded.props, fileids = excluded.fileids, priority = excluded.priority RETURNING createat`,
		m.CreateAt, m.UpdateAt, m.UserID, m.ChannelID, m.RootID, m.Message, m.Type, object(m.Props), list(m.FileIDs), object(m.Priority))
	m.CreateAt = kept
	return err
}

// take removes a draft and returns it; db.ErrNotFound when there is none.
func (d *Drafts) take(ctx context.Context, userID, channelID, rootID string) (*model.Draft, error) {
	return db.Get(ctx, d.db, scanDraft, `DELETE FROM drafts WHERE userid = $1 AND channelid = $2 AND rootid = $3
		RETURNING `+draftColumns, userID, channelID, rootID)
}

// isRoot reports whether a post is the first of a thread in a channel.
func (d *Drafts) isRoot(ctx context.Context, channelID, postID string) (bool, error) {
	return db.Value[bool](ctx, d.db, `SELECT EXISTS (SELECT 1 FROM posts WHERE id = $1 AND channelid = $2 AND deleteat = 0
		AND coalesce(rootid,'') = '')`, postID, channelID)
}

// deleteAllOf removes everything that a user has written and not sent.
func (d *Drafts) deleteAllOf(ctx context.Context, userID string) error {
	return d.db.Tx(ctx, func(tx *db.Tx) error {
		if _, err := tx.Exec(ctx, `DELETE FROM parley_scheduled WHERE id IN (SELECT id FROM scheduledposts WHERE userid = $1)`, userID); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `DELETE FROM scheduledposts WHERE userid = $1`, userID); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `DELETE FROM drafts WHERE userid = $1`, userID)
		return err
	})
}

// object is a map as the text columns of the schema hold it.
func object[M ~map[string]any](m M) any {
	if len(m) == 0 {
		return "{}"
	}
	return db.JSON(m)
}

func list(ids []string) any {
	if len(ids) == 0 {
		return "[]"
	}
	return db.JSON(ids)
}

// encoded is v as JSON; the types of this slice always encode.
func encoded(v any) string {
	raw, _ := json.Marshal(v)
	return string(raw)
}

func encodedSize(v any) int { return len([]rune(encoded(v))) }
