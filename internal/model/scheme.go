package model

// Limits of a scheme's fields (reference: limits.tsv).
const (
	SchemeNameMaxLength        = 64
	SchemeDisplayNameMaxLength = 128
	SchemeDescriptionMaxLength = 1024
)

// Values of Scheme.Scope.
const (
	SchemeScopeTeam     = "team"
	SchemeScopeChannel  = "channel"
	SchemeScopePlaybook = "playbook"
	SchemeScopeRun      = "run"
)

// Scheme replaces the built-in roles in the teams or channels that use it.
type Scheme struct {
	ID                        string `json:"id"`
	Name                      string `json:"name"`
	DisplayName               string `json:"display_name"`
	Description               string `json:"description"`
	CreateAt                  int64  `json:"create_at"`
	UpdateAt                  int64  `json:"update_at"`
	DeleteAt                  int64  `json:"delete_at"`
	Scope                     string `json:"scope"`
	DefaultTeamAdminRole      string `json:"default_team_admin_role"`
	DefaultTeamUserRole       string `json:"default_team_user_role"`
	DefaultChannelAdminRole   string `json:"default_channel_admin_role"`
	DefaultChannelUserRole    string `json:"default_channel_user_role"`
	DefaultTeamGuestRole      string `json:"default_team_guest_role"`
	DefaultChannelGuestRole   string `json:"default_channel_guest_role"`
	DefaultPlaybookAdminRole  string `json:"default_playbook_admin_role"`
	DefaultPlaybookMemberRole string `json:"default_playbook_member_role"`
	DefaultRunAdminRole       string `json:"default_run_admin_role"`
	DefaultRunMemberRole      string `json:"default_run_member_role"`
}

// SchemePatch changes the fields that are set.
type SchemePatch struct {
	Name        *string `json:"name"`
	DisplayName *string `json:"display_name"`
	Description *string `json:"description"`
}

// SchemeIDPatch gives a team or channel another scheme; null or "" takes it away.
type SchemeIDPatch struct {
	SchemeID *string `json:"scheme_id"`
}

// SchemeRoles is the body of the routes that set a member's scheme roles.
type SchemeRoles struct {
	SchemeAdmin bool `json:"scheme_admin"`
	SchemeUser  bool `json:"scheme_user"`
	SchemeGuest bool `json:"scheme_guest"`
}
