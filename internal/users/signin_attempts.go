package users

import (
	"context"
	"errors"
	"hash/maphash"
	"sync"

	lru "github.com/hashicorp/golang-lru/v2"
	"golang.org/x/time/rate"

	"github.com/parley-chat/parley/internal/api"
	"github.com/parley-chat/parley/internal/config"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/model"
)

// How many names, addresses and mail boxes are remembered, so that strangers
// can't make the server spend memory, and how fast an address may fail.
const (
	doorsKept       = 10_000
	failuresPerSec  = 0.5
	failuresAtOnce  = 20
	mailsPerSec     = 1.0 / 60
	mailsAtOnce     = 5
	accountsAtATime = 256
)

// doors keeps people from guessing: one attempt at a time on each account, the
// attempts on accounts that don't exist, and the failures of each address.
type doors struct {
	cfg   *config.Store
	seed  maphash.Seed
	entry [accountsAtATime]chan struct{} // by hash of the account

	mu        sync.Mutex
	strangers *lru.Cache[string, int]           // failed attempts by name, where there is no account
	addresses *lru.Cache[string, *rate.Limiter] // failures by address
	mails     *lru.Cache[string, *rate.Limiter] // links asked for by user
}

func newDoors(cfg *config.Store) *doors {
	d := &doors{cfg: cfg, seed: maphash.MakeSeed()}
	for i := range d.entry {
		d.entry[i] = make(chan struct{}, 1)
	}
	// New fails only for a size below one.
	d.strangers, _ = lru.New[string, int](doorsKept)
	d.addresses, _ = lru.New[string, *rate.Limiter](doorsKept)
	d.mails, _ = lru.New[string, *rate.Limiter](doorsKept)
	return d
}

// enter waits until nobody else's attempt on the account is under way.
func (d *doors) enter(ctx context.Context, account string) (leave func(), err error) {
	door := d.entry[maphash.String(d.seed, account)%accountsAtATime]
	select {
	case door <- struct{}{}:
		return func() { <-door }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// slowed reports whether the address of the request has failed too often
// lately; only while rates are limited at all.
func (d *doors) slowed(ctx context.Context) bool {
	if !d.cfg.Get().RateLimitSettings.Enable {
		return false
	}
	return d.limiter(d.addresses, api.MetaOf(ctx).IP, failuresPerSec, failuresAtOnce).Tokens() < 1
}

func (d *doors) noteFailure(ctx context.Context) {
	d.limiter(d.addresses, api.MetaOf(ctx).IP, failuresPerSec, failuresAtOnce).Allow()
}

// mayMail reports whether a user may be sent yet another link.
func (d *doors) mayMail(userID string) bool {
	return d.limiter(d.mails, userID, mailsPerSec, mailsAtOnce).Allow()
}

func (d *doors) limiter(of *lru.Cache[string, *rate.Limiter], key string, perSec rate.Limit, burst int) *rate.Limiter {
	d.mu.Lock()
	defer d.mu.Unlock()
	l, ok := of.Get(key)
	if !ok {
		l = rate.NewLimiter(perSec, burst)
		of.Add(key, l)
	}
	return l
}

func (d *doors) strangersAttempts(name string) int {
	n, _ := d.strangers.Get(name)
	return n
}

func (d *doors) countStranger(name string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.strangers.Add(name, d.strangersAttempts(name)+1)
}

// guarded runs one attempt to prove an account, unless too many have failed; a
// failure that try marks as wrong is counted. Attempts on one account run one
// after the other, so that a flood of them can't get ahead of the counter.
//
// A user without an id stands for an account that doesn't exist: it is treated,
// and locked, just as others are, with the same statements.
func (u *Users) guarded(ctx context.Context, user *model.User, try func() error) error {
	account := user.ID
	if account == "" {
		account = "?" + user.Username
	}
	leave, err := u.doors.enter(ctx, account)
	if err != nil {
		return err
	}
	defer leave()
	failed, err := db.Value[int](ctx, u.db, `SELECT coalesce(failedattempts,0) FROM users WHERE id = $1`, user.ID)
	if errors.Is(err, db.ErrNotFound) {
		failed, err = u.doors.strangersAttempts(account), nil
	}
	if err != nil {
		return err
	}
	if failed >= u.mostAttempts(user) {
		return fault.Unauthenticated("api.user.check_user_login_attempts.too_many.app_error")
	}
	user.FailedAttempts = failed
	if err = try(); !isWrong(err) {
		return err
	}
	// Who hangs up after the attempt has made it all the same.
	if cerr := u.countFailure(context.WithoutCancel(ctx), user.ID, account); cerr != nil {
		return cerr
	}
	return err
}

func (u *Users) mostAttempts(user *model.User) int {
	c := u.cfg.Get()
	if user.AuthService == model.UserAuthServiceLDAP {
		return c.LdapSettings.MaximumLoginAttempts
	}
	return c.ServiceSettings.MaximumLoginAttempts
}

func (u *Users) countFailure(ctx context.Context, userID, account string) error {
	u.doors.noteFailure(ctx)
	n, err := db.Exec(ctx, u.db, `UPDATE users SET failedattempts = coalesce(failedattempts,0) + 1 WHERE id = $1`, userID)
	if err == nil && n == 0 {
		u.doors.countStranger(account)
	}
	u.acc.ForgetProfile(userID)
	return err
}

// forgive forgets the failed attempts on an account that has been proven.
func (u *Users) forgive(ctx context.Context, user *model.User) error {
	if user.FailedAttempts == 0 {
		return nil
	}
	_, err := db.Exec(ctx, u.db, `UPDATE users SET failedattempts = 0 WHERE id = $1`, user.ID)
	u.acc.ForgetProfile(user.ID)
	return err
}
