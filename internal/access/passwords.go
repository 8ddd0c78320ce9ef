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
	maxRounds     = 10_000_000
	minBytes      = 16
	maxBytes      = 128
	maxBcryptCost = 16
	maxHash       = 128 // width of the column
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
	a.hashed.Add(1)
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
func (a *Access) nobodysHash() pbkdf2Hash {
	return pbkdf2Hash{rounds: a.rounds, salt: make([]byte, saltBytes), key: make([]byte, hashBytes)}
}

// HashesMade is how many times a password was put through a hash: what
// attempts to sign in cost.
func (a *Access) HashesMade() int64 { return a.hashed.Load() }

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
	a.hashed.Add(1)
	if hash == "" {
		_, err := a.nobodysHash().matches(plain)
		return false, false, err
	}
	if strings.HasPrefix(hash, "$pbkdf2$") {
		h, err := parsePBKDF2(hash)
		if err != nil {
			return a.unreadable(err)
		}
		ok, err := h.matches(plain)
		return ok, ok && h.rounds != a.rounds, err
	}
	if !KnownHash(hash) {
		return a.unreadable(errHash)
	}
	// bcrypt looks at no more than 72 bytes: a longer password would match by
	// its beginning. What is compared in its place takes as long.
	fits := len(plain) <= model.UserPasswordMaxLength
	if !fits {
		plain = plain[:model.UserPasswordMaxLength]
	}
	err = bcrypt.CompareHashAndPassword([]byte(hash), []byte(plain))
	switch {
	case errors.Is(err, bcrypt.ErrMismatchedHashAndPassword):
		return false, false, nil
	case err != nil:
		return a.unreadable(err)
	}
	return fits, fits, nil
}

// unreadable is the answer to a stored hash that can't be read: no password
// matches it, and the owner of the server should know.
func (a *Access) unreadable(err error) (ok, renew bool, _ error) {
	a.log.Error("a stored password hash can't be read; its owner has to set a new password", "error", err)
	return false, false, nil
}

// KnownHash reports whether hash has a form that CheckPassword reads, and fits
// its column.
func KnownHash(hash string) bool {
	if len(hash) > maxHash {
		return false
	}
	if strings.HasPrefix(hash, "$pbkdf2$") {
		_, err := parsePBKDF2(hash)
		return err == nil
	}
	cost, err := bcrypt.Cost([]byte(hash))
	return err == nil && cost <= maxBcryptCost
}

var errHash = errors.New("the stored password hash has a form that is not known")

// pbkdf2Hash is a stored hash of the current form.
type pbkdf2Hash struct {
	rounds    int
	salt, key []byte
}

// parsePBKDF2 reads $pbkdf2$f=SHA256,w=ROUNDS,l=BYTES$SALT$KEY.
func parsePBKDF2(hash string) (pbkdf2Hash, error) {
	var h pbkdf2Hash
	parts := strings.Split(hash, "$")
	if len(parts) != 5 || parts[0] != "" || parts[1] != "pbkdf2" {
		return h, errHash
	}
	size, function := 0, ""
	for _, p := range strings.Split(parts[2], ",") {
		var err error
		switch name, value, _ := strings.Cut(p, "="); name {
		case "f":
			function = value
		case "w":
			h.rounds, err = strconv.Atoi(value)
		case "l":
			size, err = strconv.Atoi(value)
		}
		if err != nil {
			return h, errHash
		}
	}
	var serr, kerr error
	h.salt, serr = base64.RawStdEncoding.DecodeString(parts[3])
	h.key, kerr = base64.RawStdEncoding.DecodeString(parts[4])
	if serr != nil || kerr != nil || function != "SHA256" || h.rounds < 1 || h.rounds > maxRounds ||
		size < minBytes || size > maxBytes || len(h.key) != size {
		return h, errHash
	}
	return h, nil
}

func (h pbkdf2Hash) matches(plain string) (bool, error) {
	got, err := pbkdf2.Key(sha256.New, plain, h.salt, h.rounds, len(h.key))
	if err != nil {
		return false, err
	}
	return subtle.ConstantTimeCompare(got, h.key) == 1, nil
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
