package transfer

import (
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/parley-chat/parley/internal/model"
)

// vocabulary is what the ids in Slack's texts stand for.
type vocabulary struct {
	users    map[string]string // usernames
	channels map[string]string // names of channels
}

// code is text that is shown as it is: between three backticks, or one.
var code = regexp.MustCompile("(?s)```.*?```|`[^`\n]+`")

// text writes a text of Slack's the way it is written here: its mentions, links
// and marks; code is left alone.
func (v *vocabulary) text(in string) string {
	in = strings.ReplaceAll(strings.ToValidUTF8(in, "\ufffd"), "\x00", "")
	var out strings.Builder
	last := 0
	for _, at := range code.FindAllStringIndex(in, -1) {
		out.WriteString(v.prose(in[last:at[0]]))
		out.WriteString(plain(in[at[0]:at[1]]))
		last = at[1]
	}
	out.WriteString(v.prose(in[last:]))
	return out.String()
}

// plain undoes what Slack does to < > and &, and shows links by their address.
func plain(s string) string {
	s = angled.ReplaceAllStringFunc(s, func(t string) string {
		target, _, _ := strings.Cut(t[1:len(t)-1], "|")
		return target
	})
	return unescaped.Replace(s)
}

var (
	angled    = regexp.MustCompile(`<[^<>\n]+>`)
	unescaped = strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&")
	toned     = regexp.MustCompile(`:([a-z0-9_+-]+)::skin-tone-([2-6]):`)
	held      = regexp.MustCompile("\x00([0-9]+)\x00")
)

// prose writes text outside of code. Mentions and links are held back while the
// marks are looked for, since an address may hold any of them.
func (v *vocabulary) prose(s string) string {
	var kept []string
	s = angled.ReplaceAllStringFunc(s, func(t string) string {
		kept = append(kept, v.token(t[1:len(t)-1]))
		return "\x00" + strconv.Itoa(len(kept)-1) + "\x00"
	})
	s = toned.ReplaceAllStringFunc(s, func(t string) string {
		return ":" + emojiName(strings.Trim(t, ":")) + ":"
	})
	s = restyle(restyle(s, '*', "**"), '~', "~~")
	s = unescaped.Replace(s)
	return held.ReplaceAllStringFunc(s, func(t string) string {
		n, err := strconv.Atoi(strings.Trim(t, "\x00"))
		if err != nil || n >= len(kept) {
			return ""
		}
		return kept[n]
	})
}

// token writes what stands between < and >.
func (v *vocabulary) token(t string) string {
	target, label, _ := strings.Cut(t, "|")
	label = unescaped.Replace(label)
	switch {
	case strings.HasPrefix(target, "@"):
		if name := v.users[target[1:]]; name != "" {
			return "@" + name
		}
		return "@" + orElse(label, target[1:])
	case strings.HasPrefix(target, "#"):
		if name := v.channels[target[1:]]; name != "" {
			return "~" + name
		}
		return "~" + orElse(label, target[1:])
	case strings.HasPrefix(target, "!"):
		return command(target[1:], label)
	}
	return link(unescaped.Replace(target), label)
}

func orElse(s, other string) string {
	if s != "" {
		return s
	}
	return other
}

// command writes a mention of many, or something else that Slack works out.
func command(what, label string) string {
	switch what {
	case "here", "channel":
		return "@" + what
	case "everyone":
		return "@all"
	}
	if label == "" {
		label, _, _ = strings.Cut(what, "^")
	}
	if strings.HasPrefix(what, "subteam^") {
		return "@" + strings.TrimPrefix(label, "@")
	}
	return label
}

var linkEscaper = strings.NewReplacer("(", "%28", ")", "%29", " ", "%20")

// link writes a link; what isn't the web's or a mail address is no link.
func link(target, label string) string {
	scheme, rest, ok := strings.Cut(target, ":")
	if !ok || scheme != "http" && scheme != "https" && scheme != "mailto" && scheme != "tel" {
		return orElse(label, target)
	}
	switch {
	case (scheme == "mailto" || scheme == "tel") && (label == "" || label == rest):
		return rest
	case label == "" || label == target || label == strings.TrimPrefix(rest, "//"):
		return target
	}
	return "[" + strings.NewReplacer("[", `\[`, "]", `\]`).Replace(label) + "](" + linkEscaper.Replace(target) + ")"
}

// restyle writes words between two marks with other marks: *so* becomes **so**.
// A mark counts where a word begins or ends, on one line.
func restyle(s string, mark byte, with string) string {
	var out strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] != mark || !edge(before(s, i)) || i+1 >= len(s) || s[i+1] == mark || unicode.IsSpace(after(s, i+1)) {
			out.WriteByte(s[i])
			continue
		}
		end := closing(s, i+1, mark)
		if end < 0 {
			out.WriteByte(s[i])
			continue
		}
		out.WriteString(with + s[i+1:end] + with)
		i = end
	}
	return out.String()
}

// closing finds the mark that ends what one began, -1 for none.
func closing(s string, from int, mark byte) int {
	for j := from; j < len(s) && s[j] != '\n'; j++ {
		if s[j] == mark {
			if !unicode.IsSpace(before(s, j)) && edge(after(s, j+1)) {
				return j
			}
		}
	}
	return -1
}

func before(s string, i int) rune { r, _ := utf8.DecodeLastRuneInString(s[:i]); return r }
func after(s string, i int) rune  { r, _ := utf8.DecodeRuneInString(s[i:]); return r }

// edge reports whether a word can't go on over r, which is RuneError at an end.
func edge(r rune) bool { return r == utf8.RuneError || !unicode.IsLetter(r) && !unicode.IsDigit(r) }

// tones are the colours of skin by Slack's numbers.
var tones = map[string]string{"2": "_light_skin_tone", "3": "_medium_light_skin_tone", "4": "_medium_skin_tone",
	"5": "_medium_dark_skin_tone", "6": "_dark_skin_tone"}

// emojiAliases are names of Slack's that are others here.
var emojiAliases = map[string]string{"thumbsup": "+1", "thumbsdown": "-1", "simple_smile": "slightly_smiling_face", "thumbsup_all": "+1", "facepunch": "fist_oncoming",
	"hankey": "poop", "shit": "poop", "satisfied": "laughing", "collision": "boom"}

// emojiName is the name here of an emoji of Slack's, perhaps with a tone:
// wave::skin-tone-2.
func emojiName(name string) string {
	name, tone, _ := strings.Cut(name, "::skin-tone-")
	if !model.SystemEmoji(name) {
		name = orElse(emojiAliases[name], name)
	}
	if t := tones[tone]; t != "" && model.SystemEmoji(name+t) {
		return name + t
	}
	return name
}
