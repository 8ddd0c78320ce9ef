package users

import (
	"context"

	"github.com/parley-chat/parley/internal/access"
)

// lock is how far wrong passwords have closed an account. The protocol has no
// route that tells; this one is Parley's own.
type lock struct {
	Failed int  `json:"failed"` // attempts since the last that went well
	Most   int  `json:"most"`   // as many close the account
	Locked bool `json:"locked"`
}

func (u *Users) getLock(ctx context.Context, _ access.Viewer, in userIn) (lock, error) {
	user, err := u.load(ctx, u.db, "u.id = $1", in.UserID)
	if err != nil {
		return lock{}, err
	}
	most := u.mostAttempts(user)
	return lock{Failed: user.FailedAttempts, Most: most, Locked: user.FailedAttempts >= most}, nil
}
