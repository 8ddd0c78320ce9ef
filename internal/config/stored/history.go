package stored

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"github.com/parley-chat/parley/internal/config"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/id"
)

// Errors of Rollback.
var (
	// ErrNoChange: there is no such change in the history.
	ErrNoChange = errors.New("stored: no such change")
	// ErrSecret: the history doesn't keep the values of secrets.
	ErrSecret = errors.New("stored: values of secrets are not kept")
)

// Past is a change that was made. A nil value is none: that of the files held.
type Past struct {
	ID, Key  string
	Old, New *string // JSON
	Secret   bool    // the values aren't kept
	At       int64   // Unix ms
	Who      string  // the id of a user, "" for a command
	Username string
}

// remember adds to the history what save is about to change.
func remember(ctx context.Context, tx *db.Tx, set []config.Change, reset []string, who string) error {
	have := map[string]string{}
	known, err := list(ctx, tx)
	if err != nil {
		return err
	}
	for _, c := range known {
		have[c.Key] = string(c.Value)
	}
	put := func(key string, now *string, who string, at int64) error {
		var before *string
		if old, ok := have[key]; ok {
			before = &old
		}
		if before == nil && now == nil || before != nil && now != nil && *before == *now {
			return nil
		}
		k, ok := config.Lookup(key)
		secret := !ok || k.Secret
		if secret {
			before, now = nil, nil
		}
		_, err := tx.Exec(ctx, `INSERT INTO parley_settings_history (id, key, oldvalue, newvalue, secret, changedat, changedby) VALUES ($1,$2,$3,$4,$5,$6,$7)`,
			id.New(), key, before, now, secret, at, who)
		return err
	}
	for _, c := range set {
		value := string(c.Value)
		if err := put(c.Key, &value, c.Who, c.At); err != nil {
			return err
		}
	}
	for _, key := range reset {
		if err := put(key, nil, who, id.Now()); err != nil {
			return err
		}
	}
	return nil
}

// History lists the changes of keys that begin with prefix, the newest first.
func History(ctx context.Context, q db.Querier, prefix string, limit int) ([]Past, error) {
	return past(ctx, q, `h.key LIKE $1 ORDER BY h.changedat DESC, h.id DESC LIMIT $2`, db.LikeEscape(prefix)+"%", limit)
}

func past(ctx context.Context, q db.Querier, where string, args ...any) ([]Past, error) {
	return db.List(ctx, q, func(r db.Row) (p Past, err error) {
		err = r.Scan(&p.ID, &p.Key, &p.Old, &p.New, &p.Secret, &p.At, &p.Who, &p.Username)
		return p, err
	}, `SELECT h.id, h.key, h.oldvalue, h.newvalue, h.secret, h.changedat, h.changedby, coalesce(u.username,'')
		FROM parley_settings_history h LEFT JOIN users u ON u.id = h.changedby WHERE `+where, args...)
}

// RollbackOne takes one change back: the key gets the value that it had before
// it. Fails with ErrNoChange and ErrSecret.
func RollbackOne(ctx context.Context, d *db.DB, changeID string) ([]Past, error) {
	return rollback(ctx, d, func(tx *db.Tx) ([]Past, error) {
		list, err := Before(ctx, tx, changeID, 0)
		if err == nil && len(list) == 0 {
			err = ErrNoChange
		}
		return list, err
	})
}

// RollbackTo takes every change back that was made since a moment (Unix ms):
// each key gets the value that it had then. Changes of secrets stay, and are returned too.
func RollbackTo(ctx context.Context, d *db.DB, at int64) (back, secrets []Past, err error) {
	back, err = rollback(ctx, d, func(tx *db.Tx) (list []Past, err error) {
		secrets = nil
		all, err := Before(ctx, tx, "", at)
		for _, p := range all {
			if p.Secret {
				secrets = append(secrets, p)
			} else {
				list = append(list, p)
			}
		}
		return list, err
	})
	return back, secrets, err
}

// Before returns the change with an id, if there is one, or without an id the
// first change of each key since a moment (Unix ms): their old values are those
// from before.
func Before(ctx context.Context, q db.Querier, changeID string, since int64) (first []Past, err error) {
	if changeID != "" {
		return past(ctx, q, `h.id = $1 LIMIT 1`, changeID)
	}
	all, err := past(ctx, q, `h.changedat >= $1 ORDER BY h.changedat, h.id LIMIT 100000`, since)
	seen := map[string]bool{}
	for _, p := range all {
		if !seen[p.Key] {
			first = append(first, p)
		}
		seen[p.Key] = true
	}
	return first, err
}

// rollback gives each key of the picked changes its old value, in one transaction.
func rollback(ctx context.Context, d *db.DB, pick func(tx *db.Tx) ([]Past, error)) (back []Past, err error) {
	err = d.Tx(ctx, func(tx *db.Tx) error {
		if back, err = pick(tx); err != nil {
			return err
		}
		var set []config.Change
		var reset []string
		for _, p := range back {
			k, ok := config.Lookup(p.Key)
			switch {
			case p.Secret:
				return ErrSecret
			case !ok:
				return fmt.Errorf("%s is no setting any more", p.Key)
			case p.Old == nil:
				reset = append(reset, k.Name)
			default:
				set = append(set, config.Change{Key: k.Name, Value: []byte(*p.Old), At: id.Now()})
			}
		}
		return save(ctx, tx, set, reset, "")
	})
	return back, err
}

// Text is a value of a change for people: "–" for none, dots for a secret.
func (p Past) Text(value *string) string {
	if p.Secret {
		return config.Mask
	}
	if value == nil {
		return "–"
	}
	return cmp.Or(*value, `""`)
}
