package posts

import (
	"context"
	"hash/fnv"
	"strconv"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/api"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
)

func (p *Posts) mountPages(r *access.Router) {
	api.Get(r, "/channels/{channel_id}/posts", access.Session, p.getPage)
	api.Get(r, "/channels/{channel_id}/pinned", access.Session, p.getPinned)
	api.Get(r, "/users/{user_id}/channels/{channel_id}/posts/unread", access.Session, p.getUnread)
	api.Get(r, "/users/{user_id}/posts/flagged", access.Session, p.getFlagged)
}

type pageIn struct {
	ChannelID string `path:"channel_id"`
	api.Page
	Since     string `query:"since"`
	Before    string `query:"before"`
	After     string `query:"after"`
	Deleted   bool   `query:"include_deleted"`
	Collapsed bool   `query:"collapsedThreads"`
	Extended  bool   `query:"collapsedThreadsExtended"`
	Skip      bool   `query:"skipFetchThreads"`
	Known     string `header:"If-None-Match"`
}

func (in *pageIn) ask(userID string) (*ask, error) {
	a := &ask{channelID: in.ChannelID, page: in.Page.Page, perPage: in.PerPage, before: in.Before, after: in.After, deleted: in.Deleted,
		collapsed: in.Collapsed, extended: in.Extended, skipThreads: in.Skip, userID: userID}
	if in.Since != "" {
		since, err := strconv.ParseInt(in.Since, 10, 64)
		if err != nil || since < 0 {
			return nil, fault.InvalidParam("since")
		}
		a.since = since
	}
	for _, pivot := range []struct{ name, id string }{{"before", in.Before}, {"after", in.After}} {
		if pivot.id != "" && !id.Valid(pivot.id) {
			return nil, fault.InvalidParam(pivot.name)
		}
	}
	return a, nil
}

// newest reports whether a page is the newest one as most clients ask for it.
func (a *ask) newest() bool {
	return a.page == 0 && a.since == 0 && a.before == "" && a.after == "" && !a.deleted && !a.extended && a.perPage > 0
}

func (a *ask) key() pageKey { return pageKey{a.perPage, a.skipThreads, a.collapsed} }

func (p *Posts) getPage(ctx context.Context, v access.Viewer, in pageIn) (any, error) {
	a, err := in.ask(v.UserID)
	if err != nil {
		return nil, err
	}
	ch, err := p.acc.Channel(ctx, in.ChannelID)
	if err != nil {
		return nil, err
	}
	if !p.MayRead(ctx, v, ch) {
		return nil, errNoRead
	}
	if a.deleted && !v.CanChannel(ctx, ch.ID, access.PermReadDeletedPosts) {
		return nil, fault.NoPermission(string(access.PermReadDeletedPosts))
	}
	switch {
	case a.collapsed && a.newest():
		return p.collapsedPage(ctx, v, a)
	case a.since > 0 || a.collapsed:
		list, err := p.page(ctx, v, a)
		if err != nil {
			return nil, err
		}
		return tagged(list), nil
	}
	return p.taggedPage(ctx, v, a, in.Known)
}

// taggedPage answers a page whose ETag is the channel's last change: a client
// that has it costs no statement, and neither does the newest page when it is
// remembered.
func (p *Posts) taggedPage(ctx context.Context, v access.Viewer, a *ask, known string) (any, error) {
	seen := p.windows.look(a.channelID, a.key())
	if seen.stamp == 0 {
		var err error
		if seen.stamp, err = p.newest(ctx, a.channelID); err != nil {
			return nil, err
		}
		p.windows.know(seen, seen.stamp)
	}
	etag := a.etag(seen.stamp)
	if api.Unchanged(known, etag) {
		return api.Tagged[encoded]{Etag: etag}, nil
	}
	if seen.page.body != nil && a.newest() {
		return api.Tagged[encoded]{Etag: etag, Value: seen.page.body}, nil
	}
	list, err := p.page(ctx, v, a)
	if err != nil {
		return nil, err
	}
	body := encoded(list.AppendJSON(make([]byte, 0, 256+640*len(list.Posts))))
	if a.newest() && !a.personal {
		p.windows.keep(a.channelID, seen, a.key(), keptPage{body: body, size: len(body)})
	}
	return api.Tagged[encoded]{Etag: etag, Value: body}, nil
}

// collapsedPage answers the newest page with collapsed threads: the posts are
// remembered for everybody, which threads the viewer follows is read.
func (p *Posts) collapsedPage(ctx context.Context, v access.Viewer, a *ask) (any, error) {
	seen := p.windows.look(a.channelID, a.key())
	list := seen.page.list
	if list == nil {
		var err error
		if list, err = p.page(ctx, v, a); err != nil {
			return nil, err
		}
		out := tagged(list)
		if !a.personal {
			p.windows.keep(a.channelID, seen, a.key(), keptPage{list: list, size: 2 * len(out.Value)})
		}
		return out, nil
	}
	following, err := p.following(ctx, v.UserID, list.Order)
	if err != nil {
		return nil, err
	}
	mine := *list
	mine.Posts = make(map[string]*model.Post, len(list.Posts))
	copies := make([]model.Post, len(list.Order))
	for i, postID := range list.Order {
		copies[i] = *list.Posts[postID]
		copies[i].IsFollowing = following[postID]
		mine.Posts[postID] = &copies[i]
	}
	return tagged(&mine), nil
}

