package model

import (
	"encoding/json"
	"regexp"
)

// Values of Group.Source. Groups of a plugin have a source of their own that
// begins with GroupSourcePlugin.
const (
	GroupSourceLDAP   = "ldap"
	GroupSourceCustom = "custom"
	GroupSourcePlugin = "plugin_"
)

// Limits of a group, in bytes (reference: limits.tsv).
const (
	GroupNameMaxLength        = 64
	GroupDisplayNameMaxLength = 128
	GroupDescriptionMaxLength = 1024
)

var groupName = regexp.MustCompile(`^[a-z0-9.\-_]+$`)

// ValidGroupName tells whether a group can be mentioned by s, as far as its
// characters go.
func ValidGroupName(s string) bool { return groupName.MatchString(s) }

// ReservedGroupName tells whether @s means a whole channel or the system.
func ReservedGroupName(s string) bool { return s == "here" || ReservedUsername(s) }

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

// GroupWithUserIDs is the body of POST /groups: a group and its first members.
type GroupWithUserIDs struct {
	Group
	UserIDs []string `json:"user_ids"`
}

// GroupPatch is the body of PUT /groups/{group_id}/patch.
type GroupPatch struct {
	Name           *string `json:"name"`
	DisplayName    *string `json:"display_name"`
	Description    *string `json:"description"`
	AllowReference *bool   `json:"allow_reference"`
}

// GroupsWithCount is a page of groups and how many there are in all.
type GroupsWithCount struct {
	Groups []*Group `json:"groups"`
	Count  int64    `json:"total_count"`
}

// GroupMember is one person's membership of a group.
type GroupMember struct {
	GroupID  string `json:"group_id"`
	UserID   string `json:"user_id"`
	CreateAt int64  `json:"create_at"`
	DeleteAt int64  `json:"delete_at"`
}

// GroupStats tells how many people are in a group.
type GroupStats struct {
	GroupID string `json:"group_id"`
	Count   int64  `json:"total_member_count"`
}

// GroupWithSchemeAdmin is a group as a team or channel is linked with it.
type GroupWithSchemeAdmin struct {
	Group
	SchemeAdmin *bool `json:"scheme_admin,omitempty"`
}

// GroupSyncable links a group with a team or a channel, whose fields are empty
// in the other case.
type GroupSyncable struct {
	GroupID            string `json:"group_id"`
	Type               string `json:"type"` // "Team" or "Channel"
	TeamID             string `json:"team_id,omitempty"`
	TeamDisplayName    string `json:"team_display_name,omitempty"`
	TeamType           string `json:"team_type,omitempty"`
	ChannelID          string `json:"channel_id,omitempty"`
	ChannelDisplayName string `json:"channel_display_name,omitempty"`
	ChannelType        string `json:"channel_type,omitempty"`
	AutoAdd            bool   `json:"auto_add"`
	SchemeAdmin        bool   `json:"scheme_admin"`
	CreateAt           int64  `json:"create_at"`
	UpdateAt           int64  `json:"update_at"`
	DeleteAt           int64  `json:"delete_at"`
}

// GroupSyncablePatch is the body of linking and of changing a link.
type GroupSyncablePatch struct {
	AutoAdd     *bool `json:"auto_add"`
	SchemeAdmin *bool `json:"scheme_admin"`
}
