package preferences

import (
	"encoding/json"
	"regexp"
	"strconv"
	"unicode/utf8"

	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
)

// Check is tidy for an import, which writes many people's preferences at once.
func Check(p *model.Preference) error { return tidy(p) }

// tidy holds a preference against the rules (reference: limits.tsv,
// notify-props.json) and blanks colours of a theme that are none.
func tidy(p *model.Preference) error {
	bad := func(what string) error { return fault.Invalid("model.preference.is_valid." + what + ".app_error") }
	switch {
	case !id.Valid(p.UserID):
		return bad("id")
	case p.Category == "" || len(p.Category) > model.PreferenceCategoryMaxLength:
		return bad("category")
	case len(p.Name) > model.PreferenceNameMaxLength:
		return bad("name")
	case utf8.RuneCountInString(p.Value) > model.PreferenceValueMaxRunes:
		return bad("value")
	case p.Category == model.PreferenceCategoryTheme && !tidyTheme(p):
		return bad("theme")
	case p.Category == model.PreferenceCategorySidebarSettings && p.Name == model.PreferenceNameLimitVisibleDMs && !visibleDMs(p.Value):
		return bad("limit_visible_dms_gms")
	}
	return nil
}

// visibleDMs tells whether s says how many direct messages a sidebar shows.
func visibleDMs(s string) bool {
	n, err := strconv.Atoi(s)
	return err == nil && (n >= 1 && n <= model.PreferenceVisibleDMsMax || n == model.PreferenceVisibleDMsNoLimit)
}

var colour = regexp.MustCompile(`^#[0-9a-fA-F]{3}([0-9a-fA-F]{3})?$`)

// tidyTheme reports whether a theme is a JSON object of texts. Clients write its
// values into style sheets, so what should be a colour and is none becomes white.
func tidyTheme(p *model.Preference) bool {
	var theme map[string]string
	if json.Unmarshal([]byte(p.Value), &theme) != nil || theme == nil {
		return false
	}
	changed := false
	for key, value := range theme {
		if key != "image" && key != "type" && key != "codeTheme" && !colour.MatchString(value) {
			theme[key], changed = "#ffffff", true
		}
	}
	if changed {
		p.Value = encode(theme)
	}
	return true
}
