package notify_test

import (
	"bytes"
	"cmp"
	"crypto/aes"
	"crypto/cipher"
	"crypto/ecdh"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net"
	"net/http"
	"net/http/httptest"
	netmail "net/mail"
	"net/textproto"
	"strings"
	"sync"
	"testing"

	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/testkit"
)

// letter is a mail as the server of the test got it.
type letter struct {
	to, subject, text, html string
	header                  netmail.Header
}

// postOffice speaks enough of RFC 5321 to be sent mail. It can be away and come back.
type postOffice struct {
	t    *testing.T
	addr string

	mu      sync.Mutex
	l       net.Listener
	letters []letter
	refuse  string // the answer to RCPT, "" for yes
}

func newPostOffice(t *testing.T) *postOffice {
	p := &postOffice{t: t, addr: "127.0.0.1:0"}
	p.open()
	t.Cleanup(p.close)
	return p
}

func (p *postOffice) open() {
	p.t.Helper()
	l, err := net.Listen("tcp", p.addr)
	if err != nil {
		p.t.Fatal(err)
	}
	p.mu.Lock()
	p.l, p.addr = l, l.Addr().String()
	p.mu.Unlock()
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go p.serve(c)
		}
	}()
}

func (p *postOffice) close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	_ = p.l.Close()
}

func (p *postOffice) serve(c net.Conn) {
	defer func() { _ = c.Close() }()
	s := textproto.NewConn(c)
	_ = s.PrintfLine("220 test ESMTP")
	to := ""
	for {
		line, err := s.ReadLine()
		if err != nil {
			return
		}
		switch verb, rest, _ := strings.Cut(line, " "); strings.ToUpper(verb) {
		case "EHLO":
			_ = s.PrintfLine("250-test\r\n250 8BITMIME")
		case "RCPT":
			p.mu.Lock()
			refuse := p.refuse
			p.mu.Unlock()
			if refuse != "" {
				_ = s.PrintfLine("%s", refuse)
				continue
			}
			to = strings.Trim(strings.TrimPrefix(rest, "TO:"), "<>")
			_ = s.PrintfLine("250 ok")
		case "DATA":
			_ = s.PrintfLine("354 go on")
			raw, _ := io.ReadAll(s.DotReader())
			p.take(to, raw)
			_ = s.PrintfLine("250 ok")
		case "QUIT":
			_ = s.PrintfLine("221 bye")
			return
		default:
			_ = s.PrintfLine("250 ok")
		}
	}
}

func (p *postOffice) take(to string, raw []byte) {
	m, err := netmail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		p.t.Errorf("no mail: %v", err)
		return
	}
	subject, _ := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
	l := letter{to: to, subject: subject, header: m.Header}
	if _, params, err := mime.ParseMediaType(m.Header.Get("Content-Type")); err == nil && params["boundary"] != "" {
		for parts := multipart.NewReader(m.Body, params["boundary"]); ; {
			part, err := parts.NextRawPart()
			if err != nil {
				break
			}
			body, _ := io.ReadAll(quotedprintable.NewReader(part))
			if strings.HasPrefix(part.Header.Get("Content-Type"), "text/html") {
				l.html = string(body)
			} else {
				l.text = string(body)
			}
		}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.letters = append(p.letters, l)
}

// about are the letters to somebody that can be unsubscribed from: not those of accounts.
func (p *postOffice) about(a *testkit.Actor) (list []letter) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, l := range p.letters {
		if strings.HasPrefix(l.to, a.Username+"@") && l.header.Get("List-Unsubscribe") != "" {
			list = append(list, l)
		}
	}
	return list
}

// wait returns the letters to somebody when there are so many.
func (p *postOffice) wait(a *testkit.Actor, count int) []letter {
	p.t.Helper()
	testkit.Eventually(p.t, "mails to "+a.Username, func() bool { return len(p.about(a)) >= count })
	list := p.about(a)
	if len(list) > count {
		p.t.Fatalf("%d mails to %s, want %d", len(list), a.Username, count)
	}
	return list
}

func (p *postOffice) env() testkit.Option {
	host, port, _ := net.SplitHostPort(p.addr)
	return testkit.Env("MM_EMAILSETTINGS_SMTPSERVER="+host, "MM_EMAILSETTINGS_SMTPPORT="+port, "MM_EMAILSETTINGS_FEEDBACKEMAIL=parley@example.com",
		"MM_SERVICESETTINGS_SITEURL=https://chat.example.com")
}

// proxy speaks the push proxy's public protocol.
type proxy struct {
	t   *testing.T
	srv *httptest.Server

	mu     sync.Mutex
	got    []model.PushNotification
	acks   []model.PushNotificationAck
	status int                                 // to answer with, 0 for 200
	answer func(model.PushNotification) string // nil is OK
}

