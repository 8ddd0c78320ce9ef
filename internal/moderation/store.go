package moderation

import (
	"context"
	"encoding/json"
	"errors"
	"strconv"

	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/properties"
)

const columns = `r.postid, r.teamid, r.channelid, coalesce(c.displayname,''), r.authorid, r.reporterid, r.reason, r.comment, r.reportedat, r.hidden,
	r.status, r.reviewerid, r.actorid, r.actorcomment, r.decidedat`

const from = ` FROM parley_reports r LEFT JOIN channels c ON c.id = r.channelid `

func scan(r db.Row) (*model.Report, error) {
	x := &model.Report{}
	return x, r.Scan(&x.PostID, &x.TeamID, &x.ChannelID, &x.ChannelName, &x.AuthorID, &x.ReporterID, &x.Reason, &x.Comment, &x.ReportedAt,
		&x.Hidden, &x.Status, &x.ReviewerID, &x.ActorID, &x.ActorComment, &x.DecidedAt)
}

func (m *Moderation) get(ctx context.Context, postID string) (*model.Report, error) {
	x, err := db.Get(ctx, m.db, scan, `SELECT `+columns+from+`WHERE r.postid = $1`, postID)
	if errors.Is(err, db.ErrNotFound) {
		return nil, errNoReport
	}
	return x, err
}

// insert keeps a new report; errAlready when the message was reported before.
func insert(ctx context.Context, tx *db.Tx, x *model.Report) error {
	n, err := tx.Exec(ctx, `INSERT INTO parley_reports (postid, teamid, channelid, authorid, reporterid, reason, comment, reportedat, hidden, status,
		reviewerid, actorid, actorcomment, decidedat) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, '', '', '', 0) ON CONFLICT (postid) DO NOTHING`,
		x.PostID, x.TeamID, x.ChannelID, x.AuthorID, x.ReporterID, x.Reason, x.Comment, x.ReportedAt, x.Hidden, x.Status)
	if err == nil && n == 0 {
		err = errAlready
	}
	return err
}

// move writes what became of an open report; errDecided when it is no longer.
func move(ctx context.Context, tx *db.Tx, x *model.Report) error {
	n, err := tx.Exec(ctx, `UPDATE parley_reports SET status = $2, reviewerid = $3, actorid = $4, actorcomment = $5, decidedat = $6
		WHERE postid = $1 AND decidedat = 0`, x.PostID, x.Status, x.ReviewerID, x.ActorID, x.ActorComment, x.DecidedAt)
	if err == nil && n == 0 {
		err = errDecided
	}
	return err
}

// list returns a page of the open reports of teams, the oldest first, or of
// the decided ones, the latest first.
func (m *Moderation) list(ctx context.Context, teamIDs []string, open bool, limit, offset int) ([]*model.Report, error) {
	cond, order := `r.decidedat > 0`, `r.decidedat DESC`
	if open {
		cond, order = `r.decidedat = 0`, `r.reportedat`
	}
	return db.List(ctx, m.db, scan, `SELECT `+columns+from+`WHERE `+cond+` AND r.teamid = ANY($1) ORDER BY `+order+`, r.postid LIMIT $2 OFFSET $3`,
		teamIDs, limit, offset)
}

func (m *Moderation) countOpen(ctx context.Context, teamIDs []string) (int64, error) {
	return db.Value[int64](ctx, m.db, `SELECT count(*) FROM parley_reports WHERE decidedat = 0 AND teamid = ANY($1)`, teamIDs)
}

// fields returns the properties of reports, by name.
func fields(ctx context.Context, q db.Querier) (groupID string, byName map[string]*model.PropertyField, err error) {
	if groupID, err = properties.GroupID(ctx, q, model.PropertyGroupFlagging); err != nil {
		return "", nil, err
	}
	list, err := properties.Fields(ctx, q, groupID)
	byName = make(map[string]*model.PropertyField, len(list))
	for _, f := range list {
		byName[f.Name] = f
	}
	return groupID, byName, err
}

// note writes what a report says as properties of the post, and returns them.
// A field that an older database lacks is left out.
func note(ctx context.Context, tx *db.Tx, postID string, now int64, said map[string]any) ([]*model.PropertyValue, error) {
	groupID, byName, err := fields(ctx, tx)
	if err != nil {
		return nil, err
	}
	var rows []*model.PropertyValue
	for name, value := range said {
		f := byName[name]
		if f == nil {
			continue
		}
		raw, err := json.Marshal(value)
		if err != nil {
			return nil, err
		}
		rows = append(rows, &model.PropertyValue{TargetID: postID, TargetType: model.PropertyTargetPost, GroupID: groupID, FieldID: f.ID, Value: raw})
	}
	return properties.Upsert(ctx, tx, rows, now)
}

// stamp is a moment as the protocol keeps it in a property: a number in a text.
func stamp(at int64) string { return strconv.FormatInt(at, 10) }
