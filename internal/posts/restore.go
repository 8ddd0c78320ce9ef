package posts

import (
	"context"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/realtime"
)

// EventRestored tells that a deleted post is back. Its name is Parley's own, so
// that other clients pass it over; they learn of the post by post_edited.
const EventRestored = "parley_post_restored"

// undoWithin is how long an author can take a deletion back, in milliseconds.
const undoWithin = 60_000

// Restored is a post that is back, with the replies that had gone with it.
type Restored struct {
	Post    *model.Post
	Replies []*model.Post
}

// OnRestoring has fn called inside the transaction that brings posts back,
// after their rows have changed.
func (p *Posts) OnRestoring(fn func(ctx context.Context, tx *db.Tx, back []*model.Post) error) {
	p.restoring = append(p.restoring, fn)
}

// Stored returns a post as it is stored, a deleted one too, whoever may read
// it: for slices that have rules of their own.
func (p *Posts) Stored(ctx context.Context, postID string) (*model.Post, error) {
	return p.load(ctx, p.db, postID, true)
}

// Hide takes a post and its replies out of sight until Restore, whatever rights
// anybody has. byID, which may be empty, is kept as who deleted it.
func (p *Posts) Hide(ctx context.Context, byID string, post *model.Post) error {
	return p.remove(ctx, byID, post, false)
}

// Erase removes a post, its replies and all that was ever said there, for good.
func (p *Posts) Erase(ctx context.Context, byID string, post *model.Post) error {
	return p.remove(ctx, byID, post, true)
}

// Restore brings a deleted post back, with the replies that went with it, and
// tells the channel. One that isn't deleted stays as it is. Fails with 404 for
// an unknown post and a reply whose root is gone.
func (p *Posts) Restore(ctx context.Context, postID string) (*model.Post, error) {
	post, err := p.load(ctx, p.db, postID, true)
	if err != nil || post.DeleteAt == 0 {
		return post, err
	}
	ch, err := p.acc.Channel(ctx, post.ChannelID)
	if err != nil {
		return nil, err
	}
	back := *post
	back.DeleteAt, back.UpdateAt = 0, p.batcher.tick(post.ChannelID, post.UpdateAt)
	if back.Props = post.Props.Clone(); back.Props != nil {
		delete(back.Props, model.PostPropDeleteBy)
	}
	var replies []*model.Post
	err = p.db.Tx(ctx, func(tx *db.Tx) (err error) {
		replies, err = p.unmark(ctx, tx, post, &back)
		if err != nil {
			return err
		}
		for _, hook := range p.restoring {
			if err := hook(ctx, tx, append([]*model.Post{&back}, replies...)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	ctx = context.WithoutCancel(ctx)
	p.changed(ch.ID, back.UpdateAt)
	p.Restored.Publish(ctx, Restored{Post: &back, Replies: replies})
	shown, err := p.shown(ctx, p.acting(ctx, back.UserID), &back)
	if err != nil {
		return nil, err
	}
	p.tellEdited(ctx, ch, shown)
	p.hub.Publish(realtime.Event{Name: EventRestored, Data: map[string]string{"post_id": back.ID, "channel_id": ch.ID, "root_id": back.RootID},
		To: realtime.Audience{ChannelID: ch.ID}})
	return &back, nil
}

// unmark takes the time of deletion from a post and from the replies that went
// at that moment, and returns the latter.
func (p *Posts) unmark(ctx context.Context, tx *db.Tx, post, back *model.Post) ([]*model.Post, error) {
	if post.RootID != "" {
		if _, err := p.load(ctx, tx, post.RootID, false); err != nil {
			return nil, err
		}
	}
	n, err := tx.Exec(ctx, `UPDATE posts SET deleteat = 0, updateat = $3, props = $4 WHERE id = $1 AND deleteat = $2`,
		post.ID, post.DeleteAt, back.UpdateAt, propsText(back.Props))
	if err != nil {
		return nil, err
	}
	if n == 0 {
		return nil, errNoPost // somebody was faster
	}
	if _, err := tx.Exec(ctx, `UPDATE posts SET deleteat = 0, updateat = $3 WHERE rootid = $1 AND deleteat = $2 AND coalesce(originalid,'') = ''`,
		post.ID, post.DeleteAt, back.UpdateAt); err != nil || post.RootID != "" {
		return nil, err
	}
	return db.List(ctx, tx, scanPost, `SELECT `+columns+` FROM posts p WHERE p.rootid = $1 AND p.deleteat = 0 LIMIT 100000`, post.ID)
}

type undoIn struct {
	PostID string `path:"post_id"`
}

var errUndo = fault.NotFound("parley.post.undo.app_error")

// undo takes an author's own deletion back, within a minute.
func (p *Posts) undo(ctx context.Context, v access.Viewer, in undoIn) (*model.Post, error) {
	post, err := p.load(ctx, p.db, in.PostID, true)
	if fault.IsNotFound(err) {
		return nil, errUndo
	}
	if err != nil {
		return nil, err
	}
	if post.UserID != v.UserID || post.DeleteAt == 0 || post.Props.String(model.PostPropDeleteBy) != v.UserID ||
		id.Now()-post.DeleteAt > undoWithin {
		return nil, errUndo
	}
	ch, err := p.acc.Channel(ctx, post.ChannelID)
	if err != nil {
		return nil, err
	}
	if err := v.NeedChannel(ctx, ch.ID, access.PermDeletePost); err != nil {
		return nil, err
	}
	if ch.DeleteAt != 0 || !p.MayPost(ctx, v, ch) {
		return nil, errUndo
	}
	back, err := p.Restore(ctx, post.ID)
	if err != nil {
		return nil, err
	}
	return p.shown(ctx, v, back)
}
