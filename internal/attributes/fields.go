package attributes

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/properties"
	"github.com/parley-chat/parley/internal/realtime"
)

// fields returns the attributes of profiles in the order that administrators
// gave them.
func (a *Attributes) fields(ctx context.Context, q db.Querier) ([]*model.Attribute, error) {
	groupID, err := a.group(ctx, q)
	if err != nil {
		return nil, err
	}
	list, err := properties.Fields(ctx, q, groupID)
	if err != nil {
		return nil, err
	}
	out := make([]*model.Attribute, len(list))
	for i, f := range list {
		out[i] = &model.Attribute{PropertyField: *f}
		if len(f.Attrs) > 0 {
			if err := json.Unmarshal(f.Attrs, &out[i].Attrs); err != nil {
				return nil, fault.Internal("app.custom_profile_attributes.property_field_conversion.app_error", err)
			}
		}
		tidy(&out[i].Attrs, f.Type)
	}
	slices.SortStableFunc(out, func(x, y *model.Attribute) int { return cmp.Compare(x.Attrs.SortOrder, y.Attrs.SortOrder) })
	return out, nil
}

func (a *Attributes) field(ctx context.Context, q db.Querier, fieldID string) (*model.Attribute, error) {
	list, err := a.fields(ctx, q)
	if err != nil {
		return nil, err
	}
	for _, f := range list {
		if f.ID == fieldID {
			return f, nil
		}
	}
	return nil, errNoField
}

// choice tells whether a type has options.
func choice(kind string) bool {
	return kind == model.PropertySelect || kind == model.PropertyMultiselect
}

// tidy puts particulars into the form that clients are shown: what does not go
// with the type is left out.
func tidy(at *model.AttributeAttrs, kind string) {
	if at.Visibility == "" {
		at.Visibility = model.AttributeWhenSet
	}
	if kind != model.PropertyText {
		at.ValueType = ""
	}
	if !choice(kind) {
		at.Options = nil
	}
}

// check refuses a field that the rules forbid, and completes it.
func check(f *model.Attribute) error {
	f.Name = strings.TrimSpace(f.Name)
	if f.Name == "" || utf8.RuneCountInString(f.Name) > model.PropertyFieldNameMaxRunes {
		return errFieldName
	}
	switch f.Type {
	case model.PropertyText, model.PropertySelect, model.PropertyMultiselect, model.PropertyDate, model.PropertyUser, model.PropertyMultiuser:
	default:
		return unfit("type")
	}
	at := &f.Attrs
	tidy(at, f.Type)
	at.LDAP, at.SAML = strings.TrimSpace(at.LDAP), strings.TrimSpace(at.SAML)
	switch {
	case at.Visibility != model.AttributeHidden && at.Visibility != model.AttributeWhenSet && at.Visibility != model.AttributeAlways:
		return unfit("visibility")
	case at.ValueType != "" && at.ValueType != model.AttributeEmail && at.ValueType != model.AttributeURL && at.ValueType != model.AttributePhone:
		return unfit("value_type")
	case at.Managed != "" && at.Managed != model.AttributeManagedAdmin:
		return unfit("managed")
	case len(at.LDAP) > model.PropertyFieldNameMaxRunes || len(at.SAML) > model.PropertyFieldNameMaxRunes:
		return unfit("ldap")
	}
	if at.LDAP != "" || at.SAML != "" {
		at.Managed = "" // the directory gives the values
	}
	return checkOptions(at)
}

func unfit(what string) error {
	return fault.Invalid("app.custom_profile_attributes.sanitize_and_validate.app_error", "Name", what)
}

// mostOptions bounds the values of a choice.
const mostOptions = 200

func checkOptions(at *model.AttributeAttrs) error {
	if len(at.Options) > mostOptions {
		return unfit("options")
	}
	names, ids := map[string]bool{}, map[string]bool{}
	for i := range at.Options {
		o := &at.Options[i]
		o.Name = strings.TrimSpace(o.Name)
		if o.ID == "" {
			o.ID = id.New()
		}
		if o.Name == "" || len(o.Name) > model.AttributeOptionMaxLength || len(o.Color) > model.AttributeOptionMaxLength ||
			!id.Valid(o.ID) || names[o.Name] || ids[o.ID] {
			return unfit("options")
		}
		names[o.Name], ids[o.ID] = true, true
	}
	return nil
}

