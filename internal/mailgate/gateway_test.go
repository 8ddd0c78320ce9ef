package mailgate_test

import (
	"context"
	"crypto/ed25519"
	"crypto/tls"
	"errors"
	"net"
	"path/filepath"
	"strings"
	"testing"

	gosmtp "github.com/emersion/go-smtp"

	"github.com/parley-chat/parley/internal/mailgate"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/testkit"
)

// noDNS has no domain sign its mail.
func noDNS(t testing.TB) {
	mailgate.DNS(t, func(context.Context, string) ([]string, error) { return nil, &net.DNSError{IsNotFound: true} })
}

func TestAnswersBecomeReplies(t *testing.T) {
	noDNS(t)
	o := newOffice(t)
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		ann, eve, joe := s.User("ann"), s.User("eve"), s.User("joe")
		team := s.Team(ann, eve, joe)
		room := s.Private(ann, team, eve)
		root := ann.Say(room, "lunch at noon @"+eve.Username+"?")
		m := o.notification(eve, "lunch at noon")
		to := m.Header.Get("Reply-To")
		to = strings.Trim(to, "<>")
		if local, _, _ := strings.Cut(to, "@"); len(local) > 64 || !strings.HasSuffix(to, "@"+domain) {
			t.Fatalf("answers go to %q", to)
		}
		good := letter{from: "Eve <" + address(eve) + ">", to: to, subject: "Re: lunch", id: "answer-1@example.com",
			body: "Gladly.\n\nOn Fri, 27 Nov 2026 Parley wrote:\n> lunch at noon\n"}
		if err := good.post(t, s); err != nil {
			t.Fatal(err)
		}
		posts := said(t, ann, room.ID)
		last := posts[len(posts)-1]
		if last.Message != "Gladly." || last.UserID != eve.ID || last.RootID != root.ID {
			t.Fatalf("the answer became %+v", last)
		}
		// The same mail, sent again since the answer was lost, is one post; upper case is the same address.
		good.to = strings.ToUpper(to[:20]) + to[20:]
		if err := good.post(t, s); err != nil {
			t.Error(err)
		}
		if n := len(said(t, ann, room.ID)); n != 2 {
			t.Errorf("%d posts after the same mail twice", n)
		}
		// An answer to a reply stays in the thread.
		reply := ann.Reply(root, "and @"+eve.Username+" brings dessert")
		to2 := strings.Trim(o.notification(eve, "brings dessert").Header.Get("Reply-To"), "<>")
		if err := (letter{from: address(eve), to: to2, subject: "Re:", body: "Cake!"}).post(t, s); err != nil || reply.RootID != root.ID {
			t.Fatal(err)
		}
		if posts = said(t, ann, room.ID); posts[len(posts)-1].RootID != root.ID || posts[len(posts)-1].Message != "Cake!" {
			t.Errorf("the second answer became %+v", posts[len(posts)-1])
		}
		// Nobody else answers with that address, and no other post is answered with it.
		refusedWith(t, letter{from: address(joe), to: to, subject: "Re", body: "x"}.post(t, s), "550", "went to somebody else")
		refusedWith(t, letter{from: "stranger@example.net", to: to, subject: "Re", body: "x"}.post(t, s), "550", "went to somebody else")
		other := "reply+" + reply.ID + "." + strings.SplitN(strings.SplitN(to, ".", 2)[1], "@", 2)[0] + "@" + domain
		refusedWith(t, letter{from: address(eve), to: other, subject: "Re", body: "x"}.post(t, s), "550", "went to somebody else")
		refusedWith(t, letter{from: address(eve), to: to, subject: "Re", body: "> lunch at noon\n-- \nEve\n"}.post(t, s), "550", "nothing in this mail")
		// Rights are those of the moment.
		ann.DELETE("/channels/"+room.ID+"/members/"+eve.ID).Want(t, 200)
		refusedWith(t, letter{from: address(eve), to: to, subject: "Re", body: "still here"}.post(t, s), "550", "can't write")
		ann.DELETE("/posts/"+root.ID).Want(t, 200)
		refusedWith(t, letter{from: address(eve), to: to, subject: "Re", body: "x"}.post(t, s), "550", "too old, or gone")
	}, o.env())
}

