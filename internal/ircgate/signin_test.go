package ircgate_test

import (
	"bytes"
	"crypto/tls"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/ergochat/irc-go/ircevent"
	"github.com/ergochat/irc-go/ircmsg"

	"github.com/parley-chat/parley/internal/ircgate"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/testkit"
)

func token(t *testing.T, s *testkit.Server, a *testkit.Actor) model.UserAccessToken {
	t.Helper()
	s.Admin.Do("PUT", "/users/"+a.ID+"/roles", map[string]string{"roles": "system_user system_user_access_token"}).Want(t, 200)
	var made model.UserAccessToken
	a.POST("/users/"+a.ID+"/tokens", map[string]string{"description": "irc"}).Want(t, 200).Into(t, &made)
	return made
}

func TestWaysToSignIn(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		ann, bob := s.User("ann"), s.User("bob")
		first := s.Team(ann, bob)
		second := s.Team(ann, bob)
		pat := token(t, s, ann)

		for _, way := range [][]string{{ann.Username, testkit.Password}, {ann.Username + "@example.com", testkit.Password}, {ann.Username, pat.Token},
			{ann.Username + "/" + second.Name, testkit.Password}} {
			p := dial(t, s).sign(way[0], way[1], "")
			home := first
			if strings.Contains(way[0], "/") {
				home = second
			} else if second.ID < first.ID { // teams of one name go by their ids
				home = second
			}
			other := map[bool]*model.Team{true: second, false: first}[home == first]
			p.expect("JOIN", "#"+other.Name+"/town-square")
			p.expect("JOIN", " #town-square")
			p.send("QUIT :bye")
			if why := p.closed(); !strings.Contains(why, "Quit: bye") {
				t.Errorf("the end: %q", why)
			}
		}
		// PASS, for clients without SASL.
		p := dial(t, s)
		p.send("PASS "+ann.Username+":"+testkit.Password, "NICK x", "USER x 0 * :x")
		p.expect("001", ann.Username)
		p = dial(t, s)
		p.send("PASS "+testkit.Password, "NICK x", "USER "+ann.Username+" 0 * :x")
		p.expect("001", ann.Username)
		// What doesn't open.
		for _, way := range [][]string{{ann.Username, "wrong"}, {"nobody", testkit.Password}, {bob.Username, pat.Token}, {ann.Username, ann.Token}, {"", ""}} {
			p := dial(t, s)
			p.send("CAP REQ sasl", "AUTHENTICATE PLAIN", "AUTHENTICATE "+plain(way[0], way[1]))
			p.expect("904")
			p.send("NICK x", "USER x 0 * :x", "CAP END")
			p.expect("464")
			if why := p.closed(); !strings.Contains(why, "Access denied") {
				t.Errorf("the end: %q", why)
			}
		}
		p = dial(t, s)
		p.send("NICK x", "USER x 0 * :x")
		p.expect("464")
		p.closed()
		p = dial(t, s)
		p.send("CAP REQ sasl", "AUTHENTICATE PLAIN", "AUTHENTICATE "+plain(ann.Username+"/no-such-team", testkit.Password), "NICK x", "USER x 0 * :x", "CAP END")
		if why := p.closed(); !strings.Contains(why, "no team") {
			t.Errorf("a team that isn't there: %q", why)
		}
	}, on)
}

func TestSecondFactorNeedsAToken(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		ann := s.User("ann")
		s.Team(ann)
		pat := token(t, s, ann)
		s.Admin.Do("PUT", "/config/patch", map[string]any{"ServiceSettings": map[string]any{"EnableMultifactorAuthentication": true,
			"EnforceMultifactorAuthentication": true}}).Want(t, 200)
		p := dial(t, s)
		p.send("CAP REQ sasl", "AUTHENTICATE PLAIN", "AUTHENTICATE "+plain(ann.Username, testkit.Password), "NICK x", "USER x 0 * :x", "CAP END")
		if why := p.closed(); !strings.Contains(why, "second factor") {
			t.Errorf("a password alone opened: %q", why)
		}
		dial(t, s).sign(ann.Username, pat.Token, "")
	}, on)
}

