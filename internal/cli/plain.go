package cli

import (
	"fmt"
	"io"
	"strings"
	"unicode"
)

// plainWriter writes control characters out, as \u001b, so that nothing that
// people have written (a name, a setting) can steer the reader's terminal or
// turn the direction of its text. The form is also right inside of the strings
// of JSON and TOML.
type plainWriter struct{ to io.Writer }

// Write writes p, and reports it as written whole.
func (w plainWriter) Write(p []byte) (int, error) {
	_, err := io.WriteString(w.to, plain(string(p)))
	return len(p), err
}

func plain(s string) string {
	if !strings.ContainsFunc(s, steers) {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		if steers(r) {
			fmt.Fprintf(&b, `\u%04x`, r)
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}

// steers reports whether r is a control character other than the line's end and
// the tabulator, or one that turns the direction of text.
func steers(r rune) bool {
	return r != '\n' && r != '\t' && (unicode.IsControl(r) || r == '\u061c' || r == '\u200e' || r == '\u200f' ||
		r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069')
}
