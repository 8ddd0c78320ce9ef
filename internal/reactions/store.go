package reactions

import (
	"context"
	"errors"

	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
)

// target is what must be known of a post to react to it.
type target struct {
	channelID string
	deleted   bool
	burning   bool // burns on reading
	custom    bool // the emoji asked about is a custom one
}

// find reads a post and, unless it is "", whether a custom emoji has the name.
func (r *Reactions) find(ctx context.Context, postID, emoji string) (*target, error) {
	t, err := db.Get(ctx, r.db, func(row db.Row) (*target, error) {
		t := &target{}
		return t, row.Scan(&t.channelID, &t.deleted, &t.burning, &t.custom)
	}, `SELECT coalesce(p.channelid,''), coalesce(p.deleteat,0) <> 0, coalesce(p.type,'') = $3,
			EXISTS (SELECT 1 FROM emoji e WHERE e.name = $2 AND e.deleteat = 0)
		FROM posts p WHERE p.id = $1 AND coalesce(p.originalid,'') = ''`, postID, emoji, model.PostTypeBurnOnRead)
	if errors.Is(err, db.ErrNotFound) {
		return nil, fault.NotFound("app.post.get.app_error")
	}
	return t, err
}

// insert writes a reaction unless it is there or the post has its fill of
// different emojis: then errNoChange. Both are decided with the post's row
// locked (on SQLite: by its only writer), so that the limit is exact.
func (r *Reactions) insert(ctx context.Context, made *model.Reaction) error {
	limit := min(r.cfg.Get().ServiceSettings.UniqueEmojiReactionLimitPerPost, model.ReactionsUniqueMax)
	return r.db.Tx(ctx, func(tx *db.Tx) error {
		if err := r.posts.SetHasReactions(ctx, tx, made.PostID, true); err != nil {
			return err
		}
		n, err := tx.Exec(ctx, `INSERT INTO reactions (userid, postid, emojiname, createat, updateat, deleteat, remoteid, channelid)
			SELECT CAST($1 AS text), CAST($2 AS text), CAST($3 AS text), CAST($4 AS bigint), $4, 0, '', CAST($5 AS text)
			WHERE EXISTS (SELECT 1 FROM reactions WHERE postid = $2 AND emojiname = $3 AND coalesce(deleteat,0) = 0)
				OR (SELECT count(DISTINCT emojiname) FROM reactions WHERE postid = $2 AND coalesce(deleteat,0) = 0) < $6
			ON CONFLICT (postid, userid, emojiname) DO UPDATE SET createat = excluded.createat, updateat = excluded.updateat,
				deleteat = 0, remoteid = '', channelid = excluded.channelid WHERE coalesce(reactions.deleteat,0) <> 0`,
			made.UserID, made.PostID, made.EmojiName, made.CreateAt, made.ChannelID, limit)
		return changed(n, err)
	})
}

// delete marks a reaction as removed, and the post when it was the last:
// errNoChange when there is none.
func (r *Reactions) delete(ctx context.Context, gone *model.Reaction) error {
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
		return r.note(ctx, tx, gone.PostID)
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

// load reads a reaction by its post, user and emoji.
func (r *Reactions) load(ctx context.Context, like *model.Reaction) (*model.Reaction, error) {
	return db.Get(ctx, r.db, scan, `SELECT `+columns+` FROM reactions
		WHERE postid = $1 AND userid = $2 AND emojiname = $3 AND coalesce(deleteat,0) = 0`, like.PostID, like.UserID, like.EmojiName)
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
