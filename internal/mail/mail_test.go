package mail

import (
	"context"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net"
	netmail "net/mail"
	"regexp"
	"strings"
	"testing"

	"github.com/parley-chat/parley/internal/config"
	"github.com/parley-chat/parley/internal/i18n"
)

func sender(t *testing.T) (*Sender, config.EmailSettings) {
	t.Helper()
	store, err := config.Open(config.Options{Environ: []string{"MM_SERVICESETTINGS_SITEURL=https://chat.example.com"}})
	if err != nil {
		t.Fatal(err)
	}
	e := store.Get().EmailSettings
	e.SMTPServer, e.FeedbackEmail, e.FeedbackName, e.SMTPServerTimeout = "127.0.0.1", "parley@example.com", "Équipe", 5
	return New(store), e
}

// parts decodes the alternatives of a mail.
func parts(t *testing.T, data string) (netmail.Header, []string) {
	t.Helper()
	m, err := netmail.ReadMessage(strings.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	kind, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/alternative" {
		t.Fatal(kind, err)
	}
	var out []string
	r := multipart.NewReader(m.Body, params["boundary"])
	for {
		p, err := r.NextRawPart()
		if err == io.EOF {
			return m.Header, out
		}
		if err != nil {
			t.Fatal(err)
		}
		var body io.Reader = p
		if p.Header.Get("Content-Transfer-Encoding") == "quoted-printable" {
			body = quotedprintable.NewReader(p)
		}
		b, err := io.ReadAll(body)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, p.Header.Get("Content-Type")+"\n"+string(b))
	}
}

func TestSend(t *testing.T) {
	s, e := sender(t)
	srv := newServer(t, false)
	e.SMTPPort = srv.port()
	token := strings.Repeat("k2", 32)
	m, err := Render("fr", PasswordReset, Data{SiteName: "L’équipe & <b>", SiteURL: "https://chat.example.com",
		Link: "https://chat.example.com/reset_password_complete?token=" + token})
	if err != nil {
		t.Fatal(err)
	}
	m.To, m.InReplyTo = "alice@example.com", "a@b"
	if err := s.SendWith(context.Background(), e, m); err != nil {
		t.Fatal(err)
	}
	got := <-srv.mails
	h, p := parts(t, got.data)
	subject, err := new(mime.WordDecoder).DecodeHeader(h.Get("Subject"))
	if err != nil || subject != m.Subject || got.to != "TO:<alice@example.com>" || h.Get("In-Reply-To") != "<a@b>" || h.Get("Message-ID") == "" {
		t.Errorf("%v %q %q", err, subject, got.to)
	}
	if !strings.HasPrefix(h.Get("From"), "=?") || !strings.Contains(h.Get("From"), "<parley@example.com>") {
		t.Error(h.Get("From"))
	}
	if len(p) != 2 || !strings.HasPrefix(p[0], "text/plain") || !strings.HasPrefix(p[1], "text/html") {
		t.Fatal(p)
	}
	for _, part := range p {
		if !strings.Contains(part, "token="+token) {
			t.Errorf("no link in %s", part)
		}
	}
	if strings.Contains(p[1], "<b>") || !strings.Contains(p[1], `lang="fr"`) {
		t.Error(p[1])
	}
}

func TestEncryptionAndLogin(t *testing.T) {
	for _, security := range []string{"", "STARTTLS", "TLS"} {
		s, e := sender(t)
		srv := newServer(t, security == "TLS")
		e.SMTPPort, e.ConnectionSecurity = srv.port(), security
		e.EnableSMTPAuth, e.SMTPUsername, e.SMTPPassword = true, "me", "right"
		m := Message{To: "a@example.com", Subject: "x", Text: "y"}
		if security != "" {
			if err := s.SendWith(context.Background(), e, m); err == nil {
				t.Errorf("%s: an unknown certificate was accepted", security)
			}
		}
		e.SkipServerCertificateVerification = true
		if err := s.SendWith(context.Background(), e, m); err != nil {
			t.Errorf("%s: %v", security, err)
			continue
		}
		if got := <-srv.mails; got.encrypted != (security != "") || got.user != "\x00me\x00right" {
			t.Errorf("%s: %+v", security, got)
		}
		e.SMTPPassword = "wrong"
		if err := s.Check(context.Background(), e); err == nil {
			t.Errorf("%s: a wrong password was accepted", security)
		}
	}
}

