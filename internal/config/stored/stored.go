// Package stored reads and writes settings that live in a database: the System Console's layer
// in Parley's own table parley_settings, and a whole configuration that Mattermost kept in its
// table configurations.
//
// It stands apart from package config so that what only reads settings does not pull in the
// database engines.
package stored

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/parley-chat/parley/internal/config"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/id"
)

// maxKeys bounds the list; there are fewer settings than that.
const maxKeys = 5000

// Console gives config.Store.Attach the console's layer of a migrated database.
func Console(d *db.DB) config.Console {
	return config.Console{
		Now:  id.Now,
		Load: func(ctx context.Context) ([]config.Change, error) { return list(ctx, d) },
		Save: func(ctx context.Context, set []config.Change, reset []string, who string) error {
			return d.Tx(ctx, func(tx *db.Tx) error { return save(ctx, tx, set, reset, who) })
		},
	}
}

func list(ctx context.Context, q db.Querier) ([]config.Change, error) {
	return db.List(ctx, q, scanChange, `SELECT key, value, updated_by, updated_at FROM parley_settings ORDER BY key LIMIT $1`, maxKeys)
}

func scanChange(r db.Row) (config.Change, error) {
	var c config.Change
	var value string
	err := r.Scan(&c.Key, &value, &c.Who, &c.At)
	c.Value = json.RawMessage(value)
	return c, err
}

func save(ctx context.Context, tx *db.Tx, set []config.Change, reset []string, who string) error {
	if err := remember(ctx, tx, set, reset, who); err != nil {
		return err
	}
	for _, c := range set {
		_, err := db.Exec(ctx, tx, `INSERT INTO parley_settings (key, value, updated_by, updated_at) VALUES ($1, $2, $3, $4)
			ON CONFLICT (key) DO UPDATE SET value = EXCLUDED.value, updated_by = EXCLUDED.updated_by, updated_at = EXCLUDED.updated_at`,
			c.Key, string(c.Value), c.Who, c.At)
		if err != nil {
			return err
		}
	}
	if len(reset) == 0 {
		return nil
	}
	_, err := db.Exec(ctx, tx, `DELETE FROM parley_settings WHERE key = ANY($1)`, reset)
	return err
}

// IsDatabase reports whether the value of MM_CONFIG names a database rather than a file.
func IsDatabase(mmConfig string) bool {
	return strings.HasPrefix(mmConfig, "postgres://") || strings.HasPrefix(mmConfig, "postgresql://")
}

// ReadMattermost returns the JSON of the configuration that Mattermost keeps in the database at dsn, for
// config.Options.DatabaseConfig. When the configuration names no database of its own, which is usual then,
// the data lies in this one: see config.Store.DatabaseURL. Nothing is written.
func ReadMattermost(ctx context.Context, dsn string) ([]byte, error) {
	shown := config.MaskDSN(dsn)
	d, err := db.Open(ctx, db.Options{URL: dsn, MaxOpen: 1})
	if err != nil {
		return nil, fmt.Errorf("MM_CONFIG %s: %w", shown, err)
	}
	defer d.Close()
	value, err := db.Value[string](ctx, d, `SELECT value FROM configurations WHERE active ORDER BY createat DESC LIMIT 1`)
	if errors.Is(err, db.ErrNotFound) {
		return nil, fmt.Errorf("MM_CONFIG %s: the table configurations has no active row; give a settings file with --config instead", shown)
	}
	if err != nil {
		return nil, fmt.Errorf("MM_CONFIG %s: reading the table configurations: %w", shown, err)
	}
	return []byte(value), nil
}
