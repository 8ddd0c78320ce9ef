package admin

import (
	"context"
	"net"
	"net/url"
	"os"
	"runtime"
	"time"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/api"
	"github.com/parley-chat/parley/internal/config"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/jobs"
	"github.com/parley-chat/parley/internal/metrics"
	"github.com/parley-chat/parley/internal/model"
)

func (a *Admin) mountOverview(r *access.Router) {
	api.Get(r, "/parley/overview", access.Session, a.overview)
}

// overview is what the console's first page says.
type overview struct {
	Version   string         `json:"version"`
	Host      string         `json:"host"`
	Engine    string         `json:"engine"` // sqlite or postgres
	Database  string         `json:"database_version"`
	Size      int64          `json:"database_bytes"`
	Started   int64          `json:"started_at"` // Unix ms
	Memory    int64          `json:"memory_bytes"`
	Sockets   int64          `json:"sockets"`
	Files     int64          `json:"files_bytes"`
	RoomFree  int64          `json:"room_free"` // bytes where the data lies; 0 and 0 when unknown
	RoomAll   int64          `json:"room_all"`
	Backup    int64          `json:"last_backup"` // Unix ms; 0 for never
	Counts    metrics.Counts `json:"counts"`
	Reminders []reminder     `json:"reminders"`
}

// reminder is something to do. What it is about is its id; clients have the words.
type reminder struct {
	ID     string `json:"id"`
	Urgent bool   `json:"urgent,omitempty"`
	Count  int64  `json:"count,omitempty"`
}

func (a *Admin) overview(ctx context.Context, v access.Viewer, _ api.None) (*overview, error) {
	if err := a.anySection(ctx, v, "sysconsole_read_"); err != nil {
		return nil, err
	}
	o, err := remembered(ctx, &a.figures, "overview", a.look)
	if err != nil {
		return nil, err
	}
	now := *o // what is counted is remembered, what is at hand is of now
	var mem runtime.MemStats
	runtime.ReadMemStats(&mem)
	now.Memory, now.Sockets = int64(mem.Sys-mem.HeapReleased), a.hub.Stats.Live.Load()
	now.Reminders = append(a.fromSettings(), o.Reminders...)
	return &now, nil
}

// look counts what takes a walk through tables.
func (a *Admin) look(ctx context.Context) (*overview, error) {
	o := &overview{Version: config.Version, Engine: "postgres", Started: a.started.UnixMilli()}
	version, size := `SELECT current_setting('server_version')`, `SELECT pg_database_size(current_database())`
	if a.db.SQLite() {
		o.Engine = "sqlite"
		version, size = `SELECT sqlite_version()`, `SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()`
	}
	var err error
	if o.Host, err = os.Hostname(); err != nil {
		return nil, err
	}
	if o.Database, err = db.Value[string](ctx, a.db, version); err != nil {
		return nil, err
	}
	for to, sql := range map[*int64]string{&o.Size: size, &o.Files: `SELECT CAST(coalesce(sum(size), 0) AS bigint) FROM fileinfo WHERE deleteat = 0`} {
		if *to, err = db.Value[int64](ctx, a.db, sql); err != nil {
			return nil, err
		}
	}
	if o.Counts, err = a.Counts(ctx); err != nil {
		return nil, err
	}
	if o.RoomFree, o.RoomAll, err = a.room(); err != nil {
		return nil, err
	}
	done, err := a.jobs.List(ctx, jobs.Filter{Types: []string{backupJob}, Status: model.JobStatusSuccess, Limit: 1})
	if err != nil {
		return nil, err
	}
	if len(done) > 0 {
		o.Backup = done[0].CreateAt
	}
	o.Reminders, err = a.fromTables(ctx, o)
	return o, err
}

// backupJob is the job of internal/backup.
const backupJob = "parley_backup"

// When the console reminds.
const (
	littleRoom  = 2 << 30 // bytes
	oldBackup   = 8 * 24 * time.Hour
	manyWithout = `SELECT count(*) FROM users u WHERE u.deleteat = 0 AND u.roles LIKE '%system\_admin%' ESCAPE '\' AND coalesce(u.mfaactive, false) = false
		AND NOT EXISTS (SELECT 1 FROM bots b WHERE b.userid = u.id)`
)

func (a *Admin) fromTables(ctx context.Context, o *overview) (list []reminder, err error) {
	if o.RoomAll > 0 && (o.RoomFree < littleRoom || o.RoomFree < o.RoomAll/20) {
		list = append(list, reminder{ID: "room", Urgent: true})
	}
	switch {
	case !a.cfg.Get().BackupSettings.Enable && time.Since(time.UnixMilli(o.Backup)) > oldBackup:
		list = append(list, reminder{ID: "backup_none"})
	case a.cfg.Get().BackupSettings.Enable && o.Backup > 0 && time.Since(time.UnixMilli(o.Backup)) > oldBackup:
		list = append(list, reminder{ID: "backup_old", Urgent: true})
	}
	without, err := db.Value[int64](ctx, a.db, manyWithout)
	if err == nil && without > 0 {
		list = append(list, reminder{ID: "admins_mfa", Count: without})
	}
	return list, err
}

// fromSettings looks at what is easily forgotten.
func (a *Admin) fromSettings() []reminder {
	c := a.cfg.Get()
	list := []reminder{}
	remind := func(when, urgent bool, name string) {
		if when {
			list = append(list, reminder{ID: name, Urgent: urgent})
		}
	}
	site, err := url.Parse(c.ServiceSettings.SiteURL)
	remind(c.ServiceSettings.SiteURL == "", true, "site_url")
	remind(err == nil && site.Scheme == "http" && !near(site.Hostname()), true, "site_plain")
	mail := c.EmailSettings
	remind(mail.SMTPServer == "" || mail.SMTPServer == "localhost" && mail.SMTPPort == "10025", false, "mail")
	remind(mail.FeedbackEmail == "" || mail.FeedbackEmail == "test@example.com", false, "mail_sender")
	remind(c.TeamSettings.EnableUserCreation && c.TeamSettings.EnableOpenServer && c.TeamSettings.RestrictCreationToDomains == "" &&
		!mail.RequireEmailVerification, false, "open")
	remind(c.ServiceSettings.EnableDeveloper, false, "developer")
	remind(!c.ServiceSettings.EnableMultifactorAuthentication, false, "mfa_off")
	return list
}

// near tells of a host that only this machine reaches.
func near(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
