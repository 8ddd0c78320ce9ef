package posts

import (
	"context"
	"slices"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/event"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
)

// change is what an edit sets; nil leaves a field as it is.
type change struct {
	message  *string
	props    *model.StringInterface
	isPinned *bool
	fileIDs  *[]string
	whole    bool // by PUT, whose refusals have ids of their own
	// integration says that the program that the post came from changes it: its
	// props may show another name and picture, in hardened mode too.
	integration bool
}

// editable loads a post that v may edit. Posts that don't exist, that v may
// not read and that are somebody else's look the same from outside.
func (p *Posts) editable(ctx context.Context, v access.Viewer, postID string) (*model.Post, *access.ChannelFacts, error) {
	post, ch, err := p.reachable(ctx, v, postID)
	if err != nil {
		return nil, nil, err
	}
	perm := access.PermEditPost
	if post.UserID != v.UserID {
		perm = access.PermEditOthersPosts
	}
	if err := v.NeedChannel(ctx, ch.ID, perm); err != nil {
		return nil, nil, err
	}
	if !p.MayPost(ctx, v, ch) {
		return nil, nil, fault.NoPermission(string(access.PermCreatePost))
	}
	return post, ch, nil
}

// edit changes a post that v may edit and tells everybody. What it said before
// stays as a former version.
func (p *Posts) edit(ctx context.Context, v access.Viewer, old *model.Post, ch *access.ChannelFacts, c change) (*model.Post, error) {
	if err := p.mayEdit(ctx, v, old, ch, &c); err != nil {
		return nil, err
	}
	return p.change(ctx, v, old, ch, c)
}

func (p *Posts) change(ctx context.Context, v access.Viewer, old *model.Post, ch *access.ChannelFacts, c change) (*model.Post, error) {
	next, err := p.edited(ctx, v, old, ch, &c)
	if err != nil {
		return nil, err
	}
	happens := Edited{Old: old, New: next, ByID: v.UserID}
	also := p.Edited.Parts(ctx, happens)
	versioned := next.Message != old.Message || !slices.Equal(next.FileIDs, old.FileIDs) || propsText(next.Props) != propsText(old.Props)
	if versioned || next.IsPinned != old.IsPinned {
		err = p.store(ctx, old, next, versioned, also)
	} else if also != nil { // nothing changes, and yet it is told
		err = p.db.Tx(ctx, func(tx *db.Tx) error { return also.In(ctx, tx) })
	}
	if err != nil {
		return nil, err
	}
	ctx = context.WithoutCancel(ctx)
	p.changed(ch.ID, next.UpdateAt)
	p.Edited.Publish(ctx, happens)
	shown, err := p.shown(ctx, v, next)
	if err != nil {
		return nil, err
	}
	p.tellEdited(ctx, ch, shown)
	p.askLinks(next)
	return shown, nil
}

func (p *Posts) mayEdit(ctx context.Context, v access.Viewer, old *model.Post, ch *access.ChannelFacts, c *change) error {
	limit := p.cfg.Get().ServiceSettings.PostEditTimeLimit
	words := c.message != nil && *c.message != old.Message || c.props != nil || c.fileIDs != nil
	restricted, err := p.channels.Restricted(ctx, v, ch)
	switch {
	case err != nil:
		return err
	case old.IsSystem():
		return fault.Invalid("api.post.update_post.system_message.app_error")
	case old.Type == model.PostTypeBurnOnRead:
		return fault.Invalid("api.post.patch_post.can_not_update_burn_on_read_post.error")
	case ch.DeleteAt != 0 && c.whole:
		return fault.Invalid("api.post.update_post.can_not_update_post_in_deleted.error")
	case ch.DeleteAt != 0:
		return fault.Invalid("api.post.patch_post.can_not_update_post_in_deleted.error")
	case restricted && c.whole:
		return fault.Invalid("api.post.update_post.can_not_update_post_in_restricted_dm.error")
	case restricted:
		return fault.Invalid("api.post.patch_post.can_not_update_post_in_restricted_dm.error")
	case words && limit >= 0 && id.Now() > old.CreateAt+int64(limit)*1000:
		return fault.Invalid("api.post.update_post.permissions_time_limit.app_error", "timeLimit", limit)
	case c.fileIDs != nil && len(*c.fileIDs) > 0 && !v.CanChannel(ctx, ch.ID, access.PermUploadFile):
		return fault.NoPermission(string(access.PermUploadFile))
	}
	return nil
}

// edited is the post after the change.
func (p *Posts) edited(ctx context.Context, v access.Viewer, old *model.Post, ch *access.ChannelFacts, c *change) (*model.Post, error) {
	next := *old
	next.Metadata = nil
	next.UpdateAt = p.batcher.tick(ch.ID, old.UpdateAt)
	if c.isPinned != nil {
		next.IsPinned = *c.isPinned
	}
	if c.props != nil {
		props, err := cleanProps(*c.props, p.cfg.Get().ServiceSettings.ExperimentalEnableHardenedMode && !c.integration)
		if err != nil {
			return nil, err
		}
		next.Props = keepServerProps(withActions(props), old.Props)
	}
	if c.fileIDs != nil {
		next.FileIDs = append([]string{}, *c.fileIDs...)
	}
	if c.message != nil && *c.message != old.Message {
		next.Message, next.EditAt = *c.message, next.UpdateAt
	}
	if !slices.Equal(next.FileIDs, old.FileIDs) {
		next.EditAt = next.UpdateAt
	}
	if err := check(&next); err != nil {
		return nil, err
	}
	return &next, p.enrich(ctx, v, &next, ch)
}

