package files

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/api"
	"github.com/parley-chat/parley/internal/blob"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/model"
)

type getIn struct {
	FileID   string `path:"file_id"`
	Download bool   `query:"download"`
}

// get answers GET and HEAD /files/{file_id}.
func (f *Files) get(ctx context.Context, v access.Viewer, in getIn) (api.Reply, error) {
	info, err := f.Visible(ctx, v, in.FileID)
	if err != nil {
		return api.Reply{}, err
	}
	return f.reply(ctx, info, info.Path, "", in.Download)
}

func (f *Files) getThumbnail(ctx context.Context, v access.Viewer, in getIn) (api.Reply, error) {
	info, err := f.Visible(ctx, v, in.FileID)
	if err != nil {
		return api.Reply{}, err
	}
	if info.ThumbnailPath == "" {
		return api.Reply{}, fault.Invalid("api.file.get_file_thumbnail.no_thumbnail.app_error")
	}
	return f.reply(ctx, info, info.ThumbnailPath, "-thumbnail", in.Download)
}

func (f *Files) getPreview(ctx context.Context, v access.Viewer, in getIn) (api.Reply, error) {
	info, err := f.Visible(ctx, v, in.FileID)
	if err != nil {
		return api.Reply{}, err
	}
	if info.PreviewPath == "" {
		return api.Reply{}, fault.Invalid("api.file.get_file_preview.no_preview.app_error")
	}
	return f.reply(ctx, info, info.PreviewPath, "-preview", in.Download)
}

// Policies of what is sent. Nobody frames it, and what it might contain neither
// runs nor loads anything. Browsers don't show a PDF in a sandbox, and give its
// scripts no access to this site.
const (
	unframed = "Frame-ancestors 'none'"
	lifeless = "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'; sandbox"
)

// reply sends a blob of a file: the file itself, or a small picture of it. Its
// content never changes, so it is tagged by the file's id.
func (f *Files) reply(ctx context.Context, info *model.FileInfo, name, variant string, download bool) (api.Reply, error) {
	content, err := f.blobs.Open(ctx, name)
	if errors.Is(err, blob.ErrNotFound) {
		f.log.Error("a file has lost its content", "file", info.ID, "path", name)
		return api.Reply{}, errGone
	}
	if err != nil {
		return api.Reply{}, fault.Internal("api.file.read_file.app_error", err)
	}
	head := make([]byte, sniffLength)
	n, err := io.ReadFull(content, head)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		_ = content.Close()
		return api.Reply{}, fault.Internal("api.file.read_file.app_error", err)
	}
	mediaType, inline := delivery(info.Extension, head[:n])
	disposition := "attachment"
	if inline && !download {
		disposition = "inline"
	}
	policy := []string{unframed}
	if mediaType != "application/pdf" {
		policy = append(policy, lifeless)
	}
	h := http.Header{"Content-Type": {mediaType}, "Content-Disposition": {disposition + named(info.Name)}, "Content-Security-Policy": policy,
		"Cache-Control": {"private, max-age=86400"}, "Etag": {`"` + info.ID + variant + `"`}, "Cross-Origin-Resource-Policy": {"same-origin"}}
	pace := time.Duration(f.cfg.Get().ServiceSettings.WriteTimeout) * time.Second
	return api.Reply{Header: h, Serve: func(w http.ResponseWriter, r *http.Request) {
		defer func() { _ = content.Close() }()
		w.Header().Del("Expires") // every answer's; Cache-Control says it here
		http.ServeContent(&steady{ResponseWriter: w, control: http.NewResponseController(w), timeout: pace}, r, "",
			time.UnixMilli(info.CreateAt), content)
	}}, nil
}

// named is the part of Content-Disposition that names the file: for all in
// plain letters, for those that know RFC 5987 as it is.
func named(name string) string {
	plain := strings.Map(func(c rune) rune {
		if c < ' ' || c > '~' || c == '"' || c == '\\' || c == '%' {
			return '_'
		}
		return c
	}, name)
	return `;filename="` + plain + `"; filename*=UTF-8''` + strings.NewReplacer("+", "%20", "%7E", "~").Replace(url.QueryEscape(name))
}

// steady sends a body for as long as its receiver keeps taking it: each piece
// has the time that otherwise the whole answer has.
type steady struct {
	http.ResponseWriter
	control *http.ResponseController
	timeout time.Duration
	renewed time.Time
}

func (s *steady) Write(p []byte) (int, error) {
	if now := time.Now(); s.timeout > 0 && now.Sub(s.renewed) > min(time.Second, s.timeout/4) {
		s.renewed = now
		_ = s.control.SetWriteDeadline(now.Add(s.timeout))
	}
	return s.ResponseWriter.Write(p)
}

func (f *Files) getInfo(ctx context.Context, v access.Viewer, in getIn) (*model.FileInfo, error) {
	return f.Visible(ctx, v, in.FileID)
}
