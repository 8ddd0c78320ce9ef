package backup

import (
	"cmp"
	"context"
	"io"
	"log/slog"
	"path/filepath"
	"strings"

	"github.com/parley-chat/parley/internal/blob"
	"github.com/parley-chat/parley/internal/config"
)

// OpenPlace opens where archives are kept: the folder "backups" in data when
// nothing is named, another folder, or s3://bucket/folder. A bucket is reached
// with the endpoint and the keys of FileSettings.
func OpenPlace(place, data string, set *config.FileSettings, log *slog.Logger) (blob.Store, error) {
	bucket, ok := strings.CutPrefix(place, "s3://")
	if !ok {
		return blob.OpenDisk(cmp.Or(place, filepath.Join(data, "backups")))
	}
	there := *set
	there.AmazonS3Bucket, there.AmazonS3PathPrefix, _ = strings.Cut(bucket, "/")
	return blob.OpenS3(&there, log)
}

// WriteTo writes an archive under a name of a place. What isn't whole is never there.
func WriteTo(ctx context.Context, place blob.Store, name string, s Source) (Summary, int64, error) {
	type written struct {
		out Summary
		err error
	}
	r, w := io.Pipe()
	done := make(chan written, 1)
	go func() {
		out, err := Write(ctx, w, s)
		_ = w.CloseWithError(err) // the reader fails with it
		done <- written{out, err}
	}()
	size, err := place.Write(ctx, name, r)
	_ = r.CloseWithError(cmp.Or(err, io.ErrClosedPipe)) // so that nobody writes on for nobody
	made := <-done
	return made.out, size, cmp.Or(err, made.err)
}
