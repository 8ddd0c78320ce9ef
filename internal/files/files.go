// Package files keeps what people upload and hands it out again.
//
// An upload (upload.go) is written as a blob first and named by a row of
// fileinfo after that, so a row never points at half a file; what an upload that
// failed leaves behind stands in parley_loose_blobs until it is removed
// (loose.go). Large files may come in parts (session.go). describe.go works out what a file is and draws its small pictures.
// A file belongs to nobody's post until its uploader posts it in the channel that
// it was uploaded for (bind.go); from then on it is for those who may read the
// channel. serve.go sends it in a way in which no browser takes it for a page of
// this site.
package files

import (
	"context"
	"log/slog"
	"sync"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/blob"
	"github.com/parley-chat/parley/internal/channels"
	"github.com/parley-chat/parley/internal/config"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/jobs"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/users"
)

// Files is the slice. Make it with New.
type Files struct {
	db       *db.DB
	cfg      *config.Store
	acc      *access.Access
	channels *channels.Channels
	blobs    blob.Store
	decoders chan struct{} // one for each picture that may be decoded at once
	log      *slog.Logger

	receiving sync.Map // ids of the sessions that a part comes for
}

// Config is what the slice is made from.
type Config struct {
	DB       *db.DB
	Settings *config.Store
	Access   *access.Access
	Users    *users.Users
	Channels *channels.Channels
	Blobs    blob.Store
	Jobs     *jobs.Runner
	Log      *slog.Logger
}

// New returns the slice over a migrated database. The files of accounts and
// channels that are removed for good go with them.
func New(c Config) *Files {
	f := &Files{db: c.DB, cfg: c.Settings, acc: c.Access, channels: c.Channels, blobs: c.Blobs, log: c.Log}
	if n := c.Settings.Get().FileSettings.MaxImageDecoderConcurrency; n > 0 {
		f.decoders = make(chan struct{}, n)
	}
	c.Users.Deleted.Subscribe(func(ctx context.Context, u *model.User) { f.eraseAll(ctx, "creatorid", u.ID) })
	c.Channels.Deleted.Subscribe(func(ctx context.Context, e channels.Changed) { f.eraseAll(ctx, "channelid", e.Channel.ID) })
	c.Jobs.Every("parley_files_sweep", sweepEvery, f.sweep)
	return f
}

var (
	errNoFile    = fault.NotFound("api.file.get_file_info.app_error")
	errUnlisted  = fault.NoPermission(string(access.PermReadChannelContent))
	errNoUpload  = fault.NoPermission(string(access.PermUploadFile))
	errGone      = fault.NotFound("api.file.read_file.app_error")
	errUnwritten = "api.file.write_file.app_error"
)

// Visible returns a file that v may see: one that was posted, or belongs to a
// channel as a whole, in a channel that v may read; before it is posted only its
// uploader may, in a channel that they still may read. Fails with 404
// api.file.get_file_info.app_error, with 403 for a file that v may not see.
func (f *Files) Visible(ctx context.Context, v access.Viewer, fileID string) (*model.FileInfo, error) {
	info, err := f.byID(ctx, fileID)
	if err != nil {
		return nil, err
	}
	ch, err := f.acc.Channel(ctx, info.ChannelID)
	if fault.IsNotFound(err) {
		return nil, errNoFile
	}
	if err != nil {
		return nil, err
	}
	if !v.MayRead(ctx, ch) || info.PostID == "" && info.UserID != v.UserID && info.UserID != bookmarkOwner {
		return nil, errUnlisted
	}
	return info, nil
}

// bookmarkOwner stands in the place of the uploader of a file that a channel's
// bookmark shows.
const bookmarkOwner = "bookmark"

// mayUpload refuses who may not add a file to a channel, now.
func (f *Files) mayUpload(ctx context.Context, v access.Viewer, channelID string, archived, restricted *fault.Error) error {
	if !v.CanChannel(ctx, channelID, access.PermUploadFile) {
		return errNoUpload
	}
	ch, err := f.acc.Channel(ctx, channelID)
	if err != nil {
		return err
	}
	if ch.DeleteAt != 0 {
		return archived
	}
	apart, err := f.channels.Restricted(ctx, v, ch)
	if apart {
		return restricted
	}
	return err
}
