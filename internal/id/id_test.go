package id

import "testing"

func TestNew(t *testing.T) {
	seen := map[string]bool{}
	for range 1000 {
		s := New()
		if !Valid(s) || seen[s] {
			t.Fatalf("bad or repeated id %q", s)
		}
		seen[s] = true
	}
}

func TestValid(t *testing.T) {
	for s, want := range map[string]bool{
		"": false, "abc": false, "abcdefghijklmnopqrstuvwxyz": true, "ABCDEFGHIJKLMNOPQRSTUVWXYZ": true,
		"abcdefghijklmnopqrstuvwxy_": false, "abcdefghijklmnopqrstuvwxyzz": false, "abcdefghijklmnopqrstuvwx\u00e9": false,
	} {
		if Valid(s) != want {
			t.Errorf("Valid(%q) = %v", s, !want)
		}
	}
}

func TestNowNeverRunsBackwards(t *testing.T) {
	was := Now()
	for range 10000 {
		now := Now()
		if now < was {
			t.Fatal("the clock ran backwards")
		}
		was = now
	}
}
