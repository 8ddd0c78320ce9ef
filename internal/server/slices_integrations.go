package server

import (
	"github.com/parley-chat/parley/internal/actions"
	"github.com/parley-chat/parley/internal/bots"
	"github.com/parley-chat/parley/internal/commands"
	"github.com/parley-chat/parley/internal/deliveries"
	"github.com/parley-chat/parley/internal/oauthapps"
	"github.com/parley-chat/parley/internal/oauthconns"
	"github.com/parley-chat/parley/internal/subscriptions"
	"github.com/parley-chat/parley/internal/webhooks"
)

// buildIntegrations makes the slices through which other programs take part.
func (s *Server) buildIntegrations(all *slices) {
	all.bots = bots.New(bots.Config{DB: s.DB, Settings: s.Config, Access: s.Access, Users: all.users, Channels: all.channels,
		Posts: all.posts, Jobs: all.jobs, Log: s.log})
	all.oauthapps = oauthapps.New(oauthapps.Config{DB: s.DB, Settings: s.Config, Access: s.Access, Users: all.users, Preferences: all.preferences,
		Jobs: all.jobs, Allow: newAddressLimits().allow, Log: s.log})
	all.oauthconns = oauthconns.New(oauthconns.Config{DB: s.DB, Settings: s.Config, Users: all.users, Log: s.log})
	all.deliveries = deliveries.New(deliveries.Config{DB: s.DB, Settings: s.Config, Users: all.users, Access: s.Access, Jobs: all.jobs,
		Bearer: all.oauthconns.Bearer, Observed: all.metrics.Called, Log: s.log})
	all.webhooks = webhooks.New(webhooks.Config{DB: s.DB, Settings: s.Config, Access: s.Access, Users: all.users, Teams: all.teams,
		Channels: all.channels, Posts: all.posts, Deliveries: all.deliveries, Bus: s.bus, Log: s.log})
	all.subscriptions = subscriptions.New(subscriptions.Config{DB: s.DB, Access: s.Access, Users: all.users, Teams: all.teams, Channels: all.channels,
		Posts: all.posts, Reactions: all.reactions, Deliveries: all.deliveries, Bus: s.bus, Log: s.log})
	all.actions = actions.New(actions.Config{Settings: s.Config, Access: s.Access, Hub: s.Hub, Users: all.users, Bots: all.bots, Channels: all.channels,
		Posts: all.posts, Deliveries: all.deliveries, Log: s.log})
	all.commands = commands.New(commands.Config{DB: s.DB, Settings: s.Config, Access: s.Access, Users: all.users, Teams: all.teams, Channels: all.channels,
		Posts: all.posts, Presence: all.presence, Preferences: all.preferences, Deliveries: all.deliveries, Log: s.log})
}
