package groups

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/model"
)

// Bounds of the lists.
const (
	mostGroups = 10_000
	mostIDs    = 100_000
	mostLinks  = 10_000
)

const linked = `(EXISTS (SELECT 1 FROM groupteams t WHERE t.groupid = g.id AND coalesce(t.deleteat,0) = 0)
	OR EXISTS (SELECT 1 FROM groupchannels c WHERE c.groupid = g.id AND coalesce(c.deleteat,0) = 0))`

const columns = `g.id, g.name, coalesce(g.displayname,''), coalesce(g.description,''), coalesce(g.source,''), g.remoteid,
	coalesce(g.createat,0), coalesce(g.updateat,0), coalesce(g.deleteat,0), coalesce(g.allowreference,false), ` + linked

// counted is columns and the number of members.
const counted = columns + `, (SELECT count(*) FROM groupmembers gm JOIN users u ON u.id = gm.userid AND u.deleteat = 0
	WHERE gm.groupid = g.id AND coalesce(gm.deleteat,0) = 0)`

func fields(gr *model.Group) []any {
	return []any{&gr.ID, &gr.Name, &gr.DisplayName, &gr.Description, &gr.Source, &gr.RemoteID,
		&gr.CreateAt, &gr.UpdateAt, &gr.DeleteAt, &gr.AllowReference, &gr.HasSyncables}
}

func scan(r db.Row) (*model.Group, error) {
	gr := &model.Group{}
	return gr, r.Scan(fields(gr)...)
}

func scanCounted(r db.Row) (*model.Group, error) {
	gr := &model.Group{MemberCount: new(int64)}
	return gr, r.Scan(append(fields(gr), gr.MemberCount)...)
}

func (g *Groups) get(ctx context.Context, q db.Querier, groupID string) (*model.Group, error) {
	gr, err := db.Get(ctx, q, scan, `SELECT `+columns+` FROM usergroups g WHERE g.id = $1`, groupID)
	if errors.Is(err, db.ErrNotFound) {
		return nil, errNoGroup
	}
	return gr, err
}

func insert(ctx context.Context, tx *db.Tx, gr *model.Group) error {
	_, err := tx.Exec(ctx, `INSERT INTO usergroups (id, name, displayname, description, source, remoteid, createat, updateat, deleteat, allowreference)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`, gr.ID, gr.Name, gr.DisplayName, gr.Description, gr.Source, gr.RemoteID,
		gr.CreateAt, gr.UpdateAt, gr.DeleteAt, gr.AllowReference)
	return err
}

func update(ctx context.Context, q db.Querier, gr *model.Group) error {
	_, err := q.Exec(ctx, `UPDATE usergroups SET name = $2, displayname = $3, description = $4, updateat = $5, deleteat = $6, allowreference = $7
		WHERE id = $1`, gr.ID, gr.Name, gr.DisplayName, gr.Description, gr.UpdateAt, gr.DeleteAt, gr.AllowReference)
	return err
}

const memberColumns = `groupid, userid, coalesce(createat,0), coalesce(deleteat,0)`

func scanMember(r db.Row) (*model.GroupMember, error) {
	m := &model.GroupMember{}
	return m, r.Scan(&m.GroupID, &m.UserID, &m.CreateAt, &m.DeleteAt)
}

// enter adds people to a group and returns those who were not in it.
func enter(ctx context.Context, tx *db.Tx, groupID string, userIDs []string, now int64) ([]*model.GroupMember, error) {
	return db.List(ctx, tx, scanMember, `INSERT INTO groupmembers (groupid, userid, createat, deleteat)
		SELECT CAST($1 AS text), id, CAST($3 AS bigint), 0 FROM users WHERE id = ANY($2)
		ON CONFLICT (groupid, userid) DO UPDATE SET createat = excluded.createat, deleteat = 0
			WHERE coalesce(groupmembers.deleteat,0) <> 0 RETURNING `+memberColumns, groupID, userIDs, now)
}

// leave takes people out of a group and returns those who were in it.
func leave(ctx context.Context, tx *db.Tx, groupID string, userIDs []string, now int64) ([]*model.GroupMember, error) {
	return db.List(ctx, tx, scanMember, `UPDATE groupmembers SET deleteat = $3
		WHERE groupid = $1 AND userid = ANY($2) AND coalesce(deleteat,0) = 0 RETURNING `+memberColumns, groupID, userIDs, now)
}

func (g *Groups) has(ctx context.Context, groupID, userID string) (bool, error) {
	return db.Value[bool](ctx, g.db, `SELECT EXISTS (SELECT 1 FROM groupmembers WHERE groupid = $1 AND userid = $2 AND coalesce(deleteat,0) = 0)`,
		groupID, userID)
}

// count returns how many people with an open account are in a group.
func (g *Groups) count(ctx context.Context, groupID string) (int64, error) {
	return db.Value[int64](ctx, g.db, `SELECT count(*) FROM groupmembers gm JOIN users u ON u.id = gm.userid AND u.deleteat = 0
		WHERE gm.groupid = $1 AND coalesce(gm.deleteat,0) = 0`, groupID)
}

// jsonOf is the data of an event whose one field holds JSON as text.
func jsonOf(field string, v any) map[string]string {
	raw, err := json.Marshal(v)
	if err != nil {
		panic(err) // plain structs always encode
	}
	return map[string]string{field: string(raw)}
}
