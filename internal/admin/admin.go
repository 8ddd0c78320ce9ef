// Package admin is what administrators do to the system itself, and what
// clients ask of it before anything else: the settings and their client view,
// roles and schemes, jobs, ping, logs, figures, the busy switch.
//
// It owns the tables roles, schemes, systems and productnoticeviewstate. Roles
// and schemes are read for every permission check by internal/access, which is
// told to forget them after each change. Settings lie in internal/config; this
// package only says who may read and write which of their keys.
//
// Nothing of Parley is behind a licence, so what the protocol has about
// licences and editions is answered by what is true here: licence.go.
package admin

import (
	"log/slog"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/api"
	"github.com/parley-chat/parley/internal/blob"
	"github.com/parley-chat/parley/internal/bus"
	"github.com/parley-chat/parley/internal/channels"
	"github.com/parley-chat/parley/internal/config"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/jobs"
	"github.com/parley-chat/parley/internal/mail"
	"github.com/parley-chat/parley/internal/metrics"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/outgoing"
	"github.com/parley-chat/parley/internal/posts"
	"github.com/parley-chat/parley/internal/realtime"
	"github.com/parley-chat/parley/internal/teams"
	"github.com/parley-chat/parley/internal/users"
)

// Parts are what the slice is made from.
type Parts struct {
	DB       *db.DB
	Settings *config.Store
	Access   *access.Access
	Hub      *realtime.Hub
	Users    *users.Users
	Teams    *teams.Teams
	Channels *channels.Channels
	Posts    *posts.Posts
	Mail     *mail.Sender
	Jobs     *jobs.Runner
	Blobs    blob.Store
	Metrics  *metrics.Metrics
	Bus      bus.Bus
	Nodes    func() []model.ClusterInfo // of the cluster; none for a server alone
	Journal  *Journal
	Version  func() string // the text of X-Version-Id
	Restart  func()        // asks the server to start anew; must not block
	// Room is how many bytes are free, and how many there are, where the data lies.
	Room func() (free, all int64, err error)
	Log  *slog.Logger
}

// Admin is the slice.
type Admin struct {
	db       *db.DB
	cfg      *config.Store
	acc      *access.Access
	hub      *realtime.Hub
	users    *users.Users
	teams    *teams.Teams
	channels *channels.Channels
	posts    *posts.Posts
	mail     *mail.Sender
	jobs     *jobs.Runner
	blobs    blob.Store
	metrics  *metrics.Metrics
	bus      bus.Bus
	nodes    func() []model.ClusterInfo
	journal  *Journal
	version  func() string
	restart  func()
	room     func() (free, all int64, err error)
	log      *slog.Logger

	facts   installation
	views   [2]atomic.Pointer[clientView] // of strangers, of people who are signed in
	busy    busySwitch
	figures figures
	web     *http.Client // to addresses that people wrote
	release latestRelease
	started time.Time
}

// New returns the slice over a migrated database.
func New(p Parts) *Admin {
	a := &Admin{db: p.DB, cfg: p.Settings, acc: p.Access, hub: p.Hub, users: p.Users, teams: p.Teams, channels: p.Channels, posts: p.Posts,
		mail: p.Mail, jobs: p.Jobs, blobs: p.Blobs, metrics: p.Metrics, bus: p.Bus, nodes: p.Nodes, journal: p.Journal, version: p.Version,
		restart: p.Restart, room: p.Room, log: p.Log, started: time.Now()}
	a.web = outgoing.New(func() string { return a.cfg.Get().ServiceSettings.AllowedUntrustedInternalConnections }, 10*time.Second)
	a.cfg.OnChange(a.tellClients)
	a.bus.Subscribe(busyTopic, a.busy.hear)
	a.channels.RolesChanged.Subscribe(a.tellRoles)
	return a
}

// Mount mounts the routes.
func (a *Admin) Mount(r *access.Router) {
	a.mountSettings(r)
	a.mountSheet(r)
	a.mountOverview(r)
	a.mountBrand(r)
	a.mountRoles(r)
	a.mountJobs(r)
	a.mountUpkeep(r)
	a.mountReports(r)
	a.mountTrials(r)
	a.mountLicence(r)
	api.Get(r, "/system/ping", access.Public, a.ping)
	api.Get(r, "/system/timezones", access.Session, a.timezones)
	api.Get(r, "/system/onboarding/complete", access.Needs(access.PermManageSystem), a.onboarding)
	api.Post(r, "/system/onboarding/complete", access.Session, a.completeOnboarding)
	api.Get(r, "/plugins/marketplace/first_admin_visit", access.Needs(access.PermManageSystem), a.firstVisit)
	api.Post(r, "/plugins/marketplace/first_admin_visit", access.Needs(access.PermManageSystem), a.setFirstVisit)
	api.Get(r, "/system/notices/{team_id}", access.Session, a.notices)
	api.Put(r, "/system/notices/view", access.Session, a.viewNotices)
	api.Get(r, "/redirect_location", access.Session, a.redirectLocation)
	api.Post(r, "/client_perf", access.Session, a.clientPerformance)
}

