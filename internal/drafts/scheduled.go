package drafts

import (
	"cmp"
	"context"
	"errors"
	"strings"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/realtime"
)

// Bounds of scheduled messages.
const (
	maxScheduled = 500             // of one person, failed ones included
	latest       = 253402300799000 // the end of the year 9999, Unix ms
)

var (
	errNoScheduling  = fault.Invalid("api.scheduled_posts.feature_disabled")
	errNotRescheduld = fault.NotFound("app.update_scheduled_post.existing_scheduled_post.not_exist")
	errNotDeletable  = fault.NotFound("app.delete_scheduled_post.existing_scheduled_post.not_exist")
	errTooMany       = fault.Invalid("parley.scheduled_post.too_many", "Max", maxScheduled)
	errTime          = fault.Invalid("model.scheduled_post.is_valid.scheduled_at.app_error")
	errRecurrence    = fault.Invalid("parley.scheduled_post.recurrence")
	errTimeZone      = fault.Invalid("parley.scheduled_post.timezone")
)

func (d *Drafts) needScheduling() error {
	if !d.cfg.Get().ServiceSettings.ScheduledPosts {
		return errNoScheduling
	}
	return nil
}

// schedule keeps a message of v's that is to be sent at a time, and tells v's
// other connections. Fails with 400 for what can't be sent, 403 where v may not
// write.
func (d *Drafts) schedule(ctx context.Context, v access.Viewer, in *scheduledBody, connectionID string) (*model.ScheduledPost, error) {
	m, err := d.accept(ctx, v, in)
	if err != nil {
		return nil, err
	}
	m.ID, m.CreateAt = id.New(), m.UpdateAt
	if in.Recurrence != nil {
		m.Recurrence = *in.Recurrence
	}
	if err := d.settleZone(ctx, v, m, in.TimeZone); err != nil {
		return nil, err
	}
	if err := d.insertScheduled(ctx, m); err != nil {
		return nil, saveFault(err)
	}
	d.tellScheduled(model.EventScheduledPostCreated, m, connectionID)
	return m, nil
}

// reschedule replaces text and time of a message of v's that hasn't been sent;
// one that failed is tried again. Fails with 404 when there is none or it is
// being sent, with 403 when it is another's.
func (d *Drafts) reschedule(ctx context.Context, v access.Viewer, scheduledID string, in *scheduledBody, connectionID string) (*model.ScheduledPost, error) {
	if err := d.needScheduling(); err != nil {
		return nil, err
	}
	old, err := d.own(ctx, v, scheduledID, errNotRescheduld, "app.update_scheduled_post.update_permission.error")
	if err != nil {
		return nil, err
	}
	// A message stays where it was written for.
	in.ChannelID, in.RootID = old.ChannelID, old.RootID
	m, err := d.accept(ctx, v, in)
	if err != nil {
		return nil, err
	}
	m.ID, m.CreateAt, m.Recurrence = old.ID, old.CreateAt, old.Recurrence
	if in.Recurrence != nil {
		m.Recurrence = *in.Recurrence
	}
	if err := d.settleZone(ctx, v, m, cmp.Or(in.TimeZone, old.TimeZone)); err != nil {
		return nil, err
	}
	err = d.updateScheduled(ctx, m)
	if errors.Is(err, db.ErrNotFound) {
		return nil, errNotRescheduld
	}
	if err != nil {
		return nil, fault.Internal("app.update_scheduled_post.update.error", err)
	}
	d.tellScheduled(model.EventScheduledPostUpdated, m, connectionID)
	return m, nil
}

