package mailgate

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"strconv"
	"strings"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
)

// brought is what a mail brings along.
type brought struct {
	p        *posting
	text     string
	infos    []*model.FileInfo
	ids      []string
	left     []string // names of what wasn't kept
	pictures map[string]bool
	may      bool
	err      error
}

// textRoom is kept free of a message for what compose adds to its text.
const textRoom = 1500

// bring stores the files of the mail for the post. A text that is too long for a
// message comes along as a file.
func (p *posting) bring(ctx context.Context, text string, pictures map[string]bool) *brought {
	b := &brought{p: p, text: text, pictures: pictures}
	b.may = p.g.Settings.Get().FileSettings.EnableFileAttachments && (p.outsider || p.v.CanChannel(ctx, p.ch.ID, access.PermUploadFile))
	if r := []rune(text); len(r) > model.PostMessageMaxRunes-textRoom {
		b.text = string(r[:model.PostMessageMaxRunes-textRoom]) + "…"
		b.err = b.keep(ctx, "mail.md", strings.NewReader(text))
	}
	if b.err == nil && p.l.files > 0 {
		if _, b.err = p.raw.Seek(0, io.SeekStart); b.err == nil {
			_, b.err = walk(p.raw, func(part *part) error { return b.visit(ctx, part) })
		}
	}
	if b.err != nil {
		b.drop(ctx)
	}
	return b
}

// visit keeps a part that is a file. What only signs the mail is none, nor a
// picture that is in a signature or in what the mail quotes.
func (b *brought) visit(ctx context.Context, part *part) error {
	switch {
	case part.isText(), part.kind == "application/pgp-signature", part.kind == "application/pkcs7-signature", part.kind == "application/x-pkcs7-signature":
		return nil
	case !part.attached && part.contentID != "" && b.pictures != nil && strings.HasPrefix(part.kind, "image/") && !b.pictures[part.contentID]:
		return nil
	}
	return b.keep(ctx, part.fileName(len(b.ids)+1), part.body)
}

func (b *brought) keep(ctx context.Context, name string, body io.Reader) error {
	if !b.may || len(b.ids) == model.PostFilesMax {
		b.left = append(b.left, name)
		return nil
	}
	info, err := b.p.g.Files.Take(ctx, b.p.v.UserID, b.p.ch.ID, name, id.Now(), &bounded{body, int64(b.p.g.Settings.Get().FileSettings.MaxFileSize)})
	if errors.Is(err, errTooBig) || tooManyPixels(err) {
		b.left = append(b.left, name)
		return nil
	}
	if err != nil {
		return fmt.Errorf("mailgate: a file of a mail can't be kept: %w", err)
	}
	b.infos, b.ids = append(b.infos, info), append(b.ids, info.ID)
	return nil
}

// tooManyPixels reports whether a file was refused for being a picture that is too
// large.
func tooManyPixels(err error) bool {
	f := fault.As(err)
	return err != nil && f != nil && f.Kind == fault.KindInvalid
}

// drop takes back the files of a post that won't be.
func (b *brought) drop(ctx context.Context) { b.p.g.Files.Discard(ctx, b.infos) }

// bounded reads up to left bytes, and what a mail is encoded wrongly in as far as
// it can be read.
type bounded struct {
	r    io.Reader
	left int64
}

// Read fails with errTooBig for a file that is too big.
func (b *bounded) Read(p []byte) (int, error) {
	n, err := b.r.Read(p)
	if b.left -= int64(n); b.left < 0 {
		return 0, errTooBig
	}
	if isEncoding(err) || errors.Is(err, io.ErrUnexpectedEOF) {
		err = io.EOF
	}
	return n, err
}

// fileName is the name of a file, made up for one that has none.
func (p *part) fileName(n int) string {
	if p.name != "" {
		return oneLine(p.name, 200)
	}
	switch p.kind {
	case "message/rfc822":
		return "mail-" + strconv.Itoa(n) + ".eml"
	case "text/calendar":
		return "invitation.ics"
	case "text/plain":
		return "text-" + strconv.Itoa(n) + ".txt"
	case "text/html":
		return "page-" + strconv.Itoa(n) + ".html"
	}
	ending := ".bin"
	if list, err := mime.ExtensionsByType(p.kind); err == nil && len(list) > 0 {
		ending = list[len(list)-1]
	}
	return "file-" + strconv.Itoa(n) + ending
}
