package posts

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/realtime"
)

// acknowledge notes that a user has seen a post that v may read.
func (p *Posts) acknowledge(ctx context.Context, v access.Viewer, userID, postID string) (*model.PostAcknowledgement, error) {
	post, ch, err := p.reachable(ctx, v, postID)
	if err != nil {
		return nil, err
	}
	if ch.DeleteAt != 0 {
		return nil, fault.Invalid("api.post.update_post.can_not_update_post_in_deleted.error")
	}
	ack := &model.PostAcknowledgement{UserID: userID, PostID: post.ID, ChannelID: ch.ID, AcknowledgedAt: id.Now(), RemoteID: new(string)}
	if _, err := p.db.Exec(ctx, `INSERT INTO postacknowledgements (postid, userid, acknowledgedat, remoteid, channelid) VALUES ($1, $2, $3, '', $4)
		ON CONFLICT (postid, userid) DO UPDATE SET acknowledgedat = CASE WHEN postacknowledgements.acknowledgedat > 0
			THEN postacknowledgements.acknowledgedat ELSE $3 END`, post.ID, userID, ack.AcknowledgedAt, ch.ID); err != nil {
		return nil, fault.Internal("app.acknowledgement.save.save.app_error", err)
	}
	if ack.AcknowledgedAt, err = db.Value[int64](ctx, p.db, `SELECT acknowledgedat FROM postacknowledgements WHERE postid = $1 AND userid = $2`, post.ID, userID); err != nil {
		return nil, err
	}
	if !p.anyPriority.Load() {
		p.forget(forgetPriority, "")
	}
	return ack, p.acknowledged(ctx, model.EventPostAcknowledgementAdded, ack)
}

// unacknowledgeWithin is for how long an acknowledgement can be taken back:
// others may rely on it later.
const unacknowledgeWithin = 5 * time.Minute

// unacknowledge takes that back, soon after.
func (p *Posts) unacknowledge(ctx context.Context, v access.Viewer, userID, postID string) error {
	post, ch, err := p.reachable(ctx, v, postID)
	if err != nil {
		return err
	}
	at, err := db.Value[int64](ctx, p.db, `SELECT acknowledgedat FROM postacknowledgements WHERE postid = $1 AND userid = $2 AND acknowledgedat > 0`, post.ID, userID)
	switch {
	case errors.Is(err, db.ErrNotFound):
		return fault.NotFound("app.acknowledgement.get.app_error")
	case err != nil:
		return fault.Internal("app.acknowledgement.delete.app_error", err)
	case id.Now()-at > unacknowledgeWithin.Milliseconds():
		return fault.Forbidden("api.acknowledgement.delete.deadline.app_error")
	}
	if _, err := p.db.Exec(ctx, `UPDATE postacknowledgements SET acknowledgedat = 0 WHERE postid = $1 AND userid = $2`, post.ID, userID); err != nil {
		return fault.Internal("app.acknowledgement.delete.app_error", err)
	}
	return p.acknowledged(ctx, model.EventPostAcknowledgementRemoved,
		&model.PostAcknowledgement{UserID: userID, PostID: post.ID, ChannelID: ch.ID, RemoteID: new(string)})
}

func (p *Posts) acknowledged(ctx context.Context, event string, ack *model.PostAcknowledgement) error {
	now := p.batcher.tick(ack.ChannelID, 0)
	if _, err := p.db.Exec(ctx, `UPDATE posts SET updateat = greatest(updateat + 1, $2) WHERE id = $1`, ack.PostID, now); err != nil {
		return err
	}
	p.changed(ack.ChannelID, now)
	text, _ := json.Marshal(ack)
	p.hub.Publish(realtime.Event{Name: event, Data: map[string]string{"acknowledgement": string(text)},
		To: realtime.Audience{ChannelID: ack.ChannelID}})
	return nil
}
