package admin

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"runtime"
	"strings"
	"time"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/api"
	"github.com/parley-chat/parley/internal/config"
	"github.com/parley-chat/parley/internal/jobs"
	"github.com/parley-chat/parley/internal/model"
)

type supportIn struct {
	Logs *bool `query:"basic_server_logs"` // nil is yes
}

// diagnostics are what somebody who helps wants to know first.
type diagnostics struct {
	Version    string             `json:"version"`
	Protocol   string             `json:"protocol"`
	Go         string             `json:"go"`
	OS         string             `json:"os"`
	CPUs       int                `json:"cpus"`
	Started    time.Time          `json:"started"`
	Database   string             `json:"database"`
	Pool       map[string]any     `json:"database_pool"`
	Schema     []migration        `json:"schema"`
	Goroutines int                `json:"goroutines"`
	HeapBytes  uint64             `json:"heap_bytes"`
	Sockets    int64              `json:"websockets"`
	Figures    map[string]float64 `json:"figures"`
	Jobs       []*model.Job       `json:"jobs"`
}

// supportPacket is a ZIP file for somebody who helps: the settings with their
// secrets masked, figures, and the log unless it is not wanted. What could not
// be gathered is named in warning.txt, where the packet's readers look.
func (a *Admin) supportPacket(ctx context.Context, v access.Viewer, in supportIn) (api.Reply, error) {
	var out bytes.Buffer
	var warnings []string
	z := zip.NewWriter(&out)
	put := func(name string, body []byte) error {
		w, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: time.Now().UTC()})
		if err == nil {
			_, err = w.Write(body)
		}
		return err
	}
	files := map[string]any{
		"sanitized_config.json": a.cfg.Get().Masked(config.View{}),
		"diagnostics.json":      a.diagnose(ctx, &warnings),
	}
	for name, value := range files {
		raw, err := json.MarshalIndent(value, "", "  ")
		if err != nil {
			return api.Reply{}, err
		}
		if err := put(name, raw); err != nil {
			return api.Reply{}, err
		}
	}
	if in.Logs == nil || *in.Logs {
		if err := put("parley.log", []byte(strings.Join(a.journal.Lines(0, journalLines), ""))); err != nil {
			return api.Reply{}, err
		}
	}
	if len(warnings) > 0 {
		if err := put("warning.txt", []byte(strings.Join(warnings, "\n")+"\n")); err != nil {
			return api.Reply{}, err
		}
	}
	if err := z.Close(); err != nil {
		return api.Reply{}, err
	}
	a.users.Audit(ctx, v, "/api/v4/system/support_packet", "")
	name := "parley_support_packet_" + time.Now().UTC().Format("2006-01-02-15-04") + ".zip"
	return api.Reply{Body: out.Bytes(), Header: attachment("application/zip", name)}, nil
}

func (a *Admin) diagnose(ctx context.Context, warnings *[]string) diagnostics {
	warn := func(what string, err error) {
		if err != nil {
			*warnings = append(*warnings, fmt.Sprintf("%s: %v", what, err))
		}
	}
	pool := a.db.Stats()
	d := diagnostics{Version: config.Version, Protocol: config.ProtocolVersion, Go: runtime.Version(), OS: runtime.GOOS + "/" + runtime.GOARCH,
		CPUs: runtime.NumCPU(), Started: a.started.UTC(), Database: "PostgreSQL", Goroutines: runtime.NumGoroutine(),
		Sockets: a.hub.Stats.Live.Load(), Figures: map[string]float64{},
		Pool: map[string]any{"open": pool.OpenConnections, "in_use": pool.InUse, "idle": pool.Idle, "waited": pool.WaitCount}}
	if a.db.SQLite() {
		d.Database = "SQLite"
		if info, err := os.Stat(a.db.Path()); err == nil {
			d.Pool["file_bytes"] = info.Size()
		}
	}
	var mem runtime.MemStats
	runtime.ReadMemStats(&mem)
	d.HeapBytes = mem.HeapAlloc
	var err error
	d.Schema, err = a.migrations(ctx)
	warn("schema", err)
	d.Jobs, err = a.jobs.List(ctx, jobs.Filter{Limit: 100})
	warn("jobs", err)
	figures, err := a.analytics(ctx, access.Viewer{}, analyticsIn{Name: "standard"})
	warn("figures", err)
	for _, f := range figures {
		d.Figures[f.Name] = f.Value
	}
	return d
}
