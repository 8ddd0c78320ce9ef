package search

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Bounds of a query. What is beyond them is left out, without an error.
const (
	maxText  = 4096 // letters of the whole query
	maxTerms = 32   // words, phrases and hashtags, wanted and excluded
	maxNames = 32   // values of one modifier
	maxWord  = 96   // letters of a word
)

// Kinds of terms.
const (
	word   = 'w' // text without blanks
	phrase = 'p' // words that stand one after the other
	tag    = 't' // a hashtag, in small letters, with its #
)

// Term is one thing to look for.
type Term struct {
	Kind   byte
	Text   string
	Prefix bool // longer words, or hashtags, that begin like this fit too
}

// Query is what somebody asked for.
type Query struct {
	Any             bool   // one of Terms is enough
	Terms, Excluded []Term // what a post must and must not hold
	From, NotFrom   []string
	In, NotIn       []string // channel names or ids; @name is a conversation
	Ext, NotExt     []string // endings of files
	Since, Until    int64    // Unix ms; a post is not before Since, and before Until
	Except          []Span
	Never           bool // asks for what no post can be
}

// Span is a time from the first ms to before the second.
type Span struct{ Since, Until int64 }

// never is later than any post: an Until that excludes nothing.
const never = int64(1) << 50

// Empty tells that a query asks for nothing at all.
func (q *Query) Empty() bool {
	return len(q.Terms)+len(q.Excluded)+len(q.From)+len(q.NotFrom)+len(q.In)+len(q.NotIn)+len(q.Ext)+len(q.NotExt)+len(q.Except) == 0 &&
		q.Since <= 0 && q.Until == never
}

// Parse reads a query as people type it: words, "phrases", -excluded ones,
// beginnings* and #hashtags, and the modifiers from: in: channel: before:
// after: on: ext:, each also with a - before it. Any text is a query. Dates
// are days of a zone that is so many seconds east of UTC.
func Parse(text string, anyTerm bool, zone int) *Query {
	q := &Query{Any: anyTerm, Until: never}
	zone = max(min(zone, 24*3600), -24*3600)
	stopped := false
	r := &reader{rest: clip(strings.Map(noControl, strings.ToValidUTF8(text, " ")), maxText)}
	for {
		t, ok := r.next()
		if !ok {
			break
		}
		if name, value := t.modifier(); name != "" {
			if value == "" {
				following, _ := r.next()
				value = following.text
			}
			q.modify(name, value, t.not, zone)
			continue
		}
		term, ok := t.term()
		switch {
		case !ok || len(q.Terms)+len(q.Excluded) >= maxTerms:
		case term.Kind == word && !term.Prefix && stopWords[strings.ToLower(term.Text)]:
			stopped = stopped || !t.not
		case t.not:
			q.Excluded = append(q.Excluded, term)
		default:
			q.Terms = append(q.Terms, term)
		}
	}
	q.Never = q.Never || q.Since >= q.Until || stopped && len(q.Terms) == 0
	return q
}

// token is a piece of a query between blanks, or between quotes.
type token struct {
	text   string
	quoted bool
	not    bool
}

// reader cuts a query into tokens.
type reader struct{ rest string }

func (r *reader) next() (token, bool) {
	r.rest = strings.TrimLeftFunc(r.rest, blank)
	if r.rest == "" {
		return token{}, false
	}
	t := token{}
	if after, ok := strings.CutPrefix(r.rest, "-"); ok && after != "" && !blank(firstRune(after)) {
		t.not, r.rest = true, after
	}
	if quote(firstRune(r.rest)) {
		r.rest = r.rest[utf8.RuneLen(firstRune(r.rest)):]
		if end := strings.IndexFunc(r.rest, quote); end >= 0 {
			t.text, t.quoted = r.rest[:end], true
			r.rest = r.rest[end+utf8.RuneLen(firstRune(r.rest[end:])):]
		}
		return t, true // a quote that nothing ends is no more than a blank
	}
	end := strings.IndexFunc(r.rest, func(c rune) bool { return blank(c) || quote(c) })
	if end < 0 {
		end = len(r.rest)
	}
	t.text, r.rest = r.rest[:end], r.rest[end:]
	return t, true
}

func firstRune(s string) rune {
	c, _ := utf8.DecodeRuneInString(s)
	return c
}

func blank(c rune) bool { return unicode.IsSpace(c) }

// noControl makes blanks of what no message shows.
func noControl(c rune) rune {
	if unicode.IsControl(c) {
		return ' '
	}
	return c
}

func quote(c rune) bool {
	switch c {
	case '"', '“', '”', '„', '«', '»':
		return true
	}
	return false
}

// modifier splits from:somebody; the value is empty when it stands apart.
func (t token) modifier() (name, value string) {
	if t.quoted {
		return "", ""
	}
	name, value, ok := strings.Cut(t.text, ":")
	if !ok {
		return "", ""
	}
	switch name = strings.ToLower(name); name {
	case "from", "in", "before", "after", "on", "ext":
		return name, value
	case "channel":
		return "in", value
	}
	return "", ""
}

// term is what a token asks for; false when it holds nothing to look for.
func (t token) term() (Term, bool) {
	if t.quoted {
		words := strings.Fields(t.text)
		for i, w := range words {
			words[i] = clip(w, maxWord)
		}
		text := strings.Join(words, " ")
		return Term{Kind: phrase, Text: text}, strings.IndexFunc(text, inWord) >= 0
	}
	text := strings.TrimRightFunc(t.text, func(c rune) bool { return !inWord(c) && c != '*' })
	prefix := strings.HasSuffix(text, "*")
	text = strings.TrimRightFunc(text, func(c rune) bool { return !inWord(c) })
	start := strings.IndexFunc(text, inWord)
	if start < 0 {
		return Term{}, false
	}
	text, hash := clip(text[start:], maxWord), strings.HasSuffix(text[:start], "#")
	if hash && isTag(text) {
		return Term{Kind: tag, Text: "#" + strings.ToLower(text), Prefix: prefix}, true
	}
	// A beginning of one letter fits half of everything.
	return Term{Kind: word, Text: text, Prefix: prefix && utf8.RuneCountInString(text) > 1}, true
}

// isTag tells whether text can stand behind the # of a hashtag.
func isTag(text string) bool {
	if !unicode.IsLetter(firstRune(text)) {
		return false
	}
	return strings.IndexFunc(text, func(c rune) bool {
		return !unicode.IsLetter(c) && !unicode.IsDigit(c) && c != '-' && c != '_' && c != '.'
	}) < 0
}

// modify adds a condition that is no term.
func (q *Query) modify(name, value string, not bool, zone int) {
	value = strings.ToLower(strings.TrimFunc(value, func(c rune) bool { return blank(c) || quote(c) || c == ',' }))
	if value == "" {
		return
	}
	add := func(wanted, unwanted *[]string, v string) {
		if not {
			wanted = unwanted
		}
		if v != "" && len(*wanted) < maxNames {
			*wanted = append(*wanted, clip(v, 256))
		}
	}
	switch name {
	case "from":
		add(&q.From, &q.NotFrom, strings.TrimPrefix(value, "@"))
	case "in":
		add(&q.In, &q.NotIn, strings.TrimPrefix(value, "~"))
	case "ext":
		add(&q.Ext, &q.NotExt, strings.TrimPrefix(value, "."))
	default:
		q.date(name, value, not, zone)
	}
}

// clip shortens s to n letters.
func clip(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for i := range s {
		if n--; n < 0 {
			return s[:i]
		}
	}
	return s
}
