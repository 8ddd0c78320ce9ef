package commands

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// split takes a typed command apart: the trigger, in lower case and without its
// slash, and the rest without blanks around it. ok is false for a text that is no
// command.
func split(typed string) (trigger, rest string, ok bool) {
	name, isOne := strings.CutPrefix(typed, "/")
	if !isOne {
		return "", "", false
	}
	end := strings.IndexFunc(name, unicode.IsSpace)
	if end < 0 {
		end = len(name)
	}
	return strings.ToLower(name[:end]), strings.TrimSpace(name[end:]), end > 0
}

// word takes the first word off a text.
func word(text string) (first, rest string) {
	text = strings.TrimSpace(text)
	end := strings.IndexFunc(text, unicode.IsSpace)
	if end < 0 {
		return text, ""
	}
	return text[:end], strings.TrimSpace(text[end:])
}

// unquote takes the quotation marks off a text that stands in them.
func unquote(text string) string {
	text = strings.TrimSpace(text)
	for _, q := range []string{`"`, `'`} {
		if len(text) >= 2 && strings.HasPrefix(text, q) && strings.HasSuffix(text, q) {
			return strings.TrimSpace(text[1 : len(text)-1])
		}
	}
	return text
}

// named reads a name of a user or channel as people write it: with a sign before
// it and perhaps a comma behind.
func named(sign, w string) string {
	return strings.ToLower(strings.TrimSuffix(strings.TrimPrefix(w, sign), ","))
}

// echoed reads "'message' 5" or "message 5": the seconds are the last word, if
// that is a number and something stands before it.
func echoed(text string) (message string, seconds int64) {
	text = strings.TrimSpace(text)
	if at := strings.LastIndexFunc(text, unicode.IsSpace); at > 0 {
		if n, err := strconv.ParseInt(strings.TrimSpace(text[at:]), 10, 64); err == nil {
			return unquote(text[:at]), n
		}
	}
	return unquote(text), 0
}

// people reads the names at the beginning of a text, by spaces or commas apart:
// "@ann,@ben 'hello'", "@ann, @ben hello". What follows the last is the rest.
func people(text string) (names []string, rest string) {
	rest = strings.TrimSpace(text)
	for strings.HasPrefix(rest, "@") {
		var first string
		first, rest = word(rest)
		for _, name := range strings.Split(first, ",") {
			if name = named("@", name); name != "" && !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
		rest = strings.TrimSpace(strings.TrimPrefix(rest, ","))
	}
	return names, rest
}

// invited reads "@ann ben ~room ~yard": users, with or without their sign, and
// channels.
func invited(text string) (users, rooms []string) {
	for _, w := range strings.FieldsFunc(text, func(r rune) bool { return unicode.IsSpace(r) || r == ',' }) {
		if strings.HasPrefix(w, "~") {
			if room := named("~", w); room != "" && !slices.Contains(rooms, room) {
				rooms = append(rooms, room)
			}
		} else if user := named("@", w); user != "" && !slices.Contains(users, user) {
			users = append(users, user)
		}
	}
	return users, rooms
}

var statusEmoji = regexp.MustCompile(`^:([A-Za-z0-9_+-]+):\s*`)

// statusOf reads ":palm_tree: On holiday", an emoji without a text, or a text
// without an emoji.
func statusOf(text string) (emoji, words string) {
	text = strings.TrimSpace(text)
	if m := statusEmoji.FindStringSubmatch(text); m != nil {
		return m[1], strings.TrimSpace(text[len(m[0]):])
	}
	return "", text
}

// mentioned returns the names that a text addresses with a sign, each once.
func mentioned(sign, text string) []string {
	var names []string
	for _, w := range strings.Fields(text) {
		if !strings.HasPrefix(w, sign) {
			continue
		}
		name := strings.TrimRight(named(sign, w), ".,:;!?)")
		if name != "" && len(name) <= 64 && !slices.Contains(names, name) && len(names) < mentionedMost {
			names = append(names, name)
		}
	}
	return names
}

// mentionedMost bounds how many an integration is told the ids of.
const mentionedMost = 50
