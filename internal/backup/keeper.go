package backup

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strconv"
	"time"

	"filippo.io/age"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/api"
	"github.com/parley-chat/parley/internal/blob"
	"github.com/parley-chat/parley/internal/config"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/jobs"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/users"
)

// JobType is the job that makes an archive and removes the oldest.
const JobType = "parley_backup"

// Config is what the keeper is made from.
type Config struct {
	DB       *db.DB
	Settings *config.Store
	Blobs    blob.Store
	Jobs     *jobs.Runner
	Users    *users.Users
	Access   *access.Access
	Data     string // the data folder
	Log      *slog.Logger
}

// Keeper makes archives every day, keeps as many as BackupSettings.Keep says,
// and answers the console's questions about them. One node of several does it.
// Archives never leave through the API: who has one has everybody's messages.
type Keeper struct{ Config }

// NewKeeper registers the daily job.
func NewKeeper(c Config) *Keeper {
	k := &Keeper{c}
	set := func() *config.BackupSettings { return &k.Settings.Get().BackupSettings }
	c.Jobs.Daily(JobType, func() string { return set().TimeOfDay }, func() bool { return set().Enable }, k.run)
	return k
}

// Mount adds the routes. They are Parley's own.
func (k *Keeper) Mount(r *access.Router) {
	system := access.Needs(access.PermManageSystem)
	api.Get(r, "/parley/backups", system, k.list)
	api.Post(r, "/parley/backups", system, k.start, api.Created())
	api.Delete(r, "/parley/backups/{name}", system, k.remove)
}

func (k *Keeper) place() (blob.Store, error) {
	c := k.Settings.Get()
	return OpenPlace(c.BackupSettings.Place, k.Data, &c.FileSettings, k.Log)
}

// run makes an archive, then removes those that are more than wanted.
func (k *Keeper) run(ctx context.Context, j *jobs.Job) (err error) {
	set := k.Settings.Get().BackupSettings
	place, err := k.place()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, place.Close()) }()
	source := Source{DB: k.DB, Scratch: k.Data}
	if set.Files {
		source.Blobs = k.Blobs
	}
	for _, key := range set.Recipients {
		to, err := age.ParseX25519Recipient(key)
		if err != nil {
			return err
		}
		source.Recipients = append(source.Recipients, to)
	}
	began, told := time.Now(), time.Now()
	source.Progress = func(p Progress) {
		if time.Since(told) < time.Second {
			return
		}
		told = time.Now()
		_ = j.Save(ctx, p.Rows*90/max(p.OfRows, 1), nil) // a lost job ends by its context
	}
	name, out, size, err := k.make(ctx, place, source, readers(set.Recipients))
	if err != nil {
		return err
	}
	if err := k.prune(ctx, place, set.Keep); err != nil {
		return err
	}
	k.Log.Info("a backup was made", "name", name, "bytes", size, "rows", out.Rows, "files", out.Files, "in_earlier_ones", out.Held, "took", time.Since(began))
	return j.Save(ctx, 100, map[string]string{"name": name, "bytes": strconv.FormatInt(size, 10), "rows": strconv.FormatInt(out.Rows, 10),
		"files": strconv.FormatInt(out.Files, 10), "held": strconv.FormatInt(out.Held, 10), "gone": strconv.FormatInt(out.Gone, 10)})
}

// make writes an archive that adds to those that are there, where it can, and
// the list that lets the next one add to it.
func (k *Keeper) make(ctx context.Context, place blob.Store, s Source, forWhom string) (name string, out Summary, size int64, err error) {
	list, err := Archives(ctx, place)
	if err != nil {
		return "", out, 0, err
	}
	at, since := time.Now(), time.Time{}
	if len(list) > 0 { // two of one second would have one name
		if next := time.UnixMilli(list[0].Taken).Add(time.Second); next.After(at) {
			at = next
		}
	}
	var own []byte
	if s.Blobs != nil {
		if own, err = k.ownKey(ctx); err != nil {
			return "", out, 0, err
		}
		var why string
		if s.Since, since, why = prior(ctx, place, list, own, forWhom); why != "" {
			k.Log.Info("the backup holds every file", "because", why)
		}
		s.Holds = &Held{secret: own}
	}
	name = nameAt(at, since, len(s.Recipients) > 0)
	out, size, err = WriteTo(ctx, place, name, s)
	if err != nil || s.Blobs == nil {
		return name, out, size, err
	}
	s.Holds.Archives[0].Name, s.Holds.Archives[0].Size = name, size
	if err := s.Holds.save(ctx, place, forWhom); err != nil { // the archive is whole: the next one holds everything
		k.Log.Warn("what the backup holds could not be noted", "error", err)
	}
	return name, out, size, nil
}

