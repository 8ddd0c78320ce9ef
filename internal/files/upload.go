package files

import (
	"context"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"os"
	"time"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/api"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
)

const (
	// anyBody lets a body through to a reader that knows the setting.
	anyBody = 1 << 40
	// maxFields is what the fields of a form may hold (reference: limits.tsv), bytes.
	maxFields = 10 << 10
)

var (
	errUnread      = "api.file.upload_file.read_request.app_error"
	errTooManyData = "api.context.request_body_too_large.app_error"
	errHuge        = "api.file.upload_file.large_image.app_error"
)

type uploadIn struct {
	ChannelID string `query:"channel_id"`
	Filename  string `query:"filename"`
	ClientID  string `query:"client_id"`
	Bookmark  bool   `query:"bookmark"`
	HTTP      api.Request
}

// upload answers POST /files: a form with any number of files up to ten, or
// one file as the body itself, named in the query.
func (f *Files) upload(ctx context.Context, v access.Viewer, in uploadIn) (*model.FileUploadResponse, error) {
	if !f.cfg.Get().FileSettings.EnableFileAttachments {
		return nil, fault.Forbidden("api.file.attachments.disabled.app_error")
	}
	ctx, cancel := context.WithTimeout(ctx, uploadTime)
	defer cancel()
	u := &uploading{f: f, v: v, owner: v.UserID, channelID: in.ChannelID, limit: int64(f.cfg.Get().FileSettings.MaxFileSize),
		infos: []*model.FileInfo{}}
	if in.Bookmark {
		u.owner = bookmarkOwner
	}
	in.HTTP.Body = patient(in.HTTP, f.timeout())
	kind, params, _ := mime.ParseMediaType(in.HTTP.Header.Get("Content-Type"))
	var err error
	if kind == "multipart/form-data" {
		u.clientIDs = []string{}
		err = u.form(ctx, multipart.NewReader(in.HTTP.Body, params["boundary"]))
	} else {
		err = u.plain(ctx, in)
	}
	if err == nil {
		err = f.insert(ctx, u.infos)
	}
	if err != nil {
		f.dropAll(ctx, u.infos)
		return nil, err
	}
	return &model.FileUploadResponse{FileInfos: u.infos, ClientIDs: u.clientIDs}, nil
}

// timeout is how long the server waits for the next piece of a body, as its
// settings say for whole requests.
func (f *Files) timeout() time.Duration {
	return time.Duration(f.cfg.Get().ServiceSettings.ReadTimeout) * time.Second
}

// uploading is an upload that is under way.
type uploading struct {
	f         *Files
	v         access.Viewer
	owner     string // of the files: the viewer, or bookmarkOwner
	channelID string
	allowed   bool
	limit     int64 // bytes of a file
	fields    int   // bytes of the form's fields so far
	clientIDs []string
	infos     []*model.FileInfo
}

// allow refuses an upload to where the viewer may not add files.
func (u *uploading) allow(ctx context.Context) error {
	if u.allowed {
		return nil
	}
	if err := u.f.mayUpload(ctx, u.v, u.channelID, fault.Invalid("api.file.upload_file.incorrect_channelId.app_error"),
		fault.Invalid("api.file.upload_file.restricted_dm.error")); err != nil {
		return err
	}
	u.allowed = true
	return nil
}

// plain takes the body as the file.
func (u *uploading) plain(ctx context.Context, in uploadIn) error {
	switch {
	case !id.Valid(in.ChannelID):
		return fault.InvalidURLParam("channel_id")
	case in.Filename == "":
		return fault.InvalidURLParam("filename")
	}
	if in.ClientID != "" {
		u.clientIDs = []string{in.ClientID}
	}
	if err := u.allow(ctx); err != nil {
		return err
	}
	if in.HTTP.ContentLength > u.limit {
		return fault.TooLarge(errTooManyData, "Max", u.limit)
	}
	return u.save(ctx, in.Filename, in.HTTP.Body)
}

// form takes the parts of a form as they come. Files that come before the
// channel wait in temporary files.
func (u *uploading) form(ctx context.Context, parts *multipart.Reader) error {
	var waiting []*spooled
	defer func() {
		for _, s := range waiting {
			s.close()
		}
	}()
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return unreadable(err)
		}
		if part.FileName() == "" {
			if err := u.field(part); err != nil {
				return err
			}
			continue
		}
		if len(u.infos)+len(waiting) == model.PostFilesMax {
			return fault.InvalidParam("files")
		}
		if u.channelID == "" {
			s, err := u.spool(part)
			if err != nil {
				return err
			}
			waiting = append(waiting, s)
			continue
		}
		if err := u.saveAll(ctx, &waiting); err != nil {
			return err
		}
		if err := u.save(ctx, part.FileName(), part); err != nil {
			return err
		}
	}
	if !id.Valid(u.channelID) {
		return fault.InvalidParam("channel_id")
	}
	if err := u.allow(ctx); err != nil {
		return err
	}
	if err := u.saveAll(ctx, &waiting); err != nil {
		return err
	}
	if n := len(u.clientIDs); n > 0 && n != len(u.infos) {
		return fault.Invalid("api.file.upload_file.incorrect_number_of_client_ids.app_error")
	}
	return nil
}