// pack writes the particulars into the row.
func pack(f *model.Attribute) error {
	raw, err := json.Marshal(f.Attrs)
	f.PropertyField.Attrs = raw
	return err
}

func nameFault(err error) error {
	if db.IsDuplicate(err, "idx_propertyfields_unique") {
		return errSameName
	}
	return err
}

// create adds an attribute to everybody's profile.
func (a *Attributes) create(ctx context.Context, p *model.AttributePatch) (*model.Attribute, error) {
	if p.Name == nil || p.Type == nil {
		return nil, unfit("type")
	}
	now := id.Now()
	f := &model.Attribute{PropertyField: model.PropertyField{ID: id.New(), Name: *p.Name, Type: *p.Type, CreateAt: now, UpdateAt: now}}
	if p.Attrs != nil {
		f.Attrs = *p.Attrs
	}
	// Only plugins, which don't come this way, keep attributes to themselves.
	f.Attrs.Protected, f.Attrs.SourcePluginID, f.Attrs.AccessMode = false, "", ""
	if err := check(f); err != nil {
		return nil, err
	}
	err := a.db.Tx(ctx, func(tx *db.Tx) (err error) {
		if err = tx.Lock(ctx, "profile attributes"); err != nil { // two at once must not both be the last
			return err
		}
		if f.GroupID, err = a.group(ctx, tx); err != nil {
			return err
		}
		list, err := properties.Fields(ctx, tx, f.GroupID)
		if err != nil {
			return err
		}
		if len(list) >= model.AttributeFieldsMax {
			return errFull
		}
		if err = pack(f); err != nil {
			return err
		}
		return properties.InsertField(ctx, tx, &f.PropertyField)
	})
	if err != nil {
		return nil, nameFault(err)
	}
	a.tell("custom_profile_attributes_field_created", realtime.Audience{Everyone: true}, "", map[string]any{"field": f})
	return f, nil
}

// patch changes an attribute. With another type its values are gone: they mean
// nothing there.
func (a *Attributes) patch(ctx context.Context, fieldID string, p *model.AttributePatch) (*model.Attribute, error) {
	if p.Name == nil && p.Type == nil && p.Attrs == nil || p.TargetID != nil && *p.TargetID != "" || p.TargetType != nil && *p.TargetType != "" {
		return nil, errPatch
	}
	var f *model.Attribute
	emptied := false
	err := a.db.Tx(ctx, func(tx *db.Tx) (err error) {
		if err = tx.Lock(ctx, "profile attributes"); err != nil {
			return err
		}
		if f, err = a.field(ctx, tx, fieldID); err != nil {
			return err
		}
		if f.Attrs.Protected {
			return errManaged
		}
		emptied = p.Type != nil && *p.Type != f.Type
		overlay(f, p)
		if err = check(f); err != nil {
			return err
		}
		f.UpdateAt = max(id.Now(), f.UpdateAt+1)
		if err = pack(f); err != nil {
			return err
		}
		if emptied {
			if err = properties.DeleteValuesOf(ctx, tx, f.ID, f.UpdateAt); err != nil {
				return err
			}
		}
		return properties.UpdateField(ctx, tx, &f.PropertyField)
	})
	if err != nil {
		return nil, nameFault(err)
	}
	a.tell("custom_profile_attributes_field_updated", realtime.Audience{Everyone: true}, "",
		map[string]any{"field": f, "delete_values": emptied})
	return f, nil
}

func overlay(f *model.Attribute, p *model.AttributePatch) {
	if p.Name != nil {
		f.Name = *p.Name
	}
	if p.Type != nil {
		f.Type = *p.Type
	}
	if p.Attrs != nil {
		f.Attrs = *p.Attrs
		f.Attrs.Protected, f.Attrs.SourcePluginID, f.Attrs.AccessMode = false, "", ""
	}
}

// remove takes an attribute and its values out of everybody's profile.
func (a *Attributes) remove(ctx context.Context, fieldID string) error {
	err := a.db.Tx(ctx, func(tx *db.Tx) error {
		f, err := a.field(ctx, tx, fieldID)
		if err != nil {
			return err
		}
		if f.Attrs.Protected {
			return errManaged
		}
		return properties.DeleteField(ctx, tx, fieldID, id.Now())
	})
	if err == nil {
		a.tell("custom_profile_attributes_field_deleted", realtime.Audience{Everyone: true}, "", map[string]any{"field_id": fieldID})
	}
	return err
}
