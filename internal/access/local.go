package access

import (
	"context"
	_ "embed"
	"net/http"
	"regexp"
	"strings"

	"github.com/go-chi/chi/v5"

	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/model"
)

// localList is what the protocol serves on the local socket. Any other route
// stays closed there: its handler may count on a caller who is somebody.
//
//go:embed local.tsv
var localList string

var localRoutes = readLocalRoutes(localList)

var pathVariable = regexp.MustCompile(`\{[^}]*\}`)

func localKeyOf(method, path string) string {
	return method + " " + pathVariable.ReplaceAllString(path, "{}")
}

func readLocalRoutes(list string) map[string]bool {
	routes := map[string]bool{}
	for _, line := range strings.Split(strings.TrimSpace(list), "\n")[1:] {
		method, path, _ := strings.Cut(line, "\t")
		routes[localKeyOf(method, path)] = true
	}
	return routes
}

// LocallyServed reports whether the local socket serves a route of the table.
func LocallyServed(method, path string) bool { return localRoutes[localKeyOf(method, path)] }

// LocalAddress stands where a caller's network address stands otherwise, such
// as in the audit trail, when the call came over the local socket.
const LocalAddress = "local socket"

type localMark struct{}

// Local marks a context as that of a connection to the local socket: what it
// asks for is done by the system itself. Only the socket's listener calls it;
// nothing that a request carries does the same.
func Local(ctx context.Context) context.Context { return context.WithValue(ctx, localMark{}, true) }

// IsLocal reports whether ctx is that of a connection to the local socket.
func IsLocal(ctx context.Context) bool { return ctx.Value(localMark{}) != nil }

var errLocalOnly = fault.Unauthenticated("api.context.local_origin_required.app_error")

var errNotLocal = fault.NotFound("parley.local.route.app_error")

// system is the Gate of the local socket. Credentials that a request brings
// along are left alone.
func (a *Access) system(r *http.Request) (Viewer, error) {
	if !LocallyServed(r.Method, chi.RouteContext(r.Context()).RoutePattern()) {
		return Viewer{a: a}, errNotLocal
	}
	return Viewer{Roles: []string{model.RoleSystemAdmin, model.RoleSystemUser}, a: a, system: true,
		id: &identity{username: model.BotSystemUsername}}, nil
}
