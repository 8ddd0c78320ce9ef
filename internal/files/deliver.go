package files

import (
	"context"

	"github.com/parley-chat/parley/internal/api"
)

// The sizes of a file that Deliver sends.
const (
	Whole     = ""
	Preview   = "preview"
	Thumbnail = "thumbnail"
)

// Deliver answers with a file that was posted, or with a small picture of it,
// for a slice that has made sure that whoever asks may have it. Fails with 404
// for a file that isn't there, or that has no picture of that size.
func (f *Files) Deliver(ctx context.Context, fileID, size string) (api.Reply, error) {
	info, err := f.byID(ctx, fileID)
	if err != nil {
		return api.Reply{}, err
	}
	name := map[string]string{Whole: info.Path, Preview: info.PreviewPath, Thumbnail: info.ThumbnailPath}[size]
	if info.PostID == "" || name == "" {
		return api.Reply{}, errNoFile
	}
	variant := ""
	if size != Whole {
		variant = "-" + size
	}
	return f.reply(ctx, info, name, variant, false)
}
