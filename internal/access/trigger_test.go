package access

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"math/big"
	"strings"
	"testing"
	"time"

	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/id"
)

func newKey(t testing.TB) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func made(t testing.TB, key *ecdsa.PrivateKey, clientID, userID string, at time.Time) string {
	t.Helper()
	trigger, err := signTrigger(key, Trigger{ClientID: clientID, UserID: userID}, at.UnixMilli())
	if err != nil {
		t.Fatal(err)
	}
	return trigger
}

func TestTriggerIDs(t *testing.T) {
	key, now := newKey(t), time.UnixMilli(id.Now())
	client, user := id.New(), id.New()
	trigger := made(t, key, client, user, now)
	for _, age := range []time.Duration{0, TriggerLifetime, -triggerAhead} {
		if got, err := readTrigger(&key.PublicKey, trigger, now.Add(age)); err != nil || got != (Trigger{ClientID: client, UserID: user}) {
			t.Errorf("after %s: %+v %v", age, got, err)
		}
	}
	signing, err := signTrigger(key, Trigger{client, user, true}, now.UnixMilli())
	if got, also := readTrigger(&key.PublicKey, signing, now); err != nil || also != nil || got != (Trigger{client, user, true}) {
		t.Errorf("%+v %v %v", got, err, also)
	}
	raw, err := base64.StdEncoding.DecodeString(trigger)
	if err != nil {
		t.Fatal(err)
	}
	parts := strings.Split(string(raw), ":")
	pack := func(parts ...string) string {
		return base64.StdEncoding.EncodeToString([]byte(strings.Join(parts, ":")))
	}
	const of = "interactive_message.decode_trigger_id."
	for name, c := range map[string]struct {
		trigger string
		at      time.Time
		want    string
	}{
		"too late":           {trigger, now.Add(TriggerLifetime + time.Millisecond), "expired"},
		"from the future":    {trigger, now.Add(-triggerAhead - time.Millisecond), "expired"},
		"another user":       {pack(parts[0], id.New(), parts[2], parts[3]), now, "verify_signature_failed"},
		"another time":       {pack(parts[0], parts[1], "9999999999999", parts[3]), now, "verify_signature_failed"},
		"another client id":  {pack(id.New(), parts[1], parts[2], parts[3]), now, "verify_signature_failed"},
		"another's key":      {made(t, newKey(t), client, user, now), now, "verify_signature_failed"},
		"no signature":       {pack(parts[0], parts[1], parts[2], ""), now, "verify_signature_failed"},
		"signature no text":  {pack(parts[0], parts[1], parts[2], "*"), now, "base64_decode_failed_signature"},
		"three parts":        {pack(parts[:3]...), now, "missing_data"},
		"five parts":         {pack(append(parts, "x")...), now, "missing_data"},
		"nothing":            {"", now, "missing_data"},
		"no ids":             {pack("a", "b", parts[2], parts[3]), now, "missing_data"},
		"not base64":         {"%%%", now, "base64_decode_failed"},
		"longer than it may": {strings.Repeat("A", triggerMost+4), now, "missing_data"},
	} {
		if _, err := readTrigger(&key.PublicKey, c.trigger, c.at); !fault.Is(err, of+c.want) {
			t.Errorf("%s: %v, want %s", name, err, c.want)
		}
	}
}

func TestTheStoredKey(t *testing.T) {
	key := newKey(t)
	raw, err := key.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	stored, _ := json.Marshal(map[string]any{"ecdsa_key": map[string]any{"curve": "P-256", "d": new(big.Int).SetBytes(raw)}})
	got, err := signingKey(string(stored))
	if err != nil || !got.Equal(key) {
		t.Errorf("%x: %v", raw, err)
	}
	for _, bad := range []string{"", "{}", `{"ecdsa_key":{"d":0}}`, `{"ecdsa_key":{"d":-5}}`, `{"ecdsa_key":{"d":1` + strings.Repeat("0", 90) + `}}`} {
		if _, err := signingKey(bad); err == nil {
			t.Errorf("%q is a key", bad)
		}
	}
}

// FuzzTriggerID reads any text: only what the key signed is one.
func FuzzTriggerID(f *testing.F) {
	key, now := newKey(f), time.UnixMilli(id.Now())
	client, user := id.New(), id.New()
	good := made(f, key, client, user, now)
	for _, seed := range []string{good, "", "Og==", "Ojo6", good[:40], strings.ToLower(good)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, err := readTrigger(&key.PublicKey, text, now)
		if err == nil && got != (Trigger{ClientID: client, UserID: user}) {
			t.Errorf("%q is read as %+v", text, got)
		}
	})
}
