package jobs

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"strconv"
	"time"

	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
)

const columns = `id, COALESCE(type, ''), COALESCE(priority, 0), COALESCE(createat, 0), COALESCE(startat, 0),
	COALESCE(lastactivityat, 0), COALESCE(status, ''), COALESCE(progress, 0), data`

func scan(r db.Row) (*model.Job, error) {
	j := &model.Job{}
	err := r.Scan(&j.ID, &j.Type, &j.Priority, &j.CreateAt, &j.StartAt, &j.LastActivityAt, &j.Status, &j.Progress, db.ScanJSON(&j.Data))
	if j.Data == nil {
		j.Data = model.StringMap{}
	}
	return j, err
}

// Enqueue puts a job into the queue. With a *db.Tx it is there when the transaction commits, and begins then.
func (r *Runner) Enqueue(ctx context.Context, q db.Querier, jobType string, data map[string]string) (*model.Job, error) {
	j := &model.Job{ID: id.New(), Type: jobType, CreateAt: r.o.Now(), Status: model.JobStatusPending, Data: model.StringMap{}}
	maps.Copy(j.Data, data)
	_, err := db.Exec(ctx, q, `INSERT INTO jobs (id, type, priority, createat, startat, lastactivityat, status, progress, data)
		VALUES ($1, $2, 0, $3, 0, 0, $4, 0, $5)`, j.ID, j.Type, j.CreateAt, j.Status, db.JSON(j.Data))
	if err != nil {
		return nil, err
	}
	if tx, ok := q.(*db.Tx); ok {
		tx.AfterCommit(r.poke)
	} else {
		r.poke()
	}
	return j, nil
}

// Get returns a job, or app.job.get.app_error (404).
func (r *Runner) Get(ctx context.Context, jobID string) (*model.Job, error) {
	j, err := db.Get(ctx, r.o.DB, scan, `SELECT `+columns+` FROM jobs WHERE id = $1`, jobID)
	if errors.Is(err, db.ErrNotFound) {
		return nil, fault.NotFound("app.job.get.app_error")
	}
	return j, err
}

// Filter picks jobs; the zero value picks all.
type Filter struct {
	Types         []string
	Status        string
	Offset, Limit int // Limit 0 is 60, at most 1000
}

// List returns jobs, the newest first.
func (r *Runner) List(ctx context.Context, f Filter) ([]*model.Job, error) {
	query, args := `SELECT `+columns+` FROM jobs WHERE 1 = 1`, []any{}
	arg := func(v any) string { args = append(args, v); return "$" + strconv.Itoa(len(args)) }
	if len(f.Types) > 0 {
		query += ` AND type = ANY(` + arg(f.Types) + `)`
	}
	if f.Status != "" {
		query += ` AND status = ` + arg(f.Status)
	}
	if f.Limit <= 0 {
		f.Limit = 60
	}
	query += ` ORDER BY createat DESC, id LIMIT ` + arg(min(f.Limit, 1000)) + ` OFFSET ` + arg(max(0, f.Offset))
	return db.List(ctx, r.o.DB, scan, query, args...)
}