// ownKey is the installation's secret for lists of files.
func (k *Keeper) ownKey(ctx context.Context) ([]byte, error) {
	return k.Access.OwnKey(ctx, "parley lists what backups hold")
}

// prune keeps the newest, and those that they need.
func (k *Keeper) prune(ctx context.Context, place blob.Store, keep int) error {
	list, err := Archives(ctx, place)
	if err != nil {
		return err
	}
	for _, old := range surplus(list, keep) {
		if err := place.Delete(ctx, old.Name); err != nil {
			return err
		}
		k.Log.Info("an old backup was removed", "name", old.Name)
	}
	return place.Sweep(ctx, 24*time.Hour)
}

// shelf is what there is of archives and of the jobs that make them.
type shelf struct {
	Place    string       `json:"place"`
	Archives []Archive    `json:"archives"`
	Problem  string       `json:"problem,omitempty"` // why the place can't be read
	Jobs     []*model.Job `json:"jobs"`              // the newest first
}

// shownJobs are as many runs as the console lists.
const shownJobs = 10

func (k *Keeper) list(ctx context.Context, _ access.Viewer, _ api.None) (shelf, error) {
	s := shelf{Place: k.Settings.Get().BackupSettings.Place, Archives: []Archive{}}
	var err error
	if s.Jobs, err = k.Jobs.List(ctx, jobs.Filter{Types: []string{JobType}, Limit: shownJobs}); err != nil {
		return s, err
	}
	place, err := k.place()
	if err == nil {
		s.Archives, err = Archives(ctx, place)
		err = errors.Join(err, place.Close())
	}
	if err != nil {
		s.Problem = err.Error()
	}
	return s, nil
}

// start puts the job into the queue, unless one waits there.
func (k *Keeper) start(ctx context.Context, v access.Viewer, _ api.None) (job *model.Job, err error) {
	err = k.DB.Tx(ctx, func(tx *db.Tx) error {
		if err := tx.Lock(ctx, "jobs."+JobType); err != nil {
			return err
		}
		waiting, err := k.Jobs.List(ctx, jobs.Filter{Types: []string{JobType}, Limit: 1})
		if err != nil {
			return err
		}
		if len(waiting) > 0 && (waiting[0].Status == model.JobStatusPending || waiting[0].Status == model.JobStatusInProgress) {
			return fault.Conflict("api.parley.backup.running.app_error")
		}
		job, err = k.Jobs.Enqueue(ctx, tx, JobType, nil)
		return err
	})
	if err == nil {
		k.Users.Audit(ctx, v, "/api/v4/parley/backups", "started")
	}
	return job, err
}

type removeIn struct {
	Name string `path:"name,text"`
}

// remove removes an archive of the schedule that no other needs, and nothing else
// that lies there.
func (k *Keeper) remove(ctx context.Context, v access.Viewer, in removeIn) (ok api.OK, err error) {
	if _, ours := read(in.Name); !ours {
		return ok, fault.NotFound("api.parley.backup.none.app_error")
	}
	place, err := k.place()
	if err != nil {
		return ok, err
	}
	defer func() { err = errors.Join(err, place.Close()) }()
	list, err := Archives(ctx, place)
	if err != nil {
		return ok, err
	}
	at := slices.IndexFunc(list, func(a Archive) bool { return a.Name == in.Name })
	if at < 0 {
		return ok, fault.NotFound("api.parley.backup.none.app_error")
	}
	if by := slices.IndexFunc(list, func(a Archive) bool { return a.needs(list[at]) }); by >= 0 {
		return ok, fault.Conflict("api.parley.backup.needed.app_error", "Name", list[by].Name)
	}
	if err := place.Delete(ctx, in.Name); err != nil {
		return ok, err
	}
	k.Users.Audit(ctx, v, "/api/v4/parley/backups", "removed "+in.Name)
	return api.Done(), nil
}
