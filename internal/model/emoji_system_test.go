package model

import "testing"

func TestSystemEmoji(t *testing.T) {
	for _, name := range []string{"smile", "+1", "-1", "taco", "flag-fr", "mattermost", "wave_dark_skin_tone", "thumbsup_medium_light_skin_tone",
		"woman-kiss-man_light_skin_tone_dark_skin_tone"} {
		if !SystemEmoji(name) {
			t.Errorf("%s is no emoji", name)
		}
	}
	for _, name := range []string{"", "nothing_like_it", "Smile", "smile_dark_skin_tone", "wave_dark_skin_tone_dark_skin_tone", "not valid!", "_dark_skin_tone"} {
		if SystemEmoji(name) {
			t.Errorf("%s is an emoji", name)
		}
	}
}
