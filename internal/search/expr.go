package search

import (
	"slices"
	"strings"
)

// Columns of the index.
const (
	inWords  = "words"  // the words, English ones by their stems
	inFrench = "french" // the French stems of words whose English ones are others
	inWhole  = "whole"  // addresses, versions, files, hashtags as they stand
)

// expr is a condition on the words of a post, for either engine to write down:
// a phrase of one column, or all or any of others. The zero value is met by
// nothing.
type expr struct {
	any    bool // of kids; otherwise all of them
	kids   []expr
	column string
	words  []string
	prefix bool // the last word is a beginning
}

func phraseOf(column string, prefix bool, words ...string) expr {
	return expr{column: column, words: words, prefix: prefix}
}

func (e expr) empty() bool { return len(e.words) == 0 && len(e.kids) == 0 }

// combined is all, or any, of a list, without the empty ones.
func combined(anyOf bool, list []expr) expr {
	list = slices.DeleteFunc(list, expr.empty)
	if len(list) == 0 {
		return expr{}
	}
	if len(list) == 1 {
		return list[0]
	}
	return expr{any: anyOf, kids: list}
}

// exprs are the conditions that terms make, without those that have no words,
// such as a lone accent.
func exprs(terms []Term) []expr {
	var out []expr
	for _, t := range terms {
		if e := t.expr(); !e.empty() {
			out = append(out, e)
		}
	}
	return out
}

// expr is what the index is asked for a term: its words, one after the other,
// and those of its pieces that are kept whole.
func (t Term) expr() expr {
	switch t.Kind {
	case tag:
		return phraseOf(inWhole, t.Prefix, wholeTokens(t.Text)...)
	case phrase:
		return phraseOf(inWords, false, wordsOf(t.Text)...)
	}
	var all []expr
	var run []lexeme
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
				all = append(all, phraseOf(inWhole, false, wholeTokens(plain(part))...))
				continue
			}
			eachWord(part, func(w lexeme) { run = append(run, w) })
		}
	})
	end(t.Prefix)
	return combined(false, all)
}

// parts splits a piece of a query at its hyphens, unless it is an address.
func parts(piece string) []string {
	if strings.Contains(piece, "@") {
		return []string{piece}
	}
	return slices.DeleteFunc(strings.Split(piece, "-"), func(p string) bool { return strings.IndexFunc(p, inWord) < 0 })
}

// beginning looks for words in a row, the last of which may be a beginning:
// that is looked for as it was typed and by its stem. A word that stands alone
// is looked for by its French stem, too.
func beginning(run []lexeme, prefix bool) expr {
	stems := make([]string, len(run))
	for i, w := range run {
		stems[i] = w.english
	}
	last := len(run) - 1
	list := []expr{phraseOf(inWords, prefix, stems...)}
	if prefix && stems[last] != run[last].raw {
		list = append(list, phraseOf(inWords, true, append(stems[:last:last], run[last].raw)...))
	}
	if f := run[last].french; !prefix && len(run) == 1 && f != "" {
		list = append(list, phraseOf(inFrench, false, f))
		if f != stems[0] {
			list = append(list, phraseOf(inWords, false, f)) // that of a word whose English stem is the same
		}
	}
	return combined(true, list)
}
