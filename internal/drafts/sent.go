package drafts

import (
	"context"
	"errors"
	"slices"
	"sync"

	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/posts"
)

// spot is where a draft stands.
type spot struct{ userID, channelID, rootID string }

// sentQueue holds the places in which somebody has sent a message, with its
// time. Writing a message doesn't wait for the table of drafts.
type sentQueue struct {
	mu   sync.Mutex
	at   map[spot]int64
	wake chan struct{}
}

// maxSent bounds the queue. A draft that was missed is only a nuisance: its
// author's client removes it as well.
const maxSent = 20_000

func newSentQueue() *sentQueue {
	return &sentQueue{at: map[spot]int64{}, wake: make(chan struct{}, 1)}
}

// noteSent hears of new posts; only what a person sent takes a draft away.
func (d *Drafts) noteSent(_ context.Context, s *posts.Saving) {
	if s.SessionID == "" || s.Post.IsSystem() {
		return
	}
	q := d.sent
	q.mu.Lock()
	if len(q.at) < maxSent {
		q.at[spot{s.Post.UserID, s.Post.ChannelID, s.Post.RootID}] = s.Post.CreateAt
	}
	q.mu.Unlock()
	select {
	case q.wake <- struct{}{}:
	default:
	}
}

// followSent removes drafts whose message was sent, until ctx ends.
func (d *Drafts) followSent(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-d.sent.wake:
		}
		d.sent.mu.Lock()
		at := d.sent.at
		d.sent.at = map[spot]int64{}
		d.sent.mu.Unlock()
		if err := d.removeSent(ctx, at); err != nil && ctx.Err() == nil {
			d.log.Error("drafts of sent messages could not be removed", "error", err)
		}
	}
}

// removeSent asks once which of the people have drafts at all: most have none.
func (d *Drafts) removeSent(ctx context.Context, at map[spot]int64) error {
	var people []string
	for s := range at {
		people = append(people, s.userID)
	}
	slices.Sort(people)
	type row struct {
		spot
		updateAt int64
	}
	var errs []error
	for group := range slices.Chunk(slices.Compact(people), 500) {
		rows, err := db.List(ctx, d.db, func(r db.Row) (m row, err error) {
			err = r.Scan(&m.userID, &m.channelID, &m.rootID, &m.updateAt)
			return m, err
		}, `SELECT userid, channelid, rootid, updateat FROM drafts WHERE userid = ANY($1) LIMIT $2`, group, 500*maxList)
		errs = append(errs, err)
		for _, m := range rows {
			// What was written after the message is another one.
			if sentAt, ok := at[m.spot]; !ok || m.updateAt > sentAt {
				continue
			}
			gone, err := d.take(ctx, m.userID, m.channelID, m.rootID)
			if err == nil {
				d.tell(model.EventDraftDeleted, gone, "")
			} else if !errors.Is(err, db.ErrNotFound) {
				errs = append(errs, err)
			}
		}
	}
	return errors.Join(errs...)
}
