package cli

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/parley-chat/parley/internal/blob"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/server"
)

type adoptCommand struct {
	where
	Check bool `help:"${adopt_check}"`
}

// Run looks at an installation of Mattermost, says what will work here and how
// to go back, and, without --check, brings its database up to date.
func (c *adoptCommand) Run(s *session) error {
	d := &doctor{s: s, where: c.where, about: "adopt."}
	cfg, base, err := c.database(s)
	if err != nil {
		return err
	}
	if base == nil {
		return s.problem("no_database", "Data", c.Data)
	}
	defer func() { _ = base.Close() }()
	d.cfg = cfg
	if d.adoptable(s.ctx, base); d.worst == wrong {
		return errors.Join(d.err, errUnwell)
	}
	for _, look := range []func(context.Context, *db.DB){d.people, d.later, d.plugins, d.stored} {
		look(s.ctx, base)
	}
	d.tell(fine, "way_back")
	switch {
	case d.err != nil:
		return d.err
	case d.worst == wrong:
		return errUnwell
	case c.Check:
		return s.say("adopt.next")
	}
	if err := base.Migrate(s.ctx); err != nil {
		return err
	}
	return s.say("adopt.done")
}

// adoptable looks at the schema.
func (d *doctor) adoptable(ctx context.Context, base *db.DB) {
	r, err := base.Check(ctx)
	switch {
	case err != nil:
		d.tell(wrong, "database", "Error", err)
	case r.Refused != nil:
		d.tell(wrong, "refused", "Error", r.Refused)
	case r.Fresh:
		d.tell(wrong, "empty")
	case len(r.Missing) > 0:
		d.tell(doubtful, "older", "Last", r.Last, "Steps", len(r.Missing), "Names", names(r.Missing))
	default:
		d.tell(fine, "schema", "Last", r.Last)
	}
}

func (d *doctor) count(ctx context.Context, base *db.DB, sql string) int64 {
	n, err := db.Value[int64](ctx, base, sql)
	if err != nil {
		d.tell(wrong, "database", "Error", err)
	}
	return n
}

// people counts what comes along.
func (d *doctor) people(ctx context.Context, base *db.DB) {
	d.tell(fine, "counts",
		"Users", d.count(ctx, base, `SELECT count(*) FROM users WHERE deleteat = 0`),
		"Teams", d.count(ctx, base, `SELECT count(*) FROM teams WHERE deleteat = 0`),
		"Channels", d.count(ctx, base, `SELECT count(*) FROM channels WHERE deleteat = 0`),
		"Posts", d.count(ctx, base, `SELECT coalesce(CAST(sum(totalmsgcount) AS bigint), 0) FROM channels`),
		"Files", d.count(ctx, base, `SELECT count(*) FROM fileinfo WHERE deleteat = 0`))
	if n := d.count(ctx, base, `SELECT count(*) FROM users WHERE deleteat = 0 AND coalesce(authservice,'') <> ''`); n > 0 {
		d.tell(doubtful, "sign_on", "Users", n)
	}
}

// later counts what waits for a later version, whose rows are left as they are.
func (d *doctor) later(ctx context.Context, base *db.DB) {
	for _, one := range []struct{ key, sql string }{
		{"webhooks", `SELECT (SELECT count(*) FROM incomingwebhooks WHERE deleteat = 0) + (SELECT count(*) FROM outgoingwebhooks WHERE deleteat = 0)`},
		{"commands", `SELECT count(*) FROM commands WHERE deleteat = 0`},
		{"oauth", `SELECT count(*) FROM oauthapps`},
	} {
		if n := d.count(ctx, base, one.sql); n > 0 {
			d.tell(doubtful, one.key, "Count", n)
		}
	}
}

// plugins names what no Parley reads.
func (d *doctor) plugins(ctx context.Context, base *db.DB) {
	kept := d.count(ctx, base, `SELECT count(*) FROM pluginkeyvaluestore`)
	ids, err := db.List(ctx, base, db.One[string], `SELECT DISTINCT pluginid FROM pluginkeyvaluestore ORDER BY pluginid LIMIT 100`)
	if err != nil {
		d.tell(wrong, "database", "Error", err)
		return
	}
	if kept > 0 {
		d.tell(doubtful, "plugins", "Rows", kept, "Names", strings.Join(ids, ", "))
	}
}

// someFiles are looked for in the store: the newest, and some by chance.
const someFiles = 200

// stored looks whether files lie where their rows say.
func (d *doctor) stored(ctx context.Context, base *db.DB) {
	paths, err := db.List(ctx, base, db.One[string], `SELECT path FROM fileinfo WHERE deleteat = 0 AND path <> '' ORDER BY createat DESC LIMIT $1`, someFiles)
	if err == nil {
		var oldest []string
		oldest, err = db.List(ctx, base, db.One[string], `SELECT path FROM fileinfo WHERE deleteat = 0 AND path <> '' ORDER BY createat LIMIT $1`, someFiles)
		paths = append(paths, oldest...)
	}
	if err != nil {
		d.tell(wrong, "database", "Error", err)
		return
	}
	if len(paths) == 0 {
		return
	}
	slices.Sort(paths)
	paths = slices.Compact(paths)
	store, err := server.OpenBlobs(d.where.options(d.s), d.cfg)
	if err != nil {
		d.tell(wrong, "store", "Error", err)
		return
	}
	defer func() { _ = store.Close() }()
	missing, err := gone(ctx, store, paths)
	switch {
	case err != nil:
		d.tell(wrong, "store", "Error", err)
	case missing == len(paths):
		d.tell(wrong, "no_files", "Count", len(paths), "First", paths[0])
	case missing > 0:
		d.tell(doubtful, "some_files", "Missing", missing, "Count", len(paths))
	default:
		d.tell(fine, "files", "Count", len(paths))
	}
}

func gone(ctx context.Context, store blob.Store, paths []string) (missing int, err error) {
	for _, path := range paths {
		there, err := store.Exists(ctx, path)
		if err != nil {
			return missing, err
		}
		if !there {
			missing++
		}
	}
	return missing, nil
}
