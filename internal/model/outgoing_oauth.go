package model

import (
	"encoding/json"
	"net/url"
	"path"
	"slices"
	"strings"
)

// Limits of outgoing OAuth connections (reference: schema.tsv; an address of tokens has none there).
const (
	ConnectionNameMost      = 64   // characters
	ConnectionWordMost      = 255  // characters of an id, name, secret or password
	ConnectionAudiencesMost = 1024 // characters of all audiences, as JSON
	ConnectionAddressMost   = 1024 // bytes of the address that tokens come from
)

// The grants by which tokens are got (RFC 6749, 4.4 and 4.3).
const (
	ConnectionClientCredentials = "client_credentials"
	ConnectionPassword          = "password"
)

// OutgoingOAuthConnection says where the server gets the token that its calls of some addresses carry, and by what.
type OutgoingOAuthConnection struct {
	ID                  string   `json:"id"`
	CreatorID           string   `json:"creator_id"`
	CreateAt            int64    `json:"create_at"`
	UpdateAt            int64    `json:"update_at"`
	Name                string   `json:"name"`
	ClientID            string   `json:"client_id,omitempty"`
	ClientSecret        string   `json:"client_secret,omitempty"` // taken, never given
	CredentialsUsername *string  `json:"credentials_username,omitempty"`
	CredentialsPassword *string  `json:"credentials_password,omitempty"` // taken, never given
	OAuthTokenURL       string   `json:"oauth_token_url"`
	GrantType           string   `json:"grant_type"`
	Audiences           []string `json:"audiences"`
}

// Sanitized returns a copy without secrets, for who manages connections.
func (c OutgoingOAuthConnection) Sanitized() *OutgoingOAuthConnection {
	c.ClientSecret, c.CredentialsPassword = "", nil
	return &c
}

// Public returns a copy that says which addresses it is for, and not how it gets its tokens.
func (c OutgoingOAuthConnection) Public() *OutgoingOAuthConnection {
	c.ClientID, c.CredentialsUsername, c.OAuthTokenURL = "", nil, ""
	return c.Sanitized()
}

// Problem names the first thing that is wrong, as in the error ids model.outgoing_oauth_connection.is_valid.…; "" when
// nothing is.
func (c *OutgoingOAuthConnection) Problem() string {
	all, _ := json.Marshal(c.Audiences) // texts always can be written
	text := func(s *string, most int) bool { return s != nil && *s != "" && storable(*s, most) }
	switch {
	case c.Name == "" || !storable(c.Name, ConnectionNameMost):
		return "name.error"
	case c.ClientID == "" || !storable(c.ClientID, ConnectionWordMost):
		return "client_id.error"
	case c.GrantType != ConnectionClientCredentials && c.GrantType != ConnectionPassword:
		return "grant_type.error"
	case c.ClientSecret == "" && c.GrantType == ConnectionClientCredentials, !storable(c.ClientSecret, ConnectionWordMost):
		return "client_secret.error"
	case c.GrantType == ConnectionPassword && !(text(c.CredentialsUsername, ConnectionWordMost) && text(c.CredentialsPassword, ConnectionWordMost)):
		return "password_credentials.error"
	case !WebAddress(c.OAuthTokenURL) || len(c.OAuthTokenURL) > ConnectionAddressMost || strings.Contains(c.OAuthTokenURL, "#"):
		return "oauth_token_url.error"
	case len(c.Audiences) == 0:
		return "audience.empty"
	case tooLong(string(all), ConnectionAudiencesMost) || slices.ContainsFunc(c.Audiences, func(a string) bool { return !audienceOK(a) }):
		return "audience.error"
	}
	return ""
}

// storable tells whether both databases can hold a text.
func storable(s string, most int) bool { return !tooLong(s, most) && !strings.Contains(s, "\x00") }

// Serves returns how much of an address is named by the connection's audience that names most of it: the length of that
// audience's path; false when none names it. An audience is an address; it stands for itself and for all below it, at
// the same host and port, by the same scheme. One that names a path doesn't stand for an address of which one can't
// tell where it leads ("/../", also encoded).
func (c *OutgoingOAuthConnection) Serves(address string) (length int, ok bool) {
	to, valid := newPlace(address)
	for _, audience := range c.Audiences {
		if a, right := newPlace(audience); valid && right && a.holds(to) {
			length, ok = max(length, len(a.path)), true
		}
	}
	return length, ok
}

// place is what of an address says where it leads.
type place struct {
	origin, path string
	winding      bool // the receiver may read the path as another one
}

// newPlace reads an address; false when it is none of the web.
func newPlace(address string) (place, bool) {
	u, err := url.Parse(address)
	if err != nil || !WebAddress(address) {
		return place{}, false
	}
	p := strings.TrimSuffix(u.Path, "/")
	encoded := strings.ToLower(u.EscapedPath())
	winding := p != "" && path.Clean(p) != p || strings.ContainsAny(p, `\;`) || strings.Contains(encoded, "%2f") || strings.Contains(encoded, "%25")
	return place{Origin(u), p, winding}, true
}

// holds tells whether an address is at the place or below it.
func (a place) holds(to place) bool {
	return a.origin == to.origin && !a.winding && (a.path == "" || !to.winding && (to.path == a.path || strings.HasPrefix(to.path, a.path+"/")))
}

// audienceOK tells whether an address can be an audience: what stands behind its path would never be compared.
func audienceOK(address string) bool {
	a, ok := newPlace(address)
	return ok && !a.winding && !strings.ContainsAny(address, "?#")
}

// Origin is the scheme, host and port of an address, in one spelling.
func Origin(u *url.URL) string {
	port := u.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[u.Scheme]
	}
	return u.Scheme + "://" + strings.ToLower(u.Hostname()) + ":" + port
}
