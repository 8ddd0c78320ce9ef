package threads

import (
	"context"
	"errors"
	"strconv"
	"strings"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/posts"
)

// ask is which of a user's threads are wanted.
type ask struct {
	userID, teamID string
	open           bool // the open channels of the team count, although the user isn't in them
	before, after  string
	since          int64 // Unix ms
	limit, offset  int
	unread         bool
	deleted        bool
	noDirect       bool
	full           bool // participants in full
}

// followed is the part of a statement that leaves the threads that a user ($1)
// follows in a team ($2), conversations included. Who may no longer read a
// channel sees nothing of it, and archived channels are left out.
func (a *ask) followed() (string, []any) {
	sql := ` FROM threadmemberships tm JOIN threads t ON t.postid = tm.postid JOIN channels c ON c.id = t.channelid
		WHERE tm.userid = $1 AND tm.following = true AND t.threadteamid IN ($2, $3) AND coalesce(c.deleteat,0) = 0
			AND ($4 AND c.type = 'O' OR EXISTS (SELECT 1 FROM channelmembers cm WHERE cm.channelid = t.channelid AND cm.userid = tm.userid))`
	if !a.deleted {
		sql += ` AND coalesce(t.threaddeleteat,0) = 0`
	}
	conversations := ""
	if a.noDirect {
		conversations = a.teamID
	}
	return sql, []any{a.userID, a.teamID, conversations, a.open}
}

// row is a thread with a user's membership: what x stands for in columns.
type row struct {
	resp         *model.ThreadResponse
	participants []string
	following    bool
}

// unreadReplies counts the replies after the time up to which x has read. It
// reads them only when it must.
const unreadReplies = `CASE WHEN x.lastviewed >= x.lastreplyat THEN 0 WHEN x.lastviewed = 0 THEN x.replycount
	ELSE (SELECT count(*) FROM posts r WHERE r.rootid = p.id AND r.deleteat = 0 AND r.createat > x.lastviewed) END`

const urgent = `EXISTS (SELECT 1 FROM postspriority pp WHERE pp.postid = p.id AND pp.priority = 'urgent')`

const columns = posts.Columns + `, x.replycount, x.lastreplyat, x.participants, x.deleteat, x.lastviewed, x.unreadmentions, x.following, ` +
	unreadReplies + `, ` + urgent

// rowColumns are those of x: from a membership tm and its thread t.
const rowColumns = `t.postid, coalesce(t.replycount,0) AS replycount, coalesce(t.lastreplyat,0) AS lastreplyat, t.participants,
	coalesce(t.threaddeleteat,0) AS deleteat, coalesce(tm.lastviewed,0) AS lastviewed, coalesce(tm.unreadmentions,0) AS unreadmentions,
	coalesce(tm.following,false) AS following`

func scanRow(r db.Row) (*row, error) {
	x := &row{resp: &model.ThreadResponse{}}
	m := x.resp
	post, err := posts.ScanPost(r, &m.ReplyCount, &m.LastReplyAt, db.ScanJSON(&x.participants), &m.DeleteAt, &m.LastViewedAt,
		&m.UnreadMentions, &x.following, &m.UnreadReplies, &m.IsUrgent)
	if err != nil {
		return nil, err
	}
	m.PostID, m.Post = post.ID, posts.Bare(post)
	return x, nil
}

// list returns a page of threads, the latest replied to first; after a thread,
// the next newer ones first.
func (t *Threads) list(ctx context.Context, a *ask) ([]*model.ThreadResponse, error) {
	from, args := a.followed()
	// Threads of the same moment stand in the order of their ids: each is on one page.
	order := []string{"lastreplyat DESC", "postid"}
	add := func(cond string, value any) {
		args = append(args, value)
		from += strings.ReplaceAll(cond, "$value", "$"+strconv.Itoa(len(args)))
	}
	const replied = `(SELECT lastreplyat FROM threads WHERE postid = $value)`
	switch {
	case a.before != "":
		add(` AND t.lastreplyat <= `+replied+` AND (t.lastreplyat < `+replied+` OR t.postid > $value)`, a.before)
	case a.after != "":
		add(` AND t.lastreplyat >= `+replied+` AND (t.lastreplyat > `+replied+` OR t.postid < $value)`, a.after)
		order = []string{"lastreplyat", "postid DESC"}
	}
	if a.since > 0 {
		add(` AND greatest(coalesce(tm.lastupdated,0), coalesce(t.lastreplyat,0)) >= $value`, a.since)
	}
	if a.unread {
		from += ` AND t.lastreplyat > coalesce(tm.lastviewed,0)`
	}
	n := len(args)
	rows, err := db.List(ctx, t.db, scanRow, `SELECT `+columns+` FROM (SELECT `+rowColumns+from+
		` ORDER BY t.`+order[0]+`, t.`+order[1]+` LIMIT $`+strconv.Itoa(n+1)+` OFFSET $`+strconv.Itoa(n+2)+`) x
		JOIN posts p ON p.id = x.postid ORDER BY x.`+order[0]+`, x.`+order[1], append(args, a.limit, a.offset)...)
	if err != nil {
		return nil, fault.Internal("app.user.get_threads_for_user.app_error", err)
	}
	return t.answers(ctx, rows, a.full)
}

