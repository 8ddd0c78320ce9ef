package deliveries

import (
	"net/http"
	"testing"
	"time"
)

func TestSignatures(t *testing.T) {
	now := time.Unix(1_700_000_000, 0)
	c := Call{ID: "d", Body: []byte("x"), Secret: "s"}
	signed := func() http.Header {
		h := http.Header{}
		h.Set(HeaderDelivery, c.ID)
		sign(h, c, now)
		return h
	}
	verify := func(h http.Header, body, secret string, at time.Time) error {
		return Verify(h, []byte(body), secret, at, time.Minute)
	}
	if err := verify(signed(), "x", "s", now.Add(59*time.Second)); err != nil {
		t.Error(err)
	}
	renamed, restamped := signed(), signed()
	renamed.Set(HeaderDelivery, "e")
	restamped.Set(HeaderTimestamp, "1700000001")
	for name, err := range map[string]error{
		"another body": verify(signed(), "y", "s", now), "another secret": verify(signed(), "x", "t", now), "old": verify(signed(), "x", "s", now.Add(61*time.Second)),
		"from the future": verify(signed(), "x", "s", now.Add(-61*time.Second)), "another delivery": verify(renamed, "x", "s", now),
		"another time": verify(restamped, "x", "s", now), "none": verify(http.Header{}, "x", "s", now),
	} {
		if err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
	plain := http.Header{}
	if sign(plain, Call{ID: "d"}, now); len(plain) != 0 {
		t.Error("signed without a secret")
	}
}
