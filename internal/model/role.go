package model

import "strings"

// Names of the built-in roles (reference: roles.json).
const (
	RoleChannelAdmin            = "channel_admin"
	RoleChannelGuest            = "channel_guest"
	RoleChannelUser             = "channel_user"
	RoleCustomGroupUser         = "custom_group_user"
	RolePlaybookAdmin           = "playbook_admin"
	RolePlaybookMember          = "playbook_member"
	RoleRunAdmin                = "run_admin"
	RoleRunMember               = "run_member"
	RoleSecureConnectionManager = "secure_connection_manager"
	RoleSharedChannelManager    = "shared_channel_manager"
	RoleSystemAdmin             = "system_admin"
	RoleSystemCustomGroupAdmin  = "system_custom_group_admin"
	RoleSystemGuest             = "system_guest"
	RoleSystemManager           = "system_manager"
	RoleSystemPostAllPublic     = "system_post_all_public"
	RoleSystemPostAll           = "system_post_all"
	RoleSystemReadOnlyAdmin     = "system_read_only_admin"
	RoleSystemUserAccessToken   = "system_user_access_token"
	RoleSystemUserManager       = "system_user_manager"
	RoleSystemUser              = "system_user"
	RoleTeamAdmin               = "team_admin"
	RoleTeamGuest               = "team_guest"
	RoleTeamPostAllPublic       = "team_post_all_public"
	RoleTeamPostAll             = "team_post_all"
	RoleTeamUser                = "team_user"
)

// Limits of a role's fields (reference: limits.tsv).
const (
	RoleNameMaxLength        = 64
	RoleDisplayNameMaxLength = 128
	RoleDescriptionMaxLength = 1024
	RolesByNamesMax          = 100
)

// Role is a named set of permissions.
type Role struct {
	ID            string     `json:"id"`
	Name          string     `json:"name"`
	DisplayName   string     `json:"display_name"`
	Description   string     `json:"description"`
	CreateAt      int64      `json:"create_at"`
	UpdateAt      int64      `json:"update_at"`
	DeleteAt      int64      `json:"delete_at"`
	Permissions   StringList `json:"permissions"`
	SchemeManaged bool       `json:"scheme_managed"`
	BuiltIn       bool       `json:"built_in"`
	SchemeID      *string    `json:"scheme_id"`
}

// RolePatch changes the permissions when they are set.
type RolePatch struct {
	Permissions *[]string `json:"permissions"`
}

// Permission describes one permission.
type Permission struct {
	ID          string `json:"id"`
	Name        string `json:"name"`
	Description string `json:"description"`
	Scope       string `json:"scope"`
}

// HasRole tells whether the space separated list of role names holds name.
func HasRole(roles, name string) bool {
	for r := range strings.FieldsSeq(roles) {
		if r == name {
			return true
		}
	}
	return false
}
