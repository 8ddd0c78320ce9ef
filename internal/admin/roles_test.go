package admin_test

import (
	"slices"
	"testing"

	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/testkit"
)

func roleNamed(t *testing.T, s *testkit.Server, name string) *model.Role {
	t.Helper()
	var r model.Role
	s.Admin.GET("/roles/name/"+name).Want(t, 200).Into(t, &r)
	return &r
}

func permit(a *testkit.Actor, r *model.Role, list []string) *testkit.Response {
	return a.PUT("/roles/"+r.ID+"/patch", map[string]any{"permissions": list})
}

// A changed role holds for the next request, and everybody is told.
func TestPatchRole(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		alice := s.User("alice")
		role := roleNamed(t, s, "system_user")
		without := slices.DeleteFunc(slices.Clone([]string(role.Permissions)), func(p string) bool { return p == "create_team" })
		alice.Listen()
		permit(s.Admin, role, without).Want(t, 200)
		alice.Expect("role_updated", func(f testkit.Frame) bool {
			var r model.Role
			f.JSON(t, "role", &r)
			return r.Name == "system_user" && !slices.Contains(r.Permissions, "create_team")
		})
		alice.POST("/teams", map[string]string{"name": "team" + id.New(), "display_name": "T", "type": "O"}).Want(t, 403)
		permit(s.Admin, role, append(without, "create_team", "create_team")).Want(t, 200)
		s.Team(alice)
		permit(s.Admin, role, []string{"fly"}).Refused(t, 400, "app.role.save.invalid_role.app_error")
		s.Admin.PUT("/roles/"+role.ID+"/patch", `{"permissions":"all"}`).Refused(t, 400, "api.context.invalid_body_param.app_error")
		s.Admin.PUT("/roles/"+role.ID+"/patch", `{}`).Want(t, 200)
		s.Admin.PUT("/roles/"+id.New()+"/patch", `{}`).Refused(t, 404, "app.role.get.app_error")
		permit(alice, role, without).Refused(t, 403, forbidden)
	})
}

// Nobody becomes an administrator by changing roles.
func TestNobodyRisesByRoles(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		const refused = "api.roles.patch_roles.not_allowed_permission.error"
		m := manager(t, s)
		user, system, admin := roleNamed(t, s, "system_user"), roleNamed(t, s, "system_manager"), roleNamed(t, s, "system_admin")
		for _, p := range []string{"manage_system", "manage_roles", "assign_system_admin_role", "sysconsole_write_user_management_system_roles"} {
			if !slices.Contains(system.Permissions, p) {
				permit(s.Admin, system, append(slices.Clone([]string(system.Permissions)), p)).Refused(t, 501, refused)
			}
			permit(m, user, append(slices.Clone([]string(user.Permissions)), p)).Refused(t, 501, refused)
		}
		permit(m, user, append(slices.Clone([]string(user.Permissions)), "create_bot")).Refused(t, 501, refused)
		permit(m, system, append(slices.Clone([]string(system.Permissions)), "create_bot")).Refused(t, 403, forbidden)
		permit(s.Admin, admin, []string{}).Refused(t, 501, refused)
		permit(m, user, user.Permissions).Want(t, 200)
	})
}

func TestSchemes(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		owner, alice, bob := s.User("owner"), s.User("alice"), s.User("bob")
		team, other := s.Team(owner, alice), s.Team(owner, bob)
		var scheme model.Scheme
		s.Admin.POST("/schemes", map[string]string{"display_name": "Strict", "scope": "team"}).Want(t, 201).Into(t, &scheme)
		s.Admin.PUT("/teams/"+team.ID+"/scheme", map[string]string{"scheme_id": scheme.ID}).Want(t, 200)
		var list []model.Scheme
		s.Admin.GET("/schemes?scope=team").Want(t, 200).Into(t, &list)
		var used []model.Team
		s.Admin.GET("/schemes/"+scheme.ID+"/teams").Want(t, 200).Into(t, &used)
		if len(list) != 1 || len(used) != 1 || used[0].ID != team.ID {
			t.Fatalf("%v %v", list, used)
		}
		s.Admin.GET("/schemes/"+scheme.ID+"/channels").Refused(t, 400, "api.scheme.get_channels_for_scheme.scope.error")
		alice.Listen()
		hears := bob.Listen()
		role := roleNamed(t, s, scheme.DefaultTeamUserRole)
		permit(s.Admin, role, slices.DeleteFunc(slices.Clone([]string(role.Permissions)), func(p string) bool { return p == "create_public_channel" })).Want(t, 200)
		alice.Expect("role_updated", nil)
		room := func(a *testkit.Actor, teamID string) *testkit.Response {
			return a.POST("/channels", map[string]string{"team_id": teamID, "name": "c" + id.New(), "display_name": "C", "type": "O"})
		}
		room(alice, team.ID).Refused(t, 403, forbidden)
		room(bob, other.ID).Want(t, 201)
		for _, f := range hears.Events() {
			if f.Event == "role_updated" {
				t.Error("the role of a scheme was told to another team")
			}
		}
		s.Admin.DELETE("/schemes/"+scheme.ID).Want(t, 200)
		room(alice, team.ID).Want(t, 201)
		s.Admin.GET("/schemes/"+scheme.ID).Refused(t, 404, "app.scheme.get.app_error")
		s.Admin.DELETE("/schemes/"+scheme.ID).Refused(t, 404, "app.scheme.get.app_error")
	})
}

func TestSchemeInput(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		make := func(a *testkit.Actor, body any) *testkit.Response { return a.POST("/schemes", body) }
		for _, bad := range []map[string]string{{"display_name": "A", "scope": "planet"}, {"display_name": "", "scope": "team"},
			{"display_name": "A", "scope": "team", "name": "Upper Case"}, {"display_name": "A", "scope": "team", "name": "x"}} {
			make(s.Admin, bad).Refused(t, 400, "app.scheme.save.invalid_scheme.app_error")
		}
		make(s.Admin, "[]").Refused(t, 400, "api.context.invalid_body_param.app_error")
		make(s.User("alice"), map[string]string{"display_name": "A", "scope": "team"}).Refused(t, 403, forbidden)
		var a, b model.Scheme
		make(s.Admin, map[string]string{"display_name": "A", "scope": "channel", "name": "first"}).Want(t, 201).Into(t, &a)
		make(s.Admin, map[string]string{"display_name": "B", "scope": "channel", "name": "first"}).Refused(t, 400, "app.scheme.save.invalid_scheme.app_error")
		make(s.Admin, map[string]string{"display_name": "B", "scope": "channel"}).Want(t, 201).Into(t, &b)
		if a.DefaultChannelUserRole == "" || a.DefaultTeamUserRole != "" {
			t.Errorf("%+v", a)
		}
		s.Admin.PUT("/schemes/"+b.ID+"/patch", map[string]string{"name": "first"}).Refused(t, 400, "app.scheme.save.invalid_scheme.app_error")
		s.Admin.PUT("/schemes/"+b.ID+"/patch", map[string]string{"display_name": "C"}).Want(t, 200).Into(t, &b)
		if b.DisplayName != "C" {
			t.Errorf("%+v", b)
		}
		s.Admin.GET("/schemes?scope=planet").Refused(t, 400, "api.context.invalid_body_param.app_error")
	})
}
