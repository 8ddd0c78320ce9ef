package admin

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/api"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/model"
)

type logsIn struct {
	Page    int `query:"page" default:"0"`
	PerPage int `query:"logs_per_page" default:"10000" max:"10000"`
}

func (a *Admin) logs(ctx context.Context, v access.Viewer, in logsIn) ([]string, error) {
	a.users.Audit(ctx, v, "/api/v4/logs", "")
	return a.journal.Lines(in.Page, in.PerPage), nil
}

type queryLogsIn struct {
	logsIn
	Raw []byte `body:"raw"`
}

// thisServer is the name that a server which is no part of a cluster has in
// the answer.
const thisServer = "default"

// queryLogs answers the lines of each server that a filter picks.
func (a *Admin) queryLogs(ctx context.Context, v access.Viewer, in queryLogsIn) (map[string][]json.RawMessage, error) {
	var body model.LogFilter
	if err := api.DecodeJSON(in.Raw, &body); err != nil {
		return nil, badFilter(err)
	}
	f, err := readFilter(body)
	if err != nil {
		return nil, badFilter(err)
	}
	a.users.Audit(ctx, v, "/api/v4/logs/query", "")
	out := []json.RawMessage{}
	host, _ := os.Hostname()
	if len(body.ServerNames) == 0 || slices.Contains(body.ServerNames, thisServer) || slices.Contains(body.ServerNames, host) {
		for _, line := range latest(a.journal.pick(f.keeps), in.Page, in.PerPage) {
			out = append(out, json.RawMessage(strings.TrimSpace(line)))
		}
	}
	return map[string][]json.RawMessage{thisServer: out}, nil
}

// badFilter has the status that the protocol gives it.
func badFilter(err error) error {
	return fault.Invalid("api.system.logs.invalidFilter").WithStatus(http.StatusInternalServerError).Wrap(err)
}

func readFilter(body model.LogFilter) (f lineFilter, err error) {
	if len(body.LogLevels) > 0 {
		f.levels = map[string]bool{}
		for _, l := range body.LogLevels {
			f.levels[strings.ToLower(l)] = true
		}
	}
	for text, at := range map[string]*time.Time{body.DateFrom: &f.from, body.DateTo: &f.to} {
		if text == "" {
			continue
		}
		if *at, err = time.Parse(time.RFC3339, text); err != nil {
			return f, err
		}
	}
	return f, nil
}

func (a *Admin) downloadLogs(ctx context.Context, v access.Viewer, _ api.None) (api.Reply, error) {
	a.users.Audit(ctx, v, "/api/v4/logs/download", "")
	text := strings.Join(a.journal.Lines(0, journalLines), "")
	return api.Reply{Body: []byte(text), Header: attachment("text/plain; charset=utf-8", "parley.log")}, nil
}

// attachment are the headers of a file to be saved; name is ours and plain.
func attachment(kind, name string) http.Header {
	return http.Header{"Content-Type": {kind}, "Content-Disposition": {`attachment; filename="` + name + `"`}}
}

type clientLogIn struct {
	Raw []byte `body:"raw"`
}

// maxClientLog bounds a client's line, in bytes.
const maxClientLog = 400

// clientLog writes what a client has to say into the log. Strangers may only
// on a developer's server, and what isn't an administrator's stays a detail:
// nobody can fill the log with errors.
func (a *Admin) clientLog(ctx context.Context, v access.Viewer, in clientLogIn) (map[string]string, error) {
	developer := a.cfg.Get().ServiceSettings.EnableDeveloper
	if v.Anonymous() && !developer {
		return nil, fault.NoPermission(string(access.PermManageSystem))
	}
	body := map[string]string{}
	if api.DecodeJSON(in.Raw, &body) != nil || body == nil {
		body = map[string]string{}
	}
	message := "Client Logs API Endpoint Message: " + body["message"]
	if len(message) > maxClientLog {
		message = strings.ToValidUTF8(message[:maxClientLog], "")
	}
	level := slog.LevelDebug
	if strings.EqualFold(body["level"], "error") && (developer || v.Admin(ctx)) {
		level = slog.LevelError
	}
	a.log.Log(ctx, level, message, "user_id", v.UserID, "user_agent", api.MetaOf(ctx).UserAgent)
	return map[string]string{"level": body["level"], "message": message}, nil
}
