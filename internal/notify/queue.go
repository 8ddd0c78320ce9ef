package notify

import (
	"context"
	"math/rand/v2"
	"strconv"
	"time"

	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/id"
)

// The ways out.
const (
	kindEmail = "email"
	kindPush  = "push" // to phones through the push proxy
	kindWeb   = "web"  // web push and UnifiedPush
)

// The kinds of news.
const (
	typeMessage = "message"
	typeClear   = "clear"
	// typeReminder tells of a message again; to devices it is a message.
	typeReminder = "reminder"
	typeBadge    = "badge"   // the number on the app's icon has changed
	typeSession  = "session" // the device's session has ended
)

// item is one row of the queue: one notification for one device or address.
type item struct {
	ID, Kind, Type, UserID, Target, PostID, ChannelID, RootID string
	CreateAt, DueAt                                           int64 // Unix ms
	Attempts                                                  int

	round  int    // which reminder of a message it is
	result Reason // after sending: why not, or Told
	again  bool   // it is tried again later
}

const itemColumns = `id, kind, type, userid, target, postid, channelid, rootid, createat, dueat, attempts`

func scanItem(r db.Row) (*item, error) {
	i := &item{}
	return i, r.Scan(&i.ID, &i.Kind, &i.Type, &i.UserID, &i.Target, &i.PostID, &i.ChannelID, &i.RootID, &i.CreateAt, &i.DueAt, &i.Attempts)
}

// dedupe names a notification: the same one is queued once. A clear or a new
// number is news each time.
func (i *item) dedupe() string {
	if i.Type == typeClear || i.Type == typeBadge {
		return i.ID
	}
	name := i.Kind + " " + i.Type + " " + i.UserID + " " + i.Target + " " + i.PostID
	if i.Type == typeReminder {
		name += " " + strconv.Itoa(i.round)
	}
	return name
}

// insertRows is how many rows a statement inserts at most, of so many columns.
const (
	insertRows   = 500
	queueColumns = 15
)

// add queues notifications; those that were queued before are left as they are.
func (n *Notify) add(ctx context.Context, list []*item) error {
	if len(list) == 0 {
		return nil
	}
	kinds := map[string]bool{}
	for from := 0; from < len(list); from += insertRows {
		part := list[from:min(len(list), from+insertRows)]
		args := make([]any, 0, len(part)*queueColumns)
		for _, i := range part {
			i.ID = id.New()
			kinds[i.Kind] = true
			args = append(args, i.ID, i.dedupe(), i.Kind, i.Type, i.UserID, i.Target, i.PostID, i.ChannelID, i.RootID, i.CreateAt, i.DueAt,
				0, 0, 0, "")
		}
		if _, err := db.Exec(ctx, n.db, `INSERT INTO parley_notify_queue (id, dedupe, kind, type, userid, target, postid, channelid, rootid,
			createat, dueat, leaseuntil, attempts, doneat, result) VALUES `+db.Tuples(len(part), queueColumns, 0)+
			` ON CONFLICT (dedupe) DO NOTHING`, args...); err != nil {
			return err
		}
	}
	for k := range kinds {
		n.poke(k)
	}
	return nil
}

// lease is how long a notification may take to be sent. One whose lease ends
// without a result was in flight when its node died: whether it went out is
// unknown, and it isn't sent again.
const lease = 2 * time.Minute

// claim takes up to limit notifications of a kind that are due.
func (n *Notify) claim(ctx context.Context, kind string, limit int) ([]*item, error) {
	now := n.now()
	return db.List(ctx, n.db, scanItem, `UPDATE parley_notify_queue SET leaseuntil = $1, attempts = attempts + 1
		WHERE doneat = 0 AND leaseuntil = 0 AND id IN (SELECT id FROM parley_notify_queue
			WHERE kind = $2 AND doneat = 0 AND leaseuntil = 0 AND dueat <= $3 ORDER BY dueat LIMIT $4)
		RETURNING `+itemColumns, now+lease.Milliseconds(), kind, now, limit)
}

