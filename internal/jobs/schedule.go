package jobs

import (
	"context"
	"fmt"
	"runtime/debug"
	"time"

	"github.com/parley-chat/parley/internal/db"
)

// schedule is when jobs of a type are put into the queue.
type schedule struct {
	jobType  string
	interval time.Duration
	at       func() string // daily: "HH:MM", asked each time because it is a setting
	on       func() bool   // nil is always
	next     int64         // not due before; saves asking the database
}

// Every puts a job of the type name into the queue when interval has passed since the last one, on one node only,
// and registers fn as what it does. The first is due at once. Successful jobs older than ten intervals (a day at
// least) are removed.
func (r *Runner) Every(name string, interval time.Duration, fn Func) {
	r.Register(name, fn)
	r.add(&schedule{jobType: name, interval: max(interval, time.Second)})
}

// Daily is Every for once a day at the time that at gives, "HH:MM" in the server's time zone; on says whether the
// job is wanted at all. Both are asked each time, because they are settings.
func (r *Runner) Daily(name string, at func() string, on func() bool, fn Func) {
	r.Register(name, fn)
	r.add(&schedule{jobType: name, interval: 24 * time.Hour, at: at, on: on})
}

func (r *Runner) add(s *schedule) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.schedules = append(r.schedules, s)
}

// schedule queues the jobs that are due.
func (r *Runner) schedule(ctx context.Context) {
	r.mu.Lock()
	list := append([]*schedule{}, r.schedules...)
	r.mu.Unlock()
	for _, s := range list {
		if s.on != nil && !s.on() || r.o.Now() < s.next {
			continue
		}
		if err := r.due(ctx, s); err != nil {
			r.o.Log.Error("a regular job could not be queued", "type", s.jobType, "error", err)
		}
	}
}

// due asks when the last job of the type was made and makes the next one if it is time. The lock and the single
// writer of SQLite see to it that only one node does.
func (r *Runner) due(ctx context.Context, s *schedule) error {
	next, err := r.next(ctx, r.o.DB, s)
	if err == nil && next <= r.o.Now() {
		err = r.o.DB.Tx(ctx, func(tx *db.Tx) (err error) {
			next, err = r.queue(ctx, tx, s)
			return err
		})
	}
	if err == nil {
		s.next = next
		if s.at != nil { // the setting may change to an earlier time
			s.next = min(next, r.o.Now()+time.Minute.Milliseconds())
		}
	}
	return err
}

// queue makes the job unless another node just has, and returns when the one after it is due.
func (r *Runner) queue(ctx context.Context, tx *db.Tx, s *schedule) (int64, error) {
	if err := tx.Lock(ctx, "jobs."+s.jobType); err != nil {
		return 0, err
	}
	now := r.o.Now()
	next, err := r.next(ctx, tx, s)
	if err != nil || next > now {
		return next, err
	}
	if err := r.prune(ctx, tx, s, now); err != nil {
		return 0, err
	}
	_, err = r.Enqueue(ctx, tx, s.jobType, nil)
	return s.after(now, now), err
}

func (r *Runner) next(ctx context.Context, q db.Querier, s *schedule) (int64, error) {
	last, err := db.Value[int64](ctx, q, `SELECT COALESCE(MAX(createat), 0) FROM jobs WHERE type = $1`, s.jobType)
	return s.after(last, r.o.Now()), err
}

// after is when the job is due, given when the last one was made (0 for never).
func (s *schedule) after(last, now int64) int64 {
	if s.at == nil {
		if last > now { // made under a clock that has been put back
			last = now
		}
		return last + s.interval.Milliseconds()
	}
	clock, err := time.Parse("15:04", s.at())
	if err != nil {
		return now + s.interval.Milliseconds()
	}
	from := time.UnixMilli(now)
	today := time.Date(from.Year(), from.Month(), from.Day(), clock.Hour(), clock.Minute(), 0, 0, from.Location())
	if today.After(from) {
		today = today.AddDate(0, 0, -1)
	}
	// today is now the latest moment that has come; a server that slept through it makes up for it within the hour only.
	late := from.Sub(today) > time.Hour
	if last >= today.UnixMilli() || late {
		return today.AddDate(0, 0, 1).UnixMilli()
	}
	return today.UnixMilli()
}

// prune removes old successful jobs of a regular type, or the table would grow for ever.
func (r *Runner) prune(ctx context.Context, tx *db.Tx, s *schedule, now int64) error {
	old := now - max(10*s.interval, 24*time.Hour).Milliseconds()
	_, err := db.Exec(ctx, tx, `DELETE FROM jobs WHERE status = 'success' AND type = $1 AND createat < $2`, s.jobType, old)
	return err
}

func panicError(p any) error {
	if err, ok := p.(error); ok {
		return fmt.Errorf("the job panicked: %w\n%s", err, debug.Stack())
	}
	return fmt.Errorf("the job panicked: %v\n%s", p, debug.Stack())
}
