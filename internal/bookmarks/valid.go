package bookmarks

import (
	"strings"
	"unicode/utf8"

	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
)

// patched is a bookmark with the fields of a patch.
func patched(m model.ChannelBookmark, p *model.ChannelBookmarkPatch) model.ChannelBookmark {
	for _, f := range []struct{ to, from *string }{{&m.DisplayName, p.DisplayName}, {&m.LinkURL, p.LinkURL},
		{&m.ImageURL, p.ImageURL}, {&m.Emoji, p.Emoji}, {&m.FileID, p.FileID}} {
		if f.from != nil {
			*f.to = *f.from
		}
	}
	return m
}

// check holds a bookmark against the rules of the protocol.
func check(m *model.ChannelBookmark) error {
	invalid := func(what string) error {
		return fault.Invalid("model.channel_bookmark.is_valid." + what + ".app_error")
	}
	switch {
	case strings.TrimSpace(m.DisplayName) == "" || utf8.RuneCountInString(m.DisplayName) > model.BookmarkDisplayNameMaxRunes:
		return invalid("display_name")
	case m.Type != model.BookmarkLink && m.Type != model.BookmarkFile:
		return invalid("type")
	case m.Type == model.BookmarkLink && !webAddress(m.LinkURL):
		return invalid("link_url.missing_or_invalid")
	case m.Type == model.BookmarkFile && !id.Valid(m.FileID):
		return errFile
	case m.FileID != "" && m.LinkURL != "" || m.Type == model.BookmarkLink && m.FileID != "":
		return invalid("link_file")
	case m.ImageURL != "" && !webAddress(m.ImageURL):
		return invalid("image_url")
	case m.Emoji != "" && !model.ValidEmojiName(strings.Trim(m.Emoji, ":")) || utf8.RuneCountInString(m.Emoji) > model.EmojiNameMaxLength:
		return fault.InvalidParam("emoji")
	}
	return nil
}

// webAddress reports whether s leads to the web: nothing that a browser would
// run, and nothing on the reader's own machine.
func webAddress(s string) bool {
	return utf8.RuneCountInString(s) <= model.BookmarkLinkMaxRunes && model.WebAddress(s)
}
