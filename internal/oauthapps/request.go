package oauthapps

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
)

// The forms of RFC 7636 (4.1, 4.2).
var (
	challengeForm = regexp.MustCompile(`^[A-Za-z0-9_-]{43,128}$`)
	verifierForm  = regexp.MustCompile(`^[A-Za-z0-9._~-]{43,128}$`)
)

// The errors of an authorization that are told to the application, at its own
// address (RFC 6749, 4.1.2.1; RFC 8707).
const (
	tellInvalid  = "invalid_request"
	tellDenied   = "access_denied"
	tellResponse = "unsupported_response_type"
	tellTarget   = "invalid_target"
)

// askedIn reads the parameters of a request for authorization.
func askedIn(q url.Values) model.AuthorizeRequest {
	return model.AuthorizeRequest{ResponseType: q.Get("response_type"), ClientID: q.Get("client_id"), RedirectURI: q.Get("redirect_uri"),
		Scope: q.Get("scope"), State: q.Get("state"), CodeChallenge: q.Get("code_challenge"), CodeChallengeMethod: q.Get("code_challenge_method"),
		Resource: q.Get("resource")}
}

// checkAddress refuses a request that must not be answered to the address in it:
// it isn't one of the application's, to the letter.
func checkAddress(app *model.OAuthApp, q *model.AuthorizeRequest) error {
	if !model.ValidRedirect(q.RedirectURI) || !slices.Contains(app.CallbackURLs, q.RedirectURI) {
		return fault.Invalid("api.oauth.allow_oauth.redirect_callback.app_error")
	}
	return nil
}

// checkAsked looks at the rest of a request. What is wrong in a way that the
// application is told of is tell, a word of RFC 6749; what no well-meant request
// has is refused here, with err.
//
// The only scope there is is granted whatever was asked for (RFC 6749, 3.3), and
// the answer with the token says so.
func checkAsked(app *model.OAuthApp, q *model.AuthorizeRequest, site string) (tell string, err error) {
	refused := func(part string) (string, error) {
		return "", fault.Invalid("model.authorize.is_valid." + part + ".app_error")
	}
	switch {
	case len(q.State) > model.OAuthStateMost || !plain(q.State):
		return refused("state")
	case len(q.Scope) > 128 || !plain(q.Scope):
		return refused("scope")
	case q.ResponseType == "":
		return refused("response_type")
	case q.ResponseType != model.OAuthResponseCode:
		return tellResponse, nil
	case app.Public() && q.CodeChallenge == "":
		return "", fault.Invalid("api.oauth.allow_oauth.pkce_required_public.app_error")
	case q.CodeChallenge == "" && q.CodeChallengeMethod != "":
		return refused("code_challenge")
	case q.CodeChallenge != "" && q.CodeChallengeMethod == "": // RFC 7636 takes that for "plain"
		return refused("code_challenge_method")
	case q.CodeChallenge != "" && q.CodeChallengeMethod != model.OAuthChallengeS256:
		return refused("code_challenge_method.unsupported")
	case q.CodeChallenge != "" && (len(q.CodeChallenge) < 43 || len(q.CodeChallenge) > 128):
		return refused("code_challenge.length")
	case q.CodeChallenge != "" && !challengeForm.MatchString(q.CodeChallenge):
		return refused("code_challenge.format")
	case q.CodeChallenge == "" && q.State == "":
		return tellInvalid, nil // nothing would tell the application's own requests from forged ones
	}
	if problem := resourceProblem(q.Resource); problem != "" {
		return refused("resource." + problem)
	}
	if !within(q.Resource, site) {
		return tellTarget, nil
	}
	return "", nil
}

// plain reports whether s can be stored and shown: no control characters.
func plain(s string) bool {
	return utf8.ValidString(s) && !strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r == 0x7f })
}

