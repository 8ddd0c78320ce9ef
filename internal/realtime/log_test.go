package realtime

import (
	"testing"

	"pgregory.net/rapid"
)

// The ring against a plain list of numbers.
func TestLogModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l, first, sent, next := newLog(), int64(1), int64(1), int64(1)
		t.Repeat(map[string]func(*rapid.T){
			"push": func(*rapid.T) {
				l.push(entry{f: &frame{body: make([]byte, next%7)}, extra: []byte{byte(next)}})
				next++
			},
			"take": func(t *rapid.T) {
				if l.pending() == 0 {
					return
				}
				e, n := l.take()
				if n != sent || e.extra[0] != byte(n) {
					t.Fatalf("took %d (%d), want %d", n, e.extra[0], sent)
				}
				sent++
			},
			"trim": func(t *rapid.T) {
				n := first + rapid.Int64Range(-2, 200).Draw(t, "n")
				l.trim(n)
				first = max(first, min(n, sent))
			},
			"rewind": func(t *rapid.T) {
				n := rapid.Int64Range(first-2, next+2).Draw(t, "n")
				if ok := l.rewind(n); ok != (n >= first && n <= next) {
					t.Fatalf("rewind(%d) of %d…%d: %v", n, first, next, ok)
				} else if ok {
					sent = n
				}
			},
			"": func(t *rapid.T) {
				bytes := 0
				for n := sent; n < next; n++ {
					bytes += int(n%7) + 1
				}
				if l.first != first || l.sent != sent || l.next != next || l.bytes != bytes {
					t.Fatalf("%d %d %d %d bytes, want %d %d %d %d", l.first, l.sent, l.next, l.bytes, first, sent, next, bytes)
				}
				if first == next && len(l.ring) > 4 && l.ring != nil {
					return // pushes free nothing; only trim does
				}
			},
		})
	})
}
