package teams_test

import (
	"bufio"
	"fmt"
	"io"
	"mime/quotedprintable"
	"net"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/testkit"
)

// letters is an SMTP server that keeps what it gets.
type letters struct {
	l    net.Listener
	mu   sync.Mutex
	seen []string // decoded, with their headers
}

func postOffice(t *testing.T) *letters {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &letters{l: l}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go p.serve(c)
		}
	}()
	return p
}

// env points a server to the post office.
func (p *letters) env(more ...string) testkit.Option {
	_, port, _ := net.SplitHostPort(p.l.Addr().String())
	return testkit.Env(append([]string{"MM_EMAILSETTINGS_SMTPSERVER=127.0.0.1", "MM_EMAILSETTINGS_SMTPPORT=" + port,
		"MM_EMAILSETTINGS_FEEDBACKEMAIL=parley@example.com", "MM_SERVICESETTINGS_ENABLEEMAILINVITATIONS=true",
		"MM_SERVICESETTINGS_SITEURL=http://parley.example.com"}, more...)...)
}

func (p *letters) serve(c net.Conn) {
	defer func() { _ = c.Close() }()
	in := bufio.NewReader(c)
	_, _ = io.WriteString(c, "220 here\r\n")
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return
		}
		verb := strings.ToUpper(strings.TrimSpace(line))
		if verb == "QUIT" {
			_, _ = io.WriteString(c, "221 bye\r\n")
			return
		}
		if verb == "DATA" {
			_, _ = io.WriteString(c, "354 go on\r\n")
			var b strings.Builder
			for {
				l, err := in.ReadString('\n')
				if err != nil || l == ".\r\n" {
					break
				}
				b.WriteString(l)
			}
			text, _ := io.ReadAll(quotedprintable.NewReader(strings.NewReader(b.String())))
			p.mu.Lock()
			p.seen = append(p.seen, string(text))
			p.mu.Unlock()
		}
		_, _ = io.WriteString(c, "250 fine\r\n")
	}
}

var tokenInMail = regexp.MustCompile(`[?&]t=([a-zA-Z0-9]{64})`)

// to returns the last invitation to an address and its token.
func (p *letters) to(t *testing.T, address string) (text, token string) {
	t.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, l := range p.seen {
		if m := tokenInMail.FindStringSubmatch(l); m != nil && strings.Contains(l, "<"+address+">") {
			text, token = l, m[1]
		}
	}
	if token == "" {
		t.Fatalf("no invitation went to %s: %.2000q", address, p.seen)
	}
	return text, token
}

const (
	badParam    = "api.context.invalid_body_param.app_error"
	invalidLink = "api.user.create_user.signup_link_invalid.app_error"
)

func newAddress() string { return "new" + strings.ToLower(id.New()) + "@example.com" }

func joinByToken(a *testkit.Actor, token string) *testkit.Response {
	return a.POST("/teams/members/invite?token="+token, nil)
}

func TestWhomOneMayInvite(t *testing.T) {
	office := postOffice(t)
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		owner, stranger := s.User("owner"), s.User("stranger")
		path := "/teams/" + s.Team(owner).ID + "/invite/email"
		stranger.POST(path, []string{newAddress()}).Refused(t, 403, noPermission)
		owner.POST(path, []string{}).Refused(t, 400, badParam)
		owner.POST(path, `{"emails": 7}`).Refused(t, 400, "api.team.invite_members_to_team_and_channels.invalid_body.app_error")
		owner.POST(path, []string{newAddress(), "no address", "a@b.example\r\nBcc: c@d.example"}).
			Refused(t, 400, "api.team.invite_members.invalid_email.app_error")
		owner.POST(path, map[string]any{"emails": []string{newAddress()}, "channelIds": []string{id.New()}}).
			Refused(t, 400, "api.team.invite_guests.channel_in_invalid_team.app_error")
		newcomer := newAddress()
		var told []model.EmailInviteWithError
		owner.POST(path+"?graceful=true", []string{"no address", strings.ToUpper(newcomer)}).Want(t, 200).Into(t, &told)
		if len(told) != 2 || told[0].Error == nil || told[0].Error.Message == "" || told[1].Error != nil || told[1].Email != newcomer {
			t.Errorf("gracefully: %+v", told)
		}
		if text, _ := office.to(t, newcomer); !strings.Contains(text, "http://parley.example.com/signup_user_complete/?") {
			t.Errorf("the mail leads elsewhere: %s", text)
		}
	}, office.env())
}