// following tells of the threads that a user follows, or followed once.
func (p *Posts) following(ctx context.Context, userID string, ids []string) (map[string]*bool, error) {
	type mark struct {
		postID    string
		following *bool
	}
	rows, err := db.List(ctx, p.db, func(r db.Row) (m mark, err error) { err = r.Scan(&m.postID, &m.following); return m, err },
		`SELECT postid, following FROM threadmemberships WHERE userid = $1 AND postid = ANY($2) LIMIT $3`, userID, ids, len(ids))
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	out := make(map[string]*bool, len(rows))
	for _, m := range rows {
		out[m.postID] = m.following
	}
	return out, nil
}

// tagged encodes an answer once, for its ETag and for sending.
func tagged(value interface{ AppendJSON([]byte) []byte }) api.Tagged[encoded] {
	body := value.AppendJSON(make([]byte, 0, 4096))
	h := fnv.New64a()
	_, _ = h.Write(body)
	return api.Tagged[encoded]{Etag: strconv.FormatUint(h.Sum64(), 36), Value: body}
}

type pinnedIn struct {
	ChannelID string `path:"channel_id"`
}

func (p *Posts) getPinned(ctx context.Context, v access.Viewer, in pinnedIn) (out api.Tagged[encoded], err error) {
	ch, err := p.acc.Channel(ctx, in.ChannelID)
	if err != nil {
		return out, err
	}
	if !p.MayRead(ctx, v, ch) {
		return out, errNoRead
	}
	list, err := p.pinned(ctx, v, ch.ID)
	if err != nil {
		return out, err
	}
	return tagged(list), nil
}

type unreadIn struct {
	UserID      string `path:"user_id"`
	ChannelID   string `path:"channel_id"`
	LimitBefore int    `query:"limit_before" default:"60" max:"200"`
	LimitAfter  int    `query:"limit_after" default:"60" max:"200"`
	Collapsed   bool   `query:"collapsedThreads"`
	Extended    bool   `query:"collapsedThreadsExtended"`
	Skip        bool   `query:"skipFetchThreads"`
}

func (p *Posts) getUnread(ctx context.Context, v access.Viewer, in unreadIn) (*model.PostList, error) {
	if err := v.NeedUser(ctx, in.UserID); err != nil {
		return nil, err
	}
	ch, err := p.acc.Channel(ctx, in.ChannelID)
	if err != nil {
		return nil, err
	}
	if !p.MayRead(ctx, v, ch) {
		return nil, errNoRead
	}
	if in.LimitAfter == 0 {
		return nil, fault.InvalidURLParam("limit_after")
	}
	return p.aroundUnread(ctx, v, &ask{channelID: ch.ID, userID: in.UserID, collapsed: in.Collapsed, extended: in.Extended,
		skipThreads: in.Skip, limitBefore: in.LimitBefore, in: in.LimitAfter})
}

type flaggedIn struct {
	UserID string `path:"user_id"`
	api.Page
	TeamID    string `query:"team_id"`
	ChannelID string `query:"channel_id"`
}

func (p *Posts) getFlagged(ctx context.Context, v access.Viewer, in flaggedIn) (*model.PostList, error) {
	if err := v.NeedUser(ctx, in.UserID); err != nil {
		return nil, err
	}
	return p.flagged(ctx, v, in.UserID, in.TeamID, in.ChannelID, in.Offset(), in.PerPage)
}

type threadIn struct {
	postIn
	PerPage      int    `query:"perPage" max:"200"`
	FromPost     string `query:"fromPost"`
	FromCreateAt string `query:"fromCreateAt"`
	FromUpdateAt string `query:"fromUpdateAt"`
	Direction    string `query:"direction"`
	Skip         bool   `query:"skipFetchThreads"`
	Collapsed    bool   `query:"collapsedThreads"`
	Extended     bool   `query:"collapsedThreadsExtended"`
	UpdatesOnly  bool   `query:"updatesOnly"`
}

func (in *threadIn) ask() (*threadAsk, error) {
	a := &threadAsk{perPage: in.PerPage, fromPost: in.FromPost, down: in.Direction == "down", updatesOnly: in.UpdatesOnly,
		skip: in.Skip, collapsed: in.Collapsed, extended: in.Extended}
	if in.Direction != "" && in.Direction != "up" && in.Direction != "down" {
		return nil, fault.InvalidParam("direction")
	}
	for _, time := range []struct {
		name, text string
		into       *int64
	}{{"fromCreateAt", in.FromCreateAt, &a.fromCreateAt}, {"fromUpdateAt", in.FromUpdateAt, &a.fromUpdateAt}} {
		if time.text == "" {
			continue
		}
		at, err := strconv.ParseInt(time.text, 10, 64)
		if err != nil {
			return nil, fault.InvalidParam(time.name)
		}
		*time.into = at
	}
	if a.fromPost != "" && (!id.Valid(a.fromPost) || a.fromCreateAt == 0 && a.fromUpdateAt == 0) {
		return nil, fault.InvalidParam("fromPost")
	}
	if a.updatesOnly && a.fromUpdateAt == 0 {
		return nil, fault.InvalidParam("fromUpdateAt")
	}
	return a, nil
}

func (p *Posts) getThread(ctx context.Context, v access.Viewer, in threadIn) (out api.Tagged[encoded], err error) {
	a, err := in.ask()
	if err != nil {
		return out, err
	}
	post, err := p.Visible(ctx, v, in.PostID)
	if err != nil {
		return out, err
	}
	list, err := p.thread(ctx, v, post, a)
	if err != nil {
		return out, err
	}
	return tagged(list), nil
}
