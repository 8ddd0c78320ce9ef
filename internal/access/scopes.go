package access

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/parley-chat/parley/internal/api"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/model"
)

// errScope refuses an access token what it was not made for.
var errScope = fault.Forbidden("api.context.token_scope.app_error")

// scopeOf is what a route asks of an access token: to read, or to write. What
// belongs to the administration of the server asks for more, see Viewer.Can.
func scopeOf(method string, p api.Policy) string {
	switch {
	case p.Reads, method == http.MethodGet, method == http.MethodHead, method == http.MethodOptions:
		return model.ScopeRead
	}
	return model.ScopeWrite
}

// Scoped reports whether the viewer came with an access token that is limited.
func (v Viewer) Scoped() bool {
	return v.id != nil && v.id.session.Props[model.SessionPropScopes] != ""
}

// Allows reports whether the viewer's access token is good for a scope. Whoever
// came otherwise, or with a token without limits, may all that the account may.
func (v Viewer) Allows(scope string) bool {
	return !v.Scoped() || slices.Contains(strings.Fields(v.id.session.Props[model.SessionPropScopes]), scope)
}

func (v Viewer) needScope(scope string) error {
	if v.Allows(scope) {
		return nil
	}
	return errScope.WithDetail("needs " + scope)
}

// tokenEnd is when the access token of a session ends, Unix ms; 0: never.
func tokenEnd(s *model.Session) int64 {
	end, _ := strconv.ParseInt(s.Props[model.SessionPropTokenExpiresAt], 10, 64)
	return end
}
