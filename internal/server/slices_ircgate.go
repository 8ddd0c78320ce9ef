package server

import (
	"crypto/tls"
	"net"

	"github.com/parley-chat/parley/internal/ircgate"
)

// buildIRC makes the IRC gateway, which calls the routes of all slices.
func (s *Server) buildIRC(all *slices) {
	all.ircgate = ircgate.New(ircgate.Config{DB: s.DB, Settings: s.Config, Access: s.Access, Hub: s.Hub, API: s.router,
		Certificate: func() *tls.Config {
			if s.secure == nil {
				return nil
			}
			return s.secure.config
		}, Log: s.log})
}

// IRCAddrs are the addresses that the IRC gateway listens on; none until it does.
func (s *Server) IRCAddrs() []net.Addr { return s.slices.ircgate.Addrs() }
