package search

import (
	"context"
	"strings"

	"github.com/parley-chat/parley/internal/db"
)

// Bounds of the ways of searching.
const (
	// newest are so many posts at most that are looked through one by one,
	// before the index of words is asked.
	newest = 4000
	// manyHits is how many are looked for in the newest posts, and twice as many
	// are read at once.
	manyHits = 3000
	// maxPlaces bounds how many channels, authors or days stand in a question to
	// the index.
	maxPlaces = 200
)

// findPostgres asks the index of words. It knows no order: what holds a common
// word would all be read to find the newest. So for common words the newest
// posts are looked through one by one, which answers that; for others the index
// is asked for the newest days first. Which way
// is better is not left to PostgreSQL, which would read everything one by one
// for words of which it knows nothing.
func (s *Search) findPostgres(ctx context.Context, a *ask) ([]string, error) {
	wanted, excluded := combined(a.Any, exprs(a.Terms)), combined(true, exprs(a.Excluded))
	if len(a.Terms) > 0 && wanted.empty() {
		return nil, nil
	}
	if wanted.empty() {
		return s.among(ctx, a, &where{}, ``, `(SELECT postid, createat, words FROM parley_posts_words ORDER BY createat DESC, postid DESC) x`, ` AND NOT x.words @@ `+literal(excluded.tsquery()), excluded.empty())
	}
	s.common.load(ctx, s.db, s.log)
	query := wanted.tsquery()
	narrowed := narrow(query, a)
	most, share := s.common.share(wanted)
	if s.common.few(most) {
		return s.hits(ctx, a, narrowed, excluded)
	}
	everywhere, times := narrowed == query, pages
	if !everywhere {
		times = pagesHere
	}
	if page := float64(times * (a.offset + a.limit)); (everywhere || len(a.in) == 1 && len(a.from) == 0) && page <= share*newest {
		ids, err := s.amongNewest(ctx, a, query, excluded, int(page/share))
		if err != nil || len(ids) == a.limit {
			return ids, err
		}
	}
	if everywhere {
		var err error
		if narrowed, err = s.mineOnly(ctx, a, query); err != nil {
			return nil, err
		}
	}
	there := s.common.places(a)
	return s.backwards(ctx, a, narrowed, excluded, most*there, share*there)
}

// pages are so many times what a page holds: that much is expected to be found
// where a page is looked for, for the viewer isn't in every channel. pagesHere is
// that for a channel in which the viewer is.
const pages, pagesHere = 4, 2

// amongNewest looks through that many of the newest posts, or of the newest in the
// one channel that is asked for.
func (s *Search) amongNewest(ctx context.Context, a *ask, query string, excluded expr, window int) ([]string, error) {
	w := &where{}
	return s.among(ctx, a, w, ``, a.newestPosts(w, window), test(query, excluded), false)
}

// newestPosts is a table x of that many of the index's newest posts.
func (a *ask) newestPosts(w *where, window int) string {
	if len(a.in) != 1 {
		return `(SELECT postid, createat, words FROM parley_posts_words x WHERE true` + a.bounds(w, `x.createat`) +
			` ORDER BY x.createat DESC, x.postid DESC LIMIT ` + w.arg(window) + `) x`
	}
	return `(SELECT here.* FROM (SELECT p.id FROM posts p WHERE p.channelid = ` + w.arg(a.in[0]) + ` AND p.deleteat = 0` + a.bounds(w, `p.createat`) +
		` ORDER BY p.createat DESC LIMIT ` + w.arg(window) + `) n
		CROSS JOIN LATERAL (SELECT postid, createat, words FROM parley_posts_words WHERE postid = n.id OFFSET 0) here) x`
}

// hits are a page of what the index finds.
func (s *Search) hits(ctx context.Context, a *ask, query string, excluded expr) ([]string, error) {
	w := &where{}
	found := `WITH hits AS MATERIALIZED (SELECT x.postid, x.createat FROM parley_posts_words x WHERE true` + a.bounds(w, `(x.createat + 0)`) +
		test(query, excluded) + `) ` // + 0: all of a day's posts needn't be looked up by their time
	return s.among(ctx, a, w, found, `(SELECT postid, createat FROM hits ORDER BY createat DESC, postid DESC) x`, ``, false)
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
		sql = with + `SELECT x.postid FROM ` + table + ` CROSS JOIN LATERAL (SELECT 1 FROM ` + a.oneOfMine(w) + ` WHERE ` + condition + ` LIMIT 1) found
			WHERE true` + test + ` ORDER BY x.createat DESC, x.postid DESC` + page
	}
	return db.List(ctx, s.db, db.One[string], sql, w.args...)
}

// oneOfMine is the post of x with the viewer's membership and its channel, by their
// keys and in this order. PostgreSQL doesn't reorder them: without statistics of a
// small table it would go through all of the viewer's channels for each post.
func (a *ask) oneOfMine(w *where) string {
	return `(SELECT id, createat, deleteat, userid, channelid FROM posts WHERE id = x.postid OFFSET 0) p
		CROSS JOIN LATERAL (SELECT channelid, userid FROM channelmembers WHERE channelid = p.channelid AND userid = ` + w.arg(a.userID) + ` OFFSET 0) cm
		CROSS JOIN LATERAL (SELECT id, teamid, deleteat FROM channels WHERE id = p.channelid OFFSET 0) c`
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
	return condition + a.bounds(w, `p.createat`)
}

// bounds keeps a time to what is asked for.
func (a *ask) bounds(w *where, time string) (condition string) {
	if a.Since > 0 {
		condition += ` AND ` + time + ` >= ` + w.arg(a.Since)
	}
	if a.Until < never {
		condition += ` AND ` + time + ` < ` + w.arg(a.Until)
	}
	return condition
}

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
		if pairs := e.pairs(); len(pairs) > 0 {
			side := "(" + strings.Join(parts, between) + ")"
			parts, between = append(parts[:0], side), " & "
			for _, pair := range pairs {
				parts = append(parts, asLexeme(pair))
			}
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
