package admin_test

import (
	"testing"

	"github.com/parley-chat/parley/internal/config"
	"github.com/parley-chat/parley/internal/testkit"
)

type tree = map[string]any

// manager signs somebody up whose console role opens some sections only.
func manager(t *testing.T, s *testkit.Server) *testkit.Actor {
	t.Helper()
	m := s.User("manager")
	s.Admin.PUT("/users/"+m.ID+"/roles", map[string]string{"roles": "system_user system_manager"}).Want(t, 200)
	return m
}

// Who may write some sections changes nothing else, neither by a patch nor by a
// whole tree that lacks what they may not see.
func TestSectionsGuardSettings(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		m := manager(t, s)
		s.Admin.PUT("/config/patch", tree{"LdapSettings": tree{"BindPassword": "secret", "BaseDN": "dc=a"}, "SupportSettings": tree{"HelpLink": "https://help.example"}}).Want(t, 200)
		var seen map[string]map[string]any
		m.GET("/config").Want(t, 200).Into(t, &seen)
		if _, ok := seen["TeamSettings"]["SiteName"]; !ok {
			t.Error("the manager doesn't see what they may")
		}
		if _, ok := seen["DataRetentionSettings"]["DeletionJobStartTime"]; ok {
			t.Error("the manager sees a section that isn't open to them")
		}
		seen["TeamSettings"]["SiteName"] = "Managed"
		m.PUT("/config", seen).Want(t, 200)
		m.PUT("/config/patch", tree{"ExperimentalSettings": tree{"RestrictSystemAdmin": true}, "PasswordSettings": tree{"MinimumLength": 6.0}}).Want(t, 200)
		c := s.Config.Get()
		if c.TeamSettings.SiteName != "Managed" || c.LdapSettings.BindPassword != "secret" || c.LdapSettings.BaseDN != "dc=a" ||
			c.ExperimentalSettings.RestrictSystemAdmin || c.PasswordSettings.MinimumLength == 6 {
			t.Error("a manager changed what they may not, or lost what they can't see")
		}
		s.User("alice").PUT("/config", seen).Refused(t, 403, forbidden)
	})
}

func TestGuardedSettings(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		for _, bad := range []tree{
			{"PluginSettings": tree{"EnableUploads": true}}, {"ImportSettings": tree{"Directory": "/etc"}},
			{"ComplianceSettings": tree{"Directory": "/etc"}}, {"PluginSettings": tree{"MarketplaceURL": "http://evil.example"}},
		} {
			s.Admin.PUT("/config/patch", bad).Refused(t, 403, "api.config.update_config.not_allowed_security.app_error")
		}
		s.Admin.PUT("/config/patch", tree{"ServiceSettings": tree{"SiteURL": "https://chat.example"}}).Want(t, 200)
		s.Admin.PUT("/config/patch", tree{"ServiceSettings": tree{"SiteURL": ""}}).Refused(t, 400, "api.config.update_config.clear_siteurl.app_error")
		for _, body := range []string{"null", "[]", `"x"`, "{", `{"TeamSettings":5}`, `{"TeamSettings":{"SiteName":{}}}`} {
			s.Admin.PUT("/config/patch", body).Refused(t, 400, "api.context.invalid_body_param.app_error")
		}
		s.Admin.PUT("/config/patch", tree{"ExperimentalSettings": tree{"RestrictSystemAdmin": true}}).Want(t, 200)
		s.Admin.PUT("/config/patch", tree{"ServiceSettings": tree{"ListenAddress": ":1"}, "TeamSettings": tree{"SiteName": "Held"}}).Want(t, 200)
		if c := s.Config.Get(); c.ServiceSettings.ListenAddress == ":1" || c.TeamSettings.SiteName != "Held" {
			t.Error("a restricted administrator changed the address of the server, or nothing")
		}
	})
}

func TestEnvironmentLocksSettings(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		s.Admin.PUT("/config/patch", tree{"TeamSettings": tree{"SiteName": "Other"}}).Want(t, 200)
		if got := s.Config.Get().TeamSettings.SiteName; got != "Fixed" {
			t.Error(got)
		}
		var locked map[string]map[string]bool
		s.Admin.GET("/config/environment").Want(t, 200).Into(t, &locked)
		if !locked["TeamSettings"]["SiteName"] {
			t.Error(locked)
		}
	}, testkit.Env("MM_TEAMSETTINGS_SITENAME=Fixed"))
}

// A stored password is sent only where it was stored for.
func TestMailTestKeepsThePassword(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		s.Admin.PUT("/config/patch", tree{"EmailSettings": tree{"SMTPServer": "127.0.0.1", "SMTPPort": "1", "SMTPPassword": "secret", "FeedbackEmail": "a@example.com"}}).Want(t, 200)
		for _, password := range []any{config.Mask, "", nil} {
			part := tree{"SMTPServer": "127.0.0.2", "SMTPPort": "1"}
			if password != nil {
				part["SMTPPassword"] = password
			}
			s.Admin.POST("/email/test", tree{"EmailSettings": part}).Refused(t, 400, "api.admin.test_email.reenter_password")
		}
		s.Admin.POST("/email/test", tree{"EmailSettings": tree{"SMTPServer": "127.0.0.2", "SMTPPort": "1", "SMTPPassword": "new"}}).Refused(t, 500, "app.admin.test_email.failure")
		s.Admin.POST("/email/test", tree{"EmailSettings": tree{"SMTPServer": ""}}).Refused(t, 400, "api.admin.test_email.missing_server")
		s.Admin.POST("/email/test", nil).Refused(t, 500, "app.admin.test_email.failure")
		s.User("alice").POST("/email/test", tree{"EmailSettings": tree{}}).Refused(t, 403, forbidden)
		s.Admin.POST("/file/s3_test", tree{"FileSettings": tree{"DriverName": "local"}}).Want(t, 200)
		s.Admin.POST("/file/s3_test", tree{"FileSettings": tree{"DriverName": "amazons3"}}).Refused(t, 400, "api.admin.test_s3.missing_s3_bucket")
		s.Admin.POST("/file/s3_test", tree{"FileSettings": tree{"DriverName": "amazons3", "AmazonS3Bucket": "b", "AmazonS3Endpoint": "127.0.0.1:1"}}).Refused(t, 500, "api.file.test_connection.app_error")
	})
}
