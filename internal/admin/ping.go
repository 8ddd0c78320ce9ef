package admin

import (
	"context"
	"net/http"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/api"
	"github.com/parley-chat/parley/internal/model"
)

type pingIn struct {
	Full          bool   `query:"get_server_status"`
	RestSemantics bool   `query:"use_rest_semantics"`
	DeviceID      string `query:"device_id"`
}

const (
	statusOK        = "OK"
	statusUnhealthy = "UNHEALTHY"
)

// ping says that the server answers, and with get_server_status whether its
// database does too. An unhealthy server answers 500, unless the caller asked
// for REST semantics, in which the call as such succeeded.
func (a *Admin) ping(ctx context.Context, v access.Viewer, in pingIn) (api.Reply, error) {
	c := a.cfg.Get()
	p := model.Ping{Status: statusOK, ActiveSearchBackend: "database",
		AndroidLatestVersion: c.ClientRequirements.AndroidLatestVersion, AndroidMinVersion: c.ClientRequirements.AndroidMinVersion,
		IOSLatestVersion: c.ClientRequirements.IosLatestVersion, IOSMinVersion: c.ClientRequirements.IosMinVersion}
	if in.Full {
		p.DatabaseStatus, p.FilestoreStatus = statusOK, statusOK
		if err := a.db.Ping(ctx); err != nil {
			a.log.Error("ping: the database does not answer", "error", err)
			p.DatabaseStatus, p.Status = statusUnhealthy, statusUnhealthy
		}
		if v.Admin(ctx) {
			root := runsAsRoot()
			p.RootStatus = &root
		}
	}
	status := http.StatusOK
	if p.Status != statusOK && !in.RestSemantics {
		status = http.StatusInternalServerError
	}
	return api.Reply{Status: status, JSON: p}, nil
}
