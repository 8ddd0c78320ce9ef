package files

import (
	"context"
	"errors"
	"io"
	"net/http"
	"path"
	"syscall"
	"time"

	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/imaging"
	"github.com/parley-chat/parley/internal/model"
)

// newFile is a file that has no content yet. Its folder is the one that a
// Mattermost server gives it.
func newFile(userID, channelID, name string) *model.FileInfo {
	name = cleanName(name)
	info := &model.FileInfo{ID: id.New(), UserID: userID, ChannelID: channelID, Name: name, Extension: extensionOf(name), CreateAt: id.Now()}
	info.UpdateAt = info.CreateAt
	info.MimeType = byExtension[info.Extension]
	info.Path = path.Join(folder(userID, channelID), info.ID, diskName(name))
	return info
}

func folder(userID, channelID string) string {
	return path.Join(time.Now().UTC().Format("20060102"), "teams/noteam/channels", channelID, "users", userID)
}

// write stores the content of a file and works out what it is. After an error
// nothing of it is left. It fails with what from fails with, and with tooLarge
// for a picture of too many pixels.
func (f *Files) write(ctx context.Context, info *model.FileInfo, from io.Reader, tooLarge string) (err error) {
	if err := loosen(ctx, f.db, []string{info.Path}, looseTime); err != nil {
		return err
	}
	defer func() {
		if err != nil {
			f.drop(ctx, blobsOf(info))
		}
	}()
	cleaned := imaging.Cleaned(from)
	info.Size, err = f.blobs.Write(ctx, info.Path, cleaned)
	_ = cleaned.Close()
	if err != nil {
		var e *fault.Error
		if !errors.As(err, &e) {
			err = unwritten(err)
		}
		return err
	}
	return f.describe(ctx, info, tooLarge)
}

// unwritten is the failure of a store: one that is full says so, for that is
// what an administrator can mend.
func unwritten(err error) *fault.Error {
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
		return fault.Unavailable("parley.file.no_space").WithStatus(http.StatusInsufficientStorage).Wrap(err)
	}
	return fault.Internal(errUnwritten, err)
}

// dropAll removes files that were written and won't be named.
func (f *Files) dropAll(ctx context.Context, infos []*model.FileInfo) {
	for _, info := range infos {
		f.drop(ctx, blobsOf(info))
	}
}
