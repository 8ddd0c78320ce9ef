package ircgate

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"time"

	"github.com/parley-chat/parley/internal/certs"
	"github.com/parley-chat/parley/internal/config"
)

// tryAgain is how soon an address that couldn't be taken is tried again.
const tryAgain = 10 * time.Second

// Run listens as the settings say, also while they change, until ctx ends; then it ends the
// connections.
func (g *Gate) Run(ctx context.Context) {
	var now config.IRCSettings
	for {
		var again <-chan time.Time
		if want := g.cfg.Get().IRCSettings; want != now {
			now = want
			if err := g.reopen(ctx, now); err != nil {
				g.log.Error("the IRC gateway can't listen; it is tried again", "error", err)
				now = config.IRCSettings{}
				again = time.After(tryAgain)
			}
		}
		select {
		case <-ctx.Done():
			g.shut("The server is stopping")
			return
		case <-g.changed:
		case <-again:
		}
	}
}

// reopen closes what is open and opens what the settings name. Connections stay, unless the gateway
// is switched off.
func (g *Gate) reopen(ctx context.Context, set config.IRCSettings) error {
	g.closeListeners()
	if !set.Enable {
		g.shut("The IRC gateway has been switched off")
		return nil
	}
	var fresh []net.Listener
	fail := func(err error) error {
		for _, ln := range fresh {
			_ = ln.Close()
		}
		return err
	}
	for _, way := range []struct {
		address string
		secure  bool
	}{{set.ListenAddress, false}, {set.TLSListenAddress, true}} {
		if way.address == "" {
			continue
		}
		ln, err := listen(ctx, way.address)
		if err != nil {
			return fail(err)
		}
		fresh = append(fresh, ln)
		if way.secure {
			conf, err := g.encryption(set)
			if err != nil {
				return fail(err)
			}
			fresh[len(fresh)-1] = tls.NewListener(ln, conf)
		}
	}
	g.mu.Lock()
	g.open = fresh
	g.mu.Unlock()
	for _, ln := range fresh {
		go g.accept(ctx, ln)
		g.log.Info("the IRC gateway listens", "address", ln.Addr().String())
	}
	return nil
}

func listen(ctx context.Context, address string) (net.Listener, error) {
	var lc net.ListenConfig
	return lc.Listen(ctx, "tcp", address)
}

// encryption is the certificate that the settings name, else the server's own.
func (g *Gate) encryption(set config.IRCSettings) (*tls.Config, error) {
	conf, err := certs.For(set.TLSCertFile, set.TLSKeyFile, g.cert)
	if errors.Is(err, certs.ErrNone) {
		return nil, errors.New("IRCSettings.TLSListenAddress needs a certificate: TLSCertFile and TLSKeyFile, or a server that answers over TLS itself")
	}
	if err != nil {
		return nil, fmt.Errorf("the certificate of IRCSettings.TLSCertFile: %w", err)
	}
	return conf, nil
}

func (g *Gate) accept(ctx context.Context, ln net.Listener) {
	for {
		nc, err := ln.Accept()
		switch {
		case errors.Is(err, net.ErrClosed):
			return
		case err != nil:
			g.log.Warn("an IRC connection was not taken", "error", err)
			select {
			case <-ctx.Done():
				return
			case <-time.After(100 * time.Millisecond): // such as too many open files
			}
			continue
		}
		g.taken.Add(1)
		c := g.newConn(nc)
		if why := g.admit(c); why != "" {
			g.refused.Add(1)
			go c.refuse(why)
			continue
		}
		g.tasks.Go(func() { c.serve(ctx) })
	}
}

func (g *Gate) closeListeners() {
	g.mu.Lock()
	open := g.open
	g.open = nil
	g.mu.Unlock()
	for _, ln := range open {
		_ = ln.Close()
	}
}

func (g *Gate) shut(reason string) {
	g.closeListeners()
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	g.closeAll(ctx, reason)
}
