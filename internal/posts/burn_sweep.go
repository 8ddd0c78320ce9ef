package posts

import (
	"context"
	"errors"

	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/realtime"
)

// burnBatch is how many posts are burned before the next are looked for.
const burnBatch = 200

// SweepBurned deletes for good, and for everybody, the burn-on-read posts whose
// time has run out by now (Unix ms). What fails is tried again by the next sweep.
func (p *Posts) SweepBurned(ctx context.Context, now int64) error {
	var errs []error
	for after := ""; ; {
		due, err := db.List(ctx, p.db, db.One[string], `SELECT postid FROM temporaryposts WHERE expireat <= $1 AND postid > $2
			ORDER BY postid LIMIT $3`, now, after, burnBatch)
		if err != nil || len(due) == 0 {
			return errors.Join(append(errs, err)...)
		}
		for _, postID := range due {
			errs = append(errs, p.burnOut(ctx, postID))
		}
		after = due[len(due)-1]
	}
}

func (p *Posts) burnOut(ctx context.Context, postID string) error {
	post, err := p.load(ctx, p.db, postID, true)
	if fault.IsNotFound(err) { // its post went another way
		_, err = p.db.Exec(ctx, `DELETE FROM temporaryposts WHERE postid = $1`, postID)
		return err
	}
	if err != nil {
		return err
	}
	return p.remove(ctx, post.UserID, post, true)
}

// allRevealed gives a post no more time than its last reader once everybody in
// its channel has revealed it, and tells its author.
func (p *Posts) allRevealed(ctx context.Context, post *model.Post) error {
	waiting, err := db.List(ctx, p.db, db.One[string], `SELECT m.userid FROM channelmembers m JOIN users u ON u.id = m.userid
		WHERE m.channelid = $1 AND m.userid <> $2 AND coalesce(u.deleteat,0) = 0
		AND NOT EXISTS (SELECT 1 FROM bots b WHERE b.userid = m.userid)
		AND NOT EXISTS (SELECT 1 FROM readreceipts r WHERE r.postid = $3 AND r.userid = m.userid) LIMIT 1`, post.ChannelID, post.UserID, post.ID)
	if err != nil || len(waiting) > 0 {
		return err
	}
	last, err := db.Value[int64](ctx, p.db, `SELECT coalesce(max(expireat),0) FROM readreceipts WHERE postid = $1`, post.ID)
	if err != nil || last == 0 {
		return err
	}
	if _, err = p.db.Exec(ctx, `UPDATE temporaryposts SET expireat = least(expireat, $2) WHERE postid = $1`, post.ID, max(last, id.Now())); err != nil {
		return err
	}
	p.hub.Publish(realtime.Event{Name: "burn_on_read_all_revealed", Data: map[string]any{"post_id": post.ID, "sender_expire_at": last},
		To: realtime.Audience{UserID: post.UserID, ChannelID: post.ChannelID}})
	return nil
}
