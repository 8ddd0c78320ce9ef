package drafts

import (
	"context"

	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
)

const scheduledColumns = `s.id, coalesce(s.createat,0), coalesce(s.updateat,0), s.userid, s.channelid, coalesce(s.rootid,''),
	coalesce(s.message,''), coalesce(s.type,''), s.props, s.fileids, s.priority, s.scheduledat, coalesce(s.processedat,0),
	coalesce(s.errorcode,''), coalesce(r.recurrence,''), coalesce(r.timezone,'')`

const scheduledFrom = ` FROM scheduledposts s LEFT JOIN parley_scheduled r ON r.id = s.id `

func scanScheduled(r db.Row) (*model.ScheduledPost, error) {
	m := &model.ScheduledPost{}
	return m, r.Scan(&m.ID, &m.CreateAt, &m.UpdateAt, &m.UserID, &m.ChannelID, &m.RootID, &m.Message, &m.Type,
		db.ScanJSON(&m.Props), db.ScanJSON(&m.FileIDs), db.ScanJSON(&m.Priority), &m.ScheduledAt, &m.ProcessedAt,
		&m.ErrorCode, &m.Recurrence, &m.TimeZone)
}

func (d *Drafts) oneScheduled(ctx context.Context, scheduledID string) (*model.ScheduledPost, error) {
	return db.Get(ctx, d.db, scanScheduled, `SELECT `+scheduledColumns+scheduledFrom+`WHERE s.id = $1`, scheduledID)
}

// listScheduled returns what a user has scheduled in the channels of a team, or
// in conversations ("") and in channels that are gone, the next first.
func (d *Drafts) listScheduled(ctx context.Context, userID, teamID string) ([]*model.ScheduledPost, error) {
	return db.List(ctx, d.db, scanScheduled, `SELECT `+scheduledColumns+scheduledFrom+`LEFT JOIN channels c ON c.id = s.channelid
		WHERE s.userid = $1 AND coalesce(c.teamid,'') = $2 ORDER BY s.scheduledat, s.id LIMIT $3`, userID, teamID, maxList)
}

func (d *Drafts) insertScheduled(ctx context.Context, m *model.ScheduledPost) error {
	return d.db.Tx(ctx, func(tx *db.Tx) error {
		if err := tx.Lock(ctx, "scheduled."+m.UserID); err != nil {
			return err
		}
		n, err := db.Value[int64](ctx, tx, `SELECT count(*) FROM scheduledposts WHERE userid = $1`, m.UserID)
		if err != nil {
			return err
		}
		if n >= maxScheduled {
			return errTooMany
		}
		if _, err := tx.Exec(ctx, `INSERT INTO scheduledposts (id, createat, updateat, userid, channelid, rootid, message, type, props,
				fileids, priority, scheduledat, processedat, errorcode)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 0, '')`, m.ID, m.CreateAt, m.UpdateAt, m.UserID, m.ChannelID,
			m.RootID, m.Message, m.Type, object(m.Props), list(m.FileIDs), object(m.Priority), m.ScheduledAt); err != nil {
			return err
		}
		return putDue(ctx, tx, m)
	})
}

// putDue has a message sent at its time. Its recurrence is counted from there,
// unless only the text changed: the 31st stays the 31st after a short month.
func putDue(ctx context.Context, tx *db.Tx, m *model.ScheduledPost) error {
	_, err := tx.Exec(ctx, `INSERT INTO parley_scheduled (id, dueat, leaseuntil, tries, recurrence, timezone, anchorat)
		VALUES ($1, $2, 0, 0, $3, $4, $2) ON CONFLICT (id) DO UPDATE SET dueat = excluded.dueat, tries = 0,
		recurrence = excluded.recurrence, timezone = excluded.timezone, anchorat = CASE WHEN parley_scheduled.dueat = excluded.dueat
			AND parley_scheduled.recurrence = excluded.recurrence THEN parley_scheduled.anchorat ELSE excluded.anchorat END`,
		m.ID, m.ScheduledAt, m.Recurrence, m.TimeZone)
	return err
}

// free takes the row that says when a message is due; db.ErrNotFound when the
// message is being sent. It locks the row against who would begin to.
func free(ctx context.Context, tx *db.Tx, scheduledID string) error {
	if err := tx.Lock(ctx, "scheduled."+scheduledID); err != nil {
		return err
	}
	leased, err := db.Value[bool](ctx, tx, `SELECT EXISTS (SELECT 1 FROM parley_scheduled WHERE id = $1 AND leaseuntil > $2)`, scheduledID, id.Now())
	if err == nil && leased {
		err = db.ErrNotFound
	}
	return err
}

// updateScheduled replaces a message; db.ErrNotFound when it is gone or being sent.
func (d *Drafts) updateScheduled(ctx context.Context, m *model.ScheduledPost) error {
	return d.db.Tx(ctx, func(tx *db.Tx) error {
		if err := free(ctx, tx, m.ID); err != nil {
			return err
		}
		n, err := tx.Exec(ctx, `UPDATE scheduledposts SET updateat = $2, message = $3, type = $4, props = $5, fileids = $6, priority = $7,
			scheduledat = $8, processedat = 0, errorcode = '' WHERE id = $1`, m.ID, m.UpdateAt, m.Message, m.Type, object(m.Props),
			list(m.FileIDs), object(m.Priority), m.ScheduledAt)
		if err == nil && n == 0 {
			err = db.ErrNotFound
		}
		if err != nil {
			return err
		}
		return putDue(ctx, tx, m)
	})
}