func TestGuessesAreLimitedAsOnTheWeb(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		ann := s.User("ann")
		for range 10 {
			p := dial(t, s)
			p.send("CAP REQ sasl", "AUTHENTICATE PLAIN", "AUTHENTICATE "+plain(ann.Username, "guess"))
			p.expect("904")
		}
		p := dial(t, s)
		p.send("CAP REQ sasl", "AUTHENTICATE PLAIN", "AUTHENTICATE "+plain(ann.Username, testkit.Password))
		p.expect("904")
		ann.POST("/users/login", map[string]string{"login_id": ann.Username, "password": testkit.Password}).
			Refused(t, 401, "api.user.check_user_login_attempts.too_many.app_error")
		p = dial(t, s)
		for range 4 {
			p.send("CAP REQ sasl", "AUTHENTICATE PLAIN", "AUTHENTICATE "+plain("nobody", "guess"))
		}
		if why := p.closed(); !strings.Contains(why, "Too many attempts") {
			t.Errorf("guesses on one connection: %q", why)
		}
	}, on)
}

func TestSessionsAreListedAndRevoked(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		ann := s.User("ann")
		s.Team(ann)
		irc := func() (out []model.Session) {
			var list []model.Session
			ann.GET("/users/me/sessions").Want(t, 200).Into(t, &list)
			for _, v := range list {
				if strings.HasPrefix(v.Props["browser"], "IRC/") {
					out = append(out, v)
				}
			}
			return out
		}
		p := enter(t, s, ann, allCaps)
		list := irc()
		if len(list) != 1 {
			t.Fatalf("%d sessions of IRC", len(list))
		}
		status := func(want string) func() bool {
			return func() bool {
				var st model.Status
				ann.GET("/users/me/status").Want(t, 200).Into(t, &st)
				return st.Status == want
			}
		}
		testkit.Eventually(t, "online over IRC", status("online"))
		ann.POST("/users/me/sessions/revoke", map[string]string{"session_id": list[0].ID}).Want(t, 200)
		if why := p.closed(); !strings.Contains(why, "Closed by the server") {
			t.Errorf("revoked: %q", why)
		}
		p = enter(t, s, ann, "")
		p.send("QUIT")
		p.closed()
		testkit.Eventually(t, "the session ends with the connection", func() bool { return len(irc()) == 0 })
		testkit.Eventually(t, "offline again", status("offline"))
		p = enter(t, s, ann, "")
		s.Admin.Do("PUT", "/users/"+ann.ID+"/active", map[string]bool{"active": false}).Want(t, 200)
		p.closed()
	}, on)
}

func TestSwitchedOnAndOffInTheConsole(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		ann := s.User("ann")
		s.Team(ann)
		enable := func(on bool) {
			s.Admin.Do("PUT", "/config/patch", map[string]any{"IRCSettings": map[string]any{"Enable": on}}).Want(t, 200)
		}
		if len(s.IRCAddrs()) != 0 {
			t.Fatal("it is on by itself")
		}
		enable(true)
		p := enter(t, s, ann, "")
		enable(false)
		if why := p.closed(); !strings.Contains(why, "switched off") {
			t.Errorf("switched off: %q", why)
		}
		testkit.Eventually(t, "switched off", func() bool { return len(s.IRCAddrs()) == 0 })
	}, testkit.Env("MM_IRCSETTINGS_LISTENADDRESS=127.0.0.1:0"))
}

