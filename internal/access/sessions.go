package access

import (
	"context"
	"errors"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
)

// identity is a session with what its user's account says: the cache's entry.
type identity struct {
	session   model.Session
	username  string
	roles     []string // of the account, which may have changed since sign-in
	mfaActive bool
	bot       bool
	service   string // sign-on service of the account
	touched   int64  // when last_activity_at was written
	grew      bool   // the session was given a longer life by the request at hand
}

const sessionColumns = `s.id, coalesce(s.token,''), coalesce(s.createat,0), coalesce(s.expiresat,0), coalesce(s.lastactivityat,0),
	coalesce(s.userid,''), coalesce(s.deviceid,''), coalesce(s.roles,''), coalesce(s.isoauth,false), s.props, coalesce(s.expirednotify,false)`

func scanSession(r db.Row) (*model.Session, error) {
	var s model.Session
	return &s, r.Scan(sessionFields(&s)...)
}

func sessionFields(s *model.Session) []any {
	return []any{&s.ID, &s.Token, &s.CreateAt, &s.ExpiresAt, &s.LastActivityAt, &s.UserID, &s.DeviceID,
		&s.Roles, &s.IsOAuth, db.ScanJSON(&s.Props), &s.ExpiredNotify}
}

var errNoSession = fault.Unauthenticated("api.context.session_expired.app_error")

// identify finds the live session of a token: one made by sign-in, or the
// standing one of an access token. It fails with 401 when there is none.
func (a *Access) identify(ctx context.Context, token string) (*identity, error) {
	// PostgreSQL would fail on what is no text.
	if token == "" || len(token) > 128 || !utf8.ValidString(token) || strings.IndexByte(token, 0) >= 0 {
		return nil, errNoSession
	}
	i, err := a.sessions.get(token, func() (*identity, error) { return a.loadIdentity(ctx, token) })
	if err != nil {
		return nil, err
	}
	now := id.Now()
	if i.session.Expired(now) || a.idle(i, now) || a.tokensOff(i) || a.appsOff(i) {
		return nil, errNoSession
	}
	return a.touch(ctx, i, now), nil
}

// tokensOff reports whether the session is an access token's of a person, and
// those were switched off since.
func (a *Access) tokensOff(i *identity) bool {
	return !i.bot && i.session.IsUserAccessToken() && !a.cfg.Get().ServiceSettings.EnableUserAccessTokens
}

// appsOff reports whether the session is an application's, and those were
// switched off since.
func (a *Access) appsOff(i *identity) bool {
	return i.session.IsOAuth && !a.cfg.Get().ServiceSettings.EnableOAuthServiceProvider
}

func (a *Access) loadIdentity(ctx context.Context, token string) (*identity, error) {
	i, err := db.Get(ctx, a.db, func(r db.Row) (*identity, error) {
		var i identity
		var roles string
		fields := append(sessionFields(&i.session), &i.username, &roles, &i.mfaActive, &i.service, &i.bot)
		err := r.Scan(fields...)
		i.roles, i.touched = strings.Fields(roles), i.session.LastActivityAt
		return &i, err
	}, `SELECT `+sessionColumns+`, coalesce(u.username,''), coalesce(u.roles,''), coalesce(u.mfaactive,false), coalesce(u.authservice,''), b.userid IS NOT NULL
		FROM sessions s JOIN users u ON u.id = s.userid LEFT JOIN bots b ON b.userid = u.id
		WHERE s.token = $1 AND u.deleteat = 0`, token)
	if errors.Is(err, db.ErrNotFound) {
		if err = a.openTokenSession(ctx, token); err == nil {
			return a.loadIdentity(ctx, token)
		}
	}
	return i, err
}

