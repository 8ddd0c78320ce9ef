package admin

import (
	"context"
	"slices"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/api"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/jobs"
	"github.com/parley-chat/parley/internal/model"
)

// rights are the permissions that open the jobs of a type.
type rights struct{ read, create, manage access.Permission }

var (
	anyJob        = rights{access.PermReadJobs, access.PermManageJobs, access.PermManageJobs}
	retentionJob  = rights{access.PermReadDataRetentionJob, access.PermCreateDataRetentionJob, access.PermManageDataRetentionJob}
	complianceJob = rights{access.PermReadComplianceExportJob, access.PermCreateComplianceExportJob, access.PermManageComplianceExportJob}
	indexJob      = rights{access.PermReadElasticsearchPostIndexingJob, access.PermCreateElasticsearchPostIndexingJob, access.PermManageElasticsearchPostIndexingJob}
	aggregateJob  = rights{access.PermReadElasticsearchPostAggregationJob, access.PermCreateElasticsearchPostAggregationJob, access.PermManageElasticsearchPostAggregationJob}
	ldapJob       = rights{access.PermReadLDAPSyncJob, access.PermCreateLDAPSyncJob, access.PermManageLDAPSyncJob}
	accessJob     = rights{access.PermManageSystem, access.PermManageSystem, access.PermManageSystem}
)

// jobRights lists the types of jobs that administrators see. What a server
// does for itself beside these stays out of their lists.
var jobRights = map[string]rights{
	model.JobTypeAccessControlSync:             accessJob,
	model.JobTypeDataRetention:                 retentionJob,
	model.JobTypeMessageExport:                 complianceJob,
	model.JobTypeElasticsearchPostIndexing:     indexJob,
	model.JobTypeElasticsearchPostAggregation:  aggregateJob,
	model.JobTypeLDAPSync:                      ldapJob,
	model.JobTypeActiveUsers:                   anyJob,
	model.JobTypeDeleteEmptyDraftsMigration:    anyJob,
	model.JobTypeDeleteOrphanDraftsMigration:   anyJob,
	model.JobTypeDeleteDMsPreferencesMigration: anyJob,
	model.JobTypeExpiryNotify:                  anyJob,
	model.JobTypeExportDelete:                  anyJob,
	model.JobTypeExportProcess:                 anyJob,
	model.JobTypeExportUsersToCSV:              anyJob,
	model.JobTypeExtractContent:                anyJob,
	model.JobTypeImportDelete:                  anyJob,
	model.JobTypeImportProcess:                 anyJob,
	model.JobTypeLastAccessibleFile:            anyJob,
	model.JobTypeLastAccessiblePost:            anyJob,
	model.JobTypeMigrations:                    anyJob,
	model.JobTypePlugins:                       anyJob,
	model.JobTypeProductNotices:                anyJob,
	model.JobTypeS3PathMigration:               anyJob,
}

func (a *Admin) mountJobs(r *access.Router) {
	api.Get(r, "/jobs", access.Session, a.jobList)
	api.Post(r, "/jobs", access.Session, a.createJob, api.Created())
	api.Get(r, "/jobs/type/{job_type}", access.Session, a.jobsOfType)
	api.Get(r, "/jobs/{job_id}", access.Session, a.job)
	api.Post(r, "/jobs/{job_id}/cancel", access.Session, a.cancelJob)
	api.Patch(r, "/jobs/{job_id}/status", access.Session, a.setJobStatus)
}

type jobListIn struct {
	Page    int    `query:"page" default:"0"`
	PerPage int    `query:"per_page" default:"5" max:"200"`
	Type    string `query:"job_type"`
	Status  string `query:"status"`
}

var jobStatuses = []string{model.JobStatusCancelRequested, model.JobStatusCanceled, model.JobStatusError, model.JobStatusInProgress,
	model.JobStatusPending, model.JobStatusSuccess, model.JobStatusWarning}

// jobList lists jobs of the types that the viewer may read, or of one.
func (a *Admin) jobList(ctx context.Context, v access.Viewer, in jobListIn) ([]*model.Job, error) {
	if in.Status != "" && !slices.Contains(jobStatuses, in.Status) {
		return nil, fault.Invalid("api.job.status.invalid", "To", in.Status)
	}
	if in.Type != "" {
		if err := needJob(ctx, v, in.Type, "api.job.retrieve.nopermissions", func(r rights) access.Permission { return r.read }); err != nil {
			return nil, err
		}
		return a.listJobs(ctx, []string{in.Type}, in.Status, in.Page, in.PerPage)
	}
	var types []string
	for name, r := range jobRights {
		if v.Can(ctx, r.read) {
			types = append(types, name)
		}
	}
	if len(types) == 0 {
		return nil, fault.NoPermission(string(access.PermReadJobs))
	}
	return a.listJobs(ctx, types, in.Status, in.Page, in.PerPage)
}

type jobTypeIn struct {
	api.Page
	Type string `path:"job_type,text"`
}