func TestALibraryOverTLS(t *testing.T) {
	cert, key := testkit.Certificate(t)
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		ann, bob := s.User("ann"), s.User("bob")
		room := s.Channel(ann, s.Team(ann, bob), bob)
		testkit.Eventually(t, "the gateway listens", func() bool { return len(s.IRCAddrs()) == 2 })
		heard := make(chan ircmsg.Message, 100)
		irc := &ircevent.Connection{Server: s.IRCAddrs()[1].String(), Nick: ann.Username, User: "u", RealName: "Ann", UseTLS: true,
			TLSConfig: &tls.Config{InsecureSkipVerify: true}, UseSASL: true, SASLLogin: ann.Username, SASLPassword: testkit.Password,
			RequestCaps: strings.Fields(allCaps), Timeout: patience, KeepAlive: time.Minute}
		irc.AddCallback("PRIVMSG", func(m ircmsg.Message) { heard <- m })
		joined := make(chan string, 20)
		irc.AddCallback("366", func(m ircmsg.Message) { joined <- m.Params[1] })
		if err := irc.Connect(); err != nil {
			t.Fatal(err)
		}
		go irc.Loop()
		defer irc.Quit()
		for name := ""; name != "#"+room.Name; name = <-joined {
		}
		if got := irc.ISupport(); got["CASEMAPPING"] != "ascii" || got["CHANTYPES"] != "#&" || got["NETWORK"] == "" || got["MSGREFTYPES"] != "msgid,timestamp" ||
			got["CHANMODES"] != ",,,ims" {
			t.Errorf("005: %v", got)
		}
		bob.Say(room, "over TLS")
		if m := <-heard; m.Params[1] != "over TLS" {
			t.Errorf("heard %v", m)
		}
		batch, err := irc.GetLabeledResponse(nil, "WHO", "#"+room.Name)
		if err != nil || len(batch.Items) != 3 {
			t.Errorf("WHO by label: %+v %v", batch, err)
		}
		batch, err = irc.GetLabeledResponse(nil, "PRIVMSG", "#"+room.Name, "labelled")
		if err != nil || batch.Params[1] != "labelled" {
			t.Errorf("a message by label: %+v %v", batch, err)
		}
		batch, err = irc.GetLabeledResponse(nil, "CHATHISTORY", "LATEST", "#"+room.Name, "*", "10")
		if err != nil || len(batch.Items) < 1 {
			t.Errorf("history by label: %+v %v", batch, err)
		}
	}, on, testkit.Env("MM_IRCSETTINGS_TLSLISTENADDRESS=127.0.0.1:0", "MM_IRCSETTINGS_TLSCERTFILE="+cert, "MM_IRCSETTINGS_TLSKEYFILE="+key))
}

func TestBoundsOfConnections(t *testing.T) {
	ircgate.Bound(t, 300*time.Millisecond, 300*time.Millisecond, 1<<20, 100, 100)
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		ann := s.User("ann")
		s.Team(ann)
		if why := dial(t, s).closed(); !strings.Contains(why, "Registration timed out") {
			t.Errorf("silent before registration: %q", why)
		}
		enter(t, s, ann, "")
		enter(t, s, ann, "")
		p := dial(t, s)
		p.send("CAP REQ sasl", "AUTHENTICATE PLAIN", "AUTHENTICATE "+plain(ann.Username, testkit.Password))
		p.expect("904", "too many IRC connections")
		dial(t, s)
		nc, err := net.Dial("tcp", address(t, s))
		if err != nil {
			t.Fatal(err)
		}
		raw := make([]byte, 200)
		_ = nc.SetReadDeadline(time.Now().Add(patience))
		n, _ := nc.Read(raw)
		if !bytes.Contains(raw[:n], []byte("Too many connections from your address")) && !bytes.Contains(raw[:n], []byte("Registration timed out")) {
			t.Errorf("the fifth connection: %q", raw[:n])
		}
	}, on, testkit.Env("MM_IRCSETTINGS_MAXPERACCOUNT=2", "MM_IRCSETTINGS_MAXPERADDRESS=4"))
}
