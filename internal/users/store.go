package users

import (
	"context"
	"errors"

	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
)

// userColumns and userFrom belong together: a user and what makes it a bot.
const (
	userColumns = `u.id, coalesce(u.createat,0), coalesce(u.updateat,0), coalesce(u.deleteat,0), coalesce(u.username,''), coalesce(u.password,''),
	u.authdata, coalesce(u.authservice,''), coalesce(u.email,''), coalesce(u.emailverified,false), coalesce(u.nickname,''), coalesce(u.firstname,''),
	coalesce(u.lastname,''), coalesce(u.position,''), coalesce(u.roles,''), coalesce(u.allowmarketing,false), u.props, u.notifyprops,
	coalesce(u.lastpasswordupdate,0), coalesce(u.lastpictureupdate,0), coalesce(u.failedattempts,0), coalesce(u.locale,''), u.timezone,
	coalesce(u.mfaactive,false), coalesce(u.mfasecret,''), u.remoteid, u.lastlogin, u.mfausedtimestamps,
	b.userid IS NOT NULL, coalesce(b.description,''), coalesce(b.lasticonupdate,0)`
	userFrom = ` FROM users u LEFT JOIN bots b ON b.userid = u.id `
)

func scanUser(r db.Row) (*model.User, error) {
	var u model.User
	err := r.Scan(&u.ID, &u.CreateAt, &u.UpdateAt, &u.DeleteAt, &u.Username, &u.Password,
		&u.AuthData, &u.AuthService, &u.Email, &u.EmailVerified, &u.Nickname, &u.FirstName,
		&u.LastName, &u.Position, &u.Roles, &u.AllowMarketing, db.ScanJSON(&u.Props), db.ScanJSON(&u.NotifyProps),
		&u.LastPasswordUpdate, &u.LastPictureUpdate, &u.FailedAttempts, &u.Locale, db.ScanJSON(&u.Timezone),
		&u.MFAActive, &u.MFASecret, &u.RemoteID, &u.LastLogin, db.ScanJSON(&u.MFAUsedTimestamps),
		&u.IsBot, &u.BotDescription, &u.BotLastIconUpdate)
	if u.Timezone == nil {
		u.Timezone = model.StringMap{}
	}
	return &u, err
}

// load returns the user that where (over u and b) finds; errNoUser when none.
func (u *Users) load(ctx context.Context, q db.Querier, where string, args ...any) (*model.User, error) {
	user, err := db.Get(ctx, q, scanUser, "SELECT "+userColumns+userFrom+"WHERE "+where, args...)
	if errors.Is(err, db.ErrNotFound) {
		return nil, errNoUser
	}
	return user, err
}

// Holding returns an account that is open, and keeps it as it is until tx ends:
// whoever closes it or changes what it signs in with comes before or after. Fails
// with 404 app.user.missing_account.const.
func (u *Users) Holding(ctx context.Context, tx *db.Tx, userID string) (*model.User, error) {
	if err := tx.Lock(ctx, "user "+userID); err != nil {
		return nil, err
	}
	return u.load(ctx, tx, "u.id = $1 AND u.deleteat = 0", userID)
}

// list returns the users that rest (a condition, ORDER BY and LIMIT) finds.
func (u *Users) list(ctx context.Context, q db.Querier, rest string, args ...any) ([]*model.User, error) {
	return db.List(ctx, q, scanUser, "SELECT "+userColumns+userFrom+"WHERE "+rest, args...)
}

// insert stores a new user.
func insert(ctx context.Context, q db.Querier, u *model.User) error {
	_, err := db.Exec(ctx, q, `INSERT INTO users (id, createat, updateat, deleteat, username, password, authdata, authservice, email, emailverified,
		nickname, firstname, lastname, position, roles, allowmarketing, props, notifyprops, lastpasswordupdate, lastpictureupdate, failedattempts,
		locale, timezone, mfaactive, mfasecret, remoteid, lastlogin)
		VALUES ($1,$2,$3,0,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17,$18,$19,0,$20,$21,false,'',$22,0)`,
		u.ID, u.CreateAt, u.UpdateAt, u.Username, u.Password, u.AuthData, u.AuthService, u.Email, u.EmailVerified,
		u.Nickname, u.FirstName, u.LastName, u.Position, u.Roles, u.AllowMarketing, db.JSON(u.Props), db.JSON(u.NotifyProps),
		u.LastPasswordUpdate, u.LastPictureUpdate, u.Locale, db.JSON(u.Timezone), u.RemoteID)
	return duplicate(err)
}

// duplicate names the field that somebody else has already.
func duplicate(err error) error {
	switch {
	case db.IsDuplicate(err, "users_username_key"):
		return fault.Invalid("app.user.save.username_exists.app_error")
	case db.IsDuplicate(err, "users_email_key"):
		return fault.Invalid("app.user.save.email_exists.app_error")
	case db.IsDuplicate(err, "users_authdata_key"):
		return fault.Invalid("app.user.update_auth_data.email_exists.app_error", "Service", "")
	}
	return err
}

// update stores what a person or an administrator may change of a profile,
// with the roles and the pictures' and passwords' times left alone.
func update(ctx context.Context, q db.Querier, u *model.User) error {
	_, err := db.Exec(ctx, q, `UPDATE users SET updateat = $2, username = $3, email = $4, emailverified = $5, nickname = $6, firstname = $7,
		lastname = $8, position = $9, props = $10, notifyprops = $11, locale = $12, timezone = $13, lastpictureupdate = $14, remoteid = $15 WHERE id = $1`,
		u.ID, u.UpdateAt, u.Username, u.Email, u.EmailVerified, u.Nickname, u.FirstName, u.LastName, u.Position,
		db.JSON(u.Props), db.JSON(u.NotifyProps), u.Locale, db.JSON(u.Timezone), u.LastPictureUpdate, u.RemoteID)
	return duplicate(err)
}

// edit changes one user in a transaction: fn gets a copy of the row as it is
// now, changes it, and stores it with the tx. What edit returns is the row
// before and after. UpdateAt is set for fn and always grows.
func (u *Users) edit(ctx context.Context, userID string, fn func(tx *db.Tx, user *model.User) error) (Change, error) {
	var c Change
	err := u.db.Tx(ctx, func(tx *db.Tx) error {
		if err := tx.Lock(ctx, "user "+userID); err != nil {
			return err
		}
		old, err := u.load(ctx, tx, "u.id = $1", userID)
		if err != nil {
			return err
		}
		fresh := copyOf(old)
		fresh.UpdateAt = max(id.Now(), old.UpdateAt+1)
		c = Change{Old: old, New: fresh}
		tx.AfterCommit(func() { u.forget(c) })
		return fn(tx, fresh)
	})
	return c, err
}

// copyOf returns a user that may be changed without harm to the original.
func copyOf(user *model.User) *model.User {
	c := *user
	c.Props, c.NotifyProps, c.Timezone = user.Props.Clone(), user.NotifyProps.Clone(), user.Timezone.Clone()
	return &c
}

// forget drops what caches know of a changed user; their sessions' part only
// when something changed that rights hang on.
func (u *Users) forget(c Change) {
	a, b := c.Old, c.New
	if a.Roles != b.Roles || a.DeleteAt != b.DeleteAt || a.Username != b.Username || a.AuthService != b.AuthService ||
		a.MFAActive != b.MFAActive || a.IsBot != b.IsBot {
		u.acc.ForgetUser(a.ID)
		return
	}
	u.acc.ForgetProfile(a.ID)
}
