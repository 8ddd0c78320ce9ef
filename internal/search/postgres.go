package search

import (
	"context"
	"strconv"
	"strings"

	"github.com/parley-chat/parley/internal/db"
)

// Bounds of the two ways of searching.
const (
	// newest are so many posts at most that are looked through one by one,
	// before the index of words is asked.
	newest = 4000
	// fewHits are read one by one without that.
	fewHits = 3000
	// maxPlaces bounds how many channels or authors stand in a question to the index.
	maxPlaces = 200
)

// findPostgres asks the index of words. It knows no order: what holds a common
// word would all be read to find the newest. So for common words the newest
// posts are looked through first, which answers that; what fills no page there
// is rare enough, at least in the channels that the viewer is in. Which way is
// better is not left to PostgreSQL, which would read everything one by one for
// words of which it knows nothing.
func (s *Search) findPostgres(ctx context.Context, a *ask) ([]string, error) {
	wanted, excluded := combined(a.Any, exprs(a.Terms)), combined(true, exprs(a.Excluded))
	if len(a.Terms) > 0 && wanted.empty() {
		return nil, nil
	}
	if wanted.empty() {
		return s.among(ctx, a, &where{}, ``, `(SELECT postid, createat, words FROM parley_posts_words ORDER BY createat DESC, postid DESC) x`, ` AND NOT x.words @@ `+literal(excluded.tsquery()), excluded.empty())
	}
	query := wanted.tsquery()
	narrowed := narrow(query, a)
	few := narrowed != query
	if !few {
		s.common.load(ctx, s.db, s.log)
		var share float64
		if share, few = s.common.share(wanted); !few {
			ids, err := s.amongNewest(ctx, a, query, excluded, share)
			if err != nil || len(ids) == a.limit {
				return ids, err
			}
			if narrowed, err = s.mineOnly(ctx, a, query); err != nil {
				return nil, err
			}
		}
	}
	w := &where{}
	hits := `WITH hits AS MATERIALIZED (SELECT x.postid, x.createat FROM parley_posts_words x WHERE true` + a.bounds(w, `x`) +
		test(narrowed, excluded) + `) `
	return s.among(ctx, a, w, hits, `(SELECT postid, createat FROM hits ORDER BY createat DESC, postid DESC) x`, ``, false)
}

// amongNewest looks through as many of the newest posts as hold a page of a word
// of that share several times over.
func (s *Search) amongNewest(ctx context.Context, a *ask, query string, excluded expr, share float64) ([]string, error) {
	window := min(newest, int(float64(4*(a.offset+a.limit))/max(share, 4*float64(a.offset+a.limit)/newest)))
	w := &where{}
	return s.among(ctx, a, w, ``, `(SELECT postid, createat, words FROM parley_posts_words x WHERE true`+a.bounds(w, `x`)+
		` ORDER BY x.createat DESC, x.postid DESC LIMIT `+w.arg(window)+`) x`, test(query, excluded), false)
}

// test is the condition on the words of x.
func test(query string, excluded expr) string {
	out := ` AND x.words @@ ` + literal(query)
	if !excluded.empty() {
		out += ` AND NOT x.words @@ ` + literal(excluded.tsquery())
	}
	return out
}

// narrow adds to a query the channels and authors that are asked for: the index
// knows them. That they are the right ones is tested again, for lexemes are short.
func narrow(query string, a *ask) string {
	for _, f := range []struct {
		sign string
		ids  []string
	}{{inPlace, a.in}, {byAuthor, a.from}} {
		if len(f.ids) > 0 && len(f.ids) <= maxPlaces {
			query += " & " + oneOf(f.sign, f.ids)
		}
	}
	return query
}

// mineOnly adds the viewer's channels, if they aren't too many.
func (s *Search) mineOnly(ctx context.Context, a *ask, query string) (string, error) {
	ids, err := db.List(ctx, s.db, db.One[string], `SELECT channelid FROM channelmembers WHERE userid = $1 LIMIT $2`, a.userID, maxPlaces+1)
	if err != nil || len(ids) > maxPlaces || len(ids) == 0 {
		return query, err
	}
	return query + " & " + oneOf(inPlace, ids), nil
}

func oneOf(sign string, ids []string) string {
	parts := make([]string, len(ids))
	for i, one := range ids {
		parts[i] = asLexeme(shortened(sign, one))
	}
	return "(" + strings.Join(parts, " | ") + ")"
}