// answers fills in who replied, at once for all rows.
func (t *Threads) answers(ctx context.Context, rows []*row, full bool) ([]*model.ThreadResponse, error) {
	lists := make([][]string, len(rows))
	for i, x := range rows {
		lists[i] = x.participants
	}
	people, err := t.people(ctx, lists, full)
	if err != nil {
		return nil, err
	}
	out := make([]*model.ThreadResponse, len(rows))
	for i, x := range rows {
		out[i] = x.resp
		x.resp.Participants = people(x.participants)
		x.resp.IsUrgent = x.resp.IsUrgent && t.priorities()
	}
	return out, nil
}

// totals counts a user's threads.
func (t *Threads) totals(ctx context.Context, a *ask) (*model.Threads, error) {
	from, args := a.followed()
	out, err := db.Get(ctx, t.db, func(r db.Row) (*model.Threads, error) {
		m := &model.Threads{}
		return m, r.Scan(&m.Total, &m.TotalUnreadThreads, &m.TotalUnreadMentions, &m.TotalUnreadUrgentMentions)
	}, `SELECT count(*), coalesce(sum(CASE WHEN x.lastreplyat > x.lastviewed THEN 1 ELSE 0 END),0), coalesce(sum(x.unreadmentions),0),
			coalesce(sum(CASE WHEN x.unreadmentions > 0 AND EXISTS (SELECT 1 FROM postspriority pp
				WHERE pp.postid = x.postid AND pp.priority = 'urgent') THEN x.unreadmentions ELSE 0 END),0)
		FROM (SELECT `+rowColumns+from+`) x`, args...)
	if err != nil {
		return nil, fault.Internal("app.user.get_threads_for_user.app_error", err)
	}
	if a.unread {
		out.Total = out.TotalUnreadThreads // as the protocol has it
	}
	if !t.priorities() {
		out.TotalUnreadUrgentMentions = 0
	}
	return out, nil
}

// mentionCounts returns the unread mentions in threads by channel.
func (t *Threads) mentionCounts(ctx context.Context, a *ask) (map[string]int64, error) {
	from, args := a.followed()
	type count struct {
		channelID string
		n         int64
	}
	rows, err := db.List(ctx, t.db, func(r db.Row) (c count, err error) { err = r.Scan(&c.channelID, &c.n); return c, err },
		`SELECT t.channelid, sum(tm.unreadmentions)`+from+` AND tm.unreadmentions > 0 GROUP BY t.channelid LIMIT 10000`, args...)
	out := make(map[string]int64, len(rows))
	for _, c := range rows {
		out[c.channelID] = c.n
	}
	return out, err
}

var (
	errNoMembership = fault.NotFound("app.user.get_thread_membership_for_user.not_found")
	errNotFollowed  = fault.NotFound("app.user.get_threads_for_user.not_found")
)

// one returns a thread as one of its followers sees it; 404 for others and for
// posts without replies.
func (t *Threads) one(ctx context.Context, userID, rootID string) (*row, error) {
	x, err := db.Get(ctx, t.db, scanRow, `SELECT `+columns+` FROM (SELECT `+rowColumns+`
		FROM threadmemberships tm JOIN threads t ON t.postid = tm.postid WHERE tm.postid = $1 AND tm.userid = $2) x
		JOIN posts p ON p.id = x.postid`, rootID, userID)
	switch {
	case errors.Is(err, db.ErrNotFound):
		return nil, errNoMembership
	case err != nil:
		return nil, fault.Internal("app.user.get_threads_for_user.app_error", err)
	case !x.following || x.resp.DeleteAt != 0:
		return nil, errNotFollowed
	}
	return x, nil
}

// thread is one with the participants filled in.
func (t *Threads) thread(ctx context.Context, userID, rootID string, full bool) (*model.ThreadResponse, error) {
	x, err := t.one(ctx, userID, rootID)
	if err != nil {
		return nil, err
	}
	out, err := t.answers(ctx, []*row{x}, full)
	if err != nil {
		return nil, err
	}
	return out[0], nil
}

var errRefused = fault.NoPermission(string(access.PermReadChannelContent))

// visible returns the root of the thread that v may read, with its channel.
// From outside, a post that doesn't exist looks like one out of reach.
func (t *Threads) visible(ctx context.Context, v access.Viewer, threadID string) (*model.Post, *access.ChannelFacts, error) {
	post, err := t.posts.Visible(ctx, v, threadID)
	if err == nil && post.RootID != "" {
		post, err = t.posts.Visible(ctx, v, post.RootID)
	}
	if fault.IsNotFound(err) {
		return nil, nil, errRefused
	}
	if err != nil {
		return nil, nil, err
	}
	ch, err := t.acc.Channel(ctx, post.ChannelID)
	return post, ch, err
}
