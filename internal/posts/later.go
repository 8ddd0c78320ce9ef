package posts

import (
	"context"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/model"
)

// Columns are the columns of a post, of the table called p, for later slices
// that join posts; ScanPost reads them.
const Columns = columns

// ScanPost reads Columns and, after them, more.
func ScanPost(r db.Row, more ...any) (*model.Post, error) { return scanMore(r, more...) }

// Restricted reports whether v may not write in a direct message because its
// two people share no team and the setting asks for one.
func (p *Posts) Restricted(ctx context.Context, v access.Viewer, ch *access.ChannelFacts) (bool, error) {
	return p.channels.Restricted(ctx, v, ch)
}

// Mentioned returns whom a stored post mentions, in the order of their ids, as
// it was worked out when the post was written.
func (p *Posts) Mentioned(ctx context.Context, post *model.Post) ([]string, error) {
	ch, err := p.acc.Channel(ctx, post.ChannelID)
	if err != nil {
		return nil, err
	}
	author, err := p.users.ByID(ctx, post.UserID)
	if err != nil {
		return nil, err
	}
	m, err := p.resolve(ctx, p.acc.Acting(author.ID, author.Username, author.Roles), post, ch)
	return m.Users, err
}

// MentionCounter returns a function that counts the replies of a thread in ch,
// written after a time (Unix ms), that mention a user; in a channel that the
// user isn't in, none does. The function reads through q, and so can be called
// inside a transaction.
func (p *Posts) MentionCounter(ctx context.Context, userID string, ch *access.ChannelFacts) (
	func(ctx context.Context, q db.Querier, rootID string, after int64) (int64, error), error) {
	mine, err := p.mine(ctx, userID, ch)
	if fault.IsNotFound(err) {
		return func(context.Context, db.Querier, string, int64) (int64, error) { return 0, nil }, nil
	}
	if err != nil {
		return nil, err
	}
	return func(ctx context.Context, q db.Querier, rootID string, after int64) (n int64, err error) {
		rows, err := db.List(ctx, q, func(r db.Row) (l later, err error) {
			err = r.Scan(&l.userID, &l.rootID, &l.postType, &l.message, db.ScanJSON(&l.props))
			return l, err
		}, `SELECT coalesce(userid,''), coalesce(rootid,''), coalesce(type,''), coalesce(message,''), props FROM posts
			WHERE rootid = $1 AND deleteat = 0 AND createat > $2 ORDER BY createat LIMIT $3`, rootID, after, maxRecount)
		for i := range rows {
			if mine.in(&rows[i]) {
				n++
			}
		}
		return n, err
	}, nil
}

// Bare takes from a copy of a post what only Prepare adds, and what clients
// never see: for places that show a post without its metadata.
func Bare(post *model.Post) *model.Post {
	c := *post
	c.Metadata = nil
	if c.DeleteAt != 0 {
		c.Message, c.FileIDs = "", noFiles
	}
	if list, _ := c.Props[model.PostPropAttachments].([]any); len(list) > 0 {
		setProp(&c, model.PostPropAttachments, withoutIntegrations(list), true)
	}
	return &c
}

// Reacted is SetHasReactions with true as a table expression of a statement of
// the reactions slice: $1 is the post, $2 the time in Unix ms, $3 the updateat
// that the caller has read. Its row is there unless the post changed since, in
// any way. Call Changed after it. It spares PostgreSQL the round trips of a
// transaction.
const Reacted = `reacted AS (UPDATE posts SET hasreactions = true, updateat = greatest(updateat + 1, $2)
	WHERE id = $1 AND deleteat = 0 AND updateat = $3 RETURNING id, channelid)`

// Changed tells every node that posts of a channel have a newer updateat, which
// is at least as late as given (Unix ms).
func (p *Posts) Changed(channelID string, updateAt int64) { p.changed(channelID, updateAt) }
