package mailgate

import (
	"errors"
	"fmt"
	"io"
	"mime"
	"strings"

	"github.com/emersion/go-message"
	_ "github.com/emersion/go-message/charset" // the encodings that mail comes in
	"github.com/emersion/go-message/mail"
)

// Bounds of a mail. What is beyond them is a bomb or of no use as a message.
const (
	headerMost = 256 << 10 // bytes, of a mail and of each part
	depthMost  = 12        // of parts within parts
	partsMost  = 200
	textMost   = 1 << 20 // bytes of text that are read
)

var (
	errBomb  = refusal(554, 5, 6, 0, "This mail has more parts within parts than a message can have")
	errBroke = refusal(554, 5, 6, 0, "This mail isn't built as a mail should be (RFC 5322)")
)

// part is a leaf of a mail.
type part struct {
	kind        string // media type, lower case
	name        string // of a file, "" without one
	contentID   string // by which HTML names it, "" without one
	attached    bool   // its sender calls it an attachment
	alternative bool   // one of several forms of the same
	flowed      bool   // format=flowed (RFC 3676)
	delSp       bool
	body        io.Reader
}

// isText reports whether a part is text to be read rather than a file.
func (p *part) isText() bool {
	return !p.attached && (p.kind == "text/plain" || p.kind == "text/html") && (p.name == "" || p.alternative)
}

// walk calls visit for each leaf of the mail in r, in order, and returns its
// header. It fails with errBroke and errBomb, with what visit fails with, and with
// what r fails with.
func walk(r io.Reader, visit func(*part) error) (mail.Header, error) {
	e, err := message.ReadWithOptions(r, &message.ReadOptions{MaxHeaderBytes: headerMost})
	if err != nil && !readable(err) {
		return mail.Header{}, broken(err)
	}
	w := walker{visit: visit}
	return mail.Header{Header: e.Header}, w.entity(e, 0, false)
}

// readable reports whether an error only tells that a charset or an encoding is
// unknown: then the bytes are taken as they are.
func readable(err error) bool {
	return message.IsUnknownCharset(err) || message.IsUnknownEncoding(err)
}

func broken(err error) error {
	var own *refused
	if errors.As(err, &own) {
		return err
	}
	if errors.Is(err, errSpool) {
		return err
	}
	return fmt.Errorf("%w: %w", errBroke, err)
}

type walker struct {
	visit func(*part) error
	parts int
}

func (w *walker) entity(e *message.Entity, depth int, alternative bool) error {
	if w.parts++; depth > depthMost || w.parts > partsMost {
		return errBomb
	}
	parts := e.MultipartReader()
	if parts == nil {
		return w.visit(leaf(e, alternative))
	}
	kind, _, _ := e.Header.ContentType()
	for {
		sub, err := parts.NextPart()
		if errors.Is(err, io.EOF) || err != nil && cutShort(err) {
			return nil
		}
		if err != nil && !readable(err) {
			return broken(err)
		}
		if err := w.entity(sub, depth+1, alternative || strings.EqualFold(kind, "multipart/alternative")); err != nil {
			return err
		}
	}
}

// cutShort reports whether the last boundary is missing, as in mails of some old
// programs: what came until there is whole.
func cutShort(err error) bool {
	return errors.Is(err, io.ErrUnexpectedEOF) || strings.Contains(err.Error(), "multipart: NextPart: EOF")
}

func leaf(e *message.Entity, alternative bool) *part {
	p := &part{alternative: alternative, body: e.Body}
	kind, params, err := e.Header.ContentType()
	if err != nil && kind == "" {
		kind = "text/plain" // RFC 2045, section 5.2
	}
	p.kind = strings.ToLower(kind)
	disposition, dispositionParams, _ := e.Header.ContentDisposition()
	p.attached = strings.EqualFold(disposition, "attachment")
	p.name = decoded(dispositionParams["filename"])
	if p.name == "" {
		p.name = decoded(params["name"])
	}
	p.contentID = strings.Trim(e.Header.Get("Content-Id"), " <>")
	p.flowed = strings.EqualFold(params["format"], "flowed")
	p.delSp = strings.EqualFold(params["delsp"], "yes")
	return p
}

// decoded reads a name that is encoded as if it were a word of a header, which
// many programs do.
func decoded(name string) string {
	d := mime.WordDecoder{CharsetReader: message.CharsetReader}
	out, err := d.DecodeHeader(name)
	if err != nil {
		return name
	}
	return out
}

