package channels

import (
	"unicode/utf8"

	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/model"
)

// Check is check for an import, which writes rows with times of their own.
func Check(ch *model.Channel) error { return check(ch) }

// check holds a channel's fields against their limits (reference: limits.tsv).
func check(ch *model.Channel) error {
	bad := func(what string) error { return fault.Invalid("model.channel.is_valid." + what + ".app_error") }
	switch {
	case utf8.RuneCountInString(ch.DisplayName) > model.ChannelDisplayNameMaxRunes:
		return bad("display_name")
	case !ch.IsConversation() && model.IsDirectChannelName(ch.Name):
		return bad("name")
	case !ch.IsConversation() && !model.ValidChannelName(ch.Name):
		return bad("1_or_more")
	case ch.Type != model.ChannelOpen && ch.Type != model.ChannelPrivate && !ch.IsConversation():
		return bad("type")
	case utf8.RuneCountInString(ch.Header) > model.ChannelHeaderMaxRunes:
		return bad("header")
	case utf8.RuneCountInString(ch.Purpose) > model.ChannelPurposeMaxRunes:
		return bad("purpose")
	case utf8.RuneCountInString(ch.DefaultCategoryName) > model.ChannelDisplayNameMaxRunes:
		return fault.InvalidParam("default_category_name")
	}
	return checkBanner(ch)
}

// checkBanner holds the banner against its limits; one that is shown needs a
// text and a colour.
func checkBanner(ch *model.Channel) error {
	b := ch.BannerInfo
	if b == nil || b.Enabled == nil || !*b.Enabled {
		return nil
	}
	bad := func(what string) error {
		return fault.Invalid("model.channel.is_valid.banner_info." + what + ".app_error")
	}
	switch {
	case ch.IsConversation():
		return bad("channel_type")
	case b.Text == nil || *b.Text == "":
		return bad("text.empty")
	case len(*b.Text) > model.ChannelBannerTextMaxLength:
		return bad("text.invalid_length")
	case b.BackgroundColor == nil || *b.BackgroundColor == "":
		return bad("background_color.empty")
	case !model.ValidColor(*b.BackgroundColor):
		return bad("background_color.invalid")
	}
	return nil
}
