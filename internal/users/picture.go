package users

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"io"
	"mime/multipart"
	"net/http"
	"strconv"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/api"
	"github.com/parley-chat/parley/internal/blob"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/imaging"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/realtime"
)

// Profile pictures are square PNGs of this size (reference: limits.tsv).
const pictureSize = 128

// maxPictureBody only lets the body through to setImage, which knows the
// limit of the settings.
const maxPictureBody = 1 << 40

// formMemory is how much of an upload is kept in memory, the rest in a
// temporary file; formRoom is for the form around the picture.
const (
	formMemory = 256 << 10
	formRoom   = 64 << 10
)

func picturePath(userID string) string { return "users/" + userID + "/profile.png" }

type imageIn struct {
	UserID string `path:"user_id"`
	Known  string `header:"If-None-Match"`
}

// image answers GET /users/{user_id}/image.
func (u *Users) image(ctx context.Context, v access.Viewer, in imageIn) (api.Reply, error) {
	user, err := u.visible(ctx, v, in.UserID)
	if err != nil {
		return api.Reply{}, err
	}
	etag := strconv.FormatInt(user.LastPictureUpdate, 10)
	if user.LastPictureUpdate <= 0 {
		etag = "i" + etag + user.Username[:min(1, len(user.Username))]
	}
	header := http.Header{"Etag": {etag}, "Cache-Control": {"max-age=86400, private"}}
	if api.Unchanged(in.Known, etag) {
		return api.Reply{Status: http.StatusNotModified, Header: header}, nil
	}
	if user.LastPictureUpdate > 0 {
		raw, err := u.blobs.Read(ctx, picturePath(user.ID))
		if err == nil {
			return pngReply(raw, header), nil
		}
		if !errors.Is(err, blob.ErrNotFound) {
			u.log.Error("a profile picture could not be read", "user_id", user.ID, "error", err)
		}
		header.Set("Cache-Control", "max-age=300, private")
	}
	raw, err := drawn(user)
	return pngReply(raw, header), err
}

// defaultImage answers GET /users/{user_id}/image/default.
func (u *Users) defaultImage(ctx context.Context, v access.Viewer, in userIn) (api.Reply, error) {
	user, err := u.visible(ctx, v, in.UserID)
	if err != nil {
		return api.Reply{}, err
	}
	raw, err := drawn(user)
	return pngReply(raw, http.Header{"Cache-Control": {"max-age=86400, private"}}), err
}

func pngReply(raw []byte, header http.Header) api.Reply {
	header.Set("Content-Type", "image/png")
	header.Set("Content-Length", strconv.Itoa(len(raw)))
	return api.Reply{Header: header, Body: raw}
}

// drawn is the picture of somebody who has none: their initial.
func drawn(user *model.User) ([]byte, error) {
	img, err := imaging.Initials(user.Username, user.ID, pictureSize)
	if err != nil {
		return nil, fault.Internal("api.user.create_profile_image.initial.app_error", err)
	}
	return encoded(img, "api.user.create_profile_image.encode.app_error")
}

func encoded(img image.Image, errorID string) ([]byte, error) {
	var out bytes.Buffer
	if err := imaging.EncodePNG(&out, img); err != nil {
		return nil, fault.Internal(errorID, err)
	}
	return out.Bytes(), nil
}

// drawsOwn returns the user whose picture v may change.
func (u *Users) drawsOwn(ctx context.Context, v access.Viewer, userID string) (*model.User, error) {
	user, err := u.editable(ctx, v, userID)
	if err != nil {
		return nil, err
	}
	c := u.cfg.Get()
	if c.FileSettings.DriverName == "" {
		return nil, fault.NotImplemented("api.user.upload_profile_user.storage.app_error")
	}
	if serviceOwnsPicture(c, user) {
		return nil, fault.Conflict("api.user.upload_profile_user.login_provider_attribute_set.app_error")
	}
	return user, nil
}

type setImageIn struct {
	UserID string `path:"user_id"`
	HTTP   api.Request
}

// setImage answers POST /users/{user_id}/image.
func (u *Users) setImage(ctx context.Context, v access.Viewer, in setImageIn) (api.OK, error) {
	user, err := u.drawsOwn(ctx, v, in.UserID)
	if err != nil {
		return api.OK{}, err
	}
	img, err := u.uploaded(ctx, in.HTTP)
	if err != nil {
		return api.OK{}, err
	}
	raw, err := encoded(imaging.Fill(img, pictureSize, pictureSize), "api.user.upload_profile_user.encode.app_error")
	if err != nil {
		return api.OK{}, err
	}
	if err := u.SetPicture(ctx, user.ID, raw); err != nil {
		return api.OK{}, err
	}
	u.Audit(ctx, v, "/api/v4/users/"+user.ID+"/image", "")
	return api.Done(), nil
}

