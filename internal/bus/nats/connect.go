package nats

import (
	"errors"
	"fmt"
	"net/url"
	"time"

	client "github.com/nats-io/nats.go"
)

// Server says where NATS is and how it is reached.
type Server struct {
	URL         string // nats:// or tls://, with name and password or a token if need be; several with commas between
	Credentials string // file with a token and its key, as `nsc` writes it; "" for none
	CA          string // file with the certificates that are trusted; "" for the system's
	Cert, Key   string // files of this node's own certificate; "" for none
}

// Times of the connection. A server that hangs is given up after three pings.
const (
	dialTime      = 2 * time.Second
	pingEvery     = 3 * time.Second
	pingsOut      = 2
	reconnectWait = 500 * time.Millisecond
	jitter        = 250 * time.Millisecond
)

func (s *Server) options() []client.Option {
	out := []client.Option{client.Name("parley"), client.NoEcho(), client.Timeout(dialTime), client.MaxReconnects(-1),
		client.ReconnectWait(reconnectWait), client.ReconnectJitter(jitter, jitter), client.IgnoreAuthErrorAbort(),
		client.PingInterval(pingEvery), client.MaxPingsOutstanding(pingsOut), client.ReconnectBufSize(queueBytes)}
	if s.Credentials != "" {
		out = append(out, client.UserCredentials(s.Credentials))
	}
	if s.CA != "" {
		out = append(out, client.RootCAs(s.CA))
	}
	if s.Cert != "" || s.Key != "" {
		out = append(out, client.ClientCert(s.Cert, s.Key))
	}
	return out
}

// Check connects once, and returns the version of the server that answered.
func Check(s Server) (version string, err error) {
	conn, err := client.Connect(s.URL, append(s.options(), client.NoReconnect())...)
	if err != nil {
		return "", plain(err)
	}
	defer conn.Close()
	return conn.ConnectedServerVersion(), conn.FlushTimeout(dialTime)
}

// plain is an error without the URL, which may hold a password.
func plain(err error) error {
	var bad *url.Error
	if errors.As(err, &bad) {
		err = bad.Err
	}
	return fmt.Errorf("NATS: %w", err)
}

// connect begins to connect; when nobody answers it goes on trying.
func (b *Bus) connect(s Server) error {
	conn, err := client.Connect(s.URL, append(s.options(), client.RetryOnFailedConnect(true),
		client.ConnectHandler(func(conn *client.Conn) {
			if b.late.Load() {
				b.rejoin(conn, "the connection to NATS stands at last")
			}
		}),
		client.ReconnectHandler(func(conn *client.Conn) {
			b.Stats.Reconnects.Add(1)
			b.rejoin(conn, "the connection to NATS is back")
		}),
		client.DisconnectErrHandler(func(_ *client.Conn, err error) {
			if err != nil {
				b.log.Error("the connection to NATS broke; other nodes aren't heard until it is back", "error", err)
			}
		}),
		client.ErrorHandler(func(_ *client.Conn, _ *client.Subscription, err error) { b.trouble(err) }))...)
	if err != nil {
		return plain(err)
	}
	b.conn = conn
	sub, err := conn.Subscribe(b.subject, b.hear)
	if err == nil {
		err = sub.SetPendingLimits(-1, heardBytes)
	}
	if err != nil {
		conn.Close()
		return plain(err)
	}
	// What is read from the database after this is newer than what was said before.
	if err := conn.FlushTimeout(dialTime); err != nil {
		b.late.Store(true)
		b.log.Error("NATS doesn't answer; other nodes aren't heard until it does", "error", err)
	}
	return nil
}

// trouble logs what the client of NATS reports. Messages that were dropped
// because they are handled too slowly are noticed by their numbers as well, but
// only with the next one.
func (b *Bus) trouble(err error) {
	if errors.Is(err, client.ErrSlowConsumer) {
		b.doubt("messages came faster than they are handled")
	}
	b.log.Warn("NATS reports", "error", err)
}

// rejoin begins anew with the other nodes: what they said meanwhile is unknown.
func (b *Bus) rejoin(conn *client.Conn, why string) {
	b.log.Info(why, "server", conn.ConnectedUrlRedacted())
	now := time.Now()
	b.mu.Lock()
	for _, p := range b.peers {
		p.anew, p.at = true, now
	}
	b.settled = now.Add(b.lost)
	b.mu.Unlock()
	b.doubt(why)
	b.beatSoon()
}
