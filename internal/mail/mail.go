// Package mail sends mail through the SMTP server that EmailSettings name, and renders the mails
// that the server writes, in the reader's language.
//
// A mail has a plain text and an HTML part. Everything in it that comes from people (names,
// addresses, team names) is data, never markup or header syntax: HTML is escaped by
// html/template, control characters are taken out of header values, and an address that isn't
// exactly one address is refused. A password is never sent over an unencrypted connection,
// except to this machine itself.
//
// Send is synchronous and bounded by EmailSettings.SMTPServerTimeout; callers that must not
// wait start a goroutine or a job.
package mail

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	netmail "net/mail"
	"net/url"
	"strconv"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"

	"github.com/parley-chat/parley/internal/config"
	"github.com/parley-chat/parley/internal/traces"
)

// ErrNotConfigured is returned by Send when no SMTP server or no sender's address is set.
var ErrNotConfigured = errors.New("mail: no SMTP server is configured")

// ErrAddress is returned by Send for an address that is not exactly one mail address.
var ErrAddress = errors.New("mail: not a mail address")

// Message is one mail to one person.
type Message struct {
	To      string // mail address
	Subject string
	Text    string
	HTML    string // "" for a mail of plain text
	ReplyTo string // "" for EmailSettings.ReplyToAddress
	// MessageID, InReplyTo and References thread mails about the same conversation; without angle brackets, may be "".
	MessageID, InReplyTo, References string
	// Unsubscribe is the address that ends such mails, for mail programs: GET shows a page, POST ends them at
	// once (RFC 8058). "" for mails that can't be ended.
	Unsubscribe string
	// Site is the id of the installation, for mails that must be known again when somebody's forwarding brings
	// them back; "" for others.
	Site string
}

// HeaderSite is the line of a mail's header with Message.Site.
const HeaderSite = "X-Parley-Site"

// Sender sends through the server that the settings name at the time of each mail.
type Sender struct {
	cfg *config.Store
}

// New returns a Sender. It holds no connection.
func New(cfg *config.Store) *Sender { return &Sender{cfg} }

// Configured reports whether mail can be sent at all.
func (s *Sender) Configured() bool {
	e := s.cfg.Get().EmailSettings
	return e.SMTPServer != "" && e.FeedbackEmail != ""
}

// Send delivers m to the SMTP server. It fails with ErrNotConfigured, ErrAddress, or what the server answered;
// after an error the mail may be sent again.
func (s *Sender) Send(ctx context.Context, m Message) error {
	return s.SendWith(ctx, s.cfg.Get().EmailSettings, m)
}

// SendWith is Send with other settings than those in force, for trying them out.
func (s *Sender) SendWith(ctx context.Context, e config.EmailSettings, m Message) error {
	if e.SMTPServer == "" || e.FeedbackEmail == "" {
		return ErrNotConfigured
	}
	msg, err := compose(e, m)
	if err != nil {
		return err
	}
	c, err := s.client(e)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, timeout(e))
	defer cancel()
	ctx, span := traces.Outside(ctx, "mail", e.SMTPServer)
	err = c.DialAndSendWithContext(ctx, msg)
	span.End(err)
	if err != nil {
		return fmt.Errorf("mail: %w", err)
	}
	return nil
}

// Refused reports whether an error of Send is about this one mail, so that others can be sent meanwhile, and whether
// it is for good, so that trying again is no use.
func Refused(err error) (thisOne, forGood bool) {
	if errors.Is(err, ErrAddress) {
		return true, true
	}
	var e *gomail.SendError
	if !errors.As(err, &e) {
		return false, false
	}
	switch e.Reason {
	case gomail.ErrSMTPMailFrom, gomail.ErrSMTPRcptTo, gomail.ErrSMTPData, gomail.ErrSMTPDataClose:
		return e.ErrorCode() != 0, e.ErrorCode() >= 500
	}
	return false, false
}

// Check connects to the server of e, encrypts and logs in as e says, and sends nothing.
func (s *Sender) Check(ctx context.Context, e config.EmailSettings) error {
	if e.SMTPServer == "" {
		return ErrNotConfigured
	}
	c, err := s.client(e)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, timeout(e))
	defer cancel()
	if err := c.DialWithContext(ctx); err != nil {
		return fmt.Errorf("mail: %w", err)
	}
	return c.Close()
}

func timeout(e config.EmailSettings) time.Duration {
	return time.Duration(max(1, e.SMTPServerTimeout)) * time.Second
}

