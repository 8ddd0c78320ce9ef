package search

import (
	"context"
	"hash/fnv"
	"math"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/parley-chat/parley/internal/db"
)

// Lexemes for the channel, the author, the month and the day of a post, and for
// two words that stand side by side, begin with these signs, too.
const inPlace, byAuthor, inMonth, onDay, sideBySide = "+", "!", "%", "$", "^"

// shortened is the lexeme for a channel or an author: of its id as much as tells
// nearly all apart.
func shortened(sign, id string) string { return sign + id[:min(len(id), 10)] }

// Lexemes of other columns than inWords begin with a sign, which no word does.
var signs = map[string]string{inWords: "", inFrench: "~", inWhole: "="}

// pairLexeme stands for two words side by side. Without it, all posts that hold the
// words of a phrase would be read to see how they stand. Pairs are far more than
// words; there are as many lexemes as tell a phrase from nearly all else in
// some ten million posts, and what they take for one is looked at.
func pairLexeme(first, second string) string {
	h := fnv.New32a()
	_, _ = h.Write([]byte(first))
	_, _ = h.Write([]byte{0})
	_, _ = h.Write([]byte(second))
	sum := h.Sum32()
	return sideBySide + strconv.FormatUint(uint64((sum>>pairBits^sum)&(1<<pairBits-1)), 36)
}

const pairBits = 20

// pairs are the lexemes of the words of a phrase that are known whole.
func (e expr) pairs() []string {
	var out []string
	for i := 1; i < len(e.words) && e.column == inWords; i++ {
		if i < len(e.words)-1 || !e.prefix {
			out = append(out, pairLexeme(e.words[i-1], e.words[i]))
		}
	}
	return out
}

// maxPosition is the highest that tsvector tells apart.
const maxPosition = 16383

// tsvector is a document as PostgreSQL's index takes it, with where it stands,
// by whom and when.
func (d *document) tsvector(channelID, userID string, createAt int64) string {
	var b strings.Builder
	day := dayOf(createAt)
	for _, sign := range []string{shortened(inPlace, channelID), shortened(byAuthor, userID), day.month(), day.lexeme()} {
		b.WriteString(asLexeme(sign) + " ")
	}
	before, at := "", 0
	put := func(word string) {
		b.WriteString(asLexeme(word))
		b.WriteByte(':')
		b.WriteString(strconv.Itoa(min(at, maxPosition)))
		b.WriteByte(' ')
	}
	for _, w := range d.words {
		at++
		put(w.english)
		if before != "" {
			b.WriteString(asLexeme(pairLexeme(before, w.english)) + " ")
		}
		before = w.english
		if w.french != "" && w.french != w.english {
			put(signs[inFrench] + w.french)
		}
	}
	for _, piece := range d.wholes {
		at++ // a gap, so that no phrase spans two
		for _, token := range wholeTokens(piece) {
			at++
			put(signs[inWhole] + token)
		}
	}
	return b.String()
}

// postgresBatch posts are indexed in a transaction.
const postgresBatch = 500

// staleFloor is up to where numbers of the list of stale posts are gone. Rows that
// were removed stay in its key until PostgreSQL cleans up, and walking past
// hundreds of thousands of them takes longer than a search. A number may show
// late, with the transaction that took it: so the floor keeps a distance, and
// from time to time all are looked at.
type staleFloor struct {
	mu     sync.Mutex
	gone   int64
	looked time.Time // at all of them
}

const (
	lateNumbers = 10_000
	lookAtAll   = time.Minute
)

// begin is after which number to look now.
func (f *staleFloor) begin() int64 {
	f.mu.Lock()
	defer f.mu.Unlock()
	if time.Since(f.looked) > lookAtAll {
		return 0
	}
	return f.gone
}

// saw notes that those up to a number are gone, or that nothing was found after begin.
func (f *staleFloor) saw(begin, upTo int64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if begin == 0 {
		f.looked = time.Now()
	}
	f.gone = max(f.gone, upTo-lateNumbers)
}

