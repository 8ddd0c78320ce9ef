package users_test

import (
	"bufio"
	"io"
	"mime/quotedprintable"
	"net"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/db/dbtest"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/testkit"
)

// mailbox is an SMTP server that hands on what it gets.
func mailbox(t *testing.T) (port int, mails <-chan string) {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = ln.Close() })
	out := make(chan string, 20)
	go func() {
		for {
			c, err := ln.Accept()
			if err != nil {
				return
			}
			go receive(c, out)
		}
	}()
	return ln.Addr().(*net.TCPAddr).Port, out
}

func receive(c net.Conn, out chan<- string) {
	defer func() { _ = c.Close() }()
	in := bufio.NewReader(c)
	say := func(line string) { _, _ = io.WriteString(c, line+"\r\n") }
	say("220 here")
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return
		}
		switch strings.ToUpper(line[:min(4, len(line))]) {
		case "DATA":
			say("354 go on")
			var b strings.Builder
			for line != ".\r\n" {
				if line, err = in.ReadString('\n'); err != nil {
					return
				}
				b.WriteString(line)
			}
			text, _ := io.ReadAll(quotedprintable.NewReader(strings.NewReader(b.String())))
			out <- string(text)
			say("250 ok")
		case "QUIT":
			say("221 bye")
			return
		default:
			say("250 ok")
		}
	}
}

var linkRE = regexp.MustCompile(`https?://[^\s"<]+token=[a-z0-9]{64}[^\s"<]*`)

// TestLinksInMails asks for links with a forged Host: they lead to the site.
func TestLinksInMails(t *testing.T) {
	port, mails := mailbox(t)
	s := testkit.Start(t, dbtest.Engines[0], testkit.Env("MM_EMAILSETTINGS_SMTPSERVER=127.0.0.1", "MM_EMAILSETTINGS_SMTPPORT="+strconv.Itoa(port),
		"MM_EMAILSETTINGS_FEEDBACKEMAIL=chat@example.com", "MM_SERVICESETTINGS_SITEURL=https://chat.example.com/talk"))
	a := s.User("alice")
	for path, want := range map[string]string{
		"/users/password/reset/send": "https://chat.example.com/talk/reset_password_complete?token=",
		"/users/email/verify/send":   "https://chat.example.com/talk/do_verify_email?token=",
	} {
		body := strings.NewReader(`{"email":"` + a.Username + `@example.com"}`)
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.URL+"/api/v4"+path, body)
		if err != nil {
			t.Fatal(err)
		}
		req.Host = "evil.example.net"
		req.Header.Set("X-Forwarded-Host", "evil.example.net")
		req.Header.Set("Origin", "https://evil.example.net")
		resp, err := http.DefaultClient.Do(req)
		if err != nil || resp.StatusCode != http.StatusOK {
			t.Fatal(resp, err)
		}
		_ = resp.Body.Close()
		var links []string
		for len(links) == 0 { // other mails, such as a welcome, have none
			select {
			case text := <-mails:
				links = linkRE.FindAllString(text, -1)
				if strings.Contains(text, "evil") {
					t.Errorf("%s: %s", path, text)
				}
			case <-time.After(20 * time.Second):
				t.Fatalf("%s: no mail came", path)
			}
		}
		for _, l := range links {
			if !strings.HasPrefix(l, want) {
				t.Errorf("%s: the link is %s", path, l)
			}
		}
	}
}

func verifyToken(t *testing.T, s *testkit.Server, userID string) (secret string) {
	t.Helper()
	testkit.Eventually(t, "a token is stored", func() bool {
		var err error
		secret, err = db.Value[string](t.Context(), s.DB, `SELECT token FROM tokens WHERE type = 'verify_email' AND extra LIKE $1`, "%"+userID+"%")
		return err == nil
	})
	return secret
}

func TestVerifyEmail(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		a, b, nobody := s.User("alice"), s.User("bob"), s.Nobody()
		set(t, s, "EmailSettings", map[string]any{"RequireEmailVerification": true})
		const badLink = "api.user.verify_email.bad_link.app_error"
		verify := func(token string) *testkit.Response {
			return nobody.POST("/users/email/verify", map[string]string{"token": token})
		}
		verify("short").Refused(t, 400, "api.context.invalid_body_param.app_error")
		verify(id.Token(model.TokenSize)).Refused(t, 400, badLink)
		nobody.POST("/users/email/verify/send", map[string]string{}).Refused(t, 400, "api.context.invalid_body_param.app_error")
		nobody.POST("/users/email/verify/send", map[string]string{"email": a.Username + "@example.com"}).Want(t, 200)
		secret := verifyToken(t, s, a.ID)
		// A link of one kind is no link of another.
		nobody.POST("/users/password/reset", reset(secret, "Another-Pass-1")).Refused(t, 400, "api.user.reset_password.broken_token.app_error")
		exec(t, s, `UPDATE tokens SET createat = createat - 86401000 WHERE token = $1`, secret)
		verify(secret).Refused(t, 400, "api.user.verify_email.link_expired.app_error")
		exec(t, s, `UPDATE tokens SET createat = createat + 86401000 WHERE token = $1`, secret)
		verify(secret).Want(t, 200)
		verify(secret).Refused(t, 400, badLink)
		nobody.POST("/users/login", with(a.Username)).Want(t, 200)

		// A new address counts once it is confirmed, and only if still free.
		fresh := "fresh" + a.Username + "@example.com"
		for _, x := range []*testkit.Actor{a, b} {
			x.PUT("/users/me/patch", map[string]string{"email": fresh, "password": testkit.Password}).Want(t, 200)
		}
		verify(verifyToken(t, s, a.ID)).Want(t, 200)
		verify(verifyToken(t, s, b.ID)).Refused(t, 400, "app.user.save.email_exists.app_error")
		var u model.User
		a.GET("/users/me").Want(t, 200).Into(t, &u)
		if u.Email != fresh || !u.EmailVerified {
			t.Errorf("%+v", u)
		}
	})
}