// client prepares a connection to the server of e.
func (s *Sender) client(e config.EmailSettings) (*gomail.Client, error) {
	port, err := strconv.Atoi(strings.TrimSpace(e.SMTPPort))
	if err != nil || port < 1 || port > 65535 {
		return nil, fmt.Errorf("mail: EmailSettings.SMTPPort is %q, which is no port", e.SMTPPort)
	}
	opts := []gomail.Option{
		gomail.WithPort(port), gomail.WithTimeout(timeout(e)),
		gomail.WithTLSConfig(&tls.Config{
			ServerName: e.SMTPServer, MinVersion: tls.VersionTLS12,
			InsecureSkipVerify: e.SkipServerCertificateVerification, //nolint:gosec // a setting of the administrator
		}),
	}
	if u, err := url.Parse(s.cfg.Get().ServiceSettings.SiteURL); err == nil && u.Hostname() != "" {
		opts = append(opts, gomail.WithHELO(u.Hostname()))
	}
	switch e.ConnectionSecurity {
	case "TLS":
		opts = append(opts, gomail.WithSSL())
	case "STARTTLS":
		opts = append(opts, gomail.WithTLSPolicy(gomail.TLSMandatory))
	default:
		opts = append(opts, gomail.WithTLSPolicy(gomail.NoTLS))
	}
	if e.EnableSMTPAuth {
		opts = append(opts, gomail.WithUsername(e.SMTPUsername), gomail.WithPassword(e.SMTPPassword), gomail.WithSMTPAuth(authType(e)))
	}
	return gomail.NewClient(e.SMTPServer, opts...)
}

// authType lets the library choose what the server offers; it skips those that would show the password on the wire.
// Only a server on this machine gets it without encryption.
func authType(e config.EmailSettings) gomail.SMTPAuthType {
	encrypted := e.ConnectionSecurity == "TLS" || e.ConnectionSecurity == "STARTTLS"
	ip := net.ParseIP(e.SMTPServer)
	if !encrypted && (e.SMTPServer == "localhost" || ip != nil && ip.IsLoopback()) {
		return gomail.SMTPAuthPlainNoEnc
	}
	return gomail.SMTPAuthAutoDiscover
}

// compose makes the message in its wire form.
func compose(e config.EmailSettings, m Message) (*gomail.Msg, error) {
	to, err := address(m.To)
	if err != nil {
		return nil, err
	}
	from, err := address(e.FeedbackEmail)
	if err != nil {
		return nil, fmt.Errorf("EmailSettings.FeedbackEmail: %w", err)
	}
	from.Name = oneLine(e.FeedbackName)
	msg := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	msg.FromMailAddress(from)
	msg.ToMailAddress(to)
	if reply := firstOf(m.ReplyTo, e.ReplyToAddress); reply != "" {
		r, err := address(reply)
		if err != nil {
			return nil, fmt.Errorf("reply address: %w", err)
		}
		msg.ReplyToMailAddress(r)
	}
	msg.Subject(oneLine(m.Subject))
	msg.SetDate()
	if m.MessageID != "" {
		msg.SetMessageIDWithValue(oneLine(m.MessageID))
	} else {
		msg.SetMessageID()
	}
	if m.InReplyTo != "" {
		msg.SetGenHeader(gomail.HeaderInReplyTo, "<"+oneLine(m.InReplyTo)+">")
	}
	if m.References != "" {
		msg.SetGenHeader(gomail.HeaderReferences, "<"+oneLine(m.References)+">")
	}
	if m.Unsubscribe != "" {
		msg.SetGenHeaderPreformatted(gomail.HeaderListUnsubscribe, "<"+oneLine(m.Unsubscribe)+">")
		msg.SetGenHeaderPreformatted(gomail.HeaderListUnsubscribePost, "List-Unsubscribe=One-Click")
	}
	if m.Site != "" {
		msg.SetGenHeader(HeaderSite, oneLine(m.Site))
	}
	// RFC 3834: keeps out-of-office programs from answering.
	msg.SetGenHeader("Auto-Submitted", "auto-generated")
	if o := oneLine(e.FeedbackOrganization); o != "" {
		msg.SetOrganization(o)
	}
	msg.SetBodyString(gomail.TypeTextPlain, m.Text)
	if m.HTML != "" {
		msg.AddAlternativeString(gomail.TypeTextHTML, m.HTML)
	}
	return msg, nil
}

// address accepts exactly one address and no control characters, so that neither a second
// recipient nor a header can be slipped in.
func address(s string) (*netmail.Address, error) {
	if len(s) > 320 || strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r == 0x7f }) {
		return nil, ErrAddress
	}
	a, err := netmail.ParseAddress(s)
	if err != nil {
		return nil, fmt.Errorf("%w: %q", ErrAddress, s)
	}
	return a, nil
}

// oneLine turns control characters into spaces and bounds the length of a header value.
func oneLine(s string) string {
	s = strings.TrimSpace(strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r == '\u2028' || r == '\u2029' || r == '\u0085' {
			return ' '
		}
		return r
	}, s))
	if r := []rune(s); len(r) > 300 {
		s = string(r[:300]) + "…"
	}
	return s
}

func firstOf(a, b string) string {
	if a != "" {
		return a
	}
	return b
}
