package posts

import (
	"context"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/api"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/model"
)

func (p *Posts) mountUsers(r *access.Router) {
	api.Post(r, "/users/{user_id}/posts/{post_id}/set_unread", access.Session, p.postSetUnread)
	api.Post(r, "/users/{user_id}/posts/{post_id}/reminder", access.Session, p.postReminder)
	api.Post(r, "/users/{user_id}/posts/{post_id}/ack", access.Session, p.postAck)
	api.Delete(r, "/users/{user_id}/posts/{post_id}/ack", access.Session, p.deleteAck)
}

type userPostIn struct {
	UserID string `path:"user_id"`
	PostID string `path:"post_id"`
}

type setUnreadIn struct {
	userPostIn
	Body struct {
		Collapsed bool `json:"collapsed_threads_supported"`
	} `body:"json,body,optional"`
}

func (p *Posts) postSetUnread(ctx context.Context, v access.Viewer, in setUnreadIn) (*model.ChannelUnreadAt, error) {
	if err := v.NeedUser(ctx, in.UserID); err != nil {
		return nil, err
	}
	post, ch, err := p.reachable(ctx, v, in.PostID)
	if err != nil {
		return nil, err
	}
	return p.setUnread(ctx, in.UserID, post, ch, in.Body.Collapsed)
}

type reminderIn struct {
	userPostIn
	Body model.PostReminder `body:"json,target_time"`
}

func (p *Posts) postReminder(ctx context.Context, v access.Viewer, in reminderIn) (api.OK, error) {
	if err := v.NeedUser(ctx, in.UserID); err != nil {
		return api.OK{}, err
	}
	if in.Body.TargetTime <= 0 {
		return api.OK{}, fault.InvalidParam("target_time")
	}
	return api.Done(), p.remind(ctx, v, in.UserID, in.PostID, in.Body.TargetTime)
}

func (p *Posts) postAck(ctx context.Context, v access.Viewer, in userPostIn) (*model.PostAcknowledgement, error) {
	if err := v.NeedUser(ctx, in.UserID); err != nil {
		return nil, err
	}
	return p.acknowledge(ctx, v, in.UserID, in.PostID)
}

func (p *Posts) deleteAck(ctx context.Context, v access.Viewer, in userPostIn) (api.OK, error) {
	if err := v.NeedUser(ctx, in.UserID); err != nil {
		return api.OK{}, err
	}
	return api.Done(), p.unacknowledge(ctx, v, in.UserID, in.PostID)
}
