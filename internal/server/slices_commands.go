package server

import (
	"github.com/parley-chat/parley/internal/commands"
)

// buildCommands makes the slice of slash commands, which stands on many others.
func (s *Server) buildCommands(all *slices) {
	all.commands = commands.New(commands.Config{DB: s.DB, Settings: s.Config, Access: s.Access, Users: all.users, Teams: all.teams, Channels: all.channels,
		Posts: all.posts, Presence: all.presence, Preferences: all.preferences, Deliveries: all.deliveries, Log: s.log})
}
