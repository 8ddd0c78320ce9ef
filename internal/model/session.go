package model

// Numbers of sessions, in milliseconds where they are times (reference: limits.tsv).
const (
	SessionActivityTimeout = 5 * 60 * 1000 // last_activity_at is written no more often than this
	SessionsMaxPerUser     = 500
	// SessionTokenExpiryHours is the life of a session that an access token opens: 100 years.
	SessionTokenExpiryHours = 876000
)

// Keys and values of Session.Props.
const (
	SessionPropCSRF                       = "csrf"
	SessionPropBrowser                    = "browser"
	SessionPropOS                         = "os"
	SessionPropPlatform                   = "platform"
	SessionPropType                       = "type"
	SessionPropIsMobile                   = "isMobile"
	SessionPropIsOAuthUser                = "isOAuthUser"
	SessionPropIsSAML                     = "isSaml"
	SessionPropIsBot                      = "is_bot"
	SessionPropIsGuest                    = "is_guest"
	SessionPropUserAccessTokenID          = "user_access_token_id"
	SessionPropOAuthAppID                 = "oauth_app_id"
	SessionPropMobileVersion              = "mobile_version"
	SessionPropDeviceNotificationDisabled = "device_notification_disabled"
	SessionPropLastRemovedDeviceID        = "last_removed_device_id"

	SessionTypeUserAccessToken = "UserAccessToken"

	// Parley's own, of sessions of access tokens that are limited.
	SessionPropScopes         = "parley_scopes"
	SessionPropTokenExpiresAt = "parley_expires_at"
)

// Session is one sign-in of a user, or the standing session of an access token. All times are Unix ms.
type Session struct {
	ID             string        `json:"id"`
	Token          string        `json:"token"`
	CreateAt       int64         `json:"create_at"`
	ExpiresAt      int64         `json:"expires_at"` // 0: never
	LastActivityAt int64         `json:"last_activity_at"`
	UserID         string        `json:"user_id"`
	DeviceID       string        `json:"device_id"` // <platform>:<push token>
	Roles          string        `json:"roles"`
	IsOAuth        bool          `json:"is_oauth"`
	ExpiredNotify  bool          `json:"expired_notify"`
	Props          StringMap     `json:"props"`
	TeamMembers    []*TeamMember `json:"team_members"`
	Local          bool          `json:"local"` // came over the local socket; not stored
}

// Sanitized returns a copy without the token, which proves the session and is shown to nobody.
func (s Session) Sanitized() Session {
	s.Token = ""
	return s
}

// Expired tells whether the session has ended at now (Unix ms).
func (s *Session) Expired(now int64) bool { return s.ExpiresAt > 0 && now > s.ExpiresAt }

// IsUserAccessToken tells whether an access token opened the session.
func (s *Session) IsUserAccessToken() bool {
	return s.Props[SessionPropType] == SessionTypeUserAccessToken
}

// IsMobile tells whether a phone or tablet app opened the session.
func (s *Session) IsMobile() bool { return s.Props[SessionPropIsMobile] == "true" }

// IsSSO tells whether a sign-on service opened the session.
func (s *Session) IsSSO() bool {
	return s.Props[SessionPropIsOAuthUser] == "true" || s.Props[SessionPropIsSAML] == "true"
}
