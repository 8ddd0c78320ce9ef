package reactions

import (
	"context"
	"errors"

	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/event"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/posts"
)

// target is what must be known of a post to react to it.
type target struct {
	channelID string
	deleted   bool
	burning   bool // burns on reading
	custom    bool // the emoji asked about is a custom one
	changedAt int64
	on        bool  // somebody reacted with the emoji
	different int   // emojis on the post
	since     int64 // times of the reaction asked about; 0: there is none
	updated   int64
}

// find reads a post and what there is of a user's reaction to it.
func (r *Reactions) find(ctx context.Context, userID, postID, emoji string) (*target, error) {
	t, err := db.Get(ctx, r.db, func(row db.Row) (*target, error) {
		t := &target{}
		return t, row.Scan(&t.channelID, &t.deleted, &t.burning, &t.custom, &t.changedAt, &t.on, &t.different, &t.since, &t.updated)
	}, `SELECT coalesce(p.channelid,''), coalesce(p.deleteat,0) <> 0, coalesce(p.type,'') = $4,
			EXISTS (SELECT 1 FROM emoji e WHERE e.name = $3 AND e.deleteat = 0), coalesce(p.updateat,0),
			EXISTS (SELECT 1 FROM reactions WHERE postid = $1 AND emojiname = $3 AND coalesce(deleteat,0) = 0),
			(SELECT count(DISTINCT emojiname) FROM reactions WHERE postid = $1 AND coalesce(deleteat,0) = 0),
			coalesce(mine.createat,0), coalesce(mine.updateat,0)
		FROM posts p LEFT JOIN reactions mine ON mine.postid = p.id AND mine.userid = $2 AND mine.emojiname = $3 AND coalesce(mine.deleteat,0) = 0
		WHERE p.id = $1 AND coalesce(p.originalid,'') = ''`, postID, userID, emoji, model.PostTypeBurnOnRead)
	if errors.Is(err, db.ErrNotFound) {
		return nil, errNoPost
	}
	return t, err
}

// again is what happens to a reaction that was removed before.
const again = ` ON CONFLICT (postid, userid, emojiname) DO UPDATE SET createat = excluded.createat, updateat = excluded.updateat,
	deleteat = 0, remoteid = '', channelid = excluded.channelid WHERE coalesce(reactions.deleteat,0) <> 0`

// insert writes a reaction. One that somebody else's request added meanwhile
// gives errNoChange, with made as it is.
func (r *Reactions) insert(ctx context.Context, made *model.Reaction, t *target, also event.Part) error {
	limit := min(r.cfg.Get().ServiceSettings.UniqueEmojiReactionLimitPerPost, model.ReactionsUniqueMax)
	if !t.on && t.different >= limit {
		return errTooMany
	}
	if !r.db.SQLite() && also == nil {
		if done, err := r.insertFast(ctx, made, t); done || err != nil {
			return err
		}
	}
	return r.db.Tx(ctx, func(tx *db.Tx) error {
		// This locks the post, so that the limit is exact after all.
		if err := r.posts.SetHasReactions(ctx, tx, made.PostID, true); err != nil {
			return err
		}
		n, err := tx.Exec(ctx, `INSERT INTO reactions (userid, postid, emojiname, createat, updateat, deleteat, remoteid, channelid)
			SELECT CAST($1 AS text), CAST($2 AS text), CAST($3 AS text), CAST($4 AS bigint), $4, 0, '', CAST($5 AS text)
			WHERE EXISTS (SELECT 1 FROM reactions WHERE postid = $2 AND emojiname = $3 AND coalesce(deleteat,0) = 0)
				OR (SELECT count(DISTINCT emojiname) FROM reactions WHERE postid = $2 AND coalesce(deleteat,0) = 0) < $6`+again,
			made.UserID, made.PostID, made.EmojiName, made.CreateAt, made.ChannelID, limit)
		if err != nil {
			return err
		}
		if n > 0 {
			return also.In(ctx, tx)
		}
		return existing(ctx, tx, made)
	})
}

// insertFast is insert in one statement: PostgreSQL only, where a transaction
// is three round trips more. It does nothing when the post changed since it was
// read, as any other reaction changes it.
func (r *Reactions) insertFast(ctx context.Context, made *model.Reaction, t *target) (done bool, err error) {
	n, err := r.db.Exec(ctx, `WITH `+posts.Reacted+` INSERT INTO reactions (userid, postid, emojiname, createat, updateat, deleteat, remoteid, channelid)
		SELECT CAST($4 AS text), id, CAST($5 AS text), $2, $2, 0, '', channelid FROM reacted`+again,
		made.PostID, made.CreateAt, t.changedAt, made.UserID, made.EmojiName)
	if err == nil && n > 0 {
		r.posts.Changed(made.ChannelID, made.CreateAt)
	}
	return n > 0, err
}

// existing reads into made the reaction that kept it from being added, and
// returns errNoChange; without one it was the limit.
func existing(ctx context.Context, q db.Querier, made *model.Reaction) error {
	found, err := db.Get(ctx, q, scan, `SELECT `+columns+` FROM reactions
		WHERE postid = $1 AND userid = $2 AND emojiname = $3 AND coalesce(deleteat,0) = 0`, made.PostID, made.UserID, made.EmojiName)
	if errors.Is(err, db.ErrNotFound) {
		return errTooMany
	}
	if err != nil {
		return err
	}
	*made = *found
	return errNoChange
}

