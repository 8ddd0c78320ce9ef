package bookmarks

import (
	"context"
	"slices"

	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/model"
)

// take gives a bookmark its file, which no other of list has.
func (b *Bookmarks) take(ctx context.Context, tx *db.Tx, list []*model.ChannelBookmark, m *model.ChannelBookmark, userID string) error {
	if m.Type != model.BookmarkFile {
		return nil
	}
	if slices.ContainsFunc(list, func(o *model.ChannelBookmark) bool { return o.FileID == m.FileID }) {
		return errFile
	}
	there, err := b.files.Bookmark(ctx, tx, m.ChannelID, m.FileID, userID)
	if err == nil && !there {
		err = errFile
	}
	return err
}

// exchange gives a changed bookmark another file, if it has one, and lets go of the old.
func (b *Bookmarks) exchange(ctx context.Context, tx *db.Tx, list []*model.ChannelBookmark, old, made *model.ChannelBookmark, userID string) error {
	if old.FileID == made.FileID {
		return nil
	}
	if err := b.take(ctx, tx, list, made, userID); err != nil || old.FileID == "" {
		return err
	}
	return b.files.Unbookmark(ctx, tx, old.FileID)
}

// fill adds what clients see of the files of bookmarks. Those of deleted
// bookmarks stay named.
func (b *Bookmarks) fill(ctx context.Context, list ...*model.ChannelBookmark) error {
	var ids []string
	for _, m := range list {
		if m.FileID != "" {
			ids = append(ids, m.FileID)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	found, err := b.files.ByIDs(ctx, ids)
	if err != nil {
		return fault.Internal("app.channel.bookmark.get.app_error", err)
	}
	for _, m := range list {
		if at := slices.IndexFunc(found, func(f *model.FileInfo) bool { return f.ID == m.FileID }); at >= 0 {
			m.File = found[at]
		}
	}
	return nil
}
