package posts

import (
	"context"
	"errors"
	"time"

	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/model"
)

// reminderInterval is how late a reminder may come; clients offer minutes.
const reminderInterval = 20 * time.Second

// Run sends reminders when they come due, until ctx ends.
func (p *Posts) Run(ctx context.Context) {
	tick := time.NewTicker(reminderInterval)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case now := <-tick.C:
			if err := p.SendReminders(ctx, now.Unix()); err != nil && ctx.Err() == nil {
				p.log.Error("reminders could not be sent", "error", err)
			}
		}
	}
}

// SendReminders has the server's own account write to everybody who asked to
// be reminded of a post by now, in Unix seconds. A reminder that can't be
// written is kept for the next time.
func (p *Posts) SendReminders(ctx context.Context, now int64) error {
	due, err := p.DueReminders(ctx, now)
	if err != nil || len(due) == 0 {
		return err
	}
	bot, err := p.users.ByUsername(ctx, model.BotSystemUsername)
	if err != nil {
		return errors.Join(err, p.keepReminders(ctx, due, now))
	}
	v := p.acc.Acting(bot.ID, bot.Username, bot.Roles)
	var failed []Reminder
	var errs []error
	for _, r := range due {
		ch, err := p.channels.Direct(ctx, bot.ID, r.UserID)
		if err == nil {
			err = p.RemindIn(ctx, v, ch.ID, r)
		}
		if err != nil && !fault.IsNotFound(err) {
			failed, errs = append(failed, r), append(errs, err)
		}
	}
	return errors.Join(append(errs, p.keepReminders(ctx, failed, now))...)
}

func (p *Posts) keepReminders(ctx context.Context, list []Reminder, at int64) error {
	ctx = context.WithoutCancel(ctx)
	for _, r := range list {
		if _, err := db.Exec(ctx, p.db, `INSERT INTO postreminders (postid, userid, targettime) VALUES ($1, $2, $3)
			ON CONFLICT (postid, userid) DO NOTHING`, r.PostID, r.UserID, at); err != nil {
			return err
		}
	}
	return nil
}
