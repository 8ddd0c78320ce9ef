// Package api turns plain functions into HTTP routes.
//
// A slice writes func(ctx, viewer, In) (Out, error) and mounts it with Get,
// Post, Put, Patch or Delete under a path and a named access policy. The
// package decodes path, query and body into In under limits, asks the Gate who
// is calling and whether the policy lets them in, calls, and encodes Out or the
// error. Everything about HTTP that a slice should not repeat lives here: the
// error shape, ETags, body limits, request ids, panics, compression, the log.
//
// The table of routes is kept (Router.Routes), so that tests can walk it.
package api

import (
	"context"
	"log/slog"
	"net/http"
	"sort"
	"sync"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/traces"
)

// Caller is what the package needs to know of a viewer: the id that "me"
// stands for, "" for an anonymous one.
type Caller interface{ CallerID() string }

// Policy says who may call a route; the Gate enforces it.
type Policy struct {
	Name       string // as shown in the route table
	Anonymous  bool   // no session needed; one that is given is used
	WithoutMFA bool   // may be called before a required second factor is set up
	Personal   bool   // not for what a person has lent to a program
	Reads      bool   // changes nothing, whatever its method
	NoCSRF     bool   // not guarded against cross-site requests (tokens in the body)
	Permission string // system permission the viewer must hold, "" for none
}

// Gate finds the caller of a request and refuses those the policy keeps out.
type Gate[V Caller] func(w http.ResponseWriter, r *http.Request, p Policy) (V, error)

// Options are what a server hands to its router.
type Options[V Caller] struct {
	Gate     Gate[V]
	MaxBody  func() int64                                          // bytes of a JSON body
	Message  func(locale, id string, params map[string]any) string // text of an error
	Locale   func(acceptLanguage string) string
	Version  func() string // X-Version-Id of every answer
	ClientIP func(r *http.Request) string
	Busy     func() bool // sheds routes mounted with Sheddable
	Limit    func(route, ip string, perSecond float64, burst int) bool
	Observe  func(route, method string, status int, took time.Duration)
	Log      *slog.Logger
	// Tracer traces each request; nil traces none. Trusted tells whether a request
	// comes from a proxy whose word on the trace counts.
	Tracer  *traces.Tracer
	Trusted func(r *http.Request) bool
}

// Route is a row of the route table.
type Route struct {
	Method, Path string
	Policy       Policy
}

// Router mounts handlers. Make one with New.
type Router[V Caller] struct {
	*table[V]
	prefix string
}

type table[V Caller] struct {
	Options[V]
	mux    *chi.Mux
	mu     sync.Mutex
	routes []Route
}

// New returns a router whose paths lie below /api/v4.
func New[V Caller](o Options[V]) *Router[V] {
	t := &table[V]{Options: o, mux: chi.NewMux()}
	r := &Router[V]{table: t, prefix: "/api/v4"}
	missing := func(w http.ResponseWriter, req *http.Request) {
		t.run(w, req, "other", func(w http.ResponseWriter, req *http.Request) error {
			return fault.NotFound("api.context.404.app_error")
		})
	}
	t.mux.HandleFunc("/api/v4/*", missing)
	t.mux.NotFound(missing)
	// A known path with another method is as unknown as any other path here.
	t.mux.MethodNotAllowed(missing)
	return r
}

// Root returns the same router with paths from the server's root.
func (r *Router[V]) Root() *Router[V] { return &Router[V]{table: r.table} }

// ServeHTTP answers a request.
func (r *Router[V]) ServeHTTP(w http.ResponseWriter, req *http.Request) { r.mux.ServeHTTP(w, req) }

// Fallback has h answer every path outside /api/v4 that no route claims.
func (r *Router[V]) Fallback(h http.Handler) { r.mux.NotFound(h.ServeHTTP) }

// Elsewhere answers a request as if no route had claimed its path.
func (r *Router[V]) Elsewhere(w http.ResponseWriter, req *http.Request) {
	r.mux.NotFoundHandler().ServeHTTP(w, req)
}

