package server

import (
	"context"
	"sync"
	"time"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/actions"
	"github.com/parley-chat/parley/internal/admin"
	"github.com/parley-chat/parley/internal/api"
	"github.com/parley-chat/parley/internal/attributes"
	"github.com/parley-chat/parley/internal/backup"
	"github.com/parley-chat/parley/internal/blob"
	"github.com/parley-chat/parley/internal/bookmarks"
	"github.com/parley-chat/parley/internal/bots"
	"github.com/parley-chat/parley/internal/channels"
	"github.com/parley-chat/parley/internal/commands"
	"github.com/parley-chat/parley/internal/deliveries"
	"github.com/parley-chat/parley/internal/drafts"
	"github.com/parley-chat/parley/internal/emoji"
	"github.com/parley-chat/parley/internal/files"
	"github.com/parley-chat/parley/internal/groups"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/ircgate"
	"github.com/parley-chat/parley/internal/jobs"
	"github.com/parley-chat/parley/internal/links"
	"github.com/parley-chat/parley/internal/mail"
	"github.com/parley-chat/parley/internal/mailgate"
	"github.com/parley-chat/parley/internal/mcp"
	"github.com/parley-chat/parley/internal/metrics"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/moderation"
	"github.com/parley-chat/parley/internal/notify"
	"github.com/parley-chat/parley/internal/oauthapps"
	"github.com/parley-chat/parley/internal/oauthconns"
	"github.com/parley-chat/parley/internal/posts"
	"github.com/parley-chat/parley/internal/preferences"
	"github.com/parley-chat/parley/internal/presence"
	"github.com/parley-chat/parley/internal/reactions"
	"github.com/parley-chat/parley/internal/receipts"
	"github.com/parley-chat/parley/internal/reports"
	"github.com/parley-chat/parley/internal/search"
	"github.com/parley-chat/parley/internal/sidebar"
	"github.com/parley-chat/parley/internal/subscriptions"
	"github.com/parley-chat/parley/internal/takeout"
	"github.com/parley-chat/parley/internal/teams"
	"github.com/parley-chat/parley/internal/threads"
	"github.com/parley-chat/parley/internal/topics"
	"github.com/parley-chat/parley/internal/transfer"
	"github.com/parley-chat/parley/internal/users"
	"github.com/parley-chat/parley/internal/webhooks"
	"github.com/parley-chat/parley/internal/webpublic"
)

// slices are the features of the server, in the order of their floor. Each is
// made from what lies below it and mounts its routes.
type slices struct {
	metrics       *metrics.Metrics
	jobs          *jobs.Runner
	mail          *mail.Sender
	blobs         blob.Store
	users         *users.Users
	teams         *teams.Teams
	channels      *channels.Channels
	files         *files.Files
	emoji         *emoji.Emoji
	bookmarks     *bookmarks.Bookmarks
	links         *links.Links
	posts         *posts.Posts
	threads       *threads.Threads
	reactions     *reactions.Reactions
	drafts        *drafts.Drafts
	search        *search.Search
	preferences   *preferences.Preferences
	sidebar       *sidebar.Sidebar
	presence      *presence.Presence
	notify        *notify.Notify
	groups        *groups.Groups
	attributes    *attributes.Attributes
	moderation    *moderation.Moderation
	topics        *topics.Topics
	receipts      *receipts.Receipts
	takeout       *takeout.Takeout
	reports       *reports.Reports
	backups       *backup.Keeper
	transfer      *transfer.Transfer
	admin         *admin.Admin
	bots          *bots.Bots
	oauthapps     *oauthapps.Apps
	oauthconns    *oauthconns.Connections
	actions       *actions.Actions
	deliveries    *deliveries.Deliveries
	webhooks      *webhooks.Webhooks
	subscriptions *subscriptions.Subscriptions
	commands      *commands.Commands
	ircgate       *ircgate.Gate
	mailgate      *mailgate.Gate
	webpublic     *webpublic.WebPublic
	mcp           *mcp.MCP
}

