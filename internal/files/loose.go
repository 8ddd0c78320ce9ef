package files

import (
	"context"
	"time"

	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/jobs"
)

const (
	// uploadTime is how long an upload may take, and looseTime how long its
	// blobs are then kept without a row: whatever comes later finds them gone
	// and fails, rather than naming a file that isn't there.
	uploadTime = 12 * time.Hour
	looseTime  = 24 * time.Hour

	sweepEvery = time.Hour
	sweepBatch = 500
)

// loosen notes that blobs have no row, and may be removed after a time.
func loosen(ctx context.Context, q db.Querier, names []string, after time.Duration) error {
	at := id.Now() + after.Milliseconds()
	for _, name := range names {
		if _, err := db.Exec(ctx, q, `INSERT INTO parley_loose_blobs (path, removeat) VALUES ($1, $2)
			ON CONFLICT (path) DO UPDATE SET removeat = excluded.removeat`, name, at); err != nil {
			return err
		}
	}
	return nil
}

// keep takes blobs off the list, in the transaction that names them.
func keep(ctx context.Context, tx *db.Tx, names []string) error {
	n, err := tx.Exec(ctx, `DELETE FROM parley_loose_blobs WHERE path = ANY($1)`, names)
	if err == nil && n != int64(len(names)) {
		err = fault.Unavailable("api.file.write_file.app_error") // it took so long that they were swept
	}
	return err
}

// drop removes loose blobs now. What can't be removed stays on the list.
func (f *Files) drop(ctx context.Context, names []string) {
	ctx = context.WithoutCancel(ctx)
	var gone []string
	for _, name := range names {
		if err := f.blobs.Delete(ctx, name); err != nil {
			f.log.Warn("a file could not be removed; it will be tried again", "path", name, "error", err)
			continue
		}
		gone = append(gone, name)
	}
	if _, err := f.db.Exec(ctx, `DELETE FROM parley_loose_blobs WHERE path = ANY($1)`, gone); err != nil {
		f.log.Warn("removed files are still on the list of loose ones", "error", err)
	}
}

// sweep removes what unfinished uploads and removed posts have left.
func (f *Files) sweep(ctx context.Context, _ *jobs.Job) error {
	if err := f.blobs.Sweep(ctx, looseTime); err != nil {
		return err
	}
	if err := f.sweepSessions(ctx); err != nil {
		return err
	}
	after := ""
	for {
		names, err := db.List(ctx, f.db, db.One[string], `SELECT path FROM parley_loose_blobs WHERE removeat <= $1 AND path > $2
			ORDER BY path LIMIT $3`, id.Now(), after, sweepBatch)
		if err != nil || len(names) == 0 {
			return err
		}
		f.drop(ctx, names)
		after = names[len(names)-1]
	}
}
