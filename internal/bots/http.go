package bots

import (
	"context"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/api"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/model"
)

// Mount adds the routes of the slice.
func (b *Bots) Mount(r *access.Router) {
	api.Get(r, "/bots", access.Session, b.list)
	api.Post(r, "/bots", access.Needs(access.PermCreateBot), b.post, api.Created())
	api.Get(r, "/bots/{bot_user_id}", access.Session, b.get)
	api.Put(r, "/bots/{bot_user_id}", access.Session, b.put)
	api.Post(r, "/bots/{bot_user_id}/disable", access.Session, b.postDisable)
	api.Post(r, "/bots/{bot_user_id}/enable", access.Session, b.postEnable)
	api.Post(r, "/bots/{bot_user_id}/assign/{user_id}", access.Needs(access.PermAssignBot), b.postAssign)
	api.Post(r, "/bots/{bot_user_id}/convert_to_user", access.Needs(access.PermManageSystem), b.postToUser)
	api.Post(r, "/users/{user_id}/convert_to_bot", access.Needs(access.PermManageSystem), b.postToBot)
}

type listIn struct {
	api.Page
	Deleted  bool `query:"include_deleted"`
	Orphaned bool `query:"only_orphaned"`
}

// list returns all bots, or v's own without the permission for others'.
func (b *Bots) list(ctx context.Context, v access.Viewer, in listIn) ([]*model.Bot, error) {
	owner := ""
	if !v.Can(ctx, access.PermReadOthersBots) {
		if !v.Can(ctx, access.PermReadBots) {
			return nil, fault.NoPermission(string(access.PermReadBots))
		}
		owner = v.UserID
	}
	where := `($1 = '' OR b.ownerid = $1)`
	if !in.Deleted {
		where += ` AND b.deleteat = 0`
	}
	if in.Orphaned {
		where += ` AND EXISTS (SELECT 1 FROM users o WHERE o.id = b.ownerid AND o.deleteat <> 0)`
	}
	list, err := db.List(ctx, b.DB, scan, `SELECT `+columns+` FROM bots b JOIN users u ON u.id = b.userid WHERE `+where+`
		ORDER BY b.createat, u.username LIMIT $2 OFFSET $3`, owner, in.PerPage, in.Offset())
	if err != nil {
		return nil, fault.Internal("app.bot.getbots.internal_error", err)
	}
	return list, nil
}

type postIn struct {
	Bot model.BotPatch `body:"json,bot"`
}

func (b *Bots) post(ctx context.Context, v access.Viewer, in postIn) (*model.Bot, error) {
	x, err := b.create(ctx, v, &in.Bot)
	if err == nil {
		b.Users.Audit(ctx, v, "/api/v4/bots", "id="+x.UserID)
	}
	return x, err
}

type botIn struct {
	BotID string `path:"bot_user_id"`
}

type getIn struct {
	botIn
	Deleted bool `query:"include_deleted"`
}

func (b *Bots) get(ctx context.Context, v access.Viewer, in getIn) (*model.Bot, error) {
	x, err := b.readable(ctx, v, in.BotID)
	if err == nil && x.DeleteAt != 0 && !in.Deleted {
		return nil, errMissing
	}
	return x, err
}

type putIn struct {
	botIn
	postIn
}

func (b *Bots) put(ctx context.Context, v access.Viewer, in putIn) (*model.Bot, error) {
	if _, err := b.managed(ctx, v, in.BotID); err != nil {
		return nil, err
	}
	b.Users.Audit(ctx, v, "/api/v4/bots/"+in.BotID, "changed")
	return b.patch(ctx, in.BotID, &in.Bot)
}

func (b *Bots) postDisable(ctx context.Context, v access.Viewer, in botIn) (*model.Bot, error) {
	return b.switched(ctx, v, in.BotID, false)
}

func (b *Bots) postEnable(ctx context.Context, v access.Viewer, in botIn) (*model.Bot, error) {
	return b.switched(ctx, v, in.BotID, true)
}

func (b *Bots) switched(ctx context.Context, v access.Viewer, botID string, active bool) (*model.Bot, error) {
	if _, err := b.managed(ctx, v, botID); err != nil {
		return nil, err
	}
	what := "disabled"
	if active {
		what = "enabled"
	}
	b.Users.Audit(ctx, v, "/api/v4/bots/"+botID, what)
	return b.setActive(ctx, botID, active)
}

type assignIn struct {
	botIn
	UserID string `path:"user_id"`
}

func (b *Bots) postAssign(ctx context.Context, v access.Viewer, in assignIn) (*model.Bot, error) {
	if _, err := b.managed(ctx, v, in.BotID); err != nil {
		return nil, err
	}
	b.Users.Audit(ctx, v, "/api/v4/bots/"+in.BotID+"/assign/"+in.UserID, "")
	return b.assign(ctx, in.BotID, in.UserID)
}

type toUserIn struct {
	botIn
	Admin bool            `query:"set_system_admin"`
	Patch model.UserPatch `body:"json,user_patch"`
}

func (b *Bots) postToUser(ctx context.Context, v access.Viewer, in toUserIn) (*model.User, error) {
	if _, err := b.load(ctx, in.BotID); err != nil {
		return nil, err
	}
	u, err := b.toUser(ctx, in.BotID, &in.Patch, in.Admin)
	if err != nil {
		return nil, err
	}
	b.Users.Audit(ctx, v, "/api/v4/bots/"+in.BotID+"/convert_to_user", "")
	return b.Users.Shown(ctx, v, u), nil
}

type toBotIn struct {
	UserID string `path:"user_id"`
}

func (b *Bots) postToBot(ctx context.Context, v access.Viewer, in toBotIn) (*model.Bot, error) {
	x, err := b.fromUser(ctx, in.UserID)
	if err == nil {
		b.Users.Audit(ctx, v, "/api/v4/users/"+in.UserID+"/convert_to_bot", "")
	}
	return x, err
}
