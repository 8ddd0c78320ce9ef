package ircgate

import (
	_ "embed"
	"regexp"
	"strings"
	"sync"
)

// glyphList holds a name and a character a line, for the emojis that every server has. It is made
// from web/src/markdown/glyphs.json; a test compares the two.
//
//go:embed glyphs.txt
var glyphList string

type glyphTable struct{ byName, byGlyph map[string]string }

var glyphs = sync.OnceValue(func() glyphTable {
	t := glyphTable{make(map[string]string, 2100), make(map[string]string, 2100)}
	for l := range strings.Lines(glyphList) {
		name, glyph, _ := strings.Cut(strings.TrimSuffix(l, "\n"), " ")
		t.byName[name] = glyph
		if plain := bare(glyph); t.byGlyph[plain] == "" {
			t.byGlyph[plain] = name // the first name is the one it is written with
		}
	}
	return t
})

// bare leaves out the sign that asks for a coloured picture, which some clients write and others not.
func bare(glyph string) string { return strings.ReplaceAll(glyph, "\uFE0F", "") }

var tones = map[string]string{"light": "\U0001F3FB", "medium_light": "\U0001F3FC", "medium": "\U0001F3FD", "medium_dark": "\U0001F3FE", "dark": "\U0001F3FF"}

var toned = regexp.MustCompile(`^(.+)_(medium_light|medium_dark|light|medium|dark)_skin_tone$`)

// glyphOf is the character of an emoji's name, with a skin tone if the name has one; "" for none,
// such as a custom emoji.
func glyphOf(name string) string {
	if g := glyphs().byName[name]; g != "" {
		return g
	}
	if m := toned.FindStringSubmatch(name); m != nil {
		if g := glyphs().byName[m[1]]; g != "" {
			first := []rune(bare(g))
			return string(first[0]) + tones[m[2]] + string(first[1:])
		}
	}
	return ""
}

// emojiName is the name of an emoji that is given as a character, as a name or as :name:.
func emojiName(s string) (string, bool) {
	if name := glyphs().byGlyph[bare(s)]; name != "" {
		return name, true
	}
	for tone, sign := range tones {
		if strings.Contains(s, sign) {
			if name := glyphs().byGlyph[bare(strings.Replace(s, sign, "", 1))]; name != "" {
				return name + "_" + tone + "_skin_tone", true
			}
		}
	}
	name := strings.Trim(s, ":")
	return name, shortName.MatchString(name)
}

var (
	shortName = regexp.MustCompile(`^[a-z0-9_+-]{1,64}$`)
	shortcode = regexp.MustCompile(`:([a-z0-9_+-]{1,64}):`)
)

// shortcodes writes the emojis of a text as characters.
func shortcodes(s string) string {
	return shortcode.ReplaceAllStringFunc(s, func(code string) string {
		if g := glyphOf(code[1 : len(code)-1]); g != "" {
			return g
		}
		return code
	})
}