// Cancel ends a pending job at once and asks a running one to end. A job that has ended already is
// jobs.request_cancellation.status.error, for which the protocol has the status 500.
func (r *Runner) Cancel(ctx context.Context, jobID string) error {
	if _, err := r.Get(ctx, jobID); err != nil {
		return err
	}
	n, err := db.Exec(ctx, r.o.DB, `UPDATE jobs SET lastactivityat = $2,
		status = CASE WHEN status = 'pending' THEN 'canceled' ELSE 'cancel_requested' END
		WHERE id = $1 AND status IN ('pending', 'in_progress', 'cancel_requested')`, jobID, r.o.Now())
	if err != nil {
		return err
	}
	if n == 0 {
		return fault.Invalid("jobs.request_cancellation.status.error").WithStatus(http.StatusInternalServerError)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, j := range r.running {
		if j.ID == jobID {
			j.stop(ErrCanceled)
		}
	}
	return nil
}

// SetStatus changes a job from outside, as administrators may do with one that hangs. Without force only steps that a
// job can take are allowed: pending to canceled, and back from an end to pending; else api.job.status.invalid (400).
func (r *Runner) SetStatus(ctx context.Context, jobID, status string, force bool) error {
	j, err := r.Get(ctx, jobID)
	if err != nil {
		return err
	}
	if status == model.JobStatusCanceled && !force || status == model.JobStatusCancelRequested {
		return r.Cancel(ctx, jobID)
	}
	if !force && !(status == model.JobStatusPending && (j.Done() || j.Status == model.JobStatusInProgress)) {
		return fault.Invalid("api.job.status.invalid", "From", j.Status, "To", status)
	}
	// A new startat is a new fence: whoever runs the job now has lost it.
	_, err = db.Exec(ctx, r.o.DB, `UPDATE jobs SET status = $2, startat = 0, lastactivityat = $3 WHERE id = $1`, jobID, status, r.o.Now())
	r.poke()
	return err
}

// waiting lists what this node could begin: pending jobs, and those whose lease has run out, of the types that it
// knows and isn't running.
func (r *Runner) waiting(ctx context.Context) ([]*model.Job, error) {
	r.mu.Lock()
	types := make([]string, 0, len(r.funcs))
	for t := range r.funcs {
		if r.running[t] == nil {
			types = append(types, t)
		}
	}
	r.mu.Unlock()
	if len(types) == 0 {
		return nil, nil
	}
	return db.List(ctx, r.o.DB, scan, `SELECT `+columns+` FROM jobs
		WHERE status = ANY($1) AND type = ANY($2) AND (status = 'pending' OR COALESCE(lastactivityat, 0) < $3)
		ORDER BY priority DESC, createat LIMIT 100`,
		[]string{model.JobStatusPending, model.JobStatusInProgress, model.JobStatusCancelRequested}, types, r.expired())
}

// expired is the moment before which a lease not renewed has run out.
func (r *Runner) expired() int64 { return r.o.Now() - r.o.Lease.Milliseconds() }

// claim takes a waiting job for this node; nil when another node was faster, a job of its type has begun here since,
// or the job has ended for good.
func (r *Runner) claim(ctx context.Context, row *model.Job) (*Job, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.running[row.Type] != nil {
		return nil, nil
	}
	status, data := model.JobStatusInProgress, maps.Clone(row.Data)
	if row.Status != model.JobStatusPending {
		n, _ := strconv.Atoi(data["attempts"])
		data["attempts"] = strconv.Itoa(n + 1)
		switch {
		case row.Status == model.JobStatusCancelRequested:
			status = model.JobStatusCanceled
		case n+1 >= maxAttempts:
			status, data["error"] = model.JobStatusError, "given up: the server stopped each time while the job ran"
		}
	}
	// The fence must differ from the one before even when both fall into the same millisecond.
	now := max(r.o.Now(), row.StartAt+1)
	n, err := db.Exec(ctx, r.o.DB, `UPDATE jobs SET status = $2, startat = $3, lastactivityat = $4, data = $5
		WHERE id = $1 AND status = $6 AND COALESCE(startat, 0) = $7 AND (status = 'pending' OR COALESCE(lastactivityat, 0) < $8)`,
		row.ID, status, now, r.o.Now(), db.JSON(data), row.Status, row.StartAt, r.expired())
	if err != nil || n == 0 || status != model.JobStatusInProgress {
		return nil, err
	}
	j := &Job{Job: *row, runner: r, fn: r.funcs[row.Type], fence: now}
	j.Status, j.StartAt, j.LastActivityAt, j.Data = status, now, now, data
	j.ctx, j.stop = context.WithCancelCause(ctx)
	r.running[row.Type] = j
	return j, nil
}

// renew keeps the leases of the running jobs, and passes on what happened to them elsewhere: a wish to cancel, or the
// loss of the lease.
func (r *Runner) renew(ctx context.Context) {
	r.mu.Lock()
	list := make([]*Job, 0, len(r.running))
	for _, j := range r.running {
		list = append(list, j)
	}
	r.mu.Unlock()
	for _, j := range list {
		status, err := db.Value[string](ctx, r.o.DB, `UPDATE jobs SET lastactivityat = $3
			WHERE id = $1 AND startat = $2 AND status IN ('in_progress', 'cancel_requested') RETURNING status`, j.ID, j.fence, r.o.Now())
		switch {
		case errors.Is(err, db.ErrNotFound):
			j.stop(ErrLost)
		case err != nil:
			r.o.Log.Warn("the lease of a job could not be renewed", "job", j.ID, "type", j.Type, "error", err)
		case status == model.JobStatusCancelRequested:
			j.stop(ErrCanceled)
		}
	}
}

// save writes progress and data of a running job.
func (r *Runner) save(ctx context.Context, j *Job) error {
	j.mu.Lock()
	progress, data := j.Progress, maps.Clone(j.Data)
	j.mu.Unlock()
	n, err := db.Exec(ctx, r.o.DB, `UPDATE jobs SET progress = $3, data = $4, lastactivityat = $5
		WHERE id = $1 AND startat = $2 AND status IN ('in_progress', 'cancel_requested')`, j.ID, j.fence, progress, db.JSON(data), r.o.Now())
	if err == nil && n == 0 {
		return ErrLost
	}
	return err
}

// finish notes how a job ended. It must happen although the job's context has ended.
func (r *Runner) finish(j *Job, err error) error {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	switch {
	case errors.Is(err, ErrLost):
		return nil
	case errors.Is(err, ErrStopping):
		j.Status = model.JobStatusPending
		return r.release(ctx, j)
	case errors.Is(err, ErrCanceled):
		j.Status = model.JobStatusCanceled
	case err != nil:
		j.Status = model.JobStatusError
	default:
		j.Status = model.JobStatusSuccess
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.Status == model.JobStatusSuccess {
		j.Progress = 100
	}
	if j.Status == model.JobStatusError {
		j.Data["error"] = short(err.Error())
	}
	_, werr := db.Exec(ctx, r.o.DB, `UPDATE jobs SET status = $3, progress = $4, data = $5, lastactivityat = $6
		WHERE id = $1 AND startat = $2 AND status IN ('in_progress', 'cancel_requested')`,
		j.ID, j.fence, j.Status, j.Progress, db.JSON(j.Data), r.o.Now())
	return werr
}

// release gives a job back to the queue, with the data that it has saved; one that was to be cancelled ends instead.
func (r *Runner) release(ctx context.Context, j *Job) error {
	_, err := db.Exec(ctx, r.o.DB, `UPDATE jobs SET startat = 0, lastactivityat = $3,
		status = CASE WHEN status = 'cancel_requested' THEN 'canceled' ELSE 'pending' END
		WHERE id = $1 AND startat = $2 AND status IN ('in_progress', 'cancel_requested')`, j.ID, j.fence, r.o.Now())
	return err
}

func short(s string) string {
	if r := []rune(s); len(r) > 2000 {
		return string(r[:2000]) + "…"
	}
	return s
}
