package users

import (
	"context"

	"github.com/parley-chat/parley/internal/fault"
)

// SetPassword gives a user another password without asking who wants it, and
// ends all their sessions: for the host's command line. It fails with 400 for a
// password that breaks the rules and for accounts that sign in elsewhere.
func (u *Users) SetPassword(ctx context.Context, userID, plain string) error {
	user, err := u.load(ctx, u.db, "u.id = $1", userID)
	if err != nil {
		return err
	}
	if user.AuthService != "" {
		return fault.Invalid("api.user.update_password.oauth.app_error")
	}
	hash, err := u.newHash(ctx, plain)
	if err != nil {
		return err
	}
	return u.storePassword(ctx, user, newPassword{hash: hash, end: true})
}
