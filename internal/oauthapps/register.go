package oauthapps

import (
	"context"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/api"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
)

// How often one address may register an application (reference: limits.tsv).
const (
	registerPerSecond = 2
	registerBurst     = 1
)

type registerIn struct {
	Body []byte `body:"raw"`
}

// register answers POST /oauth/apps/register: an application makes itself known
// (RFC 7591). Its refusals have the form of that RFC.
func (a *Apps) register(ctx context.Context, _ access.Viewer, in registerIn) (api.Reply, error) {
	set := a.Settings.Get().ServiceSettings
	switch {
	case !set.EnableOAuthServiceProvider:
		return refusedClient(model.DCRUnsupported, "OAuth 2.0 applications are disabled"), nil
	case !set.EnableDynamicClientRegistration:
		return refusedClient(model.DCRUnsupported, "Dynamic client registration is disabled"), nil
	case !a.Allow("oauth register "+api.MetaOf(ctx).IP, registerPerSecond, registerBurst):
		return api.Reply{}, fault.TooMany("api.context.rate_limited.app_error")
	}
	var q model.ClientRegistrationRequest
	if err := api.DecodeJSON(in.Body, &q); err != nil {
		return refusedClient(model.DCRInvalidMetadata, "The body is not a JSON object of client metadata"), nil
	}
	app, problem, why := newcomer(&q, set.DCRRedirectURIAllowlist)
	if problem != "" {
		return refusedClient(problem, why), nil
	}
	if err := insert(ctx, a.DB, app); err != nil {
		return api.Reply{}, err
	}
	a.Users.Audit(ctx, access.Viewer{}, "/api/v4/oauth/apps/register", "id="+app.ID)
	return api.Reply{Status: http.StatusCreated, Header: secretHeader(), JSON: registered(app, &q)}, nil
}

func refusedClient(problem, why string) api.Reply {
	return api.Reply{Status: http.StatusBadRequest, Header: secretHeader(), JSON: model.DCRError{Error: problem, Description: why}}
}

// registered tells a newcomer what it is known as.
func registered(app *model.OAuthApp, q *model.ClientRegistrationRequest) *model.ClientRegistrationResponse {
	out := &model.ClientRegistrationResponse{ClientID: app.ID, RedirectURIs: app.CallbackURLs, TokenEndpointAuthMethod: model.OAuthAuthNone,
		GrantTypes: []string{model.OAuthGrantCode}, ResponseTypes: []string{model.OAuthResponseCode}, Scope: model.OAuthScope,
		ClientName: &app.Name, ClientURI: q.ClientURI}
	if !app.Public() {
		out.ClientSecret, out.GrantTypes = &app.ClientSecret, append(out.GrantTypes, model.OAuthGrantRefresh)
		out.TokenEndpointAuthMethod = model.OAuthAuthSecretPost
		if *q.TokenEndpointAuthMethod != "" {
			out.TokenEndpointAuthMethod = *q.TokenEndpointAuthMethod
		}
	}
	return out
}

// newcomer makes an application from what it says of itself, or says what is
// wrong with that: a word of RFC 7591 and a sentence. It is nobody's, is never
// trusted and has no picture, so that none can pose as another by one.
func newcomer(q *model.ClientRegistrationRequest, allowed []string) (app *model.OAuthApp, problem, why string) {
	if q.TokenEndpointAuthMethod == nil {
		q.TokenEndpointAuthMethod = new(string)
	}
	app = &model.OAuthApp{ID: id.New(), CreateAt: id.Now(), CallbackURLs: q.RedirectURIs, IsDynamicallyRegistered: true}
	app.UpdateAt = app.CreateAt
	switch *q.TokenEndpointAuthMethod {
	case model.OAuthAuthNone:
	case "", model.OAuthAuthSecretPost, model.OAuthAuthSecretBasic:
		app.ClientSecret = id.New()
	default:
		return nil, model.DCRInvalidMetadata, "token_endpoint_auth_method must be client_secret_post, client_secret_basic or none"
	}
	if len(q.RedirectURIs) == 0 {
		return nil, model.DCRInvalidRedirect, "redirect_uris must name at least one address"
	}
	for _, u := range q.RedirectURIs {
		switch {
		case !model.ValidRedirect(u) || !private(u):
			return nil, model.DCRInvalidRedirect, "each redirect URI must be an https address, or http on the loopback interface, without a fragment"
		case len(allowed) > 0 && !slices.ContainsFunc(allowed, func(pattern string) bool { return matches(pattern, u) }):
			return nil, model.DCRInvalidRedirect, "this server does not allow a redirect URI to that address"
		}
	}
	if u, err := url.Parse(q.RedirectURIs[0]); err == nil {
		app.Name = u.Hostname()
	}
	if q.ClientName != nil && strings.TrimSpace(*q.ClientName) != "" {
		app.Name = strings.TrimSpace(*q.ClientName)
	}
	if q.ClientURI != nil {
		app.Homepage = *q.ClientURI
	}
	if !plain(app.Name) {
		return nil, model.DCRInvalidMetadata, "client_name must be text without control characters"
	}
	switch app.Problem() {
	case "":
		return app, "", ""
	case "name":
		return nil, model.DCRInvalidMetadata, "client_name may have 64 characters"
	case "callback":
		return nil, model.DCRInvalidRedirect, "redirect_uris are too long"
	}
	return nil, model.DCRInvalidMetadata, "client_uri must be an address of the web of at most 256 characters"
}

// private reports whether nobody on the way can read what is sent to an address:
// TLS, or this very machine.
func private(s string) bool {
	u, err := url.Parse(s)
	if err != nil {
		return false
	}
	ip, err := netip.ParseAddr(u.Hostname())
	return u.Scheme == "https" || u.Hostname() == "localhost" || err == nil && ip.IsLoopback()
}

// matches holds an address against a pattern of the setting: scheme and host to
// the letter, where a star stands for a part of a name or of a path, and two
// stars at the end for all that follows. A pattern never reaches over into the
// host's name from a path, or the other way round.
func matches(pattern, address string) bool {
	pScheme, pRest, ok := strings.Cut(pattern, "://")
	aScheme, aRest, okA := strings.Cut(address, "://")
	if !ok || !okA || !strings.EqualFold(pScheme, aScheme) {
		return false
	}
	pHost, pPath, _ := strings.Cut(pRest, "/")
	aHost, aPath, _ := strings.Cut(aRest, "/")
	if i := strings.IndexAny(aHost, "?#\\@"); i >= 0 || !glob(strings.ToLower(pHost), strings.ToLower(aHost), ".") {
		return false
	}
	if plain, err := url.PathUnescape(aPath); err != nil || strings.Contains(plain, "..") {
		return false // a path that leads out of what the pattern names
	}
	if head, all := strings.CutSuffix(pPath, "**"); all {
		return strings.HasPrefix(aPath, head)
	}
	return glob(pPath, aPath, "/")
}

// glob matches part by part; a star in a part stands for any text of that part.
func glob(pattern, s, separator string) bool {
	ps, parts := strings.Split(pattern, separator), strings.Split(s, separator)
	if len(ps) != len(parts) {
		return false
	}
	for i, p := range ps {
		head, tail, star := strings.Cut(p, "*")
		switch {
		case !star && p != parts[i]:
			return false
		case star && (len(parts[i]) < len(head)+len(tail) || !strings.HasPrefix(parts[i], head) || !strings.HasSuffix(parts[i], tail)):
			return false
		}
	}
	return true
}
