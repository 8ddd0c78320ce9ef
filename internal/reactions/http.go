package reactions

import (
	"context"
	"slices"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/api"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
)

// Mount adds the routes of reactions.
func (r *Reactions) Mount(router *access.Router) {
	api.Post(router, "/reactions", access.Session, r.save)
	api.Get(router, "/posts/{post_id}/reactions", access.Session, r.get)
	api.Post(router, "/posts/ids/reactions", access.Reading, r.getBulk)
	api.Delete(router, "/users/{user_id}/posts/{post_id}/reactions/{emoji_name}", access.Session, r.drop)
}

type saveIn struct {
	Body model.Reaction `body:"json,reaction"`
}

func (r *Reactions) save(ctx context.Context, v access.Viewer, in saveIn) (*model.Reaction, error) {
	b := &in.Body
	switch {
	case !id.Valid(b.UserID), !id.Valid(b.PostID), b.EmojiName == "", len(b.EmojiName) > model.ReactionEmojiNameMaxLength:
		return nil, fault.Invalid("api.reaction.save_reaction.invalid.app_error")
	case b.UserID != v.UserID:
		return nil, fault.Forbidden("api.reaction.save_reaction.user_id.app_error")
	}
	return r.add(ctx, v, b.PostID, b.EmojiName)
}

type postIn struct {
	PostID string `path:"post_id"`
}

// reactionList is a list that is null when it is empty, as the protocol has it.
type reactionList []*model.Reaction

// AppendJSON appends the list as JSON to dst.
func (l reactionList) AppendJSON(dst []byte) []byte {
	if len(l) == 0 {
		return append(dst, "null"...)
	}
	return model.AppendList(dst, l)
}

func (r *Reactions) get(ctx context.Context, v access.Viewer, in postIn) (reactionList, error) {
	if _, err := r.posts.Visible(ctx, v, in.PostID); err != nil {
		if fault.IsNotFound(err) {
			err = errUnlisted
		}
		return nil, err
	}
	return r.list(ctx, []string{in.PostID})
}

// maxBulk is how many posts one call may ask about.
const maxBulk = 1000

type bulkIn struct {
	Raw []byte `body:"raw"`
}

// getBulk returns the reactions to each of some posts; it refuses all when one
// of them is out of the viewer's reach.
func (r *Reactions) getBulk(ctx context.Context, v access.Viewer, in bulkIn) (map[string][]*model.Reaction, error) {
	var ids []string
	if err := api.DecodeJSON(in.Raw, &ids); err != nil || len(ids) > maxBulk {
		return nil, fault.Invalid("api.payload.parse.error").Wrap(err)
	}
	slices.Sort(ids)
	ids = slices.Compact(ids)
	out := make(map[string][]*model.Reaction, len(ids))
	if len(ids) == 0 {
		return out, nil
	}
	if err := r.mayRead(ctx, v, ids); err != nil {
		return nil, err
	}
	list, err := r.list(ctx, ids)
	for _, postID := range ids {
		out[postID] = []*model.Reaction{}
	}
	for _, m := range list {
		out[m.PostID] = append(out[m.PostID], m)
	}
	return out, err
}

func (r *Reactions) mayRead(ctx context.Context, v access.Viewer, postIDs []string) error {
	channels, n, err := r.channelsOf(ctx, postIDs)
	if err != nil {
		return err
	}
	if n < len(postIDs) {
		return errUnlisted
	}
	slices.Sort(channels)
	for _, channelID := range slices.Compact(channels) {
		ch, err := r.acc.Channel(ctx, channelID)
		if err != nil && !fault.IsNotFound(err) {
			return err
		}
		if err != nil || !r.posts.MayRead(ctx, v, ch) {
			return errUnlisted
		}
	}
	return nil
}

type dropIn struct {
	UserID string `path:"user_id"`
	PostID string `path:"post_id"`
	Name   string `path:"emoji_name,text"`
}

func (r *Reactions) drop(ctx context.Context, v access.Viewer, in dropIn) (api.OK, error) {
	if len(in.Name) > model.ReactionEmojiNameMaxLength {
		return api.OK{}, fault.InvalidURLParam("emoji_name")
	}
	if !model.ValidEmojiName(in.Name) {
		return api.OK{}, fault.NotFound("api.context.404.app_error") // such a path is no route of the protocol
	}
	return api.Done(), r.remove(ctx, v, in.UserID, in.PostID, in.Name)
}
