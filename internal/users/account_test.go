package users_test

import (
	"encoding/json"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/testkit"
)

func mustJSON(t *testing.T, v any) []byte {
	t.Helper()
	raw, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func TestDeactivation(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		alice, bob := s.User("alice"), s.User("bob")
		socket := alice.Listen()
		bob.Listen()
		active := func(by *testkit.Actor, userID string, on any) *testkit.Response {
			return by.PUT("/users/"+userID+"/active", map[string]any{"active": on})
		}
		active(bob, alice.ID, false).Refused(t, 403, "api.user.update_active.permissions.app_error")
		active(bob, id.New(), false).Refused(t, 403, "api.user.update_active.permissions.app_error")
		active(s.Admin, id.New(), false).Refused(t, 404, "app.user.missing_account.const")
		active(s.Admin, alice.ID, "no").Refused(t, 400, "api.context.invalid_body_param.app_error")
		s.Admin.PUT("/users/"+alice.ID+"/active", "{}").Refused(t, 400, "api.context.invalid_body_param.app_error")

		active(s.Admin, alice.ID, false).Want(t, 200)
		alice.GET("/users/me").Refused(t, 401, "api.context.session_expired.app_error")
		if err := socket.Closed(); err == nil {
			t.Error("the websocket of a closed account stays")
		}
		bob.Expect("user_activation_status_change", nil)
		if u := userOf(t, bob, alice.ID); u.DeleteAt == 0 {
			t.Error("others don't see that the account is closed")
		}
		active(s.Admin, alice.ID, true).Want(t, 200)
		alice.GET("/users/me").Refused(t, 401, "api.context.session_expired.app_error")
		alice.Login()
		alice.GET("/users/me").Want(t, 200)

		s.Admin.DELETE("/users/"+alice.ID+"?permanent=true").Refused(t, 401, "api.user.delete_user.not_enabled.for_admin.app_error")
		bob.DELETE("/users/"+alice.ID).Refused(t, 403, "api.context.permissions.app_error")
		bob.DELETE("/users/"+id.New()).Refused(t, 403, "api.context.permissions.app_error")
		s.Admin.DELETE("/users/"+alice.ID).Want(t, 200)
		alice.GET("/users/me").Want(t, 401)
	})
}

func TestPermanentDeletion(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		alice, bob := s.User("alice"), s.User("bob")
		bob.DELETE("/users/"+bob.ID+"?permanent=true").Refused(t, 401, "api.user.update_active.not_enable.app_error")
		s.Admin.DELETE("/users/"+alice.ID+"?permanent=true").Want(t, 200)
		alice.GET("/users/me").Want(t, 401)
		s.Admin.GET("/users/"+alice.ID).Refused(t, 404, "app.user.missing_account.const")
		s.Nobody().POST("/users", account(alice.Username)).Want(t, 201) // the name is free again
	}, testkit.Env("MM_SERVICESETTINGS_ENABLEAPIUSERDELETION=true"))
}

func TestRoles(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		alice := s.User("alice")
		set := func(by *testkit.Actor, userID string, roles any) *testkit.Response {
			return by.PUT("/users/"+userID+"/roles", map[string]any{"roles": roles})
		}
		set(alice, alice.ID, "system_user system_admin").Refused(t, 403, "api.context.permissions.app_error")
		set(s.Admin, alice.ID, "system_admin").Refused(t, 400, "api.context.invalid_body_param.app_error")
		set(s.Admin, alice.ID, "system_user Not-A-Role").Refused(t, 400, "api.context.invalid_body_param.app_error")
		set(s.Admin, alice.ID, 5).Refused(t, 400, "api.context.invalid_body_param.app_error")
		set(s.Admin, alice.ID, "system_user unheard_of").Refused(t, 400, "app.role.check_roles_exist.role_not_found")
		set(s.Admin, s.Admin.ID, "system_user").Refused(t, 400, "app.user.update.lastAdmin.app_error")
		alice.GET("/audits").Refused(t, 403, "api.context.permissions.app_error")
		alice.Listen()
		set(s.Admin, alice.ID, "system_user system_admin").Want(t, 200)
		f := alice.Expect("user_role_updated", nil)
		if f.Data["user_id"] != alice.ID || f.Data["roles"] != "system_user system_admin" {
			t.Errorf("told %v", f.Data)
		}
		alice.GET("/audits").Want(t, 200) // holds at once, in the session that was open
		set(s.Admin, alice.ID, "system_user").Want(t, 200)
		alice.GET("/audits").Refused(t, 403, "api.context.permissions.app_error")
	})
}

// Two administrators who unmake each other at once leave one.
func TestLastAdministratorStays(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		alice := s.User("alice")
		s.Admin.PUT("/users/"+alice.ID+"/roles", map[string]string{"roles": "system_user system_admin"}).Want(t, 200)
		var wg sync.WaitGroup
		var done atomic.Int32
		for by, target := range map[*testkit.Actor]string{s.Admin: alice.ID, alice: s.Admin.ID} {
			wg.Go(func() {
				if r := by.PUT("/users/"+target+"/roles", map[string]string{"roles": "system_user"}); r.Status == 200 {
					done.Add(1)
				}
			})
		}
		wg.Wait()
		if done.Load() != 1 {
			t.Errorf("%d of 2 succeeded", done.Load())
		}
	})
}

