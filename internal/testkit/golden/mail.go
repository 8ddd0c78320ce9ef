package golden

import (
	"bufio"
	"context"
	"encoding/base64"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net"
	"net/mail"
	"regexp"
	"strings"
	"sync"
)

// sink is an SMTP server that keeps what it gets.
type sink struct {
	ln    net.Listener
	mu    sync.Mutex
	mails []letter
	wake  chan struct{}
}

// letter is one mail: who it is for, and its texts decoded.
type letter struct {
	to   []string
	text string
}

func newSink() (*sink, error) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	s := &sink{ln: ln, wake: make(chan struct{})}
	go func() {
		for {
			c, err := ln.Accept()
			if err != nil {
				return
			}
			go s.talk(c)
		}
	}()
	return s, nil
}

func (s *sink) close() { _ = s.ln.Close() }

// talk speaks as much of RFC 5321 as a client without authentication needs.
func (s *sink) talk(c net.Conn) {
	defer func() { _ = c.Close() }()
	in := bufio.NewReader(c)
	say := func(line string) { _, _ = io.WriteString(c, line+"\r\n") }
	say("220 sink")
	var to []string
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return
		}
		line = strings.TrimSpace(line)
		verb, _, _ := strings.Cut(strings.ToUpper(line), " ")
		switch verb {
		case "EHLO", "HELO":
			say("250 sink")
		case "RCPT":
			if i, j := strings.Index(line, "<"), strings.Index(line, ">"); i >= 0 && j > i {
				to = append(to, line[i+1:j])
			}
			say("250 ok")
		case "DATA":
			say("354 go on")
			data, err := readData(in)
			if err != nil {
				return
			}
			s.keep(letter{to: to, text: readable(data)})
			to = nil
			say("250 ok")
		case "RSET":
			to = nil
			say("250 ok")
		case "QUIT":
			say("221 bye")
			return
		default:
			say("250 ok")
		}
	}
}

func readData(in *bufio.Reader) (string, error) {
	var b strings.Builder
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return "", err
		}
		if strings.TrimRight(line, "\r\n") == "." {
			return b.String(), nil
		}
		b.WriteString(strings.TrimPrefix(line, "."))
	}
}

// readable decodes all text parts of a mail.
func readable(data string) string {
	m, err := mail.ReadMessage(strings.NewReader(data))
	if err != nil {
		return data
	}
	return part(m.Header.Get("Content-Type"), m.Header.Get("Content-Transfer-Encoding"), m.Body)
}

func part(typ, enc string, body io.Reader) string {
	media, params, _ := mime.ParseMediaType(typ)
	if strings.HasPrefix(media, "multipart/") {
		var out strings.Builder
		r := multipart.NewReader(body, params["boundary"])
		for {
			p, err := r.NextRawPart()
			if err != nil {
				return out.String()
			}
			out.WriteString(part(p.Header.Get("Content-Type"), p.Header.Get("Content-Transfer-Encoding"), p) + "\n")
		}
	}
	switch strings.ToLower(enc) {
	case "quoted-printable":
		body = quotedprintable.NewReader(body)
	case "base64":
		body = base64.NewDecoder(base64.StdEncoding, body)
	}
	b, _ := io.ReadAll(body)
	return string(b)
}

func (s *sink) keep(l letter) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.mails = append(s.mails, l)
	close(s.wake)
	s.wake = make(chan struct{})
}

// A reset token has 64 characters and stands in the mail's link.
var resetRE = regexp.MustCompile(`token=([A-Za-z0-9]{64})`)

// reset waits for a mail with a link to reset the password, and gives its token. Verification
// mails have such a token too; their link goes to do_verify_email.
func (s *sink) reset(ctx context.Context, address string) (string, bool) {
	for {
		s.mu.Lock()
		for i := len(s.mails) - 1; i >= 0; i-- {
			l := s.mails[i]
			if len(l.to) == 0 || !strings.EqualFold(l.to[0], address) || strings.Contains(l.text, "do_verify_email") {
				continue
			}
			if m := resetRE.FindStringSubmatch(l.text); m != nil {
				s.mu.Unlock()
				return m[1], true
			}
		}
		wake := s.wake
		s.mu.Unlock()
		select {
		case <-ctx.Done():
			return "", false
		case <-wake:
		}
	}
}
