package model

import "encoding/json"

// Values of Group.Source.
const (
	GroupSourceLDAP   = "ldap"
	GroupSourceCustom = "custom"
)

// Group is a set of people that a directory names, or that people made themselves.
type Group struct {
	ID                          string   `json:"id"`
	Name                        *string  `json:"name,omitempty"` // what it is mentioned by
	DisplayName                 string   `json:"display_name"`
	Description                 string   `json:"description"`
	Source                      string   `json:"source"`
	RemoteID                    *string  `json:"remote_id"`
	CreateAt                    int64    `json:"create_at"`
	UpdateAt                    int64    `json:"update_at"`
	DeleteAt                    int64    `json:"delete_at"`
	HasSyncables                bool     `json:"has_syncables"`
	MemberCount                 *int64   `json:"member_count,omitempty"`
	AllowReference              bool     `json:"allow_reference"`
	ChannelMemberCount          *int64   `json:"channel_member_count,omitempty"`
	ChannelMemberTimezonesCount *int64   `json:"channel_member_timezones_count,omitempty"`
	MemberIDs                   []string `json:"member_ids"`
}

// UserWithGroups is a member of a team or channel and the groups they are in.
type UserWithGroups struct {
	User
	Groups      []*Group
	SchemeGuest bool
	SchemeUser  bool
	SchemeAdmin bool
}

// MarshalJSON writes the user's fields and then the others; the user's own would hide them.
func (u UserWithGroups) MarshalJSON() ([]byte, error) {
	groups := u.Groups
	if groups == nil {
		groups = []*Group{}
	}
	raw, err := json.Marshal(groups)
	if err != nil {
		return nil, err
	}
	dst := u.User.AppendJSON(make([]byte, 0, 512))
	dst = append(append(dst[:len(dst)-1], `,"groups":`...), raw...)
	dst = fieldBool(dst, `,"scheme_guest":`, u.SchemeGuest)
	dst = fieldBool(dst, `,"scheme_user":`, u.SchemeUser)
	dst = fieldBool(dst, `,"scheme_admin":`, u.SchemeAdmin)
	return append(dst, '}'), nil
}

// UsersWithGroupsAndCount is a page of such users and how many there are in all.
type UsersWithGroupsAndCount struct {
	Users []*UserWithGroups `json:"users"`
	Count int64             `json:"total_count"`
}
