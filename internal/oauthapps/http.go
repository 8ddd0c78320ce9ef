package oauthapps

import (
	"context"
	"net/http"
	"net/url"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/api"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/model"
)

// ConsentPath is where applications send people: the page that asks them.
const ConsentPath = "/oauth/authorize"

// The other addresses, of the protocol and of RFC 7009, and limits.
const (
	tokenPath       = "/oauth/access_token"
	revokePath      = "/oauth/revoke"
	metadataPath    = "/.well-known/oauth-authorization-server"
	registerPath    = "/oauth/apps/register"
	formMost        = 64 << 10 // bytes of a form
	perClientSecond = 20       // requests for tokens of one address
	perClientBurst  = 60
)

// Mount adds the routes of the slice.
func (a *Apps) Mount(r *access.Router) {
	a.router = r
	api.Get(r, "/oauth/apps", access.Personal, a.getList)
	api.Post(r, "/oauth/apps", access.Personal, a.post, api.Created())
	api.Post(r, registerPath, access.World, a.register, api.MaxBody(formMost))
	api.Get(r, "/oauth/apps/{app_id}", access.Personal, a.getOne)
	api.Put(r, "/oauth/apps/{app_id}", access.Personal, a.put)
	api.Delete(r, "/oauth/apps/{app_id}", access.Personal, a.delete)
	api.Get(r, "/oauth/apps/{app_id}/info", access.Session, a.getInfo)
	api.Post(r, "/oauth/apps/{app_id}/regen_secret", access.Personal, a.postSecret)
	api.Get(r, "/users/{user_id}/oauth/apps/authorized", access.Personal, a.getAuthorized)
	api.Get(r, "/parley/oauth/consent", access.Personal, a.getConsent)

	root := r.Root()
	api.Raw(root, http.MethodGet, ConsentPath, access.Public, a.page, api.Pages())
	api.Post(root, ConsentPath, access.Personal, a.postAuthorize)
	api.Post(root, "/oauth/deauthorize", access.Personal, a.postDeauthorize)
	api.Post(root, tokenPath, access.World, a.postToken, api.MaxBody(formMost), api.Refusals(a.refused))
	api.Post(root, revokePath, access.World, a.postRevoke, api.MaxBody(formMost), api.Refusals(a.refused))
	api.Get(root, metadataPath, access.World, a.getMetadata)
}

func (a *Apps) getList(ctx context.Context, v access.Viewer, in api.Page) ([]*model.OAuthApp, error) {
	if !v.Can(ctx, access.PermManageOAuth) {
		return nil, fault.Forbidden("api.command.admin_only.app_error")
	}
	if err := a.on(errOff); err != nil {
		return nil, err
	}
	creator := v.UserID
	if v.Can(ctx, access.PermManageSystemWideOAuth) {
		creator = ""
	}
	return listApps(ctx, a.DB, creator, in.PerPage, in.Offset())
}

type postIn struct {
	App model.OAuthAppRequest `body:"json,oauth_app"`
}

func (a *Apps) post(ctx context.Context, v access.Viewer, in postIn) (*model.OAuthApp, error) {
	if err := v.Need(ctx, access.PermManageOAuth); err != nil {
		return nil, err
	}
	if err := a.on("api.oauth.register_oauth_app.turn_off.app_error"); err != nil {
		return nil, err
	}
	app, err := a.create(ctx, v, &in.App)
	if err != nil {
		return nil, err
	}
	a.Users.Audit(ctx, v, "/api/v4/oauth/apps", "id="+app.ID)
	return app, nil
}

type appIn struct {
	AppID string `path:"app_id"`
}

func (a *Apps) getOne(ctx context.Context, v access.Viewer, in appIn) (*model.OAuthApp, error) {
	app, err := a.managed(ctx, v, in.AppID)
	if err != nil {
		return nil, err
	}
	return app, nil
}

func (a *Apps) getInfo(ctx context.Context, _ access.Viewer, in appIn) (model.OAuthApp, error) {
	if err := a.on(errOff); err != nil {
		return model.OAuthApp{}, err
	}
	app, err := load(ctx, a.DB, in.AppID)
	if err != nil {
		return model.OAuthApp{}, err
	}
	return app.Sanitized(), nil
}

type putIn struct {
	appIn
	App model.OAuthApp `body:"json,oauth_app"`
}

func (a *Apps) put(ctx context.Context, v access.Viewer, in putIn) (*model.OAuthApp, error) {
	app, err := a.managed(ctx, v, in.AppID)
	if err != nil {
		return nil, err
	}
	if in.App.ID != in.AppID {
		return nil, fault.InvalidParam("app_id")
	}
	a.Users.Audit(ctx, v, "/api/v4/oauth/apps/"+in.AppID, "changed")
	return a.change(ctx, v, app, &in.App)
}

func (a *Apps) delete(ctx context.Context, v access.Viewer, in appIn) (api.OK, error) {
	app, err := a.managed(ctx, v, in.AppID)
	if err != nil {
		return api.OK{}, err
	}
	if err := a.remove(ctx, app); err != nil {
		return api.OK{}, err
	}
	a.Users.Audit(ctx, v, "/api/v4/oauth/apps/"+in.AppID, "deleted")
	return api.Done(), nil
}

func (a *Apps) postSecret(ctx context.Context, v access.Viewer, in appIn) (*model.OAuthApp, error) {
	app, err := a.managed(ctx, v, in.AppID)
	if err != nil {
		return nil, err
	}
	a.Users.Audit(ctx, v, "/api/v4/oauth/apps/"+in.AppID+"/regen_secret", "")
	return a.renew(ctx, app)
}

