package access

import (
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
)

// SetCookies adds to h the cookies by which a browser carries a session: the
// token, which scripts can't read, and for the web client the user's id and the
// proof against forged requests.
func (a *Access) SetCookies(h http.Header, r *http.Request, s *model.Session) {
	for _, c := range []struct {
		name, value string
		hidden      bool
	}{{CookieToken, s.Token, true}, {CookieUser, s.UserID, false}, {CookieCSRF, s.Props[model.SessionPropCSRF], false}} {
		k := a.cookie(r, c.name, c.value)
		k.HttpOnly = c.hidden
		if s.ExpiresAt > 0 {
			k.Expires = time.UnixMilli(s.ExpiresAt)
			k.MaxAge = int(max(1, (s.ExpiresAt-id.Now())/1000))
		}
		h.Add("Set-Cookie", k.String())
	}
}

// EndCookie adds to h the cookie that takes the token away from a browser.
func (a *Access) EndCookie(h http.Header, r *http.Request) {
	k := a.cookie(r, CookieToken, "")
	k.HttpOnly, k.MaxAge, k.Expires = true, -1, time.Unix(1, 0)
	h.Add("Set-Cookie", k.String())
}

// cookie returns a cookie for the path, and if asked for the domain, of the
// site. It is Secure where the site or the request uses TLS.
func (a *Access) cookie(r *http.Request, name, value string) *http.Cookie {
	set := a.cfg.Get().ServiceSettings
	k := &http.Cookie{Name: name, Value: value, Path: "/", SameSite: http.SameSiteLaxMode,
		Secure: r.TLS != nil || strings.EqualFold(r.Header.Get("X-Forwarded-Proto"), "https")}
	site, err := url.Parse(set.SiteURL)
	if err != nil {
		return k
	}
	if site.Path != "" {
		k.Path = "/" + strings.Trim(site.Path, "/")
	}
	k.Secure = k.Secure || site.Scheme == "https"
	if set.AllowCookiesForSubdomains {
		k.Domain = site.Hostname()
	}
	return k
}
