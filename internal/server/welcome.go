package server

import (
	"context"
	"net"

	"github.com/parley-chat/parley/internal/bots"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/drafts"
	"github.com/parley-chat/parley/internal/notify"
	"github.com/parley-chat/parley/internal/posts"
	"github.com/parley-chat/parley/internal/transfer"
	"github.com/parley-chat/parley/internal/users"
)

// URL is where a browser on this host finds the server. Call Listen first.
func (s *Server) URL() string {
	host, port, err := net.SplitHostPort(s.Addr())
	if err != nil {
		return s.Addr()
	}
	if ip := net.ParseIP(host); ip == nil || ip.IsUnspecified() {
		host = "localhost"
	}
	scheme := "http://"
	if s.Encrypted() {
		scheme = "https://"
	}
	return scheme + net.JoinHostPort(host, port)
}

// Users is the slice of accounts, for the command line.
func (s *Server) Users() *users.Users { return s.slices.users }

// Transfer is the slice that imports and exports, for the command line.
func (s *Server) Transfer() *transfer.Transfer { return s.slices.transfer }

// Posts is the slice of posts, for tests that don't wait for a clock.
func (s *Server) Posts() *posts.Posts { return s.slices.posts }

// Notify is the slice of notifications, for tests that don't wait for a clock.
func (s *Server) Notify() *notify.Notify { return s.slices.notify }

// Drafts is the slice of unsent messages, for tests.
func (s *Server) Drafts() *drafts.Drafts { return s.slices.drafts }

// Bots is the slice of bots and what is told of tokens, for tests that don't wait for a clock.
func (s *Server) Bots() *bots.Bots { return s.slices.bots }

// Reload reads the settings again and forgets everything that is remembered of
// the database: for a host that has changed either behind the server's back.
// Wrong settings are logged, and those in force stay.
func (s *Server) Reload(ctx context.Context) {
	s.Access.ForgetEverything()
	if err := s.Config.Reload(ctx); err != nil {
		s.log.Error("the settings were not reloaded", "error", err)
		return
	}
	s.log.Info("the settings were reloaded")
}

// Empty reports whether nobody has signed up yet; bots don't count.
func (s *Server) Empty(ctx context.Context) (bool, error) {
	ids, err := db.List(ctx, s.DB, db.One[string],
		`SELECT u.id FROM users u LEFT JOIN bots b ON b.userid = u.id WHERE b.userid IS NULL LIMIT 1`)
	return len(ids) == 0, err
}
