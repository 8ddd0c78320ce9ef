package deliveries

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"time"

	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/id"
)

const (
	// callsMost is how many queued calls are made at once, and ofOneMost how many
	// of them to one integration's host: a slow one must not hold up the others.
	callsMost, ofOneMost = 256, 4
	// heldMost is how many are claimed at once, and backlogMost how many of them
	// wait for one integration.
	heldMost, backlogMost = 512, 32
	// lease is how long a claimed delivery is left to who claimed it: longer than
	// any call takes.
	lease = timeMost + 30*time.Second
	// idle is how long the queue sleeps at most: another node may have filled it.
	idle = 5 * time.Second
)

// delays are what passes before each further attempt. After the last a delivery
// has failed: some fifteen hours after it was made.
var delays = []time.Duration{5 * time.Second, 30 * time.Second, 2 * time.Minute, 10 * time.Minute, 30 * time.Minute, 2 * time.Hour, 4 * time.Hour, 8 * time.Hour}

// Enqueue has a call made soon and again until it is answered, once the
// transaction has committed. It is made at least once, whatever happens to the
// server.
func (d *Deliveries) Enqueue(ctx context.Context, tx *db.Tx, c Call) error {
	if c.ID == "" {
		c.ID = id.New()
	}
	tx.AfterCommit(d.poke)
	return d.keep(ctx, tx, newRow(c))
}

func (d *Deliveries) poke() {
	select {
	case d.wake <- struct{}{}:
	default:
	}
}

// Run works the queue off until ctx ends; calls under way are finished.
func (d *Deliveries) Run(ctx context.Context) {
	q := &queue{d: d, busy: map[string]int{}, backlog: map[string][]*Delivery{}}
	defer q.running.Wait()
	for {
		wait, err := q.turn(ctx)
		if err != nil && ctx.Err() == nil {
			d.Log.Warn("what waits for integrations can't be read", "error", err)
		}
		timer := time.NewTimer(wait)
		select {
		case <-ctx.Done():
			timer.Stop()
			return
		case <-d.wake:
			timer.Stop()
		case <-timer.C:
		}
	}
}

// queue is the work of one node. What it holds is claimed: no other node has it.
type queue struct {
	d       *Deliveries
	running sync.WaitGroup

	mu      sync.Mutex
	held    int
	calls   int
	busy    map[string]int         // calls under way by integration and host
	backlog map[string][]*Delivery // claimed and waiting for one of those to end
}

// turn claims what is due and returns how long nothing will be.
func (q *queue) turn(ctx context.Context) (time.Duration, error) {
	for ctx.Err() == nil {
		q.mu.Lock()
		free := heldMost - q.held
		q.mu.Unlock()
		if free < heldMost/4 {
			return idle, nil // whoever ends wakes the queue
		}
		list, err := q.d.claim(ctx, id.Now(), free)
		if err != nil {
			return idle, err
		}
		for _, r := range list {
			q.take(ctx, r)
		}
		if len(list) < free {
			break
		}
	}
	next, err := q.d.next(ctx)
	return max(10*time.Millisecond, min(idle, time.Duration(next-id.Now())*time.Millisecond)), err
}

// take begins a call beside the others. When its integration has enough of them it
// waits in memory, and when enough wait there it goes back for a while.
func (q *queue) take(ctx context.Context, r *Delivery) {
	key := r.call().key()
	if until := q.d.breakers.rests(key, time.Now()); !until.IsZero() {
		q.d.putOff(ctx, until, true, r)
		return
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	switch {
	case q.busy[key] < ofOneMost && q.calls < callsMost:
		q.held++
		q.start(ctx, key, r)
	case len(q.backlog[key]) < backlogMost:
		q.held++
		q.backlog[key] = append(q.backlog[key], r)
	default:
		q.running.Go(func() { q.d.putOff(ctx, time.Now().Add(2*time.Second), false, r) })
	}
}

// start makes calls until nothing is held that may be called. q.mu is locked.
func (q *queue) start(ctx context.Context, key string, r *Delivery) {
	q.busy[key]++
	q.calls++
	q.running.Go(func() {
		// A call under way is finished though the server stops: it would come again.
		q.d.deliver(context.WithoutCancel(ctx), r)
		for key, r = q.following(ctx, key); r != nil; key, r = q.following(ctx, key) {
			ours, err := q.d.renew(ctx, r, id.Now())
			if err != nil && ctx.Err() == nil {
				q.d.Log.Warn("a delivery waits for another turn", "delivery_id", r.ID, "error", err)
			}
			if ours {
				q.d.deliver(context.WithoutCancel(ctx), r)
			}
		}
		q.d.poke()
	})
}

// following ends a call to key and returns the one that this worker makes next,
// of the same integration if there is one.
func (q *queue) following(ctx context.Context, key string) (string, *Delivery) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.held--
	q.free(key)
	if until := q.d.breakers.rests(key, time.Now()); !until.IsZero() && len(q.backlog[key]) > 0 {
		list := q.backlog[key]
		delete(q.backlog, key)
		q.held -= len(list)
		q.running.Go(func() { q.d.putOff(context.WithoutCancel(ctx), until, true, list...) })
	}
	if ctx.Err() == nil {
		if r := q.pop(key); r != nil {
			return key, r
		}
		for other := range q.backlog {
			if q.busy[other] < ofOneMost {
				return other, q.pop(other)
			}
		}
	}
	q.calls--
	return "", nil
}

