package posts

import (
	"context"
	"strings"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/i18n"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/realtime"
)

// Ephemeral shows a message to one user until they reload; it is not stored.
// It returns the message as it was sent.
func (p *Posts) Ephemeral(ctx context.Context, userID string, post *model.Post) *model.Post {
	c := *post
	c.Type = model.PostTypeEphemeral
	if c.ID == "" {
		c.ID = id.New()
	}
	if c.CreateAt == 0 {
		c.CreateAt = id.Now()
	}
	c.FileIDs = nil
	c.Props = withActions(c.Props)
	p.sealed(ctx, userID, &c)
	if err := p.Prepare(ctx, p.acting(ctx, userID), []*model.Post{&c}); err != nil {
		p.log.Error("a message for one user goes without its metadata", "error", err)
	}
	p.hub.Publish(realtime.Event{Name: model.EventEphemeralMessage, Data: map[string]string{"post": string(c.AppendJSON(nil))},
		To: realtime.Audience{UserID: userID, ChannelID: c.ChannelID}})
	return &c
}

// warn tells an author whom their post did not reach: people who aren't in the
// channel, and everybody when the channel is too big for that.
func (p *Posts) warn(ctx context.Context, v access.Viewer, s *Saving) {
	m := &s.Mentions
	if v.Bot() || !m.tooMany && len(m.outside) == 0 {
		return
	}
	locale := p.localeOf(ctx, v.UserID)
	if m.tooMany {
		p.Ephemeral(ctx, v.UserID, &model.Post{UserID: v.UserID, ChannelID: s.Post.ChannelID, RootID: s.Post.RootID, CreateAt: s.Post.CreateAt + 1,
			Message: i18n.T(locale, "posts.mention.disabled", map[string]any{"Users": p.cfg.Get().TeamSettings.MaxNotificationsPerChannel})})
	}
	if len(m.outside) > 0 && s.Channel.TeamID != "" {
		p.warnOutside(ctx, v, s, locale)
	}
}

// warnOutside offers to add the mentioned who aren't in the channel. Only
// people of the team whom the author may see are named.
func (p *Posts) warnOutside(ctx context.Context, v access.Viewer, s *Saving, locale string) {
	var names, ids []string
	found, err := p.names.find(ctx, s.Mentions.outside)
	for _, name := range s.Mentions.outside {
		who := found[name]
		if err != nil || who.ID == "" || who.Bot {
			continue
		}
		in, err := p.acc.InTeam(ctx, who.ID, s.Channel.TeamID)
		if err != nil || !in {
			continue
		}
		if sees, err := p.users.CanSee(ctx, v, who.ID); err == nil && sees {
			names, ids = append(names, name), append(ids, who.ID)
		}
	}
	if len(names) == 0 {
		return
	}
	text := i18n.N(locale, "posts.mention.outside", len(names), map[string]any{"Names": "@" + strings.Join(names, ", @")})
	post := &model.Post{UserID: v.UserID, ChannelID: s.Post.ChannelID, RootID: s.Post.RootID, CreateAt: s.Post.CreateAt + 1, Message: text}
	post.Props = model.StringInterface{model.PostPropAddChannelMember: map[string]any{"post_id": s.Post.ID,
		"usernames": names, "user_ids": ids, "not_in_channel_usernames": names, "not_in_channel_user_ids": ids,
		"not_in_groups_usernames": []string{}, "not_in_groups_user_ids": []string{}}}
	p.Ephemeral(ctx, v.UserID, post)
}

func (p *Posts) localeOf(ctx context.Context, userID string) string {
	if u, err := p.users.ByID(ctx, userID); err == nil && u.Locale != "" {
		return u.Locale
	}
	return p.cfg.Get().LocalizationSettings.DefaultServerLocale
}