// Somebody with edit_other_users alone can't take over an administrator.
func TestEditorsLeaveAdministratorsAlone(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		eve := s.User("eve")
		_, err := db.Exec(t.Context(), s.DB, `UPDATE roles SET permissions = permissions || ' edit_other_users manage_roles sysconsole_write_user_management_users' WHERE name = 'system_user_manager'`)
		if err != nil {
			t.Fatal(err)
		}
		s.Access.ForgetRoles()
		s.Admin.PUT("/users/"+eve.ID+"/roles", map[string]string{"roles": "system_user system_user_manager"}).Want(t, 200)
		eve.PUT("/users/"+s.User("bob").ID+"/patch", map[string]any{"nickname": "x"}).Want(t, 200)
		for _, r := range []*testkit.Response{
			eve.PUT("/users/"+s.Admin.ID+"/patch", map[string]any{"email": "eve@example.com"}),
			eve.PUT("/users/"+s.Admin.ID+"/active", map[string]any{"active": false}),
			eve.DELETE("/users/" + s.Admin.ID), eve.DELETE("/users/" + s.Admin.ID + "/image"),
			eve.PUT("/users/"+s.Admin.ID+"/auth", map[string]any{"auth_service": "saml", "auth_data": "eve"}),
			eve.PUT("/users/"+eve.ID+"/roles", map[string]any{"roles": "system_user system_admin"}),
		} {
			r.Refused(t, 403, "api.context.permissions.app_error")
		}
	})
}

func TestAuthSwitch(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		alice := s.User("alice")
		put := func(by *testkit.Actor, body any) *testkit.Response { return by.PUT("/users/"+alice.ID+"/auth", body) }
		saml := map[string]any{"auth_service": "saml", "auth_data": "cn=alice"}
		put(alice, saml).Refused(t, 403, "api.context.permissions.app_error")
		put(s.Admin, map[string]any{"auth_service": "saml"}).Refused(t, 400, "api.user.update_user_auth.invalid_request")
		put(s.Admin, map[string]any{"auth_service": "nonsense", "auth_data": "x"}).Refused(t, 400, "api.user.update_user_auth.invalid_request")
		put(s.Admin, saml).Want(t, 200)
		alice.GET("/users/me").Want(t, 401)
		if u := userOf(t, s.Admin, alice.ID); u.AuthService != "saml" || *u.AuthData != "cn=alice" {
			t.Errorf("%+v", u)
		}
		if u := userOf(t, s.User("bob"), alice.ID); u.AuthService != "" || *u.AuthData != "" {
			t.Errorf("others see how alice signs in: %+v", u)
		}
	})
}

func TestAudits(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		alice, bob := s.User("alice"), s.User("bob")
		alice.PUT("/users/me/patch", map[string]any{"nickname": "x"}).Want(t, 200)
		var lines []model.Audit
		alice.GET("/users/me/audits").Want(t, 200).Into(t, &lines)
		found := false
		for _, a := range lines {
			found = found || strings.HasSuffix(a.Action, "/patch") && a.IPAddress == "127.0.0.1" && a.SessionID != ""
			if a.UserID != alice.ID {
				t.Errorf("another's line: %+v", a)
			}
		}
		if !found {
			t.Errorf("the change isn't in the trail: %+v", lines)
		}
		bob.GET("/users/"+alice.ID+"/audits").Refused(t, 403, "api.context.permissions.app_error")
		bob.GET("/audits").Refused(t, 403, "api.context.permissions.app_error")
		s.Admin.GET("/audits?per_page=1").Want(t, 200).Into(t, &lines)
		if len(lines) != 1 {
			t.Errorf("%d lines on a page of one", len(lines))
		}
	})
}

func TestTermsOfService(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		alice := s.User("alice")
		alice.GET("/terms_of_service").Refused(t, 404, "app.terms_of_service.get.no_rows.app_error")
		alice.POST("/terms_of_service", map[string]string{"text": "Be kind."}).Refused(t, 403, "api.context.permissions.app_error")
		s.Admin.POST("/terms_of_service", map[string]string{"text": " "}).Refused(t, 400, "api.create_terms_of_service.empty_text.app_error")
		var made struct{ ID, Text string }
		s.Admin.POST("/terms_of_service", map[string]string{"text": "Be kind."}).Want(t, 200).Into(t, &made)
		alice.GET("/users/me/terms_of_service").Refused(t, 404, "app.user_terms_of_service.get_by_user.no_rows.app_error")
		alice.POST("/users/me/terms_of_service", map[string]any{"termsOfServiceId": id.New(), "accepted": true}).Refused(t, 404, "app.terms_of_service.get.no_rows.app_error")
		accept := map[string]any{"termsOfServiceId": made.ID, "accepted": true}
		alice.POST("/users/me/terms_of_service", accept).Want(t, 200)
		alice.POST("/users/me/terms_of_service", accept).Want(t, 200)
		if u := userOf(t, alice, "me"); u.TermsOfServiceID != made.ID {
			t.Errorf("%+v", u)
		}
		accept["accepted"] = false
		alice.POST("/users/me/terms_of_service", accept).Want(t, 200)
		alice.GET("/users/me/terms_of_service").Want(t, 404)
	}, testkit.Env("MM_SUPPORTSETTINGS_CUSTOMTERMSOFSERVICEENABLED=true"))
}
