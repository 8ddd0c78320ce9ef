package ircgate_test

import (
	"bufio"
	"encoding/base64"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ergochat/irc-go/ircmsg"

	"github.com/parley-chat/parley/internal/testkit"
)

const patience = 15 * time.Second

// on switches the gateway on, at a port of its own.
var on = testkit.Env("MM_IRCSETTINGS_ENABLE=true", "MM_IRCSETTINGS_LISTENADDRESS=127.0.0.1:0", "MM_SERVICESETTINGS_SITEURL=http://irc.example.com",
	"MM_SERVICESETTINGS_ENABLEUSERACCESSTOKENS=true", "MM_SERVICESETTINGS_ENABLECHANNELVIEWEDMESSAGES=true")

func address(t testing.TB, s *testkit.Server) string {
	t.Helper()
	testkit.Eventually(t, "the gateway listens", func() bool { return len(s.IRCAddrs()) > 0 })
	return s.IRCAddrs()[0].String()
}

// peer is a client that sees every line as it came.
type peer struct {
	t     testing.TB
	nc    net.Conn
	mu    sync.Mutex
	lines []ircmsg.Message
	raw   []string
	seen  int
	ended bool
	news  chan struct{}
}

func dial(t testing.TB, s *testkit.Server) *peer {
	t.Helper()
	nc, err := net.Dial("tcp", address(t, s))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = nc.Close() })
	p := &peer{t: t, nc: nc, news: make(chan struct{}, 1)}
	go p.read()
	return p
}

func (p *peer) read() {
	sc := bufio.NewScanner(p.nc)
	sc.Buffer(nil, 16<<10)
	for sc.Scan() {
		text := strings.TrimSuffix(sc.Text(), "\r")
		m, err := ircmsg.ParseLine(text)
		p.mu.Lock()
		if err != nil {
			p.t.Errorf("a line that is none: %q: %v", text, err)
		}
		p.lines, p.raw = append(p.lines, m), append(p.raw, text)
		p.mu.Unlock()
		if m.Command == "PING" {
			p.send("PONG :" + m.Params[0])
		}
		p.wake()
	}
	p.mu.Lock()
	p.ended = true
	p.mu.Unlock()
	p.wake()
}

func (p *peer) wake() {
	select {
	case p.news <- struct{}{}:
	default:
	}
}

func (p *peer) send(lines ...string) {
	_, _ = p.nc.Write([]byte(strings.Join(lines, "\r\n") + "\r\n"))
}

// wait returns the next line for which ok says yes; those before it are passed.
func (p *peer) wait(what string, ok func(m ircmsg.Message, raw string) bool) ircmsg.Message {
	p.t.Helper()
	deadline := time.After(patience)
	for {
		p.mu.Lock()
		for ; p.seen < len(p.lines); p.seen++ {
			if ok(p.lines[p.seen], p.raw[p.seen]) {
				m := p.lines[p.seen]
				p.seen++
				p.mu.Unlock()
				return m
			}
		}
		ended, last := p.ended, p.raw
		p.mu.Unlock()
		if ended {
			p.t.Fatalf("waiting for %s: the connection ended; last lines: %q", what, last[max(0, len(last)-6):])
		}
		select {
		case <-p.news:
		case <-deadline:
			p.t.Fatalf("never came: %s; last lines: %q", what, last[max(0, len(last)-8):])
		}
	}
}

// expect waits for a line of a command, of which the words are a part.
func (p *peer) expect(command string, words ...string) ircmsg.Message {
	p.t.Helper()
	return p.wait(command+" "+strings.Join(words, " "), func(m ircmsg.Message, raw string) bool {
		if m.Command != command {
			return false
		}
		for _, w := range words {
			if !strings.Contains(raw, w) {
				return false
			}
		}
		return true
	})
}

// all returns what came since the last wait, until everything sent before is answered.
func (p *peer) all() []string {
	p.t.Helper()
	p.mu.Lock()
	from := p.seen
	p.mu.Unlock()
	p.send("PING :now" + base64.RawURLEncoding.EncodeToString([]byte{byte(from), byte(from >> 8)}))
	p.expect("PONG", "now")
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]string(nil), p.raw[from:p.seen-1]...)
}

// closed waits for the end, and returns the reason.
func (p *peer) closed() string {
	p.t.Helper()
	deadline := time.After(patience)
	for {
		p.mu.Lock()
		ended, raw := p.ended, p.raw
		p.mu.Unlock()
		if ended {
			for _, l := range raw {
				if strings.HasPrefix(l, "ERROR ") {
					return l
				}
			}
			return ""
		}
		select {
		case <-p.news:
		case <-deadline:
			p.t.Fatal("the connection never ended")
		}
	}
}

func plain(login, secret string) string {
	return base64.StdEncoding.EncodeToString([]byte("\x00" + login + "\x00" + secret))
}

const allCaps = "sasl server-time message-tags echo-message batch labeled-response account-tag extended-join away-notify multi-prefix setname " +
	"standard-replies draft/chathistory draft/read-marker draft/message-redaction draft/multiline draft/channel-rename"

// sign registers with SASL and the capabilities given.
func (p *peer) sign(login, secret, caps string) *peer {
	p.t.Helper()
	p.send("CAP LS 302", "NICK someone", "USER someone 0 * :Some One", "CAP REQ :sasl "+caps)
	p.expect("CAP", "ACK")
	p.send("AUTHENTICATE PLAIN")
	p.expect("AUTHENTICATE", "+")
	p.send("AUTHENTICATE "+plain(login, secret), "CAP END")
	p.expect("903")
	p.expect("001")
	return p
}

// enter is a client of an actor with all capabilities.
func enter(t testing.TB, s *testkit.Server, a *testkit.Actor, caps string) *peer {
	t.Helper()
	p := dial(t, s).sign(a.Username, testkit.Password, caps)
	p.expect("376")
	return p
}
