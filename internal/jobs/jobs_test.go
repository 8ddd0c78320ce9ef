package jobs

import (
	"context"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/db/dbtest"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/model"
)

// clock is a time that tests move.
type clock struct{ ms atomic.Int64 }

func newClock() *clock {
	c := &clock{}
	c.ms.Store(time.Date(2026, 5, 4, 12, 0, 0, 0, time.Local).UnixMilli())
	return c
}

func (c *clock) now() int64              { return c.ms.Load() }
func (c *clock) move(d time.Duration)    { c.ms.Add(d.Milliseconds()) }
func (c *clock) runner(d *db.DB) *Runner { return New(Options{DB: d, Now: c.now}) }

func status(t *testing.T, r *Runner, jobID string) *model.Job {
	t.Helper()
	j, err := r.Get(context.Background(), jobID)
	if err != nil {
		t.Fatal(err)
	}
	return j
}

func enqueue(t *testing.T, r *Runner, jobType string, data map[string]string) string {
	t.Helper()
	j, err := r.Enqueue(context.Background(), r.o.DB, jobType, data)
	if err != nil {
		t.Fatal(err)
	}
	return j.ID
}

func TestJobsRunAndEnd(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		r := newClock().runner(d)
		r.Register("good", func(ctx context.Context, j *Job) error {
			return j.Save(ctx, 50, map[string]string{"seen": j.Data["word"]})
		})
		r.Register("bad", func(context.Context, *Job) error { return errors.New("no luck") })
		r.Register("worse", func(context.Context, *Job) error { panic("oh") })
		good, bad, worse, other := enqueue(t, r, "good", map[string]string{"word": "ü"}), enqueue(t, r, "bad", nil),
			enqueue(t, r, "worse", nil), enqueue(t, r, "unknown", nil)
		for range 3 { // two workers, three jobs
			r.turn(ctx)
			r.ended.Wait()
		}
		if j := status(t, r, good); j.Status != model.JobStatusSuccess || j.Progress != 100 || j.Data["seen"] != "ü" || j.StartAt == 0 {
			t.Errorf("%+v", j)
		}
		if j := status(t, r, bad); j.Status != model.JobStatusError || j.Data["error"] != "no luck" {
			t.Errorf("%+v", j)
		}
		if j := status(t, r, worse); j.Status != model.JobStatusError || !strings.Contains(j.Data["error"], "panicked: oh") {
			t.Errorf("%+v", j)
		}
		if j := status(t, r, other); j.Status != model.JobStatusPending {
			t.Errorf("%+v", j)
		}
		list, err := r.List(ctx, Filter{Types: []string{"good", "bad"}, Status: model.JobStatusError})
		if err != nil || len(list) != 1 || list[0].ID != bad {
			t.Errorf("%v %v", list, err)
		}
		if _, err := r.Get(ctx, "nobody"); !fault.Is(err, "app.job.get.app_error") {
			t.Error(err)
		}
	})
}

func TestRolledBackJobsNeverWere(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		r := newClock().runner(d)
		var jobID string
		err := d.Tx(context.Background(), func(tx *db.Tx) error {
			j, err := r.Enqueue(tx.Context(), tx, "x", nil)
			if err != nil {
				return err
			}
			jobID = j.ID
			return errors.New("undo")
		})
		if err == nil || len(r.wake) != 0 {
			t.Fatal("woken for nothing", err)
		}
		if _, err := r.Get(context.Background(), jobID); !fault.IsNotFound(err) {
			t.Fatal(err)
		}
	})
}

// hold is a job that runs until it is told otherwise, and says why it ended.
func hold(r *Runner, jobType string) (begun chan *Job, ended chan error) {
	begun, ended = make(chan *Job, 5), make(chan error, 5)
	r.Register(jobType, func(ctx context.Context, j *Job) error {
		begun <- j
		<-ctx.Done()
		ended <- context.Cause(ctx)
		return ctx.Err()
	})
	return begun, ended
}

