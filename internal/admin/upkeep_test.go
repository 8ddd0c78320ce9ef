package admin_test

import (
	"strings"
	"testing"

	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/jobs"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/testkit"
)

func TestUpkeepIsForAdministrators(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		alice := s.User("alice")
		for _, path := range []string{"/caches/invalidate", "/database/recycle", "/config/reload"} {
			alice.POST(path, nil).Refused(t, 403, forbidden)
			s.Admin.POST(path, nil).Want(t, 200)
		}
		alice.POST("/restart", nil).Refused(t, 403, forbidden)
		var steps []struct {
			Version int64
			Name    string
		}
		s.Admin.GET("/system/schema/version").Want(t, 200).Into(t, &steps)
		if len(steps) < 100 || steps[0].Name == "" {
			t.Errorf("%d steps", len(steps))
		}
		if got := s.Admin.GET("/cluster/status").Want(t, 200); strings.TrimSpace(string(got.Body)) != "[]" {
			t.Errorf("a server alone is a cluster: %s", got.Body)
		}
	})
}

func TestOnboarding(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		alice := s.User("alice")
		var row model.SystemValue
		s.Admin.GET("/system/onboarding/complete").Want(t, 200).Into(t, &row)
		if row.Value != "false" {
			t.Errorf("%+v", row)
		}
		alice.POST("/system/onboarding/complete", map[string]string{"organization": "A"}).Refused(t, 403, "app.system.complete_onboarding_request.no_first_user")
		s.Admin.POST("/system/onboarding/complete", "{").Refused(t, 400, "app.system.complete_onboarding_request.app_error")
		s.Admin.POST("/system/onboarding/complete", "{}").Refused(t, 400, "api.error_no_organization_name_provided_for_self_hosted_onboarding")
		s.Admin.POST("/system/onboarding/complete", map[string]string{"organization": "Ada & Co"}).Want(t, 200)
		s.Admin.GET("/system/onboarding/complete").Want(t, 200).Into(t, &row)
		if row.Value != "true" {
			t.Errorf("%+v", row)
		}
		alice.Listen()
		s.Admin.POST("/plugins/marketplace/first_admin_visit", map[string]string{"name": "x", "value": "true"}).Want(t, 200)
		alice.Expect("first_admin_visit_marketplace_status_received", nil)
		s.Admin.GET("/plugins/marketplace/first_admin_visit").Want(t, 200).Into(t, &row)
		if row.Value != "true" {
			t.Errorf("%+v", row)
		}
		alice.PUT("/system/notices/view", []string{"n1", "n1", "n2"}).Want(t, 200)
		alice.PUT("/system/notices/view", []string{}).Refused(t, 400, "api.payload.parse.error")
		alice.PUT("/system/notices/view", []string{strings.Repeat("x", 27)}).Refused(t, 400, "api.system.update_viewed_notices.failed")
		alice.GET("/system/notices/"+id.New()+"?client=web&clientVersion=11.6.0").Want(t, 200)
		alice.GET("/system/notices/"+id.New()).Refused(t, 400, "api.context.invalid_body_param.app_error")
	})
}

