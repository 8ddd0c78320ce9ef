package ircgate_test

import (
	"fmt"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/parley-chat/parley/internal/ircgate"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/testkit"
)

// evil tries to end a line and to begin another. The API itself refuses NULs.
const evil = "x\r\nPRIVMSG #evil :one\nERROR :two\r:evil!e@e QUIT :three\u2028KILL four\x1b[2J\x07"

func TestNothingBecomesALineOfItsOwn(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		ann, bob := s.User("ann"), s.User("bob")
		team := s.Team(bob, ann)
		room := s.Channel(bob, team, ann)
		p, old := enter(t, s, ann, allCaps), enter(t, s, ann, "")
		p.expect("366", room.Name)
		old.expect("366", room.Name)
		from := "#" + room.Name

		bob.Do("PUT", "/users/me/patch", map[string]string{"nickname": "N\r\nQUIT", "first_name": "F\nQUIT"})
		bob.Do("PUT", "/channels/"+room.ID+"/patch", map[string]string{"header": evil, "display_name": "D\r\nQUIT :now"}).Want(t, 200)
		root := bob.Say(room, evil)
		bob.Reply(root, evil)
		bob.POST("/posts", map[string]any{"channel_id": room.ID, "message": "attached", "props": map[string]any{"override_username": evil, "from_webhook": "true",
			"attachments": []any{map[string]any{"title": evil, "text": evil, "fallback": evil, "fields": []any{map[string]any{"title": evil, "value": evil}, nil}}, nil, 7}}})
		file := bob.Upload(room, "f\r\nQUIT :x.txt", []byte("x"))
		bob.Show(room, file)
		bob.Do("PUT", "/posts/"+root.ID+"/patch", map[string]string{"message": evil + " changed"}).Want(t, 200)
		bob.DELETE("/posts/"+root.ID).Want(t, 200)
		bob.Say(room, "the end")
		for _, q := range []*peer{p, old} {
			q.send("LIST", "WHOIS "+bob.Username, "WHO "+from, "TOPIC "+from, "NAMES "+from)
			q.send("CHATHISTORY LATEST " + from + " * 50")
			q.all()
			q.mu.Lock()
			for _, raw := range q.raw {
				if i := strings.IndexAny(raw, "\r\x00\x1b\x07"); i >= 0 {
					t.Errorf("a control character in %q", raw)
				}
				body := raw
				if strings.HasPrefix(body, "@") {
					_, body, _ = strings.Cut(body, " ")
				}
				words := strings.Fields(body)
				if len(body)+2 > 512 || words[0] != "PING" && words[0] != "AUTHENTICATE" && !strings.HasPrefix(words[0], ":") ||
					strings.HasPrefix(words[0], ":evil") || words[0] == ":x" || strings.Contains(words[1], "QUIT") || words[1] == "KILL" {
					t.Errorf("a line out of a message: %q", raw)
				}
			}
			q.mu.Unlock()
		}
	}, on)
}

