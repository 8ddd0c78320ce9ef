package access

import (
	"context"
	"errors"
	"maps"

	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/model"
)

// endOthersOnDevice ends the user's other sessions on the device of s: an app
// that signs in anew has left them behind.
func (a *Access) endOthersOnDevice(ctx context.Context, tx *db.Tx, s *model.Session) error {
	if s.DeviceID == "" {
		return nil
	}
	others, err := db.List(ctx, tx, scanSession, `SELECT `+sessionColumns+` FROM sessions s
		WHERE s.userid = $1 AND s.deviceid = $2 AND s.id <> $3 LIMIT $4`, s.UserID, s.DeviceID, s.ID, model.SessionsMaxPerUser)
	if err != nil {
		return err
	}
	return a.endSessions(ctx, tx, others)
}

// DeviceChange is what an app tells of the device that it runs on.
type DeviceChange struct {
	DeviceID string            // "" leaves it as it is
	Props    map[string]string // added to the session's
}

// AttachDevice notes the device of a session, which lives as long as an app's
// from then on, and returns the session as it is now.
func (a *Access) AttachDevice(ctx context.Context, sessionID string, c DeviceChange) (*model.Session, error) {
	var s *model.Session
	err := a.db.Tx(ctx, func(tx *db.Tx) error {
		if err := tx.Lock(ctx, "session "+sessionID); err != nil {
			return err
		}
		var err error
		if s, err = db.Get(ctx, tx, scanSession, `SELECT `+sessionColumns+` FROM sessions s WHERE s.id = $1`, sessionID); err != nil {
			return err
		}
		if c.DeviceID != "" {
			s.DeviceID = c.DeviceID
			s.ExpiresAt = max(s.ExpiresAt, s.LastActivityAt+a.length(s).Milliseconds())
			if err := a.endOthersOnDevice(ctx, tx, s); err != nil {
				return err
			}
		}
		if s.Props == nil {
			s.Props = model.StringMap{}
		}
		maps.Copy(s.Props, c.Props)
		_, err = db.Exec(ctx, tx, `UPDATE sessions SET deviceid = $2, expiresat = $3, props = $4, expirednotify = false WHERE id = $1`,
			s.ID, s.DeviceID, s.ExpiresAt, db.JSON(s.Props))
		tx.AfterCommit(func() { a.forget(aSession, s.Token) })
		return err
	})
	return s, err
}

// ForgetDevice takes a device that no longer takes notifications off its
// session, unless the session has another by now.
func (a *Access) ForgetDevice(ctx context.Context, sessionID, deviceID string) error {
	return a.db.Tx(ctx, func(tx *db.Tx) error {
		if err := tx.Lock(ctx, "session "+sessionID); err != nil {
			return err
		}
		s, err := db.Get(ctx, tx, scanSession, `SELECT `+sessionColumns+` FROM sessions s WHERE s.id = $1`, sessionID)
		if errors.Is(err, db.ErrNotFound) || err == nil && s.DeviceID != deviceID {
			return nil
		}
		if err != nil {
			return err
		}
		if s.Props == nil {
			s.Props = model.StringMap{}
		}
		s.Props[model.SessionPropLastRemovedDeviceID] = deviceID
		_, err = db.Exec(ctx, tx, `UPDATE sessions SET deviceid = '', props = $2 WHERE id = $1`, s.ID, db.JSON(s.Props))
		tx.AfterCommit(func() { a.forget(aSession, s.Token) })
		return err
	})
}
