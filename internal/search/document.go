package search

import (
	"context"
	"encoding/json"
	"slices"
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

// writeAll puts posts into the index, unless searches never find them.
//
// What follows another statement of several rows is costly: FTS5 writes out
// what it has gathered. So the numbers are given for many posts at once.
func writeAll(ctx context.Context, tx *db.Tx, list []source) error {
	list = slices.DeleteFunc(list, func(s source) bool { return s.hidden() })
	for len(list) > 0 {
		docs, err := numbers(ctx, tx, list)
		if err == nil && len(docs) == 0 {
			docs, err = spill(ctx, tx, &list[0])
		}
		if err != nil {
			return err
		}
		if err := insert(ctx, tx, docs, list[:len(docs)]); err != nil {
			return err
		}
		list = list[len(docs):]
	}
	return nil
}

// numbers returns the documents' numbers for posts, up to the first whose ms
// is full.
func numbers(ctx context.Context, tx *db.Tx, list []source) ([]int64, error) {
	starts := make([]int64, len(list))
	for i := range list {
		starts[i] = docStart(list[i].createAt)
	}
	asked, err := json.Marshal(starts)
	if err != nil {
		return nil, err
	}
	next := make(map[int64]int64, len(list))
	last, err := db.List(ctx, tx, db.One[int64], `SELECT coalesce((SELECT docid FROM parley_posts_docs
			WHERE docid BETWEEN s.value AND s.value + $2 ORDER BY docid DESC LIMIT 1), s.value - 1)
		FROM json_each($1) s LIMIT $3`, string(asked), docsOfMs-1, len(starts))
	if err != nil {
		return nil, err
	}
	docs := make([]int64, 0, len(list))
	for i, start := range starts {
		if _, seen := next[start]; !seen {
			next[start] = last[i] + 1
		}
		if next[start] == start+docsOfMs {
			break
		}
		docs = append(docs, next[start])
		next[start]++
	}
	return docs, nil
}

// spill returns a number for a post whose ms is full.
func spill(ctx context.Context, tx *db.Tx, s *source) ([]int64, error) {
	start := docStart(s.createAt)
	return db.List(ctx, tx, db.One[int64], `SELECT docid + 1 FROM parley_posts_docs WHERE docid BETWEEN $1 AND $2
		ORDER BY docid DESC LIMIT 1`, start, start+docSpill-1)
}

func insert(ctx context.Context, tx *db.Tx, docs []int64, list []source) error {
	for i, docID := range docs {
		if _, err := tx.Exec(ctx, `INSERT INTO parley_posts_docs (docid, postid) VALUES ($1, $2)`, docID, list[i].id); err != nil {
			return err
		}
	}
	for i, docID := range docs {
		d := list[i].document()
		words, french, wholes := d.columns()
		if _, err := tx.Exec(ctx, `INSERT INTO parley_posts_fts (rowid, words, french, whole, place, author) VALUES ($1, $2, $3, $4, $5, $6)`,
			docID, words, french, wholes, anywhere+" "+list[i].channelID, list[i].userID); err != nil {
			return err
		}
	}
	return nil
}

// stamp is a post and a time that it has or had.
type stamp struct {
	id       string
	createAt int64
}

// forget takes posts out of the index.
func forget(ctx context.Context, tx *db.Tx, list []stamp) error {
	const (
		remove  = `DELETE FROM parley_posts_docs WHERE docid BETWEEN $1 AND $2 AND postid = $3`
		spilled = ` AND EXISTS (SELECT 1 FROM parley_posts_docs WHERE docid = $1 - 1)` // its own ms is full
		which   = ` RETURNING docid`
	)
	gone := []int64{}
	for _, s := range list {
		start := docStart(s.createAt)
		docs, err := db.List(ctx, tx, db.One[int64], remove+which, start, start+docsOfMs-1, s.id)
		if err == nil && len(docs) == 0 {
			docs, err = db.List(ctx, tx, db.One[int64], remove+spilled+which, start+docsOfMs, start+docSpill-1, s.id)
		}
		if err != nil {
			return err
		}
		gone = append(gone, docs...)
	}
	for _, docID := range gone {
		if _, err := tx.Exec(ctx, `DELETE FROM parley_posts_fts WHERE rowid = $1`, docID); err != nil {
			return err
		}
	}
	return nil
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

// hidden tells of posts that searches never find: deleted ones, former
// versions and messages of the system.
func (s *source) hidden() bool { return s.deleteAt != 0 || strings.HasPrefix(s.kind, "system_") }

// document is what the index holds of a post.
type document struct {
	words  []lexeme
	wholes []string
}

func (s *source) document() document {
	var d document
	pieces(s.message, func(piece string) {
		eachWord(piece, func(w lexeme) { d.words = append(d.words, w) })
		if whole(piece) {
			d.wholes = append(d.wholes, plain(clip(piece, maxWord)))
		}
	})
	d.wholes = append(d.wholes, strings.Fields(strings.ToLower(s.hashtags))...)
	return d
}

// french are the French stems that aren't the English ones.
func (d *document) french() []string {
	var list []string
	for _, w := range d.words {
		if w.french != "" && w.french != w.english {
			list = append(list, w.french)
		}
	}
	return list
}

// columns is the document as SQLite's index takes it.
func (d *document) columns() (words, french, wholes string) {
	list := make([]string, len(d.words))
	for i, w := range d.words {
		list[i] = w.english
	}
	return strings.Join(list, " "), strings.Join(d.french(), " "), strings.Join(d.wholes, " ")
}
