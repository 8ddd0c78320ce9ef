package files

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"io"
	"net/http"
	"path"
	"strings"

	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/imaging"
	"github.com/parley-chat/parley/internal/model"
)

const (
	// maxContent is how much of a text file can be searched for, bytes: what
	// PostgreSQL's index takes of the strangest text.
	maxContent = 400 << 10
	// ownPreview is the size in bytes up to which a picture that is not too wide
	// is its own preview.
	ownPreview = 512 << 10
)

// describe works out what a file that was written is, and writes its small
// pictures. A picture that can't be read is a file like any other. Fails with
// 400 and the id tooLarge when it has more pixels than the settings allow.
func (f *Files) describe(ctx context.Context, info *model.FileInfo, tooLarge string) error {
	file, err := f.blobs.Open(ctx, info.Path)
	if err != nil {
		return fault.Internal("api.file.read_file.app_error", err)
	}
	defer func() { _ = file.Close() }()
	head := make([]byte, sniffLength)
	n, err := io.ReadFull(file, head)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return fault.Internal("api.file.read_file.app_error", err)
	}
	kind := http.DetectContentType(head[:n])
	switch {
	case info.Extension == "svg":
		if _, err := file.Seek(0, io.SeekStart); err == nil {
			info.Width, info.Height = imaging.SVGSize(file)
		}
	case strings.HasPrefix(kind, "image/") || strings.HasPrefix(info.MimeType, "image/"):
		err := f.picture(ctx, info, file)
		if errors.Is(err, imaging.ErrTooLarge) {
			return fault.Invalid(tooLarge).Wrap(err)
		}
		if errors.Is(err, imaging.ErrFormat) {
			f.log.Debug("a picture has no preview", "file", info.ID, "error", err)
			info.Width, info.Height = 0, 0
			return nil
		}
		return err
	case strings.HasPrefix(kind, "text/") && f.cfg.Get().FileSettings.ExtractContent:
		if _, err := file.Seek(0, io.SeekStart); err != nil {
			return fault.Internal("api.file.read_file.app_error", err)
		}
		raw, err := io.ReadAll(io.LimitReader(file, maxContent))
		if err != nil {
			return fault.Internal("api.file.read_file.app_error", err)
		}
		info.Content = strings.ReplaceAll(strings.ToValidUTF8(string(raw), " "), "\x00", " ")
	}
	return nil
}

// picture notes the size of a picture and draws its preview, its thumbnail and
// the blur that stands in its place until they have come. Of what moves there is
// no preview: it is shown as it is.
func (f *Files) picture(ctx context.Context, info *model.FileInfo, file io.ReadSeeker) error {
	seen, err := imaging.Inspect(file)
	if err != nil {
		return err
	}
	limit := int64(f.cfg.Get().FileSettings.MaxImageResolution)
	if int64(seen.Width)*int64(seen.Height) > limit {
		return fmt.Errorf("%w: %d by %d", imaging.ErrTooLarge, seen.Width, seen.Height)
	}
	if f.decoders != nil {
		select {
		case f.decoders <- struct{}{}:
			defer func() { <-f.decoders }()
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	info.Width, info.Height = seen.Width, seen.Height
	return imaging.With(ctx, file, limit, func(p imaging.Picture) error {
		asPNG := seen.Format == "png" || !p.Opaque()
		var err error
		if info.ThumbnailPath, err = f.draw(ctx, info, "_thumb", asPNG, p.Fit(model.FileThumbnailWidth, model.FileThumbnailHeight)); err != nil {
			return err
		}
		switch {
		case seen.Animated:
		case !seen.Turned && seen.Width <= model.FilePreviewWidth && info.Size <= ownPreview && shown(seen.Format):
			info.PreviewPath = info.Path
		default:
			if info.PreviewPath, err = f.draw(ctx, info, "_preview", asPNG, p.Fit(model.FilePreviewWidth, 0)); err != nil {
				return err
			}
		}
		info.HasPreviewImage = info.PreviewPath != ""
		var mini bytes.Buffer
		err = imaging.EncodeJPEG(&mini, p.Stretch(model.FileMiniPreviewSide, model.FileMiniPreviewSide), model.FileJPEGQuality)
		info.MiniPreview = mini.Bytes()
		return err
	})
}

// shown tells whether every browser shows pictures of a format.
func shown(format string) bool {
	return format == "png" || format == "jpeg" || format == "webp" || format == "gif"
}

// draw writes a small picture beside the file and returns its name.
func (f *Files) draw(ctx context.Context, info *model.FileInfo, suffix string, asPNG bool, img image.Image) (string, error) {
	name := strings.TrimSuffix(info.Path, path.Ext(info.Path)) + suffix + ".jpg"
	var out bytes.Buffer
	var err error
	if asPNG {
		name = strings.TrimSuffix(name, ".jpg") + ".png"
		err = imaging.EncodePNG(&out, img)
	} else {
		err = imaging.EncodeJPEG(&out, img, model.FileJPEGQuality)
	}
	if err == nil {
		err = loosen(ctx, f.db, []string{name}, looseTime)
	}
	if err == nil {
		_, err = f.blobs.Write(ctx, name, &out)
	}
	if err != nil {
		return "", unwritten(err)
	}
	return name, nil
}
