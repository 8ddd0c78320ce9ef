package posts

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/parley-chat/parley/internal/model"
)

// The rules below are those of text-facts.json in the reference.

// hashtags returns the hashtags of a message, separated by blanks, as the
// column holds them.
func hashtags(message string, minLength int) string {
	if strings.IndexByte(message, '#') < 0 {
		return ""
	}
	var out []byte
	for word := range strings.FieldsSeq(message) {
		if strings.IndexByte(word, '#') < 0 {
			continue
		}
		tag := hashtag(word)
		if utf8.RuneCountInString(tag) < minLength {
			continue
		}
		if len(out)+1+len(tag) > model.PostHashtagsMaxLength {
			break
		}
		if len(out) > 0 {
			out = append(out, ' ')
		}
		out = append(out, tag...)
	}
	return string(out)
}

// hashtag returns the tag that a word is, or "".
func hashtag(word string) string {
	word = strings.TrimLeftFunc(word, func(r rune) bool { return r != '#' && !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	word = strings.TrimRightFunc(word, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	rest := strings.TrimLeft(word, "#")
	if len(rest) == len(word) {
		return ""
	}
	first, _ := utf8.DecodeRuneInString(rest)
	if !unicode.IsLetter(first) || utf8.RuneCountInString(rest) < 2 {
		return ""
	}
	for _, r := range rest {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '-' && r != '_' && r != '.' {
			return ""
		}
	}
	return "#" + rest
}

var channelMention = regexp.MustCompile(`\B~[a-zA-Z0-9\-_]+`)

// maxChannelMentions bounds how many channels of one post are looked up.
const maxChannelMentions = 100

// channelNames returns the names of channels that texts mention.
func channelNames(texts []string) []string {
	var names []string
	seen := map[string]bool{}
	for _, text := range texts {
		if strings.IndexByte(text, '~') < 0 {
			continue
		}
		for _, m := range channelMention.FindAllString(text, -1) {
			if name := strings.ToLower(m[1:]); !seen[name] && len(names) < maxChannelMentions {
				seen[name] = true
				names = append(names, name)
			}
		}
	}
	return names
}

// emojiNames calls yield with the names between colons.
func emojiNames(text string, yield func(string)) {
	for {
		at := strings.IndexByte(text, ':')
		if at < 0 {
			return
		}
		text = text[at+1:]
		n := 0
		for n < len(text) && emojiByte(text[n]) {
			n++
		}
		if n > 0 && n < len(text) && text[n] == ':' {
			if n <= model.EmojiNameMaxLength {
				yield(text[:n])
			}
			text = text[n:]
			continue
		}
		text = text[n:]
	}
}

func emojiByte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' || c == '+' || c == '-'
}

var permalinkPath = regexp.MustCompile(`^[0-9a-z_-]{1,64}/pl/([a-z0-9]{26})$`)

// permalink returns the id of the post that the first link of a message points
// to on this site, or "".
func permalink(message, siteURL string) string {
	if siteURL == "" || !strings.Contains(message, "/pl/") {
		return ""
	}
	path, ok := strings.CutPrefix(firstLink(readable(message)), strings.TrimRight(siteURL, "/")+"/")
	if !ok {
		return ""
	}
	if m := permalinkPath.FindStringSubmatch(path); m != nil {
		return m[1]
	}
	return ""
}

func firstLink(text string) string {
	at := strings.Index(text, "http")
	for ; at >= 0; at = next(text, at) {
		rest := text[at:]
		if !strings.HasPrefix(rest, "http://") && !strings.HasPrefix(rest, "https://") {
			continue
		}
		if end := strings.IndexFunc(rest, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(`<>")]`, r) }); end >= 0 {
			rest = rest[:end]
		}
		return strings.TrimRight(rest, ".,;:!?*_~'")
	}
	return ""
}

func next(text string, at int) int {
	i := strings.Index(text[at+4:], "http")
	if i < 0 {
		return -1
	}
	return at + 4 + i
}

// attachmentsOf returns the message attachments among the props of a post.
func attachmentsOf(post *model.Post) []model.StringInterface {
	list, _ := post.Props[model.PostPropAttachments].([]any)
	var out []model.StringInterface
	for _, a := range list {
		if m, ok := a.(map[string]any); ok {
			out = append(out, m)
		}
	}
	return out
}
