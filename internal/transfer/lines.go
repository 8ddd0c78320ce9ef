package transfer

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"

	"github.com/parley-chat/parley/internal/fault"
)

// maxLine is how long a line may be, bytes.
const maxLine = 16 << 20

var (
	errLongLine = fault.Invalid("parley.transfer.long_line.app_error", "Max", maxLine>>20)
	errNUL      = fault.Invalid("parley.transfer.nul.app_error")
	errNoBody   = fault.Invalid("parley.transfer.no_body.app_error")
	errKind     = fault.Invalid("parley.transfer.unknown_kind.app_error")
)

// lineReader reads lines one by one and passes over what is too long to be one,
// so that its memory is bounded whatever is read.
type lineReader struct {
	r    *bufio.Reader
	line []byte
	n    int   // lines read
	read int64 // bytes read
}

func newLineReader(r io.Reader) *lineReader {
	return &lineReader{r: bufio.NewReaderSize(r, 64<<10)}
}

// next returns the next line, which is valid until the following call; io.EOF
// after the last, errLongLine for one that was passed over.
func (l *lineReader) next() ([]byte, error) {
	l.line = l.line[:0]
	long := false
	for {
		part, err := l.r.ReadSlice('\n')
		l.read += int64(len(part))
		if long = long || len(l.line)+len(part) > maxLine; !long {
			l.line = append(l.line, part...)
		}
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case errors.Is(err, io.EOF) && len(l.line) == 0 && !long:
			return nil, io.EOF
		case err != nil && !errors.Is(err, io.EOF):
			return nil, err
		}
		l.n++
		if long {
			return nil, errLongLine
		}
		return bytes.TrimSpace(l.line), nil
	}
}

// parseLine decodes a line and sees to it that what its type names is there.
func parseLine(raw []byte) (*Line, *fault.Error) {
	if holdsNUL(raw) {
		return nil, errNUL
	}
	l := &Line{}
	if err := json.Unmarshal(raw, l); err != nil {
		return nil, fault.Invalid("parley.transfer.no_json.app_error", "Why", cut(err.Error(), 200))
	}
	body, known := map[string]bool{
		kindVersion: l.Version != nil, kindRole: l.Role != nil, kindScheme: l.Scheme != nil, kindEmoji: l.Emoji != nil, kindTeam: l.Team != nil,
		kindChannel: l.Channel != nil, kindUser: l.User != nil, kindBot: l.Bot != nil, kindPost: l.Post != nil,
		kindDirectChannel: l.DirectChannel != nil, kindDirectPost: l.DirectPost != nil,
	}[l.Type]
	switch {
	case !known:
		return l, errKind
	case !body:
		return l, errNoBody
	}
	return l, nil
}

// holdsNUL reports whether a line has the character NUL in a text, which
// PostgreSQL keeps in none.
func holdsNUL(raw []byte) bool {
	for rest := raw; ; {
		at := bytes.Index(rest, []byte(`\u0000`))
		if at < 0 {
			return false
		}
		slashes := 0
		for i := at - 1; i >= 0 && rest[i] == '\\'; i-- {
			slashes++
		}
		if slashes%2 == 0 {
			return true
		}
		rest = rest[at+1:]
	}
}