// field takes a field of the form.
func (u *uploading) field(part *multipart.Part) error {
	raw, err := io.ReadAll(io.LimitReader(part, maxFields+1))
	if err != nil {
		return unreadable(err)
	}
	if u.fields += len(raw); u.fields > maxFields {
		return fault.Invalid("api.file.upload_file.read_form_value.app_error")
	}
	switch value := string(raw); part.FormName() {
	case "channel_id":
		if u.channelID != "" && u.channelID != value {
			return fault.Invalid("api.file.upload_file.multiple_channel_ids.app_error")
		}
		u.channelID = value
	case "client_ids":
		u.clientIDs = append(u.clientIDs, value)
	}
	return nil
}

// saveAll saves the files that waited for the channel.
func (u *uploading) saveAll(ctx context.Context, waiting *[]*spooled) error {
	for len(*waiting) > 0 {
		s := (*waiting)[0]
		if _, err := s.file.Seek(0, io.SeekStart); err != nil {
			return unwritten(err)
		}
		if err := u.save(ctx, s.name, s.file); err != nil {
			return err
		}
		s.close()
		*waiting = (*waiting)[1:]
	}
	return nil
}

// save stores a file.
func (u *uploading) save(ctx context.Context, name string, from io.Reader) error {
	if !id.Valid(u.channelID) {
		return fault.InvalidParam("channel_id")
	}
	if err := u.allow(ctx); err != nil {
		return err
	}
	info := newFile(u.owner, u.channelID, name)
	if err := u.f.write(ctx, info, &limited{from, u.limit, u.limit}, errHuge); err != nil {
		return err
	}
	u.infos = append(u.infos, info)
	return nil
}

// spooled is a file of a form that waits for the name of its channel.
type spooled struct {
	name string
	file *os.File
}

func (s *spooled) close() {
	_ = s.file.Close()
	_ = os.Remove(s.file.Name())
}

func (u *uploading) spool(part *multipart.Part) (*spooled, error) {
	file, err := os.CreateTemp("", "parley-upload-")
	if err != nil {
		return nil, unwritten(err)
	}
	s := &spooled{part.FileName(), file}
	if _, err = io.Copy(file, &limited{part, u.limit, u.limit}); err != nil {
		s.close()
		var e *fault.Error
		if !errors.As(err, &e) {
			err = unwritten(err)
		}
		return nil, err
	}
	return s, nil
}

// limited reads up to limit bytes and refuses more. What else it fails with is
// the sender's failure, not that of what the bytes are written to.
type limited struct {
	r           io.Reader
	left, limit int64
}

func (l *limited) Read(p []byte) (int, error) {
	if int64(len(p)) > l.left+1 {
		p = p[:l.left+1]
	}
	n, err := l.r.Read(p)
	if l.left -= int64(n); l.left < 0 {
		return 0, fault.TooLarge(errTooManyData, "Max", l.limit)
	}
	if err != nil && !errors.Is(err, io.EOF) {
		err = unreadable(err)
	}
	return n, err
}

func unreadable(err error) error {
	var big *http.MaxBytesError
	if errors.As(err, &big) {
		return fault.TooLarge(errTooManyData, "Max", big.Limit)
	}
	return fault.Invalid(errUnread).Wrap(err)
}

// patient reads a body that may take any time to come as long as it keeps
// coming: each piece has the time that otherwise the whole request has.
func patient(r api.Request, timeout time.Duration) io.ReadCloser {
	return &patientBody{ReadCloser: r.Body, control: http.NewResponseController(r.Writer), timeout: timeout}
}

type patientBody struct {
	io.ReadCloser
	control *http.ResponseController
	timeout time.Duration
	renewed time.Time
}

func (p *patientBody) Read(b []byte) (int, error) {
	if now := time.Now(); p.timeout > 0 && now.Sub(p.renewed) > min(time.Second, p.timeout/4) {
		p.renewed = now
		_ = p.control.SetReadDeadline(now.Add(p.timeout))
		_ = p.control.SetWriteDeadline(now.Add(p.timeout)) // of the answer, which comes after
	}
	return p.ReadCloser.Read(b)
}
