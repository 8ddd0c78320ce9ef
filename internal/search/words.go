package search

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/blevesearch/snowballstem"
	"github.com/blevesearch/snowballstem/french"
	"golang.org/x/text/unicode/norm"
)

// A text is read in pieces: letters and digits with what may connect them, so
// that user@example.org and v1.2.3-rc are one each. The words of a piece are
// its runs of letters and digits, without accents, in small letters, and by
// their stems, once as English and once as French: nobody says which it is. Scripts that put no blanks between words give
// one word a letter: a phrase of them is then any part of a text.

func inWord(c rune) bool { return unicode.IsLetter(c) || unicode.IsDigit(c) || unicode.IsMark(c) }

func connects(c rune) bool {
	switch c {
	case '.', '_', '@', '-', '\'', '’':
		return true
	}
	return false
}

// unspaced tells of scripts whose words aren't set apart, or, as in Korean,
// where what people look for is a part of what stands between blanks.
func unspaced(c rune) bool {
	return c >= 0x0E00 && unicode.In(c, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.Thai,
		unicode.Lao, unicode.Khmer, unicode.Myanmar)
}

// pieces calls fn with each piece of a text.
func pieces(text string, fn func(piece string)) {
	if !norm.NFC.IsNormalString(text) {
		text = norm.NFC.String(text)
	}
	for text != "" {
		start := strings.IndexFunc(text, inWord)
		if start < 0 {
			return
		}
		text = text[start:]
		end := strings.IndexFunc(text, func(c rune) bool { return !inWord(c) && !connects(c) })
		if end < 0 {
			end = len(text)
		}
		fn(strings.TrimRightFunc(text[:end], connects))
		text = text[end:]
	}
}

// whole tells whether a piece is also looked for as it stands: an address, a
// host, a version, a file.
func whole(piece string) bool { return strings.ContainsAny(piece, ".@") }

// lexeme is a word of a text.
type lexeme struct {
	raw     string // in small letters, without accents
	english string // its stem, as English
	french  string // its stem, as French; "" when that can't be told
}

// eachWord calls fn with each word of a piece.
func eachWord(piece string, fn func(lexeme)) {
	for piece != "" {
		c, n := utf8.DecodeRuneInString(piece)
		switch {
		case !inWord(c):
			piece = piece[n:]
			continue
		case unspaced(c):
			fn(lexeme{raw: piece[:n], english: piece[:n]})
			piece = piece[n:]
			continue
		}
		end := strings.IndexFunc(piece, func(c rune) bool { return !inWord(c) || unspaced(c) })
		if end < 0 {
			end = len(piece)
		}
		written := clip(piece[:end], maxWord)
		if w := plain(written); w != "" {
			out := lexeme{raw: w, english: w}
			if english(w) {
				out.english, out.french = stem(w), frenchStem(written)
			}
			fn(out)
		}
		piece = piece[end:]
	}
}

// frenchStem is the stem of a word, without accents, as Snowball's French
// algorithm works it out. Short words have none that says anything.
func frenchStem(written string) string {
	if utf8.RuneCountInString(written) < 4 {
		return ""
	}
	env := snowballstem.NewEnv(strings.ToLower(written))
	french.Stem(env)
	return plain(env.Current())
}

// wholeTokens cuts a piece that is kept whole as the index of SQLite does.
func wholeTokens(piece string) []string {
	return strings.FieldsFunc(piece, func(c rune) bool {
		return c < utf8.RuneSelf && !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9') && !strings.ContainsRune("#@._-", c)
	})
}

func english(w string) bool {
	for i := range len(w) {
		if w[i] < 'a' || w[i] > 'z' {
			return false
		}
	}
	return true
}

// plain is a word in small letters without accents.
func plain(w string) string {
	for i := range len(w) {
		if w[i] >= utf8.RuneSelf {
			return strings.Map(withoutAccent, strings.ToLower(norm.NFD.String(w)))
		}
	}
	return strings.ToLower(w)
}

// withoutAccent drops the marks that NFD sets apart from Latin, Greek and
// Cyrillic letters; those of other scripts are letters in their own right.
func withoutAccent(c rune) rune {
	if c >= 0x0300 && c <= 0x036F {
		return -1
	}
	return c
}

// wordsOf lists the words of a text in order, English ones by their stems.
func wordsOf(text string) []string {
	var list []string
	pieces(text, func(piece string) { eachWord(piece, func(w lexeme) { list = append(list, w.english) }) })
	return list
}

// wholesOf lists the pieces of a text that are looked for as they stand.
func wholesOf(text string) []string {
	var list []string
	pieces(text, func(piece string) {
		if whole(piece) {
			list = append(list, plain(clip(piece, maxWord)))
		}
	})
	return list
}
