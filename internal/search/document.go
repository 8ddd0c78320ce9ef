package search

import (
	"context"
	"errors"
	"strings"

	"github.com/parley-chat/parley/internal/db"
)

// A document's number is its post's time in ms, shifted, and a count of those
// of the same ms. When there are more than fit, as an import may bring, they go
// on into what follows; docSpill bounds how far.
const (
	docShift = 12
	docsOfMs = 1 << docShift
	docSpill = 1024 * docsOfMs
)

// maxDocTime keeps numbers within 63 bits whatever createat says.
const maxDocTime = never - docSpill

func docStart(createAt int64) int64 { return max(min(createAt, maxDocTime), 0) << docShift }

// newDoc gives a post a number.
func newDoc(ctx context.Context, tx *db.Tx, s *source) (int64, error) {
	const insert = `INSERT INTO parley_posts_docs (docid, postid) SELECT coalesce(max(docid), $1 - 1) + 1, $3
		FROM parley_posts_docs WHERE docid BETWEEN $1 AND $2 HAVING coalesce(max(docid), 0) < $2 RETURNING docid`
	start := docStart(s.createAt)
	docID, err := db.Value[int64](ctx, tx, insert, start, start+docsOfMs-1, s.id)
	if errors.Is(err, db.ErrNotFound) {
		return db.Value[int64](ctx, tx, insert, start, start+docSpill-1, s.id)
	}
	return docID, err
}

// forget takes a post out of the index.
func forget(ctx context.Context, tx *db.Tx, postID string, createAt int64) error {
	const (
		remove  = `DELETE FROM parley_posts_docs WHERE docid BETWEEN $1 AND $2 AND postid = $3`
		spilled = ` AND EXISTS (SELECT 1 FROM parley_posts_docs WHERE docid = $1 - 1)` // its own ms is full
		which   = ` RETURNING docid`
	)
	start := docStart(createAt)
	docs, err := db.List(ctx, tx, db.One[int64], remove+which, start, start+docsOfMs-1, postID)
	if err == nil && len(docs) == 0 {
		docs, err = db.List(ctx, tx, db.One[int64], remove+spilled+which, start+docsOfMs, start+docSpill-1, postID)
	}
	for _, docID := range docs {
		if _, err := tx.Exec(ctx, `DELETE FROM parley_posts_fts WHERE rowid = $1`, docID); err != nil {
			return err
		}
	}
	return err
}

const sourceColumns = `p.rowid, p.id, coalesce(p.createat,0), coalesce(p.deleteat,0), coalesce(p.userid,''), coalesce(p.channelid,''),
	coalesce(p.message,''), coalesce(p.type,''), coalesce(p.hashtags,'')`

// source is a post as it is indexed.
type source struct {
	row, createAt, deleteAt                        int64
	id, userID, channelID, message, kind, hashtags string
}

func scanSource(r db.Row) (s source, err error) {
	return s, r.Scan(&s.row, &s.id, &s.createAt, &s.deleteAt, &s.userID, &s.channelID, &s.message, &s.kind, &s.hashtags)
}

// write puts a post into the index, unless searches never find it: deleted
// ones, former versions and messages of the system.
func (s *source) write(ctx context.Context, tx *db.Tx) error {
	if s.deleteAt != 0 || strings.HasPrefix(s.kind, "system_") {
		return nil
	}
	docID, err := newDoc(ctx, tx, s)
	if err != nil {
		return err
	}
	words, wholes := s.document()
	_, err = tx.Exec(ctx, `INSERT INTO parley_posts_fts (rowid, words, whole, place, author) VALUES ($1, $2, $3, $4, $5)`,
		docID, words, wholes, anywhere+" "+s.channelID, s.userID)
	return err
}

// document returns what the columns words and whole hold.
func (s *source) document() (words, wholes string) {
	var list, kept []string
	pieces(s.message, func(piece string) {
		list = appendWords(list, piece, false)
		if whole(piece) {
			kept = append(kept, plain(clip(piece, maxWord)))
		}
	})
	kept = append(kept, strings.Fields(strings.ToLower(s.hashtags))...)
	return strings.Join(list, " "), strings.Join(kept, " ")
}
