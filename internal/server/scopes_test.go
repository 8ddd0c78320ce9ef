package server_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/api"
	"github.com/parley-chat/parley/internal/db/dbtest"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/testkit"
)

// Every route that the administrator may call is called with tokens of theirs that
// are limited: one that may only read changes nothing anywhere, one that may only
// write reads nothing, and one without administration meets what a member does.
func TestLimitedTokensOnEveryRoute(t *testing.T) {
	s := testkit.Start(t, dbtest.SQLite, worldSettings)
	w := newWorld(t, s)
	admin := w.as(s, "sysadmin")
	for role, scopes := range map[string][]string{"reader": {"read"}, "writer": {"write"}} {
		var token model.UserAccessToken
		admin.POST("/users/me/tokens", map[string]any{"description": role, "scopes": scopes}).Want(t, 200).Into(t, &token)
		person := w.people["sysadmin"]
		person.Token = token.Token
		w.people[role] = person
	}
	policies := map[string]api.Policy{}
	for _, r := range s.Router().Routes() {
		policies[routeKey(r.Method, r.Path)] = r.Policy
	}
	const scope = "api.context.token_scope.app_error"
	refused := func(r matrixRow, role string) bool {
		got := w.call(s, r, role)
		var e struct{ ID string }
		told := json.Unmarshal(got.Body, &e) == nil // or there is no body, or a page for people
		return got.Status == 403 && (!told || e.ID == scope)
	}
	before, tried := contents(t, s.DB), 0
	for _, r := range matrix(t) {
		p := policies[r.route()]
		if r.want["sysadmin"] != "ok" || p == access.World {
			continue
		}
		tried++
		reads := r.method == http.MethodGet || r.method == http.MethodHead || p.Reads
		if !reads && !refused(r, "reader") {
			t.Errorf("%s %s: a token that may only read", r.method, r.path)
		}
		if reads && !refused(r, "writer") {
			t.Errorf("%s %s: a token that may only write", r.method, r.path)
		}
		if reads && (p.Permission == string(access.PermManageSystem) || strings.HasPrefix(p.Permission, "sysconsole_")) {
			if got := w.call(s, r, "reader"); got.Status != 403 {
				t.Errorf("%s %s: a token without administration: %d", r.method, r.path, got.Status)
			}
		}
	}
	if after := contents(t, s.DB); before != after {
		t.Error("something changed: ", before.differs(after))
	}
	if tried < 200 {
		t.Errorf("only %d rows were tried", tried)
	}
}