// signs has example.com sign its mail with a key, and another domain's DNS be away.
func signs(t testing.TB) ed25519.PrivateKey {
	t.Helper()
	_, private, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	mailgate.DNS(t, func(_ context.Context, name string) ([]string, error) {
		switch name {
		case "test._domainkey.example.com":
			return []string{record(private)}, nil
		case "test._domainkey.slow.example.com":
			return nil, &net.DNSError{IsTemporary: true}
		}
		return nil, &net.DNSError{IsNotFound: true}
	})
	return private
}

func TestChannelsHaveAddresses(t *testing.T) {
	private := signs(t)
	o := newOffice(t)
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		ann, eve, joe := s.User("ann"), s.User("eve"), s.User("joe")
		team := s.Team(ann, eve, joe)
		room := s.Private(ann, team, eve)
		to := give(t, ann, room.ID, false)
		mail := letter{from: "Eve <" + address(eve) + ">", to: to, subject: "Minutes of *today*", id: "first@example.com",
			head: []string{`Content-Type: multipart/mixed; boundary="b"`},
			body: "--b\nContent-Type: text/html; charset=utf-8\n\n<p>See <b>below</b>.</p>\n--b\nContent-Type: text/csv; name=\"list.csv\"\nContent-Disposition: attachment; filename=\"list.csv\"\n\na,b\n--b--\n"}
		if err := mail.hand(t, s, mail.signed(t, "example.com", private)); err != nil {
			t.Fatal(err)
		}
		posts := said(t, ann, room.ID)
		if len(posts) != 1 || posts[0].UserID != eve.ID || posts[0].Message != `**Minutes of \*today\***`+"\n\nSee **below**." || len(posts[0].FileIDs) != 1 {
			t.Fatalf("the mail became %+v", posts)
		}
		if got := ann.GET("/files/"+posts[0].FileIDs[0]).Want(t, 200); strings.TrimSpace(string(got.Body)) != "a,b" {
			t.Errorf("the file has %q", got.Body)
		}
		// What refers to it goes into its thread, without subject.
		next := letter{from: address(eve), to: to, subject: "Re: Minutes", id: "second@example.com",
			head: []string{"References: <zero@example.com> <first@example.com>"}, body: "One more.\n\n> See below.\n"}
		if err := next.hand(t, s, next.signed(t, "example.com", private)); err != nil {
			t.Fatal(err)
		}
		if posts = said(t, ann, room.ID); posts[1].RootID != posts[0].ID || posts[1].Message != "One more." {
			t.Errorf("the next mail became %+v", posts[1])
		}
		// Whoever can't prove who they are, or isn't in the channel, or is nobody, doesn't get in.
		refusedWith(t, letter{from: address(eve), to: to, subject: "x", body: "unsigned"}.post(t, s), "550", "isn't proven")
		forged := letter{from: address(eve), to: to, subject: "x", body: "signed by another"}
		refusedWith(t, forged.hand(t, s, forged.signed(t, "example.net", private)), "550", "isn't proven")
		slow := letter{from: address(eve), to: to, subject: "x", body: "signed by another"}
		refusedWith(t, slow.hand(t, s, slow.signed(t, "slow.example.com", private)), "451", "try again later")
		member := letter{from: address(joe), to: to, subject: "x", body: "not in the channel"}
		refusedWith(t, member.hand(t, s, member.signed(t, "example.com", private)), "550", "can't write")
		nobody := letter{from: "nobody@example.com", to: to, subject: "x", body: "no account"}
		refusedWith(t, nobody.hand(t, s, nobody.signed(t, "example.com", private)), "550", "Only members")
		refusedWith(t, letter{from: address(eve), to: "guess+abcdefghijkmnopq@" + domain, body: "x"}.post(t, s), "550", "no such address")
		refusedWith(t, letter{from: address(eve), to: "somebody@example.net", body: "x"}.post(t, s), "550", "no such address")

	}, o.env())
}

