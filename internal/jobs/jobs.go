// Package jobs is the queue of background work, kept in the table jobs.
//
// A job is pending, then in progress under a lease: whoever runs it renews lastactivityat, and a
// job whose lease has run out (its node died) is taken over by another node, three times at
// most. startat is the fence: a runner that lost its lease changes nothing any more. A node
// that stops gives its jobs back as pending. So work may run twice and has to bear that; what
// it has done so far it can note with Job.Save.
//
// Every and Daily put a job into the queue when it is due, once among all nodes: the last job
// of the type says when. Each node runs few jobs at once and one of a type.
package jobs

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/metrics"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/traces"
)

// Why a job's context ended; see context.Cause.
var (
	// ErrCanceled: somebody asked for the job to be cancelled.
	ErrCanceled = errors.New("jobs: the job was cancelled")
	// ErrStopping: the server stops; the job goes back into the queue.
	ErrStopping = errors.New("jobs: the server is stopping")
	// ErrLost: another node has taken the job over.
	ErrLost = errors.New("jobs: the lease was lost")
)

// Func does the work of a job. It returns soon after ctx has ended. An error is shown to administrators.
type Func func(ctx context.Context, j *Job) error

// Options say how a Runner works. DB is required.
type Options struct {
	DB      *db.DB
	Log     *slog.Logger     // nil discards
	Metrics *metrics.Metrics // nil counts nothing
	Now     func() int64     // Unix ms; nil is the clock
	// Workers is how many jobs run at once on this node; 0 is 2.
	Workers int
	// Lease is how long a job stays with a node that says nothing; 0 is one minute.
	Lease time.Duration
	// Poll is how often the queue is looked at beside what this node itself puts in; 0 is 15 seconds.
	Poll time.Duration
	// Drain is how long Run waits for its jobs when it stops; 0 is five seconds.
	Drain time.Duration
}

// maxAttempts bounds how often a job whose node died is begun again.
const maxAttempts = 3

// Runner runs jobs on this node.
type Runner struct {
	o     Options
	wake  chan struct{}
	slots chan struct{}

	mu        sync.Mutex
	funcs     map[string]Func
	schedules []*schedule
	running   map[string]*Job // by type
	ended     sync.WaitGroup
}

// New returns a Runner that does nothing before Run.
func New(o Options) *Runner {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = id.Now
	}
	if o.Workers <= 0 {
		o.Workers = 2
	}
	for d, def := range map[*time.Duration]time.Duration{&o.Lease: time.Minute, &o.Poll: 15 * time.Second, &o.Drain: 5 * time.Second} {
		if *d <= 0 {
			*d = def
		}
	}
	return &Runner{o: o, wake: make(chan struct{}, 1), slots: make(chan struct{}, o.Workers),
		funcs: map[string]Func{}, running: map[string]*Job{}}
}

// Register says how jobs of a type are done. Types that no node has registered stay pending.
// Register everything before Run; a type twice is a mistake in the program and panics.
func (r *Runner) Register(jobType string, fn Func) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.funcs[jobType] != nil {
		panic("jobs: " + jobType + " is registered twice")
	}
	r.funcs[jobType] = fn
}

// Registered reports whether this node knows how to do jobs of the type.
func (r *Runner) Registered(jobType string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.funcs[jobType] != nil
}

// Run works until ctx ends, then gives back what is unfinished. It returns when its jobs have
// returned, or after Options.Drain.
func (r *Runner) Run(ctx context.Context) {
	work, stop := context.WithCancelCause(context.WithoutCancel(ctx))
	poll := time.NewTicker(r.o.Poll)
	defer poll.Stop()
	beat := time.NewTicker(r.o.Lease / 3)
	defer beat.Stop()
	for {
		r.turn(work)
		select {
		case <-ctx.Done():
			stop(ErrStopping)
			r.drain()
			return
		case <-beat.C:
			r.renew(work)
		case <-poll.C:
		case <-r.wake:
		}
	}
}

// turn queues what is due and begins what can begin.
func (r *Runner) turn(ctx context.Context) {
	r.schedule(ctx)
	if err := r.begin(ctx); err != nil {
		r.o.Log.Error("the queue of jobs could not be read", "error", err)
	}
}

// poke makes Run look at the queue at once.
func (r *Runner) poke() {
	select {
	case r.wake <- struct{}{}:
	default:
	}
}

// begin claims waiting jobs while workers are free.
func (r *Runner) begin(ctx context.Context) error {
	waiting, err := r.waiting(ctx)
	if err != nil {
		return err
	}
	for _, row := range waiting {
		select {
		case r.slots <- struct{}{}:
		default:
			return nil
		}
		j, err := r.claim(ctx, row)
		if err != nil || j == nil {
			<-r.slots
			if err != nil {
				return err
			}
			continue
		}
		r.ended.Add(1)
		go r.do(j)
	}
	return nil
}

// do runs a claimed job to its end.
func (r *Runner) do(j *Job) {
	defer r.ended.Done()
	r.o.Metrics.JobActive(j.Type, 1)
	log := r.o.Log.With("job", j.ID, "type", j.Type)
	ctx, span := traces.Start(j.ctx, "job "+j.Type)
	j.ctx = ctx
	log.InfoContext(ctx, "job begins")
	err := j.call()
	span.End(err)
	r.o.Metrics.JobActive(j.Type, -1)
	r.mu.Lock()
	delete(r.running, j.Type)
	r.mu.Unlock()
	if ferr := r.finish(j, err); ferr != nil {
		log.ErrorContext(ctx, "the end of the job could not be noted", "error", ferr)
	}
	j.stop(nil)
	<-r.slots
	if err != nil && !errors.Is(err, ErrCanceled) && !errors.Is(err, ErrStopping) {
		log.ErrorContext(ctx, "job failed", "error", err)
	} else {
		log.InfoContext(ctx, "job ends", "status", j.Status)
	}
	r.poke()
}

// drain waits for the running jobs and gives back those that don't return in time.
func (r *Runner) drain() {
	done := make(chan struct{})
	go func() { r.ended.Wait(); close(done) }()
	select {
	case <-done:
		return
	case <-time.After(r.o.Drain):
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, j := range r.running {
		if err := r.release(context.Background(), j); err != nil {
			r.o.Log.Error("a job could not be given back", "job", j.ID, "type", j.Type, "error", err)
		}
	}
}

// Job is a job while it runs.
type Job struct {
	model.Job
	runner *Runner
	fn     Func
	ctx    context.Context
	stop   context.CancelCauseFunc
	fence  int64 // startat of this claim

	mu sync.Mutex // guards Progress and Data against the renewing of the lease
}

// call runs the function and turns a panic into an error, so that one job can't stop the server.
func (j *Job) call() (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = panicError(p)
		}
	}()
	err = j.fn(j.ctx, j)
	if cause := context.Cause(j.ctx); cause != nil && err != nil {
		return cause
	}
	return err
}

// Save notes progress (0 to 100) and adds to the job's data, which a later runner of the same job finds.
// It fails with ErrLost when another node has the job.
func (j *Job) Save(ctx context.Context, progress int64, data map[string]string) error {
	j.mu.Lock()
	j.Progress = progress
	for k, v := range data {
		j.Data[k] = v
	}
	j.mu.Unlock()
	return j.runner.save(ctx, j)
}
