package ircgate

import (
	"testing"
	"time"
)

// Bound changes the limits of gateways that are made until the test ends.
func Bound(t testing.TB, register, ping time.Duration, queue int, linesPerSec float64, linesBurst int) {
	t.Helper()
	was := defaultLimits
	t.Cleanup(func() { defaultLimits = was })
	defaultLimits.register, defaultLimits.ping, defaultLimits.queue = register, ping, queue
	defaultLimits.linesPerSec, defaultLimits.linesBurst = linesPerSec, linesBurst
}

// Poll changes how often statuses are asked for.
func Poll(t testing.TB, every time.Duration) {
	t.Helper()
	was := defaultLimits
	t.Cleanup(func() { defaultLimits = was })
	defaultLimits.poll = every
}