// letter is what a mail says.
type letter struct {
	header  mail.Header
	from    mail.Address
	subject string
	id      string   // Message-ID without brackets, "" without one
	refs    []string // Message-IDs of what it answers to, the nearest first
	plain   string
	html    string
	files   int // that it brings along
}

// read reads the header and the text of the mail in r.
func read(r io.Reader) (*letter, error) {
	l := &letter{}
	left := textMost
	header, err := walk(r, func(p *part) error {
		if !p.isText() {
			l.files++
			return nil
		}
		raw, err := io.ReadAll(io.LimitReader(p.body, int64(left)))
		if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !isEncoding(err) {
			return broken(err)
		}
		left -= len(raw)
		text := printable(string(raw))
		if p.kind == "text/html" {
			l.html += text + "\n"
			return nil
		}
		if p.flowed {
			text = unflow(text, p.delSp)
		}
		l.plain += text + "\n\n"
		return nil
	})
	if err != nil {
		return nil, err
	}
	l.header = header
	return l, l.readHeader()
}

// isEncoding reports whether a body isn't in the encoding that it is said to be
// in; what could be read of it is kept.
func isEncoding(err error) bool {
	return err != nil && (strings.Contains(err.Error(), "base64") || strings.Contains(err.Error(), "quotedprintable"))
}

func (l *letter) readHeader() error {
	if n := l.header.FieldsByKey("From").Len(); n != 1 {
		return refusal(550, 5, 7, 1, "A mail needs exactly one line From")
	}
	list, err := l.header.AddressList("From")
	if err != nil || len(list) != 1 || !strings.Contains(list[0].Address, "@") {
		return refusal(550, 5, 7, 1, "A mail needs exactly one address in its line From")
	}
	l.from = mail.Address{Name: oneLine(list[0].Name, 100), Address: oneLine(list[0].Address, 320)}
	subject, err := l.header.Subject()
	if err != nil {
		subject = l.header.Get("Subject")
	}
	l.subject = oneLine(subject, 250)
	if l.id, err = l.header.MessageID(); err != nil {
		l.id = oneLine(strings.Trim(l.header.Get("Message-Id"), " <>"), 998)
	}
	parents, _ := l.header.MsgIDList("In-Reply-To")
	earlier, _ := l.header.MsgIDList("References")
	l.refs = parents
	for i := len(earlier) - 1; i >= 0 && len(l.refs) < refsMost; i-- {
		l.refs = append(l.refs, earlier[i])
	}
	return nil
}

// refsMost is how far back the mails are looked for that one answers to.
const refsMost = 30

// oneLine is text of a header without control characters, cut to most runes.
func oneLine(s string, most int) string {
	s = strings.Join(strings.FieldsFunc(printable(s), func(r rune) bool {
		return r == '\n' || r == '\t' || r == ' ' || r == '\u2028' || r == '\u2029'
	}), " ")
	if r := []rune(s); len(r) > most {
		return string(r[:most]) + "…"
	}
	return s
}

// printable is text in UTF-8 with \n at line ends and without control characters
// and those that this package uses as marks.
func printable(s string) string {
	s = strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\r\n", "\n")
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return r
		case r == '\r':
			return '\n'
		case r < ' ' || r >= 0x7f && r < 0xa0 || r >= markFirst && r <= markLast || r == '\uFEFF':
			return -1
		case r >= '\u202A' && r <= '\u202E' || r >= '\u2066' && r <= '\u2069': // turn text around
			return -1
		}
		return r
	}, s)
}

// unflow joins the lines that a program broke (RFC 3676, section 4).
func unflow(text string, delSp bool) string {
	var out []string
	open := false
	depth := 0
	for _, line := range strings.Split(text, "\n") {
		d := 0
		for strings.HasPrefix(line, ">") {
			line, d = line[1:], d+1
		}
		line = strings.TrimPrefix(line, " ")
		soft := strings.HasSuffix(line, " ") && line != signatureLine
		if soft && delSp {
			line = line[:len(line)-1]
		}
		if open && d == depth && line != signatureLine {
			out[len(out)-1] += line
		} else {
			mark := ""
			if d > 0 {
				mark = strings.Repeat(">", d) + " "
			}
			out = append(out, mark+line)
		}
		open, depth = soft, d
	}
	return strings.Join(out, "\n")
}
