package files

import (
	"context"
	"errors"
	"io"
	"path"
	"strings"

	"github.com/parley-chat/parley/internal/blob"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/model"
)

// What imports and exports of whole servers need of files: taking one in without
// a request, and the archives that administrators uploaded to be imported.

// Take stores a file for a post that its author is about to get, with the time
// given. Fails with what from fails with, and with 400 for a picture of too many pixels.
func (f *Files) Take(ctx context.Context, userID, channelID, name string, createAt int64, from io.Reader) (*model.FileInfo, error) {
	info := newFile(userID, channelID, name)
	info.CreateAt, info.UpdateAt = createAt, createAt
	if err := f.write(ctx, info, from, errHuge); err != nil {
		return nil, err
	}
	if err := f.insert(ctx, []*model.FileInfo{info}); err != nil {
		f.dropAll(ctx, []*model.FileInfo{info})
		return nil, err
	}
	return info, nil
}

// Discard removes files that were taken for a post that won't be. What can't be
// removed now is removed later.
func (f *Files) Discard(ctx context.Context, infos []*model.FileInfo) {
	if len(infos) == 0 {
		return
	}
	ctx = context.WithoutCancel(ctx)
	ids := make([]string, len(infos))
	for i, info := range infos {
		ids[i] = info.ID
	}
	var names []string
	err := f.db.Tx(ctx, func(tx *db.Tx) (err error) {
		names, err = erase(ctx, tx, `f.id = ANY($1) AND coalesce(f.postid,'') = ''`, ids)
		return err
	})
	if err != nil {
		f.log.Error("files that no post has were left behind", "files", ids, "error", err)
		return
	}
	f.drop(ctx, names)
}

// maxArchives bounds the list of uploaded archives.
const maxArchives = 1000

// archives are the uploads that lie there to be imported. They are found among
// the few files that no post has.
func (f *Files) archives(ctx context.Context, before int64) ([]*model.FileInfo, error) {
	return db.List(ctx, f.db, scanWithPaths, `SELECT `+Columns+paths+` FROM fileinfo f
		WHERE f.postid = '' AND f.path LIKE $1 AND f.deleteat = 0 AND f.createat < $2 ORDER BY f.createat LIMIT $3`, importFolder+"/%", before, maxArchives)
}

// forever is later than any file.
const forever = 1 << 60

// Archives lists the names of the archives that lie there to be imported.
func (f *Files) Archives(ctx context.Context) ([]string, error) {
	list, err := f.archives(ctx, forever)
	names := make([]string, 0, len(list))
	for _, info := range list {
		names = append(names, path.Base(info.Path))
	}
	return names, err
}

// OpenArchive opens one by its name; 404 when there is none.
func (f *Files) OpenArchive(ctx context.Context, name string) (io.ReadSeekCloser, error) {
	if name == "" || strings.ContainsAny(name, `/\`) {
		return nil, errGone
	}
	file, err := f.blobs.Open(ctx, path.Join(importFolder, name))
	if errors.Is(err, blob.ErrNotFound) {
		return nil, errGone
	}
	if err != nil {
		return nil, fault.Internal("api.file.read_file.app_error", err)
	}
	return file, nil
}

// DeleteArchive removes one; a name of none is no error.
func (f *Files) DeleteArchive(ctx context.Context, name string) error {
	return f.deleteArchives(ctx, forever, func(info *model.FileInfo) bool { return path.Base(info.Path) == name })
}

// DeleteArchives removes those that were uploaded before a time.
func (f *Files) DeleteArchives(ctx context.Context, before int64) error {
	return f.deleteArchives(ctx, before, func(*model.FileInfo) bool { return true })
}

func (f *Files) deleteArchives(ctx context.Context, before int64, which func(*model.FileInfo) bool) error {
	list, err := f.archives(ctx, before)
	if err != nil {
		return err
	}
	for _, info := range list {
		if !which(info) {
			continue
		}
		var names []string
		err := f.db.Tx(ctx, func(tx *db.Tx) (err error) {
			names, err = erase(ctx, tx, `f.id = $1`, info.ID)
			return err
		})
		if err != nil {
			return err
		}
		f.drop(ctx, names)
	}
	return nil
}
