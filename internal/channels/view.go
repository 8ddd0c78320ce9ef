package channels

import (
	"context"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/api"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/realtime"
)

func (c *Channels) mountReading(r *access.Router) {
	api.Post(r, "/channels/members/{user_id}/view", access.Session, c.view)
	api.Post(r, "/channels/members/{user_id}/mark_read", access.Session, c.markRead)
	api.Get(r, "/users/{user_id}/channels/{channel_id}/unread", access.Session, c.getUnread)
}

type viewIn struct {
	UserID string            `path:"user_id"`
	Body   model.ChannelView `body:"json,channel_view"`
}

func (c *Channels) view(ctx context.Context, v access.Viewer, in viewIn) (*model.ChannelViewResponse, error) {
	if err := v.NeedUser(ctx, in.UserID); err != nil {
		return nil, err
	}
	var ids []string
	for name, channelID := range map[string]string{"channel_id": in.Body.ChannelID, "prev_channel_id": in.Body.PrevChannelID} {
		if channelID != "" && !id.Valid(channelID) {
			return nil, fault.InvalidParam(name)
		}
		if channelID != "" {
			ids = append(ids, channelID)
		}
	}
	times, err := c.MarkRead(ctx, in.UserID, ids, !in.Body.CollapsedThreadsSupported)
	return &model.ChannelViewResponse{Status: "OK", LastViewedAtTimes: times}, err
}

type markReadIn struct {
	UserID string `path:"user_id"`
	idsIn
}

func (c *Channels) markRead(ctx context.Context, v access.Viewer, in markReadIn) (*model.ChannelViewResponse, error) {
	if err := v.NeedUser(ctx, in.UserID); err != nil {
		return nil, err
	}
	ids, err := in.ids("channel_ids")
	if err != nil {
		return nil, err
	}
	times, err := c.MarkRead(ctx, in.UserID, ids, false)
	return &model.ChannelViewResponse{Status: "OK", LastViewedAtTimes: times}, err
}

// reading is a member's place in a channel.
type reading struct {
	channelID string
	last      int64 // Unix ms of the channel's last post
	unread    bool
}

// MarkRead marks all that is in channels as read by a user and tells their
// clients. It returns, for each channel that they are in, the time of its last
// post. threadsToo tells that replies count as read with the channel. A channel
// with nothing new costs no write.
func (c *Channels) MarkRead(ctx context.Context, userID string, channelIDs []string, threadsToo bool) (map[string]int64, error) {
	times := map[string]int64{}
	if len(channelIDs) == 0 {
		return times, nil
	}
	list, err := db.List(ctx, c.db, func(r db.Row) (reading, error) {
		var x reading
		err := r.Scan(&x.channelID, &x.last, &x.unread)
		return x, err
	}, `SELECT c.id, greatest(coalesce(c.lastpostat,0), coalesce(cm.lastviewedat,0)),
		coalesce(cm.msgcount,0) < coalesce(c.totalmsgcount,0) OR coalesce(cm.msgcountroot,0) < coalesce(c.totalmsgcountroot,0)
		OR coalesce(cm.mentioncount,0) + coalesce(cm.mentioncountroot,0) + coalesce(cm.urgentmentioncount,0) > 0
		OR coalesce(cm.lastviewedat,0) < coalesce(c.lastpostat,0)
		FROM channelmembers cm JOIN channels c ON c.id = cm.channelid WHERE cm.userid = $1 AND cm.channelid = ANY($2) LIMIT $3`,
		userID, channelIDs, len(channelIDs))
	if err != nil {
		return nil, err
	}
	var unread []string
	read := make(map[string]int64, len(list))
	for _, x := range list {
		times[x.channelID] = x.last
		if x.unread {
			unread = append(unread, x.channelID)
			read[x.channelID] = x.last
		}
	}
	if len(unread) > 0 {
		if err := c.storeRead(ctx, userID, unread); err != nil {
			return nil, err
		}
		c.TellViewed(userID, read)
	}
	if len(list) > 0 {
		c.Viewed.Publish(ctx, Viewed{UserID: userID, Times: times, Unread: unread, ThreadsToo: threadsToo})
	}
	return times, nil
}

func (c *Channels) storeRead(ctx context.Context, userID string, channelIDs []string) error {
	_, err := db.Exec(ctx, c.db, `UPDATE channelmembers SET msgcount = greatest(coalesce(channelmembers.msgcount,0), c.totalmsgcount),
		msgcountroot = greatest(coalesce(channelmembers.msgcountroot,0), c.totalmsgcountroot), mentioncount = 0, mentioncountroot = 0, urgentmentioncount = 0,
		lastviewedat = greatest(coalesce(channelmembers.lastviewedat,0), c.lastpostat),
		lastupdateat = greatest(coalesce(channelmembers.lastupdateat,0), c.lastpostat)
		FROM channels c WHERE c.id = channelmembers.channelid AND channelmembers.userid = $1 AND channelmembers.channelid = ANY($2)`, userID, channelIDs)
	c.acc.Answers.Changed(access.ReadingFact(userID))
	return err
}

// TellViewed tells a user's clients that channels were read, by the times of
// their last posts.
func (c *Channels) TellViewed(userID string, times map[string]int64) {
	if !c.cfg.Get().ServiceSettings.EnableChannelViewedMessages {
		return
	}
	c.hub.Publish(realtime.Event{Name: model.EventMultipleChannelsViewed, To: realtime.Audience{UserID: userID},
		Data: map[string]any{"channel_times": times}})
}

func (c *Channels) getUnread(ctx context.Context, v access.Viewer, in memberIn) (*model.ChannelUnread, error) {
	if err := v.NeedUser(ctx, in.UserID); err != nil {
		return nil, err
	}
	if err := v.NeedChannel(ctx, in.ChannelID, access.PermReadChannel); err != nil {
		return nil, err
	}
	return c.Unread(ctx, in.UserID, in.ChannelID)
}

// Unread counts what a member has not read of a channel. In a muted channel
// only mentions count. 404 app.channel.get_unread.app_error when they aren't in it.
func (c *Channels) Unread(ctx context.Context, userID, channelID string) (*model.ChannelUnread, error) {
	u, err := db.Get(ctx, c.db, func(r db.Row) (*model.ChannelUnread, error) {
		u := &model.ChannelUnread{ChannelID: channelID}
		err := r.Scan(&u.TeamID, &u.MsgCount, &u.MsgCountRoot, &u.MentionCount, &u.MentionCountRoot, &u.UrgentMentionCount, (*notifyProps)(&u.NotifyProps))
		return u, err
	}, `SELECT coalesce(c.teamid,''), greatest(coalesce(c.totalmsgcount,0) - coalesce(cm.msgcount,0), 0),
		greatest(coalesce(c.totalmsgcountroot,0) - coalesce(cm.msgcountroot,0), 0), coalesce(cm.mentioncount,0), coalesce(cm.mentioncountroot,0),
		coalesce(cm.urgentmentioncount,0), cm.notifyprops
		FROM channelmembers cm JOIN channels c ON c.id = cm.channelid WHERE cm.userid = $1 AND cm.channelid = $2 AND c.deleteat = 0`, userID, channelID)
	if err != nil {
		return nil, orNotFound(err, fault.NotFound("app.channel.get_unread.app_error"))
	}
	if u.NotifyProps[model.NotifyPropMarkUnread] == model.ChannelMarkUnreadMention {
		u.MsgCount, u.MsgCountRoot = 0, 0
	}
	return u, nil
}
