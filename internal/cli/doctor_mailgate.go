package cli

import (
	"bufio"
	"context"
	"errors"
	"net"
	"strings"
	"time"
)

// mailGateway looks whether the email gateway answers where the settings say.
func (d *doctor) mailGateway(ctx context.Context) {
	set := d.cfg.Get().EmailGatewaySettings
	switch {
	case !set.Enable:
	case set.Domain == "":
		d.tell(wrong, "mailgate_domain")
	default:
		if err := mailAnswers(ctx, set.ListenAddress); err != nil {
			d.tell(wrong, "mailgate", "Address", set.ListenAddress, "Error", err)
			return
		}
		d.tell(fine, "mailgate_fine", "Address", set.ListenAddress)
	}
}

// mailAnswers waits for the greeting of a mail server of this host.
func mailAnswers(ctx context.Context, address string) error {
	network := "tcp"
	if path, is := strings.CutPrefix(address, "unix:"); is {
		network, address = "unix", path
	} else {
		var err error
		if address, err = onThisHost(address); err != nil {
			return err
		}
	}
	conn, err := new(net.Dialer).DialContext(ctx, network, address)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }()
	_ = conn.SetDeadline(time.Now().Add(5 * time.Second))
	line, err := bufio.NewReader(conn).ReadString('\n')
	if err == nil && !strings.HasPrefix(line, "220 ") {
		err = errors.New(strings.TrimSpace(line))
	}
	return err
}