// TestTakenOver lets a node die in the middle of a job: another takes over when the lease has run out, not before, and
// the first one changes nothing any more.
func TestTakenOver(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, c := context.Background(), newClock()
		dead, alive := c.runner(d), c.runner(d)
		begun, ended := hold(dead, "x")
		done := make(chan string, 1)
		alive.Register("x", func(_ context.Context, j *Job) error { done <- j.Data["half"]; return nil })
		jobID := enqueue(t, dead, "x", nil)
		dead.turn(ctx)
		first := <-begun
		if err := first.Save(ctx, 50, map[string]string{"half": "done"}); err != nil {
			t.Fatal(err)
		}
		c.move(40 * time.Second)
		dead.renew(ctx)
		c.move(40 * time.Second)
		alive.turn(ctx)
		alive.ended.Wait()
		if len(done) != 0 {
			t.Fatal("taken over while the lease was good")
		}
		c.move(30 * time.Second)
		alive.turn(ctx)
		if half := <-done; half != "done" {
			t.Fatalf("what was saved is lost: %q", half)
		}
		alive.ended.Wait()
		if err := first.Save(ctx, 60, nil); !errors.Is(err, ErrLost) {
			t.Errorf("the dead node wrote: %v", err)
		}
		dead.renew(ctx)
		if err := <-ended; !errors.Is(err, ErrLost) {
			t.Errorf("the dead node wasn't told: %v", err)
		}
		dead.ended.Wait()
		if j := status(t, alive, jobID); j.Status != model.JobStatusSuccess || j.Data["attempts"] != "1" || j.Progress != 100 {
			t.Errorf("%+v", j)
		}
	})
}

func TestGivenUpAfterThreeDeaths(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, c := context.Background(), newClock()
		var jobID string
		for n := range maxAttempts {
			r := c.runner(d)
			begun, _ := hold(r, "x")
			if n == 0 {
				jobID = enqueue(t, r, "x", nil)
			}
			r.turn(ctx)
			j := <-begun // and the node is never heard of again
			t.Cleanup(func() { j.stop(ErrLost); r.ended.Wait() })
			c.move(2 * time.Minute)
		}
		r := c.runner(d)
		begun, _ := hold(r, "x")
		r.turn(ctx)
		if j := status(t, r, jobID); j.Status != model.JobStatusError || !strings.Contains(j.Data["error"], "given up") || len(begun) != 0 {
			t.Fatalf("%+v", j)
		}
	})
}

func TestStoppingGivesBack(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		c := newClock()
		r := c.runner(d)
		begun, ended := hold(r, "x")
		jobID := enqueue(t, r, "x", nil)
		ctx, stop := context.WithCancel(context.Background())
		over := make(chan struct{})
		go func() { r.Run(ctx); close(over) }()
		<-begun
		stop()
		<-over
		if err := <-ended; !errors.Is(err, ErrStopping) {
			t.Error(err)
		}
		if j := status(t, r, jobID); j.Status != model.JobStatusPending || j.StartAt != 0 {
			t.Errorf("%+v", j)
		}
	})
}

// TestStubbornJob doesn't return when the server stops: it is given back all the same, and its late end changes nothing.
func TestStubbornJob(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		r := New(Options{DB: d, Now: newClock().now, Drain: time.Millisecond})
		begun, letGo := make(chan struct{}), make(chan struct{})
		r.Register("x", func(context.Context, *Job) error { close(begun); <-letGo; return nil })
		jobID := enqueue(t, r, "x", nil)
		ctx, stop := context.WithCancel(context.Background())
		over := make(chan struct{})
		go func() { r.Run(ctx); close(over) }()
		<-begun
		stop()
		<-over
		close(letGo)
		r.ended.Wait()
		if j := status(t, r, jobID); j.Status != model.JobStatusPending {
			t.Errorf("%+v", j)
		}
	})
}

