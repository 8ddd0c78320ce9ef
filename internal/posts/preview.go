package posts

import (
	"context"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/model"
)

// addPreviews fills in the posts that posts link to, for a viewer who may read
// them at this moment; from others the link's trace in the props is taken, too.
// A preview shows no previews of its own.
func (p *Posts) addPreviews(ctx context.Context, v access.Viewer, posts []*model.Post) error {
	var ids []string
	for _, post := range posts {
		if id := post.Props.String(model.PostPropPreviewedPost); id != "" {
			ids = append(ids, id)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	targets := map[string]*model.Post{}
	if p.cfg.Get().ServiceSettings.EnablePermalinkPreviews {
		found, err := p.list(ctx, p.db, ids)
		if err != nil {
			return err
		}
		for _, t := range found {
			targets[t.ID] = t
		}
	}
	for _, post := range posts {
		id := post.Props.String(model.PostPropPreviewedPost)
		if id == "" {
			continue
		}
		preview, err := p.preview(ctx, v, targets[id])
		if err != nil {
			return err
		}
		if preview == nil {
			setProp(post, model.PostPropPreviewedPost, "", false)
			continue
		}
		post.Metadata.Embeds = append(post.Metadata.Embeds, &model.PostEmbed{Type: model.EmbedPermalink, Data: preview})
	}
	return nil
}

// preview is what an embed shows of a post, nil when v may not see it.
func (p *Posts) preview(ctx context.Context, v access.Viewer, target *model.Post) (*model.PreviewPost, error) {
	if target == nil || target.Type == model.PostTypeBurnOnRead {
		return nil, nil
	}
	ch, err := p.acc.Channel(ctx, target.ChannelID)
	if err != nil || !p.MayRead(ctx, v, ch) {
		return nil, nil //nolint:nilerr // what can't be looked up can't be shown
	}
	inner := *target
	setProp(&inner, model.PostPropPreviewedPost, "", false)
	if err := p.prepare(ctx, v, []*model.Post{&inner}, stored); err != nil {
		return nil, err
	}
	out := &model.PreviewPost{PostID: target.ID, Post: &inner, ChannelID: ch.ID, ChannelType: ch.Type, ChannelDisplayName: ch.DisplayName}
	if ch.TeamID != "" {
		team, err := p.acc.Team(ctx, ch.TeamID)
		if err != nil {
			return nil, err
		}
		out.TeamName = team.Name
	}
	return out, nil
}
