// Package properties keeps properties: fields that a group of them defines, and
// the values that these have for people and posts. It owns the tables
// propertygroups, propertyfields and propertyvalues and knows no rules of what
// may be said; those are with the slices that each have a group of their own.
//
// Fields and values that are taken away stay as rows with the time.
package properties

import (
	"context"
	"errors"

	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
)

// Bounds of the lists.
const (
	mostFields = 1_000
	mostValues = 100_000
)

// GroupID returns the id of the group of a name, which is made when an older
// database lacks it.
func GroupID(ctx context.Context, q db.Querier, name string) (string, error) {
	const find = `SELECT id FROM propertygroups WHERE name = $1`
	groupID, err := db.Value[string](ctx, q, find, name)
	if !errors.Is(err, db.ErrNotFound) {
		return groupID, err
	}
	if _, err := q.Exec(ctx, `INSERT INTO propertygroups (id, name) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING`, id.New(), name); err != nil {
		return "", err
	}
	return db.Value[string](ctx, q, find, name)
}

const fieldColumns = `id, groupid, name, coalesce(CAST(type AS text),''), attrs, coalesce(targetid,''), coalesce(targettype,''), createat, updateat, deleteat`

func scanField(r db.Row) (*model.PropertyField, error) {
	f := &model.PropertyField{}
	err := r.Scan(&f.ID, &f.GroupID, &f.Name, &f.Type, db.ScanJSON(&f.Attrs), &f.TargetID, &f.TargetType, &f.CreateAt, &f.UpdateAt, &f.DeleteAt)
	if len(f.Attrs) == 0 {
		f.Attrs = nil // written as null
	}
	return f, err
}

// Fields returns the live fields of a group, the oldest first.
func Fields(ctx context.Context, q db.Querier, groupID string) ([]*model.PropertyField, error) {
	return db.List(ctx, q, scanField, `SELECT `+fieldColumns+` FROM propertyfields WHERE groupid = $1 AND deleteat = 0
		ORDER BY createat, id LIMIT $2`, groupID, mostFields)
}

// InsertField adds a field. A live field of the same name in the group is
// db.IsDuplicate.
func InsertField(ctx context.Context, q db.Querier, f *model.PropertyField) error {
	_, err := q.Exec(ctx, `INSERT INTO propertyfields (id, groupid, name, type, attrs, targetid, targettype, createat, updateat, deleteat)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0)`,
		f.ID, f.GroupID, f.Name, f.Type, db.JSON(f.Attrs), f.TargetID, f.TargetType, f.CreateAt, f.UpdateAt)
	return err
}

// UpdateField writes the name, type and particulars of a field.
func UpdateField(ctx context.Context, q db.Querier, f *model.PropertyField) error {
	_, err := q.Exec(ctx, `UPDATE propertyfields SET name = $2, type = $3, attrs = $4, updateat = $5 WHERE id = $1 AND deleteat = 0`,
		f.ID, f.Name, f.Type, db.JSON(f.Attrs), f.UpdateAt)
	return err
}

// DeleteField takes a field away with all of its values.
func DeleteField(ctx context.Context, tx *db.Tx, fieldID string, now int64) error {
	if _, err := tx.Exec(ctx, `UPDATE propertyfields SET deleteat = $2, updateat = $2 WHERE id = $1 AND deleteat = 0`, fieldID, now); err != nil {
		return err
	}
	return DeleteValuesOf(ctx, tx, fieldID, now)
}

// DeleteValuesOf takes all values of a field away.
func DeleteValuesOf(ctx context.Context, tx *db.Tx, fieldID string, now int64) error {
	_, err := tx.Exec(ctx, `UPDATE propertyvalues SET deleteat = $2, updateat = $2 WHERE fieldid = $1 AND deleteat = 0`, fieldID, now)
	return err
}

const valueColumns = `id, targetid, targettype, groupid, fieldid, value, createat, updateat, deleteat`

func scanValue(r db.Row) (*model.PropertyValue, error) {
	v := &model.PropertyValue{}
	return v, r.Scan(&v.ID, &v.TargetID, &v.TargetType, &v.GroupID, &v.FieldID, db.ScanJSON(&v.Value), &v.CreateAt, &v.UpdateAt, &v.DeleteAt)
}

// Values returns what the fields of a group say of somebody or something.
func Values(ctx context.Context, q db.Querier, groupID, targetID string) ([]*model.PropertyValue, error) {
	return db.List(ctx, q, scanValue, `SELECT `+valueColumns+` FROM propertyvalues WHERE targetid = $1 AND groupid = $2 AND deleteat = 0
		ORDER BY createat, id LIMIT $3`, targetID, groupID, mostValues)
}

// Upsert gives values, in place of those that are there, and returns them as
// they are now.
func Upsert(ctx context.Context, tx *db.Tx, values []*model.PropertyValue, now int64) ([]*model.PropertyValue, error) {
	out := make([]*model.PropertyValue, 0, len(values))
	for _, v := range values {
		kept, err := db.Get(ctx, tx, scanValue, `INSERT INTO propertyvalues (id, targetid, targettype, groupid, fieldid, value, createat, updateat, deleteat)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $7, 0) ON CONFLICT (groupid, targetid, fieldid) WHERE deleteat = 0
			DO UPDATE SET value = excluded.value, updateat = excluded.updateat RETURNING `+valueColumns,
			id.New(), v.TargetID, v.TargetType, v.GroupID, v.FieldID, db.JSON(v.Value), now)
		if err != nil {
			return nil, err
		}
		out = append(out, kept)
	}
	return out, nil
}

// Forget removes all values of somebody or something that is gone for good.
func Forget(ctx context.Context, q db.Querier, groupID string, targetIDs []string) error {
	_, err := q.Exec(ctx, `DELETE FROM propertyvalues WHERE groupid = $1 AND targetid = ANY($2)`, groupID, targetIDs)
	return err
}
