package posts

import (
	"context"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/model"
)

// takePriority moves the priority that a client asked for into the post, when
// the rules allow it.
func (p *Posts) takePriority(_ context.Context, v access.Viewer, s *Saving, m *model.PostMetadata) error {
	if m == nil || m.Priority == nil {
		return nil
	}
	in := m.Priority
	name := ""
	if in.Priority != nil {
		name = *in.Priority
	}
	ack := in.RequestedAck != nil && *in.RequestedAck
	persistent := in.PersistentNotifications != nil && *in.PersistentNotifications
	if name == model.PriorityNone && !ack && !persistent {
		return nil
	}
	set := p.cfg.Get().ServiceSettings
	switch {
	case name != model.PriorityNone && name != model.PriorityImportant && name != model.PriorityUrgent:
		return fault.InvalidParam("metadata.priority.priority")
	case !set.PostPriority:
		return fault.Forbidden("api.post.post_priority.priority_post_not_allowed_for_user.request_error")
	case s.Root != nil:
		return fault.Invalid("api.post.post_priority.priority_post_only_allowed_for_root_post.request_error")
	case persistent && (!set.AllowPersistentNotifications || v.Guest() && !set.AllowPersistentNotificationsForGuests):
		return fault.Forbidden("api.post.post_priority.priority_post_not_allowed_for_user.request_error")
	case persistent && name != model.PriorityUrgent:
		return fault.Invalid("api.post.post_priority.urgent_persistent_notification_post.request_error")
	}
	s.Post.Metadata.Priority = &model.PostPriority{Priority: &name, RequestedAck: &ack, PersistentNotifications: &persistent}
	s.Urgent = name == model.PriorityUrgent
	return nil
}

// checkPersistent holds a post whose notifications repeat against the numbers
// of people that it may mention.
func (p *Posts) checkPersistent(s *Saving) error {
	pr := s.Post.Metadata.Priority
	if pr == nil || !*pr.PersistentNotifications {
		return nil
	}
	n, most := len(s.Mentions.Users), int(p.cfg.Get().ServiceSettings.PersistentNotificationMaxRecipients)
	switch {
	case n == 0 || s.Mentions.Here || s.Mentions.Channel || s.Mentions.All:
		return fault.Invalid("api.post.post_priority.min_recipients_persistent_notification_post.request_error")
	case n > most:
		return fault.Invalid("api.post.post_priority.max_recipients_persistent_notification_post.request_error", "MaxRecipients", most)
	}
	return nil
}

func (p *Posts) savePriority(ctx context.Context, tx *db.Tx, s *Saving) error {
	if s.Post.Metadata == nil || s.Post.Metadata.Priority == nil {
		return nil
	}
	pr := s.Post.Metadata.Priority
	if _, err := tx.Exec(ctx, `INSERT INTO postspriority (postid, channelid, priority, requestedack, persistentnotifications) VALUES ($1, $2, $3, $4, $5)`,
		s.Post.ID, s.Post.ChannelID, *pr.Priority, *pr.RequestedAck, *pr.PersistentNotifications); err != nil {
		return err
	}
	if !p.anyPriority.Load() {
		tx.AfterCommit(func() { p.forget(forgetPriority, "") })
	}
	if !*pr.PersistentNotifications {
		return nil
	}
	_, err := tx.Exec(ctx, `INSERT INTO persistentnotifications (postid, createat, lastsentat, deleteat, sentcount) VALUES ($1, $2, 0, 0, 0)`,
		s.Post.ID, s.Post.CreateAt)
	return err
}

// warm reads whether the server has any priorities or acknowledgements, which
// pages of posts then look for.
func (p *Posts) warm(ctx context.Context) error {
	any, err := db.Value[bool](ctx, p.db, `SELECT EXISTS (SELECT 1 FROM postspriority) OR EXISTS (SELECT 1 FROM postacknowledgements)`)
	if err == nil && any {
		p.anyPriority.Store(true)
	}
	return err
}
