package users

import (
	"context"

	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/model"
)

// What makes an account a bot is the row of the bots slice. Here is what that
// slice can't do by itself: the account's own row, its sessions and its tokens.

// CreateBot makes the account of a bot, which has no password and signs in with
// tokens only; keep adds what makes it a bot in the same transaction. It fails as
// Create does.
func (u *Users) CreateBot(ctx context.Context, user *model.User, keep func(ctx context.Context, tx *db.Tx) error) error {
	tidy(user)
	if err := check(user); err != nil {
		return err
	}
	if err := u.free(ctx, user); err != nil {
		return err
	}
	user.Roles, user.Password = model.RoleSystemUser, ""
	if err := u.storeWith(ctx, user, "", keep); err != nil {
		return err
	}
	u.Created.Publish(ctx, user)
	return nil
}

// EditBot changes the account of a bot, or turns an account into one or back: fn
// changes the row of the bots slice and, if need be, the fields of user that
// Patch would; clients are told. lock says that whoever is signed in is signed out
// and that what they could sign in with, but for the password that fn set, is gone.
func (u *Users) EditBot(ctx context.Context, userID string, lock bool, fn func(ctx context.Context, tx *db.Tx, user *model.User) error) (*model.User, error) {
	c, err := u.edit(ctx, userID, func(tx *db.Tx, user *model.User) error {
		if err := fn(ctx, tx, user); err != nil {
			return err
		}
		tidy(user)
		if err := check(user); err != nil {
			return err
		}
		if lock {
			user.MFAActive, user.MFASecret, user.AuthService, user.AuthData = false, "", "", nil
			if err := u.acc.EndSessions(ctx, tx, userID, ""); err != nil {
				return err
			}
			if err := u.acc.DropTokens(ctx, tx, userID); err != nil {
				return err
			}
		}
		_, err := db.Exec(ctx, tx, `UPDATE users SET updateat = $2, username = $3, email = $4, firstname = $5, lastname = $6, nickname = $7, position = $8,
			roles = $9, password = $10, authservice = $11, authdata = $12, mfaactive = $13, mfasecret = $14 WHERE id = $1`,
			userID, user.UpdateAt, user.Username, user.Email, user.FirstName, user.LastName, user.Nickname, user.Position,
			user.Roles, user.Password, user.AuthService, user.AuthData, user.MFAActive, user.MFASecret)
		return err
	})
	if err != nil {
		return nil, duplicate(err)
	}
	if lock {
		u.hub.DropUser(userID, "the account was converted")
	}
	u.announce(ctx, c)
	return u.ByID(ctx, userID)
}

// HashPassword holds a new password against the rules and hashes it.
func (u *Users) HashPassword(ctx context.Context, plain string) (string, error) {
	if err := u.acc.CheckPasswordRules(plain); err != nil {
		return "", err
	}
	return u.acc.HashPassword(ctx, plain)
}
