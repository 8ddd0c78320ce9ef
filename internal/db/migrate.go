package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"github.com/parley-chat/parley/internal/db/migrations"
	"github.com/parley-chat/parley/internal/id"
)

// ErrUnknownSchema is what errors.Is finds in Migrate's refusal to touch a
// database whose schema it does not know. The error is a *SchemaError.
var ErrUnknownSchema = errors.New("db: the database has a schema that this version of Parley does not know")

// SchemaError says why a database was refused. Nothing in it was changed.
type SchemaError struct {
	Reason   string   // one sentence
	Versions []string // the ledger entries, or tables, that are not known
	Advice   string   // what to do
}

func (e *SchemaError) Error() string {
	s := e.Reason
	if len(e.Versions) > 0 {
		s += ": " + strings.Join(e.Versions, ", ")
	}
	return s + ". " + e.Advice
}

// Is makes errors.Is(err, ErrUnknownSchema) true.
func (e *SchemaError) Is(target error) bool { return target == ErrUnknownSchema }

// Report is the state of the schema.
type Report struct {
	Fresh   bool                 // no tables yet
	Last    int64                // the last version in db_migrations
	Missing []migrations.Version // of Mattermost's schema, in order
	Parley  []migrations.Version // of Parley's tables, in order
	Refused *SchemaError         // Migrate would refuse; nil when it would not
}

// Complete tells that Migrate has nothing to do.
func (r Report) Complete() bool {
	return !r.Fresh && r.Refused == nil && len(r.Missing) == 0 && len(r.Parley) == 0
}

// Check looks at the schema and changes nothing.
func (d *DB) Check(ctx context.Context) (Report, error) { return inspect(ctx, d) }

// Migrate brings the schema up to date: it creates it in an empty database
// with the rows a fresh one starts with, upgrades one that Mattermost 10.11 or
// later made, adds Parley's own tables, and refuses any other with a
// *SchemaError. One transaction under a lock does all of it; when there is
// nothing to do it costs one query.
func (d *DB) Migrate(ctx context.Context) error {
	if d.upToDate(ctx) {
		return nil
	}
	return d.Tx(ctx, func(tx *Tx) error {
		if err := tx.Lock(ctx, "parley_migrations"); err != nil {
			return err
		}
		r, err := inspect(ctx, tx)
		if err != nil {
			return err
		}
		if r.Refused != nil {
			return r.Refused
		}
		if r.Complete() {
			return nil
		}
		return apply(ctx, tx, r)
	})
}

// upToDate compares both ledgers as text, in one query. Any doubt, such as a
// missing table, leads to the full inspection.
func (d *DB) upToDate(ctx context.Context) bool {
	const entries = "SELECT string_agg(version || ' ' || name, ',' ORDER BY version) FROM "
	have, err := Value[string](ctx, d, "SELECT ("+entries+"db_migrations) || ';' || ("+entries+"parley_migrations)")
	return err == nil && have == joined(migrations.Versions())+";"+joined(versionsOf(migrations.Parley()))
}

func joined(list []migrations.Version) string {
	out := make([]string, len(list))
	for i, v := range list {
		out[i] = v.String()
	}
	return strings.Join(out, ",")
}

// configTables may stand alone in a database that keeps Mattermost's
// configuration; they don't make it somebody else's.
var configTables = map[string]bool{"configurations": true, "configurationfiles": true, "db_config_migrations": true}

func inspect(ctx context.Context, q Querier) (Report, error) {
	r := Report{}
	tables, err := tableNames(ctx, q)
	if err != nil {
		return r, err
	}
	own := migrations.Parley()
	if !tables["db_migrations"] {
		for t := range tables {
			if !configTables[t] {
				r.Refused = &SchemaError{Reason: "The database holds tables but no db_migrations, so it belongs to another program",
					Advice: "Use an empty database, or one that Mattermost made"}
				return r, nil
			}
		}
		r.Fresh, r.Missing, r.Parley = true, migrations.Versions(), versionsOf(own)
		return r, nil
	}
	have, err := ledger(ctx, q, "db_migrations")
	if err != nil {
		return r, err
	}
	compareMattermost(&r, have)
	if r.Refused != nil {
		return r, nil
	}
	var ours []migrations.Version
	if tables["parley_migrations"] {
		if ours, err = ledger(ctx, q, "parley_migrations"); err != nil {
			return r, err
		}
	}
	known := versionsOf(own)
	if unknown := beyond(ours, known); len(unknown) > 0 {
		r.Refused = &SchemaError{Reason: "A newer Parley has used this database", Versions: unknown,
			Advice: "Start that version of Parley or a later one"}
		return r, nil
	}
	r.Parley = known[len(ours):]
	return r, nil
}

