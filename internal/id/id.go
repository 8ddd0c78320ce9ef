// Package id makes and checks the identifiers and times that rows and frames
// carry: 26 characters of a base-32 alphabet for 130 random bits, and Unix time
// in milliseconds. Both are facts of the public interface (an id in a path must
// be 26 letters or digits) and of the database (varchar(26), bigint).
//
// Nothing here keeps state but the clock, which never runs backwards within a
// process, so that two posts made one after the other never carry times in the
// wrong order.
package id

import (
	"crypto/rand"
	"encoding/base32"
	"sync/atomic"
	"time"
)

// Length of an id in characters.
const Length = 26

// The alphabet is z-base-32: lower case and without look-alikes.
var encoding = base32.NewEncoding("ybndrfg8ejkmcpqxot1uwisza345h769").WithPadding(base32.NoPadding)

// New returns a new random id of 26 characters.
func New() string { return Token(Length) }

// Of returns the id that a digest stands for: the same one each time. digest
// has at least 17 bytes.
func Of(digest []byte) string { return encoding.EncodeToString(digest)[:Length] }

// Token returns n random characters of the id alphabet, 5 bits each: for
// secrets that travel in links and headers.
func Token(n int) string {
	raw := make([]byte, (n*5+7)/8)
	_, _ = rand.Read(raw) // crypto/rand.Read never fails
	return encoding.EncodeToString(raw)[:n]
}

// Valid reports whether s has the form of an id: 26 letters or digits.
func Valid(s string) bool {
	if len(s) != Length {
		return false
	}
	for i := range len(s) {
		c := s[i]
		if (c < '0' || c > '9') && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') {
			return false
		}
	}
	return true
}

var last atomic.Int64

// Now returns the Unix time in milliseconds; it never runs backwards.
func Now() int64 {
	now := time.Now().UnixMilli()
	for {
		seen := last.Load()
		if now <= seen {
			return seen
		}
		if last.CompareAndSwap(seen, now) {
			return now
		}
	}
}
