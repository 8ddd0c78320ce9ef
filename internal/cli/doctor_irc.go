package cli

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"net"
	"strings"
	"time"
)

// irc looks whether the IRC gateway answers where the settings say.
func (d *doctor) irc(ctx context.Context) {
	set := d.cfg.Get().IRCSettings
	if !set.Enable {
		return
	}
	if set.ListenAddress == "" && set.TLSListenAddress == "" {
		d.tell(doubtful, "irc_none")
		return
	}
	if set.ListenAddress != "" {
		d.tellIRC(set.ListenAddress, ircAnswers(ctx, new(net.Dialer), set.ListenAddress))
	}
	if set.TLSListenAddress != "" {
		// Whether others trust the certificate is for its own name to show; here the host is this one.
		dialer := &tls.Dialer{Config: &tls.Config{InsecureSkipVerify: true}}
		d.tellIRC(set.TLSListenAddress, ircAnswers(ctx, dialer, set.TLSListenAddress))
	}
}

func (d *doctor) tellIRC(address string, err error) {
	if err != nil {
		d.tell(wrong, "irc", "Address", address, "Error", err)
		return
	}
	d.tell(fine, "irc_fine", "Address", address)
}

// dialing is what net.Dialer and tls.Dialer have in common.
type dialing interface {
	DialContext(ctx context.Context, network, address string) (net.Conn, error)
}

// ircAnswers asks a gateway of this host for its capabilities, and takes back that it came.
func ircAnswers(ctx context.Context, dialer dialing, address string) error {
	address, err := onThisHost(address)
	if err != nil {
		return err
	}
	conn, err := dialer.DialContext(ctx, "tcp", address)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }()
	_ = conn.SetDeadline(time.Now().Add(5 * time.Second))
	if _, err := conn.Write([]byte("CAP LS 302\r\n")); err != nil {
		return err
	}
	line, err := bufio.NewReader(conn).ReadString('\n')
	if err == nil && !strings.Contains(line, " CAP ") {
		err = errors.New(strings.TrimSpace(line))
	}
	return err
}

// onThisHost is the address by which a listener is reached from the host that it listens on.
func onThisHost(listen string) (string, error) {
	host, port, err := net.SplitHostPort(listen)
	if err != nil {
		return "", err
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "localhost"
	}
	return net.JoinHostPort(host, port), nil
}
