package cli

import (
	"strings"

	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/db/migrations"
	"github.com/parley-chat/parley/internal/server"
)

type migrateCommand struct{ where }

// Run brings the schema up to date, as serve does when it starts.
func (c *migrateCommand) Run(s *session) error {
	_, d, err := server.OpenDatabase(s.ctx, c.options(s))
	if err != nil {
		return err
	}
	defer func() { _ = d.Close() }()
	before, err := d.Check(s.ctx)
	if err != nil {
		return err
	}
	if err := d.Migrate(s.ctx); err != nil {
		return err
	}
	if before.Complete() {
		return s.say("schema_current", "Engine", engine(d))
	}
	return s.say("schema_migrated", "Engine", engine(d))
}

type checkCommand struct{ where }

// Run says whether the schema is current; the exit code does too. Nothing is
// changed.
func (c *checkCommand) Run(s *session) error {
	_, d, err := c.database(s)
	if err != nil {
		return err
	}
	if d == nil {
		return s.problem("no_database", "Data", c.Data)
	}
	defer func() { _ = d.Close() }()
	r, err := d.Check(s.ctx)
	switch {
	case err != nil:
		return err
	case r.Refused != nil:
		return r.Refused
	case r.Complete():
		return s.say("schema_current", "Engine", engine(d))
	case r.Fresh:
		err = s.say("schema_empty", "Engine", engine(d))
	default:
		err = s.say("schema_behind", "Engine", engine(d), "Steps", names(append(r.Missing, r.Parley...)))
	}
	if err != nil {
		return err
	}
	return errUnwell
}

func engine(d *db.DB) string {
	if d.SQLite() {
		return "SQLite"
	}
	return "PostgreSQL"
}

func names(list []migrations.Version) string {
	out := make([]string, len(list))
	for i, v := range list {
		out[i] = v.Name
	}
	return strings.Join(out, ", ")
}
