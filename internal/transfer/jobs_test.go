package transfer_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/testkit"
	"github.com/parley-chat/parley/internal/transfer"
)

// done waits for a job's end.
func done(t *testing.T, s *testkit.Server, kind string, data map[string]string) *model.Job {
	t.Helper()
	var j model.Job
	s.Admin.POST("/jobs", map[string]any{"type": kind, "data": data}).Want(t, 201).Into(t, &j)
	testkit.Eventually(t, kind+" ends", func() bool {
		s.Admin.GET("/jobs/"+j.ID).Want(t, 200).Into(t, &j)
		return j.Done()
	})
	return &j
}

// An archive comes in by an upload and a job and goes out by a job and a
// download, as the command line of the protocol does it.
func TestByJobs(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		lines := append([]string{`{"type":"version","version":1}`}, append(people[:len(people):len(people)], post(1000, "by a job", `,"attachments":[{"path":"a.txt"},{"path":"gone.txt"}]`))...)
		raw := packed(t, map[string]string{"import.jsonl": strings.Join(lines, "\n"), "data/a.txt": "rows of beans"})
		var us model.UploadSession
		s.Admin.POST("/uploads", map[string]any{"type": "import", "filename": "acme.zip", "file_size": len(raw)}).Want(t, 201).Into(t, &us)
		s.Admin.Do(http.MethodPost, "/uploads/"+us.ID, raw, "Content-Type", "application/octet-stream").Want(t, 200)
		var names []string
		s.Admin.GET("/imports").Want(t, 200).Into(t, &names)
		if len(names) != 1 || names[0] != us.ID+"_acme.zip" {
			t.Fatalf("imports: %v", names)
		}
		j := done(t, s, "import_process", map[string]string{"import_file": names[0]})
		if j.Status != model.JobStatusSuccess || j.Data["skipped"] != "1" || !strings.Contains(j.Data["problems"], "gone.txt") {
			t.Errorf("%+v", j)
		}
		s.As("ann").GET("/teams/name/acme").Want(t, 200)
		if j = done(t, s, "import_process", map[string]string{"import_file": "../" + names[0]}); j.Status != model.JobStatusError {
			t.Errorf("%+v", j)
		}
		s.Admin.DELETE("/imports/"+names[0]).Want(t, 200)
		if s.Admin.GET("/imports").Want(t, 200).Into(t, &names); len(names) != 0 {
			t.Errorf("left: %v", names)
		}

		j = done(t, s, "export_process", map[string]string{"include_attachments": "true"})
		s.Admin.GET("/exports").Want(t, 200).Into(t, &names)
		if j.Status != model.JobStatusSuccess || len(names) != 1 || names[0] != j.Data["export_file"] {
			t.Fatalf("%+v %v", j, names)
		}
		got := s.Admin.GET("/exports/"+names[0]).Want(t, 200)
		if rest := s.Admin.Do(http.MethodGet, "/exports/"+names[0], nil, "Range", "bytes=10-").Want(t, 206); len(rest.Body) != len(got.Body)-10 {
			t.Errorf("%d of %d bytes", len(rest.Body), len(got.Body))
		}
		from := unpacked(t, got.Body)
		report, err := s.Transfer().ImportBulk(t.Context(), from, transfer.Options{Strict: true})
		if err != nil || report.Made["post"] != 0 || report.Known["post"] == 0 {
			t.Errorf("%+v %v", report, err)
		}
		for _, kind := range []string{"import_delete", "export_delete"} { // too young to go
			if j := done(t, s, kind, nil); j.Status != model.JobStatusSuccess {
				t.Errorf("%+v", j)
			}
		}
		s.Admin.DELETE("/exports/"+names[0]).Want(t, 200)
		s.Admin.GET("/exports/"+names[0]).Refused(t, 404, "api.export.export_not_found.app_error")
		s.As("ann").GET("/exports").Want(t, 403)
	})
}
