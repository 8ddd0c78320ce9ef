package drafts

import (
	"context"
	"crypto/sha256"
	"errors"
	"strconv"
	"time"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/posts"
)

// How scheduled messages are sent.
const (
	lookEvery = time.Second      // what is due is looked for
	leaseTime = time.Minute      // a server has a message for itself
	retryTime = 15 * time.Second // between attempts that failed through no fault of the message
	maxTries  = 20
	// lateMost is how late a message may be, after a server was down: an older
	// one is left to its author.
	lateMost = 24 * time.Hour
	page     = 100
	never    = int64(1) << 62
)

// Run sends scheduled messages when they come due and removes the drafts of
// sent ones, until ctx ends.
func (d *Drafts) Run(ctx context.Context) {
	done := make(chan struct{})
	go func() { defer close(done); d.followSent(ctx) }()
	defer func() { <-done }()
	if err := d.adopt(ctx); err != nil && ctx.Err() == nil {
		d.log.Error("scheduled messages could not be looked through", "error", err)
	}
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			if err := d.Deliver(ctx, id.Now()); err != nil && ctx.Err() == nil {
				d.log.Error("scheduled messages could not be sent", "error", err)
			}
		}
	}
}

// Deliver sends what is due at now, in Unix ms. Several servers may do so at
// once on one database.
func (d *Drafts) Deliver(ctx context.Context, now int64) error {
	if d.needScheduling() != nil {
		return nil
	}
	for {
		list, err := d.pending(ctx, now, page)
		if err != nil {
			return err
		}
		var errs []error
		for _, m := range list {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			errs = append(errs, d.deliver(ctx, m, now))
		}
		if err := errors.Join(errs...); err != nil || len(list) < page {
			return err
		}
	}
}

// deliver sends one message, unless another server is at it.
func (d *Drafts) deliver(ctx context.Context, m due, now int64) error {
	if ok, err := d.claim(ctx, m); err != nil || !ok {
		return err
	}
	// From here on it is sent, whether or not this server is about to stop.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), leaseTime/2)
	defer cancel()
	s, err := d.oneScheduled(ctx, m.id)
	if errors.Is(err, db.ErrNotFound) {
		return d.finish(ctx, m.id, 0)
	}
	if err != nil {
		return err
	}
	code, err := d.send(ctx, s, m.dueAt, now)
	switch {
	case err != nil && m.tries+1 < maxTries:
		return errors.Join(err, d.again(ctx, m, id.Now()+retryTime.Milliseconds()))
	case err != nil:
		d.log.Error("a scheduled message was given up", "id", s.ID, "error", err)
		code = model.ScheduledPostErrorUnableToSend
	}
	if code != "" {
		s.ErrorCode, s.ProcessedAt = code, id.Now()
		s.UpdateAt = s.ProcessedAt
		if err := d.fail(ctx, s); err != nil {
			return err
		}
		d.tellScheduled(model.EventScheduledPostUpdated, s, "")
		return nil
	}
	at := next(m.recurrence, m.zone, m.anchor, now)
	if err := d.finish(ctx, s.ID, at); err != nil {
		return err
	}
	if at > 0 {
		s.ScheduledAt, s.UpdateAt = at, id.Now()
		d.tellScheduled(model.EventScheduledPostUpdated, s, "")
		return nil
	}
	d.tellScheduled(model.EventScheduledPostDeleted, s, "")
	return nil
}

// send writes the post of a message that was due at a time. It returns why it
// can't be sent (model.ScheduledPostError…), or an error when it may be tried
// again.
func (d *Drafts) send(ctx context.Context, s *model.ScheduledPost, dueAt, now int64) (code string, err error) {
	postID := postIDOf(s.ID, dueAt)
	sent, err := db.Value[bool](ctx, d.db, `SELECT EXISTS (SELECT 1 FROM posts WHERE id = $1)`, postID)
	if err != nil || sent {
		return "", err
	}
	if now-dueAt > lateMost.Milliseconds() {
		if s.Recurrence != "" {
			return "", nil // the next one comes in time
		}
		return model.ScheduledPostErrorUnableToSend, nil
	}
	author, err := d.users.ByID(ctx, s.UserID)
	if fault.IsNotFound(err) {
		return model.ScheduledPostErrorUserMissing, nil
	}
	if err != nil {
		return "", err
	}
	if author.DeleteAt != 0 {
		return model.ScheduledPostErrorUserDeleted, nil
	}
	v := d.acc.Acting(author.ID, author.Username, author.Roles)
	if code, err := d.obstacle(ctx, v, s); code != "" || err != nil {
		return code, err
	}
	post := &model.Post{ChannelID: s.ChannelID, RootID: s.RootID, Message: s.Message, Type: s.Type, Props: s.Props, FileIDs: s.FileIDs,
		Metadata: &model.PostMetadata{Priority: priorityOf(s.Priority)}}
	_, err = d.posts.Create(ctx, v, post, posts.CreateOptions{ID: postID})
	var f *fault.Error
	switch {
	case err == nil, fault.Is(err, posts.ErrExists):
		return "", nil
	case !errors.As(err, &f):
		return "", err
	case f.Kind == fault.KindForbidden:
		return model.ScheduledPostErrorNoPermission, nil
	case f.Kind == fault.KindInvalid, f.Kind == fault.KindNotFound:
		return model.ScheduledPostErrorInvalidPost, nil
	}
	return "", err
}

// obstacle says what has happened since a message was scheduled that keeps it
// from being sent.
func (d *Drafts) obstacle(ctx context.Context, v access.Viewer, s *model.ScheduledPost) (string, error) {
	ch, err := d.acc.Channel(ctx, s.ChannelID)
	if fault.IsNotFound(err) {
		return model.ScheduledPostErrorChannelNotFound, nil
	}
	if err != nil {
		return "", err
	}
	if ch.DeleteAt != 0 {
		return model.ScheduledPostErrorChannelArchived, nil
	}
	if in, err := d.acc.InChannel(ctx, s.UserID, ch.ID); err != nil || !in {
		return model.ScheduledPostErrorNoMember, err
	}
	if !d.posts.MayPost(ctx, v, ch) || len(s.FileIDs) > 0 && !v.CanChannel(ctx, ch.ID, access.PermUploadFile) {
		return model.ScheduledPostErrorNoPermission, nil
	}
	if restricted, err := d.posts.Restricted(ctx, v, ch); err != nil || restricted {
		return model.ScheduledPostErrorRestrictedDM, err
	}
	if s.RootID == "" {
		return "", nil
	}
	if ok, err := d.isRoot(ctx, s.ChannelID, s.RootID); err != nil || !ok {
		return model.ScheduledPostErrorThreadDeleted, err
	}
	return "", nil
}

// postIDOf is the id of the post that a message becomes when it is due at a
// time: always the same, so that there can't be two.
func postIDOf(scheduledID string, dueAt int64) string {
	sum := sha256.Sum256([]byte(scheduledID + "." + strconv.FormatInt(dueAt, 10)))
	return id.Of(sum[:])
}

// priorityOf reads the priority that a client kept with a message.
func priorityOf(m map[string]any) *model.PostPriority {
	if len(m) == 0 {
		return nil
	}
	name, _ := m["priority"].(string)
	ack, _ := m["requested_ack"].(bool)
	persistent, _ := m["persistent_notifications"].(bool)
	return &model.PostPriority{Priority: &name, RequestedAck: &ack, PersistentNotifications: &persistent}
}
