package bookmarks

import (
	"context"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/api"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/model"
)

// Mount adds the routes of bookmarks.
func (b *Bookmarks) Mount(r *access.Router) {
	api.Get(r, "/channels/{channel_id}/bookmarks", access.Session, b.getAll)
	api.Post(r, "/channels/{channel_id}/bookmarks", access.Session, b.post, api.Created())
	api.Patch(r, "/channels/{channel_id}/bookmarks/{bookmark_id}", access.Session, b.patch)
	api.Delete(r, "/channels/{channel_id}/bookmarks/{bookmark_id}", access.Session, b.delete)
	api.Post(r, "/channels/{channel_id}/bookmarks/{bookmark_id}/sort_order", access.Session, b.postOrder)
}

type listIn struct {
	ChannelID string `path:"channel_id"`
	Since     int64  `query:"bookmarks_since"`
}

func (b *Bookmarks) getAll(ctx context.Context, v access.Viewer, in listIn) ([]*model.ChannelBookmark, error) {
	if err := b.mayRead(ctx, v, in.ChannelID); err != nil {
		return nil, err
	}
	var list []*model.ChannelBookmark
	var err error
	if in.Since > 0 {
		list, err = since(ctx, b.db, in.ChannelID, in.Since)
	} else {
		list, err = live(ctx, b.db, in.ChannelID)
	}
	if err == nil {
		err = b.fill(ctx, list...)
	}
	if err != nil {
		return nil, fault.Internal("app.channel.bookmark.get.app_error", err)
	}
	return list, nil
}

// place is a channel, and the websocket of the client that calls.
type place struct {
	ChannelID    string `path:"channel_id"`
	ConnectionID string `header:"Connection-Id"`
}

type postIn struct {
	place
	Body model.ChannelBookmark `body:"json,channelBookmark"`
}

func (b *Bookmarks) post(ctx context.Context, v access.Viewer, in postIn) (*model.ChannelBookmark, error) {
	if err := b.may(ctx, v, in.ChannelID, adding); err != nil {
		return nil, err
	}
	in.Body.ChannelID = in.ChannelID
	return b.add(ctx, v, &in.Body, in.ConnectionID)
}

type oneIn struct {
	place
	ID string `path:"bookmark_id"`
}

type patchIn struct {
	oneIn
	Body model.ChannelBookmarkPatch `body:"json,channelBookmarkPatch"`
}

func (b *Bookmarks) patch(ctx context.Context, v access.Viewer, in patchIn) (*model.ChannelBookmarkChange, error) {
	if err := b.may(ctx, v, in.ChannelID, editing); err != nil {
		return nil, err
	}
	return b.edit(ctx, v, in.ChannelID, in.ID, &in.Body, in.ConnectionID)
}

func (b *Bookmarks) delete(ctx context.Context, v access.Viewer, in oneIn) (*model.ChannelBookmark, error) {
	if err := b.may(ctx, v, in.ChannelID, deleting); err != nil {
		return nil, err
	}
	return b.remove(ctx, in.ChannelID, in.ID, in.ConnectionID)
}

type orderIn struct {
	oneIn
	Raw []byte `body:"raw"`
}

func (b *Bookmarks) postOrder(ctx context.Context, v access.Viewer, in orderIn) ([]*model.ChannelBookmark, error) {
	var to int64
	if err := api.DecodeJSON(in.Raw, &to); err != nil {
		return nil, fault.InvalidParam("channelBookmarkSortOrder").Wrap(err)
	}
	if err := b.may(ctx, v, in.ChannelID, ordering); err != nil {
		return nil, err
	}
	return b.sort(ctx, in.ChannelID, in.ID, to, in.ConnectionID)
}
