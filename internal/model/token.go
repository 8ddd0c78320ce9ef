package model

// Size and lifetimes of one-time tokens (reference: limits.tsv); lifetimes in milliseconds.
const (
	TokenSize                = 64
	PasswordRecoveryLifetime = 24 * 60 * 60 * 1000
	InvitationLifetime       = 48 * 60 * 60 * 1000
	MagicLinkLifetime        = 5 * 60 * 1000
	DesktopTokenLifetime     = 3 * 60 * 1000
	TokenLifetimeMax         = 48 * 60 * 60 * 1000
)

// UserAccessTokenDescriptionMaxLength is the width of the column useraccesstokens.description.
const UserAccessTokenDescriptionMaxLength = 512

// Values of Token.Type (reference: constants.tsv).
const (
	TokenTypePasswordRecovery         = "password_recovery"
	TokenTypeVerifyEmail              = "verify_email"
	TokenTypeTeamInvitation           = "team_invitation"
	TokenTypeGuestInvitation          = "guest_invitation"
	TokenTypeGuestMagicLink           = "guest_magic_link"
	TokenTypeGuestMagicLinkInvitation = "guest_magic_link_invitation"
	TokenTypeOAuth                    = "oauth"
	TokenTypeSAML                     = "saml"
	TokenTypeSSOCodeExchange          = "sso-code-exchange"
)

// Token is a one-time token: a row of the table tokens, never sent as it is.
type Token struct {
	Token    string
	CreateAt int64 // Unix ms
	Type     string
	Extra    string // what the type needs, mostly a JSON object
}

// UserAccessToken is a personal access token. Token is shown once, when it is made.
type UserAccessToken struct {
	ID          string `json:"id"`
	Token       string `json:"token,omitempty"`
	UserID      string `json:"user_id"`
	Description string `json:"description"`
	IsActive    bool   `json:"is_active"`
	// Parley's own: until when it works, Unix ms, and what for. Absent without such limits.
	ExpiresAt int64    `json:"expires_at,omitempty"`
	Scopes    []string `json:"scopes,omitempty"`
}

// Scopes of access tokens: what one with any of them is good for.
const (
	ScopeRead  = "read"
	ScopeWrite = "write"
	ScopeAdmin = "admin" // together with those, what belongs to the administration of the server
)

// Sanitized returns a copy without the secret.
func (t UserAccessToken) Sanitized() UserAccessToken {
	t.Token = ""
	return t
}

// UserAccessTokenSearch is the body of POST /users/tokens/search.
type UserAccessTokenSearch struct {
	Term string `json:"term"`
}