// Routes returns the route table, by path and method.
func (r *Router[V]) Routes() []Route {
	r.mu.Lock()
	defer r.mu.Unlock()
	rows := append([]Route(nil), r.routes...)
	sort.Slice(rows, func(i, j int) bool {
		if rows[i].Path != rows[j].Path {
			return rows[i].Path < rows[j].Path
		}
		return rows[i].Method < rows[j].Method
	})
	return rows
}

// Get mounts fn for GET; see the package's doc for fn.
func Get[V Caller, In, Out any](r *Router[V], path string, p Policy, fn func(context.Context, V, In) (Out, error), opts ...Option) {
	Handle(r, http.MethodGet, path, p, fn, opts...)
}

// Post mounts fn for POST.
func Post[V Caller, In, Out any](r *Router[V], path string, p Policy, fn func(context.Context, V, In) (Out, error), opts ...Option) {
	Handle(r, http.MethodPost, path, p, fn, opts...)
}

// Put mounts fn for PUT.
func Put[V Caller, In, Out any](r *Router[V], path string, p Policy, fn func(context.Context, V, In) (Out, error), opts ...Option) {
	Handle(r, http.MethodPut, path, p, fn, opts...)
}

// Patch mounts fn for PATCH.
func Patch[V Caller, In, Out any](r *Router[V], path string, p Policy, fn func(context.Context, V, In) (Out, error), opts ...Option) {
	Handle(r, http.MethodPatch, path, p, fn, opts...)
}

// Delete mounts fn for DELETE.
func Delete[V Caller, In, Out any](r *Router[V], path string, p Policy, fn func(context.Context, V, In) (Out, error), opts ...Option) {
	Handle(r, http.MethodDelete, path, p, fn, opts...)
}

// Handle mounts fn for a method. It panics on an In that can't be decoded:
// that is a programming error, found when the server is built.
func Handle[V Caller, In, Out any](r *Router[V], method, path string, p Policy, fn func(context.Context, V, In) (Out, error), opts ...Option) {
	o := options(opts)
	plan := planFor[In](method + " " + path)
	r.mount(method, path, p, o, func(w http.ResponseWriter, req *http.Request) error {
		viewer, err := r.Gate(w, req, p)
		if err != nil {
			return err
		}
		limit := o.maxBody
		if limit == 0 {
			limit = r.MaxBody()
		}
		var in In
		if err := plan.decode(w, req, viewer.CallerID(), limit, &in); err != nil {
			return err
		}
		out, err := fn(req.Context(), viewer, in)
		if err != nil {
			return err
		}
		return write(w, req, o.status, out)
	})
}

// Raw mounts a handler that speaks HTTP itself, such as the websocket.
func Raw[V Caller](r *Router[V], method, path string, p Policy, fn func(w http.ResponseWriter, req *http.Request, v V) error, opts ...Option) {
	r.mount(method, path, p, options(opts), func(w http.ResponseWriter, req *http.Request) error {
		viewer, err := r.Gate(w, req, p)
		if err != nil {
			return err
		}
		return fn(w, req, viewer)
	})
}

func (r *Router[V]) mount(method, path string, p Policy, o option, serve func(http.ResponseWriter, *http.Request) error) {
	full := r.prefix + path
	r.mu.Lock()
	r.routes = append(r.routes, Route{Method: method, Path: full, Policy: p})
	r.mu.Unlock()
	r.mux.MethodFunc(method, full, func(w http.ResponseWriter, req *http.Request) {
		r.run(w, req, full, func(w http.ResponseWriter, req *http.Request) error {
			if rec, ok := w.(*recorder); ok {
				rec.page, rec.also = o.pages, o.also
			}
			if o.sheddable && r.Busy != nil && r.Busy() {
				return fault.Unavailable("api.context.server_busy.app_error")
			}
			if o.perSecond > 0 && r.Limit != nil && !r.Limit(full, MetaOf(req.Context()).IP, o.perSecond, o.burst) {
				return fault.TooMany("api.context.rate_limited.app_error")
			}
			return serve(w, req)
		})
	})
}