// among returns the page out of a table x of the index that is in its order; of
// the posts themselves, when no words are asked for. Each post of x is looked at
// for itself, so that the looking ends with the page: PostgreSQL would rather
// join all that was found.
func (s *Search) among(ctx context.Context, a *ask, w *where, with, table, test string, plainPosts bool) ([]string, error) {
	join, condition := a.mine(w)
	condition += a.filters(w)
	page := ` LIMIT ` + w.arg(a.limit) + ` OFFSET ` + w.arg(a.offset)
	sql := `SELECT p.id FROM posts p` + join + ` WHERE ` + condition + ` AND left(p.type, 7) <> 'system_' ORDER BY p.createat DESC, p.id DESC` + page
	if !plainPosts {
		sql = with + `SELECT x.postid FROM ` + table + ` CROSS JOIN LATERAL (SELECT 1 FROM posts p` + join + ` WHERE ` + condition + ` AND p.id = x.postid LIMIT 1) found
			WHERE true` + test + ` ORDER BY x.createat DESC, x.postid DESC` + page
	}
	return db.List(ctx, s.db, db.One[string], sql, w.args...)
}

// filters are the conditions that aren't on words.
func (a *ask) filters(w *where) (condition string) {
	for _, f := range []struct {
		test string
		ids  []string
	}{{` AND p.userid = ANY(`, a.from}, {` AND p.userid <> ALL(`, a.notFrom}, {` AND p.channelid = ANY(`, a.in}, {` AND p.channelid <> ALL(`, a.notIn}} {
		if len(f.ids) > 0 {
			condition += f.test + w.arg(f.ids) + `)`
		}
	}
	return condition + a.bounds(w, `p`)
}

// bounds keeps to a time.
func (a *ask) bounds(w *where, table string) (condition string) {
	if a.Since > 0 {
		condition += ` AND ` + table + `.createat >= ` + w.arg(a.Since)
	}
	if a.Until < never {
		condition += ` AND ` + table + `.createat < ` + w.arg(a.Until)
	}
	return condition
}

// Lexemes for the channel and the author of a post begin with these signs, too.
const inPlace, byAuthor = "+", "!"

// shortened is the lexeme for a channel or an author: of its id as much as tells
// nearly all apart.
func shortened(sign, id string) string { return sign + id[:min(len(id), 10)] }

// Lexemes of other columns than inWords begin with a sign, which no word does.
var signs = map[string]string{inWords: "", inFrench: "~", inWhole: "="}

// tsquery writes a condition down for PostgreSQL.
func (e expr) tsquery() string {
	between, parts := " & ", make([]string, 0, len(e.words)+len(e.kids))
	switch {
	case len(e.words) > 0:
		between = " <-> "
		for i, word := range e.words {
			part := asLexeme(signs[e.column] + word)
			if e.prefix && i == len(e.words)-1 {
				part += ":*"
			}
			parts = append(parts, part)
		}
	case e.any:
		between = " | "
		fallthrough
	default:
		for _, kid := range e.kids {
			parts = append(parts, kid.tsquery())
		}
	}
	return "(" + strings.Join(parts, between) + ")"
}

// literal is a query as a constant of the statement's text: PostgreSQL plans
// better for words that it knows. They hold letters, digits and #@._- only, and
// nothing in them ends the constant.
func literal(query string) string {
	return `CAST('` + strings.ReplaceAll(query, `'`, `''`) + `' AS tsquery)`
}

// asLexeme quotes a word as the types tsvector and tsquery read it.
func asLexeme(word string) string {
	return `'` + strings.NewReplacer(`'`, `''`, `\`, `\\`).Replace(word) + `'`
}

// maxPosition is the highest that tsvector tells apart.
const maxPosition = 16383

// tsvector is a document as PostgreSQL's index takes it, with where it stands
// and by whom.
func (d *document) tsvector(channelID, userID string) string {
	var b strings.Builder
	b.WriteString(asLexeme(shortened(inPlace, channelID)) + " " + asLexeme(shortened(byAuthor, userID)) + " ")
	at := 0
	put := func(word string) {
		b.WriteString(asLexeme(word))
		b.WriteByte(':')
		b.WriteString(strconv.Itoa(min(at, maxPosition)))
		b.WriteByte(' ')
	}
	for _, w := range d.words {
		at++
		put(w.english)
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

// indexPostgres indexes what is new or changed, then what was there before.
func indexPostgres(ctx context.Context, tx *db.Tx) (more bool, err error) {
	ids, err := db.List(ctx, tx, db.One[string], `DELETE FROM parley_posts_stale WHERE n IN
		(SELECT n FROM parley_posts_stale ORDER BY n LIMIT $1 FOR UPDATE) RETURNING postid`, postgresBatch)
	if err != nil {
		return false, err
	}
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
		put, times, words = append(put, list[i].id), append(times, list[i].createAt), append(words, d.tsvector(list[i].channelID, list[i].userID))
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
