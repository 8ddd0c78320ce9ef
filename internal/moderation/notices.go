package moderation

import (
	"context"
	"errors"
	"slices"

	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/i18n"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
)

// notify writes to those whom the settings name for an event: the moderators
// given, the author, the reporter. A notice that can't be written is logged: what
// it tells of has happened.
func (m *Moderation) notify(ctx context.Context, event string, x *model.Report, reviewers []string) {
	ctx = context.WithoutCancel(ctx)
	targets := m.cfg.Get().ContentFlaggingSettings.NotificationSettings.EventTargetMapping[event]
	told := map[string]bool{x.ActorID: x.ActorID != ""} // whoever decided knows
	tell := func(target, userID string) {
		if userID == "" || told[userID] || !slices.Contains(targets, target) {
			return
		}
		told[userID] = true
		if err := m.write(ctx, userID, event+"."+target, x); err != nil {
			m.log.Error("a notice about a report was not written", "event", event, "post", x.PostID, "user", userID, "error", err)
		}
	}
	// Moderators first: one who wrote or reported the message is told as such.
	for _, userID := range reviewers {
		tell("reviewers", userID)
	}
	tell("author", x.AuthorID)
	tell("reporter", x.ReporterID)
}

// write sends one notice as a direct message.
func (m *Moderation) write(ctx context.Context, userID, text string, x *model.Report) error {
	user, err := m.users.ByID(ctx, userID)
	if err != nil || user.DeleteAt != 0 {
		return err
	}
	botID, err := m.bot(ctx)
	if err != nil {
		return err
	}
	ch, err := m.channels.Direct(ctx, botID, userID)
	if err != nil {
		return err
	}
	place := x.ChannelName
	if x.TeamID == "" {
		place = i18n.T(user.Locale, "moderation.notice.conversation", nil)
	}
	post := &model.Post{UserID: botID, ChannelID: ch.ID, Props: model.StringInterface{model.PostPropFromBot: "true"},
		Message: i18n.T(user.Locale, "moderation.notice."+text, map[string]any{"Channel": place, "Reason": x.Reason})}
	if text == "flagged.reviewers" || text == "assigned.reviewers" {
		post.Type = model.PostTypeReport
		post.Props[model.PostPropReportedPostID] = x.PostID
	}
	return m.posts.System(ctx, post)
}

// bot returns the account that the notices come from. It is made when the first
// one is written.
func (m *Moderation) bot(ctx context.Context) (string, error) {
	const find = `SELECT u.id FROM users u JOIN bots b ON b.userid = u.id WHERE u.username = $1`
	botID, err := db.Value[string](ctx, m.db, find, model.ReportBotUsername)
	if !errors.Is(err, db.ErrNotFound) {
		return botID, err
	}
	u := &model.User{Username: model.ReportBotUsername, Email: model.ReportBotUsername + "@localhost", FirstName: "Content Review",
		Password: "Aa1!" + id.New() + id.New()}
	if err := m.users.Create(ctx, u); err != nil {
		return "", err
	}
	now := id.Now()
	_, err = m.db.Exec(ctx, `INSERT INTO bots (userid, description, ownerid, createat, updateat, deleteat, lasticonupdate) VALUES ($1, $2, $1, $3, $3, 0, 0)`,
		u.ID, "Tells of reported messages", now)
	m.acc.ForgetUser(u.ID)
	return u.ID, err
}
