package commands

import (
	"context"
	"net/url"
	"strings"

	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/posts"
)

// extraMost bounds the further answers that one answer may bring.
const extraMost = 20

// respond makes messages of an answer and of its extra ones. cmd is nil for a
// built-in command, whose answers are the server's own.
func (c *Commands) respond(ctx context.Context, r *run, cmd *model.Command, answer *model.CommandResponse) error {
	if err := c.respondOne(ctx, r, cmd, answer); err != nil {
		return err
	}
	for i, extra := range answer.ExtraResponses {
		if i == extraMost {
			break
		}
		if extra == nil {
			continue
		}
		if extra.Username == "" {
			extra.Username = answer.Username
		}
		if extra.IconURL == "" {
			extra.IconURL = answer.IconURL
		}
		if err := c.respondOne(ctx, r, cmd, extra); err != nil {
			return err
		}
	}
	return nil
}

// respondOne posts an answer for all or shows it to the typist; one without
// words and cards is none.
func (c *Commands) respondOne(ctx context.Context, r *run, cmd *model.Command, answer *model.CommandResponse) error {
	message, cards := answer.Text, answer.Attachments
	if !answer.SkipSlackParsing && cmd != nil {
		message = model.FromSlack(message, cards, func(userID string) string { return c.Users.NameFor(ctx, r.v, userID) })
	}
	if message == "" && len(cards) == 0 {
		return nil
	}
	post := &model.Post{UserID: r.v.UserID, ChannelID: r.ch.ID, RootID: r.rootID, Message: message, Type: answer.Type, Props: c.props(cmd, answer)}
	if len(cards) > 0 {
		post.Props["attachments"] = cards
	}
	if cmd != nil && answer.ChannelID != "" && answer.ChannelID != r.ch.ID {
		ch, err := c.Access.Channel(ctx, answer.ChannelID)
		if err != nil && !fault.IsNotFound(err) {
			return err
		}
		if err != nil || !c.isMember(ctx, r, ch.ID) || !c.Posts.MayPost(ctx, r.v, ch) {
			return fault.Forbidden("parley.commands.channel.app_error")
		}
		post.ChannelID, post.RootID = ch.ID, ""
	}
	if answer.ResponseType != model.CommandResponseInChannel {
		c.Posts.Ephemeral(ctx, r.v.UserID, post)
		return nil
	}
	_, err := c.Posts.Create(ctx, r.v, post, posts.CreateOptions{SetOnline: true, Integration: true})
	if err != nil && fault.As(err).Kind == fault.KindInternal {
		return fault.Internal("api.command.execute_command.create_post_failed.app_error", err)
	}
	return err
}

func (c *Commands) isMember(ctx context.Context, r *run, channelID string) bool {
	in, err := c.Access.InChannel(ctx, r.v.UserID, channelID)
	return err == nil && in
}

// props are those of an answer's message: what the integration set, and whose
// name and picture it shows.
func (c *Commands) props(cmd *model.Command, answer *model.CommandResponse) model.StringInterface {
	props := model.StringInterface{}
	for k, v := range answer.Props {
		if k != model.PostPropOverrideUsername && k != model.PostPropOverrideIconURL && k != model.PostPropOverrideIconEmoji {
			props[k] = v
		}
	}
	set := c.Settings.Get().ServiceSettings
	name, icon := "", ""
	if cmd != nil {
		props[model.PostPropFromWebhook] = "true"
		name, icon = cmd.Username, cmd.IconURL
		if name == "" {
			name = answer.Username
		}
		if icon == "" && model.WebAddress(answer.IconURL) {
			icon = answer.IconURL
		}
	}
	if name != "" && set.EnablePostUsernameOverride {
		props[model.PostPropOverrideUsername] = name
	}
	if set.EnablePostIconOverride {
		props[model.PostPropOverrideIconURL] = icon
	}
	return props
}

// tidy takes away from an integration's answer what no client should follow: a
// place that is neither a page of ours nor an address of the web, of mail or of
// a telephone. A script is none.
func tidy(answer *model.CommandResponse) {
	where := strings.TrimSpace(answer.GotoLocation)
	u, err := url.Parse(where)
	switch {
	case err != nil:
		where = ""
	case u.Scheme == "":
		if !strings.HasPrefix(where, "/") || strings.HasPrefix(where, "//") || strings.HasPrefix(where, `/\`) {
			where = ""
		}
	default:
		switch strings.ToLower(u.Scheme) {
		case "http", "https", "mailto", "tel", "mattermost":
		default:
			where = ""
		}
	}
	answer.GotoLocation = where
	cards := answer.Attachments[:0]
	for _, card := range answer.Attachments {
		if card != nil {
			cards = append(cards, card)
		}
	}
	if answer.Attachments = cards; len(cards) == 0 {
		answer.Attachments = nil
	}
}