func TestCancel(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, c := context.Background(), newClock()
		here, there := c.runner(d), c.runner(d)
		begun, ended := hold(here, "x")
		running, waiting := enqueue(t, here, "x", nil), enqueue(t, here, "y", nil)
		here.turn(ctx)
		<-begun
		for _, jobID := range []string{running, waiting} {
			if err := there.Cancel(ctx, jobID); err != nil {
				t.Fatal(err)
			}
		}
		here.renew(ctx)
		if err := <-ended; !errors.Is(err, ErrCanceled) {
			t.Error(err)
		}
		here.ended.Wait()
		for _, jobID := range []string{running, waiting} {
			if j := status(t, here, jobID); j.Status != model.JobStatusCanceled {
				t.Errorf("%+v", j)
			}
			if err := here.Cancel(ctx, jobID); !fault.Is(err, "jobs.request_cancellation.status.error") {
				t.Error(err)
			}
		}
		if err := here.SetStatus(ctx, waiting, model.JobStatusSuccess, false); !fault.Is(err, "api.job.status.invalid") {
			t.Error(err)
		}
		if err := here.SetStatus(ctx, waiting, model.JobStatusPending, false); err != nil || status(t, here, waiting).Status != model.JobStatusPending {
			t.Error(err)
		}
	})
}

func TestEvery(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, c := context.Background(), newClock()
		var ran atomic.Int64
		nodes := []*Runner{c.runner(d), c.runner(d)}
		for _, r := range nodes {
			r.Every("tidy", time.Hour, func(context.Context, *Job) error { ran.Add(1); return nil })
		}
		for _, step := range []struct {
			move time.Duration
			want int64
		}{{0, 1}, {30 * time.Minute, 1}, {30 * time.Minute, 2}, {5 * time.Hour, 3}, {20 * time.Hour, 4}} {
			c.move(step.move)
			for _, r := range nodes {
				r.turn(ctx)
				r.ended.Wait()
			}
			if got := ran.Load(); got != step.want {
				t.Fatalf("ran %d times, want %d", got, step.want)
			}
		}
		list, err := nodes[0].List(ctx, Filter{Types: []string{"tidy"}})
		if err != nil || len(list) != 2 { // those of more than a day ago are gone
			t.Fatalf("%d jobs are kept, %v", len(list), err)
		}
	})
}

func TestDaily(t *testing.T) {
	noon := newClock().now()
	at := func(s string) *schedule { return &schedule{interval: 24 * time.Hour, at: func() string { return s }} }
	hours := func(n float64) int64 { return noon + int64(n*float64(time.Hour/time.Millisecond)) }
	for _, c := range []struct {
		at         string
		last, want int64
	}{
		{"13:00", 0, hours(1)}, {"11:30", 0, hours(-0.5)}, {"11:30", hours(-0.25), hours(23.5)}, {"09:00", 0, hours(21)},
		{"12:00", hours(-24), noon}, {"nonsense", 0, hours(24)},
	} {
		if got := at(c.at).after(c.last, noon); got != c.want {
			t.Errorf("%s after %d: in %v, want %v", c.at, c.last, time.Duration(got-noon)*time.Millisecond, time.Duration(c.want-noon)*time.Millisecond)
		}
	}
}

func TestQueriesUseIndexes(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		dbtest.UsesIndex(t, d, `SELECT COALESCE(MAX(createat), 0) FROM jobs WHERE type = $1`, "x")
		dbtest.UsesIndex(t, d, `SELECT id FROM jobs WHERE status = ANY($1) AND type = ANY($2)`, []string{"pending"}, []string{"x"})
	})
}

// Two nodes that look at the queue at the same moment run each job once, and
// queue what is due once.
func TestNodesShareTheQueue(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, c := context.Background(), newClock()
		var runs sync.Map
		var twice, ticks atomic.Int64
		nodes := []*Runner{c.runner(d), c.runner(d)}
		for _, r := range nodes {
			r.Register("x", func(_ context.Context, j *Job) error {
				if _, before := runs.LoadOrStore(j.ID, true); before {
					twice.Add(1)
				}
				return nil
			})
			r.Every("regular", time.Hour, func(context.Context, *Job) error { ticks.Add(1); return nil })
		}
		const many = 20
		for i := range many {
			enqueue(t, nodes[i%2], "x", nil)
		}
		for done := 0; done < many; {
			var both sync.WaitGroup
			for _, r := range nodes {
				both.Go(func() { r.turn(ctx); r.ended.Wait() })
			}
			both.Wait()
			done = 0
			runs.Range(func(any, any) bool { done++; return true })
		}
		if twice.Load() != 0 || ticks.Load() != 1 {
			t.Errorf("%d jobs ran twice, the regular one %d times", twice.Load(), ticks.Load())
		}
	})
}
