package model

// Limits of a user's fields (reference: limits.tsv).
const (
	UserNameMaxLength      = 64
	UserNameMinLength      = 1
	UserEmailMaxLength     = 128 // bytes
	UserNicknameMaxRunes   = 64
	UserFirstNameMaxRunes  = 64
	UserLastNameMaxRunes   = 64
	UserPositionMaxRunes   = 128
	UserLocaleMaxLength    = 5
	UserTimezoneMaxRunes   = 256
	UserRolesMaxLength     = 256
	UserAuthDataMaxLength  = 128
	UserPasswordMinLength  = 5  // the least that PasswordSettings.MinimumLength may ask for
	UserPasswordMaxLength  = 72 // bytes: bcrypt, which older databases hold, looks no further
	UserSearchDefaultLimit = 100
	UserSearchMaxLimit     = 1000
)

// Values of User.AuthService; an empty one is an account with a password of its own.
const (
	UserAuthServiceEmail     = "email" // how the sign-in switch names the empty one
	UserAuthServiceGitLab    = "gitlab"
	UserAuthServiceGoogle    = "google"
	UserAuthServiceOffice365 = "office365"
	UserAuthServiceOpenID    = "openid"
	UserAuthServiceLDAP      = "ldap"
	UserAuthServiceSAML      = "saml"
)

// Keys of User.Timezone and the locale of a user who chose none.
const (
	TimezoneAutomatic    = "automaticTimezone"
	TimezoneManual       = "manualTimezone"
	TimezoneUseAutomatic = "useAutomaticTimezone"
	DefaultLocale        = "en"
)

// User is an account: a person, a guest or a bot.
type User struct {
	ID                     string     `json:"id"`
	CreateAt               int64      `json:"create_at,omitempty"`
	UpdateAt               int64      `json:"update_at,omitempty"`
	DeleteAt               int64      `json:"delete_at"` // not 0: deactivated
	Username               string     `json:"username"`
	Password               string     `json:"password,omitempty"`  // a hash once stored; never leaves the server
	AuthData               *string    `json:"auth_data,omitempty"` // identity at the sign-on service
	AuthService            string     `json:"auth_service"`
	Email                  string     `json:"email"`
	EmailVerified          bool       `json:"email_verified,omitempty"`
	Nickname               string     `json:"nickname"`
	FirstName              string     `json:"first_name"`
	LastName               string     `json:"last_name"`
	Position               string     `json:"position"`
	Roles                  string     `json:"roles"` // role names, space separated
	AllowMarketing         bool       `json:"allow_marketing,omitempty"`
	Props                  StringMap  `json:"props,omitempty"`
	NotifyProps            StringMap  `json:"notify_props,omitempty"`
	LastPasswordUpdate     int64      `json:"last_password_update,omitempty"`
	LastPictureUpdate      int64      `json:"last_picture_update,omitempty"` // below 0: the picture was removed at -value
	FailedAttempts         int        `json:"failed_attempts,omitempty"`
	Locale                 string     `json:"locale"`
	Timezone               StringMap  `json:"timezone"`
	MFAActive              bool       `json:"mfa_active,omitempty"`
	MFASecret              string     `json:"mfa_secret,omitempty"`
	RemoteID               *string    `json:"remote_id,omitempty"` // "" for a person made here, absent for a bot
	LastActivityAt         int64      `json:"last_activity_at,omitempty"`
	IsBot                  bool       `json:"is_bot,omitempty"`
	BotDescription         string     `json:"bot_description,omitempty"`
	BotLastIconUpdate      int64      `json:"bot_last_icon_update,omitempty"`
	TermsOfServiceID       string     `json:"terms_of_service_id,omitempty"`
	TermsOfServiceCreateAt int64      `json:"terms_of_service_create_at,omitempty"`
	DisableWelcomeEmail    bool       `json:"disable_welcome_email"`
	LastLogin              int64      `json:"last_login,omitempty"`
	MFAUsedTimestamps      StringList `json:"mfa_used_timestamps,omitempty"` // one-time codes already spent
}

