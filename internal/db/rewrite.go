package db

import (
	"strconv"
	"strings"
	"sync"
)

// statement is the SQLite form of one SQL text.
type statement struct {
	text  string
	write bool // changes data, so it belongs on the writing connection
}

// rewrites caches statements by their text. Texts are few, but some are built
// (multi-row inserts), so the cache is emptied when it grows past its bound.
var rewrites = struct {
	sync.RWMutex
	m map[string]*statement
}{m: map[string]*statement{}}

const maxRewrites = 2048

func rewritten(query string) *statement {
	rewrites.RLock()
	st := rewrites.m[query]
	rewrites.RUnlock()
	if st != nil {
		return st
	}
	st = rewrite(query)
	rewrites.Lock()
	if len(rewrites.m) >= maxRewrites {
		clear(rewrites.m)
	}
	rewrites.m[query] = st
	rewrites.Unlock()
	return st
}

// manyParameters is from where on parameters that stand in order lose their
// numbers: SQLite's driver looks a numbered one up in the list of all, so that a
// statement of thousands costs the square of them.
const manyParameters = 32

// rewrite turns PostgreSQL's parameters into SQLite's: `$1` becomes `?1`, or `?`,
// `= ANY($1)` becomes `IN (SELECT value FROM json_each(?1))` and `<> ALL($1)`
// the same with NOT IN. Quoted text and comments pass unchanged.
func rewrite(query string) *statement {
	var b strings.Builder
	b.Grow(len(query) + 32)
	st := &statement{}
	first := ""
	var numbers numbers
	for i := 0; i < len(query); {
		c := query[i]
		switch {
		case c == '\'' || c == '"':
			i = copyTo(&b, query, i, quotedEnd(query, i))
		case c == '-' && strings.HasPrefix(query[i:], "--"):
			i = copyTo(&b, query, i, endOf(query, i, "\n"))
		case c == '/' && strings.HasPrefix(query[i:], "/*"):
			i = copyTo(&b, query, i, endOf(query, i, "*/"))
		case c == '$':
			i = numbers.copy(&b, query, i+1)
		case c == '=' || c == '<' || c == '!':
			if with, end := quantified(query, i); end > 0 {
				if i > 0 && isWord(query[i-1]) {
					b.WriteByte(' ') // id=ANY($1)
				}
				b.WriteString(with)
				numbers.jumbled = true
				i = end
				continue
			}
			b.WriteByte(c)
			i++
		case isWord(c):
			end := i
			for end < len(query) && isWord(query[end]) {
				end++
			}
			word := query[i:end]
			if first == "" {
				first = word
			}
			if changesData(word) {
				st.write = true
			}
			i = copyTo(&b, query, i, end)
		default:
			b.WriteByte(c)
			i++
		}
	}
	st.text = numbers.without(b.String())
	st.write = writes(first, st)
	return st
}

// writes says whether a statement that begins with a word belongs on the writing connection.
func writes(first string, st *statement) bool {
	switch strings.ToUpper(first) {
	case "SELECT", "VALUES", "EXPLAIN":
		return false
	case "WITH":
		return st.write
	case "PRAGMA":
		return strings.Contains(st.text, "=")
	}
	return true
}

// numbers are the places of the parameters' numbers in a text.
type numbers struct {
	at      [][2]int // from and to
	jumbled bool     // not 1, 2, 3 …
}

// copy writes the parameter whose number begins at from, and returns where it ends.
func (n *numbers) copy(b *strings.Builder, query string, from int) (end int) {
	for end = from; end < len(query) && query[end] >= '0' && query[end] <= '9'; {
		end++
	}
	b.WriteByte('?')
	n.at = append(n.at, [2]int{b.Len(), b.Len() + end - from})
	n.jumbled = n.jumbled || query[from:end] != strconv.Itoa(len(n.at))
	return copyTo(b, query, from, end)
}

// without is the text without them, where there are many and they say nothing.
func (n *numbers) without(text string) string {
	if n.jumbled || len(n.at) < manyParameters {
		return text
	}
	var b strings.Builder
	b.Grow(len(text))
	from := 0
	for _, at := range n.at {
		b.WriteString(text[from:at[0]])
		from = at[1]
	}
	b.WriteString(text[from:])
	return b.String()
}

func changesData(word string) bool {
	if len(word) != 6 && len(word) != 7 {
		return false
	}
	switch strings.ToUpper(word) {
	case "INSERT", "UPDATE", "DELETE", "REPLACE":
		return true
	}
	return false
}

// quantified recognises `= ANY($n)`, `<> ALL($n)` and `!= ALL($n)` at i and
// returns SQLite's text and where the original ends (0: something else).
func quantified(query string, i int) (with string, end int) {
	rest, not, word := query[i:], false, "ANY"
	switch {
	case strings.HasPrefix(rest, "<>"), strings.HasPrefix(rest, "!="):
		not, word = true, "ALL"
		i += 2
	case rest[0] == '=':
		i++
	default:
		return "", 0
	}
	i = skipSpace(query, i)
	if len(query) < i+3 || !strings.EqualFold(query[i:i+3], word) {
		return "", 0
	}
	i = skipSpace(query, i+3)
	if i >= len(query) || query[i] != '(' {
		return "", 0
	}
	i = skipSpace(query, i+1)
	if i >= len(query) || query[i] != '$' {
		return "", 0
	}
	start := i + 1
	for i = start; i < len(query) && query[i] >= '0' && query[i] <= '9'; i++ {
	}
	n := query[start:i]
	i = skipSpace(query, i)
	if n == "" || i >= len(query) || query[i] != ')' {
		return "", 0
	}
	with = "IN (SELECT value FROM json_each(?" + n + "))"
	if not {
		with = "NOT " + with
	}
	return with, i + 1
}

func copyTo(b *strings.Builder, query string, from, to int) int {
	b.WriteString(query[from:to])
	return to
}

// quotedEnd returns the index after the quoted text that starts at i. A
// doubled quote inside reads as two quoted texts, which comes to the same.
func quotedEnd(query string, i int) int {
	if n := strings.IndexByte(query[i+1:], query[i]); n >= 0 {
		return i + 1 + n + 1
	}
	return len(query)
}

func endOf(query string, i int, mark string) int {
	if n := strings.Index(query[i+2:], mark); n >= 0 {
		return i + 2 + n + len(mark)
	}
	return len(query)
}

func skipSpace(s string, i int) int {
	for i < len(s) && (s[i] == ' ' || s[i] == '\n' || s[i] == '\t' || s[i] == '\r') {
		i++
	}
	return i
}

func isWord(c byte) bool {
	return c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c >= 0x80
}