// TestAddressesAreChanged by who runs the channel; members see them, others don't.
func TestAddressesAreChanged(t *testing.T) {
	private := signs(t)
	o := newOffice(t)
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		ann, eve, joe := s.User("ann"), s.User("eve"), s.User("joe")
		team := s.Team(ann, eve, joe)
		room := s.Private(ann, team, eve)
		to := give(t, ann, room.ID, false)
		eve.PUT("/parley/channels/"+room.ID+"/email_address", map[string]any{}).Refused(t, 403, "api.context.permissions.app_error")
		joe.GET("/parley/channels/"+room.ID+"/email_address").Refused(t, 403, "api.context.permissions.app_error")
		var seen mailgate.State
		eve.GET("/parley/channels/"+room.ID+"/email_address").Want(t, 200).Into(t, &seen)
		if seen.Address != to || seen.MayChange || !seen.Available || seen.OutsidersAllowed {
			t.Errorf("a member sees %+v", seen)
		}
		ann.PUT("/parley/channels/"+room.ID+"/email_address", map[string]any{"outsiders": true}).Refused(t, 403, "parley.mailgate.outsiders.app_error")
		ann.PUT("/parley/channels/"+room.ID+"/email_address", map[string]any{"renew": true}).Want(t, 200).Into(t, &seen)
		again := letter{from: address(eve), to: to, subject: "x", body: "to the old address"}
		refusedWith(t, again.hand(t, s, again.signed(t, "example.com", private)), "550", "no such address")
		again.to = seen.Address
		if err := again.hand(t, s, again.signed(t, "example.com", private)); err != nil {
			t.Error(err)
		}
		ann.DELETE("/channels/"+room.ID).Want(t, 200)
		refusedWith(t, again.hand(t, s, again.signed(t, "example.com", private)), "550", "no such address")
		direct := s.Direct(ann, eve)
		ann.PUT("/parley/channels/"+direct.ID+"/email_address", map[string]any{}).Refused(t, 400, "parley.mailgate.direct.app_error")
	}, o.env())
}

func TestOutsiders(t *testing.T) {
	noDNS(t)
	o := newOffice(t)
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		ann, eve := s.User("ann"), s.User("eve")
		team := s.Team(ann, eve)
		room := s.Channel(ann, team, eve)
		s.Admin.PUT("/config/patch", map[string]any{"EmailGatewaySettings": map[string]any{"AllowOutsiders": true}}).Want(t, 200)
		to := give(t, ann, room.ID, true)
		eve.Listen()
		if err := (letter{from: "Sam Stranger <sam@example.net>", to: to, subject: "A question @" + eve.Username, body: "@channel help, ask @" + eve.Username, id: "q@example.net"}).post(t, s); err != nil {
			t.Fatal(err)
		}
		p := said(t, ann, room.ID)[0]
		if p.UserID == eve.ID || p.UserID == ann.ID || !strings.Contains(p.Message, "Sam Stranger") || !strings.Contains(p.Message, "example.net") ||
			p.Props.String(model.PostPropFromWebhook) != "true" || p.Props.String(model.PostPropOverrideUsername) != "sam@example.net" {
			t.Errorf("the mail became %+v", p)
		}
		if strings.Contains(p.Message, "@channel") {
			t.Error("somebody from outside calls the whole channel")
		}
		eve.Expect("posted", func(f testkit.Frame) bool { return true })
		// A member whose mail isn't signed is somebody from outside, and never shown as the member.
		if err := (letter{from: "Eve <" + address(eve) + ">", to: to, subject: "x", body: "me", id: "m@example.com"}).post(t, s); err != nil {
			t.Fatal(err)
		}
		posts := said(t, ann, room.ID)
		if p = posts[1]; p.UserID == eve.ID || !strings.Contains(p.Message, "example.com") {
			t.Errorf("the unsigned mail became %+v", p)
		}
		// An answer by the thread of the mails, and the administrator's no.
		if err := (letter{from: "Sam <sam@example.net>", to: to, subject: "Re: A question", head: []string{"In-Reply-To: <q@example.net>"}, body: "thanks"}).post(t, s); err != nil {
			t.Fatal(err)
		}
		if posts = said(t, ann, room.ID); posts[2].RootID != posts[0].ID {
			t.Errorf("the answer is in no thread: %+v", posts[2])
		}
		s.Admin.PUT("/config/patch", map[string]any{"EmailGatewaySettings": map[string]any{"AllowOutsiders": false}}).Want(t, 200)
		refusedWith(t, letter{from: "sam@example.net", to: to, subject: "x", body: "again"}.post(t, s), "550", "Only members")
	}, o.env())
}

