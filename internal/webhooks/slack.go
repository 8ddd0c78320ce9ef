package webhooks

import (
	"context"
	"regexp"
	"strings"

	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
)

// slackMark is one of Slack's marks: <!channel>, <@user>, <address|words>.
var slackMark = regexp.MustCompile(`<(!|@|#)?([^<>|\s]{1,2048})(?:\|([^<>\n]{0,2048}))?>`)

// FromSlack turns Slack's marks in a text into ours (reference: text-facts.json,
// slack_markup_in_webhooks). An id of a user becomes the name, if there is such a
// user.
func (w *Webhooks) FromSlack(ctx context.Context, text string) string {
	if !strings.Contains(text, "<") {
		return text
	}
	return slackMark.ReplaceAllStringFunc(text, func(mark string) string {
		part := slackMark.FindStringSubmatch(mark)
		switch kind, what, words := part[1], part[2], part[3]; kind {
		case "!":
			switch what {
			case "here", "channel", "all":
				return "@" + what
			case "everyone":
				return "@all"
			}
		case "@":
			if id.Valid(what) {
				if u, err := w.Users.ByID(ctx, what); err == nil {
					return "@" + u.Username
				}
			}
		case "":
			if words != "" && isAddress(what) {
				return "[" + strings.NewReplacer("[", `\[`, "]", `\]`).Replace(words) + "](" + strings.NewReplacer("(", "%28", ")", "%29").Replace(what) + ")"
			}
		}
		return mark
	})
}

func isAddress(s string) bool {
	for _, scheme := range []string{"http://", "https://", "mailto:"} {
		if strings.HasPrefix(s, scheme) {
			return true
		}
	}
	return false
}

// fromSlack does so in all texts of a message.
func (w *Webhooks) fromSlack(ctx context.Context, m *model.WebhookMessage) {
	m.Text = w.FromSlack(ctx, m.Text)
	for _, a := range m.Attachments {
		a.Pretext, a.Text, a.Title = w.FromSlack(ctx, a.Pretext), w.FromSlack(ctx, a.Text), w.FromSlack(ctx, a.Title)
		for _, f := range a.Fields {
			if s, ok := f.Value.(string); ok {
				f.Value = w.FromSlack(ctx, s)
			}
		}
	}
}
