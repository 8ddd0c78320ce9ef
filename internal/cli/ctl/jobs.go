package ctl

import (
	"net/http"
	"net/url"
	"slices"

	"github.com/parley-chat/parley/internal/model"
)

var jobActions = map[string]action{
	"job list":   {0, 0, jobList, false},
	"job update": {2, 2, jobUpdate, false},

	"extract run":       {0, 0, extractRun, false},
	"extract job list":  {0, 0, func(c *call) error { return c.jobsOf(model.JobTypeExtractContent) }, false},
	"extract job show":  {1, 1, jobShow, false},
	"export job list":   {0, 0, func(c *call) error { return c.jobsOf(model.JobTypeExportProcess) }, false},
	"export job show":   {1, 1, jobShow, false},
	"export job cancel": {1, 1, jobCancel, false},
	"import job list":   {0, 0, func(c *call) error { return c.jobsOf(model.JobTypeImportProcess) }, false},
	"import job show":   {1, 1, jobShow, false},
}

func (c *call) showJob(job object) {
	c.show(job, "%s: %s %s (%s%%)", field(job, "id"), field(job, "type"), field(job, "status"), field(job, "progress"))
}

func jobList(c *call) error {
	if ids := c.flags["ids"]; len(ids) > 0 {
		return c.each(ids, func(jobID string) error {
			job, err := c.one(http.MethodGet, "/jobs/"+seg(jobID), nil)
			if err == nil {
				c.showJob(job)
			}
			return err
		})
	}
	query := url.Values{}
	for name, key := range map[string]string{"type": "job_type", "status": "status"} {
		if v := c.flags.text(name); v != "" {
			query.Set(key, v)
		}
	}
	return c.pages("/jobs?"+query.Encode(), c.showJob)
}

func (c *call) jobsOf(jobType string) error { return c.pages("/jobs?job_type="+jobType, c.showJob) }

func jobShow(c *call) error {
	job, err := c.one(http.MethodGet, "/jobs/"+seg(c.args[0]), nil)
	if err == nil {
		c.showJob(job)
	}
	return err
}

func jobCancel(c *call) error {
	if err := c.post("/jobs/"+seg(c.args[0])+"/cancel", nil, nil); err != nil {
		return err
	}
	c.done(object{"id": c.args[0]}, c.args[0])
	return nil
}

// jobUpdate sets a job's status: to those that the protocol lets it be set to.
func jobUpdate(c *call) error {
	allowed := []string{model.JobStatusPending, model.JobStatusCancelRequested, model.JobStatusCanceled}
	if !c.flags.on("force") && !slices.Contains(allowed, c.args[1]) {
		return c.problem("flag_value", "Flag", "status", "Value", c.args[1])
	}
	body := object{"status": c.args[1], "force": c.flags.on("force")}
	if err := c.ask(http.MethodPatch, "/jobs/"+seg(c.args[0])+"/status", body, nil); err != nil {
		return err
	}
	c.done(object{"id": c.args[0], "status": c.args[1]}, c.args[0])
	return nil
}

// start sets a job off.
func (c *call) start(jobType string, data map[string]string) error {
	job, err := c.one(http.MethodPost, "/jobs", object{"type": jobType, "data": data})
	if err == nil {
		c.done(job, field(job, "id"))
	}
	return err
}

func extractRun(c *call) error {
	return c.start(model.JobTypeExtractContent, map[string]string{"from": c.flags.text("from"), "to": c.flags.text("to")})
}