func (a *Admin) jobsOfType(ctx context.Context, v access.Viewer, in jobTypeIn) ([]*model.Job, error) {
	if err := needJob(ctx, v, in.Type, "api.job.retrieve.nopermissions", func(r rights) access.Permission { return r.read }); err != nil {
		return nil, err
	}
	return a.listJobs(ctx, []string{in.Type}, "", in.Page.Page, in.PerPage)
}

// listJobs answers null for no jobs, as clients expect.
func (a *Admin) listJobs(ctx context.Context, types []string, status string, page, perPage int) ([]*model.Job, error) {
	list, err := a.jobs.List(ctx, jobs.Filter{Types: types, Status: status, Offset: page * perPage, Limit: perPage})
	if len(list) == 0 {
		return nil, err
	}
	return list, err
}

// needJob refuses a type that is no job's with the id unknown, and one that the
// viewer lacks the permission for.
func needJob(ctx context.Context, v access.Viewer, jobType, unknown string, pick func(rights) access.Permission) error {
	r, ok := jobRights[jobType]
	if !ok {
		return fault.Invalid(unknown, "Type", jobType)
	}
	return v.Need(ctx, pick(r))
}

type jobIn struct {
	JobID string `path:"job_id"`
}

func (a *Admin) job(ctx context.Context, v access.Viewer, in jobIn) (*model.Job, error) {
	return a.mayTouch(ctx, v, in.JobID, "api.job.retrieve.nopermissions", func(r rights) access.Permission { return r.read })
}

// mayTouch returns a job if the viewer has the permission that pick names for
// its type. Who may touch no job at all doesn't learn which ids there are.
func (a *Admin) mayTouch(ctx context.Context, v access.Viewer, jobID, unknown string, pick func(rights) access.Permission) (*model.Job, error) {
	some := false
	for _, r := range jobRights {
		some = some || v.Can(ctx, pick(r))
	}
	if !some {
		return nil, fault.NoPermission(string(pick(anyJob)))
	}
	j, err := a.jobs.Get(ctx, jobID)
	if err != nil {
		return nil, err
	}
	return j, needJob(ctx, v, j.Type, unknown, pick)
}

type createJobIn struct {
	Body struct {
		Type string            `json:"type"`
		Data map[string]string `json:"data"`
	} `body:"json,job"`
}

// Bounds of what a client may give a job.
const (
	maxJobData  = 50
	maxJobValue = 10_000
)

func (a *Admin) createJob(ctx context.Context, v access.Viewer, in createJobIn) (*model.Job, error) {
	const unknown = "api.job.unable_to_create_job.incorrect_job_type"
	if err := needJob(ctx, v, in.Body.Type, unknown, func(r rights) access.Permission { return r.create }); err != nil {
		return nil, err
	}
	if !a.jobs.Registered(in.Body.Type) {
		return nil, fault.Invalid(unknown, "Type", in.Body.Type)
	}
	if len(in.Body.Data) > maxJobData {
		return nil, fault.InvalidParam("data")
	}
	for k, value := range in.Body.Data {
		if len(k)+len(value) > maxJobValue {
			return nil, fault.InvalidParam("data")
		}
	}
	j, err := a.jobs.Enqueue(ctx, a.db, in.Body.Type, in.Body.Data)
	if err == nil {
		a.users.Audit(ctx, v, "/api/v4/jobs", "type="+in.Body.Type+" id="+j.ID)
	}
	return j, err
}

func (a *Admin) cancelJob(ctx context.Context, v access.Viewer, in jobIn) (api.OK, error) {
	_, err := a.mayTouch(ctx, v, in.JobID, "api.job.unable_to_create_job.incorrect_job_type", func(r rights) access.Permission { return r.create })
	if err != nil {
		return api.OK{}, err
	}
	a.users.Audit(ctx, v, "/api/v4/jobs/"+in.JobID+"/cancel", "")
	return api.Done(), a.jobs.Cancel(ctx, in.JobID)
}

type jobStatusIn struct {
	jobIn
	Body struct {
		Status string `json:"status"`
		Force  bool   `json:"force"`
	} `body:"json,status"`
}

func (a *Admin) setJobStatus(ctx context.Context, v access.Viewer, in jobStatusIn) (api.OK, error) {
	_, err := a.mayTouch(ctx, v, in.JobID, "api.job.unable_to_manage_job.incorrect_job_type", func(r rights) access.Permission { return r.manage })
	if err != nil {
		return api.OK{}, err
	}
	if !slices.Contains([]string{model.JobStatusPending, model.JobStatusCancelRequested, model.JobStatusCanceled}, in.Body.Status) {
		return api.OK{}, fault.InvalidParam("status")
	}
	a.users.Audit(ctx, v, "/api/v4/jobs/"+in.JobID+"/status", "status="+in.Body.Status)
	return api.Done(), a.jobs.SetStatus(ctx, in.JobID, in.Body.Status, in.Body.Force)
}