// idle reports whether the session of a person was left unused for too long.
// Mobile apps, integrations and access tokens are left alone, and so is every
// session that grows with activity.
func (a *Access) idle(i *identity, now int64) bool {
	s := a.cfg.Get().ServiceSettings
	limit := int64(s.SessionIdleTimeoutInMinutes) * 60_000
	if limit <= 0 || s.ExtendSessionLengthWithActivity || i.session.IsOAuth || onMobile(&i.session) || i.session.IsUserAccessToken() {
		return false
	}
	return now-max(i.session.LastActivityAt, i.touched) > limit
}

// touch writes the time of the last activity, at most every five minutes, and
// lets the session grow when the settings say so. The cache's entry is
// replaced, never changed: other requests hold it. What touch returns is the
// entry to go on with.
func (a *Access) touch(ctx context.Context, i *identity, now int64) *identity {
	if now-i.touched < model.SessionActivityTimeout {
		return i
	}
	fresh := *i
	fresh.touched, fresh.session.LastActivityAt = now, now
	if a.cfg.Get().ServiceSettings.ExtendSessionLengthWithActivity && i.session.ExpiresAt > 0 {
		fresh.session.ExpiresAt = max(i.session.ExpiresAt, now+a.length(&i.session).Milliseconds())
		if end := tokenEnd(&i.session); end > 0 {
			fresh.session.ExpiresAt = min(fresh.session.ExpiresAt, end)
		}
	}
	_, err := db.Exec(ctx, a.db, `UPDATE sessions SET lastactivityat = $1, expiresat = $2 WHERE id = $3`,
		now, fresh.session.ExpiresAt, i.session.ID)
	if err != nil {
		a.log.Warn("activity of a session was not noted", "error", err)
		return i
	}
	a.sessions.replace(i.session.Token, i, &fresh)
	once := fresh
	once.grew = fresh.session.ExpiresAt > i.session.ExpiresAt
	return &once
}

// onMobile reports whether a session belongs to an app on a phone or tablet.
func onMobile(s *model.Session) bool { return s.IsMobile() || s.DeviceID != "" }

// length is how long a session of this kind lives.
func (a *Access) length(s *model.Session) time.Duration {
	c := a.cfg.Get().ServiceSettings
	switch {
	case s.IsUserAccessToken() || s.Props[model.SessionPropIsBot] == "true":
		return model.SessionTokenExpiryHours * time.Hour
	case onMobile(s):
		return time.Duration(c.SessionLengthMobileInHours) * time.Hour
	case s.IsSSO() || s.IsOAuth:
		return time.Duration(c.SessionLengthSSOInHours) * time.Hour
	}
	return time.Duration(c.SessionLengthWebInHours) * time.Hour
}

// OpenSession stores a new session for a user whose identity has been proven.
// Id, token, times and the CSRF secret are filled in; when the user has more
// than 500 sessions the least recently used ones end.
func (a *Access) OpenSession(ctx context.Context, s *model.Session) error {
	return a.db.Tx(ctx, func(tx *db.Tx) error { return a.OpenSessionIn(ctx, tx, s) })
}

// OpenSessionIn is OpenSession within a transaction, in which the caller can
// make sure that what was proven still holds. Other sessions of the user on the
// same device end.
func (a *Access) OpenSessionIn(ctx context.Context, tx *db.Tx, s *model.Session) error {
	s.ID, s.Token, s.CreateAt = id.New(), id.New(), id.Now()
	s.LastActivityAt = s.CreateAt
	if s.Props == nil {
		s.Props = model.StringMap{}
	}
	s.Props[model.SessionPropCSRF] = id.New()
	s.ExpiresAt = s.CreateAt + a.length(s).Milliseconds()
	if err := insertSession(ctx, tx, s); err != nil {
		return err
	}
	if err := a.endOthersOnDevice(ctx, tx, s); err != nil {
		return err
	}
	old, err := db.List(ctx, tx, scanSession, `SELECT `+sessionColumns+` FROM sessions s WHERE s.userid = $1
		ORDER BY s.lastactivityat DESC LIMIT 100 OFFSET $2`, s.UserID, model.SessionsMaxPerUser)
	if err != nil {
		return err
	}
	return a.endSessions(ctx, tx, old)
}

