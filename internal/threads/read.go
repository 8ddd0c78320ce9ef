package threads

import (
	"context"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/channels"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/posts"
	"github.com/parley-chat/parley/internal/realtime"
)

// follow has a user follow a thread from now on, or not any more, and tells
// their clients. Who follows has read what is there, which is up to the last
// reply and not up to now: one that is just being written stays unread.
func (t *Threads) follow(ctx context.Context, userID, teamID string, root *model.Post, on bool) error {
	replies, err := db.Value[int64](ctx, t.db, `INSERT INTO threadmemberships (postid, userid, following, lastviewed, lastupdated, unreadmentions)
		VALUES (CAST($1 AS text), $2, $3, CASE WHEN CAST($3 AS boolean) THEN `+lastReply("CAST($1 AS text)", "CAST($4 AS bigint) - 1")+` ELSE 0 END, $4, 0)
		ON CONFLICT (postid, userid) DO UPDATE SET following = excluded.following, lastupdated = excluded.lastupdated,
			lastviewed = greatest(coalesce(threadmemberships.lastviewed,0), excluded.lastviewed),
			unreadmentions = CASE WHEN excluded.following = true THEN 0 ELSE threadmemberships.unreadmentions END
		RETURNING coalesce((SELECT replycount FROM threads t WHERE t.postid = threadmemberships.postid),0)`,
		root.ID, userID, on, id.Now())
	if err != nil {
		return fault.Internal("app.user.update_thread_follow_for_user.app_error", err)
	}
	t.hub.Publish(realtime.Event{Name: model.EventThreadFollowChanged, To: realtime.Audience{UserID: userID, TeamID: teamID},
		Data: map[string]any{"thread_id": root.ID, "state": on, "reply_count": replies}})
	t.Followed.Publish(context.WithoutCancel(ctx), Followed{UserID: userID, RootID: root.ID, Following: on})
	return nil
}

// Follow has somebody follow a thread that another slice leads them to; teamID is
// that of its channel.
func (t *Threads) Follow(ctx context.Context, userID, teamID string, root *model.Post) error {
	return t.follow(ctx, userID, teamID, root, true)
}

// lastReply is the time of a thread's last reply in SQL, or another time when it
// has none.
func lastReply(postID, otherwise string) string {
	return `coalesce((SELECT nullif(lastreplyat,0) FROM threads WHERE threads.postid = ` + postID + `), ` + otherwise + `)`
}

// setRead moves the mark up to which a user has read a thread, in either
// direction; they follow it by that. It returns the thread as they see it now.
func (t *Threads) setRead(ctx context.Context, userID, teamID string, root *model.Post, ch *access.ChannelFacts, at int64) (*model.ThreadResponse, error) {
	var before model.ThreadResponse
	if x, err := t.one(ctx, userID, root.ID); err == nil {
		before = *x.resp
	} else if !fault.IsNotFound(err) {
		return nil, err
	}
	if err := t.storeRead(ctx, userID, root.ID, ch, at); err != nil {
		return nil, err
	}
	now, err := t.thread(ctx, userID, root.ID, false)
	if err != nil {
		return nil, err
	}
	t.hub.Publish(realtime.Event{Name: model.EventThreadReadChanged, To: realtime.Audience{UserID: userID, TeamID: teamID},
		Data: map[string]any{"thread_id": root.ID, "timestamp": at, "channel_id": root.ChannelID,
			"unread_mentions": now.UnreadMentions, "unread_replies": now.UnreadReplies,
			"previous_unread_mentions": before.UnreadMentions, "previous_unread_replies": before.UnreadReplies}})
	t.Read.Publish(context.WithoutCancel(ctx), Read{UserID: userID, RootID: root.ID, TeamID: teamID, At: at})
	return now, nil
}

// storeRead writes the mark and the mentions after it. The first statement
// holds the membership's row, so that a reply that comes at the same moment
// either is counted here or adds itself afterwards.
func (t *Threads) storeRead(ctx context.Context, userID, rootID string, ch *access.ChannelFacts, at int64) error {
	count, err := t.posts.MentionCounter(ctx, userID, ch)
	if err != nil {
		return err
	}
	err = t.db.Tx(ctx, func(tx *db.Tx) error {
		if _, err := tx.Exec(ctx, `INSERT INTO threadmemberships (postid, userid, following, lastviewed, lastupdated, unreadmentions)
			VALUES ($1, $2, true, $3, $4, 0) ON CONFLICT (postid, userid) DO UPDATE SET following = true,
				lastviewed = excluded.lastviewed, lastupdated = excluded.lastupdated`, rootID, userID, at, id.Now()); err != nil {
			return err
		}
		last, err := db.Value[int64](ctx, tx, `SELECT coalesce(max(lastreplyat),0) FROM threads WHERE postid = $1`, rootID)
		if err != nil {
			return err
		}
		var mentions int64
		if at < last {
			if mentions, err = count(ctx, tx, rootID, at); err != nil {
				return err
			}
		}
		_, err = tx.Exec(ctx, `UPDATE threadmemberships SET unreadmentions = $3 WHERE postid = $1 AND userid = $2`, rootID, userID, mentions)
		return err
	})
	if err != nil {
		return fault.Internal("app.user.update_thread_read_for_user.app_error", err)
	}
	return nil
}