func TestPasswordStaysHomeWithoutEncryption(t *testing.T) {
	_, e := sender(t)
	e.SMTPServer = "mail.example.com"
	if authType(e) == authType(config.EmailSettings{SMTPServer: "localhost"}) {
		t.Error("the password would be sent in clear")
	}
}

func TestNothingIsInjected(t *testing.T) {
	s, e := sender(t)
	srv := newServer(t, false)
	e.SMTPPort = srv.port()
	for _, to := range []string{"a@example.com\r\nBcc: b@example.com", "a@example.com, b@example.com", "", "nobody", "a@example.com\n",
		"x\x00@example.com", strings.Repeat("a", 400) + "@example.com"} {
		if err := s.SendWith(context.Background(), e, Message{To: to, Subject: "x", Text: "y"}); !errors.Is(err, ErrAddress) {
			t.Errorf("%q: %v", to, err)
		}
	}
	m, err := Render("en", Invite, Data{SiteName: "S", Link: "javascript:alert(1)", Note: "<script>x</script>",
		Params: map[string]any{"Sender": "Eve\r\nBcc: b@example.com", "Team": "<img src=x>"}})
	if err != nil {
		t.Fatal(err)
	}
	m.To, m.Subject = "a@example.com", m.Subject+"\r\nX-Evil: 1"
	if err := s.SendWith(context.Background(), e, m); err != nil {
		t.Fatal(err)
	}
	got := <-srv.mails
	h, p := parts(t, got.data)
	if h.Get("X-Evil") != "" || h.Get("Bcc") != "" || got.to != "TO:<a@example.com>" {
		t.Error(got.data)
	}
	for _, bad := range []string{"<script>", "<img", `href="javascript:`} {
		if strings.Contains(p[1], bad) {
			t.Errorf("%s in %s", bad, p[1])
		}
	}
}

func TestNotConfigured(t *testing.T) {
	s, e := sender(t)
	e.SMTPServer = ""
	if err := s.SendWith(context.Background(), e, Message{To: "a@example.com"}); !errors.Is(err, ErrNotConfigured) {
		t.Fatal(err)
	}
}

// TestSilentServer sees to it that a server which never answers costs no more than the timeout.
func TestSilentServer(t *testing.T) {
	s, e := sender(t)
	l, err := net.Listen("tcp", "127.0.0.1:0") // accepts in the kernel and says nothing
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	_, e.SMTPPort, _ = net.SplitHostPort(l.Addr().String())
	e.SMTPServerTimeout = 1
	if err := s.SendWith(context.Background(), e, Message{To: "a@example.com", Subject: "x", Text: "y"}); err == nil {
		t.Fatal("sent to nobody")
	}
}

func TestEveryMailRenders(t *testing.T) {
	unfilled := regexp.MustCompile(`mail\.\w+\.|\{\{|  `)
	params := map[string]any{"Username": "u", "Email": "e@x", "Sender": "s", "Team": "t", "Channels": "c", "Method": "LDAP", "Description": "d", "Time": "now"}
	for _, name := range Templates() {
		d := Data{SiteName: "Site", SiteURL: "https://x", Params: params}
		if i18n.Has("mail." + string(name) + ".button") {
			d.Link = "https://x/y?a=1&b=2"
		}
		for _, locale := range []string{"en", "fr"} {
			m, err := Render(locale, name, d)
			if err != nil {
				t.Fatal(err)
			}
			for _, text := range []string{m.Subject, m.Text} {
				if hit := unfilled.FindString(text); hit != "" {
					t.Errorf("%s %s: %q in %s", locale, name, hit, text)
				}
			}
			if d.Link != "" && !(strings.Contains(m.Text, d.Link) && strings.Contains(m.HTML, "a=1&amp;b=2")) {
				t.Errorf("%s %s: no link", locale, name)
			}
		}
	}
	if _, err := Render("en", "nonsense", Data{}); err == nil {
		t.Error("an unknown mail was rendered")
	}
}
