package users

import (
	"context"
	"log/slog"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/api"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
)

// The audit trail is written in batches, so that a line costs the request
// nothing: at the latest this long after the first line of a batch.
const (
	trailDelay = 200 * time.Millisecond
	trailBatch = 200 // lines of one statement
	trailFull  = 50_000
)

// trail holds the lines that are not written yet.
type trail struct {
	db  *db.DB
	log *slog.Logger

	mu      sync.Mutex
	waiting []model.Audit
	armed   bool
	writing sync.Mutex // one flush at a time, in order
}

func newTrail(d *db.DB, log *slog.Logger) *trail { return &trail{db: d, log: log} }

// Audit notes that v did action (by custom the path of the route), with extra
// as detail; never secrets. Address and session come from the request of ctx.
func (u *Users) Audit(ctx context.Context, v access.Viewer, action, extra string) {
	u.trail.add(model.Audit{ID: id.New(), CreateAt: id.Now(), UserID: v.UserID, SessionID: v.SessionID(),
		Action: cut(action, model.AuditActionMaxLength), ExtraInfo: cut(extra, model.AuditExtraInfoMaxLength),
		IPAddress: cut(api.MetaOf(ctx).IP, model.AuditIPAddressMaxLength)})
}

// cut shortens s to at most n bytes, at a character's border.
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	return strings.ToValidUTF8(s[:n], "")
}

func (t *trail) add(a model.Audit) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.waiting) >= trailFull {
		t.log.Error("an audit line was dropped: the database doesn't take them", "user", a.UserID, "action", a.Action)
		return
	}
	t.waiting = append(t.waiting, a)
	if t.armed {
		return
	}
	t.armed = true
	time.AfterFunc(trailDelay, func() {
		if err := t.flush(context.Background()); err != nil {
			t.log.Warn("the audit trail could not be written; it is tried again", "error", err)
		}
	})
}

// flush writes what waits. Lines that can't be written stay, for the next try.
func (t *trail) flush(ctx context.Context) error {
	t.writing.Lock()
	defer t.writing.Unlock()
	t.mu.Lock()
	batch := t.waiting
	t.waiting, t.armed = nil, false
	t.mu.Unlock()
	for len(batch) > 0 {
		n := min(len(batch), trailBatch)
		if err := t.db.Tx(ctx, func(tx *db.Tx) error { return appendAudits(ctx, tx, batch[:n]) }); err != nil {
			t.mu.Lock()
			t.waiting = append(batch, t.waiting...)
			t.mu.Unlock()
			return err
		}
		batch = batch[n:]
	}
	return nil
}

func insertAudits(ctx context.Context, q db.Querier, lines []model.Audit) error {
	var sql strings.Builder
	sql.WriteString("INSERT INTO audits (id, createat, userid, action, extrainfo, ipaddress, sessionid) VALUES ")
	args := make([]any, 0, 7*len(lines))
	for i, a := range lines {
		if i > 0 {
			sql.WriteByte(',')
		}
		sql.WriteByte('(')
		for c := range 7 {
			if c > 0 {
				sql.WriteByte(',')
			}
			sql.WriteString("$" + strconv.Itoa(7*i+c+1))
		}
		sql.WriteByte(')')
		args = append(args, a.ID, a.CreateAt, a.UserID, a.Action, a.ExtraInfo, a.IPAddress, a.SessionID)
	}
	_, err := db.Exec(ctx, q, sql.String(), args...)
	return err
}
