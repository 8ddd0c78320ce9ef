package oauthapps

import (
	"net/http"
	"strings"

	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/i18n"
)

// The errors of the token endpoint (RFC 6749, 5.2; RFC 8707, 2), and those that
// the authorization endpoint has for what isn't the client's mistake (4.1.2.1).
const (
	refuseClient = "invalid_client"
	refuseGrant  = "invalid_grant"
	refuseKind   = "unauthorized_client"
	refuseType   = "unsupported_grant_type"
	refuseServer = "server_error"
	refuseForNow = "temporarily_unavailable"
	pkceProblems = "model.authorize.validate_pkce."

	descriptionMax = 500 // characters
)

// refusals are the errors by the ids of the protocol.
var refusals = map[string]string{
	"api.oauth.get_access_token.bad_client_id.app_error":        refuseClient,
	"api.oauth.get_access_token.credentials.app_error":          refuseClient,
	"model.oauth.validate_grant.credentials.app_error":          refuseClient,
	"model.oauth.validate_grant.public_client_secret.app_error": refuseClient,
	errNoApp.ID: refuseClient,
	"api.oauth.get_access_token.expired_code.app_error":                refuseGrant,
	"api.oauth.get_access_token.refresh_token.app_error":               refuseGrant,
	"api.oauth.get_access_token.client_id_mismatch.app_error":          refuseGrant,
	"api.oauth.get_access_token.redirect_uri.app_error":                refuseGrant,
	"api.oauth.get_access_token.internal_user.app_error":               refuseGrant,
	"api.oauth.get_access_token.resource_mismatch.app_error":           tellTarget,
	"api.oauth.get_access_token.bad_grant.app_error":                   refuseType,
	"model.oauth.validate_grant.public_client_refresh_token.app_error": refuseKind,
}

// refusalOf is the error of RFC 6749 that a failure is.
func refusalOf(e *fault.Error) string {
	if word := refusals[e.ID]; word != "" {
		return word
	}
	switch {
	case strings.HasPrefix(e.ID, pkceProblems):
		return refuseGrant // RFC 7636, 4.6
	case e.Kind == fault.KindTooMany, e.Kind == fault.KindUnavailable:
		return refuseForNow
	case e.Status() >= http.StatusInternalServerError:
		return refuseServer
	}
	return tellInvalid
}

// refusal gives a failure of the token endpoint the status that RFC 6749, 5.2, has
// for it: 400 where the protocol has 404, and 401 for a client that isn't known or
// has tried to prove itself in the header.
func refusal(err error, q *tokenRequest) error {
	e := *fault.As(err)
	switch word := refusalOf(&e); {
	case word == refuseClient && (q.basic || e.Kind == fault.KindNotFound):
		return e.WithStatus(http.StatusUnauthorized)
	case word == refuseGrant:
		return e.WithStatus(http.StatusBadRequest)
	}
	return err
}

// refused is what a refusal says in the words of RFC 6749 beside the protocol's
// own, so that clients of either understand it.
func (a *Apps) refused(r *http.Request, e *fault.Error) (http.Header, map[string]any) {
	header := secretHeader()
	if kind, _, _ := strings.Cut(r.Header.Get("Authorization"), " "); e.Status() == http.StatusUnauthorized && strings.EqualFold(kind, "basic") {
		header.Set("WWW-Authenticate", `Basic realm="OAuth 2.0", charset="UTF-8"`)
	}
	return header, map[string]any{"error": refusalOf(e), "error_description": describe(e)}
}

// describe writes for who made the client, in the characters that RFC 6749 allows.
func describe(e *fault.Error) string {
	text := strings.NewReplacer("’", "'", "“", "'", "”", "'", `"`, "'", "…", "...", `\`, "/").Replace(i18n.T(i18n.Fallback, e.ID, e.Params))
	text = strings.Map(func(c rune) rune {
		if c < ' ' || c > '~' {
			return -1
		}
		return c
	}, text)
	return text[:min(len(text), descriptionMax)]
}
