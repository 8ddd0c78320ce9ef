package transfer

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/api"
	"github.com/parley-chat/parley/internal/blob"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/jobs"
	"github.com/parley-chat/parley/internal/model"
)

// Mount adds the routes. Archives to import come by uploads in parts.
func (t *Transfer) Mount(r *access.Router) {
	manage := access.Needs(access.PermManageSystem)
	api.Get(r, "/imports", manage, t.getImports)
	api.Delete(r, "/imports/{import_name}", manage, t.deleteImport)
	api.Get(r, "/exports", manage, t.getExports)
	api.Get(r, "/exports/{export_name}", manage, t.getExport)
	api.Delete(r, "/exports/{export_name}", manage, t.deleteExport)
}

func (t *Transfer) getImports(ctx context.Context, _ access.Viewer, _ api.None) ([]string, error) {
	return t.files.Archives(ctx)
}

type importIn struct {
	Name string `path:"import_name,text"`
}

func (t *Transfer) deleteImport(ctx context.Context, v access.Viewer, in importIn) (api.OK, error) {
	t.users.Audit(ctx, v, "/api/v4/imports/"+cut(in.Name, 100), "deleted")
	return api.Done(), t.files.DeleteArchive(ctx, in.Name)
}

// exportFolder is where finished exports lie among the files.
const exportFolder = "export/"

var errNoExport = fault.NotFound("api.export.export_not_found.app_error")

// exported lists the finished exports: their jobs know them.
func (t *Transfer) exported(ctx context.Context) ([]*model.Job, error) {
	list, err := t.jobs.List(ctx, jobs.Filter{Types: []string{model.JobTypeExportProcess}, Status: model.JobStatusSuccess, Limit: 1000})
	if err != nil {
		return nil, err
	}
	there := list[:0]
	for _, j := range list {
		ok, err := t.blobs.Exists(ctx, exportFolder+exportName(j.ID))
		if err != nil {
			return nil, err
		}
		if ok {
			there = append(there, j)
		}
	}
	return there, nil
}

// exportName is the name of the export that a job makes.
func exportName(jobID string) string { return jobID + "_export.zip" }

func (t *Transfer) getExports(ctx context.Context, _ access.Viewer, _ api.None) ([]string, error) {
	list, err := t.exported(ctx)
	names := make([]string, 0, len(list))
	for _, j := range list {
		names = append(names, exportName(j.ID))
	}
	slices.Sort(names)
	return names, err
}

type exportIn struct {
	Name string `path:"export_name,text"`
}

// name refuses what can't be an export's.
func (in exportIn) name() (string, error) {
	if !strings.HasSuffix(in.Name, ".zip") || strings.ContainsAny(in.Name, `/\`) || len(in.Name) > 200 {
		return "", errNoExport
	}
	return exportFolder + in.Name, nil
}

// getExport sends an export. Clients go on with a part of it after a cut.
func (t *Transfer) getExport(ctx context.Context, v access.Viewer, in exportIn) (api.Reply, error) {
	name, err := in.name()
	if err != nil {
		return api.Reply{}, err
	}
	file, err := t.blobs.Open(ctx, name)
	if errors.Is(err, blob.ErrNotFound) {
		return api.Reply{}, errNoExport
	}
	if err != nil {
		return api.Reply{}, err
	}
	t.users.Audit(ctx, v, "/api/v4/exports/"+in.Name, "downloaded")
	return api.Reply{Serve: func(w http.ResponseWriter, r *http.Request) {
		defer func() { _ = file.Close() }()
		w.Header().Set("Content-Type", "application/zip")
		w.Header().Set("Cache-Control", "no-store")
		// As long as it takes: the settings bound ordinary answers.
		_ = http.NewResponseController(w).SetWriteDeadline(time.Time{})
		http.ServeContent(w, r, "", time.Time{}, file)
	}}, nil
}

func (t *Transfer) deleteExport(ctx context.Context, v access.Viewer, in exportIn) (api.OK, error) {
	name, err := in.name()
	if err != nil {
		return api.OK{}, err
	}
	t.users.Audit(ctx, v, "/api/v4/exports/"+in.Name, "deleted")
	return api.Done(), t.blobs.Delete(ctx, name)
}