// unschedule removes a message of v's that hasn't been sent, and returns it.
func (d *Drafts) unschedule(ctx context.Context, v access.Viewer, scheduledID, connectionID string) (*model.ScheduledPost, error) {
	if err := d.needScheduling(); err != nil {
		return nil, err
	}
	m, err := d.own(ctx, v, scheduledID, errNotDeletable, "app.delete_scheduled_post.delete_permission.error")
	if err != nil {
		return nil, err
	}
	err = d.deleteScheduledRow(ctx, m.ID)
	if errors.Is(err, db.ErrNotFound) {
		return nil, errNotDeletable
	}
	if err != nil {
		return nil, fault.Internal("app.delete_scheduled_post.delete_error", err)
	}
	d.tellScheduled(model.EventScheduledPostDeleted, m, connectionID)
	return m, nil
}

func (d *Drafts) own(ctx context.Context, v access.Viewer, scheduledID string, missing error, refused string) (*model.ScheduledPost, error) {
	m, err := d.oneScheduled(ctx, scheduledID)
	switch {
	case errors.Is(err, db.ErrNotFound):
		return nil, missing
	case err != nil:
		return nil, err
	case m.UserID != v.UserID:
		return nil, fault.Forbidden(refused)
	}
	return m, nil
}

// accept holds what a client sent against rights and limits, and returns it as
// it would be kept.
func (d *Drafts) accept(ctx context.Context, v access.Viewer, in *scheduledBody) (*model.ScheduledPost, error) {
	if err := d.needScheduling(); err != nil {
		return nil, err
	}
	ch, err := d.writable(ctx, v, in.ChannelID, len(in.FileIDs))
	if err != nil {
		return nil, err
	}
	if ch.DeleteAt != 0 {
		return nil, fault.Invalid("app.save_scheduled_post.channel_deleted.app_error")
	}
	if restricted, err := d.posts.Restricted(ctx, v, ch); err != nil || restricted {
		if err == nil {
			err = fault.Invalid("app.save_scheduled_post.restricted_dm.error")
		}
		return nil, err
	}
	m := in.ScheduledPost
	m.UserID, m.UpdateAt, m.DeleteAt, m.ProcessedAt, m.ErrorCode = v.UserID, id.Now(), 0, 0, ""
	m.Metadata, m.Recurrence, m.TimeZone = nil, "", ""
	switch {
	case strings.TrimSpace(m.Message) == "" && len(m.FileIDs) == 0:
		return nil, fault.Invalid("model.scheduled_post.is_valid.empty_post.app_error")
	case m.ScheduledAt < m.UpdateAt+model.ScheduledPostMaxTimeGap || m.ScheduledAt > latest:
		return nil, errTime
	case strings.HasPrefix(m.Type, model.PostTypeSystemPrefix):
		return nil, fault.Invalid("api.context.invalid_param.app_error", "Name", "type")
	}
	return &m, d.check(ctx, &m.Draft)
}

// settleZone gives a message the time zone that its recurrence goes by: the one
// given, or its author's. A message that is sent once needs none.
func (d *Drafts) settleZone(ctx context.Context, v access.Viewer, m *model.ScheduledPost, given string) error {
	if !knownRecurrence(m.Recurrence) {
		return errRecurrence
	}
	if m.Recurrence == "" {
		return nil
	}
	if given == "" {
		u, err := d.users.ByID(ctx, v.UserID)
		if err != nil {
			return err
		}
		given = u.Timezone[model.TimezoneManual]
		if u.Timezone[model.TimezoneUseAutomatic] != "false" {
			given = cmp.Or(u.Timezone[model.TimezoneAutomatic], given)
		}
		given = cmp.Or(given, "UTC")
	}
	if _, ok := zone(given); !ok {
		return errTimeZone
	}
	m.TimeZone = given
	return nil
}

func (d *Drafts) tellScheduled(event string, m *model.ScheduledPost, connectionID string) {
	d.hub.Publish(realtime.Event{Name: event, Data: map[string]string{"scheduledPost": encoded(m)},
		To: realtime.Audience{UserID: m.UserID, OmitConnectionID: connectionID}})
}

func saveFault(err error) error {
	var e *fault.Error
	if errors.As(err, &e) {
		return e
	}
	return fault.Internal("app.save_scheduled_post.save.app_error", err)
}
