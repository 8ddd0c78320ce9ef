package mailgate_test

import (
	"bytes"
	"crypto/ed25519"
	"encoding/base64"
	"fmt"
	"io"
	"net"
	netmail "net/mail"
	"net/smtp"
	"slices"
	"strings"
	"sync"
	"testing"

	gosmtp "github.com/emersion/go-smtp"

	"github.com/emersion/go-msgauth/dkim"

	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/testkit"
)

const domain = "chat.example.org"

// office is the mail server that Parley sends through: it keeps what it gets.
type office struct {
	t    testing.TB
	addr string

	mu    sync.Mutex
	mails map[string][][]byte // by recipient
}

func newOffice(t testing.TB) *office {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	o := &office{t: t, addr: ln.Addr().String(), mails: map[string][][]byte{}}
	server := gosmtp.NewServer(gosmtp.BackendFunc(func(*gosmtp.Conn) (gosmtp.Session, error) { return &visit{o: o}, nil }))
	go func() { _ = server.Serve(ln) }()
	t.Cleanup(func() { _ = server.Close() })
	return o
}

type visit struct {
	o  *office
	to string
}

func (v *visit) Reset()                                      {}
func (v *visit) Logout() error                               { return nil }
func (v *visit) Mail(string, *gosmtp.MailOptions) error      { return nil }
func (v *visit) Rcpt(to string, _ *gosmtp.RcptOptions) error { v.to = to; return nil }
func (v *visit) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	v.o.mu.Lock()
	defer v.o.mu.Unlock()
	v.o.mails[v.to] = append(v.o.mails[v.to], raw)
	return err
}

// notification waits for the mail about a post to somebody.
func (o *office) notification(a *testkit.Actor, word string) *netmail.Message {
	o.t.Helper()
	var found *netmail.Message
	testkit.Eventually(o.t, "a notification to "+a.Username, func() bool {
		o.mu.Lock()
		defer o.mu.Unlock()
		for _, raw := range o.mails[address(a)] {
			if m, err := netmail.ReadMessage(bytes.NewReader(raw)); err == nil && bytes.Contains(raw, []byte(word)) {
				found = m
			}
		}
		return found != nil
	})
	return found
}

// env are the settings of a server with a gateway that sends through the office.
func (o *office) env(more ...string) testkit.Option {
	host, port, _ := net.SplitHostPort(o.addr)
	all := []string{"MM_EMAILSETTINGS_SMTPSERVER=" + host, "MM_EMAILSETTINGS_SMTPPORT=" + port, "MM_EMAILSETTINGS_FEEDBACKEMAIL=parley@example.com",
		"MM_EMAILSETTINGS_SENDEMAILNOTIFICATIONS=true", "MM_EMAILSETTINGS_ENABLEEMAILBATCHING=false", "MM_SERVICESETTINGS_SITEURL=https://chat.example.org",
		"MM_EMAILGATEWAYSETTINGS_ENABLE=true", "MM_EMAILGATEWAYSETTINGS_DOMAIN=" + domain, "MM_EMAILGATEWAYSETTINGS_LISTENADDRESS=127.0.0.1:0",
		"MM_EMAILGATEWAYSETTINGS_MESSAGESPERHOUR=1000"}
	for _, line := range more { // instead of that with the same name
		name, _, _ := strings.Cut(line, "=")
		all = append(slices.DeleteFunc(all, func(was string) bool { return strings.HasPrefix(was, name+"=") }), line)
	}
	return testkit.Env(all...)
}

func address(a *testkit.Actor) string { return a.Username + "@example.com" }

// gateway is the address that the gateway listens on.
func gateway(t testing.TB, s *testkit.Server) string {
	t.Helper()
	testkit.Eventually(t, "the gateway listens", func() bool { return s.MailAddr() != nil })
	return s.MailAddr().String()
}

// letter is a mail in the making.
type letter struct {
	from, to, subject, id, body string
	head                        []string // further lines
	path                        string   // the return path; "-" for none, "" for from
}

var letters struct {
	sync.Mutex
	n int
}

func (l letter) text() string {
	letters.Lock()
	letters.n++
	n := letters.n
	letters.Unlock()
	if l.id == "" {
		l.id = fmt.Sprintf("mail-%d@example.com", n)
	}
	kind := "Content-Type: text/plain; charset=utf-8"
	for _, line := range l.head {
		if strings.HasPrefix(line, "Content-Type:") {
			kind = "X-Kind: own"
		}
	}
	lines := append([]string{"From: " + l.from, "To: " + l.to, "Subject: " + l.subject, "Message-ID: <" + l.id + ">",
		"Date: Fri, 27 Nov 2026 10:00:00 +0100", "MIME-Version: 1.0", kind}, l.head...)
	return strings.ReplaceAll(strings.Join(lines, "\n")+"\n\n"+l.body, "\n", "\r\n")
}

// post hands a mail to the gateway as any mail server would.
func (l letter) post(t testing.TB, s *testkit.Server) error {
	t.Helper()
	return l.hand(t, s, l.text())
}

func (l letter) hand(t testing.TB, s *testkit.Server, text string) error {
	t.Helper()
	path := l.path
	switch path {
	case "":
		a, err := netmail.ParseAddress(l.from)
		if err != nil {
			path = "somebody@example.com"
		} else {
			path = a.Address
		}
	case "-":
		path = ""
	}
	return smtp.SendMail(gateway(t, s), nil, path, []string{l.to}, []byte(text))
}

// signed is a mail with the DKIM signature of a domain.
func (l letter) signed(t testing.TB, by string, key ed25519.PrivateKey) string {
	t.Helper()
	var out bytes.Buffer
	if err := dkim.Sign(&out, strings.NewReader(l.text()), &dkim.SignOptions{Domain: by, Selector: "test", Signer: key, HeaderKeys: []string{"From", "Subject", "Message-ID"}}); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// record is the key in the DNS.
func record(key ed25519.PrivateKey) string {
	return "v=DKIM1; k=ed25519; p=" + base64.StdEncoding.EncodeToString(key.Public().(ed25519.PublicKey))
}

// refusedWith asserts that a mail was refused with a code and with words.
func refusedWith(t testing.TB, err error, code, words string) {
	t.Helper()
	if err == nil || !strings.HasPrefix(err.Error(), code) || !strings.Contains(err.Error(), words) {
		t.Errorf("answered %v, want %s … %s", err, code, words)
	}
}

// said are the posts of people and integrations in a channel, the oldest first.
func said(t testing.TB, a *testkit.Actor, channelID string) (list []*model.Post) {
	t.Helper()
	var page model.PostList
	a.GET("/channels/"+channelID+"/posts").Want(t, 200).Into(t, &page)
	for i := len(page.Order) - 1; i >= 0; i-- {
		if p := page.Posts[page.Order[i]]; !p.IsSystem() {
			list = append(list, p)
		}
	}
	return list
}

// give makes the mail address of a channel.
func give(t testing.TB, a *testkit.Actor, channelID string, outsiders bool) string {
	t.Helper()
	var state struct{ Address string }
	a.PUT("/parley/channels/"+channelID+"/email_address", map[string]any{"outsiders": outsiders}).Want(t, 200).Into(t, &state)
	if !strings.HasSuffix(state.Address, "@"+domain) {
		t.Fatalf("the address is %q", state.Address)
	}
	return state.Address
}
