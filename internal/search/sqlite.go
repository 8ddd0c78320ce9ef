package search

import (
	"context"
	"strings"

	"github.com/parley-chat/parley/internal/db"
)

// anywhere stands in the column place of every document.
const anywhere = "all"

// findSQLite reads the index backwards, which is newest first, and stops at
// the end of the page.
func (s *Search) findSQLite(ctx context.Context, a *ask) ([]string, error) {
	match := a.match()
	if match == "" {
		return nil, nil
	}
	w := &where{}
	// CROSS JOIN keeps the order: from the index to the post to the channel.
	sql := `SELECT d.postid FROM parley_posts_fts CROSS JOIN parley_posts_docs d CROSS JOIN posts p`
	join, condition := a.mine(w)
	sql += join + ` WHERE parley_posts_fts MATCH ` + w.arg(match) + ` AND parley_posts_fts.rowid BETWEEN ` + w.arg(docStart(a.Since)) +
		` AND ` + w.arg(docStart(a.Until)+docSpill) + ` AND d.docid = parley_posts_fts.rowid AND p.id = d.postid AND ` + condition +
		// What went on into the ms after its own is within the bounds by its post.
		` AND p.createat >= ` + w.arg(a.Since) + ` AND p.createat < ` + w.arg(a.Until) +
		` ORDER BY parley_posts_fts.rowid DESC LIMIT ` + w.arg(a.limit) + ` OFFSET ` + w.arg(a.offset)
	return db.List(ctx, s.db, db.One[string], sql, w.args...)
}

// match is the expression for FTS5; "" when no post can fit it.
func (a *ask) match() string {
	wanted, excluded := combined(a.Any, exprs(a.Terms)), matches(exprs(a.Excluded))
	if len(a.Terms) > 0 && wanted.empty() {
		return ""
	}
	var all []string
	if !wanted.empty() {
		all = append(all, wanted.match())
	}
	if len(a.from) > 0 {
		all = append(all, "author : ("+anyOf(a.from)+")")
	}
	if len(a.in) > 0 {
		all = append(all, "place : ("+anyOf(a.in)+")")
	}
	if len(a.notFrom) > 0 {
		excluded = append(excluded, "author : ("+anyOf(a.notFrom)+")")
	}
	if len(a.notIn) > 0 {
		excluded = append(excluded, "place : ("+anyOf(a.notIn)+")")
	}
	if len(all) == 0 {
		all = append(all, "place : "+quoted(anywhere))
	}
	text := "(" + strings.Join(all, " AND ") + ")"
	if len(excluded) > 0 {
		text += " NOT (" + strings.Join(excluded, " OR ") + ")"
	}
	return text
}

// match writes a condition down for FTS5.
func (e expr) match() string {
	if len(e.words) > 0 {
		text := e.column + " : " + quoted(e.words...)
		if e.prefix {
			text += " *"
		}
		return text
	}
	between := " AND "
	if e.any {
		between = " OR "
	}
	return "(" + strings.Join(matches(e.kids), between) + ")"
}

func matches(list []expr) []string {
	out := make([]string, len(list))
	for i, e := range list {
		out[i] = e.match()
	}
	return out
}

func quoted(words ...string) string {
	return `"` + strings.ReplaceAll(strings.Join(words, " "), `"`, `""`) + `"`
}

func anyOf(words []string) string {
	list := make([]string, len(words))
	for i, w := range words {
		list[i] = quoted(w)
	}
	return strings.Join(list, " OR ")
}