// claimDigest takes what waits for the person whose mail is due first, up to
// limit notifications, also those that aren't due by themselves.
func (n *Notify) claimDigest(ctx context.Context, limit int) ([]*item, error) {
	now := n.now()
	return db.List(ctx, n.db, scanItem, `UPDATE parley_notify_queue SET leaseuntil = $1, attempts = attempts + 1
		WHERE doneat = 0 AND leaseuntil = 0 AND id IN (SELECT id FROM parley_notify_queue
			WHERE kind = $2 AND doneat = 0 AND leaseuntil = 0 AND userid = (SELECT userid FROM parley_notify_queue
				WHERE kind = $2 AND doneat = 0 AND leaseuntil = 0 AND dueat <= $3 ORDER BY dueat LIMIT 1)
			ORDER BY createat LIMIT $4)
		RETURNING `+itemColumns, now+lease.Milliseconds(), kindEmail, now, limit)
}

// nextDue is when the next notification of a kind is due, 0 for never.
func (n *Notify) nextDue(ctx context.Context, kind string) (int64, error) {
	return db.Value[int64](ctx, n.db, `SELECT coalesce(min(dueat), 0) FROM parley_notify_queue WHERE kind = $1 AND doneat = 0 AND leaseuntil = 0`, kind)
}

// settle notes what became of claimed notifications. It works after the server
// was told to stop, too.
func (n *Notify) settle(ctx context.Context, list []*item) error {
	if len(list) == 0 {
		return nil
	}
	ctx = context.WithoutCancel(ctx)
	now := n.now()
	return n.db.Tx(ctx, func(tx *db.Tx) error {
		done := map[Reason][]string{}
		for _, i := range list {
			if !i.again {
				done[i.result] = append(done[i.result], i.ID)
				continue
			}
			if _, err := db.Exec(ctx, tx, `UPDATE parley_notify_queue SET leaseuntil = 0, attempts = $2, dueat = $3 WHERE id = $1`,
				i.ID, i.Attempts, i.DueAt); err != nil {
				return err
			}
		}
		for why, ids := range done {
			if _, err := db.Exec(ctx, tx, `UPDATE parley_notify_queue SET doneat = $2, leaseuntil = 0, result = $3 WHERE id = ANY($1)`,
				ids, now, string(why)); err != nil {
				return err
			}
		}
		return nil
	})
}

// drop ends what is still queued for a target that no longer exists.
func (n *Notify) drop(ctx context.Context, q db.Querier, userID, target string) error {
	_, err := db.Exec(ctx, q, `UPDATE parley_notify_queue SET doneat = $3, result = 'gone'
		WHERE userid = $1 AND target = $2 AND doneat = 0 AND leaseuntil = 0`, userID, target, n.now())
	return err
}

// Times of the queue.
const (
	keepDone  = 24 * time.Hour // how long a sent one is remembered
	giveUp    = 24 * time.Hour // of a mail that can't be sent
	tooOld    = time.Hour      // of a push that can't be sent
	pruneRows = 5000
)

// prune forgets what was sent long ago, and gives up what was in flight when
// its node died.
func (n *Notify) prune(ctx context.Context) error {
	now := n.now()
	if _, err := db.Exec(ctx, n.db, `UPDATE parley_notify_queue SET doneat = $1, result = 'unknown'
		WHERE doneat = 0 AND leaseuntil > 0 AND leaseuntil < $1`, now); err != nil {
		return err
	}
	_, err := db.Exec(ctx, n.db, `DELETE FROM parley_notify_queue WHERE id IN (
		SELECT id FROM parley_notify_queue WHERE doneat > 0 AND doneat < $1 LIMIT $2)`, now-keepDone.Milliseconds(), pruneRows)
	return err
}

// backoff is how long to wait after so many failures in a row: from one
// second to a minute, up to a half more by chance so that many don't come back at once.
func backoff(failures int) time.Duration {
	d := time.Second << min(max(failures-1, 0), 6)
	d = min(d, time.Minute)
	return d + rand.N(d/2)
}

// retry has an item tried again, or gives it up when it is too old.
func (n *Notify) retry(i *item, within time.Duration, why Reason) {
	if n.now()-i.CreateAt > within.Milliseconds() {
		i.result = why
		return
	}
	i.again = true
	i.DueAt = n.now() + backoff(i.Attempts).Milliseconds()
}
