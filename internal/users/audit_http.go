package users

import (
	"bufio"
	"context"
	"encoding/json"
	"net/http"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/api"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/model"
)

// mountTrail mounts what Parley adds to the audit trail.
func (u *Users) mountTrail(r *access.Router) {
	api.Get(r, "/parley/audit/check", access.Needs(access.PermReadAudits), u.checkTrail)
	api.Get(r, "/parley/audit/export", access.Needs(access.PermReadAudits), u.exportTrail)
}

type checkTrailIn struct {
	Hash string `query:"hash"`
}

// checkTrail answers whether the trail is what was written.
func (u *Users) checkTrail(ctx context.Context, v access.Viewer, in checkTrailIn) (ChainReport, error) {
	if err := u.trail.flush(ctx); err != nil {
		return ChainReport{}, err
	}
	report, err := CheckTrail(ctx, u.db, in.Hash)
	if err == nil {
		u.Audit(ctx, v, "/api/v4/parley/audit/check", "head="+report.Head)
	}
	return report, err
}

// trailLine is a line of an export: with its link, so that the file can be
// checked by itself.
type trailLine struct {
	N int64 `json:"n"`
	*model.Audit
	Digest string `json:"digest"`
	Hash   string `json:"hash"`
}

// exportTrail sends the chain as lines of JSON, the oldest first.
func (u *Users) exportTrail(ctx context.Context, v access.Viewer, _ api.None) (api.Reply, error) {
	if err := u.trail.flush(ctx); err != nil {
		return api.Reply{}, err
	}
	u.Audit(ctx, v, "/api/v4/parley/audit/export", "")
	return api.Reply{Serve: func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/x-ndjson")
		w.Header().Set("Content-Disposition", `attachment; filename="parley-audit.jsonl"`)
		if err := writeTrail(r.Context(), u.db, w); err != nil {
			u.log.Warn("the audit trail could not be sent", "error", err)
			panic(http.ErrAbortHandler) // half a file isn't taken for a whole one
		}
	}}, nil
}

func writeTrail(ctx context.Context, q db.Querier, w http.ResponseWriter) error {
	out := bufio.NewWriter(w)
	lines := json.NewEncoder(out)
	for after := int64(0); ; {
		page, err := readChain(ctx, q, after)
		if err != nil {
			return err
		}
		for _, p := range page {
			line := p.line
			if line == nil {
				line = &model.Audit{ID: p.id} // deleted with its person
			}
			if err := lines.Encode(trailLine{p.n, line, p.digest, p.hash}); err != nil {
				return err
			}
			after = p.n
		}
		if len(page) < chainPage {
			return out.Flush()
		}
	}
}
