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
	return p.restricted(ctx, v, ch)
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

// MentionsInThread counts the replies of a thread, written after a time (Unix
// ms), that mention a user. Of a channel that the user isn't in that is none.
func (p *Posts) MentionsInThread(ctx context.Context, userID, rootID string, ch *access.ChannelFacts, after int64) (int64, error) {
	mine, err := p.mine(ctx, userID, ch)
	if fault.IsNotFound(err) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	rows, err := db.List(ctx, p.db, func(r db.Row) (l later, err error) {
		return l, r.Scan(&l.userID, &l.rootID, &l.postType, &l.message, db.ScanJSON(&l.props))
	}, `SELECT coalesce(userid,''), coalesce(rootid,''), coalesce(type,''), coalesce(message,''), props FROM posts
		WHERE rootid = $1 AND deleteat = 0 AND createat > $2 ORDER BY createat LIMIT $3`, rootID, after, maxRecount)
	var n int64
	for i := range rows {
		if mine.in(&rows[i]) {
			n++
		}
	}
	return n, err
}
