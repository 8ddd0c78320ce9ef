package server

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/api"
	"github.com/parley-chat/parley/internal/config"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/i18n"
	"github.com/parley-chat/parley/internal/outgoing"
	"github.com/parley-chat/parley/internal/realtime"
)

func (s *Server) newRouter() *access.Router {
	limits := newAddressLimits()
	return api.New(api.Options[access.Viewer]{
		Gate:    s.Access.Gate,
		MaxBody: func() int64 { return int64(s.Config.Get().ServiceSettings.MaximumPayloadSizeBytes) },
		Message: i18n.T,
		Locale: func(accept string) string {
			return i18n.Match(accept, s.Config.Get().LocalizationSettings.DefaultServerLocale)
		},
		Version:  s.version,
		ClientIP: func(r *http.Request) string { return clientIP(r, s.Config.Get()) },
		Busy:     func() bool { return s.slices.busy() },
		Limit: func(route, ip string, perSecond float64, burst int) bool {
			return !s.Config.Get().RateLimitSettings.Enable || limits.allow(route+" "+ip, perSecond, burst)
		},
		Observe: func(route, method string, status int, took time.Duration) {
			s.slices.observe(route, method, status, took)
		},
		Log:    s.log,
		Tracer: s.tracer,
		Trusted: func(r *http.Request) bool {
			return proxied(r, s.Config.Get())
		},
	})
}

// proxied reports whether a request comes from a proxy that the settings trust:
// it has one of its headers, and not straight from the internet.
func proxied(r *http.Request, c *config.Config) bool {
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil || outgoing.Public(peer.Addr()) {
		return false
	}
	for _, name := range c.ServiceSettings.TrustedProxyIPHeader {
		if r.Header.Get(name) != "" {
			return true
		}
	}
	return false
}

// versionHeader is the text of X-Version-Id and of the websocket's hello:
// version, build, hash of the settings, whether every feature is there.
func versionHeader(cfg *config.Store) func() string {
	var text atomic.Pointer[string]
	set := func(_, c *config.Config) {
		raw, _ := json.Marshal(c)
		sum := sha256.Sum256(raw)
		v := config.ProtocolVersion + "." + config.Version + "." + hex.EncodeToString(sum[:8]) + ".true"
		text.Store(&v)
	}
	set(nil, cfg.Get())
	cfg.OnChange(set)
	return func() string { return *text.Load() }
}

// clientIP is the address of the caller: what the first trusted proxy header
// says, else the peer's. Who comes over the local socket has none.
func clientIP(r *http.Request, c *config.Config) string {
	if access.IsLocal(r.Context()) {
		return access.LocalAddress
	}
	for _, name := range c.ServiceSettings.TrustedProxyIPHeader {
		first, _, _ := strings.Cut(r.Header.Get(name), ",")
		if ip := net.ParseIP(strings.TrimSpace(first)); ip != nil {
			return ip.String()
		}
	}
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}

func (s *Server) newHub() *realtime.Hub {
	return realtime.New(realtime.Options{
		Authenticate: s.Access.Authenticate,
		Recheck:      s.Access.Recheck,
		Memberships:  s.Access.Memberships,
		GuestSees: func(guestID, userID string) bool {
			return s.slices != nil && s.slices.guestSees(guestID, userID)
		},
		ServerVersion: s.version,
		Connected:     func(userID string, edge bool) { s.slices.connected(userID, edge) },
		Disconnected:  func(userID string, edge bool) { s.slices.disconnected(userID, edge) },
		CheckOrigin:   s.sameOrigin,
		ErrorText: func(userID string, e *fault.Error) string {
			return i18n.T(s.slices.locale(userID), e.ID, e.Params)
		},
		Refuse: refuseUpgrade,
		Bus:    s.bus, Log: s.log,
	})
}

// refuseUpgrade answers a request for the websocket that asks for no upgrade,
// or for a bad one: by the protocol a text, not an error object.
func refuseUpgrade(w http.ResponseWriter, r *http.Request, e *fault.Error) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(e.Status())
	_ = json.NewEncoder(w).Encode(i18n.T(i18n.Match(r.Header.Get("Accept-Language"), "en"), e.ID, e.Params))
}

// sameOrigin allows websockets of pages of this host and of those that
// AllowCorsFrom names.
func (s *Server) sameOrigin(r *http.Request) bool {
	origin := r.Header.Get("Origin")
	if origin == "" {
		return true
	}
	if u, err := url.Parse(origin); err == nil && strings.EqualFold(u.Host, r.Host) {
		return true
	}
	for _, allowed := range strings.Fields(s.Config.Get().ServiceSettings.AllowCorsFrom) {
		if allowed == "*" || strings.EqualFold(allowed, origin) {
			return true
		}
	}
	return false
}

// mountWebsocket serves /api/v4/websocket: with a session, or without one for
// clients that send an authentication_challenge.
func (s *Server) mountWebsocket() {
	api.Raw(s.router, http.MethodGet, "/websocket", access.Signed,
		func(w http.ResponseWriter, r *http.Request, v access.Viewer) error {
			if v.Anonymous() {
				s.Hub.Serve(w, r, nil)
				return nil
			}
			who := s.Access.Identity(r.Context(), v)
			s.Hub.Serve(w, r, &who)
			return nil
		})
}
