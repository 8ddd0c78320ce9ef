package model

// Limits of a team's fields (reference: limits.tsv).
const (
	TeamNameMinLength           = 2
	TeamNameMaxLength           = 64
	TeamDisplayNameMaxRunes     = 64
	TeamDescriptionMaxLength    = 255
	TeamEmailMaxLength          = 128
	TeamCompanyNameMaxLength    = 64
	TeamAllowedDomainsMaxLength = 500
	TeamAddMembersMax           = 256 // members in one batch
)

// Values of Team.Type.
const (
	TeamOpen   = "O"
	TeamInvite = "I"
)

// Team is a group of people with channels of their own.
type Team struct {
	ID                  string  `json:"id"`
	CreateAt            int64   `json:"create_at"`
	UpdateAt            int64   `json:"update_at"`
	DeleteAt            int64   `json:"delete_at"` // not 0: archived
	DisplayName         string  `json:"display_name"`
	Name                string  `json:"name"`
	Description         string  `json:"description"`
	Email               string  `json:"email"`
	Type                string  `json:"type"`
	CompanyName         string  `json:"company_name"`
	AllowedDomains      string  `json:"allowed_domains"`
	InviteID            string  `json:"invite_id"`
	AllowOpenInvite     bool    `json:"allow_open_invite"`
	LastTeamIconUpdate  int64   `json:"last_team_icon_update,omitempty"`
	SchemeID            *string `json:"scheme_id"`
	GroupConstrained    *bool   `json:"group_constrained"`
	PolicyID            *string `json:"policy_id"` // not stored
	CloudLimitsArchived bool    `json:"cloud_limits_archived"`
}

// Sanitized returns the copy of the team that a viewer may see: the owner's email only for who manages the
// team, the invite id only for who may invite. Events to a whole team show neither.
func (t Team) Sanitized(canManage, canInvite bool) Team {
	if !canManage {
		t.Email = ""
	}
	if !canInvite {
		t.InviteID = ""
	}
	return t
}

// TeamPatch changes the fields that are set.
type TeamPatch struct {
	DisplayName         *string `json:"display_name"`
	Description         *string `json:"description"`
	CompanyName         *string `json:"company_name"`
	AllowedDomains      *string `json:"allowed_domains"`
	AllowOpenInvite     *bool   `json:"allow_open_invite"`
	GroupConstrained    *bool   `json:"group_constrained"`
	CloudLimitsArchived *bool   `json:"cloud_limits_archived"`
}

// Apply writes the set fields into t.
func (p *TeamPatch) Apply(t *Team) {
	set(&t.DisplayName, p.DisplayName)
	set(&t.Description, p.Description)
	set(&t.CompanyName, p.CompanyName)
	set(&t.AllowedDomains, p.AllowedDomains)
	set(&t.AllowOpenInvite, p.AllowOpenInvite)
	set(&t.CloudLimitsArchived, p.CloudLimitsArchived)
	if p.GroupConstrained != nil {
		t.GroupConstrained = p.GroupConstrained
	}
}

// TeamMember is a person's membership of a team.
type TeamMember struct {
	TeamID        string `json:"team_id"`
	UserID        string `json:"user_id"`
	Roles         string `json:"roles"` // those of the scheme, then the explicit ones
	DeleteAt      int64  `json:"delete_at"`
	SchemeGuest   bool   `json:"scheme_guest"`
	SchemeUser    bool   `json:"scheme_user"`
	SchemeAdmin   bool   `json:"scheme_admin"`
	ExplicitRoles string `json:"explicit_roles"` // the stored column
	CreateAt      int64  `json:"-"`
}

// TeamMemberWithError is one result of adding several members with ?graceful=true.
type TeamMemberWithError struct {
	UserID string      `json:"user_id"`
	Member *TeamMember `json:"member"`
	Error  *AppError   `json:"error"`
}

// TeamSearch is the body of POST /teams/search.
type TeamSearch struct {
	Term                     string  `json:"term"`
	Page                     *int    `json:"page,omitempty"`
	PerPage                  *int    `json:"per_page,omitempty"`
	AllowOpenInvite          *bool   `json:"allow_open_invite,omitempty"`
	GroupConstrained         *bool   `json:"group_constrained,omitempty"`
	IncludeGroupConstrained  *bool   `json:"include_group_constrained,omitempty"`
	PolicyID                 *string `json:"policy_id,omitempty"`
	ExcludePolicyConstrained *bool   `json:"exclude_policy_constrained,omitempty"`
}

// TeamsWithCount answers a team list that asked for the total.
type TeamsWithCount struct {
	Teams      []*Team `json:"teams"`
	TotalCount int64   `json:"total_count"`
}

// TeamStats answers GET /teams/{team_id}/stats.
type TeamStats struct {
	TeamID            string `json:"team_id"`
	TotalMemberCount  int64  `json:"total_member_count"`
	ActiveMemberCount int64  `json:"active_member_count"`
}

// TeamUnread counts what a member has not read in a team. The thread counts stay 0 unless collapsed threads
// were asked for.
type TeamUnread struct {
	TeamID                   string `json:"team_id"`
	MsgCount                 int64  `json:"msg_count"`
	MentionCount             int64  `json:"mention_count"`
	MentionCountRoot         int64  `json:"mention_count_root"`
	MsgCountRoot             int64  `json:"msg_count_root"`
	ThreadCount              int64  `json:"thread_count"`
	ThreadMentionCount       int64  `json:"thread_mention_count"`
	ThreadUrgentMentionCount int64  `json:"thread_urgent_mention_count"`
}

// set copies *v into dst when v is set.
func set[T any](dst *T, v *T) {
	if v != nil {
		*dst = *v
	}
}
