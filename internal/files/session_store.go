package files

import (
	"context"
	"errors"
	"time"

	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
)

const sessionColumns = `id, coalesce(CAST(type AS text),''), coalesce(createat,0), coalesce(userid,''), coalesce(channelid,''), coalesce(filename,''),
	coalesce(path,''), coalesce(filesize,0), coalesce(fileoffset,0), coalesce(remoteid,''), coalesce(reqfileid,'')`

func scanSession(r db.Row) (*model.UploadSession, error) {
	u := &model.UploadSession{}
	return u, r.Scan(&u.ID, &u.Type, &u.CreateAt, &u.UserID, &u.ChannelID, &u.Filename, &u.Path, &u.FileSize, &u.FileOffset, &u.RemoteID, &u.ReqFileID)
}

func (f *Files) session(ctx context.Context, uploadID string) (*model.UploadSession, error) {
	us, err := db.Get(ctx, f.db, scanSession, `SELECT `+sessionColumns+` FROM uploadsessions WHERE id = $1`, uploadID)
	if errors.Is(err, db.ErrNotFound) {
		return nil, errNoSession
	}
	return us, err
}

func (f *Files) sessionsOf(ctx context.Context, userID string) ([]*model.UploadSession, error) {
	return db.List(ctx, f.db, scanSession, `SELECT `+sessionColumns+` FROM uploadsessions WHERE userid = $1 ORDER BY createat, id LIMIT $2`, userID, maxSessions)
}

func (f *Files) insertSession(ctx context.Context, us *model.UploadSession) error {
	return f.db.Tx(ctx, func(tx *db.Tx) error {
		if err := tx.Lock(ctx, "uploads."+us.UserID); err != nil {
			return err
		}
		n, err := db.Value[int64](ctx, tx, `SELECT count(*) FROM uploadsessions WHERE userid = $1`, us.UserID)
		if err != nil {
			return err
		}
		if n >= maxSessions {
			return fault.TooMany("api.context.rate_limited.app_error")
		}
		_, err = tx.Exec(ctx, `INSERT INTO uploadsessions (id, type, createat, userid, channelid, filename, path, filesize, fileoffset, remoteid, reqfileid)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, '', '')`, us.ID, us.Type, us.CreateAt, us.UserID, us.ChannelID, us.Filename, us.Path, us.FileSize)
		return err
	})
}

// insertPart adds n bytes to a session, unless it has got on meanwhile.
func (f *Files) insertPart(ctx context.Context, us *model.UploadSession, name string, n int64) error {
	err := f.db.Tx(ctx, func(tx *db.Tx) error {
		changed, err := tx.Exec(ctx, `UPDATE uploadsessions SET fileoffset = $3 WHERE id = $1 AND fileoffset = $2`, us.ID, us.FileOffset, us.FileOffset+n)
		if err != nil {
			return err
		}
		if changed == 0 {
			return errConcurrent
		}
		count, err := db.Value[int64](ctx, tx, `SELECT count(*) FROM parley_upload_parts WHERE uploadid = $1`, us.ID)
		if err != nil {
			return err
		}
		if count >= maxParts {
			return fault.Invalid("app.upload.upload_data.first_part_too_small.app_error")
		}
		if err := keep(ctx, tx, []string{name}); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `INSERT INTO parley_upload_parts (uploadid, startat, path) VALUES ($1, $2, $3)`, us.ID, us.FileOffset, name)
		return err
	})
	if err == nil {
		us.FileOffset += n
	}
	return err
}

// parts are the names of a session's blobs, in their order.
func (f *Files) parts(ctx context.Context, uploadID string) ([]string, error) {
	return db.List(ctx, f.db, db.One[string], `SELECT path FROM parley_upload_parts WHERE uploadid = $1 ORDER BY startat LIMIT $2`, uploadID, maxParts)
}

// endSession removes a session. Its parts are loose from then on.
func endSession(ctx context.Context, tx *db.Tx, uploadID string, parts []string) error {
	n, err := tx.Exec(ctx, `DELETE FROM uploadsessions WHERE id = $1`, uploadID)
	if err != nil {
		return err
	}
	if n == 0 {
		return errNoSession // another request has finished it
	}
	if _, err := tx.Exec(ctx, `DELETE FROM parley_upload_parts WHERE uploadid = $1`, uploadID); err != nil {
		return err
	}
	return loosen(ctx, tx, parts, 0)
}

// sessionTime is how long an upload in parts may take.
const sessionTime = 7 * 24 * time.Hour

// sweepSessions ends the uploads that nobody has finished.
func (f *Files) sweepSessions(ctx context.Context) error {
	old, err := db.List(ctx, f.db, db.One[string], `SELECT id FROM uploadsessions WHERE createat < $1 ORDER BY createat LIMIT $2`,
		id.Now()-sessionTime.Milliseconds(), sweepBatch)
	if err != nil {
		return err
	}
	for _, uploadID := range old {
		parts, err := f.parts(ctx, uploadID)
		if err != nil {
			return err
		}
		err = f.db.Tx(ctx, func(tx *db.Tx) error { return endSession(ctx, tx, uploadID, parts) })
		if err != nil && !errors.Is(err, errNoSession) {
			return err
		}
	}
	return nil
}
