package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/parley-chat/parley/internal/config"
	"github.com/parley-chat/parley/internal/db"
)

type upgradePlanCommand struct {
	where
	To int `help:"${upgrade_to}" default:"17" placeholder:"VERSION"`
}

// estate is what a plan is about.
type estate struct {
	version  int   // of PostgreSQL
	bytes    int64 // of the database
	rows     int64 // about
	rate     float64
	database string // its address without the password
}

// Run says, step by step, how a host whose database is a service of Docker Compose
// comes to another major version of PostgreSQL, and for how long nobody can write.
// It changes nothing.
func (c *upgradePlanCommand) Run(s *session) error {
	_, d, err := c.database(s)
	if err == nil && d == nil {
		err = s.problem("no_database", "Data", c.Data)
	}
	if err != nil {
		return err
	}
	defer func() { _ = d.Close() }()
	if d.SQLite() {
		return s.say("plan_sqlite")
	}
	e, err := survey(s.ctx, d)
	if err != nil {
		return err
	}
	if e.version >= c.To {
		return s.say("plan_there", "Version", e.version, "To", c.To)
	}
	// Copying writes, and compares afterwards: each about as long as reading.
	stop := time.Duration(3 * float64(e.rows) / max(e.rate, 1) * float64(time.Second))
	stop = max(stop.Round(time.Minute), time.Minute)
	words := []any{"Version", e.version, "To", c.To, "MB", max(e.bytes/1_000_000, 1), "Rows", e.rows, "Minutes", int(stop.Minutes()), "Database", e.database}
	for _, key := range []string{"plan_now", "plan_backup", "plan_service", "plan_start", "plan_stop", "plan_copy", "plan_switch", "plan_after"} {
		if _, err := io.WriteString(s.out, s.text(key, words...)+"\n\n"); err != nil {
			return err
		}
	}
	return nil
}

// surveyTime is how long rows are read to see how fast that goes.
const surveyTime = 3 * time.Second

func survey(ctx context.Context, d *db.DB) (estate, error) {
	e := estate{database: config.MaskDSN(d.Options().URL)}
	for to, sql := range map[*int64]string{
		&e.bytes: `SELECT pg_database_size(current_database())`,
		&e.rows: `SELECT CAST(coalesce(sum(greatest(c.reltuples, 0)), 0) AS bigint) FROM pg_class c
			WHERE c.relkind = 'r' AND c.relnamespace = to_regnamespace(current_schema())`,
	} {
		n, err := db.Value[int64](ctx, d, sql)
		if err != nil {
			return e, err
		}
		*to = n
	}
	version, err := db.Value[int64](ctx, d, `SELECT CAST(current_setting('server_version_num') AS bigint) / 10000`)
	if err != nil {
		return e, err
	}
	e.version = int(version)
	e.rate, err = readRate(ctx, d)
	return e, err
}

// readRate is how many messages a second can be read whole. Few tell nothing, so
// that a small database is said to be read fast.
func readRate(ctx context.Context, d *db.DB) (float64, error) {
	began := time.Now()
	bounded, cancel := context.WithTimeout(ctx, surveyTime)
	defer cancel()
	const most = 200_000
	rows, err := db.Value[int64](bounded, d, fmt.Sprintf(`SELECT count(*) FROM (SELECT md5(CAST(p.* AS text)) AS sum FROM posts p LIMIT %d) x WHERE sum <> ''`, most))
	if err != nil && ctx.Err() == nil && errors.Is(bounded.Err(), context.DeadlineExceeded) {
		return float64(most) / 10 / surveyTime.Seconds(), nil // a tenth at least was read in that time
	}
	return max(float64(rows)/max(time.Since(began).Seconds(), 0.001), 5000), err
}