// deleteScheduledRow removes a message; db.ErrNotFound when it is gone or being sent.
func (d *Drafts) deleteScheduledRow(ctx context.Context, scheduledID string) error {
	return d.db.Tx(ctx, func(tx *db.Tx) error {
		if err := free(ctx, tx, scheduledID); err != nil {
			return err
		}
		n, err := tx.Exec(ctx, `DELETE FROM scheduledposts WHERE id = $1`, scheduledID)
		if err == nil && n == 0 {
			err = db.ErrNotFound
		}
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `DELETE FROM parley_scheduled WHERE id = $1`, scheduledID)
		return err
	})
}

// due is a message to be sent.
type due struct {
	id               string
	dueAt, anchor    int64
	tries            int
	recurrence, zone string
}

// pending returns what is due and nobody is sending, the oldest first.
func (d *Drafts) pending(ctx context.Context, now int64, limit int) ([]due, error) {
	return db.List(ctx, d.db, func(r db.Row) (m due, err error) {
		err = r.Scan(&m.id, &m.dueAt, &m.tries, &m.recurrence, &m.zone, &m.anchor)
		return m, err
	}, `SELECT id, dueat, tries, recurrence, timezone, anchorat FROM parley_scheduled
		WHERE dueat <= $1 AND leaseuntil <= $2 ORDER BY dueat LIMIT $3`, now, id.Now(), limit)
}

// claim leases a message to this server; false when another has it, or it was
// changed since it was read.
func (d *Drafts) claim(ctx context.Context, m due) (ok bool, err error) {
	err = d.db.Tx(ctx, func(tx *db.Tx) error {
		if err := tx.Lock(ctx, "scheduled."+m.id); err != nil {
			return err
		}
		now := id.Now()
		n, err := tx.Exec(ctx, `UPDATE parley_scheduled SET leaseuntil = $3, tries = tries + 1
			WHERE id = $1 AND dueat = $2 AND leaseuntil <= $4`, m.id, m.dueAt, now+leaseTime.Milliseconds(), now)
		ok = n > 0
		return err
	})
	return ok, err
}

// finish notes that a message was sent: it is gone, or due again at next.
func (d *Drafts) finish(ctx context.Context, scheduledID string, next int64) error {
	return d.db.Tx(ctx, func(tx *db.Tx) error {
		if next > 0 {
			if _, err := tx.Exec(ctx, `UPDATE scheduledposts SET scheduledat = $2, updateat = $3 WHERE id = $1`, scheduledID, next, id.Now()); err != nil {
				return err
			}
			_, err := tx.Exec(ctx, `UPDATE parley_scheduled SET dueat = $2, leaseuntil = 0, tries = 0 WHERE id = $1`, scheduledID, next)
			return err
		}
		if _, err := tx.Exec(ctx, `DELETE FROM scheduledposts WHERE id = $1`, scheduledID); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `DELETE FROM parley_scheduled WHERE id = $1`, scheduledID)
		return err
	})
}

// fail notes why a message can't be sent. How often it was to be sent is kept,
// for when its author tries again: such a row is due never.
func (d *Drafts) fail(ctx context.Context, m *model.ScheduledPost) error {
	return d.db.Tx(ctx, func(tx *db.Tx) error {
		if _, err := tx.Exec(ctx, `UPDATE scheduledposts SET errorcode = $2, processedat = $3, updateat = $3 WHERE id = $1`,
			m.ID, m.ErrorCode, m.ProcessedAt); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `UPDATE parley_scheduled SET dueat = $2, leaseuntil = 0 WHERE id = $1`, m.ID, never)
		return err
	})
}

// again gives a message back to be tried later.
func (d *Drafts) again(ctx context.Context, m due, at int64) error {
	_, err := d.db.Exec(ctx, `UPDATE parley_scheduled SET leaseuntil = $2 WHERE id = $1`, m.id, at)
	return err
}

// adopt has messages sent that another server of this database scheduled, and
// forgets those that it sent or changed.
func (d *Drafts) adopt(ctx context.Context) error {
	return d.db.Tx(ctx, func(tx *db.Tx) error {
		if _, err := tx.Exec(ctx, `DELETE FROM parley_scheduled WHERE NOT EXISTS
			(SELECT 1 FROM scheduledposts s WHERE s.id = parley_scheduled.id)`); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `UPDATE parley_scheduled SET dueat = $1 WHERE dueat <> $1 AND EXISTS (SELECT 1 FROM scheduledposts s
			WHERE s.id = parley_scheduled.id AND coalesce(s.errorcode,'') <> '')`, never); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `INSERT INTO parley_scheduled (id, dueat, leaseuntil, tries, recurrence, timezone, anchorat)
			SELECT s.id, s.scheduledat, 0, 0, '', '', s.scheduledat FROM scheduledposts s
			WHERE coalesce(s.errorcode,'') = '' AND NOT EXISTS (SELECT 1 FROM parley_scheduled r WHERE r.id = s.id)`)
		return err
	})
}
