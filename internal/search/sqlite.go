package search

import (
	"context"
	"slices"
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
	wanted, excluded := matches(a.Terms), matches(a.Excluded)
	if len(a.Terms) > 0 && len(wanted) == 0 {
		return ""
	}
	between := " AND "
	if a.Any {
		between = " OR "
	}
	var all []string
	if len(wanted) > 0 {
		all = append(all, "("+strings.Join(wanted, between)+")")
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
	expr := "(" + strings.Join(all, " AND ") + ")"
	if len(excluded) > 0 {
		expr += " NOT (" + strings.Join(excluded, " OR ") + ")"
	}
	return expr
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

func matches(terms []Term) []string {
	var out []string
	for _, t := range terms {
		if m := t.match(); m != "" {
			out = append(out, m)
		}
	}
	return out
}

// match is what FTS5 looks for: the words of the term, one after the other,
// and those of its pieces that are kept whole. It is "" for a term without
// words, such as a lone accent.
func (t Term) match() string {
	if t.Kind == tag {
		return "whole : " + quoted(t.Text) + star(t.Prefix)
	}
	if t.Kind == phrase {
		if list := wordsOf(t.Text); len(list) > 0 {
			return "words : " + quoted(list...)
		}
		return ""
	}
	var all, run []string
	end := func(prefix bool) {
		if len(run) > 0 {
			all = append(all, beginning(run, prefix))
			run = nil
		}
	}
	pieces(t.Text, func(piece string) {
		for _, part := range parts(piece) {
			if whole(part) {
				end(false)
				all = append(all, "whole : "+quoted(plain(part)))
				continue
			}
			run = appendWords(run, part, true)
		}
	})
	end(t.Prefix)
	if len(all) == 0 {
		return ""
	}
	return "(" + strings.Join(all, " AND ") + ")"
}

// parts splits a piece of a query at its hyphens, unless it is an address.
func parts(piece string) []string {
	if strings.Contains(piece, "@") {
		return []string{piece}
	}
	return slices.DeleteFunc(strings.Split(piece, "-"), func(p string) bool { return strings.IndexFunc(p, inWord) < 0 })
}

// beginning looks for words in a row, the last of which may be a beginning:
// that is looked for as it was typed and by its stem.
func beginning(raw []string, prefix bool) string {
	stems := make([]string, len(raw))
	for i, w := range raw {
		stems[i] = w
		if english(w) {
			stems[i] = stem(w)
		}
	}
	expr := "words : " + quoted(stems...) + star(prefix)
	last := len(raw) - 1
	if prefix && stems[last] != raw[last] {
		expr = "(" + expr + " OR words : " + quoted(append(stems[:last:last], raw[last])...) + " *)"
	}
	return expr
}

func star(prefix bool) string {
	if prefix {
		return " *"
	}
	return ""
}