func (q *queue) free(key string) {
	if q.busy[key]--; q.busy[key] == 0 {
		delete(q.busy, key)
	}
}

func (q *queue) pop(key string) *Delivery {
	list := q.backlog[key]
	if len(list) == 0 {
		return nil
	}
	if q.backlog[key] = list[1:]; len(list) == 1 {
		delete(q.backlog, key)
	}
	q.busy[key]++
	return list[0]
}

// putOff gives claimed deliveries of one integration back until some time; all
// says that so do the others that wait for it, so that what rests doesn't stand
// in the way.
func (d *Deliveries) putOff(ctx context.Context, until time.Time, all bool, list ...*Delivery) {
	ids := make([]string, len(list))
	for i, r := range list {
		ids[i] = r.ID
	}
	err := d.release(ctx, until.UnixMilli(), ids)
	if err == nil && all {
		err = d.postpone(ctx, list[0], until.UnixMilli())
	}
	if err != nil && ctx.Err() == nil {
		d.Log.Warn("deliveries could not be put off", "of", list[0].Of, "error", err)
	}
}

// deliver makes a queued call and settles what follows.
func (d *Deliveries) deliver(ctx context.Context, r *Delivery) {
	c := r.call()
	if fn := d.asked[c.Kind]; fn != nil {
		if err := fn(ctx, c); err != nil {
			r.Problem, r.State, r.End = cut(err.Error(), 1000), StateFailed, id.Now()
			d.over(ctx, r)
			return
		}
	}
	answer, err := d.attempt(ctx, c, r)
	if err == nil && answer.Status/100 == 2 {
		if fn := d.answered[c.Kind]; fn != nil {
			if meant := fn(ctx, c, answer); meant != nil {
				r.Problem = cut(meant.Error(), 1000)
				d.Log.Warn("an integration's answer could not be used", "kind", c.Kind, "of", c.Of, "error", meant)
			}
		}
	}
	d.rate(r, answer, err)
	d.over(ctx, r)
}

// over notes how an attempt ended.
func (d *Deliveries) over(ctx context.Context, r *Delivery) {
	if r.State != StateWaiting {
		r.trim()
	}
	if err := d.settle(ctx, r); err != nil {
		d.Log.Warn("a delivery will be made again, since its end could not be noted", "delivery_id", r.ID, "error", err)
	}
}

// rate says whether a delivery is over. What the receiver refuses for good is
// not repeated: it would refuse it again.
func (d *Deliveries) rate(r *Delivery, answer *Answer, err error) {
	now := id.Now()
	passing := err != nil
	if err == nil {
		switch {
		case answer.Status/100 == 2:
			r.State, r.End = StateDone, now
			return
		case answer.Status >= 500, answer.Status == http.StatusTooManyRequests, answer.Status == http.StatusRequestTimeout:
			passing = true
		}
	}
	switch {
	case errors.Is(err, ErrOpen):
		r.Next = max(now+1000, d.breakers.rests(r.call().key(), time.Now()).UnixMilli())
	case passing && r.Attempts <= len(delays):
		r.Next = now + delays[r.Attempts-1].Milliseconds()
	default:
		r.State, r.End = StateFailed, now
	}
}

// replayMost bounds what is sent again at once.
const replayMost = 10_000

// Replay has everything sent again that an integration was sent since a time in
// milliseconds and that is still kept, the oldest first, by what like says of
// address and secret. It returns how much that is, replayMost at most.
func (d *Deliveries) Replay(ctx context.Context, like Call, since int64) (int, error) {
	n := 0
	err := d.DB.Tx(ctx, func(tx *db.Tx) error {
		n = 0
		bodies, err := db.List(ctx, tx, db.One[string], `SELECT body FROM parley_deliveries WHERE kind = $1 AND ofid = $2 AND createat >= $3 AND about <> 'again'
			ORDER BY createat, id LIMIT $4`, like.Kind, like.Of, since, replayMost)
		if err != nil {
			return err
		}
		for _, body := range bodies {
			c := like
			c.ID, c.Body, c.About = id.New(), []byte(body), "again"
			if err := d.Enqueue(ctx, tx, c); err != nil {
				return err
			}
			n++
		}
		return nil
	})
	return n, err
}