// keepServerProps carries over what the server noted in the props.
func keepServerProps(props, old model.StringInterface) model.StringInterface {
	for _, k := range serverProps {
		if v, ok := old[k]; ok {
			if props == nil {
				props = model.StringInterface{}
			}
			props[k] = v
		}
	}
	return props
}

// store writes the changed row, the former version, the change of files and what
// others add.
func (p *Posts) store(ctx context.Context, old, next *model.Post, versioned bool, also event.Part) error {
	return p.db.Tx(ctx, func(tx *db.Tx) error {
		if !slices.Equal(next.FileIDs, old.FileIDs) {
			files, err := p.changeFiles(ctx, tx, old, next)
			if err != nil {
				return err
			}
			next.FileIDs = files
		}
		n, err := tx.Exec(ctx, `UPDATE posts SET message = $2, props = $3, hashtags = $4, fileids = $5, ispinned = $6, editat = $7, updateat = $8
			WHERE id = $1 AND deleteat = 0`, next.ID, next.Message, propsText(next.Props), next.Hashtags, filesText(next.FileIDs),
			next.IsPinned, next.EditAt, next.UpdateAt)
		if err != nil {
			return fault.Internal("app.post.update.app_error", err)
		}
		if n == 0 {
			return fault.Invalid("api.post.update_post.permissions_details.app_error")
		}
		if versioned {
			version := *old
			version.ID, version.OriginalID = id.New(), old.ID
			version.DeleteAt, version.UpdateAt = next.UpdateAt, next.UpdateAt
			if err := insert(ctx, tx, &version, version.Message); err != nil {
				return err
			}
		}
		return also.In(ctx, tx)
	})
}

// changeFiles returns the files of the changed post: of its old ones those
// that are still named, and new ones that their author may attach. The others
// stay with the former version.
func (p *Posts) changeFiles(ctx context.Context, tx *db.Tx, old, next *model.Post) ([]string, error) {
	fresh := *next
	fresh.FileIDs = slices.DeleteFunc(slices.Clone(next.FileIDs), func(f string) bool { return slices.Contains(old.FileIDs, f) })
	added, err := p.files.Attach(ctx, tx, &fresh)
	if err != nil {
		return nil, err
	}
	lost := slices.DeleteFunc(slices.Clone(old.FileIDs), func(f string) bool { return slices.Contains(next.FileIDs, f) })
	if err := p.files.Detach(ctx, tx, old.ID, lost); err != nil {
		return nil, err
	}
	return slices.DeleteFunc(slices.Clone(next.FileIDs), func(f string) bool {
		return !slices.Contains(old.FileIDs, f) && !slices.Contains(added, f)
	}), nil
}

// restore brings a former version of a post back as its newest one.
func (p *Posts) restore(ctx context.Context, v access.Viewer, postID, versionID string) (*model.Post, error) {
	post, ch, err := p.editable(ctx, v, postID)
	if err != nil {
		return nil, err
	}
	former, err := p.version(ctx, versionID)
	switch {
	case err != nil:
		return nil, err
	case former.UserID != v.UserID:
		return nil, fault.Forbidden("app.post.restore_post_version.not_allowed.app_error")
	case former.OriginalID == "":
		return nil, fault.Invalid("app.post.restore_post_version.not_an_history_item.app_error")
	case former.OriginalID != post.ID:
		return nil, fault.Invalid("app.post.restore_post_version.not_valid_post_history_item.app_error")
	}
	return p.edit(ctx, v, post, ch, change{message: &former.Message, fileIDs: &former.FileIDs})
}

// pin sets or takes the pin of a post that v may read.
func (p *Posts) pin(ctx context.Context, v access.Viewer, postID string, pinned bool) error {
	post, ch, err := p.reachable(ctx, v, postID)
	if err != nil {
		return err
	}
	if ch.DeleteAt != 0 {
		return fault.Invalid("api.post.patch_post.can_not_update_post_in_deleted.error")
	}
	next := *post
	next.IsPinned, next.UpdateAt = pinned, p.batcher.tick(ch.ID, post.UpdateAt)
	happens := Edited{Old: post, New: &next, ByID: v.UserID}
	also := p.Edited.Parts(ctx, happens)
	if post.IsPinned != pinned || also != nil {
		err := p.db.Tx(ctx, func(tx *db.Tx) error {
			if post.IsPinned == pinned {
				return also.In(ctx, tx)
			}
			_, err := tx.Exec(ctx, `UPDATE posts SET ispinned = $2, updateat = $3 WHERE id = $1 AND deleteat = 0`, post.ID, pinned, next.UpdateAt)
			if err != nil {
				return err
			}
			return also.In(ctx, tx)
		})
		if err != nil {
			return fault.Internal("app.post.update.app_error", err)
		}
	}
	ctx = context.WithoutCancel(ctx)
	p.changed(ch.ID, next.UpdateAt)
	p.Edited.Publish(ctx, happens)
	shown, err := p.shown(ctx, v, &next)
	if err == nil {
		p.tellEdited(ctx, ch, shown)
	}
	return err
}

// SetHasReactions notes, inside the transaction of the reactions slice, that
// the reactions of a post changed: whether it has any, and that whoever shows
// it must look again. Call it for each change.
func (p *Posts) SetHasReactions(ctx context.Context, tx *db.Tx, postID string, has bool) error {
	now := p.batcher.now()
	channelID, err := db.Value[string](ctx, tx, `UPDATE posts SET hasreactions = $2, updateat = greatest(updateat + 1, $3) WHERE id = $1 RETURNING channelid`,
		postID, has, now)
	if err != nil {
		return err
	}
	tx.AfterCommit(func() { p.changed(channelID, now) })
	return nil
}
