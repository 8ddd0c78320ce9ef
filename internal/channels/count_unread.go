package channels

import (
	"context"
	"errors"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/model"
)

// UnreadFrom makes everything of a channel after a time unread for a member.
// The posts slice, which knows posts and mentions, has counted.
type UnreadFrom struct {
	ChannelID, UserID              string
	At                             int64 // Unix ms: the last moment that stays read
	Posts, Roots                   int64 // unread from there on
	RootsToo                       bool  // also the counters of threads' first posts
	Mentions, RootMentions, Urgent int64
}

// MarkUnread sets a member's counters back and returns them, without the team.
// Fails with 404 app.channel.get_member.missing.app_error for who is no member.
func (c *Channels) MarkUnread(ctx context.Context, u UnreadFrom) (*model.ChannelUnreadAt, error) {
	out := &model.ChannelUnreadAt{UserID: u.UserID, ChannelID: u.ChannelID, LastViewedAt: u.At}
	err := c.db.QueryRow(ctx, `UPDATE channelmembers SET
		msgcount = greatest(0, (SELECT coalesce(totalmsgcount,0) FROM channels WHERE id = $1) - $4),
		msgcountroot = CASE WHEN $6 THEN greatest(0, (SELECT coalesce(totalmsgcountroot,0) FROM channels WHERE id = $1) - $5) ELSE msgcountroot END,
		mentioncount = $7, mentioncountroot = CASE WHEN $6 THEN $8 ELSE mentioncountroot END,
		urgentmentioncount = $9, lastviewedat = $3, lastupdateat = greatest(coalesce(lastupdateat,0), $3)
		WHERE channelid = $1 AND userid = $2
		RETURNING msgcount, coalesce(msgcountroot,0), mentioncount, coalesce(mentioncountroot,0), coalesce(urgentmentioncount,0)`,
		u.ChannelID, u.UserID, u.At, u.Posts, u.Roots, u.RootsToo, u.Mentions, u.RootMentions, u.Urgent).
		Scan(&out.MsgCount, &out.MsgCountRoot, &out.MentionCount, &out.MentionCountRoot, &out.UrgentMentionCount)
	c.acc.Answers.Changed(access.ReadingFact(u.UserID))
	if errors.Is(err, db.ErrNotFound) {
		return nil, errNoMember
	}
	return out, err
}
