package mailgate_test

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"net/textproto"
	"strings"
	"testing"
	"time"

	"github.com/parley-chat/parley/internal/mailgate"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/testkit"
)

// open is a channel that anybody may write to, and its address.
func open(t testing.TB, s *testkit.Server, owner *testkit.Actor, others ...*testkit.Actor) (room *model.Channel, to string) {
	t.Helper()
	s.Admin.PUT("/config/patch", map[string]any{"EmailGatewaySettings": map[string]any{"AllowOutsiders": true}}).Want(t, 200)
	room = s.Channel(owner, s.Team(owner, others...), others...)
	return room, give(t, owner, room.ID, true)
}

func TestLoopsAreCut(t *testing.T) {
	noDNS(t)
	o := newOffice(t)
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		ann, eve := s.User("ann"), s.User("eve")
		room, to := open(t, s, ann, eve)
		ann.Say(room, "a notice @"+eve.Username)
		m := o.notification(eve, "a notice")
		if m.Header.Get("Auto-Submitted") != "auto-generated" || m.Header.Get("X-Parley-Site") == "" {
			t.Error("a notification doesn't say that a program wrote it")
		}
		replyTo := strings.Trim(m.Header.Get("Reply-To"), "<>")
		silent := func(l letter) {
			t.Helper()
			before := len(said(t, ann, room.ID))
			if l.body = "words"; l.from == "" {
				l.from = "sam@example.net"
			}
			if err := l.post(t, s); err != nil {
				t.Errorf("%v: %v", l.head, err)
			}
			if len(said(t, ann, room.ID)) != before {
				t.Errorf("posted: %v %q", l.head, l.path)
			}
		}
		silent(letter{to: to, path: "-"})
		for _, line := range []string{"Auto-Submitted: auto-replied", "Auto-Submitted: Auto-Replied; x=y", "Precedence: auto_reply", "X-Autoreply: yes", "X-Autorespond: x",
			"X-Parley-Site: " + m.Header.Get("X-Parley-Site"), "Content-Type: multipart/report; report-type=delivery-status; boundary=x"} {
			silent(letter{to: to, head: []string{line}})
		}
		for _, line := range []string{"Auto-Submitted: auto-generated", "Precedence: bulk", "Precedence: list", "List-Id: <x.example.org>"} {
			silent(letter{from: address(eve), to: replyTo, head: []string{line}})
		}
		// A program that tells of something is let into the channel, as is the mail of another installation.
		for _, line := range []string{"Auto-Submitted: auto-generated", "Precedence: bulk", "Auto-Submitted: no", "X-Parley-Site: another"} {
			if err := (letter{from: "cron@example.net", to: to, subject: line, head: []string{line}, body: "disk full"}).post(t, s); err != nil {
				t.Error(err)
			}
		}
		if n := len(said(t, ann, room.ID)); n != 5 {
			t.Errorf("%d posts", n)
		}
		refusedWith(t, letter{from: "sam@example.net", to: to, head: strings.Split(strings.Repeat("Received: from a by b\n", 50)+"Received: from a by b", "\n"), body: "x"}.post(t, s), "554", "circles")
	}, o.env())
}

