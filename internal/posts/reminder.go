package posts

import (
	"context"
	"time"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/i18n"
	"github.com/parley-chat/parley/internal/model"
)

// remind notes that a user wants to be reminded of a post that v may read, and
// answers with a message that only the user sees. target is in Unix seconds.
func (p *Posts) remind(ctx context.Context, v access.Viewer, userID, postID string, target int64) error {
	post, ch, err := p.reachable(ctx, v, postID)
	if err != nil {
		return err
	}
	if _, err := p.db.Exec(ctx, `INSERT INTO postreminders (postid, userid, targettime) VALUES ($1, $2, $3)
		ON CONFLICT (postid, userid) DO UPDATE SET targettime = $3`, post.ID, userID, target); err != nil {
		return fault.Internal("app.post.save.app_error", err)
	}
	author, err := p.users.ByID(ctx, post.UserID)
	if err != nil {
		return err
	}
	team := p.teamOf(ctx, userID, ch)
	rootID := post.RootID
	if rootID == "" {
		rootID = post.ID
	}
	text := i18n.T(p.localeOf(ctx, userID), "posts.reminder.set", map[string]any{
		"Link": p.link(team, post.ID), "Name": author.Username, "Time": time.Unix(target, 0).UTC().Format(time.RFC1123)})
	p.Ephemeral(ctx, userID, &model.Post{UserID: userID, ChannelID: ch.ID, RootID: rootID, Message: text, Props: model.StringInterface{
		model.PostPropTargetTime: target, model.PostPropTeamName: team, model.PostPropPostID: post.ID,
		model.PostPropUsername: author.Username, "type": model.PostTypeReminder, model.PostPropPreviewedPost: post.ID}})
	return nil
}

func (p *Posts) link(team, postID string) string {
	return p.cfg.Get().ServiceSettings.SiteURL + "/" + team + "/pl/" + postID
}

// teamOf is the name of the team that a link to a post in ch goes through: its
// own, or, for a conversation, one of the user's.
func (p *Posts) teamOf(ctx context.Context, userID string, ch *access.ChannelFacts) string {
	if ch.TeamID != "" {
		if team, err := p.acc.Team(ctx, ch.TeamID); err == nil {
			return team.Name
		}
		return ""
	}
	names, err := db.List(ctx, p.db, db.One[string], `SELECT t.name FROM teams t JOIN teammembers tm ON tm.teamid = t.id
		WHERE tm.userid = $1 AND tm.deleteat = 0 AND t.deleteat = 0 ORDER BY t.name LIMIT 1`, userID)
	if err != nil || len(names) == 0 {
		return ""
	}
	return names[0]
}

// Reminder is a reminder that has come due.
type Reminder struct{ PostID, UserID string }

// DueReminders takes the reminders out of the table whose time has come, at
// most a hundred; now is in Unix seconds.
func (p *Posts) DueReminders(ctx context.Context, now int64) ([]Reminder, error) {
	var due []Reminder
	err := p.db.Tx(ctx, func(tx *db.Tx) (err error) {
		due, err = db.List(ctx, tx, func(r db.Row) (m Reminder, err error) { err = r.Scan(&m.PostID, &m.UserID); return m, err },
			`SELECT postid, userid FROM postreminders WHERE targettime <= $1 ORDER BY targettime LIMIT 100`, now)
		for i := 0; err == nil && i < len(due); i++ {
			_, err = tx.Exec(ctx, `DELETE FROM postreminders WHERE postid = $1 AND userid = $2`, due[i].PostID, due[i].UserID)
		}
		return err
	})
	return due, err
}

// RemindIn writes the reminder of a post into a conversation with the user, in
// v's name: that of the server's own account.
func (p *Posts) RemindIn(ctx context.Context, v access.Viewer, channelID string, r Reminder) error {
	viewer := p.acting(ctx, r.UserID)
	post, err := p.Visible(ctx, viewer, r.PostID)
	if fault.IsNotFound(err) || fault.Is(err, errNoRead.ID) {
		return nil // gone, or no longer the user's to read
	}
	if err != nil {
		return err
	}
	ch, err := p.acc.Channel(ctx, post.ChannelID)
	if err != nil {
		return err
	}
	author, err := p.users.ByID(ctx, post.UserID)
	if err != nil {
		return err
	}
	team := p.teamOf(ctx, r.UserID, ch)
	_, err = p.Create(ctx, v, &model.Post{ChannelID: channelID, Type: model.PostTypeReminder,
		Message: i18n.T(p.localeOf(ctx, r.UserID), "posts.reminder.due", map[string]any{"Link": p.link(team, post.ID), "Name": author.Username}),
		Props: model.StringInterface{model.PostPropPostID: post.ID, model.PostPropTeamName: team, model.PostPropUsername: author.Username,
			model.PostPropFromBot: "true"}}, CreateOptions{Trusted: true})
	return err
}
