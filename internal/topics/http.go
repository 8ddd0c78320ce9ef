package topics

import (
	"context"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/api"
	"github.com/parley-chat/parley/internal/fault"
)

// Mount adds the routes. They are Parley's own.
func (t *Topics) Mount(r *access.Router) {
	api.Get(r, "/parley/channels/{channel_id}/topics", access.Session, t.getList)
	api.Put(r, "/parley/channels/{channel_id}/topics/following", access.Session, t.putFollowing)
	api.Put(r, "/parley/posts/{post_id}/topic", access.Session, t.putTopic)
	api.Delete(r, "/parley/posts/{post_id}/topic", access.Session, t.deleteTopic)
	api.Put(r, "/parley/posts/{post_id}/topic/resolved", access.Session, t.putResolved)
}

// pageMost is the longest page of topics.
const pageMost = 200

type listIn struct {
	ChannelID string `path:"channel_id"`
	State     string `query:"state" default:"open"`
	Term      string `query:"term"`
	Page      int    `query:"page"`
	PerPage   int    `query:"per_page" default:"60"`
}

// listOut are topics, and whether the caller follows each new one.
type listOut struct {
	Topics    []*Topic `json:"topics"`
	Following bool     `json:"following"`
}

func (t *Topics) getList(ctx context.Context, v access.Viewer, in listIn) (*listOut, error) {
	if in.State != "open" && in.State != "resolved" && in.State != "all" {
		return nil, fault.InvalidParam("state")
	}
	if len(in.Term) > 4*titleMost {
		return nil, errTitle
	}
	if err := t.mayRead(ctx, v, in.ChannelID); err != nil {
		return nil, err
	}
	size := min(max(in.PerPage, 1), pageMost)
	topics, err := list(ctx, t.db, ask{in.ChannelID, in.State, in.Term, size, size * max(in.Page, 0)})
	if err != nil {
		return nil, err
	}
	following, err := t.following(ctx, in.ChannelID, v.UserID)
	return &listOut{topics, following}, err
}

func (t *Topics) mayRead(ctx context.Context, v access.Viewer, channelID string) error {
	ch, err := t.acc.Channel(ctx, channelID)
	if fault.IsNotFound(err) || err == nil && !t.posts.MayRead(ctx, v, ch) {
		return errWrite
	}
	return err
}

type followIn struct {
	ChannelID string `path:"channel_id"`
	Body      struct {
		Following bool `json:"following"`
	} `body:"json,following"`
}

func (t *Topics) putFollowing(ctx context.Context, v access.Viewer, in followIn) (api.OK, error) {
	if err := t.mayRead(ctx, v, in.ChannelID); err != nil {
		return api.OK{}, err
	}
	return api.Done(), t.setFollowing(ctx, in.ChannelID, v.UserID, in.Body.Following)
}

type topicIn struct {
	PostID string `path:"post_id"`
	Body   struct {
		Title string `json:"title"`
	} `body:"json,topic"`
}

func (t *Topics) putTopic(ctx context.Context, v access.Viewer, in topicIn) (*Topic, error) {
	return t.name(ctx, v, in.PostID, in.Body.Title)
}

type resolvedIn struct {
	PostID string `path:"post_id"`
	Body   struct {
		Resolved bool `json:"resolved"`
	} `body:"json,resolved"`
}

func (t *Topics) putResolved(ctx context.Context, v access.Viewer, in resolvedIn) (*Topic, error) {
	return t.resolve(ctx, v, in.PostID, in.Body.Resolved)
}

type postIn struct {
	PostID string `path:"post_id"`
}

func (t *Topics) deleteTopic(ctx context.Context, v access.Viewer, in postIn) (api.OK, error) {
	return api.Done(), t.unname(ctx, v, in.PostID)
}
