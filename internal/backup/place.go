package backup

import (
	"cmp"
	"context"
	"io"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"time"

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

// Archive is an archive at a place.
type Archive struct {
	Name  string `json:"name"`
	Size  int64  `json:"size"`
	Taken int64  `json:"taken"` // Unix ms
}

// Names of archives that the schedule makes: those are counted and removed, and
// nothing else that lies there.
const (
	nameBegin = "parley-"
	nameTime  = "20060102-150405"
	plainEnd  = ".tar.zst"
	secretEnd = ".tar.zst.age"
)

func nameAt(t time.Time, encrypted bool) string {
	end := plainEnd
	if encrypted {
		end = secretEnd
	}
	return nameBegin + t.UTC().Format(nameTime) + end
}

// taken is when an archive of that name was made.
func taken(name string) (time.Time, bool) {
	name, ok := strings.CutPrefix(name, nameBegin)
	if !ok {
		return time.Time{}, false
	}
	for _, end := range []string{secretEnd, plainEnd} {
		if stem, ok := strings.CutSuffix(name, end); ok {
			t, err := time.Parse(nameTime, stem)
			return t, err == nil
		}
	}
	return time.Time{}, false
}

// Archives lists those of the schedule, the newest first.
func Archives(ctx context.Context, place blob.Store) ([]Archive, error) {
	list := []Archive{}
	err := place.List(ctx, func(name string, size int64) error {
		if t, ok := taken(name); ok {
			list = append(list, Archive{name, size, t.UnixMilli()})
		}
		return nil
	})
	slices.SortFunc(list, func(a, b Archive) int { return cmp.Or(cmp.Compare(b.Taken, a.Taken), cmp.Compare(b.Name, a.Name)) })
	return list, err
}
