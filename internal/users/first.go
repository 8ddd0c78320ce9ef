package users

import "context"

// Any reports whether any person has an account yet; bots don't count.
func (u *Users) Any(ctx context.Context) (bool, error) {
	none, err := u.nobodyYet(ctx, u.db)
	return !none, err
}
