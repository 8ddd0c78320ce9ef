package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
)

func (d *DB) openPostgres() (err error) {
	if d.pg, err = d.pgPool(d.opts.URL); err != nil {
		return err
	}
	for _, u := range d.opts.Replicas {
		p, err := d.pgPool(u)
		if err != nil {
			return err
		}
		d.replicas = append(d.replicas, p)
	}
	return nil
}

// pgPool makes a pool that connects when it is first used.
func (d *DB) pgPool(url string) (*sql.DB, error) {
	if !isPostgresURL(url) {
		return nil, errors.New("db: the data source must start with postgres:// or with sqlite: and a path")
	}
	cfg, err := pgx.ParseConfig(url)
	if err != nil {
		return nil, fmt.Errorf("db: data source: %w", err)
	}
	// Settings of another Go driver that data sources in the wild carry; the
	// server would refuse them as unknown run-time parameters.
	delete(cfg.RuntimeParams, "binary_parameters")
	delete(cfg.RuntimeParams, "disable_prepared_binary_result")
	if cfg.ConnectTimeout == 0 {
		cfg.ConnectTimeout = 10 * time.Second
	}
	cfg.StatementCacheCapacity = 256
	pool := stdlib.OpenDB(*cfg, stdlib.OptionAfterConnect(trustIndexes))
	pool.SetMaxOpenConns(orDefault(d.opts.MaxOpen, 100))
	pool.SetMaxIdleConns(orDefault(d.opts.MaxIdle, 10))
	pool.SetConnMaxLifetime(orDefault(d.opts.ConnMaxLifetime, time.Hour))
	pool.SetConnMaxIdleTime(orDefault(d.opts.ConnMaxIdleTime, 5*time.Minute))
	return pool, nil
}

// trustIndexes tells the planner that reading a page out of order costs about
// as much as reading it in order, which holds for memory and solid disks. With
// the default it walks all posts back in time to find the newest sixty
// of one channel, instead of using the index made for that.
func trustIndexes(ctx context.Context, c *pgx.Conn) error {
	_, err := c.Exec(ctx, "SET random_page_cost = 1.1")
	return err
}

func orDefault[T int | time.Duration](v, or T) T {
	if v <= 0 {
		return or
	}
	return v
}

// pgConn is what a pool and a transaction have in common.
type pgConn interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
}

func pgExec(ctx context.Context, c pgConn, query string, args []any) (int64, error) {
	args, err := arguments(args, false)
	if err != nil {
		return 0, err
	}
	count(ctx)
	res, err := c.ExecContext(ctx, query, args...)
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}

func pgRun(ctx context.Context, c pgConn, query string, args []any, each func(*sql.Rows) error) error {
	args, err := arguments(args, false)
	if err != nil {
		return err
	}
	count(ctx)
	rows, err := c.QueryContext(ctx, query, args...)
	if err != nil {
		return err
	}
	err = each(rows)
	if cerr := rows.Close(); err == nil {
		err = cerr
	}
	return err
}

func pgStream(ctx context.Context, c pgConn, query string, args []any) (*Rows, error) {
	args, err := arguments(args, false)
	if err != nil {
		return nil, err
	}
	count(ctx)
	rows, err := c.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	return &Rows{Rows: rows}, nil
}