func (a *Admin) mountSettings(r *access.Router) {
	api.Get(r, "/config", access.Session, a.readSettings)
	api.Put(r, "/config", access.Session, a.replaceSettings)
	api.Put(r, "/config/patch", access.Session, a.patchSettings)
	api.Get(r, "/config/environment", access.Session, a.environment)
	api.Post(r, "/config/reload", access.Needs(access.PermReloadConfig), a.reload)
	api.Get(r, "/config/client", access.Public, a.clientConfig)
}

func (a *Admin) mountRoles(r *access.Router) {
	api.Get(r, "/roles", access.Needs(access.PermManageSystem), a.roles)
	api.Get(r, "/roles/{role_id}", access.Session, a.role)
	api.Get(r, "/roles/name/{role_name}", access.Session, a.roleByName)
	api.Post(r, "/roles/names", access.Reading, a.rolesByNames)
	api.Put(r, "/roles/{role_id}/patch", access.Session, a.patchRole)
	api.Post(r, "/permissions/ancillary", access.Reading, a.ancillary)
	read, write := access.Needs(access.PermSysconsoleReadUserManagementPermissions), access.Needs(access.PermSysconsoleWriteUserManagementPermissions)
	api.Get(r, "/schemes", read, a.schemes)
	api.Post(r, "/schemes", write, a.createScheme, api.Created())
	api.Get(r, "/schemes/{scheme_id}", read, a.scheme)
	api.Put(r, "/schemes/{scheme_id}/patch", write, a.patchScheme)
	api.Delete(r, "/schemes/{scheme_id}", write, a.deleteScheme)
	api.Get(r, "/schemes/{scheme_id}/teams", access.Needs(access.PermSysconsoleReadUserManagementTeams), a.schemeTeams)
	api.Get(r, "/schemes/{scheme_id}/channels", access.Needs(access.PermSysconsoleReadUserManagementChannels), a.schemeChannels)
}

// mountUpkeep mounts what keeps the server running.
func (a *Admin) mountUpkeep(r *access.Router) {
	system := access.Needs(access.PermManageSystem)
	api.Post(r, "/caches/invalidate", access.Needs(access.PermInvalidateCaches), a.invalidateCaches)
	api.Post(r, "/database/recycle", access.Needs(access.PermRecycleDatabaseConnections), a.recycleDatabase)
	api.Post(r, "/restart", system, a.restartServer)
	api.Get(r, "/latest_version", system, a.latestVersion)
	api.Get(r, "/cluster/status", access.Needs(access.PermSysconsoleReadEnvironmentHighAvailability), a.clusterStatus)
	api.Get(r, "/system/schema/version", access.Session, a.schemaVersion)
	api.Get(r, "/server_busy", system, a.serverBusy)
	api.Post(r, "/server_busy", system, a.setServerBusy)
	api.Delete(r, "/server_busy", system, a.clearServerBusy)
}

// mountReports mounts what tells how the server is doing.
func (a *Admin) mountReports(r *access.Router) {
	logs := access.Needs(access.PermGetLogs)
	api.Get(r, "/logs", logs, a.logs)
	api.Post(r, "/logs", access.Public, a.clientLog)
	api.Post(r, "/logs/query", logs, a.queryLogs)
	api.Get(r, "/logs/download", logs, a.downloadLogs)
	api.Get(r, "/analytics/old", access.Needs(access.PermGetAnalytics), a.analytics)
	api.Get(r, "/parley/channels/{channel_id}/statistics", access.Session, a.channelStatistics)
	api.Get(r, "/parley/teams/{team_id}/statistics", access.Session, a.teamStatistics)
	api.Get(r, "/usage/posts", access.Session, a.postsUsage)
	api.Get(r, "/usage/storage", access.Session, a.storageUsage)
	api.Get(r, "/usage/teams", access.Session, a.teamsUsage)
	api.Get(r, "/system/support_packet", access.Needs(access.PermManageSystem), a.supportPacket)
}

// mountTrials mounts what tries settings out.
func (a *Admin) mountTrials(r *access.Router) {
	api.Post(r, "/email/test", access.Session, a.testEmail)
	api.Post(r, "/file/s3_test", access.Session, a.testFileStore)
	api.Post(r, "/site_url/test", access.Needs(access.PermTestSiteURL), a.testSiteURL)
	api.Post(r, "/notifications/test", access.Session, a.testNotifications)
}
