package presence

import (
	"context"
	"slices"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/api"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
)

// Mount mounts the routes.
func (p *Presence) Mount(r *access.Router) {
	api.Get(r, "/users/{user_id}/status", access.Session, p.getOne)
	api.Put(r, "/users/{user_id}/status", access.Session, p.putOne)
	api.Post(r, "/users/status/ids", access.Reading, p.getMany)
	api.Put(r, "/users/{user_id}/status/custom", access.Session, p.putCustom)
	api.Delete(r, "/users/{user_id}/status/custom", access.Session, p.deleteCustom)
	api.Delete(r, "/users/{user_id}/status/custom/recent", access.Session, p.deleteRecent)
	api.Post(r, "/users/{user_id}/status/custom/recent/delete", access.Session, p.deleteRecent)
	api.Post(r, "/users/{user_id}/typing", access.Session, p.postTyping, api.Sheddable())
}

var errNoStatus = fault.NotFound("api.status.user_not_found.app_error")

type userIn struct {
	UserID string `path:"user_id"`
}

func (p *Presence) getOne(ctx context.Context, v access.Viewer, in userIn) (model.Status, error) {
	if !p.enabled() {
		return model.Status{}, errNoStatus
	}
	list, err := p.shown(ctx, v, []string{in.UserID})
	if err != nil {
		return model.Status{}, err
	}
	return list[0], nil
}

type manyIn struct {
	IDs []string `body:"json,user_ids"`
}

// getMany answers POST /users/status/ids, in the order of the ids.
func (p *Presence) getMany(ctx context.Context, v access.Viewer, in manyIn) ([]model.Status, error) {
	if len(in.IDs) == 0 {
		return nil, fault.InvalidParam("user_ids")
	}
	for _, userID := range in.IDs {
		if !id.Valid(userID) {
			return nil, fault.InvalidParam("user_ids")
		}
	}
	if !p.enabled() {
		return []model.Status{}, nil
	}
	return p.shown(ctx, v, slices.Compact(slices.Sorted(slices.Values(in.IDs))))
}

// shown returns statuses as clients see them. Users whom v may not know of look
// like those who don't exist.
func (p *Presence) shown(ctx context.Context, v access.Viewer, ids []string) ([]model.Status, error) {
	list, err := p.Statuses(ctx, ids)
	if err != nil {
		return nil, err
	}
	seen, err := p.seen(ctx, v, ids)
	if err != nil {
		return nil, err
	}
	for i := range list {
		list[i].ActiveChannel = ""
		if seen != nil && !seen[list[i].UserID] {
			list[i] = model.Status{UserID: list[i].UserID, Status: model.StatusOffline}
		}
	}
	return list, nil
}

// seen returns which of ids v may know of: themselves and whom they share a
// channel with. It returns nil for who may see everybody.
func (p *Presence) seen(ctx context.Context, v access.Viewer, ids []string) (map[string]bool, error) {
	if v.Can(ctx, access.PermViewMembers) {
		return nil, nil
	}
	shared, err := db.List(ctx, p.db, db.One[string], `SELECT DISTINCT theirs.userid FROM channelmembers mine
		JOIN channelmembers theirs ON theirs.channelid = mine.channelid
		WHERE mine.userid = $1 AND theirs.userid = ANY($2) LIMIT $3`, v.UserID, ids, len(ids))
	seen := map[string]bool{v.UserID: true}
	for _, userID := range shared {
		seen[userID] = true
	}
	return seen, err
}

type putIn struct {
	UserID string       `path:"user_id"`
	Status model.Status `body:"json,status"`
}

// putOne answers PUT /users/{user_id}/status. Out of the office can't be chosen:
// it comes with automatic replies, and any choice ends them.
func (p *Presence) putOne(ctx context.Context, v access.Viewer, in putIn) (model.Status, error) {
	if in.Status.UserID != in.UserID {
		return model.Status{}, fault.InvalidParam("user_id")
	}
	if err := v.NeedUser(ctx, in.UserID); err != nil {
		return model.Status{}, err
	}
	if !model.ValidStatus(in.Status.Status) || in.Status.Status == model.StatusOutOfOffice || in.Status.DNDEndTime < 0 {
		return model.Status{}, fault.InvalidParam("status")
	}
	if !p.enabled() {
		return model.Status{}, errNoStatus
	}
	user, err := p.users.ByID(ctx, in.UserID)
	if fault.IsNotFound(err) {
		return model.Status{}, errNoStatus
	}
	if err != nil {
		return model.Status{}, err
	}
	if err := p.Choose(ctx, user, in.Status.Status, in.Status.DNDEndTime); err != nil {
		return model.Status{}, err
	}
	return p.getOne(ctx, v, userIn{in.UserID})
}

// Choose sets the status that a user wants, as a client or a command tells: one
// of online, away, dnd and offline. dndEnd is when dnd ends, Unix seconds, 0 for
// never. It ends automatic replies.
func (p *Presence) Choose(ctx context.Context, user *model.User, status string, dndEnd int64) error {
	if user.NotifyProps[model.NotifyPropAutoResponderActive] == "true" {
		props := user.NotifyProps.Clone()
		props[model.NotifyPropAutoResponderActive] = "false"
		if _, err := p.users.Patch(ctx, user.ID, &model.UserPatch{NotifyProps: props}); err != nil {
			return err
		}
	}
	return p.choose(ctx, user.ID, func(e *entry) {
		switch codeOf(status) {
		case online:
			e.goOnline(true, p.now())
		case away:
			e.goAway(true, p.now(), 0)
		case dnd:
			e.goQuiet(dndEnd)
		default:
			e.goOffline(true)
		}
	})
}
