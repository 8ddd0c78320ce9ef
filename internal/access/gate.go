package access

import (
	"context"
	"crypto/subtle"
	"errors"
	"net/http"
	"strings"

	"github.com/parley-chat/parley/internal/api"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/realtime"
)

// The policies that routes are mounted with.
var (
	// Public routes need no session; one that is given is used.
	Public = api.Policy{Name: "public", Anonymous: true}
	// Signed routes are called with a secret of their own in path or body.
	Signed = api.Policy{Name: "signed", Anonymous: true, NoCSRF: true}
	// Session routes need a session whose second factor, when one is
	// required, is set up.
	Session = api.Policy{Name: "session"}
	// Reading routes are asked by POST for what they only read.
	Reading = api.Policy{Name: "session, reads", Reads: true}
	// Personal routes are for what people do themselves: what lets others in,
	// or keeps them out, is not for a program that acts in their name.
	Personal = api.Policy{Name: "session of one's own", Personal: true}
	// PersonalNoMFA routes are those by which a second factor is set up.
	PersonalNoMFA = api.Policy{Name: "session of one's own, before MFA", Personal: true, WithoutMFA: true}
	// World routes answer everybody alike: no session is looked for, whatever
	// the browser sends along.
	World = api.Policy{Name: "world", Anonymous: true, NoCSRF: true}
	// LocalOnly routes are for the local socket alone.
	LocalOnly = api.Policy{Name: "local socket"}
)

// Needs is the policy of routes that need a session and a system permission.
func Needs(p Permission) api.Policy {
	return api.Policy{Name: "session with " + string(p), Permission: string(p)}
}

// Names of the cookies and headers of the protocol.
const (
	CookieToken = "MMAUTHTOKEN"
	CookieUser  = "MMUSERID"
	CookieCSRF  = "MMCSRF"
	HeaderCSRF  = "X-Csrf-Token"
	HeaderXHR   = "X-Requested-With"
)

// Gate is the api.Gate of the server: it finds the session of a request and
// holds the request against the policy of its route.
func (a *Access) Gate(w http.ResponseWriter, r *http.Request, p api.Policy) (Viewer, error) {
	if IsLocal(r.Context()) {
		return a.system(r)
	}
	if p == World {
		return Viewer{a: a}, nil
	}
	token, fromCookie := requestToken(r)
	v, err := a.ViewerOf(r.Context(), token)
	if err == nil && fromCookie && !p.NoCSRF && a.forged(r, v) {
		v, err = Viewer{}, errNoSession
	}
	if err != nil {
		if p.Anonymous && isUnauthenticated(err) {
			return Viewer{a: a}, nil
		}
		return v, err
	}
	if fromCookie && v.id.grew {
		a.SetCookies(w.Header(), r, v.Session()) // or the browser would drop them before the session ends
	}
	if !p.WithoutMFA && !p.Anonymous && a.MFAMissing(v) {
		return v, fault.Forbidden("api.context.mfa_required.app_error")
	}
	if p.Personal && v.Lent() {
		return v, errLent
	}
	if p.Personal && v.Scoped() {
		return v, errScope.WithDetail("not with a limited token")
	}
	if err := v.needScope(scopeOf(r.Method, p)); err != nil {
		return v, err
	}
	if p == LocalOnly {
		return v, errLocalOnly
	}
	if p.Permission != "" {
		return v, v.Need(r.Context(), Permission(p.Permission))
	}
	return v, nil
}

func isUnauthenticated(err error) bool {
	var e *fault.Error
	return errors.As(err, &e) && e.Kind == fault.KindUnauthenticated
}

// ViewerOf returns the viewer that a token proves; 401 when it proves none.
func (a *Access) ViewerOf(ctx context.Context, token string) (Viewer, error) {
	i, err := a.identify(ctx, token)
	if err != nil {
		return Viewer{a: a}, err
	}
	return Viewer{UserID: i.session.UserID, Roles: i.roles, id: i, a: a}, nil
}

// requestToken finds the token of a request, and whether a browser sent it on
// its own accord.
func requestToken(r *http.Request) (token string, fromCookie bool) {
	if h := r.Header.Get("Authorization"); h != "" {
		kind, rest, _ := strings.Cut(h, " ")
		if strings.EqualFold(kind, "bearer") || strings.EqualFold(kind, "token") {
			return strings.TrimSpace(rest), false
		}
	}
	if c, err := r.Cookie(CookieToken); err == nil && c.Value != "" {
		return c.Value, true
	}
	return r.URL.Query().Get("access_token"), false
}

// forged reports whether a changing request with a cookie lacks the proof that
// the site's own page sent it: the CSRF secret of the session, or, unless
// strictness is asked for, the header that other sites can't set.
func (a *Access) forged(r *http.Request, v Viewer) bool {
	if r.Method == http.MethodGet || r.Method == http.MethodHead || r.Method == http.MethodOptions {
		return false
	}
	want := v.Session().Props[model.SessionPropCSRF]
	got := r.Header.Get(HeaderCSRF)
	if want != "" && subtle.ConstantTimeCompare([]byte(got), []byte(want)) == 1 {
		return false
	}
	strict := a.cfg.Get().ServiceSettings.ExperimentalStrictCSRFEnforcement
	return strict || r.Header.Get(HeaderXHR) != "XMLHttpRequest"
}

// MFAMissing reports whether the viewer must set up a second factor first.
// Bots, access tokens and accounts of sign-on services are exempt, and guests
// unless the setting for them asks for it too.
func (a *Access) MFAMissing(v Viewer) bool {
	c := a.cfg.Get()
	s := c.ServiceSettings
	if v.Guest() && !c.GuestAccountsSettings.EnforceMultifactorAuthentication {
		return false
	}
	if !s.EnableMultifactorAuthentication || !s.EnforceMultifactorAuthentication || v.id == nil || v.id.mfaActive {
		return false
	}
	local := v.id.service == "" || v.id.service == model.UserAuthServiceEmail || v.id.service == model.UserAuthServiceLDAP
	session := &v.id.session
	return local && !v.id.bot && !session.IsOAuth && !session.IsUserAccessToken()
}

// Identity is who a websocket of this viewer belongs to.
func (a *Access) Identity(ctx context.Context, v Viewer) realtime.Identity {
	return realtime.Identity{UserID: v.UserID, SessionID: v.SessionID(), ExpiresAt: v.id.session.ExpiresAt,
		Admin: v.Admin(ctx), Guest: v.Guest(), MFAOK: !a.MFAMissing(v), ReadOnly: !v.Allows(model.ScopeWrite)}
}

// Authenticate is realtime's question who a token belongs to.
func (a *Access) Authenticate(ctx context.Context, token string) (realtime.Identity, error) {
	v, err := a.ViewerOf(ctx, token)
	if err == nil {
		err = v.needScope(model.ScopeRead)
	}
	if err != nil {
		return realtime.Identity{}, err
	}
	return a.Identity(ctx, v), nil
}

// Recheck is realtime's question whether an identity still holds: its session
// may have ended while the websocket was being set up.
func (a *Access) Recheck(ctx context.Context, who realtime.Identity) error {
	_, err := a.SessionByID(ctx, who.SessionID)
	return err
}
