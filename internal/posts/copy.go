package posts

import (
	"context"
	"errors"
	"slices"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
)

// copyThread writes a post with its replies once more into another channel,
// under the names of their authors and the times of now, and returns the new
// root. Who may move the thread may copy it. The words notify nobody again;
// reactions, priorities and pins stay behind.
func (p *Posts) copyThread(ctx context.Context, v access.Viewer, postID, channelID string) (*model.Post, error) {
	root, _, to, err := p.movement(ctx, v, postID, channelID)
	if err != nil {
		return nil, err
	}
	thread, err := p.threadOf(ctx, p.db, root)
	if err != nil {
		return nil, err
	}
	var first *Root
	for _, post := range thread {
		s, err := p.copied(ctx, post, to, first)
		if err == nil {
			err = p.batcher.submit(ctx, s)
		}
		if err != nil {
			if first != nil { // half a thread is none
				if half, lerr := p.load(ctx, p.db, first.ID, true); lerr == nil {
					err = errors.Join(err, p.remove(context.WithoutCancel(ctx), v.UserID, half, true))
				}
			}
			return nil, err
		}
		if first == nil {
			first = &Root{ID: s.Post.ID, UserID: s.Post.UserID, ChannelID: to.ID, CreateAt: s.Post.CreateAt}
		}
		p.saved(context.WithoutCancel(ctx), p.acting(ctx, post.UserID), s)
	}
	made, err := p.load(ctx, p.db, first.ID, false)
	if err != nil {
		return nil, err
	}
	return p.shown(ctx, v, made)
}

// threadOf loads what stands of a thread, the root first. Fails with 404 when
// the root was deleted meanwhile, and when the thread is longer than the
// settings let move.
func (p *Posts) threadOf(ctx context.Context, q db.Querier, root *model.Post) ([]*model.Post, error) {
	most := int64(p.cfg.Get().WranglerSettings.MoveThreadMaxCount)
	thread, err := db.List(ctx, q, scanPost, `SELECT `+columns+` FROM posts p WHERE (p.id = $1 OR p.rootid = $1) AND p.deleteat = 0
		ORDER BY p.createat, p.id LIMIT $2`, root.ID, most+1)
	switch {
	case err != nil:
		return nil, err
	case len(thread) == 0 || thread[0].ID != root.ID:
		return nil, errNoPost
	case int64(len(thread)) > most:
		return nil, fault.Invalid("parley.post.move_thread.too_long", "Max", most)
	}
	return thread, nil
}

// copied is a post of a thread for another channel, with files of its own.
func (p *Posts) copied(ctx context.Context, post *model.Post, to *access.ChannelFacts, root *Root) (*Saving, error) {
	c := &model.Post{ID: id.New(), UserID: post.UserID, ChannelID: to.ID, Message: post.Message, Type: post.Type, Hashtags: post.Hashtags,
		Props: post.Props.Clone(), FileIDs: noFiles, Metadata: &model.PostMetadata{}, RemoteID: new(string)}
	if root != nil {
		c.RootID = root.ID
	}
	for _, key := range []string{model.PostPropPreviewedPost, model.PostPropDeleteBy} {
		delete(c.Props, key)
	}
	if len(post.FileIDs) > 0 {
		infos, err := p.files.ByIDs(ctx, post.FileIDs)
		if err != nil {
			return nil, err
		}
		slices.SortFunc(infos, func(a, b *model.FileInfo) int {
			return slices.Index(post.FileIDs, a.ID) - slices.Index(post.FileIDs, b.ID)
		})
		if c.FileIDs, err = p.files.Copy(ctx, infos, to.ID); err != nil {
			return nil, err
		}
	}
	return &Saving{Post: c, Channel: to, Root: root}, nil
}
