package model

import "encoding/json"

// Names of the groups of properties (reference: constants.tsv).
const (
	PropertyGroupAttributes = "custom_profile_attributes"
	PropertyGroupFlagging   = "content_flagging"
)

// Values of PropertyField.Type.
const (
	PropertyText        = "text"
	PropertySelect      = "select"
	PropertyMultiselect = "multiselect"
	PropertyDate        = "date"
	PropertyUser        = "user"
	PropertyMultiuser   = "multiuser"
)

// What a property is of: values of PropertyValue.TargetType.
const (
	PropertyTargetUser = "user"
	PropertyTargetPost = "post"
)

// Limits of properties; names in characters, the others in bytes (reference: limits.tsv).
const (
	PropertyFieldNameMaxRunes = 255
	AttributeFieldsMax        = 20
	AttributeOptionMaxLength  = 128
	AttributeTextMaxLength    = 64
)

// PropertyField is what can be said of people or posts.
type PropertyField struct {
	ID         string          `json:"id"`
	GroupID    string          `json:"group_id"`
	Name       string          `json:"name"`
	Type       string          `json:"type"`
	Attrs      json.RawMessage `json:"attrs"`
	TargetID   string          `json:"target_id"`
	TargetType string          `json:"target_type"`
	CreateAt   int64           `json:"create_at"`
	UpdateAt   int64           `json:"update_at"`
	DeleteAt   int64           `json:"delete_at"`
}

// PropertyValue is what a field says of one person or post.
type PropertyValue struct {
	ID         string          `json:"id"`
	TargetID   string          `json:"target_id"`
	TargetType string          `json:"target_type"`
	GroupID    string          `json:"group_id"`
	FieldID    string          `json:"field_id"`
	Value      json.RawMessage `json:"value"`
	CreateAt   int64           `json:"create_at"`
	UpdateAt   int64           `json:"update_at"`
	DeleteAt   int64           `json:"delete_at"`
}

// Values of AttributeAttrs.Visibility: shown never, once there is a value, or always.
const (
	AttributeHidden  = "hidden"
	AttributeWhenSet = "when_set"
	AttributeAlways  = "always"
)

// Values of AttributeAttrs.ValueType: what a text is.
const (
	AttributeEmail = "email"
	AttributeURL   = "url"
	AttributePhone = "phone"
)

// Values of AttributeAttrs.AccessMode of attributes that a plugin keeps: who
// may read them. Empty is everybody.
const (
	AttributeSourceOnly = "source_only"
	AttributeSharedOnly = "shared_only"
)

// AttributeManagedAdmin as AttributeAttrs.Managed: only administrators give values.
const AttributeManagedAdmin = "admin"

// AttributeOption is one of the values of a choice.
type AttributeOption struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	Color string `json:"color"`
}

// AttributeAttrs are the particulars of a profile attribute.
type AttributeAttrs struct {
	Visibility     string            `json:"visibility"`
	SortOrder      float64           `json:"sort_order"`
	Options        []AttributeOption `json:"options"`
	ValueType      string            `json:"value_type"`
	LDAP           string            `json:"ldap"` // the directory's attribute that gives the values
	SAML           string            `json:"saml"`
	Managed        string            `json:"managed"`
	Protected      bool              `json:"protected"` // kept by a plugin
	SourcePluginID string            `json:"source_plugin_id"`
	AccessMode     string            `json:"access_mode"`
}

// Attribute is a field of people's profiles.
type Attribute struct {
	PropertyField
	Attrs AttributeAttrs `json:"attrs"`
}

// AttributePatch is the body of creating and changing an attribute.
type AttributePatch struct {
	Name       *string         `json:"name"`
	Type       *string         `json:"type"`
	Attrs      *AttributeAttrs `json:"attrs"`
	TargetID   *string         `json:"target_id"`
	TargetType *string         `json:"target_type"`
}
