// Package reports gives administrators the list of accounts, with what each has
// done, as a file.
//
// The pages of the list are internal/users; here is the job export_users_to_csv
// that reads all of them and has the server's own account send the file to who
// asked for it, in a direct message. It reads page by page and writes what it has
// read, so that the list takes no room however long it is. Whoever asked has to be
// an administrator still when the job begins.
package reports

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"time"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/api"
	"github.com/parley-chat/parley/internal/channels"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/files"
	"github.com/parley-chat/parley/internal/i18n"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/jobs"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/posts"
	"github.com/parley-chat/parley/internal/users"
)

// Config is what the slice is made from.
type Config struct {
	DB       *db.DB
	Access   *access.Access
	Users    *users.Users
	Channels *channels.Channels
	Files    *files.Files
	Posts    *posts.Posts
	Jobs     *jobs.Runner
	Log      *slog.Logger
}

// Reports is the slice. Make it with New.
type Reports struct{ Config }

// New returns the slice over a migrated database and registers its job.
func New(c Config) *Reports {
	r := &Reports{c}
	c.Jobs.Register(model.JobTypeExportUsersToCSV, r.run)
	return r
}

// Mount adds the route.
func (r *Reports) Mount(to *access.Router) {
	api.Post(to, "/reports/users/export", access.Needs(access.PermManageSystem), r.start)
}

// What a job of ours carries.
const (
	dataUser  = "requesting_user_id"
	dataQuery = "query"
)

// start queues the job; one waits or runs for each administrator.
func (r *Reports) start(ctx context.Context, v access.Viewer, in users.ReportQuery) (api.OK, error) {
	if err := in.Check(); err != nil {
		return api.OK{}, err
	}
	for _, status := range []string{model.JobStatusPending, model.JobStatusInProgress} {
		list, err := r.Jobs.List(ctx, jobs.Filter{Types: []string{model.JobTypeExportUsersToCSV}, Status: status, Limit: 1000})
		if err != nil {
			return api.OK{}, err
		}
		for _, j := range list {
			if j.Data[dataUser] == v.UserID {
				return api.OK{}, fault.Invalid("app.report.start_users_batch_export.job_exists")
			}
		}
	}
	query, err := json.Marshal(in)
	if err != nil {
		return api.OK{}, err
	}
	j, err := r.Jobs.Enqueue(ctx, r.DB, model.JobTypeExportUsersToCSV, map[string]string{dataUser: v.UserID, dataQuery: string(query)})
	if err != nil {
		return api.OK{}, err
	}
	r.Users.Audit(ctx, v, "/api/v4/reports/users/export", "id="+j.ID)
	return api.Done(), nil
}

// run writes the list and sends it. The message has the job's id: run twice, it is
// sent once.
func (r *Reports) run(ctx context.Context, j *jobs.Job) error {
	to, err := r.Users.ByID(ctx, j.Data[dataUser])
	if err != nil {
		return err
	}
	v := r.Access.Acting(to.ID, to.Username, to.Roles)
	if to.DeleteAt != 0 || !v.Admin(ctx) {
		return fault.NoPermission(string(access.PermManageSystem))
	}
	query := users.ReportQuery{SortColumn: model.ReportSortUsername}
	if text := j.Data[dataQuery]; text != "" {
		if err := json.Unmarshal([]byte(text), &query); err != nil {
			return fmt.Errorf("what the report is about: %w", err)
		}
	}
	query.Direction, query.FromID, query.FromValue, query.PageSize = "", "", "", model.ReportPageMost
	bot, err := r.Users.ByUsername(ctx, model.BotSystemUsername)
	if err != nil {
		return err
	}
	room, err := r.Channels.Direct(ctx, bot.ID, to.ID)
	if err != nil {
		return err
	}
	file, err := r.file(ctx, v, query, bot.ID, room.ID)
	if err != nil {
		return err
	}
	_, err = r.Posts.Create(ctx, r.Access.Acting(bot.ID, bot.Username, bot.Roles), &model.Post{ChannelID: room.ID, UserID: bot.ID,
		FileIDs: []string{file.ID}, Message: i18n.T(to.Locale, "parley.reports.users_ready", nil),
		Props: model.StringInterface{model.PostPropFromBot: "true"}}, posts.CreateOptions{Trusted: true, ID: j.ID})
	if err != nil {
		r.Files.Discard(ctx, []*model.FileInfo{file})
	}
	if fault.Is(err, posts.ErrExists) {
		return nil
	}
	return err
}

// file stores the list as a file for a post of userID that comes next.
func (r *Reports) file(ctx context.Context, v access.Viewer, query users.ReportQuery, userID, roomID string) (*model.FileInfo, error) {
	from, to := io.Pipe()
	go func() { to.CloseWithError(r.write(ctx, to, v, query)) }()
	defer func() { _ = from.Close() }() // ends the writing when the store has no room
	name := "users-" + time.Now().UTC().Format(time.DateOnly) + ".csv"
	return r.Files.Take(ctx, userID, roomID, name, id.Now(), from)
}
