package moderation

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/realtime"
)

// eventChanged tells moderators that the queue is another one.
const eventChanged = "parley_reports_changed"

func checkComment(comment string, required bool) error {
	switch {
	case required && strings.TrimSpace(comment) == "":
		return errNoComment
	case utf8.RuneCountInString(comment) > model.ReportCommentMaxRunes:
		return errLongComment
	}
	return nil
}

// flag brings a message that v may read before the moderators.
func (m *Moderation) flag(ctx context.Context, v access.Viewer, postID, reason, comment string) error {
	if err := m.switchedOn(); err != nil {
		return err
	}
	post, err := m.posts.Visible(ctx, v, postID)
	if err != nil {
		return err
	}
	ch, err := m.acc.Channel(ctx, post.ChannelID)
	if err != nil {
		return err
	}
	reviewers, err := m.reviewers(ctx, ch.TeamID)
	if err != nil {
		return err
	}
	s := m.cfg.Get().ContentFlaggingSettings.AdditionalSettings
	switch {
	case len(reviewers) == 0:
		return errNotHere
	case post.IsSystem() || post.Type == model.PostTypeBurnOnRead || post.Type == model.PostTypeReport:
		return errKind
	case reason == "":
		return errNoReason
	case !slices.Contains(s.Reasons, reason):
		return errReason
	}
	if err := checkComment(comment, s.ReporterCommentRequired); err != nil {
		return err
	}
	x := &model.Report{PostID: post.ID, TeamID: ch.TeamID, ChannelID: ch.ID, ChannelName: ch.DisplayName, AuthorID: post.UserID, ReporterID: v.UserID, Reason: reason,
		Comment: comment, ReportedAt: id.Now(), Hidden: s.HideFlaggedContent, Status: model.ReportPending}
	err = m.change(ctx, reviewers, x, map[string]any{"flagged_post_id": post.ID, "status": x.Status, "reporting_user_id": v.UserID,
		"reporting_reason": reason, "reporting_comment": comment, "reporting_time": stamp(x.ReportedAt),
		"content_flagging_managed": stampBool(x.Hidden)}, insert)
	if err != nil {
		return err
	}
	if x.Hidden {
		if err := m.posts.Hide(ctx, "", post); err != nil && !fault.IsNotFound(err) {
			return err // it is reported; the moderators see that it is still there
		}
	}
	m.notify(ctx, "flagged", x, reviewers)
	return nil
}

func stampBool(b bool) string {
	if b {
		return "true"
	}
	return "false"
}

// change writes a report and its properties, and tells the moderators.
func (m *Moderation) change(ctx context.Context, reviewers []string, x *model.Report, said map[string]any,
	write func(context.Context, *db.Tx, *model.Report) error) error {
	var values []*model.PropertyValue
	err := m.db.Tx(ctx, func(tx *db.Tx) (err error) {
		if err = write(ctx, tx, x); err != nil {
			return err
		}
		values, err = note(ctx, tx, x.PostID, id.Now(), said)
		return err
	})
	if err != nil {
		return err
	}
	raw, err := json.Marshal(values)
	if err != nil {
		return err
	}
	for _, userID := range reviewers {
		to := realtime.Audience{UserID: userID}
		m.hub.Publish(realtime.Event{Name: "content_flagging_report_value_updated",
			Data: map[string]string{"property_values": string(raw), "target_id": x.PostID}, To: to})
		m.hub.Publish(realtime.Event{Name: eventChanged, Data: map[string]string{"post_id": x.PostID, "status": x.Status}, To: to})
	}
	return nil
}

// open returns a report that v may decide about, and who else may.
func (m *Moderation) open(ctx context.Context, v access.Viewer, postID string) (*model.Report, []string, error) {
	if err := m.switchedOn(); err != nil {
		return nil, nil, err
	}
	x, err := m.get(ctx, postID)
	if fault.IsNotFound(err) {
		// Whether a message was reported is the moderators' business too.
		if ids, rerr := m.moderated(ctx, v); rerr != nil || len(ids) == 0 {
			return nil, nil, errNoReviewer
		}
		return nil, nil, err
	}
	if err != nil {
		return nil, nil, err
	}
	reviewers, err := m.reviewers(ctx, x.TeamID)
	if err == nil && !slices.Contains(reviewers, v.UserID) {
		err = errNoReviewer
	}
	return x, reviewers, err
}

// decide keeps a reported message, or removes it for good.
func (m *Moderation) decide(ctx context.Context, v access.Viewer, postID, comment, status string) error {
	x, reviewers, err := m.open(ctx, v, postID)
	if err != nil {
		return err
	}
	// What was decided, but not carried out because the server stopped in
	// between, can be asked for again.
	if x.DecidedAt != 0 && x.Status != status {
		return errDecided
	}
	if x.DecidedAt == 0 {
		if err := checkComment(comment, m.cfg.Get().ContentFlaggingSettings.AdditionalSettings.ReviewerCommentRequired); err != nil {
			return err
		}
		x.Status, x.ActorID, x.ActorComment, x.DecidedAt = status, v.UserID, comment, id.Now()
		err := m.change(ctx, reviewers, x, map[string]any{"status": status, "actor_user_id": v.UserID, "actor_comment": comment,
			"action_time": stamp(x.DecidedAt)}, move)
		if err != nil {
			return err
		}
	} else if done, err := m.carriedOut(ctx, x); err != nil || done {
		if err == nil {
			err = errDecided
		}
		return err
	}
	if err := m.carryOut(ctx, x); err != nil {
		return err
	}
	m.users.Audit(ctx, v, "/api/v4/content_flagging/post/"+postID, status)
	event := "dismissed"
	if status == model.ReportRemoved {
		event = "removed"
	}
	m.notify(ctx, event, x, reviewers)
	return nil
}

func (m *Moderation) carryOut(ctx context.Context, x *model.Report) error {
	post, err := m.posts.Stored(ctx, x.PostID)
	if fault.IsNotFound(err) {
		return nil // its author was faster
	}
	if err != nil {
		return err
	}
	if x.Status == model.ReportRemoved {
		return m.posts.Erase(ctx, "", post)
	}
	// One that its author deleted meanwhile stays deleted.
	if x.Hidden && post.DeleteAt != 0 && post.Props.String(model.PostPropDeleteBy) == "" {
		_, err = m.posts.Restore(ctx, x.PostID)
		if fault.IsNotFound(err) {
			return nil // the thread that it answered is gone
		}
	}
	return err
}

func (m *Moderation) carriedOut(ctx context.Context, x *model.Report) (bool, error) {
	post, err := m.posts.Stored(ctx, x.PostID)
	if fault.IsNotFound(err) {
		return true, nil
	}
	if err != nil || x.Status == model.ReportRemoved {
		return false, err
	}
	return !x.Hidden || post.DeleteAt == 0, nil
}

// assign gives an open report to one of the team's moderators.
func (m *Moderation) assign(ctx context.Context, v access.Viewer, postID, reviewerID string) error {
	x, reviewers, err := m.open(ctx, v, postID)
	switch {
	case err != nil:
		return err
	case !slices.Contains(reviewers, reviewerID):
		return errNoReviewer
	}
	x.Status, x.ReviewerID = model.ReportAssigned, reviewerID
	err = m.change(ctx, reviewers, x, map[string]any{"status": x.Status, "reviewer_user_id": reviewerID}, move)
	if err == nil && reviewerID != v.UserID {
		m.notify(ctx, "assigned", x, []string{reviewerID})
	}
	return err
}
