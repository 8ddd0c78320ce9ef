package mailgate

import (
	"regexp"
	"strings"

	"github.com/parley-chat/parley/internal/i18n"
	"github.com/parley-chat/parley/internal/model"
)

// text is what somebody wrote, in markdown, and the content ids of the pictures
// in it, nil when the mail has no page. The page is taken first: it has neither
// broken lines nor loses what is emphasised.
func (p *posting) text() (text string, pictures map[string]bool) {
	strip := unsigned
	if p.rootID != "" { // what it answers to is there already
		strip = answer
	}
	if p.l.html != "" {
		markdown, found, err := fromHTML(p.l.html)
		if err != nil {
			p.g.Log.Info("the page of a mail can't be read; its plain text is taken", "error", err)
		} else if text := strip(markdown); text != "" || strings.TrimSpace(p.l.plain) == "" {
			return text, found
		}
	}
	return strip(p.l.plain), nil
}

// compose is the message: from whom, when nobody here knows them, what about, when
// it begins a thread, the text, and what couldn't be brought along.
func (p *posting) compose(text string, left []string) string {
	say := func(key string, params map[string]any) string {
		return i18n.T(p.g.Settings.Get().LocalizationSettings.DefaultServerLocale, key, params)
	}
	var parts []string
	if p.outsider {
		parts = append(parts, say("mailgate.from", map[string]any{"Sender": p.sender()}))
		text = quiet(text)
	}
	if p.rootID == "" && p.l.subject != "" {
		subject := escape(p.l.subject)
		if p.outsider {
			subject = quiet(subject)
		}
		parts = append(parts, "**"+subject+"**")
	}
	if text != "" {
		parts = append(parts, text)
	}
	if len(left) > 0 {
		for i, name := range left {
			left[i] = escape(name)
		}
		parts = append(parts, say("mailgate.left", map[string]any{"Files": strings.Join(left, ", ")}))
	}
	return strings.Join(parts, "\n\n")
}

// sender is how a message names who isn't known here: always with the address, as
// it is written.
func (p *posting) sender() string {
	address := "`" + strings.ReplaceAll(p.l.from.Address, "`", "'") + "`"
	if p.l.from.Name == "" || p.l.from.Name == p.l.from.Address {
		return address
	}
	return escape(p.l.from.Name) + " " + address
}

// shownName is the name that an outsider's message shows where the settings let
// messages of integrations have names of their own: an address, which no member's
// username is.
func (p *posting) shownName() string {
	if r := []rune(p.l.from.Address); len(r) > model.WebhookUsernameMost {
		return string(r[:model.WebhookUsernameMost])
	}
	return p.l.from.Address
}

// escape keeps characters from being markdown, and from mentioning anybody.
func escape(s string) string {
	var b strings.Builder
	for _, r := range s {
		if strings.ContainsRune("\\`*_{}[]#+!|~<>$", r) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
		if r == '@' || r == ':' {
			b.WriteRune(joiner)
		}
	}
	return b.String()
}

// joiner is invisible; between two characters it keeps them from having a meaning
// together.
const joiner = '\u2060'

var everybody = regexp.MustCompile(`(?i)@(all|channel|here)`)

// quiet keeps people from outside from calling whole channels.
func quiet(text string) string { return everybody.ReplaceAllString(text, "@"+string(joiner)+"$1") }