func TestRelaysAreBelieved(t *testing.T) {
	noDNS(t)
	o := newOffice(t)
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		ann := s.User("ann")
		room := s.Channel(ann, s.Team(ann))
		to := give(t, ann, room.ID, false)
		from := func(results ...string) error {
			return letter{from: address(ann), to: to, subject: "x", body: "by a relay", head: results}.post(t, s)
		}
		for _, bad := range []string{"", "Authentication-Results: other.example; dmarc=pass header.from=example.com", "Authentication-Results: localhost; dmarc=pass header.from=example.net",
			"Authentication-Results: localhost; dmarc=fail header.from=example.com; dkim=pass header.d=example.com", "Authentication-Results: localhost; spf=pass smtp.mailfrom=example.net",
			"Authentication-Results: ;;;=", "Authentication-Results: localhost; none"} {
			var lines []string
			if bad != "" {
				lines = []string{bad}
			}
			refusedWith(t, from(lines...), "550", "isn't proven")
		}
		for _, good := range []string{"Authentication-Results: localhost; dmarc=pass header.from=example.com", "Authentication-Results: localhost; spf=pass smtp.mailfrom=bounce.example.com",
			"Authentication-Results: localhost; dkim=pass header.d=mail.example.com", "Authentication-Results: localhost; auth=pass smtp.auth=" + address(ann)} {
			if err := from(good); err != nil {
				t.Errorf("%s: %v", good, err)
			}
		}
		// Where the relay in front proves everybody, the line From is taken as it is.
		s.Admin.PUT("/config/patch", map[string]any{"EmailGatewaySettings": map[string]any{"VerifySenders": false}}).Want(t, 200)
		testkit.Eventually(t, "mail is taken without proof", func() bool { return from() == nil })
	}, o.env(`MM_EMAILGATEWAYSETTINGS_TRUSTEDRELAYS=127.0.0.0/8`))
}

// TestLMTP is how a mail server on the same host hands mail over: with an answer for each recipient, by a socket.
func TestLMTP(t *testing.T) {
	noDNS(t)
	o := newOffice(t)
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		ann := s.User("ann")
		team := s.Team(ann)
		one, two := s.Channel(ann, team), s.Channel(ann, team)
		first, second := give(t, ann, one.ID, true), give(t, ann, two.ID, false)
		testkit.Eventually(t, "the gateway listens", func() bool { return s.MailAddr() != nil })
		nc, err := net.Dial("unix", s.MailAddr().String())
		if err != nil {
			t.Fatal(err)
		}
		c := gosmtp.NewClientLMTP(nc)
		defer func() { _ = c.Close() }()
		if err := errors.Join(c.Hello("relay.example.org"), c.Mail("sam@example.net", nil), c.Rcpt(first, nil), c.Rcpt(second, nil)); err != nil {
			t.Fatal(err)
		}
		w, err := c.Data()
		if err != nil {
			t.Fatal(err)
		}
		_, _ = w.Write([]byte(letter{from: "sam@example.net", to: first, subject: "both", body: "hello"}.text()))
		var answers gosmtp.LMTPDataError
		if _, err := w.CloseWithLMTPResponse(); !errors.As(err, &answers) || answers[first] != nil || answers[second] == nil || answers[second].Code != 550 {
			t.Errorf("answered %v", err)
		}
		if len(said(t, ann, one.ID)) != 1 || len(said(t, ann, two.ID)) != 0 {
			t.Error("not posted as it was answered")
		}
	}, o.env("MM_EMAILGATEWAYSETTINGS_PROTOCOL=lmtp", "MM_EMAILGATEWAYSETTINGS_ALLOWOUTSIDERS=true",
		"MM_EMAILGATEWAYSETTINGS_LISTENADDRESS=unix:"+filepath.Join(t.TempDir(), "mail.sock")))
}

// TestMailIsEncrypted as the sender wishes, with a certificate of the gateway's own.
func TestMailIsEncrypted(t *testing.T) {
	noDNS(t)
	o := newOffice(t)
	cert, key := testkit.Certificate(t)
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		ann := s.User("ann")
		room, to := open(t, s, ann)
		nc, err := net.Dial("tcp", gateway(t, s))
		if err != nil {
			t.Fatal(err)
		}
		c, err := gosmtp.NewClientStartTLS(nc, &tls.Config{InsecureSkipVerify: true}) //nolint:gosec // that of the test
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = c.Close() }()
		if err := c.SendMail("sam@example.net", []string{to}, strings.NewReader(letter{from: "sam@example.net", to: to, subject: "x", body: "in secret"}.text())); err != nil {
			t.Fatal(err)
		}
		if n := len(said(t, ann, room.ID)); n != 1 {
			t.Errorf("%d posts", n)
		}
	}, o.env("MM_EMAILGATEWAYSETTINGS_TLSCERTFILE="+cert, "MM_EMAILGATEWAYSETTINGS_TLSKEYFILE="+key))
}
