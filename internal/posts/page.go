package posts

import (
	"context"
	"errors"
	"slices"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/model"
)

// ask is which posts of a channel are wanted.
type ask struct {
	channelID       string
	page, perPage   int
	before, after   string // post ids
	since           int64  // Unix ms: what changed after it
	deleted         bool
	collapsed       bool // replies only as numbers at their roots
	extended        bool // participants in full
	skipThreads     bool
	userID          string // who looks, for what they follow
	limitBefore, in int
	personal        bool // set by the reading: what is shown depends on who looks
}

// maxSince bounds a page of changes, as the protocol does.
const maxSince = 1000

// threadsOfPage bounds the replies that come along with a page.
const threadsOfPage = 2000

// columnsCollapsed are the columns of a page with collapsed threads.
const columnsCollapsed = columns + `, coalesce(t.replycount,0), coalesce(t.lastreplyat,0), t.participants, tm.following`

const joinsCollapsed = ` LEFT JOIN threads t ON t.postid = p.id LEFT JOIN threadmemberships tm ON tm.postid = p.id AND tm.userid = $2`

// line is a row of a page.
type line struct {
	post         *model.Post
	participants []string
}

// query builds the reading of posts of a channel ($1) for a user ($2). The
// condition and the order follow; they begin with AND or ORDER BY. Every form
// names $2, so that all take the same parameters.
func (a *ask) query(rest string) string {
	sql := `SELECT ` + columns + `, CAST(0 AS bigint) FROM posts p WHERE p.channelid = $1 AND CAST($2 AS text) <> ''`
	switch {
	case a.collapsed:
		sql = `SELECT ` + columnsCollapsed + ` FROM posts p` + joinsCollapsed + ` WHERE p.channelid = $1 AND p.rootid = ''`
	case a.skipThreads:
		sql = `SELECT ` + columns + `, ` + replyCount + ` FROM posts p WHERE p.channelid = $1 AND CAST($2 AS text) <> ''`
	}
	if a.deleted {
		sql += ` AND p.originalid = ''`
	} else {
		sql += ` AND p.deleteat = 0`
	}
	return sql + rest
}

func (a *ask) scan(r db.Row) (line, error) {
	if !a.collapsed {
		post, err := scanCounted(r)
		return line{post: post}, err
	}
	var n, last int64
	var ids []string
	var following *bool
	post, err := scanMore(r, &n, &last, db.ScanJSON(&ids), &following)
	if err != nil {
		return line{}, err
	}
	post.ReplyCount, post.LastReplyAt = n, last
	post.IsFollowing = following // absent for who never followed
	return line{post: post, participants: ids}, nil
}

func (p *Posts) lines(ctx context.Context, a *ask, rest string, args ...any) ([]line, error) {
	return db.List(ctx, p.db, a.scan, a.query(rest), append([]any{a.channelID, a.userID}, args...)...)
}

const newestFirst = ` ORDER BY p.createat DESC, p.id DESC`

// page reads what a asks for and names the neighbours of the page.
func (p *Posts) page(ctx context.Context, v access.Viewer, a *ask) (*model.PostList, error) {
	var rows []line
	var prev, next string
	var err error
	switch {
	case a.since > 0:
		rows, err = p.since(ctx, a)
	case a.before != "" || a.after != "":
		rows, prev, next, err = p.beside(ctx, a)
	case a.perPage > 0:
		rows, prev, next, err = p.numbered(ctx, a)
	}
	if err != nil {
		return nil, err
	}
	return p.compose(ctx, v, a, rows, prev, next)
}

// numbered reads page n. One row more on either side names the neighbours.
func (p *Posts) numbered(ctx context.Context, a *ask) (rows []line, prev, next string, err error) {
	offset, limit := a.page*a.perPage, a.perPage+1
	if offset > 0 {
		offset, limit = offset-1, limit+1
	}
	rows, err = p.lines(ctx, a, newestFirst+` LIMIT $3 OFFSET $4`, limit, offset)
	if err != nil || len(rows) == 0 {
		return nil, "", "", err
	}
	if a.page > 0 {
		next, rows = rows[0].post.ID, rows[1:]
	}
	if len(rows) > a.perPage {
		prev, rows = rows[a.perPage].post.ID, rows[:a.perPage]
	}
	if len(rows) == 0 {
		next = ""
	}
	return rows, prev, next, nil
}

// beside reads the posts before or after one of them.
func (p *Posts) beside(ctx context.Context, a *ask) (rows []line, prev, next string, err error) {
	older, pivot := a.before != "", a.before
	if !older {
		pivot = a.after
	}
	at, err := p.place(ctx, a.channelID, pivot)
	if err != nil {
		return nil, "", "", err
	}
	far := ""
	if at != 0 && a.perPage > 0 {
		offset := a.page * a.perPage
		rest := ` AND (p.createat < $3 OR p.createat = $3 AND p.id < $4)` + newestFirst
		if !older {
			rest = ` AND (p.createat > $3 OR p.createat = $3 AND p.id > $4) ORDER BY p.createat, p.id`
		}
		rows, err = p.lines(ctx, a, rest+` LIMIT $5 OFFSET $6`, at, pivot, a.perPage+1, offset)
		if err != nil {
			return nil, "", "", err
		}
		if len(rows) > a.perPage {
			far, rows = rows[a.perPage].post.ID, rows[:a.perPage]
		}
		if a.page > 0 && len(rows) > 0 {
			pivot = "" // not next to this page
		}
	}
	if older {
		return rows, far, pivot, nil
	}
	slices.Reverse(rows)
	return rows, pivot, far, nil
}