func TestHostileMail(t *testing.T) {
	noDNS(t)
	o := newOffice(t)
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		ann := s.User("ann")
		room, to := open(t, s, ann)
		from := "sam@example.net"
		nested := strings.Builder{}
		for i := range 50 {
			fmt.Fprintf(&nested, "Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n", i, i)
		}
		for what, l := range map[string]letter{
			"554 parts":         {from: from, to: to, head: []string{`Content-Type: multipart/mixed; boundary="b0"`}, body: "--b0\n" + nested.String() + "\n\nx"},
			"554 parts ":        {from: from, to: to, head: []string{`Content-Type: multipart/mixed; boundary="b"`}, body: strings.Repeat("--b\n\nx\n", 3000) + "--b--\n"},
			"554 built":         {from: from, to: to, head: []string{"X-Long: " + strings.Repeat("x\n ", 150_000)}, body: "x"},
			"554 built ":        {from: from, to: to, head: []string{"no header at all"}, body: "x"},
			"550 one line From": {from: from, to: to, head: []string{"From: " + address(ann)}, body: "x"},
			"550 one address":   {from: from + ", " + address(ann), to: to, body: "x", path: from},
			"550 one address ":  {from: "undisclosed:;", to: to, body: "x", path: from},
			"552 size":          {from: from, to: to, body: strings.Repeat("0123456789\n", 120_000)},
			"550 nothing":       {from: from, to: to, head: []string{"Content-Type: text/html"}, body: "<script>alert(1)</script><img src=http://tracker.example/>"},
		} {
			code, words, _ := strings.Cut(strings.TrimSpace(what), " ")
			refusedWith(t, l.post(t, s), code, words)
		}
		if n := len(said(t, ann, room.ID)); n != 0 {
			t.Fatalf("%d posts of mails that were refused", n)
		}
		// Nothing in a header becomes a line of its own, or markup.
		if err := (letter{from: `"=?utf-8?q?Ann=0D=0A@all_**x**=E2=80=AE?=" <sam@example.net>`, to: to, subject: "=?utf-8?q?one=0D=0Atwo_[x](http://evil.example)_@all?=", body: "text"}).post(t, s); err != nil {
			t.Fatal(err)
		}
		p := said(t, ann, room.ID)[0]
		if lines := strings.Split(p.Message, "\n\n"); len(lines) != 3 || strings.Contains(p.Message, "@all") || strings.Contains(p.Message, "[x](") ||
			strings.ContainsAny(p.Message, "\r\u202e") || strings.Contains(lines[0], "**x**") {
			t.Errorf("headers became %q", p.Message)
		}
		// A file's name leads nowhere, and what is too big is named.
		s.Admin.PUT("/config/patch", map[string]any{"FileSettings": map[string]any{"MaxFileSize": 1000}}).Want(t, 200)
		if err := (letter{from: from, to: to, head: []string{`Content-Type: multipart/mixed; boundary="b"`},
			body: "--b\n\nfiles\n--b\nContent-Disposition: attachment; filename=\"../../etc/passwd\"\n\nx\n--b\nContent-Disposition: attachment; filename=\"big*.txt\"\n\n" +
				strings.Repeat("0123456789\n", 200) + "\n--b--\n"}).post(t, s); err != nil {
			t.Fatal(err)
		}
		p = said(t, ann, room.ID)[1]
		var info model.FileInfo
		if len(p.FileIDs) != 1 || !strings.Contains(p.Message, `big\*.txt`) {
			t.Fatalf("files became %+v", p)
		}
		if ann.GET("/files/"+p.FileIDs[0]+"/info").Want(t, 200).Into(t, &info); strings.ContainsAny(info.Name, `/\`) {
			t.Errorf("the file is called %q", info.Name)
		}
	}, o.env("MM_EMAILGATEWAYSETTINGS_MAXMESSAGESIZE=1048576"))
}

// TestOneMailIsOneMail has a mail that holds the end of a mail in other line ends: servers that take those for the
// end let a second mail be smuggled in (SMTP smuggling, 2023).
func TestOneMailIsOneMail(t *testing.T) {
	noDNS(t)
	o := newOffice(t)
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		ann := s.User("ann")
		room, to := open(t, s, ann)
		for i, end := range []string{"\n.\n", "\n.\r\n", "\r\n.\n", "\r.\r", "\r.\r\n"} {
			nc, err := net.Dial("tcp", gateway(t, s))
			if err != nil {
				t.Fatal(err)
			}
			second := fmt.Sprintf("MAIL FROM:<%[1]s>\r\nRCPT TO:<%[2]s>\r\nDATA\r\nFrom: %[1]s\r\nMessage-ID: <s%[3]d@x>\r\n\r\nsmuggled\r\n", address(ann), to, i)
			_, _ = fmt.Fprintf(nc, "EHLO x\r\nMAIL FROM:<sam@example.net>\r\nRCPT TO:<%s>\r\nDATA\r\nFrom: sam@example.net\r\nMessage-ID: <f%d@x>\r\n\r\nfirst%s%s.\r\nQUIT\r\n", to, i, end, second)
			answers, _ := io.ReadAll(nc)
			_ = nc.Close()
			if n := bytes.Count(answers, []byte("\r\n354 ")); n != 1 {
				t.Errorf("%q: %d mails were taken: %s", end, n, answers)
			}
		}
		if n := len(said(t, ann, room.ID)); n > 5 {
			t.Errorf("%d posts of 5 mails", n)
		}
	}, o.env())
}

func TestFloodsAreHeld(t *testing.T) {
	noDNS(t)
	o := newOffice(t)
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		ann := s.User("ann")
		room, to := open(t, s, ann)
		var err error
		taken := 0
		for err == nil && taken < 100 {
			if err = (letter{from: "sam@example.net", to: to, body: "again"}).post(t, s); err == nil {
				taken++
			}
		}
		refusedWith(t, err, "450", "Too many")
		if n := len(said(t, ann, room.ID)); n != taken || taken != 5 {
			t.Errorf("%d posts of %d mails", n, taken)
		}
	}, o.env("MM_EMAILGATEWAYSETTINGS_MESSAGESPERHOUR=10"))
}

func TestConnectionsAreBounded(t *testing.T) {
	noDNS(t)
	o := newOffice(t)
	mailgate.Patience(t, 300*time.Millisecond)
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		addr := gateway(t, s)
		greeting := func() (*textproto.Conn, string) {
			nc, err := net.Dial("tcp", addr)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = nc.Close() })
			c := textproto.NewConn(nc)
			line, _ := c.ReadLine()
			return c, line
		}
		var open []*textproto.Conn
		for range mailgate.PerAddress {
			c, line := greeting()
			if !strings.HasPrefix(line, "220 ") {
				t.Fatal(line)
			}
			open = append(open, c)
		}
		if _, line := greeting(); !strings.HasPrefix(line, "421 ") {
			t.Errorf("one more is greeted with %q", line)
		}
		// Who says nothing is sent away.
		if line, err := open[0].ReadLine(); err != nil || !strings.HasPrefix(line, "421 ") {
			t.Errorf("silence is answered by %q, %v", line, err)
		}
		testkit.Eventually(t, "there is room again", func() bool { _, line := greeting(); return strings.HasPrefix(line, "220 ") })
	}, o.env())
}
