package oauthapps_test

import (
	"encoding/base64"
	"errors"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/oauth2"

	"github.com/parley-chat/parley/internal/db/dbtest"
	"github.com/parley-chat/parley/internal/testkit"
)

// The characters of an error's description (RFC 6749, 5.2).
var described = regexp.MustCompile(`^[\x20-\x21\x23-\x5b\x5d-\x7e]+$`)

// A client by the book understands a refusal, and so does one that knows the
// protocol's own errors.
func TestRefusalsByTheBook(t *testing.T) {
	s := testkit.Start(t, dbtest.SQLite)
	ann, app, public := s.User("ann"), newApp(t, s, nil), newApp(t, s, map[string]any{"is_public": true})
	code := allowed(t, ann, client(s, app, 0).AuthCodeURL("s")).Get("code")
	proof := []string{"client_id", app.ID, "client_secret", app.ClientSecret}
	for _, c := range []struct {
		word   string
		status int
		pairs  []string
	}{
		{"invalid_grant", 400, append(proof, "grant_type", "authorization_code", "code", "x")},
		{"invalid_grant", 400, append(proof, "grant_type", "authorization_code", "code", code, "redirect_uri", back+"/")},
		{"invalid_grant", 400, append(proof, "grant_type", "authorization_code", "code", code, "redirect_uri", back, "code_verifier", strings.Repeat("v", 43))},
		{"invalid_grant", 400, append(proof, "grant_type", "refresh_token", "refresh_token", "x")},
		{"invalid_target", 400, append(proof, "grant_type", "authorization_code", "code", code, "redirect_uri", back, "resource", "https://other.example")},
		{"invalid_client", 401, []string{"client_id", app.ID, "client_secret", "x", "grant_type", "authorization_code", "code", code}},
		{"invalid_client", 401, []string{"client_id", strings.Repeat("z", 26), "grant_type", "authorization_code", "code", code}},
		{"invalid_client", 400, []string{"client_id", "x", "grant_type", "authorization_code", "code", code}},
		{"invalid_request", 400, append(proof, "grant_type", "authorization_code")},
		{"invalid_request", 400, append(proof, "grant_type", "authorization_code", "code", code, "code", code)},
		{"unsupported_grant_type", 400, append(proof, "grant_type", "password")},
		{"unsupported_grant_type", 400, nil},
		{"unauthorized_client", 400, []string{"client_id", public.ID, "grant_type", "refresh_token", "refresh_token", "x"}},
	} {
		var got struct {
			ID, Message string
			Error       string
			Status      int    `json:"status_code"`
			Request     string `json:"request_id"`
			Description string `json:"error_description"`
		}
		r := form(s, "access_token", c.pairs...).Want(t, c.status)
		r.Into(t, &got)
		if got.Error != c.word || !described.MatchString(got.Description) || got.ID == "" || got.Message == "" || got.Request == "" || got.Status != c.status {
			t.Errorf("%v: %s", c.pairs, r.Body)
		}
		if r.Header.Get("Cache-Control") != "no-store" || r.Header.Get("WWW-Authenticate") != "" {
			t.Errorf("%v: %v", c.pairs, r.Header)
		}
	}
	form(s, "access_token", append(proof, "grant_type", "authorization_code", "code", code, "redirect_uri", back)...).Want(t, 200)
	r := form(s, "revoke", "token", "x", "client_id", app.ID, "client_secret", "wrong").Want(t, 401)
	if !strings.Contains(string(r.Body), `"error":"invalid_client"`) {
		t.Errorf("%s", r.Body)
	}
	// What has nothing of OAuth says nothing of it.
	if r := s.Nobody().GET("/users/me").Want(t, 401); strings.Contains(string(r.Body), `"error"`) {
		t.Errorf("%s", r.Body)
	}
}

// The common library tells a refusal as one, and what it is.
func TestTheLibraryIsRefused(t *testing.T) {
	s := testkit.Start(t, dbtest.SQLite)
	app := newApp(t, s, nil)
	for _, style := range []oauth2.AuthStyle{oauth2.AuthStyleInHeader, oauth2.AuthStyleInParams} {
		for word, secret := range map[string]string{"invalid_grant": app.ClientSecret, "invalid_client": "wrong"} {
			c := client(s, app, style)
			c.ClientSecret = secret
			_, err := c.Exchange(t.Context(), "nocode")
			var refused *oauth2.RetrieveError
			if !errors.As(err, &refused) || refused.ErrorCode != word || refused.ErrorDescription == "" {
				t.Fatalf("%s: %v", word, err)
			}
			asked := style == oauth2.AuthStyleInHeader && word == "invalid_client"
			if challenge := refused.Response.Header.Get("WWW-Authenticate"); strings.HasPrefix(challenge, "Basic realm=") != asked {
				t.Errorf("%s: %q", word, challenge)
			}
		}
	}
	// Who has no secret proves nothing in the header, either.
	public := newApp(t, s, map[string]any{"is_public": true})
	q := url.Values{"grant_type": {"authorization_code"}, "code": {"x"}, "code_verifier": {strings.Repeat("v", 43)}}
	r := s.Nobody().Do("POST", "<site>/oauth/access_token", q.Encode(), "Content-Type", "application/x-www-form-urlencoded",
		"Authorization", "Basic "+base64.StdEncoding.EncodeToString([]byte(public.ID+":guessed"))).Want(t, 401)
	if !strings.Contains(string(r.Body), `"error":"invalid_client"`) || r.Header.Get("WWW-Authenticate") == "" {
		t.Errorf("%v %s", r.Header, r.Body)
	}
}