func insertSession(ctx context.Context, tx *db.Tx, s *model.Session) error {
	_, err := db.Exec(ctx, tx, `INSERT INTO sessions (id, token, createat, expiresat, lastactivityat, userid, deviceid, roles, isoauth, props, expirednotify)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11)`,
		s.ID, s.Token, s.CreateAt, s.ExpiresAt, s.LastActivityAt, s.UserID, s.DeviceID, s.Roles, s.IsOAuth, db.JSON(s.Props), s.ExpiredNotify)
	return err
}

// endSessions deletes sessions; what hangs on them ends after the commit.
func (a *Access) endSessions(ctx context.Context, tx *db.Tx, sessions []*model.Session) error {
	if len(sessions) == 0 {
		return nil
	}
	ids := make([]string, len(sessions))
	var lent []*model.Session
	for n, s := range sessions {
		ids[n] = s.ID
		if s.IsOAuth {
			lent = append(lent, s)
		}
	}
	if _, err := db.Exec(ctx, tx, `DELETE FROM sessions WHERE id = ANY($1)`, ids); err != nil {
		return err
	}
	if len(lent) > 0 {
		if err := a.ending(ctx, tx, Ending{Sessions: lent}); err != nil {
			return err
		}
	}
	tx.AfterCommit(func() {
		for _, s := range sessions {
			a.forget(aSession, s.Token)
			a.revoked(s.ID)
		}
	})
	return nil
}

// Session returns a session by id; fault 404 when there is none.
func (a *Access) SessionByID(ctx context.Context, sessionID string) (*model.Session, error) {
	s, err := db.Get(ctx, a.db, scanSession, `SELECT `+sessionColumns+` FROM sessions s WHERE s.id = $1`, sessionID)
	if errors.Is(err, db.ErrNotFound) {
		return nil, fault.NotFound("app.session.get.app_error")
	}
	return s, err
}

// Sessions returns the sessions of a user, the most recently used first.
func (a *Access) Sessions(ctx context.Context, userID string) ([]*model.Session, error) {
	return db.List(ctx, a.db, scanSession, `SELECT `+sessionColumns+` FROM sessions s WHERE s.userid = $1
		ORDER BY s.lastactivityat DESC LIMIT $2`, userID, 2*model.SessionsMaxPerUser)
}

// EndSession ends one session; ending one that is gone is no error.
func (a *Access) EndSession(ctx context.Context, s *model.Session) error {
	return a.db.Tx(ctx, func(tx *db.Tx) error { return a.endSessions(ctx, tx, []*model.Session{s}) })
}

// EndSessions ends all sessions of a user within tx, those of access tokens
// too, except the one with the id keep.
func (a *Access) EndSessions(ctx context.Context, tx *db.Tx, userID, keep string) error {
	list, err := db.List(ctx, tx, scanSession, `SELECT `+sessionColumns+` FROM sessions s WHERE s.userid = $1 AND s.id <> $2 LIMIT 10000`, userID, keep)
	if err != nil {
		return err
	}
	if err := a.endSessions(ctx, tx, list); err != nil {
		return err
	}
	return a.ending(ctx, tx, Ending{UserID: userID})
}

// EndAllSessions ends every session of the system.
func (a *Access) EndAllSessions(ctx context.Context) error {
	for {
		n := 0
		err := a.db.Tx(ctx, func(tx *db.Tx) error {
			list, err := db.List(ctx, tx, scanSession, `SELECT `+sessionColumns+` FROM sessions s ORDER BY s.id LIMIT 1000`)
			if err != nil {
				return err
			}
			n = len(list)
			return a.endSessions(ctx, tx, list)
		})
		if err != nil {
			return err
		}
		if n == 0 {
			return a.db.Tx(ctx, func(tx *db.Tx) error { return a.ending(ctx, tx, Ending{Everybody: true}) })
		}
	}
}
