package posts

import (
	"context"
	"errors"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/model"
)

// threadAsk is which part of a thread is wanted.
type threadAsk struct {
	perPage      int    // 0: all
	fromPost     string // with fromCreateAt: where the page before ended
	fromCreateAt int64
	fromUpdateAt int64
	down         bool // towards the newest
	updatesOnly  bool // what changed after fromUpdateAt
	skip         bool // the post alone
	collapsed    bool
	extended     bool
}

// maxThread bounds a thread that is asked for as a whole.
const maxThread = 10_000

// thread reads the thread that a post belongs to: its root and a page of the
// replies, in the direction asked for.
func (p *Posts) thread(ctx context.Context, v access.Viewer, post *model.Post, a *threadAsk) (*model.PostList, error) {
	rootID := post.ID
	if post.RootID != "" {
		rootID = post.RootID
	}
	root, err := p.threadRoot(ctx, v, post.ChannelID, rootID, a)
	if err != nil {
		return nil, err
	}
	list := &model.PostList{Order: make([]string, 0, 16), Posts: map[string]*model.Post{}, HasNext: new(bool)}
	all := []*model.Post{root}
	if !a.updatesOnly || root.UpdateAt > a.fromUpdateAt {
		list.Add(root)
	}
	if a.skip {
		return list, p.Prepare(ctx, v, all)
	}
	replies, more, err := p.replies(ctx, rootID, a)
	if err != nil {
		return nil, err
	}
	*list.HasNext = more
	for _, r := range replies {
		if !a.collapsed {
			r.ReplyCount = root.ReplyCount
		}
		list.Add(r)
	}
	return list, p.Prepare(ctx, v, append(all, replies...))
}

func (p *Posts) threadRoot(ctx context.Context, v access.Viewer, channelID, rootID string, a *threadAsk) (*model.Post, error) {
	if !a.collapsed {
		return p.load(ctx, p.db, rootID, false)
	}
	q := &ask{channelID: channelID, userID: v.UserID, collapsed: true}
	rows, err := p.lines(ctx, q, ` AND p.id = $3 LIMIT 1`, rootID)
	if err != nil {
		return nil, err
	}
	if len(rows) == 0 {
		return nil, errNoPost
	}
	return rows[0].post, p.addParticipants(ctx, v, rows, a.extended)
}

func (p *Posts) replies(ctx context.Context, rootID string, a *threadAsk) (list []*model.Post, more bool, err error) {
	order, beyond := `DESC`, `<`
	if a.down {
		order, beyond = `ASC`, `>`
	}
	column := `p.createat`
	from := a.fromCreateAt
	if a.fromUpdateAt > 0 {
		column, from = `p.updateat`, a.fromUpdateAt
	}
	where, args := ``, []any{rootID}
	switch {
	case a.updatesOnly:
		where, args = ` AND p.updateat > $2`, append(args, a.fromUpdateAt)
	case from > 0 && a.fromPost != "":
		where = ` AND (` + column + ` ` + beyond + ` $2 OR ` + column + ` = $2 AND p.id ` + beyond + ` $3)`
		args = append(args, from, a.fromPost)
	case from > 0:
		where, args = ` AND `+column+` `+beyond+` $2`, append(args, from)
	}
	limit := maxThread
	if a.perPage > 0 {
		limit = a.perPage + 1
	}
	list, err = db.List(ctx, p.db, scanPost, `SELECT `+columns+` FROM posts p WHERE p.rootid = $1 AND p.deleteat = 0`+where+
		` ORDER BY `+column+` `+order+`, p.id `+order+` LIMIT `+parameter(len(args)+1), append(args, limit)...)
	if err == nil && a.perPage > 0 && len(list) > a.perPage {
		list, more = list[:a.perPage], true
	}
	return list, more, err
}

// history returns the former versions of a post, the latest first.
func (p *Posts) history(ctx context.Context, postID string) ([]*model.Post, error) {
	list, err := db.List(ctx, p.db, scanPost, `SELECT `+columns+` FROM posts p WHERE p.originalid = $1 AND p.deleteat > 0
		ORDER BY p.editat DESC, p.deleteat DESC LIMIT 1000`, postID)
	if err != nil {
		return nil, err
	}
	if len(list) == 0 {
		return nil, errNoPost
	}
	for _, old := range list {
		old.Props = nil // a version is its words and files
		old.Metadata = &model.PostMetadata{}
	}
	return list, p.addFiles(ctx, list)
}

// version returns one former version of a post.
func (p *Posts) version(ctx context.Context, versionID string) (*model.Post, error) {
	v, err := db.Get(ctx, p.db, scanPost, `SELECT `+columns+` FROM posts p WHERE p.id = $1`, versionID)
	if errors.Is(err, db.ErrNotFound) {
		return nil, errNoPost
	}
	return v, err
}
