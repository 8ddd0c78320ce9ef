package deliveries

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"
	"strconv"
	"time"
)

// The headers that calls carry. A receiver that has seen a delivery's id before
// leaves the call aside: one that wasn't acknowledged comes again.
const (
	HeaderDelivery  = "X-Parley-Delivery"
	HeaderTimestamp = "X-Parley-Timestamp" // Unix seconds
	HeaderSignature = "X-Parley-Signature" // v1=HMAC-SHA256(secret, timestamp.delivery.body) in hex
)

// ErrSignature is the error of Verify.
var ErrSignature = errors.New("deliveries: the signature is missing, wrong or too old")

func sign(h http.Header, c Call, at time.Time) {
	if c.Secret == "" {
		return
	}
	stamp := strconv.FormatInt(at.Unix(), 10)
	h.Set(HeaderTimestamp, stamp)
	h.Set(HeaderSignature, "v1="+signature(c.Secret, stamp, c.ID, c.Body))
}

func signature(secret, stamp, deliveryID string, body []byte) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(stamp + "." + deliveryID + "."))
	mac.Write(body)
	return hex.EncodeToString(mac.Sum(nil))
}

// Verify is what a receiver does: it fails with ErrSignature unless the headers
// of a call show that somebody who knows the secret sent the body, at most
// tolerance ago.
func Verify(h http.Header, body []byte, secret string, now time.Time, tolerance time.Duration) error {
	stamp := h.Get(HeaderTimestamp)
	at, err := strconv.ParseInt(stamp, 10, 64)
	if err != nil || now.Sub(time.Unix(at, 0)).Abs() > tolerance {
		return ErrSignature
	}
	want := "v1=" + signature(secret, stamp, h.Get(HeaderDelivery), body)
	if !hmac.Equal([]byte(want), []byte(h.Get(HeaderSignature))) {
		return ErrSignature
	}
	return nil
}
