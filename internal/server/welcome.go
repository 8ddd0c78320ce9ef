package server

import (
	"context"
	"fmt"
	"net"

	"github.com/parley-chat/parley/internal/db"
)

// Welcome is the line that a started server prints: where it is and, while it
// has no users, how the first administrator is made.
func (s *Server) Welcome(ctx context.Context) (string, error) {
	host, port, err := net.SplitHostPort(s.Addr())
	if err != nil {
		return "", err
	}
	if ip := net.ParseIP(host); ip == nil || ip.IsUnspecified() {
		host = "localhost"
	}
	line := fmt.Sprintf("Parley is at http://%s", net.JoinHostPort(host, port))
	empty, err := s.Empty(ctx)
	if empty {
		line += " — no users yet: the first to sign up becomes the administrator (or: parley user create --admin)"
	}
	return line, err
}

// Empty reports whether nobody has signed up yet; bots don't count.
func (s *Server) Empty(ctx context.Context) (bool, error) {
	ids, err := db.List(ctx, s.DB, db.One[string],
		`SELECT u.id FROM users u LEFT JOIN bots b ON b.userid = u.id WHERE b.userid IS NULL LIMIT 1`)
	return len(ids) == 0, err
}
