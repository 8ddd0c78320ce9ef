package model

import (
	"regexp"
	"strings"
)

// slackMark is Slack's way of marking up people, everybody and links: <@ID>,
// <!here>, <https://…|words>.
var slackMark = regexp.MustCompile(`<([^<>\n|]+)(?:\|([^<>\n]*))?>`)

// slackMarksMost bounds the marks of one text; those beyond stay as they are.
const slackMarksMost = 200

// FromSlack turns Slack's marks in a message and its cards into ours (reference:
// text-facts.json, slack_markup_in_webhooks). name gives the username of an id, ""
// for one that isn't known; its mark stays as it is.
func FromSlack(message string, cards []*MessageAttachment, name func(userID string) string) string {
	left := slackMarksMost
	for _, card := range cards {
		card.Text, card.Pretext = slackText(card.Text, name, &left), slackText(card.Pretext, name, &left)
		for _, f := range card.Fields {
			if f == nil {
				continue
			}
			if words, ok := f.Value.(string); ok {
				f.Value = slackText(words, name, &left)
			}
		}
	}
	return slackText(message, name, &left)
}

// slackText turns the marks of one text into ours; name gives the username of an
// id, "" for one that isn't known.
func slackText(text string, name func(userID string) string, left *int) string {
	if strings.Contains(text, codeFence) {
		text = fenced(text)
	}
	if !strings.Contains(text, "<") {
		return text
	}
	return slackMark.ReplaceAllStringFunc(text, func(mark string) string {
		if *left--; *left < 0 {
			return mark
		}
		m := slackMark.FindStringSubmatch(mark)
		what, words := m[1], m[2]
		switch {
		case what == "!here" || what == "!channel" || what == "!all":
			return "@" + what[1:]
		case what == "!everyone":
			return "@all"
		case strings.HasPrefix(what, "@"):
			if username := name(what[1:]); username != "" {
				return "@" + username
			}
		case words != "" && strings.ContainsAny(words, "[]") || strings.ContainsAny(what, " ()"):
		case strings.HasPrefix(what, "http://"), strings.HasPrefix(what, "https://"), strings.HasPrefix(what, "mailto:"):
			if words == "" {
				return what
			}
			return "[" + words + "](" + what + ")"
		}
		return mark
	})
}

const codeFence = "```"

// codeLanguage is what may stand behind the fence that begins a block of code.
var codeLanguage = regexp.MustCompile(`^[\w+#.-]*\s*$`)

// fenced puts the fences around code on lines of their own, as Markdown wants them:
// Slack takes the code for the rest of their line, and ends it anywhere.
func fenced(text string) string {
	var out []string
	inside := false
	for line := range strings.SplitSeq(text, "\n") {
		rest, opens := strings.CutPrefix(line, codeFence)
		switch {
		case strings.HasPrefix(rest, "`"): // a longer fence is Markdown's
		case !inside && opens && !strings.Contains(rest, codeFence):
			inside = true
			if !codeLanguage.MatchString(rest) {
				out, line = append(out, codeFence), rest
			}
		case inside && opens && strings.TrimSpace(rest) == "":
			inside = false
		case inside && strings.HasSuffix(line, codeFence):
			inside = false
			out, line = append(out, strings.TrimSuffix(line, codeFence)), codeFence
		}
		out = append(out, line)
	}
	return strings.Join(out, "\n")
}
