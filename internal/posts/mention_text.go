package posts

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// readable returns the part of a message that mentions, hashtags and emojis
// are looked for in: without code spans and code blocks, each of which becomes
// a blank. A message without code is returned as it is.
func readable(message string) string {
	if !strings.ContainsAny(message, "`~\t") && !strings.Contains(message, "    ") {
		return message
	}
	var out strings.Builder
	out.Grow(len(message))
	fence, blank := "", true
	var prose strings.Builder // lines between blocks, whose spans are cut together
	flush := func() {
		cutSpans(&out, prose.String())
		prose.Reset()
	}
	for line := range strings.Lines(message) {
		mark := fenceOf(line)
		switch {
		case fence != "":
			if mark != "" && strings.HasPrefix(mark, fence) && strings.TrimSpace(strings.TrimLeft(line, " ")[len(mark):]) == "" {
				fence, blank = "", true
			}
		case mark != "":
			flush()
			out.WriteByte('\n')
			fence = mark
		case blank && (strings.HasPrefix(line, "    ") || line[0] == '\t') && strings.TrimSpace(line) != "":
			flush()
			out.WriteByte('\n')
		default:
			blank = strings.TrimSpace(line) == ""
			prose.WriteString(line)
		}
	}
	flush()
	return out.String()
}

// fenceOf returns the three or more backticks or tildes that begin a line, or "".
func fenceOf(line string) string {
	trimmed := strings.TrimLeft(line, " ")
	if len(line)-len(trimmed) > 3 || len(trimmed) < 3 || trimmed[0] != '`' && trimmed[0] != '~' {
		return ""
	}
	n := 0
	for n < len(trimmed) && trimmed[n] == trimmed[0] {
		n++
	}
	if n < 3 || trimmed[0] == '`' && strings.Contains(trimmed[n:], "`") {
		return ""
	}
	return trimmed[:n]
}

// cutSpans copies text without what stands between equal runs of backticks.
func cutSpans(out *strings.Builder, text string) {
	for {
		at := strings.IndexByte(text, '`')
		if at < 0 {
			out.WriteString(text)
			return
		}
		n := run(text[at:])
		out.WriteString(text[:at])
		if end := closing(text[at+n:], n); end >= 0 {
			out.WriteByte(' ')
			text = text[at+n+end+n:]
			continue
		}
		out.WriteString(text[at : at+n])
		text = text[at+n:]
	}
}

func run(s string) int {
	n := 0
	for n < len(s) && s[n] == '`' {
		n++
	}
	return n
}

// closing finds a run of exactly n backticks.
func closing(s string, n int) int {
	for at := 0; at < len(s); {
		i := strings.IndexByte(s[at:], '`')
		if i < 0 {
			return -1
		}
		at += i
		if m := run(s[at:]); m != n {
			at += m
			continue
		}
		return at
	}
	return -1
}

func wordBreak(r rune) bool {
	return r != ':' && r != '.' && r != '-' && r != '_' && r != '@' && !unicode.IsLetter(r) && !unicode.IsNumber(r)
}

// words yields the words of a text as the mention rules cut them, without
// `:emoji:` tokens.
func words(text string, yield func(string)) {
	for word := range strings.FieldsFuncSeq(text, wordBreak) {
		if len(word) > 2 && word[0] == ':' && word[len(word)-1] == ':' {
			continue
		}
		if word = strings.TrimLeft(word, ":.-_"); word != "" {
			yield(word)
		}
	}
}

// forms calls try with the readings of a word until one returns true: the word
// itself, shorter by the marks that may end a sentence, and, when none of them
// fits, its parts between dots, dashes and colons.
func forms(word string, try func(string) bool) {
	if try(word) {
		return
	}
	for w := word; w != "" && strings.IndexByte(".-:_", w[len(w)-1]) >= 0; {
		if w = w[:len(w)-1]; w != "" && try(w) {
			return
		}
	}
	if !strings.ContainsAny(word, ".-:") {
		return
	}
	for part := range strings.FieldsFuncSeq(word, func(r rune) bool { return r == '.' || r == '-' || r == ':' }) {
		try(part)
	}
}

func ascii(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
