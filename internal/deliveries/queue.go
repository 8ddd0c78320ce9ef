package deliveries

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/traces"
)

const (
	// callsMost is how many queued calls are made at once, and laneCalls how many
	// of them in one lane: a slow one must not hold up the others.
	callsMost, laneCalls = 256, 4
	// callsPerSecond is how many are begun in a second, after callsBurst at once: a
	// long queue must leave the machine to those who write meanwhile.
	callsPerSecond, callsBurst = 300, 100
	// heldMost is how many are claimed at once, and laneHeld how many of them in one lane.
	heldMost, laneHeld = 1024, 32
	// lease is how long a claimed delivery is left to who claimed it: longer than
	// any call takes.
	lease = timeMost + 30*time.Second
	// idle is how long the queue sleeps at most: another node may have filled it.
	idle = 5 * time.Second
	// breath is the least time from one look at the queue to the next, so that many
	// messages are looked at together.
	breath = 20 * time.Millisecond
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
	q := &queue{d: d, lanes: map[string]*lane{}, ended: make(chan ended, settleMost), pace: rate.NewLimiter(callsPerSecond, callsBurst)}
	settled := make(chan struct{})
	go func() {
		defer close(settled)
		q.settle(context.WithoutCancel(ctx))
	}()
	defer func() {
		q.running.Wait()
		close(q.ended)
		<-settled
	}()
	for {
		began := time.Now()
		wait, err := q.turn(ctx)
		if err != nil && ctx.Err() == nil {
			d.Log.Warn("what waits for integrations can't be read", "error", err)
		}
		pause := max(breath, 4*time.Since(began))
		if !slept(ctx, nil, pause) || !slept(ctx, d.wake, wait-pause) {
			return
		}
	}
}

// slept waits for a while, or until something wakes it. It returns false when ctx has ended.
func slept(ctx context.Context, wake <-chan struct{}, long time.Duration) bool {
	timer := time.NewTimer(long)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-wake:
	case <-timer.C:
	}
	return true
}

// queue is the work of one node. What it holds is claimed: no other node has it.
type queue struct {
	d       *Deliveries
	running sync.WaitGroup
	ended   chan ended
	pace    *rate.Limiter

	mu          sync.Mutex
	held, calls int
	lanes       map[string]*lane
}

// lane is what a node holds of an integration at one of its hosts.
type lane struct {
	calls   int         // under way
	waiting []*Delivery // for one of those to end
	more    bool        // are due, perhaps
}

func (l *lane) held() int { return l.calls + len(l.waiting) }

