package attributes

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/properties"
	"github.com/parley-chat/parley/internal/realtime"
)

// values are what attributes say of one person, by field.
type values map[string]json.RawMessage

func (a *Attributes) stored(ctx context.Context, q db.Querier, userID string) (values, error) {
	groupID, err := a.group(ctx, q)
	if err != nil {
		return nil, err
	}
	list, err := properties.Values(ctx, q, groupID, userID)
	out := make(values, len(list))
	for _, v := range list {
		if v.TargetType == model.PropertyTargetUser {
			out[v.FieldID] = v.Value
		}
	}
	return out, err
}

// of returns what v may read of a person's attributes.
func (a *Attributes) of(ctx context.Context, v access.Viewer, userID string) (values, error) {
	ok, err := a.users.CanSee(ctx, v, userID)
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, fault.NoPermission(string(access.PermViewMembers))
	}
	list, err := a.fields(ctx, a.db)
	if err != nil {
		return nil, err
	}
	said, err := a.stored(ctx, a.db, userID)
	if err != nil {
		return nil, err
	}
	var own values
	if userID != v.UserID && slices.ContainsFunc(list, func(f *model.Attribute) bool { return f.Attrs.AccessMode == model.AttributeSharedOnly }) {
		if own, err = a.stored(ctx, a.db, v.UserID); err != nil {
			return nil, err
		}
	}
	private := userID == v.UserID || v.Admin(ctx)
	out := values{}
	for _, f := range list {
		value := current(f, said[f.ID])
		switch {
		case value == nil, f.Attrs.Visibility == model.AttributeHidden && !private:
			continue
		case f.Attrs.AccessMode == model.AttributeSourceOnly:
			continue
		case f.Attrs.AccessMode == model.AttributeSharedOnly && userID != v.UserID:
			if value = shared(value, own[f.ID]); empty(value) {
				continue
			}
		}
		out[f.ID] = value
	}
	return out, nil
}

// current is what a kept value says now: options that are gone have left it.
func current(f *model.Attribute, value json.RawMessage) json.RawMessage {
	if !choice(f.Type) || value == nil {
		return value
	}
	var one string
	if json.Unmarshal(value, &one) == nil {
		if one != "" && !fits(f, one) {
			return json.RawMessage(`""`)
		}
		return value
	}
	var many []string
	_ = json.Unmarshal(value, &many)
	raw, err := json.Marshal(slices.DeleteFunc(many, func(one string) bool { return !fits(f, one) }))
	if err != nil {
		return nil
	}
	return raw
}

// shared is what two values have in common.
func shared(theirs, own json.RawMessage) json.RawMessage {
	var many, mine []string
	if json.Unmarshal(theirs, &many) != nil {
		if string(theirs) == string(own) {
			return theirs
		}
		return nil
	}
	_ = json.Unmarshal(own, &mine)
	raw, err := json.Marshal(slices.DeleteFunc(many, func(one string) bool { return !slices.Contains(mine, one) }))
	if err != nil {
		return nil
	}
	return raw
}

// mayWrite refuses who may not change what is said of a person.
func (a *Attributes) mayWrite(ctx context.Context, v access.Viewer, userID string) error {
	if err := v.NeedUser(ctx, userID); err != nil || userID == v.UserID {
		return err
	}
	user, err := a.users.ByID(ctx, userID)
	if err == nil && user.IsAdmin() && !v.Admin(ctx) {
		err = fault.NoPermission(string(access.PermManageSystem))
	}
	return err
}

// write gives values to a person's attributes: all of them, or none.
func (a *Attributes) write(ctx context.Context, v access.Viewer, userID string, in values) (values, error) {
	if err := a.mayWrite(ctx, v, userID); err != nil {
		return nil, err
	}
	if len(in) == 0 || len(in) > model.AttributeFieldsMax {
		return nil, fault.InvalidParam("value")
	}
	list, err := a.fields(ctx, a.db)
	if err != nil {
		return nil, err
	}
	known := make(map[string]*model.Attribute, len(list))
	for _, f := range list {
		known[f.ID] = f
	}
	out, rows := values{}, []*model.PropertyValue{}
	for fieldID, raw := range in {
		f := known[fieldID]
		if f == nil {
			return nil, errNoField
		}
		if err := a.mayGive(ctx, v, f); err != nil {
			return nil, err
		}
		value, err := clean(f, raw)
		if err == nil {
			err = a.known(ctx, v, f, people(f, value))
		}
		if err != nil {
			return nil, err
		}
		out[fieldID] = value
		rows = append(rows, &model.PropertyValue{TargetID: userID, TargetType: model.PropertyTargetUser, GroupID: f.GroupID, FieldID: fieldID, Value: value})
	}
	// In the order of their fields, so that two who write the same never wait for each other in a circle.
	slices.SortFunc(rows, func(x, y *model.PropertyValue) int { return strings.Compare(x.FieldID, y.FieldID) })
	err = a.db.Tx(ctx, func(tx *db.Tx) error {
		_, err := properties.Upsert(ctx, tx, rows, id.Now())
		return err
	})
	if err != nil {
		return nil, err
	}
	a.tellValues(userID, known, out)
	return out, nil
}

func (a *Attributes) mayGive(ctx context.Context, v access.Viewer, f *model.Attribute) error {
	switch {
	case f.Attrs.Protected:
		return errManaged
	case f.Attrs.LDAP != "" || f.Attrs.SAML != "":
		return errSynced
	case f.Attrs.Managed == model.AttributeManagedAdmin && !v.Admin(ctx):
		return errManaged
	}
	return nil
}

// known refuses people whom v may not see or who aren't there.
func (a *Attributes) known(ctx context.Context, v access.Viewer, f *model.Attribute, ids []string) error {
	seen, err := a.users.Seen(ctx, v, ids)
	if err != nil {
		return err
	}
	found, err := a.users.ByIDs(ctx, seen)
	if err == nil && len(found) < len(ids) {
		err = misfit(f)
	}
	return err
}

// tellValues tells the person of all that changed, and whoever may see them of
// what is not hidden.
func (a *Attributes) tellValues(userID string, fields map[string]*model.Attribute, changed values) {
	open := values{}
	for fieldID, value := range changed {
		at := fields[fieldID].Attrs
		if at.Visibility != model.AttributeHidden && at.AccessMode == "" {
			open[fieldID] = value
		}
	}
	const event = "custom_profile_attributes_values_updated"
	a.tell(event, realtime.Audience{UserID: userID}, "", map[string]any{"user_id": userID, "values": changed})
	if len(open) > 0 {
		a.tell(event, realtime.Audience{Everyone: true, OmitUsers: map[string]bool{userID: true}}, userID,
			map[string]any{"user_id": userID, "values": open})
	}
}
