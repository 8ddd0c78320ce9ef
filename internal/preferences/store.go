package preferences

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/model"
)

// Bounds of what one person can store. Clients come nowhere near them; without
// them a list could be grown until answering it takes the server's memory.
const (
	maxRows  = 20_000
	maxBytes = 8 << 20
)

const columns = `SELECT userid, category, name, coalesce(value, '') FROM preferences `

func scan(r db.Row) (p model.Preference, err error) {
	err = r.Scan(&p.UserID, &p.Category, &p.Name, &p.Value)
	return p, err
}

// List returns all preferences of a user.
func (p *Preferences) List(ctx context.Context, userID string) ([]model.Preference, error) {
	return db.List(ctx, p.db, scan, columns+`WHERE userid = $1 ORDER BY category, name LIMIT $2`, userID, maxRows)
}

// Category returns a user's preferences of one category; none is no error.
func (p *Preferences) Category(ctx context.Context, userID, category string) ([]model.Preference, error) {
	return db.List(ctx, p.db, scan, columns+`WHERE userid = $1 AND category = $2 ORDER BY name LIMIT $3`, userID, category, maxRows)
}

// Get returns one preference; 400 app.preference.get.app_error when it isn't
// there, which is the status that the protocol has for it.
func (p *Preferences) Get(ctx context.Context, userID, category, name string) (model.Preference, error) {
	one, err := db.Get(ctx, p.db, scan, columns+`WHERE userid = $1 AND category = $2 AND name = $3`, userID, category, name)
	if errors.Is(err, db.ErrNotFound) {
		return one, fault.New(fault.KindNotFound, "app.preference.get.app_error").WithStatus(400)
	}
	return one, err
}

// PutTx writes preferences inside a transaction, of whatever users, and tells
// nobody. The caller answers for their form.
func (p *Preferences) PutTx(ctx context.Context, tx *db.Tx, list []model.Preference) error {
	changed := make([]access.Fact, len(list))
	for i, one := range list {
		p.forgetMode(tx, one)
		changed[i] = preferencesOf(one.UserID)
	}
	tx.AfterCommit(func() { p.acc.Answers.Changed(changed...) })
	return upsert(ctx, tx, list, `UPDATE SET value = excluded.value`)
}

// DeleteTx removes preferences of a user inside a transaction and tells nobody.
func (p *Preferences) DeleteTx(ctx context.Context, tx *db.Tx, userID string, list []model.Preference) error {
	if len(list) == 0 {
		return nil
	}
	args := []any{userID}
	for _, one := range list {
		one.UserID = userID
		p.forgetMode(tx, one)
		args = append(args, one.Category, one.Name)
	}
	tx.AfterCommit(func() { p.acc.Answers.Changed(preferencesOf(userID)) })
	_, err := tx.Exec(ctx, `DELETE FROM preferences WHERE userid = $1 AND (category, name) IN (VALUES `+db.Tuples(len(list), 2, 1)+`)`, args...)
	return err
}

func insertMissing(ctx context.Context, q db.Querier, list []model.Preference) error {
	return upsert(ctx, q, list, "NOTHING")
}

// upsert writes list in one statement. A preference that is in it twice counts
// as it stands last: one statement can't change a row twice. Rows are written in
// one order, so that two who write the same ones don't wait for each other.
func upsert(ctx context.Context, q db.Querier, list []model.Preference, conflict string) error {
	list = slices.Clone(list)
	slices.SortStableFunc(list, func(a, b model.Preference) int {
		return cmp.Or(cmp.Compare(a.UserID, b.UserID), cmp.Compare(a.Category, b.Category), cmp.Compare(a.Name, b.Name))
	})
	at := make(map[[3]string]int, len(list))
	var args []any
	for _, one := range list {
		key := [3]string{one.UserID, one.Category, one.Name}
		if i, twice := at[key]; twice {
			args[i] = one.Value
			continue
		}
		args = append(args, one.UserID, one.Category, one.Name, one.Value)
		at[key] = len(args) - 1
	}
	if len(args) == 0 {
		return nil
	}
	_, err := q.Exec(ctx, `INSERT INTO preferences (userid, category, name, value) VALUES `+db.Tuples(len(at), 4, 0)+
		` ON CONFLICT (userid, category, name) DO `+conflict, args...)
	return err
}

// haveRoom refuses who has stored more than anybody needs.
func haveRoom(ctx context.Context, tx *db.Tx, userID string) error {
	type usage struct{ rows, bytes int64 }
	u, err := db.Get(ctx, tx, func(r db.Row) (u usage, err error) { err = r.Scan(&u.rows, &u.bytes); return u, err },
		`SELECT count(*), coalesce(sum(length(value)), 0) FROM preferences WHERE userid = $1`, userID)
	if err == nil && (u.rows > maxRows-model.PreferencesPerRequest || u.bytes > maxBytes) {
		return fault.Invalid("app.preference.save.updating.app_error")
	}
	return err
}
