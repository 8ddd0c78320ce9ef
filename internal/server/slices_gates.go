package server

import (
	"crypto/tls"
	"net"

	"github.com/parley-chat/parley/internal/ircgate"
	"github.com/parley-chat/parley/internal/mailgate"
)

// buildIRC makes the IRC gateway, which calls the routes of all slices.
func (s *Server) buildIRC(all *slices) {
	all.ircgate = ircgate.New(ircgate.Config{DB: s.DB, Settings: s.Config, Access: s.Access, Hub: s.Hub, API: s.router,
		Certificate: s.ownCertificate, Log: s.log})
}

// buildMailGateway makes the email gateway, which gives notification mails the
// address that they are answered to.
func (s *Server) buildMailGateway(all *slices) {
	all.mailgate = mailgate.New(mailgate.Config{DB: s.DB, Settings: s.Config, Access: s.Access, Hub: s.Hub, Users: all.users,
		Channels: all.channels, Files: all.files, Posts: all.posts, Allow: newAddressLimits().allow, Certificate: s.ownCertificate, Log: s.log})
	all.notify.ReplyAddress = all.mailgate.ReplyAddress
}

// ownCertificate is what the web server answers with over TLS; nil when it doesn't.
func (s *Server) ownCertificate() *tls.Config {
	if s.secure == nil {
		return nil
	}
	return s.secure.config
}

// IRCAddrs are the addresses that the IRC gateway listens on; none until it does.
func (s *Server) IRCAddrs() []net.Addr { return s.slices.ircgate.Addrs() }

// MailAddr is the address that the email gateway listens on; nil until it does.
func (s *Server) MailAddr() net.Addr { return s.slices.mailgate.Addr() }
