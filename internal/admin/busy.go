package admin

import (
	"context"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/api"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
)

// Reference: limits.tsv, system.
const (
	defaultBusySeconds = 3600
	maxBusySeconds     = 86400
)

const busyTopic = "admin.busy"

// busySwitch is until when the server sheds what can wait, in Unix ms; it is
// kept in memory only, so that a restart always brings everything back.
type busySwitch struct{ until atomic.Int64 }

func (b *busySwitch) hear(body []byte) {
	if n, err := strconv.ParseInt(string(body), 10, 64); err == nil {
		b.until.Store(n)
	}
}

// Busy reports whether an administrator has marked the server as busy.
func (a *Admin) Busy() bool {
	until := a.busy.until.Load()
	return until != 0 && until > id.Now()
}

func (a *Admin) setBusyUntil(until int64) {
	a.busy.until.Store(until)
	if err := a.bus.Publish(busyTopic, strconv.AppendInt(nil, until, 10)); err != nil {
		a.log.Error("other nodes were not told whether to shed requests", "error", err)
	}
}

func (a *Admin) serverBusy(context.Context, access.Viewer, api.None) (model.ServerBusy, error) {
	if !a.Busy() {
		return model.ServerBusy{}, nil
	}
	until := time.UnixMilli(a.busy.until.Load())
	return model.ServerBusy{Busy: true, Expires: until.Unix(), ExpiresTS: until.UTC().Format(time.RFC3339)}, nil
}

type busyIn struct {
	Seconds string `query:"seconds"`
}

func (a *Admin) setServerBusy(ctx context.Context, v access.Viewer, in busyIn) (api.OK, error) {
	seconds := int64(defaultBusySeconds)
	if in.Seconds != "" {
		var err error
		if seconds, err = strconv.ParseInt(in.Seconds, 10, 64); err != nil || seconds <= 0 || seconds > maxBusySeconds {
			return api.OK{}, fault.InvalidURLParam("seconds")
		}
	}
	a.setBusyUntil(id.Now() + seconds*1000)
	a.users.Audit(ctx, v, "/api/v4/server_busy", "seconds="+strconv.FormatInt(seconds, 10))
	a.log.Warn("the server was marked as busy", "seconds", seconds, "user_id", v.UserID)
	return api.Done(), nil
}

func (a *Admin) clearServerBusy(ctx context.Context, v access.Viewer, _ api.None) (api.OK, error) {
	a.setBusyUntil(0)
	a.users.Audit(ctx, v, "/api/v4/server_busy", "cleared")
	return api.Done(), nil
}
