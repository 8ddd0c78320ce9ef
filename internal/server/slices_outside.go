package server

import (
	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/mcp"
	"github.com/parley-chat/parley/internal/webpublic"
)

// buildOutside makes the slices by which others than the clients look in.
func (s *Server) buildOutside(all *slices) {
	limits := newAddressLimits()
	all.webpublic = webpublic.New(webpublic.Config{DB: s.DB, Settings: s.Config, Access: s.Access, Hub: s.Hub, Users: all.users,
		Channels: all.channels, Emoji: all.emoji, Files: all.files, Posts: all.posts, Allow: limits.allow, Log: s.log})
	all.mcp = mcp.New(mcp.Config{Settings: s.Config, Access: s.Access, Users: all.users, Allow: limits.allow, Log: s.log})
}

// mountOutside adds their routes.
func (all *slices) mountOutside(r *access.Router) {
	all.webpublic.Mount(r)
	all.mcp.Mount(r)
}

// closeOutside ends what they keep open, which would keep the server from
// stopping.
func (all *slices) closeOutside() { all.webpublic.Close() }
