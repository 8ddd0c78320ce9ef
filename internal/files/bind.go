package files

import (
	"context"
	"slices"

	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
)

// Attach gives a post those of its FileIDs that its author uploaded for its
// channel and that no other post has, inside the transaction that writes the
// post, and returns their ids in the order of FileIDs. Files that the post had
// before, and lost, come back.
func (f *Files) Attach(ctx context.Context, tx *db.Tx, post *model.Post) ([]string, error) {
	given, err := attach(ctx, tx, post, post.FileIDs)
	if err != nil {
		return nil, err
	}
	out := make([]string, 0, len(given))
	for _, fileID := range post.FileIDs {
		if slices.Contains(given, fileID) {
			out = append(out, fileID)
		}
	}
	return out, nil
}

// Detach marks files that a post no longer has as deleted, inside the
// transaction that changes the post.
func (f *Files) Detach(ctx context.Context, tx *db.Tx, postID string, ids []string) error {
	if len(ids) == 0 {
		return nil
	}
	_, err := tx.Exec(ctx, `UPDATE fileinfo SET deleteat = $3, updateat = $3 WHERE id = ANY($2) AND postid = $1 AND deleteat = 0`, postID, ids, id.Now())
	return err
}

// Bookmark gives a channel a file that userID uploaded for it and didn't post, or
// has back one that the channel had, inside the transaction that writes the
// bookmark. False when there is no such file.
func (f *Files) Bookmark(ctx context.Context, tx *db.Tx, channelID, fileID, userID string) (bool, error) {
	n, err := tx.Exec(ctx, `UPDATE fileinfo SET creatorid = $4, updateat = $5, deleteat = 0 WHERE id = $1 AND channelid = $2
		AND coalesce(postid,'') = '' AND (creatorid = $3 AND deleteat = 0 OR creatorid = $4)`, fileID, channelID, userID, bookmarkOwner, id.Now())
	return n == 1, err
}

// Unbookmark marks the file of a bookmark as deleted, inside the transaction
// that deletes the bookmark.
func (f *Files) Unbookmark(ctx context.Context, tx *db.Tx, fileID string) error {
	_, err := tx.Exec(ctx, `UPDATE fileinfo SET deleteat = $3, updateat = $3 WHERE id = $1 AND creatorid = $2 AND deleteat = 0`, fileID, bookmarkOwner, id.Now())
	return err
}

// PostsDeleted marks the files of deleted posts, or removes them for good,
// inside the transaction that deletes the posts.
func (f *Files) PostsDeleted(ctx context.Context, tx *db.Tx, gone []*model.Post, permanent bool) error {
	ids := make([]string, 0, len(gone))
	for _, post := range gone {
		if permanent || len(post.FileIDs) > 0 {
			ids = append(ids, post.ID)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	if !permanent {
		return mark(ctx, tx, ids)
	}
	for {
		names, err := erase(ctx, tx, `f.postid = ANY($1)`, ids)
		if err != nil || len(names) == 0 {
			return err
		}
		tx.AfterCommit(func() { f.drop(ctx, names) })
	}
}

// PostsMoved notes that posts with their files are in another channel, inside
// the transaction that moves them.
func (f *Files) PostsMoved(ctx context.Context, tx *db.Tx, postIDs []string, channelID string) error {
	_, err := tx.Exec(ctx, `UPDATE fileinfo SET channelid = $2, updateat = $3 WHERE postid = ANY($1)`, postIDs, channelID, id.Now())
	return err
}

// eraseAll removes every file of an account or a channel that no longer exists.
func (f *Files) eraseAll(ctx context.Context, column, value string) {
	ctx = context.WithoutCancel(ctx)
	for {
		var names []string
		err := f.db.Tx(ctx, func(tx *db.Tx) (err error) {
			names, err = erase(ctx, tx, `f.`+column+` = $1`, value)
			return err
		})
		if err != nil {
			f.log.Error("files were left behind", "of", value, "error", err)
		}
		if err != nil || len(names) == 0 {
			return
		}
		f.drop(ctx, names)
	}
}
