package threads

import (
	"context"
	"slices"

	"github.com/parley-chat/parley/internal/channels"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/posts"
)

// followRemovals has the tables keep up with people who leave, and with
// channels and accounts that move or are removed.
func (t *Threads) followRemovals() {
	t.channels.Left.Subscribe(func(ctx context.Context, e *channels.Left) {
		t.auto.Forget(e.Channel.ID)
		t.exec(ctx, "memberships of somebody who left stayed", `DELETE FROM threadmemberships WHERE userid = ANY($1) AND EXISTS (
			SELECT 1 FROM threads t WHERE t.postid = threadmemberships.postid AND t.channelid = $2)`, e.UserIDs, e.Channel.ID)
	})
	t.channels.Deleted.Subscribe(func(ctx context.Context, e channels.Changed) {
		t.exec(ctx, "memberships of a removed channel stayed", `DELETE FROM threadmemberships
			WHERE postid IN (SELECT postid FROM threads WHERE channelid = $1)`, e.Channel.ID)
		t.exec(ctx, "threads of a removed channel stayed", `DELETE FROM threads WHERE channelid = $1`, e.Channel.ID)
	})
	t.channels.Moved.Subscribe(func(ctx context.Context, e channels.Moved) { t.setTeam(ctx, e.Channel) })
	t.channels.Converted.Subscribe(func(ctx context.Context, e channels.Converted) { t.setTeam(ctx, e.Channel) })
	t.users.Deleted.Subscribe(func(ctx context.Context, u *model.User) {
		t.exec(ctx, "memberships of a removed account stayed", `DELETE FROM threadmemberships WHERE userid = $1`, u.ID)
	})
}

func (t *Threads) setTeam(ctx context.Context, ch *model.Channel) {
	t.exec(ctx, "threads did not follow their channel", `UPDATE threads SET threadteamid = $2 WHERE channelid = $1`, ch.ID, ch.TeamID)
}

// exec does what has to follow a change that is committed already.
func (t *Threads) exec(ctx context.Context, failed, sql string, args ...any) {
	if _, err := db.Exec(context.WithoutCancel(ctx), t.db, sql, args...); err != nil {
		t.log.Error(failed, "error", err)
	}
}

// threadMoved follows a thread into its new channel; who isn't there no longer
// follows it.
func (t *Threads) threadMoved(ctx context.Context, e posts.Moved) {
	t.exec(ctx, "a thread did not follow its root", `UPDATE threads SET channelid = $2, threadteamid = $3 WHERE postid = $1`, e.Root.ID, e.To.ID, e.To.TeamID)
	t.exec(ctx, "somebody follows a thread that went elsewhere", `DELETE FROM threadmemberships WHERE postid = $1 AND NOT EXISTS (
		SELECT 1 FROM channelmembers cm WHERE cm.channelid = $2 AND cm.userid = threadmemberships.userid)`, e.Root.ID, e.To.ID)
}

// deleting takes deleted posts out of their threads, inside the transaction
// that deletes them, before their rows change: a thread goes with its root, and
// is counted anew when replies go.
func (t *Threads) deleting(ctx context.Context, tx *db.Tx, gone []*model.Post, permanent bool) error {
	var ids, roots, orphans []string
	for _, p := range gone {
		ids = append(ids, p.ID)
		if p.RootID == "" {
			roots = append(roots, p.ID)
		}
	}
	for _, p := range gone {
		if p.RootID != "" && !slices.Contains(roots, p.RootID) {
			orphans = append(orphans, p.RootID)
		}
	}
	if len(roots) > 0 {
		if err := t.closeThreads(ctx, tx, roots, permanent); err != nil {
			return err
		}
	}
	slices.Sort(orphans)
	for _, rootID := range slices.Compact(orphans) {
		if err := recount(ctx, tx, rootID, ids); err != nil {
			return err
		}
	}
	return nil
}

