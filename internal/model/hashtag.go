package model

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// ParseHashtags finds the hashtags of a message (rules: reference text-facts.json). tags holds them in their
// order, separated by spaces and cut after the last whole one that fits the column; plain holds the other words.
//
// A word is a hashtag when, without the punctuation around it, it is # and a letter, then letters, digits, - _ .
// and at last a letter or digit. ServiceSettings.MinimumHashtagLength does not count here: clients apply it.
func ParseHashtags(text string) (tags, plain string) {
	if !strings.Contains(text, "#") {
		return "", strings.Join(strings.Fields(text), " ")
	}
	var found, rest strings.Builder
	for word := range strings.FieldsSeq(text) {
		tag := trimHashtag(word)
		switch {
		case !isHashtag(tag):
			appendWord(&rest, word)
		case found.Len()+1+len(tag) <= PostHashtagsMaxLength:
			appendWord(&found, tag)
		}
	}
	return found.String(), rest.String()
}

func appendWord(b *strings.Builder, word string) {
	if b.Len() > 0 {
		b.WriteByte(' ')
	}
	b.WriteString(word)
}

// trimHashtag strips the punctuation around a word and makes several leading # one.
func trimHashtag(word string) string {
	word = strings.TrimLeftFunc(word, func(r rune) bool { return r != '#' && !isWordRune(r) })
	word = strings.TrimRightFunc(word, func(r rune) bool { return !isWordRune(r) })
	if strings.HasPrefix(word, "##") {
		word = "#" + strings.TrimLeft(word, "#")
	}
	return word
}

func isHashtag(s string) bool {
	body, ok := strings.CutPrefix(s, "#")
	if !ok {
		return false
	}
	first, n := utf8.DecodeRuneInString(body)
	if !unicode.IsLetter(first) || n == len(body) {
		return false
	}
	var last rune
	for _, r := range body[n:] {
		if !isWordRune(r) && r != '-' && r != '_' && r != '.' {
			return false
		}
		last = r
	}
	return isWordRune(last)
}

// isWordRune tells whether r is a letter of any script or an ASCII digit.
func isWordRune(r rune) bool { return r >= '0' && r <= '9' || unicode.IsLetter(r) }