// indexPostgres indexes what is new or changed, then what was there before.
func (x *index) indexPostgres(ctx context.Context, tx *db.Tx) (more bool, err error) {
	type stale struct {
		n      int64
		postID string
	}
	begin, last := x.from.begin(), int64(0)
	rows, err := db.List(ctx, tx, func(r db.Row) (s stale, err error) { return s, r.Scan(&s.n, &s.postID) }, `DELETE FROM parley_posts_stale WHERE n IN
		(SELECT n FROM parley_posts_stale WHERE n > $1 ORDER BY n LIMIT $2 FOR UPDATE) RETURNING n, postid`, begin, postgresBatch)
	if err != nil {
		return false, err
	}
	ids := make([]string, len(rows))
	for i, r := range rows {
		ids[i], last = r.postID, max(last, r.n)
	}
	tx.AfterCommit(func() { x.from.saw(begin, last) })
	if len(ids) > 0 {
		list, err := db.List(ctx, tx, scanSource, `SELECT `+pgColumns+` FROM posts p WHERE p.id = ANY($1) LIMIT $2`, ids, len(ids))
		if err != nil {
			return false, err
		}
		return true, putWords(ctx, tx, ids, list)
	}
	type mark struct {
		createAt int64
		postID   string
		done     bool
	}
	m, err := db.Get(ctx, tx, func(r db.Row) (m mark, err error) { return m, r.Scan(&m.createAt, &m.postID, &m.done) },
		`SELECT createat, postid, done FROM parley_posts_indexed FOR UPDATE`)
	if err != nil || m.done {
		return false, err
	}
	if m.createAt == math.MaxInt64 {
		// Made when all is there it takes a fraction of the time.
		if _, err := tx.Exec(ctx, `DROP INDEX IF EXISTS parley_posts_words_words`); err != nil {
			return false, err
		}
	}
	list, err := db.List(ctx, tx, scanSource, `SELECT `+pgColumns+` FROM posts p WHERE p.createat <= $1 AND (p.createat < $1 OR p.id < $2)
		ORDER BY p.createat DESC, p.id DESC LIMIT $3`, m.createAt, m.postID, postgresBatch)
	if err != nil {
		return false, err
	}
	if m.done = len(list) < postgresBatch; len(list) > 0 {
		m.createAt, m.postID = list[len(list)-1].createAt, list[len(list)-1].id
	}
	if _, err := tx.Exec(ctx, `UPDATE parley_posts_indexed SET createat = $1, postid = $2, done = $3`, m.createAt, m.postID, m.done); err != nil {
		return false, err
	}
	if err := putWords(ctx, tx, nil, list); err != nil || !m.done {
		return true, err
	}
	if _, err := tx.Exec(ctx, `CREATE INDEX IF NOT EXISTS parley_posts_words_words ON parley_posts_words USING gin (words) WITH (gin_pending_list_limit = 256)`); err != nil {
		return false, err
	}
	_, err = tx.Exec(ctx, `ANALYZE parley_posts_words`) // or the first searches are planned blindly
	return false, err
}

// pgColumns are sourceColumns without the number of the row.
var pgColumns = strings.Replace(sourceColumns, "p.rowid", "0", 1)

// putWords writes posts into the index, and takes those of ids out that
// searches never find or that are gone.
func putWords(ctx context.Context, tx *db.Tx, ids []string, list []source) error {
	gone := make(map[string]bool, len(ids))
	for _, postID := range ids {
		gone[postID] = true
	}
	var put, words []string
	var times []int64
	for i := range list {
		if list[i].hidden() {
			continue
		}
		delete(gone, list[i].id)
		d := list[i].document()
		put, times, words = append(put, list[i].id), append(times, list[i].createAt), append(words, d.tsvector(list[i].channelID, list[i].userID, list[i].createAt))
	}
	if len(gone) > 0 {
		rest := make([]string, 0, len(gone))
		for postID := range gone {
			rest = append(rest, postID)
		}
		if _, err := tx.Exec(ctx, `DELETE FROM parley_posts_words WHERE postid = ANY($1)`, rest); err != nil {
			return err
		}
	}
	if len(put) == 0 {
		return nil
	}
	_, err := tx.Exec(ctx, `INSERT INTO parley_posts_words (postid, createat, words)
		SELECT a, b, CAST(c AS tsvector) FROM unnest(CAST($1 AS text[]), CAST($2 AS bigint[]), CAST($3 AS text[])) AS t(a, b, c)
		ON CONFLICT (postid) DO UPDATE SET createat = excluded.createat, words = excluded.words`, put, times, words)
	return err
}