func TestLinesThatAreNone(t *testing.T) {
	ircgate.Bound(t, time.Minute, time.Minute, 1<<20, 1000, 1000)
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		ann, bob := s.User("ann"), s.User("bob")
		room := s.Channel(bob, s.Team(bob, ann), ann)
		name := "#" + room.Name
		p := enter(t, s, ann, allCaps)
		p.expect("366", name)
		p.send("PRIVMSG " + name + " :" + strings.Repeat("x", 600))
		p.expect("417")
		p.send(strings.Repeat("A", 200_000) + " PRIVMSG " + name + " :inside")
		p.expect("417")
		p.send("@+draft/reply=" + strings.Repeat("x", 5000) + " PRIVMSG " + name + " :tags")
		p.expect("417")
		p.send("PRIVMSG " + name + " :\xff\xfe")
		p.expect("FAIL", "INVALID_UTF8")
		p.send("", " ", "\x00", ":", "@", "@ ", ": x", "@a=b", "PRIVMSG "+name+" :nul\x00nul", "PRIVMSG "+name+" :re\rturn", "PRIVMSG", "PRIVMSG "+name, "PRIVMSG "+name+" :  ",
			"PRIVMSG "+strings.Repeat(name+",", 9)+" :many", "NOTICE #nowhere :silent", "PRIVMSG "+name+" :\x01VERSION\x01", "NOTICE "+name+" :\x01VERSION x\x01",
			"BATCH +a netsplit x", "BATCH -never", "BATCH +b draft/multiline "+name, "BATCH -b", "BATCH +c draft/multiline "+name, "@batch=c PRIVMSG #other :x", "BATCH -c",
			"CHATHISTORY LATEST "+name+" msgid=x 5", "CHATHISTORY BEFORE "+name+" timestamp=never 5", "CHATHISTORY AFTER "+name+" * 5", "CHATHISTORY NONE", "CHATHISTORY LATEST "+name,
			"CHATHISTORY LATEST "+name+" * -1", "MARKREAD "+name+" timestamp=0", "MONITOR ?", "CAP NONE", "CAP REQ :no-such-cap", "AUTHENTICATE PLAIN", "USER a b c d", "PASS x",
			"MODE nobody", "KICK "+name+" nobody", "INVITE nobody "+name, "INVITE x", "REDACT "+name+" x", "TAGMSG nobody", "NICK", "SETNAME :", "JOIN #a,#b,,&x", "PART #a,,", "WHO", "PING")
		p.all()
		var list model.PostList
		ann.GET("/channels/"+room.ID+"/posts").Want(t, 200).Into(t, &list)
		for _, post := range list.Posts {
			if post.UserID == ann.ID && post.Type == "" {
				t.Errorf("posted from a line that is none: %q", post.Message)
			}
		}
		// Before registration no command but the few is obeyed.
		q := dial(t, s)
		for _, l := range []string{"JOIN #x", "PRIVMSG " + name + " :x", "LIST", "WHO " + name, "CHATHISTORY LATEST " + name + " * 5", "NAMES " + name, "INVITE a b", "SETNAME x"} {
			q.send(l)
			q.expect("451")
		}
		q.send("CAP REQ sasl", "AUTHENTICATE PLAIN", "AUTHENTICATE "+strings.Repeat("A", 400), "AUTHENTICATE "+strings.Repeat("A", 400), "AUTHENTICATE "+strings.Repeat("A", 400))
		q.expect("905")
		q.send("AUTHENTICATE EXTERNAL")
		q.expect("908")
		q.send("AUTHENTICATE PLAIN", "AUTHENTICATE !!!")
		q.expect("904")
		for range 60 {
			q.send("PING x")
		}
		if why := q.closed(); !strings.Contains(why, "Too many lines") {
			t.Errorf("lines before registration: %q", why)
		}
	}, on)
}

func TestModeratedChannelsStayClosed(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		ann, bob := s.User("ann"), s.User("bob")
		room := s.Channel(bob, s.Team(bob, ann), ann)
		p := enter(t, s, ann, allCaps)
		p.expect("366", room.Name)
		s.Admin.Do("PUT", "/channels/"+room.ID+"/moderations/patch", []any{
			map[string]any{"name": "create_post", "roles": map[string]bool{"members": false}},
			map[string]any{"name": "manage_members", "roles": map[string]bool{"members": false}}}).Want(t, 200)
		p.send("PRIVMSG #" + room.Name + " :may I?")
		p.expect("404", room.Name)
		p.send("KICK #" + room.Name + " " + bob.Username)
		p.expect("482")
		_ = p.all()
	}, on)
}

func TestAFloodIsSlowedDown(t *testing.T) {
	ircgate.Bound(t, time.Minute, time.Minute, 1<<20, 20, 30)
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		ann, bob := s.User("ann"), s.User("bob")
		room := s.Channel(bob, s.Team(bob, ann), ann)
		p := enter(t, s, ann, allCaps)
		p.expect("366", room.Name)
		began := time.Now()
		flood := make([]string, 60)
		for i := range flood {
			flood[i] = fmt.Sprintf("PRIVMSG #%s :flood %d", room.Name, i)
		}
		go p.send(flood...)
		q := enter(t, s, bob, "")
		q.expect("PRIVMSG", "flood 59")
		if took := time.Since(began); took < 1200*time.Millisecond {
			t.Errorf("60 lines took %v only", took)
		}
	}, on)
}

func TestAReaderThatDoesNotReadIsCut(t *testing.T) {
	ircgate.Bound(t, time.Minute, time.Minute, 64<<10, 100, 100)
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		ann, bob := s.User("ann"), s.User("bob")
		room := s.Channel(bob, s.Team(bob, ann), ann)
		nc, err := net.Dial("tcp", address(t, s))
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = nc.Close() }()
		_ = nc.(*net.TCPConn).SetReadBuffer(4 << 10)
		p := &peer{t: t, nc: nc, news: make(chan struct{}, 1)}
		p.send("PASS "+ann.Username+":"+testkit.Password, "NICK x", "USER x 0 * :x")
		live := func() int {
			var list []model.Session
			ann.GET("/users/me/sessions").Want(t, 200).Into(t, &list)
			return len(list)
		}
		testkit.Eventually(t, "signed in", func() bool { return live() == 2 })
		long := strings.Repeat("long words ", 1400)
		testkit.Eventually(t, "the reader is cut", func() bool {
			bob.Say(room, long)
			return live() == 1
		})
	}, on)
}
