package files

import (
	"context"
	"errors"

	"github.com/parley-chat/parley/internal/blob"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/model"
)

// Copy stores files once more for another channel, with their uploaders, and
// returns their ids in the order given. They belong to no post yet. Files that
// are deleted, or whose bytes are gone, are left out. All or none are named.
func (f *Files) Copy(ctx context.Context, infos []*model.FileInfo, channelID string) (ids []string, err error) {
	var made []*model.FileInfo
	defer func() {
		if err != nil {
			f.dropAll(ctx, made)
		}
	}()
	ids = []string{}
	for _, info := range infos {
		if info.DeleteAt != 0 {
			continue
		}
		c, err := f.copyOne(ctx, info, channelID)
		if fault.IsNotFound(err) {
			continue
		}
		if err != nil {
			return nil, err
		}
		made, ids = append(made, c), append(ids, c.ID)
	}
	return ids, f.insert(ctx, made)
}

func (f *Files) copyOne(ctx context.Context, info *model.FileInfo, channelID string) (*model.FileInfo, error) {
	whole, err := f.byID(ctx, info.ID)
	if err != nil {
		return nil, err
	}
	from, err := f.blobs.Open(ctx, whole.Path)
	if errors.Is(err, blob.ErrNotFound) {
		return nil, errGone
	}
	if err != nil {
		return nil, err
	}
	c := newFile(info.UserID, channelID, info.Name)
	err = f.write(ctx, c, from, errHuge)
	return c, errors.Join(err, from.Close())
}