type authorizedIn struct {
	api.Page
	UserID string `path:"user_id"`
}

func (a *Apps) getAuthorized(ctx context.Context, v access.Viewer, in authorizedIn) ([]model.OAuthApp, error) {
	if err := v.NeedUser(ctx, in.UserID); err != nil {
		return nil, err
	}
	if err := a.on(errOff); err != nil {
		return nil, err
	}
	list, err := authorized(ctx, a.DB, in.UserID, in.PerPage, in.Offset())
	out := make([]model.OAuthApp, len(list))
	for i, app := range list {
		out[i] = app.Sanitized()
	}
	return out, err
}

type withdrawIn struct {
	Body struct {
		ClientID string `json:"client_id"`
	} `body:"json,client_id"`
}

// postDeauthorize answers POST /oauth/deauthorize: the person takes back what an
// application was let do.
func (a *Apps) postDeauthorize(ctx context.Context, v access.Viewer, in withdrawIn) (api.OK, error) {
	if err := a.on(errOff); err != nil {
		return api.OK{}, err
	}
	appID := in.Body.ClientID
	if len(appID) != 26 {
		return api.OK{}, fault.InvalidParam("client_id")
	}
	consent := []model.Preference{{UserID: v.UserID, Category: model.PreferenceCategoryAuthorizedOAuthApp, Name: appID}}
	err := a.DB.Tx(ctx, func(tx *db.Tx) error { return a.withdraw(ctx, tx, appID, v.UserID) })
	if err == nil {
		err = a.Preferences.Delete(ctx, v.UserID, consent) // tells the person's other clients
	}
	if err != nil {
		return api.OK{}, err
	}
	a.Users.Audit(ctx, v, "/oauth/deauthorize", "client_id="+appID)
	return api.Done(), nil
}

// secretHeader keeps an answer with secrets out of every cache.
func secretHeader() http.Header {
	return http.Header{"Cache-Control": {"no-store"}, "Pragma": {"no-cache"}}
}

type formIn struct {
	Kind  string `header:"Content-Type"`
	Proof string `header:"Authorization"`
	Body  []byte `body:"raw"`
}

// fromClient reads the form of a client and refuses addresses that ask too often.
func (a *Apps) fromClient(ctx context.Context, in formIn) (*tokenRequest, error) {
	if !a.Allow("oauth token "+api.MetaOf(ctx).IP, perClientSecond, perClientBurst) {
		return nil, fault.TooMany("api.context.rate_limited.app_error")
	}
	return readForm(in.Kind, in.Body, in.Proof)
}

// postToken answers POST /oauth/access_token (RFC 6749, 3.2).
func (a *Apps) postToken(ctx context.Context, _ access.Viewer, in formIn) (api.Reply, error) {
	q, err := a.fromClient(ctx, in)
	if err != nil {
		return api.Reply{}, err
	}
	out, err := a.give(ctx, q)
	if err != nil {
		return api.Reply{}, refusal(err, q)
	}
	return api.Reply{Header: secretHeader(), JSON: out}, nil
}

// postRevoke answers POST /oauth/revoke (RFC 7009): a client gives a token back,
// and with it all that belongs to the same consent.
func (a *Apps) postRevoke(ctx context.Context, _ access.Viewer, in formIn) (api.Reply, error) {
	if err := a.on(errOff); err != nil {
		return api.Reply{}, err
	}
	q, err := a.fromClient(ctx, in)
	if err != nil {
		return api.Reply{}, err
	}
	app, err := a.client(ctx, q)
	if err != nil {
		return api.Reply{}, refusal(err, q)
	}
	if q.form.Get("token") == "" {
		return api.Reply{}, fault.InvalidParam("token")
	}
	return api.Reply{Header: secretHeader(), JSON: api.Done()}, a.revoke(ctx, app, q.form.Get("token"))
}

// getMetadata answers GET /.well-known/oauth-authorization-server (RFC 8414).
func (a *Apps) getMetadata(_ context.Context, _ access.Viewer, _ api.None) (api.Reply, error) {
	if err := a.on("api.oauth.authorization_server_metadata.disabled.app_error"); err != nil {
		return api.Reply{}, err
	}
	site := a.site()
	if site == "" {
		return api.Reply{}, fault.Internal("api.oauth.authorization_server_metadata.site_url_required.app_error", nil)
	}
	if u, err := url.Parse(site); err != nil || !model.WebAddress(site) || u.RawQuery != "" || u.Fragment != "" {
		return api.Reply{}, fault.Internal("api.oauth.authorization_server_metadata.invalid_url.app_error", err)
	}
	m := model.AuthorizationServerMetadata{Issuer: site, AuthorizationEndpoint: site + ConsentPath, TokenEndpoint: site + tokenPath,
		RevocationEndpoint: site + revokePath, ResponseTypesSupported: []string{model.OAuthResponseCode}, ScopesSupported: []string{model.OAuthScope},
		GrantTypesSupported:               []string{model.OAuthGrantCode, model.OAuthGrantRefresh},
		TokenEndpointAuthMethodsSupported: []string{model.OAuthAuthSecretPost, model.OAuthAuthSecretBasic, model.OAuthAuthNone},
		CodeChallengeMethodsSupported:     []string{model.OAuthChallengeS256}}
	if a.Settings.Get().ServiceSettings.EnableDynamicClientRegistration {
		m.RegistrationEndpoint = site + "/api/v4" + registerPath
	}
	// It is the same for everybody; clients that run in a browser ask from elsewhere.
	return api.Reply{Header: http.Header{"Access-Control-Allow-Origin": {"*"}}, JSON: m}, nil
}
