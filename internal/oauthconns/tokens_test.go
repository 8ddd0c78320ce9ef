package oauthconns

import (
	"strings"
	"testing"
	"time"

	"golang.org/x/oauth2"
)

func TestHowLongATokenIsUsed(t *testing.T) {
	now := time.UnixMilli(1_700_000_000_000)
	for life, want := range map[time.Duration]time.Duration{20 * time.Second: 15 * time.Second, time.Hour: time.Hour - marginMost, 90 * 24 * time.Hour: lifeMost,
		-time.Second: -750 * time.Millisecond} {
		if got := useFor(&oauth2.Token{Expiry: now.Add(life)}, now); got != want {
			t.Errorf("%s: %s, want %s", life, got, want)
		}
	}
	if got := useFor(&oauth2.Token{}, now); got != lifeUnsaid {
		t.Error(got)
	}
}

// FuzzWithout reads any words of another server: what comes out is short, printable and without what it was sent.
func FuzzWithout(f *testing.F) {
	by := credentials{secret: "the-secret", password: "the-password"}
	for _, s := range []string{"", "Unknown client", "the-secret", "the-the-secretsecret", "the-sec\xffret", "\x1b[31mred\x00", "\xff\xfe", strings.Repeat("é", 500)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got := by.without(text)
		if len(got) > saidMost+len("…") || strings.ContainsFunc(got, func(r rune) bool { return r < ' ' || r == 0x7f }) {
			t.Errorf("%q", got)
		}
		if strings.Contains(got, by.secret) || strings.Contains(got, by.password) {
			t.Errorf("%q holds a secret", got)
		}
	})
}
