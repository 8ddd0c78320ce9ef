package access

import (
	"context"
	"log/slog"
	"strings"
	"testing"

	"golang.org/x/crypto/bcrypt"
)

func hasher() *Access { return &Access{rounds: 2, log: slog.New(slog.DiscardHandler)} }

func TestPasswords(t *testing.T) {
	ctx, a := context.Background(), hasher()
	hash, err := a.HashPassword(ctx, "correct horse")
	if err != nil || !KnownHash(hash) || len(hash) > maxHash {
		t.Fatalf("%q %v", hash, err)
	}
	old, err := bcrypt.GenerateFromPassword([]byte(strings.Repeat("a", 72)), bcrypt.MinCost)
	if err != nil {
		t.Fatal(err)
	}
	slower := strings.Replace(hash, "w=2,", "w=3,", 1)
	for what, c := range map[string]struct {
		hash, plain string
		ok, renew   bool
	}{
		"right":                        {hash, "correct horse", true, false},
		"wrong":                        {hash, "correct horsf", false, false},
		"empty":                        {hash, "", false, false},
		"a megabyte":                   {hash, strings.Repeat("x", 1<<20), false, false},
		"other rounds":                 {slower, "correct horse", false, false},
		"bcrypt":                       {string(old), strings.Repeat("a", 72), true, true},
		"bcrypt, longer by one":        {string(old), strings.Repeat("a", 73), false, false},
		"bcrypt, a megabyte":           {string(old), strings.Repeat("a", 1<<20), false, false},
		"bcrypt, wrong":                {string(old), "a", false, false},
		"no hash":                      {"", "correct horse", false, false},
		"no hash, no password":         {"", "", false, false},
		"a form nobody knows":          {"$argon2id$v=19$m=1$a$b", "correct horse", false, false},
		"bcrypt that costs hours":      {"$2a$31$" + strings.Repeat("a", 53), "correct horse", false, false},
		"PBKDF2 that costs hours":      {"$pbkdf2$f=SHA256,w=2000000000,l=32$c2FsdA$" + strings.Repeat("A", 43), "x", false, false},
		"PBKDF2 with a key of nothing": {"$pbkdf2$f=SHA256,w=1,l=0$c2FsdA$", "x", false, false},
	} {
		before := a.HashesMade()
		ok, renew, err := a.CheckPassword(ctx, c.hash, c.plain)
		if err != nil || ok != c.ok || renew != c.renew {
			t.Errorf("%s: %v %v %v", what, ok, renew, err)
		}
		if a.HashesMade() != before+1 {
			t.Errorf("%s: %d hashes", what, a.HashesMade()-before)
		}
	}
	// Both take as many rounds: what is compared for nobody is as costly.
	if a.nobodysHash().rounds != a.rounds {
		t.Error("an unknown user is cheaper than a known one")
	}
}

// FuzzStoredHash feeds the parser of stored hashes, which imports and other
// servers write: it must neither panic nor accept what would cost too much.
func FuzzStoredHash(f *testing.F) {
	for _, s := range []string{"", "$pbkdf2$f=SHA256,w=1,l=16$c2FsdA$AAAAAAAAAAAAAAAAAAAAAA", "$pbkdf2$$$", "$pbkdf2$w=-1,l=99$a$b",
		"$pbkdf2$f=SHA256,w=99999999999999999999,l=32$c2FsdA$AA", "$2a$10$" + strings.Repeat("x", 53), "$2b$99$x", "$"} {
		f.Add(s)
	}
	a := hasher()
	f.Fuzz(func(t *testing.T, hash string) {
		known := KnownHash(hash)
		h, err := parsePBKDF2(hash)
		if err == nil && (h.rounds < 1 || h.rounds > maxRounds || len(h.key) < minBytes || len(h.key) > maxBytes) {
			t.Fatalf("accepted %+v", h)
		}
		if known && len(hash) > maxHash {
			t.Fatal("longer than its column")
		}
		if err == nil && h.rounds > 1000 || strings.HasPrefix(hash, "$2") {
			return // too slow to try
		}
		if ok, _, err := a.CheckPassword(context.Background(), hash, "password nobody has"); ok || err != nil {
			t.Fatalf("%v %v", ok, err)
		}
	})
}
