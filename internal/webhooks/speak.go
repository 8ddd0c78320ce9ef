package webhooks

import (
	"context"
	"encoding/json"
	"strings"
	"unicode/utf8"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/posts"
)

// speaker is the hook that a message comes from.
type speaker struct {
	v                 access.Viewer
	title             string
	username, iconURL string // of the hook; a message's own come first
	id                string // of the first post, so that it is written once; "" for any
}

// propsMost is how many characters the cards of one post may have: some are left
// for the other props.
const propsMost = model.PostPropsMaxRunes - 10_000

// speak posts a message, in as many posts as its length needs.
func (w *Webhooks) speak(ctx context.Context, s speaker, channelID, rootID string, m *model.WebhookMessage) error {
	m.Text = model.FromSlack(m.Text, m.Attachments, func(userID string) string { return w.Users.NameFor(ctx, s.v, userID) })
	props, err := w.props(s, m)
	if err != nil {
		return err
	}
	kind := ""
	switch {
	case strings.HasPrefix(m.Type, model.PostTypeCustomPrefix):
		kind = m.Type
	case len(m.Attachments) > 0:
		kind = model.PostTypeAttachment
	}
	texts := split(m.Text, model.PostMessageMaxRunes)
	cards, err := spread(m.Attachments)
	if err != nil {
		return err
	}
	for i := range max(len(texts), len(texts)-1+len(cards)) {
		post := &model.Post{UserID: s.v.UserID, ChannelID: channelID, RootID: rootID, Type: kind, Props: props.Clone()}
		if i < len(texts) {
			post.Message = texts[i]
		}
		if at := i - (len(texts) - 1); at >= 0 && at < len(cards) {
			post.Props[model.PostPropAttachments] = plain(cards[at])
		}
		o := posts.CreateOptions{Trusted: true, Integration: true}
		if i == 0 {
			o.ID = s.id
			if m.Priority != nil && rootID == "" {
				post.Metadata = &model.PostMetadata{Priority: m.Priority}
			}
		}
		_, err := w.Posts.Create(ctx, s.v, post, o)
		if s.id != "" && fault.Is(err, posts.ErrExists) {
			return nil // said before the server was stopped
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// props are those of every post of a message: what its sender set, and whose name
// and picture it shows.
func (w *Webhooks) props(s speaker, m *model.WebhookMessage) (model.StringInterface, error) {
	props := model.StringInterface{}
	for k, v := range m.Props {
		switch k {
		case model.PostPropFromBot, model.PostPropFromPlugin, model.PostPropFromOAuthApp, model.PostPropDeleteBy, model.PostPropPreviewedPost,
			model.PostPropChannelMentions, model.PostPropAddChannelMember, model.PostPropExpireAt, model.PostPropAttachments:
		default:
			props[k] = v
		}
	}
	if raw, err := json.Marshal(props); err != nil || utf8.RuneCount(raw) > 8000 {
		return nil, fault.Invalid("web.incoming_webhook.split_props_length.app_error", "Max", 8000)
	}
	delete(props, model.PostPropOverrideUsername)
	delete(props, model.PostPropOverrideIconURL)
	delete(props, model.PostPropOverrideIconEmoji)
	props[model.PostPropFromWebhook], props[model.PostPropWebhookDisplayName] = "true", s.title
	set := w.Settings.Get().ServiceSettings
	if set.EnablePostUsernameOverride {
		name := first(m.Username, s.username, model.WebhookDefaultUsername)
		if utf8.RuneCountInString(name) > model.WebhookUsernameMost {
			return nil, fault.Invalid("api.incoming_webhook.invalid_username.app_error")
		}
		props[model.PostPropOverrideUsername] = name
	}
	if set.EnablePostIconOverride {
		if icon := first(m.IconURL, s.iconURL); model.WebAddress(icon) {
			props[model.PostPropOverrideIconURL] = icon
		}
		if m.IconEmoji != "" && len(m.IconEmoji) <= model.WebhookNameMost {
			props[model.PostPropOverrideIconEmoji] = m.IconEmoji
		}
	}
	return props, nil
}

// plain is the form that props have when they come from the database.
func plain(cards []*model.MessageAttachment) []any {
	var out []any
	raw, err := json.Marshal(cards)
	if err == nil {
		err = json.Unmarshal(raw, &out)
	}
	if err != nil {
		return nil // spread has written each of them before
	}
	return out
}

func first(list ...string) string {
	for _, s := range list {
		if s != "" {
			return s
		}
	}
	return ""
}

// spread puts cards into as many posts as their size needs.
func spread(cards []*model.MessageAttachment) ([][]*model.MessageAttachment, error) {
	var out [][]*model.MessageAttachment
	size := 0
	for _, card := range cards {
		raw, err := json.Marshal(card)
		n := utf8.RuneCount(raw)
		if err != nil || n > propsMost {
			return nil, fault.Invalid("web.incoming_webhook.split_props_length.app_error", "Max", propsMost)
		}
		if size += n; len(out) == 0 || size > propsMost {
			out, size = append(out, nil), n
		}
		out[len(out)-1] = append(out[len(out)-1], card)
	}
	return out, nil
}
