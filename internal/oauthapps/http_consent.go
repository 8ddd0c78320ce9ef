package oauthapps

import (
	"context"
	"net/http"
	"net/url"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/api"
	"github.com/parley-chat/parley/internal/model"
)

// consentIn is a request for authorization in a query.
type consentIn struct {
	Request api.Request
}

// consent is what a person is shown before they let an application.
type consent struct {
	App    model.OAuthApp `json:"app"`
	Agreed bool           `json:"agreed"` // nothing has to be asked: go on at once
	Answer string         `json:"answer"` // what is wrong is told the application here, "" when nothing is
	Deny   string         `json:"deny"`   // the address that tells the application that the person doesn't want to
	Public bool           `json:"public"`
}

// getConsent answers GET /parley/oauth/consent, with the parameters of GET
// /oauth/authorize: what the page shows, and where its buttons lead. The page
// itself makes no address.
func (a *Apps) getConsent(ctx context.Context, v access.Viewer, in consentIn) (*consent, error) {
	q, err := a.ask(ctx, askedIn(in.Request.URL.Query()))
	if err != nil {
		return nil, err
	}
	if err := decides(v); err != nil {
		return nil, err
	}
	agreed, err := a.agreed(ctx, v, q.app)
	if err != nil {
		return nil, err
	}
	out := &consent{App: q.app.Sanitized(), Agreed: agreed, Deny: q.answer("error", tellDenied), Public: q.app.Public()}
	if q.tell != "" {
		out.Answer = q.answer("error", q.tell)
	}
	return out, nil
}

type authorizeIn struct {
	Asked model.AuthorizeRequest `body:"json,authorize_request"`
}

// redirect is where a browser goes on.
type redirect struct {
	To string `json:"redirect"`
}

// postAuthorize answers POST /oauth/authorize: the person lets the application.
func (a *Apps) postAuthorize(ctx context.Context, v access.Viewer, in authorizeIn) (redirect, error) {
	q, err := a.ask(ctx, in.Asked)
	if err != nil {
		return redirect{}, err
	}
	to, err := a.allow(ctx, v, q)
	if err != nil {
		return redirect{}, err
	}
	a.Users.Audit(ctx, v, ConsentPath, "client_id="+q.ClientID)
	return redirect{to}, nil
}

// page answers GET /oauth/authorize, where applications send people: on to the
// application when nothing has to be asked, to the page for signing in, or to the
// web client's page that asks. What must not be told the application is told here.
func (a *Apps) page(w http.ResponseWriter, r *http.Request, v access.Viewer) error {
	q, err := a.ask(r.Context(), askedIn(r.URL.Query()))
	if err != nil {
		return err
	}
	to := ""
	switch {
	case q.tell != "":
		to = q.answer("error", q.tell)
	case v.Anonymous():
		to = "/login?redirect_to=" + url.QueryEscape(ConsentPath+"?"+r.URL.RawQuery)
	case decides(v) == nil && !a.Access.MFAMissing(v):
		agreed, err := a.agreed(r.Context(), v, q.app)
		if err != nil {
			return err
		}
		if agreed {
			if to, err = a.allow(r.Context(), v, q); err != nil {
				return err
			}
			a.Users.Audit(r.Context(), v, ConsentPath, "client_id="+q.ClientID)
		}
	}
	if to == "" {
		a.router.Elsewhere(w, r)
		return nil
	}
	w.Header().Set("Location", to)
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(http.StatusFound)
	return nil
}
