package model

import (
	"encoding/json"
	"net/url"
	"slices"
)

// Limits of OAuth 2.0 (reference: limits.tsv, schema.tsv).
const (
	OAuthNameMost        = 64   // characters
	OAuthDescriptionMost = 512  // characters
	OAuthHomepageMost    = 256  // bytes
	OAuthIconMost        = 512  // bytes
	OAuthRedirectMost    = 256  // bytes of one address
	OAuthRedirectsMost   = 1024 // bytes of all addresses of an application, as JSON
	OAuthStateMost       = 1024 // bytes
	OAuthResourceMost    = 512  // bytes
	OAuthCodeLife        = 600  // seconds
)

// Words of OAuth 2.0 that this protocol uses.
const (
	OAuthScope           = "user" // the only scope: to act for the user
	OAuthResponseCode    = "code"
	OAuthGrantCode       = "authorization_code"
	OAuthGrantRefresh    = "refresh_token"
	OAuthTokenType       = "bearer"
	OAuthChallengeS256   = "S256"
	OAuthAuthNone        = "none"
	OAuthAuthSecretPost  = "client_secret_post"
	OAuthAuthSecretBasic = "client_secret_basic"
)

// OAuthApp is a program that people may let act in their name. Its id is the
// client id; a public client, which can't keep a secret, has none.
type OAuthApp struct {
	ID                      string   `json:"id"`
	CreatorID               string   `json:"creator_id"`
	CreateAt                int64    `json:"create_at"`
	UpdateAt                int64    `json:"update_at"`
	ClientSecret            string   `json:"client_secret"`
	Name                    string   `json:"name"`
	Description             string   `json:"description"`
	IconURL                 string   `json:"icon_url"`
	CallbackURLs            []string `json:"callback_urls"`
	Homepage                string   `json:"homepage"`
	IsTrusted               bool     `json:"is_trusted"`
	MattermostAppID         string   `json:"mattermost_app_id"`
	IsDynamicallyRegistered bool     `json:"is_dynamically_registered,omitempty"`
}

// OAuthAppRequest is what an application is made from.
type OAuthAppRequest struct {
	OAuthApp
	IsPublic bool `json:"is_public"`
}

// Public tells whether the application is a public client.
func (a *OAuthApp) Public() bool { return a.ClientSecret == "" }

// Sanitized returns a copy without the secret.
func (a OAuthApp) Sanitized() OAuthApp {
	a.ClientSecret = ""
	return a
}

// Problem names the first thing that is wrong, as in the error ids
// model.oauth.is_valid.…; "" when nothing is.
func (a *OAuthApp) Problem() string {
	all, _ := json.Marshal(a.CallbackURLs) // texts always can be written
	switch {
	case a.Name == "" || tooLong(a.Name, OAuthNameMost):
		return "name"
	case len(a.CallbackURLs) == 0 || len(all) > OAuthRedirectsMost ||
		slices.ContainsFunc(a.CallbackURLs, func(u string) bool { return !ValidRedirect(u) }):
		return "callback"
	case a.Homepage == "" && !a.IsDynamicallyRegistered,
		a.Homepage != "" && (len(a.Homepage) > OAuthHomepageMost || !WebAddress(a.Homepage)):
		return "homepage"
	case tooLong(a.Description, OAuthDescriptionMost):
		return "description"
	case a.IconURL != "" && (len(a.IconURL) > OAuthIconMost || !WebAddress(a.IconURL)):
		return "icon_url"
	}
	return ""
}

// ValidRedirect tells whether an authorization code may be sent to this address:
// one of the web, without a fragment, which RFC 6749 (3.1.2) forbids.
func ValidRedirect(s string) bool {
	u, err := url.Parse(s)
	return err == nil && len(s) <= OAuthRedirectMost && WebAddress(s) && u.Fragment == "" && s[len(s)-1] != '#'
}

// AuthorizeRequest is what an application asks a person for. The names are those
// of RFC 6749 (4.1.1), RFC 7636 and RFC 8707.
type AuthorizeRequest struct {
	ResponseType        string `json:"response_type"`
	ClientID            string `json:"client_id"`
	RedirectURI         string `json:"redirect_uri"`
	Scope               string `json:"scope"`
	State               string `json:"state"`
	CodeChallenge       string `json:"code_challenge,omitempty"`
	CodeChallengeMethod string `json:"code_challenge_method,omitempty"`
	Resource            string `json:"resource,omitempty"`
}

// AccessResponse is the answer to who has got a token (RFC 6749, 5.1).
type AccessResponse struct {
	AccessToken  string `json:"access_token"`
	TokenType    string `json:"token_type"`
	ExpiresIn    int32  `json:"expires_in"` // seconds
	Scope        string `json:"scope"`
	RefreshToken string `json:"refresh_token"`
	IDToken      string `json:"id_token"`
	Audience     string `json:"audience,omitempty"`
}

// ClientRegistrationRequest is what an application says of itself that registers
// on its own (RFC 7591).
type ClientRegistrationRequest struct {
	RedirectURIs            []string `json:"redirect_uris"`
	TokenEndpointAuthMethod *string  `json:"token_endpoint_auth_method,omitempty"`
	ClientName              *string  `json:"client_name,omitempty"`
	ClientURI               *string  `json:"client_uri,omitempty"`
}

// ClientRegistrationResponse tells such an application what it is known as.
type ClientRegistrationResponse struct {
	ClientID                string   `json:"client_id"`
	ClientSecret            *string  `json:"client_secret,omitempty"`
	RedirectURIs            []string `json:"redirect_uris"`
	TokenEndpointAuthMethod string   `json:"token_endpoint_auth_method"`
	GrantTypes              []string `json:"grant_types"`
	ResponseTypes           []string `json:"response_types"`
	Scope                   string   `json:"scope,omitempty"`
	ClientName              *string  `json:"client_name,omitempty"`
	ClientURI               *string  `json:"client_uri,omitempty"`
}

// Errors of registration (RFC 7591, 3.2.2; the last is the protocol's own).
const (
	DCRInvalidMetadata = "invalid_client_metadata"
	DCRInvalidRedirect = "invalid_redirect_uri"
	DCRUnsupported     = "unsupported_operation"
)

// DCRError is the refusal of a registration.
type DCRError struct {
	Error       string `json:"error"`
	Description string `json:"error_description,omitempty"`
}

// AuthorizationServerMetadata tells clients where everything is (RFC 8414).
type AuthorizationServerMetadata struct {
	Issuer                            string   `json:"issuer"`
	AuthorizationEndpoint             string   `json:"authorization_endpoint,omitempty"`
	TokenEndpoint                     string   `json:"token_endpoint,omitempty"`
	ResponseTypesSupported            []string `json:"response_types_supported"`
	RegistrationEndpoint              string   `json:"registration_endpoint,omitempty"`
	RevocationEndpoint                string   `json:"revocation_endpoint,omitempty"` // RFC 7009; not in the protocol
	ScopesSupported                   []string `json:"scopes_supported,omitempty"`
	GrantTypesSupported               []string `json:"grant_types_supported,omitempty"`
	TokenEndpointAuthMethodsSupported []string `json:"token_endpoint_auth_methods_supported,omitempty"`
	CodeChallengeMethodsSupported     []string `json:"code_challenge_methods_supported,omitempty"`
}