// buildSlices makes every slice and mounts its routes.
func (s *Server) buildSlices(ctx context.Context) (*slices, error) {
	all := &slices{metrics: metrics.New(), mail: mail.New(s.Config)}
	// The hub and the router were made before and ask for what is made here.
	s.slices = all
	all.jobs = jobs.New(jobs.Options{DB: s.DB, Log: s.log, Metrics: all.metrics})
	var err error
	if all.blobs, err = blob.FromSettings(&s.Config.Get().FileSettings, s.fileFolder(), s.log); err != nil {
		return all, err
	}
	all.users = users.New(s.DB, s.Config, s.Access, s.Hub, all.blobs, all.mail, s.log)
	all.users.LoginTried.Subscribe(func(_ context.Context, ok bool) { all.metrics.Login(ok) })
	all.teams = teams.New(s.DB, s.Config, s.Access, s.Hub, all.users, all.mail, all.blobs, s.log)
	all.channels = channels.New(s.DB, s.Config, s.Access, s.Hub, all.users, all.teams, s.log)
	all.files = files.New(files.Config{DB: s.DB, Settings: s.Config, Access: s.Access, Users: all.users, Channels: all.channels,
		Blobs: all.blobs, Jobs: all.jobs, Log: s.log})
	all.emoji = emoji.New(s.DB, s.Config, s.Access, s.Hub, all.blobs, s.log)
	all.bookmarks = bookmarks.New(s.DB, s.Config, s.Access, s.Hub, all.channels, all.files, s.log)
	all.links = links.New(s.DB, s.Config, s.log)
	all.posts = posts.New(posts.Config{DB: s.DB, Settings: s.Config, Access: s.Access, Hub: s.Hub, Users: all.users,
		Teams: all.teams, Channels: all.channels, Files: all.files, Links: all.links, Bus: s.bus, Log: s.log})
	all.jobs.Every("parley_burn_on_read", time.Duration(s.Config.Get().ServiceSettings.BurnOnReadSchedulerFrequencySeconds)*time.Second,
		func(ctx context.Context, _ *jobs.Job) error { return all.posts.SweepBurned(ctx, id.Now()) })
	all.threads = threads.New(threads.Config{DB: s.DB, Settings: s.Config, Access: s.Access, Hub: s.Hub, Users: all.users,
		Channels: all.channels, Posts: all.posts, Bus: s.bus, Log: s.log})
	all.posts.Created.Subscribe(func(_ context.Context, s *posts.Saving) {
		all.metrics.Posted(len(s.Post.FileIDs), s.Post.Props["from_webhook"] == "true")
		all.metrics.PostBroadcast()
	})
	all.reactions = reactions.New(s.DB, s.Config, s.Access, s.Hub, all.users, all.posts, s.log)
	all.emoji.Created.Subscribe(func(_ context.Context, e *model.Emoji) { all.posts.ForgetEmoji(e.Name) })
	all.emoji.Deleted.Subscribe(func(ctx context.Context, e *model.Emoji) {
		all.posts.ForgetEmoji(e.Name)
		all.reactions.RemoveEmoji(ctx, e.Name)
	})
	all.drafts = drafts.New(drafts.Config{DB: s.DB, Settings: s.Config, Access: s.Access, Hub: s.Hub, Users: all.users,
		Posts: all.posts, Files: all.files, Log: s.log})
	all.search = search.New(search.Config{DB: s.DB, Settings: s.Config, Users: all.users, Posts: all.posts,
		Observed: all.metrics.Searched, Log: s.log})
	all.preferences = preferences.New(preferences.Config{DB: s.DB, Settings: s.Config, Access: s.Access, Hub: s.Hub, Users: all.users,
		Posts: all.posts, Bus: s.bus, Log: s.log})
	all.sidebar = sidebar.New(sidebar.Config{DB: s.DB, Access: s.Access, Hub: s.Hub, Users: all.users, Teams: all.teams,
		Channels: all.channels, Preferences: all.preferences, Log: s.log})
	all.presence = presence.New(presence.Config{DB: s.DB, Settings: s.Config, Access: s.Access, Hub: s.Hub, Users: all.users,
		Channels: all.channels, Posts: all.posts, Preferences: all.preferences, Bus: s.bus, Log: s.log})
	all.presence.Busy = all.busy
	all.posts.IsOnline, all.posts.CollapsedThreads = all.presence.IsOnline, all.preferences.CollapsedThreads
	all.notify = notify.New(notify.Config{DB: s.DB, Settings: s.Config, Access: s.Access, Hub: s.Hub, Users: all.users, Channels: all.channels,
		Posts: all.posts, Threads: all.threads, Mail: all.mail, Metrics: all.metrics, Statuses: all.presence.Statuses, Bus: s.bus, Log: s.log})
	all.groups = groups.New(groups.Config{DB: s.DB, Settings: s.Config, Access: s.Access, Hub: s.Hub, Users: all.users, Teams: all.teams,
		Channels: all.channels, Log: s.log})
	all.attributes = attributes.New(s.DB, s.Config, s.Hub, all.users, s.log)
	all.moderation = moderation.New(moderation.Config{DB: s.DB, Settings: s.Config, Access: s.Access, Hub: s.Hub, Users: all.users,
		Channels: all.channels, Posts: all.posts, Log: s.log})
	s.buildOwn(all)
	all.admin = admin.New(admin.Parts{DB: s.DB, Settings: s.Config, Access: s.Access, Hub: s.Hub, Users: all.users, Teams: all.teams,
		Channels: all.channels, Posts: all.posts, Mail: all.mail, Jobs: all.jobs, Blobs: all.blobs, Metrics: all.metrics, Bus: s.bus,
		Nodes: s.nodes, Journal: s.logging.journal, Version: s.version, Restart: s.askRestart, Room: func() (int64, int64, error) { return Room(s.opts.Data) }, Log: s.log})
	all.mount(s.router)
	return all, ctx.Err()
}