// resourceProblem is what is wrong with a resource indicator (RFC 8707, 2).
func resourceProblem(s string) string {
	if s == "" {
		return ""
	}
	if len(s) > model.OAuthResourceMost {
		return "length"
	}
	u, err := url.Parse(s)
	switch {
	case err != nil || !plain(s):
		return "invalid_uri"
	case !u.IsAbs() || u.Host == "":
		return "not_absolute"
	case strings.Contains(s, "#"):
		return "has_fragment"
	}
	return ""
}

// within reports whether a resource is on this site: a token is never made to be
// handed to another server.
func within(resource, site string) bool {
	if resource == "" || site == "" {
		return true
	}
	r, errR := url.Parse(resource)
	s, errS := url.Parse(site)
	return errR == nil && errS == nil && strings.EqualFold(r.Host, s.Host) && strings.EqualFold(r.Scheme, s.Scheme)
}

// answerAt is the address at which an application is answered: its own, with the
// parameters that have a value.
func answerAt(redirect string, pairs ...string) string {
	u, err := url.Parse(redirect)
	if err != nil {
		return "/" // a registered address can be parsed
	}
	q := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			q.Set(pairs[i], pairs[i+1])
		}
	}
	if u.RawQuery != "" {
		u.RawQuery += "&"
	}
	u.RawQuery += q.Encode()
	return u.String()
}

// tokenRequest is a request of the token or the revocation endpoint.
type tokenRequest struct {
	clientID, secret string
	basic            bool // the client proved itself in the header
	form             url.Values
}

// readForm reads the body of such a request with the client's proof: in the body
// or by the scheme Basic, not both (RFC 6749, 2.3). A parameter that is there
// twice makes the request invalid (3.2).
func readForm(contentType string, body []byte, authorization string) (*tokenRequest, error) {
	bad := fault.Invalid("api.oauth.get_access_token.bad_request.app_error")
	if kind, _, _ := strings.Cut(contentType, ";"); !strings.EqualFold(strings.TrimSpace(kind), "application/x-www-form-urlencoded") {
		return nil, bad
	}
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return nil, bad.Wrap(err)
	}
	for _, values := range form {
		if len(values) != 1 || strings.IndexByte(values[0], 0) >= 0 || !utf8.ValidString(values[0]) {
			return nil, bad
		}
	}
	q := &tokenRequest{clientID: form.Get("client_id"), secret: form.Get("client_secret"), form: form}
	if kind, rest, _ := strings.Cut(authorization, " "); !strings.EqualFold(kind, "basic") {
		return q, nil
	} else if q.basic = true; !q.readBasic(rest) {
		return nil, bad
	}
	return q, nil
}

// readBasic reads the client's proof of the header; its parts are encoded like a
// form's. It reports false for one that contradicts the body or can't be read.
func (q *tokenRequest) readBasic(proof string) bool {
	raw, err := base64.StdEncoding.DecodeString(strings.TrimSpace(proof))
	if err != nil {
		return false
	}
	name, secret, ok := strings.Cut(string(raw), ":")
	clientID, errName := url.QueryUnescape(name)
	secret, errSecret := url.QueryUnescape(secret)
	if !ok || errName != nil || errSecret != nil || q.secret != "" || q.clientID != "" && q.clientID != clientID {
		return false
	}
	q.clientID, q.secret = clientID, secret
	return id.Valid(clientID) && plain(secret)
}

// proves checks a verifier against the challenge of a code. A verifier without a
// challenge is refused, too: somebody may have taken the challenge away.
func proves(challenge, verifier string) error {
	refused := func(part string) error { return fault.Invalid("model.authorize.validate_pkce." + part + ".app_error") }
	switch {
	case challenge == "" && verifier == "":
		return nil
	case challenge == "":
		return refused("not_used_in_auth")
	case verifier == "":
		return refused("verifier_required")
	}
	if !verifierForm.MatchString(verifier) || subtle.ConstantTimeCompare([]byte(challengeFor(verifier)), []byte(challenge)) != 1 {
		return refused("verification_failed")
	}
	return nil
}

// challengeFor is the challenge of a verifier by the method S256.
func challengeFor(verifier string) string {
	sum := sha256.Sum256([]byte(verifier))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}