// readAll marks all threads of a team, and those of conversations, as read.
func (t *Threads) readAll(ctx context.Context, userID, teamID string) error {
	now := id.Now()
	_, err := db.Exec(ctx, t.db, `UPDATE threadmemberships SET lastupdated = $3, unreadmentions = 0,
			lastviewed = greatest(coalesce(lastviewed,0), `+lastReply("threadmemberships.postid", "0")+`)
		WHERE userid = $1 AND following = true AND EXISTS (SELECT 1 FROM threads t WHERE t.postid = threadmemberships.postid
			AND t.threadteamid IN ($2, '') AND (t.lastreplyat > coalesce(threadmemberships.lastviewed,0) OR threadmemberships.unreadmentions > 0))`,
		userID, teamID, now)
	if err != nil {
		return fault.Internal("app.user.update_threads_read_for_user.app_error", err)
	}
	t.tellRead(realtime.Audience{UserID: userID, TeamID: teamID}, now)
	t.Read.Publish(context.WithoutCancel(ctx), Read{UserID: userID, TeamID: teamID, At: now})
	return nil
}

// tellRead tells a user's clients that everything in a team or channel is read.
func (t *Threads) tellRead(to realtime.Audience, at int64) {
	t.hub.Publish(realtime.Event{Name: model.EventThreadReadChanged, To: to, Data: map[string]int64{"timestamp": at}})
}

// viewed reads threads together with their channel, for clients and users who
// don't keep them apart. Nothing unread costs no write.
func (t *Threads) viewed(ctx context.Context, e channels.Viewed) {
	collapsed := t.collapsed(ctx, e.UserID)
	if len(e.Unread) == 0 || !t.autoFollow() || collapsed && !e.ThreadsToo {
		return
	}
	now := id.Now()
	ids, err := db.List(ctx, t.db, db.One[string], `SELECT tm.postid FROM threadmemberships tm JOIN threads t ON t.postid = tm.postid
		WHERE tm.userid = $1 AND t.channelid = ANY($2) AND (t.lastreplyat > coalesce(tm.lastviewed,0) OR tm.unreadmentions > 0)
		ORDER BY tm.postid LIMIT $3`, e.UserID, e.Unread, maxSeats)
	if err != nil {
		t.log.Error("threads of a viewed channel stay unread", "user", e.UserID, "error", err)
		return
	}
	if len(ids) > 0 {
		t.exec(ctx, "threads of a viewed channel stay unread", `UPDATE threadmemberships
			SET lastupdated = $3, unreadmentions = 0,
				lastviewed = greatest(coalesce(lastviewed,0), `+lastReply("threadmemberships.postid", "0")+`)
			WHERE userid = $1 AND postid = ANY($2)`, e.UserID, ids, now)
	}
	if collapsed {
		for _, channelID := range e.Unread {
			t.tellRead(realtime.Audience{UserID: e.UserID, ChannelID: channelID}, now)
		}
	}
}

// markedUnread makes a thread unread from a reply on, for clients and users
// who don't keep threads apart.
func (t *Threads) markedUnread(ctx context.Context, e posts.MarkedUnread) {
	collapsed := t.collapsed(ctx, e.UserID)
	if e.Post.RootID == "" || !t.autoFollow() || e.Collapsed && collapsed {
		return
	}
	ctx = context.WithoutCancel(ctx)
	ch, err := t.acc.Channel(ctx, e.Post.ChannelID)
	if err == nil {
		err = t.storeRead(ctx, e.UserID, e.Post.RootID, ch, e.Post.CreateAt-1)
	}
	if err == nil && collapsed {
		err = t.tellThread(ctx, e.UserID, e.Post.RootID, ch.TeamID)
	}
	if err != nil {
		t.log.Error("a thread was not marked as unread", "user", e.UserID, "post", e.Post.ID, "error", err)
	}
}

// tellThread sends a user's clients one of their threads as it is.
func (t *Threads) tellThread(ctx context.Context, userID, rootID, teamID string) error {
	x, err := t.thread(ctx, userID, rootID, true)
	if err != nil {
		return err
	}
	t.hub.Publish(realtime.Event{Name: model.EventThreadUpdated, To: realtime.Audience{UserID: userID, TeamID: teamID},
		Data: map[string]any{"thread": jsonText(x)}})
	return nil
}
