package ircgate

import (
	"bufio"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/ergochat/irc-go/ircmsg"
)

// Bounds of lines in bytes: what RFC 1459 allows, with CR and LF, and what IRCv3 allows for tags,
// with @ and blank.
const (
	maxBody = 512
	maxTags = ircmsg.MaxlenTagsFromClient
)

var (
	errLong   = errors.New("ircgate: the line is too long")
	errUTF8   = errors.New("ircgate: the line is not UTF-8")
	errSyntax = errors.New("ircgate: not a line of the protocol")
)

// message is a line from the client.
type message struct {
	command string
	params  []string
	tags    map[string]string
	raw     ircmsg.Message
	err     error // errLong, errUTF8, errSyntax: the line is answered, but not obeyed
}

func (m *message) param(i int) string {
	if i < len(m.params) {
		return m.params[i]
	}
	return ""
}

// lines reads what a client sends, line by line, within the bounds.
type lines struct{ r *bufio.Reader }

func newLines(r io.Reader) *lines { return &lines{bufio.NewReaderSize(r, maxBody+maxTags)} }

// next returns the next line that isn't empty. A line beyond the bounds is passed over and comes
// as a message with errLong; what remains of it is never read as a line of its own.
func (l *lines) next() (message, error) {
	for {
		raw, err := l.r.ReadSlice('\n')
		if errors.Is(err, bufio.ErrBufferFull) {
			for errors.Is(err, bufio.ErrBufferFull) {
				_, err = l.r.ReadSlice('\n')
			}
			return message{err: errLong}, err
		}
		if err != nil {
			return message{}, err
		}
		text := strings.TrimRight(string(raw), "\r\n")
		if strings.TrimLeft(text, " ") != "" {
			return parse(text), nil
		}
	}
}

// parse reads one line without its end.
func parse(text string) message {
	if !utf8.ValidString(text) {
		return message{err: errUTF8}
	}
	tags, body := "", text
	if strings.HasPrefix(text, "@") {
		tags, body, _ = strings.Cut(text, " ")
	}
	if len(tags)+1 > maxTags || len(body)+2 > maxBody {
		return message{err: errLong}
	}
	raw, err := ircmsg.ParseLineStrict(text, true, maxBody)
	switch {
	case errors.Is(err, ircmsg.ErrorTagsTooLong), errors.Is(err, ircmsg.ErrorBodyTooLong):
		return message{err: errLong}
	case err != nil:
		return message{err: errSyntax}
	}
	return message{command: strings.ToUpper(raw.Command), params: raw.Params, tags: raw.AllTags(), raw: raw}
}

// clean takes out of a text what would end a line or mean something to a terminal. Formatting is put
// in after this, never before.
func clean(s string) string {
	plain := true
	for i := 0; i < len(s); i++ {
		if s[i] < ' ' || s[i] >= 0x7f {
			plain = false
			break
		}
	}
	if plain {
		return s
	}
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\t' || r == '\n' || r == '\r' || r == '\u2028' || r == '\u2029':
			return ' '
		case r < ' ' || r >= 0x7f && r < 0xa0:
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
}

// unbroken takes out of a parameter what ends a line, whatever it is made of.
var unbroken = strings.NewReplacer("\r", "", "\n", " ", "\x00", "")

// word makes a text one parameter that may stand anywhere in a line: without blanks, not empty unless
// it was, not beginning with a colon.
func word(s string) string {
	s = strings.TrimLeft(strings.Map(func(r rune) rune {
		if r == ' ' {
			return '_'
		}
		return r
	}, clean(s)), ":")
	return s
}

// cut shortens a text to so many bytes at the beginning of a character.
func cut(s string, most int) string {
	if len(s) <= most {
		return s
	}
	return ircmsg.TruncateUTF8Safe(s, most)
}

// encode writes a line. All but the last parameter are made words; none can end the line.
func encode(tags map[string]string, source, command string, params []string) ([]byte, error) {
	safe := make([]string, len(params))
	for i, p := range params {
		if i == len(params)-1 {
			safe[i] = strings.ToValidUTF8(unbroken.Replace(p), "\uFFFD")
		} else if safe[i] = word(p); safe[i] == "" {
			safe[i] = "*"
		}
	}
	m := ircmsg.MakeMessage(tags, word(source), command, safe...)
	if trailing[command] {
		m.ForceTrailing()
	}
	line, err := m.LineBytesStrict(false, maxBody)
	if errors.Is(err, ircmsg.ErrorBodyTooLong) {
		err = nil // what is shown in part is split before; names and topics are cut
	}
	return line, err
}

// trailing are commands whose last parameter old clients expect behind a colon, be it one word.
var trailing = map[string]bool{"PRIVMSG": true, "NOTICE": true, "TOPIC": true, "ERROR": true, "332": true, "353": true, "366": true, "372": true}
