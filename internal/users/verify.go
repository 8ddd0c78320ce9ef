package users

import (
	"context"
	"encoding/json"
	"errors"
	"strings"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/api"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
)

// verificationLifetime is how long, in milliseconds, a link that confirms an
// address works.
const verificationLifetime = model.PasswordRecoveryLifetime

// verifyEmail answers POST /users/email/verify: the link of a mail confirms the
// address that the mail went to, which may be a new one.
func (u *Users) verifyEmail(ctx context.Context, _ access.Viewer, in tokenBodyIn) (api.OK, error) {
	secret := fieldsOf(in.Body)["token"]
	if len(secret) != model.TokenSize {
		return api.OK{}, fault.InvalidParam("token")
	}
	bad := fault.Invalid("api.user.verify_email.bad_link.app_error")
	t, err := u.acc.OneTime(ctx, u.db, secret)
	switch {
	case errors.Is(err, db.ErrNotFound):
		return api.OK{}, bad
	case err != nil:
		return api.OK{}, err
	case t.Type != model.TokenTypeVerifyEmail:
		return api.OK{}, fault.Invalid("api.user.verify_email.broken_token.app_error")
	case id.Now()-t.CreateAt > verificationLifetime:
		return api.OK{}, fault.Invalid("api.user.verify_email.link_expired.app_error")
	}
	var said verification
	if json.Unmarshal([]byte(t.Extra), &said) != nil || !model.ValidEmail(said.Email) {
		return api.OK{}, bad
	}
	c, err := u.edit(ctx, said.UserID, func(tx *db.Tx, user *model.User) error {
		if err := u.acc.Spend(ctx, tx, secret); err != nil {
			return err
		}
		user.Email, user.EmailVerified = strings.ToLower(said.Email), true
		return update(ctx, tx, user)
	})
	if errors.Is(err, db.ErrNotFound) || fault.Is(err, errNoUser.ID) {
		return api.OK{}, bad
	}
	if err != nil {
		return api.OK{}, err
	}
	u.announce(ctx, c)
	u.tellOfChange(ctx, c, "")
	u.Audit(ctx, access.Viewer{UserID: said.UserID}, "/api/v4/users/email/verify", "email verified")
	return api.Done(), nil
}

// sendVerification answers POST /users/email/verify/send. The answer is the
// same, and as fast, whether or not there is such an account.
func (u *Users) sendVerification(ctx context.Context, _ access.Viewer, in tokenBodyIn) (api.OK, error) {
	email := strings.ToLower(strings.TrimSpace(fieldsOf(in.Body)["email"]))
	if email == "" {
		return api.OK{}, fault.InvalidParam("email")
	}
	u.afterwards(ctx, "a link that confirms an address", func(ctx context.Context) error {
		user, err := u.ByEmail(ctx, email)
		if err != nil || user.EmailVerified || user.IsBot || user.DeleteAt != 0 || !u.doors.mayMail(user.ID) {
			return err
		}
		return u.confirmAddress(ctx, user, user.Email)
	})
	return api.Done(), nil
}
