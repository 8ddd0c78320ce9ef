package threads

import (
	"context"
	"encoding/json"
	"strconv"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/api"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/model"
)

// Mount adds the routes of threads.
func (t *Threads) Mount(r *access.Router) {
	const all, one = "/users/{user_id}/teams/{team_id}/threads", "/users/{user_id}/teams/{team_id}/threads/{thread_id}"
	api.Get(r, all, access.Session, t.getThreads)
	api.Get(r, all+"/mention_counts", access.Session, t.getMentionCounts)
	api.Put(r, all+"/read", access.Session, t.putAllRead)
	api.Get(r, one, access.Session, t.getThread)
	api.Put(r, one+"/following", access.Session, t.putFollowing)
	api.Delete(r, one+"/following", access.Session, t.deleteFollowing)
	api.Put(r, one+"/read/{timestamp}", access.Session, t.putRead)
	api.Post(r, one+"/set_unread/{post_id}", access.Session, t.setUnread)
}

type teamIn struct {
	UserID string `path:"user_id"`
	TeamID string `path:"team_id"`
}

// need refuses who is neither the user nor may act for them, and who may not
// look at the team.
func (in teamIn) need(ctx context.Context, v access.Viewer) error {
	if err := v.NeedUser(ctx, in.UserID); err != nil {
		return err
	}
	return v.NeedTeam(ctx, in.TeamID, access.PermViewTeam)
}

func (in teamIn) ask(ctx context.Context, v access.Viewer) *ask {
	return &ask{userID: in.UserID, teamID: in.TeamID, open: v.CanTeam(ctx, in.TeamID, access.PermReadPublicChannel)}
}

type listIn struct {
	teamIn
	api.Page
	PageSize      int    `query:"pageSize" max:"200"`
	Since         string `query:"since"`
	Before        string `query:"before"`
	After         string `query:"after"`
	Unread        bool   `query:"unread"`
	Deleted       bool   `query:"deleted"`
	Extended      bool   `query:"extended"`
	ExcludeDirect bool   `query:"excludeDirect"`
	TotalsOnly    bool   `query:"totalsOnly"`
	ThreadsOnly   bool   `query:"threadsOnly"`
}

func (t *Threads) getThreads(ctx context.Context, v access.Viewer, in listIn) (*model.Threads, error) {
	if err := in.need(ctx, v); err != nil {
		return nil, err
	}
	a := in.ask(ctx, v)
	a.before, a.after, a.unread, a.deleted = in.Before, in.After, in.Unread, in.Deleted
	a.noDirect, a.full = in.ExcludeDirect, in.Extended
	if in.Since != "" {
		var err error
		if a.since, err = strconv.ParseInt(in.Since, 10, 64); err != nil {
			return nil, fault.InvalidParam("since")
		}
	}
	switch {
	case in.Before != "" && in.After != "":
		return nil, fault.Invalid("api.getThreadsForUser.bad_params")
	case in.TotalsOnly && in.ThreadsOnly:
		return nil, fault.Invalid("api.getThreadsForUser.bad_only_params")
	}
	a.limit, a.offset = in.PerPage, in.Offset()
	if in.PageSize > 0 {
		a.limit, a.offset = in.PageSize, in.Page.Page*in.PageSize
	}
	out := &model.Threads{}
	var err error
	if !in.ThreadsOnly {
		if out, err = t.totals(ctx, a); err != nil {
			return nil, err
		}
	}
	if !in.TotalsOnly {
		out.Threads, err = t.list(ctx, a)
	}
	return out, err
}

func (t *Threads) getMentionCounts(ctx context.Context, v access.Viewer, in teamIn) (map[string]int64, error) {
	if err := in.need(ctx, v); err != nil {
		return nil, err
	}
	return t.mentionCounts(ctx, in.ask(ctx, v))
}

func (t *Threads) putAllRead(ctx context.Context, v access.Viewer, in teamIn) (api.OK, error) {
	if err := in.need(ctx, v); err != nil {
		return api.OK{}, err
	}
	return api.Done(), t.readAll(ctx, in.UserID, in.TeamID)
}

type threadIn struct {
	teamIn
	ThreadID string `path:"thread_id"`
}

// find returns the thread's root, for who may act for the user and read it.
func (t *Threads) find(ctx context.Context, v access.Viewer, in threadIn) (*model.Post, *access.ChannelFacts, error) {
	if err := v.NeedUser(ctx, in.UserID); err != nil {
		return nil, nil, err
	}
	return t.visible(ctx, v, in.ThreadID)
}

type getIn struct {
	threadIn
	Extended bool `query:"extended"`
}

func (t *Threads) getThread(ctx context.Context, v access.Viewer, in getIn) (*model.ThreadResponse, error) {
	root, _, err := t.find(ctx, v, in.threadIn)
	if err != nil {
		return nil, err
	}
	return t.thread(ctx, in.UserID, root.ID, in.Extended)
}

func (t *Threads) putFollowing(ctx context.Context, v access.Viewer, in threadIn) (api.OK, error) {
	return t.setFollowing(ctx, v, in, true)
}

func (t *Threads) deleteFollowing(ctx context.Context, v access.Viewer, in threadIn) (api.OK, error) {
	return t.setFollowing(ctx, v, in, false)
}

func (t *Threads) setFollowing(ctx context.Context, v access.Viewer, in threadIn, on bool) (api.OK, error) {
	root, _, err := t.find(ctx, v, in)
	if err != nil {
		return api.OK{}, err
	}
	return api.Done(), t.follow(ctx, in.UserID, in.TeamID, root, on)
}

type readIn struct {
	threadIn
	Timestamp string `path:"timestamp,text"`
}

func (t *Threads) putRead(ctx context.Context, v access.Viewer, in readIn) (*model.ThreadResponse, error) {
	at, err := strconv.ParseUint(in.Timestamp, 10, 63)
	if err != nil { // such a path is no route of the protocol
		return nil, fault.NotFound("api.context.404.app_error")
	}
	root, ch, err := t.find(ctx, v, in.threadIn)
	if err != nil {
		return nil, err
	}
	return t.setRead(ctx, in.UserID, in.TeamID, root, ch, int64(at))
}

type unreadIn struct {
	threadIn
	PostID string `path:"post_id"`
}

// setUnread makes a thread unread from a post on. A thread that isn't followed
// is from now on.
func (t *Threads) setUnread(ctx context.Context, v access.Viewer, in unreadIn) (*model.ThreadResponse, error) {
	root, ch, err := t.find(ctx, v, in.threadIn)
	if err != nil {
		return nil, err
	}
	post, err := t.posts.Visible(ctx, v, in.PostID)
	if err != nil && !fault.IsNotFound(err) {
		return nil, err
	}
	if err != nil || post.ID != root.ID && post.RootID != root.ID {
		return nil, fault.Invalid("app.user.update_thread_read_for_user_by_post.app_error")
	}
	if err := t.follow(ctx, in.UserID, in.TeamID, root, true); err != nil {
		return nil, err
	}
	return t.setRead(ctx, in.UserID, in.TeamID, root, ch, post.CreateAt-1)
}

func jsonText(v any) string {
	b, _ := json.Marshal(v)
	return string(b)
}