// turn claims what is due and may be called, and returns how long nothing else will be.
func (q *queue) turn(ctx context.Context) (wait time.Duration, err error) {
	due, err := q.d.due(ctx)
	if err != nil {
		return idle, err
	}
	asked, wait := q.room(due, time.Now())
	if len(asked) == 0 {
		return wait, nil
	}
	list, err := q.d.claim(ctx, id.Now(), asked)
	if err != nil {
		return idle, err
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, r := range list {
		q.take(ctx, r)
	}
	return wait, nil
}

// room says how many are to be claimed in which lanes: none where an integration
// rests, one where it is tried again. wait is until when no other lane is due.
func (q *queue) room(due []laneDue, now time.Time) (asked []laneRoom, wait time.Duration) {
	q.mu.Lock()
	defer q.mu.Unlock()
	wait = idle
	free := heldMost - q.held
	for _, one := range due {
		at := time.UnixMilli(one.next)
		if until := q.d.breakers.rests(one.lane, now); until.After(at) {
			at = until
		}
		if at.After(now) {
			wait = min(wait, at.Sub(now))
			continue
		}
		l := q.lanes[one.lane]
		n := laneHeld
		if l != nil {
			n, l.more = laneHeld-l.held(), true
		}
		if q.d.breakers.failing(one.lane) {
			n = min(n, 1)
		}
		if n = min(n, free); n > laneHeld/2 || n > 0 && l == nil {
			asked = append(asked, laneRoom{one.lane, n})
			free -= n
		}
	}
	return asked, wait
}

// take begins a call, or has it wait for one of its lane to end. q.mu is locked.
func (q *queue) take(ctx context.Context, r *Delivery) {
	l := q.lanes[r.lane]
	if l == nil {
		l = &lane{more: true}
		q.lanes[r.lane] = l
	}
	q.held++
	if l.calls == laneCalls || q.calls == callsMost {
		l.waiting = append(l.waiting, r)
		return
	}
	l.calls++
	q.calls++
	q.running.Go(func() {
		// A call under way is finished though the server stops: it would come again.
		q.deliver(context.WithoutCancel(ctx), r)
		for r = q.following(ctx, r.lane); r != nil; r = q.following(ctx, r.lane) {
			ours, err := q.d.renew(ctx, r, id.Now())
			if err != nil && ctx.Err() == nil {
				q.d.Log.Warn("a delivery waits for another turn", "delivery_id", r.ID, "error", err)
			}
			if ours {
				q.deliver(context.WithoutCancel(ctx), r)
			}
		}
	})
}

// following ends a call in a lane and returns the one that this worker makes next,
// in the same lane if there is one.
func (q *queue) following(ctx context.Context, name string) *Delivery {
	q.mu.Lock()
	defer q.mu.Unlock()
	l := q.lanes[name]
	q.held--
	l.calls--
	if until := q.d.breakers.rests(name, time.Now()); !until.IsZero() && len(l.waiting) > 0 {
		list := l.waiting
		l.waiting, q.held = nil, q.held-len(list)
		q.running.Go(func() { q.d.giveBack(context.WithoutCancel(ctx), until, list) })
	}
	if l.more && l.held() <= laneHeld/2 {
		l.more = false
		q.d.poke()
	}
	var next *Delivery
	if ctx.Err() == nil {
		if next = l.pop(); next == nil {
			next = q.popOther()
		}
	}
	if l.held() == 0 {
		delete(q.lanes, name)
	}
	if next == nil {
		q.calls--
	}
	return next
}

func (q *queue) popOther() *Delivery {
	for _, l := range q.lanes {
		if r := l.pop(); r != nil {
			return r
		}
	}
	return nil
}

// pop is the next that may be called.
func (l *lane) pop() *Delivery {
	if len(l.waiting) == 0 || l.calls == laneCalls {
		return nil
	}
	r := l.waiting[0]
	l.waiting = l.waiting[1:]
	l.calls++
	return r
}

// giveBack leaves claimed deliveries until some time to whoever is first then.
func (d *Deliveries) giveBack(ctx context.Context, until time.Time, list []*Delivery) {
	ids := make([]string, len(list))
	for i, r := range list {
		ids[i] = r.ID
	}
	if err := d.release(ctx, until.UnixMilli(), ids); err != nil {
		d.Log.Warn("deliveries could not be given back before their lease ends", "of", list[0].Of, "error", err)
	}
}

// deliver makes a queued call and settles what follows.
func (q *queue) deliver(ctx context.Context, r *Delivery) {
	d, c := q.d, r.call()
	_ = q.pace.Wait(ctx) // ctx has no end
	if fn := d.asked[c.Kind]; fn != nil {
		if err := fn(ctx, c); err != nil {
			r.Problem, r.State, r.End = cut(err.Error(), 1000), StateFailed, id.Now()
			q.over(r)
			return
		}
	}
	if fn := d.signing[c.Kind]; fn != nil {
		c.SignsIn = fn(ctx, c)
	}
	ctx, span := traces.Start(ctx, "delivery "+c.Kind)
	answer, err := d.attempt(ctx, c, r)
	if err == nil && answer.Status/100 == 2 {
		if fn := d.answered[c.Kind]; fn != nil {
			if meant := fn(ctx, c, answer); meant != nil {
				r.Problem = cut(meant.Error(), 1000)
				d.Log.Warn("an integration's answer could not be used", "kind", c.Kind, "of", c.Of, "error", meant)
			}
		}
	}
	span.End(err)
	d.rate(r, answer, err)
	q.over(r)
}

// over notes how an attempt ended.
func (q *queue) over(r *Delivery) {
	if r.State != StateWaiting {
		r.trim()
	}
	e := ended{r, make(chan error, 1)}
	q.ended <- e
	if err := <-e.noted; err != nil {
		q.d.Log.Warn("a delivery will be made again, since its end could not be noted", "delivery_id", r.ID, "error", err)
	}
}

// ended is a delivery whose attempt has ended; noted hears when that is written down.
type ended struct {
	r     *Delivery
	noted chan error
}

// settleMost ends are written down in one transaction.
const settleMost = 64

// settle writes down how deliveries went: all those together that end within a breath.
func (q *queue) settle(ctx context.Context) {
	for e := range q.ended {
		list, breathed := []ended{e}, time.After(breath)
		for more := true; more && len(list) < settleMost; {
			select {
			case e, more = <-q.ended:
				if more {
					list = append(list, e)
				}
			case <-breathed:
				more = false
			}
		}
		err := q.note(ctx, list...)
		for _, e := range list {
			if err != nil && len(list) > 1 { // one of them may be what is wrong
				e.noted <- q.note(ctx, e)
			} else {
				e.noted <- err
			}
		}
	}
}

func (q *queue) note(ctx context.Context, list ...ended) error {
	return q.d.DB.Tx(ctx, func(tx *db.Tx) error {
		for _, e := range list {
			if err := settle(ctx, tx, e.r); err != nil {
				return err
			}
		}
		return nil
	})
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
		r.Next = max(now+1000, d.breakers.rests(r.lane, time.Now()).UnixMilli())
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