// restoring puts posts that are back into their threads again.
func (t *Threads) restoring(ctx context.Context, tx *db.Tx, back []*model.Post) error {
	var roots []string
	for _, p := range back {
		rootID := p.RootID
		if rootID == "" {
			rootID = p.ID
			if _, err := tx.Exec(ctx, `UPDATE threads SET threaddeleteat = 0 WHERE postid = $1`, rootID); err != nil {
				return err
			}
		}
		roots = append(roots, rootID)
	}
	slices.Sort(roots)
	for _, rootID := range slices.Compact(roots) {
		if err := recount(ctx, tx, rootID, nil); err != nil {
			return err
		}
	}
	return nil
}

func (t *Threads) closeThreads(ctx context.Context, tx *db.Tx, roots []string, permanent bool) error {
	if !permanent {
		_, err := tx.Exec(ctx, `UPDATE threads SET threaddeleteat = $2 WHERE postid = ANY($1) AND coalesce(threaddeleteat,0) = 0`, roots, id.Now())
		return err
	}
	if _, err := tx.Exec(ctx, `DELETE FROM threadmemberships WHERE postid = ANY($1)`, roots); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `DELETE FROM threads WHERE postid = ANY($1)`, roots)
	return err
}

// recount works out a thread from its replies but those that are going. The
// first statement locks the row, so that the second sees every reply that has
// been counted and none that is yet to be.
func recount(ctx context.Context, tx *db.Tx, rootID string, going []string) error {
	if n, err := tx.Exec(ctx, `UPDATE threads SET replycount = replycount WHERE postid = $1`, rootID); err != nil || n == 0 {
		return err
	}
	type author struct {
		userID  string
		n, last int64
	}
	authors, err := db.List(ctx, tx, func(r db.Row) (a author, err error) { err = r.Scan(&a.userID, &a.n, &a.last); return a, err },
		`SELECT userid, count(*), max(createat) FROM posts WHERE rootid = $1 AND deleteat = 0 AND id <> ALL($2)
		GROUP BY userid ORDER BY 3, 1 LIMIT $3`, rootID, going, maxSeats)
	if err != nil {
		return err
	}
	var total author
	people := make([]string, 0, len(authors))
	for _, a := range authors {
		total.n, total.last = total.n+a.n, max(total.last, a.last)
		people = append(people, a.userID)
	}
	_, err = tx.Exec(ctx, `UPDATE threads SET replycount = $2, lastreplyat = $3, participants = $4 WHERE postid = $1`,
		rootID, total.n, total.last, idsText(people))
	return err
}

// replyDeleted takes the mentions of a deleted reply from those who haven't
// read it. What mentioned them may be known no more: the words may have been
// edited, or the reader may be called by others. But nobody has more mentions
// than replies to read.
func (t *Threads) replyDeleted(ctx context.Context, e posts.Deleted) {
	if e.Post.RootID == "" {
		return
	}
	ctx = context.WithoutCancel(ctx)
	unread, err := db.List(ctx, t.db, db.One[string], `SELECT userid FROM threadmemberships
		WHERE postid = $1 AND unreadmentions > 0 AND lastviewed < $2 LIMIT $3`, e.Post.RootID, e.Post.CreateAt, maxSeats)
	if err != nil || len(unread) == 0 {
		return
	}
	mentioned, err := t.posts.Mentioned(ctx, e.Post)
	if err != nil {
		t.log.Error("mentions of a deleted reply still count", "post", e.Post.ID, "error", err)
		return
	}
	mentioned = slices.DeleteFunc(mentioned, func(userID string) bool { return !slices.Contains(unread, userID) })
	if len(mentioned) > 0 {
		t.exec(ctx, "mentions of a deleted reply still count", `UPDATE threadmemberships SET unreadmentions = unreadmentions - 1
			WHERE postid = $1 AND userid = ANY($2) AND unreadmentions > 0 AND lastviewed < $3`, e.Post.RootID, mentioned, e.Post.CreateAt)
	}
	t.exec(ctx, "mentions of a deleted reply still count", `UPDATE threadmemberships SET unreadmentions = least(unreadmentions,
			(SELECT count(*) FROM posts r WHERE r.rootid = threadmemberships.postid AND r.deleteat = 0 AND r.createat > coalesce(threadmemberships.lastviewed,0)))
		WHERE postid = $1 AND userid = ANY($2) AND unreadmentions > 0`, e.Post.RootID, unread)
}