// uploaded reads the picture of a form.
func (u *Users) uploaded(ctx context.Context, r api.Request) (image.Image, error) {
	files := u.cfg.Get().FileSettings
	tooLarge := fault.TooLarge("api.user.upload_profile_user.too_large.app_error", "Max", files.MaxFileSize)
	if r.ContentLength > int64(files.MaxFileSize)+formRoom {
		return nil, tooLarge
	}
	r.Body = http.MaxBytesReader(r.Writer, r.Body, int64(files.MaxFileSize)+formRoom)
	err := r.ParseMultipartForm(formMemory)
	if r.MultipartForm != nil {
		defer func() { _ = r.MultipartForm.RemoveAll() }()
	}
	var big *http.MaxBytesError
	switch {
	case errors.As(err, &big):
		return nil, tooLarge
	case err != nil:
		return nil, fault.Invalid("api.user.upload_profile_user.parse.app_error").Wrap(err).WithStatus(http.StatusInternalServerError)
	}
	parts, ok := r.MultipartForm.File["image"]
	switch {
	case !ok:
		return nil, fault.Invalid("api.user.upload_profile_user.no_file.app_error")
	case len(parts) == 0:
		return nil, fault.Invalid("api.user.upload_profile_user.array.app_error")
	case parts[0].Size > int64(files.MaxFileSize):
		return nil, tooLarge
	}
	return decoded(ctx, parts[0], int64(files.MaxImageResolution))
}

func decoded(ctx context.Context, part *multipart.FileHeader, maxPixels int64) (image.Image, error) {
	f, err := part.Open()
	if err != nil {
		return nil, fault.Invalid("api.user.upload_profile_user.open.app_error").Wrap(err)
	}
	defer func() { _ = f.Close() }()
	return drawable(ctx, f, maxPixels)
}

func drawable(ctx context.Context, f io.ReadSeeker, maxPixels int64) (image.Image, error) {
	img, err := imaging.Decode(ctx, f, maxPixels)
	switch {
	case errors.Is(err, imaging.ErrTooLarge):
		return nil, fault.Invalid("api.user.upload_profile_user.check_image_limits.app_error").Wrap(err)
	case errors.Is(err, imaging.ErrFormat):
		return nil, fault.Invalid("api.user.upload_profile_user.decode.app_error").Wrap(err)
	}
	return img, err
}

// DrawPicture makes of any picture the square PNG that SetPicture stores. It
// fails with 400 for what is no picture, or too large a one.
func (u *Users) DrawPicture(ctx context.Context, picture io.ReadSeeker) ([]byte, error) {
	img, err := drawable(ctx, picture, int64(u.cfg.Get().FileSettings.MaxImageResolution))
	if err != nil {
		return nil, err
	}
	return encoded(imaging.Fill(img, pictureSize, pictureSize), "api.user.upload_profile_user.encode.app_error")
}

// PicturePath is the blob of a user's picture.
func PicturePath(userID string) string { return picturePath(userID) }

// SetPicture stores a square PNG as a user's picture and tells everybody.
func (u *Users) SetPicture(ctx context.Context, userID string, png []byte) error {
	if _, err := u.blobs.Write(ctx, picturePath(userID), bytes.NewReader(png)); err != nil {
		return fault.Internal("api.user.upload_profile_user.upload_profile.app_error", err)
	}
	return u.pictureChanged(ctx, userID, 1)
}

// removeImage answers DELETE /users/{user_id}/image: the drawn picture again.
func (u *Users) removeImage(ctx context.Context, v access.Viewer, in userIn) (api.OK, error) {
	user, err := u.drawsOwn(ctx, v, in.UserID)
	if err != nil {
		return api.OK{}, err
	}
	if err := u.pictureChanged(ctx, user.ID, -1); err != nil {
		return api.OK{}, err
	}
	if err := u.blobs.Delete(ctx, picturePath(user.ID)); err != nil {
		u.log.Warn("a profile picture that was removed is left", "user_id", user.ID, "error", err)
	}
	u.Audit(ctx, v, "/api/v4/users/"+user.ID+"/image", "")
	return api.Done(), nil
}

// pictureChanged notes when the picture changed: with sign 1 that there is
// one, with -1 that there is none.
func (u *Users) pictureChanged(ctx context.Context, userID string, sign int64) error {
	c, err := u.edit(ctx, userID, func(tx *db.Tx, user *model.User) error {
		user.LastPictureUpdate = sign * user.UpdateAt
		return update(ctx, tx, user)
	})
	if err != nil {
		return fmt.Errorf("noting a new picture: %w", err)
	}
	u.Updated.Publish(ctx, c)
	// The protocol tells everybody, the user as well, in the form for others.
	u.hub.Publish(realtime.Event{Name: "user_updated", Data: map[string]any{"user": u.publicView(c.New)},
		To: realtime.Audience{Everyone: true}, About: userID})
	return nil
}
