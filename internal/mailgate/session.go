package mailgate

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"os"
	"time"

	"github.com/emersion/go-smtp"
)

// mailTime bounds what is done with a mail once it is there.
const mailTime = 2 * time.Minute

// errSpool marks failures to keep a mail while it is read.
var errSpool = errors.New("mailgate: a mail can't be kept while it is read")

// envelope is how a mail came.
type envelope struct {
	helo    string
	trusted bool   // by a relay that the settings trust
	from    string // the return path, "" of bounces
}

// session is one connection's dialogue.
type session struct {
	g    *Gate
	conn *smtp.Conn
	lmtp bool
	env  envelope
	to   []*target
	said []string // the recipients as they were given
}

// backend makes sessions for connections of one listener.
func (g *Gate) backend(lmtp bool) smtp.Backend {
	return smtp.BackendFunc(func(c *smtp.Conn) (smtp.Session, error) {
		s := &session{g: g, conn: c, lmtp: lmtp}
		s.env.helo, s.env.trusted = c.Hostname(), g.trusts(c.Conn().RemoteAddr())
		return s, nil
	})
}

// trusts reports whether the settings name the address that a connection comes
// from. Who may write to a socket of this host is trusted by having been let.
func (g *Gate) trusts(addr net.Addr) bool {
	if addr.Network() == "unix" {
		return true
	}
	ip, err := netip.ParseAddr(hostOf(addr))
	if err != nil {
		return false
	}
	for _, text := range g.settings().TrustedRelays {
		if one, err := netip.ParseAddr(text); err == nil && one.Unmap() == ip.Unmap() {
			return true
		}
		if net, err := netip.ParsePrefix(text); err == nil && net.Contains(ip.Unmap()) {
			return true
		}
	}
	return false
}

func hostOf(addr net.Addr) string {
	host, _, err := net.SplitHostPort(addr.String())
	if err != nil {
		return addr.String()
	}
	return host
}

// Reset ends a mail that was begun.
func (s *session) Reset() { s.env.from, s.to, s.said = "", nil, nil }

// Logout ends the dialogue.
func (s *session) Logout() error { return nil }

// Mail takes the return path.
func (s *session) Mail(from string, _ *smtp.MailOptions) error {
	s.Reset()
	s.env.from = from
	return nil
}

// Rcpt takes an address of this gateway. Over SMTP it takes one for each mail,
// since there is one answer for all: programs send the mail again for the others.
func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	if len(s.to) > 0 && !s.lmtp {
		return &smtp.SMTPError{Code: 452, EnhancedCode: smtp.EnhancedCode{4, 5, 3}, Message: "One recipient at a time, please"}
	}
	ctx, cancel := context.WithTimeout(context.Background(), mailTime)
	defer cancel()
	t, err := s.g.find(ctx, to)
	if errors.Is(err, errNoAddress) {
		err = errUnknown
	}
	if err != nil {
		return s.g.reply(err)
	}
	s.to, s.said = append(s.to, t), append(s.said, to)
	return nil
}

// Data takes the mail itself.
func (s *session) Data(r io.Reader) error {
	raw, err := s.spool(r)
	if err != nil {
		return s.g.reply(err)
	}
	defer raw.drop()
	return s.g.reply(s.take(raw, s.to[0]))
}

// LMTPData is Data with an answer for each recipient (RFC 2033, section 4.2).
func (s *session) LMTPData(r io.Reader, status smtp.StatusCollector) error {
	raw, err := s.spool(r)
	if err != nil {
		return s.g.reply(err)
	}
	defer raw.drop()
	for i, t := range s.to {
		status.SetStatus(s.said[i], s.g.reply(s.take(raw, t)))
	}
	return nil
}

// spooled is a mail in a file, since it may be large and is read more than once.
type spooled struct{ *os.File }

func (f spooled) drop() {
	_ = f.Close()
	_ = os.Remove(f.Name())
}

func (s *session) spool(r io.Reader) (spooled, error) {
	file, err := os.CreateTemp("", "parley-mail-")
	if err != nil {
		return spooled{}, fmt.Errorf("%w: %w", errSpool, err)
	}
	f := spooled{file}
	n, err := io.Copy(struct{ io.Writer }{f}, io.LimitReader(r, int64(s.g.settings().MaxMessageSize)+1))
	switch {
	case n > int64(s.g.settings().MaxMessageSize), errors.Is(err, smtp.ErrDataTooLarge):
		err = &refused{*smtp.ErrDataTooLarge}
	case err != nil && !isWriting(err):
		err = refusal(451, 4, 4, 2, "The mail broke off") // nobody hears it
	case err != nil:
		err = fmt.Errorf("%w: %w", errSpool, err)
	default:
		return f, nil
	}
	f.drop()
	return spooled{}, err
}

// isWriting reports whether an error is of the file rather than the connection.
func isWriting(err error) bool {
	var e *os.PathError
	return errors.As(err, &e)
}

func (s *session) take(raw spooled, t *target) error {
	ctx, cancel := context.WithTimeout(context.Background(), mailTime)
	defer cancel()
	return s.g.take(ctx, &s.env, raw, t)
}
