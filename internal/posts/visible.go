package posts

import (
	"context"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/model"
)

// MayRead reports whether v may read what is written in a channel: a member,
// or somebody who may read the open channels of its team.
func (p *Posts) MayRead(ctx context.Context, v access.Viewer, ch *access.ChannelFacts) bool {
	return v.MayRead(ctx, ch)
}

var errNoRead = fault.NoPermission(string(access.PermReadChannelContent))

// Visible returns a post that v may read, as it is stored: pass it through
// Prepare before it leaves the server. Fails with 404 app.post.get.app_error
// for unknown and deleted posts, with 403 for those in a channel that v may
// not read.
func (p *Posts) Visible(ctx context.Context, v access.Viewer, postID string) (*model.Post, error) {
	return p.visible(ctx, v, postID, false)
}

func (p *Posts) visible(ctx context.Context, v access.Viewer, postID string, deleted bool) (*model.Post, error) {
	post, err := p.load(ctx, p.db, postID, deleted)
	if err != nil {
		return nil, err
	}
	ch, err := p.acc.Channel(ctx, post.ChannelID)
	if fault.IsNotFound(err) {
		return nil, errNoPost
	}
	if err != nil {
		return nil, err
	}
	if !p.MayRead(ctx, v, ch) {
		return nil, errNoRead
	}
	return post, nil
}

// reachable is Visible for the routes that the protocol has answer 403, not
// 404, for a post that doesn't exist: from outside both look the same.
func (p *Posts) reachable(ctx context.Context, v access.Viewer, postID string) (*model.Post, *access.ChannelFacts, error) {
	post, err := p.Visible(ctx, v, postID)
	if fault.IsNotFound(err) {
		return nil, nil, errNoRead
	}
	if err != nil {
		return nil, nil, err
	}
	ch, err := p.acc.Channel(ctx, post.ChannelID)
	return post, ch, err
}

// shown returns a copy of a post as v sees it.
func (p *Posts) shown(ctx context.Context, v access.Viewer, post *model.Post) (*model.Post, error) {
	c := *post
	return &c, p.Prepare(ctx, v, []*model.Post{&c})
}
