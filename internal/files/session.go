package files

import (
	"context"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"path"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/api"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
)

// An upload in parts is a session: a row that says how much has arrived. Each
// part is a blob, also one that broke off, and joins the session in one
// transaction. So a client goes on from file_offset after any failure, its own
// or the server's. With the last part the file is put together.

const (
	maxSessions = 100  // that one user has open
	maxParts    = 1000 // of one file
	// importFolder is where archives lie that an administrator uploads to be imported.
	importFolder = "import"
)

var (
	errNoSession  = fault.NotFound("app.upload.get.app_error")
	errOff        = fault.NotImplemented("api.file.attachments.disabled.app_error")
	errConcurrent = fault.Invalid("app.upload.upload_data.concurrent.app_error")
	errLength     = fault.Invalid("api.upload.upload_data.invalid_content_length")
	errHugePart   = "app.upload.upload_data.large_image.app_error"
)

func (f *Files) mountSessions(r *access.Router) {
	api.Post(r, "/uploads", access.Session, f.createSession, api.Created())
	api.Get(r, "/uploads/{upload_id}", access.Session, f.getSession)
	api.Post(r, "/uploads/{upload_id}", access.Session, f.postData, api.MaxBody(anyBody))
	api.Get(r, "/users/{user_id}/uploads", access.Session, f.getSessions)
}

type createIn struct {
	Body model.UploadSession `body:"json,upload"`
}

func (f *Files) createSession(ctx context.Context, v access.Viewer, in createIn) (*model.UploadSession, error) {
	set := f.cfg.Get().FileSettings
	if !set.EnableFileAttachments {
		return nil, errOff
	}
	us := &model.UploadSession{ID: id.New(), Type: in.Body.Type, CreateAt: id.Now(), UserID: v.UserID, ChannelID: in.Body.ChannelID,
		Filename: in.Body.Filename, FileSize: in.Body.FileSize}
	if v.System() {
		us.UserID = model.UploadNoUser
	}
	if us.Type == "" {
		us.Type = model.UploadAttachment
	}
	switch {
	case us.Type != model.UploadAttachment && us.Type != model.UploadImport:
		return nil, fault.Invalid("model.upload_session.is_valid.type.app_error")
	case us.Filename == "":
		return nil, fault.Invalid("model.upload_session.is_valid.filename.app_error")
	case us.FileSize <= 0:
		return nil, fault.Invalid("model.upload_session.is_valid.file_size.app_error")
	case us.Type == model.UploadAttachment && !id.Valid(us.ChannelID):
		return nil, fault.Invalid("model.upload_session.is_valid.channel_id.app_error")
	}
	if err := f.mayReceive(ctx, v, us); err != nil {
		return nil, err
	}
	if us.FileSize > int64(set.MaxFileSize) {
		return nil, fault.TooLarge("api.upload.create.upload_too_large.app_error", "Max", set.MaxFileSize)
	}
	us.Filename = cleanName(us.Filename)
	us.Path = path.Join(folder(us.UserID, us.ChannelID), us.ID, diskName(us.Filename))
	if us.Type == model.UploadImport {
		us.ChannelID = ""
		us.Path = path.Join(importFolder, us.ID+"_"+diskName(us.Filename))
	}
	return us, f.insertSession(ctx, us)
}

// mayReceive refuses who may not send the file of a session, now.
func (f *Files) mayReceive(ctx context.Context, v access.Viewer, us *model.UploadSession) error {
	switch {
	case us.Type == model.UploadImport:
		return v.Need(ctx, access.PermManageSystem)
	case us.UserID != v.UserID:
		return errNoUpload
	}
	return f.mayUpload(ctx, v, us.ChannelID, fault.Invalid("app.upload.create.cannot_upload_to_deleted_channel.app_error"),
		fault.Invalid("app.upload.create.cannot_upload_to_restricted_dm.error"))
}

type sessionIn struct {
	UploadID string `path:"upload_id"`
}

func (f *Files) getSession(ctx context.Context, v access.Viewer, in sessionIn) (*model.UploadSession, error) {
	us, err := f.session(ctx, in.UploadID)
	if err == nil && us.UserID != v.UserID && !v.Admin(ctx) {
		return nil, fault.Forbidden("api.upload.get_upload.forbidden.app_error")
	}
	return us, err
}

type sessionsIn struct {
	UserID string `path:"user_id"`
}

func (f *Files) getSessions(ctx context.Context, v access.Viewer, in sessionsIn) ([]*model.UploadSession, error) {
	if in.UserID != v.UserID && !v.System() {
		return nil, fault.Forbidden("api.user.get_uploads_for_user.forbidden.app_error")
	}
	list, err := f.sessionsOf(ctx, in.UserID)
	if list == nil {
		list = []*model.UploadSession{}
	}
	return list, err
}

type dataIn struct {
	sessionIn
	HTTP api.Request
}