// compareMattermost accepts a ledger that is a beginning of the known list,
// long enough to upgrade from.
func compareMattermost(r *Report, have []migrations.Version) {
	all := migrations.Versions()
	if unknown := beyond(have, all); len(unknown) > 0 {
		r.Refused = &SchemaError{Reason: "db_migrations holds versions that this Parley does not know", Versions: unknown,
			Advice: "Mattermost 10.11 to 11.6 databases can be opened; for a newer one use a newer Parley. Nothing was changed"}
		return
	}
	if len(have) > 0 {
		r.Last = have[len(have)-1].Number
	}
	if r.Last < migrations.Oldest {
		r.Refused = &SchemaError{Reason: fmt.Sprintf("The database's schema, version %d, is older than Mattermost 10.11", r.Last),
			Advice: "Start Mattermost 10.11 on it once, then Parley. Nothing was changed"}
		return
	}
	r.Missing = all[len(have):]
}

// beyond returns the entries of have from the first that differs from known.
func beyond(have, known []migrations.Version) []string {
	for i, v := range have {
		if i >= len(known) || v != known[i] {
			var out []string
			for _, u := range have[i:] {
				if !contains(known, u) {
					out = append(out, u.String())
				}
			}
			if len(out) == 0 {
				out = []string{"(missing) " + known[i].String()}
			}
			return out
		}
	}
	return nil
}

func contains(list []migrations.Version, v migrations.Version) bool {
	for _, k := range list {
		if k == v {
			return true
		}
	}
	return false
}

func versionsOf(steps []migrations.Step) []migrations.Version {
	out := make([]migrations.Version, len(steps))
	for i, s := range steps {
		out[i] = s.Version
	}
	return out
}

func tableNames(ctx context.Context, q Querier) (map[string]bool, error) {
	// The catalogs differ. What an extension installed doesn't count.
	query := `SELECT c.relname FROM pg_class c WHERE c.relnamespace = CAST(current_schema() AS regnamespace)
		AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT EXISTS (SELECT 1 FROM pg_depend d
			WHERE d.classid = CAST('pg_class' AS regclass) AND d.objid = c.oid AND d.deptype = 'e')
		ORDER BY 1 LIMIT 10000`
	if q.SQLite() {
		query = `SELECT name FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite\_%' ESCAPE '\' LIMIT 10000`
	}
	names, err := List(ctx, q, One[string], query)
	set := map[string]bool{}
	for _, n := range names {
		set[n] = true
	}
	return set, err
}

func ledger(ctx context.Context, q Querier, table string) ([]migrations.Version, error) {
	return List(ctx, q, func(r Row) (v migrations.Version, err error) {
		err = r.Scan(&v.Number, &v.Name)
		return v, err
	}, "SELECT version, name FROM "+table+" ORDER BY version LIMIT 10000")
}

const parleyLedger = `CREATE TABLE IF NOT EXISTS parley_migrations (
    version BIGINT NOT NULL,
    name VARCHAR(255) NOT NULL,
    applied_at BIGINT NOT NULL,
    CONSTRAINT parley_migrations_pkey PRIMARY KEY (version)
)`

func apply(ctx context.Context, tx *Tx, r Report) error {
	if r.Fresh {
		if err := tx.script(ctx, migrations.Baseline(tx.SQLite())); err != nil {
			return fmt.Errorf("db: create the schema: %w", err)
		}
	} else if err := upgrade(ctx, tx, r.Last); err != nil {
		return err
	}
	if err := tx.script(ctx, parleyLedger); err != nil {
		return err
	}
	// First contact with this database, or a schema that grew.
	if len(r.Missing) > 0 || len(r.Parley) == len(migrations.Parley()) {
		if err := seed(ctx, tx); err != nil {
			return fmt.Errorf("db: fill in the first rows: %w", err)
		}
	}
	for _, s := range migrations.Parley()[len(migrations.Parley())-len(r.Parley):] {
		if s.For(tx.SQLite()) {
			if err := tx.script(ctx, s.SQL); err != nil {
				return fmt.Errorf("db: parley migration %s: %w", s.Version, err)
			}
		}
		if _, err := tx.Exec(ctx, "INSERT INTO parley_migrations (version, name, applied_at) VALUES ($1, $2, $3)",
			s.Number, s.Name, id.Now()); err != nil {
			return err
		}
	}
	return nil
}

func upgrade(ctx context.Context, tx *Tx, last int64) error {
	for _, s := range migrations.Upgrade() {
		if s.Number <= last {
			continue
		}
		if err := tx.script(ctx, s.SQL); err != nil {
			return fmt.Errorf("db: migration %s: %w", s.Version, err)
		}
		if _, err := tx.Exec(ctx, "INSERT INTO db_migrations (version, name) VALUES ($1, $2)", s.Number, s.Name); err != nil {
			return err
		}
	}
	return nil
}

// script runs several statements without parameters as one text.
func (t *Tx) script(ctx context.Context, text string) (err error) {
	if err := t.ready(ctx); err != nil {
		return err
	}
	count(ctx)
	var c interface {
		ExecContext(context.Context, string, ...any) (sql.Result, error)
	} = t.pg
	if t.lite != nil {
		c, ctx = t.lite.conn, context.Background()
	}
	_, err = c.ExecContext(ctx, text)
	t.note(err)
	return err
}
