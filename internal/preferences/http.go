package preferences

import (
	"context"
	"encoding/json"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/api"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
)

// Mount mounts the routes.
func (p *Preferences) Mount(r *access.Router) {
	api.Get(r, "/users/{user_id}/preferences", access.Session, p.getAll)
	api.Put(r, "/users/{user_id}/preferences", access.Session, p.putAll)
	api.Post(r, "/users/{user_id}/preferences/delete", access.Session, p.deleteAll)
	api.Get(r, "/users/{user_id}/preferences/{category}", access.Session, p.getCategory)
	api.Get(r, "/users/{user_id}/preferences/{category}/name/{preference_name}", access.Session, p.getOne)
}

type userIn struct {
	UserID string `path:"user_id"`
}

func (p *Preferences) getAll(ctx context.Context, v access.Viewer, in userIn) (access.Answer, error) {
	if err := v.NeedUser(ctx, in.UserID); err != nil {
		return access.Answer{}, err
	}
	return p.acc.Answers.Get(access.AnswerKey{What: "preferences", User: in.UserID}, func() (any, []access.Fact, error) {
		list, err := p.List(ctx, in.UserID)
		return list, []access.Fact{preferencesOf(in.UserID)}, err
	})
}

// preferencesOf is the fact of all preferences of a user.
func preferencesOf(userID string) access.Fact { return access.FactOf("preferences", userID) }

type categoryIn struct {
	UserID   string `path:"user_id"`
	Category string `path:"category,text"`
}

func (p *Preferences) getCategory(ctx context.Context, v access.Viewer, in categoryIn) ([]model.Preference, error) {
	if err := named(in.Category); err != nil {
		return nil, err
	}
	if err := v.NeedUser(ctx, in.UserID); err != nil {
		return nil, err
	}
	list, err := p.Category(ctx, in.UserID, in.Category)
	if err == nil && len(list) == 0 {
		err = fault.NotFound("api.preference.preferences_category.get.app_error")
	}
	return list, err
}

type oneIn struct {
	UserID   string `path:"user_id"`
	Category string `path:"category,text"`
	Name     string `path:"preference_name,text"`
}

func (p *Preferences) getOne(ctx context.Context, v access.Viewer, in oneIn) (model.Preference, error) {
	if err := named(in.Category, in.Name); err != nil {
		return model.Preference{}, err
	}
	if err := v.NeedUser(ctx, in.UserID); err != nil {
		return model.Preference{}, err
	}
	return p.Get(ctx, in.UserID, in.Category, in.Name)
}

// named makes paths with other than letters, digits and _ paths that don't
// exist, as the protocol's route patterns say.
func named(parts ...string) error {
	for _, s := range parts {
		for _, c := range s {
			if (c < '0' || c > '9') && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && c != '_' {
				return fault.NotFound("api.context.404.app_error")
			}
		}
	}
	return nil
}

type listIn struct {
	UserID string             `path:"user_id"`
	List   []model.Preference `body:"json,preferences"`
}

// check holds a list of preferences against what both writing routes ask; foreign
// is the id of the error for somebody else's preference.
func (in listIn) check(foreign string) error {
	if len(in.List) == 0 || len(in.List) > model.PreferencesPerRequest {
		return fault.InvalidParam("preferences")
	}
	for _, one := range in.List {
		if one.UserID != in.UserID {
			return fault.Forbidden(foreign)
		}
	}
	return nil
}

func (p *Preferences) putAll(ctx context.Context, v access.Viewer, in listIn) (api.OK, error) {
	if err := v.NeedUser(ctx, in.UserID); err != nil {
		return api.OK{}, err
	}
	if err := in.check("api.preference.update_preferences.set.app_error"); err != nil {
		return api.OK{}, err
	}
	if err := p.mayFlag(ctx, v, in.List); err != nil {
		return api.OK{}, err
	}
	return api.Done(), p.Put(ctx, in.UserID, in.List)
}

func (p *Preferences) deleteAll(ctx context.Context, v access.Viewer, in listIn) (api.OK, error) {
	if err := v.NeedUser(ctx, in.UserID); err != nil {
		return api.OK{}, err
	}
	if err := in.check("api.preference.delete_preferences.delete.app_error"); err != nil {
		return api.OK{}, err
	}
	return api.Done(), p.Delete(ctx, in.UserID, in.List)
}

// mayFlag refuses saving posts that v may not read: 404 for unknown ones, 403
// for those of a channel that v may not look into.
func (p *Preferences) mayFlag(ctx context.Context, v access.Viewer, list []model.Preference) error {
	wanted := map[string]bool{}
	var ids []string
	for _, one := range list {
		if one.Category == model.PreferenceCategoryFlaggedPost && !wanted[one.Name] {
			if !id.Valid(one.Name) {
				return fault.InvalidParam("preferences")
			}
			wanted[one.Name] = true
			ids = append(ids, one.Name)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	found, err := db.List(ctx, p.db, func(r db.Row) (s [2]string, err error) { err = r.Scan(&s[0], &s[1]); return s, err },
		`SELECT id, channelid FROM posts WHERE id = ANY($1) AND deleteat = 0 LIMIT $2`, ids, len(ids))
	if err != nil {
		return err
	}
	if len(found) < len(ids) {
		return fault.NotFound("app.post.get.app_error")
	}
	asked := map[string]bool{}
	for _, post := range found {
		if asked[post[1]] {
			continue
		}
		asked[post[1]] = true
		ch, err := p.acc.Channel(ctx, post[1])
		if err != nil {
			return err
		}
		if !p.posts.MayRead(ctx, v, ch) {
			return fault.NoPermission(string(access.PermReadChannelContent))
		}
	}
	return nil
}

// encode is a value as the JSON text that events carry.
func encode(v any) string {
	raw, _ := json.Marshal(v) // plain structs
	return string(raw)
}