func newProxy(t *testing.T) *proxy {
	p := &proxy{t: t}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /api/v1/send_push", func(w http.ResponseWriter, r *http.Request) {
		var m model.PushNotification
		if err := json.NewDecoder(r.Body).Decode(&m); err != nil {
			t.Error(err)
		}
		p.mu.Lock()
		status, answer := p.status, p.answer
		if status == 0 {
			p.got = append(p.got, m)
		}
		p.mu.Unlock()
		if status != 0 {
			w.WriteHeader(status)
			return
		}
		say := "OK"
		if answer != nil {
			say = answer(m)
		}
		_ = json.NewEncoder(w).Encode(map[string]string{"status": say})
	})
	mux.HandleFunc("POST /api/v1/ack", func(w http.ResponseWriter, r *http.Request) {
		var m model.PushNotificationAck
		_ = json.NewDecoder(r.Body).Decode(&m)
		p.mu.Lock()
		p.acks = append(p.acks, m)
		p.mu.Unlock()
		_, _ = w.Write([]byte(`{"status":"OK"}`))
	})
	p.srv = httptest.NewServer(mux)
	t.Cleanup(p.srv.Close)
	return p
}

func (p *proxy) env() testkit.Option {
	return testkit.Env("MM_EMAILSETTINGS_SENDPUSHNOTIFICATIONS=true", "MM_EMAILSETTINGS_PUSHNOTIFICATIONSERVER="+p.srv.URL+"/")
}

// set changes how the proxy answers.
func (p *proxy) set(status int, answer func(model.PushNotification) string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.status, p.answer = status, answer
}

func (p *proxy) to(device, kind string) (list []model.PushNotification) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, m := range p.got {
		if m.DeviceID == device && m.Type == kind {
			list = append(list, m)
		}
	}
	return list
}

func (p *proxy) wait(device, kind string, count int) []model.PushNotification {
	p.t.Helper()
	testkit.Eventually(p.t, kind+" to "+device, func() bool { return len(p.to(device, kind)) >= count })
	list := p.to(device, kind)
	if len(list) > count {
		p.t.Fatalf("%d of %s to %s, want %d", len(list), kind, device, count)
	}
	return list
}

// browser subscribes to web push and decrypts what it is sent (RFC 8291).
type browser struct {
	t    *testing.T
	srv  *httptest.Server
	key  *ecdh.PrivateKey
	auth []byte

	mu      sync.Mutex
	got     []map[string]string
	sizes   []int
	header  http.Header
	status  int    // of a refusal
	answer  int    // of a success: 201 unless set
	address string // of the last call
}

func (b *browser) set(status int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.status = status
}

func newBrowser(t *testing.T) *browser {
	key, err := ecdh.P256().GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	b := &browser{t: t, key: key, auth: make([]byte, 16)}
	_, _ = rand.Read(b.auth)
	b.srv = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		raw, _ := io.ReadAll(r.Body)
		b.mu.Lock()
		defer b.mu.Unlock()
		b.header, b.address = r.Header, r.URL.String()
		if b.status != 0 {
			w.WriteHeader(b.status)
			return
		}
		b.sizes = append(b.sizes, len(raw))
		b.got = append(b.got, b.decrypt(raw))
		w.WriteHeader(cmp.Or(b.answer, http.StatusCreated))
	}))
	t.Cleanup(b.srv.Close)
	return b
}

func (b *browser) subscription(name string) map[string]any {
	enc := base64.RawURLEncoding.EncodeToString
	return map[string]any{"endpoint": b.srv.URL + "/push/1", "name": name,
		"keys": map[string]string{"p256dh": enc(b.key.PublicKey().Bytes()), "auth": enc(b.auth)}}
}

func (b *browser) decrypt(raw []byte) map[string]string {
	derive := func(secret, salt []byte, info string, size int) []byte {
		out, err := hkdf.Key(sha256.New, secret, salt, info, size)
		if err != nil {
			b.t.Error(err)
		}
		return out
	}
	salt, server := raw[:16], raw[21:21+int(raw[20])]
	public, err := ecdh.P256().NewPublicKey(server)
	if err != nil {
		b.t.Error(err)
		return nil
	}
	shared, _ := b.key.ECDH(public)
	ikm := derive(shared, b.auth, "WebPush: info\x00"+string(b.key.PublicKey().Bytes())+string(server), 32)
	block, _ := aes.NewCipher(derive(ikm, salt, "Content-Encoding: aes128gcm\x00", 16))
	gcm, _ := cipher.NewGCM(block)
	plain, err := gcm.Open(nil, derive(ikm, salt, "Content-Encoding: nonce\x00", 12), raw[21+len(server):], nil)
	if err != nil {
		b.t.Error(err)
		return nil
	}
	out := map[string]string{}
	if err := json.Unmarshal(bytes.TrimRight(plain, "\x00\x02"), &out); err != nil {
		b.t.Error(err)
	}
	return out
}

func (b *browser) wait(count int) []map[string]string {
	b.t.Helper()
	have := func() int { b.mu.Lock(); defer b.mu.Unlock(); return len(b.got) }
	testkit.Eventually(b.t, "web push", func() bool { return have() >= count })
	if have() > count {
		b.t.Fatalf("%d messages, want %d", have(), count)
	}
	return b.got
}