// buildOwn makes the slices that the protocol doesn't know.
func (s *Server) buildOwn(all *slices) {
	s.buildIntegrations(all)
	all.topics = topics.New(topics.Config{DB: s.DB, Access: s.Access, Hub: s.Hub, Users: all.users, Channels: all.channels, Posts: all.posts,
		Threads: all.threads, Log: s.log})
	all.receipts = receipts.New(receipts.Config{DB: s.DB, Access: s.Access, Hub: s.Hub, Channels: all.channels, Posts: all.posts, Log: s.log})
	all.backups = backup.NewKeeper(backup.Config{DB: s.DB, Settings: s.Config, Blobs: all.blobs, Jobs: all.jobs, Users: all.users,
		Access: s.Access, Data: s.opts.Data, Log: s.log})
	all.takeout = takeout.New(takeout.Config{DB: s.DB, Settings: s.Config, Users: all.users, Blobs: all.blobs, Log: s.log})
	all.reports = reports.New(reports.Config{DB: s.DB, Access: s.Access, Users: all.users, Channels: all.channels, Files: all.files,
		Posts: all.posts, Jobs: all.jobs, Log: s.log})
	all.transfer = transfer.New(transfer.Config{DB: s.DB, Settings: s.Config, Access: s.Access, Hub: s.Hub, Users: all.users, Files: all.files, Emoji: all.emoji,
		Prefs: all.preferences, Blobs: all.blobs, Jobs: all.jobs, Log: s.log})
	s.buildIRC(all)
	s.buildMailGateway(all)
	s.buildOutside(all)
}

// mount adds the routes of every slice.
func (all *slices) mount(r *api.Router[access.Viewer]) {
	for _, one := range []interface {
		Mount(*api.Router[access.Viewer])
	}{
		all.users, all.teams, all.channels, all.files, all.emoji, all.bookmarks, all.links, all.posts, all.threads,
		all.reactions, all.drafts, all.search, all.preferences, all.sidebar, all.presence,
		all.notify, all.groups, all.attributes, all.moderation, all.topics, all.receipts, all.takeout, all.reports, all.backups, all.transfer, all.admin,
		all.bots, all.oauthapps, all.oauthconns, all.deliveries, all.webhooks, all.subscriptions, all.actions, all.commands, all.mailgate,
	} {
		one.Mount(r)
	}
	all.mountOutside(r)
}

// fileFolder is where files lie: FileSettings.Directory, inside the data
// folder unless it is absolute.
// start sets off what runs beside requests; the function returned ends it.
func (all *slices) start(ctx context.Context) (stop func(context.Context)) {
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	var running sync.WaitGroup
	running.Go(func() { all.jobs.Run(ctx) })
	running.Go(func() { all.users.Run(ctx) })
	running.Go(func() { all.presence.Run(ctx) })
	running.Go(func() { all.posts.Run(ctx) })
	running.Go(func() { all.drafts.Run(ctx) })
	running.Go(func() { all.search.Run(ctx) })
	running.Go(func() { all.notify.Run(ctx) })
	running.Go(func() { all.commands.Run(ctx) })
	running.Go(func() { all.deliveries.Run(ctx) })
	running.Go(func() { all.ircgate.Run(ctx) })
	running.Go(func() { all.mailgate.Run(ctx) })
	return func(drain context.Context) {
		cancel()
		ended := make(chan struct{})
		go func() { running.Wait(); close(ended) }()
		select {
		case <-ended:
		case <-drain.Done():
		}
		all.links.Close(drain)
		_ = all.posts.Close(drain)
		_ = all.presence.Close(drain)
		_ = all.users.Close(drain)
	}
}

// busy reports whether the server sheds what can wait.
func (all *slices) busy() bool { return all.admin.Busy() }

// observe counts an answered request.
func (all *slices) observe(route, method string, status int, took time.Duration) {
	all.metrics.APIRequest(route, method, status, "", "", took)
	all.metrics.HTTPRequest(took, status >= 400)
}

// guestSees reports whether a guest may know of a user.
func (all *slices) guestSees(guestID, userID string) bool {
	return all.users.GuestSees(guestID, userID)
}

// connected and disconnected follow the websockets of a user.
func (all *slices) connected(userID string, edge bool)    { all.presence.Connected(userID, edge) }
func (all *slices) disconnected(userID string, edge bool) { all.presence.Disconnected(userID, edge) }

// locale is the language of a user; English for nobody.
func (all *slices) locale(userID string) string {
	if userID == "" {
		return "en"
	}
	u, err := all.users.ByID(context.Background(), userID)
	if err != nil {
		return "en"
	}
	return u.Locale
}
