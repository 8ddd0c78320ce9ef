package deliveries

import (
	"testing"
	"time"
)

func TestBreaker(t *testing.T) {
	b, now := newBreakers(), time.Unix(0, 0)
	fail := func(n int) {
		for range n {
			b.note("k", false, now)
		}
	}
	fail(failuresMost - 1)
	if !b.allow("k", now) || !b.rests("k", now).IsZero() {
		t.Error("it rests too early")
	}
	fail(1)
	if b.allow("k", now) || b.rests("k", now) != now.Add(restFirst) || !b.allow("other", now) {
		t.Error("it doesn't rest")
	}
	now = now.Add(restFirst)
	if !b.allow("k", now) || b.allow("k", now) {
		t.Error("one call tries it")
	}
	fail(1)
	if got := b.rests("k", now).Sub(now); got != 2*restFirst {
		t.Errorf("then it rests for %v", got)
	}
	for range 20 {
		now = now.Add(restMost)
		b.allow("k", now)
		fail(1)
	}
	if got := b.rests("k", now).Sub(now); got != restMost {
		t.Errorf("at most for %v", got)
	}
	now = now.Add(restMost)
	b.allow("k", now)
	b.note("k", true, now)
	if first, second := b.allow("k", now), b.allow("k", now); !first || !second {
		t.Error("a success ends it")
	}
}
