package mail

import (
	"bufio"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"math/big"
	"net"
	"net/textproto"
	"strings"
	"testing"
	"time"
)

// received is one mail as the test server got it.
type received struct {
	from, to, data string
	encrypted      bool
	user           string
}

// smtpServer speaks enough of RFC 5321, 3207 and 4954 for a client to send mail.
type smtpServer struct {
	l     net.Listener
	cert  tls.Certificate
	tls   bool // encrypted from the first byte
	mails chan received
}

func newServer(t *testing.T, implicitTLS bool) *smtpServer {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &smtpServer{l: l, cert: selfSigned(t), tls: implicitTLS, mails: make(chan received, 10)}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go s.serve(c)
		}
	}()
	return s
}

func (s *smtpServer) port() string {
	_, port, _ := net.SplitHostPort(s.l.Addr().String())
	return port
}

func selfSigned(t *testing.T) tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}}
	der, err := x509.CreateCertificate(rand.Reader, c, c, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

func (s *smtpServer) serve(c net.Conn) {
	defer c.Close()
	config := &tls.Config{Certificates: []tls.Certificate{s.cert}}
	var m received
	if s.tls {
		c, m.encrypted = tls.Server(c, config), true
	}
	p := textproto.NewConn(c)
	p.PrintfLine("220 test ESMTP")
	for {
		line, err := p.ReadLine()
		if err != nil {
			return
		}
		verb, rest, _ := strings.Cut(line, " ")
		switch strings.ToUpper(verb) {
		case "EHLO":
			p.PrintfLine("250-test\r\n250-STARTTLS\r\n250-AUTH PLAIN\r\n250 8BITMIME")
		case "STARTTLS":
			p.PrintfLine("220 go on")
			c, m.encrypted = tls.Server(c, config), true
			p = textproto.NewConn(c)
		case "AUTH":
			raw, _ := base64.StdEncoding.DecodeString(strings.TrimPrefix(rest, "PLAIN "))
			if m.user = string(raw); !strings.HasSuffix(m.user, "\x00right") {
				p.PrintfLine("535 no")
				continue
			}
			p.PrintfLine("235 yes")
		case "MAIL":
			m.from = rest
			p.PrintfLine("250 ok")
		case "RCPT":
			m.to += rest
			p.PrintfLine("250 ok")
		case "DATA":
			p.PrintfLine("354 go on")
			lines := bufio.NewReader(p.DotReader())
			var b strings.Builder
			lines.WriteTo(&b)
			m.data = b.String()
			s.mails <- m
			m.to = ""
			p.PrintfLine("250 ok")
		case "QUIT":
			p.PrintfLine("221 bye")
			return
		default:
			p.PrintfLine("250 ok")
		}
	}
}
