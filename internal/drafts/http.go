package drafts

import (
	"context"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/api"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/model"
)

// Mount adds the routes of drafts and of scheduled messages.
func (d *Drafts) Mount(r *access.Router) {
	api.Post(r, "/drafts", access.Session, d.postDraft, api.Created())
	api.Get(r, "/users/{user_id}/teams/{team_id}/drafts", access.Session, d.getDrafts)
	api.Delete(r, "/users/{user_id}/channels/{channel_id}/drafts", access.Session, d.deleteDraft)
	api.Delete(r, "/users/{user_id}/channels/{channel_id}/drafts/{thread_id}", access.Session, d.deleteThreadDraft)
	api.Post(r, "/posts/schedule", access.Session, d.postScheduled, api.Created())
	api.Put(r, "/posts/schedule/{scheduled_post_id}", access.Session, d.putScheduled, api.Created())
	api.Delete(r, "/posts/schedule/{scheduled_post_id}", access.Session, d.deleteScheduled, api.Created())
	api.Get(r, "/posts/scheduled/team/{team_id}", access.Session, d.getScheduled)
}

// connection names the websocket of the client that calls: it knows already.
type connection struct {
	ConnectionID string `header:"Connection-Id"`
}

type draftIn struct {
	connection
	Body model.Draft `body:"json,draft"`
}

func (d *Drafts) postDraft(ctx context.Context, v access.Viewer, in draftIn) (*model.Draft, error) {
	return d.save(ctx, v, &in.Body, in.ConnectionID)
}

type draftsIn struct {
	UserID string `path:"user_id"`
	TeamID string `path:"team_id"`
}

// draftList is null when it is empty, as the protocol has it.
type draftList []*model.Draft

// getDrafts answers with the caller's drafts, whomever the path names.
func (d *Drafts) getDrafts(ctx context.Context, v access.Viewer, in draftsIn) (draftList, error) {
	if err := d.need(); err != nil {
		return nil, err
	}
	if err := v.NeedTeam(ctx, in.TeamID, access.PermViewTeam); err != nil {
		return nil, err
	}
	list, err := d.list(ctx, v.UserID, in.TeamID)
	if err != nil {
		return nil, fault.Internal("app.draft.get_drafts.app_error", err)
	}
	if err := d.fill(ctx, v.UserID, list...); err != nil {
		return nil, fault.Internal("app.draft.get_drafts.app_error", err)
	}
	if len(list) == 0 {
		return nil, nil
	}
	return list, nil
}

type dropIn struct {
	connection
	UserID    string `path:"user_id"`
	ChannelID string `path:"channel_id"`
}

func (d *Drafts) deleteDraft(ctx context.Context, v access.Viewer, in dropIn) (api.OK, error) {
	return d.drop(ctx, v, in, "")
}

type dropThreadIn struct {
	dropIn
	ThreadID string `path:"thread_id"`
}

func (d *Drafts) deleteThreadDraft(ctx context.Context, v access.Viewer, in dropThreadIn) (api.OK, error) {
	return d.drop(ctx, v, in.dropIn, in.ThreadID)
}

func (d *Drafts) drop(ctx context.Context, v access.Viewer, in dropIn, rootID string) (api.OK, error) {
	if in.UserID != v.UserID {
		return api.OK{}, fault.NoPermission(string(access.PermDeletePost))
	}
	return api.Done(), d.remove(ctx, v, in.ChannelID, rootID, in.ConnectionID)
}

// scheduledBody is a scheduled message as clients send it. Those of other
// servers know nothing of recurrence: what they leave out stays as it is.
type scheduledBody struct {
	model.ScheduledPost
	Recurrence *string `json:"recurrence"`
}

type scheduledIn struct {
	connection
	Body scheduledBody `body:"json,schedule_post"`
}

func (d *Drafts) postScheduled(ctx context.Context, v access.Viewer, in scheduledIn) (*model.ScheduledPost, error) {
	return d.schedule(ctx, v, &in.Body, in.ConnectionID)
}

type oneIn struct {
	connection
	ID string `path:"scheduled_post_id"`
}

type changeIn struct {
	oneIn
	Body scheduledBody `body:"json,schedule_post"`
}

func (d *Drafts) putScheduled(ctx context.Context, v access.Viewer, in changeIn) (*model.ScheduledPost, error) {
	if in.Body.ID != "" && in.Body.ID != in.ID {
		return nil, fault.InvalidURLParam("scheduled_post_id")
	}
	return d.reschedule(ctx, v, in.ID, &in.Body, in.ConnectionID)
}

func (d *Drafts) deleteScheduled(ctx context.Context, v access.Viewer, in oneIn) (*model.ScheduledPost, error) {
	return d.unschedule(ctx, v, in.ID, in.ConnectionID)
}

type teamIn struct {
	TeamID string `path:"team_id"`
	Direct bool   `query:"includeDirectChannels"`
}

// directChannels is the key of messages to conversations, which belong to no team.
const directChannels = "directChannels"

func (d *Drafts) getScheduled(ctx context.Context, v access.Viewer, in teamIn) (map[string][]*model.ScheduledPost, error) {
	if err := d.needScheduling(); err != nil {
		return nil, err
	}
	if err := v.NeedTeam(ctx, in.TeamID, access.PermViewTeam); err != nil {
		return nil, err
	}
	out := map[string][]*model.ScheduledPost{}
	for key, teamID := range map[string]string{in.TeamID: in.TeamID, directChannels: ""} {
		if teamID == "" && !in.Direct {
			continue
		}
		list, err := d.listScheduled(ctx, v.UserID, teamID)
		if err != nil {
			return nil, fault.Internal("app.get_user_team_scheduled_posts.error", err)
		}
		out[key] = list
	}
	return out, nil
}
