package commands

import (
	"context"
	"errors"
	"time"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/posts"
)

// Bounds of messages that are said later.
const (
	echoSecondsMost = 10_000
	echoesMost      = 100 // that wait, of one user
)

// echo has the server say something in the typist's name, now or later. What
// waits is kept in a table: a restart loses nothing.
func (c *Commands) echo(ctx context.Context, r *run) (*model.CommandResponse, error) {
	message, seconds := echoed(r.text)
	switch {
	case message == "":
		return r.says("commands.echo.empty"), nil
	case seconds < 0 || seconds > echoSecondsMost:
		return r.says("commands.echo.delay", "Max", echoSecondsMost), nil
	case seconds == 0:
		_, err := c.Posts.Create(ctx, r.v, &model.Post{ChannelID: r.ch.ID, RootID: r.rootID, Message: message}, posts.CreateOptions{SetOnline: true})
		return &model.CommandResponse{}, err
	}
	waiting, err := db.Value[int64](ctx, c.DB, `SELECT count(*) FROM parley_command_echoes WHERE userid = $1`, r.v.UserID)
	if err != nil {
		return nil, err
	}
	if waiting >= echoesMost {
		return r.says("commands.echo.many", "Max", echoesMost), nil
	}
	_, err = c.DB.Exec(ctx, `INSERT INTO parley_command_echoes (id, userid, channelid, rootid, message, dueat) VALUES ($1,$2,$3,$4,$5,$6)`,
		id.New(), r.v.UserID, r.ch.ID, r.rootID, message, id.Now()+seconds*1000)
	select {
	case c.wake <- struct{}{}:
	default:
	}
	return &model.CommandResponse{}, err
}

// echoLook is how long one node may not know of another's echoes.
const echoLook = 15 * time.Second

// Run says what was put by when its time has come, until ctx ends.
func (c *Commands) Run(ctx context.Context) {
	for {
		next, err := c.sayDue(ctx, id.Now())
		if err != nil && ctx.Err() == nil {
			c.Log.Error("messages that were put by could not be said", "error", err)
		}
		timer := time.NewTimer(next)
		select {
		case <-ctx.Done():
			timer.Stop()
			return
		case <-c.wake:
			timer.Stop()
		case <-timer.C:
		}
	}
}

type echoRow struct{ id, userID, channelID, rootID, message string }

// sayDue says what is due at now, and returns how long the next one takes. Of
// several nodes the one that deletes the row says it.
func (c *Commands) sayDue(ctx context.Context, now int64) (time.Duration, error) {
	list, err := db.List(ctx, c.DB, func(r db.Row) (e echoRow, err error) {
		err = r.Scan(&e.id, &e.userID, &e.channelID, &e.rootID, &e.message)
		return e, err
	}, `SELECT id, userid, channelid, rootid, message FROM parley_command_echoes WHERE dueat <= $1 ORDER BY dueat, id LIMIT 100`, now)
	if err != nil {
		return echoLook, err
	}
	for _, e := range list {
		n, err := c.DB.Exec(ctx, `DELETE FROM parley_command_echoes WHERE id = $1`, e.id)
		if err != nil {
			return echoLook, err
		}
		if n > 0 {
			c.sayEcho(context.WithoutCancel(ctx), e)
		}
	}
	due, err := db.Value[int64](ctx, c.DB, `SELECT dueat FROM parley_command_echoes ORDER BY dueat LIMIT 1`)
	if errors.Is(err, db.ErrNotFound) {
		return echoLook, nil
	}
	return min(max(time.Duration(due-id.Now())*time.Millisecond, time.Millisecond), echoLook), err
}

// sayEcho says one message, if its author still may: rights are those of now.
func (c *Commands) sayEcho(ctx context.Context, e echoRow) {
	v, err := c.acting(ctx, e.userID)
	if err == nil {
		err = v.NeedChannel(ctx, e.channelID, access.PermCreatePost)
	}
	if err == nil {
		_, err = c.Posts.Create(ctx, v, &model.Post{ChannelID: e.channelID, RootID: e.rootID, Message: e.message}, posts.CreateOptions{})
	}
	if err != nil && fault.As(err).Kind == fault.KindInternal {
		c.Log.Warn("a message that was put by is lost", "user_id", e.userID, "error", err)
	}
}

// acting is a viewer for work in the name of somebody who isn't here; 403 for a
// closed account.
func (c *Commands) acting(ctx context.Context, userID string) (access.Viewer, error) {
	u, err := c.Users.ByID(ctx, userID)
	if err != nil {
		return access.Viewer{}, err
	}
	if u.DeleteAt != 0 {
		return access.Viewer{}, errForbidden
	}
	return c.Access.Acting(u.ID, u.Username, u.Roles), nil
}
