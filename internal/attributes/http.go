package attributes

import (
	"context"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/api"
	"github.com/parley-chat/parley/internal/model"
)

// Mount adds the routes of profile attributes.
func (a *Attributes) Mount(r *access.Router) {
	const root = "/custom_profile_attributes"
	api.Get(r, root+"/fields", access.Session, a.getFields)
	api.Post(r, root+"/fields", access.Needs(access.PermManageSystem), a.postField, api.Created())
	api.Patch(r, root+"/fields/{field_id}", access.Needs(access.PermManageSystem), a.patchField)
	api.Delete(r, root+"/fields/{field_id}", access.Needs(access.PermManageSystem), a.deleteField)
	api.Get(r, root+"/group", access.Session, a.getGroup)
	api.Patch(r, root+"/values", access.Session, a.patchOwn)
	api.Get(r, "/users/{user_id}/custom_profile_attributes", access.Session, a.getOf)
	api.Patch(r, "/users/{user_id}/custom_profile_attributes", access.Session, a.patchOf)
}

func (a *Attributes) getFields(ctx context.Context, _ access.Viewer, _ api.None) ([]*model.Attribute, error) {
	return a.fields(ctx, a.db)
}

type fieldIn struct {
	Body model.AttributePatch `body:"json,property_field"`
}

func (a *Attributes) postField(ctx context.Context, v access.Viewer, in fieldIn) (*model.Attribute, error) {
	f, err := a.create(ctx, &in.Body)
	if err == nil {
		a.users.Audit(ctx, v, "/api/v4/custom_profile_attributes/fields", "createCPAField field_id="+f.ID)
	}
	return f, err
}

type onFieldIn struct {
	FieldID string `path:"field_id"`
}

type patchFieldIn struct {
	onFieldIn
	fieldIn
}

func (a *Attributes) patchField(ctx context.Context, v access.Viewer, in patchFieldIn) (*model.Attribute, error) {
	f, err := a.patch(ctx, in.FieldID, &in.Body)
	if err == nil {
		a.users.Audit(ctx, v, "/api/v4/custom_profile_attributes/fields/"+in.FieldID, "patchCPAField")
	}
	return f, err
}

func (a *Attributes) deleteField(ctx context.Context, v access.Viewer, in onFieldIn) (api.OK, error) {
	err := a.remove(ctx, in.FieldID)
	if err == nil {
		a.users.Audit(ctx, v, "/api/v4/custom_profile_attributes/fields/"+in.FieldID, "deleteCPAField")
	}
	return api.Done(), err
}

func (a *Attributes) getGroup(ctx context.Context, _ access.Viewer, _ api.None) (map[string]string, error) {
	groupID, err := a.group(ctx, a.db)
	return map[string]string{"id": groupID}, err
}

type valuesIn struct {
	Body values `body:"json,value"`
}

func (a *Attributes) patchOwn(ctx context.Context, v access.Viewer, in valuesIn) (values, error) {
	return a.write(ctx, v, v.UserID, in.Body)
}

type ofIn struct {
	UserID string `path:"user_id"`
}

func (a *Attributes) getOf(ctx context.Context, v access.Viewer, in ofIn) (values, error) {
	return a.of(ctx, v, in.UserID)
}

type patchOfIn struct {
	ofIn
	valuesIn
}

func (a *Attributes) patchOf(ctx context.Context, v access.Viewer, in patchOfIn) (values, error) {
	out, err := a.write(ctx, v, in.UserID, in.Body)
	if err == nil && in.UserID != v.UserID {
		a.users.Audit(ctx, v, "/api/v4/users/"+in.UserID+"/custom_profile_attributes", "patchCPAValues")
	}
	return out, err
}
