package access

import (
	"context"
	"crypto/pbkdf2"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"runtime"
	"strconv"
	"strings"
	"sync"

	"golang.org/x/crypto/bcrypt"

	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/model"
)

// New hashes are PBKDF2 in the form that Mattermost 11 writes:
// $pbkdf2$f=SHA256,w=ROUNDS,l=BYTES$SALT$KEY, salt and key in unpadded base64.
// Hashes of Mattermost 10 are bcrypt; they are read, and renewed at login.
const (
	hashRounds = 600_000
	hashBytes  = 32
	saltBytes  = 16
	// most that a stored hash may ask for, so that a row can't stop the server
	maxRounds = 10_000_000
	maxBytes  = 128
)

// hashing bounds how many passwords are hashed at once: more than there are
// cores would only make everybody else wait.
var hashing = make(chan struct{}, runtime.NumCPU())

func reserve(ctx context.Context) (release func(), err error) {
	select {
	case hashing <- struct{}{}:
		return func() { <-hashing }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// CheapPasswords lowers the cost of new hashes. Only tests call it.
func (a *Access) CheapPasswords() { a.rounds = 1 }

// HashPassword returns the hash to store for a password.
func (a *Access) HashPassword(ctx context.Context, plain string) (string, error) {
	if len(plain) > model.UserPasswordMaxLength {
		return "", fault.Invalid("model.user.is_valid.pwd_max_length.app_error", "Max", model.UserPasswordMaxLength)
	}
	release, err := reserve(ctx)
	if err != nil {
		return "", err
	}
	defer release()
	salt := make([]byte, saltBytes)
	_, _ = rand.Read(salt) // crypto/rand.Read never fails
	key, err := pbkdf2.Key(sha256.New, plain, salt, a.rounds, hashBytes)
	if err != nil {
		return "", err
	}
	b64 := base64.RawStdEncoding
	return fmt.Sprintf("$pbkdf2$f=SHA256,w=%d,l=%d$%s$%s", a.rounds, hashBytes, b64.EncodeToString(salt), b64.EncodeToString(key)), nil
}

// nobodysHash is what passwords of unknown users are compared with, so that an
// unknown user costs as much as a known one.
var nobodysHash = sync.OnceValue(func() string {
	salt := base64.RawStdEncoding.EncodeToString(make([]byte, saltBytes))
	key := base64.RawStdEncoding.EncodeToString(make([]byte, hashBytes))
	return fmt.Sprintf("$pbkdf2$f=SHA256,w=%d,l=%d$%s$%s", hashRounds, hashBytes, salt, key)
})

// CheckPassword reports whether plain is the password behind hash, and whether
// the hash should be renewed because its form is no longer the current one. An
// empty hash, of an unknown user or one without a password, takes as long as
// any and never matches.
func (a *Access) CheckPassword(ctx context.Context, hash, plain string) (ok, renew bool, err error) {
	release, err := reserve(ctx)
	if err != nil {
		return false, false, err
	}
	defer release()
	if hash == "" {
		_, _, _ = checkPBKDF2(nobodysHash(), plain)
		return false, false, nil
	}
	if strings.HasPrefix(hash, "$pbkdf2$") {
		ok, rounds, err := checkPBKDF2(hash, plain)
		return ok, ok && rounds != a.rounds, err
	}
	if len(plain) > model.UserPasswordMaxLength {
		return false, false, nil // bcrypt looks no further
	}
	err = bcrypt.CompareHashAndPassword([]byte(hash), []byte(plain))
	if errors.Is(err, bcrypt.ErrMismatchedHashAndPassword) {
		return false, false, nil
	}
	return err == nil, err == nil, err
}

var errHash = errors.New("the stored password hash has a form that is not known")

func checkPBKDF2(hash, plain string) (ok bool, rounds int, err error) {
	parts := strings.Split(hash, "$")
	if len(parts) != 5 {
		return false, 0, errHash
	}
	size := 0
	for _, p := range strings.Split(parts[2], ",") {
		switch name, value, _ := strings.Cut(p, "="); name {
		case "f":
			if value != "SHA256" {
				return false, 0, errHash
			}
		case "w":
			rounds, err = strconv.Atoi(value)
		case "l":
			size, err = strconv.Atoi(value)
		}
		if err != nil {
			return false, 0, errHash
		}
	}
	salt, serr := base64.RawStdEncoding.DecodeString(parts[3])
	want, kerr := base64.RawStdEncoding.DecodeString(parts[4])
	if serr != nil || kerr != nil || rounds < 1 || rounds > maxRounds || size < 16 || size > maxBytes || len(want) != size {
		return false, 0, errHash
	}
	got, err := pbkdf2.Key(sha256.New, plain, salt, rounds, size)
	if err != nil {
		return false, 0, err
	}
	return subtle.ConstantTimeCompare(got, want) == 1, rounds, nil
}

// CheckPasswordRules refuses a new password that the settings forbid; the
// public error names what it must hold.
func (a *Access) CheckPasswordRules(plain string) error {
	s := a.cfg.Get().PasswordSettings
	if len(plain) > model.UserPasswordMaxLength {
		return fault.Invalid("model.user.is_valid.pwd_max_length.app_error", "Max", model.UserPasswordMaxLength)
	}
	// The id names every kind that is asked for, in this order.
	id, bad := "model.user.is_valid.pwd", len([]rune(plain)) < s.MinimumLength
	for _, rule := range []struct {
		on         bool
		name, sets string
	}{
		{s.Lowercase, "_lowercase", "abcdefghijklmnopqrstuvwxyz"},
		{s.Uppercase, "_uppercase", "ABCDEFGHIJKLMNOPQRSTUVWXYZ"},
		{s.Number, "_number", "0123456789"},
		{s.Symbol, "_symbol", " !\"\\#$%&'()*+,-./:;<=>?@[]^_`|~"},
	} {
		if rule.on {
			id += rule.name
			bad = bad || !strings.ContainsAny(plain, rule.sets)
		}
	}
	if !bad {
		return nil
	}
	if len([]rune(plain)) < s.MinimumLength {
		id = "model.user.is_valid.pwd_min_length"
	}
	return fault.Invalid(id+".app_error", "Min", s.MinimumLength)
}
