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