// delete marks a reaction as removed, and the post when it was the last:
// errNoChange when there is none.
func (r *Reactions) delete(ctx context.Context, gone *model.Reaction, also event.Part) error {
	return r.db.Tx(ctx, func(tx *db.Tx) error {
		// This locks the post; whether any are left is asked after that.
		if err := r.posts.SetHasReactions(ctx, tx, gone.PostID, true); err != nil {
			return err
		}
		n, err := tx.Exec(ctx, `UPDATE reactions SET deleteat = $4, updateat = $4
			WHERE postid = $1 AND userid = $2 AND emojiname = $3 AND coalesce(deleteat,0) = 0`, gone.PostID, gone.UserID, gone.EmojiName, gone.UpdateAt)
		if err := changed(n, err); err != nil {
			return err
		}
		if err := r.note(ctx, tx, gone.PostID); err != nil {
			return err
		}
		return also.In(ctx, tx)
	})
}

// note has a locked post say whether it has reactions.
func (r *Reactions) note(ctx context.Context, tx *db.Tx, postID string) error {
	left, err := db.Value[bool](ctx, tx, `SELECT EXISTS (SELECT 1 FROM reactions WHERE postid = $1 AND coalesce(deleteat,0) = 0)`, postID)
	if err != nil || left {
		return err
	}
	return r.posts.SetHasReactions(ctx, tx, postID, false)
}

func changed(n int64, err error) error {
	if err == nil && n == 0 {
		return errNoChange
	}
	return err
}

const columns = `userid, postid, emojiname, coalesce(createat,0), coalesce(updateat,0), coalesce(deleteat,0), coalesce(remoteid,''), channelid`

func scan(row db.Row) (*model.Reaction, error) {
	m := &model.Reaction{}
	return m, row.Scan(&m.UserID, &m.PostID, &m.EmojiName, &m.CreateAt, &m.UpdateAt, &m.DeleteAt, &m.RemoteID, &m.ChannelID)
}

// Bounds of the lists.
const (
	maxRows    = 100_000
	sweepBatch = 200 // posts of one transaction of sweep
)

// list returns the reactions to posts, in the order in which they came.
func (r *Reactions) list(ctx context.Context, postIDs []string) ([]*model.Reaction, error) {
	return db.List(ctx, r.db, scan, `SELECT `+columns+` FROM reactions WHERE postid = ANY($1) AND coalesce(deleteat,0) = 0
		ORDER BY 4, 1, 3 LIMIT $2`, postIDs, maxRows)
}

// channelsOf returns the channels of the posts among ids that aren't deleted,
// and how many posts these are.
func (r *Reactions) channelsOf(ctx context.Context, postIDs []string) (channels []string, n int, err error) {
	channels, err = db.List(ctx, r.db, db.One[string], `SELECT coalesce(channelid,'') FROM posts
		WHERE id = ANY($1) AND deleteat = 0 LIMIT $2`, postIDs, len(postIDs))
	return channels, len(channels), err
}

// postsDeleted removes the rows of posts that are removed for good; those of
// posts that are only hidden stay with them.
func (r *Reactions) postsDeleted(ctx context.Context, tx *db.Tx, gone []*model.Post, permanent bool) error {
	if !permanent {
		return nil
	}
	ids := make([]string, len(gone))
	for i, p := range gone {
		ids[i] = p.ID
	}
	_, err := tx.Exec(ctx, `DELETE FROM reactions WHERE postid = ANY($1)`, ids)
	return err
}

// sweep removes all reactions that a condition on one value names, a bounded
// number of posts at a time.
func (r *Reactions) sweep(ctx context.Context, where, value string) {
	ctx = context.WithoutCancel(ctx)
	for {
		ids, err := db.List(ctx, r.db, db.One[string], `SELECT DISTINCT postid FROM reactions WHERE `+where+
			` AND coalesce(deleteat,0) = 0 ORDER BY postid LIMIT $2`, value, sweepBatch)
		if err == nil && len(ids) > 0 {
			err = r.db.Tx(ctx, func(tx *db.Tx) error { return r.sweepPosts(ctx, tx, where, value, ids) })
		}
		if err != nil {
			r.log.Error("reactions were left behind", "of", value, "error", err)
		}
		if err != nil || len(ids) < sweepBatch {
			return
		}
	}
}

func (r *Reactions) sweepPosts(ctx context.Context, tx *db.Tx, where, value string, ids []string) error {
	for _, postID := range ids { // in the order of ids: two sweeps never wait for each other in a circle
		if err := r.posts.SetHasReactions(ctx, tx, postID, true); err != nil {
			return err
		}
	}
	if _, err := tx.Exec(ctx, `UPDATE reactions SET deleteat = $3, updateat = $3 WHERE `+where+
		` AND postid = ANY($2) AND coalesce(deleteat,0) = 0`, value, ids, id.Now()); err != nil {
		return err
	}
	for _, postID := range ids {
		if err := r.note(ctx, tx, postID); err != nil {
			return err
		}
	}
	return nil
}
