package search

import (
	"context"
	"strings"

	"github.com/parley-chat/parley/internal/db"
)

// findBySchema uses the indexes that the schema has on messages and hashtags.
// They know English only, and accents.
func (s *Search) findBySchema(ctx context.Context, a *ask) ([]string, error) {
	w := &where{}
	join, condition := a.mine(w)
	sql := `SELECT p.id FROM posts p` + join + ` WHERE ` + condition + ` AND left(p.type, 7) <> 'system_'`
	if len(a.Terms) > 0 {
		sql += ` AND (` + strings.Join(conditions(w, a.Terms, !a.Any), between(a.Any)) + `)`
	}
	for _, c := range conditions(w, a.Excluded, false) {
		sql += ` AND NOT ` + c
	}
	sql += a.filters(w) + ` ORDER BY p.createat DESC, p.id DESC LIMIT ` + w.arg(a.limit) + ` OFFSET ` + w.arg(a.offset)
	return db.List(ctx, s.db, db.One[string], sql, w.args...)
}

func between(anyTerm bool) string {
	if anyTerm {
		return ` OR `
	}
	return ` AND `
}

// conditions are the tests for terms. together makes one test of all those
// that the index of messages answers.
func conditions(w *where, terms []Term, together bool) []string {
	var queries, out []string
	for _, t := range terms {
		switch {
		case t.Kind == tag:
			out = append(out, t.tagged(w))
		case t.likely():
			out = append(out, `lower(p.message) LIKE `+w.arg("%"+db.LikeEscape(strings.ToLower(t.Text))+"%"))
		default:
			queries = append(queries, t.tsquery(w))
		}
	}
	if together && len(queries) > 0 {
		queries = []string{strings.Join(queries, ` && `)}
	}
	for _, q := range queries {
		out = append(out, `to_tsvector('english', p.message) @@ (`+q+`)`)
	}
	return out
}

// likely tells of terms that full text search can't find: parts of words in
// scripts without blanks, and phrases of nothing but stop words.
func (t Term) likely() bool {
	if strings.IndexFunc(t.Text, unspaced) >= 0 {
		return true
	}
	if t.Kind != phrase {
		return false
	}
	list := wordsOf(t.Text)
	for _, w := range list {
		if !stopWords[w] {
			return false
		}
	}
	return len(list) > 1
}

// tagged tests for a hashtag. The index knows only its words, so what it finds
// is compared.
func (t Term) tagged(w *where) string {
	like := " " + db.LikeEscape(t.Text)
	if !t.Prefix {
		like += " "
	}
	test := `' ' || lower(p.hashtags) || ' ' LIKE ` + w.arg("%"+like+"%")
	if name := t.Text[1:]; !t.Prefix && !stopWords[name] && len([]rune(name)) > 1 {
		test = `to_tsvector('english', p.hashtags) @@ to_tsquery('english', ` + w.arg(operand(name)) + `) AND ` + test
	}
	return `(` + test + `)`
}

// tsquery is an SQL expression for a term.
func (t Term) tsquery(w *where) string {
	if t.Kind == phrase {
		return `to_tsquery('english', ` + w.arg(operand(t.Text)) + `)`
	}
	text := w.arg(hyphenated(t.Text, t.Prefix))
	q := `to_tsquery('english', ` + text + `)`
	if t.Prefix {
		// The beginning of a word has another stem than the word.
		q = `(` + q + ` || to_tsquery('simple', ` + text + `))`
	}
	return q
}

// hyphenated is the text of a query for a word. The parts of well-known stand
// one after the other, and the number of ABC-12 is indexed as -12. Addresses
// are tokens of their own with all that is in them.
func hyphenated(text string, prefix bool) string {
	end := ""
	if prefix {
		end = ":*"
	}
	if !strings.Contains(text, "-") || strings.Contains(text, "@") || strings.Contains(text, "://") {
		return operand(text) + end
	}
	var all []string
	for i, part := range strings.Split(text, "-") {
		switch {
		case strings.IndexFunc(part, inWord) < 0:
		case i > 0 && strings.Trim(part, "0123456789") == "":
			all = append(all, `(`+operand(part)+end+` | `+operand("-"+part)+end+`)`)
		default:
			all = append(all, operand(part)+end)
		}
	}
	return strings.Join(all, " <-> ")
}

// operand quotes a text for to_tsquery, which reads it as it read the message.
func operand(text string) string {
	text = strings.Map(func(c rune) rune {
		if c == '\'' || c == '\\' || c == '’' {
			return ' '
		}
		return c
	}, text)
	return `'` + text + `'`
}
