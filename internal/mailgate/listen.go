package mailgate

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/emersion/go-smtp"

	"github.com/parley-chat/parley/internal/certs"
	"github.com/parley-chat/parley/internal/config"
)

// commandTime is how long a command may take to come, and a whole mail (RFC 5321,
// section 4.5.3.2, asks for five minutes); tests have less.
var commandTime = 5 * time.Minute

const (
	// tryAgain is how soon an address that couldn't be taken is tried again.
	tryAgain = 10 * time.Second
	// connectionTime is how long a connection may last at all.
	connectionTime = 30 * time.Minute
	// perAddress is how many connections come from one address at a time, unless
	// it is a relay that the settings trust.
	perAddress = 10
	// recipientsMost is how many a mail has over LMTP, lineMost the length of a
	// line, in bytes: some programs write whole paragraphs into one.
	recipientsMost = 50
	lineMost       = 1 << 20
)

// Run listens as the settings say, also while they change, until ctx ends. Mails
// that are being taken then are taken to their end, for some seconds.
func (g *Gate) Run(ctx context.Context) {
	var server *smtp.Server
	stop := func() {
		if server == nil {
			return
		}
		g.mu.Lock()
		g.open = nil
		g.mu.Unlock()
		drain, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		if err := server.Shutdown(drain); err != nil {
			_ = server.Close()
		}
		server = nil
	}
	defer stop()
	for {
		stop()
		var again <-chan time.Time
		if set := g.settings(); g.ready() {
			var err error
			if server, err = g.serve(ctx, set); err != nil {
				g.Log.Error("the email gateway can't listen; it is tried again", "error", err)
				again = time.After(tryAgain)
			}
		} else if set.Enable {
			g.Log.Error("the email gateway needs EmailGatewaySettings.Domain, the part after the @ of its addresses")
		}
		select {
		case <-ctx.Done():
			return
		case <-g.changed:
		case <-again:
		}
	}
}

// serve opens what the settings name.
func (g *Gate) serve(ctx context.Context, set *config.EmailGatewaySettings) (*smtp.Server, error) {
	lmtp := set.Protocol == "lmtp"
	server := smtp.NewServer(g.backend(lmtp))
	server.LMTP, server.Domain, server.EnableSMTPUTF8 = lmtp, set.Domain, true
	server.MaxMessageBytes, server.MaxLineLength, server.MaxRecipients = int64(set.MaxMessageSize), lineMost, recipientsMost
	server.ReadTimeout, server.WriteTimeout = commandTime, time.Minute
	server.ErrorLog = slog.NewLogLogger(g.Log.Handler(), slog.LevelDebug)
	var err error
	if server.TLSConfig, err = certs.For(set.TLSCertFile, set.TLSKeyFile, g.Certificate); err != nil && !errors.Is(err, certs.ErrNone) {
		return nil, fmt.Errorf("the certificate of EmailGatewaySettings.TLSCertFile: %w", err)
	}
	ln, err := listen(ctx, set.ListenAddress)
	if err != nil {
		return nil, err
	}
	g.mu.Lock()
	g.open = ln
	g.mu.Unlock()
	go func() { _ = server.Serve(&counted{ln, g}) }()
	g.Log.Info("the email gateway listens", "address", set.ListenAddress, "protocol", set.Protocol)
	return server, nil
}

// listen opens an address, or a socket of this host that its group may write to.
func listen(ctx context.Context, address string) (net.Listener, error) {
	var lc net.ListenConfig
	path, isSocket := strings.CutPrefix(address, "unix:")
	if !isSocket {
		return lc.Listen(ctx, "tcp", address)
	}
	if info, err := os.Stat(path); err == nil && info.Mode()&os.ModeSocket != 0 {
		_ = os.Remove(path) // of a server that was killed
	}
	ln, err := lc.Listen(ctx, "unix", path)
	if err != nil {
		return nil, err
	}
	return ln, os.Chmod(path, 0o660)
}

// counted is a listener that takes as many connections as the settings allow.
type counted struct {
	net.Listener
	g *Gate
}

// Accept returns the next connection that there is room for.
func (l *counted) Accept() (net.Conn, error) {
	for {
		nc, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		host := hostOf(nc.RemoteAddr())
		if !l.g.admit(host, l.g.trusts(nc.RemoteAddr())) {
			go turnAway(nc)
			continue
		}
		c := &conn{Conn: nc}
		c.release = sync.OnceFunc(func() { l.g.leave(host) })
		c.end = time.AfterFunc(connectionTime, func() { _ = nc.Close() })
		return c, nil
	}
}

func turnAway(nc net.Conn) {
	_ = nc.SetDeadline(time.Now().Add(5 * time.Second))
	_, _ = nc.Write([]byte("421 4.7.0 Too many connections; please try again later\r\n"))
	_ = nc.Close()
}

func (g *Gate) admit(host string, trusted bool) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.all >= g.settings().MaxConnections || !trusted && g.from[host] >= perAddress {
		return false
	}
	g.all++
	g.from[host]++
	return true
}

func (g *Gate) leave(host string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.all--
	if g.from[host]--; g.from[host] <= 0 {
		delete(g.from, host)
	}
}

// conn is a connection that is counted until it is closed.
type conn struct {
	net.Conn
	release func()
	end     *time.Timer
}

// Close ends the connection.
func (c *conn) Close() error {
	c.end.Stop()
	c.release()
	return c.Conn.Close()
}