// AppendJSON appends the user as JSON to dst and returns the longer slice; nil becomes null.
func (u *User) AppendJSON(dst []byte) []byte {
	if u == nil {
		return append(dst, "null"...)
	}
	dst = fieldString(dst, `{"id":`, u.ID)
	dst = optInt(dst, `,"create_at":`, u.CreateAt)
	dst = optInt(dst, `,"update_at":`, u.UpdateAt)
	dst = fieldInt(dst, `,"delete_at":`, u.DeleteAt)
	dst = fieldString(dst, `,"username":`, u.Username)
	dst = optString(dst, `,"password":`, u.Password)
	dst = optStringPtr(dst, `,"auth_data":`, u.AuthData)
	dst = fieldString(dst, `,"auth_service":`, u.AuthService)
	dst = fieldString(dst, `,"email":`, u.Email)
	dst = optBool(dst, `,"email_verified":`, u.EmailVerified)
	dst = fieldString(dst, `,"nickname":`, u.Nickname)
	dst = fieldString(dst, `,"first_name":`, u.FirstName)
	dst = fieldString(dst, `,"last_name":`, u.LastName)
	dst = fieldString(dst, `,"position":`, u.Position)
	dst = fieldString(dst, `,"roles":`, u.Roles)
	dst = optBool(dst, `,"allow_marketing":`, u.AllowMarketing)
	dst = optMap(dst, `,"props":`, u.Props)
	dst = optMap(dst, `,"notify_props":`, u.NotifyProps)
	dst = optInt(dst, `,"last_password_update":`, u.LastPasswordUpdate)
	dst = optInt(dst, `,"last_picture_update":`, u.LastPictureUpdate)
	dst = optInt(dst, `,"failed_attempts":`, int64(u.FailedAttempts))
	dst = fieldString(dst, `,"locale":`, u.Locale)
	dst = fieldMap(dst, `,"timezone":`, u.Timezone)
	dst = optBool(dst, `,"mfa_active":`, u.MFAActive)
	dst = optString(dst, `,"mfa_secret":`, u.MFASecret)
	dst = optStringPtr(dst, `,"remote_id":`, u.RemoteID)
	dst = optInt(dst, `,"last_activity_at":`, u.LastActivityAt)
	dst = optBool(dst, `,"is_bot":`, u.IsBot)
	dst = optString(dst, `,"bot_description":`, u.BotDescription)
	dst = optInt(dst, `,"bot_last_icon_update":`, u.BotLastIconUpdate)
	dst = optString(dst, `,"terms_of_service_id":`, u.TermsOfServiceID)
	dst = optInt(dst, `,"terms_of_service_create_at":`, u.TermsOfServiceCreateAt)
	dst = fieldBool(dst, `,"disable_welcome_email":`, u.DisableWelcomeEmail)
	dst = optInt(dst, `,"last_login":`, u.LastLogin)
	if len(u.MFAUsedTimestamps) > 0 {
		dst = appendList(append(dst, `,"mfa_used_timestamps":`...), u.MFAUsedTimestamps)
	}
	return append(dst, '}')
}

// MarshalJSON writes the user as AppendJSON does.
func (u User) MarshalJSON() ([]byte, error) { return u.AppendJSON(make([]byte, 0, 512)), nil }

// UserPatch changes the fields that are set. A nil map leaves the user's map as it is.
type UserPatch struct {
	Username    *string   `json:"username"`
	Password    *string   `json:"password,omitempty"` // the current one, which a change of email asks for
	Nickname    *string   `json:"nickname"`
	FirstName   *string   `json:"first_name"`
	LastName    *string   `json:"last_name"`
	Position    *string   `json:"position"`
	Email       *string   `json:"email"`
	Props       StringMap `json:"props,omitempty"`
	NotifyProps StringMap `json:"notify_props,omitempty"`
	Locale      *string   `json:"locale"`
	Timezone    StringMap `json:"timezone"`
	RemoteID    *string   `json:"remote_id"`
}

// UserSearch is the body of POST /users/search.
type UserSearch struct {
	Term             string   `json:"term"`
	TeamID           string   `json:"team_id"`
	NotInTeamID      string   `json:"not_in_team_id"`
	InChannelID      string   `json:"in_channel_id"`
	NotInChannelID   string   `json:"not_in_channel_id"`
	InGroupID        string   `json:"in_group_id"`
	NotInGroupID     string   `json:"not_in_group_id"`
	GroupConstrained bool     `json:"group_constrained"`
	AllowInactive    bool     `json:"allow_inactive"`
	WithoutTeam      bool     `json:"without_team"`
	Limit            int      `json:"limit"`
	Role             string   `json:"role"`
	Roles            []string `json:"roles"`
	ChannelRoles     []string `json:"channel_roles"`
	TeamRoles        []string `json:"team_roles"`
}

// UserAutocomplete answers GET /users/autocomplete. OutOfChannel is absent unless a channel was asked for.
type UserAutocomplete struct {
	Users        []*User `json:"users"`
	OutOfChannel []*User `json:"out_of_channel,omitempty"`
	Agents       []*User `json:"agents,omitempty"`
}

// UsersStats answers GET /users/stats and /users/stats/filtered.
type UsersStats struct {
	TotalUsersCount int64 `json:"total_users_count"`
}

// UserAuth is the body of PUT /users/{user_id}/auth: how the account signs in from now on.
type UserAuth struct {
	AuthData    *string `json:"auth_data,omitempty"`
	AuthService string  `json:"auth_service,omitempty"`
}

// LoginType answers POST /users/login/type.
type LoginType struct {
	AuthService   string `json:"auth_service"`
	IsDeactivated bool   `json:"is_deactivated,omitempty"`
}

// MFASecret answers POST /users/{user_id}/mfa/generate; QRCode is a PNG in base64.
type MFASecret struct {
	Secret string `json:"secret"`
	QRCode string `json:"qr_code"`
}

// SwitchRequest is the body of POST /users/login/switch.
type SwitchRequest struct {
	CurrentService string `json:"current_service"`
	NewService     string `json:"new_service"`
	Email          string `json:"email"`
	Password       string `json:"password"`
	NewPassword    string `json:"new_password"`
	MFACode        string `json:"mfa_code"`
	LDAPLoginID    string `json:"ldap_id"`
}

// UserTermsOfService tells which terms a user accepted and when.
type UserTermsOfService struct {
	UserID           string `json:"user_id"`
	TermsOfServiceID string `json:"terms_of_service_id"`
	CreateAt         int64  `json:"create_at"`
}