func TestJobs(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		const wrong = "api.job.unable_to_create_job.incorrect_job_type"
		alice := s.User("alice")
		runner := jobs.New(jobs.Options{DB: s.DB})
		j, err := runner.Enqueue(t.Context(), s.DB, model.JobTypeMigrations, nil)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := runner.Enqueue(t.Context(), s.DB, "housekeeping", nil); err != nil {
			t.Fatal(err)
		}
		var list []model.Job
		s.Admin.GET("/jobs?per_page=100").Want(t, 200).Into(t, &list)
		if len(list) != 1 || list[0].ID != j.ID {
			t.Errorf("the list has what a server does for itself, or lacks a job: %v", list)
		}
		s.Admin.GET("/jobs?status=odd").Refused(t, 400, "api.job.status.invalid")
		s.Admin.GET("/jobs?job_type=odd").Refused(t, 400, "api.job.retrieve.nopermissions")
		alice.GET("/jobs/"+j.ID).Refused(t, 403, forbidden)
		alice.GET("/jobs/"+id.New()).Refused(t, 403, forbidden)
		alice.POST("/jobs/"+j.ID+"/cancel", nil).Refused(t, 403, forbidden)
		alice.Do("PATCH", "/jobs/"+j.ID+"/status", `{"status":"canceled"}`).Refused(t, 403, forbidden)
		s.Admin.Do("PATCH", "/jobs/"+j.ID+"/status", `{"status":"success"}`).Refused(t, 400, "api.context.invalid_body_param.app_error")
		s.Admin.POST("/jobs", map[string]string{"type": model.JobTypeLDAPSync}).Refused(t, 400, wrong)
		s.Admin.POST("/jobs", `{"type":5}`).Refused(t, 400, "api.context.invalid_body_param.app_error")
		s.Admin.POST("/jobs/"+j.ID+"/cancel", nil).Want(t, 200)
		s.Admin.POST("/jobs/"+j.ID+"/cancel", nil).Refused(t, 500, "jobs.request_cancellation.status.error")
		s.Admin.Do("PATCH", "/jobs/"+j.ID+"/status", `{"status":"pending"}`).Want(t, 200)
		var got model.Job
		s.Admin.GET("/jobs/"+j.ID).Want(t, 200).Into(t, &got)
		if got.Status != model.JobStatusPending {
			t.Errorf("%+v", got)
		}
		s.Admin.POST("/jobs/"+id.New()+"/cancel", nil).Refused(t, 404, "app.job.get.app_error")
	})
}

// There is one edition and no licence; who may ask is told so, nobody else.
func TestLicences(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		alice := s.User("alice")
		alice.POST("/license", nil).Refused(t, 403, forbidden)
		s.Admin.POST("/license", "x").Refused(t, 400, "api.license.add_license.no_file.app_error")
		form := "--b\r\nContent-Disposition: form-data; name=\"license\"; filename=\"l\"\r\n\r\nkey\r\n--b--\r\n"
		s.Admin.Do("POST", "/license", form, "Content-Type", "multipart/form-data; boundary=b").Refused(t, 400, "api.license.add_license.invalid.app_error")
		s.Admin.DELETE("/license").Want(t, 200)
		s.Admin.POST("/trial-license", nil).Refused(t, 403, "api.license.upgrade_needed.app_error")
		s.Admin.POST("/upgrade_to_enterprise", nil).Refused(t, 429, "api.upgrade_to_enterprise.already-enterprise.app_error")
		alice.GET("/upgrade_to_enterprise/status").Refused(t, 403, forbidden)
	})
}

func TestNotificationsTest(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		alice := s.User("alice")
		alice.Listen()
		alice.POST("/notifications/test", nil).Want(t, 200)
		alice.Expect("posted", func(f testkit.Frame) bool {
			var p model.Post
			f.JSON(t, "post", &p)
			return p.UserID != alice.ID && p.Message != ""
		})
		s.Nobody().POST("/notifications/test", nil).Want(t, 401)
	})
}

func TestClientPerformance(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		alice := s.User("alice")
		report := map[string]any{"version": "0.1.0", "start": 1, "end": 2, "labels": map[string]string{"platform": "linux", "agent": "firefox"},
			"histograms": []map[string]any{{"metric": "LCP", "value": 120.5}, {"metric": "nonsense\n", "value": 1}}}
		alice.POST("/client_perf", report).Want(t, 200)
		report["version"] = "9"
		alice.POST("/client_perf", report).Refused(t, 400, "api.context.invalid_body_param.app_error")
		alice.POST("/client_perf", `{"version":"0.1.0","start":3,"end":2}`).Refused(t, 400, "api.context.invalid_body_param.app_error")
		s.Nobody().POST("/client_perf", report).Want(t, 401)
	})
}
