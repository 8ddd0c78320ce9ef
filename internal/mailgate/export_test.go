package mailgate

import (
	"context"
	"testing"
	"time"
)

// DNS has TXT records asked of fn until the test ends.
func DNS(t testing.TB, fn func(ctx context.Context, name string) ([]string, error)) {
	t.Helper()
	was := lookupTXT
	t.Cleanup(func() { lookupTXT = was })
	lookupTXT = fn
}

// PerAddress is how many connections come from one address at a time.
const PerAddress = perAddress

// Patience is how long a command and a mail may take to come, until the test ends.
func Patience(t testing.TB, d time.Duration) {
	t.Helper()
	was := commandTime
	t.Cleanup(func() { commandTime = was })
	commandTime = d
}
