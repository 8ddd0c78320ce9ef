package traces

import (
	"net/http"
	"strings"
	"unicode/utf8"
)

// method is a method of HTTP; anything else that a client sends is "_OTHER".
func method(verb string) string {
	switch verb {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete,
		http.MethodOptions, http.MethodConnect, http.MethodTrace:
		return verb
	case "":
		return http.MethodGet
	}
	return "_OTHER"
}

// agent narrows what a client calls itself to a kind.
func agent(header string) string {
	for _, one := range [...]struct{ token, kind string }{
		{"attermost Mobile", "mobile"}, {"attermost-mobile", "mobile"}, {"Electron/", "desktop"}, {"Mozilla/", "browser"},
	} {
		if strings.Contains(header, one.token) {
			return one.kind
		}
	}
	if header == "" {
		return "none"
	}
	return "program"
}

// before is what stands before the name of the table that a statement is about.
var before = map[string]string{"SELECT": "FROM", "DELETE": "FROM", "INSERT": "INTO", "UPDATE": "UPDATE", "WITH": "FROM"}

// StatementName makes "posts.select" of a statement's text, "other" of what is about no table. Texts are written in
// code, so there are few.
func StatementName(query string) string {
	verb, last := "", ""
	for word := range strings.FieldsSeq(query) {
		upper := strings.ToUpper(word)
		if verb == "" {
			if verb = upper; before[verb] == "" {
				return "other"
			}
		}
		if last != "" && last == before[verb] {
			if table, _, _ := strings.Cut(strings.ToLower(word), "("); table != "" {
				return strings.Trim(table, `",;`) + "." + strings.ToLower(verb)
			}
			break
		}
		last = upper
	}
	return "other"
}

// textMost bounds what is told of a statement, in bytes: some name thousands of parameters.
const textMost = 1000

// bare is a statement's text in one line without what stands in it as a value:
// texts in quotes and numbers become a question mark. $1 stays.
func bare(query string) string {
	var out strings.Builder
	out.Grow(min(len(query), textMost+8))
	space, word := false, false // the last was space; it belongs to a name or a parameter
	for i := 0; i < len(query); {
		if out.Len() >= textMost {
			out.WriteString("…")
			break
		}
		c := query[i]
		switch {
		case c == ' ' || c == '\t' || c == '\n' || c == '\r':
			space, word = true, false
			i++
			continue
		case c == '\'' || c == '$' && !parameter(query[i:]):
			i = skipText(query, i)
			between(&out, &space)
			out.WriteByte('?')
			word = true
			continue
		case c >= '0' && c <= '9' && !word:
			for i < len(query) && (isWord(query[i]) || query[i] == '.') {
				i++
			}
			between(&out, &space)
			out.WriteByte('?')
			word = true
			continue
		}
		word = c == '$' || isWord(c)
		between(&out, &space)
		r, size := utf8.DecodeRuneInString(query[i:])
		out.WriteRune(r)
		i += size
	}
	return out.String()
}

// between writes the space that stood before something, unless that is the first.
func between(out *strings.Builder, space *bool) {
	if *space && out.Len() > 0 {
		out.WriteByte(' ')
	}
	*space = false
}

func isWord(c byte) bool {
	return c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= utf8.RuneSelf
}

// parameter reports whether a text that begins with a dollar begins with $1 or so.
func parameter(s string) bool { return len(s) > 1 && s[1] >= '0' && s[1] <= '9' }

// skipText returns where a text ends that begins at i, with ' or with $tag$.
// One that doesn't end is the rest.
func skipText(s string, i int) int {
	if s[i] == '\'' {
		for i++; i < len(s); i++ {
			if s[i] != '\'' {
				continue
			}
			if i+1 == len(s) || s[i+1] != '\'' {
				return i + 1
			}
			i++
		}
		return len(s)
	}
	tag := strings.IndexByte(s[i+1:], '$')
	if tag < 0 {
		return len(s)
	}
	quote := s[i : i+tag+2]
	if end := strings.Index(s[i+len(quote):], quote); end >= 0 {
		return i + 2*len(quote) + end
	}
	return len(s)
}
