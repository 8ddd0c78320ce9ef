package emoji

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"image"
	"io"
	"net/http"

	"github.com/parley-chat/parley/internal/api"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/imaging"
	"github.com/parley-chat/parley/internal/model"
)

// formRoom is for the form around the picture; a picture is small enough to be
// kept in memory.
const formRoom = 64 << 10

var errTooLarge = fault.TooLarge("api.emoji.create.too_large.app_error")

// uploaded reads the form of a new emoji: the emoji as JSON, and its picture.
func uploaded(r api.Request) (meta model.Emoji, picture []byte, err error) {
	const most = model.EmojiFileMaxSize + formRoom
	if r.ContentLength > most {
		return meta, nil, errTooLarge
	}
	r.Body = http.MaxBytesReader(r.Writer, r.Body, most)
	err = r.ParseMultipartForm(most)
	if r.MultipartForm != nil {
		defer func() { _ = r.MultipartForm.RemoveAll() }()
	}
	var big *http.MaxBytesError
	switch {
	case errors.As(err, &big):
		return meta, nil, errTooLarge
	case err != nil:
		return meta, nil, fault.Invalid("api.emoji.create.parse.app_error").Wrap(err)
	}
	if values := r.MultipartForm.Value["emoji"]; len(values) == 0 || json.Unmarshal([]byte(values[0]), &meta) != nil {
		return meta, nil, fault.InvalidParam("emoji")
	}
	files := r.MultipartForm.File["image"]
	if len(files) == 0 {
		return meta, nil, fault.InvalidParam("image")
	}
	if files[0].Size > model.EmojiFileMaxSize {
		return meta, nil, errTooLarge
	}
	f, err := files[0].Open()
	if err != nil {
		return meta, nil, fault.Invalid("api.emoji.upload.open.app_error").Wrap(err)
	}
	defer func() { _ = f.Close() }()
	picture, err = io.ReadAll(f)
	return meta, picture, err
}

// maxOriginal is how many pixels an uploaded picture may have, a frame.
const maxOriginal = model.EmojiMaxOriginalSide * model.EmojiMaxOriginalSide

// drawn makes the picture of an emoji from what was uploaded: a PNG, or a GIF
// that keeps moving.
func drawn(ctx context.Context, upload []byte) ([]byte, error) {
	c, format, err := image.DecodeConfig(bytes.NewReader(upload))
	if err != nil || format != "png" && format != "jpeg" && format != "gif" {
		return nil, fault.Invalid("api.emoji.upload.image.app_error").Wrap(err)
	}
	if max(c.Width, c.Height) > model.EmojiMaxOriginalSide {
		return nil, errTooManyPixels
	}
	if format == "gif" {
		raw, err := imaging.MovingWithin(ctx, upload, model.EmojiMaxSide, maxOriginal)
		return raw, pictureFault(err, "api.emoji.upload.large_image.gif_decode_error")
	}
	img, err := imaging.Decode(ctx, bytes.NewReader(upload), maxOriginal)
	if err != nil {
		return nil, pictureFault(err, "api.emoji.upload.large_image.decode_error")
	}
	var out bytes.Buffer
	if err := imaging.EncodePNG(&out, imaging.Within(img, model.EmojiMaxSide)); err != nil {
		return nil, fault.Invalid("api.emoji.upload.large_image.encode_error").Wrap(err)
	}
	return out.Bytes(), nil
}

var errTooManyPixels = fault.Invalid("api.emoji.upload.large_image.too_large.app_error",
	"MaxWidth", model.EmojiMaxOriginalSide, "MaxHeight", model.EmojiMaxOriginalSide)

func pictureFault(err error, broken string) error {
	switch {
	case errors.Is(err, imaging.ErrTooLarge):
		return errTooManyPixels
	case errors.Is(err, imaging.ErrFormat):
		return fault.Invalid(broken).Wrap(err)
	}
	return err
}

// typeOf is the media type of a stored picture. What isn't one of those that
// are stored is sent as nothing that a browser would run.
func typeOf(raw []byte) string {
	switch t := http.DetectContentType(raw); t {
	case "image/png", "image/gif", "image/jpeg":
		return t
	}
	return "application/octet-stream"
}