func TestInvitationsWorkOnce(t *testing.T) {
	office := postOffice(t)
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		owner, other, stranger := s.User("owner"), s.User("other"), s.User("stranger")
		team := s.Team(owner)
		invite := func(address string) (token string) {
			owner.POST("/teams/"+team.ID+"/invite/email", []string{address}).Want(t, 200)
			_, token = office.to(t, address)
			return token
		}
		// Whoever signs up by it is in the team.
		newcomer := newAddress()
		token := invite(newcomer)
		var u model.User
		signup := map[string]string{"email": newcomer, "username": "u" + id.New()[:10], "password": testkit.Password}
		s.Nobody().POST("/users?t="+token, signup).Want(t, 201).Into(t, &u)
		membership(t, owner, team.ID, u.ID)
		s.Nobody().POST("/users?t="+token, signup).Want(t, 400)

		// Who has an account already joins by it.
		token = invite(other.Username + "@example.com")
		joinByToken(other, id.New()).Refused(t, 400, invalidLink)
		var in atomic.Int32
		var wg sync.WaitGroup
		for range 2 {
			wg.Go(func() {
				if joinByToken(other, token).Status == 201 {
					in.Add(1)
				}
			})
		}
		wg.Wait()
		if in.Load() != 1 {
			t.Errorf("a link let somebody in %d times", in.Load())
		}
		membership(t, owner, team.ID, other.ID)
		joinByToken(stranger, token).Refused(t, 400, invalidLink)

		token = invite(newAddress())
		if _, err := s.DB.Exec(t.Context(), `UPDATE tokens SET createat = createat - $2 WHERE token = $1`, token, model.InvitationLifetime+1); err != nil {
			t.Fatal(err)
		}
		joinByToken(stranger, token).Refused(t, 400, "api.user.create_user.signup_link_expired.app_error")
		token = invite(newAddress())
		s.Admin.DELETE("/teams/invites/email").Want(t, 200)
		joinByToken(stranger, token).Refused(t, 400, invalidLink)
		// A password reset is no invitation.
		if _, err := s.DB.Exec(t.Context(), `INSERT INTO tokens (token, createat, type, extra) VALUES ('reset', $1, 'password_recovery', $2)`,
			id.Now(), `{"teamId":"`+team.ID+`"}`); err != nil {
			t.Fatal(err)
		}
		joinByToken(stranger, "reset").Refused(t, 400, invalidLink)
	}, office.env())
}

func TestNobodyFloodsMailboxes(t *testing.T) {
	office := postOffice(t)
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		owner := s.User("owner")
		team := s.Team(owner)
		many := make([]string, 21)
		for i := range many {
			many[i] = fmt.Sprintf("a%d@example.com", i)
		}
		owner.POST("/teams/"+team.ID+"/invite/email", many).Refused(t, 413, "app.email.rate_limit_exceeded.app_error")
		owner.POST("/teams/"+team.ID+"/invite/email", many[:15]).Want(t, 200)
		owner.POST("/teams/"+team.ID+"/invite/email", many[:6]).Refused(t, 413, "app.email.rate_limit_exceeded.app_error")
		s.Admin.POST("/teams/"+team.ID+"/invite/email", many[:6]).Want(t, 200)
	}, office.env())
}

func TestInvitationsOff(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		team := s.Team(s.Admin)
		s.Admin.POST("/teams/"+team.ID+"/invite/email", []string{"a@example.com"}).Refused(t, 501, "api.team.invite_members.disabled.app_error")
		s.Admin.POST("/teams/"+team.ID+"/invite-guests/email", map[string]any{"emails": []string{"a@example.com"}, "channels": []string{id.New()}}).
			Refused(t, 501, "api.team.invite_guests_to_channels.disabled.error")
	}, testkit.Env("MM_SERVICESETTINGS_ENABLEEMAILINVITATIONS=false"))
}

func TestInvitingGuests(t *testing.T) {
	office := postOffice(t)
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		owner, member := s.User("owner"), s.User("member")
		team, elsewhere := s.Team(owner, member), s.Team(s.Admin)
		room, hidden, far := s.Channel(owner, team), s.Private(owner, team), s.Channel(s.Admin, elsewhere)
		if _, err := s.DB.Exec(t.Context(), `UPDATE roles SET permissions = permissions || ' invite_guest' WHERE name = 'team_user'`); err != nil {
			t.Fatal(err)
		}
		s.Access.ForgetRoles()
		path := "/teams/" + team.ID + "/invite-guests/email"
		address := "guest" + strings.ToLower(id.New()) + "@example.com"
		ask := func(by *testkit.Actor, channels ...string) *testkit.Response {
			return by.POST(path, map[string]any{"emails": []string{address}, "channels": channels, "message": "<b>hello</b>"})
		}
		ask(owner).Refused(t, 400, "api.context.invalid_body_param.app_error")
		ask(owner, far.ID).Refused(t, 400, "api.team.invite_guests.channel_in_invalid_team.app_error")
		ask(s.User("stranger"), room.ID).Refused(t, 403, noPermission)
		// Who isn't in a private channel can't bring others into it.
		ask(member, hidden.ID).Refused(t, 403, noPermission)
		owner.POST(path+"?guest_magic_link=true", map[string]any{"emails": []string{address}, "channels": []string{room.ID}}).
			Refused(t, 403, "api.team.invite_guests_to_channels.guest_magic_link_disabled.error")
		ask(owner, room.ID, hidden.ID).Want(t, 200)
		text, token := office.to(t, address)
		if strings.Contains(text, "<b>hello</b></blockquote>") {
			t.Errorf("a note became markup: %s", text)
		}
		member.POST("/teams/members/invite?token="+token, nil).Refused(t, 400, "api.user.create_user.invalid_invitation_type.app_error")
		var u model.User
		s.Nobody().POST("/users?t="+token, map[string]string{"email": address, "username": "g" + id.New()[:10], "password": testkit.Password}).
			Want(t, 201).Into(t, &u)
		if m := membership(t, owner, team.ID, u.ID); !m.SchemeGuest || m.SchemeUser {
			t.Errorf("came as %+v", m)
		}
		for _, c := range []*model.Channel{room, hidden} {
			owner.GET("/channels/"+c.ID+"/members/"+u.ID).Want(t, 200)
		}
		var list []model.Channel
		s.Admin.GET("/users/"+u.ID+"/teams/"+team.ID+"/channels").Want(t, 200).Into(t, &list)
		if len(list) != 2 {
			t.Errorf("a guest is in %d channels", len(list))
		}
	}, office.env("MM_GUESTACCOUNTSSETTINGS_ENABLE=true"))
}
