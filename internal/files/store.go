package files

import (
	"context"
	"errors"

	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
)

// Columns are what of a file (a row of fileinfo called f) clients see; Scan
// reads them. A file from before channels were noted is in its post's.
const Columns = `f.id, coalesce(f.creatorid,''), coalesce(f.postid,''),
	coalesce(nullif(f.channelid,''), (SELECT p.channelid FROM posts p WHERE p.id = f.postid), ''),
	coalesce(f.createat,0), coalesce(f.updateat,0), coalesce(f.deleteat,0),
	coalesce(f.name,''), coalesce(f.extension,''), coalesce(f.size,0), coalesce(f.mimetype,''), coalesce(f.width,0), coalesce(f.height,0),
	coalesce(f.haspreviewimage,false), f.minipreview, coalesce(f.remoteid,''), coalesce(f.archived,false)`

// Scan reads Columns and, after them, more.
func Scan(r db.Row, more ...any) (*model.FileInfo, error) {
	f := &model.FileInfo{}
	return f, r.Scan(append([]any{&f.ID, &f.UserID, &f.PostID, &f.ChannelID, &f.CreateAt, &f.UpdateAt, &f.DeleteAt, &f.Name, &f.Extension,
		&f.Size, &f.MimeType, &f.Width, &f.Height, &f.HasPreviewImage, &f.MiniPreview, &f.RemoteID, &f.Archived}, more...)...)
}

const paths = `, coalesce(f.path,''), coalesce(f.thumbnailpath,''), coalesce(f.previewpath,'')`

func scanWithPaths(r db.Row) (*model.FileInfo, error) {
	var path, thumbnail, preview string
	f, err := Scan(r, &path, &thumbnail, &preview)
	if err == nil {
		f.Path, f.ThumbnailPath, f.PreviewPath = path, thumbnail, preview
	}
	return f, err
}

// byID returns a file that was not deleted.
func (f *Files) byID(ctx context.Context, fileID string) (*model.FileInfo, error) {
	info, err := db.Get(ctx, f.db, scanWithPaths, `SELECT `+Columns+paths+` FROM fileinfo f WHERE f.id = $1 AND f.deleteat = 0`, fileID)
	if errors.Is(err, db.ErrNotFound) {
		return nil, errNoFile
	}
	return info, err
}

// ByIDs returns files by id, deleted ones too; those that don't exist are left out.
func (f *Files) ByIDs(ctx context.Context, ids []string) ([]*model.FileInfo, error) {
	return db.List(ctx, f.db, func(r db.Row) (*model.FileInfo, error) { return Scan(r) },
		`SELECT `+Columns+` FROM fileinfo f WHERE f.id = ANY($1) LIMIT $2`, ids, len(ids))
}

// insert names files whose blobs are written. All or none of them.
func (f *Files) insert(ctx context.Context, infos []*model.FileInfo) error {
	err := f.db.Tx(ctx, func(tx *db.Tx) error {
		for _, info := range infos {
			if err := insert(ctx, tx, info); err != nil {
				return err
			}
		}
		return nil
	})
	var e *fault.Error
	if err != nil && !errors.As(err, &e) {
		err = fault.Internal("app.file_info.save.app_error", err)
	}
	return err
}

func insert(ctx context.Context, tx *db.Tx, f *model.FileInfo) error {
	if err := keep(ctx, tx, blobsOf(f)); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `INSERT INTO fileinfo (id, creatorid, postid, channelid, createat, updateat, deleteat, path, thumbnailpath, previewpath,
		name, extension, size, mimetype, width, height, haspreviewimage, minipreview, content, remoteid, archived)
		VALUES ($1, $2, '', $3, $4, $4, 0, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, '', false)`,
		f.ID, f.UserID, f.ChannelID, f.CreateAt, f.Path, f.ThumbnailPath, f.PreviewPath, f.Name, f.Extension, f.Size, f.MimeType,
		f.Width, f.Height, f.HasPreviewImage, f.MiniPreview, f.Content)
	return err
}

// blobsOf lists the names under which a file and its small pictures lie.
func blobsOf(f *model.FileInfo) []string {
	names := []string{f.Path}
	for _, name := range []string{f.ThumbnailPath, f.PreviewPath} {
		if name != "" && name != f.Path {
			names = append(names, name)
		}
	}
	return names
}

// attach gives a post the files of ids that its author uploaded for its channel
// and that no other post has, and returns their ids.
func attach(ctx context.Context, tx *db.Tx, post *model.Post, ids []string) ([]string, error) {
	return db.List(ctx, tx, db.One[string], `UPDATE fileinfo SET postid = $1, updateat = $5, deleteat = 0
		WHERE id = ANY($2) AND creatorid = $3 AND (channelid = $4 AND coalesce(postid,'') = '' AND deleteat = 0 OR postid = $1) RETURNING id`,
		post.ID, ids, post.UserID, post.ChannelID, id.Now())
}

// mark marks the files of posts as deleted.
func mark(ctx context.Context, tx *db.Tx, postIDs []string) error {
	_, err := tx.Exec(ctx, `UPDATE fileinfo SET deleteat = $2, updateat = $2 WHERE postid = ANY($1) AND deleteat = 0`, postIDs, id.Now())
	return err
}

// erase removes the rows of files that a condition on one parameter picks, some
// at a time, and puts their blobs on the list of loose ones, due at once. It
// returns their names.
func erase(ctx context.Context, tx *db.Tx, condition string, arg any) ([]string, error) {
	list, err := db.List(ctx, tx, scanWithPaths, `SELECT `+Columns+paths+` FROM fileinfo f WHERE `+condition+` LIMIT $2`, arg, eraseBatch)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	var names []string
	ids := make([]string, len(list))
	for i, info := range list {
		ids[i] = info.ID
		names = append(names, blobsOf(info)...)
	}
	if err := loosen(ctx, tx, names, 0); err != nil {
		return nil, err
	}
	_, err = tx.Exec(ctx, `DELETE FROM fileinfo WHERE id = ANY($1)`, ids)
	return names, err
}

// eraseBatch is how many files a transaction removes.
const eraseBatch = 500
