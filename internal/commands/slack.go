package commands

import (
	"context"
	"regexp"
	"strings"

	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
)

// slackMark is Slack's way of marking up people, everybody and links: <@ID>,
// <!here>, <https://…|words>.
var slackMark = regexp.MustCompile(`<([^<>\n|]+)(?:\|([^<>\n]*))?>`)

// slackMarksMost bounds the marks of one text; those beyond stay as they are.
const slackMarksMost = 200

// fromSlack turns Slack's marks in an answer into ours. Whom the typist can't
// see stays an id.
func (c *Commands) fromSlack(ctx context.Context, r *run, message string, cards []*model.MessageAttachment) (string, []*model.MessageAttachment) {
	name := func(userID string) string {
		if !id.Valid(userID) {
			return ""
		}
		if sees, err := c.Users.CanSee(ctx, r.v, userID); err != nil || !sees {
			return ""
		}
		u, err := c.Users.ByID(ctx, userID)
		if err != nil {
			return ""
		}
		return u.Username
	}
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
	return slackText(message, name, &left), cards
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
