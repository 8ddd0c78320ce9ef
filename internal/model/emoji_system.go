package model

import (
	_ "embed"
	"strings"
	"sync"
)

// emojiNames holds the short names of the Unicode emojis, as the open data set
// emoji-datasource 16 (MIT) gives them and the protocol's clients know them: one a
// line, followed by how many skin tones a person in it can be given.
//
//go:embed emoji_names.txt
var emojiNames string

var systemEmojis = sync.OnceValue(func() map[string]int {
	m := make(map[string]int, 2100)
	for line := range strings.Lines(emojiNames) {
		name, tones, _ := strings.Cut(strings.TrimSuffix(line, "\n"), " ")
		m[name] = len(tones)
		if tones != "" {
			m[name] = int(tones[0] - '0')
		}
	}
	return m
})

var skinTones = [...]string{"_medium_light_skin_tone", "_medium_dark_skin_tone", "_light_skin_tone", "_medium_skin_tone", "_dark_skin_tone"}

// SystemEmoji tells whether name is one of the emojis that every server has: a
// Unicode emoji by its short name, with skin tones such as wave_dark_skin_tone
// where it has any.
func SystemEmoji(name string) bool {
	given := 0
	for ; given <= 2; given++ {
		if tones, ok := systemEmojis()[name]; ok {
			return given <= tones
		}
		base, ok := cutTone(name)
		if !ok {
			return false
		}
		name = base
	}
	return false
}

func cutTone(name string) (string, bool) {
	for _, tone := range skinTones {
		if base, ok := strings.CutSuffix(name, tone); ok {
			return base, true
		}
	}
	return name, false
}
