package posts

import (
	"context"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/model"
)

// delete takes a post, and the replies to it, out of sight. Permanently, when
// v manages the system and the setting allows it.
func (p *Posts) delete(ctx context.Context, v access.Viewer, postID string, permanent bool) error {
	if permanent {
		if !v.System() && !p.cfg.Get().ServiceSettings.EnableAPIPostDeletion {
			return fault.NotImplemented("api.post.delete_post.not_enabled.app_error")
		}
		if err := v.Need(ctx, access.PermManageSystem); err != nil {
			return err
		}
	}
	post, err := p.load(ctx, p.db, postID, permanent)
	if err != nil {
		return err
	}
	ch, err := p.acc.Channel(ctx, post.ChannelID)
	if err != nil {
		return err
	}
	perm := access.PermDeletePost
	if post.UserID != v.UserID {
		perm = access.PermDeleteOthersPosts
	}
	if err := v.NeedChannel(ctx, ch.ID, perm); err != nil {
		return err
	}
	restricted, err := p.channels.Restricted(ctx, v, ch)
	switch {
	case err != nil:
		return err
	case ch.DeleteAt != 0 && !permanent:
		return fault.Invalid("api.post.delete_post.can_not_delete_post_in_deleted.error")
	case restricted:
		return fault.Invalid("api.post.delete_post.can_not_delete_from_restricted_dm.error")
	}
	// A secret that was taken back is not kept.
	return p.remove(ctx, v.UserID, post, permanent || post.Type == model.PostTypeBurnOnRead)
}

func (p *Posts) remove(ctx context.Context, byID string, post *model.Post, permanent bool) error {
	now := p.batcher.tick(post.ChannelID, post.UpdateAt)
	gone := []*model.Post{post}
	also := p.Deleted.Parts(ctx, Deleted{Post: post, ByID: byID, Permanent: permanent})
	err := p.db.Tx(ctx, func(tx *db.Tx) error {
		gone = gone[:1]
		replies, err := db.List(ctx, tx, scanPost, `SELECT `+columns+` FROM posts p WHERE p.rootid = $1 AND (p.deleteat = 0 OR $2) LIMIT 100000`, post.ID, permanent)
		if err != nil {
			return err
		}
		gone = append(gone, replies...)
		for _, hook := range p.deleting {
			if err := hook(ctx, tx, gone, permanent); err != nil {
				return err
			}
		}
		if permanent {
			err = erase(ctx, tx, gone)
		} else {
			err = mark(ctx, tx, post, byID, now)
		}
		if err != nil {
			return err
		}
		return also.In(ctx, tx)
	})
	if err != nil {
		return err
	}
	ctx = context.WithoutCancel(ctx)
	if permanent {
		p.changed(post.ChannelID, 0)
	}
	p.changed(post.ChannelID, now)
	p.Deleted.Publish(ctx, Deleted{Post: post, Replies: gone[1:], ByID: byID, Permanent: permanent})
	p.tellDeleted(post, byID)
	return nil
}

// mark sets the time of deletion of a post and its replies.
func mark(ctx context.Context, tx *db.Tx, post *model.Post, byID string, now int64) error {
	props := post.Props.Clone()
	if props == nil {
		props = model.StringInterface{}
	}
	props[model.PostPropDeleteBy] = byID
	n, err := tx.Exec(ctx, `UPDATE posts SET deleteat = $2, updateat = $2, props = $3 WHERE id = $1 AND deleteat = 0`, post.ID, now, propsText(props))
	if err != nil {
		return fault.Internal("app.post.delete.app_error", err)
	}
	if n == 0 {
		return errNoPost // somebody was faster
	}
	_, err = tx.Exec(ctx, `UPDATE posts SET deleteat = $2, updateat = $2 WHERE rootid = $1 AND deleteat = 0`, post.ID, now)
	if err == nil {
		_, err = tx.Exec(ctx, `UPDATE persistentnotifications SET deleteat = $2 WHERE postid = $1 AND coalesce(deleteat,0) = 0`, post.ID, now)
	}
	return err
}

// erase removes the rows of posts, their former versions and what else this
// slice keeps of them. Other slices do the same in OnDeleting.
func erase(ctx context.Context, tx *db.Tx, gone []*model.Post) error {
	ids := make([]string, len(gone))
	for i, post := range gone {
		ids[i] = post.ID
	}
	for _, table := range []string{"postspriority", "postreminders", "postacknowledgements", "persistentnotifications", "temporaryposts", "readreceipts"} {
		if _, err := tx.Exec(ctx, `DELETE FROM `+table+` WHERE postid = ANY($1)`, ids); err != nil {
			return err
		}
	}
	if _, err := tx.Exec(ctx, `DELETE FROM posts WHERE originalid = ANY($1)`, ids); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `DELETE FROM posts WHERE id = ANY($1)`, ids)
	return err
}