// postData takes a part of a file. It answers 204 until the file is whole, then
// with the file.
func (f *Files) postData(ctx context.Context, v access.Viewer, in dataIn) (api.Reply, error) {
	if !f.cfg.Get().FileSettings.EnableFileAttachments {
		return api.Reply{}, errOff
	}
	if _, busy := f.receiving.LoadOrStore(in.UploadID, true); busy {
		return api.Reply{}, errConcurrent
	}
	defer f.receiving.Delete(in.UploadID)
	us, err := f.session(ctx, in.UploadID)
	if err != nil {
		return api.Reply{}, err
	}
	if err := f.mayReceive(ctx, v, us); err != nil {
		return api.Reply{}, err
	}
	in.HTTP.Body = patient(in.HTTP, f.timeout())
	body, err := dataOf(in.HTTP, us.FileSize-us.FileOffset)
	if err != nil {
		return api.Reply{}, err
	}
	ctx, cancel := context.WithTimeout(ctx, uploadTime)
	defer cancel()
	if us.FileOffset < us.FileSize {
		if err := f.receive(ctx, us, body); err != nil {
			return api.Reply{}, err
		}
	}
	if us.FileOffset < us.FileSize {
		return api.Reply{Status: http.StatusNoContent}, nil
	}
	info, err := f.finish(ctx, us)
	return api.Reply{JSON: info}, err
}

// dataOf is the part in a request: the first of a form, or the body itself. It
// is at most rest bytes long.
func dataOf(r api.Request, rest int64) (io.Reader, error) {
	kind, params := "", map[string]string{}
	if given := r.Header.Get("Content-Type"); given != "" {
		var err error
		if kind, params, err = mime.ParseMediaType(given); err != nil {
			return nil, fault.Invalid("api.upload.upload_data.invalid_content_type").Wrap(err)
		}
	}
	if kind != "multipart/form-data" {
		if r.ContentLength > rest {
			return nil, errLength
		}
		return r.Body, nil
	}
	part, err := multipart.NewReader(r.Body, params["boundary"]).NextPart()
	if err != nil {
		return nil, fault.Invalid("api.upload.upload_data.multipart_error").Wrap(err)
	}
	return part, nil
}

// receive stores a part and notes it. What arrived before the body broke off is
// kept, though the sender is told of the failure.
func (f *Files) receive(ctx context.Context, us *model.UploadSession, body io.Reader) error {
	name := path.Join("uploads", us.ID, id.New())
	if err := loosen(ctx, f.db, []string{name}, looseTime); err != nil {
		return err
	}
	// Whoever sends may be gone; what they sent is kept nevertheless.
	ctx = context.WithoutCancel(ctx)
	from := &brokenOff{r: body, left: us.FileSize - us.FileOffset}
	n, err := f.blobs.Write(ctx, name, from)
	switch {
	case err != nil:
		err = unwritten(err)
	case from.left < 0 || n == 0 && from.err == nil:
		err = errLength
	case n > 0:
		err = f.insertPart(ctx, us, name, n)
	}
	if err != nil || n == 0 {
		f.drop(ctx, []string{name})
	}
	if err == nil && from.err != nil {
		err = unreadable(from.err)
	}
	return err
}

// brokenOff reads up to left bytes and takes a failure for the end.
type brokenOff struct {
	r    io.Reader
	left int64 // below 0: more came
	err  error
}

func (b *brokenOff) Read(p []byte) (int, error) {
	if int64(len(p)) > b.left+1 {
		p = p[:b.left+1]
	}
	n, err := b.r.Read(p)
	if b.left -= int64(n); b.left < 0 {
		return 0, io.EOF
	}
	if err != nil && !errors.Is(err, io.EOF) {
		b.err, err = err, io.EOF
	}
	return n, err
}

// finish puts the file together and ends the session.
func (f *Files) finish(ctx context.Context, us *model.UploadSession) (*model.FileInfo, error) {
	parts, err := f.parts(ctx, us.ID)
	if err != nil {
		return nil, err
	}
	info := newFile(us.UserID, us.ChannelID, us.Filename)
	info.ID, info.Path = us.ID, us.Path
	joined := &joinedParts{ctx: ctx, f: f, names: parts}
	err = f.write(ctx, info, joined, errHugePart)
	joined.close()
	if err == nil {
		err = f.db.Tx(ctx, func(tx *db.Tx) error {
			if err := insert(ctx, tx, info); err != nil {
				return err
			}
			return endSession(ctx, tx, us.ID, parts)
		})
		if err != nil {
			f.drop(ctx, blobsOf(info))
		}
	} else if fault.Is(err, errHugePart) { // it won't get smaller
		_ = f.db.Tx(ctx, func(tx *db.Tx) error { return endSession(ctx, tx, us.ID, parts) })
	}
	if err != nil {
		return nil, err
	}
	f.drop(ctx, parts)
	return info, nil
}

// joinedParts reads blobs one after the other.
type joinedParts struct {
	ctx   context.Context
	f     *Files
	names []string
	open  io.ReadSeekCloser
}

func (j *joinedParts) Read(p []byte) (int, error) {
	for {
		if j.open == nil {
			if len(j.names) == 0 {
				return 0, io.EOF
			}
			var err error
			if j.open, err = j.f.blobs.Open(j.ctx, j.names[0]); err != nil {
				return 0, err
			}
			j.names = j.names[1:]
		}
		n, err := j.open.Read(p)
		if errors.Is(err, io.EOF) {
			j.close()
			err = nil
		}
		if n > 0 || err != nil {
			return n, err
		}
	}
}

func (j *joinedParts) close() {
	if j.open != nil {
		_ = j.open.Close()
		j.open = nil
	}
}
