package model

import (
	"net/url"
	"strings"
	"testing"
)

func TestWhomAConnectionServes(t *testing.T) {
	c := &OutgoingOAuthConnection{Audiences: []string{"https://good.example", "https://API.example:8443/v1/", "http://in.example/a"}}
	for address, want := range map[string]int{
		"https://good.example": 0, "https://GOOD.example:443/x?y=1": 0, "https://good.example/a%2Fb/../c": 0,
		"https://api.example:8443/v1": 3, "https://api.example:8443/v1/users?x=/../": 3, "http://in.example:80/a/b": 2,
		"https://good.example.evil": -1, "https://good.example@evil.example": -1, "https://evil.example/https://good.example": -1,
		"http://good.example": -1, "https://good.example:444": -1, "https://evil.example?good.example": -1, "https://sub.good.example": -1,
		"https://good.example.": -1, "https://good.example\\@evil.example": -1, "https://good.example\r\n.evil": -1, "//good.example": -1, "": -1,
		"https://api.example:8443/v10": -1, "https://api.example:8443/v1/../admin": -1, "https://api.example:8443/v1/%2e%2e/admin": -1,
		"https://api.example:8443/v1/..%2fadmin": -1, "https://api.example:8443/v1/%252e%252e/admin": -1, "https://api.example:8443/v1//x": -1,
		"https://api.example:8443/v1/..;/admin": -1, `https://api.example:8443/v1/..\admin`: -1, "https://api.example:8443/V1": -1,
	} {
		got, ok := c.Serves(address)
		if !ok {
			got = -1
		}
		if got != want {
			t.Errorf("%q: %d, want %d", address, got, want)
		}
	}
}

func TestProblemsOfConnections(t *testing.T) {
	text := func(s string) *string { return &s }
	right := OutgoingOAuthConnection{Name: "n", ClientID: "c", ClientSecret: "s", GrantType: ConnectionClientCredentials, OAuthTokenURL: "https://a.example/token",
		Audiences: []string{"https://a.example"}}
	for want, change := range map[string]func(*OutgoingOAuthConnection){
		"":                           func(*OutgoingOAuthConnection) {},
		"name.error":                 func(c *OutgoingOAuthConnection) { c.Name = strings.Repeat("é", 65) },
		"client_id.error":            func(c *OutgoingOAuthConnection) { c.ClientID = "a\x00b" },
		"client_secret.error":        func(c *OutgoingOAuthConnection) { c.ClientSecret = "" },
		"grant_type.error":           func(c *OutgoingOAuthConnection) { c.GrantType = "implicit" },
		"password_credentials.error": func(c *OutgoingOAuthConnection) { c.GrantType, c.CredentialsUsername = ConnectionPassword, text("u") },
		"oauth_token_url.error":      func(c *OutgoingOAuthConnection) { c.OAuthTokenURL = "file:///etc/passwd" },
		"audience.empty":             func(c *OutgoingOAuthConnection) { c.Audiences = nil },
		"audience.error":             func(c *OutgoingOAuthConnection) { c.Audiences = []string{"https://a.example/x/../y"} },
	} {
		c := right
		if change(&c); c.Problem() != want {
			t.Errorf("%q, want %q", c.Problem(), want)
		}
	}
}

// Whatever the address, one that is served is at an audience's origin.
func FuzzServes(f *testing.F) {
	for _, s := range []string{"https://good.example/a/b", "https://good.example/a/../b", "https://good.example.evil/a", "https://x@good.example/a", "https://good.example%2e/a"} {
		f.Add(s)
	}
	c := &OutgoingOAuthConnection{Audiences: []string{"https://good.example/a"}}
	f.Fuzz(func(t *testing.T, address string) {
		if _, ok := c.Serves(address); !ok {
			return
		}
		u, err := url.Parse(address)
		if err != nil || u.Scheme != "https" || !strings.EqualFold(u.Hostname(), "good.example") || u.User != nil || !strings.HasPrefix(u.EscapedPath()+"/", "/a/") && !strings.Contains(u.EscapedPath(), "%") {
			t.Errorf("%q is served", address)
		}
	})
}