// place is the time of a post of a channel, deleted or not; 0 when there is none.
func (p *Posts) place(ctx context.Context, channelID, postID string) (int64, error) {
	at, err := db.Value[int64](ctx, p.db, `SELECT coalesce(createat,0) FROM posts WHERE id = $1 AND channelid = $2`, postID, channelID)
	if errors.Is(err, db.ErrNotFound) {
		return 0, nil
	}
	return at, err
}

// since reads what was written, changed or deleted after a time, former
// versions aside.
func (p *Posts) since(ctx context.Context, a *ask) ([]line, error) {
	b := *a
	b.deleted = true
	rows, err := p.lines(ctx, &b, ` AND p.updateat > $3 ORDER BY p.updateat DESC LIMIT $4`, a.since, maxSince)
	slices.SortStableFunc(rows, func(x, y line) int { return int(y.post.CreateAt - x.post.CreateAt) })
	return rows, err
}

// compose makes the answer: the page, the threads that it touches and, for
// collapsed threads, who takes part in them.
func (p *Posts) compose(ctx context.Context, v access.Viewer, a *ask, rows []line, prev, next string) (*model.PostList, error) {
	list := &model.PostList{Order: make([]string, 0, len(rows)), Posts: make(map[string]*model.Post, len(rows)), PrevPostID: prev, NextPostID: next}
	all := make([]*model.Post, 0, len(rows))
	for i := range rows {
		list.Add(rows[i].post)
		all = append(all, rows[i].post)
	}
	if a.collapsed {
		if err := p.addParticipants(ctx, v, rows, a.extended); err != nil {
			return nil, err
		}
	} else if !a.skipThreads {
		more, err := p.threadsOf(ctx, all)
		if err != nil {
			return nil, err
		}
		for _, post := range more {
			if list.Posts[post.ID] == nil {
				list.AddPost(post)
				all = append(all, post)
			}
		}
	}
	a.personal = slices.ContainsFunc(all, personal)
	return list, p.Prepare(ctx, v, all)
}

// personal reports whether readers of a channel may see a post differently.
func personal(post *model.Post) bool {
	return post.Type == model.PostTypeBurnOnRead || post.Props[model.PostPropPreviewedPost] != nil
}

// threadsOf returns the threads of the replies among posts: roots and the
// other replies.
func (p *Posts) threadsOf(ctx context.Context, posts []*model.Post) ([]*model.Post, error) {
	var roots []string
	seen := map[string]bool{}
	for _, post := range posts {
		if post.RootID != "" && !seen[post.RootID] {
			seen[post.RootID] = true
			roots = append(roots, post.RootID)
		}
	}
	if len(roots) == 0 {
		return nil, nil
	}
	found, err := db.List(ctx, p.db, scanPost, `SELECT * FROM (SELECT `+columns+` FROM posts p WHERE p.id = ANY($1) AND p.deleteat = 0
		UNION ALL SELECT * FROM (SELECT `+columns+` FROM posts p WHERE p.rootid = ANY($1) AND p.deleteat = 0
			ORDER BY p.createat DESC LIMIT $2) r) x`, roots, threadsOfPage)
	return found, err
}

// addParticipants fills in who replied, as bare ids or in full.
func (p *Posts) addParticipants(ctx context.Context, v access.Viewer, rows []line, full bool) error {
	people := map[string]*model.User{}
	if full {
		var ids []string
		for _, r := range rows {
			ids = append(ids, r.participants...)
		}
		list, err := p.users.ByIDs(ctx, ids)
		if err != nil {
			return err
		}
		for _, u := range list {
			people[u.ID] = p.users.Shown(ctx, v, u)
		}
	}
	for _, r := range rows {
		for _, userID := range r.participants {
			u := people[userID]
			if u == nil {
				u = &model.User{ID: userID}
			}
			r.post.Participants = append(r.post.Participants, u)
		}
	}
	return nil
}

// aroundUnread reads the posts around the first that a member has not read.
func (p *Posts) aroundUnread(ctx context.Context, v access.Viewer, a *ask) (*model.PostList, error) {
	seen, err := db.Value[int64](ctx, p.db, `SELECT coalesce(lastviewedat,0) FROM channelmembers WHERE channelid = $1 AND userid = $2`,
		a.channelID, a.userID)
	if errors.Is(err, db.ErrNotFound) {
		return nil, fault.NotFound("app.channel.get_member.missing.app_error")
	}
	if err != nil {
		return nil, err
	}
	unread, err := p.lines(ctx, a, ` AND p.createat > $3 ORDER BY p.createat, p.id LIMIT $4`, seen, a.in+1)
	if err != nil {
		return nil, err
	}
	if len(unread) == 0 {
		b := *a
		b.perPage = a.limitBefore
		return p.page(ctx, v, &b)
	}
	read, err := p.lines(ctx, a, ` AND p.createat <= $3`+newestFirst+` LIMIT $4`, seen, a.limitBefore+1)
	if err != nil {
		return nil, err
	}
	prev, next := "", ""
	if len(unread) > a.in {
		next, unread = unread[a.in].post.ID, unread[:a.in]
	}
	if len(read) > a.limitBefore {
		prev, read = read[a.limitBefore].post.ID, read[:a.limitBefore]
	}
	slices.Reverse(unread)
	list, err := p.compose(ctx, v, a, append(unread, read...), prev, next)
	if err == nil {
		list.HasNext = new(bool)
	}
	return list, err
}
