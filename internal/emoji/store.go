package emoji

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/model"
)

const columns = `id, coalesce(createat,0), coalesce(updateat,0), coalesce(deleteat,0), coalesce(creatorid,''), coalesce(name,'')`

func scan(r db.Row) (*model.Emoji, error) {
	m := &model.Emoji{}
	return m, r.Scan(&m.ID, &m.CreateAt, &m.UpdateAt, &m.DeleteAt, &m.CreatorID, &m.Name)
}

// one returns an emoji that isn't deleted.
func (e *Emoji) one(ctx context.Context, emojiID string) (*model.Emoji, error) {
	found, err := db.Get(ctx, e.db, scan, `SELECT `+columns+` FROM emoji WHERE id = $1 AND deleteat = 0`, emojiID)
	if errors.Is(err, db.ErrNotFound) {
		return nil, errNone
	}
	if err != nil {
		return nil, fault.Internal("app.emoji.get.app_error", err)
	}
	return found, nil
}

// byNames returns those of the names given that there are, by name.
func (e *Emoji) byNames(ctx context.Context, names []string) ([]*model.Emoji, error) {
	return db.List(ctx, e.db, scan, `SELECT `+columns+` FROM emoji WHERE name = ANY($1) AND deleteat = 0 ORDER BY name LIMIT $2`, names, len(names))
}

// page lists emojis by name, or by id, which is in no order that people know.
func (e *Emoji) page(ctx context.Context, byName bool, offset, limit int) ([]*model.Emoji, error) {
	order := "id"
	if byName {
		order = "name"
	}
	return db.List(ctx, e.db, scan, `SELECT `+columns+` FROM emoji WHERE deleteat = 0 ORDER BY `+order+` LIMIT $1 OFFSET $2`, limit, offset)
}

// find lists the emojis whose name begins with a term, or holds it.
func (e *Emoji) find(ctx context.Context, term string, prefix bool, limit int) ([]*model.Emoji, error) {
	like := db.LikeEscape(term) + "%"
	if !prefix {
		like = "%" + like
	}
	return db.List(ctx, e.db, scan, `SELECT `+columns+` FROM emoji WHERE name LIKE $1 ESCAPE '\' AND deleteat = 0 ORDER BY name LIMIT $2`, like, limit)
}

func (e *Emoji) insert(ctx context.Context, m *model.Emoji) error {
	_, err := e.db.Exec(ctx, `INSERT INTO emoji (id, createat, updateat, deleteat, creatorid, name) VALUES ($1, $2, $3, 0, $4, $5)`,
		m.ID, m.CreateAt, m.UpdateAt, m.CreatorID, m.Name)
	return err
}

func (e *Emoji) markDeleted(ctx context.Context, emojiID string, at int64) error {
	n, err := e.db.Exec(ctx, `UPDATE emoji SET deleteat = $2, updateat = $2 WHERE id = $1 AND deleteat = 0`, emojiID, at)
	if err == nil && n == 0 {
		err = db.ErrNotFound
	}
	return err
}

func encoded(m *model.Emoji) string {
	raw, _ := json.Marshal(m) // an emoji always encodes
	return string(raw)
}
