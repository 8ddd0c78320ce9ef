package bookmarks

import (
	"context"

	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/model"
)

const columns = `b.id, coalesce(b.createat,0), coalesce(b.updateat,0), coalesce(b.deleteat,0), b.channelid, b.ownerid, coalesce(b.fileinfoid,''),
	coalesce(b.displayname,''), coalesce(b.sortorder,0), coalesce(b.linkurl,''), coalesce(b.imageurl,''), coalesce(b.emoji,''),
	CAST(b.type AS text), coalesce(b.originalid,''), coalesce(b.parentid,'')`

func scan(r db.Row) (*model.ChannelBookmark, error) {
	m := &model.ChannelBookmark{}
	return m, r.Scan(&m.ID, &m.CreateAt, &m.UpdateAt, &m.DeleteAt, &m.ChannelID, &m.OwnerID, &m.FileID, &m.DisplayName, &m.SortOrder,
		&m.LinkURL, &m.ImageURL, &m.Emoji, &m.Type, &m.OriginalID, &m.ParentID)
}

// maxSince bounds what is listed of the past.
const maxSince = 1000

// live lists the bookmarks of a channel in their order.
func live(ctx context.Context, q db.Querier, channelID string) ([]*model.ChannelBookmark, error) {
	return db.List(ctx, q, scan, `SELECT `+columns+` FROM channelbookmarks b WHERE b.channelid = $1 AND coalesce(b.deleteat,0) = 0
		ORDER BY b.sortorder, b.createat, b.id LIMIT $2`, channelID, maxSince)
}

// since lists those that changed at a time (Unix ms) or later, deleted ones too.
func since(ctx context.Context, q db.Querier, channelID string, at int64) ([]*model.ChannelBookmark, error) {
	return db.List(ctx, q, scan, `SELECT `+columns+` FROM channelbookmarks b WHERE b.channelid = $1 AND (b.updateat >= $2 OR b.deleteat >= $2)
		ORDER BY b.sortorder, b.createat, b.id LIMIT $3`, channelID, at, maxSince)
}

func insert(ctx context.Context, tx *db.Tx, m *model.ChannelBookmark) error {
	_, err := tx.Exec(ctx, `INSERT INTO channelbookmarks (id, ownerid, channelid, fileinfoid, createat, updateat, deleteat, displayname, sortorder,
			linkurl, imageurl, emoji, type, originalid, parentid)
		SELECT $1, $2, $3, $4, CAST($5 AS bigint), CAST($6 AS bigint), 0, $7, CAST($8 AS integer), $9, $10, $11, `+typeOf(tx)+`, $13, $14`,
		m.ID, m.OwnerID, m.ChannelID, db.NotEmpty(m.FileID), m.CreateAt, m.UpdateAt, m.DisplayName, m.SortOrder, m.LinkURL, m.ImageURL,
		m.Emoji, m.Type, db.NotEmpty(m.OriginalID), db.NotEmpty(m.ParentID))
	return err
}

// typeOf is the parameter of the type: an enumeration on PostgreSQL, a text on
// SQLite, which has none.
func typeOf(tx *db.Tx) string {
	if tx.SQLite() {
		return "$12"
	}
	return "CAST($12 AS channel_bookmark_type)"
}

func update(ctx context.Context, tx *db.Tx, m *model.ChannelBookmark) error {
	_, err := tx.Exec(ctx, `UPDATE channelbookmarks SET updateat = $2, fileinfoid = $3, displayname = $4, sortorder = $5, linkurl = $6,
		imageurl = $7, emoji = $8 WHERE id = $1`, m.ID, m.UpdateAt, db.NotEmpty(m.FileID), m.DisplayName, m.SortOrder, m.LinkURL, m.ImageURL, m.Emoji)
	return err
}

func markDeleted(ctx context.Context, tx *db.Tx, m *model.ChannelBookmark) error {
	_, err := tx.Exec(ctx, `UPDATE channelbookmarks SET deleteat = $2, updateat = $2 WHERE id = $1`, m.ID, m.DeleteAt)
	return err
}

func (b *Bookmarks) deleteAll(ctx context.Context, channelID string) error {
	_, err := b.db.Exec(ctx, `DELETE FROM channelbookmarks WHERE channelid = $1`, channelID)
	return err
}
